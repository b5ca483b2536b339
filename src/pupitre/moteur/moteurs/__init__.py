"""What runs measures: DuckDB in the process, or Spark. Chosen once by name; nothing heavy is imported before use."""

from __future__ import annotations

import os
import shutil
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pupitre.moteur.moteurs.protocole import Moteur

DUCKDB, SPARK = "duckdb", "spark"
NOMS = (DUCKDB, SPARK)


class MoteurRefuse(ValueError):
    """An engine that is unknown, or that this machine cannot run. The message says what to do, in French."""


def verifier(nom: str) -> None:
    """Refuse what `choisir` could not give, without importing it.

    Raises:
        MoteurRefuse: unknown name, missing extra or missing Java.
    """
    if nom not in NOMS:
        raise MoteurRefuse(
            f"Le moteur de calcul « {nom} » est inconnu. Choisissez {' ou '.join(f'« {n} »' for n in NOMS)} "
            "(PUPITRE_MOTEUR)."
        )
    if nom != SPARK:
        return
    if find_spec("pyspark") is None:
        raise MoteurRefuse(
            "Le moteur « spark » demande un lot qui n’est pas installé. Installez « requirements/spark.txt », "
            "ou choisissez « duckdb » (PUPITRE_MOTEUR)."
        )
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise MoteurRefuse(
            "Le moteur « spark » demande Java 17 ou plus récent, introuvable ici. Installez-le "
            "(sous Debian, « apt install openjdk-17-jre-headless »), ou choisissez « duckdb » (PUPITRE_MOTEUR)."
        )


def verifier_adresse(adresse: str) -> None:
    """Refuse an address of the store that could not be opened. A folder is always accepted.

    Raises:
        MoteurRefuse: fsspec or the package of this kind of address is missing, or the kind is unknown.
    """
    schema, separateur, _ = adresse.partition("://")
    if not separateur:
        if ":/" in adresse:
            raise MoteurRefuse(
                f"L’adresse « {adresse} » de l’entrepôt s’écrit avec deux barres, comme « s3://… » (PUPITRE_ENTREPOT)."
            )
        return
    if schema == "file":
        return
    if find_spec("fsspec") is None:
        raise MoteurRefuse(
            f"L’entrepôt « {adresse} » demande fsspec, qui n’est pas installé. Installez « requirements/spark.txt », "
            "ou choisissez un dossier (PUPITRE_ENTREPOT)."
        )
    import fsspec

    try:
        fsspec.get_filesystem_class(schema)
    except ValueError as erreur:
        raise MoteurRefuse(
            f"L’adresse « {adresse} » de l’entrepôt n’est pas d’une sorte connue (PUPITRE_ENTREPOT)."
        ) from erreur
    except ImportError as erreur:
        raise MoteurRefuse(f"L’entrepôt « {adresse} » ne peut pas être ouvert : {erreur}") from erreur


@cache
def choisir(nom: str = DUCKDB) -> Moteur:
    """The engine of the process, opened at first use. Raises as `verifier`."""
    verifier(nom)
    if nom == SPARK:
        from pupitre.moteur.moteurs.spark import Spark

        return Spark()
    from pupitre.moteur.moteurs.duckdb import lectrice

    return lectrice()
