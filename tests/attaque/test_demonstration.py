"""The demonstration attacked by a mayor, a landlord and the prefecture, who put together what they obtain.

Built from the partners' files of two sources that count by secteur, so that the test stays short;
`python -m outils.attaque` does the same on the whole of it (docs/secret.md gives its report).
"""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from outils.attaque import essai, parcours

from pupitre.acces.models import Utilisateur
from pupitre.cli.demonstration import (
    annee,
    annuaire,
    comptes,
    comptes_rendus,
    construction,
    seances,
    vie,
)
from pupitre.cli.demonstration.partenaires import doleances, transports
from pupitre.territoires import services
from pupitre.territoires.models import Conseil
from tests.attaque import fabrique as attaque
from tests.observatoire import fabrique
from tests.territoires.fabrique import ecrire_reference

# The mayor's city owns the first, and has a token: pages and API speak of the same figures.
SOURCES = {"doleances-alfortville", "ratp"}
LECTEURS = ("maire", "bailleur", "prefecture")


@pytest.fixture
def demonstration(dossiers, settings, monkeypatch, tmp_path):
    """Its council, accounts, conventions, two sources since 2023, one bulletin; not the rest of its year."""

    def quelques_envois(atelier, _):
        ecrits = [*doleances.ecrire_doleances(atelier), *transports.ecrire_ratp(atelier)]
        return sorted((e for e in ecrits if e.source in SOURCES), key=lambda e: (e.recu_le, e.source, e.nom))

    creer = construction._creer_sources

    def convenues(conseil, organisations):
        """Every partner gives everything to elected officials: the most that they may ever read."""
        sources = creer(conseil, organisations)
        for source in sources.values():
            if not source.conventions.exists():
                fabrique.convention(source)
        return sources

    petite = partial(services.charger_reference, ecrire_reference(tmp_path / "code"))
    monkeypatch.setattr(services, "charger_reference", petite)
    monkeypatch.setattr(construction, "_creer_sources", convenues)
    monkeypatch.setattr(construction, "_ecrire", quelques_envois)
    monkeypatch.setattr(construction, "BULLETINS", {"2026-11": ("2026-10",)})
    for suite in ("echanger", "questionner"):
        monkeypatch.setattr(vie, suite, lambda *_: None)
    for suite in ("importer_les_adresses", "noter"):
        monkeypatch.setattr(annee, suite, lambda *_: None)
    # the people and their séances are pages without a figure of a partner, by the thousand
    monkeypatch.setattr(annuaire, "peupler", lambda *_: None)
    monkeypatch.setattr(seances, "tenir", lambda *_: None)
    monkeypatch.setattr(comptes_rendus, "rediger", lambda *_: None)
    construction.construire(settings.CONFIGURATION.donnees)
    return Conseil.objects.get(slug=construction.SLUG)


def _adresse(identifiant: str) -> str:
    return f"{identifiant}@{comptes.DOMAINE}"


def _suivre(adresse: str) -> bool:
    parties = urlsplit(adresse)
    if "/tableau-de-bord/" in parties.path:
        question = {nom: valeurs[0] for nom, valeurs in parse_qs(parties.query).items()}
        # Overlapping windows show sums of the months that the page shows, and no secteur
        # (`test_ce_qui_n_est_pas_ouvert_n_apprend_rien`).
        voulue = question.get("source") in SOURCES and question.get("duree") not in ("cumul", "douze-mois")
        voulue |= not question
        return voulue and not parties.path.endswith(".xlsx") and not attaque.repete(adresse)
    return "provenance" not in parties.path and not parcours.est_un_tri(adresse)


def _valeurs(nom: str, possibles: list[str]) -> list[str]:
    if nom == "periode":
        return [v for v in possibles if v in ("2026-06", "2025-12")]
    if nom == "source":
        return [v for v in possibles if v in SOURCES]
    return [] if nom == "comparer" else possibles


@pytest.mark.une_fois
@pytest.mark.django_db(transaction=True)
def test_la_demonstration_ne_rend_aucun_nombre_secret(demonstration):
    lecteurs = {i: Utilisateur.objects.get(email=_adresse(i)) for i in LECTEURS}
    rapport = essai.essayer(
        demonstration,
        lecteurs,
        bornes=parcours.Bornes(
            valeurs=_valeurs,
            suivre=_suivre,
            oublier=attaque.OUBLIER,
            pages=120,
            meme=partial(attaque.demandee, connue=False),
        ),
        sources=SOURCES,
        api=attaque.quelques_etendues,
        # the nearest to the figures first: the whole of the pages is what `python -m outils.attaque` goes through
        departs=[
            *(f"/conseils/{demonstration.slug}/tableau-de-bord/?source={s}" for s in sorted(SOURCES)),
            "/",
        ],
    )
    assert not rapport.contradictions
    assert not rapport.retrouvees
    # An attacker that reads nothing recovers nothing: say what was read.
    assert rapport.cibles > 50
    assert len(rapport.lecture.constats) > 500
    assert {"page", "dessin", "chiffre", "csv", "pdf", "api"} <= set(rapport.lecture.lus)
    assert all(types.get("html") for types in rapport.prises.values())
    assert "0 nombre(s) retrouvé(s)" in rapport.lignes()[-1]
