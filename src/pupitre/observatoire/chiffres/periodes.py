"""Periods of a page: the one asked, what it is compared with, and the words for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pupitre.moteur.mesures import Pas, libelle, suivante
from pupitre.moteur.observations import Granularite, jour_de_fin
from pupitre.moteur.resultats import Periode, Rupture
from pupitre.observatoire.chiffres.profils import Profil

_PAS = {
    Granularite.MOIS: Pas.MOIS,
    Granularite.TRIMESTRE: Pas.TRIMESTRE,
    Granularite.ANNEE: Pas.ANNEE,
    Granularite.ANNEE_SCOLAIRE: Pas.ANNEE_SCOLAIRE,
}


def pas_de(profil: Profil) -> Pas:
    return _PAS.get(profil.granularite, Pas.MOIS)


def periode(debut: date, pas: Pas) -> Periode:
    return Periode(debut, jour_de_fin(debut, Granularite(pas.value)), libelle(debut, pas))


def code(debut: date, pas: Pas) -> str:
    """ "2026-10" for a month or a quarter's first month, "2026" for a year."""
    return f"{debut:%Y-%m}" if pas in (Pas.MOIS, Pas.TRIMESTRE) else f"{debut:%Y}"


def lire_code(texte: str, pas: Pas) -> date | None:
    """First day of the period written `texte`; None when it is not a period of that kind."""
    morceaux = texte.split("-")
    if not all(m.isdigit() for m in morceaux) or len(morceaux) > 2 or len(morceaux[0]) != 4:
        return None
    if (len(morceaux) == 2) is (pas in (Pas.ANNEE, Pas.ANNEE_SCOLAIRE)):
        return None
    annee = int(morceaux[0])
    mois = int(morceaux[1]) if len(morceaux) == 2 else (9 if pas is Pas.ANNEE_SCOLAIRE else 1)
    if not (1 <= mois <= 12 and 1900 <= annee <= 2200):
        return None
    return date(annee, mois, 1)


@dataclass(frozen=True, slots=True)
class Comparaison:
    """`cle` of the choice, its first day, and why it cannot be made (empty when it can)."""

    cle: str
    libelle: str
    debut: date
    empechement: str = ""


def precedente(debut: date, pas: Pas) -> date:
    return suivante(debut, pas, -1)


def un_an_avant(debut: date, pas: Pas) -> date:
    return suivante(debut, pas, {Pas.MOIS: -12, Pas.TRIMESTRE: -4}.get(pas, -1))


def ruptures(
    profil: Profil, declarees: list[dict], lieux: frozenset[str] | None = None
) -> tuple[Rupture, ...]:
    """Declared breaks, and those that the arrival of a new place makes in totals over `lieux`."""
    trouvees = [Rupture(date.fromisoformat(r["jour"]), r["libelle"]) for r in declarees]
    if profil.periodes:
        premiere = profil.periodes[0]
        for lieu, arrivee in sorted(profil.arrivees.items(), key=lambda p: p[1]):
            if arrivee > premiere and (lieux is None or lieu in lieux):
                trouvees.append(Rupture(arrivee, f"{_nommer(lieu)} entre dans les chiffres"))
    return tuple(sorted(trouvees, key=lambda r: r.jour))


def _nommer(lieu: str) -> str:
    return "un nouveau lieu" if not lieu or lieu[:1].isdigit() else lieu


def rupture_entre(ruptures: tuple[Rupture, ...], avant: date, apres: date) -> Rupture | None:
    """The last break that falls after the beginning of `avant` and not after that of `apres`."""
    entre = [r for r in ruptures if avant < r.jour <= apres]
    return entre[-1] if entre else None


def etendue(premier: date, dernier: date, pas: Pas) -> str:
    """Words for the periods from the first to the last."""
    a, b = periode(premier, pas).libelle, periode(dernier, pas).libelle
    return a if a == b else f"{a} à {b}"
