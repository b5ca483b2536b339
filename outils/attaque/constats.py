"""From blocks to equations: this sum of counts, of that source, is worth so much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from outils.attaque.documents import Bloc, blocs, propre
from outils.attaque.parcours import Prise
from outils.attaque.savoir import Savoir, SourceConnue, lire_nombre, lire_periode
from pupitre.moteur.mesures import Pas, suivante


@dataclass(frozen=True)
class Constat:
    """`communes`, `secteurs`, `territoires`: what is added over; empty: everywhere. The value lies in [bas, haut]."""

    source: str
    natures: frozenset[str]
    communes: frozenset[str]
    secteurs: frozenset[str]
    territoires: frozenset[str]
    debut: date
    fin: date
    bas: float
    haut: float


@dataclass
class Lecture:
    """What was understood, and what was not: an attacker that understands nothing recovers nothing.

    `constats`: each equation, and where it was first read. `lus`, `incompris`: tables and drawings by what carries
    them.
    """

    savoir: Savoir
    constats: dict[Constat, str] = field(default_factory=dict)
    lus: dict[str, int] = field(default_factory=dict)
    incompris: dict[str, int] = field(default_factory=dict)

    def lire(self, prise: Prise) -> None:
        for bloc in blocs(prise):
            trouves = list(_du_bloc(bloc, self.savoir))
            compte = self.lus if trouves else self.incompris
            compte[bloc.support] = compte.get(bloc.support, 0) + 1
            for constat in trouves:
                self.constats.setdefault(constat, f"{bloc.support} {prise.adresse}")


def _du_bloc(bloc: Bloc, savoir: Savoir) -> Iterator[Constat]:
    if bloc.entetes[:2] == ("Source", "Producteur"):
        yield from _public(bloc, savoir)
        return
    titre = bloc.meta["titre"]
    entiere = savoir.source(titre)
    if entiere is not None and titre.startswith(f"{entiere.libelle},"):
        # A page of several sources names each total after its own: « OGIF, incidents dans les résidences ».
        source, perimetre = entiere, next(iter(entiere.perimetres.values()))
        natures, quoi = entiere.natures, titre[len(entiere.libelle) :].lstrip(", ")
    else:
        source = savoir.source(bloc.meta.get("source", ""))
        perimetre = source.perimetres.get(bloc.meta.get("perimetre", "")) if source else None
        if source is None or perimetre is None:
            return
        natures, quoi = _natures(titre, source)
    if natures is None:
        natures = source.indicateurs.get(bloc.meta.get("indicateur", ""))
    if natures is None and bloc.entetes[:1] != ("Nature",):
        return
    lecteur = _Lecteur(bloc, savoir, source, perimetre, natures or source.natures, quoi)
    premiere = bloc.entetes[0] if bloc.entetes else ""
    if premiere == "Période":
        yield from lecteur.par_periode()
    elif premiere == "Repère":
        yield from lecteur.dessin()
    elif premiere == "Nature":
        yield from lecteur.par_nature()
    elif premiere in ("Code", "Secteur", "Commune", "Service"):
        yield from lecteur.par_lieu()


def _natures(titre: str, source: SourceConnue) -> tuple[frozenset[str] | None, str]:
    """The indicator that a title begins with (None when it names none), and the rest of the title."""
    for libelle in sorted(source.indicateurs, key=len, reverse=True):
        if titre == libelle or titre.startswith(f"{libelle},"):
            return source.indicateurs[libelle], titre[len(libelle) :].lstrip(", ")
    return None, titre


_TAUX = re.compile(r"pour 1 000 (habitants|logements)")
_ENTRE_PARENTHESES = re.compile(r"\s*\([^)]*\)")


@dataclass
class _Lecteur:
    bloc: Bloc
    savoir: Savoir
    source: SourceConnue
    perimetre: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    natures: frozenset[str]
    quoi: str

    def _constat(
        self, jours, valeur: float, *, lieu: tuple[str, str] | None = None, ecart: float = 0.0, natures=None
    ):
        communes, secteurs, territoires = (frozenset(p) for p in self.perimetre)
        if lieu is not None:
            axe, code = lieu
            if axe == "secteur":
                communes, secteurs = frozenset(), frozenset({code})
            elif axe == "commune":
                communes = frozenset({code})
            else:
                communes, territoires = frozenset(), frozenset({code})
        return Constat(
            self.source.code,
            natures or self.natures,
            communes,
            secteurs,
            territoires,
            *jours,
            valeur - ecart,
            valeur + ecart,
        )

    def par_periode(self) -> Iterator[Constat]:
        pas = self._pas()
        for ligne in self.bloc.lignes:
            jours, valeur = lire_periode(ligne[0], pas), lire_nombre(ligne[1])
            if jours and valeur is not None:
                yield self._constat(jours, valeur)

    def _pas(self) -> Pas:
        for mot, pas in (
            ("par mois", Pas.MOIS),
            ("par trimestre", Pas.TRIMESTRE),
            ("par année scolaire", Pas.ANNEE_SCOLAIRE),
            ("par année", Pas.ANNEE),
        ):
            if mot in self.bloc.meta["titre"]:
                return pas
        return self.source.pas

    def par_nature(self) -> Iterator[Constat]:
        """Rows are natures by code or by name, columns are periods."""
        for ligne in self.bloc.lignes:
            nature = {ligne[0]} if ligne[0] in self.source.natures else self.source.indicateurs.get(ligne[0])
            if not nature:
                continue
            for entete, cellule in zip(self.bloc.entetes[1:], ligne[1:], strict=False):
                jours = lire_periode(_ENTRE_PARENTHESES.sub("", entete), self.source.pas)
                valeur = lire_nombre(cellule)
                if jours and valeur is not None:
                    yield self._constat(jours, valeur, natures=frozenset(nature))

    def par_lieu(self) -> Iterator[Constat]:
        """Rows are places; columns are periods, twelve months, and a rate of the twelve months."""
        axe = self._axe()
        rang = self.bloc.entetes.index(
            {"secteur": "Secteur", "commune": "Commune", "territoire": "Service"}[axe]
        )
        an = self._an()
        for ligne in self.bloc.lignes:
            lieu = self._lieu(axe, ligne, rang)
            if lieu is None:
                continue
            for entete, cellule in zip(self.bloc.entetes[rang + 1 :], ligne[rang + 1 :], strict=False):
                valeur = lire_nombre(cellule)
                if valeur is None:
                    continue
                if taux := _TAUX.search(propre(entete).lower()):
                    if an and (constat := self._du_taux(taux[1], lieu, an, valeur)):
                        yield constat
                    continue
                jours = self._jours(entete, an)
                if jours:
                    yield self._constat(jours, valeur, lieu=lieu)

    def _axe(self) -> str:
        for mot, axe in (("Secteur", "secteur"), ("Commune", "commune"), ("Service", "territoire")):
            if mot in self.bloc.entetes[:2]:
                return axe
        raise ValueError(self.bloc.entetes)

    def _lieu(self, axe: str, ligne: tuple[str, ...], rang: int) -> tuple[str, str] | None:
        if rang:
            return axe, ligne[0]
        code = self.savoir.noms.get(ligne[0]) if axe != "territoire" else ligne[0]
        return (axe, code) if code else None

    def _an(self) -> tuple[date, date] | None:
        """The twelve months of the table: its period when it says one of twelve months, else ending with it."""
        dite = self.bloc.meta.get("periode") or self.quoi.rpartition("par secteur, ")[2]
        jours = lire_periode(dite, self.source.pas)
        if jours is None:
            colonne = next(
                (j for e in self.bloc.entetes if (j := lire_periode(_ENTRE_PARENTHESES.sub("", e)))), None
            )
            jours = colonne
        if jours is None:
            return None
        fin = jours[1]
        if (jours[1] - jours[0]).days >= 360:
            return jours
        premier = date.fromordinal(fin.toordinal() + 1)
        return suivante(premier, Pas.MOIS, -12), fin

    def _jours(self, entete: str, an: tuple[date, date] | None) -> tuple[date, date] | None:
        texte = _ENTRE_PARENTHESES.sub("", entete)
        if texte == "Douze mois":
            return an
        if texte == "Douze mois d’avant" and an:
            return suivante(an[0], Pas.MOIS, -12), date.fromordinal(an[0].toordinal() - 1)
        return lire_periode(texte, self.source.pas)

    def _du_taux(
        self,
        denominateur: str,
        lieu: tuple[str, str],
        an: tuple[date, date],
        valeur: float,
        demi: float = 0.0,
    ) -> Constat | None:
        """A rate with a known population is a count, as precise as the rate is written."""
        cle = "logements" if denominateur == "logements" else "population"
        population = self.savoir.populations[cle].get(lieu[1])
        if not population:
            return None
        arrondi = 0.0 if self.bloc.support in ("csv", "xlsx") else 0.05
        ecart = arrondi * population / 1000 + 1e-6 * population / 1000
        return self._constat(an, valeur * population / 1000, lieu=lieu, ecart=ecart)

    def _fenetre(self, jours: tuple[date, date]) -> tuple[date, date]:
        """What a mark of a rolling or cumulative series spans: it is named by its last month."""
        debut, fin = jours
        if "douze mois glissants" in self.quoi:
            return suivante(debut, Pas.MOIS, -11), fin
        if trouve := re.search(r"de janvier à (\w+)", self.quoi):
            jusqu_a = lire_periode(f"{trouve[1]} {debut.year}", Pas.MOIS)
            return (debut, jusqu_a[1]) if jusqu_a else jours
        return jours

    def dessin(self) -> Iterator[Constat]:
        """Marks of a series are periods, those of a map or of bars are places."""
        for repere, ecrit in self.bloc.lignes:
            trouve = re.match(r"([\d ]+(?:,\d+)?)", ecrit)
            valeur = lire_nombre(trouve[1].strip()) if trouve else None
            if valeur is None:
                continue
            if jours := lire_periode(repere, self.source.pas):
                yield self._constat(self._fenetre(jours), valeur)
                continue
            axe = "secteur" if "par secteur" in self.quoi else "commune" if "par commune" in self.quoi else ""
            code = self.savoir.noms.get(repere)
            an = self._an()
            if not axe or code is None or an is None:
                continue
            if taux := _TAUX.search(ecrit):
                if constat := self._du_taux(taux[1], (axe, code), an, valeur):
                    yield constat
            elif jours := lire_periode(self.quoi.rpartition(", ")[2], self.source.pas):
                yield self._constat(jours, valeur, lieu=(axe, code))


def _public(bloc: Bloc, savoir: Savoir) -> Iterator[Constat]:
    """The public page's export: one value a row."""
    for rangee in bloc.lignes:
        if len(rangee) != 7:
            continue
        titre, _, perimetre, indicateur, _, annee, ecrit = rangee
        source = next((s for s in savoir.sources.values() if s.nom.lower() == titre.lower()), None)
        jours, valeur = lire_periode(annee), lire_nombre(ecrit)
        if source is None or jours is None or valeur is None:
            continue
        natures, lieux = source.indicateurs.get(indicateur), source.perimetres.get(perimetre)
        if natures and lieux:
            yield Constat(source.code, natures, *(frozenset(p) for p in lieux), *jours, valeur, valeur)


def sur(constats: Iterable[Constat], source: str, natures: Iterable[str]) -> list[Constat]:
    """The equations of a source on these natures only."""
    connues = frozenset(natures)
    return [c for c in constats if c.source == source and c.natures <= connues]
