"""Who receives what the observatory sends, and under whose authority it leaves."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.annuaire import recherche
from pupitre.annuaire import selectors as annuaire
from pupitre.annuaire.models import Personne
from pupitre.documents.tableaux import Table
from pupitre.observatoire.diffusion import circuit, envois, listes
from pupitre.observatoire.models import Bulletin, Destinataire, Envoi, ReglageDiffusion
from pupitre.socle import horloge
from pupitre.socle.texte import pluriel
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en

PROPOSEES = 8


class DestinataireForm(forms.ModelForm):
    periodicites = forms.MultipleChoiceField(
        label="Ce qui lui est envoyé",
        choices=Bulletin.Periodicite.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Destinataire
        fields = ("nom", "fonction", "email", "commune", "de_l_etat", "periodicites", "viseur", "actif")

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.conseil = conseil
        champ = self.fields["commune"]
        champ.queryset = champ.queryset.filter(pk__in=[c.pk for c in conseil.communes_as_of()])
        champ.empty_label = "Aucune\u202f: l’ensemble et toutes les communes"
        self.fields["periodicites"].initial = self.instance.periodicites

    def validate_unique(self):
        """The council is not a field of the form: its constraint would not be looked at."""
        try:
            self.instance.validate_constraints()
        except ValidationError as erreur:
            self.add_error("email", erreur.messages)


class ReglageForm(forms.ModelForm):
    class Meta:
        model = ReglageDiffusion
        fields = ("visa_requis", "expediteur", "repondre_a", "points_attendus")
        widgets = {"points_attendus": forms.CheckboxSelectMultiple}
        help_texts = {
            "expediteur": "Vide\u202f: le nom du conseil.",
            "repondre_a": "Où arrivent les réponses aux courriels. Vide\u202f: aucune réponse n’est attendue.",
        }

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        # Who delivers something may tell its week too; whoever was chosen before stays on the list.
        self.fields["points_attendus"].queryset = listes.qui_donne_un_point(conseil)


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def liste(request, conseil):
    reglage = listes.reglage(conseil)
    form = ReglageForm(request.POST if request.method == "POST" else None, instance=reglage, conseil=conseil)
    if request.method == "POST" and form.is_valid():
        listes.regler(conseil=conseil, auteur=request.user, **form.cleaned_data)
        messages.success(request, "Les réglages de la diffusion sont à jour.")
        return redirect("destinataires", conseil=conseil.slug)
    return render(
        request,
        "diffusion/destinataires.html",
        {
            "destinataires": listes.du_conseil(conseil),
            "genres": Bulletin.Periodicite.choices,
            "form": form,
            "reglage": reglage,
            "viseurs": circuit.viseurs(conseil),
            "proposes": listes.proposes(conseil),
        },
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.ECRIRE_BULLETIN)
def exporter(request, conseil, format):
    lignes = tuple(
        (
            d.nom,
            d.fonction,
            d.email,
            str(d.commune or ""),
            ", ".join(listes.libelles(d)),
            "oui" if d.actif else "non",
        )
        for d in listes.du_conseil(conseil)
    )
    entetes = ("Nom", "Fonction", "Adresse", "Commune", "Reçoit", "Actif")
    return tableau_en(
        format,
        "liste-de-diffusion",
        Table(f"Liste de diffusion, {conseil}", entetes, lignes),
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def fiche(request, conseil, destinataire=None):
    objet = (
        get_object_or_404(Destinataire, conseil=conseil, pk=destinataire) if destinataire else Destinataire()
    )
    proposees = [] if destinataire else _de_l_annuaire(conseil, request.GET.get("qui", ""))
    form = DestinataireForm(
        request.POST if request.method == "POST" else None,
        instance=objet,
        conseil=conseil,
        initial=_prerempli(proposees[0]) if len(proposees) == 1 else None,
    )
    if request.method == "POST" and form.is_valid():
        listes.enregistrer(destinataire=form.save(commit=False))
        messages.success(request, f"{form.instance.nom} est à jour.")
        return redirect("destinataires", conseil=conseil.slug)
    return render(
        request,
        "diffusion/destinataire.html",
        {
            "form": form,
            "objet": objet,
            "qui": request.GET.get("qui", ""),
            "proposees": proposees,
        },
        status=422 if form.is_bound else 200,
    )


def _de_l_annuaire(conseil, qui: str) -> list[Personne]:
    """Cards that answer to that name: one fills the form, several are offered by their address."""
    jour = horloge.aujourdhui()
    cles = [t.personne for t in recherche.chercher(conseil, qui[:120], jour)[:PROPOSEES]] if qui else []
    return annuaire.habiller(cles, jour)


def _prerempli(personne: Personne) -> dict:
    fonction = str(personne.tenues[0]) if personne.tenues else ""
    return {"nom": str(personne), "fonction": fonction[:160], "email": personne.email}


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def proposes(request, conseil):
    """Accounts put on the list in one gesture."""
    nombre = listes.ajouter_proposes(conseil=conseil, emails=set(request.POST.getlist("email")))
    if nombre:
        messages.success(request, f"{pluriel(nombre, 'personne ajoutée', 'personnes ajoutées')} à la liste.")
    else:
        messages.error(request, "Cochez au moins une personne à ajouter.")
    return redirect("destinataires", conseil=conseil.slug)


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def renvoyer(request, conseil, pk, envoi):
    objet = get_object_or_404(Envoi, bulletin__conseil=conseil, bulletin=pk, pk=envoi)
    envois.renvoyer_lettre(envoi=objet)
    messages.success(request, f"Le document repart à {objet.nom}.")
    return redirect("bulletin", conseil=conseil.slug, pk=pk)
