"""Filters of the observatory's pages: cells of a `Resultat` as they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django import template

from pupitre.documents.graphiques.resumes import nom_unite
from pupitre.moteur.resultats import Absent, Nature, Resultat, Valeur
from pupitre.observatoire import presentation
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.socle.texte import mois_annee, nombre

register = template.Library()

_TEXTES = {Nature.TEXTE, Nature.CODE, Nature.PERIODE}


@dataclass(frozen=True, slots=True)
class Case:
    texte: str
    numerique: bool
    raison: str = ""


@register.filter
def etendue(livraison) -> str:
    return presentation.etendue(livraison.lecture)


@register.filter
def etat_de_demande(etat: str) -> str:
    return str(EtatDemande(etat).label)


@register.filter
def cellule(valeur: Valeur) -> str:
    return _case(valeur, Nature.ENTIER, False).texte


@register.filter
def cellule_entiere(valeur: Valeur) -> str:
    """An exposure, which some bases give with decimals."""
    return cellule(round(valeur) if isinstance(valeur, float) else valeur)


@register.filter
def sans_format(adresse: str) -> str:
    """ "…/serie.csv" → "…/serie"."""
    return adresse.rpartition(".")[0]


@register.filter
def en_requete(choix: dict) -> str:
    return urlencode({k: v for k, v in choix.items() if v})


@register.filter
def pluriel_nu(unite: str) -> str:
    """The unit of count alone, in the plural: "infractions"."""
    return nom_unite(2, unite)


@register.filter
def numerique(colonne) -> bool:
    return colonne.nature not in _TEXTES


@register.filter
def colonnes_affichees(resultat: Resultat):
    """Codes serve machines: they leave in exports, not on the screen."""
    return [c for c in resultat.colonnes if c.nature is not Nature.CODE]


def _nom_des_periodes(resultat: Resultat) -> Callable[[date], str]:
    """How the first days of its periods are said: a year, a school year, or a month."""
    etendue = resultat.contexte.periode
    mois = {
        v.month
        for c in resultat.colonnes
        if c.nature is Nature.PERIODE
        for v in resultat.colonne(c.cle)
        if isinstance(v, date)
    }
    if len(mois) == 1 and (etendue.fin - etendue.debut).days >= 360:
        if mois == {1}:
            return lambda jour: str(jour.year)
        if mois == {9}:
            return lambda jour: f"année scolaire {jour.year}-{jour.year + 1}"
    return mois_annee


@register.filter
def lignes_affichees(resultat: Resultat) -> list[list[Case]]:
    nommer = _nom_des_periodes(resultat)
    lignes = []
    for ligne in resultat.lignes:
        lignes.append(
            [
                _case(valeur, c.nature, nommer)
                for valeur, c in zip(ligne, resultat.colonnes, strict=True)
                if c.nature is not Nature.CODE
            ]
        )
    return lignes


@register.filter
def case_libre(valeur: Valeur) -> Case:
    """A cell of a plain table: a number with the decimals that it was rounded to."""
    if isinstance(valeur, float):
        decimales = -Decimal(str(valeur)).as_tuple().exponent
        return Case(nombre(valeur, decimales), True)
    return _case(valeur, Nature.ENTIER if isinstance(valeur, int) else Nature.TEXTE, mois_annee)


def _case(valeur: Valeur, nature: Nature, nommer: Callable[[date], str]) -> Case:
    if isinstance(valeur, Absent):
        return Case(str(valeur), nature not in _TEXTES, valeur.raison)
    if isinstance(valeur, date):
        return Case(nommer(valeur), False)
    if isinstance(valeur, float):
        return Case(nombre(valeur, 1), True)
    if isinstance(valeur, int):
        return Case(nombre(valeur), True)
    return Case("—" if valeur is None else str(valeur), nature not in _TEXTES)
