"""Periods, days and hours as people write them in France."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.observations import Granularite, jour_de_fin

MOIS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "mar": 3,
    "avril": 4, "avr": 4, "mai": 5, "juin": 6, "jun": 6, "juillet": 7, "juil": 7, "jul": 7,
    "aout": 8, "aou": 8, "septembre": 9, "sept": 9, "sep": 9, "octobre": 10, "oct": 10,
    "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_NOM = "|".join(sorted(MOIS, key=len, reverse=True))
_AN = r"(?:19|20)\d\d"
MOTIFS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(motif + r"\Z"), genre)
    for motif, genre in (
        (rf"(?:mois (?:de |d'))?(?P<nom>{_NOM})\.?[\s/_-]*(?P<an>{_AN}|'?\d\d)", "mois"),
        (rf"(?P<an>{_AN})[\s/._m-]+(?P<mois>0?[1-9]|1[0-2])", "mois"),
        (rf"(?P<mois>0?[1-9]|1[0-2])[\s/._-]+(?P<an>{_AN})", "mois"),
        (rf"(?P<an>{_AN})(?P<mois>0[1-9]|1[0-2])", "mois"),
        (rf"(?:mois (?:de |d'))?(?P<nom>{_NOM})\.?", "mois"),
        (rf"t(?:rim(?:estre)?)?\.? ?(?P<rang>[1-4])[\s/_-]*(?P<an>{_AN})?", "trimestre"),
        (rf"(?P<rang>[1-4])(?:er|e|eme)? ?t(?:rim(?:estre)?)?\.?[\s/_-]*(?P<an>{_AN})?", "trimestre"),
        (rf"(?P<an>{_AN})[\s/_-]*[tq](?P<rang>[1-4])", "trimestre"),
        (rf"s(?:emestre)?\.? ?(?P<rang>[12])[\s/_-]*(?P<an>{_AN})?", "semestre"),
        (rf"(?P<rang>[12])(?:er|e|eme|nd)? ?sem(?:estre)?\.?[\s/_-]*(?P<an>{_AN})?", "semestre"),
        (rf"(?P<an>{_AN})[\s/_-]*s(?P<rang>[12])", "semestre"),
        (rf"(?P<an>{_AN})-?w(?P<rang>\d\d?)", "semaine"),
        (rf"sem(?:aine)?\.? ?(?P<rang>\d\d?)[\s/_-]+(?P<an>{_AN})", "semaine"),
        (rf"(?:annee scolaire )?(?P<an>{_AN})[\s/_-]+(?P<suite>{_AN}|\d\d)", "annee_scolaire"),
        (rf"(?:annee |an )?(?P<an>{_AN})", "annee"),
    )
)
JOURS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(motif)
    for motif in (
        r"(?P<an>\d{4})[-/.](?P<mois>\d\d?)[-/.](?P<jour>\d\d?)(?:[ t](?P<h>\d\d?)[:h](?P<m>\d\d).*)?\Z",
        r"(?:[a-z]{2,8}\.? )?(?P<jour>\d\d?)[-/.](?P<mois>\d\d?)[-/.](?P<an>\d{4}|\d\d)"
        r"(?: (?:a )?(?P<h>\d\d?) ?[:h] ?(?P<m>\d\d)?.*)?\Z",
        rf"(?:[a-z]{{2,8}}\.? )?(?P<jour>\d\d?)(?:er)? (?P<nom>{_NOM})\.? (?P<an>\d{{4}})"
        r"(?: (?:a )?(?P<h>\d\d?) ?[:h] ?(?P<m>\d\d)?.*)?\Z",
    )
)
HEURE = re.compile(
    r"(?:1899-12-3[01] |1900-01-0[01] )?(\d\d?)(?: ?[:h](?: ?(\d\d))?(?::\d\d(?:\.\d+)?)?| ?heures?)?\Z"
)
FRACTION = re.compile(r"0[.,]\d+\Z")
ANNEES = (1990, 2100)


@dataclass(frozen=True, slots=True)
class Duree:
    """A period: first and last day, inclusive, and its kind."""

    debut: date
    fin: date
    granularite: Granularite


@dataclass(frozen=True, slots=True)
class Instant:
    """A day, and the hour (0–23) when it was written with it."""

    jour: date
    heure: int | None = None


def _an(texte: str) -> int:
    annee = int(texte.lstrip("'"))
    return annee + 2000 if annee < 100 else annee


def _duree(debut: date, granularite: Granularite) -> Duree | None:
    if not ANNEES[0] <= debut.year <= ANNEES[1]:
        return None
    return Duree(debut, jour_de_fin(debut, granularite), granularite)


@lru_cache(maxsize=4096)
def lire_periode(texte: str, annee: int = 0) -> Duree | None:
    """Reads "oct-24", "2024-10", "T3 2024", "1er semestre 2024", "2023-2024" (school year), "2024"…

    A cell that a spreadsheet holds as the first day of a month is that month; another day is that day.
    `annee` completes a month, a quarter or a half-year written without its year. None when unreadable.
    """
    lu = cle(texte)
    for motif, genre in MOTIFS:
        m = motif.match(lu)
        if not m:
            continue
        groupes = m.groupdict()
        an = _an(groupes["an"]) if groupes.get("an") else annee
        if not an:
            return None
        duree = _selon_genre(genre, an, groupes)
        if duree is not None:
            return duree
    instant = lire_jour(texte)
    if instant is None:
        return None
    if instant.jour.day == 1:
        return _duree(instant.jour, Granularite.MOIS)
    return _duree(instant.jour, Granularite.JOUR)


def _selon_genre(genre: str, an: int, g: dict[str, str | None]) -> Duree | None:
    rang = int(g.get("rang") or 1)
    if genre == "mois":
        mois = MOIS[g["nom"]] if g.get("nom") else int(g.get("mois") or 0)  # type: ignore[index]
        return _duree(date(an, mois, 1), Granularite.MOIS)
    if genre == "trimestre":
        return _duree(date(an, 3 * rang - 2, 1), Granularite.TRIMESTRE)
    if genre == "semestre":
        return _duree(date(an, 6 * rang - 5, 1), Granularite.SEMESTRE)
    if genre == "annee":
        return _duree(date(an, 1, 1), Granularite.ANNEE)
    if genre == "semaine":
        try:
            return _duree(date.fromisocalendar(an, rang, 1), Granularite.SEMAINE)
        except ValueError:
            return None
    suite = _an(g["suite"] or "0")
    return _duree(date(an, 9, 1), Granularite.ANNEE_SCOLAIRE) if suite == an + 1 else None


@lru_cache(maxsize=65536)
def lire_jour(texte: str, format_date: str = "") -> Instant | None:
    """Reads a day ("12/03/2024", "2024-03-12 14:30:00", "mardi 12 mars 2024", "12.03.24 à 14h30").

    `format_date` is tried alone when given (strptime). None when unreadable or outside 1990–2100.
    """
    lu = cle(texte)
    if format_date:
        try:
            moment = datetime.strptime(texte.strip(), format_date)
        except ValueError:
            return None
        heure = moment.hour if any(d in format_date for d in ("%H", "%I", "%X", "%c")) else None
        return Instant(moment.date(), heure) if ANNEES[0] <= moment.year <= ANNEES[1] else None
    for motif in JOURS:
        m = motif.match(lu)
        if not m:
            continue
        g = m.groupdict()
        try:
            jour = date(_an(g["an"]), MOIS[g["nom"]] if g.get("nom") else int(g["mois"]), int(g["jour"]))
        except ValueError:
            return None
        if not ANNEES[0] <= jour.year <= ANNEES[1]:
            return None
        heure = int(g["h"]) if g.get("h") else None
        # A spreadsheet writes a plain day as midnight: that is not an hour.
        minuit = heure == 0 and (g.get("m") or "00") == "00"
        return Instant(jour, None if heure is None or minuit or heure > 23 else heure)
    return None


@lru_cache(maxsize=8192)
def lire_heure(texte: str) -> int | None:
    """Hour (0–23) of "14h30", "14:30:00", "14 h", "14", or of a fraction of a day; None when unreadable."""
    lu = cle(texte)
    if FRACTION.match(lu):
        return int(timedelta(days=float(lu.replace(",", "."))).total_seconds() // 3600) % 24
    m = HEURE.match(lu)
    if not m:
        return None
    heure = int(m[1])
    return heure if heure < 24 and int(m[2] or 0) < 60 else None


def periode_dans(texte: str) -> Duree | None:
    """A month, or else a year, found inside a title or a file name ("Statistiques - Octobre 2024.xlsx")."""
    lu = cle(texte)
    m = re.search(rf"(?<![a-z])({_NOM})\.?[\s/_-]*({_AN})", lu)
    if m:
        return lire_periode(f"{m[1]} {m[2]}")
    m = re.search(rf"(?<!\d)({_AN})[-_/.](0[1-9]|1[0-2])(?!\d)", lu)
    if m:
        return lire_periode(f"{m[1]}-{m[2]}")
    m = re.search(rf"(?<!\d)(0[1-9]|1[0-2])[-_/.]({_AN})(?!\d)", lu)
    return lire_periode(f"{m[2]}-{m[1]}") if m else None


def annee_dans(texte: str) -> int:
    """The only year written in a text; 0 when there is none, or several."""
    annees = set(re.findall(rf"(?<!\d)({_AN})(?!\d)", texte))
    return int(annees.pop()) if len(annees) == 1 else 0
