"""The formations of a council, who sits in them and since when, the texts that rule them."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Organisation, Utilisateur
from pupitre.annuaire.models import Personne
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele, PeriodeQuerySet, fin_apres_debut
from pupitre.territoires.models import Commune, Conseil


class Formation(Modele):
    class Nature(models.TextChoices):
        PLENIERE = "pleniere", "formation plénière"
        RESTREINTE = "restreinte", "formation restreinte"
        TERRITORIALE = "territoriale", "groupe de travail territorial"
        THEMATIQUE = "thematique", "groupe de travail thématique"
        VEILLE = "veille", "cellule de veille"
        GPO = "gpo", "groupe de partenariat opérationnel"

    class Regime(models.TextChoices):
        SANS_NOMINATIF = "sans_nominatif", "aucune situation individuelle"
        SOUS_CHARTE = "sous_charte", "échanges confidentiels, sous charte signée"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="formations")
    nature = models.CharField("nature", max_length=16, choices=Nature.choices)
    nom = models.CharField("nom", max_length=160)
    slug = models.SlugField("adresse", max_length=80)
    theme = models.SlugField("thème", max_length=40, blank=True)
    objectifs = models.TextField("objectifs", blank=True)
    communes = models.ManyToManyField(Commune, blank=True, related_name="+", verbose_name="communes")
    secteurs = models.CharField("secteurs", max_length=240, blank=True)
    pilote = models.ForeignKey(
        Personne, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="pilote"
    )
    rythme_mois = models.PositiveSmallIntegerField(
        "rythme, en mois",
        null=True,
        blank=True,
        help_text="Douze\u202f: une fois par an. Vide\u202f: sans rythme convenu.",
    )
    regime = models.CharField(
        "régime de confidentialité", max_length=16, choices=Regime.choices, default=Regime.SANS_NOMINATIF
    )
    feuille_de_route = models.CharField("orientation de la feuille de route", max_length=240, blank=True)
    debut = models.DateField("depuis le", default=horloge.aujourdhui)
    fin = models.DateField("jusqu’au", null=True, blank=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "formation"
        verbose_name_plural = "formations"
        ordering = ("nom",)
        constraints = [
            fin_apres_debut("formation_fin_apres_debut"),
            models.UniqueConstraint(
                fields=("conseil", "slug"),
                name="formation_adresse_unique",
                violation_error_message="Une formation de ce conseil porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=~models.Q(nature__in=("pleniere", "restreinte"), regime="sous_charte"),
                name="formation_sans_nominatif",
                violation_error_message=(
                    "Aucune situation individuelle n’est évoquée en formation plénière ou restreinte."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Membre(Modele):
    """A seat from one day to another, and who holds it. `reference`: the text that gives the seat by law."""

    class Titre(models.TextChoices):
        DROIT = "droit", "membre de droit"
        DESIGNE = "designe", "désigné par la présidence"
        QUALIFIE = "qualifie", "personne qualifiée"
        INVITE = "invite", "invité permanent"

    formation = models.ForeignKey(Formation, on_delete=models.CASCADE, related_name="membres")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="sieges")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="sieges"
    )
    titre = models.CharField("titre", max_length=12, choices=Titre.choices)
    qualite = models.CharField("au titre de", max_length=160, blank=True)
    siege = models.CharField("siège que donne la loi", max_length=60, blank=True, editable=False)
    reference = models.CharField("texte", max_length=200, blank=True)
    suppleant = models.ForeignKey(
        Personne,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="suppleances",
        verbose_name="suppléant",
    )
    coordination = models.BooleanField("assure la coordination", default=False)
    accueilli_le = models.DateField("accueilli le", null=True, blank=True)
    debut = models.DateField("depuis le", default=horloge.aujourdhui)
    fin = models.DateField("jusqu’au", null=True, blank=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "membre"
        verbose_name_plural = "membres"
        ordering = ("personne__nom", "personne__prenom")
        constraints = [
            fin_apres_debut("membre_fin_apres_debut"),
            models.UniqueConstraint(
                fields=("formation", "personne", "debut"),
                name="membre_unique",
                violation_error_message="Cette personne siège déjà dans cette formation depuis ce jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.personne} · {self.formation}"


class ReglageConseil(Modele):
    """What the law leaves open, or what nobody could verify, and this council has settled."""

    conseil = models.OneToOneField(Conseil, on_delete=models.CASCADE, related_name="reglage")
    departement_de_droit = models.BooleanField(
        "la présidence du conseil départemental est membre de droit",
        default=False,
        help_text=(
            "Le décret de 2007 la comptait parmi les membres de droit\u202f; la loi du 21 mars 2024 ne la nomme "
            "plus. Cochez si un texte plus récent, ou votre préfecture, la rétablit."
        ),
    )
    departement_raison = models.CharField("texte ou avis suivi", max_length=240, blank=True)

    class Meta:
        verbose_name = "réglage du conseil"
        verbose_name_plural = "réglages du conseil"

    def __str__(self) -> str:
        return f"Réglage, {self.conseil}"


class TexteConseil(Modele):
    """A version of a text of the council: the former ones stay readable.

    `ecrit`: a document frozen when it was prepared (arrêté); the others are written in `corps` until adopted.
    """

    class Genre(models.TextChoices):
        ARRETE = "arrete", "arrêté de composition"
        REGLEMENT = "reglement", "règlement intérieur"
        CHARTE = "charte", "charte déontologique"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="textes")
    genre = models.CharField("genre", max_length=12, choices=Genre.choices)
    version = models.PositiveSmallIntegerField("version")
    corps = models.TextField("texte", blank=True)
    ecrit = models.JSONField("document figé", default=dict, blank=True)
    compose_au = models.DateField("composition à la date du", null=True, blank=True)
    fichier = models.CharField("fichier signé", max_length=300, blank=True)
    sha256 = models.CharField("empreinte du fichier", max_length=64, blank=True)
    adopte_le = models.DateField("adopté le", null=True, blank=True)
    expire_le = models.DateField("à revoir le", null=True, blank=True)
    formations = models.ManyToManyField(Formation, blank=True, related_name="textes")

    class Meta:
        verbose_name = "texte du conseil"
        verbose_name_plural = "textes du conseil"
        ordering = ("genre", "-version")
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "genre", "version"),
                name="texte_version_unique",
                violation_error_message="Cette version existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, version {self.version}"


class SignatureCharte(Modele):
    texte = models.ForeignKey(TexteConseil, on_delete=models.PROTECT, related_name="signatures")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="signatures")
    signee_le = models.DateTimeField("signée le", default=horloge.maintenant)
    par_lien = models.BooleanField("signée par lien personnel", default=False)
    saisie_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie par",
    )

    class Meta:
        verbose_name = "signature de la charte"
        verbose_name_plural = "signatures de la charte"
        constraints = [
            models.UniqueConstraint(
                fields=("texte", "personne"),
                name="signature_unique",
                violation_error_message="Cette personne a déjà signé cette version.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.personne}, {self.texte}"
