"""What a search finds of a council's territory. Who may look at it is asked above."""

from __future__ import annotations

from pupitre.socle import horloge
from pupitre.socle.recherche import Element, Genre, Rayon, RayonEnMemoire, Trouvaille, cle
from pupitre.territoires.models import Commune, Conseil
from pupitre.territoires.selectors import decoupage_as_of

COMMUNES = Genre("communes", "commune", "communes")
SECTEURS = Genre("secteurs", "secteur", "secteurs")


def rayons(conseil: Conseil) -> list[Rayon]:
    return [
        RayonEnMemoire(COMMUNES, lambda: [_commune(c) for c in conseil.communes_as_of()], nom=True),
        RayonEnMemoire(SECTEURS, lambda: _secteurs(conseil), nom=True),
    ]


def _commune(commune: Commune) -> Element:
    postaux = commune.codes_postaux.split()
    return Element(
        Trouvaille("territoire", {}, commune.nom, precision=", ".join(postaux)),
        titre=cle(commune.nom),
        texte=cle(f"{commune.code} {commune.codes_postaux}"),
    )


def _secteurs(conseil: Conseil) -> list[Element]:
    decoupage = decoupage_as_of(conseil, horloge.aujourdhui())
    if decoupage is None:
        return []
    lus = decoupage.secteurs.values_list("code", "nom", "commune__nom")
    return [
        Element(
            Trouvaille(
                "decoupage",
                {"decoupage": decoupage.pk},
                nom,
                precision=", ".join(t for t in (commune, decoupage.nom) if t),
            ),
            titre=cle(nom),
            texte=cle(f"{code} {commune or ''}"),
        )
        for code, nom, commune in lus
    ]
