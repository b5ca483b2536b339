"""Secteurs as a mayor reads them: whole half-years, with their period in the title; communes keep their months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pupitre.moteur.resultats import Audience
from pupitre.moteur.sources import Role
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.chiffres.suivi import sujets_suivis
from pupitre.observatoire.chiffres.tableau import Demande, axe_de, composer
from pupitre.observatoire.collecte import services
from pupitre.socle import horloge
from pupitre.territoires.decoupages import importer_decoupage
from tests.moteur.geographie.formes import carre, en_degres, quartiers
from tests.observatoire import fabrique
from tests.observatoire.test_tableau import mois

QUARTIERS = ("Quartier 1", "Quartier 2", "Quartier 3")


@pytest.fixture
def suivie(conseil, tmp_path):
    """Thirty-four months from January 2024: 2, 3 and 1 facts a month, always in the same three quarters."""
    importer_decoupage(
        conseil=conseil,
        fichier=quartiers(*en_degres(*(carre(i * 1000, 0) for i in range(3)))),
        nom="Quartiers",
        debut=date(2020, 1, 1),
        origine="Service de cartographie",
    )
    description = replace(fabrique.DESCRIPTION, roles={**fabrique.DESCRIPTION.roles, "Secteur": Role.SECTEUR})
    source = fabrique.source(conseil, description=description.to_dict())

    def livrer(premier: str, combien: int):
        chemin = tmp_path / f"{premier}.csv"
        lignes = ["Mois;Commune;Secteur;Nombre"]
        lignes += [
            f"{m};Créteil;{q};{n}"
            for m in mois(premier, combien)
            for q, n in zip(QUARTIERS, (2, 3, 1), strict=True)
        ]
        chemin.write_text("\n".join(lignes), encoding="utf-8")
        return services.importer(source=source, fichier=chemin, publier=True)

    return livrer


def classement(conseil, audience, periode="2026-10"):
    return composer(conseil=conseil, audience=audience, demande=Demande(periode=periode)).principal


def test_un_maire_lit_les_deux_derniers_semestres_complets(conseil, suivie):
    suivie("2024-01", 34)
    vu = classement(conseil, Audience.PARTENAIRE)
    assert vu.classement_titre == "Les secteurs, du plus au moins touché, juillet 2025 à juin 2026"
    assert vu.classement.contexte.periode.libelle == "juillet 2025 à juin 2026"
    assert [c.cle for c in vu.classement.colonnes][2:4] == ["an", "precedent"]
    assert vu.classement.colonne("libelle") == ("Quartier 2", "Quartier 1", "Quartier 3")
    assert vu.classement.colonne("an") == (36, 24, 12)
    assert vu.classement.colonne("precedent") == (36, 24, 12)
    assert set(vu.classement.colonne("lecture")) <= {"ordinaire", "trop peu de faits"}
    assert "Juillet 2025 à juin 2026" in vu.carte.notes
    assert vu.classement.retenus == ()


def test_un_secteur_des_seules_lignes_d_un_autre_conseil_n_est_pas_dit_inconnu(conseil, suivie, tmp_path):
    suivie("2024-01", 2)
    source = conseil.sources.get(code="halls")
    source.territoires = ["Créteil"]
    source.save()
    chemin = tmp_path / "deux-conseils.csv"
    lignes = ["Mois;Commune;Secteur;Nombre"]
    lignes += [
        f"{m};{commune};{secteur};4"
        for m in mois("2024-03", 3)
        for commune, secteur in (
            ("Créteil", "Quartier 1"),
            ("Créteil", "Quartier perdu"),
            ("Orly", "Vieux bourg"),
        )
    ]
    chemin.write_text("\n".join(lignes), encoding="utf-8")
    livraison = services.importer(source=source, fichier=chemin, publier=False)
    dites = list(livraison.anomalies.filter(code="secteurs_inconnus").values_list("message", flat=True))
    assert len(dites) == 1
    assert "Quartier perdu" in dites[0]
    assert "Vieux bourg" not in dites[0]


def test_l_equipe_garde_ses_mois(conseil, suivie):
    suivie("2024-01", 34)
    vu = classement(conseil, Audience.INTERNE)
    assert vu.classement.colonne("n") == (3, 2, 1)
    assert vu.classement.colonne("an") == (36, 24, 12)


def test_une_source_trop_jeune_se_classe_par_commune_ou_pas_du_tout(conseil, suivie):
    suivie("2026-01", 10)
    lecteur = Lecteur.ouvrir(conseil, Audience.PARTENAIRE)
    (sujet, *_), _, pas = sujets_suivis(lecteur, "halls", "", "")
    assert axe_de(lecteur, sujet, date(2026, 10, 1), pas) is None
    assert classement(conseil, Audience.PARTENAIRE).classement is None
    assert classement(conseil, Audience.INTERNE).classement is not None


def test_un_semestre_en_cours_ne_change_pas_la_carte(conseil, suivie):
    suivie("2024-01", 33)
    avant = classement(conseil, Audience.PARTENAIRE, "2026-09").classement.lignes
    suivie("2026-10", 1)
    assert classement(conseil, Audience.PARTENAIRE).classement.lignes == avant
    with horloge.figee(date(2027, 1, 10)):
        suivie("2026-11", 2)
    assert (
        classement(conseil, Audience.PARTENAIRE, "2026-12").classement.contexte.periode.libelle
        == "janvier 2026 à décembre 2026"
    )


def test_les_mois_d_un_secteur_ne_sont_pas_proposes_hors_de_l_equipe(conseil, suivie):
    suivie("2024-01", 34)

    def lu(audience):
        demande = Demande(source="halls", territoire="secteur:Q1", periode="2026-10")
        return composer(conseil=conseil, audience=audience, demande=demande)

    interne, elu = lu(Audience.INTERNE), lu(Audience.PARTENAIRE)
    assert interne.periode.libelle == "octobre 2026"
    assert [c.cle for c in elu.durees] == ["semestre", "annee"]
    assert elu.periode.libelle == "1er semestre 2026"
    communes = composer(
        conseil=conseil, audience=Audience.PARTENAIRE, demande=Demande(periode="2026-10")
    ).principal.serie
    assert set(communes.resultat.colonne("n")) == {6}
