"""The council's directory: people, what they hold and since when, how to reach them.

A card belongs to one council, which answers for it. An organisation lives one floor below, in `acces`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from pupitre.acces.models import LienActe, Organisation, Utilisateur
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele, PeriodeQuerySet, fin_apres_debut
from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Commune, Conseil


class Etiquette(Modele):
    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="etiquettes")
    nom = models.CharField("nom", max_length=60)

    class Meta:
        verbose_name = "étiquette"
        verbose_name_plural = "étiquettes"
        ordering = ("nom",)
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "nom"),
                name="etiquette_unique",
                violation_error_message="Cette étiquette existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class PersonneQuerySet(models.QuerySet):
    def vivantes(self):
        """Cards that have not been merged into another one."""
        return self.filter(fusionnee_dans__isnull=True)


class Personne(Modele):
    """One card. What a merged card held is found again by undoing the merge: it is never erased."""

    class Civilite(models.TextChoices):
        MADAME = "mme", "Madame"
        MONSIEUR = "m", "Monsieur"
        SANS = "", "sans civilité"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="personnes")
    civilite = models.CharField("civilité", max_length=4, choices=Civilite.choices, blank=True)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80)
    cle = models.CharField("clé de recherche", max_length=200, db_index=True, editable=False)
    email = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone professionnel", max_length=40, blank=True)
    telephone_prive = models.CharField("téléphone privé", max_length=40, blank=True)
    adresse = models.TextField("adresse postale", blank=True)
    note = models.TextField("note de travail", blank=True)
    etiquettes = models.ManyToManyField(Etiquette, blank=True, related_name="personnes")
    utilisateur = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fiches",
        verbose_name="compte",
    )
    verifiee_le = models.DateField("vérifiée le", null=True, blank=True)
    fusionnee_dans = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="doublons",
        verbose_name="fusionnée dans",
    )
    fictive = models.BooleanField("données fictives", default=False)

    objects = PersonneQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ("nom", "prenom")

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    def save(self, *args, **kwargs):
        self.cle = cle_de_recherche(f"{self.nom} {self.prenom}")[:200]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "cle"}
        super().save(*args, **kwargs)


class Service(Modele):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="services")
    nom = models.CharField("nom", max_length=160)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    telephone = models.CharField("téléphone", max_length=40, blank=True)
    email = models.EmailField("adresse électronique", blank=True)

    class Meta:
        verbose_name = "service"
        verbose_name_plural = "services"
        ordering = ("nom",)
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "nom"),
                name="service_unique",
                violation_error_message="Ce service existe déjà dans cette organisation.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Fonction(Modele):
    """What a person holds from one day to another. A null `personne` is a vacancy, which is a fact too."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="fonctions")
    personne = models.ForeignKey(
        Personne, on_delete=models.CASCADE, null=True, blank=True, related_name="fonctions"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="fonctions")
    service = models.ForeignKey(
        Service, on_delete=models.SET_NULL, null=True, blank=True, related_name="fonctions"
    )
    intitule = models.CharField("intitulé", max_length=160)
    qualite = models.SlugField(
        "qualité",
        max_length=40,
        blank=True,
        help_text="Celle qu’un texte nomme\u202f: préfet, procureur, maire…",
    )
    suppleant_de = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="suppleances",
        verbose_name="suppléant de",
    )
    debut = models.DateField("depuis le", default=horloge.aujourdhui)
    fin = models.DateField("jusqu’au", null=True, blank=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "fonction"
        verbose_name_plural = "fonctions"
        ordering = ("-debut",)
        constraints = [fin_apres_debut("fonction_fin_apres_debut")]

    def __str__(self) -> str:
        return f"{self.intitule}, {self.organisation}"


class ListeDePersonnes(Modele):
    """A list kept by hand, for letters and invitations."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="listes_de_personnes")
    nom = models.CharField("nom", max_length=120)
    personnes = models.ManyToManyField(Personne, blank=True, related_name="listes")

    class Meta:
        verbose_name = "liste de personnes"
        verbose_name_plural = "listes de personnes"
        ordering = ("nom",)
        constraints = [
            models.UniqueConstraint(
                fields=("conseil", "nom"),
                name="liste_de_personnes_unique",
                violation_error_message="Une liste porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Fusion(Modele):
    """Two cards of the same person made one; `avant` is what is needed to undo it."""

    gardee = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="fusions")
    absorbee = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="absorptions")
    avant = models.JSONField("état avant la fusion")
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    defaite_le = models.DateTimeField("défaite le", null=True, blank=True)

    class Meta:
        verbose_name = "fusion de fiches"
        verbose_name_plural = "fusions de fiches"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(gardee=models.F("absorbee")),
                name="fusion_de_deux_fiches",
                violation_error_message="Une fiche ne se fusionne pas avec elle-même.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.absorbee} → {self.gardee}"


class Distinction(Modele):
    """Two cards that look alike and are two people: they are not proposed again."""

    premiere = models.ForeignKey(
        Personne, on_delete=models.CASCADE, related_name="+", verbose_name="première fiche"
    )
    seconde = models.ForeignKey(
        Personne, on_delete=models.CASCADE, related_name="+", verbose_name="seconde fiche"
    )

    class Meta:
        verbose_name = "distinction de fiches"
        verbose_name_plural = "distinctions de fiches"
        constraints = [
            models.UniqueConstraint(
                fields=("premiere", "seconde"),
                name="distinction_unique",
                violation_error_message="Ces deux fiches sont déjà distinguées.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.premiere} ≠ {self.seconde}"


class CarnetRecu(Modele):
    """A file of contacts between its arrival and the decision on each line. Its lines are erased once settled."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="carnets_recus")
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    nom = models.CharField("fichier", max_length=200)
    colonnes = models.JSONField("colonnes du fichier", default=list)
    roles = models.JSONField("ce que dit chaque colonne", default=list)
    lignes = models.JSONField("lignes", default=list, blank=True)
    decisions = models.JSONField("décisions", default=dict, blank=True)
    bilan = models.JSONField("bilan", default=dict, blank=True)
    regle_le = models.DateTimeField("réglé le", null=True, blank=True)

    class Meta:
        verbose_name = "carnet d’adresses reçu"
        verbose_name_plural = "carnets d’adresses reçus"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.nom


class CampagneDeFiches(Modele):
    """Everyone of a choice is asked, on the same day, to check their own card."""

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="campagnes_de_fiches")
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    echeance = models.DateField("réponse souhaitée avant le")

    class Meta:
        verbose_name = "campagne de vérification"
        verbose_name_plural = "campagnes de vérification"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Vérification des fiches du {self.cree_le:%d/%m/%Y}"


class DemandeDeFiche(Modele):
    """One person asked; what they corrected on the card, and what they say of their functions."""

    campagne = models.ForeignKey(CampagneDeFiches, on_delete=models.CASCADE, related_name="demandes")
    personne = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="verifications")
    email = models.EmailField("adresse électronique")
    lien = models.ForeignKey(
        LienActe, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="lien"
    )
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    changements = models.JSONField("corrections", default=list, blank=True)
    proposition = models.TextField("ce qui change dans ses fonctions", blank=True)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)

    class Meta:
        verbose_name = "demande de vérification"
        verbose_name_plural = "demandes de vérification"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("campagne", "personne"),
                name="demande_de_fiche_unique",
                violation_error_message="Cette personne est déjà sollicitée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.personne}"


class Reseau(Modele):
    """A network of coordinators or of neighbouring councils: who to call elsewhere."""

    class Genre(models.TextChoices):
        COORDONNATEURS = "coordonnateurs", "coordonnateurs et coordonnatrices"
        VOISINS = "voisins", "conseils voisins"
        METIER = "metier", "autre réseau professionnel"

    conseil = models.ForeignKey(Conseil, on_delete=models.CASCADE, related_name="reseaux")
    nom = models.CharField("nom", max_length=160)
    genre = models.CharField("genre", max_length=16, choices=Genre.choices)
    animateur = models.CharField("animé par", max_length=160, blank=True)
    site = models.URLField("site", blank=True)
    personnes = models.ManyToManyField(Personne, blank=True, related_name="reseaux")

    class Meta:
        verbose_name = "réseau"
        verbose_name_plural = "réseaux"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom
