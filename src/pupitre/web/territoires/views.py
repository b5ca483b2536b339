"""The territory of a council: its communes on a day, what the law asks of them, its secteurs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pupitre.acces.droits import Droit
from pupitre.droit.conseils import VerdictDroit, clspd_obligatoire, coordonnateur_obligatoire
from pupitre.droit.parametres import ParametreInconnu
from pupitre.socle import horloge
from pupitre.socle.texte import enumeration
from pupitre.territoires.models import Adhesion, Commune, Conseil
from pupitre.territoires.selectors import communes_en_cispd, decoupage_as_of, membres_as_of
from pupitre.web.acces import exige
from pupitre.web.territoires.carte import carte
from pupitre.web.territoires.formulaires import DateForm


@dataclass(frozen=True, slots=True)
class LigneCommune:
    adhesion: Adhesion
    commune: Commune
    ept: str
    qpv: int
    clspd: VerdictDroit | None
    coordonnateur: VerdictDroit | None


@exige(Droit.VOIR_TERRITOIRE)
def territoire(request: HttpRequest, conseil: Conseil) -> HttpResponse:
    choix = DateForm(request.GET or None)
    jour = choix.cleaned_data["jour"] if choix.is_bound and choix.is_valid() else None
    jour = jour or horloge.aujourdhui()
    membres = membres_as_of(conseil, jour)
    en_cispd = communes_en_cispd([a.commune_id for a, _ in membres], jour)
    lignes = [_ligne(a, ept, a.commune_id in en_cispd, jour) for a, ept in membres]
    decoupage = decoupage_as_of(conseil, jour)
    return render(
        request,
        "territoires/territoire.html",
        {
            "conseil": conseil,
            "choix": choix if choix.is_bound else DateForm(initial={"jour": jour}),
            "jour": jour,
            "est_aujourdhui": jour == horloge.aujourdhui(),
            "lignes": lignes,
            "population": sum(ligne.commune.population or 0 for ligne in lignes),
            "droit": _droit(lignes),
            "decoupage": decoupage,
            "carte": carte(decoupage) if decoupage else None,
            "secteurs": decoupage.secteurs.select_related("commune").order_by("code") if decoupage else (),
            "historique": conseil.decoupages.all(),
            "en_attente": conseil.contours_recus.first(),
        },
    )


def _ligne(adhesion: Adhesion, ept: str, en_cispd: bool, jour: date) -> LigneCommune:
    commune, qpv = adhesion.commune, len(adhesion.commune.qpv_codes)
    try:
        clspd = clspd_obligatoire(commune.population, qpv, jour, en_cispd)
        coordonnateur = coordonnateur_obligatoire(commune.population, jour)
    except ParametreInconnu:
        clspd = coordonnateur = None
    return LigneCommune(adhesion, commune, ept, qpv, clspd, coordonnateur)


@dataclass(frozen=True, slots=True)
class Regle:
    """One reason of the law, and the communes it holds for."""

    verdict: VerdictDroit
    communes: str


def _droit(lignes: list[LigneCommune]) -> list[Regle]:
    """Each reason once, with its communes: a council of forty communes reads three sentences, not eighty."""
    noms: dict[VerdictDroit, list[str]] = {}
    for champ in ("clspd", "coordonnateur"):
        for ligne in lignes:
            verdict = getattr(ligne, champ)
            if verdict is not None:
                noms.setdefault(verdict, []).append(ligne.commune.nom)
    return [Regle(verdict, enumeration(liste)) for verdict, liste in noms.items()]
