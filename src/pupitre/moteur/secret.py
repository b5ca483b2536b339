"""Disclosure control: the single exit of every figure.

Everything that leaves is a function of the published cells of one reference table, computed on the whole
perimeter and never on what a reader filtered. A filtered total is shown when it is itself a published cell, or
when all the cells that it adds are; so that no filter, page or export gives by difference what another withholds.

| audience | conseil, commune, circonscription | secteur |
|---|---|---|
| interne | everything | everything |
| partenaire | everything, but for companions | primary threshold and companions |
| public | more than 5 facts in each of 3 successive years (SSMSI) | primary threshold and companions |

Companions, zero cells and the attacker are described in `protection`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import pyarrow as pa

from pupitre.moteur.mesures.calendrier import case
from pupitre.moteur.protection import Arbre, Cellule, Noeud, Tableau, proteger
from pupitre.moteur.resultats import Absent, Audience, Colonne, Contexte, MotifAbsence, Resultat, Valeur
from pupitre.moteur.selection import Selection

RAISON = "Secret statistique\u202f: effectif trop faible, ou qui permettrait d’en déduire un autre."
_RAISONS = {
    MotifAbsence.NON_LIVRE: "La source n’a pas livré de valeur pour toute cette période.",
    MotifAbsence.NON_DIFFUSE: "Le producteur ne diffuse pas cette valeur.",
    MotifAbsence.NON_CALCULABLE: "Le calcul n’est pas possible\u202f: une de ses données manque.",
}
_RETENUS = {
    MotifAbsence.SECRET: "par le secret statistique (effectifs trop faibles, ou qui permettraient de les déduire)",
    MotifAbsence.NON_DIFFUSE: "parce que le producteur ne les diffuse pas",
    MotifAbsence.NON_LIVRE: "parce que la source n’a pas livré toute la période",
}


@dataclass(frozen=True, slots=True)
class Regles:
    """Thresholds. A secteur's count from 1 to `seuil_primaire` - 1 is withheld from partners and the public;
    a commune's is published when more than `seuil_public` in each of `annees_publiques` successive years."""

    seuil_primaire: int = 5
    seuil_public: int = 5
    annees_publiques: int = 3


@dataclass(frozen=True)
class Reference:
    """What may leave of one source and one unit of count, for one audience.

    Made by `referencer`, once per manifest. Years are protected one by one, and no total is published across
    them but as a sum of published years; the total of a year exists only once the year is complete, otherwise
    two editions of a cumulative figure would give the month between them by difference.
    """

    lieux: Arbre
    natures: Arbre
    exercices: Mapping[int, Arbre]
    bornes: Mapping[Noeud, tuple[date, date]]
    retenues: frozenset[Cellule]
    ouverte: bool = False

    def publiable(
        self,
        mentions: Mapping[str, frozenset[str | None]],
        debut: date | None = None,
        fin: date | None = None,
    ) -> bool:
        """Whether the sum over what `mentions` and the inclusive days select may be shown.

        Args:
            mentions: for any of nature, commune, secteur, territoire: the values taken. Absent: all.
        """
        if self.ouverte:
            return True
        lieux = self._choisir(self.lieux, ("commune", "secteur", "territoire"), mentions)
        natures = self._choisir(self.natures, ("nature",), mentions)
        for exercice, arbre in self.exercices.items():
            dedans = [
                f
                for f in arbre.feuilles
                if (debut is None or self.bornes[f][0] >= debut) and (fin is None or self.bornes[f][1] <= fin)
            ]
            temps = [_instant(n, exercice) for n in arbre.reduire(dedans)]
            if any(cellule in self.retenues for cellule in product(lieux, natures, temps)):
                return False
        return True

    @staticmethod
    def _choisir(
        arbre: Arbre, colonnes: tuple[str, ...], mentions: Mapping[str, frozenset[str | None]]
    ) -> frozenset[Noeud]:
        filtres = [(i, mentions[c]) for i, c in enumerate(colonnes) if c in mentions]
        return arbre.reduire(f for f in arbre.feuilles if all(f[i] in v for i, v in filtres))


OUVERTE = Reference(Arbre(()), Arbre(()), {}, {}, frozenset(), ouverte=True)


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
        couvertures: inclusive spans that the deliveries cover; by default, up to the last period seen.

    Raises:
        ValueError: several sources, units or granularities.
    """
    if audience is Audience.INTERNE:
        return OUVERTE
    for colonne in ("source", "unite", "granularite"):
        if len(set(cube[colonne].to_pylist())) > 1:
            raise ValueError(f"a reference has one {colonne}")
    lignes = cube.select(
        ["commune", "secteur", "territoire", "nature", "debut", "fin", "n", "n_null"]
    ).to_pylist()
    if audience is Audience.PARTENAIRE and all(ligne["secteur"] is None for ligne in lignes):
        return OUVERTE
    feuilles: dict[int, dict[Cellule, int | None]] = defaultdict(dict)
    bornes: dict[Noeud, tuple[date, date]] = {}
    for ligne in lignes:
        debut, fin = ligne["debut"], ligne["fin"]
        exercice = debut.year - (1 if scolaire and debut.month < 9 else 0)
        instant: Noeud = (debut.isoformat(),)
        bornes[instant] = (debut, max(fin, bornes.get(instant, (debut, fin))[1]))
        cellule = (
            (ligne["commune"], ligne["secteur"], ligne["territoire"]),
            (ligne["nature"],),
            instant,
        )
        ancien = feuilles[exercice].get(cellule, 0)
        inconnu = ligne["n_null"] > 0 or ancien is None
        feuilles[exercice][cellule] = None if inconnu else (ancien or 0) + ligne["n"]
    lieux = Arbre(_triees(c[0] for f in feuilles.values() for c in f))
    natures = Arbre(_triees(c[1] for f in feuilles.values() for c in f))
    if couvertures is None:
        couvertures = [(date.min, max((f for _, f in bornes.values()), default=date.min))]
    exercices, tableaux = {}, {}
    for exercice, valeurs in sorted(feuilles.items()):
        premier = date(exercice, 9, 1) if scolaire else date(exercice, 1, 1)
        dernier = date(exercice + 1, 8, 31) if scolaire else date(exercice, 12, 31)
        temps = Arbre(_triees(c[2] for c in valeurs), sommet=case(premier, dernier, couvertures).complete)
        exercices[exercice] = temps
        tableaux[exercice] = Tableau((lieux, natures, temps), valeurs)
    diffusables = _diffusables(tableaux, regles) if audience is Audience.PUBLIC else None
    retenues: set[Cellule] = set()
    for exercice, tableau in tableaux.items():
        permis = None if diffusables is None else diffusables[exercice]
        primaires = [
            i
            for i, c in enumerate(tableau.cellules)
            if _primaire(c, int(tableau.valeurs[i]), lieux, regles, permis)
        ]
        for i in proteger(tableau, primaires):
            lieu, nature, instant = tableau.cellules[i]
            retenues.add((lieu, nature, _instant(instant, exercice)))
    return Reference(lieux, natures, exercices, bornes, frozenset(retenues))


def _triees(feuilles: Iterable[Noeud]) -> tuple[Noeud, ...]:
    return tuple(sorted(set(feuilles), key=lambda n: tuple((v is not None, v or "") for v in n)))


def _primaire(
    cellule: Cellule,
    valeur: int,
    lieux: Arbre,
    regles: Regles,
    diffusables: frozenset[tuple[Noeud, Noeud]] | None,
) -> bool:
    lieu, nature, _ = cellule
    infra = len(lieu) >= 2 and lieu[1] is not None
    if infra and 0 < valeur < regles.seuil_primaire:
        return True
    # An only secteur is its commune too, and bears both rules.
    communal = not infra or lieux.portee[lieu] < 2
    return communal and diffusables is not None and (lieu, nature) not in diffusables


def _diffusables(
    tableaux: Mapping[int, Tableau], regles: Regles
) -> dict[int, frozenset[tuple[Noeud, Noeud]]]:
    """By year, the (place, nature) with more than the threshold in each year of a run that holds this year."""
    depasse: dict[int, set[tuple[Noeud, Noeud]]] = {}
    for exercice, tableau in tableaux.items():
        sommes: dict[tuple[Noeud, Noeud], int] = defaultdict(int)
        inconnus: set[tuple[Noeud, Noeud]] = set()
        feuilles = set(tableau.axes[2].feuilles)
        for i, (lieu, nature, temps) in enumerate(tableau.cellules):
            if temps in feuilles:
                sommes[lieu, nature] += int(tableau.valeurs[i])
                if tableau.inconnues[i]:
                    inconnus.add((lieu, nature))
        depasse[exercice] = {c for c, n in sommes.items() if n > regles.seuil_public} - inconnus
    k = regles.annees_publiques
    resultat = {}
    for exercice in tableaux:
        ouvertes: set[tuple[Noeud, Noeud]] = set()
        for premier in range(exercice - k + 1, exercice + 1):
            suite = [depasse.get(a, set()) for a in range(premier, premier + k)]
            ouvertes |= set.intersection(*suite)
        resultat[exercice] = frozenset(ouvertes)
    return resultat


def _instant(noeud: Noeud, exercice: int) -> Noeud:
    """Node of one year's tree among those of all years: its top is the year itself."""
    return noeud or (str(exercice),)


@dataclass(frozen=True, slots=True)
class Derivee:
    """A column computed on what has passed the control, hence never on a withheld value.

    `calcul` receives the rows (dicts in which `Absent` stands for a missing number) and returns one value per
    row. Where one of `depend` is absent in a row, the value is replaced by the same absence.
    """

    cle: str
    depend: tuple[str, ...]
    calcul: Callable[[Sequence[Mapping[str, Valeur]]], Sequence[Valeur]]


@dataclass(frozen=True, slots=True)
class Comptes:
    """Which columns are counts, and over which period each; rows with debut and fin have their own period."""

    periodes: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    classer_par: str | None = None


def sortir(
    table: pa.Table | Sequence[Mapping[str, Valeur]],
    *,
    contexte: Contexte,
    colonnes: Sequence[Colonne],
    audience: Audience,
    selection: Selection,
    comptes: Comptes,
    reference: Reference | None = None,
    derivees: Sequence[Derivee] = (),
) -> Resultat:
    """Apply disclosure control to a measure's rows and make the `Resultat`.

    Args:
        table: rows; each count column `c` may come with `c_absence` (see `mesures`). Any column that is
            neither a count, an axis, a period nor in `derivees` is taken to depend on every count of its row.
        colonnes: what leaves, in order; keys in `table` or in `derivees`.
        selection: the filters that were applied.
        comptes: the count columns; with `classer_par`, rows are ordered by that count after the control:
            the order of withheld rows must not tell their size.
        reference: pattern of the perimeter; required but for the internal audience.

    Raises:
        ValueError: no reference, points for another audience than the internal one, or an unknown column.
    """
    if audience is Audience.INTERNE:
        reference = OUVERTE
    elif reference is None:
        raise ValueError("a reference is required outside the internal audience")
    brutes: Sequence[Mapping[str, Valeur]] = table.to_pylist() if isinstance(table, pa.Table) else table
    noms = set(table.column_names) if isinstance(table, pa.Table) else {c for li in brutes for c in li}
    if audience is not Audience.INTERNE and {"lon", "lat", "livraison"} & noms:
        raise ValueError("single facts and points never leave the internal audience")
    inconnus = [c.cle for c in colonnes if c.cle not in noms | {d.cle for d in derivees}]
    if inconnus and (brutes or isinstance(table, pa.Table)):
        raise ValueError(f"unknown columns: {', '.join(inconnus)}")
    cles = noms & {"nature", "territoire", "commune", "secteur", "debut", "fin"}
    lignes = [_controler(ligne, cles, selection, comptes, reference) for ligne in brutes]
    if comptes.classer_par:
        compte = comptes.classer_par
        lignes.sort(key=lambda li: _ordre(li[compte], [str(li[c] or "") for c in sorted(cles)]))
    for derivee in derivees:
        valeurs = derivee.calcul(lignes)
        for ligne, valeur in zip(lignes, valeurs, strict=True):
            absente = next((a for c in derivee.depend if isinstance(a := ligne[c], Absent)), None)
            ligne[derivee.cle] = absente if absente is not None else valeur
    sorties = tuple(tuple(ligne[c.cle] for c in colonnes) for ligne in lignes)
    return Resultat(contexte, tuple(colonnes), sorties, audience, _retenus(sorties))


def _controler(
    brute: Mapping[str, Valeur],
    cles: set[str],
    selection: Selection,
    comptes: Comptes,
    reference: Reference,
) -> dict[str, Valeur]:
    mentions = _mentions(brute, cles, selection)
    ligne: dict[str, Valeur] = {c: brute[c] for c in cles}
    premier: Absent | None = None
    for nom, (debut, fin) in comptes.periodes.items():
        d, f = brute.get("debut", debut), brute.get("fin", fin)
        if not isinstance(d, date | None) or not isinstance(f, date | None):
            raise TypeError("debut and fin must be dates")
        valeur = brute[nom]
        absence = brute.get(f"{nom}_absence")
        # A figure that nobody delivered says nothing; it keeps its own reason whatever the pattern.
        if absence is not None:
            motif = MotifAbsence(str(absence))
            ligne[nom] = Absent(motif, _RAISONS[motif])
        elif not reference.publiable(mentions, d, f):
            ligne[nom] = Absent(MotifAbsence.SECRET, RAISON)
        elif valeur is None:
            ligne[nom] = Absent(MotifAbsence.NON_CALCULABLE, _RAISONS[MotifAbsence.NON_CALCULABLE])
        else:
            ligne[nom] = valeur
        sortie = ligne[nom]
        if premier is None and isinstance(sortie, Absent):
            premier = sortie
    for nom, valeur in brute.items():
        if nom in ligne or nom.endswith("_absence"):
            continue
        if premier is not None:
            ligne[nom] = premier
        elif valeur is None:
            ligne[nom] = Absent(MotifAbsence.NON_CALCULABLE, _RAISONS[MotifAbsence.NON_CALCULABLE])
        else:
            ligne[nom] = valeur
    return ligne


def _mentions(
    brute: Mapping[str, Valeur], cles: set[str], selection: Selection
) -> dict[str, frozenset[str | None]]:
    mentions: dict[str, frozenset[str | None]] = {}
    for axe, choix in (
        ("nature", selection.natures),
        ("territoire", selection.territoires),
        ("commune", selection.communes),
        ("secteur", selection.secteurs),
    ):
        if axe in cles:
            valeur = brute[axe]
            mentions[axe] = frozenset({None if valeur is None else str(valeur)})
        elif choix:
            mentions[axe] = frozenset(choix)
    return mentions


def _ordre(valeur: Valeur, cles: list[str]) -> tuple[int, float, list[str]]:
    if isinstance(valeur, int | float):
        return (0, -valeur, cles)
    return (1, 0.0, cles)


def _retenus(lignes: Iterable[Sequence[Valeur]]) -> tuple[str, ...]:
    nombres: dict[MotifAbsence, int] = defaultdict(int)
    for ligne in lignes:
        for valeur in ligne:
            if isinstance(valeur, Absent):
                nombres[valeur.motif] += 1
    return tuple(
        f"{n} valeur{'s' if n > 1 else ''} retenue{'s' if n > 1 else ''} {texte}."
        for motif, texte in _RETENUS.items()
        if (n := nombres.get(motif, 0))
    )
