"""Searching as people type: beginnings of words, in any order, without accents, and what a misspelt word may mean.

A shelf (`Rayon`) is one kind of thing, already cut down to what one person may see: what is not on it is in no
result, no count and no correction. Candidates are found by SQL on normalised keys, or in memory for short shelves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Protocol

from django.db.models import Aggregate, Q, QuerySet, TextField, Value

from pupitre.socle.texte import cle_de_recherche

MOTS_MAX, LONGUEUR_MAX = 8, 120
EXACT, DEBUT = 100.0, 95.0
_SEUIL, _LONGUEUR_FAUTIVE, _PROCHES_MAX = 80, 4, 4
_NUMERO = re.compile(r"(?<![\d/.-])(\d{4})\s?[-–]\s?(\d{1,4})(?![\d/.–-])")
_JOUR = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?![\d/.-])")
_JOUR_ISO = re.compile(r"(?<![\d/.-])(\d{4})-(\d{2})-(\d{2})(?![\d/.-])")
_TELEPHONE = re.compile(r"(?:\+33|0)(?:[ .\u202f\u00a0-]?\d){8,9}")
_MOT = re.compile(r"[^\W_]+")
_VIDES = frozenset(
    ("au", "aux", "ce", "ces", "de", "des", "du", "en", "est", "et", "la", "le", "les", "ou", "par", "pour", "que",
     "qui", "se", "sur", "un", "une")
)  # fmt: skip

# A pure function of short texts that come back at each search: names, titles, words of an extract.
cle = lru_cache(maxsize=65_536)(cle_de_recherche)


@dataclass(frozen=True, slots=True)
class Mot:
    """`texte`: as typed, normalised. `formes`: what is looked for, each as the beginning of a word.

    A date or a number (« 2026-31 ») is one word made of several, and ends with a space: it is looked for whole.
    """

    texte: str
    formes: tuple[str, ...]

    @property
    def corrigeable(self) -> bool:
        return len(self.texte) >= _LONGUEUR_FAUTIVE and not any(c.isdigit() for c in self.texte)


@dataclass(frozen=True, slots=True)
class Question:
    saisie: str = ""
    mots: tuple[Mot, ...] = ()

    @classmethod
    def lire(cls, saisie: str) -> Question:
        """The words that count: little words and single letters only when there is nothing else."""
        saisie = " ".join(saisie[:LONGUEUR_MAX].split())
        if _TELEPHONE.fullmatch(saisie):
            chiffres = chiffres_de(saisie)
            return cls(saisie, (Mot(chiffres, (chiffres,)),))
        reste, mots = saisie, []
        for motif, ecrire in ((_JOUR_ISO, _jour_iso), (_JOUR, _jour), (_NUMERO, _numero)):
            mots += [ecrire(*t.groups()) for t in motif.finditer(reste)]
            reste = motif.sub(" ", reste)
        tous = [m for m in cle_de_recherche(reste).split() if len(m) > 1 or m.isdigit()]
        pleins = [m for m in tous if m not in _VIDES]
        mots += [_mot(m) for m in (pleins or ([] if mots else tous))]
        return cls(saisie, tuple(dict.fromkeys(mots))[:MOTS_MAX])

    @property
    def formes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f for m in self.mots for f in m.formes))


def _mot(texte: str) -> Mot:
    """A plural finds its singular: "caméras" looks for what begins with "camera"."""
    return Mot(texte, (_singulier(texte),))


def _singulier(mot: str) -> str:
    return mot[:-1] if len(mot) >= 5 and mot[-1] in "sx" else mot


def chiffres_de(telephone: str) -> str:
    """ "+33 1 49 80 12 34", "01.49.80.12.34" → "0149801234"."""
    chiffres = re.sub(r"\D", "", telephone)
    return f"0{chiffres[2:]}" if telephone.lstrip().startswith("+33") else chiffres


def _jour(jour: str, mois: str, annee: str) -> Mot:
    texte = f"{int(jour):02} {int(mois):02} {annee}"
    return Mot(texte, (f"{texte} ",))


def _jour_iso(annee: str, mois: str, jour: str) -> Mot:
    return _jour(jour, mois, annee)


def _numero(annee: str, rang: str) -> Mot:
    """Decisions are numbered 2026-05, minutes 2026-005: both are the fifth."""
    rangs = dict.fromkeys((rang, f"{int(rang):02}", f"{int(rang):03}"))
    return Mot(f"{annee} {rang}", tuple(f"{annee} {r} " for r in rangs))


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of thing, in words."""

    cle: str
    singulier: str
    pluriel: str

    def nomme_par(self, mot: Mot) -> bool:
        """« décision éclairage »: the first word says the kind, and is not looked for in it."""
        return mot.texte in {*cle(self.singulier).split(), *cle(self.pluriel).split()} - _VIDES


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """One line of the answer. `page` and `arguments`: the URL name and what it takes besides the council.

    Attributes:
        formes: beginnings of the words to be marked. `ton`: the colour of meaning of `etat`.
    """

    page: str
    arguments: Mapping[str, Any]
    titre: str
    precision: str = ""
    extrait: str = ""
    etat: str = ""
    ton: str = ""
    requete: str = ""
    formes: tuple[str, ...] = ()
    note: float = 0.0


@dataclass(frozen=True, slots=True)
class Lot:
    """What one shelf answers. `approche`: nothing in it is written as it was asked."""

    genre: Genre
    total: int = 0
    trouvailles: tuple[Trouvaille, ...] = ()
    approche: bool = False

    @property
    def note(self) -> float:
        return max((t.note for t in self.trouvailles), default=0.0)


class Rayon(Protocol):
    @property
    def genre(self) -> Genre: ...

    def trouver(self, question: Question, limite: int, depuis: int = 0) -> Lot: ...

    def lexique(self) -> Iterable[str]:
        """The normalised texts that it is searched by, for corrections."""
        ...


# What a word is worth by where it is found: an average over the words ranks lines, and kinds among themselves.
NOM, NOM_DEBUT = 10, 8
TITRE, TITRE_DEBUT = 7, 5
TEXTE, TEXTE_DEBUT = 4, 3
LIE, APPROCHE = 2, 1


def debute(champ: str, mot: Mot, *, marges: bool = True) -> Q:
    """A word of that key begins so. `marges`: the key is written between two spaces, as `Cherchable` does."""
    return _ou(
        Q(**{f"{champ}__contains": f" {f}"}) | (Q() if marges else Q(**{f"{champ}__startswith": f}))
        for f in mot.formes
    )


def porte(texte: str, mot: Mot) -> bool:
    """The same of a normalised text in hand."""
    return any(f" {f}" in f" {texte} " for f in mot.formes)


def peser(texte: str, mot: Mot, entier: int = TITRE, debut: int = TITRE_DEBUT) -> int:
    """What that word is worth in a normalised text: whole, as a beginning, or not there (0)."""
    texte = f" {texte} "
    if any(f" {f} " in texte for f in (mot.texte, *mot.formes)):
        return entier
    return debut if any(f" {f}" in texte for f in mot.formes) else 0


def _ou(conditions: Iterable[Q]) -> Q:
    toutes = list(conditions)
    return reduce(or_, toutes) if toutes else Q(pk__in=())


class _Reunis(Aggregate):
    """Many texts in one, apart by a space: a single row to read."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def __init__(self, champ: str):
        super().__init__(champ, Value(" "))

    def as_postgresql(self, compiler, connection, **options):
        return self.as_sql(compiler, connection, function="STRING_AGG", **options)


def reunir(objets: QuerySet, champ: str = "cle") -> str:
    """Every text of that column."""
    return objets.order_by().aggregate(tous=_Reunis(champ))["tous"] or ""


@dataclass(frozen=True, slots=True)
class RayonEnBase:
    """A long shelf: its lines are found by SQL in one query, ranked by their keys, and the few to be shown are dressed.

    Attributes:
        objets: what the person may see, and may search; in order, among equals.
        cles: paths of the normalised keys. `peser`: what a word is worth in them; 0 means that it is found elsewhere.
        lies: where else a word may be.
        habiller: lines to show, by primary key, for these keys.
        textes: for the lexicon, the normalised texts by which these objects are found.
    """

    genre: Genre
    objets: QuerySet
    habiller: Callable[[list[Any], Question], Mapping[Hashable, Trouvaille]]
    peser: Callable[[Mot, Sequence[str]], int] = lambda mot, cles: peser(cles[0], mot)
    cles: tuple[str, ...] = ("cle",)
    marges: bool = True
    lies: Callable[[Mot], Q] = lambda mot: Q()
    textes: Callable[[QuerySet], Iterable[str]] = lambda objets: [reunir(objets)]

    def trouver(self, question: Question, limite: int, depuis: int = 0) -> Lot:
        cherches = [m for m in question.mots if not self.genre.nomme_par(m)]
        objets = self.objets
        for mot in cherches:
            ici = _ou(debute(c, mot, marges=self.marges) for c in self.cles)
            objets = objets.filter(ici | self.lies(mot))
        acquis, n = TITRE * (len(question.mots) - len(cherches)), len(question.mots)
        notes = [
            (acquis + sum(self.peser(m, cles) or LIE for m in cherches), pk)
            for pk, *cles in objets.values_list("pk", *self.cles)
        ]
        notes.sort(key=lambda note: -note[0])
        montres = notes[depuis : depuis + limite]
        lignes = self.habiller([pk for _, pk in montres], question) if montres else {}
        return Lot(
            self.genre,
            len(notes),
            tuple(_noter(lignes[pk], note / n, question) for note, pk in montres if pk in lignes),
            approche=bool(notes) and notes[0][0] <= APPROCHE * n,
        )

    def lexique(self) -> Iterable[str]:
        return self.textes(self.objets)


def _noter(trouvaille: Trouvaille, note: float, question: Question) -> Trouvaille:
    return replace(trouvaille, note=note, formes=trouvaille.formes or question.formes)


@dataclass(frozen=True, slots=True)
class Element:
    """A line of a short shelf, with the normalised texts by which it is found.

    `objet`: what its line is made from when it is shown; `corps`: what an extract is cut from.
    """

    objet: Any
    titre: str
    texte: str = ""
    corps: str = ""


@dataclass(slots=True)
class RayonEnMemoire:
    """A short shelf: all of it is looked at. `elements` is asked once; `habiller` makes the lines to show, in order."""

    genre: Genre
    elements: Callable[[], Sequence[Element]]
    nom: bool = False
    habiller: Callable[[list[Any]], Iterable[Trouvaille]] = list
    _lus: Sequence[Element] | None = field(default=None, init=False)

    def _tous(self) -> Sequence[Element]:
        if self._lus is None:
            self._lus = self.elements()
        return self._lus

    def trouver(self, question: Question, limite: int, depuis: int = 0) -> Lot:
        cherches = [m for m in question.mots if not self.genre.nomme_par(m)]
        acquis = TITRE * (len(question.mots) - len(cherches))
        notes = []
        for element in self._tous():
            note = acquis
            for mot in cherches:
                poids = self._poids(element, mot)
                if not poids:
                    break
                note += poids
            else:
                notes.append((note / len(question.mots), element))
        notes.sort(key=lambda n: -n[0])
        montres = notes[depuis : depuis + limite]
        lignes = self.habiller([e.objet for _, e in montres]) if montres else ()
        return Lot(
            self.genre,
            len(notes),
            tuple(
                _noter(self._citer(ligne, e, question), n, question)
                for (n, e), ligne in zip(montres, lignes, strict=True)
            ),
        )

    def _citer(self, ligne: Trouvaille, element: Element, question: Question) -> Trouvaille:
        """With an extract, when what was looked for is in its body."""
        if not element.corps or not any(porte(cle(element.corps), m) for m in question.mots):
            return ligne
        return replace(ligne, extrait=extrait(element.corps, question.formes))

    def _poids(self, element: Element, mot: Mot) -> int:
        entier, debut = (NOM, NOM_DEBUT) if self.nom else (TITRE, TITRE_DEBUT)
        return peser(element.titre, mot, entier, debut) or (TEXTE_DEBUT if porte(element.texte, mot) else 0)

    def lexique(self) -> Iterable[str]:
        return (t for e in self._tous() for t in (e.titre, e.texte) if t)


@dataclass(frozen=True, slots=True)
class Reponse:
    """
    Attributes:
        question: the one that is answered: as asked, or corrected when that found nothing.
        connus: when nothing at all is found, those of its words that something holds.
        dite: the corrected question, in words.
    """

    question: Question
    lots: tuple[Lot, ...] = ()
    corrigee: bool = False
    connus: tuple[str, ...] = ()
    dite: str = ""

    @property
    def total(self) -> int:
        return sum(lot.total for lot in self.lots)


def repondre(
    question: Question, rayons: Sequence[Rayon], *, limite: int, genre: str = "", depuis: int = 0
) -> Reponse:
    """All the shelves, or the one asked, the best lots first; misspelt words are corrected only if nothing is found."""
    if not question.mots:
        return Reponse(question)
    choisis = [r for r in rayons if r.genre.cle == genre] if genre else list(rayons)
    lots = _interroger(question, choisis, limite, depuis)
    if any(not lot.approche for lot in lots):
        return Reponse(question, lots)
    if len(question.mots) == 1 and not question.mots[0].corrigeable:
        return Reponse(question, lots)
    lexique = Lexique.lire(texte for r in rayons for texte in r.lexique())
    corrigee = corriger(question, lexique)
    if corrigee != question:
        corriges = _interroger(corrigee, choisis, limite, depuis)
        if corriges:
            return Reponse(corrigee, corriges, corrigee=True, dite=_dite(question, corrigee, corriges))
    seuls = tuple(m.texte for m in question.mots if lexique.connait(m)) if len(question.mots) > 1 else ()
    return Reponse(question, lots, connus=seuls)


def _interroger(question: Question, rayons: Sequence[Rayon], limite: int, depuis: int) -> tuple[Lot, ...]:
    lots = [lot for lot in (r.trouver(question, limite, depuis) for r in rayons) if lot.total]
    return tuple(sorted(lots, key=lambda lot: -lot.note))


@dataclass(frozen=True, slots=True)
class Lexique:
    """Every word that the shelves are searched by, as one text: looked through at the speed of the machine."""

    texte: str
    mots: frozenset[str]

    @classmethod
    def lire(cls, textes: Iterable[str]) -> Lexique:
        texte = f" {' '.join(textes)} "
        mots = frozenset(texte.split())
        return cls(texte, mots | {_singulier(m) for m in mots})

    def connait(self, mot: Mot) -> bool:
        return any(f" {f}" in self.texte for f in mot.formes)

    def proches(self, mot: Mot) -> tuple[str, ...]:
        """The few words that it may mean: the nearest first, then those that come back most."""
        trouves = proches(mot.texte, self.mots).items()
        tries = sorted((-note, -self.texte.count(f" {m}"), m) for m, note in trouves)
        return tuple(m for *_, m in tries[:_PROCHES_MAX])


def corriger(question: Question, lexique: Lexique) -> Question:
    """Each word that nothing holds becomes what it may mean; when all are held, but never together, all are widened."""
    inconnus = {m for m in question.mots if not lexique.connait(m)}
    mots = []
    for mot in question.mots:
        if not mot.corrigeable or (inconnus and mot not in inconnus):
            mots.append(mot)
            continue
        formes = lexique.proches(mot)
        if mot not in inconnus or not formes:
            formes = tuple(dict.fromkeys((*mot.formes, *formes)))
        mots.append(replace(mot, formes=formes))
    return replace(question, mots=tuple(mots))


def _dite(question: Question, corrigee: Question, lots: Sequence[Lot]) -> str:
    """The question that is answered, its corrected words as they are really written in what was found."""
    ecrits: dict[str, str] = {}
    lus = (f"{t.titre} {t.extrait} {t.precision}" for lot in lots for t in lot.trouvailles)
    for mot in _MOT.findall(_nfc(" ".join(lus))):
        if mot.islower() or cle(mot) not in ecrits:
            ecrits[cle(mot)] = mot
    tapes = {cle(m): m for m in _MOT.findall(_nfc(question.saisie))}
    dits = []
    for avant, apres in zip(question.mots, corrigee.mots, strict=True):
        nouvelles = [f for f in apres.formes if f not in avant.formes]
        vus = [next((ecrits[m] for m in sorted(ecrits) if m.startswith(f)), "") for f in nouvelles]
        gardes = [*filter(None, vus)] or [tapes.get(avant.texte, avant.texte)]
        dits.append(" ou ".join(dict.fromkeys(gardes)))
    return " ".join(dits)


def proches(mot: str, connus: Iterable[str]) -> dict[str, float]:
    """Known words that `mot` may mean: itself, what it begins, and, from four letters on, what it misspells."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    connus = list(connus)
    trouves = {c: (EXACT if c == mot else DEBUT) for c in connus if c.startswith(mot)}
    if len(mot) >= _LONGUEUR_FAUTIVE and not mot.isdigit():
        seuil = max(1, round(len(mot) * (100 - _SEUIL) / 100))
        lus = process.extract(mot, connus, scorer=DamerauLevenshtein.distance, score_cutoff=seuil, limit=None)
        for connu, distance, _ in lus:
            trouves.setdefault(connu, 90.0 - 10 * distance)
    return trouves


def marquer(texte: str, formes: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each is a word that was looked for."""
    texte, debuts, entiers = _nfc(texte), [], set()
    for forme in formes:
        if " " in forme:
            entiers.update(forme.split())
        else:
            debuts.append(forme)
    morceaux, fin = [], 0
    for trouve in _MOT.finditer(texte):
        mot = cle(trouve[0])
        if not (mot in entiers or any(mot.startswith(d) for d in debuts)):
            continue
        if trouve.start() > fin:
            morceaux.append((texte[fin : trouve.start()], False))
        morceaux.append((trouve[0], True))
        fin = trouve.end()
    if fin < len(texte):
        morceaux.append((texte[fin:], False))
    return morceaux


def extrait(texte: str, formes: Sequence[str], largeur: int = 220) -> str:
    """The part of a long text around the words that were looked for; its beginning if they are not there."""
    texte = _nfc(" ".join(texte.split()))
    if len(texte) <= largeur:
        return texte
    marques, place = [], 0
    for morceau, marque in marquer(texte, formes):
        if marque:
            marques.append(place)
        place += len(morceau)
    debut = max(marques, key=lambda m: sum(m <= n < m + largeur * 2 // 3 for n in marques), default=0)
    debut = max(0, min(debut - largeur // 4, len(texte) - largeur))
    debut = 0 if debut == 0 else texte.find(" ", debut) + 1
    fin = len(texte) if debut + largeur >= len(texte) else texte.rfind(" ", debut, debut + largeur)
    fin = fin if fin > debut else debut + largeur
    return ("… " if debut else "") + texte[debut:fin] + (" …" if fin < len(texte) else "")


def _nfc(texte: str) -> str:
    return unicodedata.normalize("NFC", texte)
