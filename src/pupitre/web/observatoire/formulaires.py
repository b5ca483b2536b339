"""Forms of the observatory."""

from __future__ import annotations

from django import forms

from pupitre.acces.models import Organisation
from pupitre.observatoire.models import Frequence

FORMATS = (
    ("etat4001_services", "État 4001 par service (classeur annuel publié)"),
    ("etat4001_mensuel", "État 4001 mensuel (index par mois ou par commune)"),
    ("ssmsi_communal", "SSMSI, base communale"),
    ("ssmsi_departemental", "SSMSI, base départementale"),
    ("comptages", "Tableau de comptages"),
    ("faits", "Liste de faits"),
)


class DepotForm(forms.Form):
    source = forms.ChoiceField(
        label="De quelle source vient ce fichier\u202f?",
        help_text="Le partenaire et le type de tableau. Une source proposée est déclarée au passage.",
    )
    fichier = forms.FileField(
        label="Fichier du partenaire",
        help_text="Tel que reçu, sans le retoucher\u202f: xlsx, ods, csv, csv.gz ou parquet.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"data-depot": ""}),
    )

    def __init__(self, *args, sources, modeles=(), **kwargs):
        super().__init__(*args, **kwargs)
        choix = [("", "Choisir une source")]
        existantes = [(f"source:{s.code}", f"{s.organisation.nom} — {s.nom}") for s in sources]
        if existantes:
            choix.append(("Vos sources", existantes))
        if modeles:
            choix.append(("À déclarer", [(f"modele:{m.code}", m.nom) for m in modeles]))
        self.fields["source"].choices = choix
        self.fields["source"].error_messages["required"] = "Choisissez la source de ce fichier."
        self.fields["fichier"].error_messages["required"] = "Choisissez le fichier à déposer."


class RejetForm(forms.Form):
    raison = forms.CharField(
        label="Pourquoi rejeter ce fichier\u202f?",
        help_text="Une phrase, que le partenaire et vos successeurs comprendront.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez en une phrase pourquoi ce fichier est rejeté."},
    )


class SourceForm(forms.Form):
    nom = forms.CharField(
        label="Nom de la source", max_length=120, help_text="Par exemple\u202f: incidents dans les bus."
    )
    organisation = forms.ModelChoiceField(
        label="Partenaire",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Nouveau partenaire",
    )
    nouveau_partenaire = forms.CharField(
        label="Nom du nouveau partenaire",
        max_length=160,
        required=False,
        help_text="À remplir s’il n’est pas dans la liste.",
    )
    nature = forms.ChoiceField(
        label="Type du nouveau partenaire", choices=Organisation.Nature.choices, required=False
    )
    format = forms.ChoiceField(label="Type de fichier", choices=FORMATS)
    frequence = forms.ChoiceField(label="Rythme convenu", choices=Frequence.choices)
    producteur = forms.CharField(
        label="Producteur à citer",
        max_length=160,
        required=False,
        help_text="Le nom qui paraîtra sous les chiffres. Par défaut, celui du partenaire.",
    )

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(conseils=conseil)

    def clean(self):
        donnees = super().clean()
        if not donnees.get("organisation") and not donnees.get("nouveau_partenaire"):
            self.add_error(
                "nouveau_partenaire", "Choisissez un partenaire dans la liste, ou nommez le nouveau."
            )
        return donnees
