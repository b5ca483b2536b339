"""The demonstration's formations, on the small territory of the tests."""

from __future__ import annotations

from datetime import date

import pytest

from pupitre.acces.droits import Role
from pupitre.cli.demonstration import formations
from pupitre.conseils.formations import chartes, suivi
from pupitre.conseils.formations.composition import EtatSiege, composer
from pupitre.conseils.selectors import membres_as_of
from pupitre.socle import horloge
from tests.fabriques import utilisateur
from tests.territoires import fabrique as territoires

JOUR = date(2026, 11, 23)


@pytest.fixture
def conseil(db, tmp_path):
    territoires.charger_petite_reference(tmp_path)
    cree = territoires.plaine_centrale()
    formations.creer(cree, {"coordination": utilisateur(Role.COORDINATEUR, cree)})
    return cree


def test_une_pleniere_une_restreinte_six_groupes_sans_partenaire_oublie_par_megarde(conseil):
    toutes = list(conseil.formations.all())
    assert sorted(f.nature for f in toutes).count("pleniere") == 1
    assert len(toutes) == 8
    with horloge.figee(JOUR):
        lignes = {li.formation.nom: {c.cle for c in li.constats} for li in suivi.lire(conseil, toutes, JOUR)}
    assert "oublie" in lignes["Transports du soir"]  # the police is not there: shown on purpose
    assert "pilote" in lignes["Alfortville sud"]
    assert [n for n, cles in lignes.items() if "oublie" in cles] == ["Transports du soir"]
    assert "signatures" in lignes["Cellule de veille"]


def test_le_passe_garde_le_commissaire_parti(conseil):
    restreinte = conseil.formations.get(nature="restreinte")
    avant = {m.personne.nom for m in membres_as_of(restreinte, date(2025, 8, 31))}
    apres = {m.personne.nom for m in membres_as_of(restreinte, date(2025, 9, 1))}
    assert avant - apres == {"Keller"}
    assert apres - avant == {"Lemoine"}


def test_la_composition_laisse_un_siege_vacant_et_la_charte_une_signature(conseil):
    assert composer(conseil, JOUR).vacants == 1
    etats = {ligne.siege.cle: ligne.etat for ligne in composer(conseil, JOUR).lignes}
    assert [cle for cle, etat in etats.items() if etat is not EtatSiege.TENU] == ["maire-membre:94044"]
    charte = chartes.en_vigueur(conseil, JOUR)
    assert [s.personne.nom for s in chartes.suivre(charte, JOUR) if s.signature is None] == ["Haddad"]
    assert conseil.textes.count() == 3
