"""A séance: its preparation, who is called, what is said, what stays."""

from __future__ import annotations

import uuid

from django.db import models

from pupitre.acces.models import Organisation, Utilisateur
from pupitre.annuaire.models import Personne
from pupitre.conseils.etats import EtatCompteRendu, EtatSeance
from pupitre.conseils.models.formations import Formation, Membre
from pupitre.socle import horloge
from pupitre.socle.evenements import Evenement, Suivi
from pupitre.socle.modeles import Cherchable, Modele
from pupitre.socle.texte import JOURS, MOIS, cle_de_recherche


class Seance(Suivi, Cherchable, Modele):
    """`version` counts the changes of the agenda: who saves over a version that he has not seen is shown it."""

    formation = models.ForeignKey(Formation, on_delete=models.PROTECT, related_name="seances")
    objet = models.CharField("objet", max_length=200, blank=True)
    debut = models.DateTimeField("date et heure", null=True, blank=True)
    duree = models.PositiveSmallIntegerField("durée, en minutes", default=120)
    lieu = models.CharField("lieu", max_length=240, blank=True)
    version = models.PositiveIntegerField("version de l’ordre du jour", default=1)
    sequence = models.PositiveIntegerField(
        "changements de date ou de lieu",
        default=0,
        editable=False,
        help_text="Ce que les calendriers appellent SEQUENCE.",
    )
    fictive = models.BooleanField("données fictives", default=False)

    class Meta:
        verbose_name = "séance"
        verbose_name_plural = "séances"
        ordering = ("-debut",)

    def __str__(self) -> str:
        return f"{self.formation}, {self.debut:%d/%m/%Y}" if self.debut else f"{self.formation}, date à fixer"

    def texte_cherche(self) -> str:
        """The day in words and in figures: « mars 2026 » and « 12/03/2026 » both find it, « 2026-12 » does not."""
        if self.debut is None:
            return f"{self.objet} {self.lieu}"
        jour = horloge.jour_de(self.debut)
        quand = f"{JOURS[jour.weekday()]} {jour:%d %m %Y} {MOIS[jour.month - 1]} {jour.day}"
        return f"{self.objet} {self.lieu} {quand}"


class EvenementSeance(Evenement):
    SUIVI = "seance"

    seance = models.ForeignKey(Seance, on_delete=models.CASCADE, related_name="evenements")
    etat = models.CharField("état", max_length=12, choices=EtatSeance.choices)
    le = models.DateTimeField("le", default=horloge.maintenant)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    raison = models.TextField("raison", blank=True)

    class Meta:
        verbose_name = "évènement de séance"
        verbose_name_plural = "évènements de séance"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_etat_display()} le {self.le:%d/%m/%Y}"


class DateProposee(Modele):
    seance = models.ForeignKey(Seance, on_delete=models.CASCADE, related_name="dates_proposees")
    debut = models.DateTimeField("date et heure")

    class Meta:
        verbose_name = "date proposée"
        verbose_name_plural = "dates proposées"
        ordering = ("debut",)
        constraints = [
            models.UniqueConstraint(
                fields=("seance", "debut"),
                name="date_proposee_unique",
                violation_error_message="Cette date est déjà proposée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.debut:%d/%m/%Y %H:%M}"


class Disponibilite(Modele):
    class Reponse(models.TextChoices):
        OUI = "oui", "disponible"
        PEUT_ETRE = "peut_etre", "si besoin"
        NON = "non", "indisponible"

    date = models.ForeignKey(DateProposee, on_delete=models.CASCADE, related_name="disponibilites")
    personne = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="disponibilites")
    reponse = models.CharField("réponse", max_length=10, choices=Reponse.choices)

    class Meta:
        verbose_name = "disponibilité"
        verbose_name_plural = "disponibilités"
        constraints = [
            models.UniqueConstraint(
                fields=("date", "personne"),
                name="disponibilite_unique",
                violation_error_message="Cette personne a déjà répondu pour cette date.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.personne}, {self.date}\u202f: {self.get_reponse_display()}"


class PointOrdreDuJour(Cherchable, Modele):
    """An item. One proposed by a partner has `retenu` null until the team answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seance = models.ForeignKey(Seance, on_delete=models.CASCADE, related_name="points")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=200)
    theme = models.SlugField("thème", max_length=40, blank=True)
    presentation = models.TextField("présentation", blank=True)
    rapporteur = models.ForeignKey(
        Personne, on_delete=models.SET_NULL, null=True, blank=True, related_name="rapports"
    )
    duree = models.PositiveSmallIntegerField("durée, en minutes", default=10)
    propose_par = models.CharField("proposé par", max_length=160, blank=True)
    propose_email = models.EmailField("adresse de qui le propose", blank=True)
    retenu = models.BooleanField("retenu", null=True, blank=True, default=True)
    raison = models.CharField("raison du refus", max_length=240, blank=True)
    actions = models.TextField("actions en cours", blank=True)
    elements = models.TextField("éléments de langage", blank=True)
    chiffres = models.JSONField("chiffres figés", default=dict, blank=True)

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ("rang", "cree_le")

    def __str__(self) -> str:
        return self.titre

    def texte_cherche(self) -> str:
        return f"{self.titre} {self.presentation}"


class PieceSeance(Cherchable, Modele):
    """A document joined to a séance or to one of its items."""

    seance = models.ForeignKey(Seance, on_delete=models.CASCADE, related_name="pieces")
    point = models.ForeignKey(
        PointOrdreDuJour, on_delete=models.SET_NULL, null=True, blank=True, related_name="pieces"
    )
    nom = models.CharField("nom du fichier", max_length=255)
    chemin = models.CharField("emplacement", max_length=400)
    sha256 = models.CharField("empreinte", max_length=64)
    taille = models.PositiveBigIntegerField("taille en octets")

    class Meta:
        verbose_name = "pièce de séance"
        verbose_name_plural = "pièces de séance"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom

    def texte_cherche(self) -> str:
        return self.nom


class Preparatif(Modele):
    """One line of the checklist."""

    seance = models.ForeignKey(Seance, on_delete=models.CASCADE, related_name="preparatifs")
    libelle = models.CharField("à faire", max_length=200)
    echeance = models.DateField("avant le", null=True, blank=True)
    fait_le = models.DateTimeField("fait le", null=True, blank=True)
    fait_par = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "préparatif"
        verbose_name_plural = "préparatifs"
        ordering = ("echeance", "pk")

    def __str__(self) -> str:
        return self.libelle


class Convocation(Modele):
    """One person called to one séance. It keeps in what quality: the member of that day, or a guest."""

    class Reponse(models.TextChoices):
        ATTENDUE = "attendue", "réponse attendue"
        PRESENT = "present", "sera présent"
        SUPPLEE = "supplee", "sera suppléé"
        ABSENT = "absent", "sera excusé"

    seance = models.ForeignKey(Seance, on_delete=models.CASCADE, related_name="convocations")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="convocations")
    membre = models.ForeignKey(Membre, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    qualite = models.CharField("en qualité de", max_length=160, blank=True)
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True)
    par_courrier = models.BooleanField("par courrier postal", default=False)
    reponse = models.CharField("réponse", max_length=10, choices=Reponse.choices, default=Reponse.ATTENDUE)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    suppleant = models.CharField("suppléé par", max_length=160, blank=True)
    relances = models.PositiveSmallIntegerField("rappels", default=0)
    present = models.BooleanField("présent en séance", null=True, blank=True)

    class Meta:
        verbose_name = "convocation"
        verbose_name_plural = "convocations"
        ordering = ("personne__nom", "personne__prenom")
        constraints = [
            models.UniqueConstraint(
                fields=("seance", "personne"),
                name="convocation_unique",
                violation_error_message="Cette personne est déjà convoquée.",
            )
        ]
        indexes = [models.Index(fields=("repondu_le",), name="convocation_repondu")]

    def __str__(self) -> str:
        return f"{self.personne} · {self.seance}"


class NoteSeance(Modele):
    """What is typed during the séance. `id` is chosen by the page, so that a text sent twice is written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seance = models.ForeignKey(Seance, on_delete=models.CASCADE, related_name="notes")
    point = models.ForeignKey(
        PointOrdreDuJour, on_delete=models.CASCADE, null=True, blank=True, related_name="notes"
    )
    texte = models.TextField("texte", blank=True)
    version = models.PositiveIntegerField("version", default=1)
    modifiee_le = models.DateTimeField("modifiée le", default=horloge.maintenant)
    onglet = models.UUIDField("page qui l’a écrite", null=True, blank=True, editable=False)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "note de séance"
        verbose_name_plural = "notes de séance"
        ordering = ("cree_le",)

    def __str__(self) -> str:
        return self.texte[:60]


class CompteRendu(Suivi, Cherchable, Modele):
    """A version of the minutes. Once locked nothing changes it: a correction is the next version."""

    seance = models.ForeignKey(Seance, on_delete=models.PROTECT, related_name="comptes_rendus")
    version = models.PositiveSmallIntegerField("version", default=1)
    numero = models.CharField("numéro", max_length=20, blank=True)
    contenu = models.JSONField("contenu", default=dict)
    motif = models.CharField("motif de la nouvelle version", max_length=240, blank=True)
    remarques_jusqu_au = models.DateField("remarques jusqu’au", null=True, blank=True)
    chemin = models.CharField("document gardé", max_length=300, blank=True)
    sha256 = models.CharField("empreinte du document", max_length=64, blank=True)

    class Meta:
        verbose_name = "compte rendu"
        verbose_name_plural = "comptes rendus"
        ordering = ("-seance__debut", "-version")
        constraints = [
            models.UniqueConstraint(
                fields=("seance", "version"),
                name="compte_rendu_version_unique",
                violation_error_message="Cette version existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"Compte rendu {self.numero or 'sans numéro'}, version {self.version}"

    def texte_cherche(self) -> str:
        """Its number and its different words, without the presences: who was there is not what it is about."""
        points = self.contenu.get("points", ())
        textes = [t for p in points for t in (p["titre"], p["texte"], *(d["texte"] for d in p["decisions"]))]
        return f"{self.numero} {' '.join(sorted(set(cle_de_recherche(' '.join(textes)).split())))}"


class EvenementCompteRendu(Evenement):
    SUIVI = "compte_rendu"

    compte_rendu = models.ForeignKey(CompteRendu, on_delete=models.CASCADE, related_name="evenements")
    etat = models.CharField("état", max_length=12, choices=EtatCompteRendu.choices)
    le = models.DateTimeField("le", default=horloge.maintenant)
    auteur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    nom = models.CharField("par", max_length=160, blank=True)
    raison = models.TextField("raison", blank=True)

    class Meta:
        verbose_name = "évènement de compte rendu"
        verbose_name_plural = "évènements de compte rendu"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_etat_display()} le {self.le:%d/%m/%Y}"


class Remarque(Modele):
    """What a member asks to change in the minutes, and what was answered."""

    compte_rendu = models.ForeignKey(CompteRendu, on_delete=models.CASCADE, related_name="remarques")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="remarques")
    texte = models.TextField("remarque")
    retenue = models.BooleanField("retenue", null=True, blank=True)
    reponse = models.TextField("réponse", blank=True)

    class Meta:
        verbose_name = "remarque"
        verbose_name_plural = "remarques"
        ordering = ("cree_le",)

    def __str__(self) -> str:
        return self.texte[:60]
