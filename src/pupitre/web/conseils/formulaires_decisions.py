"""Forms of decisions."""

from __future__ import annotations

from django import forms

from pupitre.acces.models import Organisation
from pupitre.annuaire.models import Personne
from pupitre.conseils import etats
from pupitre.conseils.etats import EtatDecision
from pupitre.conseils.models import Formation, Seance
from pupitre.conseils.thematiques import themes

_JOUR = {"type": "date"}


class Jour(forms.DateField):
    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(attrs=_JOUR, format="%Y-%m-%d"), **kwargs)


class DecisionForm(forms.Form):
    texte = forms.CharField(
        label="Ce qui est décidé",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="Une phrase qui commence par un verbe\u202f: on saura dire si c’est fait.",
        error_messages={"required": "Écrivez ce qui est décidé."},
    )
    responsable = forms.ModelChoiceField(
        label="Responsable",
        queryset=Personne.objects.none(),
        required=False,
        help_text="Une personne de l’annuaire\u202f: c’est elle qui recevra les rappels.",
    )
    organisation = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.none(),
        required=False,
        help_text="Vide\u202f: celle du responsable.",
    )
    echeance = Jour(label="Échéance", required=False)
    theme = forms.ChoiceField(label="Thème", choices=themes, required=False)
    action = forms.CharField(
        label="Action liée",
        max_length=160,
        required=False,
        help_text="Action du plan à laquelle elle contribue.",
    )

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["responsable"].queryset = Personne.objects.vivantes().filter(conseil=conseil)
        self.fields["organisation"].queryset = conseil.organisations.order_by("nom")


class NouvelleDecisionForm(DecisionForm):
    field_order = ["formation", "seance", "texte"]
    formation = forms.ModelChoiceField(
        label="Formation",
        queryset=Formation.objects.none(),
        error_messages={"required": "Choisissez la formation qui l’a prise."},
    )
    seance = forms.ModelChoiceField(
        label="Séance",
        queryset=Seance.objects.none(),
        required=False,
        help_text="Vide\u202f: prise hors séance, aujourd’hui.",
    )

    def __init__(self, *args, formations, seances, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["formation"].queryset = formations
        self.fields["seance"].queryset = seances

    def clean(self):
        donnees = super().clean()
        seance, formation = donnees.get("seance"), donnees.get("formation")
        if seance and formation and seance.formation_id != formation.pk:
            self.add_error("seance", "Cette séance est celle d’une autre formation.")
        return donnees


class SuiteForm(forms.Form):
    """Where a decision stands. `depuis`: its state, which says what may follow."""

    etat = forms.ChoiceField(
        label="Où en est-elle\u202f?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez où elle en est."},
    )
    texte = forms.CharField(
        label="Ce qu’il faut en savoir",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
        help_text="Obligatoire si elle est bloquée ou abandonnée\u202f: dites pourquoi.",
    )
    echeance = Jour(label="Nouvelle échéance", required=False)

    def __init__(self, *args, depuis: str, par_le_responsable: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        suites = etats.DECISION[depuis]
        if par_le_responsable:
            suites = suites - {EtatDecision.ABANDONNEE}
            self.fields["texte"].help_text = "Obligatoire si elle est bloquée\u202f: dites pourquoi."
        self.fields["etat"].choices = [(e.value, e.label) for e in EtatDecision if e in suites]
