"""A partner, its source, and small files of counts by commune and month."""

from __future__ import annotations

from pupitre.acces.models import Organisation
from pupitre.moteur.sources import Description, Role
from pupitre.observatoire.collecte import services
from tests.territoires.fabrique import ALFORTVILLE, CRETEIL, LIMEIL

CODES = {
    "Créteil": CRETEIL,
    "Alfortville": ALFORTVILLE,
    "Limeil-Brévannes": LIMEIL,
    "Maisons-Alfort": "94046",
}
DESCRIPTION = Description(
    format="comptages",
    roles={"Mois": Role.PERIODE, "Commune": Role.COMMUNE, "Nombre": Role.NOMBRE},
    communes=CODES,
    nature_fixe="inc:occupation_hall",
    granularite="mois",
)


def organisation(conseil, nom="Créteil Habitat", nature=Organisation.Nature.BAILLEUR):
    creee = Organisation.objects.create(nom=nom, nature=nature)
    creee.conseils.add(conseil)
    return creee


def source(conseil, code="halls", nom="Occupations de hall", **champs):
    return services.creer_source(
        conseil=conseil,
        organisation=champs.pop("organisation", None) or organisation(conseil),
        code=code,
        nom=nom,
        format=champs.pop("format", "comptages"),
        description=champs.pop("description", DESCRIPTION.to_dict()),
        **champs,
    )


def comptages(mois: dict[str, dict[str, int]]) -> bytes:
    lignes = ["Mois;Commune;Nombre"]
    lignes += [f"{m};{commune};{n}" for m, par in mois.items() for commune, n in par.items()]
    return "\n".join(lignes).encode()


def partout(n: int) -> dict[str, int]:
    return {"Créteil": n, "Alfortville": n, "Limeil-Brévannes": n}
