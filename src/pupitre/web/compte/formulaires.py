"""Forms of one's own account."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm

_REGLES = "Douze caractères au moins. Une phrase de quatre ou cinq mots convient, et se retient."


def identifiant(request, credentials=None) -> str:
    """Whose attempts are counted together: the address, however it is typed."""
    credentials = credentials or {}
    return str(credentials.get("username") or request.POST.get("username") or "").strip().lower()


class ConnexionForm(AuthenticationForm):
    username = forms.EmailField(
        label="Adresse électronique",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={
            "required": "Écrivez votre adresse électronique.",
            "invalid": "L’adresse est incomplète. Exemple\u202f: prenom.nom@ville.fr",
        },
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Écrivez votre mot de passe."},
    )
    error_messages = {
        "invalid_login": "Cette adresse et ce mot de passe ne vont pas ensemble, ou le compte est fermé. "
        "Vérifiez les majuscules\u202f; si vous l’avez oublié, demandez un nouveau lien à l’administrateur.",
        "inactive": "Ce compte est fermé.",
    }


class _DeuxFois:
    """Django's two fields, in our words."""

    def _habiller(self) -> None:
        un, deux = self.fields["new_password1"], self.fields["new_password2"]
        un.label, deux.label = "Nouveau mot de passe", "Le même, une seconde fois"
        un.help_text, deux.help_text = _REGLES, ""
        un.error_messages["required"] = "Choisissez un mot de passe."
        deux.error_messages["required"] = "Écrivez-le une seconde fois."
        un.widget.attrs.pop("autofocus", None)


class PremierAccesForm(_DeuxFois, SetPasswordForm):
    error_messages = {"password_mismatch": "Les deux mots de passe diffèrent."}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._habiller()


class MotDePasseForm(_DeuxFois, PasswordChangeForm):
    error_messages = {
        "password_mismatch": "Les deux mots de passe diffèrent.",
        "password_incorrect": "Ce n’est pas votre mot de passe actuel.",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._habiller()
        self.fields["old_password"].label = "Mot de passe actuel"
        self.fields["old_password"].error_messages["required"] = "Écrivez votre mot de passe actuel."
