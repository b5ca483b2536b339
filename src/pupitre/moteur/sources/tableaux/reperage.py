"""What each row and each cell of a table was taken for, found back for the rows worth seeing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.observations import Anomalie
from pupitre.moteur.reperes import Genre, Ligne, Marque, Reperes
from pupitre.moteur.sources.description import Role
from pupitre.moteur.sources.fichiers.feuille import en_textes, lettre
from pupitre.moteur.sources.fichiers.ouverture import Classeur
from pupitre.moteur.sources.lecture.textes import est_total, lire_compte, nettoyer
from pupitre.moteur.sources.tableaux.rangees import LIBELLES
from pupitre.moteur.sources.tableaux.tableau import Tableau

LIGNES_DU_HAUT, LIGNES_APRES_TITRES, LIGNES_EN_TOUT, COLONNES = 14, 8, 26, 14
LARGEUR = 80
MASQUE = "•••"


def reperer(classeur: Classeur, tableau: Tableau, anomalies: Iterable[Anomalie]) -> Reperes:
    """Marks of the rows worth seeing: the top of the file, then the first of each kind met further down."""
    anomalies = tuple(anomalies)
    genres = _Genres(tableau)
    colonnes = _Colonnes(tableau)
    notes = {
        (a.lieu.ligne, a.lieu.colonne)
        for a in anomalies
        if a.code in ("renvoi_de_note", "fraction") and a.lieu
    }
    choisies = _choisir(tableau, genres, notes)
    lignes, avant = [], -1
    for ligne in choisies:
        lignes.append(_ligne(tableau, ligne, genres.de(ligne), colonnes, notes, saut=ligne > avant + 1))
        avant = ligne
    largeur = min(tableau.feuille.largeur, COLONNES)
    return Reperes(
        tuple(lignes),
        tuple(lettre(c + tableau.feuille.premiere_colonne) for c in range(largeur)),
        tuple(colonnes.roles.get(c, "") for c in range(largeur)),
        _constater(classeur, tableau, anomalies),
    )


def genres_des_lignes(tableau: Tableau, lignes: Iterable[int]) -> dict[int, str]:
    """What each of these rows (0-based) was taken for."""
    genres = _Genres(tableau)
    return {ligne: str(genres.de(ligne)) for ligne in lignes}


class _Genres:
    def __init__(self, tableau: Tableau) -> None:
        self._tableau = tableau
        self._donnees = set(tableau.lignes[:LIGNES_EN_TOUT].tolist())
        self._totaux, self._ecartees = set(tableau.totaux), set(tableau.ecartees)

    def de(self, ligne: int) -> Genre:
        t = self._tableau
        if ligne == t.entete:
            return Genre.TITRES
        if not any(c and c.strip() for c in t.feuille.rangee(ligne)):
            return Genre.VIDE
        if ligne < t.entete:
            return Genre.BANDEAU
        if ligne in self._totaux:
            return Genre.TOTAL
        if ligne in self._ecartees:
            return Genre.HORS_TABLEAU
        place = int(t.lignes.searchsorted(np.int32(ligne)))
        lue = place < len(t.lignes) and int(t.lignes[place]) == ligne
        return Genre.DONNEES if lue else Genre.HORS_TABLEAU


class _Colonnes:
    """What each column is read as, and the labels that are carried down its empty cells."""

    def __init__(self, tableau: Tableau) -> None:
        self.roles: dict[int, str] = {c: str(Role.NOMBRE) for c in tableau.nombres}
        self.roles |= {c: str(r) for r, c in tableau.roles.items()}
        self.roles |= {c: str(Role.ADRESSE) for c in tableau.adresses}
        self.nominatives = set(tableau.nominatives)
        titres = {c: tableau.feuille.cellule(tableau.entete, c) for c in range(tableau.feuille.largeur)}
        self.totaux = {c for c, t in titres.items() if est_total(t) and c not in self.roles}
        self.reportees = {c for r, c in tableau.roles.items() if r in LIBELLES}

    def marque(self, colonne: int, texte: str, genre: Genre) -> str:
        if genre not in (Genre.DONNEES, Genre.TITRES):
            return ""
        if colonne in self.nominatives:
            return Marque.PERSONNE
        if colonne in self.totaux:
            return Marque.TOTAL
        if colonne not in self.roles:
            return Marque.NON_LUE if texte else ""
        if genre is Genre.DONNEES and not texte and colonne in self.reportees:
            return Marque.REPORTEE
        if genre is Genre.DONNEES and colonne in self.reportees and re.search(r"\([^)]{3,}|\*\s*\Z", texte):
            return Marque.NOTE
        return ""


def _choisir(tableau: Tableau, genres: _Genres, notes: set[tuple[int | None, str | None]]) -> list[int]:
    feuille, entete = tableau.feuille, tableau.entete
    haut = set(
        range(max(0, entete - LIGNES_DU_HAUT + 1), min(feuille.hauteur, entete + 1 + LIGNES_APRES_TITRES))
    )
    plus = [*tableau.totaux[:2], *tableau.ecartees[:2]]
    if tableau.totaux:
        plus += [tableau.totaux[-1] - 1, tableau.totaux[-1]]
    plus += [ligne + 1 for ligne in tableau.totaux[:1]]
    numeros = {n for n, _ in notes if n}
    if numeros:
        plus += [i for i in tableau.lignes.tolist() if (feuille.lieu(i)["ligne"] or 0) in numeros][:2]
    if len(tableau.lignes):
        plus.append(int(tableau.lignes[-1]))
    plus = [i for i in plus if 0 <= i < feuille.hauteur]
    return sorted({*haut, *plus[: LIGNES_EN_TOUT - min(len(haut), LIGNES_EN_TOUT - 6)]})


def _ligne(
    tableau: Tableau,
    ligne: int,
    genre: Genre,
    colonnes: _Colonnes,
    notes: set[tuple[int | None, str | None]],
    *,
    saut: bool,
) -> Ligne:
    numero = tableau.feuille.lieu(ligne)["ligne"] or 0
    cellules, marques = [], []
    for c, brut in enumerate(tableau.feuille.rangee(ligne, COLONNES)):
        texte = nettoyer(brut or "")
        marque = colonnes.marque(c, texte, genre)
        if (numero, lettre(c + tableau.feuille.premiere_colonne)) in notes:
            marque = Marque.NOTE
        if marque == Marque.PERSONNE and genre is Genre.DONNEES and texte:
            texte = MASQUE
        cellules.append(texte if len(texte) <= LARGEUR else texte[: LARGEUR - 1] + "…")
        marques.append(str(marque))
    return Ligne(numero, str(genre), tuple(cellules), tuple(marques), saut)


_GENRES_DE_FICHIER = {"csv": "texte (CSV)", "xlsx": "classeur Excel (.xlsx)", "ods": "classeur ODS"}
_ENCODAGES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 avec marque",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252 («\u202fANSI\u202f»)",
    "cp850": "DOS (page 850)",
    "mac_roman": "Macintosh",
}
_SEPARATEURS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}


def _constater(
    classeur: Classeur, tableau: Tableau, anomalies: tuple[Anomalie, ...]
) -> tuple[tuple[str, str], ...]:
    feuille = tableau.feuille
    dits: dict[str, str] = {"Type de fichier": _GENRES_DE_FICHIER.get(classeur.genre, classeur.genre)}
    if classeur.genre == "csv":
        dits["Encodage"] = _ENCODAGES.get(classeur.encodage, classeur.encodage)
        dits["Séparateur"] = _SEPARATEURS.get(classeur.separateur, classeur.separateur)
    elif feuille.nom:
        dits["Feuille lue"] = feuille.nom
    dits["Ligne des titres"] = str(feuille.lieu(tableau.entete)["ligne"])
    bandeau = sum(
        1 for i in range(tableau.entete) if any(c and c.strip() for c in feuille.rangee(i, COLONNES))
    )
    _compter(dits, "Lignes de bandeau", bandeau)
    _compter(dits, "Lignes de données", len(tableau.lignes))
    _compter(dits, "Lignes de total, mises de côté", len(tableau.totaux))
    _compter(dits, "Lignes hors du tableau", len(tableau.ecartees))
    reports = _reports(tableau)
    if reports:
        dits["Valeurs écrites une fois et reportées"] = ", ".join(
            f"{titre} ({_entier(n)}\u202fcellule{'s' if n > 1 else ''})" for titre, n in reports.items()
        )
    _compter(dits, "Nombres avec renvoi de note", sum(a.code == "renvoi_de_note" for a in anomalies))
    if tableau.periodes:
        titres = [nettoyer(feuille.cellule(tableau.entete, c) or "") for c in tableau.periodes]
        dits["Périodes en colonnes"] = (
            f"{len(titres)}, de «\u202f{titres[0]}\u202f» à «\u202f{titres[-1]}\u202f»"
        )
    dates = _ecriture(tableau, Role.DATE, _DATES)
    if dates:
        dits["Écriture des dates"] = dates
    decimales = _decimales(tableau)
    if decimales:
        dits["Décimales"] = decimales
    if tableau.nominatives:
        dits["Colonnes de personnes, jamais lues"] = _entier(len(tableau.nominatives))
    return tuple(dits.items())


def _compter(dits: dict[str, str], quoi: str, n: int) -> None:
    if n:
        dits[quoi] = _entier(n)


def _entier(n: int) -> str:
    return f"{n:,}".replace(",", "\u202f")


def _reports(tableau: Tableau) -> Mapping[str, int]:
    """Empty cells of the columns of labels that take the text above, by title."""
    vides: dict[str, int] = {}
    for role, c in tableau.roles.items():
        colonne = tableau.colonne(role)
        if role not in LIBELLES or colonne is None or role in (Role.DATE, Role.SECTEUR):
            continue
        n = colonne.null_count
        if 0 < n < len(colonne):
            vides[nettoyer(tableau.feuille.cellule(tableau.entete, c) or "") or lettre(c)] = n
    return vides


_DATES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(motif), nom)
    for motif, nom in (
        (r"\d{4}-\d\d?-\d\d?", "année-mois-jour"),
        (r"(?:[a-z]{2,8}\.? )?\d\d?/\d\d?/\d{4}", "jour/mois/année"),
        (r"(?:[a-z]{2,8}\.? )?\d\d?[-/.]\d\d?[-/.]\d\d(?!\d)", "jour/mois/année à deux chiffres"),
        (r"(?:[a-z]{2,8}\.? )?\d\d?[-.]\d\d?[-.]\d{4}", "jour-mois-année"),
        (r"(?:[a-z]{2,8}\.? )?\d\d?(?:er)? [a-z]+", "en toutes lettres"),
    )
)
_ECHANTILLON = 500


def _ecriture(tableau: Tableau, role: Role, motifs: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    colonne = tableau.colonne(role)
    if colonne is None:
        return ""
    textes = [cle(t) for t in colonne.slice(0, _ECHANTILLON).to_pylist() if t]
    trouves = dict.fromkeys(
        nom for t in textes for nom in [next((n for m, n in motifs if m.match(t)), "")] if nom
    )
    return ", ".join(trouves)


_SIGNES = {"virgule": r"^\s*-?\d+,\d+\s*$", "point": r"^\s*-?\d+\.\d+\s*$"}


def _decimales(tableau: Tableau) -> str:
    nombres = _distincts(tableau, tableau.nombres)
    places = {tableau.roles[r] for r in (Role.LON, Role.LAT) if r in tableau.roles} - set(tableau.nombres)
    lieux = _distincts(tableau, places)
    signes = [
        signe
        for signe, ecriture in _SIGNES.items()
        # A place is never a whole number: the first one written so says it.
        if len(_ecrits(lieux, ecriture))
        or any(lire_compte(t).faute == "decimal" for t in _ecrits(nombres, ecriture).to_pylist())
    ]
    return " et ".join(signes)


def _distincts(tableau: Tableau, colonnes: Iterable[int]) -> pa.Array:
    """Texts at the top of these columns."""
    hauts = (tableau.feuille.colonnes[c].slice(tableau.entete + 1, _ECHANTILLON * 20) for c in colonnes)
    return pa.concat_arrays([pa.array([], pa.string()), *(en_textes(h.unique()) for h in hauts)]).unique()


def _ecrits(textes: pa.Array, ecriture: str) -> pa.Array:
    return textes.filter(pc.match_substring_regex(textes, ecriture).fill_null(False))
