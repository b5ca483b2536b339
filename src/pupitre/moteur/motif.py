"""The suppression pattern: which cells of a source leave, for whom, and at which rhythm.

Outside the internal audience, a secteur is read by whole half-years (the rhythm of the half-yearly study of a
local observatory): month by month nearly all its cells would be too small. Communes and the areas of services
keep the periods that the partner delivers.

| | partenaire | public |
|---|---|---|
| commune, conseil, circonscription | everything | more than 5 facts in each of 3 successive years (SSMSI) |
| secteur, by half-year and year | primary threshold and companions | the same, and its commune's rule |
| secteur, by month | nothing | nothing |

**Why months of communes give no secteur back.** Take any table of secteurs by half-year that agrees with all
that is published of them. In each (commune, nature, half-year) whose total is published, its secteurs add up to
that total, and so do the published months: a table secteurs × months with these two margins always exists, in
whole non-negative numbers (a transportation problem with equal totals). Months therefore exclude none of the
tables that half-years allow. Where a (commune, nature, half-year) is itself withheld, which only happens to the
public, none of its months is published, nor any sum that holds one of them.

**Why successive editions give nothing back.** The pattern of a half-year is decided on that half-year alone, once
its deliveries are whole, and no later month changes it; before that, nothing is published of its secteurs. The
year comes last: its pattern takes those of its halves as they are, and only withholds cells of the year itself.
What a partner reads of communes is never withheld, so that an earlier edition cannot have shown a companion.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Any, Literal, TypeVar

import pyarrow as pa

from pupitre.moteur.memoire import Memoire
from pupitre.moteur.mesures.calendrier import case
from pupitre.moteur.protection import Arbre, Cellule, Noeud, Tableau, proteger
from pupitre.moteur.resultats import Audience

# Part of the key of every kept pattern: raised when the same data would give another one.
VERSION = 1
MOIS_INFRA = 6
_FINES = frozenset({"jour", "semaine", "mois", "trimestre"})
# Stands for the secteurs of a commune of which the source has never named more than one.
_AUTRES = "\x00autres"
_AXES = ("commune", "secteur", "territoire", "nature")
_PLACES = 4096
_T = TypeVar("_T")
_Perimetre = tuple[frozenset[Noeud], frozenset[Noeud], bool]
_Instants = tuple[list[Noeud], list[Noeud], tuple[Noeud, ...]]
_MOTIFS: Memoire[frozenset[Cellule]] = Memoire(_PLACES)


@dataclass(frozen=True, slots=True)
class Regles:
    """Thresholds. A secteur's count from 1 to `seuil_primaire` - 1 is withheld from partners and the public;
    a commune's is published when more than `seuil_public` in each of `annees_publiques` successive years.
    Secteurs are read by spans of `mois_infra` months (a divisor of 12) where the source delivers finer ones."""

    seuil_primaire: int = 5
    seuil_public: int = 5
    annees_publiques: int = 3
    mois_infra: int = MOIS_INFRA


class Refus(StrEnum):
    """Why a figure does not leave: for its size or another's, or only because secteurs go by half-years."""

    SECRET = "secret"  # noqa: S105  (withheld by disclosure control)
    RYTHME = "rythme"


@dataclass(frozen=True)
class Reference:
    """What may leave of one source and one unit of count, for one audience.

    Attributes:
        exercices: year → its spans (half-years where there are secteurs, else the delivered periods), with a
            top when the deliveries cover the year whole.
        bornes: first and last day of each span.
        incompletes: spans that the deliveries do not cover whole: nothing of a secteur leaves.
        retenues: withheld cells (place, nature, span or year), of secteurs and of what protects them.
    """

    lieux: Arbre
    natures: Arbre
    exercices: Mapping[int, Arbre]
    bornes: Mapping[Noeud, tuple[date, date]]
    incompletes: frozenset[Noeud]
    retenues: frozenset[Cellule]
    ouverte: bool = False

    def publiable(
        self,
        mentions: Mapping[str, frozenset[str | None]],
        debut: date | None = None,
        fin: date | None = None,
    ) -> bool:
        """Whether the sum over what `mentions` and the inclusive days select may be shown."""
        return self.refus(mentions, debut, fin) is None

    def refus(
        self,
        mentions: Mapping[str, frozenset[str | None]],
        debut: date | None = None,
        fin: date | None = None,
    ) -> Refus | None:
        """Why the sum over what `mentions` and the inclusive days select may not be shown; None when it may.

        Args:
            mentions: for any of nature, commune, secteur, territoire: the values taken. Absent: all.
        """
        if self.ouverte:
            return None
        cle = (*map(mentions.get, _AXES), debut, fin)
        # Asked once: another thread may empty what is remembered.
        juge: Refus | Literal[False] | None = self._souvenirs.get(cle, False)
        if juge is not False:
            return juge
        return _retenir(self._souvenirs, cle, self._juger(mentions, debut, fin))

    def _juger(
        self, mentions: Mapping[str, frozenset[str | None]], debut: date | None, fin: date | None
    ) -> Refus | None:
        # Saying zero of a secteur never seen would leave the commune's total to the only one that was.
        if self._reserve and not mentions.get("secteur", frozenset()) <= self._secteurs:
            return Refus.SECRET
        lieux, natures, infra = self._perimetre(mentions)
        rythme = False
        for dedans, entamees, temps in self._instants(debut, fin):
            if any(cellule in self.retenues for cellule in product(lieux, natures, temps)):
                return Refus.SECRET
            if infra:
                rythme = rythme or bool(entamees) or not self.incompletes.isdisjoint(dedans)
            elif entamees and any(
                cellule in self.retenues for cellule in product(*self._atomes(lieux, natures), entamees)
            ):
                return Refus.SECRET
        return Refus.RYTHME if rythme else None

    def _perimetre(self, mentions: Mapping[str, frozenset[str | None]]) -> _Perimetre:
        """Places and natures that `mentions` select, and whether secteurs are told apart. The rows of a table
        have few different ones, which depend on this pattern alone: kept with it."""
        cle = tuple(map(mentions.get, _AXES))
        connu: _Perimetre | None = self._souvenirs.get(cle)
        if connu is not None:
            return connu
        lieux = _choisir(self.lieux, ("commune", "secteur", "territoire"), mentions)
        natures = _choisir(self.natures, ("nature",), mentions)
        perimetre = lieux, natures, any(self._infra(lieu) for lieu in lieux)
        return _retenir(self._souvenirs, cle, perimetre)

    def _instants(self, debut: date | None, fin: date | None) -> tuple[_Instants, ...]:
        """For each year that the days meet: spans held whole, spans entered, and the nodes of the former."""
        connus: tuple[_Instants, ...] | None = self._souvenirs.get((debut, fin))
        if connus is not None:
            return connus
        instants = []
        for exercice, arbre in self.exercices.items():
            dedans, entamees = self._tranches(arbre, debut, fin)
            if dedans or entamees:
                temps = tuple(_instant(n, exercice) for n in arbre.reduire(dedans))
                instants.append((dedans, entamees, temps))
        return _retenir(self._souvenirs, (debut, fin), tuple(instants))

    @cached_property
    def _souvenirs(self) -> dict[Hashable, Any]:
        return {}

    def _tranches(
        self, arbre: Arbre, debut: date | None, fin: date | None
    ) -> tuple[list[Noeud], list[Noeud]]:
        """Spans of a year that the days hold whole, and those that they only enter."""
        dedans, entamees = [], []
        for f in arbre.feuilles:
            d, g = self.bornes[f]
            if (debut is None or d >= debut) and (fin is None or g <= fin):
                dedans.append(f)
            elif (debut is None or g >= debut) and (fin is None or d <= fin):
                entamees.append(f)
        return dedans, entamees

    @cached_property
    def _secteurs(self) -> frozenset[str | None]:
        return frozenset(f[1] for f in self.lieux.feuilles if len(f) > 1)

    @cached_property
    def _reserve(self) -> bool:
        return _AUTRES in self._secteurs

    @cached_property
    def _decoupees(self) -> frozenset[str | None]:
        return _decoupees(self.lieux.feuilles)

    def _infra(self, lieu: Noeud) -> bool:
        return _infra(lieu, self.lieux, self._decoupees)

    def _atomes(self, lieux: frozenset[Noeud], natures: frozenset[Noeud]) -> tuple[list[Noeud], list[Noeud]]:
        """The communes (or areas) and the natures that these nodes add up."""
        connus: tuple[list[Noeud], list[Noeud]] | None = self._souvenirs.get((lieux, natures))
        if connus is not None:
            return connus
        communes = {
            f[:1] if f[0] in self._decoupees else f
            for f in self.lieux.feuilles
            if any(f[: len(lieu)] == lieu for lieu in lieux)
        }
        atomes = [f for f in self.natures.feuilles if any(f[: len(n)] == n for n in natures)]
        return _retenir(self._souvenirs, (lieux, natures), (list(communes), atomes))

    def to_json(self) -> str:
        """Inverse of `from_json`."""
        return json.dumps(
            {
                "ouverte": self.ouverte,
                "lieux": self.lieux.feuilles,
                "natures": self.natures.feuilles,
                "exercices": [[a, t.feuilles, t.sommet] for a, t in sorted(self.exercices.items())],
                "bornes": [[n, d.isoformat(), f.isoformat()] for n, (d, f) in sorted(self.bornes.items())],
                "incompletes": sorted(self.incompletes),
                "retenues": sorted(self.retenues, key=repr),
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, texte: str) -> Reference:
        """Raises ValueError, KeyError or TypeError on anything that `to_json` has not written."""
        brut = json.loads(texte)
        if brut["ouverte"]:
            return OUVERTE
        return cls(
            Arbre(_noeuds(brut["lieux"])),
            Arbre(_noeuds(brut["natures"])),
            {int(a): Arbre(_noeuds(f), bool(s)) for a, f, s in brut["exercices"]},
            {tuple(n): (date.fromisoformat(d), date.fromisoformat(f)) for n, d, f in brut["bornes"]},
            frozenset(_noeuds(brut["incompletes"])),
            frozenset((tuple(li), tuple(n), tuple(t)) for li, n, t in brut["retenues"]),
        )


OUVERTE = Reference(Arbre(()), Arbre(()), {}, {}, frozenset(), frozenset(), ouverte=True)


def _retenir(memoire: dict[Hashable, Any], cle: Hashable, valeur: _T) -> _T:
    if len(memoire) >= _PLACES:
        memoire.clear()
    memoire[cle] = valeur
    return valeur


def _noeuds(brut: Sequence[Sequence[str | None]]) -> tuple[Noeud, ...]:
    return tuple(tuple(n) for n in brut)


def _choisir(
    arbre: Arbre, colonnes: tuple[str, ...], mentions: Mapping[str, frozenset[str | None]]
) -> frozenset[Noeud]:
    filtres = [(i, mentions[c]) for i, c in enumerate(colonnes) if c in mentions]
    # A stand-in secteur is taken with its commune, never by name.
    return arbre.reduire(f for f in arbre.feuilles if all(f[i] in v for i, v in filtres))


def _decoupees(feuilles: Iterable[Noeud]) -> frozenset[str | None]:
    return frozenset(f[0] for f in feuilles if len(f) > 1 and f[1] is not None)


def _infra(lieu: Noeud, arbre: Arbre, decoupees: frozenset[str | None]) -> bool:
    """A secteur, or what a commune counts outside its secteurs."""
    return arbre.portee[lieu] >= 2 and lieu[0] in decoupees


def referencer(
    cube: pa.Table,
    audience: Audience,
    regles: Regles,
    *,
    scolaire: bool = False,
    couvertures: Sequence[tuple[date, date]] | None = None,
) -> Reference:
    """The suppression pattern of a perimeter.

    Args:
        cube: rows of the monthly cube for one source, one unit, one granularity, and nothing else filtered:
            neither nature, place nor period.
        scolaire: years run from 1 September.
        couvertures: inclusive spans that the deliveries of the whole source cover, whatever the reader asked;
            by default, up to the last period seen.

    Raises:
        ValueError: several sources, units or granularities.
    """
    if audience is Audience.INTERNE:
        return OUVERTE
    for colonne in ("source", "unite", "granularite"):
        if len(set(cube[colonne].to_pylist())) > 1:
            raise ValueError(f"a reference has one {colonne}")
    lignes = cube.select(
        ["granularite", "commune", "secteur", "territoire", "nature", "debut", "fin", "n", "n_null"]
    ).to_pylist()
    avec_secteurs = any(ligne["secteur"] is not None for ligne in lignes)
    if not lignes or (audience is Audience.PARTENAIRE and not avec_secteurs):
        return OUVERTE
    mois = regles.mois_infra if avec_secteurs and lignes[0]["granularite"] in _FINES else None
    if couvertures is None:
        couvertures = [(date.min, max(ligne["fin"] for ligne in lignes))]
    feuilles, bornes = _ranger(lignes, scolaire, mois)
    lieux = Arbre(_avec_autres(_triees(c[0] for f in feuilles.values() for c in f)))
    natures = Arbre(_triees(c[1] for f in feuilles.values() for c in f))
    incompletes = frozenset(n for n, (d, f) in bornes.items() if not case(d, f, couvertures).complete)
    diffusables = _diffusables(feuilles, lieux, natures, regles) if audience is Audience.PUBLIC else None
    exercices: dict[int, Arbre] = {}
    retenues: set[Cellule] = set()
    for exercice, valeurs in sorted(feuilles.items()):
        premier, dernier = _annee(exercice, scolaire)
        tranches = _triees(n for n in bornes if _exercice(bornes[n][0], scolaire) == exercice)
        exercices[exercice] = Arbre(tranches, sommet=case(premier, dernier, couvertures).complete)
        protecteur = _Protecteur(
            lieux, natures, regles, diffusables[exercice] if diffusables is not None else None, valeurs
        )
        motif = protecteur.proteger(exercices[exercice], incompletes)
        retenues |= {(lieu, nature, _instant(instant, exercice)) for lieu, nature, instant in motif}
    return Reference(lieux, natures, exercices, bornes, incompletes, frozenset(retenues))


_Valeurs = dict[Cellule, int | None]


def _ranger(
    lignes: Sequence[Mapping[str, Any]], scolaire: bool, mois: int | None
) -> tuple[dict[int, _Valeurs], dict[Noeud, tuple[date, date]]]:
    """Elementary cells of each year, and the bounds of its spans: of `mois` months, else as delivered."""
    feuilles: dict[int, _Valeurs] = defaultdict(dict)
    bornes: dict[Noeud, tuple[date, date]] = {}
    for ligne in lignes:
        debut, fin = ligne["debut"], ligne["fin"]
        exercice = _exercice(debut, scolaire)
        if mois is not None:
            premier, _ = _annee(exercice, scolaire)
            for k in range(0, 12, mois):
                d = _plus(premier, k)
                bornes.setdefault((d.isoformat(),), (d, _plus(d, mois) - timedelta(days=1)))
            rang = (debut.year - premier.year) * 12 + debut.month - premier.month
            debut = _plus(premier, rang // mois * mois)
        instant: Noeud = (debut.isoformat(),)
        bornes[instant] = (debut, max(fin, bornes.get(instant, (debut, fin))[1]))
        cellule = ((ligne["commune"], ligne["secteur"], ligne["territoire"]), (ligne["nature"],), instant)
        ancien = feuilles[exercice].get(cellule, 0)
        inconnu = ligne["n_null"] > 0 or ancien is None
        feuilles[exercice][cellule] = None if inconnu else (ancien or 0) + ligne["n"]
    return dict(feuilles), bornes


def _exercice(jour: date, scolaire: bool) -> int:
    return jour.year - (1 if scolaire and jour.month < 9 else 0)


def _annee(exercice: int, scolaire: bool) -> tuple[date, date]:
    premier = date(exercice, 9 if scolaire else 1, 1)
    return premier, _plus(premier, 12) - timedelta(days=1)


def _plus(jour: date, mois: int) -> date:
    rang = jour.year * 12 + jour.month - 1 + mois
    return date(rang // 12, rang % 12 + 1, 1)


def _avec_autres(feuilles: tuple[Noeud, ...]) -> tuple[Noeud, ...]:
    """A commune of which a source names one secteur only has others: they are not said to be empty."""
    secteurs: dict[str | None, set[str | None]] = defaultdict(set)
    for commune, secteur, _ in feuilles:
        secteurs[commune].add(secteur)
    seules = {c for c, s in secteurs.items() if len(s) == 1 and None not in s}
    return _triees([*feuilles, *((c, _AUTRES, t) for c, _, t in feuilles if c in seules)])


def _triees(feuilles: Iterable[Noeud]) -> tuple[Noeud, ...]:
    return tuple(sorted(set(feuilles), key=lambda n: tuple((v is not None, v or "") for v in n)))


@dataclass(frozen=True)
class _Protecteur:
    """The pattern of one year: each span alone, then the year over spans that are already decided.

    What partners read of communes is never withheld, hence one table per commune. The public's rule withholds
    communes too: one table for all.
    """

    lieux: Arbre
    natures: Arbre
    regles: Regles
    diffusables: frozenset[tuple[Noeud, Noeud]] | None
    valeurs: _Valeurs

    def proteger(self, temps: Arbre, incompletes: frozenset[Noeud]) -> set[Cellule]:
        retenues: set[Cellule] = set()
        for groupe in self._groupes():
            motif: frozenset[Cellule] = frozenset()
            for tranche in temps.feuilles:
                entiere = tranche not in incompletes
                if entiere or self.diffusables is not None:
                    motif |= self._motif(groupe, Arbre((tranche,)), frozenset(), entiere)
            if temps.sommet and len(temps.feuilles) > 1:
                motif |= self._motif(groupe, temps, motif, True)
            retenues |= motif
        return retenues

    def _groupes(self) -> list[Arbre]:
        if self.diffusables is not None:
            return [self.lieux]
        decoupees = _decoupees(self.lieux.feuilles)
        groupes: dict[str | None, list[Noeud]] = defaultdict(list)
        for f in self.lieux.feuilles:
            if f[0] in decoupees:
                groupes[f[0]].append(f)
        return [Arbre(tuple(feuilles)) for feuilles in groupes.values()]

    def _motif(
        self, lieux: Arbre, temps: Arbre, decidees: frozenset[Cellule], entiere: bool
    ) -> frozenset[Cellule]:
        dedans, instants = set(lieux.feuilles), set(temps.feuilles)
        valeurs = {c: v for c, v in self.valeurs.items() if c[0] in dedans and c[2] in instants}
        permises = None
        if self.diffusables is not None:
            permises = sorted((c for c in self.diffusables if c[0] in lieux.portee), key=repr)
        identite = (lieux, self.natures, temps, self.regles, entiere, permises)
        cle = hashlib.sha256(
            repr((identite, sorted(valeurs.items(), key=repr), sorted(decidees, key=repr))).encode()
        ).digest()
        return _MOTIFS.une_fois(cle, lambda: self._calculer(lieux, temps, valeurs, decidees, entiere))

    def _calculer(
        self, lieux: Arbre, temps: Arbre, valeurs: _Valeurs, decidees: frozenset[Cellule], entiere: bool
    ) -> frozenset[Cellule]:
        tableau = Tableau((lieux, self.natures, temps), valeurs)
        decoupees = _decoupees(lieux.feuilles)
        infra = {n: _infra(n, lieux, decoupees) for n in lieux.noeuds}
        autres = {n for n in lieux.noeuds if len(n) > 1 and n[1] == _AUTRES}
        seuls = {f[0] for f in autres}
        primaires, acquises, figees = [], [], []
        for i, cellule in enumerate(tableau.cellules):
            lieu, nature, instant = cellule
            if lieu in autres or (infra[lieu] and not entiere) or cellule in decidees:
                acquises.append(i)
            elif (len(temps.feuilles) > 1 and instant in temps.feuilles) or (
                self.diffusables is None and not infra[lieu]
            ):
                figees.append(i)
            valeur = int(tableau.valeurs[i])
            secteur = infra[lieu] and lieu[1] is not None
            faible = secteur and entiere and 0 < valeur < self.regles.seuil_primaire
            # An only secteur is nearly its commune, and bears both rules.
            communal = not infra[lieu] or (lieu[0] in seuls and lieu not in autres)
            commune = lieu[:1] if infra[lieu] else lieu
            interdite = self.diffusables is not None and (commune, nature) not in self.diffusables
            if faible or (communal and interdite):
                primaires.append(i)
        motif = proteger(tableau, primaires, acquises=acquises, figees=figees)
        return frozenset(tableau.cellules[i] for i in motif if entiere or not infra[tableau.cellules[i][0]])


def _diffusables(
    feuilles: Mapping[int, _Valeurs], lieux: Arbre, natures: Arbre, regles: Regles
) -> dict[int, frozenset[tuple[Noeud, Noeud]]]:
    """By year, the (place, nature) with more than the threshold in each year of a run that holds this year."""
    depasse: dict[int, set[tuple[Noeud, Noeud]]] = {}
    for exercice, valeurs in feuilles.items():
        sommes: dict[Cellule, int | None] = {}
        for (lieu, nature, _), v in valeurs.items():
            ancien = sommes.get((lieu, nature), 0)
            sommes[lieu, nature] = None if v is None or ancien is None else ancien + v
        tableau = Tableau((lieux, natures), sommes)
        depasse[exercice] = {
            (c[0], c[1])
            for i, c in enumerate(tableau.cellules)
            if tableau.valeurs[i] > regles.seuil_public and not tableau.inconnues[i]
        }
    k = regles.annees_publiques
    resultat = {}
    for exercice in feuilles:
        ouvertes: set[tuple[Noeud, Noeud]] = set()
        for premier in range(exercice - k + 1, exercice + 1):
            suite = [depasse.get(a, set()) for a in range(premier, premier + k)]
            ouvertes |= set.intersection(*suite)
        resultat[exercice] = frozenset(ouvertes)
    return resultat


def _instant(noeud: Noeud, exercice: int) -> Noeud:
    """Node of one year's tree among those of all years: its top is the year itself."""
    return noeud or (str(exercice),)
