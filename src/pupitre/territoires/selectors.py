"""Reads: members and divisions of a council as of a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q

from pupitre.socle import horloge
from pupitre.territoires.models import Adhesion, Conseil, Decoupage, Epci, NatureConseil


def membres_as_of(conseil: Conseil, jour: date) -> list[tuple[Adhesion, str]]:
    """Memberships on that day, by name of commune, each with the name of its EPT (Grand Paris) or ""."""
    adhesions = list(
        conseil.adhesions.as_of(jour)
        .select_related("commune__epci")
        .order_by("commune__nom", "commune__code")
    )
    codes = {a.commune.ept for a in adhesions if a.commune.ept}
    ept = dict(Epci.objects.filter(code__in=codes).values_list("code", "nom")) if codes else {}
    return [(a, ept.get(a.commune.ept, "")) for a in adhesions]


def communes_en_cispd(codes: list[str], jour: date) -> set[str]:
    """Which of these communes sit in an intercommunal council on that day, be it this one or another."""
    adhesions = Adhesion.objects.as_of(jour).filter(commune_id__in=codes, conseil__nature=NatureConseil.CISPD)
    return set(adhesions.values_list("commune_id", flat=True))


def decoupage_as_of(conseil: Conseil, jour: date) -> Decoupage | None:
    return conseil.decoupages.as_of(jour).first()


def conseils_ouverts(jour: date | None = None):
    """Every council of the installation with how many communes it has on that day: for who opens them."""
    jour = jour or horloge.aujourdhui()
    membre = Q(adhesions__debut__lte=jour) & (Q(adhesions__fin__isnull=True) | Q(adhesions__fin__gte=jour))
    return Conseil.objects.annotate(membres=Count("adhesions", filter=membre)).order_by("nom")
