"""Everyone asked to check their own card: what they correct on it is applied, what they say of their post is read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.annuaire.models import CampagneDeFiches, DemandeDeFiche, Personne
from pupitre.annuaire.selectors import du_conseil, tenues_le
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import date_longue, mois_annee
from pupitre.territoires.models import Conseil

FICHE = "fiche"
# What a person may correct alone. Name and functions are the team's to change.
CORRIGEABLES = ("email", "telephone", "telephone_prive", "adresse")


class CampagneRefusee(ErreurPupitre):
    """Nobody to write to."""


@transaction.atomic
def lancer(*, conseil: Conseil, personnes: Iterable[int], echeance: date, auteur=None) -> CampagneDeFiches:
    """One letter and one link for each card that has an address.

    Raises:
        CampagneRefusee: none of them has one, or the date is past.
    """
    if echeance < horloge.aujourdhui():
        raise CampagneRefusee(
            "La date de réponse est passée.",
            "Personne ne pourrait répondre.",
            "Choisissez une date à venir.",
        )
    choisies = list(du_conseil(conseil).filter(pk__in=list(personnes)).exclude(email=""))
    if not choisies:
        raise CampagneRefusee(
            "Personne à qui écrire.",
            "Aucune des fiches choisies n’a d’adresse électronique.",
            "Élargissez le choix, ou complétez d’abord les adresses.",
        )
    campagne = CampagneDeFiches.objects.create(conseil=conseil, auteur=auteur, echeance=echeance)
    for personne in choisies:
        demande = DemandeDeFiche.objects.create(campagne=campagne, personne=personne, email=personne.email)
        _ecrire(demande, auteur)
    return campagne


def _ecrire(demande: DemandeDeFiche, auteur, rang: int = 1) -> None:
    campagne, personne = demande.campagne, demande.personne
    jours = max(1, (campagne.echeance - horloge.aujourdhui()).days + 15)
    demande.lien = actes.creer(
        acte=FICHE,
        objet=demande.pk,
        conseil=campagne.conseil,
        nom=str(personne),
        email=demande.email,
        jours=jours,
        auteur=auteur,
    )
    demande.save(update_fields=["lien"])
    adresse = adresse_complete(reverse("fiche-verifier", kwargs={"lien": actes.jeton(demande.lien)}))
    poster(
        Lettre(
            objet=f"Vos coordonnées dans l’annuaire du {campagne.conseil}",
            paragraphes=(
                "Bonjour,",
                f"Vous figurez dans l’annuaire des partenaires du {campagne.conseil}. Pouvez-vous vérifier "
                "votre fiche\u202f? Une minute suffit\u202f: si tout est juste, vous n’avez qu’à le confirmer.",
                f"Merci de répondre avant le {date_longue(campagne.echeance)}.",
            ),
            bouton=Bouton("Vérifier ma fiche", adresse),
            pied="Ce lien vous est personnel\u202f: il n’ouvre que votre fiche, et ne sert qu’une fois.",
        ),
        cle=f"fiche:{demande.pk}:{rang}",
        destinataire=demande.email,
        nom=str(personne),
        categorie="annuaire",
        perimetre=campagne.conseil.slug,
        expediteur=str(campagne.conseil),
        repondre_a=auteur.email if auteur is not None else "",
    )


@transaction.atomic
def relancer(*, campagne: CampagneDeFiches, auteur=None) -> int:
    """A new link to those who have not answered; the former falls. Once a day at most for each."""
    attendues = list(
        campagne.demandes.filter(repondue_le__isnull=True).select_related(
            "campagne__conseil", "personne", "lien"
        )
    )
    relancees = 0
    for demande in attendues:
        if demande.lien is not None and horloge.aujourdhui() <= horloge.jour_de(demande.lien.cree_le):
            continue
        actes.retirer_tous(acte=FICHE, objet=demande.pk)
        rang = 1 + LienActe.objects.filter(acte=FICHE, objet=str(demande.pk)).count()
        _ecrire(demande, auteur, rang)
        relancees += 1
    return relancees


def demande_du_lien(lien: LienActe) -> DemandeDeFiche | None:
    return (
        DemandeDeFiche.objects.select_related("personne", "campagne__conseil")
        .filter(pk=lien.objet, campagne__conseil=lien.conseil, personne__fusionnee_dans__isnull=True)
        .first()
    )


@transaction.atomic
def repondre(*, lien: LienActe, demande: DemandeDeFiche, valeurs: dict[str, str], proposition: str) -> None:
    """Apply the corrections, keep what they were, count the gesture.

    Raises:
        ValidationError, LienRefuse.
    """
    personne = Personne.objects.select_for_update(of=("self",)).get(pk=demande.personne_id)
    changements = [
        {"champ": c, "avant": getattr(personne, c), "apres": valeurs[c].strip()}
        for c in CORRIGEABLES
        if c in valeurs and valeurs[c].strip() != getattr(personne, c)
    ]
    for changement in changements:
        setattr(personne, changement["champ"], changement["apres"])
    personne.verifiee_le = horloge.aujourdhui()
    personne.full_clean()
    personne.save()
    demande.changements = changements
    demande.proposition = proposition.strip()
    demande.repondue_le = horloge.maintenant()
    demande.traitee_le = None if demande.proposition else demande.repondue_le
    demande.save()
    actes.accomplir(lien, "fiche vérifiée" if not changements else "fiche corrigée")


@transaction.atomic
def traiter(*, demande: DemandeDeFiche) -> None:
    """The team has read what the person says of their functions, and done what had to be done."""
    DemandeDeFiche.objects.filter(pk=demande.pk, repondue_le__isnull=False, traitee_le__isnull=True).update(
        traitee_le=horloge.maintenant()
    )


@transaction.atomic
def annuler_correction(*, demande: DemandeDeFiche) -> int:
    """Give back what the correction replaced, where nobody has written since. How many fields."""
    personne, rendus = demande.personne, 0
    for changement in demande.changements:
        if getattr(personne, changement["champ"]) == changement["apres"]:
            setattr(personne, changement["champ"], changement["avant"])
            rendus += 1
    personne.save()
    demande.changements = []
    demande.save(update_fields=["changements"])
    return rendus


def campagnes(conseil: Conseil) -> QuerySet[CampagneDeFiches]:
    return CampagneDeFiches.objects.filter(conseil=conseil).annotate(
        sollicitees=Count("demandes"),
        repondues=Count("demandes", filter=Q(demandes__repondue_le__isnull=False)),
        a_lire=Count(
            "demandes",
            filter=Q(demandes__repondue_le__isnull=False, demandes__traitee_le__isnull=True),
        ),
    )


def demandes(campagne: CampagneDeFiches) -> QuerySet[DemandeDeFiche]:
    return campagne.demandes.select_related("personne", "lien").order_by(
        "repondue_le", "personne__nom", "personne__prenom"
    )


def fonctions_dites(demande: DemandeDeFiche) -> list[str]:
    """What the card says that the person holds today, in words."""
    personne = Personne.objects.prefetch_related(tenues_le(horloge.aujourdhui())).get(pk=demande.personne_id)
    return [f"{f} (depuis {mois_annee(f.debut)})" for f in personne.tenues]
