"""Collecting everything that one reader obtains: pages, filters, exports, documents."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.test import Client
from lxml import html

BACKEND = "django.contrib.auth.backends.ModelBackend"
_HORS = ("/deconnexion", "/statique/", "/apparence", "/connexion")
# People, séances and decisions: each page is opened, but no filter draws a figure of a partner from their lists.
_SANS_CHIFFRE = frozenset({"annuaire", "seances", "decisions", "rechercher"})
_TYPES = {
    "text/html": "html",
    "text/csv": "csv",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


@dataclass(frozen=True)
class Prise:
    """One answer. `type`: html, csv, xlsx, pdf, json, or empty for the rest."""

    adresse: str
    type: str
    contenu: bytes


@dataclass(frozen=True)
class Bornes:
    """How far to go.

    Attributes:
        pages: at most so many answers.
        valeurs: which options of a filter (its name, its values) are tried; all by default.
        croiser: filters whose values are combined; the others vary one at a time.
        oublier: filters left to their default when others vary: the page says them again elsewhere.
        suivre: addresses that are followed.
        meme: what an address asks, in the end: of two that ask the same, the first is opened.
    """

    pages: int = 100_000
    valeurs: Callable[[str, list[str]], list[str]] = lambda nom, valeurs: valeurs
    croiser: tuple[str, ...] = ("source", "territoire")
    oublier: tuple[str, ...] = ("comparer",)
    suivre: Callable[[str], bool] = lambda adresse: True
    meme: Callable[[str], str] = lambda adresse: adresse


def est_un_tri(adresse: str) -> bool:
    """A list without figures, filtered: its pages say nothing more."""
    parties = urlsplit(adresse)
    return bool(parties.query) and bool(_SANS_CHIFFRE & set(parties.path.split("/")))


def client(compte=None) -> Client:
    navigateur = Client(SERVER_NAME="localhost")
    if compte is not None:
        navigateur.force_login(compte, backend=BACKEND)
    return navigateur


def parcourir(navigateur: Client, departs: Iterable[str], bornes: Bornes | None = None) -> Iterator[Prise]:
    """Follow every link and every GET form from `departs`; only GET: an attacker of figures writes nothing.

    What is refused is not obtained: it is left out.
    """
    bornes = bornes or Bornes()
    a_voir = deque(_canonique(d) for d in departs)
    vues = {bornes.meme(d) for d in a_voir}
    pages = 0
    while a_voir and pages < bornes.pages:
        adresse = a_voir.popleft()
        reponse = navigateur.get(adresse, follow=True)
        contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        pages += 1
        if reponse.status_code != 200:
            continue
        genre = _TYPES.get(reponse.headers.get("Content-Type", "").partition(";")[0], "")
        yield Prise(adresse, genre, contenu)
        if genre != "html" or not contenu.lstrip().lower().startswith(b"<!doctype"):
            continue
        for suite in _suites(adresse, html.fromstring(contenu.decode()), bornes):
            demande = bornes.meme(suite)
            if demande not in vues and bornes.suivre(suite):
                vues.add(demande)
                a_voir.append(suite)


def _suites(adresse: str, page, bornes: Bornes) -> Iterator[str]:
    for lien in page.iterfind(".//a[@href]"):
        cible = urljoin(adresse, lien.get("href"))
        parties = urlsplit(cible)
        if (
            parties.scheme in ("", "http", "https")
            and parties.netloc in ("", "localhost")
            and not parties.path.startswith(_HORS)
        ):
            yield _canonique(cible)
    for formulaire in page.iterfind(".//form"):
        if (formulaire.get("method") or "get").lower() == "get":
            yield from _combinaisons(adresse, formulaire, bornes)


def _combinaisons(adresse: str, formulaire, bornes: Bornes) -> Iterator[str]:
    """Addresses that a GET form can lead to, one filter at a time but for those that are crossed."""
    choix: dict[str, list[str]] = {}
    actuels: dict[str, str] = {}
    for liste in formulaire.iterfind(".//select"):
        nom = liste.get("name")
        options = list(liste.iterfind(".//option"))
        valeurs = [o.get("value", "") for o in options]
        choisie = next((o.get("value", "") for o in options if o.get("selected") is not None), valeurs[:1])
        if nom not in bornes.oublier:
            actuels[nom] = choisie if isinstance(choisie, str) else "".join(choisie)
        choix[nom] = bornes.valeurs(nom, valeurs)
    for case in formulaire.iterfind(".//input[@type='checkbox']"):
        choix.setdefault(case.get("name"), []).append(case.get("value", "on"))
    base = urljoin(adresse, formulaire.get("action") or "").partition("?")[0]
    croises = [n for n in bornes.croiser if n in choix]
    for valeurs in product(*(choix[n] for n in croises)):
        yield _avec(base, actuels | dict(zip(croises, valeurs, strict=True)))
    for nom, valeurs in choix.items():
        if nom not in croises:
            for valeur in valeurs:
                yield _avec(base, actuels | {nom: valeur})


def _avec(base: str, question: dict[str, str]) -> str:
    return _canonique(f"{base}?{urlencode({k: v for k, v in question.items() if v})}")


def _canonique(adresse: str) -> str:
    """The same page has one address: parameters sorted, fragment dropped."""
    parties = urlsplit(adresse)
    question = urlencode(sorted(parse_qsl(parties.query)))
    return parties.path + (f"?{question}" if question else "")
