"""The president reads, approves or sends back, from a phone."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.diffusion import apercu, circuit, editions, envois, fichiers
from pupitre.observatoire.models import Bulletin
from pupitre.web.acces import par_lien
from pupitre.web.telechargement import envoyer


class RemarqueForm(forms.Form):
    remarque = forms.CharField(
        label="Ce qui doit changer",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Seulement pour renvoyer le document. L’équipe la lira telle quelle.",
    )


def _bulletin(lien) -> Bulletin:
    return get_object_or_404(
        Bulletin.objects.select_related("conseil"), pk=lien.objet, conseil=lien.conseil_id
    )


@require_http_methods(["GET", "POST"])
@par_lien(editions.VISA)
def visa(request, lien) -> HttpResponse:
    bulletin = _bulletin(lien)
    form = RemarqueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        remarque = form.cleaned_data["remarque"]
        try:
            if request.POST.get("geste") == "renvoyer":
                circuit.renvoyer(bulletin=bulletin, remarque=remarque, nom=lien.nom, lien=lien)
            else:
                circuit.viser(bulletin=bulletin, nom=lien.nom, lien=lien)
        except ErreurPupitre as erreur:
            form.add_error("remarque", str(erreur))
        else:
            fait = "renvoye" if request.POST.get("geste") == "renvoyer" else "vise"
            return render(request, "liens/visa_fait.html", {"bulletin": bulletin, "fait": fait})
    contexte = {
        "bulletin": bulletin,
        "apercu": apercu.lire(bulletin),
        "form": form,
        "lien": lien,
        "jeton": request.resolver_match.kwargs["lien"],
        "nombre": len(envois.destinataires(bulletin)),
    }
    return render(request, "liens/visa.html", contexte, status=422 if form.is_bound else 200)


@require_GET
@par_lien(editions.VISA)
def document(request, lien) -> HttpResponse:
    bulletin = _bulletin(lien)
    return envoyer(
        fichiers.document(bulletin), "pdf", f"{bulletin.periodicite}-{bulletin.periode}", joint=False
    )
