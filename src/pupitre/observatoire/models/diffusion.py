"""Who receives what the observatory sends, and who opened it."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import LienActe, Organisation, Utilisateur
from pupitre.observatoire.models.bulletins import Bulletin
from pupitre.socle.courriel.modele import Courriel
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Commune, Conseil


class ReglageDiffusion(Modele):
    """How the president's authority is exercised over what leaves."""

    conseil = models.OneToOneField(Conseil, on_delete=models.CASCADE, related_name="reglage_diffusion")
    visa_requis = models.BooleanField(
        "visa de la présidence avant toute diffusion",
        default=True,
        help_text="Sans visa, la présidence a donné délégation à la coordination.",
    )
    expediteur = models.CharField("nom de l’expéditeur", max_length=120, blank=True)
    repondre_a = models.EmailField("adresse de réponse", blank=True)
    points_attendus = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="+",
        verbose_name="partenaires qui donnent un point chaque semaine",
        help_text="Tant que l’un d’eux n’a rien dit de sa semaine, la page des faits marquants ne dit pas "
        "«\u202frien à signaler\u202f».",
    )
    regle_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réglé par",
    )

    class Meta:
        verbose_name = "réglage de la diffusion"
        verbose_name_plural = "réglages de la diffusion"

    def __str__(self) -> str:
        return f"{self.conseil}"


class Destinataire(Modele):
    """A person on a diffusion list. A mayor's or a DGS's has a commune: the whole, and the page of that commune."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="destinataires")
    nom = models.CharField("nom", max_length=160)
    fonction = models.CharField("fonction", max_length=160, blank=True)
    email = models.EmailField("adresse électronique")
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Pour un maire ou une direction générale\u202f: l’ensemble et la page de sa commune.",
    )
    periodicites = models.JSONField("ce qui lui est envoyé", default=list, blank=True)
    de_l_etat = models.BooleanField(
        "préfecture ou parquet",
        default=False,
        help_text="Ne reçoit une édition que si les conventions de toutes ses sources le permettent.",
    )
    viseur = models.BooleanField("donne le visa de la présidence", default=False)
    actif = models.BooleanField("reçoit encore", default=True)

    class Meta:
        verbose_name = "destinataire"
        verbose_name_plural = "destinataires"
        ordering = ("nom",)
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "email"),
                name="destinataire_unique",
                violation_error_message="Cette adresse est déjà dans la liste.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom}, {self.fonction}" if self.fonction else self.nom


class Envoi(Modele):
    """One edition sent to one person. Name and address are copied: the list changes, the past does not."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="envois")
    destinataire = models.ForeignKey(
        Destinataire, on_delete=models.SET_NULL, null=True, blank=True, related_name="envois"
    )
    nom = models.CharField("nom", max_length=160)
    fonction = models.CharField("fonction", max_length=160, blank=True)
    email = models.EmailField("adresse électronique")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    courriel = models.ForeignKey(
        Courriel, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="courriel"
    )
    lien = models.ForeignKey(
        LienActe,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="lien de lecture",
    )

    class Meta:
        verbose_name = "envoi"
        verbose_name_plural = "envois"
        ordering = ("nom",)
        constraints = [
            models.UniqueConstraint(
                fields=("bulletin", "email"),
                name="envoi_unique",
                violation_error_message="Cette édition lui a déjà été envoyée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} → {self.nom}"
