"""Reads: the cards of a council as they are on a day, one source for lists, counts, searches and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from pupitre.acces.models import Habilitation, Organisation, Utilisateur
from pupitre.annuaire import recherche
from pupitre.annuaire.models import Etiquette, Fonction, ListeDePersonnes, Personne
from pupitre.socle import horloge
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.territoires.models import Conseil

ETATS = (("en_fonction", "en fonction"), ("sans_fonction", "sans fonction"), ("a_verifier", "à vérifier"))
# A card that nobody has looked at for a year is to be checked.
VERIFIER_APRES = 365
TRIS = {
    "nom": ("nom", "prenom"),
    "-nom": ("-nom", "-prenom"),
    "verifiee": ("verifiee_le", "nom"),
    "-verifiee": ("-verifiee_le", "nom"),
}


@lue_une_fois
def fiches_de(utilisateur, conseil: Conseil) -> tuple[int, ...]:
    """Keys of the cards that are that account's own; nearly always one, or none."""
    return tuple(conseil.personnes.filter(utilisateur=utilisateur).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Filtre:
    jour: date
    q: str = ""
    organisation: int | None = None
    nature: str = ""
    etiquette: int | None = None
    liste: int | None = None
    etat: str = ""
    tri: str = ""

    @property
    def affine(self) -> bool:
        return bool(self.organisation or self.nature or self.etiquette or self.liste or self.etat)

    @property
    def choisi(self) -> bool:
        return bool(self.q or self.affine)


def du_conseil(conseil: Conseil) -> QuerySet[Personne]:
    return Personne.objects.vivantes().filter(conseil=conseil)


def organisations(conseil: Conseil) -> QuerySet[Organisation]:
    return Organisation.objects.filter(conseils=conseil).order_by("nom")


def tenues_le(jour: date) -> Prefetch:
    """Each card with what it holds on that day as `tenues`."""
    fonctions = (
        Fonction.objects.as_of(jour)
        .select_related("organisation", "service", "suppleant_de")
        .order_by("debut", "pk")
    )
    return Prefetch("fonctions", queryset=fonctions, to_attr="tenues")


def chercher(conseil: Conseil, filtre: Filtre) -> list[int]:
    """Primary keys of the cards of that choice, in order. A search without a chosen order gives the best first."""
    trouvees = du_conseil(conseil)
    tenues = Fonction.objects.as_of(filtre.jour).filter(personne=OuterRef("pk"))
    if filtre.organisation:
        trouvees = trouvees.filter(Exists(tenues.filter(organisation=filtre.organisation)))
    if filtre.nature:
        trouvees = trouvees.filter(Exists(tenues.filter(organisation__nature=filtre.nature)))
    if filtre.etiquette:
        trouvees = trouvees.filter(etiquettes=filtre.etiquette)
    if filtre.liste:
        trouvees = trouvees.filter(listes=filtre.liste)
    if filtre.etat == "en_fonction":
        trouvees = trouvees.filter(Exists(tenues))
    elif filtre.etat == "sans_fonction":
        trouvees = trouvees.filter(~Exists(tenues))
    elif filtre.etat == "a_verifier":
        trouvees = trouvees.filter(_a_verifier(filtre.jour))
    ordre = TRIS.get(filtre.tri, TRIS["nom"])
    cles = list(trouvees.order_by(*ordre, "pk").values_list("pk", flat=True))
    if not filtre.q.strip():
        return cles
    scores = {t.personne: t.score for t in recherche.chercher(conseil, filtre.q, filtre.jour)}
    retenues = [pk for pk in cles if pk in scores]
    return retenues if filtre.tri else sorted(retenues, key=lambda pk: -scores[pk])


def _a_verifier(jour: date) -> Q:
    limite = date.fromordinal(jour.toordinal() - VERIFIER_APRES)
    return Q(verifiee_le__isnull=True) | Q(verifiee_le__lt=limite)


def habiller(cles: list[int], jour: date) -> list[Personne]:
    """These cards, in that order, each with `tenues` and its tags: three queries whatever the number."""
    lues = Personne.objects.filter(pk__in=cles).prefetch_related(tenues_le(jour), "etiquettes").in_bulk()
    return [lues[pk] for pk in cles if pk in lues]


def etiquettes(conseil: Conseil) -> QuerySet[Etiquette]:
    return Etiquette.objects.filter(conseil=conseil)


def listes(conseil: Conseil) -> QuerySet[ListeDePersonnes]:
    return ListeDePersonnes.objects.filter(conseil=conseil)


@dataclass(frozen=True, slots=True)
class Parcours:
    """What a person holds, held, and will hold, as seen from a day."""

    tenues: list[Fonction]
    passees: list[Fonction]
    a_venir: list[Fonction]


def parcours(personne: Personne, jour: date) -> Parcours:
    toutes = list(
        personne.fonctions.select_related("organisation", "service", "suppleant_de").order_by("-debut", "-pk")
    )
    return Parcours(
        [f for f in toutes if f.debut <= jour and (f.fin is None or f.fin >= jour)],
        [f for f in toutes if f.fin is not None and f.fin < jour],
        [f for f in toutes if f.debut > jour],
    )


def poste(fonction: Fonction) -> QuerySet[Fonction]:
    """Everyone who has held the same post, one after the other, and its vacancies."""
    return (
        Fonction.objects.filter(
            conseil_id=fonction.conseil_id,
            organisation_id=fonction.organisation_id,
            service_id=fonction.service_id,
            intitule__iexact=fonction.intitule,
        )
        .select_related("personne", "organisation", "service")
        .order_by("-debut", "-pk")
    )


def suppleants(fonction: Fonction, jour: date) -> QuerySet[Fonction]:
    return (
        Fonction.objects.as_of(jour).filter(suppleant_de=fonction).select_related("personne", "organisation")
    )


def comptes_proposes(personne: Personne) -> QuerySet[Utilisateur]:
    """Accounts that open something on this council and that no other card has: those that a card may be given."""
    du_lieu = Habilitation.objects.actives().filter(conseil=personne.conseil_id)
    pris = du_conseil(personne.conseil).exclude(pk=personne.pk).filter(utilisateur__isnull=False)
    return Utilisateur.objects.filter(
        Q(pk__in=du_lieu.values("utilisateur")) | Q(pk=personne.utilisateur_id)
    ).exclude(pk__in=pris.values("utilisateur"))


def fiche_de(utilisateur, conseil: Conseil) -> Personne | None:
    """The card of an account in that council, if it has been given one."""
    return du_conseil(conseil).filter(utilisateur_id=utilisateur.pk).first()


def titulaires(conseil: Conseil, qualite: str, jour: date | None = None) -> QuerySet[Fonction]:
    """Who held that quality (préfet, procureur…) on that day, in this council's directory. Vacancies included."""
    return (
        Fonction.objects.as_of(jour or horloge.aujourdhui())
        .filter(conseil=conseil, qualite=qualite, suppleant_de__isnull=True)
        .select_related("personne", "organisation")
        .order_by("debut", "pk")
    )


def organisations_comptees(conseil: Conseil, jour: date) -> list[Organisation]:
    """Each with `tenues` and `vacantes` of that day in this council."""
    du_jour = Fonction.objects.as_of(jour).filter(conseil=conseil)
    comptes = {
        organisation: (tenues, vacantes)
        for organisation, tenues, vacantes in du_jour.order_by()
        .values_list("organisation")
        .annotate(tenues=Count("personne"), vacantes=Count("pk", filter=Q(personne__isnull=True)))
    }
    lues = list(organisations(conseil))
    for organisation in lues:
        organisation.tenues, organisation.vacantes = comptes.get(organisation.pk, (0, 0))
    return lues


def fonctions_de(conseil: Conseil, organisation: Organisation, jour: date) -> QuerySet[Fonction]:
    return (
        Fonction.objects.as_of(jour)
        .filter(conseil=conseil, organisation=organisation)
        .select_related("personne", "service", "suppleant_de__personne")
        .order_by("service__nom", "intitule", "pk")
    )


def anciennes_de(conseil: Conseil, organisation: Organisation, jour: date) -> QuerySet[Fonction]:
    return (
        Fonction.objects.filter(
            conseil=conseil, organisation=organisation, fin__lt=jour, personne__isnull=False
        )
        .select_related("personne")
        .order_by("-fin", "-pk")
    )
