"""The addresses of one delivery: found, known from an earlier decision, or left for somebody to settle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.observations import Anomalie, Gravite, PrecisionLieu
from pupitre.observatoire.collecte import adresses as extraits
from pupitre.observatoire.collecte.doutes import Doute, candidat_en_json, empreinte_de
from pupitre.observatoire.models import AdresseReglee, Source
from pupitre.socle.texte import cle_de_recherche, pluriel

if TYPE_CHECKING:
    from pupitre.moteur.adresses import Candidat, Index, Localisation

Flottants = npt.NDArray[np.float64]
DePoints = Callable[[Flottants, Flottants], list[str | None]]
# A street lies in a secteur when nearly all of its addresses do.
PART_DE_VOIE = 0.95
# A name of place read elsewhere than in a column of addresses is taken only when it is written as it is known.
SCORE_PRUDENT = 0.93
Decision = AdresseReglee.Decision


@dataclass(frozen=True, slots=True)
class Place:
    lon: float | None = None
    lat: float | None = None
    precision: str | None = None
    secteur: str | None = None
    commune: str | None = None
    dehors: bool = False


@dataclass(slots=True)
class BilanAdresses:
    """Facts by what their address gave. `a_regler` counts distinct texts, the others count facts."""

    numero: int = 0
    lieu: int = 0
    voie: int = 0
    secteur: int = 0
    douteuse: int = 0
    introuvable: int = 0
    dehors: int = 0
    sans_lieu: int = 0
    sans_adresse: int = 0
    a_regler: int = 0
    sans_ban: int = 0

    @property
    def adresses(self) -> int:
        """Facts that have an address."""
        return sum((self.numero, self.lieu, self.voie, self.secteur, self.douteuse, self.introuvable)) + sum(
            (self.dehors, self.sans_lieu, self.sans_ban)
        )

    @property
    def trouvees(self) -> int:
        return self.numero + self.lieu + self.voie + self.secteur

    def to_dict(self) -> dict[str, int]:
        return asdict(self)

    @classmethod
    def from_dict(cls, contenu: Mapping[str, int]) -> BilanAdresses:
        return cls(**{f.name: int(contenu.get(f.name, 0)) for f in fields(cls)})

    def anomalies(self) -> list[Anomalie]:
        if self.sans_ban:
            return [
                Anomalie(
                    "adresses_sans_ban",
                    Gravite.AVERTISSEMENT,
                    f"{pluriel(self.sans_ban, 'fait')} avec une adresse ne sont pas situés\u202f: le conseil n’a "
                    "pas encore d’extrait de la Base Adresse Nationale. Importez-le dans «\u202fAdresses\u202f», "
                    "puis faites relire ce fichier.",
                )
            ]
        if not self.a_regler:
            return []
        return [
            Anomalie(
                "adresses_a_regler",
                Gravite.AVERTISSEMENT,
                f"{pluriel(self.a_regler, 'adresse')} à régler, soit "
                f"{pluriel(self.douteuse + self.introuvable, 'fait')}\u202f: Pupitre ne les devine pas. Tant "
                "qu’elles ne sont pas réglées, ces faits comptent pour la commune, pas pour un secteur.",
            )
        ]


@dataclass(frozen=True)
class Placement:
    """`rangs`: shape (rows,), position in `places` of each row, -1 where addresses have nothing to say."""

    rangs: npt.NDArray[np.int64]
    places: tuple[Place, ...]
    bilan: BilanAdresses
    doutes: tuple[Doute, ...]


def placer(
    table: pa.Table, textes: pa.Array, source: Source, de_points: DePoints, secteurs: Mapping[str, str]
) -> Placement:
    """Place the rows that have an address and no point.

    Args:
        textes: one address a row, null where there is none.
        de_points: code of the secteur that holds each point.
        secteurs: search key of a name or of a code → code of the secteur.
    """
    sans_point = pc.is_null(table["lon"]).combine_chunks()
    textes = pc.if_else(sans_point, _plat(textes), pa.scalar(None, pa.string()))
    bilan = BilanAdresses(sans_adresse=pc.sum(pc.and_(sans_point, pc.is_null(textes))).as_py() or 0)
    index = extraits.index_du_conseil(source.conseil)
    if index is None:
        bilan.sans_ban = len(textes) - textes.null_count
        return Placement(np.full(len(textes), -1, dtype=np.int64), (), bilan, ())
    from pupitre.moteur.adresses import localiser_adresses

    trouvees = localiser_adresses(textes, index, table["commune"])
    travail = _Travail(source, index, de_points, secteurs)
    places, doutes = [], []
    for rang, (texte, commune) in enumerate(trouvees.cles):
        fois = trouvees.fois(rang)
        localisation = trouvees.distinctes[rang]
        place, sorte = travail.placer(texte, commune, localisation)
        if place is None:
            doutes.append(travail.douter(texte, commune, localisation, fois))
        places.append(place or Place())
        setattr(bilan, sorte, getattr(bilan, sorte) + fois)
    bilan.a_regler = len(doutes)
    return Placement(trouvees.rangs, tuple(places), bilan, tuple(doutes))


def placer_les_lieux(table: pa.Table, source: Source, de_points: DePoints) -> Placement | None:
    """Rows whose `territoire` is a place that the council has named ("Résidence Les Bleuets"); no doubt raised."""
    from pupitre.moteur.adresses import Statut, localiser_adresses

    index = extraits.index_du_conseil(source.conseil)
    if index is None or not any(v.lieu for v in index.voies):
        return None
    libres = pc.and_(pc.is_null(table["lon"]), pc.is_null(table["secteur"])).combine_chunks()
    textes = pc.if_else(libres, _plat(table["territoire"]), pa.scalar(None, pa.string()))
    trouvees = localiser_adresses(textes, index, table["commune"])
    travail = _Travail(source, index, de_points, {})
    places, bilan = [], BilanAdresses()
    for rang, localisation in enumerate(trouvees.distinctes):
        candidat = localisation.place
        nomme = (
            localisation.statut is Statut.TROUVEE
            and candidat is not None
            and candidat.precision is PrecisionLieu.LIEU
            and candidat.score >= SCORE_PRUDENT
        )
        places.append(travail.situer(candidat) if nomme and candidat is not None else Place())
        bilan.lieu += trouvees.fois(rang) if nomme else 0
    return Placement(trouvees.rangs, tuple(places), bilan, ()) if bilan.lieu else None


def _plat(textes: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(textes, pa.ChunkedArray):
        textes = textes.combine_chunks()
    return textes.cast(pa.string())


class _Travail:
    """What serves for every address of one delivery."""

    def __init__(
        self, source: Source, index: Index, de_points: DePoints, secteurs: Mapping[str, str]
    ) -> None:
        self._source = source
        self._secteurs = secteurs
        self._de_points = de_points
        self._index = index
        self._reglees = {r.empreinte: r for r in source.adresses_reglees.all()}

    @cached_property
    def _du_ban(self) -> list[str | None]:
        """Secteur of each address of the extract."""
        return self._de_points(self._index.lon, self._index.lat)

    def placer(self, texte: str, commune: str, localisation: Localisation) -> tuple[Place | None, str]:
        """The place and the line of `BilanAdresses` that counts it; no place when it is to be settled."""
        from pupitre.moteur.adresses import Statut

        if localisation.place is not None:
            return self.situer(localisation.place), localisation.place.precision.value
        reglee = self._reglees.get(empreinte_de(self._source, texte, commune)) if self._reglees else None
        if reglee is not None:
            return self._selon(reglee)
        nomme = self._secteurs.get(cle_de_recherche(texte))
        if nomme:
            return Place(secteur=nomme), "secteur"
        if localisation.statut is Statut.DOUTEUSE:
            commun = self._secteur_commun(localisation)
            if commun:
                return Place(secteur=commun), "secteur"
        return None, localisation.statut.value

    def situer(self, candidat: Candidat) -> Place:
        return Place(
            candidat.lon,
            candidat.lat,
            candidat.precision.value,
            self._secteur(candidat),
            candidat.commune or None,
        )

    def _secteur(self, candidat: Candidat) -> str | None:
        """That of the point; for a street, the one where nearly all of it lies, or none."""
        if candidat.precision is not PrecisionLieu.VOIE:
            if len(candidat.appuis) == 1:
                return self._du_ban[candidat.appuis[0]]
            return self._de_points(np.array([candidat.lon]), np.array([candidat.lat]))[0]
        secteurs = Counter(self._du_ban[rang] for rang in candidat.appuis)
        if not secteurs:
            return None
        secteur, n = secteurs.most_common(1)[0]
        return secteur if n >= PART_DE_VOIE * secteurs.total() else None

    def _secteur_commun(self, localisation: Localisation) -> str | None:
        """The one secteur of all that the text may be: whichever it is, the secteur is not in doubt."""
        from pupitre.moteur.adresses.recherche import AVANCES, SEUIL_TROUVE

        premier = localisation.candidats[0]
        if premier.score < SEUIL_TROUVE:
            return None
        largeur = max(avance for _, avance in AVANCES)
        possibles = [c for c in localisation.candidats if premier.score - c.score <= largeur]
        secteurs = {self._secteur(c) for c in possibles}
        return next(iter(secteurs)) if len(secteurs) == 1 else None

    def _selon(self, reglee: AdresseReglee) -> tuple[Place, str]:
        if reglee.decision == Decision.DEHORS:
            return Place(dehors=True), "dehors"
        if reglee.decision == Decision.SANS_LIEU:
            return Place(), "sans_lieu"
        if reglee.decision == Decision.SECTEUR:
            connu = reglee.secteur if reglee.secteur in set(self._secteurs.values()) else None
            return Place(secteur=connu), "secteur" if connu else "sans_lieu"
        secteur = reglee.secteur or None
        if reglee.precision != PrecisionLieu.VOIE:
            secteur = self._de_points(np.array([reglee.lon]), np.array([reglee.lat]))[0]
        elif secteur not in set(self._secteurs.values()):
            secteur = None
        return Place(
            reglee.lon, reglee.lat, reglee.precision, secteur, reglee.commune or None
        ), reglee.precision

    def douter(self, texte: str, commune: str, localisation: Localisation, fois: int) -> Doute:
        candidats = tuple(candidat_en_json(c, self._secteur(c)) for c in localisation.candidats)
        return Doute(
            empreinte_de(self._source, texte, commune),
            texte[:300],
            commune,
            fois,
            candidats,
            localisation.raison,
        )
