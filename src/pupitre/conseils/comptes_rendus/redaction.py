"""The draft: what was said and decided, item by item, and what in it looks like a personal case."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from pupitre.conseils import etats
from pupitre.conseils.etats import EtatCompteRendu, EtatSeance
from pupitre.conseils.models import CompteRendu, EvenementCompteRendu, Formation, Seance
from pupitre.conseils.seances import papiers
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.selectors import etat_de as etat_de_la_seance
from pupitre.conseils.tenue.selectors import PointTenu, recit
from pupitre.socle import horloge
from pupitre.socle.donnees_personnelles import Indice, indices
from pupitre.socle.texte import date_longue

RAISON_MIN = 8


def etat_de(compte_rendu: CompteRendu) -> str:
    return compte_rendu.evenements.order_by("-pk").values_list("etat", flat=True)[0]


def passer(compte_rendu: CompteRendu, etat: str, *, auteur=None, nom: str = "", raison: str = "") -> None:
    etats.verifier(etats.COMPTE_RENDU, etat_de(compte_rendu), etat)
    EvenementCompteRendu.objects.create(
        compte_rendu=compte_rendu,
        etat=etat,
        auteur=auteur,
        nom=(nom or str(auteur or ""))[:160],
        raison=raison,
    )


def verrou(compte_rendu: CompteRendu) -> CompteRendu:
    return (
        CompteRendu.objects.select_for_update(of=("self",))
        .select_related("seance__formation__conseil")
        .get(pk=compte_rendu.pk)
    )


@transaction.atomic
def dresser(*, seance: Seance, auteur=None) -> CompteRendu:
    """The first draft, from the notes, presences and decisions; the one that exists if there is one.

    Raises:
        GesteRefuse: the séance was not held yet.
    """
    tenue = Seance.objects.select_for_update(of=("self",)).select_related("formation").get(pk=seance.pk)
    existant = tenue.comptes_rendus.order_by("-version").first()
    if existant is not None:
        return existant
    if etat_de_la_seance(tenue) != EtatSeance.TENUE:
        raise GesteRefuse(
            "Le compte rendu n’est pas commencé.",
            "La séance n’est pas close.",
            "Closez-la depuis son écran, puis revenez ici.",
        )
    return _creer(tenue, 1, contenu_de(tenue), auteur=auteur)


def _creer(
    seance: Seance, version: int, contenu: dict[str, Any], *, auteur=None, motif: str = ""
) -> CompteRendu:
    neuf = CompteRendu(seance=seance, version=version, contenu=contenu, motif=motif)
    neuf.full_clean()
    neuf.save()
    EvenementCompteRendu.objects.create(
        compte_rendu=neuf, etat=EtatCompteRendu.BROUILLON, auteur=auteur, nom=str(auteur or ""), raison=motif
    )
    return neuf


def contenu_de(seance: Seance) -> dict[str, Any]:
    """What the room kept, as plain values: what follows does not change when a card or a seat does."""
    lu = recit(seance)
    return {
        "titre": seance.objet or str(seance.formation),
        "formation": str(seance.formation),
        "quand": papiers.quand(seance),
        "lieu": seance.lieu,
        "ouverte": _heure(lu.ouverte_le),
        "close": _heure(lu.close_le),
        "presents": [_personne(c) for c in lu.presents],
        "excuses": [_personne(c) for c in lu.excuses],
        "points": [_point(p) for p in lu.points if p.point or p.notes or p.decisions],
        "passe_outre": {},
    }


def _heure(instant) -> str:
    return horloge.heure(instant) if instant else ""


def _personne(appel) -> dict[str, str]:
    return {
        "nom": str(appel.personne),
        "qualite": appel.qualite or str(appel.organisation or ""),
        "suppleant": appel.suppleant,
    }


def _point(tenu: PointTenu) -> dict[str, Any]:
    return {
        "titre": tenu.titre,
        "rapporteur": str(tenu.point.rapporteur or "") if tenu.point else "",
        "texte": "\n\n".join(n.texte.strip() for n in tenu.notes if n.texte.strip()),
        "decisions": [
            {
                "numero": d.numero,
                "texte": d.texte,
                "qui": str(d.responsable or d.organisation or "à désigner"),
                "echeance": date_longue(d.echeance) if d.echeance else "",
            }
            for d in tenu.decisions
        ],
    }


def exiger_brouillon(compte_rendu: CompteRendu) -> None:
    etat = etat_de(compte_rendu)
    if etat != EtatCompteRendu.BROUILLON:
        raise GesteRefuse(
            "Ce compte rendu ne se modifie plus.",
            f"Il est {EtatCompteRendu(etat).label}.",
            "Demandez à la présidence de le renvoyer, ou faites une nouvelle version une fois verrouillé.",
        )


@transaction.atomic
def ecrire(*, compte_rendu: CompteRendu, textes: Sequence[str], auteur=None) -> CompteRendu:
    """The text of each item. Raises GesteRefuse when it is not a draft any more."""
    tenu = verrou(compte_rendu)
    exiger_brouillon(tenu)
    points = tenu.contenu["points"]
    if len(textes) != len(points):
        raise GesteRefuse(
            "Rien n’est enregistré.",
            "Le compte rendu a changé entre-temps.",
            "Rechargez la page et recommencez.",
        )
    for point, texte in zip(points, textes, strict=True):
        point["texte"] = texte.replace("\r\n", "\n").strip()
    tenu.save(update_fields=["contenu"])
    return tenu


@transaction.atomic
def actualiser(*, compte_rendu: CompteRendu, auteur=None) -> CompteRendu:
    """Presences, decisions and new items as the séance has them now; what was written stays where its item stays."""
    tenu = verrou(compte_rendu)
    exiger_brouillon(tenu)
    ecrits = {p["titre"]: p["texte"] for p in tenu.contenu["points"] if p["texte"]}
    neuf = contenu_de(tenu.seance) | {"passe_outre": tenu.contenu.get("passe_outre", {})}
    titres = {p["titre"] for p in neuf["points"]}
    for point in neuf["points"]:
        point["texte"] = ecrits.get(point["titre"], point["texte"])
    neuf["points"] += [p for p in tenu.contenu["points"] if p["titre"] not in titres and p["texte"]]
    tenu.contenu = neuf
    tenu.save(update_fields=["contenu"])
    return tenu


@dataclass(frozen=True, slots=True)
class Signalement:
    """Words that look like a personal case. `cle` holds as long as the words do; `raison`: why they were kept."""

    cle: str
    point: str
    indice: Indice
    raison: str


def signalements(compte_rendu: CompteRendu) -> list[Signalement]:
    """In the order of the text. Names of those who were called may be written."""
    contenu = compte_rendu.contenu
    connus = {p["nom"] for p in (*contenu["presents"], *contenu["excuses"])}
    connus |= {p["suppleant"] for p in contenu["presents"]} | {p["rapporteur"] for p in contenu["points"]}
    gardes = contenu.get("passe_outre", {})
    trouves = []
    for point in contenu["points"]:
        textes = [point["texte"], *(d["texte"] for d in point["decisions"])]
        for texte in textes:
            for indice in indices(texte, connus):
                cle = hashlib.sha256(f"{point['titre']}|{indice.extrait}".encode()).hexdigest()[:16]
                trouves.append(Signalement(cle, point["titre"], indice, gardes.get(cle, "")))
    return trouves


def a_regler(compte_rendu: CompteRendu) -> list[Signalement]:
    """What stops the validation: nothing of a person in a formation that speaks of none."""
    if compte_rendu.seance.formation.regime != Formation.Regime.SANS_NOMINATIF:
        return []
    return [s for s in signalements(compte_rendu) if not s.raison]


@transaction.atomic
def passer_outre(*, compte_rendu: CompteRendu, cle: str, raison: str, auteur=None) -> None:
    """Keep words that are no personal case, saying why: the reason stays with the minutes.

    Raises:
        GesteRefuse: not a draft, no such words, or no reason.
    """
    tenu = verrou(compte_rendu)
    exiger_brouillon(tenu)
    if cle not in {s.cle for s in signalements(tenu)}:
        raise GesteRefuse("Rien n’est gardé.", "Ces mots ne sont plus dans le texte.", "Rechargez la page.")
    raison = " ".join(raison.split())
    if len(raison) < RAISON_MIN:
        raise GesteRefuse(
            "Ces mots ne sont pas gardés.",
            "Il manque la raison pour laquelle ils ne désignent pas une situation individuelle.",
            "Écrivez-la en quelques mots, ou corrigez le texte.",
        )
    tenu.contenu.setdefault("passe_outre", {})[cle] = f"{raison} ({auteur})" if auteur else raison
    tenu.save(update_fields=["contenu"])


@transaction.atomic
def corriger(*, compte_rendu: CompteRendu, motif: str, auteur=None) -> CompteRendu:
    """A new version of locked minutes, which says why. The locked one stays as it is.

    Raises:
        GesteRefuse: not locked, no reason, or a newer version exists.
    """
    tenu = verrou(compte_rendu)
    derniere = tenu.seance.comptes_rendus.order_by("-version").first()
    if etat_de(tenu) != EtatCompteRendu.VERROUILLE or derniere.pk != tenu.pk:
        raise GesteRefuse(
            "Aucune nouvelle version n’est créée.",
            "Ce compte rendu n’est pas le dernier verrouillé de la séance.",
            "Ouvrez la dernière version.",
        )
    if not motif.strip():
        raise GesteRefuse(
            "Aucune nouvelle version n’est créée.",
            "Il manque le motif.",
            "Dites ce qui est corrigé et pourquoi.",
        )
    return _creer(tenu.seance, tenu.version + 1, tenu.contenu, auteur=auteur, motif=motif.strip()[:240])
