"""The mayor's file: for each item with a theme, figures frozen on a day, decisions, actions, talking points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from pupitre.conseils.etats import EtatDecision
from pupitre.conseils.models import Decision, PointOrdreDuJour, Seance
from pupitre.conseils.seances import papiers, passages
from pupitre.documents.ecrits import Bloc, Ecrit, Grille, Liste, Paragraphe, Registre, Saut, Titre, rendre
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import tableau
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue

DECISIONS_MAX = 8


@dataclass(frozen=True, slots=True)
class DecisionVue:
    numero: str
    texte: str
    responsable: str
    echeance: str
    etat: str


@transaction.atomic
def figer(*, point: PointOrdreDuJour) -> int:
    """Take the figures of the item's theme as they are today, as partners may read them. How many.

    They are read after disclosure control: the file leaves the room with the mayor.
    Raises GesteRefuse when the séance is not prepared any more.
    """
    passages.exiger_preparable(point.seance)
    conseil = point.seance.formation.conseil
    page = tableau.composer(
        conseil=conseil,
        audience=Audience.PARTENAIRE,
        demande=tableau.Demande(theme=point.theme),
        detail=False,
    )
    vus = [] if page.choix.get("theme", "") != point.theme else page.chiffres
    point.chiffres = {
        "jour": horloge.aujourdhui().isoformat(),
        "fictif": page.fictif,
        "chiffres": [
            {
                "nom": c.nom, "valeur": c.valeur, "unite": c.unite, "verdict": c.verdict, "phrase": c.phrase,
                "source": c.source, "perimetre": c.perimetre, "periode": c.periode,
                "unite_compte": c.unite_compte, "reserve": c.reserve,
            }
            for c in vus
        ],
        "notes": list(page.notes),
    }  # fmt: skip
    point.save(update_fields=["chiffres"])
    return len(vus)


def chiffres(point: PointOrdreDuJour) -> list[dict[str, Any]]:
    return point.chiffres.get("chiffres", [])


@transaction.atomic
def ecrire(*, point: PointOrdreDuJour, actions: str, elements: str) -> None:
    """Raises GesteRefuse when the séance is not prepared any more."""
    passages.exiger_preparable(point.seance)
    point.actions, point.elements = actions.strip(), elements.strip()
    point.save(update_fields=["actions", "elements"])


def decisions(point: PointOrdreDuJour) -> list[DecisionVue]:
    """The last of the same theme, or of the same formation for an item without a theme."""
    conseil = point.seance.formation.conseil
    lues = Decision.objects.filter(conseil=conseil)
    lues = lues.filter(theme=point.theme) if point.theme else lues.filter(formation=point.seance.formation)
    return [
        DecisionVue(
            d.numero,
            d.texte,
            str(d.responsable or d.organisation or "à désigner"),
            date_longue(d.echeance) if d.echeance else "sans échéance",
            str(EtatDecision(d.etat).label) if d.etat else "à faire",
        )
        for d in lues.select_related("responsable", "organisation")[:DECISIONS_MAX]
    ]


def ecrit(seance: Seance) -> Ecrit:
    """The whole file, one item a page."""
    imprimee = papiers.imprimer(seance)
    points = papiers.points_retenus(seance)
    blocs: list[Bloc] = [
        Liste(tuple(f"{p.titre} ({p.minutes}\u00a0min)" for p in imprimee.points), numerotee=True)
    ]
    fictif = imprimee.fictif
    for rang, point in enumerate(points, 1):
        point.seance = seance
        blocs += [Saut(), Titre(1, f"{rang}. {point.titre}"), *_point(point)]
        fictif = fictif or bool(point.chiffres.get("fictif"))
    return Ecrit(
        titre="Dossier de séance",
        sous_titre=imprimee.titre,
        emetteur=imprimee.emetteur,
        jour=imprimee.jour,
        blocs=tuple(blocs),
        mention="À l’usage de la présidence",
        lignes_de_tete=(imprimee.quand[:1].upper() + imprimee.quand[1:], imprimee.lieu),
        fictif=fictif,
    )


def _point(point: PointOrdreDuJour) -> list[Bloc]:
    blocs: list[Bloc] = []
    if point.rapporteur:
        blocs.append(Paragraphe(f"Rapporteur\u202f: {point.rapporteur}", Registre.PETIT))
    if point.presentation:
        blocs += [Paragraphe(t) for t in point.presentation.splitlines() if t.strip()]
    if point.elements:
        blocs += [Titre(2, "À dire"), Liste(_lignes(point.elements))]
    blocs += _chiffres(point)
    lues = decisions(point)
    if lues:
        blocs.append(
            Grille(
                "Dernières décisions et où elles en sont",
                ("N°", "Décision", "Qui", "Échéance", "État"),
                tuple((d.numero, d.texte, d.responsable, d.echeance, d.etat) for d in lues),
                (0.9, 3.4, 1.7, 1.4, 1.2),
            )
        )
    else:
        blocs.append(Paragraphe("Aucune décision n’a encore été prise sur ce thème.", Registre.PETIT))
    if point.actions:
        blocs += [Titre(2, "Actions en cours"), Liste(_lignes(point.actions))]
    return blocs


def _chiffres(point: PointOrdreDuJour) -> list[Bloc]:
    lus = chiffres(point)
    if not lus:
        return []
    jour = date_longue(date.fromisoformat(point.chiffres["jour"]))
    return [
        Grille(
            f"Les chiffres, figés le {jour}",
            ("Ce qui est compté", "Valeur", "Ce qu’il faut en dire", "Période et source"),
            tuple(
                (
                    f"{c['nom']} ({c['perimetre']})",
                    f"{c['valeur']} {c['unite']}".strip(),
                    f"{c['verdict']} {c['phrase']}",
                    f"{c['periode']}. {c['source']}",
                )
                for c in lus
            ),
            (2, 1, 3, 2),
            note=" ".join(
                dict.fromkeys([*(c["reserve"] for c in lus if c["reserve"]), *point.chiffres["notes"]])
            ),
        )
    ]


def _lignes(texte: str) -> tuple[str, ...]:
    return tuple(li.strip(" -–•\t") for li in texte.splitlines() if li.strip(" -–•\t"))


def document(seance: Seance, format: str) -> bytes:
    """Raises KeyError on another format."""
    return rendre(ecrit(seance), format)
