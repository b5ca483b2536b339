"""Reads of the letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from pupitre.socle import horloge
from pupitre.socle.courriel.modele import Courriel

LIBELLES = {
    "annuaire": "Fiches à vérifier",
    "charte": "Charte à signer",
    "compte-rendu": "Comptes rendus",
    "convocation": "Convocations",
    "dates": "Dates de séance",
    "decision": "Décisions",
    "ordre-du-jour": "Ordres du jour",
    "relance": "Relances aux partenaires",
    "depot": "Liens de dépôt",
    "visa": "Demandes de visa",
    "diffusion": "Diffusions",
    "echeance": "Échéances",
    "demande-de-donnees": "Demandes de données",
    "semaine": "Lettres de la semaine",
}
# A personal link acts for the person it was sent to: nobody else reads it, not even the team.
_PERSONNEL = re.compile(r"(https?://[^\s]*?/a/)[^\s/]+")


@dataclass(frozen=True, slots=True)
class Tri:
    """What to keep of the letters of a council; an empty field keeps all."""

    etat: str = ""
    categorie: str = ""
    q: str = ""
    du: date | None = None
    au: date | None = None


def du_perimetre(perimetre: str, tri: Tri | None = None):
    """Letters written in the name of that council; none for an empty one."""
    tri = tri or Tri()
    courriels = Courriel.objects.filter(perimetre=perimetre).exclude(perimetre="")
    if tri.etat in Courriel.Etat.values:
        courriels = courriels.filter(etat=tri.etat)
    if tri.categorie:
        courriels = courriels.filter(categorie=tri.categorie)
    if tri.q:
        dans = Q(nom__icontains=tri.q) | Q(destinataire__icontains=tri.q) | Q(objet__icontains=tri.q)
        courriels = courriels.filter(dans)
    if tri.du:
        courriels = courriels.filter(cree_le__gte=horloge.debut_du(tri.du))
    if tri.au:
        courriels = courriels.filter(cree_le__lt=horloge.fin_du(tri.au))
    return courriels


def categories(perimetre: str) -> list[tuple[str, str]]:
    """Those that this council has, with their names."""
    presentes = du_perimetre(perimetre).order_by("categorie").values_list("categorie", flat=True).distinct()
    return sorted(((c, libelle(c)) for c in presentes), key=lambda c: c[1])


def libelle(categorie: str) -> str:
    return LIBELLES.get(categorie, categorie.replace("-", " ").capitalize())


def sans_liens_personnels(texte: str) -> str:
    return _PERSONNEL.sub(r"\1…", texte)


def chemin_du_bouton(courriel: Courriel) -> str:
    """Path that the letter's first address opens here; empty when it has none."""
    trouvee = re.search(r"https?://[^\s/]+(/[^\s]*)", courriel.texte)
    return trouvee[1] if trouvee else ""


@transaction.atomic
def signaler_retour(*, courriel: Courriel, dit: str = "") -> bool:
    """A person has received it back from the mail server. False when it had not left."""
    return bool(
        Courriel.objects.filter(pk=courriel.pk, etat=Courriel.Etat.ENVOYE).update(
            etat=Courriel.Etat.REVENU, erreur=dit.strip()[:500]
        )
    )
