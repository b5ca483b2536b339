"""Extracts of the BAN that addresses are sought in, doubtful addresses, and what was decided of them."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from pupitre.acces.models import Utilisateur
from pupitre.moteur.observations import PrecisionLieu
from pupitre.observatoire.models.livraisons import Livraison
from pupitre.observatoire.models.sources import Source
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Commune, Conseil


class ExtraitBan(Modele):
    """The addresses, or the named places, of one commune as one file gave them. The latest one is used."""

    class Nature(models.TextChoices):
        ADRESSES = "adresses", "adresses (BAN)"
        LIEUX = "lieux", "lieux nommés"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="extraits_ban")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField("nature", max_length=10, choices=Nature.choices, default=Nature.ADRESSES)
    nom_fichier = models.CharField("nom du fichier", max_length=255)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    a_jour_au = models.DateField("à jour au")
    lignes = models.PositiveIntegerField("nombre de lignes")
    noms = models.PositiveIntegerField("nombre de voies ou de lieux")
    chemin = models.CharField("emplacement", max_length=400)
    importe_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="importé par",
    )

    class Meta:
        verbose_name = "extrait de la BAN"
        verbose_name_plural = "extraits de la BAN"
        ordering = ("-cree_le", "-a_jour_au")

    def __str__(self) -> str:
        return f"{self.commune}, {self.get_nature_display()}"

    @property
    def fichier(self) -> Path:
        return settings.CONFIGURATION.donnees / self.chemin


class AdresseDouteuse(Modele):
    """An address that could not be placed without a guess, kept only until somebody says where it is."""

    livraison = models.ForeignKey(Livraison, on_delete=models.CASCADE, related_name="adresses_douteuses")
    empreinte = models.CharField("empreinte du texte", max_length=64)
    texte = models.CharField("texte du partenaire", max_length=300)
    commune = models.CharField("commune dite par le fichier", max_length=5, blank=True)
    lignes = models.PositiveIntegerField("nombre de faits")
    candidats = models.JSONField("lieux possibles", default=list)
    raison = models.CharField("raison du doute", max_length=120)

    class Meta:
        verbose_name = "adresse douteuse"
        verbose_name_plural = "adresses douteuses"
        ordering = ("-lignes", "texte")
        constraints = [
            models.UniqueConstraint(
                fields=("livraison", "empreinte"),
                name="adresse_douteuse_unique",
                violation_error_message="Cette adresse est déjà dans la liste de cette livraison.",
            )
        ]

    def __str__(self) -> str:
        return self.texte


class AdresseReglee(Modele):
    """What was decided of a doubtful address of a source. The text itself is not kept: a keyed hash is."""

    class Decision(models.TextChoices):
        LIEU = "lieu", "placée"
        SECTEUR = "secteur", "secteur seulement"
        DEHORS = "dehors", "hors du conseil"
        SANS_LIEU = "sans_lieu", "laissée sans lieu"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="adresses_reglees")
    empreinte = models.CharField("empreinte du texte", max_length=64)
    decision = models.CharField("décision", max_length=10, choices=Decision.choices)
    lon = models.FloatField("longitude", null=True, blank=True)
    lat = models.FloatField("latitude", null=True, blank=True)
    precision = models.CharField(
        "précision",
        max_length=10,
        blank=True,
        choices=[(p.value, p.value) for p in (PrecisionLieu.NUMERO, PrecisionLieu.LIEU, PrecisionLieu.VOIE)],
    )
    commune = models.CharField("commune", max_length=5, blank=True)
    secteur = models.CharField("code du secteur", max_length=40, blank=True)
    geoplateforme = models.BooleanField("proposée par la Géoplateforme", default=False)
    regle_le = models.DateTimeField("réglée le", default=horloge.maintenant)
    regle_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réglée par",
    )
    livraison = models.ForeignKey(
        Livraison,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="adresses_reglees",
        verbose_name="livraison où elle a été réglée",
    )

    class Meta:
        verbose_name = "adresse réglée"
        verbose_name_plural = "adresses réglées"
        ordering = ("-regle_le",)
        constraints = [
            models.UniqueConstraint(
                fields=("source", "empreinte"),
                name="adresse_reglee_unique",
                violation_error_message="Cette adresse est déjà réglée pour cette source.",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision="lieu") | models.Q(lon__isnull=False, lat__isnull=False),
                name="adresse_placee_a_un_point",
                violation_error_message="Une adresse placée a besoin d’un point.",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision="secteur") | ~models.Q(secteur=""),
                name="adresse_au_secteur_a_un_secteur",
                violation_error_message="Choisissez le secteur de cette adresse.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()
