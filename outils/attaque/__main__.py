"""`python -m outils.attaque --donnees DOSSIER`: attack a demonstration as its mayor, a partner, the State, anyone.

The folder is read through the real pages, which record sign-ins: give it a copy.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def main() -> int:
    """1 when something was recovered, or when a figure contradicts the others."""
    analyse = argparse.ArgumentParser(prog="python -m outils.attaque", description=__doc__)
    analyse.add_argument("--donnees", type=Path, required=True, help="dossier de données d’une démonstration")
    analyse.add_argument("--conseil", default="plaine-centrale")
    analyse.add_argument(
        "--lecteurs",
        default="maire@plaine-centrale.example,bailleur@plaine-centrale.example,"
        "prefecture@plaine-centrale.example",
        help="adresses des comptes qui mettent en commun ce qu’ils obtiennent",
    )
    analyse.add_argument("--sources", default="", help="codes des sources attaquées (toutes par défaut)")
    analyse.add_argument("--pages", type=int, default=100_000, help="au plus, par lecteur")
    analyse.add_argument(
        "--sans-classeurs", action="store_true", help="ne pas lire les XLSX, qui redisent les CSV"
    )
    choix = analyse.parse_args()
    os.environ["PUPITRE_DONNEES"] = str(choix.donnees.resolve())
    os.environ.setdefault("PUPITRE_MODE", "demonstration")
    os.environ.setdefault("PUPITRE_CLE_SECRETE", "x" * 60)
    os.environ["DJANGO_SETTINGS_MODULE"] = "pupitre.projet.settings"
    import django

    django.setup()
    from django.conf import settings

    from outils.attaque import essai
    from pupitre.acces.models import Utilisateur
    from pupitre.territoires.models import Conseil

    settings.ALLOWED_HOSTS = ["localhost"]
    conseil = Conseil.objects.get(slug=choix.conseil)
    adresses = [a for a in choix.lecteurs.split(",") if a]
    lecteurs = {a: Utilisateur.objects.get(email=a) for a in adresses} | {"public": None}
    voulues = {s for s in choix.sources.split(",") if s}
    codes = sorted(voulues or conseil.sources.values_list("code", flat=True))
    rapport = essai.essayer(
        conseil,
        lecteurs,
        bornes=_bornes(voulues, choix.pages, choix.sans_classeurs),
        sources=voulues or None,
        # the nearest to the figures first, when not all pages are opened
        departs=[*(f"/conseils/{conseil.slug}/tableau-de-bord/?source={code}" for code in codes), "/"],
    )
    print("\n".join(rapport.lignes()))
    return int(bool(rapport.retrouvees or rapport.contradictions))


def _bornes(sources: set[str], pages: int, sans_classeurs: bool):
    """Half-years among the periods: the series of a page hold the months between them."""
    from urllib.parse import parse_qs, urlsplit

    from outils.attaque.parcours import Bornes, est_un_tri

    def valeurs(nom: str, possibles: list[str]) -> list[str]:
        if nom == "source" and sources:
            return [v for v in possibles if v in sources]
        if nom == "periode":
            return [v for v in possibles if v.endswith(("-06", "-12")) or "-" not in v] + possibles[:1]
        return possibles

    def suivre(adresse: str) -> bool:
        parties = urlsplit(adresse)
        if est_un_tri(adresse) or (sans_classeurs and parties.path.endswith(".xlsx")):
            return False
        demandee = parse_qs(parties.query).get("source", [""])[0]
        return not sources or not parties.query or "tableau-de-bord" not in adresse or demandee in sources

    return Bornes(pages=pages, valeurs=valeurs, suivre=suivre)


if __name__ == "__main__":
    sys.exit(main())
