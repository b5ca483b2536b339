"""The truth, kept from the attacker: which counts are small enough to be secret, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from outils.attaque.savoir import Lieu, Savoir
from pupitre.moteur import brutes, inventaire
from pupitre.moteur.mesures import Pas, suivante
from pupitre.moteur.selection import Selection
from pupitre.observatoire.chiffres import catalogue

SEUIL = 5
# Stands for the secteurs of a commune of which a source names one only: nobody can say that there is no other.
AUTRES = "autres"
Atome = tuple[Lieu, str, tuple[date, date]]


@dataclass(frozen=True)
class Cible:
    """A small count of a secteur, or of a commune: what nobody outside the team, or what the public, may not find."""

    source: str
    natures: frozenset[str]
    debut: date
    fin: date
    valeur: int
    secteur: str = ""
    commune: str = ""

    def __str__(self) -> str:
        natures = "+".join(sorted(self.natures))
        return (
            f"{self.source} {self.secteur or self.commune} {natures} {self.debut}…{self.fin} = {self.valeur}"
        )


@dataclass(frozen=True)
class Verite:
    """Elementary counts of one source, as the store holds them."""

    source: str
    comptes: dict[Atome, int]
    lieux: tuple[Lieu, ...]
    natures: tuple[str, ...]
    periodes: tuple[tuple[date, date], ...]

    def somme(self, natures: Iterable[str], rang: int, lieu: str, debut: date, fin: date) -> int:
        """`rang`: 0 for a commune, 1 for a secteur."""
        voulues = set(natures)
        return sum(
            n
            for (ou, nature, (d, f)), n in self.comptes.items()
            if ou[rang] == lieu and nature in voulues and d >= debut and f <= fin
        )


def verites(conseil, code: str) -> list[Verite]:
    """One for each unit of count and rhythm of the source: counts of different units are never added."""
    etat = catalogue.etat_visible(conseil)
    depot = catalogue.entrepot()
    contenus = [c for c in inventaire.inventorier(depot, etat.manifeste) if c.source == code]
    return [
        _verite(depot, etat, Selection(source=code, unite=unite, granularite=granularite))
        for unite, granularite in sorted({(c.unite, c.granularite) for c in contenus})
    ]


def _verite(depot, etat, choix: Selection) -> Verite:
    comptes: dict[Atome, int] = {}
    for li in brutes.lire(depot, etat.manifeste, "filtrer", choix).to_pylist():
        atome = ((li["commune"], li["secteur"], li["territoire"]), li["nature"], (li["debut"], li["fin"]))
        comptes[atome] = comptes.get(atome, 0) + (li["n"] or 0)
    couvertures = etat.profils[choix.source].couvertures()
    lieux = {a[0] for a in comptes}
    for commune in {li[0] for li in lieux}:
        secteurs = {li[1] for li in lieux if li[0] == commune}
        if len(secteurs) == 1 and None not in secteurs:
            lieux.add((commune, AUTRES, next(li[2] for li in lieux if li[0] == commune)))
    return Verite(
        choix.source,
        comptes,
        tuple(sorted(lieux, key=repr)),
        tuple(sorted({a[1] for a in comptes})),
        tuple(sorted({a[2] for a in comptes} | set(couvertures))),
    )


def cibles(verite: Verite, savoir: Savoir, seuil: int = SEUIL) -> list[Cible]:
    """Small counts of each secteur, for each nature and for all of them, by half-year and by year."""
    secteurs = sorted({li[1] for li in verite.lieux if li[1] in savoir.secteurs})
    trouvees = []
    for debut, fin in _tranches(verite):
        for secteur in secteurs:
            for natures in _indicateurs(verite, savoir):
                n = verite.somme(natures, 1, secteur, debut, fin)
                if 0 < n < seuil:
                    trouvees.append(Cible(verite.source, natures, debut, fin, n, secteur=secteur))
    return trouvees


def _indicateurs(verite: Verite, savoir: Savoir) -> list[frozenset[str]]:
    """Each nature, all of them, and the sums that have a name."""
    trouves = {frozenset((n,)) for n in verite.natures} | {frozenset(verite.natures)}
    connus = savoir.sources[verite.source].indicateurs.values()
    return sorted(trouves | {i for i in connus if i <= set(verite.natures)}, key=sorted)


def cibles_publiques(verite: Verite, seuil: int = SEUIL, annees: int = 3) -> list[Cible]:
    """Years of a commune that the public's rule keeps: in no run of years with more than five facts in each."""
    ans = sorted({d.year for d, _ in verite.periodes})
    trouvees = []
    for commune in sorted({li[0] for li in verite.lieux if li[0]}):
        for nature in verite.natures:
            par_an = {a: verite.somme((nature,), 0, commune, date(a, 1, 1), date(a, 12, 31)) for a in ans}
            for an in ans:
                suites = [range(p, p + annees) for p in range(an - annees + 1, an + 1)]
                if not any(all(par_an.get(a, 0) > seuil for a in suite) for suite in suites):
                    bornes = date(an, 1, 1), date(an, 12, 31)
                    trouvees.append(
                        Cible(verite.source, frozenset((nature,)), *bornes, par_an[an], commune=commune)
                    )
    return trouvees


def cibles_mensuelles(verite: Verite, savoir: Savoir, seuil: int = SEUIL) -> list[Cible]:
    """Small counts of a secteur in one delivered period: never shown, and told apart from the others."""
    return [
        Cible(verite.source, frozenset((nature,)), *periode, n, secteur=lieu[1])
        for (lieu, nature, periode), n in sorted(verite.comptes.items(), key=repr)
        if lieu[1] in savoir.secteurs and 0 < n < seuil
    ]


def _tranches(verite: Verite) -> list[tuple[date, date]]:
    """Half-years of the source (January to June, July to December), and two in a row; its years if it has no finer."""
    debut, fin = min(d for d, _ in verite.periodes), max(f for _, f in verite.periodes)
    longues = all((f - d).days > 100 for d, f in verite.periodes)
    if longues:
        return list(verite.periodes)
    tranches = []
    for an in range(debut.year, fin.year + 1):
        bornes = (date(an, 1, 1), date(an, 7, 1), date(an + 1, 1, 1), date(an + 1, 7, 1))
        for d, f in ((0, 1), (1, 2), (0, 2), (1, 3)):
            tranches.append((bornes[d], date.fromordinal(bornes[f].toordinal() - 1)))
    return [(d, f) for d, f in tranches if d >= debut.replace(day=1) and f <= _fin_de_mois(fin)]


def _fin_de_mois(jour: date) -> date:
    return date.fromordinal(suivante(jour.replace(day=1), Pas.MOIS).toordinal() - 1)
