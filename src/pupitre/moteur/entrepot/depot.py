"""Sealing, compaction, reading by name, sweeping. What is visible is the catalogue's business."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.entrepot import durable
from pupitre.moteur.entrepot.connexion import Connexion, partagee
from pupitre.moteur.entrepot.manifeste import Fichier, Manifeste, Scelle, identifiant
from pupitre.moteur.entrepot.retraits import sans_les_retraits
from pupitre.moteur.mesures.schema import (
    COLONNES_CUBE,
    COLONNES_OBSERVATION,
    agreger,
    sql,
    table_observations,
)
from pupitre.moteur.observations import SCHEMA_LECTURE, SCHEMA_OBSERVATION

if TYPE_CHECKING:
    import ibis

# No council bears this name: a slug has no dot.
REFERENCE = "france.reference"
_OBLIGATOIRES = ("nature", "debut", "fin", "granularite", "unite")
_TRI_OBSERVATIONS = (
    "source, unite, granularite, nature, debut, fin, commune, secteur, territoire, "
    "livraison, heure, lon, lat, n"
)
_TRI_CUBE = "source, unite, granularite, nature, debut, fin, commune, secteur, territoire"


class Entrepot:
    """A store rooted at a folder.

    Args:
        racine: folder owned by the application; created at the first sealing.
        connexion: engine to use; the process-wide one by default.
    """

    def __init__(self, racine: Path, connexion: Connexion | None = None) -> None:
        self.racine = Path(racine).resolve()
        self.connexion = connexion or partagee()

    def sceller(self, table: pa.Table, conseil: str, source: str, livraison: str) -> Scelle:
        """Write one delivery to one Parquet file, in the order of the partner's file.

        Raises:
            TypeError: `table` does not follow SCHEMA_LECTURE.
            ValueError: a null where every observation has a value, a period that ends before it begins,
                or a name that cannot be a file's.
        """
        for valeur, quoi in ((conseil, "conseil"), (source, "source"), (livraison, "livraison")):
            identifiant(valeur, quoi)
        if table.schema != SCHEMA_LECTURE:
            raise TypeError(f"observations must follow SCHEMA_LECTURE, got {table.schema}")
        for nom in _OBLIGATOIRES:
            if table[nom].null_count:
                raise ValueError(f"{table[nom].null_count} observation(s) sans « {nom} »")
        if table.num_rows and pc.any(pc.less(table["fin"], table["debut"])).as_py():
            raise ValueError("une période se termine avant de commencer")

        import pyarrow.parquet as pq

        complete = pa.table(
            [pa.repeat(pa.scalar(v, pa.string()), table.num_rows) for v in (conseil, source, livraison)]
            + table.columns,
            schema=SCHEMA_OBSERVATION,
        )
        dossier = self.racine / "livraisons" / conseil / source
        chemin, somme = durable.ecrire(
            dossier, livraison, lambda p: pq.write_table(complete, p, compression="zstd")
        )
        bornes = pc.min_max(table["debut"]).as_py(), pc.min_max(table["fin"]).as_py()
        return Scelle(
            conseil=conseil,
            source=source,
            livraison=livraison,
            chemin=chemin.relative_to(self.racine).as_posix(),
            sha256=somme,
            lignes=table.num_rows,
            octets=chemin.stat().st_size,
            annees=tuple(sorted(pc.unique(pc.year(table["debut"])).to_pylist())),
            debut=bornes[0]["min"],
            fin=bornes[1]["max"],
        )

    def compacter(
        self, conseil: str, scelles: Sequence[Scelle], precedent: Manifeste | None = None
    ) -> Manifeste:
        """Compact the published deliveries of a council: a sorted file per year, and one monthly cube.

        Files of `precedent` whose deliveries are the same are kept as they are; nothing is deleted, so
        that readers of `precedent` are never broken. The result becomes visible when the catalogue says so.

        Raises:
            ValueError: a delivery of another council, or the same delivery twice.
            FileNotFoundError: a sealed file is missing.
        """
        identifiant(conseil, "conseil")
        ordonnes = tuple(sorted(scelles, key=lambda s: (s.source, s.livraison)))
        if autres := [s.livraison for s in ordonnes if s.conseil != conseil]:
            raise ValueError(f"livraison(s) d’un autre conseil : {', '.join(autres)}")
        if len({s.livraison for s in ordonnes}) != len(ordonnes):
            raise ValueError("la même livraison est donnée deux fois")
        for s in ordonnes:
            if not (self.racine / s.chemin).is_file():
                raise FileNotFoundError(s.chemin)
        anciens = dict(precedent.annees) if precedent and precedent.conseil == conseil else {}
        annees: list[tuple[int, Fichier]] = []
        for annee in sorted({a for s in ordonnes for a in s.annees}):
            concernes = [s for s in ordonnes if annee in s.annees]
            ancien = anciens.get(annee)
            if ancien and ancien.livraisons == _cites(concernes) and (self.racine / ancien.chemin).is_file():
                annees.append((annee, ancien))
            else:
                annees.append((annee, self._compacter_annee(conseil, annee, concernes)))
        cube = self._cube(conseil, tuple(annees), _cites(ordonnes), precedent)
        return Manifeste(conseil=conseil, livraisons=ordonnes, annees=tuple(annees), cube=cube)

    def poser_reference(self, table: pa.Table, source: str, livraison: str) -> Manifeste:
        """Keep a base published for everyone whole, outside of any council, ready to be compared with.

        Raises as `sceller`.
        """
        scelle = self.sceller(table, REFERENCE, source, livraison)
        types = ", ".join(f"CAST({nom} AS {_DUCKDB[t]}) AS {nom}" for nom, t in COLONNES_CUBE)
        requete = f"SELECT {types} FROM ({self._sql_cube([scelle.chemin])}) ORDER BY {_TRI_CUBE}"  # noqa: S608
        cube = self._copier(self.racine / "cubes" / REFERENCE, source, requete, _cites([scelle]))
        return Manifeste(conseil=REFERENCE, livraisons=(scelle,), cube=cube)

    def _compacter_annee(self, conseil: str, annee: int, scelles: list[Scelle]) -> Fichier:
        colonnes = ", ".join(nom for nom, _ in COLONNES_OBSERVATION)
        requete = (
            f"SELECT {colonnes} FROM {self._toutes([s.chemin for s in scelles])} "  # noqa: S608
            f"WHERE year(debut) = {annee:d}{sans_les_retraits(scelles)} ORDER BY {_TRI_OBSERVATIONS}"
        )
        return self._copier(self.racine / "annees" / conseil, f"{annee:04d}", requete, _cites(scelles))

    def _cube(
        self,
        conseil: str,
        annees: tuple[tuple[int, Fichier], ...],
        cites: tuple[str, ...],
        precedent: Manifeste | None,
    ) -> Fichier | None:
        if not annees:
            return None
        ancien = precedent.cube if precedent and precedent.conseil == conseil else None
        if ancien and not (self.racine / ancien.chemin).is_file():
            ancien = None
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
                f"(SELECT * FROM {self._lecture([ancien.chemin])} WHERE year(debut) IN ({liste}))"  # noqa: S608
            )
        # DuckDB sums to HUGEINT, which Parquet would keep as a double.
        types = ", ".join(f"CAST({nom} AS {_DUCKDB[t]}) AS {nom}" for nom, t in COLONNES_CUBE)
        requete = f"SELECT {types} FROM ({' UNION ALL '.join(morceaux)}) ORDER BY {_TRI_CUBE}"  # noqa: S608
        return self._copier(self.racine / "cubes" / conseil, "cube", requete, cites)

    def _sql_cube(self, chemins: list[str]) -> str:
        return sql(agreger(table_observations()), self._lecture(chemins))

    def _copier(self, dossier: Path, radical: str, requete: str, cites: tuple[str, ...]) -> Fichier:
        def copie(partiel: Path) -> None:
            self.connexion.ordonner(
                f"COPY ({requete}) TO {_litteral(partiel)} (FORMAT parquet, COMPRESSION zstd)"
            )

        import pyarrow.parquet as pq

        chemin, somme = durable.ecrire(dossier, radical, copie)
        return Fichier(
            chemin=chemin.relative_to(self.racine).as_posix(),
            sha256=somme,
            lignes=pq.read_metadata(chemin).num_rows,
            octets=chemin.stat().st_size,
            livraisons=cites,
        )

    def observations(
        self, manifeste: Manifeste, debut: date | None = None, fin: date | None = None
    ) -> ibis.Table:
        """Published observations (SCHEMA_OBSERVATION), from the yearly files that [debut, fin] needs."""
        return self._table(self.vue_observations(manifeste, debut, fin), COLONNES_OBSERVATION)

    def cube(self, manifeste: Manifeste) -> ibis.Table:
        """The monthly cube (`mesures.schema.COLONNES_CUBE`); empty, with its columns, when nothing is published."""
        return self._table(self.vue_cube(manifeste), COLONNES_CUBE)

    def vue_observations(
        self, manifeste: Manifeste, debut: date | None = None, fin: date | None = None
    ) -> str:
        """Name of this cursor's view on the yearly files of the manifest."""
        chemins = list(manifeste.fichiers(debut, fin))
        return self._vue(self._toutes(chemins) if chemins else "", COLONNES_OBSERVATION)

    def vue_cube(self, manifeste: Manifeste) -> str:
        """Name of this cursor's view on the cube of the manifest."""
        return self._vue(self._lecture([manifeste.cube.chemin]) if manifeste.cube else "", COLONNES_CUBE)

    def vue_cubes(self, manifestes: Sequence[Manifeste]) -> str:
        """Name of this cursor's view on the cubes of several councils read as one."""
        chemins = [m.cube.chemin for m in manifestes if m.cube]
        return self._vue(self._lecture(chemins) if chemins else "", COLONNES_CUBE)

    def _vue(self, lecture: str, colonnes: tuple[tuple[str, str], ...]) -> str:
        if lecture:
            corps = f"SELECT * FROM {lecture}"  # noqa: S608
        else:
            vides = ", ".join(f"CAST(NULL AS {_DUCKDB[t]}) AS {nom}" for nom, t in colonnes)
            corps = f"SELECT {vides} WHERE false"
        nom = "vue_" + hashlib.sha256(corps.encode()).hexdigest()[:24]
        return self.connexion.vue(nom, corps)

    def _table(self, vue: str, colonnes: tuple[tuple[str, str], ...]) -> ibis.Table:
        import ibis
        import ibis.expr.operations as ops

        # Same as backend.table(vue), without asking DuckDB for a schema that we know.
        noeud: Any = ops.DatabaseTable(
            name=vue, schema=ibis.schema(dict(colonnes)), source=self.connexion.backend()
        )
        return noeud.to_expr()

    def _lecture(self, chemins: Sequence[str]) -> str:
        noms = ", ".join(_litteral(self.racine / c) for c in chemins)
        return f"read_parquet([{noms}], hive_partitioning = false)"

    def _toutes(self, chemins: Sequence[str]) -> str:
        """Observations of files sealed before a column existed, which reads as null, together with today's."""
        noms = ", ".join(_litteral(self.racine / c) for c in chemins)
        lus = f"SELECT * FROM read_parquet([{noms}], hive_partitioning = false, union_by_name = true)"  # noqa: S608
        return f"(SELECT CAST(NULL AS SMALLINT) AS duree_h WHERE false UNION ALL BY NAME {lus})"

    def verifier(self, manifeste: Manifeste, *, contenu: bool = False) -> list[str]:
        """Relative paths of the files of `manifeste` that are missing or altered (size; sha256 if `contenu`)."""
        attendus = [(s.chemin, s.octets, s.sha256) for s in manifeste.livraisons]
        attendus += [(f.chemin, f.octets, f.sha256) for _, f in manifeste.annees]
        if manifeste.cube:
            attendus.append((manifeste.cube.chemin, manifeste.cube.octets, manifeste.cube.sha256))
        fautifs = []
        for chemin, octets, somme in attendus:
            fichier = self.racine / chemin
            sain = fichier.is_file() and fichier.stat().st_size == octets
            if not sain or (contenu and durable.empreinte(fichier) != somme):
                fautifs.append(chemin)
        return fautifs

    def lire_derive(self, manifeste: Manifeste, source: str, cle: str) -> bytes | None:
        """What `garder_derive` has kept; None when it is missing or altered."""
        try:
            somme, _, contenu = self._derive(manifeste, source, cle).read_bytes().partition(b"\n")
        except OSError:
            return None
        return contenu if hashlib.sha256(contenu).hexdigest().encode() == somme else None

    def garder_derive(self, manifeste: Manifeste, source: str, cle: str, contenu: bytes) -> Path:
        """Keep beside the cube what was computed from one source; `cle` names all else that it depends on.

        It can be computed again: whoever reads it must do without. Swept with the deliveries it comes from.
        """
        chemin = self._derive(manifeste, source, cle)
        somme = hashlib.sha256(contenu).hexdigest().encode()
        return durable.poser(chemin.parent, chemin.name, somme + b"\n" + contenu)

    def _derive(self, manifeste: Manifeste, source: str, cle: str) -> Path:
        etat = manifeste.empreinte_de(identifiant(source, "source"))
        nom = f"{etat[:20]}-{hashlib.sha256(cle.encode()).hexdigest()[:20]}.json"
        return self.racine / "derives" / identifiant(manifeste.conseil, "conseil") / source / nom

    def balayer(
        self,
        references: Iterable[Manifeste],
        livraisons_connues: Iterable[str],
        age_minimum: timedelta = timedelta(days=1),
        maintenant: datetime | None = None,
    ) -> list[Path]:
        """Delete what nothing refers to, once older than `age_minimum`, and return the paths deleted.

        Args:
            references: every manifest that a reader may still use.
            livraisons_connues: `Scelle.chemin` of each sealed delivery known to the catalogue.
            age_minimum: longer than the longest publication, so that files being published stay.
        """
        gardes = set(livraisons_connues)
        sources: set[tuple[str, str, str]] = set()
        for m in references:
            gardes |= m.chemins() | {s.chemin for s in m.livraisons}
            sources |= {(m.conseil, s.source, m.empreinte_de(s.source)[:20]) for s in m.livraisons}
        limite = ((maintenant or datetime.now(UTC)) - age_minimum).timestamp()
        supprimes = []
        for famille in ("livraisons", "annees", "cubes", "derives"):
            for fichier in sorted((self.racine / famille).rglob("*")):
                if not fichier.is_file() or fichier.relative_to(self.racine).as_posix() in gardes:
                    continue
                *_, conseil, source = fichier.parent.parts
                if famille == "derives" and (conseil, source, fichier.stem.split("-")[0]) in sources:
                    continue
                ours = durable.est_partiel(fichier) or fichier.suffix in (".parquet", ".json")
                if ours and fichier.stat().st_mtime < limite:
                    fichier.unlink(missing_ok=True)
                    supprimes.append(fichier)
        return supprimes


_DUCKDB = {
    "string": "VARCHAR",
    "date": "DATE",
    "float64": "DOUBLE",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int64": "BIGINT",
}


def _litteral(chemin: Path) -> str:
    return "'" + str(chemin).replace("'", "''") + "'"


def _cites(scelles: Sequence[Scelle]) -> tuple[str, ...]:
    return tuple(sorted(s.cite for s in scelles))
