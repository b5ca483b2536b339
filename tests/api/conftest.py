from __future__ import annotations

from datetime import date, timedelta

import pytest

from pupitre.acces import jetons
from pupitre.socle import horloge
from tests import fabriques

LOIN = date(2027, 6, 30)


@pytest.fixture
def monde(db, tmp_path, settings):
    with horloge.figee(date(2026, 11, 23)):
        yield fabriques.monde(tmp_path, settings)


@pytest.fixture
def appelant(client):
    """Calls of one token: `appelant(texte).get("/api/v1/…")`."""

    def avec(texte: str):
        class Appelant:
            def get(self, chemin, **parametres):
                return client.get(chemin, parametres, headers={"Authorization": f"Bearer {texte}"})

            def post(self, chemin, donnees):
                return client.post(chemin, donnees, headers={"Authorization": f"Bearer {texte}"})

        return Appelant()

    return avec


def jeton(conseil, organisation, **champs):
    defaut = {"libelle": "Progiciel", "expire_le": horloge.aujourdhui() + timedelta(days=90)}
    return jetons.creer(conseil=conseil, organisation=organisation, **(defaut | champs))
