"""Rankings and maps of places."""

from __future__ import annotations

from pupitre.documents.echelles import arrondir, bornes_de_classes, classe, fond, legende, valeurs_presentes
from pupitre.documents.formes import Carte, Classement, Zone
from pupitre.documents.graphiques.resumes import (
    avec_unite,
    ecrire,
    insecable,
    nom_unite,
    resumer_carte,
    resumer_classement,
)
from pupitre.documents.graphiques.svg import (
    Graphique,
    balise,
    cadre,
    echapper,
    hachures,
    identifiant,
    n,
    texte,
)
from pupitre.moteur.resultats import Absent
from pupitre.socle.texte import FINE

LIGNE = 28.0
TEINTES = 5


def classement(donnees: Classement, largeur: float = 360, ident: str = "") -> Graphique:
    """Horizontal bars from zero, name above the bar so that long names stay whole, value at the end."""
    resume = resumer_classement(donnees)
    ident = ident or identifiant("classement", donnees, largeur)
    presents = [float(r.valeur) for r in donnees.rangs if not isinstance(r.valeur, Absent)]
    sommet = max(presents, default=0.0) or 1.0
    utile = largeur - 64
    dessin = []
    for i, rang in enumerate(donnees.rangs):
        haut = i * (LIGNE + 10)
        nom = texte(0, haut + 13, rang.libelle, "g-valeur" if rang.saillant else "g-nom")
        if isinstance(rang.valeur, Absent):
            info = f"{rang.libelle}{FINE}: {ecrire(rang.valeur)} ({rang.valeur.raison})"
            corps = texte(0, haut + 30, f"{ecrire(rang.valeur)}, {rang.valeur.raison}")
        else:
            info = f"{rang.libelle}{FINE}: {avec_unite(rang.valeur, donnees.unite)}"
            long = max(1.0, float(rang.valeur) / sommet * utile)
            teinte = "g-barre" if rang.saillant else "g-barre g-muet"
            corps = balise("rect", x=0, y=haut + 19, width=long, height=13, classe=teinte)
            corps += texte(long + 7, haut + 30, ecrire(rang.valeur), "g-valeur")
        dessin.append(balise("g", balise("title", echapper(info)), nom, corps, classe="g-point"))
    hauteur = max(LIGNE, len(donnees.rangs) * (LIGNE + 10))
    return Graphique(cadre(ident, "g-classement", largeur, hauteur, donnees.titre, resume, *dessin), resume)


def barre(part: float, saillant: bool = False) -> str:
    """A bar for a table's cell: the number is in the cell beside, so the drawing is silent."""
    long = max(1.0, min(1.0, part) * 120)
    teinte = "g-barre" if saillant else "g-barre g-muet"
    return balise(
        "svg",
        balise("rect", x=0, y=0, width=long, height=10, classe=teinte),
        xmlns="http://www.w3.org/2000/svg", classe="graphique g-cellule", viewBox="0 0 120 10",
        aria_hidden="true", focusable="false",
    )  # fmt: skip


def carte(
    donnees: Carte, numeros: dict[str, str] | None = None, largeur: float = 440, ident: str = ""
) -> Graphique:
    """A choropleth: at most five tints of one hue, hatching where there is no number, a number per zone.

    Args:
        numeros: code → what is written in the zone (its rank in the table beside).
    """
    resume = resumer_carte(donnees)
    numeros = numeros or {}
    ident = ident or identifiant("carte", donnees, numeros, largeur)
    dessin = fond(donnees)
    presentes = valeurs_presentes(donnees)
    bornes = bornes_de_classes(presentes, donnees.decimales)
    formes, saillantes, etiquettes = [], [], []
    for zone, trace in zip(donnees.zones, dessin.traces, strict=True):
        if not trace.anneaux:
            continue
        chemin = "".join(
            "M" + "L".join(f"{n(x * largeur)} {n(y * largeur)}" for x, y in anneau[:-1]) + "Z"
            for anneau in trace.anneaux
        )
        vide = zone.valeur is None or isinstance(zone.valeur, Absent)
        rang = -1 if vide else teinte(classe(arrondir(zone.valeur, donnees.decimales), bornes), len(bornes))  # type: ignore[arg-type]
        style = "g-zone g-absent" if vide else f"g-zone g-t{rang}{' g-ecart' if zone.ecart else ''}"
        forme = balise(
            "path", d=chemin, fill_rule="evenodd", classe=style, fill=f"url(#{ident}-h)" if vide else None
        )
        point = balise("g", balise("title", echapper(_info(donnees, zone))), forme, classe="g-point")
        # What stands apart is drawn last, over the outlines of its neighbours.
        (saillantes if zone.ecart else formes).append(point)
        numero = numeros.get(zone.code, "")
        if numero and trace.rayon * largeur > 7:
            etiquettes.append(
                texte(
                    trace.etiquette[0] * largeur, trace.etiquette[1] * largeur + 4.5, numero,
                    "g-valeur g-contour" if vide else f"g-numero g-e{rang}", text_anchor="middle",
                )
            )  # fmt: skip
    bas = dessin.hauteur * largeur
    cles, haut = _legende(donnees, bornes, presentes, largeur, bas + 14, ident)
    contenu = (hachures(ident), *formes, *saillantes, *etiquettes, *cles)
    return Graphique(cadre(ident, "g-carte", largeur, haut, donnees.titre, resume, *contenu), resume)


def teinte(rang: int, nombre: int) -> int:
    """Spread `nombre` classes over the five tints."""
    return 2 if nombre <= 1 else round(rang * (TEINTES - 1) / (nombre - 1))


def _info(donnees: Carte, zone: Zone) -> str:
    if zone.valeur is None:
        return zone.libelle
    if isinstance(zone.valeur, Absent):
        return f"{zone.libelle}{FINE}: {ecrire(zone.valeur)} ({zone.valeur.raison})"
    valeur = ecrire(zone.valeur, donnees.decimales or None)
    info = f"{zone.libelle}{FINE}: {valeur} {nom_unite(zone.valeur, donnees.unite)}".strip()
    if zone.bas is not None and zone.haut is not None:
        info += f", de {ecrire(zone.bas, 1)} à {ecrire(zone.haut, 1)} à 95{FINE}%"
    return info


def _legende(
    donnees: Carte,
    bornes: tuple[float, ...],
    presentes: tuple[float, ...],
    largeur: float,
    haut: float,
    ident: str,
) -> tuple[list[str], float]:
    entrees: list[tuple[str, str | None, str]] = [
        (f"g-zone g-t{teinte(i, len(bornes))}", None, t)
        for i, t in enumerate(legende(bornes, presentes, donnees.decimales))
    ]
    if any(isinstance(z.valeur, Absent) for z in donnees.zones):
        entrees.append(("g-zone g-absent", f"url(#{ident}-h)", insecable("n. d.")))
    if not entrees:
        return [], haut
    morceaux = [texte(0, haut + 10, nom_unite(2, donnees.unite) if donnees.unite else "")]
    x, y = 0.0, haut + 20
    for style, remplissage, libelle in entrees:
        besoin = 26 + 7.2 * len(libelle) + 14
        if x and x + besoin > largeur:
            x, y = 0.0, y + 20
        morceaux.append(balise("rect", x=x + 0.5, y=y, width=20, height=12, classe=style, fill=remplissage))
        morceaux.append(texte(x + 26, y + 11, libelle))
        x += besoin
    return morceaux, y + 18
