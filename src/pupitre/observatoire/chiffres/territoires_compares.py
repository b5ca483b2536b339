"""Which places a figure is compared with: the département, the EPCI, the region, communes of the same size."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.territoires.models import Commune, Conseil, Departement, Epci

# Size classes of communes, by municipal population, upper bound excluded.
TAILLES = (
    (0, 500),
    (500, 2_000),
    (2_000, 5_000),
    (5_000, 10_000),
    (10_000, 20_000),
    (20_000, 50_000),
    (50_000, 100_000),
    (100_000, None),
)
# Beyond, a drawing would be a blot: the class is read within the region.
LIEUX_MAX = 1_500


@dataclass(frozen=True, slots=True)
class Groupe:
    """`lieux`: code → name of every place of the group; `siens`: those of the council, whether in it or not."""

    cle: str
    libelle: str
    lieux: dict[str, str]
    siens: tuple[str, ...]
    note: str = ""


def groupes_de_communes(conseil: Conseil) -> list[tuple[str, str]]:
    """Choices for communes, the département first."""
    communes = conseil.communes_as_of()
    choix = [
        (f"departement:{d.code}", f"Communes du département\u202f: {d.nom}")
        for d in sorted({c.departement for c in communes}, key=lambda d: d.nom)
    ]
    for taille in sorted({_taille(c.population) for c in communes if c.population is not None}):
        choix.append((f"taille:{taille}", f"Communes {nom_de_taille(taille)}"))
    noms = dict(Epci.objects.filter(code__in=_epci(communes)).values_list("code", "nom"))
    choix += [
        (f"epci:{code}", f"Communes de l’EPCI\u202f: {noms.get(code, code)}") for code in _epci(communes)
    ]
    return choix


def groupe_de_communes(conseil: Conseil, cle: str) -> Groupe:
    """The group of that key. Raises KeyError when it is not one of the council's choices."""
    choix = dict(groupes_de_communes(conseil))
    libelle = choix[cle]
    siens = tuple(c.code for c in conseil.communes_as_of())
    genre, _, code = cle.partition(":")
    toutes = Commune.objects.all()
    note = ""
    if genre == "departement":
        lieux = toutes.filter(departement_id=code)
    elif genre == "epci":
        lieux = toutes.de_epci(code)
    else:
        bas, haut = TAILLES[int(code)]
        lieux = toutes.filter(population__gte=bas)
        lieux = lieux.filter(population__lt=haut) if haut is not None else lieux
        if lieux.count() > LIEUX_MAX:
            regions = {c.departement.region for c in conseil.communes_as_of()}
            lieux = lieux.filter(departement__region__in=regions)
            note = (
                "Elles sont trop nombreuses en France pour être lues ensemble\u202f: celles de la région sont "
                "retenues."
            )
    return Groupe(cle, libelle, dict(lieux.values_list("code", "nom")[:LIEUX_MAX]), siens, note)


def groupes_de_departements(conseil: Conseil) -> list[tuple[str, str]]:
    regions = sorted({c.departement.region for c in conseil.communes_as_of()})
    return [
        ("france", "Tous les départements"),
        *((f"region:{r}", f"Départements de la région\u202f: {r}") for r in regions),
    ]


def groupe_de_departements(conseil: Conseil, cle: str) -> Groupe:
    """Raises KeyError as `groupe_de_communes`."""
    libelle = dict(groupes_de_departements(conseil))[cle]
    lieux = Departement.objects.all()
    if cle.startswith("region:"):
        lieux = lieux.filter(region=cle.removeprefix("region:"))
    siens = tuple(sorted({c.departement_id for c in conseil.communes_as_of()}))
    return Groupe(cle, libelle, dict(lieux.values_list("code", "nom")), siens)


def nom_de_taille(taille: int) -> str:
    from pupitre.socle.texte import nombre

    bas, haut = TAILLES[taille]
    if haut is None:
        return f"de {nombre(bas)} habitants et plus"
    return (
        f"de {nombre(bas)} à {nombre(haut - 1)} habitants" if bas else f"de moins de {nombre(haut)} habitants"
    )


def _taille(population: int) -> int:
    return next(
        i
        for i, (bas, haut) in enumerate(TAILLES)
        if population >= bas and (haut is None or population < haut)
    )


def _epci(communes: list[Commune]) -> list[str]:
    """The établissement public territorial where there is one: the Métropole du Grand Paris says little of a town."""
    return sorted({c.ept or c.epci_id for c in communes if c.ept or c.epci_id})
