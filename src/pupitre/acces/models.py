"""Users, organisations as parties, and habilitations: who may, where, since when."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from pupitre.acces.droits import Role
from pupitre.socle import horloge
from pupitre.socle.modeles import Modele, PeriodeQuerySet, fin_apres_debut
from pupitre.territoires.models import Commune, Conseil, Departement


class UtilisateurManager(BaseUserManager):
    def creer(self, *, email: str, password: str | None = None, **champs) -> Utilisateur:
        utilisateur = self.model(email=self.normalize_email(email).lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.full_clean(exclude=("password",))
        utilisateur.save()
        return utilisateur

    def get_by_natural_key(self, email: str) -> Utilisateur:
        return self.get(email__iexact=email)


class Utilisateur(AbstractBaseUser):
    email = models.EmailField("adresse électronique", unique=True)
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    fonction = models.CharField("fonction", max_length=160, blank=True)
    is_active = models.BooleanField("compte ouvert", default=True)
    semaine_par_courriel = models.BooleanField(
        "recevoir ma semaine par courriel",
        default=True,
        help_text="Le lundi, quand quelque chose vous attend.",
    )
    cree_le = models.DateTimeField("créé le", default=horloge.maintenant, editable=False)

    objects = UtilisateurManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["prenom", "nom"]

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        ordering = ("nom", "prenom")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="utilisateur_email_unique",
                violation_error_message="Un compte existe déjà pour cette adresse.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"

    def get_short_name(self) -> str:
        return self.prenom


class Organisation(Modele):
    """A party around the table, to which a partner's rights and its sources are bound.

    Its people, services and functions live in the directory, one floor above.
    """

    class Nature(models.TextChoices):
        PREFECTURE = "prefecture", "préfecture"
        SOUS_PREFECTURE = "sous_prefecture", "sous-préfecture"
        POLICE = "police", "police nationale"
        GENDARMERIE = "gendarmerie", "gendarmerie"
        EDUCATION = "education", "éducation nationale"
        DOUANES = "douanes", "douanes"
        ETAT = "etat", "autre service de l’État"
        PARQUET = "parquet", "parquet"
        TRIBUNAL = "tribunal", "tribunal judiciaire"
        PJJ = "pjj", "protection judiciaire de la jeunesse"
        SPIP = "spip", "service pénitentiaire d’insertion et de probation"
        JUSTICE = "justice", "autre service de la justice"
        MAIRIE = "mairie", "mairie"
        POLICE_MUNICIPALE = "police_municipale", "police municipale"
        CCAS = "ccas", "centre communal d’action sociale"
        INTERCOMMUNALITE = "intercommunalite", "intercommunalité"
        DEPARTEMENT = "departement", "conseil départemental"
        REGION = "region", "conseil régional"
        SECOURS = "secours", "sapeurs-pompiers et secours"
        BAILLEUR = "bailleur", "bailleur"
        TRANSPORTEUR = "transporteur", "transporteur"
        CAF = "caf", "caisse d’allocations familiales"
        MISSION_LOCALE = "mission_locale", "mission locale"
        SANTE = "sante", "santé"
        PREVENTION = "prevention", "prévention spécialisée"
        MEDIATION = "mediation", "médiation sociale"
        VICTIMES = "victimes", "aide aux victimes et accès au droit"
        COMMERCANTS = "commercants", "commerçants et entreprises"
        ASSOCIATION = "association", "autre association"
        AUTRE = "autre", "autre"

    nom = models.CharField("nom", max_length=160)
    nature = models.CharField("nature", max_length=20, choices=Nature.choices)
    conseils = models.ManyToManyField(Conseil, related_name="organisations", verbose_name="conseils")
    fictive = models.BooleanField("données fictives", default=False)

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom


_N = Organisation.Nature
NATURES_GROUPEES: tuple[tuple[str, tuple[Organisation.Nature, ...]], ...] = (
    (
        "État",
        (_N.PREFECTURE, _N.SOUS_PREFECTURE, _N.POLICE, _N.GENDARMERIE, _N.EDUCATION, _N.DOUANES, _N.ETAT),
    ),
    ("Justice", (_N.PARQUET, _N.TRIBUNAL, _N.PJJ, _N.SPIP, _N.JUSTICE)),
    (
        "Collectivités",
        (
            _N.MAIRIE,
            _N.POLICE_MUNICIPALE,
            _N.CCAS,
            _N.INTERCOMMUNALITE,
            _N.DEPARTEMENT,
            _N.REGION,
            _N.SECOURS,
        ),
    ),
    (
        "Organismes et entreprises",
        (_N.BAILLEUR, _N.TRANSPORTEUR, _N.CAF, _N.MISSION_LOCALE, _N.SANTE, _N.COMMERCANTS),
    ),
    ("Associations", (_N.PREVENTION, _N.MEDIATION, _N.VICTIMES, _N.ASSOCIATION)),
    ("Autres", (_N.AUTRE,)),
)


class HabilitationQuerySet(PeriodeQuerySet):
    def actives(self, jour=None):
        return self.as_of(jour or horloge.aujourdhui()).filter(utilisateur__is_active=True)


COMMUNAUX = frozenset({Role.MAIRE_MEMBRE.value, Role.ELU_DELEGUE.value, Role.DGS.value})
_LIE = {
    Role.PARTENAIRE: Q(conseil__isnull=False, organisation__isnull=False, departement__isnull=True),
    Role.PREFECTURE: Q(conseil__isnull=True, organisation__isnull=True, departement__isnull=False),
    Role.ADMINISTRATEUR: Q(conseil__isnull=True, organisation__isnull=True, departement__isnull=True),
}
_PORTEE = Q()
for _role, _condition in _LIE.items():
    _PORTEE |= Q(role=_role) & _condition
_PORTEE |= ~Q(role__in=list(_LIE)) & Q(
    conseil__isnull=False, organisation__isnull=True, departement__isnull=True
)


class Habilitation(Modele):
    """user × council × role × dates. A partner is bound to an organisation, a prefecture to a département.

    A mayor, an elected official or a DGS may speak for one commune of the council.
    """

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="habilitations")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    conseil = models.ForeignKey(
        Conseil, on_delete=models.CASCADE, null=True, blank=True, related_name="habilitations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="habilitations"
    )
    departement = models.ForeignKey(
        Departement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="habilitations",
        verbose_name="département",
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="habilitations",
        verbose_name="commune",
    )
    debut = models.DateField("depuis le", default=horloge.aujourdhui)
    fin = models.DateField("jusqu’au", null=True, blank=True)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        verbose_name_plural = "habilitations"
        ordering = ("role", "debut")
        constraints = [
            fin_apres_debut("habilitation_fin_apres_debut"),
            models.CheckConstraint(
                condition=_PORTEE,
                name="habilitation_portee_du_role",
                violation_error_message=(
                    "Un partenaire est rattaché à un conseil et à une organisation, une préfecture à un "
                    "département, un administrateur à rien, les autres rôles à un conseil."
                ),
            ),
            models.CheckConstraint(
                condition=Q(commune__isnull=True) | Q(role__in=sorted(COMMUNAUX)),
                name="habilitation_commune_du_role",
                violation_error_message=(
                    "Seuls un maire membre, un élu délégué ou une direction générale parlent pour une commune."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.commune or self.conseil or self.departement or 'installation'}"


class LienActe(Modele):
    """A link by which somebody without an account does one thing, on one object, until one day.

    `acte` names the gesture, `objet` what it bears on. The address holds the primary key and `sel`, signed.
    """

    acte = models.SlugField("geste", max_length=40)
    objet = models.CharField("objet", max_length=64)
    conseil = models.ForeignKey(
        Conseil, on_delete=models.CASCADE, related_name="liens", verbose_name="conseil"
    )
    nom = models.CharField("destiné à", max_length=160)
    email = models.EmailField("adresse électronique", blank=True)
    sel = models.CharField("part secrète", max_length=32, editable=False)
    expire_le = models.DateTimeField("expire le")
    revoque_le = models.DateTimeField("retiré le", null=True, blank=True)
    gestes_max = models.PositiveSmallIntegerField("gestes permis", default=1)
    cree_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créé par",
    )

    class Meta:
        verbose_name = "lien personnel"
        verbose_name_plural = "liens personnels"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("acte", "objet"), name="lien_acte_objet")]

    def __str__(self) -> str:
        return f"{self.acte} · {self.nom}"


class UsageLien(models.Model):
    """Append-only: the link was opened, its gesture was made."""

    class Genre(models.TextChoices):
        OUVERT = "ouvert", "ouvert"
        FAIT = "fait", "geste accompli"

    lien = models.ForeignKey(LienActe, on_delete=models.CASCADE, related_name="usages", verbose_name="lien")
    genre = models.CharField("usage", max_length=8, choices=Genre.choices)
    le = models.DateTimeField("le", default=horloge.maintenant)
    detail = models.CharField("détail", max_length=200, blank=True)

    class Meta:
        verbose_name = "usage d’un lien"
        verbose_name_plural = "usages d’un lien"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_genre_display()} le {self.le:%d/%m/%Y}"


class Secret(models.Model):
    """A text drawn at random, shown once, of which only the digest is kept; its calls are counted by the hour."""

    empreinte = models.CharField("empreinte SHA-256", max_length=64, unique=True, editable=False)
    revoque_le = models.DateTimeField("retiré le", null=True, blank=True)
    dernier_usage = models.DateTimeField("dernier usage", null=True, blank=True)
    fenetre = models.DateTimeField("heure comptée", null=True, blank=True)
    appels = models.PositiveIntegerField("appels dans cette heure", default=0)

    class Meta:
        abstract = True


class JetonApi(Secret, Modele):
    """What a partner's software shows to deliver or to read, in place of a person."""

    conseil = models.ForeignKey(
        Conseil, on_delete=models.CASCADE, related_name="jetons_api", verbose_name="conseil"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="jetons_api", verbose_name="partenaire"
    )
    libelle = models.CharField("usage", max_length=120)
    prefixe = models.CharField("début du jeton", max_length=16, unique=True)
    depose = models.BooleanField("peut déposer des fichiers", default=True)
    lit = models.BooleanField("peut lire les chiffres", default=False)
    expire_le = models.DateField("expire le")
    cree_le = models.DateTimeField("créé le", default=horloge.maintenant)
    cree_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créé par",
    )

    class Meta:
        verbose_name = "jeton d’API"
        verbose_name_plural = "jetons d’API"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(depose=True) | Q(lit=True),
                name="jeton_api_sert_a_quelque_chose",
                violation_error_message="Dites ce que le jeton permet\u202f: déposer, lire, ou les deux.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.libelle} ({self.prefixe}…)"
