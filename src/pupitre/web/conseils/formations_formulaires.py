"""Forms of the formations, their members and their texts."""

from __future__ import annotations

from django import forms
from django.db.models import Prefetch

from pupitre.acces.models import Organisation
from pupitre.annuaire.models import Fonction, Personne
from pupitre.conseils.formations.themes import THEMES
from pupitre.conseils.models import Formation, Membre, ReglageConseil, TexteConseil
from pupitre.socle import horloge
from pupitre.socle.texte import cle_de_recherche, pluriel
from pupitre.web.territoires.formulaires import ChampDate

DATE = {"type": "date"}


class JourForm(forms.Form):
    au = ChampDate(label="À la date du", required=False)


def jour_demande(request):
    """The day asked by `?au=`, today by default, with the form that says what was not understood."""
    form = JourForm(request.GET if "au" in request.GET else None)
    jour = form.cleaned_data["au"] if form.is_bound and form.is_valid() else None
    jour = jour or horloge.aujourdhui()
    return jour, form if form.is_bound else JourForm(initial={"au": jour})


class ChampPersonne(forms.ModelChoiceField):
    """Living cards of the council, each with what it does today."""

    def __init__(self, conseil, *, q: str = "", **options):
        personnes = Personne.objects.vivantes().filter(conseil=conseil)
        for mot in cle_de_recherche(q).split():
            personnes = personnes.filter(cle__contains=mot)
        fonctions = Fonction.objects.as_of(horloge.aujourdhui()).select_related("organisation")
        super().__init__(
            personnes.prefetch_related(
                Prefetch("fonctions", fonctions.order_by("-debut"), to_attr="du_jour")
            ),
            empty_label=options.pop("empty_label", "Choisir une personne"),
            **options,
        )

    def label_from_instance(self, personne) -> str:
        nom = f"{personne.nom} {personne.prenom}".strip()
        return f"{nom}, {personne.du_jour[0]}" if personne.du_jour else nom


class FormationForm(forms.ModelForm):
    theme = forms.ChoiceField(label="Thème", required=False)

    class Meta:
        model = Formation
        fields = (
            "nature", "nom", "theme", "objectifs", "feuille_de_route", "pilote", "rythme_mois", "regime",
            "communes", "secteurs", "debut", "fin",
        )  # fmt: skip
        widgets = {
            "objectifs": forms.Textarea(attrs={"rows": 4}),
            "communes": forms.CheckboxSelectMultiple,
            "debut": forms.DateInput(format="%Y-%m-%d", attrs=DATE),
            "fin": forms.DateInput(format="%Y-%m-%d", attrs=DATE),
        }
        help_texts = {
            "objectifs": "Ce que la formation doit produire, et pour quand.",
            "feuille_de_route": "Ce à quoi son travail contribue.",
            "communes": "Aucune case\u202f: toutes les communes du conseil.",
            "secteurs": "Quartiers ou lieux, si elle ne couvre pas toute la commune.",
            "regime": "Jamais de situation individuelle en formation plénière ni restreinte.",
            "fin": "Laissez vide si aucune fin n’est prévue.",
        }
        error_messages = {
            "nature": {"required": "Choisissez la nature de la formation."},
            "nom": {"required": "Donnez-lui un nom."},
        }

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.conseil = conseil
        self.fields["nature"].choices = [
            ("", "Choisir une nature"),
            *((n.value, n.label.capitalize()) for n in Formation.Nature),
        ]
        connus = [(t.cle, f"{t.libelle} ({pluriel(t.groupes, 'groupe')} en 2012)") for t in THEMES.values()]
        self.fields["theme"].choices = [("", "Sans thème"), *connus]
        self.fields[
            "theme"
        ].help_text = (
            "Entre parenthèses, les groupes de ce thème que le rapport de 2012 a comptés dans tout le pays."
        )
        self.fields["pilote"] = ChampPersonne(
            conseil,
            label="Pilote",
            required=False,
            empty_label="Non désigné",
            initial=self.instance.pilote_id,
        )
        codes = [c.pk for c in conseil.communes_as_of()]
        self.fields["communes"].queryset = self.fields["communes"].queryset.filter(pk__in=codes)


class ClotureForm(forms.Form):
    le = ChampDate(label="Dernier jour")


class MembreForm(forms.Form):
    titre = forms.ChoiceField(label="Titre", choices=Membre.Titre.choices, initial=Membre.Titre.DESIGNE)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Au nom de",
        required=False,
        empty_label="Celle de sa fonction",
        help_text="Laissez vide pour reprendre l’organisation de sa fonction.",
    )
    qualite = forms.CharField(
        label="En qualité de",
        max_length=160,
        required=False,
        help_text="Vide\u202f: l’intitulé de sa fonction.",
    )
    coordination = forms.BooleanField(label="Assure la coordination du conseil", required=False)

    def __init__(self, *args, conseil, q: str = "", nouveau: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = conseil.organisations.all()
        suppleant = ChampPersonne(conseil, label="Suppléant", required=False, empty_label="Aucun")
        if nouveau:
            personne = ChampPersonne(
                conseil, q=q, label="Personne", error_messages={"required": "Choisissez une personne."}
            )
            debut = ChampDate(label="Siège depuis le", initial=horloge.aujourdhui)
            self.fields = {"personne": personne, "debut": debut, **self.fields, "suppleant": suppleant}
        else:
            self.fields["organisation"].empty_label = "Aucune"
            self.fields["organisation"].help_text = self.fields["qualite"].help_text = ""
            self.fields["suppleant"] = suppleant


class InstallationForm(forms.Form):
    siege = forms.ChoiceField(label="Siège", error_messages={"required": "Choisissez un siège."})
    debut = ChampDate(label="Siège depuis le", initial=horloge.aujourdhui)

    def __init__(self, *args, conseil, sieges, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["siege"].choices = [("", "Choisir un siège"), *((s.cle, s.libelle) for s in sieges)]
        personne = ChampPersonne(
            conseil, label="Personne", error_messages={"required": "Choisissez une personne."}
        )
        suppleant = ChampPersonne(conseil, label="Suppléant", required=False, empty_label="Aucun")
        debut = self.fields.pop("debut")
        self.fields |= {"personne": personne, "suppleant": suppleant, "debut": debut}


class ReglageForm(forms.ModelForm):
    class Meta:
        model = ReglageConseil
        fields = ("departement_de_droit", "departement_raison")


class TexteForm(forms.ModelForm):
    class Meta:
        model = TexteConseil
        fields = ("corps", "expire_le", "formations")
        widgets = {
            "corps": forms.Textarea(attrs={"rows": 26}),
            "expire_le": forms.DateInput(format="%Y-%m-%d", attrs=DATE),
            "formations": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "corps": "Une ligne qui commence par «\u202f#\u202f» est un titre, par «\u202f-\u202f» un point de liste. "
            "Ce qui est entre crochets reste à compléter.",
            "expire_le": "Vous serez prévenu trois mois avant.",
            "formations": "Aucune case\u202f: toutes celles où des situations individuelles sont évoquées.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["corps"].required = True
        if self.instance.genre == TexteConseil.Genre.CHARTE:
            self.fields["formations"].queryset = Formation.objects.filter(
                conseil=self.instance.conseil_id, regime=Formation.Regime.SOUS_CHARTE
            )
        else:
            del self.fields["formations"]


class AdoptionForm(forms.Form):
    le = ChampDate(label="Adopté le", initial=horloge.aujourdhui)


class SignatureForm(forms.Form):
    personne = forms.ModelChoiceField(
        Personne.objects.none(),
        label="Signataire",
        empty_label="Choisir une personne",
        error_messages={"required": "Choisissez une personne."},
    )
    le = ChampDate(label="Date portée sur le papier", initial=horloge.aujourdhui)

    def __init__(self, *args, personnes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["personne"].queryset = Personne.objects.filter(pk__in=[p.pk for p in personnes])
