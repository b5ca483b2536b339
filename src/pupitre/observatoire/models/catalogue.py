"""What a council sees."""

from __future__ import annotations

from django.db import models

from pupitre.socle import horloge
from pupitre.territoires.models import Conseil


class Catalogue(models.Model):
    """What a council sees: one row, replaced in one transaction at each publication."""

    conseil = models.OneToOneField(Conseil, on_delete=models.CASCADE, related_name="catalogue")
    version = models.PositiveIntegerField("version", default=0)
    manifeste = models.TextField("manifeste", blank=True)
    profils = models.JSONField("ce que tient chaque source", default=dict)
    modifie_le = models.DateTimeField("modifié le", default=horloge.maintenant)

    class Meta:
        verbose_name = "catalogue"
        verbose_name_plural = "catalogues"

    def __str__(self) -> str:
        return f"{self.conseil}, version {self.version}"
