"""The database, the reference data and the files of the site. Django must be set up."""

from __future__ import annotations

from pupitre.cli.installation import Etape
from pupitre.socle.texte import pluriel


def migrer() -> Etape:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executeur = MigrationExecutor(connection)
    plan = executeur.migration_plan(executeur.loader.graph.leaf_nodes())
    if not plan:
        return Etape("Base de données", False, "à jour")
    call_command("migrate", interactive=False, verbosity=0)
    return Etape("Base de données", True, f"{pluriel(len(plan), 'étape')} de mise à jour")


def charger_reference() -> Etape:
    from pupitre.territoires import services

    bilan = services.charger_reference()
    return Etape("Communes de France", not bilan.inchange, str(bilan))


def installer_statiques() -> Etape:
    """Copy the files of the site under their hashed names; only what changed is written."""
    from django.conf import settings
    from django.core.management import call_command

    manifeste = settings.STATIC_ROOT / "staticfiles.json"
    avant = manifeste.read_bytes() if manifeste.is_file() else b""
    call_command("collectstatic", interactive=False, verbosity=0)
    apres = manifeste.read_bytes() if manifeste.is_file() else b""
    return Etape("Fichiers du site", avant != apres, str(settings.STATIC_ROOT))
