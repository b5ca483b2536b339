"""How a source's files are read, version after version: which columns, which words, decided by whom."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Utilisateur
from pupitre.observatoire.models.livraisons import Livraison
from pupitre.observatoire.models.sources import Source
from pupitre.socle import horloge


class Gabarit(models.Model):
    """One version of the description of a source's files. `Source.description` is the last one."""

    class Motif(models.TextChoices):
        FOURNI = "fourni", "fourni avec la source"
        PROPOSE = "propose", "proposé à la lecture d’un fichier"
        COLONNES = "colonnes", "colonnes vérifiées"
        TITRES = "titres", "titres renommés par le partenaire"
        LIBELLES = "libelles", "libellés reconnus"
        REPRIS = "repris", "version précédente reprise"

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="gabarits", verbose_name="source"
    )
    version = models.PositiveIntegerField("version")
    format = models.CharField("format", max_length=40)
    description = models.JSONField("description des colonnes")
    entetes = models.JSONField("titres du fichier d’origine", default=list, blank=True)
    motif = models.CharField("motif", max_length=12, choices=Motif.choices)
    origine = models.ForeignKey(
        Livraison,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="gabarits",
        verbose_name="livraison d’origine",
    )
    cree_le = models.DateTimeField("créé le", default=horloge.maintenant)
    cree_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créé par",
    )
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    confirme_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="confirmé par",
    )

    class Meta:
        verbose_name = "gabarit"
        verbose_name_plural = "gabarits"
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(
                fields=("source", "version"),
                name="gabarit_version_unique",
                violation_error_message="Cette version du gabarit existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"gabarit {self.version} de {self.source}"


class Retrait(models.Model):
    """What a published delivery lost to another one: all of it, or the periods and places said again."""

    livraison = models.ForeignKey(
        Livraison, on_delete=models.CASCADE, related_name="retraits", verbose_name="livraison corrigée"
    )
    par = models.ForeignKey(
        Livraison, on_delete=models.PROTECT, related_name="corrections", verbose_name="corrigée par"
    )
    cases = models.JSONField("périodes et lieux retirés")
    # [granularity, first day, whether the figures changed]: null where the correction is older than this field
    periodes = models.JSONField("périodes redites, et si leurs chiffres ont changé", default=list)
    le = models.DateTimeField("le", default=horloge.maintenant)

    class Meta:
        verbose_name = "retrait"
        verbose_name_plural = "retraits"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("livraison", "par"),
                name="retrait_unique",
                violation_error_message="Cette correction est déjà enregistrée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.livraison} corrigée par {self.par}"
