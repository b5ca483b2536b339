"""The one way to open a partner's file: guarded, and the same whatever the format."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from pupitre.moteur.erreurs import FichierRefuse, Lieu
from pupitre.moteur.sources.fichiers import gardes, limites, refus, suivi
from pupitre.moteur.sources.fichiers.feuille import Feuille, reduire
from pupitre.moteur.sources.fichiers.plats import decoder, deviner_separateur, lire_feuille, ouvrir_texte

__all__ = [
    "Classeur",
    "Feuille",
    "decoder",
    "decompresser",
    "deviner_separateur",
    "genre_de",
    "octets_de_tete",
    "ouvrir",
]

ERREURS_EXCEL = {
    "Ref": "#REF!", "NA": "#N/A", "Div0": "#DIV/0!", "Value": "#VALEUR!", "Name": "#NOM?",
    "Num": "#NOMBRE!", "Null": "#NUL!", "GettingData": "#N/A",
}  # fmt: skip


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
    _source: bytes | Path = field(default=b"", repr=False)
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
                self._derniere[nom] = lire_feuille(self._source, self.encodage, self.separateur)
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
        raise FichierRefuse("Le fichier est vide.", "Il ne contient aucun octet.", refus.RENVOYER)
    refus.refuser_taille(taille, limites.TAILLE_MAX)
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
            raise refus.pas_un_tableau(f"C’est {nom}.")
    if tete.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise refus.pas_un_tableau("C’est une page web ou un document XML, même si son nom dit autre chose.")
    if re.match(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*[\[{])", tete):
        raise refus.pas_un_tableau("C’est un fichier JSON ou GeoJSON.")
    return "texte"


def ouvrir(fichier: Path) -> Classeur:
    """Opens a spreadsheet or a flat file. Raises FichierRefuse with the reason and the next gesture."""
    genre = genre_de(fichier)
    taille = fichier.stat().st_size
    if genre == "classeur":
        refus.refuser_taille(taille, limites.TAILLE_MAX_CLASSEUR)
        return _ouvrir_classeur(fichier, gardes.genre_archive(fichier))
    if genre == "parquet":
        raise refus.pas_un_tableau("C’est un fichier Parquet, lu seulement pour les bases du SSMSI.")
    source: bytes | Path = fichier
    if genre == "gz":
        source = decompresser(fichier, limites.TAILLE_MAX_TEXTE)
    else:
        refus.refuser_taille(taille, limites.TAILLE_MAX_TEXTE)
    texte = ouvrir_texte(source)
    deja_lue = {"": texte.feuille} if texte.feuille is not None else {}
    return Classeur("csv", ("",), texte.encodage, texte.separateur, _source=texte.source, _derniere=deja_lue)


def decompresser(fichier: Path, maximum: int) -> bytes:
    """Content of a .gz file. Raises FichierRefuse when it is truncated or inflates beyond `maximum` bytes."""
    import gzip

    try:
        with gzip.open(fichier) as flux:
            octets = flux.read(maximum + 1)
    except (OSError, EOFError, zlib.error) as erreur:
        raise refus.tronque() from erreur
    refus.refuser_taille(len(octets), maximum)
    return octets


def _ouvrir_classeur(fichier: Path, genre: str) -> Classeur:
    import fastexcel

    lecteur = _prudemment(lambda: fastexcel.read_excel(str(fichier)))
    noms = tuple(lecteur.sheet_names)
    if not noms:
        raise FichierRefuse("Le classeur est vide.", "Il ne contient aucune feuille.", refus.RENVOYER)
    return Classeur(genre, noms, _lecteur=lecteur)


def _feuille_classeur(lecteur: Any, nom: str) -> Feuille:
    def charger() -> tuple[Any, Any, int]:
        feuille = lecteur.load_sheet(nom, header_row=None, skip_rows=0, dtypes="string")
        bloc, erreurs = feuille.to_arrow_with_errors()
        premieres = feuille.available_columns()
        return bloc, erreurs, premieres[0].absolute_index if premieres else 0

    suivi.avancer("ouverture")
    bloc, erreurs, premiere = _prudemment(charger)
    suivi.avancer("ouverture", bloc.num_rows, bloc.num_rows)
    colonnes = list(bloc.columns)
    if erreurs is not None:
        _reporter_erreurs(colonnes, erreurs.errors)
    return Feuille(nom, reduire(colonnes), premiere)


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
        raise refus.tronque() from erreur
