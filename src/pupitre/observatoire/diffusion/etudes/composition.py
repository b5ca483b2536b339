"""The three parts made one text, to be finished by the coordinator."""

from __future__ import annotations

from collections.abc import Sequence

from pupitre.documents.ecrits import (
    ACompleter,
    Bloc,
    Ecrit,
    Grille,
    Liste,
    Paragraphe,
    Registre,
    Saut,
    Sommaire,
    Titre,
)
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.chiffres import definitions
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.diffusion.etudes import espace, paroles, phenomenes
from pupitre.observatoire.diffusion.etudes.paroles import Paroles
from pupitre.observatoire.diffusion.etudes.phenomenes import Matiere
from pupitre.observatoire.diffusion.etudes.semestre import Semestre
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue, enumeration


class EtudeVide(ErreurPupitre):
    """No source has published anything about that half-year."""


def composer(lecteur: Lecteur, semestre: Semestre, dites: Paroles | None = None, edition: int = 1) -> Ecrit:
    """The study of a half-year, for the audience of the reader.

    Raises:
        EtudeVide: nothing is published for it.
    """
    matiere = Matiere(lecteur, semestre)
    pages = phenomenes.lire(matiere)
    carnets = espace.lire(matiere)
    if not pages and not carnets:
        raise EtudeVide(
            f"Aucun chiffre n’est publié pour le {semestre.libelle}.",
            "Aucun partenaire n’a livré ces mois, ou ses fichiers attendent encore d’être publiés.",
            "Publiez des livraisons qui le couvrent, puis écrivez l’étude.",
        )
    dites = dites or Paroles()
    communes = enumeration([c.nom for c in lecteur.territoire.communes])
    fictif = any(lecteur.sources[code].fictive for code in matiere.sources)
    return Ecrit(
        titre="Étude semestrielle de l’observatoire",
        sous_titre=semestre.libelle[:1].upper() + semestre.libelle[1:],
        surtitre="Observatoire de la délinquance",
        emetteur=str(lecteur.conseil),
        jour=horloge.aujourdhui(),
        mention="Diffusion restreinte",
        couverture=True,
        fictif=fictif,
        lignes_de_tete=(
            communes,
            f"Édition {edition} du {date_longue(horloge.aujourdhui())}.",
            f"Diffusée sous l’autorité de la présidence du {lecteur.conseil.get_nature_display()}.",
        ),
        blocs=(
            Sommaire(),
            Saut(),
            *_en_une_page(matiere, pages, carnets),
            Titre(1, "Les phénomènes, d’après les chiffres"),
            *phenomenes.ecrire(matiere, pages),
            Titre(1, "Ce que disent les partenaires et les habitants"),
            *paroles.ecrire(dites),
            Titre(1, "Les quartiers, leur sensibilité et son évolution"),
            *espace.ecrire(matiere, carnets),
            Titre(1, "Sources, unités et méthodes"),
            *_sources(matiere),
        ),
    )


def _en_une_page(matiere: Matiere, pages: list, carnets: list) -> list[Bloc]:
    hausses, baisses = phenomenes.saillants(pages)
    semestre = matiere.semestre
    if not hausses and not baisses:
        accroche = (
            f"**Pas d’évolution significative au {semestre.libelle}**\u202f: aucun des chiffres suivis ne s’écarte du "
            "même semestre de l’année précédente plus que ne le veut le hasard."
        )
    else:
        accroche = (
            f"**Au {semestre.libelle}, {_compte(len(hausses), 'hausse')} et {_compte(len(baisses), 'baisse')} "
            "dépassent ce que le hasard produit**, par rapport au même semestre de l’année précédente."
        )
    blocs: list[Bloc] = [Titre(1, "En une page"), Paragraphe(accroche, Registre.ACCROCHE)]
    for titre, phrases in (("En hausse", hausses), ("En baisse", baisses)):
        if phrases:
            blocs += [Titre(2, titre), Liste(tuple(phrases))]
    if carnets:
        blocs += [Titre(2, "Dans l’espace"), Paragraphe(espace.resume(matiere, carnets))]
    if matiere.manquants:
        blocs += [Titre(2, "Ce qui manque à cette étude"), Liste(tuple(matiere.manquants))]
    blocs.append(
        ACompleter(
            "Trois phrases pour les maires\u202f: ce qu’il faut retenir, ce qui est fait, ce qui est proposé."
        )
    )
    return blocs


def _compte(n: int, mot: str) -> str:
    return f"{'aucune' if n == 0 else n} {mot}{'s' if n > 1 else ''}"


def _sources(matiere: Matiere) -> list[Bloc]:
    lecteur, s = matiere.lecteur, matiere.semestre
    provenances = [
        lecteur.provenance(lecteur.sources[c], s.un_an_avant.debut, s.fin) for c in matiere.sources
    ]
    blocs: list[Bloc] = [
        Grille(
            "Les fichiers derrière ces chiffres",
            ("Source", "Producteur", "Fichiers", "Dernier reçu le"),
            tuple(
                (
                    p.libelle + (" (données fictives)" if p.fictif else ""),
                    " ".join(t for t in (p.producteur, p.millesime) if t),
                    str(len(p.livraisons)),
                    date_longue(max(li.recue_le for li in p.livraisons)) if p.livraisons else "—",
                )
                for p in provenances
            ),
            (3, 2, 0.8, 1.6),
            (2,),
        )
    ]
    blocs += _definitions("Ce que comptent les unités", definitions.unites(matiere.unites))
    blocs += _definitions("Comment lire", definitions.METHODES)
    if matiere.retenus:
        blocs += [Titre(2, "Ce qui n’est pas montré, et pourquoi"), Liste(tuple(matiere.retenus))]
    return blocs


def _definitions(titre: str, lues: Sequence) -> list[Bloc]:
    if not lues:
        return []
    return [Titre(2, titre), Liste(tuple(f"**{d.terme}**\u202f: {d.texte}" for d in lues))]
