"""The API alone: a partner's software that asks everything, of its own source by secteur."""

from __future__ import annotations

from datetime import date

import pytest
from outils.attaque import essai, interface
from outils.attaque.constats import Lecture
from outils.attaque.savoir import Savoir

from pupitre.acces import jetons
from pupitre.acces.droits import Role
from pupitre.moteur import calcul, motif
from pupitre.moteur.motif import OUVERTE
from pupitre.observatoire.models import Livraison
from pupitre.territoires.services import creer_conseil
from tests.attaque import fabrique
from tests.attaque.test_tables_au_hasard import TABLE
from tests.fabriques import utilisateur
from tests.observatoire import fabrique as observatoire

# Rows of figures come from DuckDB, whatever the database.
pytestmark = pytest.mark.une_fois
DEPUIS = date(2024, 1, 1)


@pytest.fixture
def publier(conseil, tmp_path):
    """Publish the table under the rules of the test; the account of the partner whose source it is."""

    def faire():
        source = fabrique.source(conseil)
        fabrique.livrer(source, TABLE, tmp_path)
        return fabrique.proprietaire(source)

    return faire


def attaquer(conseil, *lecteurs) -> essai.Rapport:
    comptes = {str(i): c for i, c in enumerate(lecteurs)}
    return essai.essayer(conseil, comptes, sources=["halls"], pages=(), api=interface.toutes_les_etendues)


def test_l_api_ne_rend_aucun_nombre_secret(conseil, publier):
    compte = publier()
    rapport = attaquer(conseil, compte)
    assert rapport.prises["0"].keys() == {"api"}
    assert rapport.lecture.lus["api"] > 100
    assert rapport.cibles > 0
    assert not rapport.contradictions
    assert not rapport.retrouvees
    assert all(b.entieres == b.cibles for b in rapport.bilans.values())
    # By year, by half-year or across them, the cells are those of the whole: the other tests ask that only.
    peu = fabrique.attaquer(conseil, "halls", programmes=[compte]).lecture
    assert peu.lus["api"] < rapport.lecture.lus["api"] / 3
    assert peu.constats.keys() == rapport.lecture.constats.keys()


def test_sans_compagnes_l_api_se_soustrait(conseil, publier, monkeypatch, regles_changees):
    """The mutation that proves the attack: withhold small cells only, and it finds every one of them."""
    monkeypatch.setattr(motif, "proteger", fabrique.sans_compagnes)
    rapport = fabrique.attaquer(conseil, "halls", programmes=[publier()])
    assert not rapport.contradictions
    assert {c.secteur for c in rapport.retrouvees} == {"Q1"}
    assert len(rapport.retrouvees) == rapport.cibles > 0


def test_sans_secret_l_api_dit_tout(conseil, publier, monkeypatch, regles_changees):
    monkeypatch.setattr(calcul, "referer", lambda *_, **__: OUVERTE)
    rapport = fabrique.attaquer(conseil, "halls", programmes=[publier()])
    assert not rapport.contradictions
    assert len(rapport.retrouvees) == rapport.cibles > 0


def _jetons(conseil, organisation, savoir, livraisons=()) -> list:
    appelant = interface.Appelant.nouveau(conseil, organisation)
    return list(interface.parcourir(appelant, savoir, None, livraisons, fabrique.quelques_etendues))


@pytest.mark.parametrize("secret", [True, False])
def test_le_jeton_d_un_voisin_n_obtient_rien(conseil, publier, monkeypatch, regles_changees, secret):
    """Another council's token, and another partner's of ours: even with the control off, and knowing every key."""
    if not secret:
        monkeypatch.setattr(calcul, "referer", lambda *_, **__: OUVERTE)
    publier()
    savoir, livraison = Savoir.apprendre(conseil), Livraison.objects.get()
    sienne = livraison.source.organisation
    voisin = creer_conseil(nature="clspd", nom="Vincennes", communes=["94046"], depuis=DEPUIS)
    ailleurs = observatoire.organisation(voisin, "Maisons-Alfort Habitat")
    observatoire.source(voisin, "halls", organisation=ailleurs)
    autre = observatoire.organisation(conseil, "Transports de la plaine", "transporteur")
    observatoire.source(conseil, "incidents", organisation=autre)
    sienne.conseils.add(voisin)
    for chez, qui in ((voisin, ailleurs), (voisin, sienne), (conseil, autre)):
        prises = _jetons(chez, qui, savoir, [str(livraison.pk)])
        assert [p.adresse for p in prises] == ["/api/v1/sources"]
        lecture = Lecture(savoir)
        for prise in prises:
            lecture.lire(prise)
        assert not lecture.constats
        assert b"inc:" not in prises[0].contenu
    assert len(_jetons(conseil, sienne, savoir, [str(livraison.pk)])) > 20


def test_l_attaquant_attend_l_heure_suivante(conseil, publier, monkeypatch):
    """A limit on calls slows an attacker; it does not stop one."""
    compte = publier()
    monkeypatch.setattr(jetons, "PAR_HEURE", 5)
    (appelant,) = interface.appelants(conseil, compte)
    codes = [appelant.lire("/chiffres", source="halls")[0] for _ in range(7)]
    assert codes == [200] * 7


def test_qui_peut_tenir_un_jeton(conseil, publier, maire):
    """A partner its own; a mayor the city's; the State its services'; and only of those that have a source here."""
    bailleur = publier()
    for code, nom, nature in (
        ("doleances", "Ville d’Alfortville", "mairie"),
        ("pm", "Police municipale de Créteil", "police_municipale"),
        ("dsden", "Préfecture du Val-de-Marne", "prefecture"),
    ):
        observatoire.source(conseil, code, organisation=observatoire.organisation(conseil, nom, nature))
    observatoire.organisation(conseil, "CCAS d’Alfortville", "ccas")
    prefecture = utilisateur(Role.PREFECTURE, conseil, email="prefecture@exemple.fr")
    president = utilisateur(Role.PRESIDENT, conseil, email="presidence@exemple.fr")

    def noms(compte):
        return [o.nom for o in interface.organisations_de(compte, conseil)]

    assert noms(bailleur) == ["Créteil Habitat"]
    assert noms(maire) == ["Ville d’Alfortville"]
    assert noms(prefecture) == ["Préfecture du Val-de-Marne"]
    assert noms(president) == []
