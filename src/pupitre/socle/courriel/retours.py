"""What a mail server gives back: a delivery report (RFC 3464) finds the letter that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from pupitre.socle import horloge
from pupitre.socle.courriel.boite import signaler_retour
from pupitre.socle.courriel.envoi import message_id
from pupitre.socle.courriel.modele import Courriel

# A server that gives up after more than a month does not exist.
MEMOIRE = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Retour:
    """`definitif`: the server has given up, and does not only say that it is late."""

    message: str
    destinataire: str
    definitif: bool
    dit: str


def lire(octets: bytes) -> Retour | None:
    """The failure that a message reports; None for anything else, an answer of absence included."""
    message = message_from_bytes(octets, policy=policy.default)
    etat, original = None, ""
    for partie in message.walk():
        genre = partie.get_content_type()
        if genre == "message/delivery-status":
            etat = etat or _destinataire(partie)
        elif genre in ("message/rfc822", "text/rfc822-headers"):
            original = original or _message_id(partie)
    if etat is None or not original:
        return None
    adresse = etat.get("Final-Recipient", etat.get("Original-Recipient", "")).rpartition(";")[2].strip()
    dit = etat.get("Diagnostic-Code", "").partition(";")[2].strip() or etat.get("Status", "")
    return Retour(original, adresse, etat.get("Action", "").strip().lower() == "failed", dit[:500])


def _destinataire(partie: EmailMessage) -> EmailMessage | None:
    """The group of fields of the first recipient."""
    return next((g for g in _groupes(partie) if g.get("Action")), None)


def _groupes(partie: EmailMessage) -> Iterator[EmailMessage]:
    contenu = partie.get_payload()
    yield from contenu if isinstance(contenu, list) else []


def _message_id(partie: EmailMessage) -> str:
    contenu = partie.get_payload()
    if isinstance(contenu, list):
        return str(contenu[0].get("Message-ID", "")).strip()
    return str(message_from_bytes(str(contenu).encode(), policy=policy.default).get("Message-ID", "")).strip()


def enregistrer(octets: bytes) -> Courriel | None:
    """The letter that came back, now marked so; None when the message is no failure, or of no letter of ours."""
    retour = lire(octets)
    if retour is None or not retour.definitif:
        return None
    partis = Courriel.objects.filter(
        destinataire__iexact=retour.destinataire, envoye_le__gte=horloge.maintenant() - MEMOIRE
    )
    courriel = next((c for c in partis if message_id(c.cle) == retour.message), None)
    if courriel is None or not signaler_retour(courriel=courriel, dit=retour.dit):
        return None
    return courriel
