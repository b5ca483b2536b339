"""A file as received, the events of its life, what is wrong in it."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery

from pupitre.acces.models import Utilisateur
from pupitre.observatoire.etats import OUVERTES, VISIBLES, Etat
from pupitre.observatoire.models.sources import Source
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele


class LivraisonQuerySet(models.QuerySet):
    def avec_etat(self):
        dernier = EvenementLivraison.objects.filter(livraison=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            etat=Subquery(dernier.values("etat")[:1]), etat_le=Subquery(dernier.values("le")[:1])
        )

    def publiees(self):
        return self.avec_etat().filter(etat__in=VISIBLES)

    def ouvertes(self):
        return self.avec_etat().filter(etat__in=OUVERTES)


def chemin_recu(livraison: Livraison) -> Path:
    return Path(settings.MEDIA_ROOT) / livraison.chemin


class Livraison(Modele):
    """A partner's file as received. It is never edited: a correction is another delivery."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="livraisons")
    nom = models.CharField("nom du fichier", max_length=255)
    chemin = models.CharField("emplacement", max_length=400, unique=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, db_index=True)
    taille = models.PositiveBigIntegerField("taille en octets")
    recue_le = models.DateTimeField("reçue le", default=horloge.maintenant)
    deposee_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="depots",
        verbose_name="déposée par",
    )
    lecture = models.JSONField("ce qui a été compris", default=dict)
    avancement = models.JSONField("avancement de la lecture", default=dict, blank=True)
    remplacee_par = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="remplace",
        verbose_name="remplacée par",
    )

    objects = LivraisonQuerySet.as_manager()

    class Meta:
        verbose_name = "livraison"
        verbose_name_plural = "livraisons"
        ordering = ("-recue_le",)

    def __str__(self) -> str:
        return f"{self.nom} ({self.source})"

    @property
    def fichier(self) -> Path:
        return chemin_recu(self)

    @property
    def cle(self) -> str:
        """Identifier in the store: file names and the `livraison` column."""
        return self.id.hex


class EvenementLivraison(models.Model):
    """Append-only. `details` holds what a person needs to understand: refusal, figures, who replaced."""

    livraison = models.ForeignKey(Livraison, on_delete=models.CASCADE, related_name="evenements")
    etat = models.CharField("état", max_length=12, choices=Etat.choices)
    le = models.DateTimeField("le", default=horloge.maintenant)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    raison = models.TextField("raison", blank=True)
    details = models.JSONField("détails", default=dict)

    class Meta:
        verbose_name = "évènement de livraison"
        verbose_name_plural = "évènements de livraison"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_etat_display()} le {self.le:%d/%m/%Y}"


class AnomalieLivraison(models.Model):
    livraison = models.ForeignKey(Livraison, on_delete=models.CASCADE, related_name="anomalies")
    code = models.CharField("code", max_length=60)
    gravite = models.CharField("gravité", max_length=16)
    message = models.TextField("message")
    feuille = models.CharField("feuille", max_length=120, blank=True)
    ligne = models.PositiveIntegerField("ligne", null=True)
    colonne = models.CharField("colonne", max_length=120, blank=True)

    class Meta:
        verbose_name = "anomalie"
        verbose_name_plural = "anomalies"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.message
