from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pupitre.moteur.adresses import SCHEMA_BAN, Index, Statut, lire_ban, localiser_adresses
from pupitre.moteur.observations import PrecisionLieu
from tests.moteur.adresses import fabrique

NUMERO, LIEU, VOIE = PrecisionLieu.NUMERO, PrecisionLieu.LIEU, PrecisionLieu.VOIE


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return fabrique.index(tmp_path_factory.mktemp("ban"))


def chercher(index: Index, texte: str, commune: str | None = None):
    return localiser_adresses([texte], index, [commune] if commune else None)[0]


@pytest.mark.parametrize(
    ("texte", "libelle", "precision"),
    [
        ("12 avenue du Général de Gaulle", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("12, av. du Gal de Gaulle", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("12 AV GENERAL DEGAULLE", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("n° 12 av du general de gaule 94000 CRETEIL", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("Avenue du Général de Gaulle, 12", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("général de gaulle (avenue du) 12", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("de Gaulle 12", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("12-14 aveune du général de gaulle", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("12 à 16 avenue du général de gaulle", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("devant le 12 avenue du Général de Gaulle", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("12 av du général de gaulle bât. B esc 2", "12 Avenue du Général de Gaulle, Créteil", NUMERO),
        ("chez M. Untel", None, None),
        ("4 bis rue Carnot, Créteil", "4 bis Rue Carnot, Créteil", NUMERO),
        ("4B r. Carnot 94000", "4 bis Rue Carnot, Créteil", NUMERO),
        ("5 r. Carnot", None, None),
        ("4B r. Carnot 94000 Créteil", "4 bis Rue Carnot, Créteil", NUMERO),
        ("4 r Carnot, Créteil", "4 Rue Carnot, Créteil", NUMERO),
        ("3 impasse carnot", "3 Impasse Carnot, Créteil", NUMERO),
        ("8 mai 1945", "Rue du 8 Mai 1945, Créteil", VOIE),
        ("8 rue du huit mai 1945", "8 Rue du 8 Mai 1945, Créteil", NUMERO),
        ("3 rue du 8 mai", "3 Rue du 8 Mai 1945, Créteil", NUMERO),
        ("2 rue R. Salengro", "2 Rue Roger Salengro, Créteil", NUMERO),
        ("6 rue roger salengro", "Rue Roger Salengro, Créteil", VOIE),
        ("place de l'eglise", "Place de l’Église, Créteil", VOIE),
        ("1 pl. Eglise", "1 Place de l’Église, Créteil", NUMERO),
        ("7 route de Créteil", "7 Route de Créteil, Alfortville", NUMERO),
        ("7 route de Créteil Alfortville", "7 Route de Créteil, Alfortville", NUMERO),
        ("3 rue Marcelin Bertelot", "3 Rue Marcellin Berthelot, Alfortville", NUMERO),
        ("Gare RER Créteil Pompadour", "Gare RER Créteil-Pompadour, Créteil", LIEU),
        ("gare pompadour", "Gare RER Créteil-Pompadour, Créteil", LIEU),
        ("collège S. de Beauvoir", "Collège Simone de Beauvoir, Créteil", LIEU),
        ("Résidence les Bleuets, hall 3", "Résidence Les Bleuets, Créteil", LIEU),
        (
            "angle avenue du général de gaulle et rue du 8 mai 1945",
            "Avenue du Général de Gaulle / Rue du 8 Mai 1945, Créteil",
            LIEU,
        ),
        ("av. du Gal de Gaulle / rue du 8 mai 1945", "Avenue du Général de Gaulle / Rue du 8 Mai 1945, Créteil", LIEU),
        (
            "Rue du 8 mai 1945 à l'angle de l'avenue du général de gaulle",
            "Rue du 8 Mai 1945 / Avenue du Général de Gaulle, Créteil",
            LIEU,
        ),
    ],
)  # fmt: skip
def test_as_written(index, texte, libelle, precision):
    trouve = chercher(index, texte)
    assert (trouve.place.libelle if trouve.place else None) == libelle
    assert (trouve.place.precision if trouve.place else None) == precision


def test_a_street_of_two_communes_is_a_doubt_unless_the_commune_is_said(index):
    doute = chercher(index, "5 rue Carnot")
    assert doute.statut is Statut.DOUTEUSE
    assert {c.libelle for c in doute.candidats[:2]} == {"5 Rue Carnot, Créteil", "5 Rue Carnot, Alfortville"}
    assert chercher(index, "5 rue Carnot", "94002").place.libelle == "5 Rue Carnot, Alfortville"


def test_another_type_of_street_is_never_taken_for_the_one_written(index):
    """There may be an allée Roger Salengro that the extract does not hold yet."""
    doute = chercher(index, "2 allée Roger Salengro")
    assert (doute.statut, doute.candidats[0].libelle) == (Statut.DOUTEUSE, "2 Rue Roger Salengro, Créteil")


@pytest.mark.parametrize("texte", ["12 rue de Rivoli 75001 Paris", "7 rue Carnot 93140 Bondy"])
def test_another_town_is_not_searched(index, texte):
    trouve = chercher(index, texte)
    assert (trouve.statut, trouve.raison) == (Statut.INTROUVABLE, "dans une autre commune")


def test_a_commune_outside_the_extract(index):
    assert chercher(index, "12 rue Carnot", "75056").raison == "dans une autre commune"


def test_a_missing_number_is_framed_by_its_neighbours_and_says_so(index):
    """Between 4 and… nothing near on the even side: the last one; 7 stands between 3 and 9."""
    place = chercher(index, "7 rue Roger Salengro").place
    trois, neuf = (chercher(index, f"{n} rue Roger Salengro").place for n in (3, 9))
    assert (place.precision, place.numero) == (VOIE, "")
    assert set(place.appuis) == {*trois.appuis, *neuf.appuis}
    assert place.lon == pytest.approx((trois.lon + neuf.lon) / 2)


def test_a_far_number_gives_the_whole_street(index):
    place = chercher(index, "250 rue Roger Salengro").place
    assert place.precision is VOIE
    assert len(place.appuis) == 6


def test_corner_of_streets_that_do_not_meet_is_a_doubt(index):
    doute = chercher(index, "angle impasse Carnot et place de l'Eglise")
    assert doute.statut is Statut.DOUTEUSE
    assert {c.libelle for c in doute.candidats} >= {"Impasse Carnot, Créteil", "Place de l’Église, Créteil"}


def test_repetitions_are_located_once_and_counted(index):
    textes = ["1 rue du 8 mai 1945", None, "  ", "1 rue du 8 mai 1945", "nulle part ailleurs"]
    trouves = localiser_adresses(textes, index)
    assert len(trouves.distinctes) == 2
    assert [t and t.statut for t in (trouves[i] for i in range(5))] == [
        Statut.TROUVEE,
        None,
        None,
        Statut.TROUVEE,
        Statut.INTROUVABLE,
    ]
    assert (trouves.compte(Statut.TROUVEE), trouves.compte(Statut.INTROUVABLE)) == (2, 1)
    assert trouves.precisions() == {NUMERO: 2}


def test_texts_and_communes_go_together(index):
    with pytest.raises(ValueError, match="2 texts but 1 communes"):
        localiser_adresses(["a", "b"], index, ["94028"])


@pytest.mark.parametrize(
    ("voie", "ecrites"),
    [
        ("Grande Rue", ("3 Grande Rue", "3 grand rue", "Gde rue 3", "3, GRANDE RUE 94000 Créteil")),
        ("Rond-Point", ("3 rond point", "3 ROND-POINT")),
        ("Le Clos", ("3 le clos", "3 clos")),
        ("Rue A", ("3 rue A", "3 r. A")),
        ("Quai", ("3 quai",)),
    ],
)
def test_names_that_are_hardly_names(tmp_path, voie, ecrites):
    lignes = [fabrique.TITRES, f";;3;;{voie};94000;94028;Créteil;;;2.45;48.79;"]
    seul = Index([lire_ban(fabrique.ecrire(tmp_path, lignes)).table])
    for ecrite in ecrites:
        place = chercher(seul, ecrite).place
        assert place is not None, ecrite
        assert place.libelle == f"3 {voie}, Créteil"


@settings(max_examples=100, deadline=None)
@given(
    noms=st.lists(st.text(min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=4), texte=st.text()
)
def test_any_name_of_street_makes_an_index(noms, texte):
    import pyarrow as pa

    commun = {"commune": "94028", "nom_commune": "Créteil", "code_postal": "94000", "rep": "", "lieu_dit": ""}
    lignes = [commun | {"voie": nom, "numero": 1, "lon": 2.45, "lat": 48.79} for nom in noms]
    index = Index([pa.Table.from_pylist(lignes, schema=SCHEMA_BAN)])
    trouvees = localiser_adresses([texte, f"1 {noms[0]}"], index)
    assert len(trouvees) == 2


def test_nothing_is_known_of_an_empty_index():
    assert localiser_adresses(["12 rue Carnot"], Index([]))[0].statut is Statut.INTROUVABLE


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texte=st.text(max_size=60)
    | st.from_regex(r"[0-9]{0,4} ?(bis|ter|[a-z])?,? ?(rue|av|pl)?[ a-z'.(/-]{0,30}")
)
def test_any_text_is_located_or_not_but_never_breaks(index, texte):
    trouve = chercher(index, texte)
    if not texte.strip():
        assert trouve is None
        return
    if trouve.statut is Statut.TROUVEE:
        assert 0.7 <= trouve.place.score <= 1
        assert math.isfinite(trouve.place.lon + trouve.place.lat)
    assert (trouve.place is None) == (trouve.statut is not Statut.TROUVEE)
    assert list(trouve.candidats) == sorted(trouve.candidats, key=lambda c: -c.score)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rue=st.sampled_from([r for r in fabrique.RUES if r[0] != "Rue Carnot"]),
    rang=st.integers(0, 100),
    casse=st.sampled_from([str, str.upper, str.lower]),
    separateur=st.sampled_from([" ", ", ", "  "]),
)
def test_an_address_of_the_extract_is_always_found_at_its_point(index, rue, rang, casse, separateur):
    nom, (_, commune, _), lon, lat, numeros = rue
    numero = list(numeros)[rang % len(list(numeros))]
    place = chercher(index, f"{numero}{separateur}{casse(nom)}").place
    assert place.libelle == f"{numero} {nom}, {commune}"
    assert (place.lon, place.lat) == (pytest.approx(lon + numero * fabrique.PAS), pytest.approx(lat))
