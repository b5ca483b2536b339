"""Lieux et heures: what the team sees of points and hours, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.documents import graphiques
from pupitre.documents.formes import Champ
from pupitre.moteur.resultats import Audience
from pupitre.moteur.sources import Description
from pupitre.moteur.sources import Role as Colonne
from pupitre.observatoire.chiffres import lieux_heures, lieux_montres
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.collecte import services
from pupitre.observatoire.devoirs import proposer_les_series
from pupitre.observatoire.models import FaitMarquant
from tests.fabriques import entrer, utilisateur
from tests.observatoire import fabrique

pytestmark = pytest.mark.django_db
JOUR = date(2026, 10, 31)


def _ligne(jour: str, heure: str, lon: float, lat: float) -> str:
    return f"{jour};{heure};Créteil;{lon:.5f};{lat:.5f}"


@pytest.fixture
def faits(monde, tmp_path):
    """Eighty scattered facts over a year, and eight that repeat within a hundred metres in October."""
    lignes = ["Date;Heure;Commune;Longitude;Latitude"]
    for i in range(80):
        jour = f"{1 + i % 28:02}/{1 + i % 10:02}/2026"
        lignes.append(_ligne(jour, f"{i % 24:02}:00", 2.43 + (i % 9) * 0.006, 48.77 + (i // 9) * 0.004))
    for m in (3, 5, 7, 10):
        for i in range(8):
            lignes.append(
                _ligne(f"{12 + i % 6:02}/{m:02}/2026", "22:30", 2.4551 + m * 0.002 + i * 0.0001, 48.7801)
            )
    chemin = tmp_path / "faits.csv"
    chemin.write_text("\n".join(lignes), encoding="utf-8")
    source = fabrique.source(
        monde.conseil,
        code="pm",
        nom="Main courante",
        organisation=monde.source.organisation,
        format="faits",
        description=Description(
            format="faits",
            roles={
                "Date": Colonne.DATE, "Heure": Colonne.HEURE, "Commune": Colonne.COMMUNE,
                "Longitude": Colonne.LON, "Latitude": Colonne.LAT,
            },
            communes=fabrique.CODES,
            nature_fixe="inc:tapage_pm",
        ).to_dict(),
    )  # fmt: skip
    services.importer(source=source, fichier=chemin, publier=True)
    return source


def test_les_heures_pesent_autant_que_les_faits(monde, faits):
    lecteur = Lecteur.ouvrir(monde.conseil, Audience.INTERNE)
    lus = lieux_heures.lire(lecteur, lecteur.sources["pm"])
    heures = lieux_heures.heures(lus)
    assert heures.semaine.poids.sum() == pytest.approx(lus.n) == pytest.approx(112)
    assert "22 h à 23 h" in heures.phrase
    assert lieux_heures.table_des_heures(lus, heures, ()).entetes[23] == "22 h"


def test_la_ou_les_faits_se_rassemblent(monde, faits):
    lecteur = Lecteur.ouvrir(monde.conseil, Audience.INTERNE)
    densite = lieux_heures.densite(lecteur, lieux_heures.lire(lecteur, lecteur.sources["pm"]))
    assert densite.cellules[0].n >= 7
    assert densite.carte is not None
    # What the sentence counts is what the map outlines.
    chaudes = sum(c.chaude for c in densite.cellules)
    assert chaudes
    assert sum(z.ecart for z in densite.carte.zones) == chaudes


def test_un_choix_de_nature_et_de_commune_ne_garde_que_ses_faits(monde, faits):
    lecteur = Lecteur.ouvrir(monde.conseil, Audience.INTERNE)
    demande = lieux_montres.DemandeLieux("pm")
    tous = lieux_montres.composer(lecteur, demande)
    assert (tous.natures, tous.communes) == ((), ()), "nothing to choose: one nature, one commune"
    assert tous.faits.n == 112
    profil = lecteur.etat.profils["pm"]
    lecteur.etat.profils["pm"] = replace(
        profil, natures=("inc:rodeo_pm", "inc:tapage_pm"), communes=tuple(fabrique.CODES.values())
    )
    rodeos = lieux_montres.composer(lecteur, replace(demande, nature="inc:rodeo_pm"))
    assert rodeos.faits.n == 0
    assert rodeos.dessin("densite").svg == ""
    ailleurs = lieux_montres.composer(lecteur, replace(demande, commune=fabrique.CODES["Alfortville"]))
    assert ailleurs.faits.n == 0
    assert dict(ailleurs.choix) == {"source": "pm", "commune": fabrique.CODES["Alfortville"]}
    ici = lieux_montres.composer(lecteur, replace(demande, commune=fabrique.CODES["Créteil"]))
    assert ici.faits.n == 112


def test_chaque_dessin_s_emporte_avec_son_tableau(monde, faits, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    lus = {}
    for dessin in ("heures", "densite", "rassemblements"):
        for format in ("svg", "png", "csv"):
            reponse = client.get(reverse("lieux-export", args=[monde.conseil.slug, dessin, format]))
            assert reponse.status_code == 200, (dessin, format)
            lus[dessin, format] = reponse.content
    assert b"22 h" in lus["heures", "csv"]
    assert "rassemblement" in lus["rassemblements", "csv"].decode()
    assert b"g-ecart" in lus["rassemblements", "svg"]
    assert lus["densite", "png"][:4] == b"\x89PNG"
    assert client.get(reverse("lieux-export", args=[monde.conseil.slug, "rien", "csv"])).status_code == 404


def test_un_champ_de_densite_se_dessine_en_temps_lineaire():
    """Its summit is looked for once, not once a cell."""

    class Compte(Champ):
        lectures = 0

        @property
        def sommet(self) -> float:
            Compte.lectures += 1
            return super().sommet

    cote = 60
    graphiques.champ(Compte("Densité", "faits", ((1.0,) * cote,) * cote, 0.0, 0.0, 40.0))
    assert Compte.lectures < cote


def test_une_serie_est_proposee_une_fois_avec_sa_raison(monde, faits):
    FaitMarquant.objects.all().delete()
    assert proposer_les_series(JOUR) >= 1
    fait = FaitMarquant.objects.get(jour__month=10)
    assert fait.suite == "a_examiner"
    assert fait.origine == "propose"
    assert "plus que le hasard" in fait.motif
    assert "8 faits semblables" in fait.texte
    assert proposer_les_series(JOUR) == 0


def test_l_equipe_voit_la_page_un_maire_non(monde, faits, client):
    adresse = reverse("lieux", args=[monde.conseil.slug])
    entrer(client, utilisateur(Role.ASSISTANT, monde.conseil))
    page = client.get(adresse).content.decode()
    assert "Main courante" in page
    assert client.get(reverse("lieux-export", args=[monde.conseil.slug, "heures", "csv"])).status_code == 200
    for role in (Role.MAIRE_MEMBRE, Role.PRESIDENT, Role.PARTENAIRE):
        entrer(client, utilisateur(role, monde.conseil))
        assert client.get(adresse).status_code == 403


def test_sans_fait_date_la_page_dit_quoi_faire(monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    page = client.get(reverse("lieux", args=[monde.conseil.slug])).content.decode()
    assert "Aucune source ne livre des faits un par un" in page
