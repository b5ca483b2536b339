"""One compiler per process: emptied after each document, and always given back."""

from datetime import date
from threading import Thread

import pytest
import typst

from pupitre.documents import compilation
from pupitre.documents.bulletin.composition import composer
from pupitre.documents.bulletin.rendu import GABARIT
from tests.documents.exemples import vide

JOUR = date(2026, 11, 2)


FAITS = composer(vide())


def rendu_a_temps() -> bool:
    """The compiler is free within ten seconds."""
    libre = compilation._VERROU.acquire(timeout=10)
    if libre:
        compilation._VERROU.release()
    return libre


class Compteur:
    def __init__(self, compilateur: typst.Compiler) -> None:
        self.compilateur = compilateur
        self.vides = 0

    def compile(self, **gestes):
        self.vides += gestes["input"] == b" "
        return self.compilateur.compile(**gestes)


@pytest.fixture
def compteur(monkeypatch):
    assert rendu_a_temps()
    compteur = Compteur(compilation._compilateur())
    monkeypatch.setattr(compilation, "_compilateur", lambda: compteur)
    yield compteur
    assert rendu_a_temps()


def test_the_compiler_is_emptied_after_a_document_and_once_for_a_whole_lot(compteur):
    un = compilation.en_pdf(GABARIT, FAITS, JOUR)
    assert rendu_a_temps()
    assert compteur.vides == 11
    assert compilation.en_pdfs(GABARIT, [FAITS] * 3, JOUR) == [un] * 3
    assert rendu_a_temps()
    assert compteur.vides == 22


def test_a_document_that_fails_gives_the_compiler_back(compteur):
    with pytest.raises((typst.TypstError, RuntimeError)):
        compilation.en_pdf(compilation.RACINE / "absent.typ", FAITS, JOUR)
    assert rendu_a_temps()
    assert compteur.vides == 11


def test_without_a_thread_to_spare_the_compiler_is_emptied_at_once(compteur, monkeypatch):
    def refuser(fil: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuser)
    compilation.en_pdf(GABARIT, FAITS, JOUR)
    assert compteur.vides == 11
    assert not compilation._VERROU.locked()


def test_documents_asked_at_the_same_time_are_those_that_were_asked(compteur):
    attendu = compilation.en_pdf(GABARIT, FAITS, JOUR)
    faits: list[bytes] = []
    fils = [Thread(target=lambda: faits.append(compilation.en_pdf(GABARIT, FAITS, JOUR))) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(20)
    assert faits == [attendu] * 4
