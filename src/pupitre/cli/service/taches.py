"""The worker of background tasks."""

from __future__ import annotations

import os

from pupitre.cli.service.enfant import ceder_le_pas, espacer_les_collectes, suivre_le_parent


def main() -> None:
    suivre_le_parent()
    ceder_le_pas()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pupitre.projet.settings")
    import django
    from django.core.management import call_command

    django.setup()
    espacer_les_collectes()
    from pupitre.observatoire.chiffres import catalogue
    from pupitre.socle import reprises

    # What a stop or a kill left half written is older than any publication under way.
    catalogue.balayer()
    reprises.reprendre_celles_d_ici()
    call_command(
        "db_worker",
        queue_name="*",
        interval=1,
        startup_delay=False,
        reload=False,
        verbosity=0,
        worker_id=reprises.identite(),
    )


if __name__ == "__main__":
    main()
