"""Frozen dataclasses to plain JSON and back, exactly: what a bulletin said can be printed again years later."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pupitre.moteur.resultats import Absent, MotifAbsence

T = TypeVar("T")


def geler(objet: object) -> Any:
    """A tree of dict, list, str, int, float, bool, None. Raises TypeError on anything else."""
    if isinstance(objet, Absent):
        return {"absent": objet.motif.value, "raison": objet.raison}
    if isinstance(objet, Enum):
        return objet.value
    if objet is None or isinstance(objet, str | int | float):
        return objet
    if isinstance(objet, date):
        return {"jour": objet.isoformat()}
    if isinstance(objet, tuple | list):
        return [geler(o) for o in objet]
    if is_dataclass(objet):
        return {f.name: geler(getattr(objet, f.name)) for f in fields(objet) if f.init}
    raise TypeError(f"{type(objet).__name__} ne se gèle pas")


def degeler(forme: type[T], donnees: Any) -> T:
    """Rebuild `forme` from `geler`'s tree. Raises ValueError, naming the path, on what does not fit.

    Keys missing take the dataclass's default, so that an old bulletin stays readable after a field is added.
    """
    return _lire(forme, donnees, forme.__name__)  # type: ignore[no-any-return]


@cache
def _champs(forme: type) -> dict[str, Any]:
    types_ = get_type_hints(forme)
    return {f.name: types_[f.name] for f in fields(forme) if f.init}


# A bulletin holds ten thousand values of some thirty forms.
@cache
def _origine(forme: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(forme), get_args(forme)


def _lire(forme: Any, donnees: Any, chemin: str) -> Any:
    if type(donnees) is forme:
        return donnees
    origine, formes = _origine(forme)
    if origine in (Union, types.UnionType):
        return _lire_union(formes, donnees, chemin)
    if origine is tuple:
        return _lire_tuple(formes, donnees, chemin)
    if forme is Absent:
        if isinstance(donnees, dict) and "absent" in donnees:
            return Absent(MotifAbsence(donnees["absent"]), donnees["raison"])
    elif forme is date:
        if isinstance(donnees, dict) and "jour" in donnees:
            return date.fromisoformat(donnees["jour"])
    elif is_dataclass(forme):
        return _lire_dataclass(forme, donnees, chemin)  # type: ignore[arg-type]
    elif isinstance(forme, type) and issubclass(forme, Enum):
        return forme(donnees)
    elif forme is types.NoneType:
        if donnees is None:
            return None
    elif forme is float and type(donnees) is int:
        return float(donnees)
    raise ValueError(f"{chemin} : {donnees!r} n’est pas {getattr(forme, '__name__', forme)}")


def _lire_union(formes: tuple[Any, ...], donnees: Any, chemin: str) -> Any:
    # An exact type first, so that 3 read as `int | float` stays an int.
    if type(donnees) in formes:
        return donnees
    for forme in formes:
        try:
            return _lire(forme, donnees, chemin)
        except (ValueError, TypeError, KeyError):
            continue
    raise ValueError(f"{chemin} : {donnees!r} ne convient à aucune forme prévue")


def _lire_tuple(formes: tuple[Any, ...], donnees: Any, chemin: str) -> Any:
    if not isinstance(donnees, list):
        raise ValueError(f"{chemin} : une liste est attendue")
    if len(formes) == 2 and formes[1] is Ellipsis:
        forme = formes[0]
        return tuple(
            d if type(d) is forme else _lire(forme, d, f"{chemin}[{i}]") for i, d in enumerate(donnees)
        )
    if len(formes) != len(donnees):
        raise ValueError(f"{chemin} : {len(formes)} éléments attendus, {len(donnees)} reçus")
    return tuple(_lire(f, d, f"{chemin}[{i}]") for i, (f, d) in enumerate(zip(formes, donnees, strict=True)))


def _lire_dataclass(forme: type, donnees: Any, chemin: str) -> Any:
    if not isinstance(donnees, dict):
        raise ValueError(f"{chemin} : un objet est attendu")
    champs = _champs(forme)
    inconnus = set(donnees) - set(champs)
    if inconnus:
        raise ValueError(f"{chemin} : clés inconnues {sorted(inconnus)}")
    try:
        return forme(
            **{
                c: d if type(d := donnees[c]) is t else _lire(t, d, f"{chemin}.{c}")
                for c, t in champs.items()
                if c in donnees
            }
        )
    except TypeError as erreur:
        raise ValueError(f"{chemin} : {erreur}") from erreur
