"""What `initialiser` and `demo` share: from an empty folder to a base ready to receive a council."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from pupitre.cli.django_pret import demarrer
from pupitre.cli.installation import Etape, base, dossier
from pupitre.socle.configuration import Mode


def installer(
    donnees: Path,
    *,
    mode: Mode,
    hotes: Sequence[str] = (),
    url: str = "",
    dire: Callable[[Etape], None] = lambda etape: None,
) -> list[Etape]:
    """Folder, settings, database, reference data, files of the site. Sets Django up on that folder.

    Raises:
        ErreurPupitre: folder or settings refused; nothing after the refused step is done.
    """
    os.umask(0o027)
    donnees = donnees.expanduser().resolve()
    os.environ["PUPITRE_DONNEES"] = str(donnees)
    etapes: list[Etape] = []

    def noter(etape: Etape) -> None:
        etapes.append(etape)
        dire(etape)

    noter(dossier.preparer(donnees))
    noter(dossier.regler(donnees, mode=mode, hotes=hotes, base=url))
    demarrer()
    for etape in (base.migrer, base.charger_reference, base.installer_statiques):
        noter(etape())
    return etapes
