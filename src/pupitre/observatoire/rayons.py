"""What a search finds in the observatory: editions, questions, conventions, sources, deliveries. Never a figure."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.http import urlencode

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.observatoire.diffusion import archives, demandes_diagnostic, editions
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Bulletin, Convention, DemandeDiagnostic, Source
from pupitre.observatoire.selectors import conventions_visibles, livraisons_visibles, sources_visibles
from pupitre.socle.horloge import jour_de
from pupitre.socle.recherche import (
    Element,
    Genre,
    Question,
    Rayon,
    RayonEnBase,
    RayonEnMemoire,
    Trouvaille,
    cle,
    peser,
    porte,
)
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

BULLETINS = Genre("bulletins", "bulletin ou étude", "bulletins et études")
DIAGNOSTICS = Genre("diagnostics", "diagnostic demandé", "diagnostics demandés")
CONVENTIONS = Genre("conventions", "convention", "conventions")
SOURCES = Genre("sources", "source", "sources")
LIVRAISONS = Genre("livraisons", "livraison", "livraisons")
_ETATS = {
    "a_venir": ("à venir", ""),
    "en_vigueur": ("en vigueur", "bien"),
    "bientot": ("à renouveler", "veille"),
    "echue": ("échue", "alerte"),
}
_TONS = {Etat.CONTROLEE: "accent", Etat.PUBLIEE: "bien", Etat.REJETEE: "alerte"}


def rayons(utilisateur, conseil: Conseil) -> list[Rayon]:
    """Those that the person may open, in the order in which equals are shown."""
    offerts = (
        (Droit.LIRE_BULLETIN, _bulletins),
        (Droit.DEMANDER_DIAGNOSTIC, _diagnostics),
        (Droit.VOIR_PROVENANCE, _conventions),
        (Droit.VOIR_PROVENANCE, _sources),
        (Droit.VOIR_PROVENANCE, _livraisons),
    )
    return [rayon(utilisateur, conseil) for droit, rayon in offerts if peut(utilisateur, droit, conseil)]


def _bulletins(utilisateur, conseil: Conseil) -> Rayon:
    visibles = editions.visibles(utilisateur, conseil)

    def habiller(cles: list[int]) -> list[Trouvaille]:
        lus = {b.pk: b for b in archives.avec_mot(visibles.filter(pk__in=cles))}
        return [_bulletin(lus[pk]) for pk in cles]

    def elements() -> list[Element]:
        lus = visibles.values_list("pk", "periodicite", "debut", "parametres")
        return [_edition(*ligne) for ligne in lus]

    return RayonEnMemoire(BULLETINS, elements, habiller=habiller)


def _edition(pk: int, periodicite: str, debut: date, parametres: dict[str, Any]) -> Element:
    question = parametres.get("question", "")
    texte = cle(f"{Bulletin.Periodicite(periodicite).label} {question}")
    return Element(pk, _titre(periodicite, debut, parametres.get("titre", "")), texte, question)


@lru_cache(maxsize=4096)
def _titre(periodicite: str, debut: date, titre: str) -> str:
    return cle(Bulletin(periodicite=periodicite, debut=debut, parametres={"titre": titre}).titre)


def _bulletin(bulletin: Bulletin) -> Trouvaille:
    edition = f", édition {bulletin.edition}" if bulletin.edition > 1 else ""
    return Trouvaille("bulletin", {"pk": bulletin.pk}, f"{bulletin.titre}{edition}", bulletin.mot)


def _diagnostics(utilisateur, conseil: Conseil) -> Rayon:
    visibles = demandes_diagnostic.visibles(utilisateur, conseil)
    return RayonEnMemoire(DIAGNOSTICS, lambda: [_diagnostic(d) for d in visibles])


def _diagnostic(demande: DemandeDiagnostic) -> Element:
    etat, ton = ("en attente", "veille")
    if demande.bulletin_id:
        etat, ton = "réponse écrite", "bien"
    elif demande.raison:
        etat, ton = "déclinée", ""
    lieu = f", {demande.commune}" if demande.commune else ""
    return Element(
        Trouvaille(
            "diagnostics",
            {},
            demande.titre,
            f"{demande.demandeur}, {date_longue(jour_de(demande.cree_le))}{lieu}",
            etat=etat,
            ton=ton,
        ),
        titre=cle(demande.titre),
        texte=cle(f"{demande.question} {demande.demandeur}{lieu}"),
        corps=demande.question,
    )


def _conventions(utilisateur, conseil: Conseil) -> Rayon:
    visibles = conventions_visibles(utilisateur, conseil)
    return RayonEnMemoire(CONVENTIONS, lambda: [_convention(c) for c in visibles])


def _convention(convention: Convention) -> Element:
    etat, ton = _ETATS[convention.etat]
    sources = ", ".join(s.nom for s in convention.sources.all())
    fin = f", jusqu’au {date_longue(convention.fin)}" if convention.fin else ", sans terme"
    referent = f", référent\u202f: {convention.referent}" if convention.referent else ""
    return Element(
        Trouvaille(
            "convention",
            {"convention": convention.pk},
            str(convention),
            f"{sources}{fin}{referent}",
            etat=etat,
            ton=ton,
        ),
        titre=cle(str(convention)),
        texte=cle(f"{sources} {convention.referent} {convention.reserves}"),
        corps=convention.reserves,
    )


def _sources(utilisateur, conseil: Conseil) -> Rayon:
    visibles = sources_visibles(utilisateur, conseil).select_related("organisation")
    page = "livraisons"
    if peut(utilisateur, Droit.REGLER_CONSEIL, conseil):
        page = "source"
    elif peut(utilisateur, Droit.PUBLIER, conseil):
        page = "source-suivi"
    return RayonEnMemoire(SOURCES, lambda: [_source(s, page) for s in visibles])


def _source(source: Source, page: str) -> Element:
    dit = (str(source.organisation), source.producteur, str(source.get_frequence_display()))
    return Element(
        Trouvaille(
            page,
            {} if page == "livraisons" else {"code": source.code},
            source.nom,
            ", ".join(dict.fromkeys(filter(None, dit))),
            requete=urlencode({"source": source.code}) if page == "livraisons" else "",
        ),
        titre=cle(source.nom),
        texte=cle(f"{source.organisation} {source.producteur}"),
    )


def _livraisons(utilisateur, conseil: Conseil) -> Rayon:
    """File names have no key of their own: those that hold a word are found first, then their deliveries."""
    visibles = livraisons_visibles(utilisateur, conseil)

    @cache
    def noms() -> list[str]:
        return list(visibles.order_by().values_list("nom", flat=True).distinct())

    @cache
    def sources() -> list[tuple[int, str]]:
        return list(sources_visibles(utilisateur, conseil).order_by().values_list("pk", "nom"))

    def habiller(cles: list[UUID], question: Question) -> dict[UUID, Trouvaille]:
        lues = visibles.filter(pk__in=cles).values_list("pk", "nom", "source__nom", "recue_le", "etat")
        return {ligne[0]: _livraison(*ligne) for ligne in lues}

    return RayonEnBase(
        LIVRAISONS,
        visibles.order_by("-recue_le"),
        habiller,
        lambda mot, cles: peser(cle(cles[0]), mot),
        cles=("nom",),
        lies=lambda mot: (
            Q(nom__in=[n for n in noms() if porte(cle(n), mot)])
            | Q(source__in=[pk for pk, nom in sources() if porte(cle(nom), mot)])
        ),
        textes=lambda objets: map(cle, noms()),
    )


def _livraison(pk: UUID, nom: str, source: str, recue_le: datetime, etat: str) -> Trouvaille:
    recue = f"{source}, reçue le {date_longue(jour_de(recue_le))}"
    ton = _TONS.get(Etat(etat), "")
    return Trouvaille("livraison", {"livraison": pk}, nom, recue, etat=str(Etat(etat).label), ton=ton)
