"""Streets and places of a territory, ready to be searched. Built in memory in a fraction of a second."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur.adresses.ecriture import (
    LEGERS,
    aplatir,
    en_mots,
    jetons,
    porteurs,
    separer_type,
)
from pupitre.moteur.adresses.resultats import Candidat
from pupitre.moteur.observations import PrecisionLieu

Mots = tuple[str, ...]
# A missing number between two known ones of its side: how far they may be from each other.
_ECART_NUMEROS, _ECART_METRES = 24, 250.0
_ECART_BOUT = 8
_REPS: dict[str, tuple[str, ...]] = {
    "b": ("bis",), "bis": ("b",), "t": ("ter",), "ter": ("t",), "q": ("quater",), "quater": ("q",),
}  # fmt: skip
_METRES_PAR_DEGRE = 111_320.0


@dataclass(slots=True)
class Voie:
    """A street with its numbers, or a named place (`lieu`), of one commune.

    `numeros`: number → repetition → row of the BAN table. `rangs`: all its rows.
    """

    libelle: str
    commune: str
    nom_commune: str
    type: str
    mots: Mots
    porteurs: Mots
    lieu: bool
    lon: float = math.nan
    lat: float = math.nan
    numeros: dict[int, dict[str, int]] = field(default_factory=dict)
    rangs: list[int] = field(default_factory=list)
    colle: str = ""
    poids: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        self.colle = "".join(self.porteurs)

    @property
    def precision(self) -> PrecisionLieu:
        return PrecisionLieu.LIEU if self.lieu else PrecisionLieu.VOIE


class Index:
    """What addresses are searched in.

    Args:
        ban: tables of SCHEMA_BAN; several communes may be given, in one table or more.
        lieux: tables of SCHEMA_LIEUX.

    `lon`, `lat`: points of the BAN rows, in the order of `ban`; `Candidat.appuis` are rows of them.
    """

    def __init__(self, ban: Sequence[pa.Table], lieux: Sequence[pa.Table] = ()) -> None:
        self.voies: list[Voie] = []
        self.par_nom: dict[tuple[str, Mots], list[int]] = defaultdict(list)
        self.par_mots: dict[Mots, list[int]] = defaultdict(list)
        self.par_porteurs: dict[Mots, list[int]] = defaultdict(list)
        self.communes: dict[str, str] = {}
        self.codes_postaux: dict[str, set[str]] = defaultdict(set)
        table = pa.concat_tables(ban).combine_chunks() if ban else None
        self.lon = _reels(table, "lon")
        self.lat = _reels(table, "lat")
        if table is not None:
            self._lire_adresses(table)
        for liste in lieux:
            self._lire_lieux(liste)
        self._situer()
        self.noms_communes: dict[Mots, str] = {
            jetons(aplatir(nom)): code for code, nom in self.communes.items() if nom
        }
        self.poids = self._peser()
        self.poids_inconnu = max(self.poids.values(), default=1.0)
        for voie in self.voies:
            voie.poids = self._poids_de(voie)
        self.vocabulaire = frozenset(m for v in self.voies for m in (*v.mots, *v.type.split()))
        for rang, voie in enumerate(self.voies):
            self.par_nom[voie.type, voie.mots].append(rang)
            self.par_mots[voie.mots].append(rang)
            self.par_porteurs[voie.porteurs].append(rang)
            if voie.lieu and voie.type:
                # A place may be named with what looks like a type of street ("Résidence des Lilas").
                self.par_mots[(*voie.type.split(), *voie.mots)].append(rang)

    @property
    def adresses(self) -> int:
        return len(self.lon)

    def _lire_adresses(self, table: pa.Table) -> None:
        noms = table.select(["commune", "voie"]).to_pylist()
        colonnes = {
            c: table[c].to_pylist() for c in ("nom_commune", "code_postal", "numero", "rep", "lieu_dit")
        }
        par_ecriture: dict[tuple[str, str], Voie] = {}
        par_identite: dict[tuple[str, str, Mots], Voie] = {}
        ecritures: dict[int, Counter[str]] = defaultdict(Counter)
        lieux_dits: dict[tuple[str, str], list[int]] = defaultdict(list)
        for rang, nom in enumerate(noms):
            commune, ecrit = nom["commune"], nom["voie"]
            voie = par_ecriture.get((commune, ecrit))
            if voie is None:
                self._connaitre(commune, colonnes["nom_commune"][rang])
                type_, mots = _nommer(ecrit)
                voie = par_identite.get((commune, type_, mots))
                if voie is None:
                    voie = Voie(
                        ecrit, commune, self.communes[commune], type_, mots, porteurs(mots), lieu=False
                    )
                    par_identite[commune, type_, mots] = voie
                    self.voies.append(voie)
                par_ecriture[commune, ecrit] = voie
            ecritures[id(voie)][ecrit] += 1
            self.codes_postaux[colonnes["code_postal"][rang]].add(commune)
            voie.rangs.append(rang)
            numero = colonnes["numero"][rang]
            if numero:
                voie.numeros.setdefault(numero, {}).setdefault(colonnes["rep"][rang], rang)
            if colonnes["lieu_dit"][rang]:
                lieux_dits[commune, colonnes["lieu_dit"][rang]].append(rang)
        for voie in self.voies:
            # The fullest of the most frequent writings, accents included.
            voie.libelle = max(ecritures[id(voie)].items(), key=lambda e: (e[1], len(e[0].encode()), e[0]))[0]
        for (commune, nom_lieu), rangs in lieux_dits.items():
            self._ajouter_lieu(
                commune, nom_lieu, float(self.lon[rangs].mean()), float(self.lat[rangs].mean())
            )

    def _lire_lieux(self, table: pa.Table) -> None:
        for ligne in table.to_pylist():
            self._connaitre(ligne["commune"], ligne["nom_commune"])
            self.codes_postaux[ligne["code_postal"]].add(ligne["commune"])
            self._ajouter_lieu(ligne["commune"], ligne["nom"], ligne["lon"], ligne["lat"])

    def _connaitre(self, commune: str, nom: str) -> None:
        if not self.communes.get(commune):
            self.communes[commune] = nom

    def _ajouter_lieu(self, commune: str, nom: str, lon: float, lat: float) -> None:
        type_, mots = _nommer(nom)
        nommes = self.communes[commune]
        self.voies.append(Voie(nom, commune, nommes, type_, mots, porteurs(mots), True, lon, lat))

    def _situer(self) -> None:
        """A street is marked at its address nearest to the middle: a mean could fall outside of it."""
        for voie in self.voies:
            if voie.rangs:
                lon, lat = self.lon[voie.rangs], self.lat[voie.rangs]
                ecarts = (lon - np.median(lon)) ** 2 + (lat - np.median(lat)) ** 2
                milieu = voie.rangs[int(ecarts.argmin())]
                voie.lon, voie.lat = float(self.lon[milieu]), float(self.lat[milieu])

    def _peser(self) -> dict[str, float]:
        """A word weighs what it tells: that of one street more than that of twenty, a title or a year little."""
        df = Counter(m for v in self.voies for m in set(v.porteurs))
        plus = math.log(1 + len(self.voies)) or 1.0
        poids = {}
        for mot, n in df.items():
            valeur = 0.3 + 0.7 * math.log(1 + len(self.voies) / n) / plus
            if mot in LEGERS:
                valeur *= 0.5
            elif len(mot) == 4 and mot.isdigit():
                valeur *= 0.3
            poids[mot] = valeur
        return poids

    def _poids_de(self, voie: Voie) -> tuple[float, ...]:
        """People leave out first names and keep the last word: the words before it weigh less."""
        dernier = len(voie.porteurs) - 1
        return tuple(
            self.poids[m] if rang == dernier or m.isdigit() else 0.6 * self.poids[m]
            for rang, m in enumerate(voie.porteurs)
        )

    def situer(
        self, voie: Voie, numero: int, rep: str, score: float, penalites: tuple[float, float]
    ) -> Candidat:
        """The place of a number in a street; the street itself when the number is not known.

        `penalites`: taken off the score when the number is only framed by others, and when nothing is known of
        it.
        """
        if voie.lieu or not numero:
            return self._milieu(voie, score)
        connues = voie.numeros.get(numero)
        if connues is not None:
            autres = _REPS.get(rep, ())
            choisie = next((r for r in (rep, *autres, "") if r in connues), None)
            juste = choisie is not None and (choisie == rep or choisie in autres)
            rang = connues[choisie] if choisie is not None else connues[min(connues)]
            ecrite = choisie if choisie is not None else min(connues)
            return Candidat(
                _libelle(voie, numero, ecrite),
                voie.commune,
                float(self.lon[rang]),
                float(self.lat[rang]),
                PrecisionLieu.NUMERO,
                score if juste else score - 0.005,
                f"{numero}{' ' if ecrite else ''}{ecrite}",
                (rang,),
            )
        encadre = self._encadrer(voie, numero)
        if encadre:
            lon, lat = float(self.lon[list(encadre)].mean()), float(self.lat[list(encadre)].mean())
            return Candidat(
                _libelle(voie, 0, ""),
                voie.commune,
                lon,
                lat,
                PrecisionLieu.VOIE,
                score - penalites[0],
                "",
                encadre,
            )
        return self._milieu(voie, score - (penalites[1] if voie.numeros else penalites[0]))

    def _milieu(self, voie: Voie, score: float) -> Candidat:
        return Candidat(
            _libelle(voie, 0, ""),
            voie.commune,
            voie.lon,
            voie.lat,
            voie.precision,
            score,
            "",
            tuple(voie.rangs),
        )

    def _encadrer(self, voie: Voie, numero: int) -> tuple[int, ...]:
        """Rows of the numbers just below and above, on the same side of the street, when they are near."""
        meme_cote = [n for n in voie.numeros if n % 2 == numero % 2]
        dessous = max((n for n in meme_cote if n < numero), default=None)
        dessus = min((n for n in meme_cote if n > numero), default=None)

        def rang(n: int) -> int:
            return next(iter(voie.numeros[n].values()))

        if dessous is not None and dessus is not None:
            a, b = rang(dessous), rang(dessus)
            if dessus - dessous <= _ECART_NUMEROS and self.metres(a, b) <= _ECART_METRES:
                return a, b
        for bout in (dessous, dessus):
            if bout is not None and (dessous is None or dessus is None) and abs(bout - numero) <= _ECART_BOUT:
                return (rang(bout),)
        return ()

    def metres(self, a: int, b: int) -> float:
        return metres(self.lon[a], self.lat[a], self.lon[b], self.lat[b])


def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Distance on a plane tangent to the place: exact enough below a few kilometres."""
    x = (lon2 - lon1) * math.cos(math.radians((lat1 + lat2) / 2))
    return math.hypot(x, lat2 - lat1) * _METRES_PAR_DEGRE


def _libelle(voie: Voie, numero: int, rep: str) -> str:
    tete = f"{numero}{' ' + rep if rep else ''} " if numero else ""
    return f"{tete}{voie.libelle}, {voie.nom_commune}" if voie.nom_commune else f"{tete}{voie.libelle}"


def _nommer(ecrit: str) -> tuple[str, Mots]:
    """Type and words of a name; a name without a letter of ours is its own word, that nobody writes."""
    type_, reste = separer_type(jetons(aplatir(ecrit)))
    return type_, en_mots(reste) or (ecrit,)


def _reels(table: pa.Table | None, nom: str) -> npt.NDArray[np.float64]:
    return np.zeros(0) if table is None else np.array(table[nom], dtype=np.float64)
