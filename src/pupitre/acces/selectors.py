"""Reads: which habilitations, councils and accounts a person may see."""

from __future__ import annotations

from django.db.models import Case, Count, F, Max, Prefetch, Q, Value, When

from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, LienActe, UsageLien, Utilisateur
from pupitre.socle import horloge
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.territoires.models import Adhesion, Conseil


def habilitations_de(utilisateur, jour=None) -> list[Habilitation]:
    """Active habilitations, read once per request and kept on the user object."""
    if jour is not None or not hasattr(utilisateur, "_habilitations"):
        lues = list(
            Habilitation.objects.actives(jour)
            .filter(utilisateur_id=utilisateur.pk)
            .select_related("conseil", "organisation", "departement", "commune")
        )
        if jour is not None:
            return lues
        utilisateur._habilitations = lues
    return utilisateur._habilitations


def conseils_visibles(utilisateur):
    """Councils of the person's habilitations; a prefecture sees those of its département."""
    habilitations = habilitations_de(utilisateur)
    ids = [h.conseil_id for h in habilitations if h.conseil_id]
    departements = [h.departement_id for h in habilitations if h.role == Role.PREFECTURE]
    condition = Q(pk__in=ids)
    if departements:
        membres = Adhesion.objects.as_of(horloge.aujourdhui())
        condition |= Q(pk__in=membres.filter(commune__departement_id__in=departements).values("conseil"))
    return Conseil.objects.filter(condition)


@lue_une_fois
def conseils_de(utilisateur) -> tuple[Conseil, ...]:
    """The same, read: what the frame of each page lists and what its address is looked up in."""
    siennes = habilitations_de(utilisateur)
    siens = {h.conseil for h in siennes if h.conseil is not None}
    # most have one council, which came with their habilitation
    if len(siens) <= 1 and not any(h.role == Role.PREFECTURE for h in siennes):
        return tuple(siens)
    return tuple(conseils_visibles(utilisateur))


def communes_representees(utilisateur, conseil: Conseil) -> frozenset[str]:
    """INSEE codes of the communes for which the person speaks in that council."""
    return frozenset(
        h.commune_id
        for h in habilitations_de(utilisateur)
        if h.conseil_id == conseil.pk and h.commune_id is not None
    )


def est_administrateur(utilisateur) -> bool:
    return any(h.role == Role.ADMINISTRATEUR for h in habilitations_de(utilisateur))


def comptes_visibles(utilisateur):
    if est_administrateur(utilisateur):
        return Utilisateur.objects.all()
    return Utilisateur.objects.filter(pk=utilisateur.pk)


def habilites_de(conseil: Conseil):
    """Who may enter that council today, by role then name."""
    return (
        Habilitation.objects.actives()
        .filter(conseil=conseil)
        .select_related("utilisateur", "organisation", "commune")
        .order_by("role", "utilisateur__nom", "utilisateur__prenom")
    )


def liens_de(conseil: Conseil, *, q: str = "", etat: str = ""):
    """Personal links of a council, the latest first, with `ouvertures`, `gestes`, `dernier` and `etat`.

    `etat`: "ouvert", "servi" (its gestures are made), "expire" or "retire".
    """
    usages = UsageLien.Genre
    servi = Q(gestes_max__gt=0, gestes__gte=F("gestes_max"))
    liens = LienActe.objects.filter(conseil=conseil).annotate(
        ouvertures=Count("usages", filter=Q(usages__genre=usages.OUVERT)),
        gestes=Count("usages", filter=Q(usages__genre=usages.FAIT)),
        dernier=Max("usages__le"),
    )
    liens = liens.annotate(
        etat=Case(
            When(revoque_le__isnull=False, then=Value("retire")),
            When(servi, then=Value("servi")),
            When(expire_le__lt=horloge.maintenant(), then=Value("expire")),
            default=Value("ouvert"),
        )
    )
    for mot in q.split():
        liens = liens.filter(Q(nom__icontains=mot) | Q(email__icontains=mot))
    return (liens.filter(etat=etat) if etat else liens).order_by("-pk")


def presentations(emails: list[str]) -> list[Utilisateur]:
    """Open accounts of these addresses, in the order in which they are given."""
    trouves = {u.email: u for u in Utilisateur.objects.filter(email__in=emails, is_active=True)}
    return [trouves[e] for e in emails if e in trouves]


_TRIS = {
    "nom": ("nom", "prenom"),
    "-nom": ("-nom", "-prenom"),
    "cree": ("cree_le",),
    "-cree": ("-cree_le",),
    "connexion": ("last_login", "nom"),
    "-connexion": ("-last_login", "nom"),
}


def chercher_comptes(utilisateur, *, q: str = "", etat: str = "", tri: str = "nom"):
    """Accounts that the person may see, each with its habilitations in force as `en_cours`."""
    trouves = comptes_visibles(utilisateur)
    for mot in q.split():
        trouves = trouves.filter(
            Q(nom__icontains=mot)
            | Q(prenom__icontains=mot)
            | Q(email__icontains=mot)
            | Q(fonction__icontains=mot)
        )
    en_cours = Habilitation.objects.as_of(horloge.aujourdhui())
    if etat == "ouverts":
        trouves = trouves.filter(is_active=True)
    elif etat == "fermes":
        trouves = trouves.filter(is_active=False)
    elif etat == "sans":
        trouves = trouves.exclude(pk__in=en_cours.values("utilisateur"))
    return trouves.order_by(*_TRIS.get(tri, _TRIS["nom"]), "pk").prefetch_related(
        Prefetch(
            "habilitations",
            queryset=en_cours.select_related("conseil", "organisation", "departement", "commune"),
            to_attr="en_cours",
        )
    )
