"""What the repository itself must keep true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[2]
LONGUEUR_MAX = 500
_TEXTES = {".py", ".md", ".txt", ".toml", ".yml", ".yaml", ".html", ".css", ".js", ".typ", ".cfg", ".sh", ""}


def suivis() -> list[Path]:
    """Tracked files that are present; in an archive without git, all files."""
    sortie = subprocess.run(["git", "ls-files", "-z"], cwd=RACINE, capture_output=True, text=True)
    if sortie.returncode:
        return [p for p in RACINE.rglob("*") if p.is_file() and ".venv" not in p.parts]
    return [p for nom in sortie.stdout.split("\0") if nom and (p := RACINE / nom).is_file()]


def textes() -> list[tuple[Path, str]]:
    return [(p, p.read_text("utf-8")) for p in suivis() if p.suffix in _TEXTES]


def normal(nom: str) -> str:
    return re.sub(r"[-_.]+", "-", nom).lower()


def exigences(fichier: str) -> list[str]:
    """Logical lines of a requirements file, comments left out."""
    brut = (RACINE / "requirements" / fichier).read_text("utf-8").replace("\\\n", " ")
    return [li.strip() for li in brut.splitlines() if li.strip() and not li.lstrip().startswith("#")]


VERROUS = ["run.txt", "test.txt", "spark.txt", "outils.txt", "bench.txt"]


@pytest.mark.parametrize("fichier", VERROUS)
def test_every_locked_line_has_a_version_and_a_hash(fichier):
    lignes = exigences(fichier)
    assert lignes
    assert not [li for li in lignes if not re.match(r"[A-Za-z0-9._\[\],-]+==\S+", li)]
    assert not [li for li in lignes if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", li)]


@pytest.mark.parametrize("fichier", VERROUS)
def test_locked_files_name_no_host(fichier):
    brut = (RACINE / "requirements" / fichier).read_text("utf-8")
    assert not re.findall(r"https?:|file:|index-url|find-links|trusted-host", brut)


def _projet() -> dict:
    return tomllib.loads((RACINE / "pyproject.toml").read_text("utf-8"))


def _declares() -> dict[str, list[str]]:
    projet = _projet()
    requis = projet["project"]["dependencies"]
    extras = projet["project"]["optional-dependencies"]
    return {
        "run.txt": requis,
        "test.txt": requis + extras["test"],
        "spark.txt": requis + extras["spark"],
        "outils.txt": projet["dependency-groups"]["outils"],
        "bench.txt": projet["dependency-groups"]["bench"],
    }


@pytest.mark.parametrize("fichier", VERROUS)
def test_locks_follow_pyproject(fichier):
    from packaging.requirements import Requirement

    verrouilles = {}
    for li in exigences(fichier):
        nom, version = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;]+)", li).groups()
        verrouilles.setdefault(normal(nom), []).append(version)
    for texte in _declares()[fichier]:
        exigence = Requirement(texte)
        versions = verrouilles.get(normal(exigence.name))
        assert versions, f"{exigence.name} n’est pas verrouillé dans {fichier} : « make verrous »"
        assert all(exigence.specifier.contains(v, prereleases=True) for v in versions), texte


def test_run_spark_and_tools_agree_with_tests():
    """The test environment holds what the run environment holds, at the same versions."""

    def versions(fichier):
        return {normal(li.split("==")[0]): li.split("==")[1].split()[0] for li in exigences(fichier)}

    reference = versions("test.txt")
    for fichier in ("run.txt", "spark.txt", "outils.txt"):
        autres = versions(fichier)
        assert not {n: (v, reference[n]) for n, v in autres.items() if n in reference and v != reference[n]}
    assert set(versions("run.txt")) <= set(reference)


def test_each_dependency_has_its_reason():
    page = (RACINE / "docs" / "adr" / "0006-dependances.md").read_text("utf-8")
    dits = {
        normal(mot)
        for rang in page.splitlines()
        if rang.startswith("| ")
        for mot in rang.split("|")[1].strip().split(", ")
    }
    extras = _declares()
    noms = {normal(re.match(r"[A-Za-z0-9._-]+", t).group()) for li in extras.values() for t in li}
    assert noms == dits - {"paquet"}


def test_no_registry_and_no_path_of_a_machine():
    registres = [
        ("py" + "pi", "org"),
        ("python" + "hosted", "org"),
        ("npm" + "js", "org"),
        ("npm" + "js", "com"),
    ]
    interdits = [re.escape(f"{a}.{b}") for a, b in registres]
    interdits += [rf"(?<![\w.])/{d}/" for d in ("work", "home", "root", "Users")]
    motif = re.compile("|".join(interdits))
    trouves = [
        f"{p.relative_to(RACINE)}:{n}: {li.strip()[:100]}"
        for p, texte in textes()
        for n, li in enumerate(texte.splitlines(), 1)
        if motif.search(li)
    ]
    assert not [t for t in trouves if not t.startswith("tests/base/test_depot.py")]


def test_files_stay_short():
    longs = [
        f"{p.relative_to(RACINE)} ({texte.count(chr(10))} lignes)"
        for p, texte in textes()
        if p.suffix in {".py", ".html", ".css", ".js", ".typ"}
        and "migrations" not in p.parts
        and texte.count("\n") > LONGUEUR_MAX
    ]
    assert not longs


def test_no_utils():
    assert not [p for p in suivis() if re.fullmatch(r"(utils?|helpers?|misc|outil)", p.stem)]


def test_layers_hold():
    resultat = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=RACINE,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(RACINE / "src")},
    )
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr


def test_every_template_is_used():
    """A template that no view, include or extends names is dead."""
    gabarits = {
        Path(*p.parts[p.parts.index("templates") + 1 :]).as_posix()
        for p in suivis()
        if "templates" in p.parts
    }
    assert gabarits
    sources = "\n".join(texte for p, texte in textes() if RACINE / "src" in p.parents)
    standards = {"404.html", "500.html", "403.html", "400.html", "403_csrf.html"}
    assert not sorted(g for g in gabarits - standards if f'"{g}"' not in sources and f"'{g}'" not in sources)


def test_no_two_commands_and_files_of_the_readme_are_missing():
    lisez = (RACINE / "README.md").read_text("utf-8")
    premier_bloc = lisez.split("```sh\n")[1].split("```")[0]
    assert [li.split("#")[0].strip() for li in premier_bloc.strip().splitlines()] == [
        "make demo",
        "make test",
    ]
    cibles = re.findall(r"\]\(([^)#:]+)\)", lisez)
    assert not [c for c in cibles if not (RACINE / c).exists() and not c.startswith("docs/captures/")]


def test_every_decision_says_context_and_consequence():
    pages = sorted((RACINE / "docs" / "adr").glob("*.md"))
    assert len(pages) >= 6
    for page in pages:
        texte = page.read_text("utf-8")
        assert re.match(rf"# {page.stem[:4]}( ·|\.) \S", texte), page.name
        assert "## Décision" in texte, page.name
        assert texte.count("\n") < 80, f"{page.name} dépasse une page"
