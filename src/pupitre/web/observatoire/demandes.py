"""Data requests: asked by a partner, examined, answered by the owner, signed, delivered, kept in a register."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.demandes import dossier, offre, policies, registre, selectors, services
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.web.acces import exige, refus
from pupitre.web.observatoire import formulaires_demandes as formulaires
from pupitre.web.telechargement import envoyer, tableau_en


def _visible(request, conseil, demande):
    return get_object_or_404(selectors.visibles(request.user, conseil), pk=demande)


@require_GET
@exige(Droit.VOIR_DEMANDES)
def liste(request, conseil):
    etat = request.GET.get("etat", "")
    demandes = selectors.visibles(request.user, conseil)
    if etat in EtatDemande.values:
        demandes = demandes.filter(etat=etat)
    page = Paginator(demandes.prefetch_related("lignes__source__organisation"), 25).get_page(
        request.GET.get("page")
    )
    contexte = {"page": page, "etat": etat, "etats": EtatDemande.choices}
    return render(request, "observatoire/demandes/liste.html", contexte)


@require_http_methods(["GET", "POST"])
@exige(Droit.DEMANDER_DONNEES)
def demander(request, conseil):
    """First which sources, in the address; then what of them, and what for."""
    organisation = policies.organisations_de(request.user, conseil)[0]
    offres = offre.offres(conseil, organisation)
    voulues = set(request.GET.getlist("source"))
    choisies = [o for o in offres if o.source.code in voulues]
    if not choisies:
        contexte = {"offres": offres, "organisation": organisation, "manque": "choisir" in request.GET}
        return render(request, "observatoire/demandes/choisir.html", contexte)
    form = formulaires.DemandeForm(
        request.POST if request.method == "POST" else None, conseil=conseil, choisies=choisies
    )
    if request.method == "POST" and form.is_valid():
        try:
            demande = services.deposer(
                conseil=conseil, organisation=organisation, auteur=request.user, contenu=_contenu(form)
            )
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        else:
            _dire_le_sort(request, demande)
            return redirect("demande", conseil=conseil.slug, demande=demande.pk)
    contexte = {"form": form, "choisies": choisies, "organisation": organisation}
    return render(
        request, "observatoire/demandes/demander.html", contexte, status=422 if form.is_bound else 200
    )


def _contenu(form) -> services.Contenu:
    lu = form.cleaned_data
    return services.Contenu(
        sources=form.sources(),
        perimetre=lu["perimetre"],
        debut=lu["debut"],
        fin=lu["fin"],
        usage=lu["usage"],
        lecteurs=lu["lecteurs"],
        jusqu_au=lu["jusqu_au"],
    )


def _dire_le_sort(request, demande) -> None:
    etat = selectors.etat_de(demande)
    if etat == EtatDemande.REFUSEE:
        messages.error(request, "La demande est refusée d’emblée\u202f: la raison est ci-dessous.")
    elif etat == EtatDemande.REMISE:
        messages.success(request, "Personne n’a d’accord à donner\u202f: vos données sont prêtes.")
    else:
        messages.success(
            request, f"La demande {demande.reference} est déposée. La coordination du conseil l’examine."
        )


@require_GET
@exige(Droit.VOIR_DEMANDES)
def fiche(request, conseil, demande):
    return _fiche(request, conseil, _visible(request, conseil, demande))


def _fiche(request, conseil, demande, *, formulaire=None, nom: str = "", status: int = 200):
    contexte = {
        "dossier": dossier.ouvrir(request.user, demande),
        "demande": demande,
        "reponse_form": formulaires.ReponseForm(),
        "refus_form": formulaires.RaisonForm(prefix="refus"),
        "remarque_form": formulaires.RaisonForm(prefix="remarque"),
    }
    if formulaire is not None:
        contexte[nom] = formulaire
    return render(request, "observatoire/demandes/fiche.html", contexte, status=status)


def _geste(request, conseil, demande, faire: Callable[[], object], bien: str):
    """Do it, say it, come back to the request; a refusal says why."""
    try:
        faire()
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, bien)
    return redirect("demande", conseil=conseil.slug, demande=demande.pk)


@require_http_methods(["GET", "POST"])
@exige(Droit.INSTRUIRE_DEMANDE)
def completer(request, conseil, demande):
    demande = _visible(request, conseil, demande)
    verdict = policies.peut_instruire(request.user, demande)
    if not verdict:
        messages.error(request, verdict.raison)
        return redirect("demande", conseil=conseil.slug, demande=demande.pk)
    codes = set(demande.lignes.values_list("source__code", flat=True))
    choisies = [o for o in offre.offres(conseil, demande.organisation) if o.source.code in codes]
    form = formulaires.CompleterForm(
        request.POST if request.method == "POST" else None,
        conseil=conseil,
        choisies=choisies,
        initial={
            "perimetre": demande.perimetre,
            "depuis": f"{demande.debut:%Y-%m}",
            "jusqu_a": f"{demande.fin:%Y-%m}",
            "precisions": demande.precisions,
        },
    )
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        return _geste(
            request,
            conseil,
            demande,
            lambda: services.completer(
                demande=demande,
                auteur=request.user,
                debut=lu["debut"],
                fin=lu["fin"],
                perimetre=lu["perimetre"],
                precisions=lu["precisions"],
            ),
            "La demande est complétée.",
        )
    return render(
        request,
        "observatoire/demandes/completer.html",
        {"form": form, "demande": demande},
        status=422 if form.is_bound else 200,
    )


@require_POST
@exige(Droit.INSTRUIRE_DEMANDE)
def transmettre(request, conseil, demande):
    demande = _visible(request, conseil, demande)
    if not (verdict := policies.peut_instruire(request.user, demande)):
        return refus(request, verdict)
    return _geste(
        request,
        conseil,
        demande,
        lambda: services.transmettre(demande=demande, auteur=request.user),
        "Le propriétaire des données a reçu un lien pour répondre.",
    )


@require_POST
@exige(Droit.INSTRUIRE_DEMANDE)
def refuser(request, conseil, demande):
    demande = _visible(request, conseil, demande)
    if not (verdict := policies.peut_refuser(request.user, demande)):
        return refus(request, verdict)
    form = formulaires.RaisonForm(request.POST, prefix="refus")
    if not form.is_valid():
        return _fiche(request, conseil, demande, formulaire=form, nom="refus_form", status=422)
    return _geste(
        request,
        conseil,
        demande,
        lambda: services.refuser(demande=demande, auteur=request.user, raison=form.cleaned_data["raison"]),
        "La demande est refusée\u202f; le demandeur en est averti.",
    )


@require_POST
@exige(Droit.INSTRUIRE_DEMANDE)
def relancer(request, conseil, demande):
    demande = _visible(request, conseil, demande)
    if not (verdict := policies.peut_relancer(request.user, demande)):
        return refus(request, verdict)
    return _geste(
        request,
        conseil,
        demande,
        lambda: services.relancer(demande=demande),
        "Un nouveau lien est parti.",
    )


@require_POST
@exige(Droit.VOIR_DEMANDES)
def repondre(request, conseil, demande):
    demande = _visible(request, conseil, demande)
    if not (verdict := policies.peut_repondre(request.user, demande)):
        return refus(request, verdict)
    form = formulaires.ReponseForm(request.POST)
    if not form.is_valid():
        return _fiche(request, conseil, demande, formulaire=form, nom="reponse_form", status=422)

    def tout() -> None:
        for organisation in policies.proprietaires_pour(request.user, demande):
            services.repondre(
                demande=demande,
                organisation=organisation,
                sens=form.cleaned_data["sens"],
                texte=form.cleaned_data["texte"],
                nom=str(request.user),
                auteur=request.user,
            )

    return _geste(request, conseil, demande, tout, "Votre réponse est enregistrée.")


@require_http_methods(["GET", "POST"])
@exige(Droit.INSTRUIRE_DEMANDE)
def preparer(request, conseil, demande):
    """The analysis read before it is frozen, and the team's comment."""
    demande = _visible(request, conseil, demande)
    verdict = policies.peut_preparer(request.user, demande)
    if not verdict:
        messages.error(request, verdict.raison)
        return redirect("demande", conseil=conseil.slug, demande=demande.pk)
    derniere = selectors.derniere_remise(demande)
    form = formulaires.PreparerForm(
        request.POST if request.method == "POST" else None,
        initial={"commentaire": derniere.commentaire if derniere else ""},
    )
    if request.method == "POST" and form.is_valid():
        return _geste(
            request,
            conseil,
            demande,
            lambda: services.preparer(
                demande=demande, auteur=request.user, commentaire=form.cleaned_data["commentaire"]
            ),
            "Les données et l’analyse sont figées\u202f; la présidence a reçu un lien pour les viser.",
        )
    apercu, empechement = None, None
    try:
        ecrit, tirage, reserves = services.composer(demande)
        apercu = {"ecrit": ecrit, "volets": tirage.volets, "notes": tirage.notes, "reserves": reserves}
    except ErreurPupitre as erreur:
        empechement = erreur
    return render(
        request,
        "observatoire/demandes/preparer.html",
        {"form": form, "demande": demande, "apercu": apercu, "empechement": empechement},
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.INSTRUIRE_DEMANDE)
def apercu(request, conseil, demande):
    """The analysis as it would be frozen now, without the comment that is being written."""
    demande = _visible(request, conseil, demande)
    verdict = policies.peut_preparer(request.user, demande)
    if not verdict:
        messages.error(request, verdict.raison)
        return redirect("demande", conseil=conseil.slug, demande=demande.pk)
    try:
        contenu = services.apercu(demande)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        return redirect("demande-preparer", conseil=conseil.slug, demande=demande.pk)
    return envoyer(contenu, "pdf", f"{nom_de_piece(demande)}-apercu", joint=False)


@require_POST
@exige(Droit.VISER_DEMANDE)
def viser(request, conseil, demande):
    demande = _visible(request, conseil, demande)
    if not (verdict := policies.peut_viser(request.user, demande)):
        return refus(request, verdict)
    if "renvoyer" in request.POST:
        form = formulaires.RaisonForm(request.POST, prefix="remarque")
        if not form.is_valid():
            return _fiche(request, conseil, demande, formulaire=form, nom="remarque_form", status=422)
        return _geste(
            request,
            conseil,
            demande,
            lambda: services.renvoyer(
                demande=demande,
                nom=str(request.user),
                raison=form.cleaned_data["raison"],
                auteur=request.user,
            ),
            "La demande est revenue à l’équipe, avec votre remarque.",
        )
    return _geste(
        request,
        conseil,
        demande,
        lambda: services.viser(demande=demande, nom=str(request.user), auteur=request.user),
        "Votre visa est donné\u202f: les données sont remises.",
    )


@require_POST
@exige(Droit.DEMANDER_DONNEES)
def retirer(request, conseil, demande):
    demande = _visible(request, conseil, demande)
    if not (verdict := policies.peut_retirer(request.user, demande)):
        return refus(request, verdict)
    return _geste(
        request,
        conseil,
        demande,
        lambda: services.retirer(demande=demande, auteur=request.user),
        "Votre demande est retirée.",
    )


@require_GET
@exige(Droit.VOIR_DEMANDES)
def piece(request, conseil, demande, format):
    demande = _visible(request, conseil, demande)
    remise = selectors.derniere_remise(demande)
    if remise is None or remise.piece(format) is None:
        raise Http404
    if not (verdict := policies.peut_telecharger(request.user, demande)):
        return refus(request, verdict)
    return envoyer(remise.chemin(format).read_bytes(), format, nom_de_piece(demande), joint=format != "pdf")


def nom_de_piece(demande) -> str:
    return f"{demande.conseil.slug}-{demande.reference}"


@require_GET
@exige(Droit.VOIR_REGISTRE)
def voir_registre(request, conseil):
    annee, etat = _filtres(request)
    lignes = registre.lignes(conseil, annee=annee, etat=etat)
    contexte = {
        "page": Paginator(lignes, 40).get_page(request.GET.get("page")),
        "annees": registre.annees(conseil),
        "annee": annee,
        "etat": etat,
        "etats": EtatDemande.choices,
        "delai": registre.delai_moyen(lignes),
        "remises": sum(li.etat == EtatDemande.REMISE for li in lignes),
        "refusees": sum(li.etat == EtatDemande.REFUSEE for li in lignes),
    }
    return render(request, "observatoire/demandes/registre.html", contexte)


@require_GET
@exige(Droit.VOIR_REGISTRE)
def exporter_registre(request, conseil, format):
    annee, etat = _filtres(request)
    return tableau_en(
        format, f"{conseil.slug}-registre-des-demandes", registre.table(conseil, annee=annee, etat=etat)
    )


def _filtres(request) -> tuple[int | None, str]:
    annee = request.GET.get("annee", "")
    return int(annee) if annee.isdecimal() and len(annee) == 4 else None, request.GET.get("etat", "")


@require_http_methods(["GET", "POST"])
@exige(Droit.REGLER_CONSEIL)
def delais(request, conseil):
    form = formulaires.DelaisForm(
        request.POST if request.method == "POST" else None,
        initial=formulaires.DelaisForm.depuis(selectors.reglage(conseil)),
    )
    if request.method == "POST" and form.is_valid():
        services.regler(conseil=conseil, **form.cleaned_data)
        messages.success(request, "Les délais sont enregistrés.")
        return redirect("demandes", conseil=conseil.slug)
    return render(
        request,
        "observatoire/demandes/delais.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )
