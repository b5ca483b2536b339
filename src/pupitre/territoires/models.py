"""Communes of the official code, councils as perimeters, secteurs and their outlines."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models

from pupitre.socle import horloge
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.socle.modeles import Modele, PeriodeQuerySet, fin_apres_debut


class Millesime(models.Model):
    """Which vintage of the official code is loaded, and from which bytes."""

    annee = models.PositiveSmallIntegerField("année", primary_key=True)
    empreinte = models.CharField("empreinte des fichiers", max_length=64)
    communes = models.PositiveIntegerField("nombre de communes")
    charge_le = models.DateTimeField("chargé le", default=horloge.maintenant)

    class Meta:
        verbose_name = "millésime du code officiel"
        verbose_name_plural = "millésimes du code officiel"
        ordering = ("-annee",)

    def __str__(self) -> str:
        return str(self.annee)


class Departement(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=80)
    region = models.CharField("région", max_length=80)

    class Meta:
        verbose_name = "département"
        verbose_name_plural = "départements"
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


class Epci(models.Model):
    code = models.CharField("SIREN", max_length=9, primary_key=True)
    nom = models.CharField("nom", max_length=160)
    nature = models.CharField("nature", max_length=10)
    population = models.PositiveIntegerField("population", default=0)

    class Meta:
        verbose_name = "EPCI"
        verbose_name_plural = "EPCI"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom


class CommuneQuerySet(models.QuerySet):
    def de_epci(self, code: str):
        """Members of an EPCI, or of an établissement public territorial of the Grand Paris."""
        return self.filter(models.Q(epci_id=code) | models.Q(ept=code))


class Commune(models.Model):
    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=80)
    cle = models.CharField("clé de recherche", max_length=80, db_index=True, editable=False)
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, related_name="communes", verbose_name="département"
    )
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, null=True, blank=True, related_name="communes", verbose_name="EPCI"
    )
    ept = models.CharField("établissement public territorial", max_length=9, blank=True)
    population = models.PositiveIntegerField("population", null=True)
    qpv = models.TextField("quartiers prioritaires (codes)", blank=True)
    codes_postaux = models.TextField("codes postaux", blank=True)
    millesime = models.PositiveSmallIntegerField("millésime du code officiel")

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        verbose_name_plural = "communes"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom

    @property
    def qpv_codes(self) -> list[str]:
        return self.qpv.split()


class NatureConseil(models.TextChoices):
    CLSPD = "clspd", "CLSPD"
    CISPD = "cispd", "CISPD"


class ConseilQuerySet(models.QuerySet):
    def du_departement(self, code: str):
        return self.filter(adhesions__commune__departement_id=code).distinct()


class Conseil(Modele):
    """A council seen as a perimeter: who sits in it lives on the floor of the councils."""

    nature = models.CharField("nature", max_length=10, choices=NatureConseil.choices)
    nom = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, null=True, blank=True, related_name="conseils", verbose_name="EPCI"
    )
    communes = models.ManyToManyField(Commune, through="Adhesion", related_name="conseils")
    fictif = models.BooleanField("données fictives", default=False)

    objects = ConseilQuerySet.as_manager()

    class Meta:
        verbose_name = "conseil"
        verbose_name_plural = "conseils"
        ordering = ("nom",)

    def __str__(self) -> str:
        return f"{self.get_nature_display()} «\u202f{self.nom}\u202f»"

    def communes_as_of(self, jour=None) -> list[Commune]:
        """Members on that day (today by default), by name."""
        return list(_communes(self, jour or horloge.aujourdhui()))


@lue_une_fois
def _communes(conseil: Conseil, jour: date) -> tuple[Commune, ...]:
    adhesions = conseil.adhesions.as_of(jour).select_related("commune")
    return tuple(a.commune for a in adhesions.order_by("commune__nom"))


class Adhesion(Modele):
    """A commune is a member of a council from one day to another."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="adhesions")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="adhesions")
    debut = models.DateField("depuis le")
    fin = models.DateField("jusqu’au", null=True, blank=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "adhésion"
        verbose_name_plural = "adhésions"
        constraints = [
            fin_apres_debut("adhesion_fin_apres_debut"),
            models.UniqueConstraint(
                fields=("conseil", "commune", "debut"),
                name="adhesion_unique",
                violation_error_message="Cette commune est déjà membre à cette date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} → {self.conseil}"


class Decoupage(Modele):
    """One dated division of the territory into secteurs: quartiers, IRIS or own cutting."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="decoupages")
    nom = models.CharField("nom", max_length=120)
    debut = models.DateField("depuis le")
    fin = models.DateField("jusqu’au", null=True, blank=True)
    origine = models.CharField("origine", max_length=200, help_text="Qui a tracé ces contours, et quand.")
    projection = models.CharField("projection du fichier", max_length=20)
    fichier = models.CharField("fichier reçu", max_length=200, blank=True)
    fichier_sha256 = models.CharField("empreinte du fichier", max_length=64)
    constats = models.JSONField("constats du contrôle", default=list, blank=True)
    fictif = models.BooleanField("données fictives", default=False)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "découpage"
        verbose_name_plural = "découpages"
        ordering = ("-debut",)
        constraints = [
            fin_apres_debut("decoupage_fin_apres_debut"),
            models.UniqueConstraint(
                fields=("conseil", "debut"),
                name="decoupage_un_par_jour",
                violation_error_message="Un découpage commence déjà ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Secteur(models.Model):
    decoupage = models.ForeignKey(Decoupage, on_delete=models.CASCADE, related_name="secteurs")
    code = models.CharField("code", max_length=40)
    nom = models.CharField("nom", max_length=120)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="secteurs"
    )
    population = models.PositiveIntegerField("population", null=True, blank=True)
    logements = models.PositiveIntegerField("logements", null=True, blank=True)
    contour = models.BinaryField("contour (WKB, WGS84)")

    class Meta:
        verbose_name = "secteur"
        verbose_name_plural = "secteurs"
        ordering = ("nom",)
        constraints = [
            models.UniqueConstraint(
                fields=("decoupage", "code"),
                name="secteur_code_unique",
                violation_error_message="Deux secteurs portent le même code.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class ContoursRecus(Modele):
    """A file of outlines kept as received, between the report of what was checked and the confirmation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="contours_recus")
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    fichier = models.CharField("fichier reçu", max_length=200)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    nom = models.CharField("nom du découpage", max_length=120)
    debut = models.DateField("en vigueur depuis le")
    origine = models.CharField("origine", max_length=200)
    champ_code = models.CharField("propriété du code", max_length=80, blank=True)
    champ_nom = models.CharField("propriété du nom", max_length=80, blank=True)

    class Meta:
        verbose_name = "contours reçus"
        verbose_name_plural = "contours reçus"
        ordering = ("-cree_le",)

    def __str__(self) -> str:
        return self.nom_fichier
