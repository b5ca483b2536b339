"""What is pointed out in a formation, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pupitre.conseils.formations.themes import THEMES
from pupitre.conseils.formations.verdicts import FaitsFormation, Gravite, constats
from pupitre.conseils.models import Formation

N, R = Formation.Nature, Formation.Regime
JOUR = date(2026, 11, 23)
GROUPE = FaitsFormation(
    nature=N.THEMATIQUE,
    regime=R.SANS_NOMINATIF,
    theme="bailleurs",
    rythme_mois=2,
    depuis=date(2024, 1, 1),
    effectif=6,
    natures=frozenset({"bailleur", "police"}),
    pilote=True,
    coordination=True,
    objectifs=True,
    feuille_de_route=True,
    derniere=date(2026, 10, 1),
)
RESTREINTE = replace(
    GROUPE, nature=N.RESTREINTE, theme="", natures=frozenset({"gendarmerie", "justice", "etat"}), pilote=False
)
PLENIERE = replace(GROUPE, nature=N.PLENIERE, theme="", effectif=40, pilote=False, derniere=date(2026, 1, 15))
SOUS_CHARTE = replace(GROUPE, regime=R.SOUS_CHARTE, charte=True)


def _cles(faits):
    return [c.cle for c in constats(faits, JOUR)]


@pytest.mark.parametrize("faits", [GROUPE, RESTREINTE, PLENIERE, SOUS_CHARTE])
def test_rien_a_signaler(faits):
    assert _cles(faits) == []


@pytest.mark.parametrize(
    ("base", "change", "attendu"),
    [
        (GROUPE, {"effectif": 0, "natures": frozenset()}, ["vide"]),
        (GROUPE, {"effectif": 3}, ["trop_peu"]),
        (GROUPE, {"effectif": 4}, []),
        (GROUPE, {"effectif": 15}, []),
        (GROUPE, {"effectif": 16}, ["trop"]),
        (PLENIERE, {"effectif": 61}, ["trop"]),
        (GROUPE, {"natures": frozenset({"bailleur"})}, ["oublie"]),
        (GROUPE, {"natures": frozenset({"bailleur", "gendarmerie"})}, []),
        (RESTREINTE, {"natures": frozenset({"police", "parquet", "sous_prefecture"})}, []),
        (RESTREINTE, {"natures": frozenset({"police", "pjj", "prefecture"})}, ["oublie"]),
        (RESTREINTE, {"coordination": False}, ["coordination"]),
        (GROUPE, {"coordination": False}, []),
        (GROUPE, {"pilote": False}, ["pilote"]),
        (GROUPE, {"objectifs": False, "feuille_de_route": False}, ["objectifs", "feuille_de_route"]),
        (GROUPE, {"derniere": date(2026, 9, 1)}, []),
        (GROUPE, {"derniere": date(2026, 8, 23)}, ["sommeil"]),
        (GROUPE, {"derniere": date(2026, 8, 23), "prochaine": date(2026, 12, 1)}, []),
        (GROUPE, {"derniere": None}, ["sommeil"]),
        (GROUPE, {"derniere": None, "depuis": date(2026, 11, 1)}, []),
        (PLENIERE, {"derniere": date(2025, 11, 23)}, ["loi_annuelle"]),
        (PLENIERE, {"derniere": date(2025, 11, 24)}, []),
        (PLENIERE, {"derniere": None}, ["loi_annuelle"]),
        (SOUS_CHARTE, {"charte": False}, ["sans_charte"]),
        (SOUS_CHARTE, {"sans_signature": 1}, ["signatures"]),
        (GROUPE, {"sans_signature": 1}, []),
        (SOUS_CHARTE, {"charte_expire": date(2027, 2, 21)}, ["charte_expire"]),
        (SOUS_CHARTE, {"charte_expire": date(2027, 2, 22)}, []),
    ],
)
def test_constats(base, change, attendu):
    assert _cles(replace(base, **change)) == attendu


def test_un_oublie_est_nomme_comme_on_en_parle():
    (constat,) = constats(replace(RESTREINTE, natures=frozenset({"police", "association"})), JOUR)
    assert constat.phrase == "Partenaire essentiel absent\u202f: la justice et l’État."


def test_le_plus_grave_vient_d_abord_et_chacun_dit_pourquoi():
    trouves = constats(replace(GROUPE, effectif=3, pilote=False), JOUR)
    assert [c.gravite for c in trouves] == [Gravite.ALERTE, Gravite.VEILLE]
    assert all(c.raison and c.geste for c in trouves)


def test_la_reunion_annuelle_cite_son_texte_et_dit_qu_il_reste_a_controler():
    (constat,) = constats(replace(PLENIERE, derniere=None), JOUR)
    assert "D132-8" in constat.raison
    assert "à contrôler" in constat.raison


def test_une_charte_echue_est_une_alerte():
    (constat,) = constats(replace(SOUS_CHARTE, charte_expire=date(2026, 11, 22)), JOUR)
    assert constat.gravite is Gravite.ALERTE


def test_les_themes_sont_ceux_du_rapport():
    assert len(THEMES) == 19
    assert sum(t.groupes for t in THEMES.values()) == 561
