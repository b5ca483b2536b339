"""Import of secteurs in two steps: a file and its report, then the confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue, pluriel
from pupitre.territoires import decoupages
from pupitre.territoires.models import Conseil
from pupitre.web.acces import exige
from pupitre.web.territoires.carte import carte, dessiner
from pupitre.web.territoires.formulaires import ImportForm, refuser


@exige(Droit.REGLER_CONSEIL)
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest, conseil: Conseil) -> HttpResponse:
    formulaire = ImportForm(initial={"debut": horloge.aujourdhui()})
    if request.method == "POST":
        formulaire = ImportForm(request.POST, request.FILES)
        if formulaire.is_valid():
            donnees = dict(formulaire.cleaned_data)
            fichier = donnees.pop("fichier")
            try:
                recus = decoupages.recevoir_contours(
                    conseil=conseil, fichier=fichier, nom_fichier=fichier.name, **donnees
                )
            except ErreurPupitre as erreur:
                refuser(formulaire, erreur, _champ(erreur))
            else:
                return redirect("secteurs_controle", conseil=conseil.slug, recus=recus.pk)
    return render(
        request,
        "territoires/importer.html",
        {"conseil": conseil, "form": formulaire},
        status=422 if formulaire.errors else 200,
    )


@exige(Droit.REGLER_CONSEIL)
@require_http_methods(["GET", "HEAD", "POST"])
def controle(request: HttpRequest, conseil: Conseil, recus) -> HttpResponse:
    """What was checked; nothing takes effect before the confirmation."""
    attente = get_object_or_404(conseil.contours_recus, pk=recus)
    refus = None
    if request.method == "POST":
        if request.POST.get("geste") == "abandonner":
            decoupages.abandonner(recus=attente)
            messages.info(request, "L’import a été abandonné. Les secteurs n’ont pas changé.")
            return redirect("territoire", conseil=conseil.slug)
        try:
            cree = decoupages.confirmer(recus=attente, corriger="corriger" in request.POST)
        except ErreurPupitre as erreur:
            refus = erreur
        else:
            nombre = pluriel(cree.secteurs.count(), "secteur")
            messages.success(
                request, f"{cree}\u202f: {nombre}, en vigueur depuis le {date_longue(cree.debut)}."
            )
            return redirect("territoire", conseil=conseil.slug)
    try:
        examen = decoupages.examiner_recus(attente)
    except ErreurPupitre as erreur:
        examen, refus = None, refus or erreur
    return render(
        request,
        "territoires/controle.html",
        {
            "conseil": conseil,
            "recus": attente,
            "apercu": {"nom": attente.nom},
            "examen": examen,
            "carte": dessiner(decoupages.contours_proposes(examen)) if examen else None,
            "refus": refus,
        },
        status=422 if refus else 200,
    )


@exige(Droit.VOIR_TERRITOIRE)
@require_safe
def decoupage(request: HttpRequest, conseil: Conseil, decoupage: int) -> HttpResponse:
    choisi = get_object_or_404(conseil.decoupages, pk=decoupage)
    return render(
        request,
        "territoires/decoupage.html",
        {
            "conseil": conseil,
            "decoupage": choisi,
            "carte": carte(choisi),
            "secteurs": choisi.secteurs.select_related("commune").order_by("code"),
        },
    )


def _champ(erreur: ErreurPupitre) -> str | None:
    if isinstance(erreur, decoupages.DecoupageRefuse):
        return "debut"
    return "fichier"
