"""Nothing leaves the machine unless the administrator says so; then, the text of an address and nothing else."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from pupitre.observatoire.collecte import douteuses, geoplateforme, services
from pupitre.observatoire.collecte.geoplateforme import GeoplateformeRefusee
from pupitre.socle.configuration import Configuration, ConfigurationRefusee, charger
from tests.observatoire import fabrique_adresses as fa
from tests.territoires.fabrique import ALFORTVILLE, CRETEIL, LIMEIL


def entite(libelle="3 Allée Neuve 94000 Créteil", commune=CRETEIL, **dit):
    return {
        "geometry": {"type": "Point", "coordinates": dit.pop("point", [2.4530, 48.7900])},
        "properties": {"label": libelle, "citycode": commune, "score": 0.91, "type": "housenumber"} | dit,
    }


@pytest.fixture
def serveur(settings):
    """A geocoder of this machine; `reponse` is what it says, `demandes` what it was asked."""

    class Reponse(BaseHTTPRequestHandler):
        def do_GET(self):
            faux.demandes.append((urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)))
            self.send_response(faux.code)
            self.end_headers()
            self.wfile.write(faux.reponse)

        def log_message(self, *_):
            pass

    class Faux(HTTPServer):
        code = 200
        reponse = json.dumps({"features": [entite()]}).encode()

    faux = Faux(("127.0.0.1", 0), Reponse)
    faux.demandes = []
    fil = threading.Thread(target=faux.serve_forever, daemon=True)
    fil.start()
    settings.CONFIGURATION = replace(
        settings.CONFIGURATION,
        geoplateforme=True,
        geoplateforme_adresse=f"http://127.0.0.1:{faux.server_port}/geocodage",
    )
    yield faux
    faux.shutdown()
    faux.server_close()
    fil.join()


@pytest.fixture
def livraison(conseil, tmp_path):
    fa.secteurs(conseil)
    fa.ban(conseil, tmp_path)
    return fa.livrer(fa.source(conseil), tmp_path, "3 allée toute neuve")


def test_it_is_off_by_default_and_says_yes_or_no(tmp_path):
    assert Configuration(tmp_path).geoplateforme is False
    assert charger({"PUPITRE_DONNEES": str(tmp_path)}).geoplateforme is False
    assert charger({"PUPITRE_DONNEES": str(tmp_path), "PUPITRE_GEOPLATEFORME": "oui"}).geoplateforme is True
    for variables in (
        {"PUPITRE_GEOPLATEFORME": "peut-être"},
        {"PUPITRE_GEOPLATEFORME_ADRESSE": "file:///etc"},
    ):
        with pytest.raises(ConfigurationRefusee, match="geoplateforme"):
            charger({"PUPITRE_DONNEES": str(tmp_path), **variables})


def test_off_no_socket_is_opened(livraison, conseil, monkeypatch, tmp_path):
    ouvertes = []

    def interdite(*arguments, **_):
        ouvertes.append(arguments)
        raise AssertionError("une connexion a été ouverte")

    monkeypatch.setattr(socket, "socket", interdite)
    monkeypatch.setattr(socket, "create_connection", interdite)
    monkeypatch.setattr(socket, "getaddrinfo", interdite)
    with pytest.raises(GeoplateformeRefusee, match="aucune adresse ne sort"):
        geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil)
    services.lire(livraison=livraison)
    assert livraison.adresses_douteuses.get().candidats == []
    assert ouvertes == []


def test_on_a_socket_is_opened(livraison, conseil, serveur, monkeypatch):
    """The guard of the test above does see the client's connections."""
    ouvertes = []
    vraie = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda *a, **o: ouvertes.append(a) or vraie(*a, **o))
    geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil)
    assert len(ouvertes) == 3


def test_reading_a_file_asks_nothing_even_when_it_is_on(livraison, serveur):
    services.lire(livraison=livraison)
    assert serveur.demandes == []


def test_only_the_address_and_the_commune_are_sent(livraison, conseil, serveur):
    assert geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil) == (1, 1)
    assert [chemin for chemin, _ in serveur.demandes] == ["/geocodage/search"] * 3
    assert [d["citycode"] for _, d in serveur.demandes] == [[ALFORTVILLE], [CRETEIL], [LIMEIL]]
    assert all(d["q"] == ["3 allée toute neuve"] for _, d in serveur.demandes)
    assert {c for _, d in serveur.demandes for c in d} == {"q", "citycode", "limit", "index"}


def test_a_proposal_is_marked_and_so_is_the_decision(livraison, conseil, serveur):
    geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil)
    doute = livraison.adresses_douteuses.get()
    assert [(c["libelle"], c["secteur"], c["geoplateforme"]) for c in doute.candidats] == [
        ("3 Allée Neuve 94000 Créteil", "O", True)
    ]
    reglee = douteuses.regler(douteuse=doute, decision="lieu", candidat=0)
    assert reglee.geoplateforme
    services.lire(livraison=livraison)
    (lue,) = fa.observations(livraison)
    assert (lue["precision_lieu"], lue["secteur"], lue["lon"]) == ("numero", "O", 2.453)


def test_asked_once(livraison, conseil, serveur):
    geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil)
    serveur.demandes.clear()
    assert geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil) == (0, 0)
    assert serveur.demandes == []


@pytest.mark.parametrize(
    "reponse",
    [
        {"features": [entite(commune="75101")]},
        {"features": [entite(type="municipality")]},
        {"features": [entite(score=0.1)]},
        {"features": [entite(score="beaucoup")]},
        {"features": [entite(point=["a", "b"])]},
        {"features": [entite(point=[200, 95])]},
        {"features": [{}, None, 3]},
        {"features": "rien"},
        ["autre chose"],
    ],
)
def test_what_is_outside_coarse_or_malformed_is_not_proposed(livraison, conseil, serveur, reponse):
    serveur.reponse = json.dumps(reponse).encode()
    assert geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil) == (1, 0)
    assert livraison.adresses_douteuses.get().candidats == []


@pytest.mark.parametrize(("code", "reponse"), [(500, b""), (200, b"<html>"), (404, b"{}")])
def test_a_failure_is_said_and_nothing_is_lost(livraison, conseil, serveur, code, reponse):
    serveur.code, serveur.reponse = code, reponse
    with pytest.raises(GeoplateformeRefusee, match="n’a pas répondu"):
        geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil)
    assert livraison.adresses_douteuses.count() == 1


def test_many_communes_make_one_question(serveur, settings):
    membres = {f"940{n:02}" for n in range(10)} | {CRETEIL}
    (trouve,) = geoplateforme.chercher("3 allée neuve", membres)
    assert trouve.libelle == "3 Allée Neuve 94000 Créteil"
    assert [sorted(d) for _, d in serveur.demandes] == [["index", "limit", "q"]]
