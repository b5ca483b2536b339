"""What looks like a person is pointed out; a street, an institution or a member of the séance is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pupitre.socle.donnees_personnelles import Genre, avertissement, indices


@pytest.mark.parametrize(
    ("texte", "genre", "extrait"),
    [
        ("Le mineur né le 12/03/2009 a été vu.", Genre.NAISSANCE, "né le 12/03/2009"),
        ("une jeune fille née le 3 mai 2010", Genre.NAISSANCE, "née le 3 mai 2010"),
        ("Joindre k.benali@exemple.fr", Genre.COURRIEL, "k.benali@exemple.fr"),
        ("Rappeler au 06 12 34 56 78 ce soir", Genre.TELEPHONE, "06 12 34 56 78"),
        ("M. Karim Benali s’est plaint", Genre.CIVILITE, "M. Karim Benali"),
        ("la famille Durand occupe le hall", Genre.CIVILITE, "famille Durand"),
        ("Kevin Martin a été exclu du collège", Genre.NOM, "Kevin Martin"),
        ("On évoque la situation de Kevin Bertrand.", Genre.NOM, "Kevin Bertrand"),
        ("Kevin Bertrand, connu des services", Genre.NOM, "Kevin Bertrand"),
        ("Inès B. fugue souvent", Genre.NOM, "Inès B."),
        ("un jeune du quartier de 15 ans", Genre.AGE, "un jeune du quartier de 15 ans"),
        ("au bâtiment C, appartement 12B", Genre.LOGEMENT, "appartement 12B"),
        ("numéro 2 85 05 78 006 084 36", Genre.NUMERO, "2 85 05 78 006 084 36"),
    ],
)
def test_ce_qui_designe_une_personne_est_signale(texte, genre, extrait):
    (trouve,) = [i for i in indices(texte) if i.genre is genre]
    assert trouve.extrait == extrait
    assert texte[trouve.debut : trouve.fin].strip() == extrait
    assert trouve.raison.endswith(".")


@pytest.mark.parametrize(
    "texte",
    [
        "Rodéos rue Jean Jaurès le samedi soir.",
        "La place Salvador Allende est mal éclairée.",
        "Le collège Louis Issaurat a signalé trois intrusions.",
        "Occupations de hall au 12 mail des Mèches, 14 incidents.",
        "Monsieur le maire a ouvert la séance. Madame la préfète est excusée.",
        "Le commissaire Paul Durand a présenté les chiffres.",
        "La situation de la rue Jean Jaurès s’améliore, celle de Créteil aussi.",
        "Le 12 mars 2026, la police a dispersé un groupe.",
        "De 15 à 20 ans, les jeunes sont reçus par la mission locale.",
    ],
)
def test_un_lieu_une_institution_ou_une_fonction_ne_l_est_pas(texte):
    assert indices(texte) == []


def test_ceux_que_l_appelant_connait_peuvent_etre_nommes():
    assert indices("Créteil Habitat a livré octobre.", connus=["Créteil Habitat"]) == []
    texte = "Mme Claire Roy a présenté le bilan."
    assert indices(texte)
    assert indices(texte, connus=["Claire Roy"]) == []


def test_l_avertissement_dit_quoi_et_pourquoi():
    phrase = avertissement(indices("Kevin Martin a été exclu, tél. 06 12 34 56 78"))
    assert "Kevin Martin" in phrase
    assert "06 12 34 56 78" in phrase
    assert "l’on raconte des faits" in phrase
    assert avertissement([]) == ""


@given(st.text(max_size=300))
def test_tout_texte_se_lit_et_les_places_sont_justes(texte):
    for i in indices(texte):
        assert texte[i.debut : i.fin].strip() == i.extrait
