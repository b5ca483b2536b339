"""The link by which a person chooses a password: signed, expiring, of one use. Nobody chooses it for them."""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from pupitre.acces.models import Utilisateur


class JetonPremierUsage(PasswordResetTokenGenerator):
    """Falls with the password (even an unusable one), the sign-in, and the closing of the account."""

    key_salt = "pupitre.acces.premier-usage"

    def _make_hash_value(self, user, timestamp):
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"


jetons = JetonPremierUsage()


def ecrire(utilisateur: Utilisateur) -> tuple[str, str]:
    """The two parts of the address: whose account, and the token."""
    return urlsafe_base64_encode(str(utilisateur.pk).encode()), jetons.make_token(utilisateur)


def lire(qui: str, jeton: str) -> Utilisateur | None:
    """The account that this link opens, or None: unknown, forged, used, expired, or account closed."""
    try:
        utilisateur = Utilisateur.objects.get(pk=int(force_str(urlsafe_base64_decode(qui))))
    except (ValueError, OverflowError, Utilisateur.DoesNotExist):
        return None
    return utilisateur if utilisateur.is_active and jetons.check_token(utilisateur, jeton) else None
