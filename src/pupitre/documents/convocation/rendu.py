"""The papers as PDF/UA-1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pupitre.documents.compilation import RACINE, en_pdf, en_pdfs
from pupitre.documents.convocation.faits import ConvocationImprimee, Emargement, SeanceImprimee
from pupitre.documents.convocation.lettre import ligne_de_point, phrase_d_appel
from pupitre.documents.ecrits.fragments import fragments
from pupitre.socle.texte import date_longue, typographier

_MODELE = RACINE / "convocation" / "modele"


def rendre_convocations(convocations: Sequence[ConvocationImprimee]) -> bytes:
    """One letter a page or more, ready for window envelopes. At least one letter."""
    return en_pdf(_MODELE / "convocation.typ", _lettres(convocations), convocations[0].seance.jour)


def rendre_convocations_separees(convocations: Sequence[ConvocationImprimee]) -> list[bytes]:
    """One file each, in the same order. At least one letter."""
    lot = [_lettres([c]) for c in convocations]
    return en_pdfs(_MODELE / "convocation.typ", lot, convocations[0].seance.jour)


def _lettres(convocations: Sequence[ConvocationImprimee]) -> dict[str, Any]:
    seance = convocations[0].seance
    return _commun(seance) | {
        "titre": f"Convocation, {seance.titre}",
        "lettres": [
            {
                "destinataire": [typographier(li) for li in c.destinataire],
                "appel": c.appel,
                "phrase": fragments(phrase_d_appel(c)),
                "repondre": fragments(c.repondre),
            }
            for c in convocations
        ],
    }


def rendre_emargement(emargement: Emargement) -> bytes:
    seance = emargement.seance
    donnees = _commun(seance) | {
        "titre": f"Feuille de présence, {seance.titre}",
        "lignes": [
            [typographier(li.nom), typographier(li.qualite), typographier(li.reponse)]
            for li in emargement.lignes
        ],
    }
    return en_pdf(_MODELE / "emargement.typ", donnees, seance.jour)


def rendre_etiquettes(adresses: Sequence[tuple[str, ...]], titre: str, emetteur: str, jour: date) -> bytes:
    """Sheets of 24 labels, 70 × 37 mm, three by eight."""
    donnees = {
        "titre": titre,
        "emetteur": emetteur,
        "jour": [jour.year, jour.month, jour.day],
        "adresses": [[typographier(li) for li in a] for a in adresses],
    }
    return en_pdf(_MODELE / "etiquettes.typ", donnees, jour)


def _commun(seance: SeanceImprimee) -> dict[str, Any]:
    return {
        "emetteur": typographier(seance.emetteur),
        "formation": typographier(seance.formation),
        "objet": typographier(seance.titre),
        "quand": typographier(seance.quand),
        "lieu": typographier(seance.lieu),
        "fait": f"Le {date_longue(seance.jour)}",
        "jour": [seance.jour.year, seance.jour.month, seance.jour.day],
        "signataire": typographier(seance.signataire),
        "qualite": typographier(seance.qualite),
        "fictif": seance.fictif,
        "points": [typographier(ligne_de_point(p)) for p in seance.points],
    }
