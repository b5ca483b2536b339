"""Facts that nobody saw: « between Friday evening and Monday morning »."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pupitre.moteur import brutes
from pupitre.moteur.entrepot import Entrepot
from pupitre.moteur.selection import Selection
from pupitre.moteur.sources import Role, lire, proposer_description
from pupitre.moteur.statistiques.aoristique import aoristique
from tests.moteur.sources.fichiers import lignes

ENTETE = "Date;Heure;Date de fin;Heure de fin;Nature;Quartier\n"


def deposer(tmp_path: Path, *corps: str, entete: str = ENTETE) -> Path:
    fichier = tmp_path / "main courante.csv"
    fichier.write_text(entete + "\n".join(corps) + "\n", encoding="utf-8")
    return fichier


def test_les_deux_colonnes_de_fin_sont_reconnues(tmp_path):
    d = proposer_description(
        deposer(tmp_path, "13/03/2026;18h;16/03/2026;7h;Tapage nocturne;Gare", "14/03/2026;;;;Rodéo;Lac")
    )
    assert d.roles["Date"] is Role.DATE
    assert d.roles["Date de fin"] is Role.DATE_FIN
    assert d.roles["Heure de fin"] is Role.HEURE_FIN


@pytest.mark.parametrize(
    ("moment", "duree"),
    [
        ("13/03/2026;18h;16/03/2026;7h", 61),
        ("13/03/2026;18h;13/03/2026;18h", None),  # one moment
        ("13/03/2026;;;", None),
        ("13/03/2026;;13/03/2026;", None),  # the whole day, which its absence of hour already says
        ("13/03/2026;;14/03/2026;", 48),
        ("13/03/2026;18h;13/03/2026;", 6),
        ("13/03/2026;18h;13/03/2026;22h30", 4),
        ("13/03/2026;18h;12/03/2026;7h", None),  # ends before it begins: said
        ("13/03/2026;18h;12/06/2028;7h", None),  # two years: said
    ],
)
def test_la_duree_possible(tmp_path, moment, duree):
    r = lire(
        deposer(tmp_path, f"{moment};Tapage nocturne;Gare", "20/03/2026;1h;20/03/2026;3h;Tapage nocturne;Lac")
    )
    assert lignes(r, "duree_h") == [(duree,), (2,)]
    dites = [a.code for a in r.anomalies if a.code == "fin_impossible"]
    assert len(dites) == (1 if "12/03/2026" in moment or "2028" in moment else 0)


def test_une_heure_de_fin_seule_est_la_premiere_qui_suit(tmp_path):
    r = lire(
        deposer(
            tmp_path,
            "13/03/2026;22h;2h;Tapage nocturne",
            "13/03/2026;9h;11h;Tapage nocturne",
            "13/03/2026;;11h;Tapage nocturne",
            entete="Date;Heure;Heure de fin;Nature\n",
        )
    )
    assert lignes(r, "heure", "duree_h") == [(22, 4), (9, 2), (None, None)]


def test_le_poids_d_un_fait_se_partage_entre_ses_heures(tmp_path):
    r = lire(deposer(tmp_path, "13/03/2026;18h;16/03/2026;7h;Tapage nocturne;Gare"))
    ((debut, heure, duree),) = lignes(r, "debut", "heure", "duree_h")
    depart = datetime(debut.year, debut.month, debut.day, heure)
    poids = aoristique([(depart, depart + timedelta(hours=duree))]).poids
    assert poids.sum() == pytest.approx(1)
    assert poids[4, 17] == poids[0, 7] == 0
    assert poids[4, 18] == poids[5, 12] == poids[0, 6] == pytest.approx(1 / 61)


def test_un_fichier_scelle_avant_cette_colonne_se_lit_encore(tmp_path):
    """Sealed by an earlier version: compacted with today's, the missing column reads as unknown."""
    releve = lire(deposer(tmp_path, "13/03/2026;18h;16/03/2026;7h;Tapage nocturne;Gare"))
    entrepot = Entrepot(tmp_path / "entrepot")
    ancien, recent = (entrepot.sceller(releve.observations, "lac", "pm", n) for n in ("l1", "l2"))
    chemin = entrepot.racine / ancien.chemin
    sans = pq.read_table(chemin).drop_columns(["duree_h"])
    chemin.chmod(0o644)
    pq.write_table(sans, chemin)
    manifeste = entrepot.compacter("lac", [ancien, recent])
    choix = Selection(
        source="pm", debut=releve.observations["debut"][0].as_py(), fin=releve.observations["fin"][0].as_py()
    )
    lus = brutes.evenements(entrepot, manifeste, choix)
    assert sorted(lus["duree_h"].to_pylist(), key=str) == [61, None]
    # An older yearly file alone, not yet compacted again.
    chemin = entrepot.racine / manifeste.annees[0][1].chemin
    chemin.chmod(0o644)
    pq.write_table(pq.read_table(chemin).drop_columns(["duree_h"]), chemin)
    assert brutes.evenements(Entrepot(entrepot.racine), manifeste, choix)["duree_h"].to_pylist() == [
        None,
        None,
    ]
