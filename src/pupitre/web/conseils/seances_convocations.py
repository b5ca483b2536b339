"""Dates proposed, who is called, what they answer, and the papers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import DateProposee
from pupitre.conseils.seances import convocations, papiers, selectors
from pupitre.conseils.seances import dates as propositions
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import pluriel
from pupitre.web.acces import exige
from pupitre.web.conseils.formulaires_seances import (
    DatesForm,
    InviteForm,
    ReponseConvocationForm,
    ReponseNoteeForm,
)
from pupitre.web.conseils.seances import contexte_de_la_fiche, tenter, visible
from pupitre.web.telechargement import envoyer as telecharger
from pupitre.web.telechargement import tableau_en


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def dates(request, conseil, seance):
    objet = visible(request, conseil, seance)
    form = DatesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ecrits = propositions.proposer(seance=objet, debuts=form.debuts, auteur=request.user)
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        else:
            messages.success(request, f"Les dates sont proposées à {pluriel(ecrits, 'personne')}.")
            return redirect("seance-dates", conseil=conseil.slug, seance=objet.pk)
    contexte = {
        "seance": objet,
        "form": form,
        "tableau": propositions.tableau(objet),
        "en_preparation": objet.etat == EtatSeance.EN_PREPARATION,
    }
    return render(request, "conseils/seances/dates.html", contexte, status=422 if form.is_bound else 200)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def choisir(request, conseil, seance, date):
    objet = visible(request, conseil, seance)
    choisie = get_object_or_404(
        DateProposee.objects.select_related("seance__formation"), pk=date, seance=objet
    )
    tenter(
        request,
        lambda: propositions.choisir(date=choisie, auteur=request.user),
        "La date est fixée\u202f: les convocations peuvent partir.",
    )
    return redirect("seance", conseil=conseil.slug, seance=objet.pk)


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def liste(request, conseil, seance):
    """The list of those called; sent, it invites one person more."""
    objet = visible(request, conseil, seance)
    personnes = selectors.personnes_du_conseil(conseil)
    form = InviteForm(request.POST if request.method == "POST" else None, personnes=personnes)
    if request.method == "POST" and form.is_valid():
        try:
            convocations.inviter(seance=objet, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error("personne", str(erreur))
        except ValidationError as erreur:
            form.add_error("personne", erreur.messages)
        else:
            messages.success(request, "La personne est sur la liste.")
            return redirect("seance-convocations", conseil=conseil.slug, seance=objet.pk)
    appels = list(papiers.convoques(objet))
    contexte = {
        "seance": objet,
        "appels": appels,
        "ecart": convocations.ecart_de_liste(objet),
        "verdict": convocations.verdict_des_delais(objet),
        "a_envoyer": sum(1 for c in appels if c.envoyee_le is None),
        "par_courrier": sum(1 for c in appels if c.par_courrier),
        "sans_reponse": sum(1 for c in appels if c.envoyee_le and c.reponse == c.Reponse.ATTENDUE),
        "form": form,
        "preparable": objet.etat in (EtatSeance.EN_PREPARATION, EtatSeance.CONVOQUEE),
        "reponses": appels[0].Reponse.choices if appels else (),
    }
    return render(
        request, "conseils/seances/convocations.html", contexte, status=422 if form.is_bound else 200
    )


def _retour(conseil, seance):
    return redirect("seance-convocations", conseil=conseil.slug, seance=seance.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def dresser(request, conseil, seance):
    objet = visible(request, conseil, seance)
    tenter(
        request, lambda: convocations.dresser(seance=objet), "Les membres de la formation sont sur la liste."
    )
    return _retour(conseil, objet)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def envoyer(request, conseil, seance):
    objet = visible(request, conseil, seance)
    tenter(
        request,
        lambda: convocations.envoyer(seance=objet, auteur=request.user),
        "Les convocations partent. Imprimez celles qui vont par courrier.",
    )
    return _retour(conseil, objet)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def relancer(request, conseil, seance):
    objet = visible(request, conseil, seance)
    ecrits = convocations.relancer(seance=objet, jour=horloge.aujourdhui(), auteur=request.user)
    if ecrits:
        messages.success(request, f"{pluriel(ecrits, 'rappel envoyé', 'rappels envoyés')}.")
    else:
        messages.info(
            request, "Aucun rappel à envoyer aujourd’hui\u202f: une personne en reçoit deux au plus."
        )
    return _retour(conseil, objet)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def noter(request, conseil, seance, convocation):
    """An answer given by telephone."""
    objet = visible(request, conseil, seance)
    appel = get_object_or_404(papiers.convoques(objet), pk=convocation)
    appel.seance = objet
    form = ReponseNoteeForm(request.POST)
    if form.is_valid():
        tenter(
            request,
            lambda: convocations.repondre(convocation=appel, **form.cleaned_data),
            f"La réponse de {appel.personne} est notée.",
        )
    else:
        messages.error(request, "Choisissez une réponse.")
    return _retour(conseil, objet)


@require_POST
@exige(Droit.VOIR_CONSEIL)
def repondre(request, conseil, seance):
    """Somebody who has an account and was called: for themselves, and for nobody else."""
    objet = visible(request, conseil, seance)
    appel = get_object_or_404(selectors.appels_de(request.user, conseil), seance=objet)
    form = ReponseConvocationForm(request.POST, appel=appel)
    if form.is_valid():
        try:
            convocations.repondre(convocation=appel, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        else:
            messages.success(request, "Votre réponse est notée. Vous pouvez la changer jusqu’à la séance.")
            return redirect("seance", conseil=conseil.slug, seance=objet.pk)
    contexte = contexte_de_la_fiche(request, conseil, objet, reponse_form=form)
    return render(request, "conseils/seances/fiche.html", contexte, status=422)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def retirer(request, conseil, seance, convocation):
    objet = visible(request, conseil, seance)
    appel = get_object_or_404(papiers.convoques(objet), pk=convocation)
    appel.seance = objet
    tenter(request, lambda: convocations.retirer(convocation=appel), "La personne n’est plus sur la liste.")
    return _retour(conseil, objet)


@require_GET
@exige(Droit.TENIR_CONSEIL)
def exporter(request, conseil, seance, format):
    objet = visible(request, conseil, seance)
    return tableau_en(
        format, f"{conseil.slug}-convocations-{objet.pk}", papiers.table_des_convocations(objet)
    )


@require_GET
@exige(Droit.TENIR_CONSEIL)
def toutes(request, conseil, seance):
    """All the letters in one file; `?courrier=1`: only those that leave by post."""
    objet = visible(request, conseil, seance)
    appels = papiers.convoques(objet)
    if request.GET.get("courrier"):
        appels = appels.filter(par_courrier=True)
    appels = list(appels)
    if not appels:
        messages.info(request, "Personne n’est sur cette liste\u202f: il n’y a rien à imprimer.")
        return _retour(conseil, objet)
    contenu = papiers.convocations_pdf(objet, appels)
    return telecharger(contenu, "pdf", f"{conseil.slug}-convocations-{objet.pk}", joint=False)


@require_GET
@exige(Droit.TENIR_CONSEIL)
def une(request, conseil, seance, convocation, format):
    objet = visible(request, conseil, seance)
    appel = get_object_or_404(papiers.convoques(objet), pk=convocation)
    appel.seance = objet
    contenu = papiers.convocation(appel, format)
    return telecharger(contenu, format, f"convocation-{appel.pk}", joint=format != "pdf")


@require_GET
@exige(Droit.TENIR_CONSEIL)
def emargement(request, conseil, seance):
    objet = visible(request, conseil, seance)
    return telecharger(
        papiers.emargement_pdf(objet), "pdf", f"{conseil.slug}-presence-{objet.pk}", joint=False
    )


@require_GET
@exige(Droit.TENIR_CONSEIL)
def etiquettes(request, conseil, seance):
    objet = visible(request, conseil, seance)
    return telecharger(
        papiers.etiquettes_pdf(objet), "pdf", f"{conseil.slug}-etiquettes-{objet.pk}", joint=False
    )
