"""The register: every request, where it stands, who moved it when; as rows for the screen and for a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from pupitre.documents.tableaux import Table
from pupitre.observatoire.demandes.chiffres import periode_en_clair
from pupitre.observatoire.demandes.etats import CLOSES, EtatDemande
from pupitre.observatoire.models import DemandeDonnees
from pupitre.socle import horloge
from pupitre.socle.texte import enumeration
from pupitre.territoires.models import Conseil


@dataclass(frozen=True)
class LigneRegistre:
    demande: DemandeDonnees
    etat: EtatDemande
    sources: str
    proprietaires: str
    reponses: str
    deposee: date
    close: date | None
    jours: int
    empreintes: str

    @property
    def ouverte(self) -> bool:
        return self.close is None


def lignes(conseil: Conseil, *, annee: int | None = None, etat: str = "") -> list[LigneRegistre]:
    """Four queries, whatever the number of requests."""
    demandes = (
        DemandeDonnees.objects.filter(conseil=conseil)
        .avec_etat()
        .select_related("organisation")
        .prefetch_related("lignes__source__organisation", "reponses__organisation", "remises")
    )
    if annee is not None:
        demandes = demandes.filter(annee=annee)
    if etat in EtatDemande.values:
        demandes = demandes.filter(etat=etat)
    return [_ligne(d) for d in demandes]


def annees(conseil: Conseil) -> list[int]:
    return list(
        DemandeDonnees.objects.filter(conseil=conseil)
        .order_by("-annee")
        .values_list("annee", flat=True)
        .distinct()
    )


def _ligne(demande: DemandeDonnees) -> LigneRegistre:
    etat = EtatDemande(demande.etat)
    deposee = timezone.localdate(demande.cree_le)
    close = timezone.localdate(demande.etat_le) if etat in CLOSES else None
    sources = list(demande.lignes.all())
    derniers = {r.organisation_id: r for r in demande.reponses.all()}
    remise = next((r for r in demande.remises.all() if r.remise_le is not None), None)
    return LigneRegistre(
        demande=demande,
        etat=etat,
        sources=enumeration([str(li.source) + (" (écartée)" if li.refus else "") for li in sources]),
        proprietaires=enumeration(list(dict.fromkeys(str(li.source.organisation) for li in sources))),
        reponses=enumeration([f"{r.organisation}\u202f: {r.get_sens_display()}" for r in derniers.values()]),
        deposee=deposee,
        close=close,
        jours=((close or horloge.aujourdhui()) - deposee).days,
        empreintes=" ".join(p["sha256"] for p in remise.pieces) if remise else "",
    )


def table(conseil: Conseil, *, annee: int | None = None, etat: str = "") -> Table:
    """The register as it is exported: one row a request, with the fingerprints of what was delivered."""
    return Table(
        "Registre des demandes de données",
        (
            "Demande",
            "Demandeur",
            "Au nom de",
            "Sources",
            "Propriétaires",
            "Période demandée",
            "Utilisation prévue",
            "Qui les lira",
            "Utilisées jusqu’au",
            "État",
            "Déposée le",
            "Réponses",
            "Close le",
            "Durée (jours)",
            "Empreintes de ce qui est remis",
        ),
        tuple(
            (
                li.demande.reference,
                li.demande.demandeur_nom,
                str(li.demande.organisation),
                li.sources,
                li.proprietaires,
                periode_en_clair(li.demande.debut, li.demande.fin),
                li.demande.usage,
                li.demande.lecteurs,
                li.demande.jusqu_au,
                str(li.etat.label),
                li.deposee,
                li.reponses,
                li.close or "",
                li.jours,
                li.empreintes,
            )
            for li in lignes(conseil, annee=annee, etat=etat)
        ),
        (("Conseil", str(conseil)), ("Au", f"{horloge.aujourdhui():%d/%m/%Y}")),
    )


def delai_moyen(lues: list[LigneRegistre]) -> float | None:
    """Mean days from the request to its end, over those that have ended; None when none has."""
    closes = [li.jours for li in lues if not li.ouverte]
    return sum(closes) / len(closes) if closes else None


def nombre_par_etat(conseil: Conseil) -> dict[str, int]:
    comptes: dict[str, int] = {}
    for etat in DemandeDonnees.objects.filter(conseil=conseil).avec_etat().values_list("etat", flat=True):
        comptes[etat] = comptes.get(etat, 0) + 1
    return comptes


__all__ = ["LigneRegistre", "annees", "delai_moyen", "lignes", "nombre_par_etat", "table"]
