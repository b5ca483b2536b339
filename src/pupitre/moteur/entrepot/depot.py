"""Sealing, compaction, reading by name, sweeping. What is visible is the catalogue's business."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.entrepot import durable
from pupitre.moteur.entrepot.manifeste import Fichier, Manifeste, Scelle, identifiant
from pupitre.moteur.entrepot.retraits import sans_les_retraits
from pupitre.moteur.entrepot.support import ouvrir
from pupitre.moteur.mesures.schema import (
    COLONNES_CUBE,
    COLONNES_OBSERVATION,
    agreger,
    sql,
    table_observations,
)
from pupitre.moteur.moteurs.duckdb import TYPES, Connexion, lecture, lecture_incomplete, partagee, texte
from pupitre.moteur.moteurs.protocole import Moteur
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
    """A store rooted at a folder, or at an address that several machines see.

    Args:
        racine: folder owned by the application, created at the first sealing; or an address of fsspec.
        connexion: DuckDB that compacts, whatever engine reads; the process-wide one by default.
        moteur: engine that runs measures; `connexion` by default.
    """

    def __init__(
        self, racine: Path | str, connexion: Connexion | None = None, moteur: Moteur | None = None
    ) -> None:
        self.support = ouvrir(racine)
        self.connexion = connexion or partagee()
        self.connexion.brancher(self.support.systeme())
        self.moteur: Moteur = moteur or self.connexion

    @property
    def racine(self) -> Any:
        """Folder (`Path`) or address (text) of the store."""
        return self.support.racine

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
        chemin, somme, octets = self.support.ecrire(
            f"livraisons/{conseil}/{source}",
            livraison,
            lambda p: pq.write_table(complete, p, compression="zstd"),
        )
        bornes = pc.min_max(table["debut"]).as_py(), pc.min_max(table["fin"]).as_py()
        return Scelle(
            conseil=conseil,
            source=source,
            livraison=livraison,
            chemin=chemin,
            sha256=somme,
            lignes=table.num_rows,
            octets=octets,
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
            if self.support.octets(s.chemin) is None:
                raise FileNotFoundError(s.chemin)
        anciens = dict(precedent.annees) if precedent and precedent.conseil == conseil else {}
        annees: list[tuple[int, Fichier]] = []
        for annee in sorted({a for s in ordonnes for a in s.annees}):
            concernes = [s for s in ordonnes if annee in s.annees]
            ancien = anciens.get(annee)
            tel_quel = ancien is not None and ancien.livraisons == _cites(concernes)
            if ancien and tel_quel and self.support.octets(ancien.chemin) is not None:
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
        types = ", ".join(f"CAST({nom} AS {TYPES[t]}) AS {nom}" for nom, t in COLONNES_CUBE)
        requete = f"SELECT {types} FROM ({self._sql_cube([scelle.chemin])}) ORDER BY {_TRI_CUBE}"  # noqa: S608
        cube = self._copier(f"cubes/{REFERENCE}", source, requete, _cites([scelle]))
        return Manifeste(conseil=REFERENCE, livraisons=(scelle,), cube=cube)

    def _compacter_annee(self, conseil: str, annee: int, scelles: list[Scelle]) -> Fichier:
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
        ancien = precedent.cube if precedent and precedent.conseil == conseil else None
        if ancien and self.support.octets(ancien.chemin) is None:
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
                f"(SELECT * FROM {lecture(self._adresses([ancien.chemin]))} WHERE year(debut) IN ({liste}))"  # noqa: S608
            )
        # DuckDB sums to HUGEINT, which Parquet would keep as a double.
        types = ", ".join(f"CAST({nom} AS {TYPES[t]}) AS {nom}" for nom, t in COLONNES_CUBE)
        requete = f"SELECT {types} FROM ({' UNION ALL '.join(morceaux)}) ORDER BY {_TRI_CUBE}"  # noqa: S608
        return self._copier(f"cubes/{conseil}", "cube", requete, cites)

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

    def observations(
        self, manifeste: Manifeste, debut: date | None = None, fin: date | None = None
    ) -> ibis.Table:
        """Published observations (SCHEMA_OBSERVATION), from the yearly files that [debut, fin] needs."""
        return self.moteur.table(self.vue_observations(manifeste, debut, fin), COLONNES_OBSERVATION)

    def cube(self, manifeste: Manifeste) -> ibis.Table:
        """The monthly cube (`mesures.schema.COLONNES_CUBE`); empty, with its columns, when nothing is published."""
        return self.moteur.table(self.vue_cube(manifeste), COLONNES_CUBE)

    def vue_observations(
        self, manifeste: Manifeste, debut: date | None = None, fin: date | None = None
    ) -> str:
        """Quoted name of the engine's view on the yearly files of the manifest."""
        adresses = self._adresses(manifeste.fichiers(debut, fin))
        return self.moteur.vue(adresses, COLONNES_OBSERVATION, incompletes=True)

    def vue_cube(self, manifeste: Manifeste) -> str:
        """Quoted name of the engine's view on the cube of the manifest."""
        chemins = [manifeste.cube.chemin] if manifeste.cube else []
        return self.moteur.vue(self._adresses(chemins), COLONNES_CUBE)

    def vue_cubes(self, manifestes: Sequence[Manifeste]) -> str:
        """Quoted name of the engine's view on the cubes of several councils read as one."""
        return self.moteur.vue(self._adresses(m.cube.chemin for m in manifestes if m.cube), COLONNES_CUBE)

    def _adresses(self, chemins: Iterable[str]) -> list[str]:
        return [self.support.adresse(c) for c in chemins]

    def verifier(self, manifeste: Manifeste, *, contenu: bool = False) -> list[str]:
        """Relative paths of the files of `manifeste` that are missing or altered (size; sha256 if `contenu`)."""
        attendus = [(s.chemin, s.octets, s.sha256) for s in manifeste.livraisons]
        attendus += [(f.chemin, f.octets, f.sha256) for _, f in manifeste.annees]
        if manifeste.cube:
            attendus.append((manifeste.cube.chemin, manifeste.cube.octets, manifeste.cube.sha256))
        fautifs = []
        for chemin, octets, somme in attendus:
            sain = self.support.octets(chemin) == octets
            if not sain or (contenu and self.support.empreinte(chemin) != somme):
                fautifs.append(chemin)
        return fautifs

    def lire_scelle(self, chemin: str, colonnes: Sequence[str]) -> pa.Table:
        """Columns of one sealed delivery (`Scelle.chemin`). Raises OSError when it is missing."""
        import pyarrow.parquet as pq

        return pq.read_table(
            self.support.adresse(chemin), columns=colonnes, filesystem=self.support.systeme()
        )

    def lire_derive(self, manifeste: Manifeste, source: str, cle: str) -> bytes | None:
        """What `garder_derive` has kept; None when it is missing or altered."""
        try:
            somme, _, contenu = self.support.lire(self._derive(manifeste, source, cle)).partition(b"\n")
        except OSError:
            return None
        return contenu if hashlib.sha256(contenu).hexdigest().encode() == somme else None

    def garder_derive(self, manifeste: Manifeste, source: str, cle: str, contenu: bytes) -> None:
        """Keep beside the cube what was computed from one source; `cle` names all else that it depends on.

        It can be computed again: whoever reads it must do without. Swept with the deliveries it comes from.
        """
        somme = hashlib.sha256(contenu).hexdigest().encode()
        self.support.poser(self._derive(manifeste, source, cle), somme + b"\n" + contenu)

    def _derive(self, manifeste: Manifeste, source: str, cle: str) -> str:
        etat = manifeste.empreinte_de(identifiant(source, "source"))
        nom = f"{etat[:20]}-{hashlib.sha256(cle.encode()).hexdigest()[:20]}.json"
        return f"derives/{identifiant(manifeste.conseil, 'conseil')}/{source}/{nom}"

    def balayer(
        self,
        references: Iterable[Manifeste],
        livraisons_connues: Iterable[str],
        age_minimum: timedelta = timedelta(days=1),
        maintenant: datetime | None = None,
    ) -> list[str]:
        """Delete what nothing refers to, once older than `age_minimum`, and return the relative paths deleted.

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
            for chemin in self.support.lister(famille):
                if chemin in gardes:
                    continue
                fichier = PurePosixPath(chemin)
                if famille == "derives" and (*fichier.parts[1:3], fichier.stem.split("-")[0]) in sources:
                    continue
                ours = durable.est_partiel(fichier.name) or fichier.suffix in (".parquet", ".json")
                if ours and self.support.modifie(chemin) < limite:
                    self.support.supprimer(chemin)
                    supprimes.append(chemin)
        return supprimes


def _cites(scelles: Sequence[Scelle]) -> tuple[str, ...]:
    return tuple(sorted(s.cite for s in scelles))
