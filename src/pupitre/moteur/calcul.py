"""From a selection to a `Resultat`: the façade that refuses, runs and passes everything through the control."""

from __future__ import annotations

import json
import logging
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from pupitre.moteur import brutes, inventaire
from pupitre.moteur.entrepot import Entrepot, Manifeste
from pupitre.moteur.memoire import Memoire
from pupitre.moteur.motif import VERSION
from pupitre.moteur.observations import Granularite
from pupitre.moteur.resultats import Audience, Colonne, Contexte, Resultat
from pupitre.moteur.secret import OUVERTE, Comptes, Derivee, Reference, Regles, referencer, sortir
from pupitre.moteur.selection import Selection

Couvertures = tuple[tuple[date, date], ...]
_journal = logging.getLogger(__name__)
_REFERENCES: Memoire[Reference] = Memoire(256)


@dataclass(frozen=True, slots=True)
class Demande:
    """One measure and what its result must carry: see `executer`."""

    mesure: str
    selection: Selection
    arguments: tuple[Hashable, ...]
    contexte: Contexte
    colonnes: Sequence[Colonne]
    comptes: Comptes
    derivees: Sequence[Derivee] = ()
    couvertures: Couvertures | None = None


def executer(
    entrepot: Entrepot,
    manifeste: Manifeste,
    mesure: str,
    selection: Selection,
    *arguments: Hashable,
    contexte: Contexte,
    colonnes: Sequence[Colonne],
    comptes: Comptes,
    audience: Audience,
    regles: Regles | None = None,
    derivees: Sequence[Derivee] = (),
    couvertures: Couvertures | None = None,
) -> Resultat:
    """Run one measure and pass it through disclosure control.

    Args:
        mesure: name of a function of `mesures.expressions`; `arguments` follow `selection` and are tuples, not
            lists, so that the SQL of a measure is written once.
        selection: resolved (see `inventaire.resoudre`).
        comptes: the count columns of the measure and the period of each.
        couvertures: spans that the source's deliveries cover, for the whole council (see `referer`).
    """
    demande = Demande(mesure, selection, arguments, contexte, colonnes, comptes, derivees, couvertures)
    return executer_ensemble(entrepot, manifeste, [demande], audience=audience, regles=regles)[0]


def executer_ensemble(
    entrepot: Entrepot,
    manifeste: Manifeste,
    demandes: Sequence[Demande],
    *,
    audience: Audience,
    regles: Regles | None = None,
) -> list[Resultat]:
    """The same results as `executer` one by one; measures that differ by source or nature alone are read at once."""

    def controler(rang: int, lues: brutes.Lignes) -> Resultat:
        d = demandes[rang]
        return sortir(
            lues,
            contexte=d.contexte,
            colonnes=d.colonnes,
            audience=audience,
            selection=d.selection,
            comptes=d.comptes,
            reference=OUVERTE
            if audience is Audience.INTERNE
            else referer(entrepot, manifeste, d.selection, audience, regles or Regles(), d.couvertures),
            derivees=d.derivees,
        )

    return brutes.ensemble(entrepot, manifeste, _questions(entrepot, manifeste, demandes), controler)


def lire_d_avance(entrepot: Entrepot, manifeste: Manifeste, demandes: Sequence[Demande]) -> None:
    """Read at once what several calls of `executer` will ask: they then find their rows in memory, and control them."""
    brutes.ensemble(entrepot, manifeste, _questions(entrepot, manifeste, demandes), lambda *_: None)


def _questions(
    entrepot: Entrepot, manifeste: Manifeste, demandes: Sequence[Demande]
) -> list[brutes.Question]:
    return [(d.mesure, inventaire.elaguer(entrepot, manifeste, d.selection), *d.arguments) for d in demandes]


def referer(
    entrepot: Entrepot,
    manifeste: Manifeste,
    selection: Selection,
    audience: Audience,
    regles: Regles,
    couvertures: Couvertures | None = None,
) -> Reference:
    """Suppression pattern of the whole perimeter of the selection's source, unit and granularity.

    Filters of the selection are not read: the same perimeter always has the same pattern. Kept in memory, and in
    the store beside the cube for other processes: its name holds the source's deliveries, the rules and their
    version, so that no pattern of another state can be read. Missing or altered, it is computed again.

    Args:
        couvertures: spans that the source's deliveries cover, for the whole council and not for this selection.
    """

    if couvertures is not None:
        couvertures = tuple((debut, fin) for debut, fin in couvertures)
    source = selection.source
    depend = (VERSION, selection.unite, selection.granularite, audience, regles, couvertures)

    def calculer() -> Reference:
        cle = _nommer(*depend)
        garde = entrepot.lire_derive(manifeste, source, cle)
        if garde is not None:
            try:
                return Reference.from_json(garde.decode())
            except (ValueError, KeyError, TypeError):
                _journal.warning("motif illisible pour %s, calculé à nouveau", source)
        perimetre = Selection(source=source, unite=selection.unite, granularite=selection.granularite)
        if audience is Audience.PARTENAIRE and not inventaire.sectorise(entrepot, manifeste, perimetre):
            # What `referencer` would say, without reading the millions of rows of a national base.
            return OUVERTE
        reference = referencer(
            brutes.lire(entrepot, manifeste, "filtrer", perimetre),
            audience,
            regles,
            scolaire=selection.granularite is Granularite.ANNEE_SCOLAIRE,
            couvertures=couvertures,
        )
        try:
            entrepot.garder_derive(manifeste, source, cle, reference.to_json().encode())
        except OSError as erreur:
            _journal.warning("motif non gardé pour %s : %s", source, erreur)
        return reference

    return _REFERENCES.une_fois(
        (str(entrepot.racine), source, manifeste.empreinte_de(source), *depend), calculer
    )


def _nommer(
    version: int,
    unite: str | None,
    granularite: Granularite | None,
    audience: Audience,
    regles: Regles,
    couvertures: Couvertures | None,
) -> str:
    """What a pattern depends on beside the source's deliveries, as its file is named in the store."""
    jours = None if couvertures is None else [[d.isoformat(), f.isoformat()] for d, f in couvertures]
    return json.dumps([version, unite, str(granularite), str(audience), astuple(regles), jours])


def preparer(
    entrepot: Entrepot, manifeste: Manifeste, couvertures: Mapping[str, Couvertures], regles: Regles
) -> int:
    """Compute and keep the patterns of partners for every source, so that no reader waits. How many there are.

    Args:
        couvertures: by source; sources without any are left to their first reader.
    """
    perimetres = {
        (c.source, c.unite, c.granularite)
        for c in inventaire.inventorier(entrepot, manifeste)
        if c.source in couvertures
    }
    for source, unite, granularite in sorted(perimetres):
        selection = Selection(source=source, unite=unite, granularite=granularite)
        referer(entrepot, manifeste, selection, Audience.PARTENAIRE, regles, couvertures[source])
    return len(perimetres)


def comptes_de(cases: Mapping[str, Any], classer_par: str | None = None) -> Comptes:
    """`Comptes` of a measure whose count columns are these `Case`s by name."""
    return Comptes({nom: (c.debut, c.fin) for nom, c in cases.items()}, classer_par)


def oublier() -> None:
    """Leave memory as that of a process that has just started."""
    inventaire.oublier()
    for memoire in (_REFERENCES, brutes.LUES):
        memoire.oublier()
