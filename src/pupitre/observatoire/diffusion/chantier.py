"""What the pages of one bulletin share: columns and totals read at once, and what they find missing or withheld."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pupitre.documents import formes
from pupitre.moteur import nomenclatures
from pupitre.moteur.calcul import Demande
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Case, Pas
from pupitre.moteur.resultats import Resultat, Valeur
from pupitre.observatoire.chiffres import periodes, reperes
from pupitre.observatoire.chiffres.classements import demande_de_classement
from pupitre.observatoire.chiffres.indicateurs import Indicateur
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import Perimetre
from pupitre.observatoire.models import Repere
from pupitre.socle.texte import mois_court


@dataclass
class Chantier:
    """One bulletin being written, for one reader and one period."""

    lecteur: Lecteur
    debut: date
    pas: Pas
    retenus: dict[str, None] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    comparaisons: int = 1
    _natures: dict[str, tuple[list[Resultat], dict[str, dict[str, Valeur]]]] = field(default_factory=dict)
    _colonnes: dict[tuple[str, Perimetre], list[tuple[str, str, Case]]] = field(default_factory=dict)
    _totaux: dict[tuple[str, Indicateur, Perimetre], Resultat] = field(default_factory=dict)

    @property
    def avant(self) -> date:
        return periodes.un_an_avant(self.debut, self.pas)

    def colonnes(self, sujet: Sujet) -> list[tuple[str, str, Case]]:
        """Named periods of the table: the month, the one before, a year before, and both totals to date."""
        cle = sujet.source.code, sujet.perimetre
        if cle not in self._colonnes:
            self._colonnes[cle] = self._nommer(sujet)
        return self._colonnes[cle]

    def _nommer(self, sujet: Sujet) -> list[tuple[str, str, Case]]:
        libelle = {d: court(d, self.pas) for d in (self.debut, self.avant)}
        cols = [("n", libelle[self.debut], self.lecteur.case(sujet, self.debut, self.pas))]
        if self.pas is Pas.MOIS:
            veille = periodes.precedente(self.debut, self.pas)
            cols.append(("veille", court(veille, self.pas), self.lecteur.case(sujet, veille, self.pas)))
        cols.append(("precedent", libelle[self.avant], self.lecteur.case(sujet, self.avant, self.pas)))
        if self.pas is Pas.MOIS:
            for cle, jour in (("cumul", self.debut), ("cumul_avant", self.avant)):
                cols.append((cle, f"Cumul {jour.year}", self.lecteur.cumul(sujet, jour)))
        return cols

    @cached_property
    def _reperes(self) -> list[Repere]:
        return reperes.en_vigueur(self.lecteur.conseil)

    def reperes_de(self, sujet: Sujet) -> tuple[formes.Repere, ...]:
        """Notes that the chart of this subject shows."""
        return reperes.du_sujet(self._reperes, sujet, self.lecteur.territoire)

    def lire_ensemble(
        self, groupes: Iterable[Sequence[Sujet]], natures: Iterable[tuple[str, Perimetre]] = ()
    ) -> None:
        """Totals to come, each group being of one source and one place, and natures of whole sources. What is refused
        is left to who asks it."""
        demandes: dict[tuple[str, Indicateur, Perimetre], Demande] = {}
        for sujets in groupes:
            colonnes = self.colonnes(sujets[0])
            for sujet in sujets:
                with contextlib.suppress(MesureRefusee):
                    demandes[_cle(sujet)] = self._demande(sujet, colonnes)
        par_nature: list[Demande] = []
        for source, lieu in natures:
            with contextlib.suppress(MesureRefusee):
                par_nature.extend(self._demandes_par_nature(source, lieu))
        self.lecteur.lire_d_avance([*demandes.values(), *par_nature])
        lus = self.lecteur.executer_ensemble(list(demandes.values()))
        self._totaux.update(zip(demandes, lus, strict=True))

    def total(self, sujet: Sujet) -> Resultat:
        """One row: the subject in each of the table's columns. Raises MesureRefusee."""
        if _cle(sujet) not in self._totaux:
            demande = self._demande(sujet, self.colonnes(sujet))
            (self._totaux[_cle(sujet)],) = self.lecteur.executer_ensemble([demande])
        return self._totaux[_cle(sujet)]

    def _demande(self, sujet: Sujet, colonnes: list[tuple[str, str, Case]]) -> Demande:
        periode = periodes.periode(self.debut, self.pas)
        return self.lecteur.demande_de_tableau(sujet, sujet.indicateur.libelle, colonnes, periode)

    def natures(self, source: str, lieu: Perimetre) -> dict[str, dict[str, Valeur]]:
        """Nature → column → value for a whole source: one reading for each unit of count."""
        resultats, lues = self._natures.get(source, ([], {}))
        if source not in self._natures:
            for demande in self._demandes_par_nature(source, lieu):
                resultats += self.lecteur.executer_ensemble([demande])
                self.retenir(resultats[-1])
                lues |= {str(ligne["nature"]): ligne for ligne in resultats[-1].dicts()}
            self._natures[source] = resultats, lues
        for resultat in resultats:
            self.retenir(resultat)
        return lues

    def _demandes_par_nature(self, source: str, lieu: Perimetre) -> Iterator[Demande]:
        profil = self.lecteur.etat.profils[source]
        par_unite: dict[str, list[str]] = {}
        for code in profil.natures:
            with contextlib.suppress(KeyError):
                par_unite.setdefault(nomenclatures.nature(code).unite, []).append(code)
        periode = periodes.periode(self.debut, self.pas)
        for unite, codes in par_unite.items():
            ensemble = Indicateur(unite, unite, tuple(codes), unite)
            sujet = Sujet(self.lecteur.sources[source], profil, ensemble, lieu)
            yield self.lecteur.demande_par_nature(sujet, self.colonnes(sujet), periode)

    def classement(self, sujet: Sujet, axe: str) -> Demande:
        """The ranking of the subject, to be read with others. Raises MesureRefusee."""
        return demande_de_classement(self.lecteur, sujet, axe, self.debut, self.avant, self.pas)

    def retenir(self, resultat: Resultat) -> None:
        for raison in resultat.retenus:
            if "secret" in raison or "diffuse" in raison:
                # What lies between brackets is said once, among the definitions.
                court = raison.partition(" (")[0].rstrip(".")
                self.retenus[f"{resultat.contexte.provenance[0].libelle}\u202f: {court}."] = None
        self.sources[resultat.contexte.provenance[0].source] = None


def _cle(sujet: Sujet) -> tuple[str, Indicateur, Perimetre]:
    return sujet.source.code, sujet.indicateur, sujet.perimetre


def court(jour: date, pas: Pas) -> str:
    """A period in a column's title."""
    return mois_court(jour) if pas is Pas.MOIS else periodes.periode(jour, pas).libelle
