"""Forms of accounts and habilitations. What a role is bound to is held by the database."""

from __future__ import annotations

from django import forms

from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, Organisation, Utilisateur
from pupitre.territoires.models import Commune, Conseil, Departement


class RechercheForm(forms.Form):
    q = forms.CharField(label="Nom, adresse ou fonction", max_length=80, required=False)
    etat = forms.ChoiceField(
        label="Comptes",
        choices=[("", "Tous"), ("ouverts", "Ouverts"), ("fermes", "Fermés"), ("sans", "Sans habilitation")],
        required=False,
    )


class CompteForm(forms.ModelForm):
    class Meta:
        model = Utilisateur
        fields = ("prenom", "nom", "email", "fonction")
        help_texts = {
            "email": "C’est avec elle que la personne se connectera.",
            "fonction": "Par exemple\u202f: commissaire, chargée de tranquillité.",
        }
        error_messages = {
            "prenom": {"required": "Écrivez le prénom."},
            "nom": {"required": "Écrivez le nom."},
            "email": {
                "required": "Écrivez l’adresse électronique.",
                "invalid": "L’adresse est incomplète. Exemple\u202f: prenom.nom@ville.fr",
                "unique": "Un compte existe déjà pour cette adresse.",
            },
        }

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if Utilisateur.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Un compte existe déjà pour cette adresse.")
        return email


class HabilitationForm(forms.ModelForm):
    class Meta:
        model = Habilitation
        fields = ("role", "conseil", "commune", "organisation", "departement", "debut", "fin")
        widgets = {
            "debut": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "fin": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts = {
            "conseil": "Pour tous les rôles, sauf préfecture et administrateur technique.",
            "commune": "Pour un maire, un élu ou une direction générale\u202f: sa mairie saisit ses doléances.",
            "organisation": "Pour un partenaire seulement\u202f: il ne verra que les sources de cette organisation.",
            "departement": "Pour une préfecture seulement.",
            "fin": "Laissez vide si aucune fin n’est prévue.",
        }
        error_messages = {"role": {"required": "Choisissez un rôle."}}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            ("", "Choisir un rôle"),
            *((r.value, r.label.capitalize()) for r in Role),
        ]
        self.fields["conseil"].queryset = Conseil.objects.all()
        self.fields["organisation"].queryset = Organisation.objects.all()
        self.fields["departement"].queryset = Departement.objects.all()
        self.fields["commune"].queryset = Commune.objects.filter(adhesions__isnull=False).distinct()
        for nom in ("conseil", "commune", "organisation", "departement"):
            self.fields[nom].empty_label = "Aucune" if nom in ("commune", "organisation") else "Aucun"

    def clean(self):
        donnees = super().clean()
        conseil, organisation = donnees.get("conseil"), donnees.get("organisation")
        if conseil and organisation and not organisation.conseils.filter(pk=conseil.pk).exists():
            self.add_error(
                "organisation",
                f"{organisation} n’est pas autour de la table de ce conseil. La coordination l’ajoute avec une source.",
            )
        commune = donnees.get("commune")
        if conseil and commune and commune not in conseil.communes_as_of():
            self.add_error("commune", f"{commune} n’est pas membre de ce conseil.")
        return donnees
