"""Forms of data requests."""

from __future__ import annotations

from datetime import timedelta

from django import forms

from pupitre.observatoire.demandes.offre import Offre, bornes, mois_possibles, territoires
from pupitre.observatoire.demandes.services import RESERVES_MAX
from pupitre.observatoire.models import ReponseProprietaire
from pupitre.socle import horloge

_UN_AN = timedelta(days=365)
_MOIS = {"invalid_choice": "Ce mois n’est pas dans ces sources."}


class PeriodeForm(forms.Form):
    """Territory and months: what the asker chooses, and what the team may narrow."""

    perimetre = forms.ChoiceField(
        label="Territoire",
        error_messages={"invalid_choice": "Ce territoire n’est pas dans le conseil."},
    )
    depuis = forms.ChoiceField(label="Du mois de", error_messages=_MOIS)
    jusqu_a = forms.ChoiceField(label="Au mois de", error_messages=_MOIS)

    def __init__(self, *args, conseil, choisies: list[Offre], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["perimetre"].choices = territoires(conseil)
        mois = mois_possibles(choisies)
        self.fields["depuis"].choices = self.fields["jusqu_a"].choices = mois
        if mois:
            self.fields["depuis"].initial = mois[min(11, len(mois) - 1)][0]
            self.fields["jusqu_a"].initial = mois[0][0]

    def clean(self):
        donnees = super().clean()
        if donnees.get("depuis") and donnees.get("jusqu_a"):
            if donnees["depuis"] > donnees["jusqu_a"]:
                self.add_error("jusqu_a", "Le dernier mois précède le premier.")
            else:
                donnees["debut"], donnees["fin"] = bornes(donnees["depuis"], donnees["jusqu_a"])
        return donnees


class DemandeForm(PeriodeForm):
    usage = forms.CharField(
        label="Qu’en ferez-vous\u202f?",
        help_text="Une ou deux phrases\u202f: le propriétaire des données décidera d’après elles.",
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=20,
        max_length=1500,
        error_messages={
            "required": "Dites l’utilisation que vous ferez des données\u202f: sans elle, personne ne peut répondre.",
            "min_length": "Dites-en un peu plus\u202f: une phrase entière.",
        },
    )
    lecteurs = forms.CharField(
        label="Qui les lira\u202f?",
        help_text="Les services ou les personnes, dans votre organisation et au-dehors.",
        max_length=500,
        error_messages={"required": "Dites qui lira ces données."},
    )
    jusqu_au = forms.DateField(
        label="Jusqu’à quand les utiliserez-vous\u202f?",
        help_text="Au-delà, vous les effacez.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Donnez une date de fin.", "invalid": "Cette date ne se lit pas."},
    )

    def __init__(self, *args, conseil, choisies: list[Offre], **kwargs):
        super().__init__(*args, conseil=conseil, choisies=choisies, **kwargs)
        self.choisies = choisies
        natures = {}
        for offre in choisies:
            if len(offre.natures) > 1:
                natures[f"natures_{offre.source.code}"] = forms.MultipleChoiceField(
                    label=f"{offre.source.organisation.nom}, {offre.source.nom}\u202f: quelles natures\u202f?",
                    help_text="Rien de coché\u202f: toutes.",
                    choices=offre.natures,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
        self.fields = natures | self.fields
        self.fields["jusqu_au"].initial = horloge.aujourdhui() + _UN_AN

    def clean_jusqu_au(self):
        jour = self.cleaned_data["jusqu_au"]
        if jour <= horloge.aujourdhui():
            raise forms.ValidationError("Cette date est passée.")
        return jour

    def sources(self) -> dict:
        return {o.source: self.cleaned_data.get(f"natures_{o.source.code}", []) for o in self.choisies}


class CompleterForm(PeriodeForm):
    precisions = forms.CharField(
        label="Précisions pour le propriétaire",
        help_text="Ce que vous savez de plus de cette demande, ce qui a été restreint et pourquoi.",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=1500,
    )


class RaisonForm(forms.Form):
    """A refusal, or a remark: one sentence that the other will read."""

    raison = forms.CharField(
        label="Pourquoi\u202f?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": "Écrivez-le en une phrase\u202f: elle sera lue."},
    )


class ReponseForm(forms.Form):
    sens = forms.ChoiceField(
        label="Votre réponse",
        choices=[
            (ReponseProprietaire.Sens.OUI, "Oui"),
            (ReponseProprietaire.Sens.RESERVES, "Oui, avec des réserves"),
            (ReponseProprietaire.Sens.NON, "Non"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez votre réponse."},
    )
    texte = forms.CharField(
        label="Vos réserves, ou la raison de votre refus",
        help_text="Les réserves seront écrites sur chaque page de ce qui sera remis.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=RESERVES_MAX,
    )

    def clean(self):
        donnees = super().clean()
        if donnees.get("sens") in ("reserves", "non") and not donnees.get("texte", "").strip():
            self.add_error(
                "texte",
                "Écrivez vos réserves." if donnees["sens"] == "reserves" else "Dites en une phrase pourquoi.",
            )
        return donnees


class PreparerForm(forms.Form):
    commentaire = forms.CharField(
        label="Ce qu’en dit l’équipe",
        help_text="Votre interprétation, en tête de l’analyse. Facultatif. Une ligne vide sépare deux paragraphes.",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=4000,
    )


_LIBELLES = {
    "delai_equipe": ("Pour instruire, puis pour préparer", "L’équipe du conseil."),
    "delai_proprietaire": ("Pour la réponse du propriétaire", "Au-delà, un rappel lui est écrit."),
    "delai_president": ("Pour le visa", "Au-delà, un rappel est écrit à la présidence."),
    "rappel": ("Entre deux rappels", "Cinq rappels au plus."),
    "jours_lien": ("Pour télécharger par le lien", "Le compte du demandeur les garde ensuite."),
}


class DelaisForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, (libelle, aide) in _LIBELLES.items():
            self.fields[nom] = forms.IntegerField(
                label=f"{libelle} (jours)", help_text=aide, min_value=1, max_value=180
            )

    @staticmethod
    def depuis(reglage) -> dict[str, int]:
        return {nom: getattr(reglage, nom) for nom in _LIBELLES}
