"""The search page: who finds what, what is said when nothing is found, and what it costs."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.acces.models import Organisation
from pupitre.conseils.comptes_rendus import redaction
from pupitre.conseils.decisions.services import prendre
from pupitre.conseils.models import PieceSeance
from pupitre.web.recherche import composition
from tests.annuaire.fabrique import fonction, organisation, personne
from tests.conseils import fabrique_seances as seances
from tests.fabriques import empreinte, entrer, utilisateur
from tests.observatoire.fabrique import organisation as partenaire
from tests.web.adresses import vider

pytestmark = pytest.mark.django_db


def _adresse(conseil, nom="rechercher") -> str:
    return reverse(nom, args=[conseil.slug])


def _texte(reponse) -> str:
    """What is read of the page, without its tags."""
    page = reponse.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page[page.index("<main") :])).split())


def _page(client, monde, q: str, **reste) -> str:
    reponse = client.get(_adresse(monde.conseil), {"q": q} | reste)
    assert reponse.status_code == 200
    return _texte(reponse)


def _genres(client, monde, q: str) -> dict[str, int]:
    page = client.get(_adresse(monde.conseil), {"q": q}).content.decode()
    return {
        cle: int(n) for cle, n in re.findall(r'<h2 id="lot-([\w-]+)">.*?</h2><p class="discret">(\d+)', page)
    }


@pytest.fixture
def coordination(monde, client):
    return entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))


@pytest.mark.parametrize(
    ("q", "genre"),
    [
        ("dominique morel", "personnes"),
        ("morrel", "personnes"),
        ("01 00 00 00 01", "personnes"),
        ("plénière", "formations"),
        ("automne", "seances"),
        ("verdun eclairage", "decisions"),
        ("bailleur travaux", "comptes-rendus"),
        ("bilan.pdf", "pieces"),
        ("septembre 2026", "bulletins"),
        ("limeil", "communes"),
        ("centre", "secteurs"),
        ("incidents csv", "livraisons"),
        ("charte", "textes"),
    ],
)
def test_chaque_genre_se_trouve(monde, coordination, q, genre):
    assert genre in _genres(coordination, monde, q)


@pytest.mark.parametrize("genre", ["sources", "conventions", "organisations"])
def test_ce_qui_vient_du_partenaire_se_trouve_par_son_nom(monde, coordination, genre):
    assert _genres(coordination, monde, monde.source.organisation.nom)[genre] == 1


def test_chaque_resultat_s_ouvre(monde, coordination):
    """Every link of every kind leads somewhere, for this person."""
    vus = set()
    for q in (
        "2026",
        "morel",
        monde.source.organisation.nom,
        "centre limeil",
        "plénière",
        "hall",
        "csv",
        "charte",
    ):
        page = coordination.get(_adresse(monde.conseil), {"q": q}).content.decode()
        vus |= set(re.findall(r'<li><div><a href="([^"]+)"', page))
    assert len(vus) >= 12
    for chemin in vus:
        reponse = coordination.get(unescape(chemin))
        assert reponse.status_code == 200, chemin
        vider(reponse)


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATEUR])
def test_chaque_resultat_s_ouvre_a_qui_le_trouve(monde, client, role):
    entrer(client, utilisateur(role, monde.conseil))
    vus = set()
    for q in ("2026", "plénière", "hall", "morel", monde.source.organisation.nom, "limeil"):
        page = client.get(_adresse(monde.conseil), {"q": q}).content.decode()
        vus |= set(re.findall(r'<li><div><a href="([^"]+)"', page))
    assert vus
    for chemin in vus:
        reponse = client.get(unescape(chemin))
        assert reponse.status_code == 200, (role, chemin)
        vider(reponse)


def test_les_mots_sont_marques_et_echappes(monde, coordination):
    prendre(formation=monde.seance.formation, texte="<b>Éclairage</b> & bancs")
    page = coordination.get(_adresse(monde.conseil), {"q": "eclairage"}).content.decode()
    assert "&lt;b&gt;<mark>Éclairage</mark>&lt;/b&gt; &amp; bancs" in page
    assert "<b>" not in page
    hostile = coordination.get(_adresse(monde.conseil), {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in hostile


def test_sans_question_la_page_apprend_a_chercher(monde, coordination):
    for q in ("", "  ", "a", "’"):
        page = _page(coordination, monde, q)
        assert "2026-31" in page
        assert "Aucun résultat" not in page


def test_rien_de_trouve_dit_ce_qui_a_ete_essaye(monde, coordination):
    assert "Aucun résultat pour «\u202fzorglub\u202f»" in unescape(
        coordination.get(_adresse(monde.conseil), {"q": "zorglub"}).content.decode()
    )
    page = coordination.get(_adresse(monde.conseil), {"q": "éclairage zorglub"}).content.decode()
    assert "Cherchez-en un seul" in page
    assert f'{_adresse(monde.conseil)}?q=eclairage"' in page


def test_un_mot_mal_ecrit_est_corrige_et_dit(monde, coordination):
    page = _page(coordination, monde, "eclairaje vredun")
    assert "Rien n’est écrit" in page
    assert "1 résultat pour « éclairage Verdun »" in page


def test_un_genre_seul_a_ses_pages(monde, coordination):
    for i in range(30):
        prendre(formation=monde.seance.formation, texte=f"Mesure numéro {i}")
    assert "Voir les 30 décisions" in _page(coordination, monde, "mesure")
    premiere = _page(coordination, monde, "mesure", genre="decisions")
    seconde = _page(coordination, monde, "mesure", genre="decisions", page="2")
    assert premiere.count("Mesure numéro") == 25
    assert seconde.count("Mesure numéro") == 5
    assert "26 à 30 sur 30" in seconde
    assert _page(coordination, monde, "mesure", genre="decisions", page="99").count("Mesure numéro") == 25
    assert "Voir les 30 décisions" in _page(coordination, monde, "mesure", genre="n’importe quoi")
    for faux in ("0", "-1", "x", "9" * 40):
        assert "Mesure" in _page(coordination, monde, "mesure", genre="decisions", page=faux)


def test_pendant_la_frappe_seuls_les_resultats_viennent(monde, coordination):
    fragment = coordination.get(_adresse(monde.conseil), {"q": "hall"}, headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert b'id="lot-decisions"' in fragment.content
    assert "HX-Request" in fragment["Vary"]
    revenue = coordination.get(
        _adresse(monde.conseil),
        {"q": "hall"},
        headers={"HX-Request": "true", "HX-History-Restore-Request": "true"},
    )
    assert b"<html" in revenue.content


@pytest.mark.parametrize("q", ["06 00 00 00 01", "0600000001", "matin", "préfère"])
def test_ni_numero_prive_ni_note_de_travail(monde, coordination, q):
    page = _page(coordination, monde, q)
    assert "Morel" not in page
    assert "Morel" in _page(coordination, monde, "01 00 00 00 01")


@pytest.mark.parametrize("role", [Role.PARTENAIRE, Role.PREFECTURE, Role.PARQUET])
def test_sans_l_annuaire_personne_ne_s_y_trouve(monde, client, role):
    chez = partenaire(monde.conseil, "Autre bailleur") if role == Role.PARTENAIRE else None
    entrer(client, utilisateur(role, monde.conseil, organisation=chez))
    assert "personnes" not in _genres(client, monde, "morel")
    assert "organisations" not in _genres(client, monde, monde.source.organisation.nom)


def test_un_autre_partenaire_ne_trouve_ni_livraison_ni_source_ni_convention(monde, client):
    """The neighbour at the same table holds the same right, on its own sources."""
    voisine = partenaire(monde.conseil, "Transports de la plaine", Organisation.Nature.TRANSPORTEUR)
    entrer(client, utilisateur(Role.PARTENAIRE, monde.conseil, organisation=voisine))
    for q in ("incidents", monde.source.nom, monde.source.organisation.nom, "convention"):
        assert not {"livraisons", "sources", "conventions"} & set(_genres(client, monde, q)), q
    sienne = utilisateur(Role.PARTENAIRE, monde.conseil, organisation=monde.source.organisation)
    entrer(client, sienne)
    assert _genres(client, monde, "incidents")["livraisons"] >= 1


def test_le_voisin_ne_trouve_rien_et_n_entre_pas(monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.voisin))
    assert client.get(_adresse(monde.conseil), {"q": "hall"}).status_code == 404
    for q in ("hall", "morel", "éclairage", "incidents", "charte", "centre"):
        reponse = client.get(_adresse(monde.voisin), {"q": q})
        assert "Aucun résultat" in _texte(reponse), q


def test_on_cherche_dans_le_conseil_ou_l_on_est(monde, client):
    """Somebody of two councils: each page searches its own."""
    compte = utilisateur(Role.COORDINATEUR, monde.conseil)
    compte.habilitations.create(role=Role.COORDINATEUR, conseil=monde.voisin, debut="2024-01-01")
    personne(monde.voisin, "Tessier", "Bruno")
    entrer(client, compte)
    assert "Bruno Tessier" in _texte(client.get(_adresse(monde.voisin), {"q": "tessier"}))
    assert "Aucun résultat" in _texte(client.get(_adresse(monde.conseil), {"q": "tessier"}))
    assert f'action="{_adresse(monde.voisin)}"' in client.get(_adresse(monde.voisin)).content.decode()


def test_le_champ_est_dans_le_cadre_de_qui_a_un_conseil(monde, client):
    entrer(client, utilisateur(Role.MAIRE_MEMBRE, monde.conseil))
    accueil = client.get(reverse("accueil_conseil", args=[monde.conseil.slug])).content.decode()
    assert 'id="rail-q"' in accueil
    assert 'aria-keyshortcuts="/"' in accueil
    entrer(client, utilisateur(Role.ADMINISTRATEUR))
    assert 'id="rail-q"' not in client.get(reverse("comptes")).content.decode()


def test_la_touche_se_debraye(monde, coordination):
    """RGAA 12.10: a shortcut of one key can be turned off."""
    avant = empreinte()
    coordination.post(_adresse(monde.conseil, "raccourci"), {"raccourci": "non"})
    page = coordination.get(_adresse(monde.conseil)).content.decode()
    assert "aria-keyshortcuts" not in page
    assert "data-raccourci" not in page
    coordination.post(_adresse(monde.conseil, "raccourci"), {"raccourci": "oui"})
    assert "aria-keyshortcuts" in coordination.get(_adresse(monde.conseil)).content.decode()
    assert empreinte() == avant


def test_chercher_n_ecrit_rien(monde, coordination):
    avant = empreinte()
    _page(coordination, monde, "éclairaje")
    assert empreinte() == avant


def _requetes(compte, conseil, q: str) -> int:
    with CaptureQueriesContext(connection) as capture:
        composition.chercher(compte, conseil, q)
    return len(capture)


def _une_de_chaque(monde, maison, i: int) -> None:
    """One more of each kind that « éclairage » finds."""
    fonction(monde.conseil, personne(monde.conseil, f"Éclairage{i}"), maison)
    formation = monde.seance.formation
    prendre(formation=formation, texte=f"Éclairage {i}", theme="tranquillite")
    seance = seances.seance_tenue(monde.conseil, formation, objet=f"Éclairage {i}")
    PieceSeance.objects.create(seance=seance, nom=f"eclairage-{i}.pdf", chemin="x", sha256="0" * 64, taille=1)
    ecrit = redaction.dresser(seance=seance)
    redaction.ecrire(compte_rendu=ecrit, textes=["L’éclairage."] * len(ecrit.contenu["points"]))
    for etat in ("soumis", "valide"):
        redaction.passer(ecrit, etat)


@pytest.mark.parametrize("q", ["éclairage", "eclairagz", "éclairage zorglub", "éclairage 2026"])
def test_un_nombre_fixe_de_requetes_quel_que_soit_le_nombre_de_lignes(monde, q):
    compte = utilisateur(Role.COORDINATEUR, monde.conseil)
    maison = organisation(monde.conseil, "Éclairage de la plaine")
    _une_de_chaque(monde, maison, 0)
    composition.chercher(compte, monde.conseil, q)
    une = _requetes(compte, monde.conseil, q)
    for i in range(1, 8):
        _une_de_chaque(monde, maison, i)
    assert _requetes(compte, monde.conseil, q) == une <= 52
