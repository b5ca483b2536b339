"""A text as PDF/UA-1."""

from __future__ import annotations

from typing import Any

from pupitre.documents.compilation import RACINE, en_pdf
from pupitre.documents.ecrits.dessins import composer_figure, legende
from pupitre.documents.ecrits.fragments import fragments
from pupitre.documents.ecrits.modele import (
    ACompleter,
    Bloc,
    Ecrit,
    Encadre,
    Figure,
    Grille,
    Liste,
    Paragraphe,
    Saut,
    Signature,
    Sommaire,
    Titre,
)
from pupitre.socle.texte import typographier

GABARIT = RACINE / "ecrits" / "modele" / "ecrit.typ"


def en_pdf_ua(ecrit: Ecrit) -> bytes:
    return en_pdf(GABARIT, _composer(ecrit), ecrit.jour)


def _composer(ecrit: Ecrit) -> dict[str, Any]:
    return {
        "titre": typographier(ecrit.titre),
        "sous-titre": typographier(ecrit.sous_titre),
        "surtitre": typographier(ecrit.surtitre),
        "emetteur": typographier(ecrit.emetteur),
        "mention": typographier(ecrit.mention),
        "fictif": ecrit.fictif,
        "couverture": ecrit.couverture,
        "bandeau": typographier(ecrit.bandeau),
        "lignes-de-tete": [typographier(t) for t in ecrit.lignes_de_tete],
        "jour": [ecrit.jour.year, ecrit.jour.month, ecrit.jour.day],
        "blocs": [_bloc(b) for b in ecrit.blocs],
    }


def _bloc(bloc: Bloc) -> dict[str, Any]:
    match bloc:
        case Titre(niveau, titre):
            return {"k": "titre", "niveau": niveau, "titre": typographier(titre)}
        case Paragraphe(texte, registre):
            return {"k": "paragraphe", "texte": fragments(texte), "registre": registre.value}
        case Liste(items, numerotee):
            return {"k": "liste", "items": [fragments(i) for i in items], "numerotee": numerotee}
        case Grille():
            return {
                "k": "grille",
                "legende": typographier(bloc.legende),
                "entetes": [typographier(e) for e in bloc.entetes],
                "lignes": [[fragments(c) for c in ligne] for ligne in bloc.lignes],
                "largeurs": list(bloc.largeurs),
                "a-droite": list(bloc.a_droite),
                "note": typographier(bloc.note),
            }
        case Figure():
            return {"k": "figure", "legende": legende(bloc), **composer_figure(bloc)}
        case Encadre(entete, textes):
            return {"k": "encadre", "entete": typographier(entete), "textes": [fragments(t) for t in textes]}
        case ACompleter(consigne):
            return {"k": "completer", "consigne": typographier(consigne)}
        case Signature(qualite, signataire, fait):
            return {
                "k": "signature",
                "qualite": typographier(qualite),
                "signataire": typographier(signataire),
                "fait": typographier(fait),
            }
        case Sommaire(profondeur):
            return {"k": "sommaire", "profondeur": profondeur}
        case Saut():
            return {"k": "saut"}
