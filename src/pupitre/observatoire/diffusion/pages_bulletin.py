"""Pages of a bulletin by theme: what happened, months, detail, places, in frozen facts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pupitre.acces.models import Organisation
from pupitre.documents import depuis_resultat
from pupitre.documents.bulletin.faits import LigneTheme, PageTheme, Tableau
from pupitre.documents.formes import Carte, Classement
from pupitre.moteur import nomenclatures, statistiques
from pupitre.moteur.calcul import Demande
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Pas, suivante
from pupitre.moteur.resultats import Absent, Resultat, Valeur
from pupitre.moteur.statistiques import Evolution
from pupitre.observatoire.chiffres import commentaires, periodes
from pupitre.observatoire.chiffres.classements import classer
from pupitre.observatoire.chiffres.commentaires import Comparee
from pupitre.observatoire.chiffres.indicateurs import Indicateur, indicateurs
from pupitre.observatoire.chiffres.lecteur import LECTURES, RIEN, Lecteur, Sujet, comparer
from pupitre.observatoire.chiffres.perimetres import Perimetre, perimetres
from pupitre.observatoire.chiffres.tableau import (
    MOIS_DE_LA_SERIE,
    axe_de,
    contours_des_secteurs,
    phrase_de_serie,
    serie_dessinee,
)
from pupitre.observatoire.diffusion.chantier import Chantier
from pupitre.observatoire.models import Source
from pupitre.socle.texte import date_longue, enumeration, nombre, pourcent


@dataclass(frozen=True, slots=True)
class Volet:
    """What one source brings to a page: the indicators of its rows, the first being its main one."""

    source: str
    lieu: Perimetre
    lignes: tuple[Indicateur, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A page to write. Several sources stand side by side on it and are never added."""

    cle: str
    titre: str
    volets: tuple[Volet, ...]


# A bulletin is read in ten minutes: themes of the état 4001 side by side, the rest is on the dashboard.
_PAGES_4001: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("personnes", "Violences aux personnes", ("personnes", "violences_sexuelles")),
    ("vols", "Vols contre les personnes", ("vols_violents", "vols")),
    ("cambriolages", "Cambriolages", ("cambriolages",)),
    ("vehicules", "Délinquance liée aux véhicules", ("vehicules",)),
    ("stupefiants", "Stupéfiants et dégradations", ("stupefiants", "destructions")),
)
_PAGES_PARTENAIRES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("transports", "Dans les transports", (Organisation.Nature.TRANSPORTEUR,)),
    ("bailleurs", "Chez les bailleurs", (Organisation.Nature.BAILLEUR,)),
    ("ecole", "Autour de l’école", (Organisation.Nature.EDUCATION,)),
    ("justice", "Justice et protection judiciaire", (Organisation.Nature.JUSTICE, Organisation.Nature.PJJ)),
)
DETAIL_MAX = 12
# Several sources on a page leave room for their map.
DETAIL_A_PLUSIEURS = 9
LIEUX_MAX = 10


def plans(lecteur: Lecteur, pas: Pas) -> list[Plan]:
    """Pages in reading order: the état 4001 by theme, then the partners by kind."""
    pages: dict[str, Plan] = {}

    def ajouter(cle: str, titre: str, volet: Volet) -> None:
        volets = pages[cle].volets if cle in pages else ()
        pages[cle] = Plan(cle, titre, (*volets, volet))

    for code, source in lecteur.sources.items():
        profil = lecteur.etat.profils[code]
        tous = indicateurs(profil, source.nom)
        if not tous or not _compatible(periodes.pas_de(profil), pas):
            continue
        lieu = perimetres(lecteur.territoire, profil)[0]
        if source.format.startswith("etat4001"):
            for cle, titre, lignes in _themes_4001(tous):
                ajouter(f"4001-{code}-{cle}", titre, Volet(code, lieu, lignes))
        else:
            cle, titre = _page_de(source, tous)
            ajouter(cle, titre, Volet(code, lieu, tous))
    ordre = ["4001", "police", *(cle for cle, _, _ in _PAGES_PARTENAIRES), "villes", "doleances"]
    return sorted(
        pages.values(), key=lambda p: next((i for i, o in enumerate(ordre) if p.cle.startswith(o)), 99)
    )


def _page_de(source: Source, tous: tuple[Indicateur, ...]) -> tuple[str, str]:
    nature = source.organisation.nature
    for cle, titre, natures in _PAGES_PARTENAIRES:
        if nature in natures:
            return cle, titre
    if nature == Organisation.Nature.MAIRIE:
        if tous[0].unite == "doléance":
            return "doleances", "Doléances des habitants"
        return "villes", "Relevés des services municipaux"
    return f"police-{source.code}", f"{source.organisation.nom}\u202f: {_minuscule(source.nom)}"


def _compatible(livre: Pas, pas: Pas) -> bool:
    return livre is Pas.MOIS or (pas is Pas.ANNEE and livre in (Pas.ANNEE, Pas.TRIMESTRE))


def _themes_4001(tous: tuple[Indicateur, ...]) -> list[tuple[str, str, tuple[Indicateur, ...]]]:
    seuls = {i.natures[0]: i for i in tous if len(i.natures) == 1}
    for i in tous:
        for n in i.natures:
            seuls.setdefault(n, Indicateur(n, nomenclatures.nature(n).libelle, (n,), i.unite))
    trouves = []
    for cle, titre, themes in _PAGES_4001:
        natures = [n for t in themes for n in nomenclatures.themes()[t].natures]
        groupes = [i for i in tous if len(i.natures) > 1 and set(natures).issuperset(i.natures)]
        groupees = {n for g in groupes for n in g.natures}
        # A page that would not fit says its groupings whole rather than every index.
        place = DETAIL_MAX - len(groupes)
        restes = [seuls[n] for n in natures if n in seuls and (n not in groupees or len(natures) <= place)]
        if groupes or restes:
            rangs = {i.cle: rang for rang, i in enumerate(tous)}
            lignes = sorted((*groupes, *restes), key=lambda i: rangs.get(i.cle, len(rangs)))
            trouves.append((cle, titre, tuple(lignes[:DETAIL_MAX])))
    return trouves


@dataclass(frozen=True, slots=True)
class Detail:
    """The table of a page to write, and what it draws. `retenus` and `sources`: as those of a `Chantier`, of this
    table. Without `principal`: its sources say nothing for this period, or are refused."""

    plan: Plan
    retenus: dict[str, None]
    sources: dict[str, None]
    tableau: Tableau | None = None
    principal: Sujet | None = None
    evolution: Evolution | None = None


def detailler(chantier: Chantier, plan: Plan) -> Detail:
    """First half of a page: what the others will draw is then known, and read at once."""
    a_part = replace(chantier, retenus={}, sources={})
    rien = Detail(plan, a_part.retenus, a_part.sources)
    if not any(_parle(chantier, v) for v in plan.volets):
        return rien
    try:
        tableau, sujets, evolutions = _tableau(a_part, plan.volets)
    except MesureRefusee:
        return rien
    principal = _principal(tableau, sujets, chantier.debut)
    return replace(rien, tableau=tableau, principal=principal, evolution=evolutions[sujets.index(principal)])


def a_dessiner(chantier: Chantier, details: Iterable[Detail]) -> list[Demande]:
    """What the second halves of the pages will ask."""
    demandes = []
    for sujet in (d.principal for d in details if d.principal is not None):
        with contextlib.suppress(MesureRefusee):
            demandes.append(chantier.lecteur.demande_de_serie(*_serie(chantier, sujet)))
        with contextlib.suppress(MesureRefusee):
            axe = axe_de(chantier.lecteur, sujet, chantier.debut, chantier.pas)
            if axe is not None:
                demandes.append(chantier.classement(sujet, axe))
    return demandes


def _serie(chantier: Chantier, sujet: Sujet) -> tuple[Sujet, date, int, Pas]:
    return sujet, chantier.debut, MOIS_DE_LA_SERIE if chantier.pas is Pas.MOIS else 10, chantier.pas


def ecrire(chantier: Chantier, lu: Detail) -> PageTheme | None:
    """The page's facts; None when its sources say nothing for this period."""
    chantier.retenus |= lu.retenus
    chantier.sources |= lu.sources
    plan, volets, detail, principal = lu.plan, lu.plan.volets, lu.tableau, lu.principal
    if detail is None or principal is None:
        return None
    try:
        serie = chantier.lecteur.serie(*_serie(chantier, principal))
        classement, carte, mots = _lieux(chantier, principal)
    except MesureRefusee:
        return None
    chantier.retenir(serie)
    if all(isinstance(v, Absent) for v in serie.colonne("n")):
        return None
    pas, debut = chantier.pas, chantier.debut
    # Judged with the rows of its table: the headline never says more than they do.
    comparee = comparer(principal, serie, debut, chantier.avant, pas)
    if comparee.comparable:
        comparee = replace(comparee, evolution=lu.evolution)
    nom = _nom(principal, len(plan.volets) > 1)
    phrase = phrase_de_serie(serie, pas, chantier.comparaisons)
    lieux = {v.lieu.note: None for v in volets if v.lieu.note}
    return PageTheme(
        cle=plan.cle,
        titre=plan.titre,
        accroche=f"{nom}\u202f: {_minuscule(commentaires.verdict(comparee))}",
        sens=commentaires.sens(comparee),
        commentaires=tuple(
            t
            for t in (
                f"{nom}\u202f: {commentaires.phrase(comparee)} {phrase}".strip(),
                _saillants(detail),
                mots,
                principal.indicateur.reserve,
                *lieux,
            )
            if t
        ),
        a_dire=_a_dire(nom, comparee),
        serie=replace(
            serie_dessinee(serie, pas, chantier.reperes_de(principal)),
            titre=f"{nom}, {'par mois' if pas is Pas.MOIS else 'par année'}",
        ),
        tableau=detail,
        classement=classement,
        carte=carte,
        source=" ".join(_source(chantier.lecteur, _sujet(chantier, v), debut, pas) for v in plan.volets),
        fictif=any(_sujet(chantier, v).source.fictive for v in plan.volets),
    )


def a_lire(chantier: Chantier, plan: Plan) -> list[list[Sujet]]:
    """What the table of the page will ask by itself, source by source: rows of several natures."""
    place = _place(plan.volets)
    groupes = [
        [s for s in _sujets(chantier, volet, place) if len(s.indicateur.natures) != 1]
        for volet in plan.volets
    ]
    return [g for g in groupes if g] if any(_parle(chantier, v) for v in plan.volets) else []


def natures_a_lire(chantier: Chantier, plans: Iterable[Plan]) -> list[tuple[str, Perimetre]]:
    """Sources of which the tables of the pages will ask natures one by one."""
    trouvees = {}
    for plan in plans:
        if any(_parle(chantier, v) for v in plan.volets):
            for v in plan.volets:
                if any(len(i.natures) == 1 for i in v.lignes[: _place(plan.volets)]):
                    trouvees.setdefault(v.source, v.lieu)
    return list(trouvees.items())


def _place(volets: tuple[Volet, ...]) -> int:
    """How many rows a source may have."""
    return DETAIL_MAX if len(volets) == 1 else max(2, DETAIL_A_PLUSIEURS // len(volets))


def _sujets(chantier: Chantier, volet: Volet, place: int) -> list[Sujet]:
    tete = _sujet(chantier, volet)
    return [replace(tete, indicateur=i) for i in volet.lignes[:place]]


def _parle(chantier: Chantier, volet: Volet) -> bool:
    fin = suivante(chantier.debut, chantier.pas)
    return any(chantier.debut <= j < fin for j in chantier.lecteur.etat.profils[volet.source].periodes)


def _principal(detail: Tableau, sujets: list[Sujet], debut: date) -> Sujet:
    """What the page draws: a row that moves more than chance, upwards first, else its first row delivered."""
    for sens in (commentaires.Sens.HAUSSE, commentaires.Sens.BAISSE):
        for ligne, sujet in zip(detail.lignes, sujets, strict=True):
            if ligne.sens is sens:
                return sujet
    return next((s for s in sujets if debut in s.profil.periodes), sujets[0])


def _sujet(chantier: Chantier, volet: Volet) -> Sujet:
    lecteur = chantier.lecteur
    return Sujet(
        lecteur.sources[volet.source], lecteur.etat.profils[volet.source], volet.lignes[0], volet.lieu
    )


def _nom(sujet: Sujet, plusieurs: bool) -> str:
    if not plusieurs or sujet.source.organisation.nom in sujet.indicateur.libelle:
        return sujet.indicateur.libelle
    return f"{sujet.source.organisation.nom}, {_minuscule(sujet.indicateur.libelle)}"


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


def _tableau(
    chantier: Chantier, volets: tuple[Volet, ...]
) -> tuple[Tableau, list[Sujet], list[Evolution | None]]:
    """Rows of every source of the page, judged together, what each is about and how it moves.

    A total stands only within one source.
    """
    lignes: list[tuple[Sujet, str, tuple[Valeur, ...], tuple[Valeur, Valeur]]] = []
    for volet in volets:
        colonnes = chantier.colonnes(_sujet(chantier, volet))
        for sujet in _sujets(chantier, volet, _place(volets)):
            indicateur = sujet.indicateur
            lues = _valeurs(chantier, sujet)
            nom = _nom(sujet, len(volets) > 1) if indicateur is volet.lignes[0] else indicateur.libelle
            couple = (lues.get("n", RIEN), lues.get("precedent", RIEN))
            lignes.append((sujet, nom, tuple(lues.get(cle, RIEN) for cle, _, _ in colonnes), couple))
    ruptures = [periodes.rupture_entre(s.ruptures, chantier.avant, chantier.debut) for s, *_ in lignes]
    jugees = iter(statistiques.evolutions([c for *_, c in lignes if _entiers(c)]))
    ecrites, evolutions = [], []
    for (sujet, nom, valeurs, couple), rupture in zip(lignes, ruptures, strict=True):
        evolution = next(jugees) if _entiers(couple) else None
        evolutions.append(evolution)
        parle = evolution is not None and rupture is None
        codes = sujet.indicateur.codes.replace("index ", "")
        ecrites.append(
            LigneTheme(
                libelle=f"{nom} ({codes})" if codes else nom,
                valeurs=valeurs,
                variation=pourcent(evolution.pourcentage, avec_signe=True)
                if parle and evolution.significatif and evolution.pourcentage is not None
                else "",
                lecture=LECTURES[evolution.sens]
                if parle
                else "rupture de série"
                if rupture
                else "sans comparaison",
                sens=commentaires.SENS[evolution.sens] if parle else commentaires.Sens.INCONNU,
                unite=sujet.indicateur.unite,
                principale=len(sujet.indicateur.natures) > 1,
            )
        )
    entetes = tuple(libelle for _, libelle, _ in chantier.colonnes(_sujet(chantier, volets[0])))
    index = any(s.indicateur.codes for s, *_ in lignes)
    tableau = Tableau(
        titre="Détail",
        colonnes=entetes,
        lignes=tuple(ecrites),
        entete="Nature (index 4001)" if index else "Nature",
        note="Une variation n’est écrite que si elle dépasse ce que le hasard produit.",
    )
    return tableau, [s for s, *_ in lignes], evolutions


def _valeurs(chantier: Chantier, sujet: Sujet) -> Mapping[str, Valeur]:
    if len(sujet.indicateur.natures) == 1:
        return chantier.natures(sujet.source.code, sujet.perimetre).get(sujet.indicateur.natures[0], {})
    resultat = chantier.total(sujet)
    chantier.retenir(resultat)
    return next(resultat.dicts(), {})


def _entiers(couple: tuple[Valeur, Valeur]) -> bool:
    return isinstance(couple[0], int) and isinstance(couple[1], int)


def _saillants(tableau: Tableau) -> str:
    """The rows that move more than chance, or the sentence that says that none does."""
    saillantes = [li for li in tableau.lignes if li.sens.value in ("hausse", "baisse")]
    if not saillantes:
        comparees = [li for li in tableau.lignes if li.lecture == "ordinaire"]
        return "Aucune ligne du détail ne bouge plus que ne le veut le hasard." if comparees else ""
    mots = [f"{_minuscule(li.libelle)}, en {li.sens.value}" for li in saillantes[:4]]
    return f"Dans le détail\u202f: {enumeration(mots)}."


def _lieux(chantier: Chantier, sujet: Sujet) -> tuple[Classement | None, Carte | None, str]:
    lecteur = chantier.lecteur
    axe = axe_de(lecteur, sujet, chantier.debut, chantier.pas)
    if axe is None:
        return None, None, ""
    resultat = classer(lecteur, chantier.classement(sujet, axe))
    chantier.retenir(resultat)
    valeur = "an" if "an" in resultat.index else "n"
    semestres = lecteur.par_semestres(axe, chantier.pas)
    quand = "douze mois" if valeur == "an" and not semestres else resultat.contexte.periode.libelle
    titre = {"secteur": "Par secteur", "commune": "Par commune", "territoire": "Par service"}[axe]
    titre += f", {quand}"
    avec_taux = any(isinstance(v, float) for v in resultat.colonne("taux"))
    classement = depuis_resultat.classement_de(
        resultat, code=axe, libelle="libelle", valeur=valeur, taux="taux" if avec_taux else "", titre=titre
    )
    if len(classement.rangs) > LIEUX_MAX:
        reste = len(classement.rangs) - LIEUX_MAX
        classement = replace(
            classement,
            rangs=classement.rangs[:LIEUX_MAX],
            note=f"Les {LIEUX_MAX} premiers\u202f; {reste} autres sont au tableau de bord.",
        )
    fin = suivante(chantier.debut, chantier.pas) - timedelta(days=1)
    contours = contours_des_secteurs(lecteur, sujet, fin) if axe == "secteur" else {}
    carte = None
    if contours:
        entete = resultat.colonnes[resultat.index["taux"]].libelle if avec_taux else "Nombre"
        carte = depuis_resultat.carte_de(
            resultat,
            contours,
            code=axe,
            valeur="taux" if avec_taux else valeur,
            decimales=1 if avec_taux else 0,
            titre=f"{entete}, {quand}",
        )
    return classement, carte, _concentration(resultat, valeur, axe, quand)


def _concentration(resultat: Resultat, valeur: str, axe: str, quand: str) -> str:
    """How much the first places weigh, only when every place is known."""
    lignes = [(str(li["libelle"]), li[valeur]) for li in resultat.dicts()]
    if len(lignes) < 3 or not all(isinstance(v, int) for _, v in lignes):
        return ""
    total = sum(v for _, v in lignes)
    if total < 50:
        return ""
    lignes.sort(key=lambda p: -p[1])
    tete = lignes[: 1 if axe == "commune" else 2]
    part = 100 * sum(v for _, v in tete) / total
    noms = enumeration([nom for nom, _ in tete])
    debut = "Sur douze mois" if quand == "douze mois" else f"{'De' if ' à ' in quand else 'En'} {quand}"
    verbe = "portent" if len(tete) > 1 else "porte"
    return f"{debut}, {noms} {verbe} {pourcent(part)} du total ({nombre(total)})."


def _a_dire(nom: str, comparee: Comparee) -> str:
    e = comparee.evolution
    if e is None or e.sens == "trop_peu":
        return ""
    quand = commentaires.dans(comparee.periode, comparee.pas)
    if e.significatif:
        return (
            f"{nom}\u202f: {nombre(e.actuel)} {quand}, contre {nombre(e.precedent)} un an plus tôt. "
            "L’écart ne s’explique pas par le hasard seul."
        )
    return (
        f"{nom}\u202f: {nombre(e.actuel)} {quand}, contre {nombre(e.precedent)} un an plus tôt. "
        "Un écart de cette taille arrive par hasard."
    )


def _source(lecteur: Lecteur, sujet: Sujet, debut: date, pas: Pas) -> str:
    fin = suivante(debut, pas) - timedelta(days=1)
    provenance = lecteur.provenance(sujet.source, debut, fin)
    recues = [li.recue_le for li in provenance.livraisons]
    quand = f", reçu le {date_longue(max(recues))}" if recues else ""
    return f"{provenance.libelle}{quand}. {sujet.perimetre.libelle}."
