"""The saved description of a partner's file: which column means what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.observations import Granularite


class Role(StrEnum):
    """What a column holds.

    `NOMBRE` columns are counts; in a wide table there are several. `ADRESSE` columns (number, street…) are read
    together, in the order of the file. A `DEPARTEMENT` is written once and carried down: it tells where the
    communes are looked for. `DATE_FIN` and `HEURE_FIN` are the last moment at which a fact may have happened:
    « between Friday evening and Monday morning ». A `SUITE` is what was done about it, counted beside it.
    """

    PERIODE = "periode"
    NATURE = "nature"
    TERRITOIRE = "territoire"
    DEPARTEMENT = "departement"
    COMMUNE = "commune"
    SECTEUR = "secteur"
    ADRESSE = "adresse"
    NOMBRE = "nombre"
    DATE = "date"
    HEURE = "heure"
    DATE_FIN = "date_fin"
    HEURE_FIN = "heure_fin"
    LON = "lon"
    LAT = "lat"
    GRAVITE = "gravite"
    SUITE = "suite"
    IGNORER = "ignorer"


@dataclass(frozen=True)
class Description:
    """How to read one partner's file. Everything is optional: what is not said is guessed or left empty.

    Attributes:
        format: "comptages" or "faits".
        feuille: sheet name; the first one when empty. Another year in the name is the same sheet.
        ligne_entete: 1-based row of the header, 0 to find it. When another row holds more of the described
            headers, that one is taken.
        separateur, encodage: of a flat file; guessed when empty.
        roles: header as written (or column letter) → role. Headers not named here are ignored, except
            those of `colonnes_periode` and `colonnes_nature`.
        colonnes_periode: header → period ("2024-10", "10", "2024-T3", "2023-2024"…) for a wide table.
            A month alone ("10") takes the year of `annee`.
        colonnes_periode_auto: every header that reads as a period is a column of counts of that period, so
            that one description serves every year. Of headers of several kinds ("01/2026", "2026"), the
            shortest are read: the longer ones sum them up.
        colonnes_nature: header → nature code, for a wide table with one column per nature.
        annee: year of the file when its columns name only months; when 0, the one written in the titles
            above, the sheet's name or the file's.
        format_date: strptime format; French and ISO writings are tried when empty.
        natures: label → nature code; the label is compared without case nor accents.
        communes, secteurs: label → INSEE code, label → secteur name. A label of commune may end with its
            département in parentheses; `SANS_COMMUNE` is the code of what is no commune.
        nature_fixe, territoire_fixe, commune_fixe, secteur_fixe: for a file that does not say them.
        periode_fixe: for a file of one period ("2024-10"); when empty and no column says it, the one written
            in the titles above, the sheet's name or the file's.
        unite: unit of count when it is not the nature's own.
        granularite: kind of period of the counts; found from the writing of periods when empty.
        lignes_exclues: labels of rows to set aside, besides totals, which always are.
        communes_gardees: for national bases, keep only these INSEE codes.
    """

    format: str = "comptages"
    feuille: str = ""
    ligne_entete: int = 0
    separateur: str = ""
    encodage: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    colonnes_periode: Mapping[str, str] = field(default_factory=dict)
    colonnes_periode_auto: bool = False
    colonnes_nature: Mapping[str, str] = field(default_factory=dict)
    annee: int = 0
    format_date: str = ""
    natures: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, str] = field(default_factory=dict)
    secteurs: Mapping[str, str] = field(default_factory=dict)
    nature_fixe: str = ""
    territoire_fixe: str = ""
    commune_fixe: str = ""
    secteur_fixe: str = ""
    periode_fixe: str = ""
    unite: str = ""
    granularite: str = ""
    lignes_exclues: tuple[str, ...] = ()
    communes_gardees: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            roles = {k: Role(v) for k, v in self.roles.items()}
            if self.granularite:
                Granularite(self.granularite)
        except ValueError as erreur:
            raise _illisible(str(erreur)) from erreur
        object.__setattr__(self, "roles", MappingProxyType(roles))
        for nom in ("colonnes_periode", "colonnes_nature", "natures", "communes", "secteurs"):
            object.__setattr__(self, nom, MappingProxyType(dict(getattr(self, nom))))

    def to_dict(self) -> dict[str, Any]:
        """Plain object for JSON, without what is left at its default."""
        defaut = Description()
        contenu: dict[str, Any] = {}
        for f in fields(self):
            valeur = getattr(self, f.name)
            if f.name == "format" or valeur != getattr(defaut, f.name):
                if isinstance(valeur, Mapping):
                    valeur = {k: str(v) for k, v in valeur.items()}
                contenu[f.name] = list(valeur) if isinstance(valeur, tuple) else valeur
        return contenu

    @classmethod
    def from_dict(cls, contenu: Mapping[str, Any]) -> Description:
        """Inverse of `to_dict`. Raises ErreurPupitre on an unknown key or a value of the wrong kind."""
        connus = {f.name: getattr(cls(), f.name) for f in fields(cls)}
        for cle, valeur in contenu.items():
            if cle not in connus:
                raise _illisible(f"clé «\u202f{cle}\u202f» inconnue")
            attendu = connus[cle]
            if isinstance(attendu, Mapping):
                juste = isinstance(valeur, Mapping) and all(
                    isinstance(v, str) for kv in valeur.items() for v in kv
                )
            elif isinstance(attendu, tuple):
                juste = isinstance(valeur, (list, tuple)) and all(isinstance(v, str) for v in valeur)
            else:
                # A bool is an int for Python, not for a description.
                juste = type(valeur) is type(attendu)
            if not juste:
                raise _illisible(f"valeur de «\u202f{cle}\u202f»")
        arguments: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in contenu.items()}
        return cls(**arguments)


def _illisible(raison: str) -> ErreurPupitre:
    return ErreurPupitre(
        "La description du fichier est illisible.",
        f"Elle contient une erreur\u202f: {raison}.",
        "Reprenez la description du format.",
    )
