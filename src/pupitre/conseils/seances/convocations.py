"""Who is called, how, and what they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.annuaire.models import Personne
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Convocation, Membre, Seance
from pupitre.conseils.seances import calendrier, papiers, reglages
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.passages import exiger_preparable, passer
from pupitre.conseils.seances.pieces import ecrire
from pupitre.conseils.seances.selectors import etat_de, fonctions_le, jour_de, membres_le
from pupitre.documents import convocation as imprimes
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre, Piece
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import date_longue

REPONSE = "reponse-convocation"
ICS = "text/calendar; method={}"
RAPPELS_MAX = 2


@dataclass(frozen=True, slots=True)
class EcartDeListe:
    """`oublies`: members of that day who are not called. `partis`: called as members, and not so that day."""

    oublies: tuple[Membre, ...]
    partis: tuple[Convocation, ...]


def ecart_de_liste(seance: Seance) -> EcartDeListe:
    membres = list(membres_le(seance.formation, jour_de(seance)))
    appeles = list(papiers.convoques(seance))
    ids = {c.personne_id for c in appeles}
    sieges = {m.personne_id for m in membres}
    return EcartDeListe(
        tuple(m for m in membres if m.personne_id not in ids),
        tuple(c for c in appeles if c.membre_id and c.personne_id not in sieges),
    )


@transaction.atomic
def dresser(*, seance: Seance) -> int:
    """Add the members of that day who are not on the list yet. How many."""
    exiger_preparable(seance)
    oublies = ecart_de_liste(seance).oublies
    fonctions = fonctions_le([m.personne_id for m in oublies], jour_de(seance))
    Convocation.objects.bulk_create(
        Convocation(
            seance=seance,
            personne=m.personne,
            membre=m,
            organisation=m.organisation or _organisation(fonctions, m.personne_id),
            qualite=m.qualite or _intitule(fonctions, m.personne_id) or m.get_titre_display(),
            par_courrier=not m.personne.email,
        )
        for m in {m.personne_id: m for m in oublies}.values()
    )
    return len(oublies)


def _organisation(fonctions, personne: int):
    return fonctions[personne].organisation if personne in fonctions else None


def _intitule(fonctions, personne: int) -> str:
    return fonctions[personne].intitule if personne in fonctions else ""


@transaction.atomic
def inviter(*, seance: Seance, personne: Personne, qualite: str = "") -> Convocation:
    """Call somebody who has no seat. Raises ValidationError when already called, GesteRefuse."""
    exiger_preparable(seance)
    if personne.conseil_id != seance.formation.conseil_id:
        raise GesteRefuse(
            "Cette personne n’est pas invitée.",
            "Sa fiche appartient à un autre conseil.",
            "Créez sa fiche dans votre annuaire.",
        )
    fonctions = fonctions_le([personne.pk], jour_de(seance))
    appel = Convocation(
        seance=seance,
        personne=personne,
        organisation=_organisation(fonctions, personne.pk),
        qualite=qualite.strip() or _intitule(fonctions, personne.pk),
        par_courrier=not personne.email,
    )
    appel.full_clean()
    appel.save()
    return appel


@transaction.atomic
def retirer(*, convocation: Convocation) -> None:
    """Take off the list somebody who was not written to yet."""
    exiger_preparable(convocation.seance)
    if convocation.envoyee_le:
        raise GesteRefuse(
            "Cette convocation reste sur la liste.",
            "Elle est déjà partie.",
            "Prévenez la personne\u202f: sa réponse peut être notée ici.",
        )
    convocation.delete()


@transaction.atomic
def envoyer(*, seance: Seance, auteur=None) -> int:
    """Write to all who were not: letter, PDF, calendar, personal link. How many were called, post included.

    Raises:
        GesteRefuse: no date, a date that has passed, nobody, or the séance is not prepared any more.
    """
    tenue = Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    exiger_preparable(tenue)
    if tenue.debut is None or tenue.debut <= horloge.maintenant():
        raise GesteRefuse(
            "Les convocations ne peuvent pas partir.",
            "La séance n’a pas de date à venir.",
            "Fixez sa date, puis envoyez-les.",
        )
    attendus = list(papiers.convoques(tenue).filter(envoyee_le__isnull=True))
    if not attendus:
        raise GesteRefuse(
            "Aucune convocation n’est à envoyer.",
            "Personne n’est sur la liste, ou chacun a déjà reçu la sienne.",
            "Reprenez les membres de la formation, ou invitez quelqu’un.",
        )
    passer(tenue, EtatSeance.CONVOQUEE, auteur=auteur)
    _ecrire_a_tous(tenue, attendus, _lettre_de_convocation, f"convocation:{tenue.sequence}", auteur)
    Convocation.objects.filter(pk__in=[c.pk for c in attendus]).update(envoyee_le=horloge.maintenant())
    return len(attendus)


def _ecrire_a_tous(seance: Seance, appels, composer, cle: str, auteur, rappel: bool = False) -> int:
    """One letter each, with its paper and its calendar; those without an address are left to the post."""
    conseil = seance.formation.conseil
    imprimee, regle = papiers.imprimer(seance), reglages.reglage(conseil)
    joignables = [c for c in appels if c.personne.email]
    pdfs = [b""] * len(joignables) if rappel else papiers.convocations_separees(seance, joignables)
    rendezvous = None if rappel else calendrier.rendezvous(seance)
    ecrits = 0
    for c, pdf in zip(joignables, pdfs, strict=True):
        c.seance = seance
        adresse = _lien(c, conseil, auteur)
        pieces = _pieces(c, pdf, rendezvous, adresse) if rendezvous else ()
        _, nouveau = poster(
            composer(c, imprimee, adresse, pieces),
            cle=f"{cle}:{c.pk}",
            destinataire=c.personne.email,
            nom=str(c.personne),
            categorie="convocation",
            perimetre=conseil.slug,
            expediteur=str(conseil),
            repondre_a=regle.repondre_a,
        )
        ecrits += nouveau
    return ecrits


def _lien(convocation: Convocation, conseil, auteur) -> str:
    """The address by which that person answers until the séance begins: one for all the letters."""
    seance = convocation.seance
    lien = LienActe.objects.filter(
        acte=REPONSE, objet=str(convocation.pk), revoque_le__isnull=True
    ).first() or actes.creer(
        acte=REPONSE,
        objet=convocation.pk,
        conseil=conseil,
        nom=str(convocation.personne),
        email=convocation.personne.email,
        jours=1,
        gestes_max=0,
        auteur=auteur,
    )
    LienActe.objects.filter(pk=lien.pk).update(expire_le=seance.debut)
    return adresse_complete(reverse("reponse-convocation", args=[actes.jeton(lien)]))


def _pieces(convocation: Convocation, pdf: bytes, rendezvous, adresse: str) -> tuple[Piece, ...]:
    seance = convocation.seance
    dossier = f"seances/{seance.pk}/convocations/{convocation.pk}-{seance.sequence}"
    ecrire(f"{dossier}.pdf", pdf)
    ecrire(f"{dossier}.ics", calendrier.pour(rendezvous, convocation.personne, adresse))
    return (
        Piece("convocation.pdf", f"{dossier}.pdf"),
        Piece("invitation.ics", f"{dossier}.ics", ICS.format("REQUEST")),
    )


_PIED = "Ce lien est personnel\u202f: il ne sert qu’à votre réponse, jusqu’à la séance."


def _lettre_de_convocation(c: Convocation, imprimee, adresse: str, pieces) -> Lettre:
    return Lettre(
        objet=f"Convocation\u202f: {imprimee.titre}, {imprimee.quand}",
        paragraphes=(
            f"Vous êtes invité à la séance «\u202f{imprimee.titre}\u202f», {imprimee.quand}"
            f"{f', {imprimee.lieu}' if imprimee.lieu else ''}.",
            "Dites en une minute si vous serez présent, suppléé ou excusé.",
        ),
        bouton=Bouton("Répondre", adresse),
        lignes=tuple(imprimes.lettre.ligne_de_point(p) for p in imprimee.points),
        suite=("La convocation et le rendez-vous pour votre agenda sont joints.",),
        pied=_PIED,
        pieces=pieces,
    )


def _lettre_de_changement(date_changee: bool):
    def composer(c: Convocation, imprimee, adresse: str, pieces) -> Lettre:
        quoi = "change de date" if date_changee else "change de lieu ou de durée"
        reprise = ("Votre réponse est à redonner, pour cette nouvelle date.",) if date_changee else ()
        return Lettre(
            objet=f"Changement\u202f: {imprimee.titre}, {imprimee.quand}",
            paragraphes=(
                f"La séance «\u202f{imprimee.titre}\u202f» {quoi}\u202f: elle se tiendra "
                f"{imprimee.quand}{f', {imprimee.lieu}' if imprimee.lieu else ''}.",
                *reprise,
            ),
            bouton=Bouton("Répondre", adresse),
            suite=("Ouvrez le rendez-vous joint\u202f: il remplace l’ancien dans votre agenda.",),
            pied=_PIED,
            pieces=pieces,
        )

    return composer


def _lettre_de_rappel(c: Convocation, imprimee, adresse: str, pieces) -> Lettre:
    return Lettre(
        objet=f"Votre réponse est attendue\u202f: {imprimee.titre}, {imprimee.quand}",
        paragraphes=(
            f"La séance «\u202f{imprimee.titre}\u202f» se tient {imprimee.quand}"
            f"{f', {imprimee.lieu}' if imprimee.lieu else ''}. Nous n’avons pas encore votre réponse.",
        ),
        bouton=Bouton("Répondre", adresse),
        pied=_PIED,
    )


def _prevenus(seance: Seance) -> list[Convocation]:
    return list(papiers.convoques(seance).filter(envoyee_le__isnull=False))


def prevenir_du_changement(seance: Seance, *, date_changee: bool, auteur=None) -> int:
    """The new date or place, to all who were called. A new date asks the answers again."""
    appels = _prevenus(seance)
    if date_changee:
        Convocation.objects.filter(pk__in=[c.pk for c in appels]).update(
            reponse=Convocation.Reponse.ATTENDUE, repondu_le=None, suppleant="", relances=0
        )
    cle = f"convocation:{seance.sequence}"
    return _ecrire_a_tous(seance, appels, _lettre_de_changement(date_changee), cle, auteur)


def prevenir_de_l_annulation(seance: Seance, raison: str) -> int:
    """To all who were called, with what takes the meeting off their calendars. Their links fall."""
    imprimee = papiers.imprimer(seance)
    conseil, ecrits = seance.formation.conseil, 0
    regle = reglages.reglage(conseil)
    for c in _prevenus(seance):
        actes.retirer_tous(acte=REPONSE, objet=c.pk)
        if not c.personne.email:
            continue
        c.seance = seance
        relatif = f"seances/{seance.pk}/convocations/{c.pk}-{seance.sequence}.ics"
        ecrire(relatif, calendrier.invitation_de(c, annule=True))
        _, nouveau = poster(
            Lettre(
                objet=f"Séance annulée\u202f: {imprimee.titre}, {imprimee.quand}",
                paragraphes=(f"La séance prévue {imprimee.quand} n’aura pas lieu.", raison),
                suite=("Ouvrez le rendez-vous joint\u202f: il retire la séance de votre agenda.",),
                pied="Vous recevez ce message parce que vous étiez convoqué.",
                pieces=(Piece("annulation.ics", relatif, ICS.format("CANCEL")),),
            ),
            cle=f"annulation:{seance.pk}:{c.pk}",
            destinataire=c.personne.email,
            nom=str(c.personne),
            categorie="convocation",
            perimetre=conseil.slug,
            expediteur=str(conseil),
            repondre_a=regle.repondre_a,
        )
        ecrits += nouveau
    return ecrits


@transaction.atomic
def repondre(
    *, convocation: Convocation, reponse: str, suppleant: str = "", lien: LienActe | None = None
) -> Convocation:
    """Keep an answer: by the link, or noted by the team after a call. The last one counts.

    Raises:
        GesteRefuse: the séance has begun or is cancelled, or a deputy without a name.
    """
    etat = etat_de(convocation.seance)
    if etat not in (EtatSeance.EN_PREPARATION, EtatSeance.CONVOQUEE):
        raise GesteRefuse(
            "La réponse n’est pas enregistrée.",
            f"La séance est {EtatSeance(etat).label}.",
            "Écrivez à la coordination si vous devez la prévenir.",
        )
    suppleant = " ".join(re.sub(r"[\x00-\x1f]", " ", suppleant).split())[:160]
    supplee = reponse == Convocation.Reponse.SUPPLEE
    if supplee and not suppleant:
        raise GesteRefuse(
            "La réponse n’est pas enregistrée.",
            "Il manque le nom de la personne qui vous suppléera.",
            "Écrivez son prénom et son nom.",
        )
    if lien is not None:
        actes.accomplir(lien, reponse)
    convocation.reponse = reponse
    convocation.suppleant = suppleant if supplee else ""
    convocation.repondu_le = None if reponse == Convocation.Reponse.ATTENDUE else horloge.maintenant()
    convocation.full_clean(validate_unique=False, validate_constraints=False)
    convocation.save(update_fields=["reponse", "suppleant", "repondu_le"])
    return convocation


def sans_reponse(seance: Seance) -> list[Convocation]:
    return list(
        papiers.convoques(seance).filter(
            envoyee_le__isnull=False, reponse=Convocation.Reponse.ATTENDUE, relances__lt=RAPPELS_MAX
        )
    )


@transaction.atomic
def relancer(*, seance: Seance, jour: date, auteur=None) -> int:
    """Remind those who have not answered, at most once a day and twice in all. How many letters."""
    if etat_de(seance) != EtatSeance.CONVOQUEE or jour_de(seance) < jour:
        return 0
    attendus = sans_reponse(seance)
    cle = f"rappel-convocation:{seance.sequence}:{jour:%Y%m%d}"
    ecrits = _ecrire_a_tous(seance, attendus, _lettre_de_rappel, cle, auteur, rappel=True)
    for c in attendus:
        c.relances += 1
    if ecrits:
        Convocation.objects.bulk_update(attendus, ["relances"])
    return ecrits


def rappeler(jour: date) -> int:
    """What falls due that day: N days before, and the day before."""
    total = 0
    horizon = jour + timedelta(days=60)
    proches = Seance.objects.filter(
        etat=EtatSeance.CONVOQUEE, debut__gte=horloge.fin_du(jour), debut__lt=horloge.fin_du(horizon)
    )
    for seance in proches.select_related("formation__conseil"):
        reste = (timezone.localdate(seance.debut) - jour).days
        rappel = reglages.reglage(seance.formation.conseil).rappel
        if reste in {rappel, 1}:
            total += relancer(seance=seance, jour=jour)
    return total


@dataclass(frozen=True, slots=True)
class Verdict:
    """Is it still time? `limite`: the last day for the convocations to leave."""

    limite: date | None
    en_retard: bool
    phrase: str


def verdict_des_delais(seance: Seance) -> Verdict:
    jours = reglages.delai(seance.formation)
    if seance.debut is None:
        return Verdict(None, False, f"Les convocations partent {jours} jours avant la séance.")
    limite = jour_de(seance) - timedelta(days=jours)
    retard = horloge.aujourdhui() > limite
    phrase = f"Les convocations partent avant le {date_longue(limite)}, {jours} jours avant la séance."
    if retard:
        phrase = (
            f"Le délai de {jours} jours du règlement intérieur est passé depuis le {date_longue(limite)}\u202f: "
            "une convocation envoyée maintenant peut être contestée."
        )
    return Verdict(limite, retard, phrase)
