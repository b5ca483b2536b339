"""Documents joined to a séance or to one of its items, kept as received."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from pupitre.conseils.models import PieceSeance, PointOrdreDuJour, Seance
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.passages import exiger_preparable

TAILLE_MAX = 20 * 1024 * 1024
# what a document must begin with, by extension: what is named a PDF is one
SIGNATURES = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".pptx": b"PK\x03\x04",
    ".odt": b"PK\x03\x04",
    ".ods": b"PK\x03\x04",
    ".odp": b"PK\x03\x04",
    ".png": b"\x89PNG",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}


def ecrire(relatif: str, contenu: bytes) -> Path:
    """Whole or not at all, in the data folder."""
    chemin = Path(settings.CONFIGURATION.donnees) / relatif
    chemin.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    partiel = chemin.with_name(chemin.name + ".partiel")
    partiel.write_bytes(contenu)
    os.replace(partiel, chemin)
    return chemin


@transaction.atomic
def joindre(
    *, seance: Seance, contenu: bytes, nom: str, point: PointOrdreDuJour | None = None
) -> PieceSeance:
    """Raises GesteRefuse: too large, or of a kind that is not read around a table."""
    exiger_preparable(seance)
    nom = Path(nom.replace("\\", "/")).name[:200]
    suffixe = Path(nom).suffix.lower()
    if suffixe not in SIGNATURES or not contenu.startswith(SIGNATURES[suffixe]) or len(contenu) > TAILLE_MAX:
        raise GesteRefuse(
            f"«\u202f{nom}\u202f» n’est pas joint.",
            "Une pièce est un PDF, un document bureautique ou une image, de vingt mégaoctets au plus.",
            "Enregistrez-la en PDF, puis joignez-la à nouveau.",
        )
    empreinte = hashlib.sha256(contenu).hexdigest()
    relatif = f"seances/{seance.pk}/pieces/{empreinte[:24]}{suffixe}"
    ecrire(relatif, contenu)
    return PieceSeance.objects.create(
        seance=seance, point=point, nom=nom, chemin=relatif, sha256=empreinte, taille=len(contenu)
    )


@transaction.atomic
def retirer(*, piece: PieceSeance) -> None:
    """The line goes; the file stays, because a letter already sent may hold it."""
    exiger_preparable(piece.seance)
    piece.delete()


def chemin(piece: PieceSeance) -> Path:
    return Path(settings.CONFIGURATION.donnees) / piece.chemin
