"""The same reading and the same checks, written by hand with pandas: what a careful analyst does in a notebook."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Bilan = dict[str, int]
_TOTAUX = ("total", "ensemble")


def simple(texte: object) -> str:
    nu = unicodedata.normalize("NFKD", str(texte)).encode("ascii", "ignore").decode().lower()
    return " ".join("".join(c if c.isalnum() else " " for c in nu).split())


def _moteur(fichier: Path) -> str:
    return "odf" if fichier.suffix == ".ods" else "openpyxl"


def _grille(fichier: Path) -> Any:
    import pandas as pd

    if fichier.suffix == ".csv":
        return pd.read_csv(fichier, sep=";", header=None, dtype=str, encoding="utf-8")
    return pd.read_excel(fichier, header=None, dtype=object, engine=_moteur(fichier))


def _entete(grille: Any, cherches: tuple[str, ...]) -> int:
    for i in range(min(len(grille), 30)):
        titres = {simple(v) for v in grille.iloc[i].dropna()}
        if all(any(c in t for t in titres) for c in cherches):
            return i
    raise ValueError("ligne de titres introuvable")


def _reconnus(colonne: Any, connus: Mapping[str, str]) -> Any:
    codes = {v: connus.get(simple(v)) for v in colonne.dropna().unique()}
    return colonne.map(codes)


def faits(fichier: Path, natures: Mapping[str, str], communes: Mapping[str, str]) -> Bilan:
    """Dates, hours, labels, places, coordinates, duplicates and missing values of a list of facts."""
    import pandas as pd

    grille = _grille(fichier)
    rang = _entete(grille, ("date", "nature"))
    titres = [simple(v) for v in grille.iloc[rang]]
    d = grille.iloc[rang + 1 :].copy()
    d.columns = titres
    d = d[~d[titres[0]].astype(str).map(simple).str.startswith(_TOTAUX)]
    doublons = int(d.duplicated().sum())
    dates = d["date"]
    if fichier.suffix == ".csv":
        jours = pd.to_datetime(dates, format="%d/%m/%Y", errors="coerce")
    else:
        jours = pd.to_datetime(dates, errors="coerce")
    heures = pd.to_numeric(d["heure"].astype(str).str.extract(r"^(\d{1,2})[:hH]")[0], errors="coerce")
    heures = heures.where(heures.between(0, 23))
    lon, lat = (
        pd.to_numeric(d[c].astype(str).str.replace(",", ".", regex=False), errors="coerce")
        for c in ("longitude", "latitude")
    )
    situes = lon.between(-5.5, 10) & lat.between(41, 51.5)
    code, lieu = _reconnus(d["nature"], natures), _reconnus(d["commune"], communes)
    garder = jours.notna() & code.notna()
    table = pd.DataFrame(
        {
            "nature": code,
            "debut": jours.dt.date,
            "commune": lieu,
            "lon": lon.where(situes),
            "lat": lat.where(situes),
            "heure": heures,
            "n": 1,
        }
    )[garder]
    return {
        "faits": int(table["n"].sum()),
        "communes": int(table["commune"].notna().sum()),
        "points": int(table["lon"].notna().sum()),
        "heures": int(table["heure"].notna().sum()),
        "natures": int(table["nature"].nunique()),
        "doublons": doublons,
    }


def comptages(fichier: Path, natures: Mapping[str, str], communes: Mapping[str, str]) -> Bilan:
    """Months in columns put in rows, communes carried down, totals set aside and verified."""
    import pandas as pd

    grille = _grille(fichier)
    rang = _entete(grille, ("commune", "motif"))
    titres = [simple(v) for v in grille.iloc[rang]]
    d = grille.iloc[rang + 1 :].copy()
    d.columns = titres
    total = d[titres[0]].map(simple).str.startswith(_TOTAUX) & d[titres[0]].notna()
    lieux, motif, mois = titres[:2], titres[2], titres[3:-1]
    lignes = d[~total & d[motif].notna()].copy()
    lignes[lieux] = lignes[lieux].ffill()
    nombres = lignes[mois].apply(pd.to_numeric, errors="coerce")
    faux = int((nombres.sum(axis=1) != pd.to_numeric(lignes[titres[-1]], errors="coerce")).sum())
    annonce = int(pd.to_numeric(d[total][mois].iloc[0], errors="coerce").sum())
    lignes[mois] = nombres
    lignes["code"] = _reconnus(lignes[motif], natures)
    lignes["lieu"] = _reconnus(lignes[titres[0]], communes)
    cles = ["code", "lieu", lieux[1]]
    long = lignes.melt(id_vars=cles, value_vars=mois, value_name="n").dropna(subset=["n", "code"])
    return {
        "observations": len(long),
        "somme": int(long["n"].sum()),
        "annonce": annonce,
        "faux": faux,
        "communes": int(long["lieu"].notna().sum()),
        "doublons": int(long.duplicated([*cles, "variable"]).sum()),
    }


def etat4001(fichier: Path) -> Bilan:
    """Every sheet of index × services, in rows: cells that hold a number, and the others."""
    import pandas as pd

    lus = vides = somme = 0
    for nom, grille in pd.read_excel(
        fichier, sheet_name=None, header=None, dtype=object, engine="openpyxl"
    ).items():
        if not str(nom).startswith("Services"):
            continue
        rang = next(i for i in range(10) if simple(grille.iloc[i, 0]) in ("code index", "index"))
        corps = grille.iloc[rang + 1 :]
        corps = corps[pd.to_numeric(corps[0], errors="coerce").notna()]
        n = corps.iloc[:, 2:].apply(pd.to_numeric, errors="coerce").melt()["value"]
        lus, vides, somme = lus + int(n.notna().sum()), vides + int(n.isna().sum()), somme + int(n.sum())
    return {"lus": lus, "vides": vides, "somme": somme}
