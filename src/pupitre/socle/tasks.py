"""Background work of the ground floor."""

from __future__ import annotations

from django_tasks import task


@task()
def envoyer_courriel(pk: int) -> None:
    from pupitre.socle.courriel.envoi import envoyer

    envoyer(pk)
