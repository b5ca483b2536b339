"""Work that goes on while the person does something else."""

from __future__ import annotations

from django_tasks import task

from pupitre.observatoire.collecte import services
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Livraison


@task()
def lire_livraison(identifiant: str) -> None:
    """Run again after a process died: what has been read in the meantime is not read a second time."""
    livraison = Livraison.objects.select_related("source__conseil").avec_etat().get(pk=identifiant)
    if livraison.etat in (Etat.RECUE, Etat.LUE):
        services.lire(livraison=livraison)
