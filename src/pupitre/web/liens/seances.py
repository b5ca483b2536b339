"""A member without an account: when he may come, whether he comes, what he wants discussed."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.annuaire.models import Personne
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Convocation, DateProposee, Disponibilite, PointOrdreDuJour, Seance
from pupitre.conseils.seances import calendrier, convocations, dates, papiers, propositions, selectors
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import par_lien
from pupitre.web.conseils.formulaires_seances import ReponseConvocationForm
from pupitre.web.telechargement import envoyer

_PREPARABLES = (EtatSeance.EN_PREPARATION, EtatSeance.CONVOQUEE)


class DisponibilitesForm(forms.Form):
    """One choice a date."""

    def __init__(self, *args, proposees, **kwargs):
        super().__init__(*args, **kwargs)
        for d in proposees:
            self.fields[f"date-{d.pk}"] = forms.ChoiceField(
                label=dates.en_mots(d.debut).capitalize(),
                choices=[(v, str(li).capitalize()) for v, li in Disponibilite.Reponse.choices],
                widget=forms.RadioSelect,
                error_messages={"required": "Choisissez une réponse pour cette date."},
            )

    @property
    def reponses(self) -> dict[int, str]:
        return {int(nom.removeprefix("date-")): valeur for nom, valeur in self.cleaned_data.items()}


class PointProposeForm(forms.Form):
    titre = forms.CharField(
        label="Sujet", max_length=200, error_messages={"required": "Dites de quoi il s’agit."}
    )
    presentation = forms.CharField(
        label="Pourquoi en parler",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Aucune situation individuelle\u202f: ni nom, ni ce qui permettrait de reconnaître quelqu’un.",
    )
    duree = forms.IntegerField(label="Temps demandé, en minutes", min_value=5, max_value=120, initial=10)


def _seance_et_personne(lien) -> tuple[Seance, Personne]:
    try:
        seance, personne = dates.lire_objet(lien.objet)
    except ValueError:
        raise Http404 from None
    seances = Seance.objects.select_related("formation__conseil")
    return (
        get_object_or_404(seances, pk=seance, formation__conseil=lien.conseil),
        get_object_or_404(Personne, pk=personne, conseil=lien.conseil),
    )


@require_http_methods(["GET", "POST"])
@par_lien(dates.DISPONIBILITES)
def disponibilites(request, lien):
    seance, personne = _seance_et_personne(lien)
    proposees = list(DateProposee.objects.filter(seance=seance))
    deja = Disponibilite.objects.filter(date__seance=seance, personne=personne)
    depart = {f"date-{d.date_id}": d.reponse for d in deja}
    form = DisponibilitesForm(
        request.POST if request.method == "POST" else None, proposees=proposees, initial=depart
    )
    faite = False
    if request.method == "POST" and form.is_valid():
        try:
            dates.repondre(seance=seance, personne=personne, reponses=form.reponses, lien=lien)
            faite = True
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
    contexte = {"seance": seance, "lien": lien, "form": form, "faite": faite, "deja": bool(depart)}
    return render(
        request, "liens/disponibilites.html", contexte, status=422 if form.is_bound and not faite else 200
    )


def _convocation(lien) -> Convocation:
    appels = Convocation.objects.select_related(
        "seance__formation__conseil", "personne", "organisation", "membre__suppleant"
    )
    return get_object_or_404(appels, pk=lien.objet, seance__formation__conseil=lien.conseil)


@require_http_methods(["GET", "POST"])
@par_lien(convocations.REPONSE)
def repondre(request, lien):
    appel = _convocation(lien)
    form = ReponseConvocationForm(request.POST if request.method == "POST" else None, appel=appel)
    faite = False
    if request.method == "POST" and form.is_valid():
        try:
            convocations.repondre(convocation=appel, lien=lien, **form.cleaned_data)
            faite = True
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
    contexte = {
        "appel": appel,
        "seance": appel.seance,
        "quand": papiers.quand(appel.seance),
        "points": papiers.points_retenus(appel.seance),
        "form": form,
        "faite": faite,
        "attendue": selectors.etat_de(appel.seance) in _PREPARABLES,
        "jeton": request.resolver_match.kwargs["lien"],
    }
    echec = form.is_bound and not faite
    return render(request, "liens/reponse_convocation.html", contexte, status=422 if echec else 200)


@require_GET
@par_lien(convocations.REPONSE)
def convocation(request, lien):
    return envoyer(papiers.convocation(_convocation(lien), "pdf"), "pdf", "convocation", joint=False)


@require_GET
@par_lien(convocations.REPONSE)
def rendezvous(request, lien):
    appel = _convocation(lien)
    if appel.seance.debut is None:
        raise Http404
    annule = selectors.etat_de(appel.seance) == EtatSeance.ANNULEE
    return envoyer(calendrier.invitation_de(appel, annule=annule), "ics", "seance")


@require_http_methods(["GET", "POST"])
@par_lien(propositions.PROPOSER)
def proposer(request, lien):
    seance, _ = _seance_et_personne(lien)
    form = PointProposeForm(request.POST if request.method == "POST" else None)
    faite = False
    if request.method == "POST" and form.is_valid():
        try:
            propositions.proposer(
                seance=seance, propose_par=lien.nom, propose_email=lien.email, lien=lien, **form.cleaned_data
            )
            faite = True
        except ErreurPupitre as erreur:
            form.add_error("titre", str(erreur))
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
    contexte = {
        "seance": seance,
        "quand": papiers.quand(seance),
        "lien": lien,
        "form": PointProposeForm() if faite else form,
        "faite": faite,
        "ouverte": seance.etat in _PREPARABLES,
        "deja": PointOrdreDuJour.objects.filter(seance=seance, propose_par=lien.nom),
    }
    return render(
        request, "liens/proposer_point.html", contexte, status=422 if form.is_bound and not faite else 200
    )
