"""What each source of a council holds now: written in the catalogue at publication, read by every page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pupitre.moteur.observations import Granularite, jour_de_fin
from pupitre.moteur.resultats import LivraisonCitee
from pupitre.observatoire.collecte.couverture import Case, Couverture
from pupitre.observatoire.models import Livraison
from pupitre.socle import horloge

_ENSEMBLES = ("natures", "unites", "communes", "secteurs", "territoires")


@dataclass(frozen=True)
class Profil:
    """One source as published. `cases`: granularity → first day of period → places that speak about it."""

    source: str
    natures: tuple[str, ...] = ()
    unites: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    secteurs: tuple[str, ...] = ()
    territoires: tuple[str, ...] = ()
    cases: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    livraisons: tuple[dict[str, str], ...] = ()

    @classmethod
    def de_livraisons(
        cls,
        source: str,
        livraisons: Iterable[Livraison],
        retraits: Mapping[object, Collection[Case]] | None = None,
    ) -> Profil:
        """`retraits`: by delivery, what a later one says again in its place."""
        ensembles: dict[str, set[str]] = {nom: set() for nom in _ENSEMBLES}
        cases: dict[str, dict[str, set[str]]] = {}
        toutes: set[Case] = set()
        citees = []
        for livraison in livraisons:
            for nom, valeurs in ensembles.items():
                valeurs.update(livraison.lecture[nom])
            couverture = Couverture.de_json(livraison.lecture["couverture"])
            toutes |= couverture.sans((retraits or {}).get(livraison.pk, ())).cases
            scelle = livraison.lecture["scelle"]
            citees.append(
                {
                    "livraison": str(livraison.pk),
                    "fichier": livraison.nom,
                    "sha256": livraison.sha256,
                    "recue_le": horloge.jour_de(livraison.recue_le).isoformat(),
                    "debut": scelle["debut"],
                    "fin": scelle["fin"],
                }
            )
        for granularite, debut, lieu in Couverture(frozenset(toutes)).par_mois().cases:
            cases.setdefault(granularite, {}).setdefault(debut, set()).add(lieu)
        return cls(
            source=source,
            cases={
                g: {d: sorted(lieux) for d, lieux in sorted(par_jour.items())}
                for g, par_jour in sorted(cases.items())
            },
            livraisons=tuple(sorted(citees, key=lambda c: (c["debut"], c["recue_le"]))),
            **{nom: tuple(sorted(valeurs)) for nom, valeurs in ensembles.items()},
        )

    def en_json(self) -> dict:
        return {
            "source": self.source,
            **{nom: list(getattr(self, nom)) for nom in _ENSEMBLES},
            "cases": self.cases,
            "livraisons": list(self.livraisons),
        }

    @classmethod
    def de_json(cls, brut: dict) -> Profil:
        return cls(
            source=brut["source"],
            cases=brut["cases"],
            livraisons=tuple(brut["livraisons"]),
            **{nom: tuple(brut[nom]) for nom in _ENSEMBLES},
        )

    @cached_property
    def granularite(self) -> Granularite:
        """The finest kind of period that this source delivers: the one its figures are read by."""
        presentes = {g.removesuffix(":faits") for g in self.cases}
        for g in (
            Granularite.MOIS,
            Granularite.TRIMESTRE,
            Granularite.SEMESTRE,
            Granularite.ANNEE_SCOLAIRE,
            Granularite.ANNEE,
        ):
            if g in presentes:
                return g
        return Granularite.MOIS

    @property
    def en_faits(self) -> bool:
        """Dated events: a delivered month without any row is a true zero."""
        return f"{self.granularite}:faits" in self.cases

    @cached_property
    def _cases(self) -> dict[date, frozenset[str]]:
        cle = f"{self.granularite}:faits" if self.en_faits else str(self.granularite)
        return {date.fromisoformat(d): frozenset(lieux) for d, lieux in self.cases.get(cle, {}).items()}

    @cached_property
    def periodes(self) -> tuple[date, ...]:
        """First days of the periods about which at least one place has delivered."""
        return tuple(sorted(self._cases))

    @cached_property
    def arrivees(self) -> dict[str, date]:
        """First period of each place: from then on it is expected, and totals without it are not totals."""
        premieres: dict[str, date] = {}
        for debut in sorted(self._cases):
            for lieu in self._cases[debut]:
                premieres.setdefault(lieu, debut)
        return premieres

    def attendus(self, debut: date, lieux: frozenset[str] | None = None) -> frozenset[str]:
        """Places expected to speak about the period, among `lieux` when the perimeter names some."""
        presents = {lieu for lieu, premiere in self.arrivees.items() if premiere <= debut}
        return frozenset(presents if lieux is None else presents & lieux)

    def couvertures(self, lieux: frozenset[str] | None = None) -> list[tuple[date, date]]:
        """Inclusive spans of the periods that every expected place has delivered."""
        spans = []
        for debut in self.periodes:
            attendus = self.attendus(debut, lieux)
            if attendus and attendus <= self._cases[debut]:
                spans.append((debut, jour_de_fin(debut, self.granularite)))
        return spans

    @cached_property
    def couvertures_du_conseil(self) -> tuple[tuple[date, date], ...]:
        """What decides which secteurs may be read: the same for every perimeter of the source."""
        return tuple(self.couvertures())

    def manquants(self, debut: date, lieux: frozenset[str] | None = None) -> frozenset[str]:
        """Places expected and silent about that period."""
        return self.attendus(debut, lieux) - self._cases.get(debut, frozenset())

    def citees(self, debut: date, fin: date) -> tuple[LivraisonCitee, ...]:
        """Deliveries that speak about [debut, fin]."""
        return tuple(
            LivraisonCitee(
                livraison=c["livraison"],
                fichier=c["fichier"],
                sha256=c["sha256"],
                recue_le=date.fromisoformat(c["recue_le"]),
            )
            for c in self.livraisons
            if date.fromisoformat(c["debut"]) <= fin and date.fromisoformat(c["fin"]) >= debut
        )
