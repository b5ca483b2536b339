"""The secret address by which a calendar program reads somebody's séances."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Secret, Utilisateur
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Conseil


class AbonnementAgenda(Secret, Modele):
    """One for each program: lost or too well known, it is withdrawn without touching the others."""

    class Portee(models.TextChoices):
        CONVOCATIONS = "convocations", "mes convocations"
        VISIBLES = "visibles", "toutes les séances que je peux voir"

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.CASCADE, related_name="abonnements_agenda", verbose_name="utilisateur"
    )
    conseil = models.ForeignKey(
        Conseil, on_delete=models.CASCADE, related_name="abonnements_agenda", verbose_name="conseil"
    )
    libelle = models.CharField("agenda qui le lira", max_length=80)
    portee = models.CharField(
        "ce qu’il contient", max_length=12, choices=Portee.choices, default=Portee.CONVOCATIONS
    )
    echeances = models.BooleanField("avec les échéances de mes décisions", default=True)

    class Meta:
        verbose_name = "abonnement à l’agenda"
        verbose_name_plural = "abonnements à l’agenda"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.libelle
