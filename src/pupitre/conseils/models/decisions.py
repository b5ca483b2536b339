"""What was decided, by whom it is to be done, and what came of it."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Organisation, Utilisateur
from pupitre.annuaire.models import Personne
from pupitre.conseils.etats import EtatDecision
from pupitre.conseils.models.formations import Formation
from pupitre.conseils.models.seances import PointOrdreDuJour, Seance
from pupitre.socle import horloge
from pupitre.socle.evenements import Evenement, Suivi
from pupitre.socle.modeles import Cherchable, Modele
from pupitre.territoires.models import Conseil


class Decision(Suivi, Cherchable, Modele):
    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="decisions")
    annee = models.PositiveSmallIntegerField("année")
    rang = models.PositiveIntegerField("rang dans l’année")
    prise_le = models.DateField("prise le", default=horloge.aujourdhui)
    texte = models.TextField("texte")
    formation = models.ForeignKey(Formation, on_delete=models.PROTECT, related_name="decisions")
    seance = models.ForeignKey(
        Seance, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    point = models.ForeignKey(
        PointOrdreDuJour, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    theme = models.SlugField("thème", max_length=40, blank=True)
    action = models.CharField("action liée", max_length=160, blank=True)
    responsable = models.ForeignKey(
        Personne, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    echeance = models.DateField("échéance", null=True, blank=True)
    premiere_echeance = models.DateField("échéance fixée en séance", null=True, blank=True, editable=False)
    rappelee = models.CharField("dernier rappel envoyé", max_length=12, blank=True, editable=False)
    saisie = models.UUIDField("saisie", null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "décisions"
        ordering = ("-annee", "-rang")
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "annee", "rang"),
                name="decision_numero_unique",
                violation_error_message="Ce numéro de décision existe déjà.",
            )
        ]
        indexes = [models.Index(fields=("conseil", "etat", "echeance"), name="decision_etat")]

    def __str__(self) -> str:
        return f"Décision {self.numero}"

    def texte_cherche(self) -> str:
        return f"{self.numero} {self.texte}"

    @property
    def numero(self) -> str:
        return f"{self.annee}-{self.rang:02}"


class EvenementDecision(Evenement):
    SUIVI = "decision"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="evenements")
    etat = models.CharField("état", max_length=12, choices=EtatDecision.choices)
    le = models.DateTimeField("le", default=horloge.maintenant)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    nom = models.CharField("par", max_length=160, blank=True)
    texte = models.TextField("ce qui est dit", blank=True)
    echeance = models.DateField("nouvelle échéance", null=True, blank=True)

    class Meta:
        verbose_name = "évènement de décision"
        verbose_name_plural = "évènements de décision"
        ordering = ("pk",)
        indexes = [models.Index(fields=("le",), name="evenement_decision_le")]

    def __str__(self) -> str:
        return f"{self.get_etat_display()} le {self.le:%d/%m/%Y}"
