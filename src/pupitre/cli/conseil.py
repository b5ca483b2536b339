"""Finding a council or a source by the short name that its address shows."""

from __future__ import annotations

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import enumeration


class NomInconnu(ErreurPupitre):
    """No council, or no source, bears that name."""


def trouver_conseil(slug: str):
    from pupitre.territoires.models import Conseil

    conseil = Conseil.objects.filter(slug=slug).first()
    if conseil is None:
        raise _inconnu("conseil", slug, Conseil.objects.order_by("slug").values_list("slug", flat=True))
    return conseil


def trouver_source(conseil, code: str):
    from pupitre.observatoire.models import Source

    sources = Source.objects.filter(conseil=conseil)
    source = sources.filter(code=code).first()
    if source is None:
        raise _inconnu("source", code, sources.order_by("code").values_list("code", flat=True))
    return source


def _inconnu(chose: str, nom: str, connus) -> NomInconnu:
    noms = list(connus)
    quoi = {"conseil": "Aucun conseil", "source": "Aucune source de ce conseil"}[chose]
    suite = {"conseil": "L’installation a", "source": "Ce conseil a"}[chose]
    return NomInconnu(
        f"{quoi} ne s’appelle «\u202f{nom}\u202f».",
        f"{suite}\u202f: {enumeration(noms)}." if noms else "Il n’y en a encore aucun.",
        "Reprenez l’un de ces noms."
        if noms
        else "Créez-le d’abord (« pupitre initialiser » pour un conseil, la page Sources pour une source).",
    )
