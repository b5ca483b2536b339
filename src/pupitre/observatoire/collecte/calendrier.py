"""What each source should have sent, period by period, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from pupitre.documents.tableaux import Table
from pupitre.moteur.mesures import Pas, debut_de, libelle, suivante
from pupitre.observatoire.collecte.conventions import Droits, droits_des_sources
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Frequence, Livraison, Relance, Source
from pupitre.socle import horloge
from pupitre.socle.texte import date_courte, mois_court, nombre, pluriel
from pupitre.territoires.models import Conseil

DELAI = 20
NOMBRES = {Frequence.SEMAINE: 12, Frequence.MOIS: 13, Frequence.ANNEE: 5, Frequence.ANNEE_SCOLAIRE: 5}
_PAS = {Frequence.MOIS: Pas.MOIS, Frequence.ANNEE: Pas.ANNEE, Frequence.ANNEE_SCOLAIRE: Pas.ANNEE_SCOLAIRE}


class EtatCase(StrEnum):
    AVANT = "avant"  # before the source's first period: nothing was expected
    ATTENDUE = "attendue"
    RETARD = "retard"
    A_PUBLIER = "a_publier"
    PUBLIEE = "publiee"
    CORRIGEE = "corrigee"


LIBELLES = {
    EtatCase.AVANT: "rien d’attendu",
    EtatCase.ATTENDUE: "attendue",
    EtatCase.RETARD: "en retard",
    EtatCase.A_PUBLIER: "à publier",
    EtatCase.PUBLIEE: "publiée",
    EtatCase.CORRIGEE: "publiée, corrigée depuis",
}


@dataclass(frozen=True, slots=True)
class Case:
    debut: date
    libelle: str
    etat: EtatCase
    echeance: date
    livraison: str = ""
    recue_le: date | None = None

    @property
    def mot(self) -> str:
        return LIBELLES[self.etat]

    @property
    def retard(self) -> int | None:
        """Days after the day due, 0 when on time; None before anything has come."""
        return None if self.recue_le is None else max(0, (self.recue_le - self.echeance).days)


@dataclass(frozen=True, slots=True)
class Regularite:
    """Over the periods due: how many came by their day, the median delay of those that came, letters written."""

    dues: int
    a_temps: int
    retard_median: float | None
    relances: int

    @property
    def phrase(self) -> str:
        if not self.dues:
            return "Aucune période échue."
        retard = (
            ""
            if self.retard_median is None
            else f" Retard médian\u202f: {pluriel(round(self.retard_median), 'jour')}."
        )
        return f"{self.a_temps} sur {self.dues} à temps.{retard} {pluriel(self.relances, 'relance')}."


@dataclass(frozen=True, slots=True)
class Ligne:
    source: Source
    cases: tuple[Case, ...]
    regularite: Regularite


@dataclass(frozen=True, slots=True)
class Volet:
    """The sources of one rhythm, and the headings of their periods."""

    titre: str
    periodes: tuple[str, ...]
    lignes: tuple[Ligne, ...]


def lire(conseil: Conseil, sources: Iterable[Source] | None = None, jour: date | None = None) -> list[Volet]:
    """Four queries, whatever the number of sources."""
    jour = jour or horloge.aujourdhui()
    toutes = list(
        Source.objects.filter(conseil=conseil).select_related("organisation") if sources is None else sources
    )
    livraisons = _livraisons(toutes)
    droits = droits_des_sources(toutes, jour)
    relances = _relances(toutes)
    volets = []
    for frequence, titre in (
        (Frequence.MOIS, "Chaque mois"),
        (Frequence.SEMAINE, "Chaque semaine"),
        (Frequence.ANNEE, "Chaque année"),
        (Frequence.ANNEE_SCOLAIRE, "Chaque année scolaire"),
    ):
        siennes = [s for s in toutes if s.frequence == frequence]
        debuts = periodes(frequence, jour)
        lignes = tuple(
            _ligne(s, debuts, livraisons.get(s.pk, []), droits[s.code], relances.get(s.pk, 0), jour)
            for s in siennes
        )
        if lignes:
            volets.append(Volet(titre, tuple(_entete(d, frequence) for d in debuts), lignes))
    return volets


def periodes(frequence: str, jour: date) -> list[date]:
    """First days of the periods shown, the one under way last."""
    n = NOMBRES[Frequence(frequence)]
    if frequence == Frequence.SEMAINE:
        lundi = jour - timedelta(days=jour.weekday())
        return [lundi - timedelta(weeks=i) for i in reversed(range(n))]
    pas = _PAS[Frequence(frequence)]
    courante = debut_de(jour, pas)
    return [suivante(courante, pas, -i) for i in reversed(range(n))]


def nommer(debut: date, frequence: str) -> str:
    if frequence == Frequence.SEMAINE:
        return f"semaine du {date_courte(debut)}"
    return libelle(debut, _PAS[Frequence(frequence)])


def _entete(debut: date, frequence: str) -> str:
    """Short: thirteen of them share a row."""
    if frequence == Frequence.MOIS:
        return mois_court(debut)
    return nommer(debut, frequence).removeprefix("année scolaire ")


def echeance(debut: date, frequence: str, droits: Droits) -> date:
    """The day by which the period should be there: the convention's delay, or twenty days after its end."""
    fin = (
        debut + timedelta(days=6)
        if frequence == Frequence.SEMAINE
        else suivante(debut, _PAS[Frequence(frequence)]) - timedelta(days=1)
    )
    delai = min((c.delai for c in droits.conventions), default=5 if frequence == Frequence.SEMAINE else DELAI)
    return fin + timedelta(days=delai)


@dataclass(frozen=True, slots=True)
class _Recue:
    pk: str
    etat: str
    recue_le: date
    periodes: frozenset[date]


def _livraisons(sources: list[Source]) -> dict[int, list[_Recue]]:
    recues: dict[int, list[_Recue]] = {}
    livraisons = (
        Livraison.objects.filter(source__in=sources)
        .avec_etat()
        .exclude(etat=Etat.REJETEE)
        .order_by("recue_le")
        .values_list("source_id", "pk", "etat", "recue_le", "lecture__couverture")
    )
    for source, pk, etat, recue_le, couverture in livraisons:
        jours = frozenset(date.fromisoformat(d) for _, d, _ in couverture or ())
        recues.setdefault(source, []).append(_Recue(str(pk), etat, recue_le.date(), jours))
    return recues


def _relances(sources: list[Source]) -> dict[int, int]:
    comptes: dict[int, int] = {}
    for source in Relance.objects.filter(source__in=sources).values_list("source", flat=True):
        comptes[source] = comptes.get(source, 0) + 1
    return comptes


def _ligne(
    source: Source, debuts: list[date], recues: list[_Recue], droits: Droits, relances: int, jour: date
) -> Ligne:
    premiers = [min(r.periodes) for r in recues if r.periodes]
    depuis = min([*premiers, *(c.debut for c in droits.conventions)], default=None)
    cases = tuple(_case(source, d, recues, droits, depuis, jour) for d in debuts)
    dues = [c for c in cases if c.etat is not EtatCase.AVANT and (c.echeance < jour or c.recue_le)]
    retards = [c.retard for c in dues if c.retard is not None]
    return Ligne(
        source,
        cases,
        Regularite(len(dues), sum(r == 0 for r in retards), median(retards) if retards else None, relances),
    )


def _case(
    source: Source, debut: date, recues: list[_Recue], droits: Droits, depuis: date | None, jour: date
) -> Case:
    limite = echeance(debut, source.frequence, droits)
    siennes = [r for r in recues if _couvre(r, debut, source.frequence)]
    base = (debut, nommer(debut, source.frequence))
    if siennes:
        visible = next((r for r in siennes if r.etat == Etat.PUBLIEE), None)
        premiere = siennes[0].recue_le
        if visible is None:
            return Case(*base, EtatCase.A_PUBLIER, limite, siennes[-1].pk, premiere)
        corrigee = any(r.etat == Etat.REMPLACEE for r in siennes)
        etat = EtatCase.CORRIGEE if corrigee else EtatCase.PUBLIEE
        return Case(*base, etat, limite, visible.pk, premiere)
    if depuis is None or debut < depuis:
        return Case(*base, EtatCase.AVANT, limite)
    # What its producer publishes when it likes is not owed to us.
    en_retard = limite < jour and not source.ouverte
    return Case(*base, EtatCase.RETARD if en_retard else EtatCase.ATTENDUE, limite)


def _couvre(recue: _Recue, debut: date, frequence: str) -> bool:
    if frequence == Frequence.SEMAINE:
        return any(debut <= d <= debut + timedelta(days=6) for d in recue.periodes) or (
            not recue.periodes and debut <= recue.recue_le <= debut + timedelta(days=6)
        )
    fin = suivante(debut, _PAS[Frequence(frequence)])
    return any(debut <= d < fin for d in recue.periodes)


def table(conseil: Conseil, volets: list[Volet]) -> Table:
    lignes = tuple(
        (
            str(li.source.organisation),
            li.source.nom,
            c.libelle,
            c.mot,
            date_courte(c.echeance),
            date_courte(c.recue_le) if c.recue_le else "",
            nombre(c.retard) if c.retard is not None else "",
        )
        for v in volets
        for li in v.lignes
        for c in li.cases
        if c.etat is not EtatCase.AVANT
    )
    entetes = ("Partenaire", "Source", "Période", "État", "Attendue le", "Reçue le", "Retard (jours)")
    return Table(f"Calendrier des livraisons, {conseil}", entetes, lignes)
