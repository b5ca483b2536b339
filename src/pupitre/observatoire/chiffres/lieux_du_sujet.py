"""Where a figure happens: its places ranked, on a map of secteurs or communes, or as bars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pupitre.documents import depuis_resultat, graphiques
from pupitre.documents.formes import Carte
from pupitre.moteur import calcul, statistiques
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Resultat
from pupitre.observatoire.chiffres import cartes
from pupitre.observatoire.chiffres.classements import classer, demande_de_classement
from pupitre.observatoire.chiffres.durees import Duree, Lecture
from pupitre.observatoire.chiffres.figures import ND, Figure
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.territoires.selectors import decoupage_as_of

SEMESTRES = (
    "Les secteurs se lisent par semestre entier\u202f: mois par mois, leurs nombres seraient trop petits pour être "
    "montrés."
)
_TITRES = {
    "secteur": "Les secteurs, du plus au moins touché",
    "commune": "Les communes, du plus au moins touchée",
    "territoire": "Les services, du plus au moins chargé",
}


@dataclass(frozen=True)
class Lieux:
    """`carte` or `barres`, never both."""

    classement: Resultat
    titre: str
    note: str
    carte: Figure | None = None
    barres: Figure | None = None


def axe_de(lecteur: Lecteur, sujet: Sujet, debut: date, pas: Pas) -> str | None:
    """How a ranking divides the perimeter: by secteur, else by commune, else by the partner's services.

    By secteur only once this reader has twelve months of them to read.
    """
    if sujet.perimetre.niveau == "secteur":
        return None
    if sujet.profil.secteurs and (
        not lecteur.par_semestres("secteur", pas, sujet.pas)
        or lecteur.douze_mois_des_secteurs(sujet, debut, pas) is not None
    ):
        return "secteur"
    if sujet.perimetre.niveau != "conseil":
        return None
    if len(sujet.profil.communes) > 1:
        return "commune"
    return "territoire" if len(sujet.profil.territoires) > 1 and not sujet.profil.communes else None


def contours_des_secteurs(lecteur: Lecteur, sujet: Sujet, jour: date) -> cartes.Contours:
    """Outlines of the secteurs of the communes that the source speaks about."""
    contours = cartes.contours_secteurs(decoupage_as_of(lecteur.conseil, jour))
    commune_de = {s.code: s.commune_id for s in lecteur.territoire.secteurs}
    vues = {commune_de.get(code) for code in sujet.profil.secteurs} - {None}
    return {code: c for code, c in contours.items() if not vues or commune_de.get(code) in vues}


def demande_des_lieux(lecteur: Lecteur, sujet: Sujet, lecture: Lecture) -> calcul.Demande | None:
    """What the ranking of a reading asks; None where the source tells no place apart, or not yet."""
    debut, pas = lecture.debut, lecture.pas_lu
    if lecture.duree is Duree.SEMESTRE:
        # The twelve months that end with the half-year, not with its first month.
        debut = lecture.periode.fin.replace(day=1)
    axe = axe_de(lecteur, sujet, debut, pas)
    if axe is None:
        return None
    semestres = lecteur.par_semestres(axe, pas, sujet.pas)
    try:
        return demande_de_classement(
            lecteur,
            sujet,
            axe,
            debut if semestres else lecture.debut,
            lecture.avant,
            pas,
            lecture if lecture.glissante and not semestres else None,
        )
    except MesureRefusee:
        return None


def figures_des_lieux(lecteur: Lecteur, sujet: Sujet, lecture: Lecture, demande: calcul.Demande) -> Lieux:
    """The ranking of the places of a reading and its drawing, as `demande_des_lieux` asks them."""
    classement = classer(lecteur, demande)
    axe, pas = classement.colonnes[0].cle, lecture.pas_lu
    semestres = lecteur.par_semestres(axe, pas, sujet.pas)
    quand = classement.contexte.periode.libelle
    titre = _TITRES[axe] + (f", {quand}" if semestres or lecture.glissante else "")
    note = (SEMESTRES + " " if semestres else "") + (
        "«\u202fOrdinaire\u202f»\u202f: l’écart ne dépasse pas ce que le hasard produit, compte tenu du nombre de "
        "lignes comparées."
    )
    contours = _contours(lecteur, sujet, axe, lecture.periode.fin)
    if not contours:
        return Lieux(classement, titre, note, barres=_barres(classement, axe, titre, sujet))
    sous_titre = f"{quand.capitalize()}. " if semestres else "Douze mois. " if pas is Pas.MOIS else ""
    return Lieux(classement, titre, note, carte=_carte(classement, contours, axe, sous_titre, sujet))


def _contours(lecteur: Lecteur, sujet: Sujet, axe: str, jour: date) -> cartes.Contours:
    if axe == "secteur":
        return contours_des_secteurs(lecteur, sujet, jour)
    if axe == "commune":
        return cartes.contours_communes({k.code: k.nom for k in lecteur.territoire.communes})
    return {}


def _barres(classement: Resultat, axe: str, titre: str, sujet: Sujet) -> Figure:
    barres = depuis_resultat.classement_de(classement, code=axe, libelle="libelle", saillants=1)
    dessin = graphiques.classement(barres, ident="barres")
    return Figure(
        cle="barres",
        titre=titre,
        svg=dessin.svg,
        resume=dessin.resume,
        resultat=classement,
        seule=lambda: dessin,
        codes=sujet.indicateur.codes,
    )


def _carte(classement: Resultat, contours: cartes.Contours, axe: str, quand: str, sujet: Sujet) -> Figure:
    taux = any(isinstance(v, float) for v in classement.colonne("taux"))
    libelle = classement.colonnes[classement.index["taux"]].libelle
    par = "par secteur" if axe == "secteur" else "par commune"
    carte = depuis_resultat.carte_de(
        classement,
        contours,
        code=axe,
        valeur="taux" if taux else "an" if "an" in classement.index else "n",
        decimales=1 if taux else 0,
    )
    if taux:
        carte = _avec_incertitude(carte, classement, axe)
    dessin = graphiques.carte(carte, largeur=300, ident="carte")
    lecture = ""
    if any(z.bas is not None for z in carte.zones):
        lecture = (
            "Contour épais\u202f: le taux s’écarte de l’ensemble plus que le hasard ne le fait (99,8\u202f%). Au "
            "survol et dans le texte, l’intervalle à 95\u202f%. "
        )
    return Figure(
        cle="carte",
        titre=f"{libelle}, {par}" if taux else classement.contexte.titre,
        svg=dessin.svg,
        resume=dessin.resume,
        resultat=classement,
        seule=lambda: graphiques.carte(carte, largeur=560, ident="carte"),
        notes=f"{quand}{lecture}{ND}\u202f: valeur non diffusée ou sans référence de population.",
        codes=sujet.indicateur.codes,
    )


def _avec_incertitude(carte: Carte, classement: Resultat, axe: str) -> Carte:
    """Each rate with its exact interval, and whether it leaves the limits of a funnel around the whole.

    Only from what this reader may read: a place without a rate, or without a fact, says nothing of its exposure.
    """
    compte = "an" if "an" in classement.index else "n"
    lus = {
        str(li[axe]): (n, n * 1000 / t)
        for li in classement.dicts()
        if isinstance(n := li[compte], int) and isinstance(t := li["taux"], float) and n > 0 and t > 0
    }
    if len(lus) < 2:
        return carte
    places = statistiques.entonnoir([n for n, _ in lus.values()], [e for _, e in lus.values()]).places
    positions = {code: p.position for code, p in zip(lus, places, strict=True)}
    zones = []
    for zone in carte.zones:
        if zone.code in lus:
            bas, haut = statistiques.taux(*lus[zone.code]).intervalle or (None, None)
            zone = replace(zone, bas=bas, haut=haut, ecart=positions[zone.code] in ("au_dessus", "sous"))
        zones.append(zone)
    return replace(carte, zones=tuple(zones))
