"""People, formations and texts of a council, as few as tests need."""

from __future__ import annotations

from datetime import date

from pupitre.acces.models import Organisation
from pupitre.annuaire.models import Fonction, Personne
from pupitre.conseils.formations import services
from pupitre.conseils.models import Formation, Membre, TexteConseil
from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Conseil

DEPUIS = date(2024, 1, 1)
N, T, G = Formation.Nature, Membre.Titre, TexteConseil.Genre


def personne(conseil: Conseil, nom: str, prenom: str = "Alix", **champs) -> Personne:
    return Personne.objects.create(
        conseil=conseil, nom=nom, prenom=prenom, cle=cle_de_recherche(f"{prenom} {nom}"), **champs
    )


def fonction(qui: Personne | None, intitule: str, organisation, qualite: str = "", **champs) -> Fonction:
    conseil = champs.pop("conseil", None) or qui.conseil
    return Fonction.objects.create(
        conseil=conseil,
        personne=qui,
        intitule=intitule,
        organisation=organisation,
        qualite=qualite,
        debut=champs.pop("debut", DEPUIS),
        **champs,
    )


def organisation(conseil: Conseil, nom: str, nature: str) -> Organisation:
    creee = Organisation.objects.create(nom=nom, nature=nature)
    creee.conseils.add(conseil)
    return creee


def formation(
    conseil: Conseil, nature: str = N.THEMATIQUE, nom: str = "Halls et caves", **champs
) -> Formation:
    return services.enregistrer(
        formation=Formation(
            conseil=conseil, nature=nature, nom=nom, debut=champs.pop("debut", DEPUIS), **champs
        )
    )


def asseoir(formation: Formation, qui: Personne, debut: date = DEPUIS, **champs) -> Membre:
    return services.asseoir(
        formation=formation, personne=qui, titre=champs.pop("titre", T.DESIGNE), debut=debut, **champs
    )


def charte(conseil: Conseil, adopte_le: date | None = date(2025, 1, 6), **champs) -> TexteConseil:
    return TexteConseil.objects.create(
        conseil=conseil,
        genre=G.CHARTE,
        version=champs.pop("version", 1),
        corps="# Article 1. Objet\n\nCe qui est dit dans le groupe y reste.",
        adopte_le=adopte_le,
        **champs,
    )


def peupler(conseil: Conseil, *, organisation: Organisation) -> None:
    """A plenary where `organisation` sits, and a charter adopted: what a page needs to be opened."""
    pleniere = formation(conseil, N.PLENIERE, "Formation plénière")
    asseoir(
        pleniere,
        personne(conseil, "Fontaine", "Inès", email="ines.fontaine@exemple.fr"),
        organisation=organisation,
    )
    charte(conseil)


def parametres(conseil: Conseil) -> dict[str, int]:
    pleniere = conseil.formations.get(nature=N.PLENIERE)
    return {
        "formation": pleniere.pk,
        "membre": pleniere.membres.get().pk,
        "texte": conseil.textes.get().pk,
    }


def objet_de_charte(conseil: Conseil) -> str:
    return f"{conseil.textes.get().pk}:{conseil.personnes.get(nom='Fontaine').pk}"
