"""`make bench`: every module of `benchmarks/`, one after the other, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RACINE = Path(__file__).parents[1]


def modules() -> list[str]:
    fichiers = sorted((RACINE / "benchmarks").rglob("*.py"))
    return [
        ".".join(f.relative_to(RACINE).with_suffix("").parts)
        for f in fichiers
        if not f.name.startswith("_") and "def main(" in f.read_text("utf-8")
    ]


def main() -> int:
    """1 when a benchmark did not run: a ratio that was not measured is not a ratio that is met."""
    rates = []
    for nom in modules():
        print(f"# {nom}", flush=True)
        if subprocess.run([sys.executable, "-m", nom], cwd=RACINE).returncode:
            rates.append(nom)
    if rates:
        print(f"N’ont pas abouti : {', '.join(rates)}", file=sys.stderr)
    return bool(rates)


if __name__ == "__main__":
    sys.exit(main())
