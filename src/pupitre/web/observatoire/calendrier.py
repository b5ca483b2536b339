"""The calendar of deliveries, the reminders of a source, its deposit links."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces import actes
from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import selectors
from pupitre.observatoire.collecte import calendrier, depots, relances
from pupitre.observatoire.collecte.conventions import droits_des_sources
from pupitre.observatoire.models import Source
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en


class LienForm(forms.Form):
    nom = forms.CharField(
        label="Pour qui",
        max_length=160,
        error_messages={"required": "Un lien est personnel\u202f: dites à qui."},
    )
    email = forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Le lien part par courriel. Vide\u202f: vous le copiez et le remettez vous-même.",
        error_messages={"invalid": "L’adresse est incomplète. Exemple\u202f: prenom.nom@ville.fr"},
    )


class DelaiForm(forms.Form):
    debut = forms.TypedChoiceField(label="Pour", required=False, empty_value=None)
    jusqu_au = forms.DateField(
        label="Pas de relance jusqu’au",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choisissez une date.", "invalid": "Écrivez une date."},
    )
    raison = forms.CharField(
        label="Pourquoi",
        max_length=240,
        help_text="Par exemple\u202f: la référente est en congé. Cela reste écrit ici.",
        error_messages={"required": "Dites pourquoi en une phrase."},
    )

    def __init__(self, *args, cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.jours = {c.debut.isoformat(): c.debut for c in cases}
        self.fields["debut"].choices = [
            ("", "Toutes les périodes"),
            *((c.debut.isoformat(), c.libelle) for c in cases),
        ]
        self.fields["debut"].coerce = self.jours.get


def _volets(request, conseil):
    sources = selectors.sources_visibles(request.user, conseil).select_related("organisation")
    return calendrier.lire(conseil, sources)


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def voir(request, conseil):
    volets = _volets(request, conseil)
    contexte = {
        "volets": volets,
        "legende": calendrier.LIBELLES,
        "corrigees": calendrier.corrigees(volets),
        "partenaires": calendrier.par_partenaire(volets),
        "douze_mois": calendrier.douze_mois(),
        "methode": calendrier.METHODE_REGULARITE,
    }
    return render(request, "observatoire/calendrier.html", contexte)


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def exporter(request, conseil, format):
    return tableau_en(format, "calendrier", calendrier.table(conseil, _volets(request, conseil)))


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def exporter_regularite(request, conseil, format):
    table = calendrier.table_de_regularite(conseil, _volets(request, conseil))
    return tableau_en(format, "regularite", table)


def _source(conseil, code) -> Source:
    return get_object_or_404(
        Source.objects.select_related("organisation", "conseil"), conseil=conseil, code=code
    )


def _ligne(source: Source):
    return next((li for v in calendrier.lire(source.conseil, [source]) for li in v.lignes), None)


def _page(request, source: Source, form_lien=None, form_delai=None):
    ligne = _ligne(source)
    tardives = relances.en_retard(ligne) if ligne else []
    suspensions = relances.suspensions(source)
    lie = form_lien is not None or form_delai is not None
    contexte = {
        "source": source,
        "ligne": ligne,
        "en_retard": tardives,
        "referent": relances.referent_de(droits_des_sources([source])[source.code]),
        "relances": relances.historique(source),
        "suspensions": suspensions,
        "suspendue": any(s.en_cours for s in suspensions),
        "liens": depots.suivre(source),
        "form_lien": form_lien or LienForm(prefix="lien"),
        "form_delai": form_delai or DelaiForm(prefix="delai", cases=_suspendables(ligne)),
    }
    return render(request, "observatoire/suivi_source.html", contexte, status=422 if lie else 200)


def _suspendables(ligne) -> list:
    return [c for c in ligne.cases if c.due and c.etat in calendrier.ATTENDUES] if ligne else []


@require_GET
@exige(Droit.PUBLIER)
def suivi(request, conseil, code):
    return _page(request, _source(conseil, code))


def _vers_suivi(source: Source):
    return redirect("source-suivi", conseil=source.conseil.slug, code=source.code)


@require_POST
@exige(Droit.PUBLIER)
def relancer(request, conseil, code):
    source = _source(conseil, code)
    try:
        faite = relances.relancer_maintenant(source=source, auteur=request.user)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, f"Un courriel part à {faite.nom or faite.email}.")
    return _vers_suivi(source)


@require_POST
@exige(Droit.PUBLIER)
def suspendre(request, conseil, code):
    source = _source(conseil, code)
    if request.POST.get("geste") == "reprendre":
        relances.reprendre(source=source)
        messages.success(request, "Les relances reprennent.")
        return _vers_suivi(source)
    form = DelaiForm(request.POST, prefix="delai", cases=_suspendables(_ligne(source)))
    if not form.is_valid():
        return _page(request, source, form_delai=form)
    try:
        relances.suspendre(source=source, auteur=request.user, **form.cleaned_data)
    except ErreurPupitre as erreur:
        form.add_error("jusqu_au", str(erreur))
        return _page(request, source, form_delai=form)
    messages.success(request, "Les relances sont suspendues.")
    return _vers_suivi(source)


@require_POST
@exige(Droit.PUBLIER)
def lier(request, conseil, code):
    """A deposit link: kept in the page to be copied, and sent by letter when there is an address."""
    source = _source(conseil, code)
    form = LienForm(request.POST, prefix="lien")
    if not form.is_valid():
        return _page(request, source, form_lien=form)
    depots.inviter(source=source, auteur=request.user, **form.cleaned_data)
    dit = (
        f"Le lien part à {form.cleaned_data['email']}."
        if form.cleaned_data["email"]
        else "Le lien est prêt\u202f: copiez-le ci-dessous."
    )
    messages.success(request, dit)
    return _vers_suivi(source)


@require_POST
@exige(Droit.PUBLIER)
def delier(request, conseil, code, personnel):
    source = _source(conseil, code)
    actes.retirer(get_object_or_404(depots.liens_de(source), pk=personnel))
    messages.success(request, "Le lien ne s’ouvre plus.")
    return _vers_suivi(source)
