"""Screens of data requests: each does his part, and a neighbour does nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, LienActe
from pupitre.observatoire.demandes import lettres, selectors, services
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import DemandeDonnees
from tests.fabriques import empreinte, entrer, utilisateur
from tests.observatoire import fabrique, fabrique_demandes


@pytest.fixture
def scene(monde):
    """The world's landlord holds published figures; a carrier asks for them."""
    DemandeDonnees.objects.all().delete()
    qui, compte = fabrique_demandes.demandeur(monde.conseil)
    roles = {
        "equipe": utilisateur(Role.COORDINATEUR, monde.conseil, email="equipe@exemple.fr"),
        "presidence": utilisateur(Role.PRESIDENT, monde.conseil, email="presidence@exemple.fr"),
        "bailleur": utilisateur(
            Role.PARTENAIRE, monde.conseil, organisation=monde.source.organisation, email="b@exemple.fr"
        ),
    }
    autre = fabrique.organisation(monde.conseil, "Domaxis")
    roles["tiers"] = utilisateur(Role.PARTENAIRE, monde.conseil, organisation=autre, email="t@exemple.fr")
    return {"monde": monde, "organisation": qui, "demandeur": compte, **roles}


def _adresse(scene, nom: str, demande=None, **autres) -> str:
    cles = {"conseil": scene["monde"].conseil.slug} | autres
    return reverse(nom, kwargs=cles | ({"demande": demande.pk} if demande else {}))


def _deposee(scene):
    return services.deposer(
        conseil=scene["monde"].conseil,
        organisation=scene["organisation"],
        auteur=scene["demandeur"],
        contenu=fabrique_demandes.contenu(scene["monde"].source),
    )


def _transmise(scene):
    demande = _deposee(scene)
    services.transmettre(demande=demande, auteur=scene["equipe"])
    return demande


def _au_visa(scene):
    demande = _transmise(scene)
    services.repondre(
        demande=demande,
        organisation=scene["monde"].source.organisation,
        sens="reserves",
        texte="Ne pas publier.",
        nom="Inès Fontaine",
    )
    services.preparer(demande=demande, auteur=scene["equipe"])
    return demande


def _saisie(**autres):
    return {
        "perimetre": "conseil",
        "depuis": "2026-01",
        "jusqu_a": "2026-09",
        "usage": fabrique_demandes.USAGE,
        "lecteurs": "L’exploitation.",
        "jusqu_au": "2030-12-31",
    } | autres


def test_un_partenaire_choisit_une_source_dit_son_usage_et_depose(scene, client):
    entrer(client, scene["demandeur"])
    adresse = _adresse(scene, "demande-nouvelle")
    choix = client.get(adresse).content.decode()
    assert "Occupations de hall" in choix
    assert "Créteil Habitat répondra" in choix
    assert "Aucune source n’est choisie" in client.get(f"{adresse}?choisir=oui").content.decode()
    reponse = client.post(f"{adresse}?source=halls", _saisie())
    demande = DemandeDonnees.objects.get()
    assert reponse.url == _adresse(scene, "demande", demande)
    assert demande.organisation == scene["organisation"]
    assert selectors.etat_de(demande) == EtatDemande.DEPOSEE


@pytest.mark.parametrize(
    ("faute", "dit"),
    [
        ({"usage": ""}, "Dites l’utilisation"),
        ({"usage": "Voir."}, "une phrase entière"),
        ({"depuis": "2019-05"}, "Ce mois n’est pas"),
        ({"depuis": "2026-09", "jusqu_a": "2026-01"}, "Le dernier mois précède le premier"),
        ({"jusqu_au": "2020-01-01"}, "Cette date est passée"),
        ({"perimetre": "commune:75056"}, "Ce territoire n’est pas"),
    ],
)
def test_une_demande_mal_remplie_garde_tout_et_n_enregistre_rien(scene, client, faute, dit):
    entrer(client, scene["demandeur"])
    reponse = client.post(f"{_adresse(scene, 'demande-nouvelle')}?source=halls", _saisie(**faute))
    assert reponse.status_code == 422
    texte = reponse.content.decode()
    assert dit in texte
    assert "L’exploitation." in texte
    assert not DemandeDonnees.objects.exists()


def test_la_source_d_un_autre_conseil_ne_se_demande_pas(scene, client):
    voisine = fabrique.source(scene["monde"].voisin, "voisine")
    entrer(client, scene["demandeur"])
    reponse = client.post(f"{_adresse(scene, 'demande-nouvelle')}?source={voisine.code}", _saisie())
    assert "Sources que vous pouvez demander" in reponse.content.decode()
    assert not DemandeDonnees.objects.exists()


def test_le_parcours_entier_par_les_ecrans(scene, client):
    demande = _deposee(scene)
    entrer(client, scene["equipe"])
    assert "Demander l’accord" in client.get(_adresse(scene, "demande", demande)).content.decode()
    complet = {
        "perimetre": "commune:94028",
        "depuis": "2026-01",
        "jusqu_a": "2026-06",
        "precisions": "Créteil.",
    }
    client.post(_adresse(scene, "demande-completer", demande), complet)
    demande.refresh_from_db()
    assert demande.perimetre == "commune:94028"
    client.post(_adresse(scene, "demande-transmettre", demande))

    entrer(client, scene["bailleur"])
    assert "Répondre à la demande" in client.get("/").content.decode()
    vide = client.post(_adresse(scene, "demande-repondre", demande), {"sens": "reserves", "texte": " "})
    assert vide.status_code == 422
    assert "Écrivez vos réserves" in vide.content.decode()
    client.post(_adresse(scene, "demande-repondre", demande), {"sens": "reserves", "texte": "Provisoires."})

    entrer(client, scene["equipe"])
    assert "Provisoires." in client.get(_adresse(scene, "demande-preparer", demande)).content.decode()
    assert client.get(_adresse(scene, "demande-apercu", demande)).content.startswith(b"%PDF")
    client.post(_adresse(scene, "demande-preparer", demande), {"commentaire": "Rien d’inhabituel."})

    entrer(client, scene["presidence"])
    assert "Viser la remise de données" in client.get("/").content.decode()
    pdf = client.get(_adresse(scene, "demande-piece", demande, format="pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert client.post(_adresse(scene, "demande-viser", demande), {"renvoyer": "oui"}).status_code == 422
    client.post(_adresse(scene, "demande-viser", demande), {"viser": "oui"})
    assert selectors.etat_de(demande) == EtatDemande.REMISE

    for qui in ("demandeur", "bailleur"):
        entrer(client, scene[qui])
        assert client.get(_adresse(scene, "demande-piece", demande, format="xlsx")).content[:2] == b"PK"
    entrer(client, scene["equipe"])
    registre = client.get(_adresse(scene, "demandes-registre")).content.decode()
    assert demande.reference in registre
    export = client.get(_adresse(scene, "demandes-registre-export", format="csv")).content.decode("utf-8-sig")
    assert "Créteil Habitat\u202f: oui, avec des réserves" in export


def test_le_tiers_ne_voit_ni_ne_fait_rien(scene, client):
    """A partner of the same council, neither the one that asks nor an owner."""
    demande = _au_visa(scene)
    entrer(client, scene["tiers"])
    avant = empreinte()
    for nom in ("demande", "demande-repondre", "demande-retirer"):
        adresse = _adresse(scene, nom, demande)
        assert {client.get(adresse).status_code, client.post(adresse).status_code} <= {404, 405}
    assert client.get(_adresse(scene, "demande-piece", demande, format="pdf")).status_code == 404
    assert demande.reference not in client.get(_adresse(scene, "demandes")).content.decode()
    assert empreinte() == avant


def test_le_proprietaire_ne_voit_la_demande_qu_une_fois_transmise(scene, client):
    demande = _deposee(scene)
    entrer(client, scene["bailleur"])
    assert client.get(_adresse(scene, "demande", demande)).status_code == 404
    services.transmettre(demande=demande, auteur=scene["equipe"])
    assert client.get(_adresse(scene, "demande", demande)).status_code == 200


def test_rien_ne_se_telecharge_avant_le_visa(scene, client):
    demande = _au_visa(scene)
    for qui in ("demandeur", "bailleur"):
        entrer(client, scene[qui])
        for format in ("pdf", "xlsx", "csv"):
            assert client.get(_adresse(scene, "demande-piece", demande, format=format)).status_code == 403


def test_chacun_ne_fait_que_son_geste(scene, client):
    """The right on one's own part does not open another's: nothing changes."""
    demande = _au_visa(scene)
    gestes = {
        "demandeur": ("demande-repondre", "demande-viser", "demande-transmettre", "demande-refuser"),
        "bailleur": ("demande-retirer", "demande-viser", "demande-preparer", "demande-relancer"),
        "presidence": ("demande-repondre", "demande-transmettre", "demande-refuser", "demande-retirer"),
        "equipe": ("demande-viser", "demande-repondre", "demande-retirer", "demande-transmettre"),
    }
    for qui, noms in gestes.items():
        entrer(client, scene[qui])
        avant = empreinte()
        for nom in noms:
            donnees = {"sens": "oui", "viser": "oui", "refus-raison": "Non."}
            reponse = client.post(_adresse(scene, nom, demande), donnees)
            assert reponse.status_code == 403, (qui, nom)
        assert empreinte() == avant


def test_le_president_voisin_ne_vise_pas(scene, client):
    demande = _au_visa(scene)
    entrer(client, utilisateur(Role.PRESIDENT, scene["monde"].voisin))
    adresse = reverse("demande-viser", kwargs={"conseil": scene["monde"].voisin.slug, "demande": demande.pk})
    assert client.post(adresse, {"viser": "oui"}).status_code == 404
    assert client.post(_adresse(scene, "demande-viser", demande), {"viser": "oui"}).status_code == 404
    assert selectors.etat_de(demande) == EtatDemande.VISA


def _lien(acte: str) -> str:
    return actes.jeton(LienActe.objects.filter(acte=acte).order_by("pk").last())


def test_le_proprietaire_repond_par_le_lien_une_seule_fois(scene, client):
    demande = _transmise(scene)
    adresse = reverse("reponse-proprietaire", args=[_lien(lettres.REPONSE)])
    page = client.get(adresse).content.decode()
    assert fabrique_demandes.USAGE in page
    assert client.post(adresse, {"sens": "non", "texte": ""}).status_code == 422
    assert not demande.reponses.exists()
    reponse = client.post(adresse, {"sens": "reserves", "texte": "Ne pas publier."})
    assert "Votre réponse est enregistrée" in reponse.content.decode()
    donnee = demande.reponses.get()
    assert (donnee.sens, donnee.par_lien, donnee.organisation) == (
        "reserves",
        True,
        scene["monde"].source.organisation,
    )
    assert client.post(adresse, {"sens": "oui"}).status_code == 410
    assert demande.reponses.count() == 1


def test_la_presidence_vise_ou_renvoie_par_le_lien(scene, client):
    demande = _au_visa(scene)
    jeton = _lien(lettres.VISA)
    adresse = reverse("visa-demande", args=[jeton])
    assert "Ne pas publier." in client.get(adresse).content.decode()
    assert client.get(reverse("visa-demande-pdf", args=[jeton])).content.startswith(b"%PDF")
    assert client.post(adresse, {"renvoyer": "oui", "remarque-raison": ""}).status_code == 422
    client.post(adresse, {"renvoyer": "oui", "remarque-raison": "Trop long."})
    assert selectors.etat_de(demande) == EtatDemande.A_PREPARER
    services.preparer(demande=demande, auteur=scene["equipe"])
    assert client.post(adresse, {"viser": "oui"}).status_code == 410  # the former link
    neuf = reverse("visa-demande", args=[_lien(lettres.VISA)])
    assert "Votre visa est donné" in client.post(neuf, {"viser": "oui"}).content.decode()
    assert selectors.etat_de(demande) == EtatDemande.REMISE


def test_ce_qui_est_remis_se_telecharge_par_le_lien_et_par_aucun_autre(scene, client):
    demande = _au_visa(scene)
    visa = _lien(lettres.VISA)
    services.viser(demande=demande, nom="Marianne Delaunay")
    jeton = _lien(lettres.REMISE)
    page = client.get(reverse("remise-donnees", args=[jeton])).content.decode()
    assert "Ne pas publier." in page
    for format, debut in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert client.get(reverse("remise-piece", args=[jeton, format])).content.startswith(debut)
    assert client.get(reverse("remise-piece", args=[jeton, "docx"])).status_code == 404
    assert client.get(reverse("remise-piece", args=[visa, "pdf"])).status_code == 404


def test_le_lien_d_un_autre_conseil_n_ouvre_pas_la_demande(scene, client):
    demande = _au_visa(scene)
    ailleurs = actes.creer(
        acte=lettres.VISA, objet=demande.pk, conseil=scene["monde"].voisin, nom="Voisine", jours=7
    )
    adresse = reverse("visa-demande", args=[actes.jeton(ailleurs)])
    assert client.get(adresse).status_code == 404
    assert client.post(adresse, {"viser": "oui"}).status_code == 404
    assert selectors.etat_de(demande) == EtatDemande.VISA


def test_un_compte_qui_change_d_organisation_ne_voit_plus_la_demande(scene, client):
    demande = _deposee(scene)
    Habilitation.objects.filter(utilisateur=scene["demandeur"]).update(
        organisation=scene["tiers"].habilitations.get().organisation
    )
    entrer(client, scene["demandeur"])
    assert client.get(_adresse(scene, "demande", demande)).status_code == 404


def test_les_delais_du_conseil_se_reglent(scene, client):
    entrer(client, scene["equipe"])
    adresse = _adresse(scene, "demandes-delais")
    bons = {"delai_equipe": 7, "delai_proprietaire": 8, "delai_president": 3, "rappel": 4, "jours_lien": 20}
    assert client.post(adresse, bons | {"rappel": 0}).status_code == 422
    assert client.post(adresse, bons).status_code == 302
    assert selectors.reglage(scene["monde"].conseil).delai_proprietaire == 8
    assert selectors.reglage(scene["monde"].voisin).delai_proprietaire == 10


def test_une_demande_en_retard_est_un_geste_de_l_equipe(scene, client):
    from datetime import timedelta

    from pupitre.socle import horloge

    demande = _transmise(scene)
    entrer(client, scene["equipe"])
    assert demande.reference not in client.get("/").content.decode()
    with horloge.figee(horloge.aujourdhui() + timedelta(days=15)):
        page = client.get("/").content.decode()
    assert demande.reference in page
    assert "5\u00a0jours de retard" in page
