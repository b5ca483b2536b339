"""The public page: absent while closed; open, nothing but what anyone may read, and no cookie."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.observatoire import page_publique
from pupitre.observatoire.collecte import services
from pupitre.observatoire.models import ReglagePagePublique
from tests.fabriques import empreinte, entrer, utilisateur
from tests.observatoire import fabrique
from tests.territoires.fabrique import ALFORTVILLE, CRETEIL, LIMEIL

ENTETE = (
    "CODGEO_2025;annee;indicateur;unite_de_compte;nombre;taux_pour_mille;est_diffuse;insee_pop;"
    "insee_pop_millesime;insee_log;insee_log_millesime;complement_info_nombre;complement_info_taux"
)
CAMBRIOLAGES, VEHICULES = "Cambriolages de logement", "Vols de véhicule"
UNITES = {CAMBRIOLAGES: "Infraction", VEHICULES: "Véhicule"}
# Limeil-Brévannes never has more than five burglaries; Alfortville misses one year of the three.
NOMBRES = {
    CAMBRIOLAGES: {
        CRETEIL: {2021: 211, 2022: 222, 2023: 233, 2024: 244},
        ALFORTVILLE: {2021: 41, 2022: 4, 2023: 43, 2024: 44},
        LIMEIL: {2021: 3, 2022: 2, 2023: 1, 2024: 3},
    },
    VEHICULES: {
        CRETEIL: {2021: 311, 2022: 322, 2023: 333, 2024: 344},
        ALFORTVILLE: {2021: 81, 2022: 82, 2023: 83, 2024: 84},
        LIMEIL: {2021: 61, 2022: 62, 2023: 63, 2024: 64},
    },
}


@pytest.fixture
def conseil(monde, tmp_path):
    """The world's council, its page never opened, with a published base of the SSMSI beside the landlord's."""
    ReglagePagePublique.objects.all().delete()
    lignes = [ENTETE]
    for indicateur, par_commune in NOMBRES.items():
        for commune, par_an in par_commune.items():
            for an, n in par_an.items():
                lignes.append(
                    f'"{commune}";{an};"{indicateur}";"{UNITES[indicateur]}";{n};1,0;"diff";50000;2021;20000;2021;NA;NA'
                )
    fichier = tmp_path / "ssmsi.csv"
    fichier.write_text("\n".join(lignes) + "\n", "utf-8-sig")
    etat = fabrique.organisation(monde.conseil, "SSMSI", "etat")
    source = fabrique.source(
        monde.conseil,
        "ssmsi-communal",
        "Délinquance enregistrée",
        organisation=etat,
        format="ssmsi_communal",
        description={},
        frequence="annee",
    )
    services.importer(source=source, fichier=fichier, publier=True)
    return monde.conseil


def _adresse(conseil, **question) -> str:
    return reverse("page-publique", args=[conseil.slug]) + (
        "?" + "&".join(f"{k}={v}" for k, v in question.items()) if question else ""
    )


def _ouvrir(conseil, **autres) -> None:
    auteur = utilisateur(Role.COORDINATEUR, conseil)
    page_publique.regler(conseil=conseil, **({"ouverte": True, "indexable": False} | autres), auteur=auteur)


def _lignes(page: page_publique.PagePublique) -> dict[str, tuple[str, ...]]:
    return {li.libelle: tuple(str(v) for v in li.valeurs) for s in page.sources for li in s.lignes}


def test_fermee_elle_n_existe_pas(conseil, client):
    assert client.get(_adresse(conseil)).status_code == 404
    assert client.get(reverse("page-publique-export", args=[conseil.slug, "csv"])).status_code == 404
    _ouvrir(conseil)
    assert client.get(_adresse(conseil)).status_code == 200
    _ouvrir(conseil, ouverte=False)
    assert client.get(_adresse(conseil)).status_code == 404
    assert client.get(reverse("page-publique", args=["inconnu"])).status_code == 404


def test_celle_du_voisin_reste_fermee(conseil, monde, client):
    _ouvrir(conseil)
    assert client.get(_adresse(monde.voisin)).status_code == 404


def test_elle_ne_depose_aucun_cookie_et_n_ecrit_rien(conseil, client):
    _ouvrir(conseil)
    avant = empreinte()
    for adresse in (_adresse(conseil), reverse("page-publique-export", args=[conseil.slug, "csv"])):
        reponse = client.get(adresse)
        assert not reponse.cookies
        assert "Set-Cookie" not in reponse.headers
    assert not client.cookies
    assert empreinte() == avant
    assert "<script" not in client.get(_adresse(conseil)).content.decode()


def test_elle_n_est_trouvee_que_si_on_le_veut(conseil, client):
    _ouvrir(conseil)
    assert client.get(_adresse(conseil))["X-Robots-Tag"] == "noindex"
    _ouvrir(conseil, indexable=True)
    reponse = client.get(_adresse(conseil))
    assert "X-Robots-Tag" not in reponse.headers
    assert 'name="robots"' not in reponse.content.decode()


def test_seules_les_sources_ouvertes_s_y_lisent(conseil, client):
    _ouvrir(conseil)
    texte = client.get(_adresse(conseil)).content.decode()
    assert "Délinquance enregistrée" in texte
    assert "Occupations de hall" not in texte
    assert "Créteil Habitat" not in texte


def test_plus_de_cinq_faits_trois_annees_de_suite(conseil):
    """Alfortville shows its vehicles, not its burglaries: one year of the three has four."""
    ici = page_publique.composer(conseil, f"commune:{ALFORTVILLE}")
    assert _lignes(ici) == {"Vols de véhicules": ("81", "82", "83", "84")}
    assert ici.sources[0].tues == 1
    assert _lignes(page_publique.composer(conseil, f"commune:{LIMEIL}")) == {
        "Vols de véhicules": ("61", "62", "63", "64")
    }


def test_aucune_soustraction_ne_rend_une_commune(conseil):
    """The total and two communes are read; the third is what they leave: one of them is withheld too."""
    lus = {
        c: _lignes(page_publique.composer(conseil, c)).get(CAMBRIOLAGES, ("n. d.",) * 4)
        for c in ("conseil", f"commune:{CRETEIL}", f"commune:{ALFORTVILLE}", f"commune:{LIMEIL}")
    }
    for rang in range(4):
        assert sum(v[rang] == "n. d." for v in lus.values()) != 1, rang
    assert any(v != "n. d." for v in lus["conseil"])


def test_un_territoire_inconnu_est_tout_le_conseil(conseil, client):
    _ouvrir(conseil)
    assert _lignes(page_publique.composer(conseil, "secteur:CEN")) == _lignes(page_publique.composer(conseil))
    assert client.get(_adresse(conseil, territoire="commune:75056")).status_code == 200


def test_l_export_dit_la_meme_chose_que_la_page(conseil, client):
    _ouvrir(conseil)
    adresse = (
        reverse("page-publique-export", args=[conseil.slug, "csv"]) + f"?territoire=commune:{ALFORTVILLE}"
    )
    texte = client.get(adresse).content.decode("utf-8-sig")
    assert "Alfortville;Vols de véhicules;véhicule;2024;84" in texte
    assert CAMBRIOLAGES not in texte
    assert client.get(reverse("page-publique-export", args=[conseil.slug, "pdf"])).status_code == 404


def test_l_ouvrir_est_date_signe_et_garde(conseil, client):
    qui = utilisateur(Role.COORDINATEUR, conseil, prenom="Hélène", nom="Marchand")
    entrer(client, qui)
    adresse = reverse("page-publique-reglage", args=[conseil.slug])
    assert "La page est fermée" in client.get(adresse).content.decode()
    client.post(adresse, {"ouverte": "on"})
    client.post(adresse, {})
    faits = list(ReglagePagePublique.objects.filter(conseil=conseil).values_list("ouverte", "nom"))
    assert faits == [(True, "Hélène Marchand"), (False, "Hélène Marchand")]


def test_sans_source_publique_elle_ne_s_ouvre_pas(monde, client):
    ReglagePagePublique.objects.all().delete()
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    reponse = client.post(reverse("page-publique-reglage", args=[monde.conseil.slug]), {"ouverte": "on"})
    assert reponse.status_code == 422
    assert "n’aurait rien à montrer" in reponse.content.decode()
    assert not ReglagePagePublique.objects.exists()


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.PRESIDENT, Role.PARTENAIRE])
def test_un_autre_role_ne_l_ouvre_pas(conseil, client, role):
    entrer(client, utilisateur(role, conseil))
    adresse = reverse("page-publique-reglage", args=[conseil.slug])
    assert client.post(adresse, {"ouverte": "on"}).status_code == 403
    assert not ReglagePagePublique.objects.exists()


def test_la_coordination_voisine_ne_l_ouvre_pas(conseil, monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.voisin))
    adresse = reverse("page-publique-reglage", args=[conseil.slug])
    assert client.post(adresse, {"ouverte": "on"}).status_code == 404
    assert not ReglagePagePublique.objects.exists()
