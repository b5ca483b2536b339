"""The SSMSI's départemental base: one row per département, indicator and year.

csv (`;` or `,`, BOM, decimal comma), csv.gz, Parquet, every header generation since 2022. A row that is not
published (`ndiff`) gives a null number, never zero; `complement_info` never fills it; the producer's own
population and dwellings are kept.
"""

from __future__ import annotations

from pathlib import Path

from pupitre.moteur.observations import Releve
from pupitre.moteur.sources.description import Description
from pupitre.moteur.sources.ssmsi.tables import lire_base

FORMAT = "ssmsi_departemental"


def lire(fichier: Path, description: Description | None = None) -> Releve:
    """Reads the base; `description.communes_gardees` keeps only these codes when given.

    Raises FichierRefuse when the file is not that base.
    """
    return lire_base(fichier, "departemental", description)
