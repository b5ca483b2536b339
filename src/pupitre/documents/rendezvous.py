"""Invitations and calendars (RFC 5545), as Thunderbird and Outlook open them.

Times are written in Europe/Paris with its VTIMEZONE; the same meeting keeps its UID, and each change raises SEQUENCE.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vDuration, vText

PARIS = ZoneInfo("Europe/Paris")
PRODUIT = "-//Pupitre//Seances//FR"
# By rule and not by list of dates: Outlook reads no other. The rule of the Union since 1996.
_VTIMEZONE = b"""BEGIN:VTIMEZONE
TZID:Europe/Paris
X-LIC-LOCATION:Europe/Paris
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")


class Methode(StrEnum):
    DEMANDE = "REQUEST"
    ANNULATION = "CANCEL"
    PUBLICATION = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """`ecrit_le`: when this version was written; two renderings of it give the same bytes.

    `provisoire`: nobody is called yet.
    """

    uid: str
    sequence: int
    titre: str
    debut: datetime
    minutes: int
    ecrit_le: datetime
    lieu: str = ""
    description: str = ""
    adresse: str = ""
    organisateur: str = ""
    organisateur_email: str = ""
    invite: str = ""
    invite_email: str = ""
    annule: bool = False
    provisoire: bool = False


@dataclass(frozen=True, slots=True)
class JourEntier:
    """Something due on a day: it takes no time."""

    uid: str
    titre: str
    jour: date
    ecrit_le: datetime
    description: str = ""
    adresse: str = ""


def invitation(rendezvous: Rendezvous) -> bytes:
    """One meeting for one person: the file that a mail program offers to add to the calendar, or to take off."""
    methode = Methode.ANNULATION if rendezvous.annule else Methode.DEMANDE
    return _calendrier([rendezvous], methode, "")


def agenda(
    nom: str,
    rendezvous: Iterable[Rendezvous],
    jours: Iterable[JourEntier] = (),
    *,
    relire: timedelta | None = None,
) -> bytes:
    """Several meetings to import, or to subscribe to: `relire` is then how often to read them again."""
    return _calendrier(list(rendezvous), Methode.PUBLICATION, nom, list(jours), relire)


def _calendrier(
    rendezvous: list[Rendezvous],
    methode: Methode,
    nom: str,
    jours: Iterable[JourEntier] = (),
    relire: timedelta | None = None,
) -> bytes:
    calendrier = Calendar()
    calendrier.add("prodid", PRODUIT)
    calendrier.add("version", "2.0")
    calendrier.add("calscale", "GREGORIAN")
    calendrier.add("method", methode.value)
    if nom:
        calendrier.add("x-wr-calname", nom)
        calendrier.add("x-wr-timezone", "Europe/Paris")
    if relire is not None:
        # RFC 7986 for Thunderbird and telephones, Microsoft's own for Outlook
        calendrier.add("refresh-interval", vDuration(relire, params={"VALUE": "DURATION"}))
        calendrier.add("x-published-ttl", vDuration(relire))
    calendrier.add_component(Timezone.from_ical(_VTIMEZONE))
    for r in rendezvous:
        calendrier.add_component(_evenement(r, methode))
    for j in jours:
        calendrier.add_component(_jour_entier(j))
    return calendrier.to_ical()


def _evenement(r: Rendezvous, methode: Methode) -> Event:
    evenement = Event()
    evenement.add("uid", r.uid)
    evenement.add("sequence", r.sequence)
    evenement.add("dtstamp", r.ecrit_le.astimezone(UTC))
    evenement.add("dtstart", r.debut.astimezone(PARIS))
    evenement.add("dtend", (r.debut + timedelta(minutes=r.minutes)).astimezone(PARIS))
    evenement.add("summary", r.titre)
    evenement.add("status", "CANCELLED" if r.annule else "TENTATIVE" if r.provisoire else "CONFIRMED")
    evenement.add("transp", "OPAQUE")
    for champ, valeur in (("location", r.lieu), ("description", r.description), ("url", r.adresse)):
        if valeur:
            evenement.add(champ, valeur)
    if r.organisateur_email:
        evenement.add("organizer", _personne(r.organisateur, r.organisateur_email))
    if r.invite_email and methode is not Methode.PUBLICATION:
        invite = _personne(r.invite, r.invite_email)
        invite.params["ROLE"] = vText("REQ-PARTICIPANT")
        invite.params["PARTSTAT"] = vText("NEEDS-ACTION")
        # the answer is asked by the personal link, which records deputies too
        invite.params["RSVP"] = vText("FALSE")
        evenement.add("attendee", invite, encode=0)
    if methode is Methode.DEMANDE:
        rappel = Alarm()
        rappel.add("action", "DISPLAY")
        rappel.add("trigger", timedelta(days=-1))
        rappel.add("description", r.titre)
        evenement.add_component(rappel)
    return evenement


def _jour_entier(j: JourEntier) -> Event:
    evenement = Event()
    evenement.add("uid", j.uid)
    evenement.add("dtstamp", j.ecrit_le.astimezone(UTC))
    evenement.add("dtstart", j.jour)
    evenement.add("dtend", j.jour + timedelta(days=1))
    evenement.add("summary", j.titre)
    evenement.add("status", "CONFIRMED")
    evenement.add("transp", "TRANSPARENT")
    for champ, valeur in (("description", j.description), ("url", j.adresse)):
        if valeur:
            evenement.add(champ, valeur)
    return evenement


def _personne(nom: str, email: str) -> vCalAddress:
    personne = vCalAddress(f"mailto:{email}")
    if nom:
        personne.params["CN"] = vText(nom)
    return personne
