"""A month sent again: exactly what changes, cell by cell, before it is published and ever after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur import nomenclatures
from pupitre.moteur.observations import Granularite
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte.analyse import hebdomadaire
from pupitre.observatoire.collecte.couverture import Case, Couverture, cles
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Livraison, Retrait
from pupitre.observatoire.selectors import Correction, corrections_de, retraits_de
from pupitre.socle.texte import mois_annee, nombre, pourcent

# A period that loses that part of its count, and that many facts at least, is to be confirmed.
PART_PERDUE, PERTE_MIN = 0.4, 10
_CLES = ("nature", "unite", "genre", "debut", "lieu", "secteur")


@dataclass(frozen=True, slots=True)
class Cellule:
    """One count before and after. None: no figure on that side; `n_d`: withheld by the producer."""

    nature: str
    unite: str
    genre: str
    debut: date
    lieu: str
    secteur: str
    avant: int | None
    apres: int | None
    n_d_avant: bool = False
    n_d_apres: bool = False

    @property
    def ecart(self) -> int | None:
        if self.n_d_avant or self.n_d_apres:
            return None
        return (self.apres or 0) - (self.avant or 0)


@dataclass(frozen=True, slots=True)
class Changements:
    """What one delivery changes of those that it corrects.

    Attributes:
        cellules: those that differ, by period, nature, place.
        identiques: how many cells say the same.
        anciennes: the deliveries corrected, and whether nothing of them is left.
    """

    cellules: tuple[Cellule, ...]
    identiques: int
    anciennes: tuple[tuple[Livraison, bool, int], ...]


def changements(livraison: Livraison) -> Changements | None:
    """Against what is published now, or against what it took the place of once it is published itself.

    None when it corrects nothing.
    """
    if "scelle" not in livraison.lecture:
        return None
    faits = list(Retrait.objects.filter(par=livraison).select_related("livraison__source"))
    if faits:
        anciennes = [(r.livraison, frozenset(tuple(c) for c in r.cases)) for r in faits]
        dites = [(li, li.remplacee_par_id == livraison.pk, len(_periodes(cases))) for li, cases in anciennes]
    elif livraison.evenements.filter(etat__in=(Etat.PUBLIEE, Etat.REJETEE)).exists():
        return None  # published, it corrected nothing; rejected, it never will
    else:
        prevues = corrections_de(livraison)
        anciennes = [(c.ancienne, c.cases) for c in prevues]
        dites = [(c.ancienne, c.entiere, len(_periodes(c.cases))) for c in prevues]
    if not anciennes:
        return None
    return Changements(*_comparer(livraison, anciennes), tuple(dites))


def periodes_changees(livraison: Livraison, corrections: Iterable[Correction]) -> set[tuple[str, str]]:
    """(granularity, first day) of what these corrections say again with other figures."""
    cellules, _ = _comparer(livraison, [(c.ancienne, c.cases) for c in corrections])
    return {(c.genre, c.debut.isoformat()) for c in cellules}


def _comparer(
    livraison: Livraison, anciennes: Iterable[tuple[Livraison, frozenset[Case]]]
) -> tuple[tuple[Cellule, ...], int]:
    """Cells that differ, and how many do not. A place first heard of in a period sent again is a change of it."""
    anciennes = list(anciennes)
    touchees = frozenset[Case]().union(*(cases for _, cases in anciennes))
    periodes = _periodes(touchees)
    dites = Couverture.de_json(livraison.lecture["couverture"]).cases
    avant = _sommes(pa.concat_tables([_cellules_de(li, cases) for li, cases in anciennes]))
    apres = _sommes(_cellules_de(livraison, touchees | {c for c in dites if c[:2] in periodes}))
    return _ecarts(avant, apres)


def _periodes(cases: Iterable[Case]) -> set[tuple[str, str]]:
    return {(g, d) for g, d, _ in cases}


def _cellules_de(livraison: Livraison, cases: frozenset[Case]) -> pa.Table:
    """Observations of a delivery in those cases, with the period by which they are compared."""
    colonnes = ["nature", "unite", "granularite", "debut", "commune", "territoire", "secteur", "n"]
    table = catalogue.entrepot().lire_scelle(livraison.lecture["scelle"]["chemin"], colonnes)
    par_case = cles(table, hebdomadaire=hebdomadaire(livraison.source))
    texte = pc.binary_join_element_wise(
        par_case["g"], pc.cast(par_case["d"], pa.string()), par_case["l"], "|"
    )
    gardes = pa.array(["|".join(c) for c in cases], pa.string())
    masque = pc.is_in(texte, gardes)
    return pa.table(
        {
            "nature": table["nature"],
            "unite": table["unite"],
            "genre": par_case["g"],
            "debut": par_case["d"],
            "lieu": pc.coalesce(table["commune"], table["territoire"], pa.scalar("")),
            "secteur": pc.coalesce(table["secteur"], pa.scalar("")),
            "n": table["n"],
        }
    ).filter(masque)


def _sommes(table: pa.Table) -> dict[tuple, tuple[int, bool]]:
    """(sum, whether something in it is withheld) by cell."""
    groupes = table.append_column("nd", pc.cast(pc.is_null(table["n"]), pa.int64())).group_by(list(_CLES))
    lues = groupes.aggregate([("n", "sum"), ("nd", "sum")]).to_pylist()
    return {tuple(li[c] for c in _CLES): (li["n_sum"] or 0, bool(li["nd_sum"])) for li in lues}


def _ecarts(avant: dict, apres: dict) -> tuple[tuple[Cellule, ...], int]:
    cellules, identiques = [], 0
    for cle in {*avant, *apres}:
        a, b = avant.get(cle), apres.get(cle)
        if a == b:
            identiques += 1
            continue
        cellules.append(
            Cellule(*cle, a[0] if a else None, b[0] if b else None, bool(a and a[1]), bool(b and b[1]))
        )
    cellules.sort(key=lambda c: (c.debut, c.genre, c.nature, c.lieu, c.secteur))
    return tuple(cellules), identiques


def baisse(livraison: Livraison) -> str:
    """Why a correction must be confirmed: it takes away much of a period; "" when it does not."""
    lus = changements(livraison)
    if lus is None:
        return ""
    pertes = []
    for genre, debut in sorted({(c.genre, c.debut) for c in lus.cellules}, key=lambda p: p[1]):
        avant, apres = _totaux_de(livraison, lus, genre, debut)
        if avant - apres >= PERTE_MIN and avant - apres >= PART_PERDUE * avant:
            pertes.append((genre, debut, avant, apres))
    if not pertes:
        return ""
    genre, debut, avant, apres = pertes[0]
    suite = f" {nombre(len(pertes) - 1)} autres périodes sont dans ce cas." if len(pertes) > 1 else ""
    return (
        f"{periode(genre, debut).capitalize()} passerait de {nombre(avant)} à {nombre(apres)} "
        f"({pourcent((apres - avant) / avant * 100, avec_signe=True)}).{suite}"
    )


def _totaux_de(livraison: Livraison, lus: Changements, genre: str, debut: date) -> tuple[int, int]:
    """Whole counts of the period, unchanged cells included."""
    apres = _cellules_de(livraison, _cases(livraison, genre, debut))
    total = pc.sum(apres["n"]).as_py() or 0
    ecart = sum(c.ecart or 0 for c in lus.cellules if (c.genre, c.debut) == (genre, debut))
    return total - ecart, total


def _cases(livraison: Livraison, genre: str, debut: date) -> frozenset[Case]:
    toutes = Couverture.de_json(livraison.lecture["couverture"]).cases
    return frozenset(c for c in toutes if (c[0], c[1]) == (genre, debut.isoformat()))


def periode(genre: str, debut: date) -> str:
    """ "octobre 2026", "2026", "semaine du 5 octobre 2026"."""
    from pupitre.observatoire.presentation import periode_en_clair

    granularite = genre.removesuffix(":faits")
    if granularite in (Granularite.MOIS, ""):
        return mois_annee(debut)
    return periode_en_clair(debut, granularite)


def libelle(nature: str) -> str:
    try:
        return nomenclatures.nature(nature).libelle
    except KeyError:
        return nature


__all__ = [
    "Cellule",
    "Changements",
    "baisse",
    "changements",
    "libelle",
    "periode",
    "periodes_changees",
    "retraits_de",
]
