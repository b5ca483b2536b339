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
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from django.db import transaction
from outils.attaque import parcours

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
QUELQUES = 40
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


_MONDES = count()


@pytest.fixture
def regarder(conseil, maire, tmp_path):
    """What the mayor and another partner obtain in a world of that table: address → what it shows."""

    def voir(table: fabrique.Table, **bornes) -> dict[str, bytes]:
        vues: dict[str, bytes] = {}
        # The visible state is kept in memory by its instant: no two worlds of this process have the same.
        instant = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Europe/Paris")) + timedelta(
            seconds=next(_MONDES)
        )
        try:
            with horloge.figee(instant), transaction.atomic():
                source = fabrique.source(conseil)
                fabrique.livrer(source, table, tmp_path)
                lecteurs = (maire, fabrique.remettre(source))
                for rang, lecteur in enumerate(lecteurs):
                    butin = parcours.parcourir(
                        parcours.client(lecteur),
                        [
                            f"/conseils/{conseil.slug}/tableau-de-bord/?source=halls",
                            f"/conseils/{conseil.slug}/demandes/",
                        ],
                        fabrique.bornes("halls", xlsx=True, **bornes),
                    )
                    vues |= {f"{rang} {_sans_cle(p.adresse)}": _nu(p) for p in butin}
                raise _Defaire
        except _Defaire:
            return vues

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


def _differences(un: dict[str, bytes], deux: dict[str, bytes]) -> list[str]:
    return sorted(a for a in un.keys() | deux.keys() if un.get(a) != deux.get(a))


def test_deplacer_un_fait_retenu_ne_change_rien_a_ce_qui_est_montre(regarder):
    un = regarder(UN)
    deux = regarder(deplacer(UN, de=1, vers=0))
    assert {".csv", ".xlsx", ".pdf"} <= {a[a.rindex(".") :].partition("?")[0] for a in un if "." in a}
    assert len(un) > 60
    assert _differences(un, deux) == []


def test_deplacer_un_fait_publie_se_voit(regarder):
    """Otherwise the comparison would compare nothing: the first answers are enough to see it."""
    un = regarder(UN, pages=QUELQUES)
    deux = regarder(deplacer(UN, de=4, vers=3), pages=QUELQUES)
    assert len(_differences(un, deux)) > 5


def test_sans_secret_les_deux_mondes_se_distinguent(regarder, monkeypatch, regles_changees):
    """The mutation: with the control off, the same move shows."""
    monkeypatch.setattr(calcul, "referer", lambda *_, **__: OUVERTE)
    un = regarder(UN, pages=QUELQUES)
    assert _differences(un, regarder(deplacer(UN, de=1, vers=0), pages=QUELQUES))


def test_ce_qui_demande_le_meme_tableau(conseil, maire, tmp_path):
    """What the attack opens once only is the same page, but for its own address that it says back."""
    fabrique.livrer(fabrique.source(conseil), UN, tmp_path)
    pages = defaultdict(set)
    ouvertes = 0
    for prise in parcours.parcourir(
        parcours.client(maire),
        [f"/conseils/{conseil.slug}/tableau-de-bord/?source=halls"],
        fabrique.bornes("halls", pages=80, tout=True),
    ):
        ouvertes += 1
        pages[fabrique.demandee(prise.adresse)].add(_SUITE.sub(b"", _nu(prise)))
    assert ouvertes - len(pages) > 20
    assert [demande for demande, vues in pages.items() if len(vues) > 1] == []
