"""Reading what was collected: every table and every drawing, whatever carries it, as blocks of cells."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lxml import html

from outils.attaque.parcours import Prise

_ESPACES = re.compile(r"[\s\u00a0\u202f\u2007\u2009]+")


@dataclass(frozen=True)
class Bloc:
    """A table as somebody reads it. `meta`: titre, perimetre, periode, source, as they are written beside it."""

    adresse: str
    support: str
    meta: dict[str, str]
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]


def blocs(prise: Prise) -> Iterator[Bloc]:
    if prise.type == "csv":
        yield from _csv(prise)
    elif prise.type == "xlsx":
        yield from _xlsx(prise)
    elif prise.type == "html":
        yield from _html(prise)
    elif prise.type == "pdf":
        yield from _pdf(prise)
    elif prise.type == "api":
        yield from _api(prise)


def propre(texte: object) -> str:
    return _ESPACES.sub(" ", str(texte)).strip()


_META = {
    "Titre": "titre",
    "Unité de compte": "unite",
    "Périmètre": "perimetre",
    "Période": "periode",
    "Source": "source",
}


def _csv(prise: Prise) -> Iterator[Bloc]:
    """Our CSV: pairs « key;value », an empty row, headings, rows, an empty row."""
    texte = prise.contenu.decode("utf-8-sig")
    groupes: list[list[list[str]]] = [[]]
    for rangee in csv.reader(io.StringIO(texte), delimiter=";"):
        if rangee:
            groupes[-1].append([propre(c) for c in rangee])
        elif groupes[-1]:
            groupes.append([])
    for avant, apres in pairwise(groupes):
        meta = {_META[r[0]]: r[1] for r in avant if len(r) == 2 and r[0] in _META}
        if "titre" in meta and len(apres) > 1:
            yield Bloc(prise.adresse, "csv", meta, tuple(apres[0]), tuple(tuple(r) for r in apres[1:]))
    publique = next((g for g in groupes if g and g[0][:2] == ["Source", "Producteur"]), None)
    if publique:
        yield Bloc(prise.adresse, "csv", {}, tuple(publique[0]), tuple(tuple(r) for r in publique[1:]))


def _xlsx(prise: Prise) -> Iterator[Bloc]:
    """Sheets of figures in the order of the blocks of the sheet « Lecture »."""
    import openpyxl

    classeur = openpyxl.load_workbook(io.BytesIO(prise.contenu), read_only=True)
    feuilles, notes = [], []
    for feuille in classeur.worksheets:
        rangees = [[_cellule(c) for c in r] for r in feuille.iter_rows(values_only=True)]
        if feuille.title == "Lecture":
            notes = rangees
        elif feuille.title != "À lire d’abord":
            feuilles.append(rangees)
    metas: list[dict[str, str]] = []
    for rangee in notes:
        if rangee[:1] == ["Titre"]:
            metas.append({})
        if metas and len(rangee) >= 2 and rangee[0] in _META:
            metas[-1].setdefault(_META[rangee[0]], rangee[1])
    for meta, rangees in zip(metas, feuilles, strict=False):
        if len(rangees) > 1:
            yield Bloc(prise.adresse, "xlsx", meta, tuple(rangees[0]), tuple(tuple(r) for r in rangees[1:]))


def _api(prise: Prise) -> Iterator[Bloc]:
    """An answer of the API: a series by period, or one row whose columns are named periods."""
    dit = json.loads(prise.contenu)
    if not dit.get("lignes") or not dit.get("sources"):
        return
    meta = {cle: propre(dit[cle]) for cle in ("titre", "unite", "perimetre", "periode")}
    meta["source"] = propre(dit["sources"][0]["libelle"])
    colonnes = {c["cle"]: propre(c["libelle"]) for c in dit["colonnes"]}
    lignes = [{cle: _dite(ligne[cle]) for cle in colonnes} for ligne in dit["lignes"]]
    if "debut" in colonnes:
        rangees = [(date.fromisoformat(li["debut"]).strftime("%d/%m/%Y"), li["n"]) for li in lignes]
        yield Bloc(prise.adresse, "api", meta, ("Période", "Nombre"), tuple(rangees))
        return
    indicateur = meta["titre"].removesuffix(", par semestre")
    rangees = [(indicateur, *li.values()) for li in lignes]
    yield Bloc(prise.adresse, "api", meta, ("Nature", *colonnes.values()), tuple(rangees))


def _dite(valeur: object) -> str:
    return "n. d." if isinstance(valeur, dict) else _cellule(valeur)


def _cellule(valeur: object) -> str:
    if valeur is None:
        return ""
    if hasattr(valeur, "strftime"):
        return valeur.strftime("%d/%m/%Y")
    if isinstance(valeur, float):
        return format(valeur, ".15g").replace(".", ",")
    return propre(valeur)


def _html(prise: Prise) -> Iterator[Bloc]:
    if not prise.contenu.lstrip().lower().startswith(b"<!doctype"):
        return
    page = html.fromstring(prise.contenu.decode())
    # A ranking's caption says « les secteurs »: what it ranks is the figure chosen at the head of the page.
    choisi = page.find(".//article[@class='chiffre choisi']//*[@class='nom']")
    commun = {"indicateur": propre("".join(choisi.itertext()))} if choisi is not None else {}
    for table in page.iterfind(".//table"):
        titre = propre("".join(table.find("caption").itertext())) if table.find("caption") is not None else ""
        entetes = tuple(propre("".join(c.itertext())) for c in table.iterfind(".//thead/tr/*"))
        lignes = tuple(
            tuple(propre("".join(c.itertext())) for c in rangee) for rangee in table.iterfind(".//tbody/tr")
        )
        yield Bloc(prise.adresse, "page", commun | {"titre": titre} | _alentour(table), entetes, lignes)
    for dessin in page.iterfind(".//svg"):
        yield from _svg(prise, dessin, commun)
    yield from _chiffres(prise, page)


def _alentour(element) -> dict[str, str]:
    """The provenance written in the same section, else in the first one of the page: unit, perimeter, source."""
    section = element
    while section is not None and section.tag not in ("section", "article", "main"):
        section = section.getparent()
    if section is None:
        return {}
    paragraphes = section.findall(".//p[@class='provenance']")
    if not paragraphes:
        paragraphes = section.getroottree().getroot().findall(".//p[@class='provenance']")[:1]
    meta: dict[str, str] = {}
    for paragraphe in paragraphes:
        morceaux = [propre("".join(s.itertext())) for s in paragraphe.iterfind("span")]
        for morceau in morceaux:
            cle, _, valeur = morceau.partition(" : ")
            if valeur and cle in ("Unité", "Source"):
                meta["unite" if cle == "Unité" else "source"] = valeur
            elif not valeur:
                meta["perimetre"] = morceau
    return meta


def _svg(prise: Prise, dessin, commun: dict[str, str]) -> Iterator[Bloc]:
    """Each mark of a drawing says its own label and value: « Lac : 6,8 incidents pour 1 000 habitants »."""
    titre = dessin.find("title")
    marques = []
    for point in dessin.iterfind(".//g/title"):
        libelle, _, valeur = propre(point.text or "").rpartition(" : ")
        if libelle:
            marques.append((libelle, valeur))
    if titre is not None and marques:
        yield Bloc(
            prise.adresse,
            "dessin",
            commun | {"titre": propre(titre.text or "")} | _alentour(dessin),
            ("Repère", "Valeur dessinée"),
            tuple(marques),
        )


def _chiffres(prise: Prise, page) -> Iterator[Bloc]:
    """The figures at the head of a dashboard, each with its definition list."""
    for carte in page.iterfind(".//article[@class]"):
        if "chiffre" not in carte.get("class", "").split():
            continue
        fiche = {
            propre("".join(d.find("dt").itertext())): propre("".join(d.find("dd").itertext()))
            for d in carte.iterfind(".//dl/div")
        }
        valeur = carte.find(".//span[@class='valeur']")
        nom = carte.find(".//*[@class='nom']")
        if valeur is None or nom is None or "Période" not in fiche:
            continue
        meta = {
            "titre": propre("".join(nom.itertext())),
            "perimetre": fiche.get("Périmètre", ""),
            "source": fiche.get("Source", ""),
            "periode": fiche["Période"],
        }
        yield Bloc(
            prise.adresse,
            "chiffre",
            meta,
            ("Période", "Nombre"),
            ((fiche["Période"], propre("".join(valeur.itertext()))),),
        )


_RECU = re.compile(r"^(?P<source>.+?), reçu le \d.*? \d{4}\. (?P<perimetre>.+?)\.(?: — .*)?$")
_PAR_LIEU = re.compile(r"^Par (secteur|commune)(?:, (?P<periode>.+))?$")


def _pdf(prise: Prise) -> Iterator[Bloc]:
    """Rankings of a bulletin's pages: a source, an indicator, « Par secteur, période », then rank, place, numbers."""
    from tests.documents import texte_pdf

    for page in texte_pdf.texte(prise.contenu):
        lignes = [propre(li) for li in page.split("\n") if propre(li)]
        yield from _classements(prise, lignes)


def _classements(prise: Prise, lignes: list[str]) -> Iterator[Bloc]:
    source = perimetre = indicateur = ""
    for i, ligne in enumerate(lignes):
        if trouve := _RECU.match(ligne):
            source, perimetre = trouve["source"], trouve["perimetre"]
        elif ligne.endswith((", par mois", ", par année")):
            indicateur = ligne.rpartition(", par ")[0]
        elif (trouve := _PAR_LIEU.match(ligne)) and source and indicateur and trouve["periode"]:
            axe, periode = trouve[1], trouve["periode"]
            rangees, entetes = _rangees(lignes[i + 1 :])
            if rangees:
                meta = {
                    "titre": f"{indicateur}, par {axe}, {periode}",
                    "source": source,
                    "perimetre": perimetre,
                    "periode": periode,
                }
                colonnes = (axe.capitalize(), periode, *entetes[3:])
                yield Bloc(prise.adresse, "pdf", meta, colonnes, tuple(rangees))


def _rangees(lignes: list[str]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """Headings « N° », place, number, rate; then four cells a row, for as long as the ranks follow each other."""
    if lignes[:1] != ["N°"]:
        return [], ()
    largeur = 4 if len(lignes) > 3 and lignes[3].startswith("Pour 1 000") else 3
    entetes, cellules, rangees = tuple(lignes[:largeur]), lignes[largeur:], []
    while len(cellules) >= largeur and cellules[0] == str(len(rangees) + 1):
        rangees.append(tuple(cellules[1:largeur]))
        cellules = cellules[largeur:]
    return rangees, entetes
