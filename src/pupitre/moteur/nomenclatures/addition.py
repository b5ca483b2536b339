"""What may be added to what, and the reason when it may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.nomenclatures.fiche import Nature

SEPAREMENT = "Demandez les chiffres séparément, l’un à côté de l’autre."


def unite_commune(codes: Sequence[str], toutes: Mapping[str, Nature], noms: Mapping[str, str]) -> str:
    """See `pupitre.moteur.nomenclatures.unite_commune`."""
    if not codes:
        raise MesureRefusee(
            "Aucune nature de faits n’est demandée.",
            "Une mesure porte au moins sur une nature.",
            "Choisissez une nature.",
        )
    inconnus = [c for c in codes if c not in toutes]
    if inconnus:
        raise MesureRefusee(
            f"La nature « {inconnus[0]} » n’existe pas.",
            "Elle n’est dans aucune nomenclature connue.",
            "Vérifiez le code, par exemple « 4001:27 » ou « ssmsi:cambriolages_logement ».",
        )
    fiches = [toutes[c] for c in codes]
    _refuser_non_mesurable(fiches)
    if len(fiches) == 1:
        return fiches[0].unite
    _refuser_double(fiches, toutes)
    nomenclatures = list(dict.fromkeys(f.nomenclature for f in fiches))
    if len(nomenclatures) > 1:
        raise MesureRefusee(
            "Ces natures ne s’additionnent pas.",
            "Elles viennent de nomenclatures différentes ("
            + ", ".join(noms.get(n, n) for n in nomenclatures)
            + ")\u202f: les mêmes faits y seraient comptés deux fois.",
            SEPAREMENT,
        )
    unites = list(dict.fromkeys(f.unite for f in fiches))
    if len(unites) > 1:
        exemples = ", ".join(
            f"« {next(f.libelle for f in fiches if f.unite == u)} » compte des unités « {u} »"
            for u in unites[:3]
        )
        raise MesureRefusee(
            "Ces natures ne s’additionnent pas.",
            f"Leurs unités de compte diffèrent\u202f: {exemples}.",
            SEPAREMENT,
        )
    doutes = [f for f in fiches if not f.unite_verifiee]
    if doutes:
        raise MesureRefusee(
            "Ces natures ne peuvent pas encore être additionnées.",
            f"L’unité de compte de « {doutes[0].libelle} » ({doutes[0].code}) n’est pas vérifiée à la source.",
            SEPAREMENT,
        )
    return unites[0]


def _refuser_non_mesurable(fiches: Sequence[Nature]) -> None:
    for f in fiches:
        if not f.mesurable:
            raise MesureRefusee(
                f"« {f.libelle} » ({f.code}) ne se mesure pas.",
                "C’est un titre qui rassemble des natures, ou un index que le ministère n’utilise pas.",
                "Choisissez une nature précise.",
            )


def _refuser_double(fiches: Sequence[Nature], toutes: Mapping[str, Nature]) -> None:
    codes = [f.code for f in fiches]
    for f in fiches:
        if codes.count(f.code) > 1:
            raise MesureRefusee(
                f"« {f.libelle} » est demandé deux fois.",
                "Le total la compterait deux fois.",
                "Gardez-la une fois.",
            )
        parent = f.parent
        while parent:
            if parent in codes:
                raise MesureRefusee(
                    "Ces natures ne s’additionnent pas.",
                    f"« {f.libelle} » est déjà comprise dans « {toutes[parent].libelle} ».",
                    "Gardez l’une ou l’autre.",
                )
            parent = toutes[parent].parent if parent in toutes else ""
