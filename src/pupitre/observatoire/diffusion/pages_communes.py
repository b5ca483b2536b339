"""A page for each commune: its own months, and its secteurs over twelve months."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from itertools import groupby

from pupitre.documents import depuis_resultat
from pupitre.documents.bulletin.faits import LigneTheme, PageTheme, Tableau
from pupitre.moteur import statistiques
from pupitre.moteur.calcul import Demande
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Absent, Valeur
from pupitre.observatoire.chiffres import commentaires, periodes
from pupitre.observatoire.chiffres.classements import classer
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import LECTURES, Sujet
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.diffusion.chantier import Chantier
from pupitre.observatoire.diffusion.communes import PREFIXE
from pupitre.socle.texte import enumeration, pourcent
from pupitre.territoires.models import Commune

LIGNES_MAX, PAR_SOURCE, SECTEURS_MAX = 12, 3, 10


def ecrire(chantier: Chantier) -> list[PageTheme]:
    """One page a commune that at least one source tells apart; none for a council of a single commune."""
    pages = (_page(chantier, c) for c in _communes(chantier))
    return [p for p in pages if p is not None]


def a_lire(chantier: Chantier) -> list[list[Sujet]]:
    """What the pages will ask by themselves, source by source and commune by commune."""
    return [
        list(siens)
        for commune in _communes(chantier)
        for _, siens in groupby(_sujets(chantier, commune), lambda s: s.source.code)
    ]


def a_classer(chantier: Chantier) -> list[Demande]:
    """The ranking of secteurs that the page of each commune tries first."""
    demandes = []
    for commune in _communes(chantier):
        siens = _secteurs_de(chantier, commune)
        for sujet in [s for s in _sujets(chantier, commune) if siens & set(s.profil.secteurs)][:1]:
            with contextlib.suppress(MesureRefusee):
                demandes.append(chantier.classement(sujet, "secteur"))
    return demandes


def _communes(chantier: Chantier) -> tuple[Commune, ...]:
    communes = chantier.lecteur.territoire.communes
    return communes if chantier.pas is Pas.MOIS and len(communes) > 1 else ()


def _sujets(chantier: Chantier, commune: Commune) -> list[Sujet]:
    lecteur, trouves = chantier.lecteur, []
    for code, source in lecteur.sources.items():
        profil = lecteur.etat.profils[code]
        if periodes.pas_de(profil) is not Pas.MOIS or chantier.debut not in profil.periodes:
            continue
        lieu = next(
            (
                p
                for p in perimetres(lecteur.territoire, profil)
                if commune.code in p.communes and (p.niveau == "commune" or len(p.communes) == 1)
            ),
            None,
        )
        if lieu is not None:
            trouves += [Sujet(source, profil, i, lieu) for i in indicateurs(profil, source.nom)[:PAR_SOURCE]]
    return trouves[:LIGNES_MAX]


def _page(chantier: Chantier, commune: Commune) -> PageTheme | None:
    sujets = _sujets(chantier, commune)
    lignes: list[tuple[Sujet, tuple[Valeur, ...], tuple[Valeur, Valeur]]] = []
    for sujet in sujets:
        try:
            resultat = chantier.total(sujet)
        except MesureRefusee:
            continue
        chantier.retenir(resultat)
        valeurs = next(resultat.dicts())
        lignes.append(
            (sujet, tuple(valeurs[c] for c in resultat.index), (valeurs["n"], valeurs["precedent"]))
        )
    if not lignes:
        return None
    jugees = iter(statistiques.evolutions([c for *_, c in lignes if _entiers(c)]))
    ecrites = [_ligne(chantier, li, next(jugees) if _entiers(li[2]) else None) for li in lignes]
    entetes = tuple(libelle for _, libelle, _ in chantier.colonnes(lignes[0][0]))
    return PageTheme(
        cle=f"{PREFIXE}{commune.code}",
        titre=commune.nom,
        accroche=_accroche(ecrites),
        sens=_sens(ecrites),
        commentaires=(
            "Les chiffres de la commune, source par source. Ils ne s’additionnent pas, et ne couvrent que les "
            "partenaires qui distinguent la commune.",
        ),
        tableau=Tableau(
            titre="La commune ce mois-ci",
            colonnes=entetes,
            lignes=tuple(ecrites),
            note="Une variation n’est écrite que si elle dépasse ce que le hasard produit.",
        ),
        classement=_secteurs(chantier, commune, [s for s, *_ in lignes]),
        source=f"Sources\u202f: {enumeration(list(dict.fromkeys(s.source.organisation.nom for s, *_ in lignes)))}.",
        fictif=any(s.source.fictive for s, *_ in lignes),
    )


def _entiers(couple: tuple[Valeur, Valeur]) -> bool:
    return all(isinstance(v, int) for v in couple)


def _ligne(chantier: Chantier, ligne, evolution) -> LigneTheme:
    sujet, valeurs, _ = ligne
    rupture = periodes.rupture_entre(sujet.ruptures, chantier.avant, chantier.debut)
    parle = evolution is not None and rupture is None
    variation = ""
    if parle and evolution.significatif and evolution.pourcentage is not None:
        variation = pourcent(evolution.pourcentage, avec_signe=True)
    return LigneTheme(
        libelle=f"{sujet.indicateur.libelle} ({sujet.source.organisation.nom})",
        valeurs=valeurs,
        variation=variation,
        lecture=LECTURES[evolution.sens] if parle else "rupture de série" if rupture else "sans comparaison",
        sens=commentaires.SENS[evolution.sens] if parle else commentaires.Sens.INCONNU,
        unite=sujet.indicateur.unite,
    )


def _sens(lignes: list[LigneTheme]) -> commentaires.Sens:
    tous = {li.sens for li in lignes}
    for sens in (commentaires.Sens.HAUSSE, commentaires.Sens.BAISSE, commentaires.Sens.ORDINAIRE):
        if sens in tous:
            return sens
    return commentaires.Sens.INCONNU


def _accroche(lignes: list[LigneTheme]) -> str:
    def noms(sens: commentaires.Sens) -> list[str]:
        return [li.libelle[:1].lower() + li.libelle[1:] for li in lignes if li.sens is sens]

    phrases = []
    if hausses := noms(commentaires.Sens.HAUSSE):
        phrases.append(f"En hausse significative\u202f: {enumeration(hausses)}.")
    if baisses := noms(commentaires.Sens.BAISSE):
        phrases.append(f"En baisse significative\u202f: {enumeration(baisses)}.")
    return " ".join(phrases) or "Pas d’évolution significative."


def _secteurs_de(chantier: Chantier, commune: Commune) -> set[str]:
    return {s.code for s in chantier.lecteur.territoire.secteurs if s.commune_id == commune.code}


def _secteurs(chantier: Chantier, commune: Commune, sujets: list[Sujet]):
    """The commune's secteurs for the first source that tells them, over the last whole half-years."""
    siens = _secteurs_de(chantier, commune)
    for sujet in sujets:
        if not siens & set(sujet.profil.secteurs):
            continue
        try:
            resultat = classer(chantier.lecteur, chantier.classement(sujet, "secteur"))
        except MesureRefusee:
            continue
        chantier.retenir(resultat)
        classement = depuis_resultat.classement_de(
            resultat, code="secteur", libelle="libelle", valeur="an", taux="taux", precedent="precedent"
        )
        rangs = tuple(r for r in classement.rangs if r.code in siens)[:SECTEURS_MAX]
        if any(not isinstance(r.valeur, Absent) for r in rangs):
            titre = f"{sujet.indicateur.libelle} par secteur, {resultat.contexte.periode.libelle}"
            return replace(classement, rangs=rangs, titre=titre)
    return None
