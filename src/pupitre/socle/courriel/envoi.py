"""From a letter to the mail server: written in the caller's transaction, sent after commit, at most once."""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import time
from datetime import timedelta
from email.utils import formataddr
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.template.loader import render_to_string

from pupitre.socle import horloge
from pupitre.socle.courriel import EN_FOND
from pupitre.socle.courriel.absent import PasDeServeur
from pupitre.socle.courriel.lettre import Lettre
from pupitre.socle.courriel.modele import Courriel

ESSAIS_MAX = 6
# Past this delay, a letter being sent was left by a process that died: nobody knows whether it left.
ABANDON = timedelta(minutes=15)
# Servers count what one connection brings, and hang up.
LETTRES_PAR_CONNEXION = 50
# Seconds. Whoever waits for SQLite asks again every 25 ms at most during its first tenth of a second.
PAUSE = 0.03


def adresse_complete(chemin: str) -> str:
    """An address of this site as it is written in a letter."""
    return settings.CONFIGURATION.adresse.rstrip("/") + chemin


def poster(
    lettre: Lettre,
    *,
    cle: str,
    destinataire: str,
    nom: str = "",
    categorie: str,
    perimetre: str = "",
    expediteur: str = "",
    repondre_a: str = "",
) -> tuple[Courriel, bool]:
    """Keep a letter and have it sent after commit. Asked again with the same `cle`, nothing is written twice.

    Returns:
        The letter, and whether it is new.
    """
    contexte = {"lettre": lettre, "nom": nom, "expediteur": expediteur or "Pupitre"}
    courriel, nouveau = Courriel.objects.get_or_create(
        cle=_cle(cle, destinataire),
        defaults={
            "perimetre": perimetre,
            "categorie": categorie,
            "destinataire": destinataire,
            "nom": nom,
            "expediteur": expediteur,
            "repondre_a": repondre_a,
            # a header is one line; the no-break spaces of French stay
            "objet": re.sub(r"[ \t\r\n]+", " ", lettre.objet).strip()[:200],
            "texte": render_to_string("courriel/lettre.txt", contexte),
            "html": render_to_string("courriel/lettre.html", contexte),
            "arret": lettre.arret,
            "pieces": [{"nom": p.nom, "chemin": p.chemin, "type": p.type} for p in lettre.pieces],
        },
    )
    if nouveau:
        from pupitre.socle.tasks import envoyer_courriel

        transaction.on_commit(lambda: envoyer_courriel.enqueue(courriel.pk))
        transaction.on_commit(_laisser_ecrire)
    return courriel, nouveau


def _laisser_ecrire() -> None:
    """On SQLite one process writes at a time: one that gives way to pages lets a note be kept between two letters."""
    if connection.vendor == "sqlite" and os.environ.get(EN_FOND):
        time.sleep(PAUSE)


def deja_poste(cle: str, destinataire: str) -> bool:
    """Was that reason already written about to that person? Asked before what goes in the letter is made."""
    return Courriel.objects.filter(cle=_cle(cle, destinataire)).exists()


def _cle(cle: str, destinataire: str) -> str:
    """The reason, and to whom: an address does not fit in the 200 characters, its digest does."""
    return f"{cle[:150]}:{hashlib.sha256(destinataire.lower().encode()).hexdigest()[:24]}"


def envoyer(pk: int, connexion: BaseEmailBackend | None = None) -> None:
    """Send one letter if it still waits. The state is written before and after the server is spoken to.

    Args:
        connexion: to the mail server, kept open from one letter to the next; closed when the server complains.
    """
    courriel = _prendre(pk)
    if courriel is None:
        return
    try:
        _remettre(courriel, connexion)
    except smtplib.SMTPRecipientsRefused as erreur:
        _noter(courriel, Courriel.Etat.REFUSE, _dire(erreur))
    except PasDeServeur as erreur:
        Courriel.objects.filter(pk=pk).update(
            etat=Courriel.Etat.A_ENVOYER, erreur=str(erreur), pas_avant=horloge.maintenant() + ABANDON
        )
    except (OSError, smtplib.SMTPException) as erreur:
        if connexion is not None:
            connexion.close()
        _reporter(courriel, _dire(erreur))
    else:
        _noter(courriel, Courriel.Etat.ENVOYE)


def _prendre(pk: int) -> Courriel | None:
    """Mark the letter as being sent; None if somebody else has it, or if it is not time."""
    maintenant = horloge.maintenant()
    pris = Courriel.objects.filter(pk=pk, etat=Courriel.Etat.A_ENVOYER, pas_avant__lte=maintenant).update(
        etat=Courriel.Etat.EN_ENVOI, envoi_le=maintenant
    )
    return Courriel.objects.get(pk=pk) if pris else None


def _remettre(courriel: Courriel, connexion: BaseEmailBackend | None) -> None:
    configuration = settings.CONFIGURATION
    if settings.COURRIELS_GARDES:
        return
    if connexion is not None:
        connexion.open()
    message = EmailMultiAlternatives(
        subject=courriel.objet,
        body=courriel.texte,
        from_email=formataddr((courriel.expediteur or "Pupitre", configuration.courriel_expediteur)),
        to=[formataddr((courriel.nom, courriel.destinataire))],
        reply_to=[courriel.repondre_a] if courriel.repondre_a else None,
        headers={"Message-ID": message_id(courriel.cle), "Auto-Submitted": "auto-generated"}
        | _desabonnement(courriel.arret),
        connection=connexion or get_connection(),
    )
    if courriel.html:
        message.attach_alternative(courriel.html, "text/html")
    for piece in courriel.pieces:
        chemin = Path(configuration.donnees) / piece["chemin"]
        message.attach(piece["nom"], chemin.read_bytes(), piece["type"])
    message.send()


def message_id(cle: str) -> str:
    """What a mail server quotes when it gives a letter back."""
    return f"<{hashlib.sha256(cle.encode()).hexdigest()[:32]}@pupitre.invalid>"


def _desabonnement(adresse: str) -> dict[str, str]:
    """RFC 2369 and 8058: the reader's own « ne plus recevoir » button."""
    if not adresse:
        return {}
    return {"List-Unsubscribe": f"<{adresse}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _noter(courriel: Courriel, etat: str, erreur: str = "") -> None:
    courriel.etat = etat
    courriel.erreur = erreur
    courriel.essais += 1
    if etat == Courriel.Etat.ENVOYE:
        courriel.envoye_le = horloge.maintenant()
    courriel.save(update_fields=["etat", "erreur", "essais", "envoye_le"])


def _reporter(courriel: Courriel, erreur: str) -> None:
    """Try again later, more and more rarely, then give up and say so."""
    courriel.essais += 1
    courriel.erreur = erreur
    epuise = courriel.essais >= ESSAIS_MAX
    courriel.etat = Courriel.Etat.REFUSE if epuise else Courriel.Etat.A_ENVOYER
    courriel.pas_avant = horloge.maintenant() + timedelta(minutes=5 * 3 ** (courriel.essais - 1))
    courriel.save(update_fields=["essais", "erreur", "etat", "pas_avant"])


def _dire(erreur: Exception) -> str:
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        code, message = next(iter(erreur.recipients.values()))
        return f"{code} {message.decode('utf-8', 'replace') if isinstance(message, bytes) else message}"
    return f"{type(erreur).__name__}\u202f: {erreur}"[:500]


def a_envoyer() -> int:
    """How many letters wait and may leave now."""
    return Courriel.objects.filter(etat=Courriel.Etat.A_ENVOYER, pas_avant__lte=horloge.maintenant()).count()


def relever() -> dict[str, int]:
    """What `pupitre taches` does: send what is due, and say of what was interrupted that nobody knows."""
    maintenant = horloge.maintenant()
    incertains = Courriel.objects.filter(
        etat=Courriel.Etat.EN_ENVOI, envoi_le__lt=maintenant - ABANDON
    ).update(
        etat=Courriel.Etat.INCERTAIN,
        erreur="L’envoi a été interrompu\u202f: le message est peut-être parti.",
    )
    dus = list(
        Courriel.objects.filter(etat=Courriel.Etat.A_ENVOYER, pas_avant__lte=maintenant)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for debut in range(0, len(dus), LETTRES_PAR_CONNEXION):
        connexion = get_connection()
        try:
            for pk in dus[debut : debut + LETTRES_PAR_CONNEXION]:
                envoyer(pk, connexion)
        finally:
            connexion.close()
    return {"traites": len(dus), "incertains": incertains}


def renvoyer(*, courriel: Courriel) -> bool:
    """A person has decided that a letter refused, returned or uncertain should leave again. False otherwise."""
    repris = Courriel.objects.filter(
        pk=courriel.pk,
        etat__in=(Courriel.Etat.REFUSE, Courriel.Etat.REVENU, Courriel.Etat.INCERTAIN),
    ).update(etat=Courriel.Etat.A_ENVOYER, essais=0, erreur="", pas_avant=horloge.maintenant())
    if repris:
        from pupitre.socle.tasks import envoyer_courriel

        transaction.on_commit(lambda: envoyer_courriel.enqueue(courriel.pk))
    return bool(repris)
