"""A fact finds its secteur and its commune: by its point, by its address, or by the name that is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.observations import PONCTUELLES, TEXTE_LU, Anomalie, Gravite, PrecisionLieu
from pupitre.moteur.sources.fichiers.debord import par_lots, relacher
from pupitre.moteur.sources.fichiers.feuille import Rangs, genre_de_rangs, renvoyer
from pupitre.moteur.sources.lecture.fabrique import Codes
from pupitre.observatoire.collecte.placement import (
    BilanAdresses,
    Doute,
    Placement,
    placer,
    placer_les_lieux,
)
from pupitre.observatoire.models import Source
from pupitre.socle.texte import cle_de_recherche, enumeration, nombre, pluriel
from pupitre.territoires.decoupages import localisateur, localiser_secteurs
from pupitre.territoires.models import Decoupage
from pupitre.territoires.selectors import decoupage_as_of

Flottants = npt.NDArray[np.float64]
# Formats whose columns somebody described: what they call a territory may be a residence or a station.
DECRITS = frozenset({"comptages", "faits"})
CITES = 5
ADRESSE = "adresse"
# A place that is known by more than the secteur or the commune which holds it.
_FINES = frozenset({*PONCTUELLES, PrecisionLieu.VOIE})


@dataclass(frozen=True)
class Rattachement:
    """The table located, what is to be said of it, and the addresses that a person must settle.

    `table` is SCHEMA_LECTURE; `dehors`: observations set aside because somebody said that their address is
    outside the council.
    """

    table: pa.Table
    anomalies: list[Anomalie]
    bilan: BilanAdresses | None = None
    doutes: tuple[Doute, ...] = ()
    dehors: int = 0


# Values of a column, and for each row its position among them, -1 where it has none.
Codee = tuple[Rangs, list[str]]


@dataclass(frozen=True)
class _Secteurs:
    """The division in force: names and codes as people write them, and the commune of each secteur."""

    decoupage: Decoupage | None = None
    par_cle: Mapping[str, str] = field(default_factory=dict)
    commune_de: Mapping[str, str | None] = field(default_factory=dict)

    def localiser(self, lon: Flottants, lat: Flottants) -> Codee:
        """Secteur of each point, none outside all of them or where there is no point."""
        if self.decoupage is None or not np.isfinite(lon).any():
            return np.full(len(lon), -1, dtype=np.int8), []
        codes, rangs = localiser_secteurs(self.decoupage, lon, lat)
        return rangs, list(codes)

    def localiser_lignes(self, table: pa.Table) -> Codee:
        """Same as `localiser`, of the points of a table."""
        if self.decoupage is None or table["lon"].null_count == table.num_rows:
            return np.full(table.num_rows, -1, dtype=np.int8), []
        codes, trouver = localisateur(self.decoupage)
        rangs = np.empty(table.num_rows, genre_de_rangs(len(codes)))
        fait = 0
        for lot in par_lots(table.select(["lon", "lat"])):
            rangs[fait : fait + len(lot)] = trouver(_reels(lot, "lon"), _reels(lot, "lat"))
            fait += len(lot)
        return rangs, list(codes)

    def de_points(self, lon: Flottants, lat: Flottants) -> list[str | None]:
        rangs, codes = self.localiser(lon, lat)
        return [codes[r] if r >= 0 else None for r in rangs]


def rattacher(table: pa.Table, source: Source, dossier: Path | None = None) -> Rattachement:
    """Fill point, precision, secteur (code) and commune where a point, an address or a name gives them.

    Args:
        table: SCHEMA_LECTURE; `secteur` holds what the partner writes, a code or a name. It may carry one
            column more, `adresse`, which is read and taken away.
        dossier: where long columns may be laid (see `debord`); None: in memory.

    Names that are not secteurs of the division in force on the last day of the table are set to null and
    reported; points outside every secteur keep their commune as it was.
    """
    adresses = None
    if ADRESSE in table.schema.names:
        adresses = table[ADRESSE].combine_chunks()
        table = table.drop_columns([ADRESSE])
    if not table.num_rows:
        return Rattachement(table, [])
    secteurs = _secteurs(source, table)
    if adresses is not None:
        placement = placer(table, adresses, source, secteurs.de_points, secteurs.par_cle)
    else:
        placement = placer_les_lieux(table, source, secteurs.de_points) if source.format in DECRITS else None
    a_placer = pc.any(pc.or_(pc.is_valid(table["secteur"]), pc.is_valid(table["lon"]))).as_py()
    if placement is None and not a_placer:
        return Rattachement(table, [])
    with relacher():
        table, anomalies = _situer(table, secteurs, placement, dossier)
    if placement is None:
        return Rattachement(table, anomalies)
    dehors = np.array([p.dehors for p in placement.places] + [False], dtype=bool)[placement.rangs]
    if dehors.any():
        table = table.filter(pa.array(~dehors))
        anomalies.append(_hors_du_conseil(int(dehors.sum())))
    anomalies += placement.bilan.anomalies()
    return Rattachement(table, anomalies, placement.bilan, placement.doutes, int(dehors.sum()))


def _situer(
    table: pa.Table, secteurs: _Secteurs, placement: Placement | None, dossier: Path | None
) -> tuple[pa.Table, list[Anomalie]]:
    """What the partner wrote comes first, then the point or the address."""
    ecrits, noms = _encoder(table["secteur"])
    if secteurs.decoupage is None:
        anomalies = _sans_decoupage(table)
        lus: Codee = ecrits, noms
    else:
        codes = [secteurs.par_cle.get(cle_de_recherche(nom), "") for nom in noms]
        anomalies = _inconnus([nom for nom, code in zip(noms, codes, strict=True) if not code])
        connus = np.array([bool(c) for c in codes] + [False], dtype=bool)
        lus = np.where(renvoyer(connus, ecrits), ecrits, -1), codes
    places = secteurs.localiser_lignes(table)
    communes = _encoder(table["commune"])
    precisions = _encoder(table["precision_lieu"])
    if placement is not None:
        rangs = placement.rangs
        lon, lat = _reels(table, "lon"), _reels(table, "lat")
        deja = np.isfinite(lon)
        lon = np.where(deja, lon, _distribuer(rangs, [p.lon for p in placement.places]))
        lat = np.where(deja, lat, _distribuer(rangs, [p.lat for p in placement.places]))
        places = _unir(places, _coder(rangs, [p.secteur for p in placement.places]))
        communes = _unir(communes, _coder(rangs, [p.commune for p in placement.places]))
        precisions = _unir(_coder(rangs, [p.precision for p in placement.places]), precisions)
        anomalies += _desaccords(lus, places)
        table = _remplacer(
            table, lon=pa.array(lon, mask=~np.isfinite(lon)), lat=pa.array(lat, mask=~np.isfinite(lat))
        )
    finaux = _unir(lus, places)
    du_secteur = _coder(finaux[0], [secteurs.commune_de.get(code) for code in finaux[1]])
    par_secteur = np.where(finaux[0] >= 0, np.int8(0), np.int8(-1)), [str(PrecisionLieu.SECTEUR)]
    fines = _coder(precisions[0], [p if p in _FINES else None for p in precisions[1]])
    return (
        _remplacer(
            table,
            secteur=_decoder(finaux, dossier),
            commune=_decoder(_unir(communes, du_secteur), dossier),
            precision_lieu=_decoder(_unir(fines, _unir(par_secteur, precisions)), dossier),
        ),
        anomalies,
    )


def _encoder(colonne: pa.ChunkedArray) -> Codee:
    """Texts of these rows and of no other, in their order of appearance."""
    codee = colonne.combine_chunks()
    presents = pc.unique(codee.indices).drop_null()
    # One more, for the rows without a text.
    renvoi = np.full(len(codee.dictionary) + 1, -1, dtype=genre_de_rangs(len(codee.dictionary)))
    renvoi[np.asarray(presents)] = np.arange(len(presents))
    return renvoyer(renvoi, np.asarray(codee.indices.fill_null(-1))), codee.dictionary.take(
        presents
    ).to_pylist()


def _decoder(codee: Codee, dossier: Path | None) -> pa.Array | pa.ChunkedArray:
    rangs, valeurs = codee
    return Codes(np.where(rangs >= 0, rangs, len(valeurs)), [*valeurs, None]).ecrire(TEXTE_LU, dossier)


def _coder(rangs: Rangs, valeurs: Sequence[str | None]) -> Codee:
    """Same rows, those whose value is missing without one."""
    pleines = np.array([bool(v) for v in valeurs] + [False], dtype=bool)
    codes = np.where(renvoyer(pleines, rangs), rangs, -1)
    return codes.astype(genre_de_rangs(len(valeurs)), copy=False), [v or "" for v in valeurs]


def _unir(premiere: Codee, seconde: Codee) -> Codee:
    """The first one where it says something, else the second one."""
    valeurs = [*premiere[1], *seconde[1]]
    suite = seconde[0].astype(genre_de_rangs(len(valeurs)))
    suite[suite >= 0] += len(premiere[1])
    return np.where(premiere[0] >= 0, premiere[0], suite), valeurs


def _distribuer(rangs: Rangs, valeurs: Sequence[float | None]) -> Flottants:
    return np.array([np.nan if v is None else v for v in valeurs] + [np.nan], dtype=np.float64)[rangs]


def _secteurs(source: Source, table: pa.Table) -> _Secteurs:
    decoupage = decoupage_as_of(source.conseil, pc.max(table["fin"]).as_py())
    if decoupage is None:
        return _Secteurs()
    secteurs = list(decoupage.secteurs.defer("contour"))
    par_cle = {cle_de_recherche(s.nom): s.code for s in secteurs}
    par_cle |= {cle_de_recherche(s.code): s.code for s in secteurs}
    return _Secteurs(decoupage, par_cle, {s.code: s.commune_id for s in secteurs})


def _remplacer(table: pa.Table, **colonnes) -> pa.Table:
    for nom, valeurs in colonnes.items():
        rang = table.schema.get_field_index(nom)
        table = table.set_column(rang, table.schema.field(nom), valeurs)
    return table


def _reels(table: pa.Table, nom: str) -> npt.NDArray[np.float64]:
    return np.array(table[nom].to_numpy(zero_copy_only=False), dtype=np.float64)


def _desaccords(lus: Codee, places: Codee) -> list[Anomalie]:
    ecrits, situes = (
        np.array([*lus[1], ""], dtype=object)[lus[0]],
        np.array([*places[1], ""], dtype=object)[places[0]],
    )
    n = int(np.count_nonzero((lus[0] >= 0) & (places[0] >= 0) & (ecrits != situes)))
    if not n:
        return []
    return [
        Anomalie(
            "secteur_autre_que_l_adresse",
            Gravite.AVERTISSEMENT,
            f"Pour {pluriel(n, 'fait')}, le secteur écrit par le partenaire n’est pas celui de l’adresse\u202f: "
            "c’est le secteur écrit qui compte.",
        )
    ]


def _hors_du_conseil(n: int) -> Anomalie:
    return Anomalie(
        "adresses_hors_du_conseil",
        Gravite.INFORMATION,
        f"{pluriel(n, 'fait')} à une adresse que vous avez dite hors du conseil\u202f: gardés dans le fichier "
        "reçu, ils ne sont pas publiés.",
    )


def _sans_decoupage(table: pa.Table) -> list[Anomalie]:
    if not pc.any(pc.is_valid(table["secteur"])).as_py():
        return []
    return [
        Anomalie(
            "sans_decoupage",
            Gravite.AVERTISSEMENT,
            "Le fichier nomme des secteurs, mais le conseil n’en a pas encore dessiné à cette date\u202f: les "
            "chiffres par secteur attendront. Importez un découpage, puis déposez à nouveau ce fichier.",
        )
    ]


def _inconnus(inconnus: list[str]) -> list[Anomalie]:
    if not inconnus:
        return []
    inconnus = sorted(inconnus)
    suite = "…" if len(inconnus) > CITES else ""
    return [
        Anomalie(
            "secteurs_inconnus",
            Gravite.AVERTISSEMENT,
            f"{nombre(len(inconnus))} nom(s) de secteur ne sont pas dans le découpage en vigueur\u202f: "
            f"{enumeration(inconnus[:CITES])}{suite}. Ces faits comptent pour la commune, pas pour un secteur.",
        )
    ]
