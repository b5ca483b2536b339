"""A year of the observatory's life: what was sent, asked, answered. All invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from pupitre.cli.demonstration.comptes import DOMAINE
from pupitre.cli.demonstration.recit import CONTRIBUTIONS, DESTINATAIRES, FAITS
from pupitre.socle import horloge

Auteurs = Mapping[str, Any]


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


def diffuser(conseil, periode: str, auteurs: Auteurs, jour: date) -> None:
    """Write, ask for the visa, receive it two days later, send."""
    from pupitre.observatoire.diffusion import circuit, editions

    with horloge.figee(jour):
        bulletin = editions.preparer_periode(conseil=conseil, periode=periode, auteur=auteurs["coordination"])
        circuit.soumettre(bulletin=bulletin, auteur=auteurs["coordination"])
    with horloge.figee(jour + timedelta(days=2)):
        circuit.viser(bulletin=bulletin, nom=str(auteurs["presidence"]), auteur=auteurs["presidence"])
    with horloge.figee(jour + timedelta(days=3)):
        circuit.diffuser(bulletin=bulletin, auteur=auteurs["coordination"])
        _lus(bulletin)


def _lus(bulletin) -> None:
    """Most have opened what they received."""
    from pupitre.acces import actes

    for envoi in list(bulletin.envois.select_related("lien"))[:-1]:
        actes.noter_ouverture(envoi.lien)


def echanger(conseil, sources: Mapping[str, Any], auteurs: Auteurs) -> None:
    """Requests of data: one delivered with reservations, one that waits for its owner, one refused at once."""
    from pupitre.observatoire.demandes import services

    bailleur, police = auteurs["bailleur"], auteurs["police"]
    habitat = conseil.organisations.get(nom="Créteil Habitat")
    nationale = conseil.organisations.get(nom="Police nationale")

    def demander(qui, compte, source, usage, jour):
        with horloge.figee(jour), transaction.atomic():
            return services.deposer(
                conseil=conseil,
                organisation=qui,
                auteur=compte,
                contenu=services.Contenu(
                    sources={source: []},
                    perimetre="conseil",
                    debut=date(2026, 1, 1),
                    fin=date(2026, 6, 30),
                    usage=usage,
                    lecteurs="La direction de la proximité et ses chefs d’agence.",
                    jusqu_au=date(2027, 6, 30),
                ),
            )

    remise = demander(
        habitat,
        bailleur,
        sources["police-affinees"],
        "Préparer la réunion semestrielle de sécurité avec nos gardiens.",
        date(2026, 9, 7),
    )
    with horloge.figee(date(2026, 9, 9)):
        services.transmettre(demande=remise, auteur=auteurs["coordination"])
    with horloge.figee(date(2026, 9, 16)):
        services.repondre(
            demande=remise,
            organisation=nationale,
            sens="reserves",
            texte="Ne pas rapprocher de vos propres signalements\u202f: les faits se recouvrent.",
            nom=str(police),
            auteur=police,
        )
    with horloge.figee(date(2026, 9, 18)):
        services.preparer(demande=remise, auteur=auteurs["coordination"])
    with horloge.figee(date(2026, 9, 21)):
        services.viser(demande=remise, nom=str(auteurs["presidence"]), auteur=auteurs["presidence"])
    attente = demander(
        nationale,
        police,
        sources["creteil-habitat"],
        "Orienter les patrouilles de fin d’année vers les halls les plus touchés.",
        date(2026, 11, 16),
    )
    with horloge.figee(date(2026, 11, 17)):
        services.transmettre(demande=attente, auteur=auteurs["coordination"])


def questionner(conseil, auteurs: Auteurs) -> None:
    """Two questions of elected officials: one answered, one that waits."""
    from pupitre.observatoire.diffusion import circuit, demandes_diagnostic
    from pupitre.observatoire.models import DemandeDiagnostic

    def poser(titre, question, commune, qui, jour, pour_le=None):
        with horloge.figee(jour):
            return demandes_diagnostic.demander(
                demande=DemandeDiagnostic(
                    conseil=conseil, titre=titre, question=question, commune_id=commune,
                    demandeur=auteurs[qui], pour_le=pour_le,
                )
            )  # fmt: skip

    premiere = poser(
        "Véhicules fracturés autour de la gare",
        "Des habitants disent que cela n’a jamais été aussi fréquent. Est-ce le cas ?",
        None,
        "elu",
        date(2026, 11, 3),
    )
    with horloge.figee(date(2026, 11, 12)):
        bulletin = demandes_diagnostic.ecrire(
            demande=premiere,
            indicateurs=[
                "police-faits-localises.vols_dans_vehicules",
                "police-4001-mensuel.vols_dans_vehicules",
                "doleances-creteil.tout",
            ],
            perimetre="conseil",
            dernier_mois=date(2026, 9, 1),
            mois=6,
            auteur=auteurs["coordination"],
        )
        circuit.soumettre(bulletin=bulletin, auteur=auteurs["coordination"])
    with horloge.figee(date(2026, 11, 13)):
        circuit.viser(bulletin=bulletin, nom=str(auteurs["presidence"]), auteur=auteurs["presidence"])
        circuit.diffuser(bulletin=bulletin, auteur=auteurs["coordination"])
    poser(
        "Tapages de nuit",
        "La réunion publique du 3 décembre portera sur le bruit. Que disent nos chiffres depuis l’été ?",
        "94002",
        "maire",
        date(2026, 11, 19),
        date(2026, 12, 1),
    )


def relancer(jours: tuple[date, ...]) -> None:
    """What fell due on these days."""
    from pupitre.socle import devoirs

    for jour in jours:
        with horloge.figee(jour):
            devoirs.passer(jour)
