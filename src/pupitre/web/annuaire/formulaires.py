"""Forms of the directory. People are named by typing: with two thousand cards, nobody unrolls a list."""

from __future__ import annotations

from django import forms

from pupitre.acces.models import NATURES_GROUPEES, Organisation
from pupitre.annuaire import recherche, selectors
from pupitre.annuaire.models import Fonction, ListeDePersonnes, Personne, Reseau, Service
from pupitre.socle import horloge
from pupitre.web.territoires.formulaires import ChampDate

PROPOSEES = 8
QUALITES = (
    ("", "Aucune"),
    ("maire", "maire"),
    ("president-epci", "président ou présidente de l’intercommunalité"),
    ("prefet", "préfet ou préfète"),
    ("sous-prefet", "sous-préfet ou sous-préfète"),
    ("procureur", "procureur ou procureure de la République"),
    ("president-departement", "président ou présidente du conseil départemental"),
    ("elu-delegue", "élu ou élue déléguée"),
    ("chef-police", "chef de service de la police nationale"),
    ("chef-gendarmerie", "commandant de gendarmerie"),
    ("coordonnateur", "coordonnateur ou coordonnatrice"),
)


def natures() -> list:
    return [(g, [(n.value, n.label) for n in membres]) for g, membres in NATURES_GROUPEES]


class PersonneForm(forms.ModelForm):
    class Meta:
        model = Personne
        fields = (
            "civilite",
            "prenom",
            "nom",
            "email",
            "telephone",
            "telephone_prive",
            "adresse",
            "etiquettes",
            "note",
            "utilisateur",
        )
        widgets = {
            "adresse": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 3}),
            "etiquettes": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "telephone_prive": "Lu seulement de l’équipe et de la présidence, et jamais cherché.",
            "note": "Lue seulement de l’équipe. N’y écrivez rien que la personne ne pourrait lire\u202f: elle "
            "peut demander à voir sa fiche.",
            "utilisateur": "Le compte avec lequel cette personne ouvre Pupitre.",
        }
        error_messages = {"nom": {"required": "Donnez au moins le nom."}}

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.conseil = conseil
        self.fields["etiquettes"].queryset = selectors.etiquettes(conseil)
        if not self.fields["etiquettes"].queryset.exists():
            del self.fields["etiquettes"]
        self.fields["utilisateur"].queryset = selectors.comptes_proposes(self.instance)
        self.fields["utilisateur"].empty_label = "Aucun"


class FonctionForm(forms.ModelForm):
    nouvelle = forms.CharField(
        label="Ou une nouvelle organisation",
        max_length=160,
        required=False,
        help_text="Son nom, si elle n’est pas dans la liste.",
    )
    nature = forms.ChoiceField(label="Son type", required=False)

    class Meta:
        model = Fonction
        fields = ("intitule", "organisation", "service", "qualite", "suppleant_de", "debut", "fin")
        help_texts = {
            "qualite": "Celle qu’un texte nomme\u202f: elle sert à composer les formations.",
            "suppleant_de": "Si cette fonction est celle d’un suppléant ou d’une suppléante.",
        }
        error_messages = {"intitule": {"required": "Dites ce que la personne exerce."}}

    def __init__(self, *args, conseil, avec_nouvelle=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.conseil = self.instance.conseil = conseil
        champs = self.fields
        champs["organisation"].queryset = selectors.organisations(conseil)
        champs["organisation"].empty_label = "Choisir"
        champs["service"].queryset = Service.objects.filter(organisation__conseils=conseil).select_related(
            "organisation"
        )
        champs["service"].label_from_instance = lambda s: f"{s.nom} ({s.organisation})"
        champs["service"].empty_label = "Aucun"
        champs["qualite"] = forms.ChoiceField(
            label="Qualité", choices=self._qualites(), required=False, help_text=champs["qualite"].help_text
        )
        self._titulaires()
        champs["debut"] = ChampDate(label="Depuis le", initial=horloge.aujourdhui())
        champs["fin"] = ChampDate(
            label="Jusqu’au", required=False, help_text="Vide si la personne l’exerce encore."
        )
        if avec_nouvelle:
            champs["organisation"].required = False
            champs["nature"].choices = [("", "Choisir"), *natures()]
            self.order_fields(["intitule", "organisation", "nouvelle", "nature"])
        else:
            del champs["nouvelle"], champs["nature"]

    def _qualites(self) -> list[tuple[str, str]]:
        connue = self.instance.qualite
        autres = [(connue, connue)] if connue and connue not in dict(QUALITES) else []
        return [*QUALITES, *autres]

    def _titulaires(self) -> None:
        """Only those of named quality, or of the same organisation: a stand-in stands in for somebody named."""
        champ = self.fields["suppleant_de"]
        tenues = Fonction.objects.as_of(horloge.aujourdhui()).filter(
            conseil=self.conseil, suppleant_de__isnull=True, personne__isnull=False
        )
        if self.instance.organisation_id:
            tenues = tenues.filter(organisation=self.instance.organisation_id)
        else:
            tenues = tenues.exclude(qualite="")
        if self.instance.suppleant_de_id:
            tenues = tenues | Fonction.objects.filter(pk=self.instance.suppleant_de_id)
        champ.queryset = tenues.exclude(pk=self.instance.pk).select_related("personne", "organisation")
        champ.label_from_instance = lambda f: f"{f.personne or 'vacant'}, {f}"
        champ.empty_label = "De personne"

    def clean(self):
        lus = super().clean()
        organisation, service = lus.get("organisation"), lus.get("service")
        if "nouvelle" in self.fields and not organisation and not lus.get("nouvelle"):
            self.add_error("organisation", "Choisissez une organisation, ou donnez le nom d’une nouvelle.")
        if service and service.organisation != organisation:
            self.add_error("service", "Ce service n’est pas de l’organisation choisie.")
        return lus

    def _get_validation_exclusions(self):
        """A new organisation is made just before the function is saved, which checks it then."""
        return super()._get_validation_exclusions() | {"organisation"}


class QuitterForm(forms.Form):
    depuis = ChampDate(label="N’exerce plus à partir du")
    vacante = forms.BooleanField(label="La fonction reste à pourvoir", required=False, initial=True)


class ChoixDePersonne(forms.Form):
    """`qui` is searched with tolerance; several answers are offered and one is then ticked."""

    qui = forms.CharField(label="Nom de la personne", max_length=120, required=False)

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.conseil = conseil
        self.jour = horloge.aujourdhui()
        if self.is_bound and self._ambigus():
            self.fields["personne"] = forms.ChoiceField(
                label="Laquelle\u202f?", choices=self._ambigus(), widget=forms.RadioSelect, required=False
            )

    def _ambigus(self) -> list[tuple[str, str]]:
        if not hasattr(self, "_lus"):
            trouvees = recherche.chercher(self.conseil, self.data.get("qui", ""), self.jour)[:PROPOSEES]
            fiches = selectors.habiller([t.personne for t in trouvees], self.jour)
            self._fiches = fiches
            self._lus = [(str(p.pk), _presenter(p)) for p in fiches] if len(fiches) > 1 else []
        return self._lus

    def clean(self):
        lus = super().clean()
        self._ambigus()
        choisie = lus.get("personne")
        if not lus.get("qui"):
            self.add_error("qui", "Écrivez le nom de la personne.")
        elif not self._fiches:
            self.add_error("qui", "Personne ne porte ce nom dans l’annuaire\u202f: créez d’abord sa fiche.")
        elif len(self._fiches) > 1 and not choisie:
            self.add_error("qui", "Plusieurs personnes répondent à ce nom\u202f: dites laquelle.")
        else:
            lus["choisie"] = next(p for p in self._fiches if not choisie or str(p.pk) == choisie)
        return lus


def _presenter(personne: Personne) -> str:
    return ", ".join([str(personne), *(str(f) for f in personne.tenues[:1])])


class RemplacerForm(ChoixDePersonne):
    depuis = ChampDate(label="À partir du")


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ("nom", "nature")
        labels = {"nature": "Type"}
        error_messages = {"nom": {"required": "Donnez le nom de l’organisation."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [("", "Choisir"), *natures()]


class ServiceForm(forms.ModelForm):
    class Meta:
        model = Service
        fields = ("nom", "commune", "telephone", "email")

    def __init__(self, *args, conseil, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.organisation = organisation
        champ = self.fields["commune"]
        champ.queryset = champ.queryset.filter(pk__in=[c.pk for c in conseil.communes_as_of()])
        champ.empty_label = "Toutes"


class ListeForm(forms.ModelForm):
    class Meta:
        model = ListeDePersonnes
        fields = ("nom",)
        labels = {"nom": "Nom de la liste"}


class ReseauForm(forms.ModelForm):
    site = forms.URLField(label="Site", required=False, assume_scheme="https", max_length=200)

    class Meta:
        model = Reseau
        fields = ("nom", "genre", "animateur", "site")


class FichierForm(forms.Form):
    fichier = forms.FileField(
        label="Votre fichier",
        help_text="Tel que vous l’avez\u202f: CSV, XLSX, ou carnet d’adresses vCard (.vcf). "
        "2\u202f000 personnes au plus.",
        allow_empty_file=True,
        error_messages={"required": "Choisissez le fichier à lire."},
        widget=forms.FileInput(attrs={"data-depot": "", "accept": ".csv,.txt,.xlsx,.vcf"}),
    )


class CampagneForm(forms.Form):
    a_qui = forms.ChoiceField(label="À qui écrire")
    echeance = ChampDate(label="Réponse souhaitée avant le")

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["a_qui"].choices = [
            ("a_verifier", "aux fiches que personne n’a vérifiées depuis un an"),
            ("toutes", "à toutes les fiches"),
            ("Une liste", [(f"liste-{li.pk}", li.nom) for li in selectors.listes(conseil)]),
            ("Une étiquette", [(f"etiquette-{e.pk}", e.nom) for e in selectors.etiquettes(conseil)]),
            (
                "Une organisation",
                [(f"organisation-{o.pk}", o.nom) for o in selectors.organisations(conseil)],
            ),
        ]

    def filtre(self) -> selectors.Filtre:
        genre, _, pk = self.cleaned_data["a_qui"].partition("-")
        jour = horloge.aujourdhui()
        if genre == "a_verifier":
            return selectors.Filtre(jour, etat="a_verifier")
        return selectors.Filtre(jour, **({genre: int(pk)} if pk else {}))
