"""« Mon agenda »: the addresses by which a person's calendar programs read his séances, and the file that they read."""

from __future__ import annotations

import hashlib

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pupitre.acces.droits import Droit
from pupitre.annuaire.selectors import fiche_de
from pupitre.conseils import abonnements
from pupitre.conseils.models import AbonnementAgenda
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import exige, par_secret
from pupitre.web.telechargement import envoyer

_REFUS = {
    abonnements.Raison.INCONNU: (404, "Cette adresse d’agenda n’existe pas. Copiez-la en entier."),
    abonnements.Raison.RETIRE: (410, "Cette adresse d’agenda a été retirée. Créez-en une autre dans Pupitre."),
    abonnements.Raison.FERME: (
        410, "Cette adresse ne donne plus rien\u202f: le compte ou l’habilitation dont elle dépend a pris fin."
    ),
    abonnements.Raison.TROP: (429, "Cette adresse a été lue trop souvent cette heure-ci."),
}  # fmt: skip


class AbonnementForm(forms.ModelForm):
    class Meta:
        model = AbonnementAgenda
        fields = ("libelle", "portee", "echeances")
        widgets = {"portee": forms.RadioSelect}
        labels = {"libelle": "Quel agenda la lira\u202f?", "portee": "Ce qu’elle contient"}
        help_texts = {
            "libelle": "Pour la reconnaître plus tard. Par exemple\u202f: téléphone, Outlook du bureau.",
            "echeances": "En journée entière, tant que la décision n’est pas faite.",
        }
        error_messages = {"libelle": {"required": "Dites quel agenda la lira."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["portee"].choices = [(v, n.capitalize()) for v, n in AbonnementAgenda.Portee.choices]


@require_http_methods(["GET", "HEAD", "POST"])
@exige(Droit.VOIR_CONSEIL)
@never_cache
def liste(request: HttpRequest, conseil) -> HttpResponse:
    form = AbonnementForm(
        request.POST if request.method == "POST" else None,
        instance=AbonnementAgenda(utilisateur=request.user, conseil=conseil),
    )
    if request.method == "POST" and form.is_valid():
        abonnement = form.save(commit=False)
        try:
            secret = abonnements.creer(abonnement=abonnement)
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        else:
            return _montrer(request, abonnement, secret)
    contexte = {
        "form": form,
        "abonnements": list(abonnements.de(request.user, conseil)),
        "sans_fiche": fiche_de(request.user, conseil) is None,
    }
    return render(request, "conseils/agenda/liste.html", contexte, status=422 if form.is_bound else 200)


def _montrer(request: HttpRequest, abonnement: AbonnementAgenda, secret: str) -> HttpResponse:
    adresse = request.build_absolute_uri(reverse("agenda-ics", args=[secret]))
    contexte = {
        "abonnement": abonnement,
        "adresse": adresse,
        "webcal": f"webcal://{adresse.partition('://')[2]}",
    }
    return render(request, "conseils/agenda/cree.html", contexte)


def _le_sien(request, conseil, pk: int) -> AbonnementAgenda:
    return get_object_or_404(abonnements.de(request.user, conseil), pk=pk)


@require_POST
@exige(Droit.VOIR_CONSEIL)
@never_cache
def renouveler(request: HttpRequest, conseil, abonnement: int) -> HttpResponse:
    objet = _le_sien(request, conseil, abonnement)
    return _montrer(request, objet, abonnements.renouveler(abonnement=objet))


@require_POST
@exige(Droit.VOIR_CONSEIL)
def retirer(request: HttpRequest, conseil, abonnement: int) -> HttpResponse:
    objet = _le_sien(request, conseil, abonnement)
    abonnements.retirer(abonnement=objet)
    messages.success(request, f"L’adresse «\u202f{objet}\u202f» ne donne plus rien.")
    return redirect("mon-agenda", conseil=conseil.slug)


@require_safe
@par_secret
def fichier(request: HttpRequest, secret: str) -> HttpResponse:
    """The agenda itself; 304 when the program already has it."""
    try:
        contenu = abonnements.lire(secret)
    except abonnements.AgendaRefuse as refus:
        code, phrase = _REFUS[refus.raison]
        reponse = HttpResponse(f"{phrase}\n", status=code, content_type="text/plain; charset=utf-8")
        if code == 429:
            reponse["Retry-After"] = "3600"
    else:
        reponse = envoyer(contenu, "ics", "seances", joint=False)
        reponse["ETag"] = f'"{hashlib.sha256(contenu).hexdigest()}"'
        reponse = get_conditional_response(request, etag=reponse["ETag"], response=reponse)
    reponse["Cache-Control"] = "private, no-cache"
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
