"""What the dashboard of one council asks, in one form for every engine, and Pupitre's own way of answering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from benchmarks.pays._conseils import Commune
from benchmarks.pays._faits import MOIS, PREMIER, sources
from benchmarks.pays._magasin import FIN, couverture, entrepot, manifeste

from pupitre.moteur import brutes, calcul, inventaire
from pupitre.moteur.entrepot import Entrepot, Manifeste
from pupitre.moteur.mesures import Case, Pas, calendrier, case, ecriture, suivante
from pupitre.moteur.resultats import Absent, Audience, Colonne, Contexte, Nature, Periode, Resultat
from pupitre.moteur.secret import Comptes, Regles
from pupitre.moteur.selection import Selection
from pupitre.moteur.statistiques import Evolution, evolutions

LONGUEUR = 37
DERNIER = suivante(PREMIER, Pas.MOIS, MOIS - 1)
DEPUIS = suivante(DERNIER, Pas.MOIS, 1 - LONGUEUR)
# Two natures of the état 4001, and the total of four partners: what the page shows when nothing is asked.
CHIFFRES: tuple[tuple[str, str | None], ...] = (
    ("etat4001", "4001:1"),
    ("etat4001", "4001:2"),
    ("police-municipale", None),
    ("bailleur-a", None),
    ("transports", None),
    ("mairies", None),
)
CHOISI = "police-municipale"
# Secteurs are read by whole half-years outside the team: twelve months, the twelve before, and all there is.
AN = (date(2025, 7, 1), date(2026, 6, 30))
AVANT = (date(2024, 7, 1), date(2025, 6, 30))
TOUT = (PREMIER, FIN)
MOIS_LUS = tuple(suivante(DEPUIS, Pas.MOIS, i) for i in range(LONGUEUR))


@dataclass(frozen=True, slots=True)
class Reponse:
    """`series`: one a figure, LONGUEUR months; `classement`: (an, avant, tout) by secteur."""

    series: tuple[tuple[int | None, ...], ...]
    classement: Mapping[str, tuple[int | None, ...]]
    verdicts: tuple[Evolution, ...]


def conclure(
    series: Sequence[Sequence[int | None]], classement: Mapping[str, tuple[int | None, ...]]
) -> Reponse:
    """The same significance for all: last month against the same month of the year before."""
    couples = [(s[-1], s[-13]) for s in series]
    verdicts = evolutions([(a, b) for a, b in couples if a is not None and b is not None])
    return Reponse(tuple(tuple(s) for s in series), classement, verdicts)


def en_serie(sommes: Mapping[date, int]) -> list[int | None]:
    return [sommes.get(m, 0) for m in MOIS_LUS]


class Moteur(Protocol):
    nom: str

    def tableau(self, commune: Commune) -> Reponse: ...


@dataclass(frozen=True)
class Mesures:
    """The dashboard as the observatory asks it of one published state, disclosure control included."""

    entrepot: Entrepot
    manifeste: Manifeste
    couvertures: Mapping[str, calcul.Couvertures]
    audience: Audience

    def tableau(self) -> Reponse:
        couverte = self.couvertures[CHOISI]
        cases = {"an": case(*AN, couverte), "precedent": case(*AVANT, couverte), "tout": Case(*TOUT)}
        *series, classement = self._executer(
            [*self._demandes_de_series(CHIFFRES), self._demande_de_classement(cases)]
        )
        return conclure(
            [_entiers(s.colonne("n")) for s in series],
            {
                str(li["secteur"]): _entiers([li["an"], li["precedent"], li["tout"]])
                for li in classement.dicts()
            },
        )

    def series(self, chiffres: Sequence[tuple[str, str | None]]) -> list[Resultat]:
        return self._executer(self._demandes_de_series(chiffres))

    def _demandes_de_series(self, chiffres: Sequence[tuple[str, str | None]]) -> list[calcul.Demande]:
        return [
            self._demande(
                "serie",
                source,
                nature,
                calendrier(Pas.MOIS, DEPUIS, FIN, self.couvertures[source]),
                colonnes=(Colonne("debut", "Période", Nature.PERIODE), Colonne("n", "Faits", Nature.ENTIER)),
                comptes=Comptes({"n": (None, None)}),
            )
            for source, nature in chiffres
        ]

    def classement(self, cases: Mapping[str, Case]) -> Resultat:
        return self._executer([self._demande_de_classement(cases)])[0]

    def _demande_de_classement(self, cases: Mapping[str, Case]) -> calcul.Demande:
        return self._demande(
            "periodes",
            CHOISI,
            None,
            tuple(cases.items()),
            ("secteur",),
            colonnes=(
                Colonne("secteur", "Secteur", Nature.CODE),
                *(Colonne(c, c, Nature.ENTIER) for c in cases),
            ),
            comptes=Comptes({c: (p.debut, p.fin) for c, p in cases.items()}, classer_par="an"),
        )

    def _executer(self, demandes: Sequence[calcul.Demande]) -> list[Resultat]:
        return calcul.executer_ensemble(self.entrepot, self.manifeste, demandes, audience=self.audience)

    def _demande(
        self, mesure: str, source: str, nature: str | None, *arguments, colonnes, comptes
    ) -> calcul.Demande:
        natures = (nature,) if nature else next(s.natures for s in sources() if s.code == source)
        contenus = inventaire.inventorier(self.entrepot, self.manifeste)
        selection = inventaire.resoudre(Selection(source, natures=natures), contenus, Pas.MOIS)
        periode = Periode(DEPUIS, FIN, "octobre 2026")
        return calcul.Demande(
            mesure,
            selection,
            arguments,
            Contexte(source, selection.unite or "", self.manifeste.conseil, periode, ()),
            colonnes,
            comptes,
            couvertures=self.couvertures[source],
        )


def en_mesures(depot: Entrepot, m: Manifeste, commune: Commune, audience: Audience) -> Mesures:
    return Mesures(depot, m, {s.code: couverture(commune, s) for s in sources()}, audience)


class Pupitre:
    """The state of each council is kept in memory until somebody publishes, as by `chiffres.catalogue`.

    `relu`: what was read of that state is kept too, as it is; otherwise every figure is asked as if for the first time.
    """

    nom = "Pupitre"

    def __init__(self, audience: Audience = Audience.PARTENAIRE, *, relu: bool = False) -> None:
        self.audience, self.relu = audience, relu
        if relu:
            self.nom = "Pupitre, relu"
        self._etats: dict[str, Mesures] = {}

    def tableau(self, commune: Commune) -> Reponse:
        if commune.conseil not in self._etats:
            mesures = en_mesures(entrepot(), manifeste(commune), commune, self.audience)
            # Publishing makes the patterns ready for readers.
            calcul.preparer(entrepot(), mesures.manifeste, mesures.couvertures, Regles())
            self._etats[commune.conseil] = mesures
        if not self.relu:
            # Nor has anybody asked these months of these sources: only the shape of the question is known.
            brutes.LUES.oublier()
            ecriture.ecrire.cache_clear()
        return self._etats[commune.conseil].tableau()


def _entiers(valeurs) -> tuple[int | None, ...]:
    return tuple(None if isinstance(v, Absent) else v for v in valeurs)


def concorder(attendue: Reponse, obtenue: Reponse, nom: str, partielle: bool = False) -> None:
    """Stop when two engines differ. `partielle`: what the second withholds (None) is not compared."""

    def memes(a: Sequence, b: Sequence) -> bool:
        return len(a) == len(b) and all(
            x == y or (partielle and y is None) for x, y in zip(a, b, strict=True)
        )

    justes = all(map(memes, attendue.series, obtenue.series)) and (
        attendue.classement.keys() == obtenue.classement.keys()
    )
    justes = justes and all(memes(v, obtenue.classement[s]) for s, v in attendue.classement.items())
    if not justes or attendue.verdicts != obtenue.verdicts:
        raise SystemExit(f"{nom} ne donne pas les mêmes chiffres :\n{attendue}\n{obtenue}")
