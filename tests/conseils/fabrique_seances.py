"""A séance with one object of each kind, and larger ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from pupitre.acces.models import Organisation
from pupitre.annuaire.models import Personne
from pupitre.conseils.comptes_rendus import circuit, redaction
from pupitre.conseils.decisions.services import prendre
from pupitre.conseils.models import (
    CompteRendu,
    DateProposee,
    Formation,
    Membre,
    PointOrdreDuJour,
    Remarque,
    Seance,
)
from pupitre.conseils.seances import convocations, pieces, services
from pupitre.conseils.tenue import services as tenue
from pupitre.socle import horloge
from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Conseil

DEPUIS = date(2024, 1, 1)


def a_paris(*quand: int) -> datetime:
    return timezone.make_aware(datetime(*quand))


def dans(jours: int, heure: int = 14) -> datetime:
    """That many days from now, at that hour in Paris."""
    jour = horloge.aujourdhui() + timedelta(days=jours)
    return a_paris(jour.year, jour.month, jour.day, heure)


def personne(
    conseil: Conseil, nom: str, prenom: str = "Dominique", email: str | None = None, **champs
) -> Personne:
    adresse = (
        f"{cle_de_recherche(f'{prenom} {nom}').replace(' ', '.')}@exemple.fr" if email is None else email
    )
    return Personne.objects.create(
        conseil=conseil,
        nom=nom,
        prenom=prenom,
        cle=cle_de_recherche(f"{nom} {prenom}"),
        email=adresse,
        **champs,
    )


def formation(conseil: Conseil, nature: str = "pleniere", nom: str = "Plénière", **champs) -> Formation:
    slug = champs.pop("slug", cle_de_recherche(nom).replace(" ", "-"))
    return Formation.objects.create(
        conseil=conseil, nature=nature, nom=nom, slug=slug, debut=DEPUIS, **champs
    )


def membre(
    formation_: Formation, personne_: Personne, organisation: Organisation | None = None, **champs
) -> Membre:
    return Membre.objects.create(
        formation=formation_,
        personne=personne_,
        organisation=organisation,
        **{"titre": "droit", "qualite": "membre", "debut": DEPUIS} | champs,
    )


def seance_a_preparer(conseil: Conseil, membres: int = 3, **champs) -> Seance:
    """A plenary with members who have an address, not called yet."""
    pleniere = champs.pop("formation", None) or formation(conseil)
    for i in range(membres):
        membre(pleniere, personne(conseil, f"Membre{i:03}", adresse=f"{i} rue de la Mairie\n94000 Créteil"))
    debut = champs.pop("debut", dans(40))
    return services.creer(formation=pleniere, debut=debut, lieu="Salle du conseil", **champs)


def point(seance: Seance, titre: str = "Bilan de l’été", rang: int = 1, **champs) -> PointOrdreDuJour:
    return PointOrdreDuJour.objects.create(seance=seance, titre=titre, rang=rang, **champs)


def seance_complete(conseil: Conseil, organisation: Organisation) -> Seance:
    """One object of each kind; the partner and the State see it."""
    pleniere = conseil.formations.filter(nature="pleniere").first()
    if pleniere is None:
        pleniere = formation(conseil)
        membre(pleniere, personne(conseil, "Séance"), organisation)
    seance = services.creer(formation=pleniere, debut=dans(40), lieu="Salle du conseil")
    retenu = point(seance)
    DateProposee.objects.create(seance=seance, debut=dans(50))
    pieces.joindre(seance=seance, contenu=b"%PDF-1.7", nom="bilan.pdf", point=retenu)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    prendre(
        formation=pleniere,
        texte="Poser l’éclairage du square Verdun",
        seance=seance,
        responsable=convocations.papiers.convoques(seance).first().personne,
        echeance=horloge.aujourdhui() + timedelta(days=30),
    )
    compte_rendu_diffuse(seance_tenue(conseil, pleniere))
    return seance


def seance_tenue(conseil: Conseil, formation_: Formation, **champs) -> Seance:
    """Held last week: everybody was there, one item has a note and a decision."""
    seance = services.creer(
        formation=formation_,
        debut=dans(-7),
        lieu="Salle du conseil",
        **{"objet": "Séance d’automne"} | champs,
    )
    retenu = point(seance, "Tranquillité du quartier du port")
    tenue.ouvrir(seance=seance)
    for appel in seance.convocations.all():
        tenue.pointer(seance=seance, convocation=appel.pk, present=True)
    tenue.noter(
        seance=seance,
        cle=uuid4(),
        point=retenu.pk,
        texte="Le bailleur présente les travaux du hall.",
        version=0,
        onglet=uuid4(),
    )
    prendre(
        formation=formation_,
        texte="Changer la porte du hall",
        seance=seance,
        point=retenu,
        echeance=horloge.aujourdhui() + timedelta(days=60),
    )
    tenue.clore(seance=seance)
    return seance


def compte_rendu_diffuse(seance: Seance) -> CompteRendu:
    """Sent, with one remark that waits for an answer."""
    ecrit = redaction.dresser(seance=seance)
    for etat in ("soumis", "valide"):
        redaction.passer(ecrit, etat)
    circuit.diffuser(compte_rendu=ecrit)
    Remarque.objects.create(
        compte_rendu=ecrit,
        personne=seance.convocations.first().personne,
        texte="Le port s’écrit avec une majuscule.",
    )
    return ecrit
