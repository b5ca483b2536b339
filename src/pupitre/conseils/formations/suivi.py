"""The facts that the verdicts judge, gathered for every formation in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Max, Min, Q

from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.formations import chartes
from pupitre.conseils.formations.verdicts import Constat, FaitsFormation, Gravite, constats
from pupitre.conseils.models import Formation, Membre, Seance, TexteConseil
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil


@dataclass(frozen=True, slots=True)
class LigneFormation:
    formation: Formation
    faits: FaitsFormation
    constats: tuple[Constat, ...]

    @property
    def alertes(self) -> int:
        return sum(c.gravite is Gravite.ALERTE for c in self.constats)

    @property
    def etat(self) -> str:
        if self.alertes:
            return "alerte"
        return "veille" if self.constats else "bien"


@dataclass(frozen=True, slots=True)
class Siege:
    """A seat of that day, as narrow as verdicts need it: a council has hundreds."""

    pk: int
    formation: int
    debut: date
    coordination: bool
    accueilli_le: date | None
    nature: str | None
    personne: Assis
    suppleant: Assis | None

    @property
    def assis(self) -> tuple[Assis, ...]:
        return (self.personne, self.suppleant) if self.suppleant else (self.personne,)


class Assis(NamedTuple):
    """Who sits. Sorted by name."""

    nom: str
    prenom: str
    pk: int

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip()


@dataclass(frozen=True, slots=True)
class Reunies:
    """What is read of some formations on a day, from which they are judged.

    Attributes:
        sieges: those of that day, by formation.
        tenues, a_venir: the last séance held and the next one, by formation.
        couvertes: formations that the charter covers; empty when it names none, and covers all.
        signataires: who has signed it.
    """

    formations: tuple[Formation, ...]
    jour: date
    sieges: dict[int, list[Siege]]
    tenues: dict[int, date]
    a_venir: dict[int, date]
    charte: TexteConseil | None
    couvertes: frozenset[int]
    signataires: frozenset[int]

    def charte_de(self, formation: Formation) -> TexteConseil | None:
        return self.charte if not self.couvertes or formation.pk in self.couvertes else None


def reunir(conseil: Conseil, formations: Iterable[Formation], jour: date) -> Reunies:
    """In seven queries at most."""
    formations = tuple(formations)
    tenues, a_venir = _seances(formations, jour)
    charte = chartes.en_vigueur(conseil, jour)
    return Reunies(
        formations=formations,
        jour=jour,
        sieges=_sieges(formations, jour),
        tenues=tenues,
        a_venir=a_venir,
        charte=charte,
        couvertes=frozenset(charte.formations.values_list("pk", flat=True)) if charte else frozenset(),
        signataires=chartes.signataires(charte),
    )


def _sieges(formations: Sequence[Formation], jour: date) -> dict[int, list[Siege]]:
    par_formation: dict[int, list[Siege]] = defaultdict(list)
    lus = Membre.objects.as_of(jour).filter(formation__in=formations).order_by("debut", "pk")
    for *propres, nom, prenom, pk, nom_suppleant, prenom_suppleant, suppleant in lus.values_list(
        *("pk", "formation_id", "debut", "coordination", "accueilli_le", "organisation__nature"),
        *("personne__nom", "personne__prenom", "personne_id"),
        *("suppleant__nom", "suppleant__prenom", "suppleant_id"),
    ):
        double = Assis(nom_suppleant, prenom_suppleant, suppleant) if suppleant else None
        siege = Siege(*propres, Assis(nom, prenom, pk), double)
        par_formation[siege.formation].append(siege)
    return par_formation


def lire(conseil: Conseil, formations: Iterable[Formation], jour: date) -> list[LigneFormation]:
    """One line a formation, in their order. Past or future ones have no finding."""
    return juger(reunir(conseil, formations, jour))


def juger(r: Reunies) -> list[LigneFormation]:
    lignes = []
    for formation in r.formations:
        faits = _faits(
            formation,
            r.sieges.get(formation.pk, []),
            r.charte_de(formation),
            r.signataires,
            r.tenues.get(formation.pk),
            r.a_venir.get(formation.pk),
        )
        vivante = formation.debut <= r.jour and (formation.fin is None or formation.fin >= r.jour)
        lignes.append(LigneFormation(formation, faits, constats(faits, r.jour) if vivante else ()))
    return lignes


def lire_une(formation: Formation, jour: date) -> LigneFormation:
    return lire(formation.conseil, [formation], jour)[0]


def _faits(
    formation: Formation,
    sieges: list[Siege],
    charte: TexteConseil | None,
    signataires: frozenset[int],
    derniere: date | None,
    prochaine: date | None,
) -> FaitsFormation:
    concernes = {a.pk for s in sieges for a in s.assis}
    return FaitsFormation(
        nature=formation.nature,
        regime=formation.regime,
        theme=formation.theme,
        rythme_mois=formation.rythme_mois,
        depuis=formation.debut,
        effectif=len(sieges),
        natures=frozenset(s.nature for s in sieges if s.nature),
        pilote=formation.pilote_id is not None,
        coordination=any(s.coordination for s in sieges),
        objectifs=bool(formation.objectifs.strip()),
        feuille_de_route=bool(formation.feuille_de_route.strip()),
        charte=charte is not None,
        charte_expire=charte.expire_le if charte else None,
        sans_signature=len(concernes - signataires) if charte else 0,
        derniere=derniere,
        prochaine=prochaine,
    )


def _seances(formations: Sequence[Formation], jour: date) -> tuple[dict[int, date], dict[int, date]]:
    """The last one held before that day and the first one to come, by formation."""
    fin = horloge.fin_du(jour)
    prevues = (EtatSeance.EN_PREPARATION, EtatSeance.CONVOQUEE)
    lues = list(
        Seance.objects.filter(formation__in=formations, debut__isnull=False)
        .order_by()
        .values_list("formation")
        .annotate(
            tenue=Max("debut", filter=Q(etat=EtatSeance.TENUE, debut__lt=fin)),
            a_venir=Min("debut", filter=Q(etat__in=prevues, debut__gte=fin)),
        )
    )
    return (
        {formation: horloge.jour_de(tenue) for formation, tenue, _ in lues if tenue},
        {formation: horloge.jour_de(suivante) for formation, _, suivante in lues if suivante},
    )
