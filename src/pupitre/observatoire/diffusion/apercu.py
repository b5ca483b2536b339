"""What a screen shows of an edition before its document is opened."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.ecrits import Ecrit, Paragraphe, Registre, Titre
from pupitre.documents.ecrits.fragments import nu
from pupitre.observatoire.diffusion import fichiers
from pupitre.observatoire.models import Bulletin


@dataclass(frozen=True, slots=True)
class Apercu:
    """`points`: (name, sentence) of the figures; `pages`: (title, sentence) of what follows."""

    accroche: str
    suite: str
    points: tuple[tuple[str, str], ...]
    pages: tuple[tuple[str, str], ...]
    manquants: tuple[str, ...]
    fictif: bool


def lire(bulletin: Bulletin) -> Apercu:
    faits = fichiers.faits_de(bulletin)
    if isinstance(faits, Ecrit):
        return _ecrit(faits)
    return _bulletin(faits)


def _bulletin(faits: FaitsBulletin) -> Apercu:
    return Apercu(
        accroche=faits.accroche,
        suite=faits.chapo,
        points=tuple((c.nom, f"{c.verdict} {c.phrase}") for c in faits.chiffres),
        pages=(*((t.titre, t.accroche) for t in faits.themes), ("Sources et méthode", "")),
        manquants=faits.manquants,
        fictif=faits.fictif,
    )


def _ecrit(ecrit: Ecrit) -> Apercu:
    accroche = next(
        (nu(b.texte) for b in ecrit.blocs if isinstance(b, Paragraphe) and b.registre is Registre.ACCROCHE),
        "",
    )
    titres = [b for b in ecrit.blocs if isinstance(b, Titre)]
    premier = min((t.niveau for t in titres), default=1)
    return Apercu(
        accroche=accroche,
        suite="",
        points=(),
        pages=tuple((nu(t.titre), "") for t in titres if t.niveau == premier),
        manquants=(),
        fictif=ecrit.fictif,
    )
