"""Saved views: named readings of the dashboard, of one person or shared with the team."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.models import Vue
from pupitre.territoires.models import Conseil

# What an address may hold, by screen; the rest is left out.
CHOIX = {
    Vue.Ecran.TABLEAU: ("theme", "source", "territoire", "duree", "periode", "comparer", "indicateur"),
    Vue.Ecran.SAISONS: ("indicateur", "territoire", "calendrier"),
    Vue.Ecran.COMPARER: ("indicateur", "groupe", "annee"),
}
DATES = ("periode", "comparer", "annee")
VUES_MAX = 40


class VueRefusee(ErreurPupitre):
    """Too many, or shared by somebody who is not of the team."""


def de_l_equipe(utilisateur, conseil: Conseil) -> bool:
    return bool(peut(utilisateur, Droit.TENIR_LECTURE, conseil))


def visibles(utilisateur, conseil: Conseil):
    """One's own, and for the team those that are shared."""
    siennes = Q(auteur=utilisateur)
    if de_l_equipe(utilisateur, conseil):
        siennes |= Q(partagee=True)
    return Vue.objects.filter(siennes, conseil=conseil).select_related("auteur")


def modifiables(utilisateur, conseil: Conseil):
    """Those that a person may rename or delete: the team keeps its shared views together."""
    return visibles(utilisateur, conseil)


def requete(vue: Vue) -> str:
    return urlencode({k: v for k, v in vue.choix.items() if v})


@transaction.atomic
def enregistrer(
    *,
    conseil: Conseil,
    auteur,
    nom: str,
    ecran: str,
    choix: Mapping[str, str],
    partagee: bool = False,
    derniere_periode: bool = True,
) -> Vue:
    """Keep a reading under a name.

    Args:
        derniere_periode: forget the period shown: the view will always open on the last one delivered.
    Raises:
        VueRefusee: shared outside the team, or too many. ValidationError: no name, or already used.
    """
    if partagee and not de_l_equipe(auteur, conseil):
        raise VueRefusee(
            "La vue n’est pas partagée.",
            "Seule l’équipe de l’observatoire partage ses vues.",
            "Enregistrez-la pour vous.",
        )
    if Vue.objects.filter(conseil=conseil, auteur=auteur).count() >= VUES_MAX:
        raise VueRefusee(
            "La vue n’est pas gardée.",
            f"Vous en avez déjà {VUES_MAX}.",
            "Supprimez celles qui ne servent plus.",
        )
    ecran = Vue.Ecran(ecran)
    gardes = {
        cle: str(choix[cle])[:120]
        for cle in CHOIX[ecran]
        if choix.get(cle) and not (derniere_periode and cle in DATES)
    }
    vue = Vue(conseil=conseil, auteur=auteur, nom=" ".join(nom.split()), ecran=ecran, choix=gardes)
    vue.partagee = partagee
    vue.full_clean()
    vue.save()
    return vue


@transaction.atomic
def renommer(*, vue: Vue, nom: str, partagee: bool, auteur) -> Vue:
    """Raises as `enregistrer`."""
    if partagee and not de_l_equipe(auteur, vue.conseil):
        raise VueRefusee(
            "La vue n’est pas partagée.",
            "Seule l’équipe de l’observatoire partage ses vues.",
            "Renommez-la sans la partager.",
        )
    vue.nom, vue.partagee = " ".join(nom.split()), partagee
    vue.full_clean()
    vue.save(update_fields=["nom", "partagee"])
    return vue


@transaction.atomic
def supprimer(*, vue: Vue) -> None:
    vue.delete()
