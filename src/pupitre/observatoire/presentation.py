"""Deliveries put into words and tables for the screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pupitre.moteur.nomenclatures import nature
from pupitre.moteur.observations import Granularite
from pupitre.observatoire.collecte.couverture import Couverture
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Livraison
from pupitre.socle import horloge
from pupitre.socle.texte import (
    cle_de_recherche,
    mois_annee,
    nombre,
    pluriel,
)

TERRITOIRES_MONTRES = 40
# local services of police and gendarmerie, as they are named in the état 4001
_SERVICES_TERRITORIAUX = ("ciat", "csp", "dtsp", "ddsp", "cgd", "bta", "cob")


@dataclass(frozen=True, slots=True)
class LectureEnClair:
    phrase: str
    faits: tuple[tuple[str, str], ...]
    natures: tuple[tuple[str, str, str], ...]
    extrait: tuple[tuple[str, ...], ...]


def periode_en_clair(debut: date, granularite: str) -> str:
    if granularite in {Granularite.ANNEE, "annee"}:
        return str(debut.year)
    if granularite == Granularite.ANNEE_SCOLAIRE:
        return f"{debut.year}-{debut.year + 1}"
    if granularite == Granularite.TRIMESTRE:
        return f"{(debut.month + 2) // 3}e trimestre {debut.year}"
    return mois_annee(debut)


def etendue(lecture: dict) -> str:
    """ "2012 à 2020", "octobre 2026"."""
    morceaux = []
    for granularite, jours in Couverture.de_json(lecture.get("couverture", [])).periodes().items():
        premier, dernier = periode_en_clair(jours[0], granularite), periode_en_clair(jours[-1], granularite)
        morceaux.append(premier if premier == dernier else f"{premier} à {dernier}")
    return ", ".join(morceaux)


def lecture_en_clair(livraison: Livraison) -> LectureEnClair | None:
    """What was understood of the file; None before it has been read."""
    lecture = livraison.lecture
    if not lecture:
        return None
    lieux = lecture["communes"] or lecture["secteurs"] or lecture["territoires"]
    faits = [
        ("Observations lues", nombre(lecture["observations"])),
        ("Retenues pour le conseil", nombre(lecture["retenues"])),
        ("Cases vides", nombre(lecture["vides"])),
        ("Période", etendue(lecture) or "aucune"),
        ("Lieux", nombre(len(lieux))),
        ("Natures de faits", nombre(len(lecture["natures"]))),
        ("Unités de compte", ", ".join(lecture["unites"])),
    ]
    if lecture["feuilles"]:
        faits.append(("Feuilles lues", nombre(len(lecture["feuilles"]))))
    phrase = (
        f"{pluriel(lecture['retenues'], 'observation retenue', 'observations retenues')}, "
        f"{etendue(lecture) or 'sans période'}, sur {pluriel(len(lieux), 'lieu', 'lieux')}."
    )
    return LectureEnClair(
        phrase=phrase,
        faits=tuple(faits),
        natures=tuple(_nature(code) for code in lecture["natures"]),
        extrait=tuple(tuple(ligne) for ligne in lecture["extrait"]),
    )


def _nature(code: str) -> tuple[str, str, str]:
    try:
        fiche = nature(code)
    except KeyError:
        return code, code, ""
    return code, fiche.libelle, fiche.unite


@dataclass(frozen=True, slots=True)
class ChoixTerritoire:
    libelle: str
    retenu: bool
    propose: bool


@dataclass(frozen=True, slots=True)
class ChoixTerritoires:
    """`tous`: how many the file names; `montres`: those kept, proposed, or matching the search."""

    tous: int
    montres: tuple[ChoixTerritoire, ...]


def proposer_territoires(
    livraison: Livraison, recherche: str, coches: list[str] | None = None
) -> ChoixTerritoires | None:
    """Territories of the file to keep for this source; None when there is nothing to choose.

    `coches`: what is ticked and not saved yet, kept through a search; None before anything was ticked.
    """
    if livraison.etat != Etat.CONTROLEE:
        return None
    noms = livraison.lecture.get("territoires_du_fichier", [])
    retenus = set(livraison.source.territoires if coches is None else coches)
    if len(noms) < 2 or livraison.lecture.get("format", "").startswith("ssmsi"):
        return None
    communes = [cle_de_recherche(c.nom) for c in livraison.source.conseil.communes_as_of()]
    cherche = cle_de_recherche(recherche)
    choix = []
    for nom in noms:
        cle = cle_de_recherche(nom)
        propose = cle.startswith(_SERVICES_TERRITORIAUX) and any(_contient(cle, c) for c in communes)
        if nom in retenus or propose or (cherche and cherche in cle) or len(noms) <= TERRITOIRES_MONTRES:
            coche = nom in retenus or (propose and coches is None and not retenus)
            choix.append(ChoixTerritoire(nom, coche, propose))
    choix.sort(key=lambda c: (not c.retenu, not c.propose, c.libelle))
    return ChoixTerritoires(
        tous=len(noms),
        montres=tuple(choix[: TERRITOIRES_MONTRES + len(retenus)]),
    )


def _contient(cle: str, mots: str) -> bool:
    return f" {mots} " in f" {cle} "


def table_des_livraisons(livraisons, conseil):
    """The table of deliveries as it leaves (CSV, XLSX)."""
    from pupitre.documents.tableaux import Table

    lignes = [
        (
            horloge.jour_de(li.recue_le),
            li.source.organisation.nom,
            li.source.nom,
            li.nom,
            etendue(li.lecture),
            li.lecture.get("retenues"),
            Etat(li.etat).label,
            li.sha256,
            "données fictives" if li.source.fictive else "",
        )
        for li in livraisons
    ]
    return Table(
        titre=f"Livraisons, {conseil}",
        entetes=(
            "Reçue le",
            "Partenaire",
            "Source",
            "Fichier",
            "Période",
            "Observations retenues",
            "État",
            "Empreinte SHA-256",
            "Mention",
        ),
        lignes=tuple(lignes),
    )


def table_des_anomalies(livraison: Livraison):
    """Every anomaly kept of a delivery, with its place in the file."""
    from pupitre.documents.tableaux import Table

    return Table(
        titre=f"Anomalies de {livraison.nom}",
        entetes=("Gravité", "Constat", "Feuille", "Ligne", "Colonne"),
        lignes=tuple(
            (a.gravite, a.message, a.feuille, a.ligne, a.colonne) for a in livraison.anomalies.all()
        ),
        lecture=(
            ("Partenaire", livraison.source.organisation.nom),
            ("Source", livraison.source.nom),
            ("Empreinte SHA-256", livraison.sha256),
        ),
    )


def table_des_sources(conseil):
    from pupitre.documents.tableaux import Table
    from pupitre.observatoire.selectors import sources_du_conseil

    return Table(
        titre=f"Sources, {conseil}",
        entetes=("Source", "Partenaire", "Rythme", "Format", "Producteur cité", "Mention"),
        lignes=tuple(
            (
                s.nom,
                s.organisation.nom,
                s.get_frequence_display(),
                s.format,
                s.producteur,
                "données fictives" if s.fictive else "",
            )
            for s in sources_du_conseil(conseil)
        ),
    )


__all__ = [
    "etendue",
    "lecture_en_clair",
    "periode_en_clair",
    "proposer_territoires",
    "table_des_anomalies",
    "table_des_livraisons",
    "table_des_sources",
]
