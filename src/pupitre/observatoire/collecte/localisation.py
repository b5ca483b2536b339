"""A fact finds its secteur and its commune: by its point, or by the name that the partner writes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.observations import Anomalie, Gravite, PrecisionLieu
from pupitre.socle.texte import cle_de_recherche, enumeration, nombre
from pupitre.territoires.decoupages import localiser_secteurs
from pupitre.territoires.models import Conseil
from pupitre.territoires.selectors import decoupage_as_of

CITES = 5


def rattacher(table: pa.Table, conseil: Conseil) -> tuple[pa.Table, list[Anomalie]]:
    """Fill `secteur` and `commune` (codes) where a point or a name gives them.

    Args:
        table: SCHEMA_LECTURE; `secteur` holds what the partner writes, a code or a name.

    Names that are not secteurs of the division in force on the last day of the table are set to null and
    reported; points outside every secteur keep their commune as it was.
    """
    a_placer = pc.any(pc.or_(pc.is_valid(table["secteur"]), pc.is_valid(table["lon"]))).as_py()
    if not table.num_rows or not a_placer:
        return table, []
    decoupage = decoupage_as_of(conseil, pc.max(table["fin"]).as_py())
    if decoupage is None:
        return table, _sans_decoupage(table)
    secteurs = list(decoupage.secteurs.defer("contour"))
    par_cle = {cle_de_recherche(s.nom): s.code for s in secteurs} | {
        cle_de_recherche(s.code): s.code for s in secteurs
    }
    commune_de = {s.code: s.commune_id for s in secteurs}
    ecrits = {v: par_cle.get(cle_de_recherche(v)) for v in pc.unique(table["secteur"]).to_pylist() if v}
    codes = [ecrits.get(v) if v else None for v in table["secteur"].to_pylist()]
    codes = _par_point(table, decoupage, codes)
    communes = [c or commune_de.get(s) for c, s in zip(table["commune"].to_pylist(), codes, strict=True)]
    precisions = [
        PrecisionLieu.SECTEUR if s and p not in (PrecisionLieu.POINT,) else p
        for s, p in zip(codes, table["precision_lieu"].to_pylist(), strict=True)
    ]
    for nom, valeurs in (("secteur", codes), ("commune", communes), ("precision_lieu", precisions)):
        rang = table.schema.get_field_index(nom)
        table = table.set_column(rang, table.schema.field(nom), pa.array(valeurs, pa.string()))
    return table, _inconnus(ecrits)


def _par_point(table: pa.Table, decoupage, codes: list[str | None]) -> list[str | None]:
    lon = table["lon"].to_numpy(zero_copy_only=False)
    lat = table["lat"].to_numpy(zero_copy_only=False)
    places = np.isfinite(lon) & np.isfinite(lat)
    if not places.any():
        return codes
    connus, trouves = localiser_secteurs(decoupage, lon[places], lat[places])
    for rang, trouve in zip(np.flatnonzero(places), trouves, strict=True):
        if trouve >= 0:
            codes[rang] = codes[rang] or connus[trouve]
    return codes


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


def _inconnus(ecrits: dict[str, str | None]) -> list[Anomalie]:
    inconnus = sorted(nom for nom, code in ecrits.items() if code is None)
    if not inconnus:
        return []
    suite = "…" if len(inconnus) > CITES else ""
    return [
        Anomalie(
            "secteurs_inconnus",
            Gravite.AVERTISSEMENT,
            f"{nombre(len(inconnus))} nom(s) de secteur ne sont pas dans le découpage en vigueur\u202f: "
            f"{enumeration(inconnus[:CITES])}{suite}. Ces faits comptent pour la commune, pas pour un secteur.",
        )
    ]
