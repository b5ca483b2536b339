"""Conventions: with whom, about what, for whom, until when."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.acces.droits import Droit
from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import selectors
from pupitre.observatoire.collecte import conventions
from pupitre.observatoire.collecte.projet_convention import projet
from pupitre.observatoire.models import Convention, Source
from pupitre.socle.texte import date_longue
from pupitre.web.acces import exige
from pupitre.web.telechargement import envoyer, tableau_en


class ConventionForm(forms.ModelForm):
    destinataires = forms.MultipleChoiceField(
        label="Peuvent lire ces chiffres",
        choices=Convention.Pour.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Aucune case\u202f: seule l’équipe du conseil les lit.",
    )
    usages = forms.MultipleChoiceField(
        label="Usages permis",
        choices=Convention.Usage.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    signee = forms.FileField(
        label="Convention signée (PDF)", required=False, help_text="Gardée telle quelle, avec son empreinte."
    )

    class Meta:
        model = Convention
        fields = (
            "organisation", "objet", "sources", "debut", "fin", "alerte", "destinataires", "usages", "reserves",
            "referent", "referent_email", "referent_telephone", "delai", "rythme", "relances_max", "signataires",
        )  # fmt: skip
        widgets = {
            "debut": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "fin": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "sources": forms.CheckboxSelectMultiple,
            "reserves": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.conseil = conseil
        self.fields["organisation"].queryset = conseil.organisations.all()
        self.fields["organisation"].empty_label = "Choisir un partenaire"
        self.fields["sources"].queryset = Source.objects.filter(conseil=conseil).select_related(
            "organisation"
        )
        self.fields["sources"].label_from_instance = lambda s: f"{s.nom} ({s.organisation})"
        self.fields["sources"].required = True
        for champ in ("destinataires", "usages"):
            self.fields[champ].initial = getattr(self.instance, champ)


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def liste(request, conseil):
    return render(
        request,
        "observatoire/conventions.html",
        {
            "conventions": selectors.conventions_visibles(request.user, conseil),
            "manquent": conventions.sans_diffusion(conseil) if _equipe(request, conseil) else [],
        },
    )


def _equipe(request, conseil) -> bool:
    from pupitre.acces.policies import peut

    return bool(peut(request.user, Droit.PUBLIER, conseil))


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def exporter(request, conseil, format):
    lignes = tuple(
        (
            str(c.organisation),
            c.objet,
            ", ".join(s.nom for s in c.sources.all()),
            date_longue(c.debut),
            date_longue(c.fin) if c.fin else "sans terme",
            ", ".join(c.libelles_destinataires) or "équipe seule",
            ", ".join(c.libelles_usages),
            c.reserves,
            c.referent,
        )
        for c in selectors.conventions_visibles(request.user, conseil)
    )
    entetes = (
        "Partenaire",
        "Objet",
        "Sources",
        "Depuis",
        "Jusqu’au",
        "Pour",
        "Usages",
        "Réserves",
        "Référent",
    )
    return tableau_en(format, "conventions", Table(f"Conventions, {conseil}", entetes, lignes))


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def fiche(request, conseil, convention):
    objet = get_object_or_404(selectors.conventions_visibles(request.user, conseil), pk=convention)
    return render(
        request, "observatoire/convention.html", {"convention": objet, "suites": objet.suites.all()}
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.REGLER_CONSEIL)
def ecrire(request, conseil, convention=None):
    """A new convention, a change, or (`?renouvelle=`) one that follows another."""
    objet = Convention()
    if convention is not None:
        objet = get_object_or_404(Convention, conseil=conseil, pk=convention)
    elif (pk := request.GET.get("renouvelle", "")).isdigit():
        ancienne = get_object_or_404(Convention, conseil=conseil, pk=pk)
        objet = conventions.renouveler(ancienne)
    initial = {"sources": list(objet.remplace.sources.all())} if objet.pk is None and objet.remplace else {}
    form = ConventionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        instance=objet,
        conseil=conseil,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        signee = form.cleaned_data["signee"]
        try:
            conventions.enregistrer(
                convention=form.save(commit=False),
                sources=form.cleaned_data["sources"],
                fichier=signee.read() if signee else None,
                nom=signee.name if signee else "",
                auteur=request.user,
            )
        except ErreurPupitre as erreur:
            form.add_error("signee" if signee else "sources", str(erreur))
        else:
            messages.success(
                request, "La convention est gardée\u202f: ce qu’elle permet s’applique dès sa date."
            )
            return redirect("convention", conseil=conseil.slug, convention=form.instance.pk)
    return render(
        request,
        "observatoire/convention_ecrire.html",
        {"form": form, "objet": objet},
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def signee(request, conseil, convention):
    objet = get_object_or_404(selectors.conventions_visibles(request.user, conseil), pk=convention)
    chemin = conventions.chemin_signe(objet)
    if not objet.fichier or not chemin.is_file():
        raise Http404
    return FileResponse(chemin.open("rb"), as_attachment=True, filename=objet.fichier_nom)


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def document(request, conseil, convention, fichier):
    """A draft of the convention with its terms filled in, to be finished and signed."""
    objet = get_object_or_404(selectors.conventions_visibles(request.user, conseil), pk=convention)
    try:
        return envoyer(projet(objet, fichier), fichier, f"convention-{conseil.slug}-{objet.pk}")
    except KeyError:
        raise Http404 from None
