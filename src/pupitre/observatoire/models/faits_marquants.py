"""Facts of note: what mayors are told each week, without any person."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Organisation, Utilisateur
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Commune, Conseil


class FaitMarquant(Modele):
    """A fact that is serious, or that repeats. A discarded proposal is kept with its reason."""

    class Genre(models.TextChoices):
        REPETITIF = "repetitif", "faits répétitifs"
        GRAVE = "grave", "acte particulièrement grave"
        ARME = "arme", "usage d’une arme"
        INCENDIE = "incendie", "incendie"
        AUTRE = "autre", "autre"

    class Origine(models.TextChoices):
        SAISI = "saisi", "saisi"
        IMPORTE = "importe", "importé"
        PROPOSE = "propose", "proposé par le calcul"

    class Suite(models.TextChoices):
        A_EXAMINER = "a_examiner", "à examiner"
        RETENU = "retenu", "retenu"
        ECARTE = "ecarte", "écarté"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="faits_marquants")
    jour = models.DateField("jour du fait", default=horloge.aujourdhui)
    fin = models.DateField("dernier jour, s’il se répète", null=True, blank=True)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+", verbose_name="commune")
    secteur = models.CharField("secteur", max_length=40, blank=True)
    genre = models.CharField("genre", max_length=12, choices=Genre.choices, default=Genre.GRAVE)
    texte = models.CharField("ce qui s’est passé", max_length=400)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="signalé par",
    )
    commentaire = models.CharField("commentaire", max_length=400, blank=True)
    origine = models.CharField("origine", max_length=10, choices=Origine.choices, default=Origine.SAISI)
    motif = models.CharField("pourquoi il est proposé", max_length=300, blank=True)
    suite = models.CharField("suite", max_length=12, choices=Suite.choices, default=Suite.RETENU)
    raison = models.CharField("raison de l’écart", max_length=240, blank=True)
    cle = models.CharField("clé de la proposition", max_length=80, blank=True)
    saisi_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisi par",
    )
    fictif = models.BooleanField("données fictives", default=False)

    class Meta:
        verbose_name = "fait marquant"
        verbose_name_plural = "faits marquants"
        ordering = ("-jour", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "cle"),
                condition=~models.Q(cle=""),
                name="fait_marquant_propose_une_fois",
                violation_error_message="Cette série a déjà été proposée.",
            ),
            models.CheckConstraint(
                condition=models.Q(fin__isnull=True) | models.Q(fin__gte=models.F("jour")),
                name="fait_marquant_fin_apres_debut",
                violation_error_message="Le dernier jour précède le premier.",
            ),
            models.CheckConstraint(
                condition=~models.Q(suite="ecarte") | ~models.Q(raison=""),
                name="fait_marquant_ecarte_avec_raison",
                violation_error_message="Dites pourquoi ce fait est écarté.",
            ),
        ]

    def __str__(self) -> str:
        return self.texte


class PointHebdomadaire(Modele):
    """A partner has told its week: without it, a week without facts says nothing."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="points_hebdomadaires")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="partenaire"
    )
    lundi = models.DateField("premier jour de la semaine")
    recu_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="noté par",
    )

    class Meta:
        verbose_name = "point hebdomadaire reçu"
        verbose_name_plural = "points hebdomadaires reçus"
        ordering = ("-lundi",)
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "organisation", "lundi"),
                name="point_hebdomadaire_unique",
                violation_error_message="Le point de cette semaine est déjà noté.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, semaine du {self.lundi:%d/%m/%Y}"


class Contribution(Modele):
    """What feeds the half-yearly study beside figures: an extract of minutes, an interview, a letter."""

    class Genre(models.TextChoices):
        COMPTE_RENDU = "compte_rendu", "extrait de compte rendu"
        ENTRETIEN = "entretien", "entretien avec un relais"
        COURRIER = "courrier", "courrier ou plainte reçu en mairie"

    class Relais(models.TextChoices):
        BAILLEUR = "bailleur", "bailleur"
        COMMERCANT = "commercant", "commerçant"
        ASSOCIATION = "association", "association"
        ECOLE = "ecole", "établissement scolaire"
        MEDIATION = "mediation", "médiation"
        HABITANT = "habitant", "habitants"
        AUTRE = "autre", "autre"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="contributions")
    genre = models.CharField("genre", max_length=14, choices=Genre.choices)
    relais = models.CharField("qui parle", max_length=12, choices=Relais.choices, blank=True)
    jour = models.DateField("date", default=horloge.aujourdhui)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    secteur = models.CharField("secteur", max_length=40, blank=True)
    texte = models.TextField("texte", max_length=1200)
    retenue = models.BooleanField("citée dans l’étude", default=True)
    saisie_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie par",
    )
    fictive = models.BooleanField("données fictives", default=False)

    class Meta:
        verbose_name = "contribution à l’étude"
        verbose_name_plural = "contributions à l’étude"
        ordering = ("-jour", "-pk")

    def __str__(self) -> str:
        return self.texte[:80]
