"""Finding the nature behind a partner's own label."""

from __future__ import annotations

import re
from functools import lru_cache

from pupitre.moteur.nomenclatures import etat4001, incidents, ssmsi
from pupitre.moteur.nomenclatures.libelles import cle

SEUIL = 86.0
_NOMBRE_DE = re.compile(r"(?:nombre|nb|nbre)\.? (?:de |des |d')")


SUITES = "inc:suite_"


@lru_cache
def _libelles(suites: bool) -> dict[str, str]:
    """Comparable label → code. A label claimed by two codes belongs to the first, in this order.

    `suites`: in a column that says what was done, « police » or « néant » are answers; elsewhere they are not natures.
    """
    paires: list[tuple[str, str]] = []
    for code, fiche in incidents.natures().items():
        if fiche.mesurable:
            paires.append((fiche.libelle, code))
            if suites or not code.startswith(SUITES):
                paires += [(s, code) for s in incidents.synonymes()[code]]
    for i in etat4001.index().values():
        if i.utilise:
            paires += [(i.libelle, i.code), (i.libelle_publie, i.code)]
    paires += [(nom, f"ssmsi:{i.code}") for i in ssmsi.indicateurs().values() for nom in i.libelles]
    trouves: dict[str, str] = {}
    for libelle, code in paires:
        trouves.setdefault(cle(libelle), code)
    return trouves


@lru_cache(maxsize=8192)
def reconnaitre_nature(libelle: str, prefixe: str = "") -> tuple[str, float] | None:
    """Code of the nature that a label names, with a score of likeness from 0 to 100; None under 86.

    `prefixe` keeps one nomenclature ("inc", "4001"…). A code is recognised as itself. The answer is a
    proposal to a person, never a decision: a score under 100 must be confirmed.
    """
    from rapidfuzz import fuzz, process

    from pupitre.moteur import nomenclatures

    cherche = _NOMBRE_DE.sub("", cle(libelle), count=1)
    if not cherche:
        return None
    try:
        return nomenclatures.nature(libelle.strip()).code, 100.0
    except KeyError:
        pass
    candidats = {k: v for k, v in _libelles(prefixe == SUITES).items() if v.startswith(prefixe)}
    if cherche in candidats:
        return candidats[cherche], 100.0
    trouve = process.extractOne(cherche, candidats.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=SEUIL)
    if trouve is None:
        return None
    return candidats[trouve[0]], min(99.0, round(float(trouve[1]), 1))
