"""What is visible: the manifest in the database decides, the store only holds files."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from pupitre.moteur import calcul, moteurs
from pupitre.moteur.entrepot import Entrepot, Manifeste, Scelle
from pupitre.moteur.secret import Regles
from pupitre.observatoire.chiffres.profils import Profil
from pupitre.observatoire.models import BaseDeComparaison, Catalogue, Livraison
from pupitre.socle import horloge
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.territoires.models import Conseil

# By delivery, the cases (`Couverture`) that it no longer shows.
Retraits = Mapping[object, Collection[tuple[str, str, str]]]
_journal = logging.getLogger(__name__)
AGE_DES_ORPHELINS = timedelta(hours=6)


def entrepot() -> Entrepot:
    reglages = settings.CONFIGURATION
    return Entrepot(reglages.entrepot, moteur=moteurs.choisir(reglages.moteur))


def repond() -> bool:
    """Whether a store at an address answers; what it holds is not read."""
    try:
        entrepot().support.octets("presence")
    except Exception:
        # Each kind of address has errors of its own; here they all mean that nobody can work.
        _journal.exception("l’entrepôt ne répond pas")
        return False
    return True


def manifeste_de(conseil: Conseil) -> Manifeste:
    """The visible state of a council; an empty one before the first publication."""
    catalogue = Catalogue.objects.filter(conseil=conseil).first()
    if catalogue is None or not catalogue.manifeste:
        return Manifeste(conseil=conseil.slug)
    return Manifeste.from_json(catalogue.manifeste)


def version_de(conseil: Conseil) -> int:
    return Catalogue.objects.filter(conseil=conseil).values_list("version", flat=True).first() or 0


def scelle_de(livraison: Livraison) -> Scelle:
    return Scelle.from_dict(livraison.lecture["scelle"])


def compacter(
    conseil: Conseil, livraisons: Iterable[Livraison], retraits: Retraits | None = None
) -> tuple[int, Manifeste]:
    """Write aside the files of a future state. Nothing is visible yet. Returns (version seen, manifest).

    `retraits`: by delivery, the periods and places that a later one says again.
    """
    livraisons, retraits = list(livraisons), retraits or {}
    version = version_de(conseil)
    depot = entrepot()
    scelles = [scelle_de(li).sans(retraits.get(li.pk, ())) for li in livraisons]
    manifeste = depot.compacter(conseil.slug, scelles, manifeste_de(conseil))
    couvertures = {s: tuple(p.couvertures()) for s, p in _profils(livraisons, retraits).items()}
    # Readers find the suppression patterns ready; they belong to this future state and to no other.
    calcul.preparer(depot, manifeste, couvertures, Regles())
    return version, manifeste


def rendre_visible(
    conseil: Conseil,
    vue: int,
    manifeste: Manifeste,
    livraisons: Iterable[Livraison],
    retraits: Retraits | None = None,
) -> int:
    """Within the caller's transaction: the new state, if nobody published meanwhile.

    Raises:
        RuntimeError: called outside a transaction.
        PublicationConcurrente: the catalogue has moved since `vue`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("le catalogue ne change que dans une transaction")
    catalogue, _ = Catalogue.objects.select_for_update(of=("self",)).get_or_create(conseil=conseil)
    if catalogue.version != vue:
        raise PublicationConcurrente
    catalogue.version += 1
    catalogue.manifeste = manifeste.to_json()
    catalogue.profils = profils_de(livraisons, retraits)
    catalogue.modifie_le = horloge.maintenant()
    catalogue.save()
    return catalogue.version


def profils_de(livraisons: Iterable[Livraison], retraits: Retraits | None = None) -> dict:
    return {code: profil.en_json() for code, profil in _profils(livraisons, retraits or {}).items()}


def _profils(livraisons: Iterable[Livraison], retraits: Retraits) -> dict[str, Profil]:
    par_source: dict[str, list[Livraison]] = {}
    for livraison in livraisons:
        par_source.setdefault(livraison.source.code, []).append(livraison)
    return {code: Profil.de_livraisons(code, lot, retraits) for code, lot in sorted(par_source.items())}


@dataclass(frozen=True)
class EtatVisible:
    """The council's state as of one publication: figures computed from it agree with each other."""

    version: int
    manifeste: Manifeste
    profils: dict[str, Profil]


@lru_cache(maxsize=64)
def _etat(conseil_id: int, slug: str, version: int, modifie_le: datetime) -> EtatVisible:
    catalogue = Catalogue.objects.filter(conseil_id=conseil_id).first()
    if catalogue is None or not catalogue.manifeste:
        return EtatVisible(0, Manifeste(conseil=slug), {})
    return EtatVisible(
        catalogue.version,
        Manifeste.from_json(catalogue.manifeste),
        {code: Profil.de_json(brut) for code, brut in catalogue.profils.items()},
    )


@lue_une_fois
def _version_lue(conseil: Conseil) -> tuple[int, datetime] | None:
    return Catalogue.objects.filter(conseil=conseil).values_list("version", "modifie_le").first()


def etat_visible(conseil: Conseil) -> EtatVisible:
    """One small query for the version; the rest is read again only when it has changed."""
    cle = _version_lue(conseil)
    if cle is None:
        return EtatVisible(0, Manifeste(conseil=conseil.slug), {})
    return _etat(conseil.pk, conseil.slug, *cle)


class PublicationConcurrente(Exception):
    """Somebody published between the compaction and the transaction: compact again."""


def balayer() -> int:
    """Delete the orphans that killed publications left. Returns how many files went."""
    manifestes = [Manifeste.from_json(m) for m in Catalogue.objects.values_list("manifeste", flat=True) if m]
    manifestes += [
        Manifeste.from_json(m) for m in BaseDeComparaison.objects.values_list("manifeste", flat=True)
    ]
    connues = Livraison.objects.filter(lecture__has_key="scelle").values_list(
        "lecture__scelle__chemin", flat=True
    )
    return len(entrepot().balayer(manifestes, list(connues), AGE_DES_ORPHELINS))
