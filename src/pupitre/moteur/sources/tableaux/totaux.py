"""Total rows and columns are never counted: they are a check on what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pupitre.moteur.erreurs import Lieu
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.observations import TotalVerifie
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.blocs import Bloc, verifier_total
from pupitre.moteur.sources.lecture.textes import est_total, lire_compte, nettoyer
from pupitre.moteur.sources.tableaux.tableau import Tableau

DITES_UNE_A_UNE = 3
Sommes = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Ligne:
    """One row of totals: what it announces per column, and what the rows that it sums up hold."""

    ligne: int
    annonces: tuple[float | None, ...]
    sommes: Sommes
    sans_renvois: Sommes
    ensemble: bool

    @property
    def ecarts(self) -> list[int]:
        return [c for c, a in enumerate(self.annonces) if a is not None and a != self.sommes[c]]


def verifier_lignes_de_total(tableau: Tableau, bloc: Bloc, journal: Journal) -> tuple[TotalVerifie, ...]:
    """Compares each row of totals with the sum of its rows: those since the total before, or all of them."""
    if not bloc.comptes.n.size or not tableau.totaux:
        return ()
    lignes = _lignes(tableau, bloc)
    for ligne in lignes:
        for c in ligne.ecarts:
            _signaler(tableau, bloc, lignes, ligne, c, journal)
    _dire_les_justes(tableau, [ligne for ligne in lignes if not ligne.ecarts], journal)
    titres = [nettoyer(tableau.feuille.cellule(tableau.entete, int(c)) or "") for c in bloc.colonnes]
    return tuple(
        TotalVerifie(
            titres[c],
            annonce,
            float(ligne.sommes[c]),
            ligne.ensemble,
            Lieu(**tableau.feuille.lieu(ligne.ligne, int(bloc.colonnes[c]))),
        )
        for ligne in lignes
        for c, annonce in enumerate(ligne.annonces)
        if annonce is not None
    )


def _lignes(tableau: Tableau, bloc: Bloc) -> list[_Ligne]:
    carre, nets = bloc.carre_exact(), bloc.sans_renvois()
    resultat: list[_Ligne] = []
    debut = 0
    for ligne in tableau.totaux:
        fin = int(np.searchsorted(tableau.lignes, ligne))
        annonces = tuple(lire_compte(tableau.feuille.cellule(ligne, int(c))).valeur for c in bloc.colonnes)

        def de(depuis: int, ensemble: bool, ligne: int = ligne, fin: int = fin, a=annonces) -> _Ligne:  # type: ignore[no-untyped-def]
            return _Ligne(
                ligne, a, carre[:, depuis:fin].sum(axis=1), nets[:, depuis:fin].sum(axis=1), ensemble
            )

        groupe, tout = de(debut, False), de(0, True)
        if debut == 0 or debut == fin:
            choisie = tout
        elif _dit_sous_total(tableau, ligne):
            choisie = groupe
        else:
            choisie = groupe if len(groupe.ecarts) <= len(tout.ecarts) else tout
        resultat.append(choisie)
        debut = fin
    return _requalifier(resultat)


def _requalifier(lignes: list[_Ligne]) -> list[_Ligne]:
    """The first of several totals sums up its group only: the last one, and no other, is the file's."""
    if len(lignes) > 1:
        premiere = lignes[0]
        lignes[0] = _Ligne(premiere.ligne, premiere.annonces, premiere.sommes, premiere.sans_renvois, False)
    return lignes


def _dit_sous_total(tableau: Tableau, ligne: int) -> bool:
    return any("sous" in cle(t) or cle(t).startswith("s/") for t in tableau.feuille.rangee(ligne) if t)


def _signaler(
    tableau: Tableau, bloc: Bloc, lignes: list[_Ligne], ligne: _Ligne, c: int, journal: Journal
) -> None:
    annonce, somme = ligne.annonces[c], float(ligne.sommes[c])
    message = f"Le total écrit est {_nombre(annonce)}, la somme des lignes lues est {_nombre(somme)}."
    if annonce == float(ligne.sans_renvois[c]):
        message += " L’écart est celui des nombres qui portent un renvoi de note."
    elif ligne.ensemble and len(lignes) > 1:
        groupes = sum(autre.annonces[c] or 0.0 for autre in lignes if not autre.ensemble)
        fautifs = [
            autre
            for autre in lignes
            if not autre.ensemble and autre.annonces[c] is not None and c in autre.ecarts
        ]
        if groupes == annonce and fautifs:
            places = ", ".join(str(tableau.feuille.lieu(f.ligne)["ligne"]) for f in fautifs[:5])
            message += (
                f" Il est bien la somme des {sum(not a.ensemble for a in lignes)} totaux intermédiaires\u202f: "
                f"l’écart vient de ceux de la ligne {places}."
            )
    journal.avertir("total_faux", message, **tableau.feuille.lieu(ligne.ligne, int(bloc.colonnes[c])))


def _nombre(valeur: float | None) -> str:
    if valeur is None:
        return ""
    if valeur == int(valeur):
        return f"{int(valeur):,}".replace(",", "\u202f")
    return f"{valeur:,.2f}".rstrip("0").replace(",", "\u202f").replace(".", ",")


def _dire_les_justes(tableau: Tableau, justes: Sequence[_Ligne], journal: Journal) -> None:
    if len(justes) > DITES_UNE_A_UNE:
        journal.informer(
            "total_ecarte",
            f"{len(justes)} lignes de total sont mises de côté et concordent avec la somme de leurs lignes.",
            **tableau.feuille.lieu(justes[0].ligne),
        )
        return
    for ligne in justes:
        lue = any(a is not None for a in ligne.annonces)
        suite = " et concorde avec la somme" if lue else ""
        journal.informer(
            "total_ecarte", f"La ligne de total est mise de côté{suite}.", **tableau.feuille.lieu(ligne.ligne)
        )


def verifier_colonne_de_total(tableau: Tableau, bloc: Bloc, lues: set[int], journal: Journal) -> None:
    """Compares the column of totals, when there is one and one only, with the sum of each row."""
    feuille = tableau.feuille
    titres = {c: feuille.cellule(tableau.entete, c) for c in range(feuille.largeur)}
    totaux = [c for c, t in titres.items() if est_total(t) and c not in lues]
    if Counter(est_total(t) for t in titres.values())[True] == 1 and totaux:
        places = [(int(ligne), totaux[0]) for ligne in tableau.lignes]
        verifier_total(feuille, "colonne", bloc.carre().sum(axis=0), places, journal)
