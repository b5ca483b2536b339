"""Units and methods in plain French, for the last page of a bulletin."""

from __future__ import annotations

from pupitre.documents.bulletin.faits import Definition

_UNITES = {
    "infraction": "Chaque fait puni par la loi compte pour un, quel que soit le nombre de victimes.",
    "victime": "Chaque personne atteinte compte pour une\u202f: une agression de deux personnes compte deux victimes.",
    "victime entendue": "Chaque personne qui a déposé plainte compte pour une.",
    "véhicule": "Chaque véhicule volé ou fracturé compte pour un, quel que soit le nombre d’objets pris.",
    "procédure": "Chaque dossier transmis à la justice compte pour un.",
    "mis en cause": "Chaque personne soupçonnée et entendue compte pour une.",
    "auteur": "Chaque personne soupçonnée et entendue compte pour une.",
    "incident": "Chaque évènement relevé par un partenaire, qu’il soit ou non puni par la loi.",
    "intervention": "Chaque déplacement d’une équipe compte pour un\u202f: un même fait peut en appeler plusieurs.",
    "doléance": "Chaque courrier, appel ou message reçu en mairie compte pour un.",
    "signalement": "Chaque fiche transmise par un établissement compte pour une.",
    "différend": "Chaque intervention pour un différend entre proches compte pour une.",
    "personne": "Chaque personne compte pour une.",
}

METHODES = (
    Definition(
        "Significatif",
        "L’écart dépasse ce que le hasard produit d’ordinaire entre deux périodes semblables. Test de deux "
        "comptages de Poisson (E-test), seuil de 5\u202f%, corrigé du nombre de comparaisons d’une même page.",
    ),
    Definition(
        "Ordinaire",
        "L’écart existe mais le hasard suffit à l’expliquer. Aucun pourcentage n’est écrit dans ce cas.",
    ),
    Definition(
        "Trop peu de faits",
        "Les nombres sont trop petits pour qu’une comparaison veuille dire quelque chose.",
    ),
    Definition(
        "Intervalle ordinaire",
        "La bande claire d’un graphique\u202f: où tombe d’habitude ce mois-là, d’après les mêmes mois des années "
        "précédentes. Absente quand la série est trop courte.",
    ),
    Definition(
        "n. d.",
        "Valeur non diffusée\u202f: moins de cinq faits dans un secteur, ou une valeur qui permettrait d’en "
        "déduire une telle par soustraction. Ce n’est pas zéro.",
    ),
    Definition(
        "Secteurs",
        "Ils se lisent par semestre entier\u202f: mois par mois, leurs nombres seraient trop petits pour être montrés. "
        "Les communes gardent leurs mois.",
    ),
    Definition("Non livré", "Le fichier du partenaire n’est pas arrivé. Ce n’est pas zéro."),
    Definition(
        "Pas d’addition entre sources",
        "La police, les bailleurs et les transporteurs voient souvent les mêmes évènements et ne comptent pas "
        "dans la même unité\u202f: leurs chiffres se lisent côte à côte.",
    ),
)


def unites(noms: set[str]) -> tuple[Definition, ...]:
    """Definitions of these units of count, in alphabetical order; those that have none say so."""
    return tuple(
        Definition(
            nom.capitalize(), _UNITES.get(nom, "Unité de compte du partenaire, telle qu’il la définit.")
        )
        for nom in sorted(noms)
        if nom
    )
