"""Compacting what a council has published: a sorted file a year, the monthly cube, and the same by commune."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pupitre.moteur.entrepot.manifeste import Fichier, Manifeste, Scelle, identifiant
from pupitre.moteur.entrepot.retraits import sans_les_retraits
from pupitre.moteur.entrepot.support import Support
from pupitre.moteur.mesures.schema import (
    COLONNES_CUBE,
    COLONNES_OBSERVATION,
    agreger,
    par_commune,
    sql,
    table_cube,
    table_observations,
)
from pupitre.moteur.moteurs.duckdb import TYPES, Connexion, lecture, lecture_incomplete, texte

_TRI_OBSERVATIONS = (
    "source, unite, granularite, nature, debut, fin, commune, secteur, territoire, "
    "livraison, heure, lon, lat, n"
)
_TRI_CUBE = "source, unite, granularite, nature, debut, fin, commune, secteur, territoire"


class Compaction:
    """Writes the files of a manifest under one store; see `Entrepot.compacter` for what is promised."""

    def __init__(self, support: Support, connexion: Connexion) -> None:
        self.support, self.connexion = support, connexion

    def compacter(
        self, conseil: str, scelles: Sequence[Scelle], precedent: Manifeste | None = None
    ) -> Manifeste:
        """See `Entrepot.compacter`."""
        identifiant(conseil, "conseil")
        ordonnes = tuple(sorted(scelles, key=lambda s: (s.source, s.livraison)))
        if autres := [s.livraison for s in ordonnes if s.conseil != conseil]:
            raise ValueError(f"livraison(s) d’un autre conseil : {', '.join(autres)}")
        if len({s.livraison for s in ordonnes}) != len(ordonnes):
            raise ValueError("la même livraison est donnée deux fois")
        for s in ordonnes:
            if self.support.octets(s.chemin) is None:
                raise FileNotFoundError(s.chemin)
        if precedent and precedent.conseil != conseil:
            precedent = None
        annees = self._annees(conseil, ordonnes, precedent)
        cube = self._cube(conseil, annees, _cites(ordonnes), precedent)
        communal = self._communal(conseil, cube, precedent)
        return Manifeste(conseil=conseil, livraisons=ordonnes, annees=annees, cube=cube, communal=communal)

    def reference(self, scelle: Scelle) -> Manifeste:
        """The cube of one sealed delivery that stands alone."""
        requete = _typee(self._sql_cube([scelle.chemin]))
        cube = self._copier(f"cubes/{scelle.conseil}", scelle.source, requete, _cites([scelle]))
        return Manifeste(conseil=scelle.conseil, livraisons=(scelle,), cube=cube)

    def _annees(
        self, conseil: str, scelles: Sequence[Scelle], precedent: Manifeste | None
    ) -> tuple[tuple[int, Fichier], ...]:
        anciens = dict(precedent.annees) if precedent else {}
        annees: list[tuple[int, Fichier]] = []
        for annee in sorted({a for s in scelles for a in s.annees}):
            concernes = [s for s in scelles if annee in s.annees]
            ancien = anciens.get(annee)
            if ancien and ancien.livraisons == _cites(concernes) and self._present(ancien):
                annees.append((annee, ancien))
            else:
                annees.append((annee, self._annee(conseil, annee, concernes)))
        return tuple(annees)

    def _annee(self, conseil: str, annee: int, scelles: list[Scelle]) -> Fichier:
        colonnes = ", ".join(nom for nom, _ in COLONNES_OBSERVATION)
        requete = (
            f"SELECT {colonnes} FROM {lecture_incomplete(self._adresses(s.chemin for s in scelles))} "  # noqa: S608
            f"WHERE year(debut) = {annee:d}{sans_les_retraits(scelles)} ORDER BY {_TRI_OBSERVATIONS}"
        )
        return self._copier(f"annees/{conseil}", f"{annee:04d}", requete, _cites(scelles))

    def _cube(
        self,
        conseil: str,
        annees: tuple[tuple[int, Fichier], ...],
        cites: tuple[str, ...],
        precedent: Manifeste | None,
    ) -> Fichier | None:
        if not annees:
            return None
        ancien = precedent.cube if precedent and self._present(precedent.cube) else None
        avant = {f.chemin for _, f in precedent.annees} if precedent and ancien else set()
        gardees = [a for a, f in annees if f.chemin in avant]
        if ancien and len(gardees) == len(annees) == len(avant):
            return Fichier(ancien.chemin, ancien.sha256, ancien.lignes, ancien.octets, cites)
        refaites = [f.chemin for a, f in annees if a not in gardees]
        morceaux = []
        if refaites:
            morceaux.append(f"({self._sql_cube(refaites)})")
        if gardees and ancien:
            liste = ", ".join(f"{a:d}" for a in gardees)
            morceaux.append(
                f"(SELECT * FROM {lecture(self._adresses([ancien.chemin]))} WHERE year(debut) IN ({liste}))"  # noqa: S608
            )
        return self._copier(f"cubes/{conseil}", "cube", _typee(" UNION ALL ".join(morceaux)), cites)

    def _communal(self, conseil: str, cube: Fichier | None, precedent: Manifeste | None) -> Fichier | None:
        """None when the cube tells no place apart within a commune: it is already what this one would be."""
        if cube is None:
            return None
        meme = precedent is not None and precedent.cube is not None and precedent.cube.chemin == cube.chemin
        ancien = precedent.communal if precedent and meme else None
        if ancien and self._present(ancien):
            return Fichier(ancien.chemin, ancien.sha256, ancien.lignes, ancien.octets, cube.livraisons)
        lu = lecture(self._adresses([cube.chemin]))
        places = f"SELECT 1 FROM {lu} WHERE secteur IS NOT NULL OR territoire IS NOT NULL LIMIT 1"  # noqa: S608
        if not self.connexion.lignes(places):
            return None
        requete = _typee(sql(par_commune(table_cube()), lu))
        return self._copier(f"cubes/{conseil}", "communal", requete, cube.livraisons)

    def _sql_cube(self, chemins: list[str]) -> str:
        return sql(agreger(table_observations()), lecture(self._adresses(chemins)))

    def _copier(self, dossier: str, radical: str, requete: str, cites: tuple[str, ...]) -> Fichier:
        import pyarrow.parquet as pq

        lignes = 0

        def copie(partiel: Path) -> None:
            nonlocal lignes
            self.connexion.ordonner(
                f"COPY ({requete}) TO {texte(str(partiel))} (FORMAT parquet, COMPRESSION zstd)"
            )
            lignes = pq.read_metadata(partiel).num_rows

        chemin, somme, octets = self.support.ecrire(dossier, radical, copie)
        return Fichier(chemin=chemin, sha256=somme, lignes=lignes, octets=octets, livraisons=cites)

    def _present(self, fichier: Fichier | None) -> bool:
        return fichier is not None and self.support.octets(fichier.chemin) is not None

    def _adresses(self, chemins: Iterable[str]) -> list[str]:
        return [self.support.adresse(c) for c in chemins]


def _typee(requete: str) -> str:
    """DuckDB sums to HUGEINT, which Parquet would keep as a double."""
    types = ", ".join(f"CAST({nom} AS {TYPES[t]}) AS {nom}" for nom, t in COLONNES_CUBE)
    return f"SELECT {types} FROM ({requete}) ORDER BY {_TRI_CUBE}"  # noqa: S608


def _cites(scelles: Sequence[Scelle]) -> tuple[str, ...]:
    return tuple(sorted(s.cite for s in scelles))
