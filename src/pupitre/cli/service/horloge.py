"""Every hour, what falls due: the same as `pupitre taches`."""

from __future__ import annotations

import os
import time
from contextlib import suppress

from pupitre.cli.service.enfant import ceder_le_pas, espacer_les_collectes, suivre_le_parent

HEURE = 3600


def main() -> None:
    suivre_le_parent()
    ceder_le_pas()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pupitre.projet.settings")
    import django
    from django.db import close_old_connections

    django.setup()
    espacer_les_collectes()
    from pupitre.socle.devoirs import DejaEnCours, passer

    while True:
        # A cron that is at it does the same.
        with suppress(DejaEnCours):
            passer()
        close_old_connections()
        time.sleep(HEURE)


if __name__ == "__main__":
    main()
