"""Conventions: written, renewed, and asked before any figure leaves the team."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.models import Convention, Source
from pupitre.socle import horloge
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.territoires.models import Conseil

TAILLE_MAX = 20 * 1024 * 1024
P, U = Convention.Pour, Convention.Usage
_POUR = {Audience.PARTENAIRE: P.ELUS, Audience.PUBLIC: P.PUBLIC}


class ConventionRefusee(ErreurPupitre):
    """The signed file is not one, or a source is not that partner's."""


@dataclass(frozen=True, slots=True)
class Droits:
    """What the conventions in force say of one source.

    Attributes:
        ouverte: published by its producer, nobody's agreement is asked.
        conventions: those in force that cover it.
    """

    ouverte: bool
    conventions: tuple[Convention, ...]

    def permet(self, pour: str, usage: str) -> bool:
        return self.ouverte or any(pour in c.destinataires and usage in c.usages for c in self.conventions)

    def pourquoi_pas(self, pour: str, usage: str) -> str:
        """Why it does not leave, in French; empty when it may."""
        if self.permet(pour, usage):
            return ""
        if not self.conventions:
            return "aucune convention en vigueur"
        if not any(pour in c.destinataires for c in self.conventions):
            return f"la convention ne compte pas parmi ses lecteurs «\u202f{P(pour).label}\u202f»"
        return f"la convention ne permet pas cet usage\u202f: {U(usage).label}"

    @property
    def reserves(self) -> str:
        return " ".join(dict.fromkeys(c.reserves.strip() for c in self.conventions if c.reserves.strip()))


def droits_des_sources(sources: Iterable[Source], jour: date | None = None) -> dict[str, Droits]:
    """By source code: one query for the conventions, whatever their number."""
    liste = list(sources)
    conseils = frozenset(s.conseil_id for s in liste)
    couvertes = _en_vigueur(conseils, jour or horloge.aujourdhui()) if liste else {}
    return {s.code: Droits(s.ouverte, couvertes.get(s.pk, ())) for s in liste}


@lue_une_fois
def _en_vigueur(conseils: frozenset[int], jour: date) -> dict[int, tuple[Convention, ...]]:
    """Conventions of that day, by source."""
    couvertes: dict[int, tuple[Convention, ...]] = {}
    liens = Convention.sources.through.objects.filter(
        convention__in=Convention.objects.as_of(jour).filter(conseil__in=conseils)
    )
    for lien in liens.select_related("convention").order_by("convention"):
        couvertes[lien.source_id] = (*couvertes.get(lien.source_id, ()), lien.convention)
    return couvertes


def diffusables(
    sources: Iterable[Source], audience: Audience, usage: str = U.TABLEAU, jour: date | None = None
) -> dict[str, Droits]:
    """The sources that this audience may read for that use. The team reads all."""
    droits = droits_des_sources(sources, jour)
    if audience is Audience.INTERNE:
        return droits
    pour = _POUR[audience]
    return {code: d for code, d in droits.items() if d.permet(pour, usage)}


def sans_diffusion(conseil: Conseil, usage: str = U.TABLEAU) -> list[tuple[Source, str]]:
    """Sources that mayors do not see, each with the reason: for the team."""
    sources = list(Source.objects.filter(conseil=conseil).select_related("organisation"))
    droits = droits_des_sources(sources)
    return [(s, r) for s in sources if (r := droits[s.code].pourquoi_pas(P.ELUS, usage))]


def ecartees(conseil: Conseil) -> list[tuple[str, list[tuple[Source, str]]]]:
    """For who is about to write: what will be left out, by kind of document (« bulletins… », « études… »)."""
    return [
        (str(usage.label), trouvees)
        for usage in (U.BULLETIN, U.ETUDE)
        if (trouvees := sans_diffusion(conseil, usage))
    ]


def du_conseil(conseil: Conseil):
    return (
        Convention.objects.filter(conseil=conseil)
        .select_related("organisation", "remplace")
        .prefetch_related("sources")
    )


def bientot_echues(conseil: Conseil, jour: date | None = None) -> list[Convention]:
    """In force, within their alert, and not renewed yet."""
    jour = jour or horloge.aujourdhui()
    en_vigueur = (
        Convention.objects.as_of(jour)
        .filter(conseil=conseil, fin__isnull=False, suites__isnull=True)
        .select_related("organisation")
    )
    return [c for c in en_vigueur if c.fin - jour <= timedelta(days=c.alerte)]


@transaction.atomic
def enregistrer(
    *,
    convention: Convention,
    sources: Iterable[Source],
    fichier: bytes | None = None,
    nom: str = "",
    auteur=None,
) -> Convention:
    """Keep a convention, new or changed.

    Args:
        fichier: the signed PDF, kept as received.
    Raises:
        ConventionRefusee: not a PDF, too large, or a source of another partner. ValidationError.
    """
    liste = list(sources)
    etrangeres = [s for s in liste if s.organisation_id != convention.organisation_id]
    if etrangeres:
        raise ConventionRefusee(
            f"«\u202f{etrangeres[0].nom}\u202f» n’est pas une source de {convention.organisation}.",
            "Un partenaire ne consent que pour ses propres données.",
            "Décochez-la, ou choisissez le bon partenaire.",
        )
    if convention._state.adding:
        convention.saisie_par = auteur
    convention.full_clean()
    convention.save()
    convention.sources.set(liste)
    if fichier is not None:
        _garder(convention, fichier, nom)
    return convention


def _garder(convention: Convention, contenu: bytes, nom: str) -> None:
    if not contenu.startswith(b"%PDF-") or len(contenu) > TAILLE_MAX:
        raise ConventionRefusee(
            f"«\u202f{nom}\u202f» n’est pas gardé.",
            "La convention signée se garde en PDF, de vingt mégaoctets au plus.",
            "Numérisez-la en PDF, puis déposez-la à nouveau.",
        )
    empreinte = hashlib.sha256(contenu).hexdigest()
    relatif = f"conventions/{convention.conseil.slug}/{convention.pk}-{empreinte[:12]}.pdf"
    destination = Path(settings.CONFIGURATION.donnees) / relatif
    destination.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    partiel = destination.with_suffix(".partiel")
    partiel.write_bytes(contenu)
    os.replace(partiel, destination)
    convention.fichier, convention.fichier_nom, convention.sha256 = relatif, nom[:200], empreinte
    convention.save(update_fields=["fichier", "fichier_nom", "sha256"])


def chemin_signe(convention: Convention) -> Path:
    return Path(settings.CONFIGURATION.donnees) / convention.fichier


def renouveler(ancienne: Convention) -> Convention:
    """An unsaved convention that follows a former one, with the same terms, from the day after its end."""
    debut = (ancienne.fin or horloge.aujourdhui()) + timedelta(days=1)
    duree = (ancienne.fin - ancienne.debut) if ancienne.fin else None
    champs = (
        "conseil", "organisation", "objet", "signataires", "referent", "referent_email", "referent_telephone",
        "delai", "rythme", "relances_max", "destinataires", "usages", "reserves", "alerte",
    )  # fmt: skip
    return Convention(
        **{c: getattr(ancienne, c) for c in champs},
        debut=debut,
        fin=debut + duree if duree else None,
        remplace=ancienne,
    )
