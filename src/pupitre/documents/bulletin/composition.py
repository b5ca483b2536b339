"""From facts to what the template lays out: every text final, every length a share of the drawing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pupitre.documents.bulletin.faits import Chiffre, FaitsBulletin, Genre, LigneTheme, PageTheme, Tableau
from pupitre.documents.echelles import (
    arrondir,
    bornes_de_classes,
    classe,
    fond,
    graduations,
    legende,
    pas_minimal,
    valeurs_presentes,
)
from pupitre.documents.formes import Carte, Classement, Mesure, Pas, Rang, Serie
from pupitre.documents.graphiques.resumes import (
    a_etiqueter,
    ecrire,
    ecrire_point,
    insecable,
    intervalle_de_mois,
    marques,
    nom_unite,
    repere,
    resumer_carte,
    resumer_serie,
)
from pupitre.moteur.resultats import Absent, MotifAbsence, Provenance, Valeur
from pupitre.socle.texte import FINE, date_longue, enumeration, mois_annee, nombre, typographier


def composer(faits: FaitsBulletin) -> dict[str, Any]:
    """The template's data. Outlines are given once, in `fonds`, and maps refer to them."""
    fonds: list[dict[str, Any]] = []
    themes = [_theme(str(i), t, fonds) for i, t in enumerate(faits.themes)]
    titre = faits.periode.libelle[:1].upper() + faits.periode.libelle[1:]
    cles = {t.cle: str(i) for i, t in enumerate(faits.themes)}
    nature = "mensuel" if faits.genre is Genre.MENSUEL else "annuel"
    toutes_fictives = bool(faits.sources) and all(p.fictif for p in faits.sources)
    return {
        "titre": f"Bulletin de l’observatoire, {faits.periode.libelle}",
        "genre": nature,
        "periode": titre,
        "une_page": f"{titre} en une page",
        "conseil": typographier(faits.conseil),
        "communes": enumeration(faits.communes),
        "mention": faits.mention,
        "fictif": faits.fictif,
        "autorite": typographier(faits.autorite),
        "redaction": typographier(faits.redaction),
        "emis": date_longue(faits.emis_le),
        "jour": [faits.emis_le.year, faits.emis_le.month, faits.emis_le.day],
        "edition": faits.edition,
        "remplace": typographier(faits.remplace),
        "changements": [typographier(c) for c in faits.changements],
        "destinataires": [typographier(d) for d in faits.destinataires],
        "accroche": typographier(faits.accroche),
        "chapo": typographier(faits.chapo),
        "chiffres": [_chiffre(c, cles) for c in faits.chiffres],
        "themes": themes,
        "territoire": composer_carte(faits.territoire, fonds, {}) if faits.territoire else None,
        "sources": [_source(p, toutes_fictives) for p in faits.sources],
        "toutes-fictives": toutes_fictives,
        "unites": [[typographier(d.terme), typographier(d.texte)] for d in faits.unites],
        "methodes": [[typographier(d.terme), typographier(d.texte)] for d in faits.methodes],
        "retenus": [typographier(t) for t in faits.retenus],
        "manquants": [typographier(t) for t in faits.manquants],
        "fonds": fonds,
    }


def _valeur(valeur: Valeur) -> dict[str, Any]:
    if isinstance(valeur, Absent):
        return {"t": insecable(str(valeur)), "absent": True}
    if isinstance(valeur, date):
        return {"t": date_longue(valeur), "absent": False}
    if valeur is None or isinstance(valeur, str):
        return {"t": typographier(valeur or ""), "absent": False}
    return {"t": ecrire(valeur), "absent": False}


def _chiffre(chiffre: Chiffre, cles: dict[str, str]) -> dict[str, Any]:
    absent = isinstance(chiffre.valeur, Absent)
    if isinstance(chiffre.valeur, Absent):
        non_livre = chiffre.valeur.motif is MotifAbsence.NON_LIVRE
        valeur, unite = "n. d.".replace(" ", FINE), "non livré" if non_livre else "non diffusé"
    else:
        valeur, unite = ecrire(chiffre.valeur), nom_unite(chiffre.valeur, chiffre.unite)
    return {
        "nom": typographier(chiffre.nom),
        "valeur": valeur,
        "absent": absent,
        "unite": unite,
        "sens": chiffre.sens.value,
        "verdict": typographier(chiffre.verdict),
        "phrase": typographier(chiffre.phrase),
        "source": typographier(chiffre.source),
        "theme": cles.get(chiffre.theme, ""),
        "courbe": _courbe(chiffre.serie) if chiffre.serie else None,
    }


def _courbe(serie: Serie) -> dict[str, Any] | None:
    """The sparkline: heights as shares of the maximum, zero based, null where there is no number."""
    presents = [float(p.valeur) for p in serie.points if not isinstance(p.valeur, Absent)]
    if len(presents) < 2:
        return None
    haut = max(presents) or 1.0
    return {
        "v": [
            None if isinstance(p.valeur, Absent) else round(float(p.valeur) / haut, 4) for p in serie.points
        ],
        "alt": typographier(resumer_serie(serie)),
        "debut": _bout(serie, 0),
        "fin": _bout(serie, -1),
    }


def _bout(serie: Serie, i: int) -> str:
    point = serie.points[i]
    return f"{ecrire_point(point.debut, serie.pas)}{FINE}: {ecrire(point.valeur)}"


def _theme(cle: str, theme: PageTheme, fonds: list[dict[str, Any]]) -> dict[str, Any]:
    numeros = _numeros(theme.classement)
    return {
        "cle": cle,
        "titre": typographier(theme.titre),
        "accroche": typographier(theme.accroche),
        "sens": theme.sens.value,
        "commentaires": [typographier(c) for c in theme.commentaires],
        "decisions": [typographier(c) for c in theme.decisions],
        "a_dire": typographier(theme.a_dire),
        "source": typographier(theme.source),
        "fictif": theme.fictif,
        "serie": composer_serie(theme.serie) if theme.serie and theme.serie.points else None,
        "tableau": _tableau(theme.tableau) if theme.tableau else None,
        "classement": _classement(theme.classement, numeros) if theme.classement else None,
        "carte": composer_carte(theme.carte, fonds, numeros) if theme.carte and theme.carte.zones else None,
    }


def composer_serie(serie: Serie) -> dict[str, Any]:
    presents = [float(p.valeur) for p in serie.points if not isinstance(p.valeur, Absent)]
    hauts = [p.haut for p in serie.points if p.haut is not None]
    marches = graduations(max([*presents, *hauts], default=0.0), pas_minimal=pas_minimal(serie))
    sommet = marches[-1]
    muets = max(0, len(serie.points) - serie.accent)
    dits = a_etiqueter(serie, muets)
    return {
        "titre": typographier(serie.titre),
        "unite": nom_unite(2, serie.unite),
        "alt": typographier(resumer_serie(serie)),
        "note": typographier(serie.note),
        "graduations": [[g / sommet, ecrire(g)] for g in marches],
        "barres": [
            {
                "h": None if isinstance(p.valeur, Absent) else float(p.valeur) / sommet,
                "t": ecrire(p.valeur),
                "l": repere(p.debut, serie.pas),
                "an": str(p.debut.year) if serie.pas is Pas.MOIS else "",
                "muet": i < muets,
                "dit": i in dits,
                "bande": None if p.bas is None or p.haut is None else [p.bas / sommet, p.haut / sommet],
            }
            for i, p in enumerate(serie.points)
        ],
        "groupes": _groupes(serie, muets),
        "ruptures": [
            {"i": sum(p.debut < r.jour for p in serie.points), "t": typographier(r.libelle),
             "quand": ecrire_point(r.jour, serie.pas)}
            for r in serie.ruptures
            if serie.points[0].debut < r.jour <= serie.points[-1].debut
        ],
        "reperes": [
            {"i": m.rang, "l": m.lettre, "t": typographier(m.texte), "quand": mois_annee(m.jour).capitalize()}
            for m in marques(serie)
        ],
        "vide": not presents,
        "bande": bool(hauts),
        "manque": any(isinstance(p.valeur, Absent) for p in serie.points),
    }  # fmt: skip


def _groupes(serie: Serie, muets: int) -> list[dict[str, Any]]:
    if not muets or serie.pas is not Pas.MOIS:
        return []
    return [
        {"de": 0, "t": intervalle_de_mois(serie, 0, muets - 1), "muet": True},
        {"de": muets, "t": intervalle_de_mois(serie, muets, len(serie.points) - 1), "muet": False},
    ]


def _tableau(tableau: Tableau) -> dict[str, Any]:
    return {
        "titre": typographier(tableau.titre),
        "entete": tableau.entete,
        "colonnes": [_en_deux(c) for c in tableau.colonnes],
        "variation-libelle": typographier(tableau.variation_libelle),
        "variation": any(ligne.variation for ligne in tableau.lignes),
        "lecture": any(ligne.lecture for ligne in tableau.lignes),
        "lignes": [_ligne(ligne) for ligne in tableau.lignes],
        "note": typographier(tableau.note),
    }


def _en_deux(colonne: str) -> str:
    """ "cumul 2026" on two lines, so that figures stay close to each other."""
    return "\n".join((colonne[:1].upper() + colonne[1:]).rsplit(" ", 1))


def _ligne(ligne: LigneTheme) -> dict[str, Any]:
    return {
        "libelle": typographier(ligne.libelle),
        "unite": ligne.unite,
        "valeurs": [_valeur(v) for v in ligne.valeurs],
        "variation": typographier(ligne.variation),
        "lecture": typographier(ligne.lecture),
        "sens": ligne.sens.value,
        "principale": ligne.principale,
    }


def _numeros(classement: Classement | None) -> dict[str, str]:
    return {r.code: str(i) for i, r in enumerate(classement.rangs, 1)} if classement else {}


def _classement(classement: Classement, numeros: dict[str, str]) -> dict[str, Any]:
    presents = [float(r.valeur) for r in classement.rangs if not isinstance(r.valeur, Absent)]
    sommet = max(presents, default=0.0) or 1.0

    def rang(r: Rang) -> dict[str, Any]:
        return {
            "numero": numeros[r.code],
            "libelle": typographier(r.libelle),
            "valeur": _valeur(r.valeur),
            "taux": None if r.taux is None else _valeur_taux(r.taux),
            "precedent": None if r.precedent is None else _valeur(r.precedent),
            "part": 0 if isinstance(r.valeur, Absent) else max(0.0, float(r.valeur)) / sommet,
            "saillant": r.saillant,
            "note": typographier(r.note or (r.valeur.raison if isinstance(r.valeur, Absent) else "")),
        }

    raisons = dict.fromkeys(r.valeur.raison for r in classement.rangs if isinstance(r.valeur, Absent))
    notes = [n for n in (classement.note, *(f"n. d. : {r.rstrip('.')}." for r in raisons)) if n]
    return {
        "titre": typographier(classement.titre),
        "unite": nom_unite(2, classement.unite).capitalize(),
        "entete": typographier(classement.entete),
        "taux": typographier(classement.taux_libelle),
        "precedent": typographier(classement.precedent_libelle),
        "note": typographier(" ".join(notes)).replace("n. d.", insecable("n. d.")),
        "rangs": [rang(r) for r in classement.rangs],
    }


def _valeur_taux(valeur: Mesure) -> dict[str, Any]:
    if isinstance(valeur, Absent):
        return _valeur(valeur)
    return {"t": nombre(valeur, 1), "absent": False}


def composer_carte(carte: Carte, fonds: list[dict[str, Any]], numeros: dict[str, str]) -> dict[str, Any]:
    dessin = fond(carte)
    contours = {
        "hauteur": dessin.hauteur,
        "traces": [{"a": t.anneaux, "e": t.etiquette, "r": t.rayon} for t in dessin.traces],
    }
    if contours not in fonds:
        fonds.append(contours)
    presentes = valeurs_presentes(carte)
    bornes = bornes_de_classes(presentes, carte.decimales)
    return {
        "fond": fonds.index(contours),
        "titre": typographier(carte.titre),
        "unite": nom_unite(2, carte.unite),
        "alt": typographier(resumer_carte(carte)),
        "note": typographier(carte.note),
        "classes": legende(bornes, presentes, carte.decimales),
        "zones": [
            {
                "c": -1
                if z.valeur is None or isinstance(z.valeur, Absent)
                else classe(arrondir(z.valeur, carte.decimales), bornes),
                "t": numeros.get(z.code, ""),
                "nom": typographier(z.libelle),
            }
            for z in carte.zones
        ],
        "absent": any(isinstance(z.valeur, Absent) for z in carte.zones),
    }


# A year of monthly files would fill pages: they are counted here, and listed one by one in the application.
_FICHIERS_MAX = 1


def _source(provenance: Provenance, toutes_fictives: bool) -> dict[str, Any]:
    livraisons = sorted(provenance.livraisons, key=lambda liv: liv.recue_le)
    # The producer's name often begins that of the source.
    repete = provenance.producteur.casefold() in provenance.libelle.casefold()
    return {
        "libelle": typographier(provenance.libelle)
        + (f"\u202f: {typographier(provenance.reserves)}" if provenance.reserves else ""),
        "producteur": "" if repete else typographier(provenance.producteur),
        "millesime": typographier(provenance.millesime),
        "fictif": provenance.fictif and not toutes_fictives,
        "livraisons": [
            {"fichier": _cesurable(liv.fichier), "recue": date_longue(liv.recue_le), "sha": liv.sha256[:12]}
            for liv in livraisons
        ]
        if len(livraisons) <= _FICHIERS_MAX
        else [
            {
                "fichier": f"{len(livraisons)} fichiers, jusqu’à {_cesurable(livraisons[-1].fichier)}",
                "recue": date_longue(livraisons[-1].recue_le),
                "sha": livraisons[-1].sha256[:12],
            }
        ],
    }


def _cesurable(nom: str) -> str:
    """A file name that may break after its separators, and every forty characters if it has none."""
    return re.sub(r"([_.\-/ ]+|.{40})", "\\1\u200b", nom)
