"""Columns computed on what disclosure control has let through: variation, rank, share, rate, ordinary range."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pupitre.moteur.resultats import Absent, MotifAbsence, Periode, Rupture, Valeur
from pupitre.moteur.secret import Derivee

Lignes = Sequence[Mapping[str, Valeur]]

_RAISON_RUPTURE = "Une rupture de série sépare les deux périodes\u202f: {}."
_RAISON_BASE = "Le nombre de départ est trop petit pour un pourcentage."
_RAISON_PART = "Une part du total manque ou n’est pas diffusée."
_RAISON_EXPOSITION = "La population ou le nombre de logements n’est pas connu."


def _non_calculable(raison: str) -> Absent:
    return Absent(MotifAbsence.NON_CALCULABLE, raison)


def entier(valeur: Valeur) -> int | None:
    """The count, or None when it is absent."""
    return valeur if isinstance(valeur, int) else None


def variation(
    n: str = "n",
    precedent: str = "precedent",
    *,
    exposition: tuple[float, float] = (1.0, 1.0),
    singulier: str = "fait",
    pluriel: str = "faits",
    reference: str = "",
    prefixe: str = "",
) -> tuple[Derivee, ...]:
    """Columns ecart, pourcentage, p, sens, methode and phrase comparing two counts of the same row.

    All rows of the table count as compared together (Benjamini–Yekutieli). Column keys take `prefixe`.
    """
    from pupitre.moteur.statistiques import Evolution, evolutions, phrase

    # Six columns are asked in turn over the same rows.
    dernier: list[tuple[Lignes, list[Evolution | None]]] = []

    def calculees(lignes: Lignes) -> list[Evolution | None]:
        if not dernier or dernier[0][0] is not lignes:
            dernier[:] = [(lignes, comparer(lignes))]
        return dernier[0][1]

    def comparer(lignes: Lignes) -> list[Evolution | None]:
        couples = [(entier(li[n]), entier(li[precedent])) for li in lignes]
        complets = [(a, b) for a, b in couples if a is not None and b is not None]
        suite = iter(evolutions(complets, exposition))
        return [next(suite) if a is not None and b is not None else None for a, b in couples]

    def colonne(cle: str, lecture: Callable[[Evolution], Valeur]) -> Derivee:
        def calcul(lignes: Lignes) -> list[Valeur]:
            return [None if e is None else lecture(e) for e in calculees(lignes)]

        return Derivee(prefixe + cle, (n, precedent), calcul)

    def pourcentage(e: Evolution) -> Valeur:
        return _non_calculable(_RAISON_BASE) if e.pourcentage is None else e.pourcentage

    return (
        colonne("ecart", lambda e: e.ecart),
        colonne("pourcentage", pourcentage),
        colonne("p", lambda e: e.p),
        colonne("sens", lambda e: e.sens),
        colonne("methode", lambda e: e.methode),
        colonne("phrase", lambda e: phrase(e, singulier, pluriel, reference)),
    )


def a_travers(ruptures: Sequence[Rupture], actuelle: Periode, precedente: Periode) -> Rupture | None:
    """The break that forbids comparing the two periods: after the first day of one, within or before the other."""
    debut, fin = min(actuelle.debut, precedente.debut), max(actuelle.fin, precedente.fin)
    return next((r for r in ruptures if debut < r.jour <= fin), None)


def variation_interdite(rupture: Rupture, prefixe: str = "") -> tuple[Derivee, ...]:
    """The same columns as `variation`, all absent: no variation is computed across a break."""
    absente = _non_calculable(_RAISON_RUPTURE.format(rupture.libelle))

    def calcul(lignes: Lignes) -> list[Valeur]:
        return [absente] * len(lignes)

    cles = ("ecart", "pourcentage", "p", "sens", "methode", "phrase")
    return tuple(Derivee(prefixe + cle, (), calcul) for cle in cles)


def rang(n: str = "n", cle: str = "rang") -> Derivee:
    """Rank from the most to the least among the numbers shown; equal counts share it."""

    def calcul(lignes: Lignes) -> list[Valeur]:
        valeurs = [v for li in lignes if (v := entier(li[n])) is not None]
        return [None if (v := entier(li[n])) is None else 1 + sum(w > v for w in valeurs) for li in lignes]

    return Derivee(cle, (n,), calcul)


def part(n: str = "n", cle: str = "part") -> Derivee:
    """Share of the rows' total, from 0 to 1; absent as soon as one row is: the total would be given back."""

    def calcul(lignes: Lignes) -> list[Valeur]:
        valeurs = [entier(li[n]) for li in lignes]
        connues = [v for v in valeurs if v is not None]
        total = sum(connues)
        if len(connues) < len(valeurs) or total == 0:
            return [_non_calculable(_RAISON_PART)] * len(lignes)
        return [v / total for v in connues]

    return Derivee(cle, (n,), calcul)


def taux(
    expositions: Mapping[str, float], axe: str, n: str = "n", pour: float = 1000, cle: str = "taux"
) -> tuple[Derivee, ...]:
    """Rate per `pour` and its 95 % bounds (`taux`, `taux_bas`, `taux_haut`) with the caller's own exposures."""
    from pupitre.moteur.statistiques import taux as estimer

    def colonne(suffixe: str, indice: int | None) -> Derivee:
        def calcul(lignes: Lignes) -> list[Valeur]:
            return [valeur(li, indice) for li in lignes]

        return Derivee(cle + suffixe, (n,), calcul)

    def valeur(ligne: Mapping[str, Valeur], indice: int | None) -> Valeur:
        compte, exposition = entier(ligne[n]), expositions.get(str(ligne[axe]))
        if compte is None:
            return None
        if not exposition:
            return _non_calculable(_RAISON_EXPOSITION)
        estimation = estimer(compte, exposition, pour)
        assert estimation.intervalle is not None
        return estimation.valeur if indice is None else estimation.intervalle[indice]

    return (colonne("", None), colonne("_bas", 0), colonne("_haut", 1))


def bande_ordinaire(n: str = "n", periode: int = 12, ruptures: Sequence[Rupture] = ()) -> tuple[Derivee, ...]:
    """Columns bas, haut of a single series in order of `debut`: its ordinary range, None where too short.

    Computed on the numbers shown only. Nothing before a break is used for what follows it.
    """
    from pupitre.moteur.statistiques import bandes

    def colonne(cle: str, indice: int) -> Derivee:
        def calcul(lignes: Lignes) -> list[Valeur]:
            jour = max((r.jour for r in ruptures), default=None)
            premier = next(
                (
                    i
                    for i, li in enumerate(lignes)
                    if jour is not None
                    and (d := li["debut"]) is not None
                    and not isinstance(d, Absent)
                    and d >= jour  # type: ignore[operator]
                ),
                None,
            )
            suite = bandes([entier(li[n]) for li in lignes], periode, rupture=premier)
            return [None if b is None else (b.bas, b.haut)[indice] for b in suite]

        return Derivee(cle, (), calcul)

    return (colonne("bas", 0), colonne("haut", 1))
