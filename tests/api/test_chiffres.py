"""Figures read by a program: the partner's own, after the same control as on every page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Audience, Periode
from pupitre.moteur.sources import Role
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.collecte import services
from pupitre.observatoire.demandes.chiffres import jours_de, semestres_entiers
from pupitre.territoires.decoupages import importer_decoupage
from tests.api.conftest import jeton
from tests.moteur.geographie.formes import carre, en_degres, quartiers
from tests.observatoire import fabrique as observatoire
from tests.territoires import fabrique as territoires

CHIFFRES = "/api/v1/chiffres"


@pytest.fixture
def lecteur(monde, appelant):
    return appelant(jeton(monde.conseil, monde.source.organisation, lit=True)[1])


def test_une_serie_avec_tout_ce_qui_l_accompagne(monde, lecteur):
    dit = lecteur.get(
        CHIFFRES, source="halls", nature="inc:occupation_hall", debut="2026-01-01", fin="2026-09-30"
    ).json()
    assert [li["debut"] for li in dit["lignes"]] == [f"2026-{m:02}-01" for m in range(1, 10)]
    assert [li["n"] for li in dit["lignes"]] == [3 * m for m in range(1, 10)]
    assert dit["unite"] == "incident"
    assert dit["perimetre"]
    (source,) = dit["sources"]
    assert source["fichiers"][0]["sha256"] == monde.publiee.sha256


def test_ce_qui_n_est_pas_livre_est_dit(lecteur):
    dit = lecteur.get(
        CHIFFRES, source="halls", nature="inc:occupation_hall", debut="2026-09-01", fin="2026-12-31"
    ).json()
    assert dit["lignes"][0]["n"] == 27
    assert dit["lignes"][2]["n"]["absent"] == "non_livre"
    assert dit["lignes"][2]["n"]["raison"]


@pytest.fixture
def par_secteur(db, tmp_path, settings):
    """Twenty-four months of a source by secteur, where one of the three counts a fact a year."""
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path / "donnees")
    settings.MEDIA_ROOT = settings.CONFIGURATION.recus
    territoires.charger_petite_reference(tmp_path)
    conseil = territoires.plaine_centrale()
    importer_decoupage(
        conseil=conseil,
        fichier=quartiers(*en_degres(*(carre(i * 1000, 0) for i in range(4)))),
        nom="Quartiers",
        debut=date(2020, 1, 1),
        origine="Service de cartographie",
    )
    description = replace(
        observatoire.DESCRIPTION, roles={**observatoire.DESCRIPTION.roles, "Secteur": Role.SECTEUR}
    )
    source = observatoire.source(conseil, description=description.to_dict())
    lignes = ["Mois;Commune;Secteur;Nombre"]
    for annee in (2024, 2025):
        for mois in range(1, 13):
            quatre = (3, 4, 1 if mois == 2 else 0, 2)
            lignes += [f"{annee}-{mois:02};Créteil;Quartier {i};{n}" for i, n in enumerate(quatre, start=1)]
    fichier = tmp_path / "secteurs.csv"
    fichier.write_text("\n".join(lignes), encoding="utf-8")
    services.importer(source=source, fichier=fichier, publier=True)
    return source


def test_les_secteurs_sont_retenus_comme_sur_les_pages(par_secteur, appelant):
    """Half-year by half-year, cell by cell, what the table by secteur shows to a mayor: no more, no less."""
    conseil = par_secteur.conseil
    client = appelant(jeton(conseil, par_secteur.organisation, lit=True)[1])
    lecteur = Lecteur.ouvrir(conseil, Audience.PARTENAIRE)
    profil = lecteur.etat.profils["halls"]
    lieux = {p.cle: p for p in perimetres(lecteur.territoire, profil)}
    indicateur = next(i for i in indicateurs(profil) if i.cle == "inc:occupation_hall")
    sujet = Sujet(par_secteur, profil, indicateur, lieux["conseil"])
    mois = jours_de(date(2024, 1, 1), date(2025, 12, 31), Pas.MOIS)
    semestres = semestres_entiers(sujet, mois, Pas.MOIS)
    attendu = {
        li["secteur"]: [str(li[cle]) for cle, _, _ in semestres]
        for li in lecteur.croiser(
            sujet, "secteur", semestres, Periode(date(2024, 1, 1), date(2025, 12, 31), "")
        ).dicts()
    }
    lu, retenues = {}, 0
    for cle in [c for c in lieux if c.startswith("secteur:")]:
        dit = client.get(
            CHIFFRES,
            source="halls",
            nature="inc:occupation_hall",
            territoire=cle,
            debut="2024-01-01",
            fin="2025-12-31",
        ).json()
        assert [c["libelle"] for c in dit["colonnes"]][:2] == ["1er semestre 2024", "2e semestre 2024"]
        (ligne,) = dit["lignes"]
        lu[cle.removeprefix("secteur:")] = [
            "n. d." if isinstance(v, dict) else str(v) for v in ligne.values()
        ]
        retenues += sum(isinstance(v, dict) and v["absent"] == "secret" for v in ligne.values())
        if any(isinstance(v, dict) for v in ligne.values()):
            assert dit["retenus"]
    assert lu == attendu
    assert retenues >= 4, "le petit, et ceux qui le protègent"


@pytest.mark.parametrize(
    ("question", "mot"),
    [
        ({"source": "ailleurs"}, "source"),
        ({"source": "halls", "nature": "4001:27"}, "nature"),
        ({"source": "halls", "nature": "inc:occupation_hall", "territoire": "commune:75056"}, "territoire"),
    ],
)
def test_ce_qui_n_existe_pas_est_404_et_dit_les_choix(lecteur, question, mot):
    reponse = lecteur.get(CHIFFRES, **question)
    assert reponse.status_code == 404
    assert mot in reponse.json()["erreur"]["quoi"]


def test_une_periode_a_l_envers_ou_trop_courte_est_refusee(lecteur):
    base = {"source": "halls", "nature": "inc:occupation_hall"}
    assert lecteur.get(CHIFFRES, **base, debut="2026-09-01", fin="2026-01-01").status_code == 422
    assert lecteur.get(CHIFFRES, **base, debut="2026-09-02", fin="2026-09-20").status_code == 422
    assert lecteur.get(CHIFFRES, **base, debut="hier").status_code == 422


def test_un_autre_partenaire_ne_lit_pas_cette_source(monde, appelant):
    """Same answer as for a source that does not exist, and none of its names."""
    autre = observatoire.organisation(monde.conseil, nom="RATP", nature="transporteur")
    client = appelant(jeton(monde.conseil, autre, lit=True)[1])
    reponse = client.get(CHIFFRES, source="halls", nature="inc:occupation_hall")
    assert reponse.status_code == 404
    assert "hall" not in reponse.json()["erreur"]["pourquoi"]


def test_le_meme_partenaire_chez_le_voisin_ne_lit_rien(monde, appelant):
    monde.source.organisation.conseils.add(monde.voisin)
    client = appelant(jeton(monde.voisin, monde.source.organisation, lit=True)[1])
    assert client.get(CHIFFRES, source="halls", nature="inc:occupation_hall").status_code == 404


def test_un_jeton_de_depot_ne_lit_pas(monde, appelant):
    client = appelant(jeton(monde.conseil, monde.source.organisation)[1])
    assert client.get(CHIFFRES, source="halls").status_code == 403


def test_les_donnees_ouvertes_se_lisent_avec_n_importe_quel_jeton(monde, appelant, tmp_path):
    ouverte = observatoire.source(
        monde.conseil,
        code="ouverte",
        organisation=observatoire.organisation(monde.conseil, nom="Ministère", nature="etat"),
        convenue=False,
        description=observatoire.DESCRIPTION.to_dict(),
    )
    ouverte.publique = True
    ouverte.save()
    fichier = tmp_path / "ouverte.csv"
    fichier.write_bytes(observatoire.comptages({"2026-09": observatoire.partout(20)}))
    services.importer(source=ouverte, fichier=fichier, publier=True)
    client = appelant(jeton(monde.conseil, monde.source.organisation, lit=True)[1])
    dit = client.get(
        CHIFFRES, source="ouverte", nature="inc:occupation_hall", debut="2026-09-01", fin="2026-09-30"
    )
    assert dit.json()["lignes"][0]["n"] == 60
