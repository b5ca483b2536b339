"""`make bench`: every module of `benchmarks/`, one after the other, each in a process of its own.

Run: python -m outils.bench [MODULE… [-- OPTIONS]]

What a module prints takes the place of what docs/performance.md holds between its two marks, when it has some there:
the page is never written by hand where there are numbers.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from outils.machine import decrire

RACINE = Path(__file__).parents[1]
PAGE = RACINE / "docs" / "performance.md"
FIN = "<!-- fin de mesure -->"


def modules() -> list[str]:
    fichiers = sorted((RACINE / "benchmarks").rglob("*.py"))
    return [
        ".".join(f.relative_to(RACINE).with_suffix("").parts)
        for f in fichiers
        if not f.name.startswith("_") and "def main(" in f.read_text("utf-8")
    ]


def marque(nom: str) -> str:
    return f"<!-- mesure : {nom} -->"


def reporter(page: str, nom: str, sortie: str) -> str:
    """The page with `sortie` between the marks of `nom`; unchanged when it has none. Lines of prose become a list."""
    motif = re.compile(rf"({re.escape(marque(nom))}\n).*?({re.escape(FIN)})", re.DOTALL)
    return motif.sub(lambda m: f"{m[1]}\n{en_markdown(sortie)}\n{m[2]}", page)


def en_markdown(sortie: str) -> str:
    """What a benchmark prints, as a page: tables as they are, lone sentences in a list."""
    if any(li.startswith(("|", "- ")) for li in sortie.splitlines()):
        return re.sub(r"\n{3,}", "\n\n", sortie.strip()) + "\n"
    return "".join(f"- {li.strip()}\n" for li in sortie.splitlines() if li.strip())


def mesurer(nom: str, options: list[str]) -> tuple[int, str]:
    """Exit status and what was printed, shown as it comes."""
    lignes = []
    commande = [sys.executable, "-m", nom, *options]
    with subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, text=True) as processus:
        assert processus.stdout is not None
        for ligne in processus.stdout:
            print(ligne, end="", flush=True)
            lignes.append(ligne)
    return processus.returncode, "".join(lignes)


def main(arguments: list[str]) -> int:
    """1 when a benchmark did not run: a ratio that was not measured is not a ratio that is met."""
    noms, options = arguments, []
    if "--" in arguments:
        i = arguments.index("--")
        noms, options = arguments[:i], arguments[i + 1 :]
    rates = []
    for nom in noms or modules():
        print(f"# {nom}", flush=True)
        code, sortie = mesurer(nom, options)
        if code:
            rates.append(nom)
        elif PAGE.is_file():
            page = reporter(PAGE.read_text("utf-8"), nom, sortie)
            PAGE.write_text(reporter(page, "machine", decrire()), "utf-8")
    if rates:
        print(f"N’ont pas abouti : {', '.join(rates)}", file=sys.stderr)
    return bool(rates)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
