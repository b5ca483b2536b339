"""Themes of the groups, those that the report found, and the partners without whom each says little."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.acces.models import Organisation

_N = Organisation.Nature


@dataclass(frozen=True, slots=True)
class Famille:
    """One of these is enough. `libelle`: how it is named when it is missing."""

    libelle: str
    natures: frozenset[str]


def _famille(libelle: str, *natures: str) -> Famille:
    return Famille(libelle, frozenset(str(n) for n in natures))


FORCES = _famille("la police ou la gendarmerie", _N.POLICE, _N.GENDARMERIE)
JUSTICE = _famille("la justice", _N.PARQUET, _N.TRIBUNAL, _N.JUSTICE)
ETAT = _famille("l’État", _N.PREFECTURE, _N.SOUS_PREFECTURE, _N.ETAT)
ECOLE = _famille("l’éducation nationale", _N.EDUCATION)
COMMUNE = _famille("une mairie", _N.MAIRIE, _N.POLICE_MUNICIPALE, _N.CCAS, _N.INTERCOMMUNALITE)
DEPARTEMENT = _famille("le conseil départemental", _N.DEPARTEMENT)
MINEURS = _famille("la protection judiciaire de la jeunesse", _N.PJJ)
PEINES = _famille("le service d’insertion et de probation ou la PJJ", _N.SPIP, _N.PJJ)
BAILLEURS = _famille("un bailleur", _N.BAILLEUR)
TRANSPORTS = _famille("un transporteur", _N.TRANSPORTEUR)
COMMERCES = _famille("les commerçants", _N.COMMERCANTS)
SOIN = _famille("la santé ou une association", _N.SANTE, _N.PREVENTION, _N.MEDIATION, _N.ASSOCIATION)
VICTIMES = _famille("l’aide aux victimes", _N.VICTIMES)
ASSOCIATIONS = _famille("une association", _N.PREVENTION, _N.MEDIATION, _N.VICTIMES, _N.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class Theme:
    """
    Attributes:
        groupes: how many groups of that theme the 2012 report found (part 2.1.1.2).
        essentiels: one organisation at least of each of these families. A landmark of this tool, drawn from the
            report's part 2.1.3, not a rule.
    """

    cle: str
    libelle: str
    groupes: int
    essentiels: tuple[Famille, ...] = ()


_TOUS = (
    Theme("reussite-educative", "Réussite éducative", 62, (ECOLE, COMMUNE)),
    Theme("addictions", "Addictions", 53, (FORCES, ECOLE, SOIN)),
    Theme("tranquillite-publique", "Tranquillité publique", 51, (FORCES, BAILLEURS, COMMUNE)),
    Theme("jeunesse", "Jeunesse", 49, (ECOLE, MINEURS, ASSOCIATIONS)),
    Theme("securite-routiere", "Sécurité routière", 47, (FORCES, ETAT)),
    Theme("recidive", "Prévention de la récidive", 47, (JUSTICE, PEINES)),
    Theme(
        "violences-intrafamiliales",
        "Violences conjugales et intrafamiliales",
        43,
        (FORCES, JUSTICE, VICTIMES, DEPARTEMENT),
    ),
    Theme("bailleurs", "Bailleurs", 33, (BAILLEURS, FORCES)),
    Theme("parentalite", "Parentalité", 32, (DEPARTEMENT, ECOLE)),
    Theme("acces-au-droit", "Accès au droit et aide aux victimes", 26, (JUSTICE, VICTIMES)),
    Theme("citoyennete", "Citoyenneté", 26, (ECOLE, ASSOCIATIONS)),
    Theme("transports", "Transports", 24, (TRANSPORTS, FORCES)),
    Theme("securite", "Sécurité des personnes et des biens", 24, (FORCES, JUSTICE)),
    Theme("etablissements-scolaires", "Établissements scolaires", 14, (ECOLE, FORCES)),
    Theme("commercants", "Commerçants", 11, (COMMERCES, FORCES)),
    Theme("videoprotection", "Vidéoprotection", 7, (FORCES, COMMUNE)),
    Theme("internet", "Internet", 5, (ECOLE,)),
    Theme("sport-culture", "Sport et culture", 4, (ASSOCIATIONS,)),
    Theme("prostitution", "Prostitution", 3, (FORCES, ASSOCIATIONS)),
)
THEMES: dict[str, Theme] = {t.cle: t for t in _TOUS}
CHOIX: tuple[tuple[str, str], ...] = tuple((t.cle, t.libelle) for t in _TOUS)


def libelle(cle: str) -> str:
    """The theme in words; a key that is no longer known is shown as it is."""
    return THEMES[cle].libelle if cle in THEMES else cle
