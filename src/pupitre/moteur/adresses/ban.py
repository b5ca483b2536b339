"""Reading an extract of the Base Adresse Nationale, or a list of named places, as one plain table."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from pupitre.moteur.adresses.ecriture import reparer
from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources.fichiers import limites, refus
from pupitre.moteur.sources.fichiers.ouverture import decoder, decompresser, deviner_separateur, genre_de

SCHEMA_BAN = pa.schema(
    [
        ("commune", pa.string()),  # INSEE code
        ("nom_commune", pa.string()),
        ("code_postal", pa.string()),
        ("voie", pa.string()),
        ("numero", pa.int32()),  # 0 when the row is the street itself
        ("rep", pa.string()),  # "bis", "ter", "b"… lower case, empty when there is none
        ("lieu_dit", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
    ]
)
SCHEMA_LIEUX = pa.schema(
    [
        ("commune", pa.string()),
        ("nom_commune", pa.string()),
        ("code_postal", pa.string()),
        ("nom", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
    ]
)
# A département is at most some 900,000 addresses, 170 MB.
TAILLE_MAX = 300 * limites.MEBIOCTET
HORS_DE_FRANCE_MAX = 0.05
# Numbers from 5000 up are made by the tax office for parcels without a number.
NUMERO_MAX = 4999
_PRENDRE_LA_BAN = (
    "Téléchargez le fichier «\u202fadresses-NN.csv.gz\u202f» de votre département sur "
    "adresse.data.gouv.fr, rubrique «\u202fTéléchargements\u202f», format CSV."
)
_SYNONYMES = {
    "commune": ("code_insee", "insee", "code_commune", "codgeo"),
    "nom_commune": ("nom_commune", "commune", "ville"),
    "code_postal": ("code_postal", "cp"),
    "nom": ("nom_lieu_dit", "nom_lieu", "nom", "libelle", "lieu", "residence", "etablissement"),
    "lon": ("lon", "longitude", "long"),
    "lat": ("lat", "latitude"),
    "x": ("x",),
    "y": ("y",),
}


@dataclass(frozen=True)
class Lu:
    """A table of SCHEMA_BAN or SCHEMA_LIEUX, and what was left out of it and why."""

    table: pa.Table
    lignes: int
    ailleurs: int
    sans_point: int
    sans_nom: int


def lire_ban(fichier: Path, communes: Collection[str] = ()) -> Lu:
    """Reads the CSV that the BAN publishes (also .gz), kept to `communes` (INSEE codes) when some are given.

    Raises:
        FichierRefuse: not a table, not an extract of the BAN, coordinates outside France, none of `communes`.
    """
    colonnes = _colonnes(
        fichier,
        _PRENDRE_LA_BAN,
        ("code_insee", "nom_voie", "numero"),
        "un extrait de la Base Adresse Nationale",
    )
    commune, lon, lat = _communes(colonnes), *_points(colonnes, _PRENDRE_LA_BAN)
    voie = _textes(colonnes, "nom_voie")
    numero = _numeros(colonnes["numero"])
    nommee = _plein(voie)
    garder, ailleurs = _garder(commune, colonnes, communes, _PRENDRE_LA_BAN)
    places = np.isfinite(lon)
    choix = pa.array(garder & places & nommee)
    table = pa.table(
        [
            commune,
            _textes(colonnes, "nom_commune"),
            _textes(colonnes, "code_postal"),
            voie,
            pa.array(numero, pa.int32()),
            pc.utf8_lower(_textes(colonnes, "rep")),
            _textes(colonnes, "nom_ld"),
            pa.array(lon),
            pa.array(lat),
        ],
        schema=SCHEMA_BAN,
    ).filter(choix)
    return _lu(table, garder, ailleurs, places, nommee, _PRENDRE_LA_BAN)


def lire_lieux(fichier: Path, communes: Collection[str] = ()) -> Lu:
    """Reads named places: the BAN's « lieux-dits », or any table with a name and coordinates.

    `communes`: those kept; when it is a single one, the file need not say it. Raises FichierRefuse.
    """
    que_faire = (
        (
            "Il faut une colonne de noms (« nom ») et deux colonnes de coordonnées (« lon » et « lat » en degrés, "
            "ou « x » et « y » en Lambert-93), et le code INSEE (« code_insee ») s’il y a plusieurs communes."
        )
        .replace("« ", "«\u202f")
        .replace(" »", "\u202f»")
    )
    colonnes = _colonnes(fichier, que_faire, (), "une liste de lieux")
    connues = {c: _synonyme(colonnes, c) for c in _SYNONYMES}
    if connues["nom"] is None:
        raise FichierRefuse(
            "Ce fichier ne nomme pas de lieux.", "Aucune colonne n’y donne un nom.", que_faire
        )
    renommees = {c: colonnes[v] for c, v in connues.items() if v is not None}
    lon, lat = _points(renommees, que_faire)
    seule = next(iter(communes)) if len(communes) == 1 else None
    nombre = len(lon)
    if "commune" in renommees:
        commune = _communes({"code_insee": renommees["commune"]})
        if seule is not None:
            commune = pc.if_else(pa.array(_plein(commune)), commune, seule)
    elif seule is not None:
        commune = pa.repeat(pa.scalar(seule, pa.string()), nombre)
    else:
        raise FichierRefuse(
            "Ce fichier ne dit pas de quelle commune est chaque lieu.",
            "Le conseil en réunit plusieurs.",
            que_faire,
        )
    nom = _textes(renommees, "nom")
    nomme = _plein(nom)
    garder, ailleurs = _garder(commune, renommees, communes, que_faire)
    places = np.isfinite(lon)
    table = pa.table(
        [
            commune,
            _textes(renommees, "nom_commune"),
            _textes(renommees, "code_postal"),
            nom,
            pa.array(lon),
            pa.array(lat),
        ],
        schema=SCHEMA_LIEUX,
    ).filter(pa.array(garder & places & nomme))
    return _lu(table, garder, ailleurs, places, nomme, que_faire)


def _lu(
    table: pa.Table,
    garder: npt.NDArray[np.bool_],
    ailleurs: int,
    places: npt.NDArray[np.bool_],
    nomme: npt.NDArray[np.bool_],
    que_faire: str,
) -> Lu:
    if not table.num_rows:
        raise FichierRefuse(
            "Le fichier ne contient aucun lieu utilisable.",
            "Toutes ses lignes sont sans nom ou sans point.",
            que_faire,
        )
    return Lu(
        table.combine_chunks(),
        len(garder),
        ailleurs,
        int(np.count_nonzero(garder & ~places)),
        int(np.count_nonzero(garder & ~nomme)),
    )


def _colonnes(fichier: Path, que_faire: str, exigees: tuple[str, ...], quoi: str) -> dict[str, pa.Array]:
    genre = genre_de(fichier)
    if genre not in ("gz", "texte"):
        raise FichierRefuse(f"Ce fichier n’est pas {quoi}.", "Ce n’est pas un fichier CSV.", que_faire)
    refus.refuser_taille(fichier.stat().st_size, TAILLE_MAX)
    octets = decompresser(fichier, TAILLE_MAX) if genre == "gz" else fichier.read_bytes()
    texte, _ = decoder(octets)
    separateur = deviner_separateur(texte)
    try:
        lue = pacsv.read_csv(
            io.BytesIO(texte.encode("utf-8")),
            read_options=pacsv.ReadOptions(block_size=16 * limites.MEBIOCTET),
            parse_options=pacsv.ParseOptions(delimiter=separateur, newlines_in_values=True),
            convert_options=_tout_en_texte(texte, separateur),
        )
    except pa.ArrowInvalid as erreur:
        raise FichierRefuse(
            f"Ce fichier n’est pas {quoi}.",
            "Ses lignes n’ont pas toutes le même nombre de colonnes\u202f: il est abîmé ou incomplet.",
            que_faire,
        ) from erreur
    colonnes: dict[str, pa.Array] = {}
    for nom, colonne in zip(lue.column_names, lue.columns, strict=True):
        colonnes.setdefault(nom.strip().lower(), colonne.combine_chunks())
    manquantes = [c for c in exigees if c not in colonnes]
    if manquantes:
        raise FichierRefuse(
            f"Ce fichier n’est pas {quoi}.",
            f"Il y manque {'la colonne' if len(manquantes) == 1 else 'les colonnes'} {', '.join(manquantes)}.",
            que_faire,
        )
    if not lue.num_rows:
        raise FichierRefuse("Le fichier est vide.", "Il n’a que sa ligne de titres.", que_faire)
    return colonnes


def _tout_en_texte(texte: str, separateur: str) -> pacsv.ConvertOptions:
    import csv

    titres = next(csv.reader(io.StringIO(texte[:65536]), delimiter=separateur), [])
    return pacsv.ConvertOptions(column_types={t: pa.string() for t in titres}, strings_can_be_null=False)


def _synonyme(colonnes: dict[str, pa.Array], champ: str) -> str | None:
    return next((c for c in _SYNONYMES[champ] if c in colonnes), None)


def _textes(colonnes: dict[str, pa.Array], nom: str) -> pa.Array:
    """Trimmed, mojibake repaired, "NA" and absent columns as empty texts."""
    if nom not in colonnes:
        longueur = len(next(iter(colonnes.values())))
        return pa.repeat(pa.scalar("", pa.string()), longueur)
    encode = pc.utf8_trim_whitespace(pc.coalesce(colonnes[nom], "")).dictionary_encode()
    propres = pa.array(["" if v == "NA" else reparer(v) for v in encode.dictionary.to_pylist()], pa.string())
    return propres.take(encode.indices)


def _plein(textes: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.greater(pc.utf8_length(textes), 0), dtype=bool)


def _communes(colonnes: dict[str, pa.Array]) -> pa.Array:
    """INSEE codes; the leading zero that a spreadsheet drops is given back."""
    codes = pc.utf8_upper(_textes(colonnes, "code_insee"))
    return pc.if_else(
        pc.match_substring_regex(codes, r"^\d{4}$"), pc.binary_join_element_wise("0", codes, ""), codes
    )


def _numeros(textes: pa.Array) -> npt.NDArray[np.int32]:
    propres = pc.replace_substring_regex(pc.utf8_trim_whitespace(pc.coalesce(textes, "")), r"\.0$", "")
    bons = pc.match_substring_regex(propres, r"^\d{1,6}$")
    lus = np.asarray(pc.if_else(bons, propres, "0").cast(pa.int32()), dtype=np.int32)
    return np.where(lus > NUMERO_MAX, 0, lus).astype(np.int32)


def _reels(textes: pa.Array) -> npt.NDArray[np.float64]:
    propres = pc.replace_substring(pc.utf8_trim_whitespace(pc.coalesce(textes, "")), ",", ".")
    bons = pc.match_substring_regex(propres, r"^[+-]?\d+(\.\d*)?$")
    lus = pc.if_else(bons, propres, pa.scalar(None, pa.string())).cast(pa.float64())
    return np.array(pc.coalesce(lus, float("nan")), dtype=np.float64)


def _points(
    colonnes: dict[str, pa.Array], que_faire: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Degrees, NaN where a row has no point in France."""
    from pupitre.moteur.geographie.projections import est_en_france, lambert_en_degres

    if "lon" in colonnes and "lat" in colonnes:
        lon, lat = _reels(colonnes["lon"]), _reels(colonnes["lat"])
    elif "x" in colonnes and "y" in colonnes:
        lon, lat = lambert_en_degres(_reels(colonnes["x"]), _reels(colonnes["y"]))
    else:
        raise FichierRefuse(
            "Le fichier ne donne pas de coordonnées.", "Il y manque les colonnes lon et lat.", que_faire
        )
    ecrits = np.isfinite(lon) & np.isfinite(lat)
    dedans = est_en_france(lon, lat)
    faux = int(np.count_nonzero(ecrits & ~dedans))
    if faux > HORS_DE_FRANCE_MAX * max(1, int(np.count_nonzero(ecrits))):
        raise FichierRefuse(
            "Les coordonnées du fichier ne sont pas en France.",
            f"{faux} lignes sont hors de ses limites\u202f: longitude et latitude sont peut-être inversées.",
            que_faire,
        )
    return np.where(dedans, lon, np.nan), np.where(dedans, lat, np.nan)


def _garder(
    commune: pa.Array, colonnes: dict[str, pa.Array], voulues: Collection[str], que_faire: str
) -> tuple[npt.NDArray[np.bool_], int]:
    if not voulues:
        return np.ones(len(commune), dtype=bool), 0
    garder = np.asarray(pc.is_in(commune, pa.array(sorted(voulues), pa.string())), dtype=bool)
    if not garder.any():
        noms = [n for n in pc.unique(_textes(colonnes, "nom_commune")).to_pylist() if n]
        cites = ", ".join(sorted(noms)[:5]) + ("…" if len(noms) > 5 else "")
        raise FichierRefuse(
            "Ce fichier ne porte sur aucune commune du conseil.",
            f"Il porte sur {cites or 'des communes qu’il ne nomme pas'}.",
            que_faire,
        )
    return garder, int(np.count_nonzero(~garder))
