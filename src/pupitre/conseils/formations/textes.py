"""Texts of the council: written, adopted, then never changed: what comes next is another version."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Max, QuerySet

from pupitre.conseils.models import Formation, TexteConseil
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

MODELES = Path(__file__).parent / "modeles"
G = TexteConseil.Genre


class TexteRefuse(ErreurPupitre):
    """An adopted text cannot be written over, an empty one cannot be adopted."""


def textes_visibles(conseil: Conseil, *, equipe: bool) -> QuerySet[TexteConseil]:
    """The team reads drafts; the others what is adopted."""
    textes = TexteConseil.objects.filter(conseil=conseil).prefetch_related("formations")
    return textes if equipe else textes.filter(adopte_le__isnull=False)


def en_vigueur(conseil: Conseil, genre: str, jour: date) -> TexteConseil | None:
    return (
        TexteConseil.objects.filter(conseil=conseil, genre=genre, adopte_le__lte=jour)
        .order_by("-adopte_le", "-version")
        .first()
    )


def modele(genre: str) -> str:
    """A first draft to work on; nothing for an arrêté, which is composed."""
    chemin = MODELES / f"{genre}.txt"
    return chemin.read_text(encoding="utf-8") if chemin.is_file() else ""


@transaction.atomic
def commencer(*, conseil: Conseil, genre: str, corps: str = "") -> TexteConseil:
    """The next version, from the last one or from the model. A draft that waits is given back."""
    Conseil.objects.select_for_update(of=("self",)).get(pk=conseil.pk)
    versions = TexteConseil.objects.filter(conseil=conseil, genre=genre)
    attend = versions.filter(adopte_le__isnull=True).first()
    if attend is not None:
        return attend
    dernier = versions.first()
    suivant = (versions.aggregate(n=Max("version"))["n"] or 0) + 1
    texte = TexteConseil.objects.create(
        conseil=conseil,
        genre=genre,
        version=suivant,
        corps=corps or (dernier.corps if dernier else modele(genre)),
    )
    if dernier is not None:
        texte.formations.set(dernier.formations.all())
    return texte


@transaction.atomic
def ecrire(
    *,
    texte: TexteConseil,
    corps: str,
    expire_le: date | None = None,
    formations: list[Formation] | None = None,
) -> TexteConseil:
    """
    Raises:
        TexteRefuse: it is adopted.
    """
    texte = _verrouiller(texte)
    texte.corps, texte.expire_le = corps, expire_le
    texte.full_clean()
    texte.save()
    if formations is not None:
        texte.formations.set(formations)
    return texte


@transaction.atomic
def adopter(*, texte: TexteConseil, le: date) -> TexteConseil:
    """From that day, this version is the one in force and nothing changes it.

    Raises:
        TexteRefuse: already adopted, empty, or with places left to be filled.
    """
    texte = _verrouiller(texte)
    if not texte.corps.strip() and not texte.ecrit:
        raise TexteRefuse("Le texte n’est pas adopté.", "Il est vide.", "Écrivez-le d’abord.")
    if "[" in texte.corps:
        reste = texte.corps[texte.corps.index("[") :].split("]")[0].lstrip("[")
        raise TexteRefuse(
            "Le texte n’est pas adopté.",
            f"Il reste à compléter\u202f: «\u202f{reste[:120]}\u202f».",
            "Remplacez les passages entre crochets.",
        )
    if texte.expire_le and texte.expire_le <= le:
        raise TexteRefuse(
            "Le texte n’est pas adopté.",
            f"Il serait à revoir le {date_longue(texte.expire_le)}, avant son adoption.",
            "Corrigez l’une des deux dates.",
        )
    texte.adopte_le = le
    texte.save(update_fields=["adopte_le"])
    return texte


def _verrouiller(texte: TexteConseil) -> TexteConseil:
    verrou = TexteConseil.objects.select_for_update(of=("self",)).get(pk=texte.pk)
    if verrou.adopte_le is not None:
        raise TexteRefuse(
            "Ce texte ne change plus.",
            f"Il a été adopté le {date_longue(verrou.adopte_le)}.",
            "Préparez une nouvelle version\u202f: l’ancienne reste lisible.",
        )
    return verrou
