"""The official code, as the readers of files need it: built once a process and vintage."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from pupitre.moteur.sources import CommuneDeReference, CommunesConnues
from pupitre.territoires.models import Commune, Conseil, Departement, Millesime


def communes_connues(conseil: Conseil) -> CommunesConnues:
    """Communes by name; a row that does not say its département is looked for in those of the council."""
    ici = tuple(sorted({c.departement_id for c in conseil.communes_as_of()}))
    millesime = Millesime.objects.order_by("-annee").first()
    if millesime is None:
        return CommunesConnues(_lire(), ici, _departements())
    return _connues(ici, millesime.annee, millesime.empreinte, millesime.charge_le)


@lru_cache(maxsize=8)
def _connues(ici: tuple[str, ...], annee: int, empreinte: str, charge_le: datetime) -> CommunesConnues:
    return CommunesConnues(_reference(annee, empreinte, charge_le), ici, _departements())


@lru_cache(maxsize=1)
def _reference(annee: int, empreinte: str, charge_le: datetime) -> tuple[CommuneDeReference, ...]:
    return _lire()


def _lire() -> tuple[CommuneDeReference, ...]:
    return tuple(
        CommuneDeReference(code, nom, departement)
        for code, nom, departement in Commune.objects.values_list("code", "nom", "departement_id")
    )


def _departements() -> dict[str, str]:
    return dict(Departement.objects.values_list("code", "nom"))
