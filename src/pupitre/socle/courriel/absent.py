"""The transport of an installation where no mail server is set: it refuses, and says what to set."""

from __future__ import annotations

from django.core.mail.backends.base import BaseEmailBackend


class PasDeServeur(OSError):
    """Letters wait until a server is set."""


class SansServeur(BaseEmailBackend):
    def send_messages(self, email_messages) -> int:
        raise PasDeServeur(
            "aucun serveur de courrier n’est réglé (« courriel_hote » dans pupitre.toml, ou PUPITRE_COURRIEL_HOTE)"
        )
