"""Who sits by law in a council of prevention, on one day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

import yaml

from pupitre.droit.parametres import DOSSIER, DonneesDeDroitInvalides, ParametreInconnu, parametre

NATURES = ("clspd", "cispd")
PAR = ("conseil", "commune", "departement", "epci")
# The qualities that the texts name: those of a function in the directory that give a seat.
QUALITES = {
    "maire": "maire",
    "prefet": "préfet",
    "procureur": "procureur de la République",
    "president-epci": "président de l’intercommunalité",
    "president-departement": "président du conseil départemental",
}


@dataclass(frozen=True, slots=True)
class Lieu:
    """A commune, a département or an EPCI of the council's perimeter."""

    code: str
    nom: str


@dataclass(frozen=True, slots=True)
class Faits:
    """What the law looks at. `reglages`: what the council has settled where the text is open or unverified."""

    nature: str
    communes: tuple[Lieu, ...]
    departements: tuple[Lieu, ...]
    epci: tuple[Lieu, ...] = ()
    reglages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Siege:
    """One seat by law on that day.

    Attributes:
        cle: the same from one day to another ("prefet", "maire-membre:94028").
        qualite: what its holder must be, empty where someone designates.
        collectif: one person or more.
        verifie: False while the line has not been compared with the official text.
        par_reglage: outside the text's own dates, kept by a decision of the council.
    """

    cle: str
    intitule: str
    qualite: str
    lieu: Lieu | None
    reference: str
    verifie: bool
    preside: bool = False
    collectif: bool = False
    designe_par: str = ""
    par_reglage: bool = False

    @property
    def libelle(self) -> str:
        return f"{self.intitule} ({self.lieu.nom})" if self.lieu else self.intitule


@dataclass(frozen=True, slots=True)
class _Periode:
    depuis: date
    jusqu_au: date | None
    reference: str
    verifie: bool


@dataclass(frozen=True, slots=True)
class _Regle:
    cle: str
    intitule: str
    qualite: str
    natures: frozenset[str]
    par: str
    preside: bool
    collectif: bool
    designe_par: str
    sur_reglage: str
    periodes: tuple[_Periode, ...]

    def a_la_date(self, jour: date, reglages: frozenset[str]) -> tuple[_Periode, bool] | None:
        """The text in force, and whether only the council's own setting keeps the seat."""
        connues = [p for p in self.periodes if p.depuis <= jour]
        if not connues:
            return None
        derniere = connues[-1]
        if derniere.jusqu_au is None or jour <= derniere.jusqu_au:
            return derniere, False
        return (derniere, True) if self.sur_reglage in reglages else None


def sieges(faits: Faits, jour: date) -> tuple[Siege, ...]:
    """The seats that the law gives in that council on that day, the chair first.

    Raises:
        ParametreInconnu: a day before the first known text.
    Source: decree of 23 July 2007, then the code de la sécurité intérieure; see donnees/composition.yaml.
    """
    premiere = min(p.depuis for r in _regles() for p in r.periodes)
    if jour < premiere:
        raise ParametreInconnu(f"composition is not known before {premiere}, asked for {jour}")
    return tuple(siege for regle in _regles() for siege in _sieges(regle, faits, jour))


def _sieges(regle: _Regle, faits: Faits, jour: date) -> Iterator[Siege]:
    trouvee = regle.a_la_date(jour, faits.reglages)
    if faits.nature not in regle.natures or trouvee is None:
        return
    periode, par_reglage = trouvee
    lieux: dict[str, tuple[Lieu, ...]] = {
        "commune": faits.communes,
        "departement": faits.departements,
        "epci": faits.epci,
    }
    places: tuple[Lieu | None, ...] = (None,) if regle.par == "conseil" else lieux[regle.par]
    for lieu in places:
        yield Siege(
            cle=f"{regle.cle}:{lieu.code}" if lieu else regle.cle,
            intitule=regle.intitule,
            qualite=regle.qualite,
            lieu=lieu,
            reference=periode.reference,
            verifie=periode.verifie and not par_reglage,
            preside=regle.preside,
            collectif=regle.collectif,
            designe_par=regle.designe_par,
            par_reglage=par_reglage,
        )


@dataclass(frozen=True, slots=True)
class VerdictPleniere:
    """Has the plenary formation met as often as the law asks?"""

    en_regle: bool | None
    raison: str
    reference: str
    verifie: bool


def pleniere_reunie(derniere: date | None, depuis: date, jour: date) -> VerdictPleniere:
    """
    Args:
        derniere: last meeting held, None if none is known. `depuis`: since when the council exists.
    Raises:
        ParametreInconnu: a day before the first known text.
    """
    regle = parametre("pleniere_intervalle_mois", jour)
    mois = int(regle.nombre)
    ecoule = mois_entiers(derniere or depuis, jour)
    intervalle = "par an" if mois == 12 else f"tous les {mois} mois"
    if ecoule < mois:
        raison = f"La formation plénière s’est réunie dans le délai\u202f: une fois au moins {intervalle}."
        if derniere is None:
            return VerdictPleniere(None, "Le conseil a moins d’un an.", regle.reference, regle.verifie)
        return VerdictPleniere(True, raison, regle.reference, regle.verifie)
    constat = "Aucune réunion n’est connue" if derniere is None else f"La dernière remonte à {ecoule} mois"
    raison = f"{constat}\u202f; la formation plénière se réunit une fois au moins {intervalle}."
    return VerdictPleniere(False, raison, regle.reference, regle.verifie)


def mois_entiers(debut: date, fin: date) -> int:
    """Whole months from one day to another."""
    return (fin.year - debut.year) * 12 + fin.month - debut.month - (fin.day < debut.day)


@lru_cache(maxsize=1)
def _regles() -> tuple[_Regle, ...]:
    return lire_sieges((DOSSIER / "composition.yaml").read_text(encoding="utf-8"))


def lire_sieges(texte: str) -> tuple[_Regle, ...]:
    """Parse the seats of a YAML file.

    Raises:
        DonneesDeDroitInvalides: a field is missing or unknown, dates are not increasing or were checked too soon.
    """
    regles = tuple(_regle(brut) for brut in yaml.safe_load(texte)["sieges"])
    cles = [r.cle for r in regles]
    if len(set(cles)) != len(cles):
        raise DonneesDeDroitInvalides("two seats have the same key")
    return regles


def _regle(brut: dict[str, Any]) -> _Regle:
    cle = str(brut.get("cle", "?"))
    try:
        regle = _Regle(
            cle=cle,
            intitule=brut["intitule"],
            qualite=brut["qualite"],
            natures=frozenset(brut["natures"]),
            par=brut["par"],
            preside=brut.get("preside", False),
            collectif=brut.get("collectif", False),
            designe_par=brut.get("designe_par", ""),
            sur_reglage=brut.get("sur_reglage", ""),
            periodes=tuple(_periode(cle, p) for p in brut["periodes"]),
        )
    except (KeyError, TypeError) as erreur:
        raise DonneesDeDroitInvalides(f"{cle}: {erreur}") from erreur
    connue = regle.qualite in QUALITES or (regle.collectif and not regle.qualite)
    if not connue or not regle.natures <= set(NATURES) or regle.par not in PAR or not regle.periodes:
        raise DonneesDeDroitInvalides(f"{cle}: incoherent seat")
    if any(a.depuis >= b.depuis for a, b in pairwise(regle.periodes)):
        raise DonneesDeDroitInvalides(f"{cle}: dates are not increasing")
    return regle


def _periode(cle: str, brut: dict[str, Any]) -> _Periode:
    depuis, jusqu_au, controle = brut["depuis"], brut.get("jusqu_au"), brut["controle_le"]
    dates = isinstance(depuis, date) and isinstance(controle, date) and controle >= depuis
    if not dates or not str(brut["reference"]).strip() or not isinstance(brut["verifie"], bool):
        raise DonneesDeDroitInvalides(f"{cle}: incoherent period from {depuis}")
    if jusqu_au is not None and not (isinstance(jusqu_au, date) and jusqu_au >= depuis):
        raise DonneesDeDroitInvalides(f"{cle}: a period ends before it begins")
    return _Periode(depuis, jusqu_au, brut["reference"], brut["verifie"])
