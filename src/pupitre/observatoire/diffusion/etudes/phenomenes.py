"""First part of the study: what the état 4001 and the partners' figures say of the half-year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pupitre.documents.ecrits import ACompleter, Bloc, Figure, Grille, Paragraphe, Registre, Titre
from pupitre.moteur import statistiques
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Pas, case
from pupitre.moteur.resultats import Absent, Resultat, Valeur
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.lecteur import LECTURES, Lecteur, Sujet
from pupitre.observatoire.chiffres.tableau import MOIS_DE_LA_SERIE, phrase_de_serie, serie_dessinee
from pupitre.observatoire.diffusion import pages_bulletin
from pupitre.observatoire.diffusion.etudes.semestre import Semestre
from pupitre.observatoire.diffusion.pages_bulletin import Plan, Volet
from pupitre.socle.texte import enumeration, nombre, pourcent

# A table is read on one page: each source keeps its first rows, the total at the head.
LIGNES_MAX, LIGNES_PAR_SOURCE = 14, 4


@dataclass
class Matiere:
    """What the parts of one study leave to the last: sources read, what was withheld, what is missing."""

    lecteur: Lecteur
    semestre: Semestre
    sources: dict[str, None] = field(default_factory=dict)
    retenus: dict[str, None] = field(default_factory=dict)
    manquants: dict[str, None] = field(default_factory=dict)
    unites: set[str] = field(default_factory=set)

    def noter(self, resultat: Resultat) -> None:
        provenance = resultat.contexte.provenance[0]
        self.sources[provenance.source] = None
        self.unites.add(resultat.contexte.unite)
        for raison in resultat.retenus:
            if "secret" in raison or "diffuse" in raison:
                self.retenus[f"{provenance.libelle}\u202f: {raison.partition(' (')[0].rstrip('.')}."] = None


@dataclass(frozen=True, slots=True)
class Ligne:
    """An indicator over the half-year, the one before and the same of the year before."""

    sujet: Sujet
    actuel: Valeur
    precedent: Valeur
    un_an: Valeur
    lecture: str = "sans comparaison"
    variation: str = ""


def lire(matiere: Matiere) -> list[tuple[Plan, list[Ligne]]]:
    """Every page of the study with its rows, judged together: one correction for the whole document."""
    pages = [(plan, _lignes(matiere, plan)) for plan in pages_bulletin.plans(matiere.lecteur, Pas.MOIS)]
    toutes = [li for _, lignes in pages for li in lignes]
    jugees = iter(
        statistiques.evolutions([(li.actuel, li.un_an) for li in toutes if _comparable(matiere, li)])
    )
    ecrites = iter([_juger(li, next(jugees)) if _comparable(matiere, li) else li for li in toutes])
    return [(plan, [next(ecrites) for _ in lignes]) for plan, lignes in pages if lignes]


def _comparable(matiere: Matiere, ligne: Ligne) -> bool:
    entiers = isinstance(ligne.actuel, int) and isinstance(ligne.un_an, int)
    debut = matiere.semestre.un_an_avant.debut
    return entiers and periodes.rupture_entre(ligne.sujet.ruptures, debut, matiere.semestre.fin) is None


def _juger(ligne: Ligne, evolution: statistiques.Evolution) -> Ligne:
    variation = ""
    if evolution.significatif and evolution.pourcentage is not None:
        variation = pourcent(evolution.pourcentage, avec_signe=True)
    return replace(ligne, lecture=LECTURES[evolution.sens], variation=variation)


def _lignes(matiere: Matiere, plan: Plan) -> list[Ligne]:
    lignes = []
    for volet in plan.volets:
        profil = matiere.lecteur.etat.profils[volet.source]
        if not any(matiere.semestre.debut <= j <= matiere.semestre.fin for j in profil.periodes):
            source = matiere.lecteur.sources[volet.source]
            matiere.manquants[f"{source.organisation.nom}, {source.nom}\u202f: rien pour ce semestre."] = None
            continue
        place = min(len(volet.lignes), max(LIGNES_PAR_SOURCE, LIGNES_MAX // len(plan.volets)))
        lignes += [li for li in (_ligne(matiere, volet, i) for i in range(place)) if li]
    return lignes


def _ligne(matiere: Matiere, volet: Volet, rang: int) -> Ligne | None:
    lecteur, s = matiere.lecteur, matiere.semestre
    sujet = Sujet(
        lecteur.sources[volet.source], lecteur.etat.profils[volet.source], volet.lignes[rang], volet.lieu
    )
    colonnes = [
        (cle, x.libelle, case(x.debut, x.fin, sujet.couvertures))
        for cle, x in (("n", s), ("precedent", s.precedent), ("un_an", s.un_an_avant))
    ]
    try:
        resultat = lecteur.tableau(sujet, sujet.indicateur.libelle, colonnes, s.periode)
    except MesureRefusee:
        return None
    matiere.noter(resultat)
    valeurs = next(resultat.dicts())
    return Ligne(sujet, valeurs["n"], valeurs["precedent"], valeurs["un_an"])


def ecrire(matiere: Matiere, pages: list[tuple[Plan, list[Ligne]]]) -> list[Bloc]:
    blocs: list[Bloc] = []
    for plan, lignes in pages:
        blocs += [Titre(2, plan.titre), Paragraphe(_phrase(lignes)), _grille(matiere, plan, lignes)]
        blocs += _serie(matiere, lignes)
        blocs.append(
            ACompleter(
                "Votre lecture\u202f: ce qui explique ces chiffres (actions, travaux, consignes de dépôt de "
                "plainte, changement d’équipe), et ce que les partenaires en disent."
            )
        )
    return blocs


def saillants(pages: list[tuple[Plan, list[Ligne]]]) -> tuple[list[str], list[str]]:
    """Sentences on what rose and on what fell more than chance."""
    dits: dict[str, list[str]] = {"hausse": [], "baisse": []}
    for _, lignes in pages:
        for li in lignes:
            sens = li.lecture.partition(" ")[0]
            if sens in dits:
                dits[sens].append(
                    f"**{li.sujet.indicateur.libelle}** ({li.sujet.source.organisation.nom})\u202f: "
                    f"{nombre(li.actuel)} contre {nombre(li.un_an)}"
                    + (f" ({li.variation})" if li.variation else "")
                )
    return dits["hausse"], dits["baisse"]


def _phrase(lignes: list[Ligne]) -> str:
    hausses = [li.sujet.indicateur.libelle for li in lignes if li.lecture.startswith("hausse")]
    baisses = [li.sujet.indicateur.libelle for li in lignes if li.lecture.startswith("baisse")]
    phrases = []
    if hausses:
        phrases.append(f"**En hausse significative\u202f: {enumeration([_minuscule(h) for h in hausses])}.**")
    if baisses:
        phrases.append(f"**En baisse significative\u202f: {enumeration([_minuscule(b) for b in baisses])}.**")
    if not phrases:
        phrases.append(
            "**Pas d’évolution significative** par rapport au même semestre de l’année précédente."
        )
    elif any(li.lecture == LECTURES["stable"] for li in lignes):
        phrases.append("Le reste ne bouge pas plus que ne le veut le hasard.")
    return " ".join(phrases)


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


def _grille(matiere: Matiere, plan: Plan, lignes: list[Ligne]) -> Grille:
    s = matiere.semestre
    plusieurs = len(plan.volets) > 1
    return Grille(
        legende=f"{plan.titre}, {s.libelle}",
        entetes=("Nature", "Unité", s.libelle, s.precedent.libelle, s.un_an_avant.libelle, "Sur un an"),
        lignes=tuple(
            (
                li.sujet.indicateur.libelle + (f" ({li.sujet.source.organisation.nom})" if plusieurs else ""),
                li.sujet.indicateur.unite,
                f"**{ecrire_valeur(li.actuel)}**",
                ecrire_valeur(li.precedent),
                ecrire_valeur(li.un_an),
                f"{li.lecture} {li.variation}".strip(),
            )
            for li in lignes
        ),
        largeurs=(3.6, 1.5, 1.6, 1.6, 1.6, 1.9),
        a_droite=(2, 3, 4),
        note="Sources et unités différentes se lisent côte à côte et ne s’additionnent pas. Une variation n’est "
        "écrite que si elle dépasse ce que le hasard produit.",
    )


def ecrire_valeur(valeur: Valeur) -> str:
    if isinstance(valeur, int | float) and not isinstance(valeur, bool):
        return nombre(valeur)
    return str(valeur)


def _serie(matiere: Matiere, lignes: list[Ligne]) -> list[Bloc]:
    """The months of the row that moves most surely, else of the first one."""
    bougent = [li for li in lignes if li.lecture.startswith(("hausse", "baisse"))]
    choisie = next(iter(bougent or lignes))
    debut = matiere.semestre.dernier_mois
    try:
        serie = matiere.lecteur.serie(choisie.sujet, debut, MOIS_DE_LA_SERIE, Pas.MOIS)
    except MesureRefusee:
        return []
    if all(isinstance(v, Absent) for v in serie.colonne("n")):
        return []
    matiere.noter(serie)
    blocs: list[Bloc] = [
        Figure(serie_dessinee(serie, Pas.MOIS), f"Source\u202f: {serie.contexte.provenance[0].libelle}.")
    ]
    if phrase := phrase_de_serie(serie, Pas.MOIS):
        blocs.append(Paragraphe(phrase, Registre.PETIT))
    return blocs
