"""Editions whose facts are frozen: weekly, monthly, half-yearly, yearly, or on request."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from pupitre.acces.models import Utilisateur
from pupitre.observatoire.etats import EtatBulletin
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele
from pupitre.socle.texte import date_longue, de, mois_annee
from pupitre.territoires.models import Conseil


class BulletinQuerySet(models.QuerySet):
    def diffuses(self):
        """Those that left, withdrawn or not."""
        return self.filter(publie_le__isnull=False)

    def en_vigueur(self):
        return self.diffuses().filter(retire_le__isnull=True)


class Bulletin(Modele):
    """One edition of a document that the observatory sends.

    Its facts are frozen when it is written; a correction is a new edition. `textes` holds what people wrote over
    the proposed comments: they never change a figure. `publie_le`: the day it left, after which nothing changes.
    """

    class Periodicite(models.TextChoices):
        SEMAINE = "semaine", "hebdomadaire"
        MOIS = "mois", "mensuel"
        SEMESTRE = "semestre", "semestriel"
        ANNEE = "annee", "annuel"
        LIBRE = "libre", "à la demande"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="bulletins")
    periodicite = models.CharField("périodicité", max_length=8, choices=Periodicite.choices)
    debut = models.DateField("premier jour de la période")
    sujet = models.SlugField("sujet", max_length=60, blank=True, help_text="Pour un diagnostic à la demande.")
    edition = models.PositiveSmallIntegerField("édition", default=1)
    faits = models.JSONField("faits figés")
    textes = models.JSONField("textes relus", default=dict, blank=True)
    parametres = models.JSONField("ce qui a été demandé", default=dict, blank=True)
    changements = models.JSONField("ce qui a changé depuis l’édition précédente", default=list, blank=True)
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
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    ouvert_a_l_etat = models.BooleanField(
        "lisible par la préfecture et le parquet",
        default=False,
        help_text="Vrai quand les conventions de toutes les sources employées le permettent.",
    )
    pdf_sha256 = models.CharField("empreinte du document", max_length=64, blank=True)
    fichier_termine = models.CharField("document terminé déposé", max_length=300, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = "bulletin"
        verbose_name_plural = "bulletins"
        ordering = ("-debut", "-edition")
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "periodicite", "debut", "sujet", "edition"),
                name="bulletin_edition_unique",
                violation_error_message="Cette édition existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_periodicite_display()} {self.periode}, édition {self.edition}"

    @property
    def titre(self) -> str:
        """ "Bulletin d’octobre 2026", "Faits marquants de la semaine du 2 novembre 2026"…"""
        p = self.Periodicite
        if self.periodicite == p.MOIS:
            return f"Bulletin {de(mois_annee(self.debut))}"
        if self.periodicite == p.SEMAINE:
            return f"Faits marquants de la semaine du {date_longue(self.debut)}"
        if self.periodicite == p.SEMESTRE:
            return f"Étude du {'1er' if self.debut.month == 1 else '2e'} semestre {self.debut.year}"
        if self.periodicite == p.LIBRE:
            return f"Diagnostic\u202f: {self.parametres.get('titre', self.sujet)}"
        return f"Bulletin de l’année {self.debut.year}"

    @property
    def periode(self) -> str:
        p = self.Periodicite
        if self.periodicite == p.SEMAINE:
            return f"{self.debut:%G-W%V}"
        if self.periodicite == p.SEMESTRE:
            return f"{self.debut.year}-S{1 if self.debut.month == 1 else 2}"
        if self.periodicite == p.LIBRE:
            return f"{self.debut:%Y-%m}-{self.sujet}"
        return f"{self.debut:%Y-%m}" if self.periodicite == p.MOIS else f"{self.debut:%Y}"

    @property
    def fin(self):
        """Last day of a week; the other kinds say theirs in their facts."""
        return self.debut + timedelta(days=6)


class EvenementBulletin(models.Model):
    """Append-only: submitted, sent back with a remark, approved, sent."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="evenements")
    etat = models.CharField("état", max_length=12, choices=EtatBulletin.choices)
    le = models.DateTimeField("le", default=horloge.maintenant)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    nom = models.CharField("par", max_length=160, blank=True)
    raison = models.TextField("remarque", blank=True)

    class Meta:
        verbose_name = "évènement de bulletin"
        verbose_name_plural = "évènements de bulletin"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_etat_display()} le {self.le:%d/%m/%Y}"
