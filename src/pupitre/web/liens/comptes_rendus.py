"""Minutes by a personal link: the president validates, a member remarks."""

from __future__ import annotations

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.annuaire.models import Personne
from pupitre.conseils.comptes_rendus import circuit, papiers, redaction
from pupitre.conseils.etats import EtatCompteRendu
from pupitre.conseils.models import CompteRendu
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import par_lien
from pupitre.web.conseils.comptes_rendus import RenvoiForm, nom_de_fichier
from pupitre.web.telechargement import envoyer


class RemarqueForm(forms.Form):
    texte = forms.CharField(
        label="Votre remarque",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce qui n’est pas juste, et ce qu’il faudrait écrire. Les membres la liront\u202f: "
        "aucune situation individuelle.",
        error_messages={"required": "Écrivez ce qui n’est pas juste."},
    )


def _a_valider(lien) -> CompteRendu:
    return get_object_or_404(
        CompteRendu.objects.select_related("seance__formation__conseil"),
        pk=lien.objet,
        seance__formation__conseil=lien.conseil_id,
    )


@require_http_methods(["GET", "POST"])
@par_lien(circuit.VALIDATION)
def valider(request, lien):
    lu = _a_valider(lien)
    form = RenvoiForm(request.POST if request.method == "POST" else None)
    renvoie = request.POST.get("geste") == "renvoyer"
    if request.method == "POST" and form.is_valid():
        try:
            if renvoie:
                circuit.renvoyer(compte_rendu=lu, nom=lien.nom, lien=lien, **form.cleaned_data)
            else:
                circuit.valider(compte_rendu=lu, nom=lien.nom, lien=lien)
        except ErreurPupitre as erreur:
            form.add_error("remarque", str(erreur))
        else:
            contexte = {"compte_rendu": lu, "renvoye": renvoie}
            return render(request, "liens/compte_rendu_valide.html", contexte)
    contexte = {
        "compte_rendu": lu,
        "contenu": lu.contenu,
        "form": form,
        "lien": lien,
        "jeton": request.resolver_match.kwargs["lien"],
    }
    return render(request, "liens/compte_rendu_valider.html", contexte, status=422 if form.is_bound else 200)


@require_GET
@par_lien(circuit.VALIDATION)
def document(request, lien):
    return _pdf(_a_valider(lien))


def _recu(lien) -> CompteRendu:
    try:
        lu, _ = circuit.du_lien(lien)
    except (CompteRendu.DoesNotExist, Personne.DoesNotExist, ValueError):
        raise Http404 from None
    return lu


@require_http_methods(["GET", "POST"])
@par_lien(circuit.REMARQUE)
def remarquer(request, lien):
    lu = _recu(lien)
    form = RemarqueForm(request.POST if request.method == "POST" else None)
    faite = False
    if request.method == "POST" and form.is_valid():
        try:
            circuit.remarquer(lien=lien, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error("texte", str(erreur))
        else:
            faite, form = True, RemarqueForm()
    contexte = {
        "compte_rendu": lu,
        "ouvert": redaction.etat_de(lu) == EtatCompteRendu.DIFFUSE,
        "form": form,
        "faite": faite,
        "lien": lien,
        "jeton": request.resolver_match.kwargs["lien"],
        "siennes": lu.remarques.filter(personne=int(lien.objet.partition(":")[2])),
    }
    return render(
        request, "liens/remarque.html", contexte, status=422 if form.is_bound and not faite else 200
    )


@require_GET
@par_lien(circuit.REMARQUE)
def recu(request, lien):
    return _pdf(_recu(lien))


def _pdf(lu: CompteRendu):
    return envoyer(papiers.document(lu, redaction.etat_de(lu), "pdf"), "pdf", nom_de_fichier(lu), joint=False)
