"""Each partner's files, in its own untidy format."""

from __future__ import annotations

from pathlib import Path

from pupitre.cli.demonstration.envoi import Envoi


def ecrire_tout(dossier: Path) -> list[Envoi]:
    """Write every file of the demonstration in an existing folder; by day of reception."""
    from pupitre.cli.demonstration.partenaires import (
        bailleurs,
        doleances,
        institutions,
        mairies,
        police,
        police_localisee,
        transports,
    )

    envois = [
        *police.ecrire_4001(dossier),
        *police.ecrire_affinees(dossier),
        *police_localisee.ecrire_localises(dossier),
        *mairies.ecrire_registres(dossier),
        *doleances.ecrire_doleances(dossier),
        *bailleurs.ecrire_creteil_habitat(dossier),
        *bailleurs.ecrire_ogif(dossier),
        *bailleurs.ecrire_france_habitation(dossier),
        *transports.ecrire_ratp(dossier),
        *transports.ecrire_strav(dossier),
        *institutions.ecrire_education(dossier),
        *institutions.ecrire_tribunal(dossier),
        *institutions.ecrire_pjj(dossier),
    ]
    return sorted(envois, key=lambda e: (e.recu_le, e.source, e.nom))
