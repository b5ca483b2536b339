"""A year of the observatory: what its team settled, wrote down and pinned, on the day when it did. All invented."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pupitre.cli.demonstration import saisies, vie
from pupitre.cli.demonstration.chronologie import Chronologie
from pupitre.cli.demonstration.lieux import ecrire_ban
from pupitre.cli.demonstration.recit import COMMENTAIRE, POINTS, REPERES, SUIVIS, VUES

Auteurs = Mapping[str, Any]
LUNDIS = tuple(date(2025, 12, 1) + timedelta(weeks=i) for i in range(52))
# Weeks of facts of note that were sent; the last one waits for the visa.
SEMAINES = ("2026-W41", "2026-W42", "2026-W43", "2026-W44", "2026-W45", "2026-W46")
SEMAINE_AU_VISA = "2026-W47"
# Days on which everything that falls due was looked at, and not the late deliveries only.
PASSAGES = (date(2026, 10, 21), date(2026, 11, 23))


def lundi(semaine: str) -> date:
    return date.fromisocalendar(int(semaine[:4]), int(semaine[6:]), 1)


def importer_les_adresses(conseil, auteurs: Auteurs) -> None:
    """The invented streets, as an extract of the BAN: the registers of Limeil-Brévannes are located by it."""
    from pupitre.observatoire.collecte import adresses

    with tempfile.TemporaryDirectory(prefix="pupitre-ban-") as dossier:
        fichier = Path(dossier) / "adresses-fictives-94.csv"
        ecrire_ban(fichier)
        adresses.importer(conseil=conseil, fichier=fichier, nom=fichier.name, auteur=auteurs["coordination"])


def noter(chronologie: Chronologie, conseil, sources: Mapping[str, Any], auteurs: Auteurs) -> None:
    """Everything that the team does beside receiving files and writing bulletins."""
    noter = chronologie.noter
    noter(date(2025, 12, 4), lambda: _suivre(conseil))
    noter(date(2025, 12, 4), lambda: _attendre_les_points(conseil, auteurs))
    for jour, texte, perimetre, theme in REPERES:
        noter(jour, lambda j=jour, t=texte, p=perimetre, h=theme: _poser(conseil, j, t, p, h, auteurs))
    for nom, ecran, choix in VUES:
        noter(date(2026, 1, 15), lambda n=nom, e=ecran, c=choix: _garder(conseil, n, e, c, auteurs))
    for jour in LUNDIS:
        noter(jour, lambda j=jour: _relancer(j))
    for semaine in SEMAINES:
        noter(lundi(semaine) + timedelta(days=7), lambda s=semaine: _pointer(conseil, s, POINTS, auteurs))
        noter(lundi(semaine) + timedelta(days=7), lambda s=semaine: vie.diffuser(conseil, s, auteurs))
    noter(date(2026, 11, 23), lambda: _pointer(conseil, SEMAINE_AU_VISA, POINTS[:-1], auteurs))
    noter(date(2026, 11, 26), lambda: vie.soumettre(conseil, SEMAINE_AU_VISA, auteurs))
    noter(date(2026, 7, 6), lambda: _patienter(sources["creteil-habitat"], auteurs))
    noter(date(2026, 7, 1), lambda: _saisir_a_limeil(conseil, sources["doleances-limeil"], auteurs))
    noter(date(2026, 9, 30), lambda: vie.diffuser(conseil, "2026-08", auteurs))
    noter(date(2026, 11, 20), lambda: _commenter(conseil, auteurs))
    for jour in PASSAGES:
        noter(jour, lambda j=jour: _passer(j))
    saisies.saisir(chronologie, conseil, dict(auteurs))


def _suivre(conseil) -> None:
    """The eight figures that stay in sight, chosen once the first year is published."""
    from pupitre.moteur.resultats import Audience
    from pupitre.observatoire.chiffres import indicateurs_suivis
    from pupitre.observatoire.chiffres.lecteur import Lecteur

    indicateurs_suivis.choisir(
        lecteur=Lecteur.ouvrir(conseil, Audience.INTERNE),
        choix=[indicateurs_suivis.Choisi(*s) for s in SUIVIS],
    )


def _attendre_les_points(conseil, auteurs: Auteurs) -> None:
    from pupitre.observatoire.diffusion import listes

    listes.regler(
        conseil=conseil,
        auteur=auteurs["coordination"],
        visa_requis=True,
        expediteur="",
        repondre_a="",
        points_attendus=list(conseil.organisations.filter(nom__in=POINTS)),
    )


def _pointer(conseil, semaine: str, noms, auteurs: Auteurs) -> None:
    from pupitre.observatoire.diffusion import points_hebdo
    from pupitre.observatoire.diffusion.faits_marquants import Semaine

    for organisation in conseil.organisations.filter(nom__in=noms):
        points_hebdo.noter(
            conseil=conseil,
            organisation=organisation,
            semaine=Semaine(lundi(semaine)),
            auteur=auteurs["assistance"],
        )


def _poser(conseil, jour: date, texte: str, perimetre: str, theme: str, auteurs: Auteurs) -> None:
    from pupitre.observatoire.chiffres import reperes

    reperes.ecrire(
        conseil=conseil, jour=jour, texte=texte, perimetre=perimetre, thematique=theme, confirme=True,
        auteur=auteurs["coordination"], fictif=True,
    )  # fmt: skip


def _garder(conseil, nom: str, ecran: str, choix: Mapping[str, str], auteurs: Auteurs) -> None:
    from pupitre.observatoire.chiffres import vues

    vues.enregistrer(
        conseil=conseil, auteur=auteurs["coordination"], nom=nom, ecran=ecran, choix=choix, partagee=True
    )


def _relancer(jour: date) -> None:
    from pupitre.observatoire.collecte import relances

    relances.relancer(jour)


def _passer(jour: date) -> None:
    from pupitre.socle import devoirs

    devoirs.passer(jour)


def _patienter(source, auteurs: Auteurs) -> None:
    """A delay granted over the telephone: no letter until the referent is back."""
    from pupitre.observatoire.collecte import relances

    relances.suspendre(
        source=source,
        jusqu_au=date(2026, 7, 20),
        raison="La référente est en congé jusqu’au 20 juillet.",
        auteur=auteurs["assistance"],
    )


def _saisir_a_limeil(conseil, ancienne, auteurs: Auteurs) -> None:
    """The mayor's office gives up its workbook: nothing is expected of it, and what it enters has its convention."""
    from pupitre.observatoire.collecte import conventions, mois_doleances, services
    from pupitre.observatoire.models import Convention, Frequence

    services.regler_source(source=ancienne, frequence=Frequence.LIBRE)
    saisies_ = mois_doleances.source_des_saisies(conseil)
    modele = Convention.objects.filter(conseil=conseil, sources=ancienne).get()
    conventions.enregistrer(
        convention=Convention(
            conseil=conseil,
            organisation=saisies_.organisation,
            objet="Doléances saisies en mairie",
            referent=modele.referent,
            referent_email=modele.referent_email,
            destinataires=modele.destinataires,
            usages=modele.usages,
            debut=date(2026, 7, 1),
        ),
        sources=[saisies_],
        auteur=auteurs["coordination"],
    )


def _commenter(conseil, auteurs: Auteurs) -> None:
    """What the team writes under a figure of the dashboard, and shows to the mayors."""
    from pupitre.moteur.resultats import Audience
    from pupitre.observatoire.chiffres import annotations, tableau

    vu = tableau.composer(
        conseil=conseil,
        audience=Audience.INTERNE,
        demande=tableau.Demande(indicateur="police-4001-mensuel.vols_dans_vehicules"),
    ).principal
    if vu is None:
        raise LookupError("the figure to comment is not on the dashboard")
    annotations.ecrire(
        conseil=conseil, cle=vu.cle, texte=COMMENTAIRE, calcule=vu.calcule, montre=True, confirme=True,
        auteur=auteurs["coordination"],
    )  # fmt: skip


__all__ = ["PASSAGES", "SEMAINES", "importer_les_adresses", "noter"]
