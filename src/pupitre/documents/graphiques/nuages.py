"""A funnel: the rate of each place against its size, between the limits that chance alone sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil, floor, log10

from pupitre.documents.echelles import graduations
from pupitre.documents.formes import Nuage, PointDeNuage, Sens
from pupitre.documents.graphiques.resumes import POSITIONS, resumer_nuage
from pupitre.documents.graphiques.svg import Graphique, balise, cadre, echapper, identifiant, n, texte
from pupitre.socle.texte import FINE, nombre

GAUCHE, HAUT, BAS, DROITE = 44.0, 30.0, 42.0, 12.0
ETROIT = 340.0
Echelle = Callable[[float], float]
_CLASSES = {Sens.HAUSSE: "g-dehors", Sens.BAISSE: "g-dehors", Sens.RESERVE: "g-pres"}


def nuage(donnees: Nuage, largeur: float = 720, hauteur: float = 360, ident: str = "") -> Graphique:
    """Sizes on a logarithmic axis, rates from zero; named places in full colour with their name."""
    resume = resumer_nuage(donnees)
    ident = ident or identifiant("nuage", donnees, largeur)
    if not donnees.points:
        vide = texte(largeur / 2, 44, "Aucun lieu à comparer.", text_anchor="middle")
        bord = balise("rect", x=0.5, y=0.5, width=largeur - 1, height=79, rx=8, classe="g-vide")
        return Graphique(cadre(ident, "g-nuage", largeur, 80, donnees.titre, resume, bord, vide), resume)
    # A tiny place may have an enormous rate: the drawing is made for what is read, and says what it cuts.
    sommet = _sommet(donnees)
    marches = graduations(sommet)
    tailles = [p.taille for p in donnees.points]
    de, a = log10(min(tailles)), log10(max(tailles))
    bas = hauteur - BAS

    def x(taille: float) -> float:
        part = (log10(taille) - de) / (a - de) if a > de else 0.5
        return GAUCHE + 10 + part * (largeur - GAUCHE - DROITE - 20)

    def y(taux: float) -> float:
        return bas - min(taux, marches[-1]) / marches[-1] * (bas - HAUT)

    dessin = [
        *_axes(donnees, marches, largeur, hauteur, x, y, (de, a)),
        *_limites(donnees, x, y),
        *(_point(p, donnees, x, y) for p in donnees.points if not p.nomme),
        *(_point(p, donnees, x, y) for p in donnees.points if p.nomme),
        *_noms([p for p in donnees.points if p.nomme], x, y, largeur),
    ]
    return Graphique(cadre(ident, "g-nuage", largeur, hauteur, donnees.titre, resume, *dessin), resume)


def nuage_adaptatif(donnees: Nuage, ident: str = "") -> Graphique:
    ident = ident or identifiant("nuage-adaptatif", donnees)
    large, etroit = nuage(donnees, 720, 360, f"{ident}l"), nuage(donnees, ETROIT, 300, f"{ident}e")
    corps = balise("div", large.svg, classe="g-large") + balise("div", etroit.svg, classe="g-etroit")
    return Graphique(balise("div", corps, classe="g-adaptatif"), large.resume)


def notes_de_nuage(donnees: Nuage) -> str:
    phrases = [
        f"Trait plein{FINE}: taux d’ensemble, {nombre(donnees.taux, 1)} {donnees.unite}. Tirets{FINE}: limites à "
        f"95{FINE}% et à 99,8{FINE}%, entre lesquelles le hasard seul place un lieu de cette taille."
    ]
    coupes = sum(p.taux > graduations(_sommet(donnees))[-1] for p in donnees.points) if donnees.points else 0
    if coupes:
        phrases.append(f"{coupes} lieu{'x' if coupes > 1 else ''} au-dessus du cadre, au tableau.")
    return " ".join(phrases)


def _sommet(donnees: Nuage) -> float:
    taux = sorted(p.taux for p in donnees.points)
    nommes = [p.taux for p in donnees.points if p.nomme]
    return max([taux[int(0.98 * (len(taux) - 1))], *nommes, donnees.taux * 1.5], default=1.0) or 1.0


def _axes(
    donnees: Nuage,
    marches: tuple[float, ...],
    largeur: float,
    hauteur: float,
    x: Echelle,
    y: Echelle,
    bornes: tuple[float, float],
) -> Iterator[str]:
    yield texte(0, 12, f"{donnees.unite[:1].upper()}{donnees.unite[1:]}")
    decimales = 0 if all(float(m).is_integer() for m in marches) else 1
    for marche in marches:
        classe = "g-axe" if marche == 0 else "g-grille"
        yield balise("line", x1=GAUCHE, x2=largeur, y1=y(marche), y2=y(marche), classe=classe)
        yield texte(GAUCHE - 8, y(marche) + 4, nombre(marche, decimales), text_anchor="end")
    place = -100.0
    for taille in _tailles(*bornes):
        if x(taille) - place < 52:
            continue
        place = x(taille)
        yield balise("line", x1=place, x2=place, y1=y(0), y2=y(0) + 5, classe="g-axe")
        yield texte(place, y(0) + 18, nombre(taille), text_anchor="middle")
    yield texte(largeur, hauteur - 6, donnees.taille_libelle, text_anchor="end")


def _tailles(de: float, a: float) -> Iterator[float]:
    for puissance in range(floor(de), ceil(a) + 1):
        for m in (1, 2, 5):
            if 10**de * 0.999 <= m * 10**puissance <= 10**a * 1.001:
                yield float(m * 10**puissance)


def _limites(donnees: Nuage, x: Echelle, y: Echelle) -> Iterator[str]:
    if len(donnees.limites) < 2:
        return
    for rang, classe in ((1, "g-bord"), (2, "g-bord"), (3, "g-limite"), (4, "g-limite")):
        points = "L".join(f"{n(x(li[0]))} {n(y(li[rang]))}" for li in donnees.limites)
        yield balise("path", d=f"M{points}", classe=classe)
    debut, fin = x(donnees.limites[0][0]), x(donnees.limites[-1][0])
    yield balise("line", x1=debut, x2=fin, y1=y(donnees.taux), y2=y(donnees.taux), classe="g-axe")


def _point(point: PointDeNuage, donnees: Nuage, x: Echelle, y: Echelle) -> str:
    info = (
        f"{point.libelle}{FINE}: {nombre(point.taux, 1)} {donnees.unite}, "
        f"{nombre(point.taille)} {donnees.taille_libelle}, {POSITIONS[point.sens]}"
    )
    classe = "g-barre" if point.nomme else _CLASSES.get(point.sens, "g-lieu")
    rond = balise(
        "circle", cx=x(point.taille), cy=y(point.taux), r=5.5 if point.nomme else 2.6, classe=classe
    )
    return balise("g", balise("title", echapper(info)), rond, classe="g-point")


def _noms(points: list[PointDeNuage], x: Echelle, y: Echelle, largeur: float) -> Iterator[str]:
    """Names beside their points, moved down where they would cover one another."""
    pris: list[tuple[float, float, float]] = []
    for point in sorted(points, key=lambda p: -p.taux):
        ici, haut, long = x(point.taille), y(point.taux) + 4, 7.0 * len(point.libelle) + 10
        droite = ici + 10 + long < largeur
        gauche = ici + 10 if droite else ici - 10 - long
        while any(abs(haut - h) < 14 and gauche < f and gauche + long > d for d, f, h in pris):
            haut += 14
        pris.append((gauche, gauche + long, haut))
        yield texte(
            ici + 10 if droite else ici - 10, haut, point.libelle, "g-valeur g-contour",
            text_anchor="start" if droite else "end",
        )  # fmt: skip
