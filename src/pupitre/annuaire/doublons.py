"""Cards that look alike: same address, or near name and nothing that separates them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction

from pupitre.annuaire.models import Distinction, Fonction, Personne
from pupitre.annuaire.selectors import du_conseil
from pupitre.territoires.models import Conseil

_PROCHE, _PREFIXE = 90, 3


@dataclass(frozen=True, slots=True)
class Connue:
    """What a card is compared by."""

    pk: int
    cle: str
    email: str
    organisations: frozenset[int]


@dataclass(frozen=True, slots=True)
class Paire:
    premiere: Personne
    seconde: Personne
    raison: str


def connues(conseil: Conseil) -> list[Connue]:
    tenues: dict[int, set[int]] = defaultdict(set)
    lues = Fonction.objects.filter(conseil=conseil, personne__isnull=False)
    for personne, organisation in lues.values_list("personne_id", "organisation_id"):
        tenues[personne].add(organisation)
    fiches = du_conseil(conseil).order_by("pk").values_list("pk", "cle", "email")
    return [Connue(pk, cle, email.lower(), frozenset(tenues[pk])) for pk, cle, email in fiches]


def ressemblance(a: Connue, b: Connue) -> str:
    """Why the two may be one person; empty when nothing says so."""
    from rapidfuzz import fuzz

    if a.email and a.email == b.email:
        return "même adresse électronique"
    if not a.cle or not b.cle:
        return ""
    if sorted(a.cle.split()) == sorted(b.cle.split()):
        return "même nom"
    commune = not a.organisations or not b.organisations or a.organisations & b.organisations
    if commune and fuzz.token_sort_ratio(a.cle, b.cle) >= _PROCHE:
        return "noms proches, même organisation" if a.organisations & b.organisations else "noms proches"
    return ""


class Registre:
    """The cards of a council by address and by beginning of each word, so that few pairs are compared."""

    def __init__(self, fiches: list[Connue]):
        self._par: dict[str, list[Connue]] = defaultdict(list)
        for fiche in fiches:
            for cle in _cles(fiche):
                self._par[cle].append(fiche)

    def ressemblantes(self, fiche: Connue) -> list[tuple[Connue, str]]:
        vues: dict[int, tuple[Connue, str]] = {}
        for cle in _cles(fiche):
            for autre in self._par.get(cle, ()):
                if autre.pk != fiche.pk and autre.pk not in vues and (raison := ressemblance(fiche, autre)):
                    vues[autre.pk] = (autre, raison)
        return sorted(vues.values(), key=lambda v: (v[1] != "même adresse électronique", v[0].pk))


def paires(fiches: list[Connue]) -> dict[tuple[int, int], str]:
    """Every two cards that look alike: the names are all compared, in one call, and few are left to look at."""
    import numpy as np
    from rapidfuzz import fuzz, process

    noms = [" ".join(sorted(f.cle.split())) for f in fiches]
    notes = process.cdist(noms, noms, scorer=fuzz.ratio, score_cutoff=_PROCHE, dtype=np.uint8)
    proches = [(int(i), int(j)) for i, j in np.argwhere(np.triu(notes, 1))]
    par_email: dict[str, list[int]] = defaultdict(list)
    for i, fiche in enumerate(fiches):
        if fiche.email:
            par_email[fiche.email].append(i)
    proches += [paire for groupe in par_email.values() for paire in combinations(groupe, 2)]
    trouvees = {}
    for i, j in proches:
        if raison := ressemblance(fiches[i], fiches[j]):
            trouvees[fiches[i].pk, fiches[j].pk] = raison
    return trouvees


def _cles(fiche: Connue) -> set[str]:
    """The whole word would miss an error; its beginning misses only an error in its first three letters,
    which the other words of the name make up for."""
    return {f"@{fiche.email}"} - {"@"} | {mot[:_PREFIXE] for mot in fiche.cle.split()}


def suggestions(conseil: Conseil) -> list[Paire]:
    """Pairs that nobody has merged nor told apart, surest first."""
    distinguees = set(
        Distinction.objects.filter(premiere__conseil=conseil).values_list("premiere", "seconde")
    )
    restantes = {c: r for c, r in paires(connues(conseil)).items() if c not in distinguees}
    cles = {pk for paire in restantes for pk in paire}
    fiches = Personne.objects.filter(pk__in=cles).in_bulk()
    rang = {"même adresse électronique": 0, "même nom": 1}
    return [
        Paire(fiches[a], fiches[b], raison)
        for (a, b), raison in sorted(restantes.items(), key=lambda p: (rang.get(p[1], 2), p[0]))
    ]


@transaction.atomic
def distinguer(*, une: Personne, autre: Personne) -> None:
    premiere, seconde = sorted((une, autre), key=lambda p: p.pk)
    Distinction.objects.get_or_create(premiere=premiere, seconde=seconde)
