"""Notes on a series, seasons, funnels, and drawings that leave on their own."""

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from pupitre.documents import graphiques
from pupitre.documents.bulletin.composition import composer_serie
from pupitre.documents.formes import (
    MoisDeSaison,
    Nuage,
    Pas,
    Point,
    PointDeNuage,
    Repere,
    Saison,
    Sens,
    Serie,
)
from pupitre.documents.graphiques import autonome
from pupitre.documents.graphiques.resumes import marques
from pupitre.moteur.resultats import Rupture
from tests.documents.exemples import NON_LIVRE, mois
from tests.documents.test_graphiques import HOSTILE, points, verifier

CHANTIER = Repere(date(2026, 3, 14), "fin du chantier de la gare.")


def serie(*reperes, **options):
    return Serie("Vols", "fait", points(*range(5, 17)), reperes=reperes, **options)


def test_un_repere_tombe_sur_le_point_qui_contient_son_jour():
    (marque,) = marques(serie(CHANTIER))
    assert mois(12)[marque.rang] == date(2026, 3, 1)
    assert marque.lettre == "A"


def test_les_reperes_d_un_meme_mois_partagent_leur_lettre():
    autres = Repere(date(2026, 3, 2), "poste ouvert"), Repere(date(2026, 5, 1), "éclairage")
    assert [(m.lettre, m.texte) for m in marques(serie(CHANTIER, *autres))] == [
        ("A", "poste ouvert\u202f; fin du chantier de la gare"),
        ("B", "éclairage"),
    ]


@pytest.mark.parametrize(
    ("jour", "vu"), [(mois(12)[0], True), (mois(12)[-1].replace(day=28), True), (date(2030, 1, 1), False)]
)
def test_un_repere_hors_de_la_serie_n_y_est_pas(jour, vu):
    assert bool(marques(serie(Repere(jour, "x")))) is vu


def test_le_repere_d_une_annee_couvre_toute_l_annee():
    annuelle = Serie(
        "Vols", "fait", (Point(date(2024, 1, 1), 3), Point(date(2025, 1, 1), 4)), Pas.ANNEE,
        reperes=(Repere(date(2025, 12, 31), "y"), Repere(date(2026, 1, 1), "z")),
    )  # fmt: skip
    assert [(m.rang, m.texte) for m in marques(annuelle)] == [(1, "y")]


def test_le_repere_se_voit_se_lit_et_s_imprime():
    s = serie(CHANTIER, ruptures=(Rupture(date(2026, 5, 1), "nouvelle saisie"),))
    dessin = graphiques.serie(s)
    verifier(dessin.svg)
    assert ">A</text>" in dessin.svg
    assert "Repère A, mars 2026\u202f: fin du chantier de la gare." in dessin.resume
    assert "A.\u00a0Mars 2026\u202f: fin du chantier de la gare." in graphiques.notes(s)
    [repere] = composer_serie(s)["reperes"]
    assert (repere["l"], repere["quand"]) == ("A", "Mars 2026")
    verifier(graphiques.serie(serie(replace(CHANTIER, texte=HOSTILE))).svg)


def saison(derniere=(7,) * 9 + (None,) * 3, sens=Sens.ORDINAIRE):
    mois_ = tuple(
        MoisDeSaison(m, 80.0 + 4 * m, 4, 12, sens if m == 3 else Sens.ORDINAIRE) for m in range(1, 13)
    )
    return Saison(
        "Vols, mois par mois", "fait", mois_,
        (("2024", (8,) * 12), ("2025", (NON_LIVRE,) + (9,) * 11), ("2026", derniere)),
    )  # fmt: skip


def test_la_saison_dit_le_mois_plein_le_creux_et_ce_qui_sort():
    dessin = graphiques.saison(saison(sens=Sens.HAUSSE))
    verifier(dessin.svg)
    assert (
        "le mois le plus chargé est décembre (indice 128), le moins chargé janvier (indice 84)"
        in dessin.resume
    )
    assert "Au-dessus de l’ordinaire en 2026\u202f: mars." in dessin.resume
    assert dessin.svg.count("g-sortie") == 1
    assert "Aucun mois de 2026 ne sort de l’ordinaire." in graphiques.saison(saison()).resume


def test_un_mois_absent_coupe_le_trait_et_n_est_pas_zero():
    dessin = graphiques.saison(saison((5, 6, NON_LIVRE, 7, 8) + (None,) * 7))
    assert dessin.svg.count('class="g-ligne"') == 2
    assert "<title>Mars 2026" not in dessin.svg


@pytest.mark.parametrize("vide", [(), (("2026", (NON_LIVRE,) * 12),)])
def test_une_saison_sans_chiffre_le_dit(vide):
    dessin = graphiques.saison(replace(saison(), annees=vide))
    verifier(dessin.svg)
    assert "Aucun chiffre" in dessin.svg


def nuage(**options):
    lieux = (
        PointDeNuage("Créteil", 90_000, 6.5, Sens.HAUSSE, True),
        PointDeNuage("Ailleurs", 1_200, 4.0),
        PointDeNuage("Plus loin", 800, 90.0, Sens.RESERVE),
    )
    limites = tuple((t, 5 - 1000 / t, 5 + 1000 / t, 5 - 2000 / t, 5 + 2000 / t) for t in (800, 8_000, 90_000))
    return Nuage(
        **{"titre": "Cambriolages", "unite": "faits pour 1 000 logements", "taille_libelle": "logements"}
        | {"points": lieux, "taux": 5.0, "limites": limites}
        | options
    )


def test_le_nuage_nomme_les_lieux_et_dit_ou_ils_sont():
    dessin = graphiques.nuage(nuage())
    verifier(dessin.svg)
    assert "Créteil\u202f: 6,5, au-dessus des limites du hasard." in dessin.resume
    assert "3\u00a0lieux" in dessin.resume
    assert "Hors des limites du hasard\u202f: 1\u00a0lieu." in dessin.resume
    assert "1 lieu au-dessus du cadre, au tableau." in graphiques.notes_de_nuage(nuage())
    assert "cadre" not in graphiques.notes_de_nuage(nuage(points=nuage().points[:2]))


def test_les_noms_du_nuage_ne_se_recouvrent_pas():
    proches = tuple(PointDeNuage(f"Commune {i}", 10_000 + i, 5.0 + i / 50, nomme=True) for i in range(4))
    svg = graphiques.nuage(nuage(points=(*proches, *nuage().points[1:]))).svg
    textes = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    hauts = [float(e.get("y")) for e in textes if e.text.startswith("Commune")]
    assert len(hauts) == 4
    assert all(abs(a - b) >= 13 for i, a in enumerate(hauts) for b in hauts[i + 1 :])


def test_un_nuage_vide_le_dit():
    dessin = graphiques.nuage(nuage(points=(), limites=()))
    verifier(dessin.svg)
    assert "Aucun lieu à comparer." in dessin.svg


CARTOUCHE = graphiques.Cartouche("Vols & cambriolages", "Unité : fait.", ("Une note " * 40,))


@pytest.mark.parametrize(
    "dessin", [graphiques.serie(serie(CHANTIER)), graphiques.saison(saison()), graphiques.nuage(nuage())]
)
def test_un_dessin_sort_seul_avec_son_titre_ses_notes_et_ses_couleurs(dessin):
    svg = graphiques.en_svg(dessin, CARTOUCHE)
    racine = ElementTree.fromstring(svg)
    textes = ["".join(e.itertext()) for e in racine.iter("{http://www.w3.org/2000/svg}text")]
    assert "Vols & cambriolages" in textes
    assert sum("Une note" in t for t in textes) >= 3
    feuille = autonome.style()
    assert not re.search(r"var\(|light-dark|@|inline-size|:hover", feuille)
    utiles = {c for e in racine.iter() for c in e.get("class", "").split() if c.startswith("g-")}
    peintes = {
        c for c in utiles if c in {"g-barre", "g-ligne", "g-avant", "g-bord", "g-bande", "g-lieu", "g-muet"}
    }
    assert peintes
    assert all(f".{c}" in feuille for c in peintes)
    image = graphiques.en_image(dessin, CARTOUCHE)
    assert image.startswith(b"\x89PNG")


def test_une_paire_adaptative_ne_sort_pas():
    with pytest.raises(ValueError):
        graphiques.en_svg(graphiques.serie_adaptative(serie()), CARTOUCHE)
