"""Two worlds that differ by withheld counts only must look the same, letter for letter.

Equations cannot say everything that a page betrays: the order of rows, the shade of a map, the height of a bar, a
word in a sentence, a digit in a drawing. Here one fact is moved from a secteur to another, in the same month and
commune, among cells that are withheld before and after. Everything that a mayor and a partner obtain, documents
included, must be identical; if it is not, what differs is what leaks.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from django.db import transaction
from outils.attaque import essai, parcours
from outils.attaque.savoir import Savoir

from pupitre.moteur import calcul
from pupitre.moteur.motif import OUVERTE
from pupitre.socle import horloge
from tests.attaque import fabrique
from tests.attaque.test_tables_au_hasard import clairsemee

# Rows of figures come from DuckDB, whatever the database.
pytestmark = pytest.mark.une_fois
# What says nothing of the figures: fingerprints of files, identifiers, one-time tokens.
_SIGNES = (
    (re.compile(rb"[0-9a-f]{64}"), b"<empreinte>"),
    (re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), b"<livraison>"),
    (re.compile(rb'(csrfmiddlewaretoken" value|X-CSRFToken)("?[=:] ?")[^"]+'), rb"\1\2<jeton>"),
)
_SUITE = re.compile(rb'<input type="hidden" name="suite"[^>]*>')
# Answers by reader: enough to see that something changed.
QUELQUES = 12
# Créteil: 3 and 8 facts a half-year are withheld (the small one and its companion), 40 is read; years are read.
UN = clairsemee(3, 8, 40, 30, 50)


def deplacer(table: fabrique.Table, de: int, vers: int) -> fabrique.Table:
    """One fact goes from a place to another in the first half-year, and one comes back in the second."""
    autre = deepcopy(table)
    for mois, sens in ((0, 1), (6, -1)):
        autre[de][0][mois] -= sens
        autre[vers][0][mois] += sens
    return autre


class _Defaire(Exception):
    pass


@dataclass(frozen=True)
class Vu:
    """`vues`: address → what it shows. `rapport`: the same as equations, each by the first address that says it:
    what the short attack opens (`fabrique.neuve`) was read first."""

    vues: dict[str, bytes]
    rapport: essai.Rapport


_MONDES = count()
_ENTIERS: dict[str, Vu] = {}


@pytest.fixture
def regarder(conseil, maire, tmp_path):
    """What the mayor, another partner, and the owner's software obtain in a world of that table."""

    def voir(table: fabrique.Table, pages: int = 2000) -> Vu:
        # The visible state is kept in memory by its instant: no two worlds of this process have the same.
        instant = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Europe/Paris")) + timedelta(
            seconds=next(_MONDES)
        )
        try:
            with horloge.figee(instant), transaction.atomic():
                source = fabrique.source(conseil)
                fabrique.livrer(source, table, tmp_path)
                autre = fabrique.remettre(source)
                savoir = Savoir.apprendre(conseil)
                lecteurs = {"maire": maire, "autre": autre, "logiciel": fabrique.proprietaire(source)}
                butin = list(
                    essai.recueillir(
                        conseil,
                        lecteurs,
                        savoir,
                        fabrique.bornes("halls", entier=True, pages=pages),
                        ["halls"],
                        fabrique.departs(conseil, "halls"),
                        ("maire", "autre"),
                        fabrique.quelques_etendues,
                    )
                )
                neuves_d_abord = sorted(butin, key=lambda p: not fabrique.neuve(p[1].adresse))
                vu = Vu(
                    {f"{nom} {_sans_cle(p.adresse)}": _nu(p) for nom, p in butin},
                    essai.conclure(conseil, savoir, neuves_d_abord, ["halls"] if pages > QUELQUES else ()),
                )
                raise _Defaire
        except _Defaire:
            return vu

    return voir


@pytest.fixture
def entier(regarder):
    """Everything that is obtained in the world of that table, looked at once a process."""

    def voir(table: fabrique.Table) -> Vu:
        cle = repr(table)
        if cle not in _ENTIERS:
            _ENTIERS[cle] = regarder(table)
        return _ENTIERS[cle]

    return voir


def _sans_cle(adresse: str) -> str:
    """Keys of the database go on from a world to the next."""
    return re.sub(r"/demandes/\d+/", "/demandes/N/", adresse)


def _nu(prise: parcours.Prise) -> bytes:
    """The content without its signs; a workbook as its cells, a PDF as its drawing instructions."""
    contenu = prise.contenu
    if prise.type == "xlsx":
        import openpyxl

        classeur = openpyxl.load_workbook(io.BytesIO(contenu), read_only=True)
        contenu = "\n".join(
            repr([ws.title, *ws.iter_rows(values_only=True)]) for ws in classeur.worksheets
        ).encode()
    elif prise.type == "pdf":
        with pikepdf.open(io.BytesIO(contenu)) as pdf:
            contenu = b"\n".join(p.Contents.read_bytes() for p in pdf.pages)
    for motif, signe in _SIGNES:
        contenu = motif.sub(signe, contenu)
    return re.sub(rb"/demandes/\d+/", b"/demandes/N/", contenu)


def _differences(un: Vu, deux: Vu) -> list[str]:
    """Addresses that do not show the same; of two looks, the shorter says which are compared."""
    un_, deux_ = un.vues, deux.vues
    adresses = min(un_.keys(), deux_.keys(), key=len) if len(un_) != len(deux_) else un_.keys() | deux_.keys()
    return sorted(a for a in adresses if un_.get(a) != deux_.get(a))


def test_deplacer_un_fait_retenu_ne_change_rien_a_ce_qui_est_montre(entier):
    un, deux = entier(UN), entier(deplacer(UN, de=1, vers=0))
    assert {".csv", ".xlsx", ".pdf"} <= {a[a.rindex(".") :].partition("?")[0] for a in un.vues if "." in a}
    assert un.vues.keys() == deux.vues.keys()
    assert len(un.vues) > 60
    assert sum("/api/v1/chiffres" in a for a in un.vues) >= 24
    assert _differences(un, deux) == []


def test_une_petite_case_est_gardee_par_ses_compagnes(entier):
    """The same look, as equations: what pages, exports, documents and the API give together."""
    rapport = entier(UN).rapport
    assert rapport.cibles > 0
    assert not rapport.retrouvees
    assert not rapport.contradictions
    assert all(b.entieres == b.cibles for b in rapport.bilans.values())
    assert min(rapport.lecture.lus[s] for s in ("page", "csv", "xlsx", "dessin", "chiffre", "api")) > 0


def test_ce_qui_n_est_pas_ouvert_n_apprend_rien(entier):
    """On tables drawn at random, the attack opens the pages that say something of secteurs, not what repeats them."""
    constats = entier(UN).rapport.lecture.constats
    ou = [adresse.partition(" ")[2] for c, adresse in constats.items() if c.secteurs]
    assert len(ou) > 40
    assert [adresse for adresse in ou if not fabrique.neuve(adresse)] == []


def test_deplacer_un_fait_publie_se_voit(entier, regarder):
    """Otherwise the comparison would compare nothing: the first answers are enough to see it."""
    differences = _differences(entier(UN), regarder(deplacer(UN, de=4, vers=3), pages=QUELQUES))
    assert len(differences) > 5
    assert any("/api/v1/chiffres" in a for a in differences)


def test_sans_secret_les_deux_mondes_se_distinguent(regarder, monkeypatch, regles_changees):
    """The mutation: with the control off, the same move shows, on pages and by the API."""
    monkeypatch.setattr(calcul, "referer", lambda *_, **__: OUVERTE)
    un = regarder(UN, pages=QUELQUES)
    differences = _differences(un, regarder(deplacer(UN, de=1, vers=0), pages=QUELQUES))
    assert any("/tableau-de-bord/" in a for a in differences)
    assert any("/api/v1/chiffres" in a for a in differences)


def test_ce_qui_demande_le_meme_tableau(conseil, maire, tmp_path):
    """What the attack opens once only is the same page, but for its own address that it says back."""
    fabrique.livrer(fabrique.source(conseil), UN, tmp_path)
    pages = defaultdict(set)
    ouvertes = 0
    bornes = fabrique.bornes("halls", pages=80, tout=True, entier=True)
    for prise in parcours.parcourir(
        parcours.client(maire),
        fabrique.departs(conseil, "halls")[:1],
        replace(bornes, suivre=lambda adresse: ".xlsx" not in adresse and bornes.suivre(adresse)),
    ):
        ouvertes += 1
        pages[fabrique.demandee(prise.adresse)].add(_SUITE.sub(b"", _nu(prise)))
    assert ouvertes - len(pages) > 20
    assert [demande for demande, vues in pages.items() if len(vues) > 1] == []
