"""Starting Django from the command line, with the settings of this installation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import configuration


class InstallationRefusee(ErreurPupitre):
    """The installation cannot start as it is set."""


def reglages() -> configuration.Configuration:
    """Settings of this installation, checked.

    Raises:
        InstallationRefusee: unreadable or unsafe settings.
    """
    try:
        lus = configuration.charger()
        configuration.verifier(lus)
    except configuration.ConfigurationRefusee as erreur:
        raise InstallationRefusee(
            str(erreur),
            "Une installation mal réglée exposerait les données du conseil.",
            "Corrigez ces points, ou lancez « pupitre initialiser » pour une nouvelle installation.",
        ) from erreur
    return lus


def demarrer() -> configuration.Configuration:
    """Check the settings, then set Django up."""
    lus = reglages()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pupitre.projet.settings")
    import django

    django.setup()
    return lus


@contextmanager
def refus_expliques() -> Iterator[None]:
    """Django's own refusals, said as all others are."""
    from django.core.exceptions import ValidationError
    from django.db.utils import OperationalError, ProgrammingError

    try:
        yield
    except ValidationError as erreur:
        raise ErreurPupitre(
            "Une valeur a été refusée.", " ".join(erreur.messages), "Corrigez-la et recommencez."
        ) from erreur
    except (OperationalError, ProgrammingError) as erreur:
        raise InstallationRefusee(
            "La base de données n’a pas répondu comme prévu.",
            f"Elle a dit\u202f: {str(erreur).strip()}.",
            "Vérifiez PUPITRE_DONNEES et DATABASE_URL, puis lancez « pupitre initialiser ».",
        ) from erreur
