"""Fictitious bulletins: an ordinary one, and the ends of what may happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from shapely import Point as PointPlan
from shapely import voronoi_polygons
from shapely.geometry import MultiPoint

from pupitre.documents.bulletin import (
    Chiffre,
    Definition,
    FaitsBulletin,
    Genre,
    LigneTheme,
    PageTheme,
    Tableau,
)
from pupitre.documents.formes import Carte, Classement, Mesure, Pas, Point, Rang, Sens, Serie, Zone, ranger
from pupitre.moteur.resultats import (
    Absent,
    LivraisonCitee,
    MotifAbsence,
    Periode,
    Provenance,
    Rupture,
)

SECRET = Absent(MotifAbsence.SECRET, "moins de cinq faits : non diffusé")
NON_LIVRE = Absent(MotifAbsence.NON_LIVRE, "le fichier n’est pas arrivé")
NOMS = (
    "Gare", "Grand Ensemble", "Mont-Mesly", "Centre ancien", "Bleuets", "Île-Saint-Pierre", "La Source",
    "Échat", "Port", "Université", "Sablières", "Bordières", "Chemin vert", "Palais", "Lac", "Montaigut",
)  # fmt: skip


def mois(n: int, fin: date = date(2026, 10, 1)) -> list[date]:
    rang = fin.year * 12 + fin.month - 1
    return [date(r // 12, r % 12 + 1, 1) for r in range(rang - n + 1, rang + 1)]


def contours(n: int, graine: int = 3) -> tuple[Zone, ...]:
    """`n` neighbouring outlines inside an ellipse near Créteil."""
    alea = np.random.default_rng(graine)
    cadre = PointPlan(2.45, 48.78).buffer(0.05, quad_segs=32)
    tours = [(0.045 * a**0.5, 6.2832 * b) for a, b in alea.random((n, 2))]
    points = MultiPoint([(2.45 + r * np.cos(t), 48.78 + r * np.sin(t)) for r, t in tours])
    noms = [NOMS[i] if i < len(NOMS) else f"Secteur {i + 1}" for i in range(n)]
    if n == 1:
        return (Zone("S1", noms[0], (tuple(cadre.exterior.coords),)),)
    cellules = [c.intersection(cadre) for c in voronoi_polygons(points, extend_to=cadre).geoms]
    return tuple(
        Zone(f"S{i + 1}", nom, (tuple(c.exterior.coords),))
        for i, (nom, c) in enumerate(zip(noms, cellules, strict=True))
    )


def serie(titre: str, niveau: float, graine: int, n: int = 24, **options: object) -> Serie:
    alea = np.random.default_rng(graine)
    valeurs: list[Mesure] = [int(v) for v in alea.poisson(niveau, n)]
    bas, haut = niveau - 1.96 * niveau**0.5, niveau + 1.96 * niveau**0.5
    bande = options.pop("bande", False)
    for i in options.pop("trous", ()):  # type: ignore[attr-defined]
        valeurs[i] = NON_LIVRE
    points = tuple(
        Point(m, v, max(0.0, bas) if bande else None, haut if bande else None)
        for m, v in zip(mois(n), valeurs, strict=True)
    )
    return Serie(titre, "fait", points, **options)  # type: ignore[arg-type]


def theme(i: int, titre: str, niveau: float, n_secteurs: int = 7) -> PageTheme:
    alea = np.random.default_rng(100 + i)
    s = serie(
        "Par mois", niveau, i, bande=i % 2 == 0, trous=(20,) if i % 4 == 1 else (),
        ruptures=(Rupture(date(2026, 3, 1), "la STRAV a changé sa saisie"),) if i % 3 == 0 else (),
    )  # fmt: skip
    zones = contours(n_secteurs)
    valeurs: list[Mesure] = [int(v) for v in alea.poisson(niveau * 2 * alea.random(n_secteurs))]
    valeurs = [v if isinstance(v, Absent) or v >= 5 else SECRET for v in valeurs]
    rangs = ranger(
        tuple(
            Rang(z.code, z.libelle, v, v if isinstance(v, Absent) else v / 9.7, saillant=False)
            for z, v in zip(zones, valeurs, strict=True)
        )
    )
    rangs = tuple(replace(r, saillant=j < 2) for j, r in enumerate(rangs))
    dernier = s.points[-1].valeur
    lignes = tuple(
        LigneTheme(
            f"{nom} ({37 + j})",
            (dernier if j == 0 else 12 - 3 * j, 31 - j, 40 if j == 0 else 14 - 4 * j, 1493 // (j + 1), 401),
            "+58 %" if i == 1 and j == 0 else "",
            (
                "hausse significative" if i == 1 else "ordinaire",
                "ordinaire",
                "ordinaire",
                "trop peu de faits",
            )[j],
            (Sens.HAUSSE if i == 1 else Sens.ORDINAIRE, Sens.ORDINAIRE, Sens.ORDINAIRE, Sens.INCONNU)[j],
            principale=j == 0,
        )
        for j, nom in enumerate((titre, "Vols d'accessoires", "Vols d'automobiles", "Vols de deux-roues"))
    )
    return PageTheme(
        f"t{i}",
        titre,
        "Hausse significative depuis juillet, autour de la gare."
        if i == 1
        else "Pas d'évolution significative.",
        Sens.HAUSSE if i == 1 else Sens.ORDINAIRE,
        (
            "Depuis juillet, chaque mois dépasse le même mois de l'an passé. L'écart ne tient pas au hasard : "
            "176 faits d'août à octobre, contre 124. Il se concentre sur deux secteurs et sur la fin de "
            "soirée (20 h – 1 h, 58 % des faits dont l'heure est connue).",
            "Les autres natures restent dans leur variation ordinaire.",
        ),
        ("Passages de la police municipale à Gare le vendredi et le samedi (2026-28, faite).",)
        if i % 2
        else (),
        "Deux secteurs portent presque toute la hausse : trop tôt pour conclure." if i % 3 else "",
        s,
        Tableau(
            "Détail",
            ("oct. 2026", "sept. 2026", "oct. 2025", "cumul 2026", "cumul 2025"),
            lignes,
            "Nature (index 4001)",
        ),
        Classement("Par secteur, douze mois", "fait", rangs, "Pour 1 000 hab."),
        Carte(
            f"{titre} par secteur, douze mois",
            "fait",
            tuple(replace(z, valeur=v) for z, v in zip(zones, valeurs, strict=True)),
        ),
        "Police nationale, état 4001, reçu le 6 novembre 2026",
        fictif=True,
    )


TITRES = (
    ("Cambriolages de logements", 41), ("Vols liés aux véhicules", 50), ("Violences intrafamiliales", 58),
    ("Incidents dans les transports", 33), ("Vie des halls", 29), ("Doléances des habitants", 112),
    ("Dégradations", 24), ("Établissements scolaires", 15), ("Stupéfiants", 44),
)  # fmt: skip


def bulletin(n_themes: int = 9, n_secteurs: int = 7) -> FaitsBulletin:
    chiffres = (
        Chiffre("Cambriolages de logements", 41, "fait", Sens.ORDINAIRE, "Pas d'évolution significative.",
                "41 contre 46 en octobre 2025.", serie("Cambriolages", 41, 1, 13), "Police nationale", "t0"),
        Chiffre("Vols dans les véhicules", 63, "fait", Sens.HAUSSE, "Hausse significative.",
                "63 contre 40, et trois mois de suite.", serie("Vols", 50, 2, 13), "Police nationale", "t1"),
        Chiffre("Violences intrafamiliales", 58, "victime", Sens.ORDINAIRE, "Stable.",
                "702 victimes en douze mois contre 689.", serie("VIF", 58, 3, 13), "Police nationale", "t2"),
        Chiffre("Incidents dans les bus", 29, "incident", Sens.RESERVE, "Baisse, sous réserve.",
                "29 contre 49 ; saisie modifiée en mars.", serie("Bus", 33, 4, 13), "STRAV", "t3"),
        Chiffre("Occupations de hall", NON_LIVRE, "fait", Sens.INCONNU, "Octobre n'est pas arrivé.",
                "Créteil Habitat a été relancé le 20.", serie("Halls", 29, 5, 13, trous=(12,)), "Bailleurs", "t4"),
        Chiffre("Doléances en mairie", 1112, "courrier", Sens.BAISSE, "Baisse significative.",
                "Bruit et rodéos : 44 courriers.", serie("Doléances", 112, 6, 13), "Mairies", "t5"),
    )  # fmt: skip
    livraisons = tuple(
        LivraisonCitee(f"L{i}", f"etat4001_{m}_2026.xlsx", f"{i:064x}"[::-1], date(2026, 11, 6))
        for i, m in enumerate(("aout", "septembre", "octobre"), 1)
    )
    sources = tuple(
        Provenance(f"s{i}", nom, producteur, "2026", True, livraisons)
        for i, (nom, producteur) in enumerate(
            (
                ("État 4001", "Police nationale, DTSP 94"),
                ("Incidents dans les bus", "STRAV"),
                ("Signalements de hall", "Créteil Habitat"),
                ("Doléances", "Mairies des trois communes"),
            )
        )
    )
    chiffres = tuple(
        replace(
            c,
            serie=replace(
                c.serie, points=(*c.serie.points[:-1], replace(c.serie.points[-1], valeur=c.valeur))
            ),
        )
        for c in chiffres
        if c.serie
    )
    return FaitsBulletin(
        Genre.MENSUEL,
        "CISPD « Plaine centrale »",
        ("Créteil", "Alfortville", "Limeil-Brévannes"),
        Periode(date(2026, 10, 1), date(2026, 10, 31), "octobre 2026"),
        date(2026, 11, 9),
        "Un seul point appelle votre attention : les vols dans les véhicules.",
        "Ils passent de 40 à 63 en un an, surtout autour de la gare et au Grand Ensemble. Les cambriolages ne "
        "bougent pas plus que ne le veut le hasard. Les incidents dans les bus baissent nettement depuis mars, "
        "mais la STRAV a changé sa saisie ce mois-là : la baisse est à confirmer.",
        chiffres,
        tuple(theme(i, t, n, n_secteurs) for i, (t, n) in enumerate(TITRES[:n_themes])),
        sources,
        (
            Definition("Fait", "un fait constaté par un service de police et enregistré dans l'état 4001."),
            Definition("Victime", "une personne : un fait peut faire plusieurs victimes."),
            Definition("Incident", "ce qu'un conducteur a signalé ; il n'y a pas toujours de plainte."),
        ),
        (
            Definition(
                "Significatif",
                "l'écart dépasse ce que le hasard produit d'ordinaire (test exact de Poisson, seuil de 5 %, "
                "corrigé du nombre de comparaisons).",
            ),
            Definition(
                "Trop peu de faits", "sous dix faits, un pourcentage ne veut rien dire : il n'est pas écrit."
            ),
        ),
        ("Les secteurs de moins de cinq faits ne sont pas montrés : une personne pourrait être reconnue.",),
        ("Occupations de hall d'octobre (Créteil Habitat), relancé le 20 octobre.",),
        ("Mesdames et Messieurs les maires de Créteil, d'Alfortville et de Limeil-Brévannes",
         "Directions générales des services"),
        autorite="Sous l'autorité du président du CISPD",
        redaction="Coordination du CISPD, coordination@exemple.fr",
        territoire=Carte("Les communes du conseil", "", contours(3, 8)),
    )  # fmt: skip


def vide() -> FaitsBulletin:
    """Nothing delivered, nothing to say, nobody named."""
    return FaitsBulletin(
        Genre.MENSUEL, "CLSPD de Limeil-Brévannes", ("Limeil-Brévannes",),
        Periode(date(2026, 10, 1), date(2026, 10, 31), "octobre 2026"), date(2026, 11, 9),
        "Aucun fichier n'est arrivé.", "", mention="",
    )  # fmt: skip


def rien_de_livre() -> FaitsBulletin:
    """The same bulletin as usual, and every value of every table, chart and map is missing."""
    faits = bulletin(4)

    def sans(s: Serie | None) -> Serie | None:
        return s and replace(s, points=tuple(replace(p, valeur=NON_LIVRE) for p in s.points))

    def themes(t: PageTheme) -> PageTheme:
        assert t.tableau
        assert t.classement
        assert t.carte
        return replace(
            t, serie=sans(t.serie),
            tableau=replace(t.tableau, lignes=tuple(
                replace(li, valeurs=tuple(NON_LIVRE for _ in li.valeurs), variation="") for li in t.tableau.lignes)),
            classement=replace(t.classement, rangs=tuple(
                replace(r, valeur=NON_LIVRE, taux=NON_LIVRE) for r in t.classement.rangs)),
            carte=replace(t.carte, zones=tuple(replace(z, valeur=NON_LIVRE) for z in t.carte.zones)),
        )  # fmt: skip

    return replace(
        faits,
        chiffres=tuple(replace(c, valeur=NON_LIVRE, serie=sans(c.serie)) for c in faits.chiffres),
        themes=tuple(themes(t) for t in faits.themes),
    )


def bavard() -> FaitsBulletin:
    """Names and comments far longer than anyone would write, with characters that Typst reads as markup."""
    faits = bulletin(4)
    long = (
        "Un très long commentaire où l'on explique tout, y compris #let x = *1* et $y$ _ainsi_ @cela <là>. "
        * 30
    )
    themes = tuple(
        replace(
            t, titre=f"{t.titre} et dégradations de biens privés dans les parties communes des immeubles collectifs",
            commentaires=(long, long), decisions=(long[:600],) * 3, a_dire=long[:500],
            accroche="Pas d'évolution significative, " * 6,
            tableau=t.tableau and replace(t.tableau, lignes=tuple(
                replace(li, libelle=f"{li.libelle} commis dans des établissements recevant du public ou des mineurs",
                        lecture="hausse significative, sous réserve de la rupture de mars 2026")
                for li in t.tableau.lignes * 6)),
        )
        for t in faits.themes
    )  # fmt: skip
    chiffres = tuple(
        replace(c, nom="Violences physiques et sexuelles dans le cadre familial ou conjugal", phrase=long[:240],
                source="Direction territoriale de la sécurité de proximité")
        for c in faits.chiffres
    )  # fmt: skip
    return replace(
        faits, themes=themes, chiffres=chiffres, chapo=long[:900], manquants=(long[:200],) * 6,
        destinataires=(long[:120],) * 8, conseil="Conseil intercommunal de sécurité et de prévention de la délinquance "
        "« Grand Paris Sud Est Avenir et communes associées »",
        communes=tuple(f"Saint-Quelque-Chose-sur-Marne-{i}" for i in range(24)), edition=3,
        remplace="Corrige l'édition du 9 novembre : les incidents de la STRAV étaient comptés deux fois.",
    )  # fmt: skip


def annuel() -> FaitsBulletin:
    faits = bulletin(5, 5)
    themes = tuple(
        replace(
            t,
            serie=t.serie and replace(
                t.serie, titre="Par année", pas=Pas.ANNEE, accent=1, ruptures=(),
                points=tuple(replace(p, debut=date(2012 + i, 1, 1)) for i, p in enumerate(t.serie.points[:9])),
            ),
            tableau=t.tableau and replace(t.tableau, colonnes=("2020", "2019", "2018", "2017", "2016")),
        )
        for t in faits.themes
    )  # fmt: skip
    return replace(
        faits, genre=Genre.ANNUEL, themes=themes,
        periode=Periode(date(2020, 1, 1), date(2020, 12, 31), "année 2020"),
    )  # fmt: skip


EXTREMES = {
    "ordinaire": bulletin,
    "vide": vide,
    "rien_de_livre": rien_de_livre,
    "quarante_secteurs": lambda: bulletin(3, 40),
    "un_secteur": lambda: bulletin(2, 1),
    "bavard": bavard,
    "annuel": annuel,
}
