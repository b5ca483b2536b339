"""The dashboard composed: what was asked, the choices offered, six figures, a series, a map, a ranking."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pupitre.documents import depuis_resultat, graphiques
from pupitre.documents.formes import Pas as PasDessine
from pupitre.documents.formes import Point, Serie
from pupitre.moteur import nomenclatures, statistiques
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Absent, Audience, Periode, Resultat
from pupitre.observatoire.chiffres import cartes, commentaires, periodes
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.commentaires import Comparee
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet, comparer
from pupitre.observatoire.chiffres.suivi import CHIFFRES_MAX, sujets_suivis
from pupitre.socle.texte import nombre, pluriel
from pupitre.territoires.models import Conseil
from pupitre.territoires.selectors import decoupage_as_of

# Two years drawn, and before them what the ordinary range of the last twelve months rests on.
MOIS_DE_LA_SERIE = 37
MOIS_DESSINES = 24
SEMESTRES = (
    "Les secteurs se lisent par semestre entier\u202f: mois par mois, leurs nombres seraient trop petits pour être "
    "montrés."
)
LONGUEURS = {Pas.MOIS: MOIS_DE_LA_SERIE, Pas.TRIMESTRE: 12, Pas.ANNEE: 12, Pas.ANNEE_SCOLAIRE: 8}


@dataclass(frozen=True, slots=True)
class Demande:
    """What the address asks, as written; anything unknown falls back to the default."""

    source: str = ""
    territoire: str = ""
    periode: str = ""
    comparer: str = ""
    indicateur: str = ""


@dataclass(frozen=True)
class ChiffreVu:
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


@dataclass(frozen=True)
class Principal:
    titre: str
    phrase: str
    codes: str
    serie: Resultat
    graphique: str
    notes: str = ""
    classement: Resultat | None = None
    classement_titre: str = ""
    classement_note: str = ""
    carte: str = ""
    carte_titre: str = ""
    carte_note: str = ""
    barres: str = ""


@dataclass(frozen=True)
class Tableau:
    sources: tuple[Choix, ...] = ()
    perimetres: tuple[Choix, ...] = ()
    periodes: tuple[Choix, ...] = ()
    comparaisons: tuple[Choix, ...] = ()
    chiffres: tuple[ChiffreVu, ...] = ()
    principal: Principal | None = None
    periode: Periode | None = None
    periode_code: str = ""
    fictif: bool = False
    notes: tuple[str, ...] = ()
    requete: str = ""
    resultats: dict[str, list[Resultat]] = field(default_factory=dict)
    exports: tuple[tuple[str, str], ...] = ()


def composer(*, conseil: Conseil, audience: Audience, demande: Demande) -> Tableau:
    """All that the dashboard shows for this reader and this address."""
    lecteur = Lecteur.ouvrir(conseil, audience)
    if not lecteur.sources:
        return Tableau()
    sources = choisir(
        [("", "Toutes les sources du mois"), *((c, _nom(s)) for c, s in lecteur.sources.items())],
        demande.source,
        seule=len(lecteur.sources) == 1,
    )
    source = next(c.cle for c in sources if c.choisi)
    sujets, perimetres, pas = sujets_suivis(lecteur, source, demande.territoire, demande.indicateur)
    jours = _periodes(sujets)
    if not sujets or not jours:
        return Tableau(sources=sources, perimetres=perimetres)
    voulu = periodes.lire_code(demande.periode, pas)
    debut = voulu if voulu in jours else jours[-1]
    comparaisons = _comparaisons(debut, pas, demande.comparer)
    avant = periodes.lire_code(next(c.cle for c in comparaisons if c.choisi), pas) or debut
    lieu = next(c.cle for c in perimetres if c.choisi)
    base = {"source": source, "territoire": lieu, "periode": periodes.code(debut, pas)}
    base["comparer"] = periodes.code(avant, pas)
    principal_cle = demande.indicateur if demande.indicateur in {_cle(s) for s in sujets} else _cle(sujets[0])
    requete = {k: v for k, v in (base | {"indicateur": principal_cle}).items() if v}
    series = {_cle(s): lecteur.serie(s, debut, LONGUEURS[pas], pas) for s in sujets}
    comparees = commentaires.juger([comparer(s, series[_cle(s)], debut, avant, pas) for s in sujets])
    chiffres = tuple(
        _vu(lecteur, s, c, series[_cle(s)], base, principal_cle)
        for s, c in zip(sujets, comparees, strict=True)
    )
    rang = [_cle(s) for s in sujets].index(principal_cle)
    principal = _principal(lecteur, sujets[rang], comparees[rang], series[principal_cle], debut, avant, pas)
    resultats = {"serie": [principal.serie], "chiffres": list(series.values())}
    exports = [("chiffres", "Les chiffres et leurs séries"), ("serie", principal.titre)]
    if principal.classement:
        resultats["classement"] = [principal.classement]
        exports.append(("classement", principal.classement_titre))
    return Tableau(
        sources=sources,
        perimetres=perimetres,
        periodes=_choix_periodes(jours, debut, pas),
        comparaisons=comparaisons,
        chiffres=chiffres,
        principal=principal,
        periode=periodes.periode(debut, pas),
        periode_code=periodes.code(debut, pas),
        fictif=any(s.source.fictive for s in sujets),
        notes=tuple(dict.fromkeys(s.perimetre.note for s in sujets if s.perimetre.note)),
        requete=urlencode(requete),
        resultats=resultats,
        exports=tuple(exports),
    )


def _nom(source) -> str:
    return f"{source.organisation.nom}, {source.nom}"


def _cle(sujet: Sujet) -> str:
    return f"{sujet.source.code}.{sujet.indicateur.cle}"


def _periodes(sujets: list[Sujet]) -> list[date]:
    return sorted({jour for s in sujets for jour in s.profil.periodes})


def _choix_periodes(jours: list[date], debut: date, pas: Pas) -> tuple[Choix, ...]:
    return tuple(
        Choix(periodes.code(j, pas), periodes.periode(j, pas).libelle, j == debut)
        for j in reversed(jours[-60:])
    )


def _comparaisons(debut: date, pas: Pas, demandee: str) -> tuple[Choix, ...]:
    candidats = [periodes.un_an_avant(debut, pas)]
    if pas in (Pas.MOIS, Pas.TRIMESTRE):
        candidats.append(periodes.precedente(debut, pas))
    else:
        candidats.append(periodes.un_an_avant(candidats[0], pas))
    return choisir([(periodes.code(j, pas), periodes.periode(j, pas).libelle) for j in candidats], demandee)


def _vu(
    lecteur: Lecteur, sujet: Sujet, c: Comparee, serie: Resultat, base: dict[str, Any], principal: str
) -> ChiffreVu:
    indicateur, cle = sujet.indicateur, _cle(sujet)
    adresse = urlencode({k: v for k, v in (base | {"indicateur": cle}).items() if v})
    return ChiffreVu(
        cle=cle,
        nom=indicateur.libelle,
        valeur=commentaires.valeur_affichee(c.valeur),
        unite=commentaires.unite_affichee(c.valeur, indicateur.unite),
        sens="absent" if isinstance(c.valeur, Absent) else _CLASSES.get(commentaires.sens(c).value, "stable"),
        verdict=commentaires.verdict(c),
        phrase=commentaires.phrase(c),
        courbe=graphiques.etincelle(serie_treize(serie, c.pas), ident=f"e-{cle}").svg,
        source=_nom(sujet.source),
        fictif=sujet.source.fictive,
        unite_compte=indicateur.unite,
        codes=indicateur.codes,
        perimetre=sujet.perimetre.libelle,
        periode=c.periode.libelle,
        intervalle=commentaires.intervalle(c.valeur),
        definition=indicateur.definition,
        reserve=indicateur.reserve,
        choisi=cle == principal,
        adresse=f"?{adresse}",
        provenance=adresse,
        livraisons=lecteur.provenance(sujet.source, c.periode.debut, c.periode.fin).livraisons,
        natures=tuple(f"{n.split(':')[1]}. {nomenclatures.nature(n).libelle}" for n in indicateur.natures),
    )


_CLASSES = {"hausse": "hausse", "baisse": "baisse"}


def serie_treize(serie: Resultat, pas: Pas) -> Serie:
    """The last thirteen periods: the year, and the same month a year before."""
    entiere = depuis_resultat.serie_de(serie, pas=PasDessine(pas.value))
    return Serie(entiere.titre, entiere.unite, entiere.points[-13:], entiere.pas, entiere.ruptures)


def serie_dessinee(serie: Resultat, pas: Pas) -> Serie:
    """The series as drawn, with the ordinary range of each month that three earlier years allow to say."""
    dessinee = depuis_resultat.serie_de(serie, pas=PasDessine(pas.value), accent=12 if pas is Pas.MOIS else 1)
    if pas is not Pas.MOIS:
        return dessinee
    valeurs = [v if isinstance(v, int) else None for v in serie.colonne("n")]
    jours = serie.colonne("debut")
    dernieres = [r.jour for r in serie.contexte.ruptures]
    rupture = next((i for i, j in enumerate(jours) if dernieres and j >= dernieres[-1]), None)
    bandes = statistiques.bandes(valeurs, rupture=rupture)
    points = tuple(
        Point(p.debut, p.valeur, b.bas, b.haut) if b is not None else p
        for p, b in zip(dessinee.points, bandes, strict=True)
    )
    return replace(dessinee, points=points[-MOIS_DESSINES:])


def phrase_de_serie(serie: Resultat, pas: Pas) -> str:
    """Twelve months against the twelve before, or the last year against the one before, in one sentence."""
    valeurs = serie.colonne("n")
    if pas is not Pas.MOIS:
        return ""
    recents, anciens = valeurs[-12:], valeurs[-24:-12]
    if len(anciens) < 12 or not all(isinstance(v, int) for v in (*recents, *anciens)):
        return "Les vingt-quatre derniers mois ne sont pas tous connus\u202f: pas de comparaison sur un an."
    if any(serie.colonne("debut")[-24] < r.jour for r in serie.contexte.ruptures):
        return "Une rupture de série empêche de comparer les douze derniers mois aux douze précédents."
    unite = serie.contexte.unite
    e = statistiques.evolution(sum(recents), sum(anciens))
    mots = {
        "hausse": "hausse significative",
        "baisse": "baisse significative",
        "stable": "pas d’évolution significative",
        "trop_peu": "trop peu de faits pour conclure",
    }[e.sens]
    return f"{pluriel(sum(recents), unite)} sur douze mois, contre {nombre(sum(anciens))}\u202f: {mots}."


def axe_de(lecteur: Lecteur, sujet: Sujet, debut: date, pas: Pas) -> str | None:
    """How a ranking divides the perimeter: by secteur, else by commune, else by the partner's services.

    By secteur only once this reader has twelve months of them to read.
    """
    if sujet.perimetre.niveau == "secteur":
        return None
    if sujet.profil.secteurs and (
        not lecteur.par_semestres("secteur", pas)
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


def _principal(
    lecteur: Lecteur, sujet: Sujet, c: Comparee, serie: Resultat, debut: date, avant: date, pas: Pas
) -> Principal:
    dessinee = serie_dessinee(serie, pas)
    dessin = graphiques.serie_adaptative(dessinee, ident="serie")
    phrase = phrase_de_serie(serie, pas) or f"{commentaires.verdict(c)} {commentaires.phrase(c)}"
    commun = {
        "titre": serie.contexte.titre,
        "phrase": phrase,
        "codes": sujet.indicateur.codes,
        "serie": serie,
        "graphique": dessin.svg,
        "notes": graphiques.notes(dessinee),
    }
    axe = axe_de(lecteur, sujet, debut, pas)
    if axe is None:
        return Principal(**commun)
    try:
        classement = lecteur.classement(sujet, axe, debut, avant, pas)
    except MesureRefusee:
        return Principal(**commun)
    semestres = lecteur.par_semestres(axe, pas)
    quand = classement.contexte.periode.libelle
    commun |= {
        "classement": classement,
        "classement_titre": {
            "secteur": "Les secteurs, du plus au moins touché",
            "commune": "Les communes, du plus au moins touchée",
            "territoire": "Les services, du plus au moins chargé",
        }[axe]
        + (f", {quand}" if semestres else ""),
        "classement_note": (SEMESTRES + " " if semestres else "")
        + "« Ordinaire »\u202f: l’écart ne dépasse pas ce que le hasard produit, compte tenu du "
        "nombre de lignes comparées.",
    }
    contours = (
        contours_des_secteurs(lecteur, sujet, c.periode.fin)
        if axe == "secteur"
        else cartes.contours_communes({k.code: k.nom for k in lecteur.territoire.communes})
        if axe == "commune"
        else {}
    )
    taux = any(isinstance(v, float) for v in classement.colonne("taux"))
    if contours:
        libelle = classement.colonnes[classement.index["taux"]].libelle
        an = "an" if "an" in classement.index else "n"
        carte = depuis_resultat.carte_de(
            classement, contours, code=axe, valeur="taux" if taux else an, decimales=1 if taux else 0
        )
        commun |= {
            "carte": graphiques.carte(carte, largeur=300, ident="carte").svg,
            "carte_titre": f"{libelle}, {'par secteur' if axe == 'secteur' else 'par commune'}"
            if taux
            else classement.contexte.titre,
            "carte_note": (
                f"{quand.capitalize()}. " if semestres else "Douze mois. " if pas is Pas.MOIS else ""
            )
            + "n.\u00a0d.\u202f: valeur non diffusée ou sans référence de population.",
        }
    else:
        barres = depuis_resultat.classement_de(classement, code=axe, libelle="libelle", saillants=1)
        commun["barres"] = graphiques.classement(barres, ident="barres").svg
    return Principal(**commun)


__all__ = ["CHIFFRES_MAX", "Demande", "Tableau", "composer"]
