"""One figure as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pupitre.documents import graphiques
from pupitre.documents.formes import Repere
from pupitre.moteur import nomenclatures
from pupitre.moteur.resultats import Absent, Resultat
from pupitre.observatoire.chiffres import commentaires
from pupitre.observatoire.chiffres.commentaires import Comparee
from pupitre.observatoire.chiffres.dessins import lue_dessinee, petite
from pupitre.observatoire.chiffres.durees import Lecture
from pupitre.observatoire.chiffres.figures import Figure
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet

_CLASSES = {"hausse": "hausse", "baisse": "baisse"}


@dataclass(frozen=True)
class ChiffreVu:
    """`lieu`: the part of the territory that it is about, empty for the whole."""

    cle: str
    nom: str
    valeur: str
    unite: str
    sens: str
    verdict: str
    phrase: str
    courbe: str
    source: str
    fictif: bool
    unite_compte: str
    codes: str
    perimetre: str
    periode: str
    intervalle: str
    definition: str
    reserve: str
    choisi: bool
    adresse: str
    provenance: str
    livraisons: tuple = ()
    natures: tuple[str, ...] = ()
    lieu: str = ""


def vu(
    lecteur: Lecteur,
    sujet: Sujet,
    c: Comparee,
    serie: Resultat,
    lecture: Lecture,
    base: Mapping[str, str],
    choisi: bool,
) -> ChiffreVu:
    indicateur = sujet.indicateur
    adresse = urlencode({k: v for k, v in (dict(base) | {"indicateur": sujet.cle}).items() if v})
    return ChiffreVu(
        cle=sujet.cle,
        nom=indicateur.libelle,
        valeur=commentaires.valeur_affichee(c.valeur),
        unite=commentaires.unite_affichee(c.valeur, indicateur.unite),
        sens="absent" if isinstance(c.valeur, Absent) else _CLASSES.get(commentaires.sens(c).value, "stable"),
        verdict=commentaires.verdict(c),
        phrase=commentaires.phrase(c),
        courbe=graphiques.etincelle(petite(serie, lecture), ident=f"e-{sujet.cle}-{sujet.perimetre.cle}").svg,
        source=f"{sujet.source.organisation.nom}, {sujet.source.nom}",
        fictif=sujet.source.fictive,
        unite_compte=indicateur.unite,
        codes=indicateur.codes,
        perimetre=sujet.perimetre.libelle,
        periode=c.periode.libelle,
        intervalle=commentaires.intervalle(c.valeur),
        definition=indicateur.definition,
        reserve=indicateur.reserve,
        choisi=choisi,
        adresse=f"?{adresse}",
        provenance=adresse,
        livraisons=lecteur.provenance(sujet.source, c.periode.debut, c.periode.fin).livraisons,
        lieu="" if sujet.perimetre.niveau == "conseil" else sujet.perimetre.libelle,
        natures=tuple(f"{n.split(':')[1]}. {nomenclatures.nature(n).libelle}" for n in indicateur.natures),
    )


def figure_de_serie(
    serie: Resultat, lecture: Lecture, reperes: Sequence[Repere], phrase: str, codes: str = ""
) -> Figure:
    """The chart of a reading's series."""
    dessinee = lue_dessinee(serie, lecture, reperes)
    dessin = graphiques.serie_adaptative(dessinee, ident="serie")
    return Figure(
        cle="serie",
        titre=serie.contexte.titre,
        svg=dessin.svg,
        resume=dessin.resume,
        resultat=serie,
        seule=lambda: graphiques.serie(dessinee, 720, 260, "serie"),
        phrase=phrase,
        notes=graphiques.notes(dessinee),
        codes=codes,
    )
