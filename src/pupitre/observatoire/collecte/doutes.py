"""A doubt about a written address: how it is told, and how it is recognised without its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

from pupitre.observatoire.models import Source

if TYPE_CHECKING:
    from pupitre.moteur.adresses import Candidat


@dataclass(frozen=True, slots=True)
class Doute:
    """One distinct text that nobody has settled. `candidats` is plain data, for JSON."""

    empreinte: str
    texte: str
    commune: str
    lignes: int
    candidats: tuple[dict, ...]
    raison: str


def empreinte_de(source: Source, texte: str, commune: str) -> str:
    """Keyed hash of a written address: the same for the same words of the same source, and no way back.

    An address is not a person, but a house may be one: what was written is forgotten once it is settled.
    """
    from pupitre.moteur.adresses.ecriture import aplatir, jetons

    ecrit = f"{source.pk}\0{' '.join(jetons(aplatir(texte)))}\0{commune}"
    cle = settings.CONFIGURATION.cle_chiffrement or None
    return salted_hmac("pupitre.adresse", ecrit, secret=cle, algorithm="sha256").hexdigest()


def candidat_en_json(candidat: Candidat, secteur: str | None, *, geoplateforme: bool = False) -> dict:
    return {
        "libelle": candidat.libelle,
        "commune": candidat.commune,
        "lon": round(candidat.lon, 6),
        "lat": round(candidat.lat, 6),
        "precision": candidat.precision.value,
        "score": round(candidat.score, 3),
        "secteur": secteur or "",
        "geoplateforme": geoplateforme,
    }
