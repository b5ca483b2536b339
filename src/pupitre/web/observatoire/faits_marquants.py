"""Facts of note: the week's list, a quick entry, proposals to settle, a table to import."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.diffusion import faits_importes, faits_marquants, points_hebdo
from pupitre.observatoire.diffusion.faits_marquants import Semaine
from pupitre.observatoire.models import FaitMarquant
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en


class FaitForm(forms.ModelForm):
    confirme = forms.BooleanField(
        label="J’ai relu\u202f: ce texte ne désigne aucune personne", required=False
    )

    class Meta:
        model = FaitMarquant
        fields = ("jour", "fin", "commune", "secteur", "genre", "texte", "organisation", "commentaire")
        widgets = {
            "jour": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "fin": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "texte": forms.Textarea(attrs={"rows": 2}),
            "commentaire": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "texte": "Le fait, sans nom, sans âge, sans adresse précise\u202f: tous les maires le liront.",
            "secteur": "Facultatif.",
        }

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.conseil = conseil
        communes = [c.pk for c in conseil.communes_as_of()]
        self.fields["commune"].queryset = self.fields["commune"].queryset.filter(pk__in=communes)
        self.fields["organisation"].queryset = conseil.organisations.all()
        self.fields["organisation"].empty_label = "Non précisé"
        self.fields["secteur"].widget = forms.Select(
            choices=[("", "Toute la commune"), *faits_marquants.secteurs(conseil)]
        )
        if not self.is_bound or "confirme" not in self.data.get("_demande", ""):
            self.fields["confirme"].widget = forms.HiddenInput()

    def demander_confirmation(self):
        self.fields["confirme"].widget = forms.CheckboxInput()


class ImportForm(forms.Form):
    fichier = forms.FileField(
        label="Tableau de faits marquants",
        help_text="xlsx, ods ou csv, avec une colonne de date, une de commune et une de texte.",
        error_messages={"required": "Choisissez le fichier à importer."},
    )


@require_GET
@exige(Droit.VOIR_FAITS_MARQUANTS)
def liste(request, conseil):
    semaine = _semaine(request)
    equipe = _equipe(request)
    return render(
        request,
        "diffusion/faits_marquants.html",
        {
            "semaine": semaine,
            "avant": Semaine(semaine.lundi - timedelta(weeks=1)),
            "apres": Semaine(semaine.lundi + timedelta(weeks=1)),
            "courante": Semaine.contenant(horloge.aujourdhui()),
            "faits": faits_marquants.de_la_periode(conseil, semaine.lundi, semaine.dimanche),
            "secteurs": dict(faits_marquants.secteurs(conseil)),
            "propositions": faits_marquants.a_examiner(conseil) if equipe else [],
            "points": points_hebdo.lire(conseil, semaine) if equipe else [],
        },
    )


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def pointer(request, conseil):
    """A partner has told its week, by telephone or by mail; or has not, after all."""
    semaine = _semaine(request, request.POST)
    attendus = {str(o.pk): o for o in points_hebdo.attendus(conseil)}
    organisation = attendus.get(request.POST.get("organisation", ""))
    if organisation is None:
        raise Http404
    if request.POST.get("geste") == "reprendre":
        points_hebdo.reprendre(conseil=conseil, organisation=organisation, semaine=semaine)
        messages.success(request, f"Le point de {organisation} n’est plus noté pour cette semaine.")
    else:
        points_hebdo.noter(conseil=conseil, organisation=organisation, semaine=semaine, auteur=request.user)
        messages.success(request, f"Le point de {organisation} est noté.")
    return redirect(f"{reverse('faits-marquants', args=[conseil.slug])}?semaine={semaine.code}")


def _equipe(request) -> bool:
    from pupitre.acces.policies import peut

    return bool(peut(request.user, Droit.ECRIRE_BULLETIN, request.conseil))


def _semaine(request, demande=None) -> Semaine:
    dite = (request.GET if demande is None else demande).get("semaine", "")
    return faits_marquants.lire_semaine(dite) or Semaine.contenant(horloge.aujourdhui())


@require_GET
@exige(Droit.VOIR_FAITS_MARQUANTS)
def tous(request, conseil):
    page = Paginator(faits_marquants.tous(conseil), 50).get_page(request.GET.get("page"))
    return render(
        request,
        "diffusion/faits_tous.html",
        {"page": page, "secteurs": dict(faits_marquants.secteurs(conseil))},
    )


@require_GET
@exige(Droit.VOIR_FAITS_MARQUANTS)
def exporter(request, conseil, format):
    return tableau_en(format, "faits-marquants", faits_marquants.table(conseil))


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def saisir(request, conseil, fait=None):
    objet = get_object_or_404(FaitMarquant, conseil=conseil, pk=fait) if fait else FaitMarquant()
    form = FaitForm(request.POST if request.method == "POST" else None, instance=objet, conseil=conseil)
    if request.method == "POST" and form.is_valid():
        try:
            faits_marquants.enregistrer(
                fait=form.save(commit=False), confirme=form.cleaned_data["confirme"], auteur=request.user
            )
        except ErreurPupitre as erreur:
            form.demander_confirmation()
            form.add_error("texte", str(erreur))
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            messages.success(request, "Le fait est gardé.")
            if request.POST.get("geste") == "encore":
                return redirect("fait-saisir", conseil=conseil.slug)
            semaine = Semaine.contenant(form.instance.jour).code
            reponse = redirect("faits-marquants", conseil=conseil.slug)
            reponse["Location"] += f"?semaine={semaine}"
            return reponse
    return render(
        request, "diffusion/fait.html", {"form": form, "objet": objet}, status=422 if form.is_bound else 200
    )


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def trancher(request, conseil, fait):
    objet = get_object_or_404(FaitMarquant, conseil=conseil, pk=fait)
    try:
        if request.POST.get("geste") == "retenir":
            faits_marquants.retenir(fait=objet)
        else:
            faits_marquants.ecarter(fait=objet, raison=request.POST.get("raison", ""))
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, "La proposition est réglée.")
    return redirect("faits-marquants", conseil=conseil.slug)


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def importer(request, conseil):
    form = ImportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    bilan = None
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            bilan = faits_importes.importer(
                conseil=conseil, chemin=fichier.temporary_file_path(), nom=fichier.name, auteur=request.user
            )
        except ErreurPupitre as erreur:
            form.add_error("fichier", str(erreur))
    return render(
        request,
        "diffusion/faits_importer.html",
        {"form": form, "bilan": bilan},
        status=422 if form.is_bound and bilan is None else 200,
    )
