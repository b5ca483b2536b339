"""Cards that look alike: made one, told apart, and made two again."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces.droits import Droit
from pupitre.annuaire import doublons, fusions, selectors
from pupitre.annuaire.models import Fusion, Personne
from pupitre.annuaire.policies import regard
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import pluriel
from pupitre.web.acces import exige

PAR_PAGE = 25


@require_GET
@exige(Droit.TENIR_ANNUAIRE)
def liste(request, conseil):
    page = Paginator(doublons.suggestions(conseil), PAR_PAGE).get_page(request.GET.get("page"))
    cles = [p.pk for paire in page.object_list for p in (paire.premiere, paire.seconde)]
    habillees = {p.pk: p for p in selectors.habiller(cles, horloge.aujourdhui())}
    paires = [
        ((habillees[a], habillees[b]), f"{a}-{b}", p.raison)
        for p in page.object_list
        for a, b in [(p.premiere.pk, p.seconde.pk)]
    ]
    return render(
        request,
        "annuaire/doublons.html",
        {
            "page": page,
            "paires": paires,
            "regard": regard(request.user, conseil),
            "fusions": Fusion.objects.filter(gardee__conseil=conseil).select_related(
                "gardee", "absorbee", "auteur"
            )[:30],
        },
    )


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def regler(request, conseil):
    """Several pairs at once: `paire` is "kept-absorbed", ticked; or one pair told apart."""
    fiches = selectors.du_conseil(conseil).in_bulk()
    faites = 0
    if "distinguer" in request.POST:
        paire = _paire(request.POST["distinguer"], fiches)
        if paire is not None:
            doublons.distinguer(une=paire[0], autre=paire[1])
            messages.success(request, "Ces deux fiches ne seront plus proposées ensemble.")
        return redirect("annuaire-doublons", conseil=conseil.slug)
    for texte in request.POST.getlist("paire"):
        paire = _paire(texte, fiches)
        if paire is None:
            continue
        try:
            fusions.fusionner(gardee=paire[0], absorbee=paire[1], auteur=request.user)
        except ErreurPupitre as erreur:
            messages.error(request, str(erreur))
        else:
            faites += 1
    if faites:
        messages.success(
            request, f"{pluriel(faites, 'fusion faite', 'fusions faites')}. Chacune peut être défaite."
        )
    else:
        messages.error(request, "Cochez au moins une paire à fusionner.")
    return redirect("annuaire-doublons", conseil=conseil.slug)


def _paire(texte: str, fiches: dict[int, Personne]) -> tuple[Personne, Personne] | None:
    une, _, autre = texte.partition("-")
    if not (une.isdecimal() and autre.isdecimal()):
        return None
    lues = fiches.get(int(une)), fiches.get(int(autre))
    return (lues[0], lues[1]) if lues[0] and lues[1] and lues[0] != lues[1] else None


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def defaire(request, conseil, fusion):
    objet = get_object_or_404(Fusion, gardee__conseil=conseil, pk=fusion)
    try:
        retrouvee = fusions.defaire(fusion=objet)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        return redirect("annuaire-doublons", conseil=conseil.slug)
    messages.success(request, f"La fusion est défaite\u202f: la fiche {retrouvee} est revenue.")
    return redirect("personne", conseil=conseil.slug, personne=retrouvee.pk)
