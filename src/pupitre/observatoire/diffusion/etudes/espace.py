"""Third part of the study: how sensitive each quartier is, source by source, and how that moves.

Secteurs are read over twelve months in whole half-years, as everywhere outside the team (ADR 0008).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pupitre.documents import depuis_resultat
from pupitre.documents.ecrits import ACompleter, Bloc, Figure, Grille, Paragraphe, Titre
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Absent, Resultat, Valeur
from pupitre.moteur.statistiques import benjamini_yekutieli, binomial_conditionnel
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.classements import classer, demande_de_classement
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.chiffres.tableau import contours_des_secteurs
from pupitre.observatoire.diffusion.etudes.phenomenes import Matiere, ecrire_valeur
from pupitre.socle.texte import enumeration, nombre, pluriel

SEUIL = 0.05
PLUS, MOINS, COMPARABLE, INCONNU = "plus touché", "moins touché", "comparable", "n.\u00a0d."


@dataclass(frozen=True)
class Carnet:
    """One source read by secteur: its ranking, and a word for each secteur against the rest of the territory."""

    sujet: Sujet
    classement: Resultat
    mots: dict[str, str]


def lire(matiere: Matiere) -> list[Carnet]:
    carnets = []
    for code, source in matiere.lecteur.sources.items():
        profil = matiere.lecteur.etat.profils[code]
        choix = indicateurs(profil, source.nom)
        if not profil.secteurs or periodes.pas_de(profil) is not Pas.MOIS or not choix:
            continue
        lieu = perimetres(matiere.lecteur.territoire, profil)[0]
        sujet = Sujet(source, profil, choix[0], lieu)
        debut = matiere.semestre.dernier_mois
        try:
            avant = periodes.un_an_avant(debut, Pas.MOIS)
            demande = demande_de_classement(matiere.lecteur, sujet, "secteur", debut, avant, Pas.MOIS)
            classement = classer(matiere.lecteur, demande)
        except MesureRefusee:
            nom = f"{source.organisation.nom}, {source.nom}"
            matiere.manquants[f"{nom}\u202f: pas encore de chiffres par secteur pour ce semestre."] = None
            continue
        matiere.noter(classement)
        carnets.append(Carnet(sujet, classement, situer(matiere.lecteur, sujet, classement)))
    return carnets


def situer(lecteur: Lecteur, sujet: Sujet, classement: Resultat) -> dict[str, str]:
    """Each secteur against all the others together: rates compared by the conditional binomial test, corrected
    for the number of secteurs (Benjamini–Yekutieli). A withheld or unexposed one has no word.
    """
    expositions = lecteur.territoire.population(sujet.indicateur.denominateur)
    connus = {
        str(li["secteur"]): (li["an"], expositions[str(li["secteur"])])
        for li in classement.dicts()
        if isinstance(li["an"], int) and expositions.get(str(li["secteur"]))
    }
    total, exposes = sum(n for n, _ in connus.values()), sum(e for _, e in connus.values())
    essais: dict[str, tuple[float, bool]] = {}
    for code, (n, exposition) in connus.items():
        reste, autour = total - n, exposes - exposition
        if autour > 0 and total > 0:
            p = binomial_conditionnel(n, reste, exposition, autour).p or 1.0
            essais[code] = (p, n * autour > reste * exposition)
    ajustes = benjamini_yekutieli([p for p, _ in essais.values()])
    mots = {str(li["secteur"]): INCONNU for li in classement.dicts()}
    for (code, (_, au_dessus)), p in zip(essais.items(), ajustes, strict=True):
        mots[code] = (PLUS if au_dessus else MOINS) if p <= SEUIL else COMPARABLE
    return mots


def ecrire(matiere: Matiere, carnets: list[Carnet]) -> list[Bloc]:
    if not carnets:
        return [
            Paragraphe(
                "Aucune source n’est localisée par secteur sur deux semestres entiers\u202f: l’étude dans l’espace "
                "n’est pas possible ce semestre."
            )
        ]
    blocs: list[Bloc] = [Paragraphe(resume(matiere, carnets)), _croisement(matiere, carnets)]
    for carnet in carnets:
        blocs += [Titre(2, _titre(carnet)), *_carte(matiere, carnet), _detail(carnet)]
    blocs.append(
        ACompleter(
            "La sensibilité de chaque quartier vue du terrain\u202f: ce que les chiffres montrent mal (peu de "
            "plaintes, faits déplacés, travaux), et ce qui a changé depuis le semestre précédent."
        )
    )
    return blocs


def _titre(carnet: Carnet) -> str:
    libelle = carnet.sujet.indicateur.libelle
    return f"{carnet.sujet.source.organisation.nom}, {libelle[:1].lower()}{libelle[1:]}"


def resume(matiere: Matiere, carnets: list[Carnet]) -> str:
    """Secteurs that several sources place above the rest, in words."""
    noms = matiere.lecteur.territoire.noms()
    comptes: dict[str, int] = {}
    for carnet in carnets:
        for code, mot in carnet.mots.items():
            if mot == PLUS:
                comptes[code] = comptes.get(code, 0) + 1
    plusieurs = sorted((c for c, n in comptes.items() if n > 1), key=lambda c: (-comptes[c], noms.get(c, c)))
    debut = f"{pluriel(len(carnets), 'source')} se lisent par secteur, côte à côte et sans addition. "
    if plusieurs:
        cites = enumeration([f"{noms.get(c, c)} ({comptes[c]} sources)" for c in plusieurs])
        return debut + f"**Plus touchés que l’ensemble selon plusieurs sources\u202f: {cites}.**"
    if comptes:
        cites = enumeration([noms.get(c, c) for c in sorted(comptes, key=lambda c: noms.get(c, c))])
        return debut + f"Plus touchés que l’ensemble selon une source\u202f: {cites}. Aucun selon plusieurs."
    return debut + "**Aucun secteur ne se détache** plus que ne le veut le hasard."


_SIGNES = {PLUS: "**+**", MOINS: "−", COMPARABLE: "=", INCONNU: INCONNU}


def _croisement(matiere: Matiere, carnets: list[Carnet]) -> Grille:
    """One numbered column a source: a dozen of their names would not fit a page."""
    noms = matiere.lecteur.territoire.noms()
    codes = sorted({c for k in carnets for c in k.mots}, key=lambda c: noms.get(c, c))
    lignes = []
    for code in codes:
        mots = [k.mots.get(code) for k in carnets]
        dits = [m for m in mots if m not in (None, INCONNU)]
        bilan = f"{mots.count(PLUS)} sur {len(dits)}" if dits else "—"
        lignes.append((noms.get(code, code), *(_SIGNES[m] if m else "" for m in mots), bilan))
    cles = ", ".join(f"{i}\u202f: {_titre(k)}" for i, k in enumerate(carnets, 1))
    return Grille(
        legende="Chaque secteur par rapport aux autres, source par source, sur douze mois",
        entetes=("Secteur", *(str(i) for i in range(1, len(carnets) + 1)), "Sources où il est plus touché"),
        lignes=tuple(lignes),
        largeurs=(2.6, *(0.75 for _ in carnets), 1.8),
        a_droite=(len(carnets) + 1,),
        note=(
            "+\u202f: plus touché que les autres secteurs, au-delà du hasard et compte tenu du nombre de secteurs "
            "comparés\u202f; −\u202f: moins touché\u202f; =\u202f: comparable\u202f; n.\u00a0d.\u202f: valeur non "
            "diffusée ou population inconnue\u202f; case vide\u202f: la source ne voit pas ce secteur. "
            f"Sources\u202f: {cles}."
        ),
    )


def _carte(matiere: Matiere, carnet: Carnet) -> list[Bloc]:
    jour: date = carnet.classement.contexte.periode.fin
    contours = contours_des_secteurs(matiere.lecteur, carnet.sujet, jour)
    taux = any(isinstance(v, float) for v in carnet.classement.colonne("taux"))
    if not contours:
        return []
    carte = depuis_resultat.carte_de(
        carnet.classement,
        contours,
        code="secteur",
        valeur="taux" if taux else "an",
        decimales=1 if taux else 0,
        titre=carnet.classement.contexte.titre,
    )
    noms = [f"{i}. {z.libelle}" for i, z in enumerate(carte.zones, 1)]
    return [Figure(carte, f"{' · '.join(noms)}. Hachures\u202f: valeur non diffusée.", hauteur=85)]


def _detail(carnet: Carnet) -> Grille:
    resultat = carnet.classement
    entetes = {c.cle: c.libelle for c in resultat.colonnes}
    return Grille(
        legende=f"{carnet.sujet.indicateur.libelle} par secteur",
        entetes=(
            "Secteur",
            entetes["an"],
            entetes["precedent"],
            entetes["taux"],
            "Évolution",
            "Par rapport à l’ensemble",
        ),
        lignes=tuple(
            (
                str(li["libelle"]),
                ecrire_valeur(li["an"]),
                ecrire_valeur(li["precedent"]),
                _taux(li["taux"]),
                str(li["lecture"]),
                carnet.mots[str(li["secteur"])],
            )
            for li in resultat.dicts()
        ),
        largeurs=(2.6, 1.4, 1.4, 1.3, 1.8, 1.6),
        a_droite=(1, 2, 3),
        note=f"Unité\u202f: {resultat.contexte.unite}. {resultat.contexte.periode.libelle.capitalize()}.",
    )


def _taux(valeur: Valeur) -> str:
    return str(valeur) if isinstance(valeur, Absent) or not isinstance(valeur, float) else nombre(valeur, 1)
