"""What a published state holds, and what that says of a selection before any row of it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pupitre.moteur import brutes
from pupitre.moteur.entrepot import Entrepot, Manifeste
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.memoire import Memoire
from pupitre.moteur.mesures import COMPOSABLES, Pas
from pupitre.moteur.observations import Granularite
from pupitre.moteur.selection import Selection

_INVENTAIRES: Memoire[tuple[Contenu, ...]] = Memoire(256)
_PERIMETRES: Memoire[dict[str, dict[Rythme, _Perimetre]]] = Memoire(256)
_SECTORISES: Memoire[frozenset[tuple[str, ...]]] = Memoire(256)
Rythme = tuple[str | None, Granularite | None]


@dataclass(frozen=True, slots=True)
class Contenu:
    """What the store holds for one nature: counts of rows, first and last day."""

    source: str
    unite: str
    granularite: Granularite
    nature: str
    debut: date
    fin: date
    n_lignes: int
    n_null: int


@dataclass(slots=True)
class _Perimetre:
    """Natures published in one unit and granularity of a source, and those of which a row lacks its number."""

    natures: set[str] = field(default_factory=set)
    trouees: set[str] = field(default_factory=set)


def inventorier(entrepot: Entrepot, manifeste: Manifeste) -> tuple[Contenu, ...]:
    """What is published, by source, unit, granularity and nature. Kept in memory by manifest."""

    def lire() -> tuple[Contenu, ...]:
        table = brutes.lire(entrepot, manifeste, "inventaire")
        return tuple(
            Contenu(**{**ligne, "granularite": Granularite(ligne["granularite"])})
            for ligne in table.to_pylist()
        )

    return _INVENTAIRES.une_fois(brutes.etat(entrepot, manifeste), lire)


def sectorise(entrepot: Entrepot, manifeste: Manifeste, perimetre: Selection) -> bool:
    """Whether this perimeter tells secteurs apart. Read once for all those of the manifest."""

    def lire() -> frozenset[tuple[str, ...]]:
        lignes = brutes.lire(entrepot, manifeste, "sectorises").to_pylist()
        return frozenset((li["source"], li["unite"], li["granularite"]) for li in lignes)

    trouves = _SECTORISES.une_fois(brutes.etat(entrepot, manifeste), lire)
    return (perimetre.source, perimetre.unite, str(perimetre.granularite)) in trouves


def resoudre(selection: Selection, contenus: Sequence[Contenu], pas: Pas | None = None) -> Selection:
    """The selection with its one unit and one granularity.

    Args:
        pas: step of the series asked for; the finest granularity that composes it is kept.

    Raises:
        MesureRefusee: nothing published, several units of count, several granularities, or none that makes
            this step.
    """
    retenus = [
        c
        for c in contenus
        if c.source == selection.source
        and (not selection.natures or c.nature in selection.natures)
        and (selection.unite is None or c.unite == selection.unite)
        and (selection.granularite is None or c.granularite is selection.granularite)
    ]
    if not retenus:
        raise MesureRefusee(
            "Aucune donnée publiée ne correspond à cette demande.",
            "La source n’a pas encore de livraison publiée pour ces natures.",
            "Publiez une livraison de cette source, ou choisissez d’autres natures.",
        )
    unites = sorted({c.unite for c in retenus})
    if len(unites) > 1:
        raise MesureRefusee(
            "Ces natures ne peuvent pas être additionnées.",
            f"Elles se comptent dans des unités différentes\u202f: {', '.join(unites)}.",
            "Choisissez des natures de même unité de compte, ou présentez-les séparément.",
        )
    granularites = {c.granularite for c in retenus}
    if pas is not None:
        possibles = granularites & COMPOSABLES[pas]
        if not possibles:
            livrees = ", ".join(sorted(str(g) for g in granularites))
            raise MesureRefusee(
                f"Cette source ne permet pas de série par {str(pas).replace('_', ' ')}.",
                f"Ses données sont livrées par\u202f: {livrees.replace('annee', 'année').replace('_', ' ')}.",
                "Choisissez un pas plus large, ou demandez au partenaire des données plus fines.",
            )
        granularites = possibles
    if len(granularites) > 1:
        livrees = ", ".join(sorted(str(g) for g in granularites)).replace("annee", "année").replace("_", " ")
        raise MesureRefusee(
            "Ces données ne peuvent pas être additionnées.",
            f"La source livre les mêmes faits à plusieurs rythmes ({livrees})\u202f: ils compteraient double.",
            "Précisez la périodicité voulue.",
        )
    return replace(selection, unite=unites[0], granularite=next(iter(granularites)))


def elaguer(entrepot: Entrepot, manifeste: Manifeste, selection: Selection) -> Selection:
    """The same rows, asked with fewer words: a long list of natures costs a third of a short query, and what the
    inventory already says of all of them (`Selection.seule`, `Selection.pleine`), a quarter.

    Only for reading: what is asked of the control stays as the reader asked it.
    """

    def lire() -> dict[str, dict[Rythme, _Perimetre]]:
        publies: dict[str, dict[Rythme, _Perimetre]] = {}
        for c in inventorier(entrepot, manifeste):
            perimetre = publies.setdefault(c.source, {}).setdefault((c.unite, c.granularite), _Perimetre())
            perimetre.natures.add(c.nature)
            if c.n_null:
                perimetre.trouees.add(c.nature)
        return publies

    publies = _PERIMETRES.une_fois(brutes.etat(entrepot, manifeste), lire).get(selection.source, {})
    sien = publies.get((selection.unite, selection.granularite))
    if sien is None:
        return selection
    natures = selection.natures
    return replace(
        selection,
        natures=() if len(natures) > 1 and sien.natures.issubset(natures) else natures,
        seule=len(publies) == 1,
        pleine=sien.trouees.isdisjoint(natures) if natures else not sien.trouees,
    )


def oublier() -> None:
    """Leave memory as that of a process that has just started."""
    for memoire in (_INVENTAIRES, _PERIMETRES, _SECTORISES):
        memoire.oublier()
