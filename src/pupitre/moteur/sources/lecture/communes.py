"""Communes by the names people write: within a département, with notes, articles, abbreviations and mistakes.

The reference is data passed in: this room knows neither the official code nor a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pupitre.moteur.nomenclatures.libelles import cle

ARTICLES = frozenset({"le", "la", "les", "l"})
LIAISONS = frozenset(
    {
        "sur",
        "en",
        "les",
        "lez",
        "d",
        "de",
        "du",
        "des",
        "la",
        "le",
        "l",
        "aux",
        "au",
        "sous",
        "pres",
        "et",
        "a",
    }
)
ABREGES = {"st": "saint", "ste": "sainte", "2": "deux", "3": "trois", "4": "quatre"}
_ARTICLE_REJETE = re.compile(r"(.*?)\s*\((le|la|les|l['’])\)\s*\Z", re.IGNORECASE)
# A note is opened more often than it is closed.
_NOTE = re.compile(r"\([^)]*(?:\)|\Z)")
_PLUSIEURS = re.compile(r"\s*(?:/|\+|,|;|\s[-–]\s?|\bet\b|\s-|–)\s*", re.IGNORECASE)
_NUMERO = re.compile(r"(?<![a-z0-9])(2[ab]|97[1-8]|98[4-8]|\d\d)(?![a-z0-9])")
CANDIDATS = 3
VRAISEMBLABLE = 60.0
MOT_LONG, NOM_LONG = 5, 13


@dataclass(frozen=True, slots=True)
class CommuneDeReference:
    code: str
    nom: str
    departement: str


@dataclass(frozen=True, slots=True)
class Reconnaissance:
    """`code`: empty when nothing is sure; `candidats`: the likeliest communes then, best first."""

    code: str = ""
    candidats: tuple[CommuneDeReference, ...] = ()


@lru_cache(maxsize=65536)
def nom_comparable(texte: str) -> str:
    """ "St-Étienne/Mer (convention)" → "saint etienne mer": words alone, notes taken away."""
    rejete = _ARTICLE_REJETE.match(texte)
    if rejete:
        texte = f"{rejete[2]} {rejete[1]}"
    sans_note = _NOTE.sub(" ", texte)
    mots = re.findall(r"[a-z0-9]+", cle(sans_note if sans_note.strip() else texte))
    return " ".join(ABREGES.get(m, m) for m in mots)


def _sans_article(nom: str) -> str:
    premier, _, reste = nom.partition(" ")
    return reste if premier in ARTICLES and reste else nom


def _mots_pleins(nom: str) -> str:
    return " ".join(m for m in nom.split() if m not in LIAISONS)


class _Departement:
    """Names of one département, each made comparable."""

    def __init__(self, communes: Sequence[CommuneDeReference]) -> None:
        self.par_nom: dict[str, CommuneDeReference] = {}
        self._nus: dict[str, list[CommuneDeReference]] = {}
        self._pleins: dict[str, list[CommuneDeReference]] = {}
        for c in communes:
            nom = nom_comparable(c.nom)
            self.par_nom.setdefault(nom, c)
            self._nus.setdefault(_sans_article(nom), []).append(c)
            self._pleins.setdefault(_mots_pleins(nom), []).append(c)

    @cached_property
    def mots(self) -> dict[tuple[str, ...], CommuneDeReference]:
        return {tuple(nom.split()): c for nom, c in self.par_nom.items()}

    def exacte(self, nom: str) -> CommuneDeReference | None:
        if nom in self.par_nom:
            return self.par_nom[nom]
        for pareilles in (self._nus.get(_sans_article(nom), ()), self._pleins.get(_mots_pleins(nom), ())):
            if len(pareilles) == 1:
                return pareilles[0]
        return None

    def abregee(self, nom: str) -> CommuneDeReference | None:
        """The only name that these words begin, or that holds them ("Évry", "Courcouronnes")."""
        mots = tuple(_sans_article(nom).split())
        if len("".join(mots)) < 4:
            return None
        debuts = [c for m, c in self.mots.items() if m[: len(mots)] == mots or m[1 : len(mots) + 1] == mots]
        debuts = [
            c for c in debuts if tuple(_sans_article(nom_comparable(c.nom)).split())[: len(mots)] == mots
        ]
        if debuts:
            return debuts[0] if len(debuts) == 1 else None
        if len("".join(mots)) < 6:
            return None
        dedans = [c for m, c in self.mots.items() if any(m[i : i + len(mots)] == mots for i in range(len(m)))]
        return dedans[0] if len(dedans) == 1 else None

    def annotee(self, nom: str) -> CommuneDeReference | None:
        """A name followed by a note ("… Mutualisation"), or by a place that it does not bear today."""
        mots = tuple(nom.split())
        for n in range(len(mots) - 1, 0, -1):
            trouvee = self.exacte(" ".join(mots[:n]))
            if trouvee is None or len("".join(mots[:n])) < 4:
                continue
            if mots[n] not in LIAISONS:
                return trouvee
            pareilles = sum(1 for m in self.mots if m[:n] == mots[:n])
            return trouvee if pareilles <= 1 else None
        return None

    def mal_ecrite(self, nom: str) -> CommuneDeReference | None:
        """One letter wrong in a word, two in a long name; never the first one, and nothing else near."""
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        permis = 0 if len(nom) < 6 else 1 if len(nom) < NOM_LONG or " " not in nom else 2
        if not permis:
            return None
        proches = process.extract(
            nom, self.par_nom.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=permis + 1, limit=2
        )
        if not proches or proches[0][1] > permis or proches[0][0][0] != nom[0]:
            return None
        if len(proches) > 1 and proches[1][1] <= proches[0][1]:
            return None
        return self.par_nom[proches[0][0]]

    def candidats(self, nom: str, parties: Iterable[str]) -> tuple[CommuneDeReference, ...]:
        """Communes named among others, then those that share a long word, then those that look alike."""
        from rapidfuzz import fuzz, process

        nommees = [c for p in parties if (c := self.exacte(p)) is not None]
        longs = {m for m in nom.split() if len(m) >= MOT_LONG}
        communs = [c for mots, c in self.mots.items() if longs & set(mots)]
        proches = process.extract(
            nom, self.par_nom.keys(), scorer=fuzz.ratio, score_cutoff=VRAISEMBLABLE, limit=CANDIDATS
        )
        parents = communs if len(communs) <= CANDIDATS else []
        toutes = dict.fromkeys([*nommees, *parents, *(self.par_nom[p[0]] for p in proches)])
        return tuple(toutes)[: max(CANDIDATS, len(nommees))]


class CommunesConnues:
    """The reference of names, by département.

    Args:
        communes: every commune that a file may name.
        ici: départements where a name is looked for when its row does not say the département; none: everywhere.
        departements: code → name, to read the column of départements.
    """

    def __init__(
        self,
        communes: Iterable[CommuneDeReference],
        ici: Sequence[str] = (),
        departements: Mapping[str, str] | None = None,
    ) -> None:
        par_departement: dict[str, list[CommuneDeReference]] = {}
        for c in communes:
            par_departement.setdefault(c.departement, []).append(c)
        self.codes = {c.code: c for lot in par_departement.values() for c in lot}
        self._listes = par_departement
        self._prets: dict[str, _Departement] = {}
        self._noms = {nom_comparable(nom): code for code, nom in (departements or {}).items()}
        self.ici = tuple(ici)

    def departement(self, texte: str) -> str:
        """Code of the département that a cell names ("Ain (01)", "2B", "-74", "d’Armor (22)"), "" otherwise."""
        nom = nom_comparable(texte)
        if nom in self._noms:
            return self._noms[nom]
        for trouve in _NUMERO.findall(cle(texte)):
            if trouve.upper() in self._listes:
                return str(trouve.upper())
        return ""

    def reconnaitre(self, texte: str, departement: str = "") -> Reconnaissance:
        """The commune that a label names in that département, or in those of `ici`; in the whole country when
        there are none, provided that a single commune bears that very name.
        """
        ou = [departement] if departement else list(self.ici)
        nom = nom_comparable(texte)
        if not nom:
            return Reconnaissance()
        if not ou:
            homonymes = self._partout.get(nom, ())
            seule = homonymes[0].code if len(homonymes) == 1 else ""
            return Reconnaissance(seule, () if seule else tuple(homonymes[:CANDIDATS]))
        candidats: list[CommuneDeReference] = []
        trouvees: list[CommuneDeReference] = []
        for code in ou:
            prets = self._du(code)
            if prets is None:
                continue
            trouvee = _chercher(prets, texte, nom)
            if trouvee is not None:
                trouvees.append(trouvee)
            elif not trouvees:
                parties = [nom_comparable(p) for p in _PLUSIEURS.split(texte) if p.strip()]
                candidats += prets.candidats(nom, parties)
        if len(trouvees) == 1:
            return Reconnaissance(trouvees[0].code)
        return Reconnaissance("", tuple(trouvees or candidats))

    @cached_property
    def _partout(self) -> dict[str, list[CommuneDeReference]]:
        par_nom: dict[str, list[CommuneDeReference]] = {}
        for c in self.codes.values():
            par_nom.setdefault(nom_comparable(c.nom), []).append(c)
        return par_nom

    def _du(self, code: str) -> _Departement | None:
        if code not in self._listes:
            return None
        if code not in self._prets:
            self._prets[code] = _Departement(self._listes[code])
        return self._prets[code]


def _chercher(prets: _Departement, texte: str, nom: str) -> CommuneDeReference | None:
    sur = nom_comparable(re.sub(r"\s*/\s*", " sur ", texte)) if "/" in texte else nom
    exacte = prets.exacte(nom) or prets.exacte(sur)
    if exacte is not None:
        return exacte
    # Several communes in one cell: who shares what is for a person to say.
    parties = [p for p in (nom_comparable(p) for p in _PLUSIEURS.split(texte)) if p]
    if len([p for p in parties if prets.exacte(p) is not None]) > 1:
        return None
    return prets.abregee(nom) or prets.mal_ecrite(sur) or prets.mal_ecrite(nom) or prets.annotee(nom)
