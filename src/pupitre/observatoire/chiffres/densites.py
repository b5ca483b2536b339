"""Density of the placed facts of a source: a smooth map, which no other audience than the team sees."""

from __future__ import annotations

import numpy as np

from pupitre.documents.formes import Champ
from pupitre.documents.tableaux import Table
from pupitre.moteur.statistiques.densite import Densite, bande_de_reference, densite
from pupitre.moteur.statistiques.points_chauds import FAITS_MINIMAUX
from pupitre.observatoire.chiffres import cartes
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.chiffres.lieux_heures import Faits, Lecture, projeter
from pupitre.socle.texte import nombre
from pupitre.territoires.selectors import decoupage_as_of

COTE_MINIMAL, CELLULES_PAR_COTE = 40.0, 120


def champ_de_densite(lecteur: Lecteur, faits: Faits) -> Champ | None:
    """None under the number of placed facts from which a map says something else than chance."""
    if len(faits.places) < FAITS_MINIMAUX:
        return None
    x, y = faits.metres
    bande = bande_de_reference(x, y)
    etendue = max(float(np.ptp(x)), float(np.ptp(y))) + 2 * bande
    d = densite(x, y, pas=max(COTE_MINIMAL, float(np.ceil(etendue / CELLULES_PAR_COTE))), bande=bande)
    return Champ(
        titre=f"{faits.source.nom}, densité des faits placés, {faits.periode}",
        unite="faits par km²",
        valeurs=tuple(tuple(ligne) for ligne in d.valeurs.tolist()),
        x0=d.x0,
        y0=d.y0,
        pas=d.pas,
        fonds=_fonds(lecteur, faits, d),
        ou=_ou(lecteur, faits, d),
        note=f"Noyau quartique, rayon de {nombre(bande)} m, sur {nombre(d.n)} faits placés à l’adresse.",
    )


def _fonds(lecteur: Lecteur, faits: Faits, d: Densite) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Outlines of the secteurs, else of the communes, cut at the edges of the map."""
    import shapely

    contours = cartes.contours_secteurs(decoupage_as_of(lecteur.conseil, faits.fin))
    contours = contours or cartes.contours_communes({c.code: c.nom for c in lecteur.territoire.communes})
    lignes, colonnes = d.valeurs.shape
    cadre = shapely.box(d.x0, d.y0, d.x0 + colonnes * d.pas, d.y0 + lignes * d.pas)
    traits = []
    for _, anneaux in contours.values():
        for anneau in anneaux:
            points = np.asarray(anneau, dtype=np.float64)
            px, py = projeter(4326, 2154).transform(points[:, 0], points[:, 1])
            coupe = shapely.intersection(shapely.linestrings(np.column_stack([px, py])), cadre)
            for morceau in shapely.get_parts(coupe):
                simple = shapely.simplify(morceau, d.pas / 4)
                traits.append(tuple((float(a), float(b)) for a, b in shapely.get_coordinates(simple)))
    return tuple(t for t in traits if len(t) > 1)


def _ou(lecteur: Lecteur, faits: Faits, d: Densite) -> str:
    """The place that most facts near the summit name."""
    rang, colonne = divmod(int(d.valeurs.argmax()), d.valeurs.shape[1])
    cx, cy = d.centres()
    x, y = faits.metres
    pres = np.hypot(x - cx[colonne], y - cy[rang]) <= d.bande
    noms = lecteur.territoire.noms()
    secteurs, communes = (faits.table[c].to_pylist() for c in ("secteur", "commune"))
    lus = [
        noms.get(secteurs[i] or "") or noms.get(communes[i] or "") or "" for i in faits.places[pres].tolist()
    ]
    nommes = [nom for nom in lus if nom]
    return max(sorted(set(nommes)), key=nommes.count) if nommes else ""


def table_des_secteurs(lecteur: Lecteur, faits: Faits, lecture: Lecture) -> Table | None:
    """Placed facts by square kilometre of each secteur, the densest first; None without a division."""
    import shapely

    contours = cartes.contours_secteurs(decoupage_as_of(lecteur.conseil, faits.fin))
    secteurs = faits.table["secteur"].to_pylist()
    comptes: dict[str, int] = {}
    for i in faits.places.tolist():
        comptes[secteurs[i]] = comptes.get(secteurs[i], 0) + 1
    lignes = []
    for code, (nom, anneaux) in contours.items():
        if code not in comptes:
            continue
        aires = []
        for anneau in anneaux:
            points = np.asarray(anneau, dtype=np.float64)
            x, y = projeter(4326, 2154).transform(points[:, 0], points[:, 1])
            aires.append(shapely.Polygon(np.column_stack([x, y])).area / 1e6)
        aire = sum(aires)
        lignes.append((nom, comptes[code], round(aire, 2), round(comptes[code] / aire, 1)))
    if not lignes:
        return None
    return Table(
        titre="Faits placés par secteur, du plus au moins dense",
        entetes=("Secteur", "Faits placés", "Surface (km²)", "Faits par km²"),
        lignes=tuple(sorted(lignes, key=lambda ligne: (-ligne[3], ligne[0]))),
        lecture=lecture,
    )
