"""What was asked of a partner that had not delivered."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Utilisateur
from pupitre.observatoire.models.sources import Source
from pupitre.socle import horloge
from pupitre.socle.courriel.modele import Courriel
from pupitre.socle.modeles import Modele


class Relance(Modele):
    """One letter about one period of one source. `rang` counts them; a period settled has no more."""

    class Vers(models.TextChoices):
        REFERENT = "referent", "référent du partenaire"
        COORDINATION = "coordination", "coordination"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="relances")
    debut = models.DateField("premier jour de la période attendue")
    rang = models.PositiveSmallIntegerField("rang")
    vers = models.CharField("adressée à", max_length=14, choices=Vers.choices)
    nom = models.CharField("nom", max_length=160, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    le = models.DateField("le", default=horloge.aujourdhui)
    courriel = models.ForeignKey(
        Courriel, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="courriel"
    )
    demandee_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="demandée par",
    )

    class Meta:
        verbose_name = "relance"
        verbose_name_plural = "relances"
        ordering = ("-le", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("source", "debut", "rang"),
                name="relance_unique",
                violation_error_message="Cette relance a déjà été faite.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.debut:%d/%m/%Y}, relance {self.rang}"


class SuspensionRelances(Modele):
    """No letter is sent for that source, or for one of its periods, until a day, for a reason that stays readable."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="suspensions")
    debut = models.DateField("période concernée", null=True, blank=True, help_text="Vide\u202f: toutes.")
    jusqu_au = models.DateField("jusqu’au")
    raison = models.CharField("raison", max_length=240)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "suspension des relances"
        verbose_name_plural = "suspensions des relances"
        ordering = ("-jusqu_au",)

    def __str__(self) -> str:
        return f"{self.source}, jusqu’au {self.jusqu_au:%d/%m/%Y}"
