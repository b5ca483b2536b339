"""The one way to open a partner's file: guarded, and the same whatever the format."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from pupitre.moteur.erreurs import FichierRefuse, Lieu
from pupitre.moteur.sources import gardes, limites
from pupitre.moteur.sources.anomalies import lettre

SEPARATEURS = (";", ",", "\t", "|")
ERREURS_EXCEL = {
    "Ref": "#REF!", "NA": "#N/A", "Div0": "#DIV/0!", "Value": "#VALEUR!", "Name": "#NOM?",
    "Num": "#NOMBRE!", "Null": "#NUL!", "GettingData": "#N/A",
}  # fmt: skip


@dataclass(frozen=True)
class Feuille:
    """One table of text cells, rectangular, empty rows kept.

    Attributes:
        nom: sheet name, empty for a flat file.
        colonnes: one Arrow array of strings per column, null where the cell is empty.
        premiere_colonne: 0-based column of the file where the table begins.
        numeros: file line of each row when records span several lines (flat files).
    """

    nom: str
    colonnes: tuple[pa.Array, ...]
    premiere_colonne: int = 0
    numeros: tuple[int, ...] = ()

    @property
    def hauteur(self) -> int:
        return len(self.colonnes[0]) if self.colonnes else 0

    @property
    def largeur(self) -> int:
        return len(self.colonnes)

    def cellule(self, ligne: int, colonne: int) -> str | None:
        """Text of one cell, 0-based; None when it is empty or outside."""
        if not (0 <= colonne < self.largeur and 0 <= ligne < self.hauteur):
            return None
        valeur: str | None = self.colonnes[colonne][ligne].as_py()
        return valeur or None

    def rangee(self, ligne: int, largeur: int | None = None) -> list[str | None]:
        """Texts of one row, 0-based."""
        colonnes = self.colonnes[: largeur or self.largeur]
        if not colonnes or not 0 <= ligne < self.hauteur:
            return [None] * len(colonnes)
        textes = pa.concat_arrays([c.slice(ligne, 1) for c in colonnes]).to_pylist()
        return [t or None for t in textes]

    def lieu(self, ligne: int | None = None, colonne: int | None = None) -> dict[str, Any]:
        """Place of a 0-based cell in the file, as keywords for `Journal`."""
        return {
            "feuille": self.nom or None,
            "ligne": None if ligne is None else self.numeros[ligne] if self.numeros else ligne + 1,
            "colonne": None if colonne is None else lettre(colonne + self.premiere_colonne),
        }

    def extrait(self) -> tuple[tuple[str, ...], ...]:
        """Top left corner, to show what was understood on the file itself."""
        return tuple(
            tuple(c or "" for c in self.rangee(i, limites.EXTRAIT_COLONNES))
            for i in range(min(self.hauteur, limites.EXTRAIT_LIGNES))
        )


@dataclass(frozen=True)
class Classeur:
    """An opened file: `genre` is "xlsx", "ods" or "csv"; sheets are loaded when asked for.

    `encodage` and `separateur` are set for flat files only.
    """

    genre: str
    noms: tuple[str, ...]
    encodage: str = ""
    separateur: str = ""
    _lecteur: Any = field(default=None, repr=False)
    _texte: str = field(default="", repr=False)
    # The last sheet only: finding the format, proposing and reading look at the same one in turn.
    _derniere: dict[str, Feuille] = field(default_factory=dict, repr=False, compare=False)

    def feuille(self, nom: str | None = None) -> Feuille:
        """Sheet by name, the first one by default. Raises FichierRefuse when there is no such sheet."""
        nom = self.noms[0] if nom is None else nom
        if nom not in self.noms:
            raise FichierRefuse(
                f"La feuille «\u202f{nom}\u202f» n’est pas dans le classeur.",
                "Les feuilles trouvées sont\u202f: "
                + ", ".join(f"«\u202f{n}\u202f»" for n in self.noms[:12])
                + ".",
                "Corrigez la description du format, ou renommez la feuille.",
                Lieu(feuille=nom),
            )
        if nom not in self._derniere:
            self._derniere.clear()
            if self.genre == "csv":
                self._derniere[nom] = _feuille_csv(self._texte, self.separateur)
            else:
                self._derniere[nom] = _feuille_classeur(self._lecteur, nom)
        return self._derniere[nom]

    def feuilles(self) -> Iterator[Feuille]:
        for nom in self.noms:
            yield self.feuille(nom)


def octets_de_tete(fichier: Path) -> bytes:
    """First bytes of a file, after the checks that come before any reading.

    Raises FichierRefuse when it is missing, a folder, empty, or heavier than `limites.TAILLE_MAX`.
    """
    if not fichier.is_file():
        raise FichierRefuse(
            "Le fichier est introuvable.",
            f"«\u202f{fichier.name}\u202f» n’existe pas ou n’est pas un fichier.",
            "Vérifiez son nom et son emplacement.",
        )
    taille = fichier.stat().st_size
    if taille == 0:
        raise FichierRefuse("Le fichier est vide.", "Il ne contient aucun octet.", gardes.RENVOYER)
    gardes.refuser_taille(taille, limites.TAILLE_MAX)
    with fichier.open("rb") as flux:
        return flux.read(8192)


def genre_de(fichier: Path) -> str:
    """ "classeur", "gz", "parquet" or "texte", by content, not by name. Raises FichierRefuse otherwise."""
    tete = octets_de_tete(fichier)
    if tete.startswith(gardes.OLE):
        gardes.refuser_ole(fichier)
    if tete.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "classeur"
    if tete.startswith(b"\x1f\x8b"):
        return "gz"
    if tete.startswith(b"PAR1"):
        return "parquet"
    for magie, nom in gardes.MAGIES.items():
        if tete.startswith(magie):
            raise gardes.pas_un_tableau(f"C’est {nom}.")
    if tete.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise gardes.pas_un_tableau("C’est une page web ou un document XML, même si son nom dit autre chose.")
    if re.match(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*[\[{])", tete):
        raise gardes.pas_un_tableau("C’est un fichier JSON ou GeoJSON.")
    return "texte"


def ouvrir(fichier: Path) -> Classeur:
    """Opens a spreadsheet or a flat file. Raises FichierRefuse with the reason and the next gesture."""
    genre = genre_de(fichier)
    taille = fichier.stat().st_size
    if genre == "classeur":
        gardes.refuser_taille(taille, limites.TAILLE_MAX_CLASSEUR)
        return _ouvrir_classeur(fichier, gardes.genre_archive(fichier))
    if genre == "parquet":
        raise gardes.pas_un_tableau("C’est un fichier Parquet, lu seulement pour les bases du SSMSI.")
    if genre == "gz":
        octets = decompresser(fichier, limites.TAILLE_MAX_TEXTE)
    else:
        gardes.refuser_taille(taille, limites.TAILLE_MAX_TEXTE)
        octets = fichier.read_bytes()
    texte, encodage = decoder(octets)
    separateur = deviner_separateur(texte)
    return Classeur("csv", ("",), encodage, separateur, _texte=texte)


def decompresser(fichier: Path, maximum: int) -> bytes:
    """Content of a .gz file. Raises FichierRefuse when it is truncated or inflates beyond `maximum` bytes."""
    import gzip

    try:
        with gzip.open(fichier) as flux:
            octets = flux.read(maximum + 1)
    except (OSError, EOFError, zlib.error) as erreur:
        raise gardes.tronque() from erreur
    gardes.refuser_taille(len(octets), maximum)
    return octets


def decoder(octets: bytes) -> tuple[str, str]:
    """Text and its encoding: BOM first, then UTF-8, then Windows-1252.

    Raises FichierRefuse on NUL bytes, and on bytes that no French text in these encodings contains.
    """
    for marque, nom in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if octets.startswith(marque):
            try:
                texte = octets.decode(nom)
            except UnicodeDecodeError as erreur:
                raise _encodage(octets, erreur.start) from erreur
            _refuser_nul(texte.encode("utf-8") if "\x00" in texte else b"")
            return texte, nom
    _refuser_nul(octets)
    try:
        texte, encodage = octets.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        try:
            texte, encodage = octets.decode("cp1252"), "cp1252"
        except UnicodeDecodeError as erreur:
            raise _encodage(octets, erreur.start) from erreur
    _refuser_binaire(texte)
    return texte, encodage


def _refuser_nul(octets: bytes) -> None:
    place = octets.find(b"\x00")
    if place >= 0:
        raise FichierRefuse(
            "Le fichier contient des octets nuls.",
            "Ce n’est pas du texte, ou le fichier a été abîmé pendant l’envoi.",
            gardes.ENREGISTRER,
            Lieu(ligne=octets.count(b"\n", 0, place) + 1),
        )


def _refuser_binaire(texte: str) -> None:
    """A binary file decodes as Windows-1252 more often than not: its control characters give it away."""
    debut = texte[:65536]
    parasites = sum(1 for c in debut if ord(c) < 32 and c not in "\t\r\n\x0b\x0c\x1a")
    if parasites > max(2, len(debut) // 1000):
        raise gardes.pas_un_tableau("Son contenu n’est pas du texte.")


def _encodage(octets: bytes, place: int) -> FichierRefuse:
    return FichierRefuse(
        "L’encodage du fichier n’est pas reconnu.",
        "Il n’est ni en UTF-8 ni en Windows-1252 («\u202fANSI\u202f»)\u202f: des caractères y sont illisibles.",
        "Enregistrez-le depuis votre tableur en «\u202fCSV UTF-8\u202f» ou au format .xlsx.",
        Lieu(ligne=octets.count(b"\n", 0, place) + 1),
    )


def deviner_separateur(texte: str) -> str:
    """The separator that cuts the first lines most evenly: `;`, `,`, tab or `|`; `;` for one column."""
    lignes = [ligne for ligne in texte[:65536].splitlines()[:60] if ligne.strip()]
    meilleur, score = ";", 0.0
    for separateur in SEPARATEURS:
        try:
            largeurs = [len(r) for r in csv.reader(lignes, delimiter=separateur)]
        except csv.Error:
            continue
        if not largeurs:
            continue
        mode = max(set(largeurs), key=lambda n: (largeurs.count(n), n))
        if mode < 2:
            mode = max(largeurs)
        if mode < 2:
            continue
        note = largeurs.count(mode) / len(largeurs) + min(mode, 50) / 1000
        if note > score:
            meilleur, score = separateur, note
    return meilleur


def _feuille_csv(texte: str, separateur: str) -> Feuille:
    lignes: list[list[str]] = []
    numeros: list[int] = []
    cellules = 0
    largeur = 0
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    debut = 1
    try:
        for ligne in lecteur:
            lignes.append(ligne)
            numeros.append(debut)
            debut = lecteur.line_num + 1
            cellules += len(ligne)
            largeur = max(largeur, len(ligne))
            if cellules > limites.CELLULES_MAX or largeur * len(lignes) > limites.RECTANGLE_MAX:
                raise gardes.bombe("Il contient trop de cellules pour un fichier de partenaire.")
    except csv.Error as erreur:
        raise FichierRefuse(
            "Le fichier texte est mal formé.",
            "Un guillemet ouvert n’est jamais refermé, ou une cellule est démesurée.",
            "Enregistrez-le à nouveau depuis votre tableur, en CSV ou en .xlsx.",
            Lieu(ligne=lecteur.line_num),
        ) from erreur
    if not any(any(c.strip() for c in ligne) for ligne in lignes):
        raise FichierRefuse("Le fichier est vide.", "Il ne contient aucune cellule remplie.", gardes.RENVOYER)
    colonnes = tuple(
        pa.array([(ligne[c] or None) if c < len(ligne) else None for ligne in lignes], pa.string())
        for c in range(largeur)
    )
    return Feuille("", colonnes, 0, tuple(numeros))


def _ouvrir_classeur(fichier: Path, genre: str) -> Classeur:
    import fastexcel

    lecteur = _prudemment(lambda: fastexcel.read_excel(str(fichier)))
    noms = tuple(lecteur.sheet_names)
    if not noms:
        raise FichierRefuse("Le classeur est vide.", "Il ne contient aucune feuille.", gardes.RENVOYER)
    return Classeur(genre, noms, _lecteur=lecteur)


def _feuille_classeur(lecteur: Any, nom: str) -> Feuille:
    def charger() -> tuple[Any, Any, int]:
        feuille = lecteur.load_sheet(nom, header_row=None, skip_rows=0, dtypes="string")
        bloc, erreurs = feuille.to_arrow_with_errors()
        premieres = feuille.available_columns()
        return bloc, erreurs, premieres[0].absolute_index if premieres else 0

    bloc, erreurs, premiere = _prudemment(charger)
    colonnes = list(bloc.columns)
    if erreurs is not None:
        _reporter_erreurs(colonnes, erreurs.errors)
    return Feuille(nom, tuple(colonnes), premiere)


def _reporter_erreurs(colonnes: list[pa.Array], erreurs: Any) -> None:
    """Error cells come back empty from the reader: their text is put back so that they are seen."""
    modifiees: dict[int, list[str | None]] = {}
    for erreur in erreurs:
        if "Error(" not in erreur.detail:
            continue
        ligne, colonne = erreur.offset_position
        if colonne >= len(colonnes) or ligne >= len(colonnes[colonne]):
            continue
        valeurs = modifiees.setdefault(colonne, colonnes[colonne].to_pylist())
        valeurs[ligne] = ERREURS_EXCEL.get(erreur.detail.split("Error(")[1].split(")")[0], "#ERREUR!")
    for colonne, valeurs in modifiees.items():
        colonnes[colonne] = pa.array(valeurs, pa.string())


def _prudemment(action: Any) -> Any:
    """The native reader raises its own errors, and panics (outside `Exception`) on some broken files."""
    try:
        return action()
    except (FichierRefuse, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as erreur:
        raise gardes.tronque() from erreur
