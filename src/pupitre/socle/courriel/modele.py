"""One letter to one person, from the moment it is decided."""

from __future__ import annotations

from django.db import models

from pupitre.socle import horloge
from pupitre.socle.modeles import Modele


class Courriel(Modele):
    """`cle` names the reason of the letter: the same reason never writes twice to the same person.

    `perimetre` is the slug of the council on whose behalf it leaves, empty for the installation.
    """

    class Etat(models.TextChoices):
        A_ENVOYER = "a_envoyer", "à envoyer"
        EN_ENVOI = "en_envoi", "en cours d’envoi"
        ENVOYE = "envoye", "envoyé"
        REFUSE = "refuse", "refusé par le serveur du destinataire"
        REVENU = "revenu", "revenu sans être remis"
        INCERTAIN = "incertain", "envoi incertain"

    cle = models.CharField("motif unique", max_length=200, unique=True)
    perimetre = models.CharField("conseil", max_length=80, blank=True, db_index=True)
    categorie = models.SlugField("catégorie", max_length=40)
    destinataire = models.EmailField("adresse du destinataire")
    nom = models.CharField("nom du destinataire", max_length=160, blank=True)
    expediteur = models.CharField("nom de l’expéditeur", max_length=160, blank=True)
    repondre_a = models.EmailField("adresse de réponse", blank=True)
    objet = models.CharField("objet", max_length=200)
    texte = models.TextField("texte")
    html = models.TextField("texte mis en forme", blank=True)
    arret = models.CharField("adresse pour ne plus en recevoir", max_length=300, blank=True)
    pieces = models.JSONField("pièces jointes", default=list, blank=True)
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.A_ENVOYER)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    pas_avant = models.DateTimeField("pas avant", default=horloge.maintenant)
    envoi_le = models.DateTimeField("pris en charge le", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    erreur = models.TextField("ce que le serveur a répondu", blank=True)

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("etat", "pas_avant"), name="courriel_a_envoyer")]

    def __str__(self) -> str:
        return f"{self.objet} ({self.destinataire})"
