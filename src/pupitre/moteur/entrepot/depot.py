"""Sealing, compaction, reading by name, sweeping. What is visible is the catalogue's business."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.colonnes import partout
from pupitre.moteur.entrepot import durable
from pupitre.moteur.entrepot.compaction import Compaction
from pupitre.moteur.entrepot.manifeste import Fichier, Manifeste, Scelle, identifiant
from pupitre.moteur.entrepot.support import ouvrir
from pupitre.moteur.mesures.schema import COLONNES_CUBE, COLONNES_OBSERVATION
from pupitre.moteur.moteurs.duckdb import Connexion, lectrice, partagee
from pupitre.moteur.moteurs.protocole import Moteur
from pupitre.moteur.observations import SCHEMA_LECTURE, SCHEMA_OBSERVATION, TEXTE_LU

if TYPE_CHECKING:
    import ibis

# No council bears this name: a slug has no dot.
REFERENCE = "france.reference"
_OBLIGATOIRES = ("nature", "debut", "fin", "granularite", "unite")


class Entrepot:
    """A store rooted at a folder, or at an address that several machines see.

    Args:
        racine: folder owned by the application, created at the first sealing; or an address of fsspec.
        connexion: DuckDB that compacts, whatever engine reads; the process-wide one by default.
        moteur: engine that runs measures; by default `connexion` when it is given, else the one that answers pages.
    """

    def __init__(
        self, racine: Path | str, connexion: Connexion | None = None, moteur: Moteur | None = None
    ) -> None:
        self.support = ouvrir(racine)
        self.connexion = connexion or partagee()
        self.moteur: Moteur = moteur or connexion or lectrice()
        # DuckDB shares a long reading between cores in `connexion`; another engine shares its own.
        self.moteur_large: Moteur = self.connexion if isinstance(self.moteur, Connexion) else self.moteur
        for duckdb in (self.connexion, self.moteur):
            if isinstance(duckdb, Connexion):
                duckdb.brancher(self.support.systeme())
        self._compaction = Compaction(self.support, self.connexion)

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

        constantes = [partout(v, TEXTE_LU, table.num_rows) for v in (conseil, source, livraison)]
        complete = pa.table([*constantes, *table.columns], names=SCHEMA_OBSERVATION.names)
        chemin, somme, octets = self.support.ecrire(
            f"livraisons/{conseil}/{source}",
            livraison,
            # Without Arrow's own schema, the file reads as SCHEMA_OBSERVATION: texts, however they were held.
            lambda p: pq.write_table(complete, p, compression="zstd", store_schema=False),
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
        """Compact the published deliveries of a council: a sorted file per year, one monthly cube, and the same cube
        summed by commune when it tells smaller places apart.

        Files of `precedent` whose deliveries are the same are kept as they are; nothing is deleted, so
        that readers of `precedent` are never broken. The result becomes visible when the catalogue says so.

        Raises:
            ValueError: a delivery of another council, or the same delivery twice.
            FileNotFoundError: a sealed file is missing.
        """
        return self._compaction.compacter(conseil, scelles, precedent)

    def poser_reference(self, table: pa.Table, source: str, livraison: str) -> Manifeste:
        """Keep a base published for everyone whole, outside of any council, ready to be compared with.

        Raises as `sceller`.
        """
        scelle = self.sceller(table, REFERENCE, source, livraison)
        return self._compaction.reference(scelle)

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

    def vue_cube(self, manifeste: Manifeste, *, par_commune: bool = False) -> str:
        """Quoted name of the engine's view on the cube of the manifest.

        Args:
            par_commune: sums of counts by commune are enough: secteurs and territoires may be null, exposures absent.
        """
        return self.moteur.vue(self._cubes([manifeste], par_commune), COLONNES_CUBE)

    def source_cube(self, manifeste: Manifeste, *, par_commune: bool = False) -> str:
        """What the text of one query reads the cube of the manifest by; see `vue_cube`."""
        return self.moteur.source(self._cubes([manifeste], par_commune), COLONNES_CUBE)

    def vue_cubes(self, manifestes: Sequence[Manifeste], *, par_commune: bool = False) -> str:
        """Quoted name of the view of `moteur_large` on the cubes of several councils read as one; see `vue_cube`."""
        return self.moteur_large.vue(self._cubes(manifestes, par_commune), COLONNES_CUBE)

    def _cubes(self, manifestes: Sequence[Manifeste], par_commune: bool) -> list[str]:
        cubes = (_cube(m, par_commune) for m in manifestes)
        return self._adresses(c.chemin for c in cubes if c)

    def _adresses(self, chemins: Iterable[str]) -> list[str]:
        return [self.support.adresse(c) for c in chemins]

    def verifier(self, manifeste: Manifeste, *, contenu: bool = False) -> list[str]:
        """Relative paths of the files of `manifeste` that are missing or altered (size; sha256 if `contenu`)."""
        attendus = [(s.chemin, s.octets, s.sha256) for s in manifeste.livraisons]
        attendus += [(f.chemin, f.octets, f.sha256) for _, f in manifeste.annees]
        attendus += [
            (f.chemin, f.octets, f.sha256) for f in (manifeste.cube, manifeste.communal) if f is not None
        ]
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


def _cube(manifeste: Manifeste, par_commune: bool) -> Fichier | None:
    return (manifeste.communal if par_commune else None) or manifeste.cube
