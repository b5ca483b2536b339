"""The kinds of documents that leave the observatory: how each is composed, read again and rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pupitre.documents.bulletin import FaitsBulletin, rendre_bulletin
from pupitre.documents.ecrits import Ecrit
from pupitre.documents.ecrits import rendre as rendre_ecrit
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.diffusion import bulletins, diagnostics, etudes, hebdo, paroles_etude
from pupitre.observatoire.models import Bulletin, Convention
from pupitre.territoires.models import Conseil

Faits = FaitsBulletin | Ecrit
P, U = Bulletin.Periodicite, Convention.Usage


@dataclass(frozen=True, slots=True)
class Commande:
    """What is to be composed: a council, a first day, what was asked, and the edition it makes."""

    conseil: Conseil
    debut: date
    parametres: Mapping[str, Any]
    edition: int = 1
    derniere: Bulletin | None = None

    def lecteur(self, usage: str) -> Lecteur:
        """What the conventions give to elected officials for that use."""
        return Lecteur.ouvrir(self.conseil, Audience.PARTENAIRE, usage=usage)


@dataclass(frozen=True, slots=True)
class Genre:
    """
    Attributes:
        formats: files that it gives, the first being the one that is sent.
        usage: what the conventions call it.
        corrections: how many changes a correction says in its document; all are listed on its page.
    """

    code: str
    libelle: str
    usage: str
    formats: tuple[str, ...]
    corrections: int
    composer: Callable[[Commande], Faits]
    lire: Callable[[dict[str, Any]], Faits]


def _mensuel(commande: Commande) -> FaitsBulletin:
    return bulletins.composer(
        commande.lecteur(U.BULLETIN),
        commande.debut,
        Pas.MOIS,
        edition=commande.edition,
        derniere=commande.derniere,
    )


def _annuel(commande: Commande) -> FaitsBulletin:
    return bulletins.composer(
        commande.lecteur(U.BULLETIN),
        commande.debut,
        Pas.ANNEE,
        edition=commande.edition,
        derniere=commande.derniere,
    )


def _etude(commande: Commande) -> Ecrit:
    semestre = etudes.Semestre(commande.debut)
    dites = paroles_etude.lire(commande.conseil, semestre)
    return etudes.composer(commande.lecteur(U.ETUDE), semestre, dites, edition=commande.edition)


def _diagnostic(commande: Commande) -> Ecrit:
    question = diagnostics.question_de(commande.parametres)
    paroles = paroles_etude.sur(commande.conseil, question)
    return diagnostics.composer(commande.lecteur(U.ETUDE), question, paroles, edition=commande.edition)


def _hebdo(commande: Commande) -> Ecrit:
    return hebdo.composer(commande.conseil, commande.debut, edition=commande.edition)


_ECRIT = ("pdf", "docx", "odt")
GENRES: Mapping[str, Genre] = {
    P.SEMAINE: Genre(
        P.SEMAINE, "Faits marquants de la semaine", U.BULLETIN, _ECRIT, 6, _hebdo, Ecrit.from_dict
    ),
    P.MOIS: Genre(P.MOIS, "Bulletin mensuel", U.BULLETIN, ("pdf",), 40, _mensuel, FaitsBulletin.from_dict),
    P.SEMESTRE: Genre(P.SEMESTRE, "Étude semestrielle", U.ETUDE, _ECRIT, 12, _etude, Ecrit.from_dict),
    P.ANNEE: Genre(P.ANNEE, "Bulletin annuel", U.BULLETIN, ("pdf",), 40, _annuel, FaitsBulletin.from_dict),
    P.LIBRE: Genre(P.LIBRE, "Diagnostic à la demande", U.ETUDE, _ECRIT, 2, _diagnostic, Ecrit.from_dict),
}


def rendre(faits: Faits, format: str) -> bytes:
    """The file. Raises KeyError when that kind of facts has no such format."""
    if isinstance(faits, Ecrit):
        return rendre_ecrit(faits, format)
    if format != "pdf":
        raise KeyError(format)
    return rendre_bulletin(faits)
