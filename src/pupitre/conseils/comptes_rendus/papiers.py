"""The minutes on paper."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from pupitre.conseils.etats import EtatCompteRendu
from pupitre.conseils.models import CompteRendu, ModeleDeDocument
from pupitre.conseils.seances import modeles, reglages
from pupitre.documents.ecrits import (
    Bloc,
    Ecrit,
    Grille,
    Liste,
    Paragraphe,
    Registre,
    Signature,
    Titre,
    rendre,
)
from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

_MENTIONS = {
    EtatCompteRendu.BROUILLON: "Projet de compte rendu, ne pas diffuser",
    EtatCompteRendu.SOUMIS: "Projet soumis à la présidence",
}


def ecrit(compte_rendu: CompteRendu, etat: str) -> Ecrit:
    contenu, conseil = compte_rendu.contenu, compte_rendu.seance.formation.conseil
    regle = reglages.reglage(conseil)
    blocs: list[Bloc] = []
    if compte_rendu.motif:
        blocs.append(Paragraphe(f"Cette version corrige la précédente\u202f: {compte_rendu.motif}"))
    blocs += [Titre(1, "Présents et excusés"), *_presences(contenu)]
    for rang, point in enumerate(contenu["points"], 1):
        blocs += _point(rang, point)
    blocs += _remarques(compte_rendu)
    blocs.append(Signature(regle.qualite or "La présidence du conseil", regle.signataire))
    return Ecrit(
        titre=_titre(compte_rendu),
        sous_titre=contenu["titre"],
        emetteur=str(conseil),
        jour=horloge.aujourdhui(),
        blocs=tuple(blocs),
        mention=_MENTIONS.get(EtatCompteRendu(etat), ""),
        lignes_de_tete=tuple(ligne for ligne in (_seance(contenu), contenu["lieu"]) if ligne),
        fictif=conseil.fictif or compte_rendu.seance.fictive,
    )


def _seance(contenu: dict[str, Any]) -> str:
    quand = contenu["quand"][:1].upper() + contenu["quand"][1:]
    horaires = [
        f"{mot} à {heure}"
        for mot, heure in (("ouverte", contenu["ouverte"]), ("close", contenu["close"]))
        if heure
    ]
    return f"{quand} ({', '.join(horaires)})" if horaires else quand


def _presences(contenu: dict[str, Any]) -> list[Bloc]:
    if not contenu["presents"] and not contenu["excuses"]:
        return [Paragraphe("Aucune présence n’a été notée.")]
    lignes = [(p["nom"], p["qualite"], _present(p)) for p in contenu["presents"]]
    lignes += [(p["nom"], p["qualite"], "absent ou excusé") for p in contenu["excuses"]]
    return [Grille("Membres et invités", ("Nom", "Qualité", "Présence"), tuple(lignes), (2, 3, 2))]


def _present(personne: dict[str, str]) -> str:
    return f"suppléé par {personne['suppleant']}" if personne["suppleant"] else "présent"


def _point(rang: int, point: dict[str, Any]) -> list[Bloc]:
    blocs: list[Bloc] = [Titre(1, f"{rang}. {point['titre']}")]
    if point["rapporteur"]:
        blocs.append(Paragraphe(f"Rapporteur\u202f: {point['rapporteur']}", Registre.PETIT))
    blocs += [Paragraphe(t.strip()) for t in point["texte"].split("\n\n") if t.strip()]
    if not point["texte"] and not point["decisions"]:
        blocs.append(Paragraphe("Ce point n’a pas donné lieu à discussion.", Registre.PETIT))
    if point["decisions"]:
        blocs.append(
            Grille(
                "Décisions",
                ("N°", "Décision", "Responsable", "Échéance"),
                tuple((d["numero"], d["texte"], d["qui"], d["echeance"] or "—") for d in point["decisions"]),
                (0.9, 4, 2, 1.5),
            )
        )
    return blocs


def _remarques(compte_rendu: CompteRendu) -> list[Bloc]:
    lues = list(compte_rendu.remarques.select_related("personne"))
    if not lues:
        return []
    return [
        Titre(1, "Remarques des membres"),
        Liste(
            tuple(
                f"**{r.personne}**, le {date_longue(horloge.jour_de(r.cree_le))}\u202f: {r.texte}"
                + (f" — Réponse\u202f: {r.reponse}" if r.reponse else "")
                for r in lues
            )
        ),
    ]


def document(compte_rendu: CompteRendu, etat: str, format: str) -> bytes:
    """The locked one is the file that was archived, byte for byte.

    Raises:
        KeyError: another format.
        ArchiveAlteree: the file kept is missing, or is not the one that was locked.
    """
    if format == "pdf" and compte_rendu.sha256:
        return archive(compte_rendu)
    propre = modeles.en_vigueur(compte_rendu.seance.formation.conseil, ModeleDeDocument.Genre.COMPTE_RENDU)
    if format == "docx" and propre is not None:
        return modeles.remplir(propre, _champs(compte_rendu, etat))
    return rendre(ecrit(compte_rendu, etat), format)


def _champs(compte_rendu: CompteRendu, etat: str) -> dict[str, Any]:
    """For the council's own DOCX."""
    conseil = compte_rendu.seance.formation.conseil
    regle = reglages.reglage(conseil)
    return modeles.champs_de_compte_rendu(
        contenu=compte_rendu.contenu,
        entete={
            "conseil": str(conseil),
            "formation": str(compte_rendu.seance.formation),
            "titre": _titre(compte_rendu),
            "motif": compte_rendu.motif,
            "mention": _MENTIONS.get(EtatCompteRendu(etat), ""),
            "date_du_jour": date_longue(horloge.aujourdhui()),
            "signataire": regle.signataire,
            "qualite_signataire": regle.qualite or "La présidence du conseil",
        },
        remarques=[
            {"qui": str(r.personne), "texte": r.texte, "reponse": r.reponse}
            for r in compte_rendu.remarques.select_related("personne")
        ],
    )


def _titre(compte_rendu: CompteRendu) -> str:
    numero = f"Compte rendu n° {compte_rendu.numero}" if compte_rendu.numero else "Compte rendu"
    return f"{numero}, version {compte_rendu.version}" if compte_rendu.version > 1 else numero


class ArchiveAlteree(ErreurPupitre):
    """What is on the disk is not what was locked."""


def archive(compte_rendu: CompteRendu) -> bytes:
    try:
        contenu = (Path(settings.CONFIGURATION.donnees) / compte_rendu.chemin).read_bytes()
    except FileNotFoundError:
        contenu = b""
    if hashlib.sha256(contenu).hexdigest() != compte_rendu.sha256:
        raise ArchiveAlteree(
            f"Le compte rendu n° {compte_rendu.numero} ne peut pas être remis.",
            "Son document n’est plus celui qui a été verrouillé\u202f: il manque, ou il a été modifié sur le serveur.",
            "Demandez à qui tient le serveur de le reprendre d’une sauvegarde.",
        )
    return contenu


def table(conseil: Conseil, lus: Iterable[CompteRendu]) -> Table:
    """The register: one line a version. `etat`, `etat_le` as the selector gives them."""
    return Table(
        titre=f"Registre des comptes rendus, {conseil}",
        entetes=(
            "Numéro",
            "Version",
            "Séance",
            "Formation",
            "Tenue le",
            "État",
            "Depuis le",
            "Motif",
            "Empreinte SHA-256",
        ),
        lignes=tuple(
            (
                c.numero,
                c.version,
                c.seance.objet,
                str(c.seance.formation),
                horloge.jour_de(c.seance.debut) if c.seance.debut else None,
                str(EtatCompteRendu(c.etat).label),
                horloge.jour_de(c.etat_le),
                c.motif,
                c.sha256,
            )
            for c in lus
        ),
        lecture=(("Avertissement", "Données fictives"),) if conseil.fictif else (),
    )
