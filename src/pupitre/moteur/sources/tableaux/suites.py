"""What was done about an incident: counted beside it, in its own unit, never with it."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur import nomenclatures
from pupitre.moteur.nomenclatures.reconnaissance import SUITES
from pupitre.moteur.sources.description import Role
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.fabrique import Codes
from pupitre.moteur.sources.lecture.lecteur_nature import SCORE_SUR
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.tableau import Tableau, lire_valeurs

FAMILLE = SUITES
Entier = TypeVar("Entier", np.int32, np.int64)


def ajouter_suites(
    observations: pa.Table, rangs: npt.NDArray[Entier], tableau: Tableau, journal: Journal
) -> tuple[pa.Table, npt.NDArray[Entier]]:
    """One more observation, of nature `inc:suite_…`, for each one whose row says what was done.

    Args:
        rangs: row of the table that each observation comes from.
    Returns:
        The observations, those added last, and the row of each one.
    """

    def lire_une(texte: str) -> str | None:
        trouve = nomenclatures.reconnaitre_nature(texte, FAMILLE)
        return trouve[0] if trouve and trouve[1] >= SCORE_SUR else None

    def signaler(texte: str, ligne: int, fois: int) -> None:
        journal.avertir(
            "suite_inconnue",
            f"La suite donnée «\u202f{nettoyer(texte)[:60]}\u202f» n’est pas connue\u202f: l’incident est compté, sa "
            f"suite ne l’est pas ({fois} lignes).",
            **tableau.feuille.lieu(ligne, tableau.roles[Role.SUITE]),
        )

    lus = lire_valeurs(tableau, Role.SUITE, lire_une, signaler)
    if lus is None:
        return observations, rangs
    choix = np.flatnonzero(lus.rangs[rangs] >= 0)
    codes = [str(v) for v in lus.valeurs]
    dites = lus.rangs[rangs[choix]]
    suites = observations.take(pa.array(choix))
    for nom, valeurs in (
        ("nature", codes),
        ("unite", [nomenclatures.nature(c).unite for c in codes]),
    ):
        place = suites.schema.get_field_index(nom)
        genre = suites.schema.field(nom).type
        suites = suites.set_column(place, suites.schema.field(nom), Codes(dites, valeurs).tableau(genre))
    place = suites.schema.get_field_index("gravite")
    suites = suites.set_column(place, suites.schema.field("gravite"), pa.nulls(len(choix), pa.int8()))
    return pa.concat_tables([observations, suites]), np.concatenate([rangs, rangs[choix]])
