"""What a partner has agreed to: which sources, for whom, for what use, with which reservations."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from pupitre.acces.models import Organisation, Utilisateur
from pupitre.observatoire.models.sources import Source
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele, PeriodeQuerySet, fin_apres_debut
from pupitre.territoires.models import Conseil


class Convention(Modele):
    """One convention with one organisation. A renewal is another one, that refers to the former."""

    class Pour(models.TextChoices):
        ELUS = "elus", "présidence, élus, maires et directions générales"
        PARTENAIRES = "partenaires", "partenaires du conseil, sur demande"
        ETAT = "etat", "préfecture et parquet"
        PUBLIC = "public", "public"

    class Usage(models.TextChoices):
        TABLEAU = "tableau", "tableau de bord"
        BULLETIN = "bulletin", "bulletins et faits marquants"
        ETUDE = "etude", "études et diagnostics"
        TRANSMISSION = "transmission", "transmission à un partenaire"
        PUBLICATION = "publication", "page publique"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="conventions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="conventions", verbose_name="partenaire"
    )
    sources = models.ManyToManyField(Source, related_name="conventions", verbose_name="sources couvertes")
    objet = models.CharField("objet", max_length=160)
    signataires = models.CharField(
        "signataires",
        max_length=300,
        blank=True,
        help_text="Qui signe pour chaque partie, et en quelle qualité.",
    )
    referent = models.CharField("référent chez le partenaire", max_length=160, blank=True)
    referent_email = models.EmailField("adresse du référent", blank=True)
    referent_telephone = models.CharField("téléphone du référent", max_length=40, blank=True)
    delai = models.PositiveSmallIntegerField(
        "jours laissés au partenaire",
        default=20,
        help_text="Après la fin de la période. La première relance part trois jours plus tard.",
    )
    rythme = models.PositiveSmallIntegerField("jours entre deux relances", default=7)
    relances_max = models.PositiveSmallIntegerField(
        "relances au référent", default=3, help_text="Ensuite, c’est la coordination qui est prévenue."
    )
    destinataires = models.JSONField("peuvent lire ces chiffres", default=list, blank=True)
    usages = models.JSONField("usages permis", default=list, blank=True)
    reserves = models.TextField(
        "réserves", blank=True, help_text="Écrites avec les chiffres partout où ils sont montrés."
    )
    debut = models.DateField("en vigueur depuis le", default=horloge.aujourdhui)
    fin = models.DateField("jusqu’au", null=True, blank=True)
    alerte = models.PositiveSmallIntegerField("alerte avant l’échéance, en jours", default=60)
    fichier = models.CharField("convention signée", max_length=300, blank=True)
    fichier_nom = models.CharField("nom du fichier signé", max_length=200, blank=True)
    sha256 = models.CharField("empreinte du fichier signé", max_length=64, blank=True)
    remplace = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suites",
        verbose_name="renouvelle",
    )
    saisie_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie par",
    )

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        verbose_name_plural = "conventions"
        ordering = ("organisation__nom", "-debut")
        constraints = [fin_apres_debut("convention_fin_apres_debut")]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.objet}"

    @property
    def etat(self) -> str:
        """ "a_venir", "en_vigueur", "bientot" (it ends within the alert) or "echue"."""
        jour = horloge.aujourdhui()
        if self.debut > jour:
            return "a_venir"
        if self.fin is None:
            return "en_vigueur"
        if self.fin < jour:
            return "echue"
        return "bientot" if self.fin - jour <= timedelta(days=self.alerte) else "en_vigueur"

    @property
    def libelles_destinataires(self) -> list[str]:
        return [str(self.Pour(p).label) for p in self.destinataires if p in self.Pour.values]

    @property
    def libelles_usages(self) -> list[str]:
        return [str(self.Usage(u).label) for u in self.usages if u in self.Usage.values]
