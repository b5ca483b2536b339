"""What a council's own rules say of its séances, and its own paper."""

from __future__ import annotations

from django.db import models

from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Conseil

DELAI_PLENIERE, DELAI_AUTRES, RAPPEL = 15, 8, 5


class ReglageSeances(models.Model):
    """The days come from the règlement intérieur; the defaults hold until it is read."""

    conseil = models.OneToOneField(Conseil, on_delete=models.CASCADE, related_name="reglage_seances")
    delai_pleniere = models.PositiveSmallIntegerField(
        "convocation de la plénière, en jours avant", default=DELAI_PLENIERE
    )
    delai_autres = models.PositiveSmallIntegerField(
        "convocation des autres formations, en jours avant", default=DELAI_AUTRES
    )
    rappel = models.PositiveSmallIntegerField("rappel des réponses, en jours avant", default=RAPPEL)
    signataire = models.CharField("signataire des convocations", max_length=160, blank=True)
    qualite = models.CharField("qualité du signataire", max_length=160, blank=True)
    repondre_a = models.EmailField("adresse de réponse", blank=True)

    class Meta:
        verbose_name = "réglage des séances"
        verbose_name_plural = "réglages des séances"

    def __str__(self) -> str:
        return f"Réglage des séances, {self.conseil}"


class ModeleDeDocument(Modele):
    """The council's own DOCX with fields; the last one of a kind serves."""

    class Genre(models.TextChoices):
        CONVOCATION = "convocation", "convocation"
        ORDRE_DU_JOUR = "ordre_du_jour", "ordre du jour"
        COMPTE_RENDU = "compte_rendu", "compte rendu"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="modeles_de_document")
    genre = models.CharField("document", max_length=16, choices=Genre.choices)
    nom = models.CharField("nom du fichier", max_length=200)
    chemin = models.CharField("emplacement", max_length=400)
    sha256 = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "trame de document"
        verbose_name_plural = "trames de document"
        ordering = ("genre", "-pk")

    def __str__(self) -> str:
        return self.nom
