"""Themes of the groups, those that the report found, and the partners without whom each says little."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.acces.models import Organisation

_N = Organisation.Nature
_FORCES = frozenset({_N.POLICE.value, _N.GENDARMERIE.value})


def _l_un(*natures: str) -> frozenset[str]:
    return frozenset(str(n) for n in natures)


@dataclass(frozen=True, slots=True)
class Theme:
    """
    Attributes:
        groupes: how many groups of that theme the 2012 report found (part 2.1.1.2).
        essentiels: one organisation at least of each of these sets of natures. A landmark of this tool, drawn
            from the report's part 2.1.3, not a rule.
    """

    cle: str
    libelle: str
    groupes: int
    essentiels: tuple[frozenset[str], ...] = ()


_TOUS = (
    Theme("reussite-educative", "Réussite éducative", 62, (_l_un(_N.EDUCATION), _l_un(_N.MAIRIE))),
    Theme("addictions", "Addictions", 53, (_FORCES, _l_un(_N.EDUCATION), _l_un(_N.ASSOCIATION))),
    Theme(
        "tranquillite-publique", "Tranquillité publique", 51, (_FORCES, _l_un(_N.BAILLEUR), _l_un(_N.MAIRIE))
    ),
    Theme("jeunesse", "Jeunesse", 49, (_l_un(_N.EDUCATION), _l_un(_N.PJJ), _l_un(_N.ASSOCIATION))),
    Theme("securite-routiere", "Sécurité routière", 47, (_FORCES, _l_un(_N.ETAT))),
    Theme("recidive", "Prévention de la récidive", 47, (_l_un(_N.JUSTICE), _l_un(_N.PJJ))),
    Theme(
        "violences-intrafamiliales",
        "Violences conjugales et intrafamiliales",
        43,
        (_FORCES, _l_un(_N.JUSTICE), _l_un(_N.ASSOCIATION), _l_un(_N.DEPARTEMENT)),
    ),
    Theme("bailleurs", "Bailleurs", 33, (_l_un(_N.BAILLEUR), _FORCES)),
    Theme("parentalite", "Parentalité", 32, (_l_un(_N.DEPARTEMENT), _l_un(_N.EDUCATION))),
    Theme(
        "acces-au-droit",
        "Accès au droit et aide aux victimes",
        26,
        (_l_un(_N.JUSTICE), _l_un(_N.ASSOCIATION)),
    ),
    Theme("citoyennete", "Citoyenneté", 26, (_l_un(_N.EDUCATION), _l_un(_N.ASSOCIATION))),
    Theme("transports", "Transports", 24, (_l_un(_N.TRANSPORTEUR), _FORCES)),
    Theme("securite", "Sécurité des personnes et des biens", 24, (_FORCES, _l_un(_N.JUSTICE))),
    Theme("etablissements-scolaires", "Établissements scolaires", 14, (_l_un(_N.EDUCATION), _FORCES)),
    Theme("commercants", "Commerçants", 11, (_FORCES,)),
    Theme("videoprotection", "Vidéoprotection", 7, (_FORCES, _l_un(_N.MAIRIE))),
    Theme("internet", "Internet", 5, (_l_un(_N.EDUCATION),)),
    Theme("sport-culture", "Sport et culture", 4, (_l_un(_N.ASSOCIATION),)),
    Theme("prostitution", "Prostitution", 3, (_FORCES, _l_un(_N.ASSOCIATION))),
)
THEMES: dict[str, Theme] = {t.cle: t for t in _TOUS}
CHOIX: tuple[tuple[str, str], ...] = tuple((t.cle, t.libelle) for t in _TOUS)


def libelle(cle: str) -> str:
    """The theme in words; a key that is no longer known is shown as it is."""
    return THEMES[cle].libelle if cle in THEMES else cle
