"""Engine time of a dashboard against the same questions typed in DuckDB by hand over the same files.

Run: python -m benchmarks.moteur.tableau_de_bord
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from benchmarks._mesure import concurrents

from pupitre.moteur import calcul, inventaire
from pupitre.moteur.derivees import part, rang, variation
from pupitre.moteur.entrepot import Entrepot, Manifeste
from pupitre.moteur.mesures import Case, Pas, calendrier
from pupitre.moteur.observations import SCHEMA_LECTURE
from pupitre.moteur.resultats import Audience, Colonne, Contexte, Nature, Periode
from pupitre.moteur.secret import Comptes
from pupitre.moteur.selection import Selection

TOURS = 25
LIVRE = ((date(2021, 1, 1), date(2026, 10, 31)),)
MOIS = Case(date(2026, 10, 1), date(2026, 10, 31))
AVANT = Case(date(2025, 10, 1), date(2025, 10, 31))
CUMUL = Case(date(2026, 1, 1), date(2026, 10, 31))
CUMUL_AVANT = Case(date(2025, 1, 1), date(2025, 10, 31))
CONTEXTE = Contexte("Tableau de bord", "fait", "CISPD", Periode(MOIS.debut, MOIS.fin, "octobre 2026"), ())
PERIODES = (("n", MOIS), ("precedent", AVANT), ("cumul", CUMUL), ("cumul_avant", CUMUL_AVANT))


def remplir(depot: Entrepot, faits_par_source: int) -> tuple[Manifeste, int]:
    """Four sources of dated events, six years, thirty secteurs, twelve natures: seeded."""
    concurrents()
    import polars as pl

    alea = np.random.default_rng(20120101)
    scelles = []
    origine, jours = date(2021, 1, 1), 365 * 5 + 304
    for source in ("police", "bailleur", "transport", "mairie"):
        n = faits_par_source
        jour = alea.integers(0, jours, n)
        secteur = alea.integers(0, 30, n)
        debuts = pl.Series(jour).cast(pl.Int32) + (origine - date(1970, 1, 1)).days
        cadre = pl.DataFrame(
            {
                "nature": pl.Series(alea.integers(0, 12, n)).cast(pl.String),
                "debut": debuts.cast(pl.Date),
                "fin": debuts.cast(pl.Date),
                "secteur": "s" + pl.Series(secteur).cast(pl.String),
                "commune": (94028 + pl.Series(secteur % 3)).cast(pl.String),
            }
        ).with_columns(
            granularite=pl.lit("jour"),
            unite=pl.lit("fait"),
            n=pl.lit(1),
            territoire=pl.lit("CISPD"),
            precision_lieu=pl.lit("secteur"),
        )
        manquantes = [c for c in SCHEMA_LECTURE.names if c not in cadre.columns]
        table = cadre.with_columns(pl.lit(None).alias(c) for c in manquantes).select(SCHEMA_LECTURE.names)
        scelles.append(depot.sceller(table.to_arrow().cast(SCHEMA_LECTURE), "c1", source, f"l-{source}"))
    return depot.compacter("c1", scelles), 4 * faits_par_source


def colonnes(*cles: str) -> tuple[Colonne, ...]:
    return tuple(Colonne(c, c, Nature.ENTIER) for c in cles)


def par_le_moteur(depot: Entrepot, manifeste: Manifeste) -> list[int]:
    """Six figures with four periods each, a series of 36 months, a ranking of secteurs: through the control."""
    contenus = inventaire.inventorier(depot, manifeste)
    tailles = []
    for source, nature in SIX:
        s = inventaire.resoudre(Selection(source, natures=(nature,)), contenus)
        r = calcul.executer(
            depot,
            manifeste,
            "periodes",
            s,
            PERIODES,
            contexte=CONTEXTE,
            audience=Audience.INTERNE,
            colonnes=colonnes("n", "precedent", "ecart", "p", "phrase", "cumul", "cumul_avant"),
            comptes=calcul.comptes_de(dict(PERIODES)),
            derivees=variation(),
            couvertures=LIVRE,
        )
        tailles.append(len(r.lignes))
    s = inventaire.resoudre(Selection("bailleur"), contenus, Pas.MOIS)
    cases = calendrier(Pas.MOIS, MOIS.fin - timedelta(days=1095), MOIS.fin, LIVRE)
    r = calcul.executer(
        depot,
        manifeste,
        "serie",
        s,
        cases,
        contexte=CONTEXTE,
        audience=Audience.INTERNE,
        colonnes=colonnes("debut", "n"),
        comptes=Comptes({"n": (None, None)}),
        couvertures=LIVRE,
    )
    tailles.append(len(r.lignes))
    r = calcul.executer(
        depot,
        manifeste,
        "classement",
        s,
        MOIS,
        AVANT,
        "secteur",
        contexte=CONTEXTE,
        audience=Audience.INTERNE,
        colonnes=colonnes("secteur", "n", "precedent", "rang", "part", "ecart", "phrase"),
        comptes=calcul.comptes_de({"n": MOIS, "precedent": AVANT}, "n"),
        derivees=[*variation(), rang(), part()],
        couvertures=LIVRE,
    )
    tailles.append(len(r.lignes))
    return tailles


SIX = [
    ("police", "1"),
    ("police", "2"),
    ("bailleur", "1"),
    ("bailleur", "3"),
    ("transport", "1"),
    ("mairie", "5"),
]


def a_la_main(depot: Entrepot, manifeste: Manifeste) -> list[int]:
    """The same questions in SQL, rows fetched as Python values."""
    assert manifeste.cube is not None
    curseur = depot.connexion.backend().con
    fichier = f"read_parquet('{depot.racine / manifeste.cube.chemin}')"
    dans = ", ".join(
        f"sum(n) FILTER (debut >= DATE '{c.debut}' AND fin <= DATE '{c.fin}')" for _, c in PERIODES
    )
    tailles = []
    for source, nature in SIX:
        q = (
            f"SELECT {dans} FROM {fichier} WHERE source = '{source}' AND nature = '{nature}' AND unite = 'fait'"
            f" AND granularite = 'jour' AND debut >= DATE '2025-01-01' AND fin <= DATE '2026-10-31'"
        )
        tailles.append(len(curseur.execute(q).fetchall()))
    q = (
        f"SELECT debut, sum(n) FROM {fichier} WHERE source = 'bailleur' AND granularite = 'jour'"
        f" AND unite = 'fait' AND debut >= DATE '2023-11-01' AND fin <= DATE '2026-10-31' GROUP BY 1 ORDER BY 1"
    )
    tailles.append(len(curseur.execute(q).fetchall()))
    mois = ", ".join(
        f"sum(n) FILTER (debut >= DATE '{c.debut}' AND fin <= DATE '{c.fin}')" for c in (MOIS, AVANT)
    )
    q = (
        f"SELECT secteur, {mois} FROM {fichier} WHERE source = 'bailleur' AND granularite = 'jour'"
        f" AND unite = 'fait' AND debut >= DATE '2025-10-01' AND fin <= DATE '2026-10-31' GROUP BY 1 ORDER BY 2 DESC"
    )
    tailles.append(len(curseur.execute(q).fetchall()))
    return tailles


def main(faits_par_source: int = 100_000) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        depot = Entrepot(Path(dossier))
        debut = time.perf_counter()
        manifeste, total = remplir(depot, faits_par_source)
        publication = time.perf_counter() - debut
        assert par_le_moteur(depot, manifeste) == a_la_main(depot, manifeste)
        moteur, main_ = [], []
        for _ in range(TOURS):
            for temps, fonction in ((moteur, par_le_moteur), (main_, a_la_main)):
                debut = time.perf_counter()
                fonction(depot, manifeste)
                temps.append(time.perf_counter() - debut)
        m, s = statistics.median(moteur), statistics.median(main_)
        assert manifeste.cube is not None
        print(
            f"tableau de bord, {total} faits, cube de {manifeste.cube.lignes} lignes, 8 mesures :"
            f" moteur {m * 1000:.1f} ms, SQL à la main {s * 1000:.1f} ms, rapport {m / s:.2f} (but ≤ 1,5) ;"
            f" publication {publication:.1f} s"
        )


if __name__ == "__main__":
    main()
