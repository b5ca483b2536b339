"""Every shelf that a person may search in a council, and the answer put in order for the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from pupitre.annuaire import rayons as annuaire
from pupitre.conseils import rayons as conseils
from pupitre.observatoire import rayons as observatoire
from pupitre.socle.recherche import Question, Rayon, Reponse, repondre
from pupitre.territoires import rayons as territoires
from pupitre.territoires.models import Conseil

PAR_GENRE, PAR_PAGE = 5, 25


def rayons(utilisateur, conseil: Conseil) -> list[Rayon]:
    return [
        *annuaire.rayons(utilisateur, conseil),
        *conseils.rayons(utilisateur, conseil),
        *observatoire.rayons(utilisateur, conseil),
        *territoires.rayons(conseil),
    ]


@dataclass(frozen=True, slots=True)
class Recherche:
    """`genre`: the only kind shown, if one is, and then its `page`."""

    reponse: Reponse
    genre: str = ""
    page: Page | None = None


def chercher(utilisateur, conseil: Conseil, q: str, *, genre: str = "", page: int = 1) -> Recherche:
    """A kind that the person does not see is no kind; a page beyond the last one is the first."""
    question = Question.lire(q)
    offerts = rayons(utilisateur, conseil)
    if genre not in {r.genre.cle for r in offerts}:
        return Recherche(repondre(question, offerts, limite=PAR_GENRE))
    reponse = repondre(question, offerts, limite=PAR_PAGE, genre=genre, depuis=PAR_PAGE * (page - 1))
    if page > 1 and not any(lot.trouvailles for lot in reponse.lots):
        return chercher(utilisateur, conseil, q, genre=genre)
    return Recherche(reponse, genre, Paginator(range(reponse.total), PAR_PAGE).get_page(page))
