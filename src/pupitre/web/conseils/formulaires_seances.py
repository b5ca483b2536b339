"""Forms of the preparation of a séance."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms

from pupitre.annuaire.models import Personne
from pupitre.conseils.models import Convocation, Formation, ReglageSeances
from pupitre.conseils.seances.agenda import Agenda, Ligne

_INSTANT = {"type": "datetime-local"}
_FORMAT = "%Y-%m-%dT%H:%M"


class Instant(forms.DateTimeField):
    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.DateTimeInput(attrs=_INSTANT, format=_FORMAT),
            input_formats=[_FORMAT, "%Y-%m-%d %H:%M"],
            **kwargs,
        )


class SeanceForm(forms.Form):
    objet = forms.CharField(
        label="Objet", required=False, max_length=200, help_text="Vide\u202f: le nom de la formation suffit."
    )
    debut = Instant(
        label="Date et heure",
        required=False,
        help_text="Laissez vide pour proposer plusieurs dates et recueillir les disponibilités.",
    )
    duree = forms.IntegerField(label="Durée prévue, en minutes", min_value=15, max_value=600, initial=120)
    lieu = forms.CharField(
        label="Lieu", required=False, max_length=240, help_text="Salle et adresse, comme dans la convocation."
    )


class NouvelleSeanceForm(SeanceForm):
    field_order = ["formation", "objet", "debut", "duree", "lieu"]
    formation = forms.ModelChoiceField(
        label="Formation",
        queryset=Formation.objects.none(),
        error_messages={"required": "Choisissez la formation qui se réunit."},
    )

    def __init__(self, *args, formations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["formation"].queryset = formations


class RaisonForm(forms.Form):
    raison = forms.CharField(
        label="Raison",
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Écrivez la raison\u202f: elle sera lue."},
    )


class PreparatifForm(forms.Form):
    libelle = forms.CharField(
        label="À faire", max_length=200, error_messages={"required": "Dites ce qui est à faire."}
    )
    echeance = forms.DateField(
        label="Avant le", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PieceForm(forms.Form):
    fichier = forms.FileField(
        label="Document",
        help_text="PDF, document bureautique ou image, de vingt mégaoctets au plus.",
        error_messages={"required": "Choisissez un document."},
    )
    point = forms.ChoiceField(label="Se rapporte à", required=False)

    def __init__(self, *args, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = [("", "Toute la séance"), *((str(p.pk), p.titre) for p in points)]


class DatesForm(forms.Form):
    """Four at a time: more are added by sending it again."""

    date_1 = Instant(label="Première date", error_messages={"required": "Proposez au moins une date."})
    date_2 = Instant(label="Deuxième date", required=False)
    date_3 = Instant(label="Troisième date", required=False)
    date_4 = Instant(label="Quatrième date", required=False)

    @property
    def debuts(self) -> list:
        return [d for d in self.cleaned_data.values() if d]


class InviteForm(forms.Form):
    personne = forms.ModelChoiceField(
        label="Personne",
        queryset=Personne.objects.none(),
        error_messages={"required": "Choisissez une personne de l’annuaire."},
    )
    qualite = forms.CharField(
        label="En qualité de", required=False, max_length=160, help_text="Vide\u202f: sa fonction."
    )

    def __init__(self, *args, personnes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["personne"].queryset = personnes


class ReponseNoteeForm(forms.Form):
    reponse = forms.ChoiceField(label="Réponse", choices=Convocation.Reponse.choices)
    suppleant = forms.CharField(label="Suppléé par", required=False, max_length=160)


class ReponseConvocationForm(forms.Form):
    reponse = forms.ChoiceField(
        label="Votre réponse",
        choices=[
            (Convocation.Reponse.PRESENT, "Je serai présent"),
            (Convocation.Reponse.SUPPLEE, "Je serai suppléé"),
            (Convocation.Reponse.ABSENT, "Je serai excusé"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    suppleant = forms.CharField(
        label="Suppléé par",
        required=False,
        max_length=160,
        help_text="Prénom et nom, seulement si vous êtes suppléé.",
    )

    def __init__(self, *args, appel: Convocation, **kwargs):
        suppleant = appel.suppleant or str((appel.membre and appel.membre.suppleant) or "")
        super().__init__(*args, initial={"reponse": appel.reponse, "suppleant": suppleant}, **kwargs)


class DossierForm(forms.Form):
    elements = forms.CharField(
        label="À dire",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Une idée par ligne. Le maire les aura sous les yeux.",
    )
    actions = forms.CharField(
        label="Actions en cours",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Une action par ligne\u202f: qui, quoi, où elle en est.",
    )


class ReglageForm(forms.ModelForm):
    class Meta:
        model = ReglageSeances
        fields = ("delai_pleniere", "delai_autres", "rappel", "signataire", "qualite", "repondre_a")


class ModeleForm(forms.Form):
    fichier = forms.FileField(
        label="Votre modèle DOCX", error_messages={"required": "Choisissez un document DOCX."}
    )


_COLONNES = ("id", "titre", "theme", "rapporteur", "duree", "presentation")


def lire_agenda(donnees, rapporteurs: set[str], themes: set[str]) -> tuple[Agenda, dict[str, str]]:
    """The rows of the agenda's form in their order, and the errors by row. Nothing typed is lost."""
    colonnes = [donnees.getlist(c) for c in _COLONNES]
    lignes, erreurs = [], {}
    for id_, titre, theme, rapporteur, duree, presentation in zip(*colonnes, strict=False):
        try:
            cle = str(UUID(id_))
        except ValueError:
            cle = str(uuid4())
        minutes = int(duree) if duree.isdecimal() and len(duree) < 5 else 0
        if not 1 <= minutes <= 600:
            erreurs[cle] = "La durée est un nombre de minutes, de 1 à 600."
            minutes = min(max(minutes, 1), 600)
        if not titre.strip():
            erreurs[cle] = "Donnez un titre à ce point, ou retirez-le."
        elif len(titre) > 200:
            erreurs[cle] = "Le titre a 200 caractères au plus."
        lignes.append(
            Ligne(
                cle,
                titre.strip(),
                theme if theme in themes else "",
                rapporteur if rapporteur in rapporteurs else "",
                minutes,
                presentation.strip().replace("\r\n", "\n"),
            )
        )
    return tuple(lignes), erreurs


def deplacer(agenda: Agenda, geste: str) -> Agenda:
    """What a button of the form asks without saving: `monter:2`, `descendre:0`, `retirer:1`, `ajouter`."""
    nom, _, rang = geste.partition(":")
    lignes = list(agenda)
    if nom == "ajouter":
        return (*lignes, Ligne(str(uuid4())))
    i = int(rang) if rang.isdecimal() else -1
    if not 0 <= i < len(lignes):
        return agenda
    if nom == "retirer":
        del lignes[i]
    j = {"monter": i - 1, "descendre": i + 1}.get(nom, -1)
    if 0 <= j < len(lignes):
        lignes[i], lignes[j] = lignes[j], lignes[i]
    return tuple(lignes)
