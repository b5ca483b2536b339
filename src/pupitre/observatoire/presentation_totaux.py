"""What a file announces as totals, beside the sums that were read."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.observatoire.models import Livraison
from pupitre.socle.texte import nombre, pluriel


@dataclass(frozen=True, slots=True)
class TotauxEnClair:
    """`lignes`: (title, announced, sum, agrees, line)."""

    lignes: tuple[tuple[str, str, str, bool, int | None], ...]
    phrase: str
    groupes: str

    @property
    def ecarts(self) -> tuple[tuple[str, str, str, bool, int | None], ...]:
        return tuple(ligne for ligne in self.lignes if not ligne[3])

    @property
    def justes(self) -> tuple[tuple[str, str, str, bool, int | None], ...]:
        return tuple(ligne for ligne in self.lignes if ligne[3])


def totaux_en_clair(livraison: Livraison) -> TotauxEnClair | None:
    brut = livraison.lecture.get("totaux")
    if not brut:
        return None
    justes = sum(t["concorde"] for t in brut["ensemble"])
    n = len(brut["ensemble"])
    phrase = (
        "Le fichier n’annonce pas de total général."
        if not n
        else f"{pluriel(n, 'total général concorde', 'totaux généraux concordent')} avec la somme des lignes."
        if justes == n
        else f"Aucun des {nombre(n)} totaux généraux ne concorde avec la somme des lignes."
        if not justes and n > 1
        else f"{nombre(justes)} des {nombre(n)} totaux généraux concordent avec la somme des lignes."
        if n > 1
        else "Le total général ne concorde pas avec la somme des lignes."
    )
    groupes = (
        f"{nombre(brut['groupes_justes'])} totaux intermédiaires sur {nombre(brut['groupes'])} concordent."
        if brut["groupes"]
        else ""
    )
    return TotauxEnClair(
        tuple(
            (t["titre"], _valeur(t["annonce"]), _valeur(t["somme"]), t["concorde"], t["ligne"])
            for t in brut["ensemble"]
        ),
        phrase,
        groupes,
    )


def _valeur(v: float) -> str:
    return nombre(v) if v == int(v) else nombre(v, 1)
