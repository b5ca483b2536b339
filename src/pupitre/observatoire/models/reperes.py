"""How a council reads its figures: notes pinned to a day, followed indicators, saved views, comments."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Utilisateur
from pupitre.observatoire.models.sources import Source
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Conseil

SUIVIS_MAX = 8


class Repere(Modele):
    """A note pinned to a day. Never rewritten: a correction is a new one that takes the place of the old."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="reperes")
    jour = models.DateField("jour")
    texte = models.CharField("ce qui s’est passé", max_length=120)
    perimetre = models.CharField("territoire concerné", max_length=60, blank=True)
    thematique = models.CharField("thème concerné", max_length=40, blank=True)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    remplace = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suivant",
        verbose_name="remplace",
    )
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    retire_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="retiré par",
    )
    fictif = models.BooleanField("données fictives", default=False)

    class Meta:
        verbose_name = "repère"
        verbose_name_plural = "repères"
        ordering = ("-jour", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(texte=""),
                name="repere_avec_texte",
                violation_error_message="Dites en quelques mots ce qui s’est passé ce jour-là.",
            )
        ]

    def __str__(self) -> str:
        return self.texte


class IndicateurSuivi(models.Model):
    """One of the at most eight figures that a council keeps under its eyes."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="indicateurs_suivis")
    rang = models.PositiveSmallIntegerField("rang")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", verbose_name="source")
    indicateur = models.CharField("indicateur", max_length=80)
    perimetre = models.CharField("territoire", max_length=60, default="conseil")

    class Meta:
        verbose_name = "indicateur suivi"
        verbose_name_plural = "indicateurs suivis"
        ordering = ("rang",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rang__gte=1, rang__lte=SUIVIS_MAX),
                name="indicateur_suivi_huit_au_plus",
                violation_error_message="Huit indicateurs suivis au plus.",
            ),
            models.UniqueConstraint(
                fields=("conseil", "rang"),
                name="indicateur_suivi_rang_unique",
                violation_error_message="Deux indicateurs suivis ont le même rang.",
            ),
            models.UniqueConstraint(
                fields=("conseil", "source", "indicateur", "perimetre"),
                name="indicateur_suivi_une_fois",
                violation_error_message="Cet indicateur est déjà suivi pour ce territoire.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rang}. {self.indicateur}"


class Vue(Modele):
    """A named reading of the dashboard: its choices, of one person, or shared with the team."""

    class Ecran(models.TextChoices):
        TABLEAU = "tableau", "tableau de bord"
        SAISONS = "saisons", "saisons"
        COMPARER = "comparer", "comparaison"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="vues")
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="auteur"
    )
    nom = models.CharField("nom", max_length=80)
    ecran = models.CharField("écran", max_length=10, choices=Ecran.choices, default=Ecran.TABLEAU)
    choix = models.JSONField("choix", default=dict, blank=True)
    partagee = models.BooleanField("partagée avec l’équipe", default=False)

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ("nom", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "auteur", "nom"),
                name="vue_nom_unique",
                violation_error_message="Vous avez déjà une vue de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class CommentaireChiffre(models.Model):
    """What the team wrote under a figure, beside the computed sentence. Append-only: the last one is shown.

    `calcule` is the computed sentence of that moment: where it has changed since, the comment speaks of other
    figures. An empty text gives the figure back to the computed sentence.
    """

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="commentaires_chiffres")
    cle = models.CharField("chiffre", max_length=240)
    texte = models.CharField("commentaire", max_length=600, blank=True)
    calcule = models.TextField("phrase calculée")
    montre = models.BooleanField("montré à tous les lecteurs", default=False)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    le = models.DateTimeField("le", default=horloge.maintenant)

    class Meta:
        verbose_name = "commentaire d’un chiffre"
        verbose_name_plural = "commentaires de chiffres"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("conseil", "cle"), name="commentaire_chiffre_cle")]

    def __str__(self) -> str:
        return self.texte[:80] or "phrase calculée"


class BaseDeComparaison(Modele):
    """A base published by the State, kept whole to compare the council's communes with others.

    Open data, one for the installation whatever the number of councils that received the same file.
    """

    format = models.CharField("format", max_length=40)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    nom = models.CharField("nom du fichier", max_length=255)
    millesime = models.CharField("millésime", max_length=120, blank=True)
    producteur = models.CharField("producteur", max_length=160, blank=True)
    annees = models.JSONField("années", default=list)
    natures = models.JSONField("natures", default=list)
    lieux = models.PositiveIntegerField("nombre de lieux")
    manifeste = models.TextField("manifeste")

    class Meta:
        verbose_name = "base de comparaison"
        verbose_name_plural = "bases de comparaison"
        ordering = ("-cree_le", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("format", "sha256"),
                name="base_de_comparaison_une_fois",
                violation_error_message="Cette base est déjà gardée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.millesime})" if self.millesime else self.nom
