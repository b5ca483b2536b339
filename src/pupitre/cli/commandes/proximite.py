"""`pupitre proximite`: do facts repeat close in space and soon in time?"""

from __future__ import annotations

import argparse
from pathlib import Path

from pupitre.cli.reponse import Reponse
from pupitre.moteur.erreurs import ErreurPupitre, Lieu
from pupitre.socle.texte import nombre, pluriel

X = ("x", "x_l93", "lon", "lng", "longitude", "coord_x")
Y = ("y", "y_l93", "lat", "latitude", "coord_y")
JOUR = ("date", "jour", "date_single", "date_fait", "date_debut")


class TableRefusee(ErreurPupitre):
    """The table does not hold points and days."""


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "fichier", metavar="FICHIER.csv", type=Path, help="une ligne par fait, avec x, y et date"
    )
    analyseur.add_argument(
        "--distances",
        default="0.1,200,400,600",
        help="bornes en mètres (0.1,200,400,600 ; 0.1 : le même lieu)",
    )
    analyseur.add_argument("--jours", default="7,14,21", help="bornes en jours (7,14,21)")
    analyseur.add_argument("--tirages", type=int, default=999, help="permutations des dates (999)")
    analyseur.add_argument("--graine", type=int, default=1, help="rend le même tirage (1)")


def executer(options: argparse.Namespace) -> Reponse:
    from pupitre.moteur.statistiques.proximite import EFFECTIF_MINIMAL, knox

    distances, jours = _bornes(options.distances, "--distances"), _bornes(options.jours, "--jours")
    if options.tirages < 19:
        raise TableRefusee(
            f"{options.tirages} tirages ne suffisent pas.",
            "Avec moins de 19, aucun p ne peut descendre à 0,05.",
            "Donnez --tirages 99 au moins.",
        )
    x, y, jour, ecartes = _lire(options.fichier)
    if len(x) < EFFECTIF_MINIMAL:
        raise TableRefusee(
            f"{pluriel(len(x), 'fait se lit', 'faits se lisent')} dans «\u202f{options.fichier.name}\u202f».",
            f"Il en faut {EFFECTIF_MINIMAL} pour que des répétitions se distinguent du hasard.",
            "Réunissez une période plus longue.",
        )
    k = knox(x, y, jour, distances, jours, tirages=options.tirages, graine=options.graine)
    lignes = _noms(distances, "m", ("même lieu" if distances[0] <= 1 else ""))
    colonnes = _noms(jours, "j")
    donnees = {
        "n": k.n,
        "ecartes": ecartes,
        "distances": lignes,
        "jours": colonnes,
        "observes": k.observes.tolist(),
        "attendus": [[round(float(v), 4) for v in li] for li in k.attendus],
        "ratios": [[None if v != v else round(float(v), 4) for v in li] for li in k.ratios],
        "p": [[round(float(v), 4) for v in li] for li in k.p],
        "tirages": k.tirages,
        "graine": k.graine,
        "methode": k.methode,
    }
    return Reponse(_dire(k, lignes, colonnes, ecartes), donnees)


def _bornes(texte: str, option: str) -> tuple[float, ...]:
    try:
        bornes = tuple(float(m) for m in texte.split(","))
    except ValueError:
        bornes = ()
    if not bornes or list(bornes) != sorted(set(bornes)) or bornes[0] <= 0:
        raise TableRefusee(
            f"«\u202f{texte}\u202f» ne se lit pas pour {option}.",
            "Ce sont des nombres positifs, de plus en plus grands, séparés par une virgule.",
            f"Par exemple\u202f: {option} {'0.1,200,400' if option == '--distances' else '7,14,21'}.",
        )
    return bornes


def _lire(fichier: Path):
    import numpy as np

    from pupitre.moteur.nomenclatures.libelles import cle
    from pupitre.moteur.sources.fichiers.feuille import en_textes
    from pupitre.moteur.sources.fichiers.ouverture import ouvrir
    from pupitre.moteur.sources.lecture.periodes import lire_jour

    feuille = ouvrir(fichier).feuille()
    titres = [cle(feuille.cellule(0, i) or "").replace(" ", "_") for i in range(feuille.largeur)]
    places = [next((i for i, t in enumerate(titres) if t in noms), None) for noms in (X, Y, JOUR)]
    if None in places:
        manque = [n for n, p in zip(("x ou lon", "y ou lat", "date"), places, strict=True) if p is None]
        raise TableRefusee(
            f"Il manque une colonne\u202f: {', '.join(manque)}.",
            f"Les titres lus sont\u202f: {', '.join(t for t in titres if t)}.",
            "Nommez les colonnes x, y (mètres) ou lon, lat (degrés), et date.",
            Lieu(ligne=1),
        )
    colonnes = [en_textes(feuille.colonnes[p].slice(1)).to_pylist() for p in places]
    x, y, jour, ecartes = [], [], [], 0
    jours_lus: dict[str, int | None] = {}
    for xt, yt, dt in zip(*colonnes, strict=True):
        if dt not in jours_lus:
            lu = lire_jour(dt) if dt else None
            jours_lus[dt] = lu.jour.toordinal() if lu else None
        try:
            point = float((xt or "").replace(",", ".")), float((yt or "").replace(",", "."))
        except ValueError:
            ecartes += 1
            continue
        if jours_lus[dt] is None or point == (0.0, 0.0):
            ecartes += 1
            continue
        x.append(point[0])
        y.append(point[1])
        jour.append(jours_lus[dt])
    ax, ay = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(ax) and np.abs(ax).max() <= 180 and np.abs(ay).max() <= 90:
        from pyproj import Transformer

        ax, ay = Transformer.from_crs(4326, 2154, always_xy=True).transform(ax, ay)
    return np.asarray(ax), np.asarray(ay), np.asarray(jour, dtype=np.int64), ecartes


def _noms(bornes: tuple[float, ...], unite: str, premier: str = "") -> list[str]:
    def n(v: float) -> str:
        return nombre(v, 0 if v == int(v) else 1)

    bas = [0.0, *bornes]
    noms = [f"{n(a)} à moins de {n(b)} {unite}" for a, b in zip(bas, bornes, strict=False)]
    if premier:
        noms[0] = premier
    return [*noms, f"{n(bornes[-1])} {unite} et plus"]


def _ratio(ratio: float) -> str:
    """A dash where nothing was expected."""
    return "—" if ratio != ratio else nombre(ratio, 2)


def _dire(k, lignes: list[str], colonnes: list[str], ecartes: int) -> str:
    sortie = [
        f"{nombre(k.n)} faits"
        + (f", {nombre(ecartes)} lignes sans point ou sans date" if ecartes else "")
        + f"\u202f; {k.methode}, {nombre(k.tirages)} tirages, graine {k.graine}.",
        "",
    ]
    cases = [
        [
            f"{nombre(int(k.observes[i, j]))} × {_ratio(float(k.ratios[i, j]))} (p {nombre(float(k.p[i, j]), 3)})"
            for j in range(len(colonnes))
        ]
        for i in range(len(lignes))
    ]
    marge = max(map(len, lignes)) + 2
    larges = [max(len(c), *(len(li[j]) for li in cases)) + 2 for j, c in enumerate(colonnes)]
    for nom, rangee in zip(("", *lignes), (colonnes, *cases), strict=True):
        sortie.append(f"{nom:<{marge}}" + "".join(f"{c:>{w}}" for c, w in zip(rangee, larges, strict=True)))
    forts = [
        (float(k.ratios[i, j]), lignes[i], colonnes[j])
        for i in range(len(lignes) - 1)
        for j in range(len(colonnes) - 1)
        if k.p[i, j] <= 0.05 and k.ratios[i, j] > 1
    ]
    sortie.append("")
    if forts:
        ratio, ou, quand = max(forts)
        sortie.append(
            f"Des faits se répètent plus que le hasard ne le veut\u202f: {nombre(ratio, 2)} fois plus de paires "
            f"({ou}, {quand})."
        )
    else:
        sortie.append("Aucune répétition proche ne dépasse le hasard.")
    return "\n".join(sortie)
