"""Charts for the screen: well-formed, told in words, strict under CSP, honest about what is missing."""

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pupitre.documents import graphiques
from pupitre.documents.bulletin.composition import composer
from pupitre.documents.echelles import bornes_de_classes, classe, fond, graduations, legende
from pupitre.documents.formes import Carte, Pas, Point, Rang, Serie, Zone, anneaux_geojson, ranger
from pupitre.moteur.resultats import Absent, MotifAbsence, Rupture
from tests.documents.exemples import NON_LIVRE, SECRET, bulletin, contours, mois

SVG = "{http://www.w3.org/2000/svg}"


def composer_carte(carte):
    return composer(replace(bulletin(1), territoire=carte))["territoire"]


HOSTILE = "<script>alert(1)</script>\" onload='x' &"


def points(*valeurs):
    return tuple(Point(m, v) for m, v in zip(mois(len(valeurs)), valeurs, strict=True))


def dessins():
    faits = bulletin(4, 9)
    for theme in faits.themes:
        yield graphiques.serie(theme.serie)
        yield graphiques.serie(theme.serie, 340, 240)
        yield graphiques.classement(theme.classement)
        yield graphiques.carte(theme.carte, {r.code: "1" for r in theme.classement.rangs})
        yield graphiques.etincelle(theme.serie)


def verifier(svg):
    racine = ElementTree.fromstring(svg)
    tous = list(racine.iter())
    assert racine.get("role") == "img"
    ids = [e.get("id") for e in tous if e.get("id")]
    assert len(ids) == len(set(ids))
    for cle in ("aria-labelledby", "aria-describedby"):
        assert "".join(racine.find(f".//*[@id='{racine.get(cle)}']").itertext())
    for e in tous:
        # A CSP without unsafe-inline ignores style attributes and handlers: none may be needed.
        assert not any(a == "style" or a.startswith("on") for a in e.attrib)
        assert e.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "defs", "pattern", "g", "rect", "line", "path", "circle", "text"
        }  # fmt: skip
        for cible in re.findall(r"url\(#([^)]+)\)", e.get("fill", "")):
            assert cible in ids
    return racine


@pytest.mark.parametrize("dessin", list(dessins()))
def test_every_drawing_is_accessible_and_needs_no_inline_style(dessin):
    verifier(dessin.svg)
    assert len(dessin.resume) > 20
    assert not re.search(r"[^\u202f][;!?]", dessin.resume.replace("\u00a0", " "))


def test_hostile_names_stay_text():
    s = Serie(HOSTILE, "fait", points(1, 2), ruptures=(Rupture(mois(1)[0], HOSTILE),))
    zones = tuple(replace(z, libelle=HOSTILE, valeur=3) for z in contours(3))
    faits = bulletin(1)
    c = replace(faits.themes[0].classement, rangs=(Rang("a", HOSTILE, 3),))
    for dessin in (
        graphiques.serie(s), graphiques.etincelle(s), graphiques.classement(c),
        graphiques.carte(Carte(HOSTILE, "fait", zones), {"S1": HOSTILE}),
    ):  # fmt: skip
        verifier(dessin.svg)
        assert "<script" not in dessin.svg


@given(st.text(alphabet=st.characters(), min_size=1))
@example("\x00\ud800\uffff")
def test_any_name_gives_well_formed_markup(nom):
    ElementTree.fromstring(graphiques.serie(Serie(nom, "fait", points(1, 2, 3))).svg)


def test_every_bar_says_its_month_and_value():
    racine = verifier(graphiques.serie(Serie("Vols", "fait", points(3, 1234, NON_LIVRE))).svg)
    titres = [t.text for t in racine.iter(f"{SVG}title")][1:]
    assert titres == [
        "août\u00a02026\u202f: 3\u00a0faits",
        "sept.\u00a02026\u202f: 1\u202f234\u00a0faits",
        "oct.\u00a02026\u202f: non\u00a0livré (le fichier n’est pas arrivé)",
    ]


def test_bars_start_at_zero_and_are_proportional():
    racine = verifier(graphiques.serie(Serie("Vols", "fait", points(10, 20, 0)), 720, 260).svg)
    barres = [r for r in racine.iter(f"{SVG}rect") if r.get("class") in ("g-barre", "g-barre g-muet")]
    hauts = [float(b.get("height")) for b in barres]
    assert hauts[1] == pytest.approx(2 * hauts[0])
    assert hauts[2] == 0
    bas = {round(float(b.get("y")) + float(b.get("height")), 1) for b in barres}
    assert len(bas) == 1


def test_the_year_before_is_muted_and_a_break_is_told():
    s = Serie("Vols", "fait", points(*range(24)), ruptures=(Rupture(date(2026, 3, 1), "nouvelle saisie"),))
    dessin = graphiques.serie(s)
    assert dessin.svg.count('class="g-barre g-muet"') == 12
    assert "g-rupture" in dessin.svg
    assert "Rupture de série en mars\u00a02026\u202f: nouvelle saisie." in dessin.resume
    assert "(1)\u00a0mars\u00a02026\u202f: nouvelle saisie." in graphiques.notes(s)


def test_a_summary_says_the_last_the_year_before_and_the_extremes():
    s = Serie("Vols", "fait", points(40, *[50] * 11, 63))
    assert graphiques.resumer_serie(s) == (
        "Vols, de oct.\u00a02025 à oct.\u00a02026. Dernier point\u202f: 63\u00a0faits. "
        "Un an plus tôt\u202f: 40. Minimum 40 (oct.\u00a02025), maximum 63 (oct.\u00a02026)."
    )


def test_a_series_without_any_number_or_point_is_said():
    for valeurs in ((), (NON_LIVRE, NON_LIVRE)):
        dessin = graphiques.serie(Serie("Vols", "fait", points(*valeurs)))
        verifier(dessin.svg)
        assert "Aucun chiffre pour cette période." in dessin.svg
        assert "0" not in dessin.resume.replace("2026", "")
        verifier(graphiques.etincelle(Serie("Vols", "fait", points(*valeurs))).svg)


@pytest.mark.parametrize("pas", Pas)
def test_years_and_school_years_have_their_own_labels(pas):
    jours = [date(2012 + i, 9, 1) for i in range(9)]
    dessin = graphiques.serie(Serie("Vols", "fait", tuple(Point(j, 5) for j in jours), pas, accent=1))
    attendu = {
        "annee": "2020",
        "annee_scolaire": "2020-2021",
        "semestre": "2e semestre 2020",
        "trimestre": "3e trimestre 2020",
    }.get(pas, "sept.\u00a02020")
    assert attendu in dessin.resume


def test_a_withheld_place_is_last_hatched_and_never_zero():
    rangs = ranger((Rang("a", "Lac", SECRET), Rang("b", "Gare", 8), Rang("c", "Port", 0)))
    assert [r.libelle for r in rangs] == ["Gare", "Port", "Lac"]
    zones = tuple(replace(z, valeur=v) for z, v in zip(contours(3), (SECRET, 8, 0), strict=True))
    dessin = graphiques.carte(Carte("Vols", "fait", zones))
    assert dessin.svg.count('class="g-zone g-absent" fill=') == 2  # the zone and its key
    assert "moins de cinq faits" in dessin.svg
    assert "n.\u00a0d.\u202f: Gare." in dessin.resume


@given(st.floats(min_value=0, max_value=1e9, allow_subnormal=False))
def test_graduations_are_round_and_cover(maximum):
    g = graduations(maximum)
    assert g[0] == 0
    assert g[-1] >= maximum * (1 - 1e-9)
    assert 2 <= len(g) <= 7


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=60))
def test_every_value_falls_in_a_class_whose_wording_holds_it(valeurs):
    presentes = tuple(float(v) for v in valeurs)
    bornes = bornes_de_classes(presentes)
    assert 1 <= len(bornes) <= 5
    textes = legende(bornes, presentes, 0)
    for v in presentes:
        bas, _, haut = textes[classe(v, bornes)].replace("\u202f", "").partition(" à ")
        assert int(bas) <= v <= int(haut or bas)


def test_classes_are_round_and_five_at_most():
    assert bornes_de_classes((5.0, 50.0)) == (0, 10, 20, 30, 40)
    assert legende((0, 10, 20, 30, 40), (5.0, 50.0), 0)[-1] == "40 à 50"
    assert bornes_de_classes((7.0, 7.0)) == (7,)
    assert legende((7.0,), (7.0,), 1) == ["7,0"]
    assert bornes_de_classes((0.4, 2.3)) == (0, 1, 2)
    assert bornes_de_classes((0.4, 2.3), 1) == (0, 0.5, 1, 1.5, 2)
    assert legende((0, 0.5, 1, 1.5, 2), (0.4, 2.3), 1) == [
        "0,0 à 0,4",
        "0,5 à 0,9",
        "1,0 à 1,4",
        "1,5 à 1,9",
        "2,0 à 2,3",
    ]


def test_a_rate_falls_in_the_class_that_reads_like_it():
    zones = tuple(replace(z, valeur=v) for z, v in zip(contours(3), (0.45, 0.44, 2.3), strict=True))
    carte = Carte("Taux", "fait", zones, decimales=1)
    bornes = bornes_de_classes((0.5, 0.4, 2.3), 1)
    assert (
        [z["c"] for z in composer_carte(carte)["zones"]]
        == [classe(v, bornes) for v in (0.5, 0.4, 2.3)]
        == [1, 0, 4]
    )
    assert graphiques.carte(carte).svg.count("g-zone g-t1") == 2


def test_a_map_without_any_number_has_no_class():
    assert bornes_de_classes(()) == ()
    assert legende((), (), 0) == []
    zones = tuple(replace(z, valeur=Absent(MotifAbsence.NON_LIVRE, "rien")) for z in contours(3))
    verifier(graphiques.carte(Carte("Vols", "fait", zones)).svg)
    verifier(graphiques.carte(Carte("Vols", "fait", ())).svg)


def test_outlines_fit_their_frame_and_keep_holes():
    dehors = ((0, 48), (1, 48), (1, 49), (0, 49), (0, 48))
    trou = ((0.4, 48.4), (0.6, 48.4), (0.6, 48.6), (0.4, 48.6), (0.4, 48.4))
    dessin = fond(Carte("c", "", (Zone("a", "A", (dehors, trou)), Zone("b", "B", ()))))
    assert len(dessin.traces[0].anneaux) == 2
    assert dessin.traces[1].anneaux == ()
    assert all(
        -0.001 <= x <= 1.001 and y <= dessin.hauteur + 0.001 for a in dessin.traces[0].anneaux for x, y in a
    )
    x, y = dessin.traces[0].etiquette
    assert not (0.4 < x < 0.6 and 0.4 < y / dessin.hauteur < 0.6)


def test_geojson_outlines_are_read_and_points_refused():
    carre = [[0, 0], [1, 0], [1, 1], [0, 0]]
    assert anneaux_geojson({"type": "Polygon", "coordinates": [carre]}) == (((0, 0), (1, 0), (1, 1), (0, 0)),)
    assert len(anneaux_geojson({"type": "MultiPolygon", "coordinates": [[carre], [carre]]})) == 2
    with pytest.raises(ValueError, match="Point"):
        anneaux_geojson({"type": "Point", "coordinates": [0, 0]})


def test_the_style_sheet_names_every_class_that_drawings_use():
    feuille = graphiques.FEUILLE_DE_STYLE.read_text(encoding="utf-8")
    utilisees = set()
    for dessin in dessins():
        for attribut in re.findall(r'class="([^"]+)"', dessin.svg):
            utilisees |= set(attribut.split())
    sans_style = {"g-serie", "g-texte", "g-point", "g-nom"}
    assert {c for c in utilisees if f".{c}" not in feuille} <= sans_style
