"""Forms of the territory. What is refused by a rule comes back here as an error, with what was typed."""

from __future__ import annotations

from django import forms

from pupitre.moteur.erreurs import ErreurPupitre


class ChampDate(forms.DateField):
    """The browser's own calendar, which sends ISO dates; typed French dates are read as well."""

    def __init__(self, **options) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            **options,
        )


class DateForm(forms.Form):
    jour = ChampDate(label="Voir le territoire à la date du", required=False)


class AjoutForm(forms.Form):
    q = forms.CharField(
        label="Commune",
        max_length=80,
        required=False,
        help_text="Nom, code INSEE ou code postal. Les accents et les fautes de frappe sont tolérés.",
    )
    commune = forms.CharField(max_length=5, required=False, widget=forms.HiddenInput)
    depuis = ChampDate(label="Membre depuis le")

    def clean(self):
        nettoyees = super().clean()
        if not nettoyees.get("commune"):
            self.add_error("q", "Choisissez une commune dans la liste.")
        return nettoyees


class RetraitForm(forms.Form):
    le = ChampDate(label="N’est plus membre à partir du")


class ImportForm(forms.Form):
    fichier = forms.FileField(
        label="Fichier des contours",
        help_text="GeoJSON, en WGS84 ou en Lambert-93, 25 Mo au plus. Une surface par secteur.",
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
        error_messages={"empty": "Le fichier est vide."},
    )
    nom = forms.CharField(
        label="Nom du découpage", max_length=120, help_text="Par exemple «\u202fQuartiers 2026\u202f»."
    )
    debut = ChampDate(label="En vigueur depuis le")
    origine = forms.CharField(
        label="Origine", max_length=200, help_text="Qui a tracé ces contours, et quand."
    )
    champ_code = forms.CharField(
        label="Propriété du code (facultatif)",
        max_length=80,
        required=False,
        help_text="Laissez vide\u202f: Pupitre propose, vous verrez son choix avant de confirmer.",
    )
    champ_nom = forms.CharField(label="Propriété du nom (facultatif)", max_length=80, required=False)


def refuser(formulaire: forms.Form, erreur: ErreurPupitre, champ: str | None = None) -> None:
    """A rule's refusal as an error of the form: what, where, why, what to do."""
    formulaire.add_error(champ, str(erreur))
