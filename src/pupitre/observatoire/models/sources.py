"""What one partner sends, and at what rhythm."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Organisation
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Conseil


class Frequence(models.TextChoices):
    SEMAINE = "semaine", "chaque semaine"
    MOIS = "mois", "chaque mois"
    TRIMESTRE = "trimestre", "chaque trimestre"
    ANNEE = "annee", "chaque année"
    ANNEE_SCOLAIRE = "annee_scolaire", "chaque année scolaire"
    LIBRE = "libre", "sans rythme convenu"


# Published by the State for anyone, under its open licence.
FORMATS_OUVERTS = frozenset({"ssmsi_communal", "ssmsi_departemental", "etat4001_services"})


class Source(Modele):
    """What one partner sends to one council, and how its files are read."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="sources")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sources")
    code = models.SlugField("code", max_length=60)
    nom = models.CharField("nom", max_length=120)
    format = models.CharField("format", max_length=40)
    description = models.JSONField("description des colonnes", default=dict, blank=True)
    territoires = models.JSONField(
        "territoires retenus", default=list, blank=True, help_text="Vide\u202f: tous ceux du fichier."
    )
    modele = models.SlugField(
        "source toute prête",
        max_length=60,
        blank=True,
        help_text="Celle dont elle vient, s’il y en a une.",
    )
    frequence = models.CharField("rythme", max_length=20, choices=Frequence.choices, default=Frequence.MOIS)
    producteur = models.CharField("producteur", max_length=160, blank=True)
    millesime = models.CharField("millésime", max_length=120, blank=True)
    ruptures = models.JSONField(
        "ruptures de série",
        default=list,
        blank=True,
        help_text="Liste de dates et de raisons\u202f: aucune évolution n’est calculée à travers elles.",
    )
    publique = models.BooleanField(
        "données ouvertes",
        default=False,
        help_text="Publiées par leur producteur sous une licence ouverte\u202f: aucune convention n’est nécessaire.",
    )
    fictive = models.BooleanField("données fictives", default=False)

    class Meta:
        verbose_name = "source"
        verbose_name_plural = "sources"
        ordering = ("nom",)
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "code"),
                name="source_code_unique",
                violation_error_message="Une source de ce conseil porte déjà ce code.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def ouverte(self) -> bool:
        """Anyone may read it at its producer's: nobody's agreement is asked."""
        return self.publique or self.format in FORMATS_OUVERTS
