"""A question that an elected official asks the observatory."""

from __future__ import annotations

from django.db import models

from pupitre.acces.models import Utilisateur
from pupitre.observatoire.models.bulletins import Bulletin
from pupitre.socle.modeles import Modele
from pupitre.territoires.models import Commune, Conseil


class DemandeDiagnostic(Modele):
    """`bulletin`: the edition that answers, once it is written; `raison`: why it was declined."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="demandes_diagnostic")
    titre = models.CharField("le problème, en quelques mots", max_length=100)
    question = models.CharField("la question posée", max_length=400)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    demandeur = models.ForeignKey(
        Utilisateur, on_delete=models.PROTECT, related_name="diagnostics_demandes", verbose_name="demandé par"
    )
    pour_le = models.DateField("pour le", null=True, blank=True)
    bulletin = models.ForeignKey(
        Bulletin, on_delete=models.SET_NULL, null=True, blank=True, related_name="demandes_diagnostic"
    )
    raison = models.CharField("raison du refus", max_length=240, blank=True)

    class Meta:
        verbose_name = "demande de diagnostic"
        verbose_name_plural = "demandes de diagnostic"
        ordering = ("-cree_le",)

    def __str__(self) -> str:
        return self.titre
