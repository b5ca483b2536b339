"""What a chart shows, in one French paragraph: the text alternative on screen and in the PDF."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from pupitre.documents.formes import (
    Carte,
    Classement,
    Mesure,
    Nuage,
    Pas,
    Point,
    Repere,
    Saison,
    Sens,
    Serie,
)
from pupitre.moteur.resultats import Absent, MotifAbsence
from pupitre.socle.texte import FINE, INSECABLE, MOIS, enumeration, mois_annee, mois_court, nombre, pluriel

CITES_MAX = 5
INITIALES = "JFMAMJJASOND"


def ecrire(valeur: Mesure | None, decimales: int | None = None) -> str:
    """A value as it is read: "1 234", "14,2", "n. d.", "non livré". One decimal when it is not whole."""
    if valeur is None:
        return ""
    if isinstance(valeur, Absent):
        return insecable(str(valeur))
    if decimales is None:
        decimales = 0 if float(valeur).is_integer() else 1
    return nombre(valeur, decimales)


def insecable(texte: str) -> str:
    return texte.replace(" ", INSECABLE)


def ecrire_point(jour: date, pas: Pas) -> str:
    """ "oct. 2026", "3e trimestre 2026", "2026", "2025-2026"."""
    if pas is Pas.ANNEE:
        return str(jour.year)
    if pas is Pas.ANNEE_SCOLAIRE:
        return f"{jour.year}-{jour.year + 1}"
    if pas is Pas.TRIMESTRE:
        rang = (jour.month - 1) // 3 + 1
        return f"{rang}{'er' if rang == 1 else 'e'} trimestre {jour.year}"
    if pas is Pas.SEMESTRE:
        return f"{'1er' if jour.month == 1 else '2e'} semestre {jour.year}"
    return insecable(mois_court(jour))


def avec_unite(valeur: Mesure, unite: str) -> str:
    """ "63 faits", "14,2 faits", "n. d."."""
    if isinstance(valeur, Absent):
        return ecrire(valeur)
    return f"{ecrire(valeur)}{INSECABLE}{nom_unite(valeur, unite)}"


def nom_unite(n: float, unite: str) -> str:
    """The unit alone, agreeing with `n`: "fait", "faits"."""
    return pluriel(n, unite).split(INSECABLE, 1)[1]


def resumer_serie(serie: Serie) -> str:
    """Span, last value, the same a year before, extremes, breaks, what is missing."""
    if not serie.points:
        return f"{serie.titre}{FINE}: aucune donnée."
    presents = [p for p in serie.points if not isinstance(p.valeur, Absent)]
    debut, fin = (ecrire_point(serie.points[i].debut, serie.pas) for i in (0, -1))
    phrases = [f"{serie.titre}, de {debut} à {fin}."]
    if presents:
        dernier = serie.points[-1]
        phrases.append(f"Dernier point{FINE}: {avec_unite(dernier.valeur, serie.unite)}.")
        avant = next((p for p in serie.points if _un_an_avant(p.debut, dernier.debut)), None)
        if avant is not None and serie.pas in (Pas.MOIS, Pas.TRIMESTRE, Pas.SEMESTRE):
            phrases.append(f"Un an plus tôt{FINE}: {ecrire(avant.valeur)}.")
        bas = min(presents, key=_hauteur)
        haut = max(presents, key=_hauteur)
        phrases.append(
            f"Minimum {ecrire(bas.valeur)} ({ecrire_point(bas.debut, serie.pas)}), "
            f"maximum {ecrire(haut.valeur)} ({ecrire_point(haut.debut, serie.pas)})."
        )
    phrases += [
        f"Rupture de série en {ecrire_point(r.jour, serie.pas)}{FINE}: {r.libelle}." for r in serie.ruptures
    ]
    phrases += [
        f"Repère {m.lettre}, {mois_annee(m.jour)}{FINE}: {m.texte.rstrip('.')}." for m in marques(serie)
    ]
    phrases += _manques(serie)
    return " ".join(phrases)


@dataclass(frozen=True, slots=True)
class Marque:
    """A note on a chart: its letter, the point that holds its day, what it says."""

    lettre: str
    rang: int
    jour: date
    texte: str


_MOIS_DU_PAS = {Pas.MOIS: 1, Pas.TRIMESTRE: 3, Pas.SEMESTRE: 6, Pas.ANNEE: 12, Pas.ANNEE_SCOLAIRE: 12}


def marques(serie: Serie) -> tuple[Marque, ...]:
    """Notes of the days that the series covers, in order of time; those of one period share a letter."""
    points = serie.points
    if not points:
        return ()
    dernier = points[-1].debut
    apres = dernier.year * 12 + dernier.month - 1 + _MOIS_DU_PAS[serie.pas]
    par_rang: dict[int, list[Repere]] = {}
    for repere_ in sorted(serie.reperes, key=lambda r: r.jour):
        if points[0].debut <= repere_.jour and repere_.jour.year * 12 + repere_.jour.month - 1 < apres:
            rang = max(i for i, p in enumerate(points) if p.debut <= repere_.jour)
            par_rang.setdefault(rang, []).append(repere_)
    return tuple(
        Marque(_lettre(k), rang, groupe[0].jour, f"{FINE}; ".join(r.texte.rstrip(".") for r in groupe))
        for k, (rang, groupe) in enumerate(sorted(par_rang.items()))
    )


def _lettre(k: int) -> str:
    return chr(65 + k) if k < 26 else f"{chr(65 + k // 26 - 1)}{chr(65 + k % 26)}"


def _hauteur(point: Point) -> float:
    return math.nan if isinstance(point.valeur, Absent) else float(point.valeur)


def _un_an_avant(jour: date, dernier: date) -> bool:
    return (jour.year, jour.month) == (dernier.year - 1, dernier.month)


def _manques(serie: Serie) -> list[str]:
    phrases = []
    for libelle, livraison in (("Non livré", True), ("n. d.", False)):
        points = [
            ecrire_point(p.debut, serie.pas)
            for p in serie.points
            if isinstance(p.valeur, Absent) and (p.valeur.motif is MotifAbsence.NON_LIVRE) is livraison
        ]
        if len(points) > CITES_MAX:
            points = [f"{len(points)} périodes sur {len(serie.points)}"]
        if points:
            phrases.append(f"{insecable(libelle)}{FINE}: {enumeration(points)}.")
    return phrases


def resumer_classement(classement: Classement) -> str:
    presents = [r for r in classement.rangs if not isinstance(r.valeur, Absent)]
    if not presents:
        return f"{classement.titre}{FINE}: aucune valeur diffusable."
    tete = [f"{r.libelle} ({avec_unite(r.valeur, classement.unite)})" for r in presents[:3]]
    phrases = [f"{classement.titre}{FINE}: {enumeration(tete)}."]
    if len(presents) > 3:
        dernier = presents[-1]
        phrases.append(f"En dernier{FINE}: {dernier.libelle} ({ecrire(dernier.valeur)}).")
    absents = [r.libelle for r in classement.rangs if isinstance(r.valeur, Absent)]
    if absents:
        phrases.append(f"{insecable('n. d.')}{FINE}: {_quelques(absents)}.")
    return " ".join(phrases)


def resumer_carte(carte: Carte) -> str:
    rangees = sorted(
        (z for z in carte.zones if z.valeur is not None and not isinstance(z.valeur, Absent)),
        key=lambda z: (-float(z.valeur), z.libelle),  # type: ignore[arg-type]
    )
    phrases = [f"Carte{FINE}: {carte.titre}."]
    if rangees:
        tete = [f"{z.libelle} ({ecrire(z.valeur, carte.decimales)})" for z in rangees[:3]]
        phrases.append(f"Valeurs les plus fortes{FINE}: {enumeration(tete)}.")
    bornes = [
        f"{z.libelle} de {ecrire(z.bas, 1)} à {ecrire(z.haut, 1)}"
        for z in rangees
        if z.bas is not None and z.haut is not None
    ]
    if bornes:
        phrases.append(f"Intervalles à 95{FINE}%{FINE}: {enumeration(bornes)}.")
    a_part = [z.libelle for z in rangees if z.ecart]
    if a_part:
        phrases.append(f"Écart à l’ensemble que le hasard n’explique pas{FINE}: {_quelques(a_part)}.")
    absents = [z.libelle for z in carte.zones if isinstance(z.valeur, Absent)]
    if absents:
        phrases.append(f"{insecable('n. d.')}{FINE}: {_quelques(absents)}.")
    return " ".join(phrases)


def resumer_saison(saison: Saison) -> str:
    """Span, the fullest and the emptiest month of an ordinary year, what leaves the ordinary in the last one."""
    if not saison.annees:
        return f"{saison.titre}{FINE}: aucune donnée."
    derniere = saison.annees[-1][0]
    phrases = [f"{saison.titre}, de {saison.annees[0][0]} à {derniere}."]
    indices = [(m.indice, m.numero) for m in saison.mois if m.indice is not None]
    if indices:
        (haut, plein), (bas, creux) = max(indices), min(indices)
        phrases.append(
            f"D’ordinaire, le mois le plus chargé est {MOIS[plein - 1]} (indice {nombre(haut)}), le moins chargé "
            f"{MOIS[creux - 1]} (indice {nombre(bas)}){FINE}; 100 est le mois moyen."
        )
    for sens, mots in ((Sens.HAUSSE, "Au-dessus de l’ordinaire"), (Sens.BAISSE, "Au-dessous de l’ordinaire")):
        noms = [MOIS[m.numero - 1] for m in saison.mois if m.sens is sens]
        if noms:
            phrases.append(f"{mots} en {derniere}{FINE}: {enumeration(noms)}.")
    juges = [m for m in saison.mois if m.sens is not Sens.INCONNU]
    if juges and all(m.sens is Sens.ORDINAIRE for m in juges):
        phrases.append(f"Aucun mois de {derniere} ne sort de l’ordinaire.")
    return " ".join(phrases)


def resumer_nuage(nuage: Nuage) -> str:
    """How many places, the pooled rate, the named ones and where they stand."""
    lieux = pluriel(len(nuage.points), "lieu", "lieux")
    phrases = [
        f"{nuage.titre}. {lieux}, taux d’ensemble {nombre(nuage.taux, 1)} {nuage.unite}.",
        *(f"{p.libelle}{FINE}: {nombre(p.taux, 1)}, {POSITIONS[p.sens]}." for p in nuage.points if p.nomme),
    ]
    dehors = sum(p.sens in (Sens.HAUSSE, Sens.BAISSE) for p in nuage.points)
    phrases.append(f"Hors des limites du hasard{FINE}: {pluriel(dehors, 'lieu', 'lieux')}.")
    return " ".join(phrases)


POSITIONS = {
    Sens.HAUSSE: "au-dessus des limites du hasard",
    Sens.BAISSE: "au-dessous des limites du hasard",
    Sens.RESERVE: "près des limites du hasard",
    Sens.ORDINAIRE: "dans les limites du hasard",
    Sens.INCONNU: "sans comparaison",
}


def _quelques(noms: list[str]) -> str:
    if len(noms) > CITES_MAX:
        return f"{len(noms)} secteurs"
    return enumeration(noms)


def repere(jour: date, pas: Pas) -> str:
    """The mark under a bar: a month's initial, "T3 26", "2025-26", "2026"."""
    if pas is Pas.MOIS:
        return INITIALES[jour.month - 1]
    if pas is Pas.TRIMESTRE:
        return f"T{(jour.month - 1) // 3 + 1} {jour.year % 100:02d}"
    if pas is Pas.SEMESTRE:
        return f"S{1 if jour.month == 1 else 2} {jour.year % 100:02d}"
    if pas is Pas.ANNEE_SCOLAIRE:
        return f"{jour.year}-{(jour.year + 1) % 100:02d}"
    return ecrire_point(jour, pas)


def intervalle_de_mois(serie: Serie, debut: int, fin: int) -> str:
    """ "nov. 2025 – oct. 2026"."""
    return " – ".join(insecable(mois_court(serie.points[i].debut)) for i in (debut, fin))


def a_etiqueter(serie: Serie, muets: int) -> set[int]:
    """Bars that carry their value: the last, the same a year before, the extremes; all of them if few."""
    presents = [i for i, p in enumerate(serie.points) if not isinstance(p.valeur, Absent)]
    if not presents or len(serie.points) <= 14:
        return set(presents)
    valeurs = {i: float(serie.points[i].valeur) for i in presents}  # type: ignore[arg-type]
    dits = {presents[-1], max(presents, key=valeurs.__getitem__), min(presents, key=valeurs.__getitem__)}
    if muets - 1 in valeurs:
        dits.add(muets - 1)
    return dits
