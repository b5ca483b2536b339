"""The engine is imported by every short command: it brings nothing heavy until it is used."""

from __future__ import annotations

import subprocess
import sys

LOURDS = ("duckdb", "fsspec", "ibis", "numpy", "pandas", "polars", "pyarrow", "pyspark", "scipy", "shapely")


def _importes(code: str) -> set[str]:
    dit = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sorted(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {m.split(".")[0] for m in dit.stdout.split()}


def test_le_moteur_s_importe_sans_rien_de_lourd():
    importes = _importes(
        "import pupitre.moteur, pupitre.moteur.erreurs, pupitre.moteur.resultats, pupitre.droit"
    )
    assert "pupitre" in importes
    assert not importes & set(LOURDS)


def test_le_calcul_n_apporte_ni_tableur_ni_moteur_d_ailleurs():
    importes = _importes("import pupitre.moteur.calcul, pupitre.moteur.entrepot")
    assert "pyarrow" in importes
    assert not importes & {"pandas", "polars", "pyspark", "fsspec", "scipy", "shapely"}
