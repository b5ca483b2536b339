"""Nature and place of each row of a described table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur import nomenclatures
from pupitre.moteur.erreurs import Lieu
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.observations import LibelleInconnu, PrecisionLieu
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.fichiers.feuille import Rangs, en_textes, prendre_lignes, renvoyer
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.communes import CommunesConnues
from pupitre.moteur.sources.lecture.fabrique import Codes
from pupitre.moteur.sources.lecture.lecteur_nature import LecteurNature, verifier_code
from pupitre.moteur.sources.lecture.lieux import comparables
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.lieux_communes import lire_communes
from pupitre.moteur.sources.tableaux.tableau import Lus, Tableau, lire_valeurs


def lire_natures(
    tableau: Tableau,
    description: Description,
    journal: Journal,
    *,
    completer: bool,
    inconnus: list[LibelleInconnu] | None = None,
) -> Lus | None:
    """Nature of each row, unknown labels noted as blocking with the nearest nature proposed, added to `inconnus`."""
    if description.nature_fixe:
        verifier_code(description.nature_fixe)
        return Lus(np.zeros(len(tableau.lignes), dtype=np.int8), [description.nature_fixe])

    def signaler(texte: str, ligne: int, fois: int) -> None:
        proche = nomenclatures.reconnaitre_nature(texte)
        conseil = (
            f" Voulez-vous dire «\u202f{nomenclatures.nature(proche[0]).libelle}\u202f»\u202f?"
            if proche
            else ""
        )
        journal.bloquante(
            "nature_inconnue",
            f"La nature «\u202f{nettoyer(texte)[:60]}\u202f» n’est pas connue ({fois} lignes).{conseil}",
            **tableau.feuille.lieu(ligne, tableau.roles[Role.NATURE]),
        )
        if inconnus is not None:
            candidats = ((proche[0], nomenclatures.nature(proche[0]).libelle),) if proche else ()
            lieu = Lieu(**tableau.feuille.lieu(ligne, tableau.roles[Role.NATURE]))
            inconnus.append(LibelleInconnu("nature", nettoyer(texte), fois, "", candidats, lieu))

    return lire_valeurs(
        tableau, Role.NATURE, LecteurNature(description), signaler, completer=completer, journal=journal
    )


@dataclass(frozen=True)
class Lieux:
    """Columns of place, one value per row of the table; `refuses` marks rows whose place is a blocking fault."""

    territoire: Codes | str | None
    commune: Codes | str | None
    secteur: Codes | str | None
    refuses: npt.NDArray[np.bool_]
    precision: Rangs
    inconnus: tuple[LibelleInconnu, ...] = ()

    PRECISIONS = (PrecisionLieu.TERRITOIRE.value, PrecisionLieu.COMMUNE.value, PrecisionLieu.SECTEUR.value)


def lire_lieux(
    tableau: Tableau,
    description: Description,
    journal: Journal,
    *,
    completer: bool,
    connues: CommunesConnues | None = None,
) -> Lieux:
    """Territory, commune and secteur of each row; a fixed value wins over a column that is empty."""
    nombre = len(tableau.lignes)
    refuses = np.zeros(nombre, dtype=bool)
    libre = lire_valeurs(tableau, Role.TERRITOIRE, nettoyer, _rien, completer=completer, journal=journal)
    communes, inconnus = lire_communes(tableau, description, journal, completer=completer, connues=connues)
    connus = comparables(description.secteurs)

    # A name that nobody matched stays as it is written: which division is in force is not known here.
    def lire_secteur(texte: str) -> str:
        return connus.get(cle(texte)) or nettoyer(texte)

    secteurs = lire_valeurs(tableau, Role.SECTEUR, lire_secteur, _rien, completer=completer, journal=journal)
    noms_communes: Lus | None = None
    if communes is not None:
        paires = cast("list[tuple[str, str]]", communes.valeurs)
        noms_communes = Lus(communes.rangs, [nom for _, nom in paires])
        codes = Lus(communes.rangs, [code or None for code, _ in paires])
        refuses |= communes.rangs == -2
        commune: Codes | str | None = _codes(codes, description.commune_fixe)
        # Twice False at the end: the positions −1 and −2 are those of rows without a commune.
        codees = np.array([*(bool(code) for code, _ in paires), False, False], dtype=bool)
        avec_commune = renvoyer(codees, communes.rangs)
    else:
        commune = description.commune_fixe or None
        avec_commune = np.full(nombre, bool(description.commune_fixe))
    avec_commune |= bool(description.commune_fixe)
    avec_secteur = np.full(nombre, bool(description.secteur_fixe))
    if secteurs is not None:
        avec_secteur |= secteurs.rangs >= 0
    territoire: Codes | str | None = description.territoire_fixe or None
    if not territoire:
        choisi = libre if libre is not None else noms_communes
        territoire = _codes(choisi, "") if choisi is not None else None
    return Lieux(
        territoire,
        commune,
        _codes(secteurs, description.secteur_fixe)
        if secteurs is not None
        else description.secteur_fixe or None,
        refuses,
        np.where(avec_secteur, np.int8(2), avec_commune.astype(np.int8)),
        inconnus,
    )


def _rien(texte: str, ligne: int, fois: int) -> None:
    """Free labels are never refused."""


def _codes(lus: Lus, defaut: str) -> Codes:
    valeurs = [None if v is None else str(v) for v in lus.valeurs]
    if not len(lus.rangs) or lus.rangs.min() >= 0:
        return Codes(lus.rangs, valeurs)
    return Codes(np.where(lus.rangs >= 0, lus.rangs, np.int32(len(valeurs))), [*valeurs, defaut or None])


def lire_adresses(tableau: Tableau) -> pa.Array | None:
    """Address of each row, the columns that make it put one after the other; None when there is no such column.

    As a dictionary of distinct texts: they are located once each.
    """
    if not tableau.adresses:
        return None
    parts = [
        pc.replace_substring_regex(
            pc.utf8_trim_whitespace(
                pc.coalesce(en_textes(prendre_lignes(tableau.feuille.colonnes[c], tableau.lignes)), "")
            ),
            r"^(\d{1,4})\.0$",
            r"\1",
        )
        for c in tableau.adresses
    ]
    ecrites = (
        parts[0] if len(parts) == 1 else pc.utf8_trim_whitespace(pc.binary_join_element_wise(*parts, " "))
    )
    return pc.if_else(pc.equal(ecrites, ""), pa.scalar(None, pa.string()), ecrites).dictionary_encode()


def prendre(
    colonne: Codes | str | None, choix: npt.NDArray[np.signedinteger[Any]] | slice
) -> Codes | str | None:
    """Same column on the chosen rows."""
    return Codes(colonne.positions[choix], colonne.valeurs) if isinstance(colonne, Codes) else colonne


def valeurs_arrow(codes: Codes) -> pa.Array:
    """Texts of a coded column."""
    return codes.tableau(pa.string())
