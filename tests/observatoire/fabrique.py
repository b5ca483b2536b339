"""A partner, its source, and small files of counts by commune and month."""

from __future__ import annotations

from datetime import date

from pupitre.acces.models import Organisation
from pupitre.moteur.sources import Description, Role
from pupitre.observatoire.collecte import services
from pupitre.observatoire.models import Convention
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


def source(conseil, code="halls", nom="Occupations de hall", *, convenue=True, **champs):
    """A source, under a convention that gives everything to everyone unless `convenue` is false."""
    creee = services.creer_source(
        conseil=conseil,
        organisation=champs.pop("organisation", None) or organisation(conseil),
        code=code,
        nom=nom,
        format=champs.pop("format", "comptages"),
        description=champs.pop("description", DESCRIPTION.to_dict()),
        **champs,
    )
    if convenue:
        convention(creee)
    return creee


def convention(source, **champs) -> Convention:
    defaut = {
        "objet": "Données de l’observatoire",
        "debut": date(2020, 1, 1),
        "destinataires": [Convention.Pour.ELUS, Convention.Pour.PARTENAIRES, Convention.Pour.ETAT],
        "usages": [u for u in Convention.Usage.values if u != Convention.Usage.PUBLICATION],
    }
    creee = Convention.objects.create(
        conseil=source.conseil, organisation=source.organisation, **(defaut | champs)
    )
    creee.sources.add(source)
    return creee


def comptages(mois: dict[str, dict[str, int]]) -> bytes:
    lignes = ["Mois;Commune;Nombre"]
    lignes += [f"{m};{commune};{n}" for m, par in mois.items() for commune, n in par.items()]
    return "\n".join(lignes).encode()


def partout(n: int) -> dict[str, int]:
    return {"Créteil": n, "Alfortville": n, "Limeil-Brévannes": n}
