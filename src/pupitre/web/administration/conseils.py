"""Opening another council: its communes, its plenary formation, and the coordinator who begins."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pupitre.acces.droits import Droit
from pupitre.conseils.formations import services
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.territoires.recherche import chercher
from pupitre.territoires.selectors import conseils_ouverts
from pupitre.web.acces import exige
from pupitre.web.territoires.formulaires import ChampDate


class ConseilForm(forms.Form):
    code = forms.CharField(
        label="Commune ou intercommunalité",
        max_length=80,
        help_text="Le nom ou le code INSEE d’une commune pour un CLSPD, le numéro SIREN (9 chiffres) d’une "
        "intercommunalité pour un CISPD\u202f: ses communes sont reprises.",
        error_messages={"required": "Écrivez une commune ou un numéro SIREN."},
    )
    nom = forms.CharField(
        label="Nom du conseil", max_length=120, required=False, help_text="Vide\u202f: celui du territoire."
    )
    depuis = ChampDate(label="Créé le", initial=horloge.aujourdhui)

    def clean_code(self) -> str:
        """A name becomes a code when it designates one commune only."""
        saisi = self.cleaned_data["code"].strip()
        if saisi[:1].isdigit():
            return saisi
        exactes = [t for t in chercher(saisi, limite=6) if t.score >= 95]
        if len(exactes) == 1 or (exactes and exactes[0].score == 100 and exactes[1].score < 100):
            return exactes[0].code
        proches = ", ".join(f"{t.nom} ({t.code})" for t in exactes or chercher(saisi, limite=4))
        raise forms.ValidationError(
            f"Plusieurs communes, ou aucune, portent ce nom. Écrivez le code\u202f: {proches}."
            if proches
            else "Aucune commune ne porte ce nom. Vérifiez-le, ou écrivez le code INSEE."
        )


@exige(Droit.ADMINISTRER)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/conseils.html", {"conseils_ouverts": conseils_ouverts()})


@exige(Droit.ADMINISTRER)
@require_http_methods(["GET", "HEAD", "POST"])
def creer(request: HttpRequest) -> HttpResponse:
    form = ConseilForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            conseil = services.ouvrir(**form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error("code", str(erreur))
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            messages.success(
                request,
                f"{conseil} est ouvert, avec sa formation plénière. Habilitez maintenant sa coordination.",
            )
            return redirect("compte_creer")
    return render(
        request, "administration/conseil_creer.html", {"form": form}, status=422 if form.is_bound else 200
    )
