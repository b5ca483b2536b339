"""What every model shares."""

from __future__ import annotations

from django.db import models

from pupitre.socle import horloge


class Modele(models.Model):
    cree_le = models.DateTimeField("créé le", default=horloge.maintenant, editable=False)

    class Meta:
        abstract = True


class PeriodeQuerySet(models.QuerySet):
    """For rows that hold from `debut` to `fin` (inclusive, null: still)."""

    def as_of(self, jour):
        return self.filter(debut__lte=jour).filter(models.Q(fin__isnull=True) | models.Q(fin__gte=jour))


def fin_apres_debut(nom: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(fin__isnull=True) | models.Q(fin__gte=models.F("debut")),
        name=nom,
        violation_error_message="La date de fin précède la date de début.",
    )
