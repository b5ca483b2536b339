"""The facts that the verdicts judge, gathered for every formation in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

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
class Reunies:
    """What is read of some formations on a day, from which they are judged.

    Attributes:
        membres: those of that day, by formation.
        tenues, a_venir: the last séance held and the next one, by formation.
        couvertes: formations that the charter covers; empty when it names none, and covers all.
        signataires: who has signed it.
    """

    formations: tuple[Formation, ...]
    jour: date
    membres: dict[int, list[Membre]]
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
    membres: dict[int, list[Membre]] = defaultdict(list)
    sieges = Membre.objects.as_of(jour).filter(formation__in=formations)
    for m in sieges.select_related("organisation", "personne", "suppleant").order_by("debut", "pk"):
        membres[m.formation_id].append(m)
    tenues, a_venir = _seances(formations, jour)
    charte = chartes.en_vigueur(conseil, jour)
    return Reunies(
        formations=formations,
        jour=jour,
        membres=membres,
        tenues=tenues,
        a_venir=a_venir,
        charte=charte,
        couvertes=frozenset(charte.formations.values_list("pk", flat=True)) if charte else frozenset(),
        signataires=chartes.signataires(charte),
    )


def lire(conseil: Conseil, formations: Iterable[Formation], jour: date) -> list[LigneFormation]:
    """One line a formation, in their order. Past or future ones have no finding."""
    return juger(reunir(conseil, formations, jour))


def juger(r: Reunies) -> list[LigneFormation]:
    lignes = []
    for formation in r.formations:
        faits = _faits(
            formation,
            r.membres.get(formation.pk, []),
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
    membres: list[Membre],
    charte: TexteConseil | None,
    signataires: frozenset[int],
    derniere: date | None,
    prochaine: date | None,
) -> FaitsFormation:
    concernes = {m.personne_id for m in membres} | {m.suppleant_id for m in membres if m.suppleant_id}
    return FaitsFormation(
        nature=formation.nature,
        regime=formation.regime,
        theme=formation.theme,
        rythme_mois=formation.rythme_mois,
        depuis=formation.debut,
        effectif=len(membres),
        natures=frozenset(m.organisation.nature for m in membres if m.organisation),
        pilote=formation.pilote_id is not None,
        coordination=any(m.coordination for m in membres),
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
