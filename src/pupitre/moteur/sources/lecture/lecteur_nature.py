"""From a partner's label to a nature."""

from __future__ import annotations

from pupitre.moteur import nomenclatures
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources.description import Description
from pupitre.moteur.sources.lecture.lieux import comparables

SCORE_SUR = 95.0


class LecteurNature:
    """Label → nature code: the saved mapping, then the nomenclature when the likeness leaves no doubt."""

    def __init__(self, description: Description) -> None:
        self._connues = comparables(description.natures)
        for code in (*self._connues.values(), *description.colonnes_nature.values(), description.nature_fixe):
            if code:
                verifier_code(code)

    def __call__(self, texte: str) -> str | None:
        code = self._connues.get(cle(texte))
        if code:
            return code
        trouve = nomenclatures.reconnaitre_nature(texte)
        return trouve[0] if trouve and trouve[1] >= SCORE_SUR else None


def verifier_code(code: str) -> None:
    """Raises ErreurPupitre when a description names a nature that does not exist or is not counted."""
    try:
        connue = nomenclatures.nature(code).mesurable
    except KeyError:
        connue = False
    if not connue:
        raise ErreurPupitre(
            f"La description du format nomme une nature inconnue, «\u202f{code}\u202f».",
            "Elle n’est dans aucune nomenclature, ou n’est qu’un titre.",
            "Choisissez une nature dans la liste.",
        )
