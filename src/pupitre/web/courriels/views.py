"""The letters that left in the council's name, as they left."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces.droits import Droit
from pupitre.documents.tableaux import Table
from pupitre.socle import horloge
from pupitre.socle.courriel import boite
from pupitre.socle.courriel.envoi import renvoyer as renvoyer_courriel
from pupitre.socle.courriel.modele import Courriel
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en

PAR_PAGE = 50


class TriForm(forms.Form):
    q = forms.CharField(label="À qui, ou objet", max_length=80, required=False)
    etat = forms.ChoiceField(label="État", choices=[("", "Tous"), *Courriel.Etat.choices], required=False)
    categorie = forms.ChoiceField(label="Sorte", required=False)
    du = forms.DateField(label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    au = forms.DateField(label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["categorie"].choices = [("", "Toutes"), *boite.categories(conseil.slug)]


def _tries(request, conseil):
    form = TriForm(request.GET, conseil=conseil)
    form.is_valid()
    return form, boite.du_perimetre(conseil.slug, boite.Tri(**form.cleaned_data))


@require_GET
@exige(Droit.VOIR_COURRIELS)
def liste(request, conseil):
    form, courriels = _tries(request, conseil)
    page = Paginator(courriels, PAR_PAGE).get_page(request.GET.get("page"))
    for courriel in page.object_list:
        courriel.sorte = boite.libelle(courriel.categorie)
    return render(
        request,
        "courriels/liste.html",
        {
            "page": page,
            "form": form,
            "filtre": any(form.cleaned_data.values()),
            "gardes": settings.COURRIELS_GARDES,
            "sans_serveur": not settings.CONFIGURATION.courriel_hote and not settings.COURRIELS_GARDES,
        },
    )


@require_GET
@exige(Droit.VOIR_COURRIELS)
def exporter(request, conseil, format):
    _, courriels = _tries(request, conseil)
    lignes = tuple(
        (
            horloge.jour_de(c.cree_le),
            boite.libelle(c.categorie),
            c.objet,
            c.nom,
            c.destinataire,
            c.get_etat_display(),
            horloge.jour_de(c.envoye_le) if c.envoye_le else None,
            c.erreur,
        )
        for c in courriels.defer("texte", "html")
    )
    entetes = ("Écrit le", "Sorte", "Objet", "À", "Adresse", "État", "Envoyé le", "Réponse du serveur")
    return tableau_en(format, "courriels", Table(f"Courriels, {conseil}", entetes, lignes))


@require_GET
@exige(Droit.VOIR_COURRIELS)
def fiche(request, conseil, courriel):
    objet = get_object_or_404(boite.du_perimetre(conseil.slug), pk=courriel)
    gardes = settings.COURRIELS_GARDES
    return render(
        request,
        "courriels/fiche.html",
        {
            "courriel": objet,
            "sorte": boite.libelle(objet.categorie),
            "texte": objet.texte if gardes else boite.sans_liens_personnels(objet.texte),
            # In the demonstration the letter goes nowhere: its button opens here, whatever the port.
            "chemin": boite.chemin_du_bouton(objet) if gardes else "",
            "gardes": gardes,
            "a_renvoyer": objet.etat in (Courriel.Etat.REFUSE, Courriel.Etat.REVENU, Courriel.Etat.INCERTAIN),
        },
    )


@require_POST
@exige(Droit.VOIR_COURRIELS)
def renvoyer(request, conseil, courriel):
    objet = get_object_or_404(boite.du_perimetre(conseil.slug), pk=courriel)
    if renvoyer_courriel(courriel=objet):
        messages.success(request, "Le courriel est remis à l’envoi.")
    else:
        messages.error(
            request, "Ce courriel n’est ni refusé, ni revenu, ni incertain\u202f: il n’est pas renvoyé."
        )
    return redirect("courriel", conseil=conseil.slug, courriel=objet.pk)


@require_POST
@exige(Droit.VOIR_COURRIELS)
def revenu(request, conseil, courriel):
    objet = get_object_or_404(boite.du_perimetre(conseil.slug), pk=courriel)
    if boite.signaler_retour(courriel=objet, dit=request.POST.get("dit", "")):
        messages.success(request, "C’est noté\u202f: ce courriel n’a pas été remis.")
    else:
        messages.error(request, "Ce courriel n’était pas parti.")
    return redirect("courriel", conseil=conseil.slug, courriel=objet.pk)
