"""The catalogue of the observatory: sources, deliveries and their events, what is visible, bulletins."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery

from pupitre.acces.models import Organisation, Utilisateur
from pupitre.observatoire.etats import OUVERTES, VISIBLES, Etat
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele
from pupitre.socle.texte import de, mois_annee
from pupitre.territoires.models import Conseil


class Frequence(models.TextChoices):
    SEMAINE = "semaine", "chaque semaine"
    MOIS = "mois", "chaque mois"
    ANNEE = "annee", "chaque année"
    ANNEE_SCOLAIRE = "annee_scolaire", "chaque année scolaire"
    LIBRE = "libre", "sans rythme convenu"


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
    frequence = models.CharField("rythme", max_length=20, choices=Frequence.choices, default=Frequence.MOIS)
    producteur = models.CharField("producteur", max_length=160, blank=True)
    millesime = models.CharField("millésime", max_length=120, blank=True)
    ruptures = models.JSONField(
        "ruptures de série",
        default=list,
        blank=True,
        help_text="Liste de dates et de raisons\u202f: aucune évolution n’est calculée à travers elles.",
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


class Catalogue(models.Model):
    """What a council sees: one row, replaced in one transaction at each publication."""

    conseil = models.OneToOneField(Conseil, on_delete=models.CASCADE, related_name="catalogue")
    version = models.PositiveIntegerField("version", default=0)
    manifeste = models.TextField("manifeste", blank=True)
    profils = models.JSONField("ce que tient chaque source", default=dict)
    modifie_le = models.DateTimeField("modifié le", default=horloge.maintenant)

    class Meta:
        verbose_name = "catalogue"
        verbose_name_plural = "catalogues"

    def __str__(self) -> str:
        return f"{self.conseil}, version {self.version}"


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
