"""What a partner asks to read of the others' figures: the request, its events, the answers, what was delivered."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from pupitre.acces.models import Organisation, Utilisateur
from pupitre.observatoire.demandes.etats import OUVERTES, EtatDemande
from pupitre.observatoire.models.sources import Source
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Conseil


class DemandeQuerySet(models.QuerySet):
    def avec_etat(self):
        dernier = EvenementDemande.objects.filter(demande=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            etat=Subquery(dernier.values("etat")[:1]), etat_le=Subquery(dernier.values("le")[:1])
        )

    def ouvertes(self):
        return self.avec_etat().filter(etat__in=OUVERTES)


class DemandeDonnees(Modele):
    """A partner asks for figures, and says what for, who will read them and until when."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="demandes")
    annee = models.PositiveSmallIntegerField("année")
    rang = models.PositiveSmallIntegerField("rang dans l’année")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="demandes", verbose_name="organisation"
    )
    demandeur = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="demandes",
        verbose_name="demandée par",
    )
    demandeur_nom = models.CharField("nom du demandeur", max_length=160)
    sources = models.ManyToManyField(Source, through="SourceDemandee", related_name="demandes")
    perimetre = models.CharField("territoire", max_length=120, default="conseil")
    debut = models.DateField("depuis le")
    fin = models.DateField("jusqu’à fin")
    usage = models.TextField("utilisation prévue")
    lecteurs = models.TextField("qui les lira")
    jusqu_au = models.DateField("utilisées jusqu’au")
    precisions = models.TextField("précisions de l’équipe", blank=True)

    objects = DemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de données"
        verbose_name_plural = "demandes de données"
        ordering = ("-annee", "-rang")
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "annee", "rang"),
                name="demande_numero_unique",
                violation_error_message="Une demande de ce conseil porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(fin__gte=models.F("debut")),
                name="demande_fin_apres_debut",
                violation_error_message="La période se termine avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.organisation}"

    @property
    def reference(self) -> str:
        return f"D-{self.annee}-{self.rang:03}"


class SourceDemandee(models.Model):
    """One source of a request. `refus`: why its convention kept it out, at once; empty when it may be asked for."""

    demande = models.ForeignKey(DemandeDonnees, on_delete=models.CASCADE, related_name="lignes")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    natures = models.JSONField(
        "natures demandées", default=list, blank=True, help_text="Vide\u202f: toutes celles de la source."
    )
    refus = models.TextField("motif du refus", blank=True)

    class Meta:
        verbose_name = "source demandée"
        verbose_name_plural = "sources demandées"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("demande", "source"),
                name="source_demandee_unique",
                violation_error_message="Cette source est déjà dans la demande.",
            )
        ]

    def __str__(self) -> str:
        return str(self.source)


class EvenementDemande(models.Model):
    """Append-only. `nom`: who did it, kept even when there was no account (a personal link)."""

    demande = models.ForeignKey(DemandeDonnees, on_delete=models.CASCADE, related_name="evenements")
    etat = models.CharField("état", max_length=12, choices=EtatDemande.choices)
    le = models.DateTimeField("le", default=horloge.maintenant)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    nom = models.CharField("nom de l’auteur", max_length=160, blank=True)
    raison = models.TextField("raison", blank=True)
    details = models.JSONField("détails", default=dict)

    class Meta:
        verbose_name = "évènement de demande"
        verbose_name_plural = "évènements de demande"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_etat_display()} le {self.le:%d/%m/%Y}"


class ReponseProprietaire(models.Model):
    """Append-only: what the owner of the data answered. The last one of an organisation is the one that holds."""

    class Sens(models.TextChoices):
        OUI = "oui", "oui"
        RESERVES = "reserves", "oui, avec des réserves"
        NON = "non", "non"

    demande = models.ForeignKey(DemandeDonnees, on_delete=models.CASCADE, related_name="reponses")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="propriétaire des données"
    )
    sens = models.CharField("réponse", max_length=10, choices=Sens.choices)
    texte = models.TextField("réserves ou raison", blank=True)
    le = models.DateTimeField("le", default=horloge.maintenant)
    nom = models.CharField("répondu par", max_length=160)
    par_lien = models.BooleanField("par lien personnel", default=False)

    class Meta:
        verbose_name = "réponse du propriétaire"
        verbose_name_plural = "réponses du propriétaire"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(sens="oui") | ~Q(texte=""),
                name="reponse_motivee",
                violation_error_message="Des réserves, ou un refus, s’écrivent.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}\u202f: {self.get_sens_display()}"


class RemiseDonnees(Modele):
    """The data and the analysis as frozen for the visa, then as delivered. Files are kept, and never change."""

    demande = models.ForeignKey(DemandeDonnees, on_delete=models.CASCADE, related_name="remises")
    version = models.PositiveSmallIntegerField("version", default=1)
    commentaire = models.TextField("commentaire de l’équipe", blank=True)
    analyse = models.JSONField("analyse figée")
    version_catalogue = models.PositiveIntegerField("version du catalogue")
    pieces = models.JSONField("fichiers", default=list)
    remise_le = models.DateTimeField("remise le", null=True, blank=True)
    expire_le = models.DateTimeField("lien ouvert jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "remise de données"
        verbose_name_plural = "remises de données"
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(
                fields=("demande", "version"),
                name="remise_version_unique",
                violation_error_message="Cette version existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.demande.reference}, version {self.version}"

    def piece(self, format: str) -> dict | None:
        return next((p for p in self.pieces if p["format"] == format), None)

    def chemin(self, format: str) -> Path:
        """Raises KeyError when this delivery holds no such file."""
        piece = self.piece(format)
        if piece is None:
            raise KeyError(format)
        return Path(settings.CONFIGURATION.donnees) / piece["chemin"]


class ReglageDemandes(models.Model):
    """How long each one has, in days, before being reminded."""

    conseil = models.OneToOneField(Conseil, on_delete=models.CASCADE, related_name="reglage_demandes")
    delai_equipe = models.PositiveSmallIntegerField("pour instruire", default=10)
    delai_proprietaire = models.PositiveSmallIntegerField("pour la réponse du propriétaire", default=10)
    delai_president = models.PositiveSmallIntegerField("pour le visa", default=5)
    rappel = models.PositiveSmallIntegerField("entre deux rappels", default=5)
    jours_lien = models.PositiveSmallIntegerField("pour télécharger par le lien", default=30)

    class Meta:
        verbose_name = "réglage des demandes"
        verbose_name_plural = "réglages des demandes"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    delai_equipe__gte=1,
                    delai_proprietaire__gte=1,
                    delai_president__gte=1,
                    rappel__gte=1,
                    jours_lien__gte=1,
                ),
                name="reglage_demandes_positif",
                violation_error_message="Un délai compte au moins un jour.",
            )
        ]

    def __str__(self) -> str:
        return f"Délais des demandes, {self.conseil}"


class ReglagePagePublique(models.Model):
    """Append-only: the public page opened or closed, by whom, when. The last row is the present one."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="reglages_publics")
    ouverte = models.BooleanField("page ouverte au public")
    indexable = models.BooleanField("page trouvée par les moteurs de recherche", default=False)
    le = models.DateTimeField("le", default=horloge.maintenant)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    nom = models.CharField("nom de l’auteur", max_length=160, blank=True)

    class Meta:
        verbose_name = "réglage de la page publique"
        verbose_name_plural = "réglages de la page publique"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{'ouverte' if self.ouverte else 'fermée'} le {self.le:%d/%m/%Y}"
