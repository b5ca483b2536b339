"""Which séances a person sees, and what their pages read. One source for lists, counts, search and exports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q

from pupitre.annuaire.models import Fonction, Personne
from pupitre.annuaire.selectors import fiches_de
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Convocation, EvenementSeance, Formation, Membre, Preparatif, Seance
from pupitre.conseils.policies import portee
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

_OUVERTES_A_L_ETAT = (Formation.Nature.PLENIERE, Formation.Nature.RESTREINTE)


def seances_visibles(utilisateur, conseil: Conseil):
    """A partner sees those to which it was called or where it was, and no others."""
    toutes = Seance.objects.filter(formation__conseil=conseil).select_related("formation")
    ouverte = portee(utilisateur, conseil)
    if ouverte.toutes:
        return toutes
    if ouverte.utilisateur is None:
        return toutes.none()
    siens = Q(personne__utilisateur=ouverte.utilisateur) | Q(organisation__in=ouverte.organisations)
    appelee = Q(envoyee_le__isnull=False) | Q(present__isnull=False)
    appels = Convocation.objects.filter(siens & appelee).values("seance")
    condition = Q(pk__in=appels)
    if ouverte.plenieres:
        condition |= Q(formation__nature__in=_OUVERTES_A_L_ETAT)
    return toutes.filter(condition)


def compter(seances: Iterable[Seance]) -> list[Seance]:
    """Each with `appeles`, `venus` (who said that they come) and `a_faire`: two queries whatever their number."""
    lues = list(seances)
    cles = [s.pk for s in lues]
    appels = {
        ligne["seance"]: ligne
        for ligne in Convocation.objects.filter(seance__in=cles)
        .order_by()
        .values("seance")
        .annotate(appeles=Count("pk"), venus=Count("pk", filter=Q(reponse__in=("present", "supplee"))))
    }
    restes = dict(
        Preparatif.objects.filter(seance__in=cles, fait_le__isnull=True)
        .order_by()
        .values_list("seance")
        .annotate(n=Count("pk"))
    )
    for seance in lues:
        appel = appels.get(seance.pk, {"appeles": 0, "venus": 0})
        seance.appeles, seance.venus = appel["appeles"], appel["venus"]
        seance.a_faire = restes.get(seance.pk, 0)
    return lues


def a_venir(seances, jour: date | None = None):
    """Not held and not cancelled: those without a date first."""
    jour = jour or horloge.aujourdhui()
    vivantes = seances.exclude(etat__in=(EtatSeance.TENUE, EtatSeance.ANNULEE))
    return vivantes.filter(Q(debut__isnull=True) | Q(debut__gte=horloge.debut_du(jour))).order_by(
        F("debut").asc(nulls_first=True)
    )


def passees(seances, jour: date | None = None):
    jour = jour or horloge.aujourdhui()
    return seances.filter(
        Q(debut__lt=horloge.debut_du(jour)) | Q(etat__in=(EtatSeance.TENUE, EtatSeance.ANNULEE))
    ).order_by("-debut")


def appels_de(utilisateur, conseil: Conseil):
    """What the person's own card is called to, and is still to come."""
    fiches = fiches_de(utilisateur, conseil)
    return (
        Convocation.objects.filter(
            personne__in=fiches, seance__etat=EtatSeance.CONVOQUEE, seance__debut__gte=horloge.maintenant()
        )
        .select_related("seance__formation", "personne", "membre__suppleant")
        .order_by("seance__debut")
    )


def etat_de(seance: Seance) -> str | None:
    """The last event: asked anew, because another process may have written it."""
    return (
        EvenementSeance.objects.filter(seance=seance).order_by("-pk").values_list("etat", flat=True).first()
    )


def jour_de(seance: Seance) -> date:
    """The day whose members are those of the séance: its own, today while it has none."""
    from django.utils import timezone

    return timezone.localdate(seance.debut) if seance.debut else horloge.aujourdhui()


def membres_le(formation: Formation, jour: date):
    return (
        Membre.objects.as_of(jour)
        .filter(formation=formation)
        .select_related("personne", "organisation", "suppleant")
        .order_by("personne__nom", "personne__prenom")
    )


def personnes_du_conseil(conseil: Conseil):
    return Personne.objects.vivantes().filter(conseil=conseil)


def rapporteurs_possibles(seance: Seance) -> list[tuple[str, str]]:
    """Members on that day, people called, and those who already report, by name."""
    gens = Personne.objects.filter(
        Q(pk__in=membres_le(seance.formation, jour_de(seance)).values("personne"))
        | Q(convocations__seance=seance)
        | Q(rapports__seance=seance)
    ).distinct()
    return [(str(p.pk), str(p)) for p in gens.order_by("nom", "prenom")]


def fonctions_le(personnes: list[int], jour: date) -> dict[int, Fonction]:
    """What each person holds on that day: the latest when there are several."""
    lues = (
        Fonction.objects.as_of(jour)
        .filter(personne__in=personnes)
        .select_related("organisation")
        .order_by("debut")
    )
    return {f.personne_id: f for f in lues}
