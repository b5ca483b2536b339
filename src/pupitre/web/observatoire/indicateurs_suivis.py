"""The at most eight figures that the council follows, chosen in one form and in order."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import indicateurs_suivis
from pupitre.observatoire.chiffres.indicateurs_suivis import Choisi
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.models import SUIVIS_MAX
from pupitre.web.acces import exige


class SuiviForm(forms.Form):
    """One line for each place; an empty line is skipped, and the order is that of the lines."""

    def __init__(self, *args, lecteur: Lecteur, **kwargs):
        super().__init__(*args, **kwargs)
        figures = [("", "Aucun"), *indicateurs_suivis.offre(lecteur)]
        lieux = indicateurs_suivis.lieux(lecteur)
        for rang in range(1, SUIVIS_MAX + 1):
            self.fields[f"figure{rang}"] = forms.ChoiceField(
                label=f"Indicateur {rang}", choices=figures, required=False
            )
            self.fields[f"lieu{rang}"] = forms.ChoiceField(
                label=f"Territoire de l’indicateur {rang}", choices=lieux, required=False, initial="conseil"
            )

    def lignes(self):
        return [(self[f"figure{r}"], self[f"lieu{r}"]) for r in range(1, SUIVIS_MAX + 1)]

    def clean(self):
        donnees = super().clean()
        if not self.errors:
            choisies = self.choix()
            if len(set(choisies)) < len(choisies):
                raise ValidationError("Le même indicateur est choisi deux fois pour le même territoire.")
        return donnees

    def choix(self) -> list[Choisi]:
        lues = self.cleaned_data
        return [
            Choisi(lues[f"figure{r}"], lues.get(f"lieu{r}") or "conseil")
            for r in range(1, SUIVIS_MAX + 1)
            if lues.get(f"figure{r}")
        ]


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_LECTURE)
def choisir(request, conseil):
    lecteur = Lecteur.ouvrir(conseil, Audience.INTERNE)
    depart = {}
    for suivi in indicateurs_suivis.choisis(conseil):
        depart[f"figure{suivi.rang}"] = f"{suivi.source.code}.{suivi.indicateur}"
        depart[f"lieu{suivi.rang}"] = suivi.perimetre
    form = SuiviForm(request.POST if request.method == "POST" else None, lecteur=lecteur, initial=depart)
    if request.method == "POST" and form.is_valid():
        try:
            suivis = indicateurs_suivis.choisir(lecteur=lecteur, choix=form.choix())
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        else:
            messages.success(
                request,
                "Le suivi est enregistré."
                if suivis
                else "Le tableau de bord choisit de nouveau ses chiffres lui-même.",
            )
            return redirect("tableau", conseil=conseil.slug)
    contexte = {"form": form, "sources": bool(lecteur.sources), "maximum": SUIVIS_MAX}
    return render(
        request, "observatoire/indicateurs_suivis.html", contexte, status=422 if form.is_bound else 200
    )
