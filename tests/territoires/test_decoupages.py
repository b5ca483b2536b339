"""Divisions of the territory: dated, examined before they take effect, never silently repaired."""

import hashlib
import io
from datetime import date

import numpy as np
import pytest
import shapely

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.geographie.lecture import TAILLE_MAXIMALE
from pupitre.territoires import decoupages
from pupitre.territoires.decoupages import DecoupageRefuse, importer_decoupage, recevoir_contours
from pupitre.territoires.models import ContoursRecus, Decoupage, Secteur
from pupitre.territoires.reference import contours_des_communes
from pupitre.territoires.selectors import decoupage_as_of
from tests.moteur.geographie.formes import carre, collection, en_degres, entite, quartiers
from tests.territoires.fabrique import PLAINE, voisin

pytestmark = pytest.mark.usefixtures("recus")
DEBUT = date(2020, 1, 1)
PROPRE = quartiers(*en_degres(carre(0, 0), carre(1000, 0)))


def _importer(conseil, fichier=PROPRE, debut=DEBUT, **options):
    options = {"nom": "Quartiers", "origine": "Service de cartographie, 2020", **options}
    return importer_decoupage(conseil=conseil, fichier=fichier, debut=debut, **options)


def test_import_keeps_outlines_file_and_findings(plaine, recus):
    decoupage = _importer(plaine, fictif=True)
    assert (decoupage.nom, decoupage.debut, decoupage.fin, decoupage.projection) == (
        "Quartiers",
        DEBUT,
        None,
        "WGS84",
    )
    assert decoupage.fictif
    assert decoupage.fichier_sha256 == hashlib.sha256(PROPRE).hexdigest()
    assert (recus / decoupage.fichier).read_bytes() == PROPRE
    assert list(decoupage.secteurs.order_by("code").values_list("code", "nom")) == [
        ("Q1", "Quartier 1"),
        ("Q2", "Quartier 2"),
    ]
    contour = shapely.from_wkb(bytes(decoupage.secteurs.get(code="Q1").contour))
    assert contour.equals_exact(en_degres(carre(0, 0))[0], 1e-9)
    assert {c["code"] for c in decoupage.constats} <= {"hors_territoire", "commune_non_couverte"}


@pytest.mark.parametrize("forme", ["path", "file", "bytes"])
def test_a_file_comes_as_path_file_or_bytes(plaine, tmp_path, forme):
    chemin = tmp_path / "quartiers.geojson"
    chemin.write_bytes(PROPRE)
    fichier = {"path": chemin, "file": io.BytesIO(PROPRE), "bytes": PROPRE}[forme]
    assert _importer(plaine, fichier).secteurs.count() == 2


def test_lambert_file_is_kept_in_degrees(plaine):
    decoupage = _importer(plaine, quartiers(carre(0, 0), crs="EPSG:2154"))
    assert decoupage.projection == "Lambert-93"
    contour = shapely.from_wkb(bytes(decoupage.secteurs.get().contour))
    assert 2.4 < contour.centroid.x < 2.6


def test_a_new_division_ends_the_former_the_day_before(plaine):
    ancien = _importer(plaine)
    nouveau = _importer(
        plaine, quartiers(*en_degres(carre(0, 0))), date(2024, 7, 1), nom="Nouveaux quartiers"
    )
    ancien.refresh_from_db()
    assert (ancien.fin, nouveau.fin) == (date(2024, 6, 30), None)
    choisis = [decoupage_as_of(plaine, date(*j)) for j in ((2019, 12, 31), (2024, 6, 30), (2024, 7, 1))]
    assert choisis == [None, ancien, nouveau]
    assert ancien.secteurs.count() == 2


@pytest.mark.parametrize("debut", [date(2019, 1, 1), DEBUT])
def test_the_past_keeps_its_division(plaine, debut):
    _importer(plaine)
    with pytest.raises(DecoupageRefuse, match="dates passées gardent"):
        _importer(plaine, debut=debut)
    assert Decoupage.objects.get().fin is None


def test_a_neighbour_keeps_its_own(plaine):
    autre = _importer(voisin(), collection(entite(contours_des_communes(["94046"])["94046"], code="M")))
    _importer(plaine, debut=date(2024, 1, 1))
    autre.refresh_from_db()
    assert autre.fin is None


def test_secteurs_find_their_commune_by_their_place(plaine):
    communes = contours_des_communes(list(PLAINE))
    fichier = collection(*(entite(g, code=f"S{c}", nom=f"Secteur {c}") for c, g in communes.items()))
    decoupage = _importer(plaine, fichier)
    assert dict(decoupage.secteurs.values_list("code", "commune_id")) == {f"S{c}": c for c in PLAINE}
    assert decoupage.constats == []


def test_secteurs_say_their_commune_themselves(plaine):
    formes = en_degres(carre(0, 0), carre(1000, 0))
    fichier = collection(
        *(
            entite(f, code=i, nom=f"S{i}", depcom=c)
            for i, (f, c) in enumerate(zip(formes, PLAINE, strict=False))
        )
    )
    assert list(
        _importer(plaine, fichier).secteurs.order_by("code").values_list("commune_id", flat=True)
    ) == ["94028", "94002"]


def test_another_territory_is_refused(plaine):
    with pytest.raises(DecoupageRefuse, match="d’ailleurs") as refus:
        _importer(plaine, quartiers(*en_degres(carre(100_000, 0))))
    assert [c.code for c in refus.value.constats] == ["autre_territoire"]
    _rien_n_a_change()


def test_duplicate_codes_are_refused(plaine):
    formes = en_degres(carre(0, 0), carre(1000, 0))
    with pytest.raises(DecoupageRefuse, match="entités n°\u202f1, 2"):
        _importer(plaine, collection(*(entite(f, code="A", nom="Gare") for f in formes)))
    _rien_n_a_change()


NOEUD = shapely.Polygon(
    [(660_000, 6_854_000), (661_000, 6_855_000), (661_000, 6_854_000), (660_000, 6_855_000)]
)


def test_no_outline_is_repaired_without_consent(plaine):
    fichier = quartiers(*en_degres(carre(2000, 0), NOEUD))
    with pytest.raises(DecoupageRefuse, match="se croise lui-même"):
        _importer(plaine, fichier)
    _rien_n_a_change()
    decoupage = _importer(plaine, fichier, corriger=True)
    corrige = shapely.from_wkb(bytes(decoupage.secteurs.get(code="Q2").contour))
    assert corrige.is_valid
    assert [c["entites"] for c in decoupage.constats if c["code"] == "contour_a_corriger"] == [[2]]


def test_chosen_fields(plaine):
    fichier = collection(
        *(
            entite(f, a=i, b=10 + i, c=f"Zone {i}")
            for i, f in enumerate(en_degres(carre(0, 0), carre(1000, 0)))
        )
    )
    decoupage = _importer(plaine, fichier, champ_code="b", champ_nom="c")
    assert list(decoupage.secteurs.order_by("code").values_list("code", "nom")) == [
        ("10", "Zone 0"),
        ("11", "Zone 1"),
    ]


def test_a_field_that_does_not_exist(plaine):
    with pytest.raises(FichierRefuse, match="Aucune entité ne porte"):
        _importer(plaine, champ_code="insee")
    _rien_n_a_change()


def test_codes_are_invented_and_said(plaine):
    formes = en_degres(carre(0, 0), carre(1000, 0))
    decoupage = _importer(plaine, collection(*(entite(f) for f in formes)))
    assert list(decoupage.secteurs.order_by("code").values_list("code", "nom")) == [("1", "1"), ("2", "2")]
    assert "codes_inventes" in {c["code"] for c in decoupage.constats}


def test_size_is_refused_before_reading(plaine):
    class Enorme(io.BytesIO):
        size = TAILLE_MAXIMALE + 1

        def read(self, *_):
            pytest.fail("the file was read")

    with pytest.raises(FichierRefuse, match="trop lourd"):
        _importer(plaine, Enorme())


def test_received_examined_confirmed(plaine, recus):
    attente = recevoir_contours(
        conseil=plaine, fichier=PROPRE, nom_fichier="q.geojson", nom="Quartiers", debut=DEBUT, origine="Ville"
    )
    assert (recus / attente.fichier).read_bytes() == PROPRE
    examen = decoupages.examiner_recus(attente)
    assert (examen.projection, examen.champ_code, examen.champ_nom, len(examen.secteurs)) == (
        "WGS84",
        "code",
        "nom",
        2,
    )
    assert not Decoupage.objects.exists()
    decoupage = decoupages.confirmer(recus=attente)
    assert (decoupage.nom, decoupage.origine, decoupage.debut) == ("Quartiers", "Ville", DEBUT)
    assert not ContoursRecus.objects.exists()


def test_a_new_file_replaces_the_one_that_waited_in_that_council_only(plaine):
    def recevoir(conseil):
        return recevoir_contours(
            conseil=conseil, fichier=PROPRE, nom_fichier="q.geojson", nom="Q", debut=DEBUT, origine="Ville"
        )

    autre = recevoir(voisin())
    recevoir(plaine)
    second = recevoir(plaine)
    assert set(ContoursRecus.objects.all()) == {autre, second}


def test_a_received_file_that_was_altered(plaine, recus):
    attente = recevoir_contours(
        conseil=plaine, fichier=PROPRE, nom_fichier="q.geojson", nom="Q", debut=DEBUT, origine="Ville"
    )
    for geste in (lambda f: f.write_bytes(b"{}"), lambda f: f.unlink()):
        geste(recus / attente.fichier)
        with pytest.raises(FichierRefuse, match="n’est plus tel"):
            decoupages.confirmer(recus=attente)
    _rien_n_a_change()
    assert ContoursRecus.objects.exists()


def test_map_and_places(plaine, django_assert_num_queries):
    decoupage = _importer(plaine)
    with django_assert_num_queries(1):
        dessins = decoupages.contours(decoupage)
    assert [(d.code, d.nom) for d in dessins] == [("Q1", "Quartier 1"), ("Q2", "Quartier 2")]
    with django_assert_num_queries(0):
        assert decoupages.contours(decoupage) is dessins
    points = shapely.centroid(np.array(en_degres(carre(1000, 0), carre(0, 0), carre(5000, 0)), dtype=object))
    codes, rangs = decoupages.localiser_secteurs(decoupage, shapely.get_x(points), shapely.get_y(points))
    assert (codes, rangs.tolist()) == (["Q1", "Q2"], [1, 0, -1])


def _rien_n_a_change():
    assert not Decoupage.objects.exists()
    assert not Secteur.objects.exists()
