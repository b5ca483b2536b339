"""What the two readers of the état 4001 share: finding the index column and checking it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pupitre.moteur.nomenclatures import etat4001
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources.fichiers.ouverture import Feuille
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.blocs import Bloc
from pupitre.moteur.sources.lecture.pieds import (
    annonce_un_total,
    mettre_de_cote,
    porte_un_nombre,
    total_annonce,
)
from pupitre.moteur.sources.lecture.textes import nettoyer

ENTETES_INDEX = frozenset(
    {"code index", "index", "code", "n° index", "n°", "no index", "numero", "numero index", "n° d'index"}
)
ENTETES_LIBELLE = re.compile(r"libelle|intitule|nature|designation|infraction")
NUMERO = re.compile(r"\s*(?:index\s*)?0*(\d{1,4})(?:[.,]0+)?\s*\Z", re.IGNORECASE)
LIGNES_ENTETE_MAX = 20


@dataclass(frozen=True, slots=True)
class Entete:
    """Where the header is, 0-based: its row, the column of index numbers, that of labels (or None)."""

    ligne: int
    index: int
    libelle: int | None

    @property
    def premiere_donnee(self) -> int:
        return max(self.index, self.libelle if self.libelle is not None else -1) + 1


@dataclass(frozen=True, slots=True)
class Rangee:
    """One row below the header: 0-based row of the sheet and its index.

    A row without index is a row of totals, or text around the table (neither `numero` nor `total`).
    """

    ligne: int
    numero: int | None
    total: bool = False


def trouver_entete(feuille: Feuille) -> Entete | None:
    """The header among the first rows: the row that names the index column, confirmed by numbers under it.

    "N°" or "Code" also begin any numbered list: they are believed only if the labels beside are those of
    the nomenclature.
    """
    for ligne in range(min(LIGNES_ENTETE_MAX, feuille.hauteur)):
        cellules = [cle(c) if c else "" for c in feuille.rangee(ligne, 6)]
        for colonne, texte in enumerate(cellules):
            if texte not in ENTETES_INDEX or not _numeros_dessous(feuille, ligne, colonne):
                continue
            voisines = [
                c for c in range(len(cellules)) if ENTETES_LIBELLE.search(cellules[c]) and c != colonne
            ]
            libelle = voisines[0] if voisines else _colonne_de_texte(feuille, ligne, colonne)
            entete = Entete(ligne, colonne, libelle)
            if "index" in texte or _libelles_attendus(feuille, entete):
                return entete
    return None


def _libelles_attendus(feuille: Feuille, entete: Entete) -> bool:
    if entete.libelle is None:
        return False
    connus = lus = 0
    for ligne in range(entete.ligne + 1, min(entete.ligne + 13, feuille.hauteur)):
        numero = NUMERO.match(feuille.cellule(ligne, entete.index) or "")
        libelle = feuille.cellule(ligne, entete.libelle)
        fiche = etat4001.index().get(int(numero[1])) if numero else None
        if libelle and fiche:
            lus += 1
            connus += cle(libelle) in (cle(fiche.libelle), cle(fiche.libelle_publie))
    return lus > 0 and connus >= lus / 2


def _numeros_dessous(feuille: Feuille, ligne: int, colonne: int) -> bool:
    dessous = [feuille.cellule(i, colonne) for i in range(ligne + 1, min(ligne + 12, feuille.hauteur))]
    return sum(1 for c in dessous if c and NUMERO.match(c)) >= min(3, max(1, len(dessous) // 2))


def _colonne_de_texte(feuille: Feuille, ligne: int, colonne: int) -> int | None:
    """A label column without a header: letters right beside the numbers."""
    suivante = feuille.cellule(ligne + 1, colonne + 1)
    return colonne + 1 if suivante and not re.match(r"[\s\d.,+-]*\Z", suivante) else None


def lire_rangees(feuille: Feuille, entete: Entete, journal: Journal) -> list[Rangee]:
    """Rows of data in order. Notes unknown, repeated and missing index, and labels of another index."""
    rangees: list[Rangee] = []
    vus: dict[int, int] = {}
    numeros = feuille.colonnes[entete.index].to_pylist()
    libelles = feuille.colonnes[entete.libelle].to_pylist() if entete.libelle is not None else []
    for ligne in range(entete.ligne + 1, feuille.hauteur):
        brut = numeros[ligne]
        libelle = libelles[ligne] if libelles else None
        trouve = NUMERO.match(brut) if brut else None
        numero = int(trouve[1]) if trouve else 0
        if numero not in etat4001.index():
            rangee = _sans_index(feuille, entete, ligne, brut, libelle, journal)
            if rangee is not None:
                rangees.append(rangee)
            continue
        if numero in vus:
            journal.bloquante(
                "doublon",
                f"L’index {numero} est déjà à la ligne {feuille.lieu(vus[numero])['ligne']}.",
                **feuille.lieu(ligne, entete.index),
            )
            continue
        vus[numero] = ligne
        _verifier_libelle(feuille, entete, ligne, numero, libelle, journal)
        rangees.append(Rangee(ligne, numero))
    manquants = [n for n, i in etat4001.index().items() if i.utilise and n not in vus]
    if manquants and vus:
        debut = ", ".join(map(str, manquants[:10])) + ("…" if len(manquants) > 10 else "")
        journal.avertir("index_absent", f"Il manque {len(manquants)} index\u202f: {debut}.", **feuille.lieu())
    return rangees


def _sans_index(
    feuille: Feuille, entete: Entete, ligne: int, brut: str | None, libelle: str | None, journal: Journal
) -> Rangee | None:
    """A row that no index names: totals, or text around the table; with figures, it is a fault."""
    cellules = feuille.rangee(ligne)
    donnees = [c for c in cellules[entete.premiere_donnee :] if c and c.strip()]
    nommee = bool(brut and brut.strip())
    chiffres = any(map(porte_un_nombre, donnees)) or (donnees and NUMERO.match(brut or "") is not None)
    if not chiffres:
        return Rangee(ligne, None) if any(c and c.strip() for c in cellules) else None
    if annonce_un_total(brut if nommee else libelle):
        return Rangee(ligne, None, total=True)
    if total_annonce(cellules) is not None:
        return Rangee(ligne, None)
    message = (
        f"«\u202f{nettoyer(brut or '')[:60]}\u202f» n’est pas un index de l’état 4001 (de 1 à 107)."
        if nommee
        else "Cette ligne porte des nombres mais pas de numéro d’index."
    )
    journal.bloquante("index_inconnu", message, **feuille.lieu(ligne, entete.index))
    return None


def porte_des_comptes(feuille: Feuille, rangees: Sequence[Rangee], colonne: int) -> bool:
    """True when some row of data has a figure in this column; a date or a signature below is not one."""
    lignes = pa.array([r.ligne for r in rangees if r.numero], pa.int64())
    uniques = feuille.colonnes[colonne].take(lignes).unique().to_pylist()
    return any(porte_un_nombre(v) for v in uniques)


def ecarter_le_reste(feuille: Feuille, rangees: Sequence[Rangee], somme: int, journal: Journal) -> None:
    """Says which rows are not of the table; an announced total is compared with `somme`."""
    for r in rangees:
        if not r.numero and not r.total:
            mettre_de_cote(feuille, r.ligne, (somme,), journal)


def verifier_inutilises(feuille: Feuille, bloc: Bloc, lignes: list[Rangee], journal: Journal) -> None:
    """Warns of counts under an index that the ministry does not use."""
    if not bloc.comptes.n.size:
        return
    sommes = bloc.carre().sum(axis=0)
    for rang, r in enumerate(lignes):
        if r.numero and not etat4001.index()[r.numero].utilise and sommes[rang]:
            journal.avertir(
                "index_inutilise",
                f"L’index {r.numero}, que le ministère n’utilise pas, porte ici {int(sommes[rang])} faits.",
                **feuille.lieu(r.ligne),
            )


def _verifier_libelle(
    feuille: Feuille, entete: Entete, ligne: int, numero: int, libelle: str | None, journal: Journal
) -> None:
    if not libelle or numero in (96, 97, 99, 100):
        return
    fiche = etat4001.index()[numero]
    cherche = cle(libelle)
    if cherche in (cle(fiche.libelle_publie), cle(fiche.libelle)):
        return
    from rapidfuzz import fuzz

    if fuzz.token_set_ratio(cherche, cle(fiche.libelle)) >= 60:
        return
    journal.avertir(
        "libelle_inattendu",
        f"L’index {numero} s’appelle ici «\u202f{nettoyer(libelle)[:80]}\u202f», et non «\u202f{fiche.libelle}\u202f»"
        "\u202f: des lignes ont-elles été décalées\u202f?",
        **feuille.lieu(ligne, entete.libelle),
    )
