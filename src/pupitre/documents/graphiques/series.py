"""A series by period, and its small form without axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pupitre.documents.echelles import graduations, pas_minimal
from pupitre.documents.formes import Pas, Point, Serie
from pupitre.documents.graphiques.resumes import (
    a_etiqueter,
    avec_unite,
    ecrire,
    ecrire_point,
    intervalle_de_mois,
    marques,
    nom_unite,
    repere,
    resumer_serie,
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
from pupitre.socle.texte import FINE, INSECABLE, enumeration, mois_annee

GAUCHE, HAUT, BAS = 40.0, 38.0, 36.0
ETROIT = 340.0
Echelle = Callable[[float], float]


def serie(donnees: Serie, largeur: float = 720, hauteur: float = 260, ident: str = "") -> Graphique:
    """Bars from zero; the previous year muted, breaks dashed and numbered, the ordinary interval behind."""
    resume = resumer_serie(donnees)
    ident = ident or identifiant("serie", donnees, largeur, hauteur)
    points = donnees.points
    presents = [float(p.valeur) for p in points if not isinstance(p.valeur, Absent)]
    if not presents:
        vide = texte(largeur / 2, 44, "Aucun chiffre pour cette période.", text_anchor="middle")
        bord = balise("rect", x=0.5, y=0.5, width=largeur - 1, height=79, rx=8, classe="g-vide")
        return Graphique(cadre(ident, "g-serie", largeur, 80, donnees.titre, resume, bord, vide), resume)
    sommet = max([*presents, *donnees.courbe, *(p.haut for p in points if p.haut is not None)])
    marches = graduations(sommet, pas_minimal=pas_minimal(donnees))
    bas = hauteur - BAS
    pas = (largeur - GAUCHE) / len(points)
    # Marks stand above the drawing: the value of the tallest bar must not lie under them.
    tete = HAUT + (14 if marques(donnees) or donnees.ruptures else 0)

    def x(i: float) -> float:
        return GAUCHE + i * pas

    def y(valeur: float) -> float:
        return bas - valeur / marches[-1] * (bas - tete)

    muets = max(0, len(points) - donnees.accent)
    dits = a_etiqueter(donnees, muets)
    if pas < 20:
        dits &= {len(points) - 1, max((i for i in dits), key=lambda i: _hauteur(points[i]))}
    dessin = [hachures(ident), *_grille(marches, largeur, y), *_bandes(points, x, y, pas)]
    dessin += _reperes(donnees, x, pas, bas)
    for i, point in enumerate(points):
        dessin.append(_barre(donnees, point, x(i), pas, y, bas, ident, muet=i < muets, dit=i in dits))
    if donnees.courbe:
        trace = "L".join(f"{n(x(i) + pas / 2)} {n(y(max(v, 0.0)))}" for i, v in enumerate(donnees.courbe))
        dessin += [balise("path", d=f"M{trace}", classe=c) for c in ("g-halo", "g-courbe")]
    dessin += _axe(donnees, x, pas, bas)
    dessin += _groupes(donnees, muets, x, largeur)
    dessin += _ruptures(donnees, x, bas)
    return Graphique(cadre(ident, "g-serie", largeur, hauteur, donnees.titre, resume, *dessin), resume)


def serie_adaptative(donnees: Serie, ident: str = "") -> Graphique:
    """The series drawn twice, for wide and for narrow containers: only the one displayed is read aloud.

    The style sheet shows one or the other by a container query, so that text keeps its size at 360 px.
    """
    ident = ident or identifiant("adaptative", donnees)
    large = serie(donnees, 580, 240, f"{ident}l")
    etroit = serie(donnees, ETROIT, 240, f"{ident}e")
    corps = balise("div", large.svg, classe="g-large") + balise("div", etroit.svg, classe="g-etroit")
    return Graphique(balise("div", corps, classe="g-adaptatif"), large.resume)


def _hauteur(point: Point) -> float:
    return -1.0 if isinstance(point.valeur, Absent) else float(point.valeur)


def _grille(marches: tuple[float, ...], largeur: float, y: Echelle) -> Iterator[str]:
    for marche in marches:
        classe = "g-axe" if marche == 0 else "g-grille"
        yield balise("line", x1=GAUCHE, x2=largeur, y1=y(marche), y2=y(marche), classe=classe)
        yield texte(GAUCHE - 8, y(marche) + 4, ecrire(marche), text_anchor="end")


def _bandes(points: tuple[Point, ...], x: Echelle, y: Echelle, pas: float) -> Iterator[str]:
    for i, point in enumerate(points):
        if point.bas is not None and point.haut is not None:
            haut, bas = y(point.haut), y(point.bas)
            yield balise("rect", x=x(i), y=haut, width=pas, height=bas - haut, classe="g-bande")
            yield balise(
                "path", d=f"M{n(x(i))} {n(haut)}h{n(pas)}M{n(x(i))} {n(bas)}h{n(pas)}", classe="g-bord"
            )


def _barre(
    donnees: Serie,
    point: Point,
    x: float,
    pas: float,
    y: Echelle,
    bas: float,
    ident: str,
    *,
    muet: bool,
    dit: bool,
) -> str:
    marge = pas * (0.14 if pas < 40 else 0.24)
    quand = ecrire_point(point.debut, donnees.pas)
    survol = balise("rect", x=x, y=HAUT, width=pas, height=bas - HAUT, classe="g-survol")
    milieu = x + pas / 2
    if isinstance(point.valeur, Absent):
        info = f"{quand}{FINE}: {ecrire(point.valeur)} ({point.valeur.raison})"
        haut = HAUT + (bas - HAUT) * 0.25
        forme = balise(
            "rect", x=x + marge, y=haut, width=pas - 2 * marge, height=bas - haut, classe="g-absent",
            fill=f"url(#{ident}-h)",
        )  # fmt: skip
        etiquette = texte(
            milieu + 4, bas - 8, ecrire(point.valeur), "g-texte g-contour",
            transform=f"rotate(-90 {n(milieu + 4)} {n(bas - 8)})",
        )  # fmt: skip
    else:
        info = f"{quand}{FINE}: {avec_unite(point.valeur, donnees.unite)}"
        if point.bas is not None and point.haut is not None:
            info += f" (d’ordinaire de {ecrire(round(point.bas))} à {ecrire(round(point.haut))})"
        haut = y(float(point.valeur))
        forme = balise(
            "rect", x=x + marge, y=haut, width=pas - 2 * marge, height=bas - haut,
            classe="g-barre g-muet" if muet else "g-barre",
        )  # fmt: skip
        classe = "g-valeur g-contour" if dit else "g-valeur g-contour g-bulle"
        etiquette = texte(milieu, haut - 6, ecrire(point.valeur), classe, text_anchor="middle")
    return balise("g", balise("title", echapper(info)), survol, forme, etiquette, classe="g-point")


def _axe(donnees: Serie, x: Echelle, pas: float, bas: float) -> Iterator[str]:
    points = donnees.points
    saut = 1 if donnees.pas is Pas.MOIS or pas >= 34 else int(34 / pas) + 1
    for i, point in enumerate(points):
        if i % saut == 0:
            yield texte(x(i) + pas / 2, bas + 15, repere(point.debut, donnees.pas), text_anchor="middle")
        nouvelle = i == 0 or points[i - 1].debut.year != point.debut.year
        # The first year is written only if it has room before the next one.
        reste = sum(p.debut.year == point.debut.year for p in points) * pas
        if donnees.pas is Pas.MOIS and nouvelle and reste > 34:
            yield balise("line", x1=x(i) + 1, x2=x(i) + 1, y1=bas + 20, y2=bas + 33, classe="g-grille")
            yield texte(x(i) + 5, bas + 31, str(point.debut.year), "g-texte g-annee")


def _groupes(donnees: Serie, muets: int, x: Echelle, largeur: float) -> Iterator[str]:
    unite = nom_unite(2, donnees.unite)
    if not muets or donnees.pas is not Pas.MOIS or largeur < 500:
        yield texte(0, 12, unite)
        return
    yield texte(largeur, 12, unite, text_anchor="end")
    for debut, fin, classe in ((0, muets - 1, "g-muet"), (muets, len(donnees.points) - 1, "g-barre")):
        yield balise("rect", x=x(debut) + 3, y=3, width=10, height=10, classe=classe)
        style = "g-texte" if classe == "g-muet" else "g-valeur"
        yield texte(x(debut) + 19, 12, intervalle_de_mois(donnees, debut, fin), style)


def _ruptures(donnees: Serie, x: Echelle, bas: float) -> Iterator[str]:
    points = donnees.points
    for rang, rupture in enumerate(donnees.ruptures, 1):
        if not points[0].debut < rupture.jour <= points[-1].debut:
            continue
        ici = x(sum(p.debut < rupture.jour for p in points))
        info = f"Rupture, {ecrire_point(rupture.jour, donnees.pas)}{FINE}: {rupture.libelle}"
        yield balise(
            "g", balise("title", echapper(info)),
            balise("line", x1=ici, x2=ici, y1=HAUT - 2, y2=bas, classe="g-rupture"),
            balise("circle", cx=ici, cy=HAUT - 8, r=8, classe="g-repere"),
            texte(ici, HAUT - 4, str(rang), "g-valeur g-petit", text_anchor="middle"),
        )  # fmt: skip


def _reperes(donnees: Serie, x: Echelle, pas: float, bas: float) -> Iterator[str]:
    for marque in marques(donnees):
        ici = x(marque.rang) + pas / 2
        info = f"{marque.lettre}, {mois_annee(marque.jour)}{FINE}: {marque.texte}"
        yield balise(
            "g", balise("title", echapper(info)),
            balise("line", x1=ici, x2=ici, y1=HAUT - 1, y2=bas, classe="g-fil"),
            balise("rect", x=ici - 7, y=HAUT - 15, width=14, height=14, rx=3, classe="g-repere"),
            texte(ici, HAUT - 4, marque.lettre, "g-valeur g-petit", text_anchor="middle"),
        )  # fmt: skip


def notes(donnees: Serie) -> str:
    """What must stand under the drawing: breaks by number, notes by letter, the meaning of band and hatching."""
    phrases = [
        f"({rang}){INSECABLE}{ecrire_point(r.jour, donnees.pas)}{FINE}: {r.libelle}."
        for rang, r in enumerate(donnees.ruptures, 1)
        if donnees.points and donnees.points[0].debut < r.jour <= donnees.points[-1].debut
    ]
    phrases += [
        f"{m.lettre}.{INSECABLE}{mois_annee(m.jour).capitalize()}{FINE}: {m.texte}." for m in marques(donnees)
    ]
    if any(p.bas is not None for p in donnees.points):
        phrases.append(f"Bande et pointillés{FINE}: intervalle où le hasard place d’ordinaire le chiffre.")
    raisons = dict.fromkeys(p.valeur.raison for p in donnees.points if isinstance(p.valeur, Absent))
    if raisons:
        phrases.append(f"Hachures{FINE}: {enumeration(list(raisons))}.")
    if donnees.note:
        phrases.append(donnees.note)
    return " ".join(phrases)


def etincelle(donnees: Serie, largeur: float = 132, hauteur: float = 36, ident: str = "") -> Graphique:
    """The sparkline of a figure's card: zero based, cut where a period is missing, the last point marked."""
    resume = resumer_serie(donnees)
    ident = ident or identifiant("etincelle", donnees, largeur, hauteur)
    presents = [float(p.valeur) for p in donnees.points if not isinstance(p.valeur, Absent)]
    haut = max(presents, default=0.0) or 1.0
    ecart = (largeur - 8) / max(1, len(donnees.points) - 1)

    def place(i: int, valeur: float) -> tuple[float, float]:
        return 4 + i * ecart, hauteur - 3 - valeur / haut * (hauteur - 9)

    dessin = [
        hachures(ident),
        balise("line", x1=0, x2=largeur, y1=hauteur - 2, y2=hauteur - 2, classe="g-grille"),
    ]
    segment: list[tuple[float, float]] = []
    for i, point in enumerate((*donnees.points, None)):
        if point is not None and not isinstance(point.valeur, Absent):
            segment.append(place(i, float(point.valeur)))
            continue
        if len(segment) > 1:
            chemin = "M" + "L".join(f"{n(a)} {n(b)}" for a, b in segment)
            dessin.append(balise("path", d=chemin, classe="g-ligne"))
        elif segment:
            dessin.append(balise("circle", cx=segment[0][0], cy=segment[0][1], r=1.5, classe="g-barre"))
        segment = []
    if donnees.points:
        dernier = donnees.points[-1].valeur
        if isinstance(dernier, Absent):
            dessin.append(
                balise(
                    "rect", x=largeur - 8, y=3, width=7, height=hauteur - 5, classe="g-absent",
                    fill=f"url(#{ident}-h)",
                )
            )  # fmt: skip
        else:
            a, b = place(len(donnees.points) - 1, float(dernier))
            dessin.append(balise("circle", cx=a, cy=b, r=3, classe="g-barre"))
    return Graphique(cadre(ident, "g-etincelle", largeur, hauteur, donnees.titre, resume, *dessin), resume)
