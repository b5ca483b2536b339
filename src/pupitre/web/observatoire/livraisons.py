"""Deliveries: the table, the deposit, what was understood, publication and rejection."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import policies, selectors, tasks
from pupitre.observatoire import presentation_lecture as clair
from pupitre.observatoire.collecte import gabarits, libelles, modeles_sources, services
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.presentation import (
    lecture_en_clair,
    proposer_territoires,
    table_des_anomalies,
    table_des_livraisons,
)
from pupitre.observatoire.presentation_adresses import adresses_en_clair
from pupitre.observatoire.presentation_totaux import totaux_en_clair
from pupitre.socle import horloge
from pupitre.socle.texte import pluriel
from pupitre.web.acces import exige, refus
from pupitre.web.observatoire.formulaires import DepotForm, RejetForm
from pupitre.web.telechargement import tableau_en

PAR_PAGE = 50
LECTURE_LONGUE = timedelta(minutes=5)
# Beyond, the file is read again in the background.
LECTURE_IMMEDIATE = 2 * 1024 * 1024


def _visible(request, conseil, livraison):
    return get_object_or_404(
        selectors.livraisons_visibles(request.user, conseil).select_related(
            "source__organisation", "source__conseil", "deposee_par", "remplacee_par"
        ),
        pk=livraison,
    )


def _filtrees(request, conseil):
    livraisons = selectors.livraisons_visibles(request.user, conseil).select_related("source__organisation")
    if etat := request.GET.get("etat"):
        livraisons = livraisons.filter(etat=etat)
    if source := request.GET.get("source"):
        livraisons = livraisons.filter(source__code=source)
    return livraisons


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def liste(request, conseil):
    page = Paginator(_filtrees(request, conseil), PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "observatoire/livraisons.html",
        {
            "page": page,
            "sources": selectors.sources_visibles(request.user, conseil),
            "etats": Etat.choices,
            "etat": request.GET.get("etat", ""),
            "source": request.GET.get("source", ""),
        },
    )


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def exporter(request, conseil, format):
    return tableau_en(format, "livraisons", table_des_livraisons(_filtrees(request, conseil), conseil))


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def anomalies(request, conseil, livraison, format):
    livraison = _visible(request, conseil, livraison)
    return tableau_en(format, f"anomalies-{livraison.cle[:8]}", table_des_anomalies(livraison))


@require_http_methods(["GET", "POST"])
@exige(Droit.DEPOSER)
def deposer(request, conseil):
    peut_declarer = bool(peut(request.user, Droit.PUBLIER, conseil))
    sources = selectors.sources_visibles(request.user, conseil).select_related("organisation")
    modeles = modeles_sources.modeles_libres(conseil) if peut_declarer else []
    form = DepotForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        sources=sources,
        modeles=modeles,
        initial={"source": request.GET.get("source", "")},
    )
    if request.method == "POST" and form.is_valid():
        genre, _, code = form.cleaned_data["source"].partition(":")
        if genre == "modele":
            source = modeles_sources.declarer(conseil=conseil, code=code)
        else:
            source = get_object_or_404(sources, code=code)
        fichier = form.cleaned_data["fichier"]
        try:
            livraison = services.deposer(
                source=source,
                fichier=Path(fichier.temporary_file_path()),
                nom=fichier.name,
                auteur=request.user,
            )
        except services.DepotRefuse as erreur:
            form.add_error("fichier", str(erreur))
        else:
            tasks.lire_livraison.enqueue(str(livraison.pk))
            return redirect("livraison", conseil=conseil.slug, livraison=livraison.pk)
    return render(
        request,
        "observatoire/deposer.html",
        {"form": form, "sources": sources, "modeles": modeles},
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def fiche(request, conseil, livraison):
    livraison = _visible(request, conseil, livraison)
    return render(request, "observatoire/livraison.html", _contexte(request, conseil, livraison))


def _contexte(
    request,
    conseil,
    livraison,
    rejet: RejetForm | None = None,
    q: str = "",
    coches: list[str] | None = None,
) -> dict:
    anomalies = list(livraison.anomalies.all()[:500])
    verdict = policies.peut_publier(request.user, livraison)
    return {
        "livraison": livraison,
        "evenements": livraison.evenements.select_related("auteur"),
        "lecture": lecture_en_clair(livraison),
        "adresses": adresses_en_clair(livraison),
        "gravites": clair.anomalies_groupees(anomalies),
        "n_anomalies": livraison.anomalies.count(),
        "publication": verdict,
        "fichier_marque": clair.fichier_marque(livraison),
        "gabarit": clair.gabarit_en_clair(livraison),
        "libelles": clair.libelles_a_regler(livraison) if livraison.etat == Etat.CONTROLEE else None,
        "totaux": totaux_en_clair(livraison),
        "changements": clair.changements_en_clair(livraison),
        "retraits": livraison.retraits.select_related("par"),
        "avancement": clair.avancement(livraison),
        "rejet": policies.peut_rejeter(request.user, livraison),
        "form_rejet": rejet or RejetForm(),
        "territoires": proposer_territoires(livraison, q, coches),
        "q": q,
        "refus": livraison.evenements.filter(etat=Etat.REJETEE).last(),
        "en_lecture": livraison.etat in (Etat.RECUE, Etat.LUE),
        "lecture_longue": horloge.maintenant() - livraison.recue_le > LECTURE_LONGUE,
    }


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def avancement(request, conseil, livraison):
    """Fragment polled while the file is read; sends the browser to the full page once it is."""
    livraison = _visible(request, conseil, livraison)
    if livraison.etat in (Etat.RECUE, Etat.LUE):
        contexte = {"livraison": livraison, "avancement": clair.avancement(livraison)}
        return render(request, "observatoire/_avancement.html", contexte)
    reponse = HttpResponse(status=204)
    reponse["HX-Refresh"] = "true"
    return reponse


@require_POST
@exige(Droit.PUBLIER)
def relire(request, conseil, livraison):
    """Ask for the reading again: the process that was at it may have been stopped."""
    livraison = _visible(request, conseil, livraison)
    if livraison.etat == Etat.RECUE:
        tasks.lire_livraison.enqueue(str(livraison.pk))
    return redirect("livraison", conseil=conseil.slug, livraison=livraison.pk)


@require_POST
@exige(Droit.PUBLIER)
def territoires(request, conseil, livraison):
    livraison = _visible(request, conseil, livraison)
    coches = request.POST.getlist("territoire")
    if request.POST.get("geste") == "chercher":
        contexte = _contexte(request, conseil, livraison, q=request.POST.get("q", ""), coches=coches)
        return render(request, "observatoire/livraison.html", contexte)
    try:
        services.retenir_territoires(livraison=livraison, territoires=coches, auteur=request.user)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        services.lire(livraison=livraison, auteur=request.user)
    return redirect("livraison", conseil=conseil.slug, livraison=livraison.pk)


@require_POST
@exige(Droit.PUBLIER)
def regler_libelles(request, conseil, livraison):
    """What labels mean: one button, or many lists at once; the file is read again with the answers."""
    livraison = _visible(request, conseil, livraison)
    if livraison.etat != Etat.CONTROLEE:
        return refus(request, policies.peut_publier(request.user, livraison))
    reponses = libelles.reponses(livraison, request.POST)
    if not reponses:
        messages.info(request, "Aucune réponse n’a été donnée.")
    else:
        gabarits.retenir(livraison=livraison, reponses=reponses, auteur=request.user)
        messages.success(request, f"{pluriel(len(reponses), 'réponse retenue', 'réponses retenues')}.")
        if livraison.taille > LECTURE_IMMEDIATE:
            services.a_relire(livraison=livraison, auteur=request.user)
            tasks.lire_livraison.enqueue(str(livraison.pk))
        else:
            services.lire(livraison=livraison, auteur=request.user)
    adresse = reverse("livraison", kwargs={"conseil": conseil.slug, "livraison": livraison.pk})
    return redirect(f"{adresse}#t-libelles")


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def changements(request, conseil, livraison, format):
    livraison = _visible(request, conseil, livraison)
    return tableau_en(format, f"changements-{livraison.cle[:8]}", clair.table_des_changements(livraison))


@require_POST
@exige(Droit.PUBLIER)
def publier(request, conseil, livraison):
    livraison = _visible(request, conseil, livraison)
    verdict = policies.peut_publier(request.user, livraison)
    if not verdict:
        return refus(request, verdict)
    try:
        services.publier(
            livraison=livraison, auteur=request.user, malgre_la_baisse=bool(request.POST.get("confirmer"))
        )
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(
            request, f"«\u202f{livraison.nom}\u202f» est publiée\u202f: les chiffres sont à jour."
        )
    return redirect("livraison", conseil=conseil.slug, livraison=livraison.pk)


@require_POST
@exige(Droit.PUBLIER)
def rejeter(request, conseil, livraison):
    livraison = _visible(request, conseil, livraison)
    form = RejetForm(request.POST)
    if form.is_valid():
        try:
            services.rejeter(livraison=livraison, auteur=request.user, raison=form.cleaned_data["raison"])
        except ErreurPupitre as erreur:
            messages.error(request, str(erreur))
        return redirect("livraison", conseil=conseil.slug, livraison=livraison.pk)
    contexte = _contexte(request, conseil, livraison, form)
    return render(request, "observatoire/livraison.html", contexte, status=422)


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def fichier(request, conseil, livraison):
    """The file as received, byte for byte."""
    livraison = _visible(request, conseil, livraison)
    if not livraison.fichier.is_file():
        raise Http404
    return FileResponse(
        livraison.fichier.open("rb"),
        as_attachment=True,
        filename=livraison.nom,
        content_type="application/octet-stream",
    )
