"""What the team writes under a figure, over the computed sentence, which is never lost."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres.durees import Lecture, code
from pupitre.observatoire.chiffres.sujets import Sujet
from pupitre.observatoire.models import CommentaireChiffre
from pupitre.socle.donnees_personnelles import avertissement, indices
from pupitre.territoires.models import Conseil

LONGUEUR_MAX = 600


class CommentaireRefuse(ErreurPupitre):
    """The text seems to name somebody, or is too long."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """`perime`: the computed sentence is no longer the one over which it was written."""

    texte: str
    auteur: str
    le: object
    montre: bool
    perime: bool


def cle_de(sujet: Sujet, lecture: Lecture) -> str:
    """What a comment is about: a figure, a territory, a period and its comparison."""
    periode = code(lecture.duree, lecture.pas, lecture.debut)
    avant = code(lecture.duree, lecture.pas, lecture.avant)
    return f"{sujet.cle}|{sujet.perimetre.cle}|{lecture.duree}|{periode}|{avant}"[:240]


def lire(conseil: Conseil, cle: str, calcule: str, audience: Audience) -> Annotation | None:
    """The comment to show. Outside the team: only if shown to all, and still about the same figures."""
    dernier = CommentaireChiffre.objects.filter(conseil=conseil, cle=cle).select_related("auteur").first()
    if dernier is None or not dernier.texte:
        return None
    perime = dernier.calcule != calcule
    if audience is not Audience.INTERNE and (perime or not dernier.montre):
        return None
    return Annotation(dernier.texte, str(dernier.auteur or "l’équipe"), dernier.le, dernier.montre, perime)


def historique(conseil: Conseil, cle: str):
    return CommentaireChiffre.objects.filter(conseil=conseil, cle=cle).select_related("auteur")


@transaction.atomic
def ecrire(
    *,
    conseil: Conseil,
    cle: str,
    texte: str,
    calcule: str,
    montre: bool = False,
    confirme: bool = False,
    auteur=None,
) -> CommentaireChiffre:
    """Keep a comment; an empty one gives the figure back to its computed sentence.

    Args:
        confirme: a person has read what looks like somebody's name and maintains the text.
    Raises:
        CommentaireRefuse: the text seems to name somebody, or is too long.
    """
    texte = " ".join(texte.split())
    if len(texte) > LONGUEUR_MAX:
        raise CommentaireRefuse(
            "Le commentaire n’est pas gardé.",
            f"Il compte {len(texte)} signes\u202f; {LONGUEUR_MAX} au plus tiennent sous un chiffre.",
            "Raccourcissez-le.",
        )
    permis = [
        *(c.nom for c in conseil.communes_as_of()),
        *conseil.organisations.values_list("nom", flat=True),
    ]
    trouves = indices(texte, permis)
    if trouves and not confirme:
        raise CommentaireRefuse(
            avertissement(trouves),
            "Un commentaire de chiffre ne désigne aucune personne.",
            "Écrivez-le sans elle, ou cochez la case qui confirme qu’il ne s’agit pas d’une personne.",
        )
    return CommentaireChiffre.objects.create(
        conseil=conseil, cle=cle, texte=texte, calcule=calcule, montre=montre and bool(texte), auteur=auteur
    )
