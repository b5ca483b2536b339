"""A program delivers, follows, knows what is awaited; each refusal, with a neighbour's token."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces import jetons
from pupitre.acces.models import JetonApi
from pupitre.observatoire.models import Livraison
from pupitre.socle import horloge
from tests.api.conftest import jeton
from tests.fabriques import empreinte
from tests.observatoire import fabrique as observatoire

DEPOT, SOURCES = "/api/v1/livraisons", "/api/v1/sources"


def _fichier(mois: str = "2026-11", n: int = 6) -> SimpleUploadedFile:
    return SimpleUploadedFile("novembre.csv", observatoire.comptages({mois: observatoire.partout(n)}))


@pytest.fixture
def du_bailleur(monde, appelant):
    return appelant(jeton(monde.conseil, monde.source.organisation)[1])


@pytest.fixture
def de_l_autre(monde, appelant):
    """A token of another partner around the same table."""
    autre = observatoire.organisation(monde.conseil, nom="RATP", nature="transporteur")
    return appelant(jeton(monde.conseil, autre, lit=True)[1])


@pytest.fixture
def du_voisin(monde, appelant):
    """The same organisation, in the neighbouring council."""
    monde.source.organisation.conseils.add(monde.voisin)
    return appelant(jeton(monde.voisin, monde.source.organisation, lit=True)[1])


def test_deposer_puis_suivre(monde, du_bailleur):
    recue = du_bailleur.post(DEPOT, {"source": "halls", "fichier": _fichier()})
    assert recue.status_code == 202
    assert recue["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    pk = recue.json()["id"]
    assert recue.json()["adresse"].endswith(reverse("api-livraison", args=[pk]))
    suivie = du_bailleur.get(f"{DEPOT}/{pk}").json()
    assert suivie["etat"] == "controlee"
    assert suivie["comprise"]["retenues"] == 3
    assert suivie["comprise"]["periode"] == "novembre 2026"
    assert suivie["nombre_d_anomalies"] == len(suivie["anomalies"])
    livraison = Livraison.objects.get(pk=pk)
    assert livraison.sha256 == suivie["sha256"]
    assert livraison.deposee_par is None
    assert "Par l’API, jeton «\u202fProgiciel\u202f»" in livraison.evenements.first().raison


def test_le_meme_fichier_n_est_recu_qu_une_fois(monde, du_bailleur):
    premier = du_bailleur.post(DEPOT, {"source": "halls", "fichier": _fichier()})
    second = du_bailleur.post(DEPOT, {"source": "halls", "fichier": _fichier()})
    assert second.status_code == 409
    assert second.json()["livraison"] == premier.json()["id"]
    assert "déjà été reçu" in second.json()["erreur"]["quoi"]


def test_un_fichier_illisible_est_rejete_et_dit_pourquoi(monde, du_bailleur):
    recue = du_bailleur.post(
        DEPOT, {"source": "halls", "fichier": SimpleUploadedFile("photo.xlsx", b"\x89PNG\r\n")}
    )
    suivie = du_bailleur.get(f"{DEPOT}/{recue.json()['id']}").json()
    assert suivie["etat"] == "rejetee"
    assert suivie["refus"]
    assert suivie["comprise"] is None


def test_ce_qui_est_attendu(monde, du_bailleur):
    dit = du_bailleur.get(SOURCES).json()
    assert dit["organisation"] == str(monde.source.organisation)
    (source,) = dit["sources"]
    assert source["code"] == "halls"
    dites = {a["debut"]: a["etat"] for a in source["attendues"]}
    assert dites == {"2025-11-01": "manquante", "2025-12-01": "manquante", "2026-11-01": "attendue"}


@pytest.mark.parametrize(
    ("champs", "nom"), [({}, "source"), ({"source": "halls"}, "fichier"), ({"fichier": "texte"}, "source")]
)
def test_un_depot_incomplet_dit_ce_qui_manque(monde, du_bailleur, champs, nom):
    reponse = du_bailleur.post(DEPOT, champs)
    assert reponse.status_code == 422
    assert nom in [c["champ"] for c in reponse.json()["champs"]]
    assert reponse.json()["erreur"]["que_faire"]


@pytest.mark.parametrize("qui", ["de_l_autre", "du_voisin"])
def test_un_autre_jeton_ne_depose_ni_ne_voit(monde, qui, request):
    autre = request.getfixturevalue(qui)
    avant = {k: v for k, v in empreinte().items() if "Livraison" in k}
    assert autre.post(DEPOT, {"source": "halls", "fichier": _fichier()}).status_code == 404
    assert autre.get(f"{DEPOT}/{monde.a_publier.pk}").status_code == 404
    assert autre.get(f"{DEPOT}/{monde.publiee.pk}").status_code == 404
    assert autre.get(SOURCES).json()["sources"] == []
    assert {k: v for k, v in empreinte().items() if "Livraison" in k} == avant


def test_un_jeton_de_lecture_ne_depose_pas(monde, appelant):
    lecteur = appelant(jeton(monde.conseil, monde.source.organisation, depose=False, lit=True)[1])
    refus = lecteur.post(DEPOT, {"source": "halls", "fichier": _fichier()})
    assert refus.status_code == 403
    assert "déposer" in refus.json()["erreur"]["quoi"]


def test_un_jeton_expire_retire_ou_tronque_n_ouvre_rien(monde, appelant):
    fiche, texte = jeton(monde.conseil, monde.source.organisation)
    assert appelant(texte).get(SOURCES).status_code == 200
    tronque = appelant(texte[:-1]).get(SOURCES)
    assert tronque.status_code == 401
    assert tronque["WWW-Authenticate"].startswith("Bearer")
    with horloge.figee(fiche.expire_le + timedelta(days=1)):
        assert "expiré" in appelant(texte).get(SOURCES).json()["erreur"]["quoi"]
    jetons.retirer(fiche)
    assert "retiré" in appelant(texte).get(SOURCES).json()["erreur"]["quoi"]


def test_un_partenaire_qui_quitte_la_table_n_ouvre_plus_rien(monde, appelant):
    _, texte = jeton(monde.conseil, monde.source.organisation)
    monde.source.organisation.conseils.remove(monde.conseil)
    assert appelant(texte).get(SOURCES).status_code == 401


def test_les_appels_sont_comptes_et_limites(monde, appelant, monkeypatch):
    monkeypatch.setattr(jetons, "PAR_HEURE", 3)
    fiche, texte = jeton(monde.conseil, monde.source.organisation)
    codes = [appelant(texte).get(SOURCES).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert int(appelant(texte).get(SOURCES)["Retry-After"]) <= 3600
    JetonApi.objects.filter(pk=fiche.pk).update(fenetre=horloge.maintenant() - timedelta(hours=2))
    assert appelant(texte).get(SOURCES).status_code == 200
    fiche.refresh_from_db()
    assert fiche.appels == 1
    assert fiche.dernier_usage is not None


def test_le_jeton_n_est_garde_nulle_part(monde):
    fiche, texte = jeton(monde.conseil, monde.source.organisation)
    assert texte not in str(JetonApi.objects.filter(pk=fiche.pk).values_list().get())
    assert texte.startswith(fiche.prefixe)
    assert len(texte) > len(fiche.prefixe) + 30


def test_un_jeton_est_a_un_partenaire_de_ce_conseil_et_finit(monde):
    autre = observatoire.organisation(monde.voisin, nom="Ailleurs")
    with pytest.raises(jetons.CreationRefusee, match="autour de la table"):
        jeton(monde.conseil, autre)
    for jour in (horloge.aujourdhui(), date(2030, 1, 1)):
        with pytest.raises(jetons.CreationRefusee, match="deux ans"):
            jeton(monde.conseil, monde.source.organisation, expire_le=jour)
