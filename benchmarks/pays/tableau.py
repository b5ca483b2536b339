"""The dashboard of one council as the country grows: Pupitre, and the same page written by hand for others.

Run: python -m benchmarks.pays.tableau --tailles 1,10[,50,100] [--sans pandas,postgresql…]

Six figures with their thirty-seven months, their comparison with the year before and its significance, and a
ranking of secteurs. Every engine must give the same figures. Medians, each engine in turn in every round.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from benchmarks import _mesure
from benchmarks._mesure import but, duree
from benchmarks.pays import _concurrents, _plat
from benchmarks.pays._conseils import Commune
from benchmarks.pays._magasin import preparer
from benchmarks.pays._questions import Moteur, Pupitre, concorder
from outils.postgres_temporaire import PostgresqlAbsent, binaires, grappe

from pupitre.cli.service.enfant import espacer_les_collectes
from pupitre.moteur.resultats import Audience

TOURS = 31
# Copies that take longer to make than all the rest to measure; the aim beside them is at this size.
RIVAUX_MAX = 50.0
NOTRES = ("Pupitre", "Pupitre, relu")
RIVAUX = ("pandas", "SQLite", "PostgreSQL")
AUTRES = ("pandas", "polars", "SQLite", "PostgreSQL", "DuckDB, cube", "DuckDB, observations")


@contextmanager
def _postgresql(communes: Sequence[Commune]) -> Iterator[Moteur]:
    with grappe(binaires()) as url:
        con, _ = _plat.postgresql(url, communes)
        with con:
            yield _concurrents.de_postgresql(con)


def _ouvrir(nom: str, communes: Sequence[Commune], pile: ExitStack) -> Moteur:
    if nom == "PostgreSQL":
        return pile.enter_context(_postgresql(communes))
    faire: dict[str, Callable[[], Moteur]] = {
        "pandas": lambda: _concurrents.Pandas(communes),
        "polars": lambda: _concurrents.Polars(communes),
        "SQLite": lambda: _concurrents.de_sqlite(_plat.sqlite(communes)),
        "DuckDB, cube": lambda: _concurrents.DuckDB(True),
        "DuckDB, observations": lambda: _concurrents.DuckDB(False),
    }
    return faire[nom]()


def mesurer(millions: float, noms: Sequence[str], tours: int) -> list[dict[str, float]]:
    """Medians by engine, for the city then for the median council."""
    communes = preparer(millions)
    with ExitStack() as pile:
        moteurs: list[Moteur] = [Pupitre(), Pupitre(relu=True)]
        for nom in noms:
            try:
                moteurs.append(_ouvrir(nom, communes, pile))
            except (ImportError, PostgresqlAbsent) as erreur:
                print(f"{nom} n’est pas mesuré : {erreur}", file=sys.stderr)
        medianes = []
        for commune in communes[:2]:
            attendue = Pupitre(Audience.INTERNE).tableau(commune)
            for moteur in moteurs:
                concorder(
                    attendue, moteur.tableau(commune), moteur.nom, partielle=isinstance(moteur, Pupitre)
                )
            medianes.append(
                _mesure.alterner({m.nom: lambda m=m, c=commune: m.tableau(c) for m in moteurs}, tours)
            )
    return medianes


def _afficher(mesures: dict[float, list[dict[str, float]]], noms: Sequence[str]) -> None:
    for rang, (quoi, forme) in enumerate(
        (("d’une ville", "734 000 observations"), ("du conseil médian", "23 500 observations"))
    ):
        print(f"Tableau de bord {quoi} ({forme}), médianes :\n")
        _mesure.tableau(
            ("Observations du pays", *NOTRES, *noms),
            (
                (f"{millions:g} M", *(duree(m[rang].get(nom)) for nom in (*NOTRES, *noms)))
                for millions, m in mesures.items()
            ),
        )
        for millions, m in mesures.items():
            pupitre = m[rang]["Pupitre"]
            rivaux = {n: m[rang][n] for n in RIVAUX if n in m[rang]}
            if rivaux:
                meilleur = min(rivaux, key=rivaux.__getitem__)
                for notre in NOTRES:
                    but(
                        f"à {millions:g} M, le meilleur de trois ({meilleur}) sur {notre}",
                        rivaux[meilleur] / m[rang][notre],
                        au_moins=5 if millions >= RIVAUX_MAX else None,
                    )
            if "DuckDB, cube" in m[rang]:
                but(
                    f"à {millions:g} M, Pupitre sur DuckDB à la main (cube)",
                    pupitre / m[rang]["DuckDB, cube"],
                    au_plus=1.3,
                )
        tailles = sorted(mesures)
        if len(tailles) > 1:
            premier, dernier = (mesures[t][rang]["Pupitre"] for t in (tailles[0], tailles[-1]))
            but(f"Pupitre, de {tailles[0]:g} à {tailles[-1]:g} M", dernier / premier, au_plus=1.5)
        print()


def main() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--tailles", default="1,10", help="millions d’observations")
    analyse.add_argument("--sans", default="", help="moteurs à ne pas mesurer")
    analyse.add_argument("--rivaux-max", type=float, default=RIVAUX_MAX, help="au-delà, ni pandas ni bases")
    analyse.add_argument("--tours", type=int, default=TOURS)
    options = analyse.parse_args()
    _mesure.concurrents()
    espacer_les_collectes()
    sans = {n.strip().lower() for n in options.sans.split(",")}
    noms = [n for n in AUTRES if n.lower() not in sans]
    tailles = [float(t) for t in options.tailles.split(",")]
    mesures = {}
    for taille in tailles:
        petits = [n for n in noms if n not in RIVAUX or taille <= options.rivaux_max]
        mesures[taille] = mesurer(taille, petits, options.tours)
        print(f"… {taille:g} M : {mesures[taille]}", file=sys.stderr, flush=True)
    _afficher(mesures, noms)


if __name__ == "__main__":
    main()
