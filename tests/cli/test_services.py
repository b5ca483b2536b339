"""What a machine runs, when several share an installation."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from pupitre.cli.commandes import servir
from pupitre.moteur.erreurs import ErreurPupitre


@pytest.fixture
def lances(monkeypatch, tmp_path) -> Iterator[list]:
    """The children that a supervisor would keep, none of which starts."""
    gardes = []
    masque = os.umask(0o022)

    class Temoin:
        def __init__(self, enfants, *, pret, annoncer):
            gardes.extend(enfants)
            self.annoncer = annoncer

        def conduire(self):
            self.annoncer()

    monkeypatch.setattr(servir, "Superviseur", Temoin)
    monkeypatch.setattr(servir, "_initialisee", lambda configuration: None)
    monkeypatch.setenv("PUPITRE_MODE", "test")
    monkeypatch.setenv("PUPITRE_DONNEES", str(tmp_path))
    yield gardes
    os.umask(masque)


@pytest.mark.parametrize(
    ("services", "noms"),
    [
        ("site,taches,echeances", ["site", "tâches de fond", "échéances"]),
        ("site", ["site"]),
        (" taches , echeances", ["tâches de fond", "échéances"]),
    ],
)
def test_une_machine_ne_fait_que_ce_qui_lui_est_demande(lances, services, noms):
    annonces = []
    servir.servir(
        hote="127.0.0.1",
        port=0,
        travailleurs=1,
        annoncer=annonces.append,
        services=servir._services(services),
    )
    assert [e.nom for e in lances] == noms
    [adresse] = annonces
    assert adresse.startswith("http://127.0.0.1:") == ("site" in noms)


@pytest.mark.parametrize("services", ["lune", "site,lune", "", " , "])
def test_un_service_inconnu_est_refuse_et_les_connus_sont_dits(services):
    with pytest.raises(ErreurPupitre, match="Choisissez parmi site, taches, echeances"):
        servir._services(services)
