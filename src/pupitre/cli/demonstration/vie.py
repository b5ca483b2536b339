"""A year of the observatory's life: what was sent, asked, answered. All invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from pupitre.cli.demonstration.chronologie import Chronologie
from pupitre.cli.demonstration.comptes import DOMAINE
from pupitre.cli.demonstration.recit import (
    CONTRIBUTIONS,
    DEMANDES,
    DESTINATAIRES,
    FAITS,
    RENVOIS,
    DemandePrevue,
)
from pupitre.socle import horloge

Auteurs = Mapping[str, Any]
GARE = "Véhicules fracturés autour de la gare"


def lister(conseil) -> None:
    from pupitre.observatoire.diffusion import listes
    from pupitre.observatoire.models import Destinataire

    for nom, fonction, email, commune, periodicites, viseur in DESTINATAIRES:
        listes.enregistrer(
            destinataire=Destinataire(
                conseil=conseil,
                nom=nom,
                fonction=fonction,
                email=f"{email}@{DOMAINE}",
                commune_id=commune or None,
                periodicites=list(periodicites),
                viseur=viseur,
            )
        )


def raconter(conseil, auteurs: Auteurs) -> None:
    """Facts of note, and what feeds the study."""
    from pupitre.observatoire.diffusion import contributions, faits_marquants
    from pupitre.observatoire.models import Contribution, FaitMarquant

    organisations = {o.nom: o for o in conseil.organisations.all()}
    for jour, fin, commune, secteur, genre, texte, qui, commentaire in FAITS:
        with horloge.figee(jour + timedelta(days=1)):
            faits_marquants.enregistrer(
                fait=FaitMarquant(
                    conseil=conseil, jour=jour, fin=fin, commune_id=commune, secteur=secteur, genre=genre,
                    texte=texte, organisation=organisations.get(qui), commentaire=commentaire, fictif=True,
                ),
                confirme=True,
                auteur=auteurs["assistance"],
            )  # fmt: skip
    for genre, relais, jour, commune, secteur, texte in CONTRIBUTIONS:
        with horloge.figee(jour):
            contributions.enregistrer(
                contribution=Contribution(
                    conseil=conseil, genre=genre, relais=relais, jour=jour, commune_id=commune or None,
                    secteur=secteur, texte=texte, fictive=True,
                ),
                confirme=True,
                auteur=auteurs["coordination"],
            )  # fmt: skip


def diffuser(conseil, periode: str, auteurs: Auteurs) -> None:
    """Write today, ask for the visa, receive it two days later, send on the third day."""
    from pupitre.observatoire.diffusion import circuit

    jour = horloge.aujourdhui()
    bulletin = soumettre(conseil, periode, auteurs)
    if periode in RENVOIS:
        with horloge.figee(jour + timedelta(days=1)):
            _renvoyer(bulletin, *RENVOIS[periode], auteurs)
    with horloge.figee(jour + timedelta(days=2)):
        circuit.viser(bulletin=bulletin, nom=str(auteurs["presidence"]), auteur=auteurs["presidence"])
    with horloge.figee(jour + timedelta(days=3)):
        circuit.diffuser(bulletin=bulletin, auteur=auteurs["coordination"])
        _lus(bulletin)


def soumettre(conseil, periode: str, auteurs: Auteurs):
    from pupitre.observatoire.diffusion import circuit, editions

    bulletin = editions.preparer_periode(conseil=conseil, periode=periode, auteur=auteurs["coordination"])
    circuit.soumettre(bulletin=bulletin, auteur=auteurs["coordination"])
    return bulletin


def _renvoyer(bulletin, remarque: str, accroche: str, auteurs: Auteurs) -> None:
    """The president asks for a word more; the coordinator writes it over the proposed comment."""
    from pupitre.observatoire.diffusion import circuit, editions

    circuit.renvoyer(
        bulletin=bulletin, remarque=remarque, nom=str(auteurs["presidence"]), auteur=auteurs["presidence"]
    )
    editions.relire(bulletin=bulletin, saisis={"accroche": accroche}, auteur=auteurs["coordination"])
    bulletin.refresh_from_db()
    circuit.soumettre(bulletin=bulletin, auteur=auteurs["coordination"])


def _lus(bulletin) -> None:
    """Most have opened what they received."""
    from pupitre.acces import actes

    for envoi in list(bulletin.envois.select_related("lien"))[:-1]:
        actes.noter_ouverture(envoi.lien)


def echanger(chronologie: Chronologie, conseil, sources: Mapping[str, Any], auteurs: Auteurs) -> None:
    """Requests of data: one's own, one delivered with reservations, one refused at once, one that waits."""
    qui = {o.nom: o for o in conseil.organisations.all()}
    for d in DEMANDES:
        noter = _Demande(conseil, qui[d.organisation], auteurs[d.compte], sources[d.source], d, auteurs)
        chronologie.noter(d.jour, noter.deposer)
        if d.transmise:
            chronologie.noter(d.transmise, noter.transmettre)
        if d.reserve:
            chronologie.noter(d.transmise + timedelta(days=7), noter.repondre)
            chronologie.noter(d.transmise + timedelta(days=9), noter.preparer)
            chronologie.noter(d.transmise + timedelta(days=12), noter.viser)


@dataclass
class _Demande:
    """One request along its steps."""

    conseil: Any
    organisation: Any
    compte: Any
    source: Any
    prevue: DemandePrevue
    auteurs: Auteurs
    demande: Any = None

    def deposer(self) -> None:
        from pupitre.observatoire.demandes import services

        with transaction.atomic():
            self.demande = services.deposer(
                conseil=self.conseil,
                organisation=self.organisation,
                auteur=self.compte,
                contenu=services.Contenu(
                    sources={self.source: []},
                    perimetre="conseil",
                    debut=self.prevue.debut,
                    fin=self.prevue.fin,
                    usage=self.prevue.usage,
                    lecteurs="La direction de la proximité et ses chefs d’agence.",
                    jusqu_au=date(2027, 6, 30),
                ),
            )

    def transmettre(self) -> None:
        from pupitre.observatoire.demandes import services

        services.transmettre(demande=self.demande, auteur=self.auteurs["coordination"])

    def repondre(self) -> None:
        from pupitre.observatoire.demandes import services

        repond = self.auteurs["police"]
        services.repondre(
            demande=self.demande, organisation=self.source.organisation, sens="reserves",
            texte=self.prevue.reserve, nom=str(repond), auteur=repond,
        )  # fmt: skip

    def preparer(self) -> None:
        from pupitre.observatoire.demandes import services

        services.preparer(demande=self.demande, auteur=self.auteurs["coordination"])

    def viser(self) -> None:
        from pupitre.observatoire.demandes import services

        presidence = self.auteurs["presidence"]
        services.viser(demande=self.demande, nom=str(presidence), auteur=presidence)


def questionner(chronologie: Chronologie, conseil, auteurs: Auteurs) -> None:
    """Two questions of elected officials: one answered, one that waits."""
    from pupitre.observatoire.diffusion import circuit, demandes_diagnostic
    from pupitre.observatoire.models import DemandeDiagnostic

    posees: dict[str, Any] = {}

    def poser(titre, question, commune, qui, pour_le=None):
        posees[titre] = demandes_diagnostic.demander(
            demande=DemandeDiagnostic(
                conseil=conseil, titre=titre, question=question, commune_id=commune,
                demandeur=auteurs[qui], pour_le=pour_le,
            )
        )  # fmt: skip

    def repondre():
        bulletin = demandes_diagnostic.ecrire(
            demande=posees[GARE],
            indicateurs=[
                "police-faits-localises.vols_dans_vehicules",
                "creteil-prevention.inc:degradation_pm",
                "doleances-creteil.inc:doleance_stationnement",
            ],
            perimetre="commune:94028",
            dernier_mois=date(2026, 9, 1),
            mois=6,
            auteur=auteurs["coordination"],
        )
        circuit.soumettre(bulletin=bulletin, auteur=auteurs["coordination"])
        with horloge.figee(horloge.aujourdhui() + timedelta(days=1)):
            circuit.viser(bulletin=bulletin, nom=str(auteurs["presidence"]), auteur=auteurs["presidence"])
            circuit.diffuser(bulletin=bulletin, auteur=auteurs["coordination"])

    chronologie.noter(
        date(2026, 11, 3),
        lambda: poser(
            GARE,
            "Des habitants disent que cela n’a jamais été aussi fréquent. Est-ce le cas\u202f?",
            "94028",
            "elu",
        ),
    )
    chronologie.noter(date(2026, 11, 12), repondre)
    chronologie.noter(
        date(2026, 11, 19),
        lambda: poser(
            "Tapages de nuit",
            "La réunion publique du 3 décembre portera sur le bruit. Que disent nos chiffres depuis l’été\u202f?",
            "94002",
            "maire",
            date(2026, 12, 1),
        ),
    )
