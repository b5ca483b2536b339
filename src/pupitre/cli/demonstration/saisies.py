"""Complaints that the mayor's office of Limeil-Brévannes enters in Pupitre since July 2026. All invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pupitre.cli.demonstration.calendrier import DERNIER, SAISIES_DEPUIS, Mois, entre
from pupitre.cli.demonstration.chronologie import Chronologie
from pupitre.cli.demonstration.hasard import generateur
from pupitre.cli.demonstration.lieux import lieux_de, ville
from pupitre.cli.demonstration.partenaires.doleances import DOLEANCES, tirages

LIMEIL = "94044"
_NATURES = ("bruit", "rodeo", "regroupement", "stationnement", "proprete", "eclairage")
_TEXTES = {
    "bruit": "Musique tard le soir, fenêtres ouvertes.",
    "rodeo": "Deux-roues à pleine vitesse devant l’école.",
    "regroupement": "Le banc et l’abri sont occupés chaque soir.",
    "stationnement": "Voitures sur le trottoir, les poussettes passent sur la chaussée.",
    "proprete": "Encombrants déposés au pied des conteneurs.",
    "eclairage": "Trois lampadaires éteints depuis dix jours.",
}
_SERVICES = {
    "bruit": "police_municipale", "rodeo": "forces", "regroupement": "mediation",
    "stationnement": "police_municipale", "proprete": "techniques", "eclairage": "techniques",
}  # fmt: skip
_CANAUX = ("courriel", "telephone", "courrier", "accueil", "application")
_MOMENTS = {"bruit": "nuit", "rodeo": "soiree", "regroupement": "soiree"}


def saisir(chronologie: Chronologie, conseil, auteurs: dict[str, Any]) -> None:
    """Month after month: entered on the day, followed up, the month closed and poured. November is under way."""
    for mois in (*entre(SAISIES_DEPUIS, DERNIER), DERNIER.suivant):
        _mois(chronologie, conseil, auteurs, mois)
        if mois <= DERNIER:
            chronologie.noter(mois.recu(5), lambda m=mois: _clore(conseil, m, auteurs))
            chronologie.noter(mois.recu(8), lambda m=mois: _verser(conseil, m, auteurs))


def _mois(chronologie: Chronologie, conseil, auteurs: dict[str, Any], mois: Mois) -> None:
    lieux = lieux_de(LIMEIL)
    comptes = tirages(ville(LIMEIL), (mois,))[:, :, 0]
    rng = generateur("saisies", mois.code)
    dernier = min(mois.fin, date(2026, 11, 27))
    for i, lieu in enumerate(lieux):
        for k in range(len(DOLEANCES)):
            for _ in range(int(comptes[i, k])):
                jour = mois.debut + timedelta(days=int(rng.integers(mois.fin.day)))
                hasard = rng.random(4)
                if jour <= dernier:
                    chronologie.noter(
                        jour,
                        lambda j=jour, c=lieu.code, n=_NATURES[k], h=hasard: _une(
                            conseil, j, c, n, h, auteurs
                        ),
                    )


def _une(conseil, jour: date, secteur: str, nature: str, hasard, auteurs: dict[str, Any]) -> None:
    from pupitre.observatoire.collecte import doleances
    from pupitre.observatoire.models import Doleance, SuiteDoleance

    d = doleances.enregistrer(
        doleance=Doleance(
            conseil=conseil,
            commune_id=LIMEIL,
            secteur=secteur if hasard[0] > 0.08 else "",
            recue_le=jour,
            canal=_CANAUX[int(hasard[1] * len(_CANAUX))],
            nature=f"inc:doleance_{nature}",
            moment=_MOMENTS.get(nature, "journee") if hasard[2] > 0.3 else "",
            repetee=bool(hasard[2] > 0.75),
            texte=_TEXTES[nature] if hasard[3] > 0.6 else "",
        ),
        confirme=True,
        auteur=auteurs["assistance"],
    )
    # The last ten days wait for somebody to say what becomes of them.
    if jour < date(2026, 11, 17):
        suites = SuiteDoleance.Suite
        doleances.suivre(
            doleance=d, suite=suites.TRANSMISE, service=_SERVICES[nature], auteur=auteurs["assistance"]
        )
        if hasard[0] > 0.35:
            doleances.suivre(
                doleance=d,
                suite=suites.TRAITEE if hasard[1] > 0.3 else suites.REPONDUE,
                auteur=auteurs["assistance"],
            )


def _clore(conseil, mois: Mois, auteurs: dict[str, Any]) -> None:
    from pupitre.observatoire.collecte import mois_doleances
    from pupitre.territoires.models import Commune

    mois_doleances.clore(
        conseil=conseil,
        commune=Commune.objects.get(pk=LIMEIL),
        mois=mois.debut,
        auteur=auteurs["assistance"],
    )


def _verser(conseil, mois: Mois, auteurs: dict[str, Any]) -> None:
    from pupitre.observatoire.collecte import mois_doleances

    mois_doleances.verser(conseil=conseil, mois=mois.debut, auteur=auteurs["coordination"])
