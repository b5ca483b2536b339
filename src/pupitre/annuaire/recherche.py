"""Tolerant search: accents, order of words, beginnings of words, typing errors.

Private numbers and working notes are never searched: who may not read them could guess them by searching.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pupitre.annuaire.models import Fonction, Personne
from pupitre.socle.recherche import EXACT, proches
from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Conseil

_LONGUEUR_DE_NUMERO = 4
_CHIFFRES = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class Trouvee:
    personne: int
    score: float


def chercher(conseil: Conseil, q: str, jour: date) -> list[Trouvee]:
    """Cards that hold every word of `q`, best first. Every card that is alive is looked at: two queries."""
    mots = cle_de_recherche(q).split()
    fiches = list(
        Personne.objects.vivantes().filter(conseil=conseil).values_list("pk", "cle", "email", "telephone")
    )
    numero = _CHIFFRES.sub("", q)
    if len(numero) >= _LONGUEUR_DE_NUMERO and not re.search(r"[^\W\d_]", q):
        return [Trouvee(pk, EXACT) for pk, _, _, tel in fiches if numero in _CHIFFRES.sub("", tel)]
    if not mots:
        return []
    porteurs: dict[str, set[int]] = defaultdict(set)
    for pk, cle, email, _ in fiches:
        for mot in {*cle.split(), *cle_de_recherche(email).split()}:
            porteurs[mot].add(pk)
    for pk, mots_tenus in _mots_des_fonctions(conseil, jour):
        for mot in mots_tenus:
            porteurs[mot].add(pk)
    return _tous_les_mots(mots, porteurs, {pk for pk, *_ in fiches})


def _mots_des_fonctions(conseil: Conseil, jour: date) -> Iterable[tuple[int, set[str]]]:
    tenues = (
        Fonction.objects.as_of(jour)
        .filter(conseil=conseil, personne__isnull=False)
        .values_list("personne_id", "intitule", "organisation__nom", "service__nom")
    )
    lus: dict[str, set[str]] = {}
    for pk, *textes in tenues:
        mots: set[str] = set()
        for texte in filter(None, textes):
            if texte not in lus:
                lus[texte] = set(cle_de_recherche(texte).split())
            mots |= lus[texte]
        yield pk, mots


def _tous_les_mots(mots: list[str], porteurs: dict[str, set[int]], vivantes: set[int]) -> list[Trouvee]:
    scores: dict[int, float] | None = None
    for mot in mots:
        du_mot: dict[int, float] = {}
        for connu, score in proches(mot, porteurs).items():
            for pk in porteurs[connu] & vivantes:
                du_mot[pk] = max(du_mot.get(pk, 0), score)
        scores = du_mot if scores is None else {p: scores[p] + du_mot[p] for p in scores.keys() & du_mot}
    return sorted(
        (Trouvee(pk, score) for pk, score in (scores or {}).items()), key=lambda t: (-t.score, t.personne)
    )
