"""Extracts imported and doubtful addresses settled through the screens, each refusal with a neighbour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.observatoire.collecte import geoplateforme, services
from pupitre.observatoire.models import AdresseDouteuse, AdresseReglee, ExtraitBan
from tests import fabriques
from tests.moteur.adresses import fabrique as ville
from tests.observatoire import fabrique_adresses as fa
from tests.territoires.fabrique import CRETEIL


def adresse(nom: str, conseil, **reste) -> str:
    return reverse(nom, kwargs={"conseil": conseil.slug} | reste)


def comme(client, role, conseil, **reste):
    return fabriques.entrer(client, fabriques.utilisateur(role, conseil, **reste))


def fichier(lignes: list[str] | None = None, nom: str = "adresses-94.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, "\n".join(lignes or ville.lignes()).encode())


def envoi(**champs) -> dict:
    return {"nature": "adresses", "fichier": fichier(), "a_jour_au": "2026-10-01"} | champs


@pytest.fixture
def lue(monde, tmp_path):
    """A delivery of three facts: one is found, two are to be settled."""
    fa.ban(monde.conseil, tmp_path)
    source = fa.source(monde.conseil, organisation=monde.source.organisation)
    return fa.livrer(source, tmp_path, "5 rue Carnot", "12 av. du Gal de Gaulle", "le vieux lavoir")


def repondre(client, livraison, texte: str, **reponse):
    doute = livraison.adresses_douteuses.get(texte=texte)
    chemin = adresse("livraison-adresse", livraison.source.conseil, livraison=livraison.pk, douteuse=doute.pk)
    return client.post(chemin, reponse, follow=True)


def ensemble(client, livraison, geste: str):
    chemin = adresse("livraison-adresses-ensemble", livraison.source.conseil, livraison=livraison.pk)
    return client.post(chemin, {"geste": geste}, follow=True)


def page(reponse) -> str:
    return reponse.content.decode()


def test_an_empty_council_is_shown_the_next_gesture(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    vue = page(client.get(adresse("adresses", monde.conseil)))
    assert "Aucune adresse n’est encore connue" in vue
    assert adresse("adresses-importer", monde.conseil) in vue
    assert "La Géoplateforme est éteinte." in vue


def test_the_coordinator_imports_the_file_of_the_departement(client, monde):
    qui = comme(client, Role.COORDINATEUR, monde.conseil)
    vue = page(client.post(adresse("adresses-importer", monde.conseil), envoi(), follow=True))
    assert "Importé\u202f: Alfortville (58), Créteil (86). Le fichier ne dit rien de Limeil-Brévannes." in vue
    assert "à importer" in vue
    extrait = ExtraitBan.objects.get(commune=CRETEIL)
    assert (extrait.nom_fichier, str(extrait.a_jour_au)) == ("adresses-94.csv", "2026-10-01")
    assert extrait.importe_par_id == int(qui.session["_auth_user_id"])
    export = client.get(adresse("adresses-export", monde.conseil, format="csv")).content.decode("utf-8-sig")
    assert "94028;Créteil;86;6;01/10/2026;adresses-94.csv" in export


@pytest.mark.parametrize(
    ("champs", "erreur"),
    [
        ({"fichier": fichier(["nom;prenom", "a;b"])}, "n’est pas un extrait de la Base Adresse Nationale"),
        ({"fichier": fichier([""])}, "Le fichier est vide."),
        ({"fichier": ""}, "Choisissez le fichier à importer."),
        ({"a_jour_au": "2999-01-01"}, "dans l’avenir"),
        ({"nature": "lieux"}, "Ce fichier ne nomme pas de lieux."),
    ],
)
def test_a_bad_file_is_refused_beside_its_field_and_nothing_is_lost(client, monde, champs, erreur):
    comme(client, Role.COORDINATEUR, monde.conseil)
    reponse = client.post(adresse("adresses-importer", monde.conseil), envoi(**champs))
    assert reponse.status_code == 422
    assert erreur in page(reponse)
    assert f'value="{champs.get("a_jour_au", "2026-10-01")}"' in page(reponse)
    assert not ExtraitBan.objects.exists()


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.PARTENAIRE, Role.MAIRE_MEMBRE])
def test_only_the_coordinator_imports(client, monde, role):
    comme(client, role, monde.conseil)
    assert client.post(adresse("adresses-importer", monde.conseil), envoi()).status_code == 403
    assert not ExtraitBan.objects.exists()


def test_the_coordinator_of_the_neighbour_does_not_find_the_council(client, monde, lue):
    comme(client, Role.COORDINATEUR, monde.voisin)
    avant = fabriques.empreinte()
    assert client.post(adresse("adresses-importer", monde.conseil), envoi()).status_code == 404
    assert client.get(adresse("adresses", monde.conseil)).status_code == 404
    assert repondre(client, lue, "le vieux lavoir", reponse="sans_lieu").status_code == 404
    # Nor through one's own council, with the identifiers of the other.
    doute = lue.adresses_douteuses.first()
    chemin = adresse("livraison-adresse", monde.voisin, livraison=lue.pk, douteuse=doute.pk)
    assert client.post(chemin, {"reponse": "sans_lieu"}).status_code == 404
    assert client.get(adresse("livraison-adresses", monde.voisin, livraison=lue.pk)).status_code == 404
    assert fabriques.empreinte() == avant


def test_the_delivery_says_where_its_facts_are(client, monde, lue):
    comme(client, Role.ASSISTANT, monde.conseil)
    vue = page(client.get(adresse("livraison", monde.conseil, livraison=lue.pk)))
    assert "33\u202f% des 3\xa0faits qui ont une adresse sont situés" in vue
    assert "Trouvés au numéro" in vue
    assert "Régler 2\xa0adresses" in vue


def test_a_partner_reads_the_counts_and_settles_nothing(client, monde, lue):
    comme(client, Role.PARTENAIRE, monde.conseil, organisation=lue.source.organisation)
    vue = page(client.get(adresse("livraison", monde.conseil, livraison=lue.pk)))
    assert "Trouvés au numéro" in vue
    assert "Régler" not in vue
    assert repondre(client, lue, "le vieux lavoir", reponse="sans_lieu").status_code == 403
    assert not AdresseReglee.objects.filter(source=lue.source).exists()


def test_one_click_each_then_the_file_is_read_again(client, monde, lue):
    comme(client, Role.ASSISTANT, monde.conseil)
    vue = page(client.get(adresse("livraison-adresses", monde.conseil, livraison=lue.pk)))
    assert "5 Rue Carnot, Créteil" in vue
    assert "plusieurs lieux possibles" in vue
    doute = lue.adresses_douteuses.get(texte="5 rue Carnot")
    choix = next(
        r for r, c in enumerate(doute.candidats) if c["commune"] == CRETEIL and "Rue" in c["libelle"]
    )
    suite = repondre(client, lue, "5 rue Carnot", reponse=f"lieu:{choix}")
    assert "1\xa0réponse à appliquer" in page(suite)
    suite = repondre(client, lue, "le vieux lavoir", reponse="secteur", secteur="CEN")
    assert suite.redirect_chain[-1][0] == adresse("livraison", monde.conseil, livraison=lue.pk)
    assert "Toutes les adresses sont réglées\u202f: le fichier a été relu." in page(suite)
    lus = [(o["precision_lieu"], o["secteur"]) for o in fa.observations(rafraichie(lue))]
    assert lus == [("numero", None), ("numero", "CEN"), ("secteur", "CEN")]
    assert not AdresseDouteuse.objects.filter(livraison=lue).exists()


def rafraichie(livraison):
    livraison.refresh_from_db()
    return livraison


@pytest.mark.parametrize(
    "reponse",
    [
        {"reponse": "lieu:9"},
        {"reponse": "lieu:"},
        {"reponse": "secteur", "secteur": "AILLEURS"},
        {"reponse": "secteur"},
        {"reponse": "n’importe quoi"},
        {},
    ],
)
def test_an_answer_that_is_not_on_the_page_settles_nothing(client, monde, lue, reponse):
    comme(client, Role.ASSISTANT, monde.conseil)
    suite = repondre(client, lue, "5 rue Carnot", **reponse)
    assert "Choisissez dans la liste proposée." in page(suite)
    assert lue.adresses_douteuses.count() == 2


def test_written_otherwise_it_is_found(client, monde, lue):
    comme(client, Role.ASSISTANT, monde.conseil)
    suite = repondre(client, lue, "le vieux lavoir", reponse="chercher", ecriture="3 rue Marcelin Bertelot")
    assert "3 Rue Marcellin Berthelot, Alfortville" in page(suite)
    suite = repondre(client, lue, "le vieux lavoir", reponse="chercher", ecriture="zzz")
    assert "Rien de ce nom" in page(suite)


def test_the_others_left_at_once_then_one_answer_taken_back(client, monde, lue):
    comme(client, Role.ASSISTANT, monde.conseil)
    suite = ensemble(client, lue, "laisser")
    assert "2\xa0adresses laissées sans lieu" in page(suite)
    reglee = lue.adresses_reglees.first()
    chemin = adresse("livraison-adresse-revenir", monde.conseil, livraison=lue.pk, reglee=reglee.pk)
    suite = client.post(chemin, follow=True)
    assert "La réponse est oubliée\u202f: le fichier a été relu." in page(suite)
    assert lue.adresses_douteuses.count() == 1
    assert client.post(chemin).status_code == 404


def test_once_closed_there_is_nothing_left_to_settle(client, monde, lue):
    comme(client, Role.ASSISTANT, monde.conseil)
    services.publier(livraison=lue)
    vue = page(client.get(adresse("livraison-adresses", monde.conseil, livraison=lue.pk)))
    assert "Cette livraison est close" in vue
    assert "lavoir" not in vue


def test_off_the_geoplateforme_is_not_offered_and_refuses(client, monde, lue):
    comme(client, Role.ASSISTANT, monde.conseil)
    vue = page(client.get(adresse("livraison-adresses", monde.conseil, livraison=lue.pk)))
    assert "La Géoplateforme est éteinte." in vue
    assert "Demander pour ces adresses" not in vue
    assert "aucune adresse ne sort" in page(ensemble(client, lue, "geoplateforme"))


def test_on_its_proposals_are_marked(client, monde, lue, settings, monkeypatch):
    from pupitre.moteur.adresses import Candidat
    from pupitre.moteur.observations import PrecisionLieu

    trouve = Candidat("Lavoir, Créteil", CRETEIL, 2.45, 48.785, PrecisionLieu.LIEU, 0.9)
    settings.CONFIGURATION = replace(settings.CONFIGURATION, geoplateforme=True)
    monkeypatch.setattr(
        geoplateforme, "chercher", lambda texte, communes: (trouve,) if "lavoir" in texte else ()
    )
    comme(client, Role.ASSISTANT, monde.conseil)
    vue = page(client.get(adresse("livraison-adresses", monde.conseil, livraison=lue.pk)))
    assert "La Géoplateforme est allumée." in vue
    suite = page(ensemble(client, lue, "geoplateforme"))
    assert "interrogée pour 2\xa0adresses\u202f: elle propose un lieu pour 1." in suite
    assert '<span class="puce">Géoplateforme</span>' in suite
