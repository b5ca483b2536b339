"""Address → point, for many texts at once: each distinct one is read once, each street's name is sought once.

What is not sure is not decided: two candidates too close to each other, or one too far from what is written,
make a doubt that a person settles.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.adresses.ecriture import aplatir, porteurs
from pupitre.moteur.adresses.index import Index, Mots, metres
from pupitre.moteur.adresses.lecture import Essai, Lecture, lire, lire_vite
from pupitre.moteur.adresses.ressemblance import (
    TYPE_ABSENT,
    cout_du_type,
    formes,
    proches,
    ressemblance,
)
from pupitre.moteur.adresses.resultats import Candidat, Localisation, Localisations, Statut
from pupitre.moteur.observations import PrecisionLieu

# Found from this score on, when the second candidate is far enough behind; in doubt down to the other one.
SEUIL_TROUVE, SEUIL_DOUTE = 0.73, 0.60
# (score from which, how far behind the second must be)
AVANCES = ((0.93, 0.04), (0.80, 0.07), (0.0, 0.12))
# Taken off when a number is only framed by its neighbours, and when the street does not have it at all.
NUMERO_ENCADRE, NUMERO_INCONNU = 0.03, 0.08
# The name and the type of street are those written: another type is then no rival.
NET = 0.99
MEME_PLACE_METRES = 40.0
ANGLE_METRES = 120.0
CANDIDATS = 6
# (position in `Index.voies`, score)
Noms = list[tuple[int, float]]


def localiser_adresses(
    textes: pa.Array | pa.ChunkedArray | Sequence[str | None],
    index: Index,
    communes: pa.Array | pa.ChunkedArray | Sequence[str | None] | None = None,
) -> Localisations:
    """Place of each text.

    Args:
        textes: n addresses as people write them; null or blank ones are not located.
        communes: n INSEE codes when the file says the commune apart; null where it does not.
    """
    rangs, cles = _distinctes(textes, communes)
    return Localisations.de(rangs, cles, Recherche(index).localiser(cles))


def _distinctes(
    textes: pa.Array | pa.ChunkedArray | Sequence[str | None],
    communes: pa.Array | pa.ChunkedArray | Sequence[str | None] | None,
) -> tuple[npt.NDArray[np.int64], list[tuple[str, str]]]:
    ecrits, rang_ecrit = _encoder(textes)
    codes, rang_code = (
        _encoder(communes) if communes is not None else ([""], np.zeros(len(rang_ecrit), np.int64))
    )
    if len(rang_code) != len(rang_ecrit):
        raise ValueError(f"{len(rang_ecrit)} texts but {len(rang_code)} communes")
    vides = np.array([not t.strip() for t in ecrits] + [True], dtype=bool)
    paires = rang_ecrit * (len(codes) + 1) + np.where(rang_code < 0, len(codes), rang_code)
    paires = np.where(vides[rang_ecrit], -1, paires)
    uniques, inverse = np.unique(paires, return_inverse=True)
    decalage = int(len(uniques) > 0 and uniques[0] == -1)
    cles = []
    for paire in uniques[decalage:].tolist():
        texte, code = divmod(paire, len(codes) + 1)
        cles.append((ecrits[texte], codes[code] if code < len(codes) else ""))
    return inverse.reshape(-1).astype(np.int64) - decalage, cles


def _encoder(
    textes: pa.Array | pa.ChunkedArray | Sequence[str | None],
) -> tuple[list[str], npt.NDArray[np.int64]]:
    tableau = textes if isinstance(textes, (pa.Array, pa.ChunkedArray)) else pa.array(textes, pa.string())
    if isinstance(tableau, pa.ChunkedArray):
        tableau = tableau.combine_chunks()
    if isinstance(tableau, pa.DictionaryArray):
        encode = tableau
    else:
        encode = tableau.cast(pa.string()).dictionary_encode()
    rangs = np.asarray(pc.coalesce(encode.indices, -1), dtype=np.int64)
    return [t or "" for t in encode.dictionary.to_pylist()], rangs


class Recherche:
    """One search: what was learnt of a name serves for every address that bears it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._exacts: dict[Mots, Noms] = {}
        self._proches: dict[Mots, Noms] = {}

    def localiser(self, cles: list[tuple[str, str]]) -> list[Localisation]:
        resultats: list[Localisation | None] = [None] * len(cles)
        restants: list[tuple[int, Lecture, str]] = []
        for rang, (texte, commune) in enumerate(cles):
            if commune and commune not in self.index.communes:
                resultats[rang] = _ailleurs()
                continue
            essai = lire_vite(aplatir(texte))
            noms = self._exact(essai.parts)
            if noms and self._net(noms, commune):
                resultats[rang] = self._decider([(essai, _francs(noms))], commune)
            else:
                restants.append((rang, lire(texte, self.index), commune))
        self._apprendre([lecture for _, lecture, _ in restants])
        for rang, lecture, commune in restants:
            resultats[rang] = self._lue(lecture, commune or lecture.commune)
        return [r if r is not None else _rien() for r in resultats]

    def _net(self, noms: Noms, commune: str) -> bool:
        """Written in full, type included, and borne by one commune only: nothing else need be looked at."""
        voies = self.index.voies
        ici = [r for r, s in noms if s >= NET and (not commune or voies[r].commune == commune)]
        return bool(ici) and (bool(commune) or len({voies[r].commune for r in ici}) == 1)

    def _lue(self, lecture: Lecture, commune: str) -> Localisation:
        if lecture.ailleurs:
            return _ailleurs()
        if lecture.angle is not None:
            trouve = self._angle(lecture.angle, commune)
            if trouve is not None:
                return trouve
            return _rien()
        exacts = [(e, self._exact(e.parts)) for e in lecture.essais]
        francs = [(e, noms) for e, noms in exacts if noms and self._net(noms, commune)]
        if francs:
            # A number that belongs to the name ("8 mai 1945") gives way to the reading that uses every word.
            essai, noms = max(francs, key=lambda f: len(f[0].parts))
            return self._decider([(essai, _francs(noms))], commune)
        return self._decider(
            [(e, noms if e.franc else self._proches.get(e.parts, [])) for e, noms in exacts], commune
        )

    def _exact(self, parts: Mots) -> Noms:
        noms = self._exacts.get(parts)
        if noms is None:
            noms = self._exacts[parts] = self._chercher_exact(parts)
        return noms

    def _chercher_exact(self, parts: Mots) -> Noms:
        index = self.index
        meilleurs: dict[int, float] = {}
        for type_, mots, cout in formes(parts, index):
            if type_:
                for rang in index.par_nom.get((type_, mots), ()):
                    meilleurs[rang] = max(meilleurs.get(rang, 0.0), 1.0 - cout)
            for rang in index.par_mots.get(mots, ()):
                note = 1.0 - cout - cout_du_type(type_, index.voies[rang])
                meilleurs[rang] = max(meilleurs.get(rang, 0.0), note)
            for rang in index.par_porteurs.get(porteurs(mots), ()):
                note = 0.995 - cout - cout_du_type(type_, index.voies[rang])
                meilleurs[rang] = max(meilleurs.get(rang, 0.0), note)
        return list(meilleurs.items())

    def _apprendre(self, lectures: list[Lecture]) -> None:
        """Look for the names that are not known as they are written, all at once."""
        inconnus: dict[Mots, None] = {}
        for lecture in lectures:
            for essai in lecture.essais:
                if not essai.franc:
                    inconnus.setdefault(essai.parts)
            for rue in lecture.angle or ():
                inconnus.setdefault(rue)
        demandes: list[tuple[Mots, str, Mots, float]] = [
            (parts, type_, mots, cout)
            for parts in inconnus
            if parts not in self._proches
            for type_, mots, cout in formes(parts, self.index)
            if mots
        ]
        trouves = proches([mots for _, _, mots, _ in demandes], self.index)
        for parts in inconnus:
            self._proches.setdefault(parts, list(self._exact(parts)))
        for (parts, type_, mots, cout), rangs in zip(demandes, trouves, strict=True):
            gardes = dict(self._proches[parts])
            for rang in rangs:
                voie = self.index.voies[rang]
                note = ressemblance(mots, voie, self.index) - cout - cout_du_type(type_, voie)
                if note > gardes.get(rang, SEUIL_DOUTE - TYPE_ABSENT):
                    gardes[rang] = note
            self._proches[parts] = list(gardes.items())

    def _decider(self, essais: list[tuple[Essai, Noms]], commune: str) -> Localisation:
        candidats: dict[int, Candidat] = {}
        for essai, noms in essais:
            for rang, score in noms:
                voie = self.index.voies[rang]
                if commune and voie.commune != commune:
                    continue
                penalites = (NUMERO_ENCADRE, NUMERO_INCONNU)
                trouve = self.index.situer(voie, essai.numero, essai.rep, score, penalites)
                if rang not in candidats or trouve.score > candidats[rang].score:
                    candidats[rang] = trouve
        return _trancher(sorted(candidats.values(), key=lambda c: (-c.score, c.libelle)))

    def _angle(self, rues: tuple[Mots, Mots], commune: str) -> Localisation | None:
        """The corner of two streets: where an address of one is nearest to an address of the other."""
        voies = self.index.voies
        une, autre = (
            sorted(
                (
                    (r, s)
                    for r, s in self._proches.get(rue, [])
                    if s >= SEUIL_DOUTE and voies[r].rangs and (not commune or voies[r].commune == commune)
                ),
                key=lambda p: -p[1],
            )[:CANDIDATS]
            for rue in rues
        )
        candidats = []
        for a, score_a in une:
            for b, score_b in autre:
                if a == b or voies[a].commune != voies[b].commune:
                    continue
                lon, lat, ecart = self._rencontre(voies[a].rangs, voies[b].rangs)
                if ecart <= ANGLE_METRES:
                    libelle = f"{voies[a].libelle} / {voies[b].libelle}, {voies[a].nom_commune}"
                    score = min(score_a, score_b) - 0.02 * ecart / ANGLE_METRES
                    candidats.append(Candidat(libelle, voies[a].commune, lon, lat, PrecisionLieu.LIEU, score))
        if not candidats:
            seuls = [
                self.index.situer(voies[r], 0, "", s - 0.15, (0.0, 0.0)) for r, s in (*une[:2], *autre[:2])
            ]
            return _douter(sorted(seuls, key=lambda c: (-c.score, c.libelle)))
        return _trancher(sorted(candidats, key=lambda c: (-c.score, c.libelle)))

    def _rencontre(self, une: list[int], autre: list[int]) -> tuple[float, float, float]:
        index = self.index
        lon_a, lat_a, lon_b, lat_b = index.lon[une], index.lat[une], index.lon[autre], index.lat[autre]
        aplati = np.cos(np.radians(lat_a.mean()))
        ecarts = ((lon_a[:, None] - lon_b[None, :]) * aplati) ** 2 + (lat_a[:, None] - lat_b[None, :]) ** 2
        i, j = np.unravel_index(int(ecarts.argmin()), ecarts.shape)
        lon, lat = (lon_a[i] + lon_b[j]) / 2, (lat_a[i] + lat_b[j]) / 2
        return float(lon), float(lat), metres(lon_a[i], lat_a[i], lon_b[j], lat_b[j])


def _francs(noms: Noms) -> Noms:
    return [(r, s) for r, s in noms if s >= NET]


def _trancher(candidats: list[Candidat]) -> Localisation:
    """Best first. Found when it is good, and no other place is nearly as good."""
    if not candidats or candidats[0].score < SEUIL_DOUTE:
        return _rien()
    premier = candidats[0]
    if premier.score < SEUIL_TROUVE:
        return _douter(candidats)
    avance = next(a for seuil, a in AVANCES if premier.score >= seuil)
    rivaux = [c for c in candidats[1:] if premier.score - c.score < avance and not _meme_place(premier, c)]
    if rivaux:
        return _douter(candidats)
    return Localisation(Statut.TROUVEE, (premier,))


def _meme_place(un: Candidat, autre: Candidat) -> bool:
    if PrecisionLieu.VOIE in (un.precision, autre.precision):
        return False
    return metres(un.lon, un.lat, autre.lon, autre.lat) <= MEME_PLACE_METRES


def _douter(candidats: list[Candidat]) -> Localisation:
    gardes = tuple(c for c in candidats if c.score >= SEUIL_DOUTE - 0.15)[:CANDIDATS]
    if not gardes:
        return _rien()
    proches_ = len([c for c in gardes if gardes[0].score - c.score < AVANCES[1][1]]) > 1
    raison = "plusieurs lieux possibles" if proches_ else "trop différente de ce qui est connu"
    return Localisation(Statut.DOUTEUSE, gardes, raison)


def _rien() -> Localisation:
    return Localisation(Statut.INTROUVABLE, (), "aucune voie ni aucun lieu de ce nom")


def _ailleurs() -> Localisation:
    return Localisation(Statut.INTROUVABLE, (), "dans une autre commune")
