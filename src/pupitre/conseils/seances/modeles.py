"""The council's own DOCX with fields: checked when it is uploaded, filled when a paper is asked."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from pupitre.conseils.models import ModeleDeDocument
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.pieces import TAILLE_MAX, ecrire
from pupitre.documents import gabarits_docx
from pupitre.documents.convocation import ConvocationImprimee, SeanceImprimee
from pupitre.socle.texte import date_longue, enumeration, pluriel
from pupitre.territoires.models import Conseil

Genre = ModeleDeDocument.Genre
_SEANCE = {
    "conseil": "le nom du conseil",
    "formation": "la formation réunie",
    "objet": "l’objet de la séance",
    "quand": "le jour et l’heure, en toutes lettres",
    "lieu": "le lieu",
    "duree": "la durée prévue",
    "date_du_jour": "le jour où le document est fait",
    "signataire": "qui signe",
    "qualite_signataire": "la qualité du signataire",
    "points": "les points, à parcourir\u202f: {%p for p in points %} {{ p.titre }}, {{ p.rapporteur }}, "
    "{{ p.minutes }}, {{ p.horaire }} {%p endfor %}",
}
_CONVOCATION = {
    "destinataire": "les lignes de l’adresse, à parcourir\u202f: {%p for l in destinataire %} {{ l }} {%p endfor %}",
    "appel": "« Madame, », « Monsieur, »",
    "au_titre_de": "en quelle qualité la personne siège",
    "repondre": "comment répondre",
}
_COMPTE_RENDU = {
    "conseil": "le nom du conseil",
    "formation": "la formation réunie",
    "titre": "« Compte rendu n° 2026-014 », sa version s’il y en a plusieurs",
    "objet": "l’objet de la séance",
    "quand": "le jour et l’heure, en toutes lettres",
    "lieu": "le lieu",
    "ouverte": "l’heure d’ouverture",
    "close": "l’heure de clôture",
    "motif": "ce que cette version corrige",
    "mention": "« Projet de compte rendu, ne pas diffuser », tant qu’il n’est pas validé",
    "date_du_jour": "le jour où le document est fait",
    "signataire": "qui signe",
    "qualite_signataire": "la qualité du signataire",
    "presents": "qui était là\u202f: {%p for p in presents %} {{ p.nom }}, {{ p.qualite }}, {{ p.suppleant }} "
    "{%p endfor %}",
    "excuses": "qui n’y était pas\u202f: {%p for p in excuses %} {{ p.nom }}, {{ p.qualite }} {%p endfor %}",
    "points": "les points\u202f: {%p for p in points %} {{ p.titre }}, {{ p.rapporteur }}, "
    "{%p for t in p.paragraphes %} {{ t }} {%p endfor %}, {%p for d in p.decisions %} {{ d.numero }}, "
    "{{ d.texte }}, {{ d.qui }}, {{ d.echeance }} {%p endfor %} {%p endfor %}",
    "remarques": "les remarques des membres\u202f: {%p for r in remarques %} {{ r.qui }}, {{ r.texte }}, "
    "{{ r.reponse }} {%p endfor %}",
}
CHAMPS: dict[str, dict[str, str]] = {
    Genre.CONVOCATION: _SEANCE | _CONVOCATION,
    Genre.ORDRE_DU_JOUR: _SEANCE,
    Genre.COMPTE_RENDU: _COMPTE_RENDU,
}
# What a template is tried with before it is kept: one of each thing that it may go through.
_EXEMPLES: dict[str, Any] = {
    "destinataire": ["Essai"],
    "points": [
        {
            "titre": "Essai", "rapporteur": "", "minutes": 10, "horaire": "", "paragraphes": ["Essai"],
            "decisions": [{"numero": "2026-01", "texte": "Essai", "qui": "", "echeance": ""}],
        }
    ],
    "presents": [{"nom": "Essai", "qualite": "", "suppleant": ""}],
    "excuses": [{"nom": "Essai", "qualite": "", "suppleant": ""}],
    "remarques": [{"qui": "Essai", "texte": "", "reponse": ""}],
}  # fmt: skip


def champs_de_seance(seance: SeanceImprimee) -> dict[str, Any]:
    return {
        "conseil": seance.emetteur,
        "formation": seance.formation,
        "objet": seance.titre,
        "quand": seance.quand,
        "lieu": seance.lieu,
        "duree": seance.duree,
        "date_du_jour": date_longue(seance.jour),
        "signataire": seance.signataire,
        "qualite_signataire": seance.qualite,
        "points": [
            {"titre": p.titre, "rapporteur": p.rapporteur, "minutes": p.minutes, "horaire": p.horaire}
            for p in seance.points
        ],
    }


def champs_de_compte_rendu(
    *, contenu: dict[str, Any], entete: dict[str, str], remarques: list[dict[str, str]]
) -> dict[str, Any]:
    """`contenu`: what the minutes keep. `entete`: the fields that do not come from it."""
    points = [
        {
            "titre": p["titre"],
            "rapporteur": p["rapporteur"],
            "paragraphes": [t.strip() for t in p["texte"].split("\n\n") if t.strip()],
            "decisions": [{**d, "echeance": d["echeance"] or "sans échéance"} for d in p["decisions"]],
        }
        for p in contenu["points"]
    ]
    lus = {c: contenu[c] for c in ("quand", "lieu", "ouverte", "close", "presents", "excuses")}
    return {**entete, **lus, "objet": contenu["titre"], "points": points, "remarques": remarques}


def champs_de_convocation(convocation: ConvocationImprimee) -> dict[str, Any]:
    return champs_de_seance(convocation.seance) | {
        "destinataire": list(convocation.destinataire),
        "appel": convocation.appel,
        "au_titre_de": convocation.au_titre_de,
        "repondre": convocation.repondre.replace("**", ""),
    }


def en_vigueur(conseil: Conseil, genre: str) -> ModeleDeDocument | None:
    return ModeleDeDocument.objects.filter(conseil=conseil, genre=genre).order_by("-pk").first()


@transaction.atomic
def deposer(*, conseil: Conseil, genre: str, contenu: bytes, nom: str) -> ModeleDeDocument:
    """Keep a template; the last one serves.

    Raises:
        GesteRefuse: not a DOCX, a field that does not exist, or a template that cannot be filled.
    """
    if len(contenu) > TAILLE_MAX:
        raise GesteRefuse(
            "Le modèle n’est pas gardé.", "Il dépasse vingt mégaoctets.", "Réduisez ses images."
        )
    try:
        inconnus = gabarits_docx.champs(contenu) - set(CHAMPS[genre])
        if not inconnus:
            gabarits_docx.remplir(contenu, _exemple(genre))
    except gabarits_docx.ModeleIllisible as erreur:
        raise GesteRefuse(
            f"«\u202f{nom}\u202f» ne peut pas servir de modèle.",
            str(erreur),
            "Corrigez-le dans votre traitement de texte, puis déposez-le à nouveau.",
        ) from None
    if inconnus:
        raise GesteRefuse(
            f"Le modèle demande {pluriel(len(inconnus), 'champ inconnu', 'champs inconnus')}.",
            enumeration(sorted(inconnus)),
            "Comparez-les à la liste des champs, puis déposez-le à nouveau.",
        )
    empreinte = hashlib.sha256(contenu).hexdigest()
    relatif = f"modeles/{conseil.slug}/{genre}-{empreinte[:24]}.docx"
    ecrire(relatif, contenu)
    return ModeleDeDocument.objects.create(
        conseil=conseil, genre=genre, nom=nom[:200], chemin=relatif, sha256=empreinte
    )


@transaction.atomic
def retirer(*, conseil: Conseil, genre: str) -> None:
    """The good default comes back."""
    ModeleDeDocument.objects.filter(conseil=conseil, genre=genre).delete()


def remplir(modele: ModeleDeDocument, champs: dict[str, Any]) -> bytes:
    contenu = (Path(settings.CONFIGURATION.donnees) / modele.chemin).read_bytes()
    return gabarits_docx.remplir(contenu, champs)


def _exemple(genre: str) -> dict[str, Any]:
    return dict.fromkeys(CHAMPS[genre], "essai") | {c: v for c, v in _EXEMPLES.items() if c in CHAMPS[genre]}


def de_depart(genre: str) -> bytes:
    """A DOCX with every field in its place, to be opened, dressed and given back."""
    return gabarits_docx.ecrire(_DE_DEPART[genre])


_TETE = ("{{ conseil }}", "{{ date_du_jour }}")
_POINTS = (
    "Ordre du jour",
    "{%p for p in points %}",
    "{{ p.horaire }} {{ p.titre }} ({{ p.minutes }} min) {{ p.rapporteur }}",
    "{%p endfor %}",
)
_PIED = ("{{ qualite_signataire }}", "{{ signataire }}")
_DE_DEPART: dict[str, tuple[str, ...]] = {
    Genre.CONVOCATION: (
        *_TETE,
        "{%p for l in destinataire %}",
        "{{ l }}",
        "{%p endfor %}",
        "{{ appel }}",
        "Vous êtes invité à la séance « {{ objet }} », {{ formation }}, {{ quand }}, {{ lieu }}.",
        *_POINTS,
        "{{ repondre }}",
        *_PIED,
    ),
    Genre.ORDRE_DU_JOUR: (
        *_TETE,
        "{{ objet }}",
        "{{ formation }}, {{ quand }}, {{ lieu }}",
        *_POINTS,
        *_PIED,
    ),
    Genre.COMPTE_RENDU: (
        *_TETE,
        "{{ mention }}",
        "{{ titre }}",
        "{{ objet }}, {{ formation }}, {{ quand }}, {{ lieu }}",
        "Présents",
        "{%p for p in presents %}",
        "{{ p.nom }}, {{ p.qualite }}{% if p.suppleant %}, suppléé par {{ p.suppleant }}{% endif %}",
        "{%p endfor %}",
        "Absents ou excusés",
        "{%p for p in excuses %}",
        "{{ p.nom }}, {{ p.qualite }}",
        "{%p endfor %}",
        "{%p for p in points %}",
        "{{ p.titre }}",
        "{%p for t in p.paragraphes %}",
        "{{ t }}",
        "{%p endfor %}",
        "{%p for d in p.decisions %}",
        "Décision {{ d.numero }} : {{ d.texte }} ({{ d.qui }}, {{ d.echeance }})",
        "{%p endfor %}",
        "{%p endfor %}",
        *_PIED,
    ),
}
