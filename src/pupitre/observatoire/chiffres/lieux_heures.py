"""Where and when facts happen, for the team: hours by weekday, density, hot areas, series that repeat.

Points and cells are never drawn for another audience (methods, disclosure control): `policies` says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from pupitre.documents.formes import Carte, Zone
from pupitre.documents.tableaux import Table
from pupitre.moteur import brutes, nomenclatures
from pupitre.moteur.mesures import Pas, suivante
from pupitre.moteur.observations import PONCTUELLES
from pupitre.moteur.selection import Selection
from pupitre.moteur.statistiques.aoristique import SemaineType, aoristique
from pupitre.moteur.statistiques.points_chauds import FAITS_MINIMAUX, gi_etoile
from pupitre.moteur.statistiques.proximite import EFFECTIF_MINIMAL, chaines, knox
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.models import Source
from pupitre.socle.texte import date_longue, nombre, pluriel

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MAILLE = 250.0
DISTANCES, DELAIS = (1.0, 200.0, 400.0), (7.0, 14.0)
Lecture = tuple[tuple[str, str], ...]
DISTANCE_SERIE, DELAI_SERIE, SERIE_MINIMALE = 200.0, 7.0, 4
SERIES_RECENTES = 45


def sources_datees(lecteur: Lecteur) -> list[Source]:
    """Those whose files hold facts one by one."""
    return [s for code, s in lecteur.sources.items() if lecteur.etat.profils[code].en_faits]


@dataclass(frozen=True)
class Faits:
    """The facts of one source over twelve months."""

    source: Source
    table: pa.Table
    debut: date
    fin: date

    @property
    def n(self) -> int:
        return self.table.num_rows

    @property
    def periode(self) -> str:
        return f"du {date_longue(self.debut)} au {date_longue(self.fin)}"

    @cached_property
    def places(self) -> np.ndarray:
        """Rows whose point is that of the fact: the middle of a street is not."""
        precision = self.table["precision_lieu"].to_pylist()
        lon = self.table["lon"].to_pylist()
        return np.array(
            [
                i
                for i, (p, x) in enumerate(zip(precision, lon, strict=True))
                if p in PONCTUELLES and x is not None
            ],
            dtype=np.int64,
        )

    @cached_property
    def metres(self) -> tuple[np.ndarray, np.ndarray]:
        """Lambert-93 of the placed facts."""
        lon = np.asarray(self.table["lon"].take(pa.array(self.places)), dtype=np.float64)
        lat = np.asarray(self.table["lat"].take(pa.array(self.places)), dtype=np.float64)
        x, y = projeter(4326, 2154).transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    @cached_property
    def jours(self) -> np.ndarray:
        tous = self.table["debut"].to_pylist()
        return np.array([tous[i].toordinal() for i in self.places], dtype=np.int64)


def lire(
    lecteur: Lecteur, source: Source, natures: tuple[str, ...] = (), communes: tuple[str, ...] = ()
) -> Faits:
    """Twelve months ending with the last one that the source has delivered."""
    profil = lecteur.etat.profils[source.code]
    fin = suivante(profil.periodes[-1], Pas.MOIS) - timedelta(days=1)
    debut = suivante(profil.periodes[-1], Pas.MOIS, -11)
    selection = Selection(source=source.code, natures=natures, communes=communes, debut=debut, fin=fin)
    table = brutes.evenements(catalogue.entrepot(), lecteur.etat.manifeste, selection)
    return Faits(source, table, debut, fin)


@dataclass(frozen=True)
class Heures:
    semaine: SemaineType
    sans_heure: int
    phrase: str


def heures(faits: Faits) -> Heures:
    """A fact whose hour is unknown is shared over the hours of its days."""
    intervalles, sans = [], 0
    colonnes = (faits.table[c].to_pylist() for c in ("debut", "fin", "heure", "duree_h"))
    for debut, fin, heure, duree in zip(*colonnes, strict=True):
        if duree is not None:
            moment = datetime.combine(debut, time(heure or 0))
            intervalles.append((moment, moment + timedelta(hours=duree)))
        elif heure is None:
            sans += 1
            intervalles.append(
                (datetime.combine(debut, time()), datetime.combine(fin + timedelta(days=1), time()))
            )
        else:
            moment = datetime.combine(debut, time(heure))
            intervalles.append((moment, moment))
    semaine = aoristique(intervalles)
    return Heures(semaine, sans, _phrase_des_heures(semaine, sans, len(intervalles)))


def _phrase_des_heures(semaine: SemaineType, sans: int, n: int) -> str:
    if not n:
        return "Aucun fait daté sur cette période."
    if sans == n:
        return f"{pluriel(n, 'fait')}, aucun n’a d’heure\u202f: rien ne se dit des heures."
    jour, heure = divmod(int(semaine.poids.argmax()), 24)
    nuit = float(semaine.poids[:, [22, 23, 0, 1, 2, 3, 4, 5]].sum() / semaine.poids.sum())
    reserve = f" {pluriel(sans, 'fait')} sans heure, répartis sur leur journée." if sans else ""
    return (
        f"{pluriel(n, 'fait')}. L’heure la plus chargée est le {JOURS[jour]} de {heure} h à {heure + 1} h "
        f"({nombre(float(semaine.poids[jour, heure]), 1)} faits). Entre 22 h et 6 h\u202f: "
        f"{nombre(100 * nuit)}\u202f%.{reserve}"
    )


def table_des_heures(faits: Faits, lues: Heures, lecture: Lecture) -> Table:
    return Table(
        titre=f"{faits.source.nom}, heures et jours, {faits.periode}",
        entetes=("Jour", *(f"{h} h" for h in range(24))),
        lignes=tuple(
            (JOURS[j].capitalize(), *(round(float(v), 2) for v in lues.semaine.poids[j])) for j in range(7)
        ),
        lecture=lecture,
    )


@dataclass(frozen=True)
class Cellule:
    nom: str
    n: int
    gi: float
    p: float
    chaude: bool


@dataclass(frozen=True)
class Densite:
    """`carte`: one square per cell that holds facts. `cellules`: the same, the most gathered first."""

    carte: Carte | None
    cellules: tuple[Cellule, ...]
    phrase: str


def densite(lecteur: Lecteur, faits: Faits) -> Densite:
    """Cells of 250 m and their Gi*; nothing is drawn under sixty placed facts."""
    n = len(faits.places)
    if n < FAITS_MINIMAUX:
        return Densite(
            None,
            (),
            f"{pluriel(n, 'fait placé', 'faits placés')}\u202f: il en faut {FAITS_MINIMAUX} pour qu’une carte des "
            "rassemblements dise autre chose que le hasard.",
        )
    x, y = faits.metres
    colonnes, lignes = (np.floor(v / MAILLE).astype(np.int64) for v in (x, y))
    distinctes, comptes = np.unique(np.column_stack([colonnes, lignes]), axis=0, return_counts=True)
    entieres, valeurs = _grille(distinctes, comptes)
    gi = gi_etoile((entieres[:, 0] + 0.5) * MAILLE, (entieres[:, 1] + 0.5) * MAILLE, valeurs, MAILLE * 1.5)
    chauds = set(gi.chauds())
    places = {tuple(c): i for i, c in enumerate(entieres.tolist())}
    noms = _noms(lecteur, faits, colonnes, lignes)
    cellules, zones = [], []
    for cellule, compte in zip(distinctes.tolist(), comptes.tolist(), strict=True):
        rang = places[tuple(cellule)]
        code = f"{cellule[0]}-{cellule[1]}"
        nom = noms.get(tuple(cellule), "hors des secteurs")
        cellules.append(Cellule(nom, compte, float(gi.gi[rang]), float(gi.p[rang]), rang in chauds))
        zones.append(
            Zone(
                code,
                f"{nom}{', rassemblement' if rang in chauds else ''}",
                _carre(cellule),
                compte,
                ecart=rang in chauds,
            )
        )
    cellules.sort(key=lambda c: (-c.gi, -c.n))
    combien = sum(c.chaude for c in cellules)
    phrase = (
        f"{pluriel(combien, 'carré')} de 250 m rassemblent plus de faits que le hasard ne le veut, autour de\u202f: "
        + ", ".join(dict.fromkeys(c.nom for c in cellules if c.chaude))
        + "."
        if combien
        else "Aucun carré ne se détache plus que ne le veut le hasard."
    )
    carte = Carte(f"{faits.source.nom}, carrés de 250 m", "fait", tuple(zones))
    return Densite(carte, tuple(cellules), phrase)


def table_des_carres(lue: Densite, lecture: Lecture) -> Table:
    return Table(
        titre="Carrés de 250 m, du plus au moins rassemblé",
        entetes=("Autour de", "Faits", "Gi*", "p", "Lecture"),
        lignes=tuple(
            (c.nom, c.n, round(c.gi, 2), round(c.p, 3), "rassemblement" if c.chaude else "ordinaire")
            for c in lue.cellules
        ),
        lecture=lecture,
    )


def _grille(distinctes: np.ndarray, comptes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cells with facts and the empty ones around them: a gathering stands out against its surroundings."""
    connus = {tuple(c): n for c, n in zip(distinctes.tolist(), comptes.tolist(), strict=True)}
    voisines = {(i + a, j + b) for i, j in connus for a in (-1, 0, 1) for b in (-1, 0, 1)}
    entieres = np.array(sorted(voisines), dtype=np.int64)
    return entieres, np.array([connus.get(tuple(c), 0) for c in entieres.tolist()], dtype=np.float64)


def _noms(lecteur: Lecteur, faits: Faits, colonnes: np.ndarray, lignes: np.ndarray) -> dict[tuple, str]:
    """The secteur that a cell's facts name most often, else their commune."""
    noms = lecteur.territoire.noms()
    secteurs, communes = (faits.table[c].to_pylist() for c in ("secteur", "commune"))
    votes: dict[tuple, dict[str, int]] = {}
    for k, i in enumerate(faits.places.tolist()):
        nom = noms.get(secteurs[i] or "") or noms.get(communes[i] or "")
        if nom:
            siens = votes.setdefault((int(colonnes[k]), int(lignes[k])), {})
            siens[nom] = siens.get(nom, 0) + 1
    return {c: max(v, key=lambda nom: (v[nom], nom)) for c, v in votes.items()}


def _carre(cellule: list[int]) -> tuple:
    i, j = cellule
    coins = np.array([(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)]) * MAILLE
    lon, lat = projeter(2154, 4326).transform(coins[:, 0], coins[:, 1])
    return (tuple(zip(lon.tolist(), lat.tolist(), strict=True)),)


@cache
def projeter(depuis: int, vers: int):
    """Made once: it takes longer than a thousand points."""
    from pyproj import Transformer

    return Transformer.from_crs(depuis, vers, always_xy=True)


@dataclass(frozen=True)
class Serie:
    """Facts that repeat close and soon, and why that is not chance."""

    nature: str
    n: int
    debut: date
    fin: date
    commune: str
    secteur: str
    rayon: float
    raison: str
    cle: str

    @property
    def phrase(self) -> str:
        return f"{self.n} faits semblables en {(self.fin - self.debut).days + 1} jours\u202f: {self.nature}."


def series_proposees(
    lecteur: Lecteur, source: Source, jour: date, deja: Collection[str] = frozenset()
) -> list[Serie]:
    """Series of the last weeks, of natures that repeat near and soon more than chance over twelve months.

    Without that general finding no series is proposed: four facts in a week are common where facts are many. It is
    looked for only where there is a series to propose, since it takes two hundred times longer.

    Args:
        deja: keys of the series that were proposed before, and are not again.
    """
    faits = lire(lecteur, source)
    if len(faits.places) < EFFECTIF_MINIMAL:
        return []
    natures = faits.table["nature"].to_pylist()
    trouvees: list[Serie] = []
    for nature in sorted({natures[i] for i in faits.places}):
        choix = np.array([k for k, i in enumerate(faits.places) if natures[i] == nature], dtype=np.int64)
        if len(choix) < EFFECTIF_MINIMAL:
            continue
        x, y, jours = faits.metres[0][choix], faits.metres[1][choix], faits.jours[choix]
        recentes = jours >= jour.toordinal() - SERIES_RECENTES
        rangs = choix[recentes]
        suites = chaines(
            x[recentes], y[recentes], jours[recentes], DISTANCE_SERIE, DELAI_SERIE, minimum=SERIE_MINIMALE
        )
        series = [_serie(faits, nature, [int(rangs[r]) for r in suite.rangs], suite) for suite in suites]
        neuves = [s for s in series if s.cle not in deja]
        if neuves and (raison := _plus_que_le_hasard(source, nature, x, y, jours)):
            trouvees += [replace(s, raison=f"{s.raison} {raison}") for s in neuves]
    return sorted(trouvees, key=lambda s: (-s.n, s.debut))


def _plus_que_le_hasard(source: Source, nature: str, x, y, jours) -> str:
    """The sentence that says so, empty when chance is enough."""
    graine = int(hashlib.sha256(f"{source.code}{nature}".encode()).hexdigest()[:8], 16)
    k = knox(x, y, jours, DISTANCES, DELAIS, tirages=199, graine=graine)
    p, ratio = float(k.p[:2, 0].min()), float(np.nanmax(k.ratios[:2, 0]))
    if p > 0.05 or not ratio > 1:
        return ""
    return (
        f"Sur douze mois, ces faits se suivent à moins de 200 m et de 7 jours {nombre(ratio, 1)} fois plus que "
        f"le hasard ne le veut (p = {nombre(p, 3)})."
    )


def _serie(faits: Faits, nature: str, rangs: list[int], chaine: Any) -> Serie:
    lignes = [int(faits.places[r]) for r in rangs]
    communes, secteurs = (faits.table[c].to_pylist() for c in ("commune", "secteur"))

    def frequent(valeurs: list) -> str:
        connues = [valeurs[i] for i in lignes if valeurs[i]]
        return max(sorted(set(connues)), key=connues.count) if connues else ""

    debut, fin = date.fromordinal(chaine.debut), date.fromordinal(chaine.fin)
    commune = frequent(communes)
    empreinte = hashlib.sha256(f"{faits.source.code}|{nature}|{debut}|{commune}".encode()).hexdigest()[:24]
    return Serie(
        nature=nomenclatures.nature(nature).libelle,
        n=len(lignes),
        debut=debut,
        fin=fin,
        commune=commune,
        secteur=frequent(secteurs),
        rayon=chaine.rayon,
        raison=f"Tous à moins de {nombre(round(chaine.rayon) or 1)} m de leur centre.",
        cle=f"serie-{empreinte}",
    )
