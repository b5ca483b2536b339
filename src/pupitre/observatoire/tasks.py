"""Work that goes on while the person does something else."""

from __future__ import annotations

from django_tasks import task

from pupitre.observatoire.collecte import services
from pupitre.observatoire.models import Livraison


@task()
def lire_livraison(identifiant: str) -> None:
    services.lire(livraison=Livraison.objects.select_related("source__conseil").get(pk=identifiant))
