"""Editions whose facts are frozen."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Utilisateur
from pupitre.socle.modeles import Modele
from pupitre.socle.texte import de, mois_annee
from pupitre.territoires.models import Conseil


class Bulletin(Modele):
    """One edition of a bulletin. Its facts are frozen when it is written; a correction is a new edition."""

    class Periodicite(models.TextChoices):
        MOIS = "mois", "mensuel"
        ANNEE = "annee", "annuel"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="bulletins")
    periodicite = models.CharField("périodicité", max_length=8, choices=Periodicite.choices)
    debut = models.DateField("premier jour de la période")
    edition = models.PositiveSmallIntegerField("édition", default=1)
    faits = models.JSONField("faits figés")
    version_catalogue = models.PositiveIntegerField("version du catalogue")
    ecrit_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="écrit par",
    )
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    publie_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="publié par",
    )
    pdf_sha256 = models.CharField("empreinte du document", max_length=64, blank=True)

    class Meta:
        verbose_name = "bulletin"
        verbose_name_plural = "bulletins"
        ordering = ("-debut", "-edition")
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "periodicite", "debut", "edition"),
                name="bulletin_edition_unique",
                violation_error_message="Cette édition existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_periodicite_display()} {self.periode}, édition {self.edition}"

    @property
    def titre(self) -> str:
        """ "Bulletin d’octobre 2026", "Bulletin de l’année 2025"."""
        if self.periodicite == self.Periodicite.MOIS:
            return f"Bulletin {de(mois_annee(self.debut))}"
        return f"Bulletin de l’année {self.debut.year}"

    @property
    def periode(self) -> str:
        return f"{self.debut:%Y-%m}" if self.periodicite == self.Periodicite.MOIS else f"{self.debut:%Y}"
