"""The état 4001 as a police service sends it each month: index × months, or index × communes for a month.

The header is looked for among the first rows. Each sheet that has one is read. Without a description,
the territory is the title above the table, or the sheet's name; the month of an index × communes table
is looked for in the title, the sheet's name, then the file's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.nomenclatures import etat4001
from pupitre.moteur.nomenclatures.libelles import cle
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
from pupitre.moteur.sources.lecture.contexte import annee_autour, textes_autour, titres_au_dessus
from pupitre.moteur.sources.lecture.fabrique import Codes, reunir, table
from pupitre.moteur.sources.lecture.lieux import comparables, lire_commune
from pupitre.moteur.sources.lecture.periodes import Duree, lire_periode, periode_dans
from pupitre.moteur.sources.lecture.textes import est_total, nettoyer

FORMAT = "etat4001_mensuel"
DERIVEE = re.compile(r"var(?:iation|\.|\b)|evol|ecart|%|taux|part\b|difference|rang\b")
DOCUMENT = re.compile(
    r"\b(?:les |l[’'])?[ée]tats? (?:n° ?)?4001(?: mensuels?)?\b|\b4001\b|\bann[ée]e\b|\bmois d(?:e |[’'])"
    r"|\b(?:jan(?:v|vier)?|f[ée]v(?:r|rier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|sept(?:embre)?"
    r"|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?)\b\.?|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
NOMS_BANALS = ("feuil", "sheet", "feuille", "page", "tableau", "")


@dataclass(frozen=True, slots=True)
class Case:
    """Meaning of one column of counts."""

    colonne: int
    duree: Duree
    territoire: str
    commune: str | None


def lire(fichier: Path, description: Description | None = None, nom: str | None = None) -> Releve:
    """Reads every sheet that has an index column. `nom`: the file's, without its extension.

    Of the description, `feuille`, `annee`, `periode_fixe`, `territoire_fixe`, `commune_fixe` and
    `communes` are used. Raises FichierRefuse when no sheet has an index column.
    """
    return lire_classeur(ouvrir(fichier), description or Description(format=FORMAT), nom or fichier.stem)


def lire_classeur(classeur: Classeur, description: Description, nom_fichier: str) -> Releve:
    """Same as `lire`, on a file already opened; `nom_fichier` may tell the month."""
    journal = Journal()
    tables: list[pa.Table] = []
    lues: list[str] = []
    vides = 0
    extrait: tuple[tuple[str, ...], ...] = ()
    noms = (description.feuille,) if description.feuille else classeur.noms
    for nom in noms:
        feuille = classeur.feuille(nom)
        entete = trouver_entete(feuille) if feuille.largeur > 1 else None
        if entete is None:
            if feuille.hauteur:
                journal.informer(
                    "feuille_ignoree",
                    "Cette feuille n’a pas de colonne d’index\u202f: elle n’est pas lue.",
                    **feuille.lieu(),
                )
            continue
        lues.append(feuille.nom)
        extrait = extrait or feuille.extrait()
        manquants, observations = _lire_feuille(feuille, entete, description, nom_fichier, journal)
        vides += manquants
        tables.append(observations)
    if not lues:
        raise FichierRefuse(
            "Ce fichier n’est pas un état 4001.",
            "Aucune feuille n’a de colonne d’index suivie de numéros de 1 à 107.",
            "Vérifiez le fichier, ou choisissez un autre format.",
        )
    return Releve(
        FORMAT,
        reunir(tables),
        vides,
        journal.anomalies,
        feuilles=tuple(n for n in lues if n),
        extrait=extrait,
    )


def _lire_feuille(
    feuille: Feuille, entete: Entete, description: Description, nom_fichier: str, journal: Journal
) -> tuple[int, pa.Table]:
    rangees = lire_rangees(feuille, entete, journal)
    cases, totaux = _cases(feuille, entete, rangees, description, nom_fichier, journal)
    lignes = [r for r in rangees if r.numero]
    bloc = lire_bloc(feuille, [r.ligne for r in lignes], [c.colonne for c in cases], journal)
    _verifier_totaux(feuille, bloc, rangees, totaux, journal)
    verifier_inutilises(feuille, bloc, lignes, journal)
    garder = bloc.garder
    nombre = len(lignes)
    index = etat4001.index()
    fiches = [index[r.numero] for r in lignes if r.numero]
    ligne = np.tile(np.arange(nombre, dtype=np.int32), len(cases))[garder]
    case = np.repeat(np.arange(len(cases), dtype=np.int32), nombre)[garder]
    precision = [PrecisionLieu.COMMUNE if c.commune else PrecisionLieu.TERRITOIRE for c in cases]
    return bloc.vides, table(
        len(ligne),
        nature=Codes(ligne, [f.code for f in fiches]),
        debut=Codes(case, [c.duree.debut for c in cases]),
        fin=Codes(case, [c.duree.fin for c in cases]),
        granularite=Codes(case, [c.duree.granularite.value for c in cases]),
        territoire=Codes(case, [c.territoire or None for c in cases]),
        commune=Codes(case, [c.commune for c in cases]),
        precision_lieu=Codes(case, [p.value for p in precision]),
        n=bloc.comptes.vers_arrow(garder),
        unite=Codes(ligne, [f.unite or None for f in fiches]),
    )


def _cases(
    feuille: Feuille,
    entete: Entete,
    rangees: list[Rangee],
    description: Description,
    nom_fichier: str,
    journal: Journal,
) -> tuple[list[Case], list[int]]:
    """Meaning of each column of counts, then the columns of totals."""
    titres = titres_au_dessus(feuille, entete.ligne)
    autour = textes_autour(feuille, entete.ligne, nom_fichier)
    annee = description.annee or annee_autour(autour)
    entetes: dict[int, str] = {}
    totaux: list[int] = []
    for colonne in range(entete.premiere_donnee, feuille.largeur):
        texte = feuille.cellule(entete.ligne, colonne)
        if est_total(texte):
            totaux.append(colonne)
        elif texte and DERIVEE.match(cle(texte)):
            journal.informer(
                "colonne_ignoree",
                f"«\u202f{nettoyer(texte)[:60]}\u202f» se calcule\u202f: la colonne n’est pas lue.",
                **feuille.lieu(entete.ligne, colonne),
            )
        elif texte and texte.strip():
            entetes[colonne] = nettoyer(texte)
        elif porte_des_comptes(feuille, rangees, colonne):
            journal.bloquante(
                "entete_vide",
                "Cette colonne porte des nombres mais aucun titre\u202f: "
                "des cellules d’en-tête sont-elles fusionnées\u202f?",
                **feuille.lieu(entete.ligne, colonne),
            )
    mois = {c: lire_periode(t, annee) for c, t in entetes.items()}
    if any(mois.values()) or (entetes and all(lire_periode(t, 2000) for t in entetes.values())):
        return _cases_de_mois(feuille, entete, entetes, mois, description, titres, journal), totaux
    return _cases_de_communes(feuille, entete, entetes, description, autour, journal), totaux


def _cases_de_mois(
    feuille: Feuille,
    entete: Entete,
    entetes: dict[int, str],
    mois: dict[int, Duree | None],
    description: Description,
    titres: list[str],
    journal: Journal,
) -> list[Case]:
    territoire = description.territoire_fixe or _territoire(feuille, titres)
    cases: list[Case] = []
    vus: dict[Duree, int] = {}
    for colonne, texte in entetes.items():
        duree = mois[colonne]
        lieu = feuille.lieu(entete.ligne, colonne)
        if duree is None:
            journal.bloquante(
                "periode_illisible", f"«\u202f{texte[:60]}\u202f» n’est pas un mois avec son année.", **lieu
            )
        elif duree in vus:
            journal.bloquante(
                "doublon",
                f"«\u202f{texte[:60]}\u202f» est déjà dans la colonne {feuille.lieu(None, vus[duree])['colonne']}.",
                **lieu,
            )
        else:
            vus[duree] = colonne
            cases.append(Case(colonne, duree, territoire, description.commune_fixe or None))
    if (
        any(c.duree.granularite is not Granularite.MOIS for c in cases)
        and len({c.duree.granularite for c in cases}) > 1
    ):
        journal.bloquante(
            "periodes_melees",
            "Des colonnes portent des mois, d’autres une période plus longue\u202f: des faits compteraient deux fois.",
            **feuille.lieu(entete.ligne),
        )
    return cases


def _territoire(feuille: Feuille, titres: list[str]) -> str:
    """The first title, without the document's name and its date; else the sheet's name."""
    for titre in titres:
        reste = DOCUMENT.sub(" ", titre).strip(" -–—:,.()")
        if re.search(r"[^\W\d_]", reste) and not lire_periode(reste, 2000):
            return nettoyer(reste)
    return "" if cle(feuille.nom).rstrip("0123456789 ") in NOMS_BANALS else feuille.nom


def _cases_de_communes(
    feuille: Feuille,
    entete: Entete,
    entetes: dict[int, str],
    description: Description,
    textes: list[str],
    journal: Journal,
) -> list[Case]:
    duree = lire_periode(description.periode_fixe) if description.periode_fixe else None
    duree = duree or next((d for d in map(periode_dans, textes) if d), None)
    if duree is None:
        journal.bloquante(
            "periode_illisible",
            "Aucun mois n’est écrit dans le titre, le nom de la feuille ou le nom du fichier.",
            **feuille.lieu(),
        )
        return []
    connues = comparables(description.communes)
    cases: list[Case] = []
    vus: dict[str, int] = {}
    for colonne, texte in entetes.items():
        commune = lire_commune(texte, connues)
        lieu = feuille.lieu(entete.ligne, colonne)
        if cle(texte) in vus:
            journal.bloquante(
                "doublon", f"«\u202f{texte[:60]}\u202f» est déjà le titre d’une autre colonne.", **lieu
            )
            continue
        vus[cle(texte)] = colonne
        if commune.zero_perdu:
            journal.avertir(
                "zero_perdu", f"«\u202f{texte}\u202f» est lu comme le code {commune.code}.", **lieu
            )
        if not commune.code:
            message = f"La commune «\u202f{texte[:60]}\u202f» n’est pas reconnue."
            if connues:
                journal.bloquante("commune_inconnue", message, **lieu)
            else:
                journal.avertir("commune_inconnue", message, **lieu)
        cases.append(Case(colonne, duree, texte, commune.code or None))
    return cases


def _verifier_totaux(
    feuille: Feuille, bloc: Bloc, rangees: list[Rangee], totaux: list[int], journal: Journal
) -> None:
    carre = bloc.carre()
    ecarter_le_reste(feuille, rangees, int(carre.sum()), journal)
    if not bloc.comptes.n.size:
        return
    for r in rangees:
        if r.total:
            verifier_total(
                feuille, "ligne", carre.sum(axis=1), [(r.ligne, int(c)) for c in bloc.colonnes], journal
            )
    for colonne in totaux:
        places = [(int(ligne), colonne) for ligne in bloc.lignes]
        verifier_total(feuille, "colonne", carre.sum(axis=0), places, journal)
