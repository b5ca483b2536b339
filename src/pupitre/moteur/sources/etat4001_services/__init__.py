"""The état 4001 by service and year, as the ministry publishes it since 2012.

One sheet per year and force; three header rows for the police (year and département, périmètre, service),
two for the gendarmerie. A territory is the service's name as published. In the real workbook a name is
unique within its sheet and never changes département; were it repeated, département and périmètre would
be added in brackets so that two services never merge.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.nomenclatures import etat4001
from pupitre.moteur.observations import Granularite, PrecisionLieu, Releve
from pupitre.moteur.sources.description import Description
from pupitre.moteur.sources.etat4001.lignes import (
    Entete,
    Rangee,
    ecarter_le_reste,
    lire_rangees,
    porte_des_comptes,
    trouver_entete,
    verifier_inutilises,
)
from pupitre.moteur.sources.fichiers.ouverture import Classeur, Feuille, ouvrir
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.blocs import Bloc, lire_bloc, verifier_total
from pupitre.moteur.sources.lecture.fabrique import Codes, reunir, table
from pupitre.moteur.sources.lecture.textes import est_total, nettoyer

FORMAT = "etat4001_services"
ANNEE = re.compile(r"(?<!\d)(19[789]\d|20\d\d)(?!\d)")
TITRE = re.compile(r"services? de police|compagnies? de gendarmerie|services? (?:pn|gn)\b", re.IGNORECASE)


def est_feuille_de_services(feuille: Feuille) -> bool:
    """True for a sheet index × services: a title with its force, and départements on the same row."""
    return bool(TITRE.search(feuille.cellule(0, 0) or "")) and trouver_entete(feuille) is not None


def lire(fichier: Path, description: Description | None = None) -> Releve:
    """Reads the whole workbook; sheets that are not index × services are left aside and named.

    Raises FichierRefuse when no sheet has that layout. Observations are in the order of sheets, then of
    columns, then of rows. `description` is not used: the layout is the ministry's.
    """
    return lire_classeur(ouvrir(fichier))


def lire_classeur(classeur: Classeur) -> Releve:
    """Same as `lire`, on a file already opened."""
    journal = Journal()
    tables: list[pa.Table] = []
    lues: list[str] = []
    annees: set[int] = set()
    vides = 0
    extrait: tuple[tuple[str, ...], ...] = ()
    for feuille in classeur.feuilles():
        entete = trouver_entete(feuille) if feuille.largeur > 2 else None
        if entete is None:
            journal.informer(
                "feuille_ignoree",
                "Cette feuille n’est pas un tableau d’index\u202f: elle n’est pas lue.",
                **feuille.lieu(),
            )
            continue
        lues.append(feuille.nom)
        extrait = extrait or feuille.extrait()
        annee = _annee(feuille, journal)
        bloc, observations = _lire_feuille(feuille, entete, annee, journal)
        vides += bloc.vides
        if annee:
            annees.add(annee)
            tables.append(observations)
    if not lues:
        raise FichierRefuse(
            "Ce classeur n’est pas un état 4001 par service.",
            "Aucune feuille n’a de colonne «\u202fCode index\u202f» suivie de numéros.",
            "Vérifiez le fichier, ou choisissez un autre format.",
        )
    return Releve(
        FORMAT,
        reunir(tables),
        vides,
        journal.anomalies,
        "Ministère de l’Intérieur",
        "–".join(dict.fromkeys(str(a) for a in (min(annees), max(annees)))) if annees else "",
        tuple(lues),
        extrait,
    )


def _annee(feuille: Feuille, journal: Journal) -> int | None:
    """Year of a sheet: its title in A1, checked against the sheet's name."""
    titre = ANNEE.findall(feuille.cellule(0, 0) or "")
    nom = ANNEE.findall(feuille.nom)
    if titre and nom and titre[0] != nom[0]:
        journal.bloquante(
            "annee_incoherente",
            f"Le titre dit {titre[0]} et le nom de la feuille dit {nom[0]}.",
            **feuille.lieu(0, 0),
        )
        return None
    if not titre and not nom:
        lu = nettoyer(feuille.cellule(0, 0) or "")
        journal.bloquante(
            "annee_illisible",
            f"Aucune année en chiffres dans le titre «\u202f{lu[:60]}\u202f».",
            **feuille.lieu(0, 0),
        )
        return None
    return int((titre or nom)[0])


def _lire_feuille(
    feuille: Feuille, entete: Entete, annee: int | None, journal: Journal
) -> tuple[Bloc, pa.Table]:
    rangees = lire_rangees(feuille, entete, journal)
    noms, colonnes, totaux = _services(feuille, entete, rangees, journal)
    lignes = [r for r in rangees if r.numero]
    bloc = lire_bloc(feuille, [r.ligne for r in lignes], colonnes, journal)
    _verifier_totaux(feuille, bloc, rangees, totaux, journal)
    verifier_inutilises(feuille, bloc, lignes, journal)
    if annee is None:
        return bloc, table(0)
    garder = bloc.garder
    nombre = len(lignes)
    index = etat4001.index()
    fiches = [index[r.numero] for r in lignes if r.numero]
    rang_ligne = np.tile(np.arange(nombre, dtype=np.int32), len(colonnes))[garder]
    rang_service = np.repeat(np.arange(len(colonnes), dtype=np.int32), nombre)[garder]
    return bloc, table(
        int(np.count_nonzero(garder)),
        nature=Codes(rang_ligne, [f.code for f in fiches]),
        debut=date(annee, 1, 1),
        fin=date(annee, 12, 31),
        granularite=Granularite.ANNEE.value,
        territoire=Codes(rang_service, noms),
        precision_lieu=PrecisionLieu.TERRITOIRE.value,
        n=bloc.comptes.vers_arrow(garder),
        unite=Codes(rang_ligne, [f.unite or None for f in fiches]),
    )


def _services(
    feuille: Feuille, entete: Entete, rangees: list[Rangee], journal: Journal
) -> tuple[list[str], list[int], list[int]]:
    """Names of services and their columns, then the columns of totals."""
    bruts: dict[int, str] = {}
    totaux: list[int] = []
    titres = feuille.rangee(entete.ligne)
    for colonne in range(entete.premiere_donnee, feuille.largeur):
        nom = titres[colonne]
        if est_total(nom):
            totaux.append(colonne)
        elif nom and nom.strip():
            bruts[colonne] = nom.strip()
        elif porte_des_comptes(feuille, rangees, colonne):
            journal.bloquante(
                "entete_vide",
                "Cette colonne porte des nombres mais aucun nom de service\u202f: "
                "des cellules d’en-tête sont-elles fusionnées\u202f?",
                **feuille.lieu(entete.ligne, colonne),
            )
    repetes = {nom for nom, fois in Counter(bruts.values()).items() if fois > 1}
    # A dict keeps the order of columns and finds a name at once among 800.
    noms: dict[str, None] = {}
    colonnes: list[int] = []
    for colonne, nom in bruts.items():
        final = _distinguer(feuille, entete, colonne, nom) if nom in repetes else nom
        if final in noms:
            journal.bloquante(
                "doublon",
                f"Le service «\u202f{final}\u202f» est déjà dans cette feuille.",
                **feuille.lieu(entete.ligne, colonne),
            )
            continue
        if final != nom:
            journal.avertir(
                "nom_repete",
                f"Plusieurs services s’appellent «\u202f{nom}\u202f»\u202f: "
                f"celui-ci est gardé sous «\u202f{final}\u202f».",
                **feuille.lieu(entete.ligne, colonne),
            )
        noms[final] = None
        colonnes.append(colonne)
    return list(noms), colonnes, totaux


def _distinguer(feuille: Feuille, entete: Entete, colonne: int, nom: str) -> str:
    precisions = [feuille.cellule(ligne, colonne) for ligne in range(entete.ligne)]
    utiles = [nettoyer(p) for p in precisions if p and p.strip()]
    return f"{nom} ({', '.join(utiles)})" if utiles else nom


def _verifier_totaux(
    feuille: Feuille, bloc: Bloc, rangees: list[Rangee], totaux: list[int], journal: Journal
) -> None:
    carre = bloc.carre()
    ecarter_le_reste(feuille, rangees, int(carre.sum()), journal)
    if not bloc.comptes.n.size:
        return
    for r in rangees:
        if r.total:
            places = [(r.ligne, int(c)) for c in bloc.colonnes]
            verifier_total(feuille, "ligne", carre.sum(axis=1), places, journal)
    for colonne in totaux:
        places = [(int(ligne), colonne) for ligne in bloc.lignes]
        verifier_total(feuille, "colonne", carre.sum(axis=0), places, journal)
