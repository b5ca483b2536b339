"""Deposit, reading, publication and rejection through the screens, each refusal with a neighbour."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Livraison, Source
from pupitre.observatoire.selectors import etat_de
from tests import fabriques
from tests.observatoire import fabrique
from tests.observatoire.fabrique import partout


def adresse(nom: str, monde, livraison=None) -> str:
    arguments = {"conseil": monde.conseil.slug}
    if livraison is not None:
        arguments["livraison"] = livraison.pk
    return reverse(nom, kwargs=arguments)


def comme(client, role, conseil, **reste):
    return fabriques.entrer(client, fabriques.utilisateur(role, conseil, **reste))


def televerser(contenu: bytes, nom: str = "novembre.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, contenu)


def test_l_assistant_depose_lit_et_publie(client, monde):
    comme(client, Role.ASSISTANT, monde.conseil)
    contenu = fabrique.comptages({"2026-11": partout(3)})
    reponse = client.post(
        adresse("deposer", monde),
        {"source": f"source:{monde.source.code}", "fichier": televerser(contenu)},
        follow=True,
    )
    livraison = Livraison.objects.get(nom="novembre.csv")
    assert livraison.fichier.read_bytes() == contenu
    assert etat_de(livraison) == Etat.CONTROLEE
    assert "novembre.csv" in reponse.content.decode()
    reponse = client.post(adresse("livraison-publier", monde, livraison), follow=True)
    assert etat_de(livraison) == Etat.PUBLIEE
    assert "les chiffres sont à jour" in reponse.content.decode()


def test_le_meme_fichier_est_refuse_dans_le_formulaire(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    contenu = monde.publiee.fichier.read_bytes()
    n = Livraison.objects.count()
    reponse = client.post(
        adresse("deposer", monde), {"source": f"source:{monde.source.code}", "fichier": televerser(contenu)}
    )
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "a déjà été reçu" in page
    assert f'value="source:{monde.source.code}" selected' in page
    assert Livraison.objects.count() == n


def test_rien_de_choisi(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    page = client.post(adresse("deposer", monde), {}).content.decode()
    assert "Choisissez la source de ce fichier." in page
    assert "Choisissez le fichier à déposer." in page


def test_un_modele_declare_sa_source(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    client.post(
        adresse("deposer", monde),
        {"source": "modele:etat-4001-annuel", "fichier": televerser(b"ceci n'est pas un classeur", "x.xlsx")},
    )
    source = Source.objects.get(conseil=monde.conseil, code="etat-4001-annuel")
    livraison = source.livraisons.get()
    assert etat_de(livraison) == Etat.REJETEE
    page = client.get(adresse("livraison", monde, livraison)).content.decode()
    assert "Fichier rejeté" in page
    assert "Le fichier reçu est gardé tel quel" in page


def test_un_partenaire_ne_declare_pas_de_source(client, monde):
    comme(client, Role.PARTENAIRE, monde.conseil)
    n = Source.objects.count()
    reponse = client.post(
        adresse("deposer", monde),
        {"source": "modele:etat-4001-annuel", "fichier": televerser(b"x", "x.xlsx")},
    )
    assert reponse.status_code == 422
    assert Source.objects.count() == n


def test_un_partenaire_ne_voit_que_les_siennes(client, monde):
    autre = fabrique.source(
        monde.conseil, code="bus", organisation=fabrique.organisation(monde.conseil, "STRAV")
    )
    comme(client, Role.PARTENAIRE, monde.conseil, organisation=autre.organisation)
    page = client.get(adresse("livraisons", monde)).content.decode()
    assert "incidents.csv" not in page
    assert client.get(adresse("livraison", monde, monde.publiee)).status_code == 404
    assert client.get(adresse("livraison-fichier", monde, monde.publiee)).status_code == 404
    n = Livraison.objects.count()
    reponse = client.post(
        adresse("deposer", monde),
        {
            "source": f"source:{monde.source.code}",
            "fichier": televerser(fabrique.comptages({"2026-12": partout(1)})),
        },
    )
    assert reponse.status_code == 422
    assert Livraison.objects.count() == n


@pytest.mark.parametrize("nom", ["livraison-publier", "livraison-rejeter", "livraison-territoires"])
def test_le_coordonnateur_d_a_cote_est_refuse(client, monde, nom):
    comme(client, Role.COORDINATEUR, monde.voisin)
    avant = fabriques.empreinte()
    reponse = client.post(adresse(nom, monde, monde.a_publier), {"raison": "Non.", "territoire": "x"})
    assert reponse.status_code == 404
    assert fabriques.empreinte() == avant


@pytest.mark.parametrize("nom", ["livraison-publier", "livraison-rejeter", "livraison-territoires"])
def test_le_partenaire_qui_depose_ne_publie_pas(client, monde, nom):
    comme(client, Role.PARTENAIRE, monde.conseil)
    avant = fabriques.empreinte()
    reponse = client.post(adresse(nom, monde, monde.a_publier), {"raison": "Non."})
    assert reponse.status_code == 403
    assert "Cela revient à" in reponse.content.decode()
    assert fabriques.empreinte() == avant


def test_rejeter_demande_une_raison(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    reponse = client.post(adresse("livraison-rejeter", monde, monde.a_publier), {"raison": ""})
    assert reponse.status_code == 422
    assert etat_de(monde.a_publier) == Etat.CONTROLEE
    client.post(adresse("livraison-rejeter", monde, monde.a_publier), {"raison": "Mauvais mois."})
    assert etat_de(monde.a_publier) == Etat.REJETEE
    assert "Mauvais mois." in client.get(adresse("livraison", monde, monde.a_publier)).content.decode()


def test_le_fichier_recu_ressort_a_l_octet_pres(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    reponse = client.get(adresse("livraison-fichier", monde, monde.publiee))
    assert b"".join(reponse.streaming_content) == monde.publiee.fichier.read_bytes()
    assert reponse["Content-Disposition"].startswith("attachment")


def test_les_filtres_et_l_export_disent_la_meme_chose(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    page = client.get(adresse("livraisons", monde), {"etat": "controlee"}).content.decode()
    assert "octobre.csv" in page
    assert "incidents.csv" not in page
    export = reverse("livraisons-export", kwargs={"conseil": monde.conseil.slug, "format": "csv"})
    texte = client.get(export, {"etat": "controlee"}).content.decode("utf-8-sig")
    assert "octobre.csv" in texte
    assert "incidents.csv" not in texte
    assert client.get(export.replace(".csv", ".exe")).status_code == 404


def test_la_publication_annonce_ce_qu_elle_remplace(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    mois = {f"2026-{m:02}": partout(m) for m in range(1, 11)}
    client.post(
        adresse("deposer", monde),
        {
            "source": f"source:{monde.source.code}",
            "fichier": televerser(fabrique.comptages(mois), "annee.csv"),
        },
    )
    livraison = Livraison.objects.get(nom="annee.csv")
    page = client.get(adresse("livraison", monde, livraison)).content.decode()
    assert "Ce que la publication changera" in page
    assert "incidents.csv" in page


def test_requetes_de_la_liste(client, monde, django_assert_max_num_queries):
    comme(client, Role.COORDINATEUR, monde.conseil)
    client.get(adresse("livraisons", monde))
    with django_assert_max_num_queries(12):
        client.get(adresse("livraisons", monde))


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_les_autres_tables_sortent(client, monde, format):
    comme(client, Role.COORDINATEUR, monde.conseil)
    slug = monde.conseil.slug
    for adresse_ in (
        reverse("anomalies-export", args=[slug, monde.a_publier.pk, format]),
        reverse("sources-export", args=[slug, format]),
        reverse("territoire-export", args=[slug, "communes", format]),
        reverse("territoire-export", args=[slug, "secteurs", format]),
    ):
        reponse = client.get(adresse_)
        assert reponse.status_code == 200, adresse_
        assert reponse["Content-Disposition"].startswith("attachment")
        assert len(reponse.content) > 40
    assert client.get(reverse("territoire-export", args=[slug, "rues", format])).status_code == 404


def test_les_codes_insee_gardent_leur_zero(client, monde):
    comme(client, Role.COORDINATEUR, monde.voisin)
    texte = client.get(
        reverse("territoire-export", args=[monde.voisin.slug, "communes", "csv"])
    ).content.decode("utf-8-sig")
    assert "01001" in texte


def test_une_lecture_interrompue_se_reprend(client, monde):
    from datetime import timedelta

    from pupitre.observatoire.collecte import services
    from pupitre.socle import horloge

    comme(client, Role.ASSISTANT, monde.conseil)
    chemin = monde.publiee.fichier.parent / "decembre.csv"
    chemin.write_bytes(fabrique.comptages({"2026-12": partout(2)}))
    with horloge.figee(horloge.maintenant() - timedelta(minutes=10)):
        livraison = services.deposer(source=monde.source, fichier=chemin)
    page = client.get(adresse("livraison", monde, livraison)).content.decode()
    assert "Reprendre la lecture" in page
    client.post(adresse("livraison-relire", monde, livraison))
    assert etat_de(livraison) == Etat.CONTROLEE
    client.post(adresse("livraison-relire", monde, livraison))
    assert livraison.evenements.count() == 3


def test_chercher_un_territoire_ne_perd_pas_ce_qui_est_coche(client, monde):
    comme(client, Role.ASSISTANT, monde.conseil)
    a_choisir = adresse("livraison-territoires", monde, monde.a_publier)
    page = client.post(
        a_choisir, {"geste": "chercher", "q": "limeil", "territoire": ["Créteil"]}
    ).content.decode()
    assert 'value="Créteil" checked' in page
    assert 'value="Limeil-Brévannes" checked' not in page
    assert 'value="limeil"' in page
    monde.source.refresh_from_db()
    assert monde.source.territoires == []
    assert "Cochez au moins un territoire" in client.post(a_choisir, {}, follow=True).content.decode()
    client.post(a_choisir, {"territoire": ["Créteil", "Alfortville"]})
    monde.source.refresh_from_db()
    assert monde.source.territoires == ["Alfortville", "Créteil"]
