"""What residents complain of, as the mayors' offices receive it: ticked rather than told."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Utilisateur
from pupitre.moteur import nomenclatures
from pupitre.observatoire.models.livraisons import Livraison
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Commune, Conseil

FAMILLE = "inc:doleance_"


def natures_de_doleance() -> list[tuple[str, str]]:
    """(code, name as a mayor's office says it), in the order of the nomenclature."""
    natures = nomenclatures.natures(FAMILLE)
    return [(n.code, _court(n.libelle)) for n in natures]


def _court(libelle: str) -> str:
    """ "Doléances sur le bruit" → "Le bruit"."""
    reste = libelle.removeprefix("Doléances sur ")
    return reste[:1].upper() + reste[1:]


class Doleance(Modele):
    """One complaint. It designates nobody: neither who complains nor who is complained of."""

    class Canal(models.TextChoices):
        COURRIER = "courrier", "courrier"
        COURRIEL = "courriel", "courriel"
        TELEPHONE = "telephone", "téléphone"
        ACCUEIL = "accueil", "accueil ou permanence"
        REUNION = "reunion", "réunion publique"
        APPLICATION = "application", "application ou site de la ville"

    class Moment(models.TextChoices):
        JOURNEE = "journee", "en journée"
        SOIREE = "soiree", "le soir"
        NUIT = "nuit", "la nuit"
        FIN_DE_SEMAINE = "fin_de_semaine", "en fin de semaine"
        TOUT = "tout", "à toute heure"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="doleances")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="doleances")
    secteur = models.CharField("secteur", max_length=60, blank=True)
    recue_le = models.DateField("reçue le", default=horloge.aujourdhui)
    canal = models.CharField("reçue par", max_length=12, choices=Canal.choices, default=Canal.COURRIEL)
    nature = models.CharField("sur quoi", max_length=60, choices=natures_de_doleance)
    moment = models.CharField("à quel moment", max_length=16, choices=Moment.choices, blank=True)
    repetee = models.BooleanField("déjà signalée auparavant", default=False)
    texte = models.CharField(
        "précision",
        max_length=200,
        blank=True,
        help_text="Facultatif\u202f: le fait et le lieu, sans nom, sans adresse de personne, sans téléphone.",
    )
    saisie_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie par",
    )

    class Meta:
        verbose_name = "doléance"
        verbose_name_plural = "doléances"
        ordering = ("-recue_le", "-pk")
        indexes = [models.Index(fields=("conseil", "commune", "recue_le"), name="doleance_commune_jour")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.commune}, le {self.recue_le:%d/%m/%Y}"


class SuiteDoleance(models.Model):
    """Append-only: what was done of it. The last one is where it stands."""

    class Suite(models.TextChoices):
        TRANSMISE = "transmise", "transmise"
        TRAITEE = "traitee", "traitée"
        REPONDUE = "repondue", "réponse envoyée"
        SANS_SUITE = "sans_suite", "sans suite possible"

    class Service(models.TextChoices):
        POLICE_MUNICIPALE = "police_municipale", "police municipale"
        FORCES = "forces", "police nationale ou gendarmerie"
        BAILLEUR = "bailleur", "bailleur"
        TRANSPORTEUR = "transporteur", "transporteur"
        TECHNIQUES = "techniques", "services techniques"
        MEDIATION = "mediation", "médiation, prévention"
        ELU = "elu", "élu ou élue"

    doleance = models.ForeignKey(
        Doleance, on_delete=models.CASCADE, related_name="suites", verbose_name="doléance"
    )
    suite = models.CharField("suite", max_length=12, choices=Suite.choices)
    service = models.CharField("à qui", max_length=20, choices=Service.choices, blank=True)
    le = models.DateTimeField("le", default=horloge.maintenant)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="auteur"
    )

    class Meta:
        verbose_name = "suite d’une doléance"
        verbose_name_plural = "suites d’une doléance"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(suite="transmise") | ~models.Q(service=""),
                name="suite_transmise_a_quelqu_un",
                violation_error_message="Dites à qui la doléance est transmise.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_suite_display()} {self.get_service_display()}".strip()


class MoisDoleances(Modele):
    """A month that a mayor's office has closed: all that was received is entered. A zero is then a zero."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="mois_doleances")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    mois = models.DateField("mois")
    clos_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="clos par",
    )
    livraison = models.ForeignKey(
        Livraison,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mois_doleances",
        verbose_name="versé dans",
    )

    class Meta:
        verbose_name = "mois de doléances clos"
        verbose_name_plural = "mois de doléances clos"
        ordering = ("-mois", "commune__nom")
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "commune", "mois"),
                name="mois_doleances_unique",
                violation_error_message="Ce mois est déjà clos pour cette commune.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.commune}, {self.mois:%m/%Y}"
