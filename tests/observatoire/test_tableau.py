"""The dashboard: what is compared with what, what is said, what is withheld."""

from __future__ import annotations

from datetime import date

import pytest

from pupitre.acces.models import Organisation
from pupitre.moteur.resultats import Absent, Audience
from pupitre.observatoire.chiffres.tableau import Demande, composer
from pupitre.observatoire.collecte import services
from tests.observatoire import fabrique
from tests.observatoire.fabrique import partout


def mois(debut: str, n: int) -> list[str]:
    annee, m = map(int, debut.split("-"))
    return [f"{annee + (m - 1 + i) // 12}-{(m - 1 + i) % 12 + 1:02d}" for i in range(n)]


@pytest.fixture
def deux_ans(source, fichier):
    """Twenty-five months at ten facts a month and commune, the last at thirty."""
    valeurs = {m: partout(10) for m in mois("2024-10", 24)} | {"2026-10": partout(30)}
    services.importer(source=source, fichier=fichier(valeurs), publier=True)
    return source


def voir(conseil, audience=Audience.INTERNE, **demande):
    return composer(conseil=conseil, audience=audience, demande=Demande(**demande))


def test_sans_rien_de_publie(conseil):
    vu = voir(conseil)
    assert vu.sources == ()
    assert vu.chiffres == ()


def test_une_hausse_est_dite_avec_ses_deux_nombres(conseil, deux_ans):
    (chiffre,) = voir(conseil).chiffres
    assert chiffre.valeur == "90"
    assert chiffre.unite == "incidents"
    assert (chiffre.sens, chiffre.verdict) == ("hausse", "Hausse significative.")
    assert chiffre.phrase == "90 contre 30 en octobre 2025 (+200\u202f%)."
    assert chiffre.intervalle.startswith("de 72,4 à 110,6")


def test_un_mois_ordinaire_est_dit_ordinaire(conseil, deux_ans):
    (chiffre,) = voir(conseil, periode="2026-09").chiffres
    assert chiffre.verdict == "Pas d’évolution significative."
    assert "%" not in chiffre.phrase


def test_la_periode_precedente_se_choisit(conseil, deux_ans):
    (chiffre,) = voir(conseil, comparer="2026-09").chiffres
    assert "septembre 2026" in chiffre.phrase


def test_une_commune_seule(conseil, deux_ans):
    (chiffre,) = voir(conseil, territoire="commune:94002").chiffres
    assert chiffre.valeur == "30"
    assert chiffre.perimetre == "Alfortville"


@pytest.mark.parametrize(
    "demande",
    [
        {"source": "inconnue"},
        {"periode": "2030-01"},
        {"periode": "n'importe quoi"},
        {"territoire": "commune:75056"},
        {"comparer": "x"},
        {"indicateur": "y"},
    ],
)
def test_une_adresse_inconnue_revient_au_choix_par_defaut(conseil, deux_ans, demande):
    assert voir(conseil, **demande).chiffres == voir(conseil).chiffres


def test_un_mois_non_livre_n_est_pas_zero(conseil, source, fichier):
    autre = fabrique.source(
        conseil,
        code="bus",
        nom="Incidents dans les bus",
        organisation=fabrique.organisation(conseil, "STRAV", Organisation.Nature.TRANSPORTEUR),
    )
    services.importer(
        source=source, fichier=fichier({m: partout(5) for m in mois("2025-09", 14)}, "a.csv"), publier=True
    )
    services.importer(
        source=autre, fichier=fichier({m: partout(5) for m in mois("2025-09", 13)}, "b.csv"), publier=True
    )
    bus, halls = voir(conseil, periode="2026-10").chiffres
    assert (bus.valeur, bus.unite) == ("–", "non livré")
    assert bus.verdict == "Octobre 2026 n’est pas arrivé."
    assert "septembre 2026" in bus.phrase
    assert halls.valeur == "15"


def test_un_total_sans_une_commune_attendue_n_est_pas_un_total(conseil, source, fichier):
    valeurs = {m: partout(5) for m in mois("2025-09", 13)} | {"2026-10": {"Créteil": 5, "Alfortville": 5}}
    services.importer(source=source, fichier=fichier(valeurs), publier=True)
    (chiffre,) = voir(conseil, periode="2026-10").chiffres
    assert chiffre.unite == "non livré"
    (creteil,) = voir(conseil, periode="2026-10", territoire="commune:94028").chiffres
    assert creteil.valeur == "5"


def test_aucune_evolution_a_travers_une_rupture(conseil, fichier):
    source = fabrique.source(conseil, ruptures=[{"jour": "2026-03-01", "libelle": "La saisie a changé"}])
    valeurs = {m: partout(30) for m in mois("2025-01", 14)} | {m: partout(10) for m in mois("2026-03", 8)}
    services.importer(source=source, fichier=fichier(valeurs), publier=True)
    (chiffre,) = voir(conseil, periode="2026-10").chiffres
    assert chiffre.verdict == "Comparaison impossible."
    assert "rupture en mars 2026" in chiffre.phrase
    assert "%" not in chiffre.phrase
    (suite,) = voir(conseil, periode="2026-10", comparer="2026-09").chiffres
    assert suite.verdict == "Pas d’évolution significative."


def test_le_classement_dit_le_taux_et_sa_lecture(conseil, deux_ans):
    classement = voir(conseil).principal.classement
    assert classement.colonne("n") == (30, 30, 30)
    assert set(classement.colonne("lecture")) == {"hausse significative"}
    habitants = {c.nom: c.population for c in conseil.communes_as_of(date(2026, 10, 1))}
    for ligne in classement.dicts():
        assert ligne["taux"] == pytest.approx(140 / habitants[ligne["libelle"]] * 1000)


def test_un_chiffre_mene_a_ses_livraisons(conseil, deux_ans):
    (chiffre,) = voir(conseil).chiffres
    (citee,) = chiffre.livraisons
    assert citee.fichier == "incidents.csv"
    assert len(citee.sha256) == 64


def test_les_chiffres_suivent_la_correction(conseil, deux_ans, fichier):
    corrige = {m: partout(10) for m in mois("2024-10", 24)} | {"2026-10": partout(11)}
    services.importer(source=deux_ans, fichier=fichier(corrige, "corrige.csv"), publier=True)
    (chiffre,) = voir(conseil).chiffres
    assert chiffre.valeur == "33"
    assert chiffre.livraisons[0].fichier == "corrige.csv"


def test_le_voisin_ne_voit_rien(conseil, autre, deux_ans):
    assert voir(autre).chiffres == ()


def test_une_serie_ne_commence_pas_avant_la_source(conseil, deux_ans):
    serie = voir(conseil).principal.serie.resultat
    assert serie.colonne("debut")[0] == date(2024, 10, 1)
    assert not any(isinstance(v, Absent) for v in serie.colonne("n"))


def test_requetes_de_la_page(conseil, deux_ans, django_assert_max_num_queries):
    """The six of the figures, then what is followed, noted and commented."""
    voir(conseil)
    with django_assert_max_num_queries(9):
        voir(conseil)


def test_la_carte_dit_son_incertitude(conseil, source, fichier):
    """One commune far above the others: outlined, and every rate has its interval."""
    valeurs = {m: {"Créteil": 40, "Alfortville": 9, "Limeil-Brévannes": 60} for m in mois("2025-10", 13)}
    services.importer(source=source, fichier=fichier(valeurs), publier=True)
    carte = voir(conseil).principal.carte
    assert "à 95\u202f%" in carte.svg
    assert carte.svg.count("g-ecart") >= 1
    assert "Intervalles à 95\u202f%" in carte.resume
    assert "Contour épais" in carte.notes
