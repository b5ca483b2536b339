"""What the règlement intérieur says of séances, and the council's own paper."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.conseils.models import ModeleDeDocument
from pupitre.conseils.seances import modeles, reglages
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import exige
from pupitre.web.conseils.formulaires_seances import ModeleForm, ReglageForm
from pupitre.web.conseils.seances import tenter
from pupitre.web.telechargement import envoyer


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def regler(request, conseil):
    regle = reglages.reglage(conseil)
    form = ReglageForm(request.POST if request.method == "POST" else None, instance=regle)
    if request.method == "POST" and form.is_valid():
        try:
            reglages.regler(conseil=conseil, **form.cleaned_data)
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            messages.success(request, "Le réglage des séances est enregistré.")
            return redirect("seances-reglage", conseil=conseil.slug)
    return _rendre(request, conseil, form, status=422 if form.is_bound else 200)


def _rendre(request, conseil, form, status=200, **fautifs):
    papiers = [
        {
            "genre": genre,
            "nom": libelle,
            "garde": modeles.en_vigueur(conseil, genre),
            "champs": [(f"{{{{ {nom} }}}}", sens) for nom, sens in modeles.CHAMPS[genre].items()],
            "form": fautifs.get(genre) or ModeleForm(auto_id=f"id_{genre}_%s"),
            "adresse": f"seances-modele-{genre}",
            "de_depart": f"seances-modele-{genre}-docx",
        }
        for genre, libelle in ModeleDeDocument.Genre.choices
    ]
    return render(request, "conseils/seances/reglage.html", {"form": form, "papiers": papiers}, status=status)


@require_GET
@exige(Droit.TENIR_CONSEIL)
def de_depart(request, conseil, genre):
    """A DOCX with every field in its place, to be dressed and given back."""
    return envoyer(modeles.de_depart(genre), "docx", f"modele-{genre.replace('_', '-')}")


@require_POST
@exige(Droit.TENIR_CONSEIL)
def modele(request, conseil, genre):
    if request.POST.get("geste") == "retirer":
        tenter(
            request,
            lambda: modeles.retirer(conseil=conseil, genre=genre),
            "Le modèle par défaut sert à nouveau.",
        )
        return redirect("seances-reglage", conseil=conseil.slug)
    form = ModeleForm(request.POST, request.FILES, auto_id=f"id_{genre}_%s")
    if form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            modeles.deposer(conseil=conseil, genre=genre, contenu=fichier.read(), nom=fichier.name)
        except ErreurPupitre as erreur:
            form.add_error("fichier", str(erreur))
        else:
            messages.success(request, "Le modèle est gardé\u202f: vos prochains documents en seront tirés.")
            return redirect("seances-reglage", conseil=conseil.slug)
    reglage = ReglageForm(instance=reglages.reglage(conseil))
    return _rendre(request, conseil, reglage, 422, **{genre: form})
