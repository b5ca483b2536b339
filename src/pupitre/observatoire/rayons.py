"""What a search finds in the observatory: editions, questions, conventions, sources, deliveries. Never a figure."""

from __future__ import annotations

from django.utils.http import urlencode

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.observatoire.diffusion import archives, demandes_diagnostic
from pupitre.observatoire.models import Bulletin, Convention, DemandeDiagnostic
from pupitre.observatoire.selectors import conventions_visibles, livraisons_visibles, sources_visibles
from pupitre.socle.horloge import jour_de
from pupitre.socle.recherche import Element, Genre, Rayon, RayonEnMemoire, Trouvaille, cle
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


def rayons(utilisateur, conseil: Conseil) -> list[Rayon]:
    """Those that the person may open, in the order in which equals are shown."""
    offerts = (
        (Droit.LIRE_BULLETIN, BULLETINS, _bulletins),
        (Droit.DEMANDER_DIAGNOSTIC, DIAGNOSTICS, _diagnostics),
        (Droit.VOIR_PROVENANCE, CONVENTIONS, _conventions),
        (Droit.VOIR_PROVENANCE, SOURCES, _sources),
        (Droit.VOIR_PROVENANCE, LIVRAISONS, _livraisons),
    )
    return [
        RayonEnMemoire(genre, lambda lire=lire: lire(utilisateur, conseil))
        for droit, genre, lire in offerts
        if peut(utilisateur, droit, conseil)
    ]


def _bulletins(utilisateur, conseil: Conseil) -> list[Element]:
    return [_bulletin(b) for b in archives.chercher(utilisateur, conseil)]


def _bulletin(bulletin: Bulletin) -> Element:
    edition = f", édition {bulletin.edition}" if bulletin.edition > 1 else ""
    question = bulletin.parametres.get("question", "")
    return Element(
        Trouvaille("bulletin", {"pk": bulletin.pk}, f"{bulletin.titre}{edition}", bulletin.mot),
        titre=cle(bulletin.titre),
        texte=cle(f"{bulletin.get_periodicite_display()} {question}"),
        corps=question,
    )


def _diagnostics(utilisateur, conseil: Conseil) -> list[Element]:
    return [_diagnostic(d) for d in demandes_diagnostic.visibles(utilisateur, conseil)]


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


def _conventions(utilisateur, conseil: Conseil) -> list[Element]:
    lues = conventions_visibles(utilisateur, conseil).select_related("organisation")
    return [_convention(c) for c in lues.prefetch_related("sources")]


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


def _sources(utilisateur, conseil: Conseil) -> list[Element]:
    page = "livraisons"
    if peut(utilisateur, Droit.REGLER_CONSEIL, conseil):
        page = "source"
    elif peut(utilisateur, Droit.PUBLIER, conseil):
        page = "source-suivi"
    return [
        Element(
            Trouvaille(
                page,
                {} if page == "livraisons" else {"code": s.code},
                s.nom,
                ", ".join(filter(None, (str(s.organisation), s.producteur, str(s.get_frequence_display())))),
                requete=urlencode({"source": s.code}) if page == "livraisons" else "",
            ),
            titre=cle(s.nom),
            texte=cle(f"{s.organisation} {s.producteur}"),
        )
        for s in sources_visibles(utilisateur, conseil).select_related("organisation")
    ]


def _livraisons(utilisateur, conseil: Conseil) -> list[Element]:
    lues = livraisons_visibles(utilisateur, conseil).order_by("-recue_le")
    return [
        Element(
            Trouvaille(
                "livraison", {"livraison": pk}, nom, f"{source}, reçue le {date_longue(jour_de(recue_le))}"
            ),
            titre=cle(nom),
            texte=cle(source),
        )
        for pk, nom, source, recue_le in lues.values_list("pk", "nom", "source__nom", "recue_le")
    ]
