"""The table of execution on paper, for the room: what the séance begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pupitre.conseils.decisions.execution import Bilan, Ligne
from pupitre.documents.ecrits import Bloc, Ecrit, Grille, Paragraphe, Registre, rendre
from pupitre.documents.tableaux import Table
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue, pluriel
from pupitre.territoires.models import Conseil

ENTETES = (
    "Numéro", "Prise le", "Formation", "Décision", "Responsable", "Organisation", "Thème", "Action", "Échéance",
    "État", "Jours de retard", "Dernière nouvelle",
)  # fmt: skip


def table(conseil: Conseil, lignes: Iterable[Ligne]) -> Table:
    return Table(
        titre=f"Décisions, {conseil}",
        entetes=ENTETES,
        lignes=tuple(
            (
                li.decision.numero,
                li.decision.prise_le,
                str(li.decision.formation),
                li.decision.texte,
                str(li.decision.responsable or ""),
                str(li.decision.organisation or ""),
                li.theme,
                li.decision.action,
                li.decision.echeance,
                li.libelle,
                li.retard,
                li.dernier,
            )
            for li in lignes
        ),
        lecture=(("Avertissement", "Données fictives"),) if conseil.fictif else (),
    )


def ecrit(conseil: Conseil, lignes: Sequence[Ligne], bilan: Bilan, perimetre: str) -> Ecrit:
    blocs: list[Bloc] = [
        Paragraphe(
            f"{pluriel(bilan.ouvertes, 'décision en cours', 'décisions en cours')}, dont {bilan.retard} en retard.",
            Registre.ACCROCHE,
        ),
        Paragraphe(bilan.phrase, Registre.PETIT),
    ]
    if lignes:
        blocs.append(
            Grille(
                "Où en est chaque décision",
                ("N°", "Décision", "Qui", "Échéance", "Où elle en est"),
                tuple(
                    (
                        li.decision.numero,
                        li.decision.texte,
                        li.a_qui,
                        date_longue(li.decision.echeance) if li.decision.echeance else "sans échéance",
                        f"{li.phrase}{f'. {li.dernier}' if li.dernier else ''}",
                    )
                    for li in lignes
                ),
                (0.9, 3.4, 1.7, 1.3, 2),
            )
        )
    else:
        blocs.append(Paragraphe("Aucune décision ne répond à ce choix."))
    return Ecrit(
        titre="Suivi des décisions",
        sous_titre=perimetre,
        emetteur=str(conseil),
        jour=horloge.aujourdhui(),
        blocs=tuple(blocs),
        fictif=conseil.fictif,
    )


def document(conseil: Conseil, lignes: Sequence[Ligne], bilan: Bilan, perimetre: str, format: str) -> bytes:
    """Raises KeyError on another format."""
    return rendre(ecrit(conseil, lignes, bilan, perimetre), format)
