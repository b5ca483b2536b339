"""What is kept in memory never shows a stale or a withheld figure: its key holds all that it depends on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from pupitre.moteur import calcul, inventaire
from pupitre.moteur.entrepot import Entrepot
from pupitre.moteur.mesures import Case
from pupitre.moteur.resultats import Absent, Audience, Colonne, Contexte, Nature, Periode
from pupitre.moteur.secret import Comptes, Regles
from pupitre.moteur.selection import Selection
from tests.moteur.entrepot.fabrique import ligne, table

AN = Case(date(2026, 1, 1), date(2026, 12, 31))
LIVRE = ((AN.debut, AN.fin),)
CONTEXTE = Contexte("Faits", "fait", "CISPD", Periode(AN.debut, AN.fin, "2026"), ())
# s1 holds 3 facts in the year: too few for a partner.
PETIT = {"s1": 3, "s2": 40, "s3": 55, "s4": 70}


def lot(effectifs, nature="a"):
    return table(
        [ligne(nature, date(2026, 2, 1), n, secteur=s, commune="94028") for s, n in effectifs.items()]
    )


@pytest.fixture
def depot(tmp_path):
    return Entrepot(tmp_path)


@pytest.fixture
def publie(depot):
    return depot.compacter("c1", [depot.sceller(lot(PETIT), "c1", "bailleur", "l1")])


def chiffres(depot, manifeste, audience, regles=None, natures=()):
    selection = inventaire.resoudre(
        Selection("bailleur", natures=natures), inventaire.inventorier(depot, manifeste)
    )
    resultat = calcul.executer(
        depot,
        manifeste,
        "periodes",
        selection,
        (("n", AN),),
        ("secteur",),
        contexte=CONTEXTE,
        colonnes=(Colonne("secteur", "Secteur", Nature.CODE), Colonne("n", "n", Nature.ENTIER)),
        comptes=Comptes({"n": (AN.debut, AN.fin)}),
        audience=audience,
        regles=regles,
        couvertures=LIVRE,
    )
    return {li["secteur"]: None if isinstance(li["n"], Absent) else li["n"] for li in resultat.dicts()}


@pytest.mark.parametrize("premiere", Audience)
def test_no_reader_is_served_what_another_one_has_read(tmp_path, depot, publie, premiere):
    chiffres(depot, publie, premiere)
    apres = {audience: chiffres(depot, publie, audience) for audience in Audience}
    for audience in Audience:
        seul = Entrepot(tmp_path / audience)
        etat = seul.compacter("c1", [seul.sceller(lot(PETIT), "c1", "bailleur", "l1")])
        assert apres[audience] == chiffres(seul, etat, audience)
    assert apres[Audience.INTERNE] == PETIT
    assert apres[Audience.PARTENAIRE]["s1"] is apres[Audience.PUBLIC]["s1"] is None
    assert apres[Audience.PARTENAIRE] != apres[Audience.PUBLIC]


def test_a_publication_is_seen_at_once_and_the_former_state_stays_itself(depot, publie):
    avant = chiffres(depot, publie, Audience.PARTENAIRE)
    assert avant["s1"] is None
    corrige = depot.sceller(lot(PETIT | {"s1": 30, "s5": 60}), "c1", "bailleur", "l2")
    suivant = depot.compacter("c1", [corrige], publie)
    assert chiffres(depot, suivant, Audience.PARTENAIRE) == PETIT | {"s1": 30, "s5": 60}
    assert chiffres(depot, publie, Audience.PARTENAIRE) == avant
    # Withdrawn again: the figure that was public a moment ago is not any more.
    retire = depot.compacter("c1", [depot.sceller(lot(PETIT), "c1", "bailleur", "l3")], suivant)
    assert chiffres(depot, retire, Audience.PARTENAIRE)["s1"] is None


def test_a_nature_published_later_is_not_taken_for_the_whole_source(depot, publie):
    """« All the natures » is written without a list only as long as they are all."""
    assert chiffres(depot, publie, Audience.INTERNE, natures=("a", "b")) == PETIT
    autre = depot.sceller(lot(dict.fromkeys(PETIT, 100), "c"), "c1", "bailleur", "l2")
    suivant = depot.compacter("c1", [*publie.livraisons, autre], publie)
    assert chiffres(depot, suivant, Audience.INTERNE, natures=("a", "b")) == PETIT
    assert chiffres(depot, suivant, Audience.INTERNE)["s1"] == PETIT["s1"] + 100


def test_rules_are_part_of_the_key(depot, publie):
    assert chiffres(depot, publie, Audience.PARTENAIRE, Regles(seuil_primaire=2)) == PETIT
    severes = chiffres(depot, publie, Audience.PARTENAIRE, Regles(seuil_primaire=60))
    assert sum(v is None for v in severes.values()) > 1
    assert chiffres(depot, publie, Audience.PARTENAIRE, Regles(seuil_primaire=2)) == PETIT


def test_the_version_of_the_rules_is_part_of_the_key(depot, publie, monkeypatch):
    chiffres(depot, publie, Audience.PARTENAIRE)
    appels = []
    vrai = calcul.referencer
    monkeypatch.setattr(calcul, "referencer", lambda *a, **k: (appels.append(1), vrai(*a, **k))[1])
    chiffres(depot, publie, Audience.PARTENAIRE)
    assert appels == []
    # Neither memory nor what another process of the former version kept on disk may serve.
    monkeypatch.setattr(calcul, "VERSION", calcul.VERSION + 1)
    chiffres(depot, publie, Audience.PARTENAIRE)
    assert appels == [1]


def test_what_a_pattern_remembers_changes_none_of_its_answers(depot):
    alea = random.Random(5)
    lignes = [
        ligne(nature, date(an, mois, 1), alea.choice((0, 1, 2, 3, 9, 40)), secteur=s, commune=c)
        for nature in "abc"
        for an in (2025, 2026)
        for mois in range(1, 13)
        for s, c in (("s1", "94028"), ("s2", "94028"), ("s3", "94028"), ("t1", "94002"), ("t2", "94002"))
    ]
    manifeste = depot.compacter("c1", [depot.sceller(table(lignes), "c1", "bailleur", "l1")])
    selection = inventaire.resoudre(Selection("bailleur"), inventaire.inventorier(depot, manifeste))
    livre = ((date(2025, 1, 1), date(2026, 12, 31)),)
    gardee = calcul.referer(depot, manifeste, selection, Audience.PARTENAIRE, Regles(), livre)
    demandes = [
        (
            {
                axe: frozenset(alea.sample(valeurs, k))
                for axe, valeurs in choix.items()
                if (k := alea.randrange(3))
            },
            date(alea.choice((2024, 2025, 2026)), alea.choice((1, 3, 7)), 1),
            alea.choice((date(2025, 6, 30), date(2025, 12, 31), date(2026, 3, 31), date(2027, 1, 31))),
        )
        for choix in [
            {"nature": ["a", "b", "c"], "commune": ["94028", "94002"], "secteur": ["s1", "s2", "t1"]}
        ]
        for _ in range(300)
    ]
    reponses = [replace(gardee).refus(*d) for d in demandes]
    assert [gardee.refus(*d) for d in demandes] == [gardee.refus(*d) for d in demandes] == reponses
    assert len(set(reponses)) == 3


def test_what_another_thread_forgets_meanwhile_is_judged_again(depot, publie):
    class Oublieux(dict):
        """Emptied just after each of its keys is seen."""

        def __contains__(self, cle):
            return True

    selection = inventaire.resoudre(Selection("bailleur"), inventaire.inventorier(depot, publie))
    motif = replace(calcul.referer(depot, publie, selection, Audience.PARTENAIRE, Regles(), LIVRE))
    attendu = motif.refus({"secteur": frozenset({"s1"})}, AN.debut, AN.fin)
    motif.__dict__["_souvenirs"] = Oublieux()
    assert motif.refus({"secteur": frozenset({"s1"})}, AN.debut, AN.fin) == attendu is not None
