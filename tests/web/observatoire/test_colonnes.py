"""Saying what the columns of a file mean: the screen, what it keeps, and who may not open it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.observatoire.collecte import services
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Livraison, Source
from pupitre.observatoire.selectors import etat_de
from pupitre.socle import horloge
from tests import fabriques
from tests.observatoire import fabrique
from tests.observatoire.fabrique import partout

BAILLEUR = (
    "Créteil Habitat, incidents;;;;;\n"
    "Ville;Résidence;Motif;Nom du gardien;01/2026;02/2026\n"
    "CRETEIL;Les Bleuets;Halls;M. Dupont;3;4\n"
    "Alfortvile;Les Quais;Halls;Mme Durand;1;0\n"
    "Limeil-Brévannes;Le Parc;Soucoupes;M. Martin;2;2\n"
    "Total;;;;6;6\n"
    "Edité le 3 mars 2026;;;;;\n"
)
JUSTE = {
    "role-0": "commune",
    "role-1": "territoire",
    "role-2": "nature",
    "role-4": "periodes",
    "role-5": "periodes",
    "libelle-commune-1": "Alfortvile",
    "choix-commune-1": "94002",
    "libelle-nature-1": "Halls",
    "choix-nature-1": "inc:occupation_hall",
    "libelle-nature-2": "Soucoupes",
    "choix-nature-2": "exclure",
    "format": "comptages",
    "ligne_entete": "2",
    "vue_entete": "2",
    "vue_feuille": "",
    "geste": "relire",
}


@pytest.fixture
def bailleur(monde, tmp_path: Path) -> Livraison:
    """A landlord's first file, whose columns were guessed when it was read."""
    source = fabrique.source(monde.conseil, code="bailleur", nom="Incidents", description={})
    return services.importer(source=source, fichier=ecrire(tmp_path, BAILLEUR))


def ecrire(dossier: Path, contenu: str, nom: str = "bailleur.csv") -> Path:
    chemin = dossier / nom
    chemin.write_text(contenu, encoding="utf-8")
    return chemin


def adresse(livraison: Livraison, conseil=None, nom: str = "livraison-colonnes") -> str:
    slug = (conseil or livraison.source.conseil).slug
    return reverse(nom, kwargs={"conseil": slug, "livraison": livraison.pk})


def comme(client, role, conseil, **reste):
    return fabriques.entrer(client, fabriques.utilisateur(role, conseil, **reste))


def page(reponse) -> str:
    return reponse.content.decode()


def test_l_ecran_montre_le_fichier_et_ce_qui_a_ete_devine(client, bailleur):
    comme(client, Role.ASSISTANT, bailleur.source.conseil)
    avant = fabriques.empreinte()
    html = page(client.get(adresse(bailleur)))
    assert fabriques.empreinte() == avant
    assert 'Colonne A<span class="visuellement-cache">, Ville' in html
    assert "Les Bleuets" in html
    assert html.count('<option value="periodes" selected>') == 2
    assert "«\u202fHalls\u202f»" in html
    assert "Dupont" not in html
    assert 'name="role-3"' not in html
    assert "Corriger la lecture des colonnes" in page(client.get(adresse(bailleur, nom="livraison")))


def test_l_assistant_decrit_et_le_fichier_est_relu(client, bailleur):
    comme(client, Role.ASSISTANT, bailleur.source.conseil)
    assert bailleur.anomalies.filter(gravite="bloquante").exists()
    reponse = client.post(adresse(bailleur), JUSTE)
    assert reponse.headers["Location"] == adresse(bailleur, nom="livraison")
    bailleur.refresh_from_db()
    assert not bailleur.anomalies.filter(gravite="bloquante").exists()
    assert (bailleur.lecture["retenues"], bailleur.lecture["total"]) == (4, 8)
    assert bailleur.lecture["communes"] == ["94002", "94028"]
    assert etat_de(bailleur) == Etat.CONTROLEE
    description = Source.objects.get(pk=bailleur.source_id).description
    assert description["colonnes_periode_auto"] is True
    assert "colonnes_periode" not in description
    assert description["lignes_exclues"] == ["Soucoupes"]


def test_la_description_sert_l_annee_suivante(client, bailleur, tmp_path):
    comme(client, Role.ASSISTANT, bailleur.source.conseil)
    client.post(adresse(bailleur), JUSTE)
    suite = BAILLEUR.replace("01/2026;02/2026", "01/2027;02/2027").replace("incidents;", "\n\nincidents;")
    source = Source.objects.get(pk=bailleur.source_id)
    with horloge.figee(date(2027, 3, 5)):
        livraison = services.importer(
            source=source, fichier=ecrire(tmp_path, suite, "2027.csv"), publier=True
        )
    assert etat_de(livraison) == Etat.PUBLIEE
    assert livraison.lecture["total"] == 8


def test_ce_qui_est_rapproche_se_corrige(client, bailleur):
    comme(client, Role.ASSISTANT, bailleur.source.conseil)
    client.post(adresse(bailleur), JUSTE)
    html = page(client.get(adresse(bailleur)))
    assert "«\u202fAlfortvile\u202f»" in html
    assert '<option value="94002" selected>Alfortville' in html
    assert '<option value="exclure" selected>' in html
    client.post(adresse(bailleur), {**JUSTE, "choix-commune-1": "94028", "choix-nature-2": "inc:tapage_pm"})
    bailleur.refresh_from_db()
    assert bailleur.lecture["total"] == 12
    assert bailleur.lecture["communes"] == ["94028", "94044"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role-2": ""}, "Choisissez la colonne des natures"),
        ({"role-1": "nature"}, "est déjà celui de la colonne B"),
        ({"role-1": "periodes"}, "«\u202fRésidence\u202f» n’est pas une période"),
        ({"role-4": "", "role-5": ""}, "Aucune colonne de nombres"),
        ({"role-4": "nombre"}, "d’une seule façon"),
        ({"role-1": "lon"}, "deux coordonnées"),
        ({"role-3": "territoire", "role-1": ""}, "désigner des personnes"),
        (
            {"role-1": "natures", "role-4": "", "role-5": ""},
            "la nature que compte la colonne «\u202fRésidence\u202f»",
        ),
        ({"nature_fixe": "inc:occupation_hall"}, "gardez l’une ou l’autre"),
        ({"format": "faits"}, "colonne de dates"),
        ({"ligne_entete": "deux"}, "en chiffres"),
        ({"ligne_entete": "0"}, "numéro 1"),
        ({"ligne_entete": "900", "vue_entete": "900"}, "n’est pas dans le fichier"),
        ({"annee": "20"}, "1990"),
        ({"nature_fixe": "inc:soucoupe"}, "inc:soucoupe"),
    ],
)
def test_une_erreur_garde_ce_qui_etait_choisi(client, bailleur, change, message):
    comme(client, Role.ASSISTANT, bailleur.source.conseil)
    avant = fabriques.empreinte()
    reponse = client.post(adresse(bailleur), JUSTE | change | {"unite": "appel"})
    assert reponse.status_code == 422
    html = page(reponse)
    assert message in html
    assert 'value="appel"' in html
    assert '<option value="commune" selected>' in html
    assert '<option value="94002" selected>Alfortville' in html
    assert fabriques.empreinte() == avant


def test_montrer_n_enregistre_rien(client, bailleur):
    comme(client, Role.ASSISTANT, bailleur.source.conseil)
    avant = fabriques.empreinte()
    reponse = client.post(adresse(bailleur), JUSTE | {"geste": "montrer", "role-1": "secteur"})
    assert reponse.status_code == 200
    assert '<option value="secteur" selected>' in page(reponse)
    assert fabriques.empreinte() == avant


def test_une_autre_ligne_de_titres_se_montre_avant_de_se_lire(client, bailleur):
    comme(client, Role.ASSISTANT, bailleur.source.conseil)
    avant = fabriques.empreinte()
    html = page(client.post(adresse(bailleur), JUSTE | {"ligne_entete": "3"}))
    assert 'name="vue_entete" value="3"' in html
    assert 'Colonne A<span class="visuellement-cache">, CRETEIL' in html
    assert fabriques.empreinte() == avant


CONFIRMEE = {
    "role-0": "periode",
    "role-1": "commune",
    "role-2": "nombre",
    "nature_fixe": "inc:occupation_hall",
    "format": "comptages",
    "ligne_entete": "1",
    "vue_entete": "1",
    "geste": "relire",
}


@pytest.fixture
def change(monde, tmp_path) -> Livraison:
    """A file whose column of numbers has another title, that looks like none of the former ones."""
    contenu = fabrique.comptages({"2026-11": partout(2)}).replace(b"Nombre", b"Quantite")
    (tmp_path / "novembre.csv").write_bytes(contenu)
    return services.importer(source=monde.source, fichier=tmp_path / "novembre.csv")


def test_des_titres_changes_attendent_une_confirmation(client, monde, change):
    assert etat_de(change) == Etat.CONTROLEE
    constat = change.anomalies.get(code="colonnes_changees")
    assert "«\u202fNombre\u202f» ne s’y trouve plus" in constat.message
    assert "Quantite" in constat.message
    monde.source.refresh_from_db()
    assert "Quantite" not in monde.source.description["roles"]
    comme(client, Role.ASSISTANT, monde.conseil)
    html = page(client.get(adresse(change)))
    assert '<option value="nombre" selected>' in html
    client.post(adresse(change), CONFIRMEE)
    change.refresh_from_db()
    assert not change.anomalies.filter(gravite="bloquante").exists()
    assert change.lecture["total"] == 6
    assert change.source.gabarits.first().description["roles"]["Quantite"] == "nombre"


def test_une_livraison_rejetee_renait_sous_le_meme_fichier(client, monde, change):
    services.rejeter(livraison=change, raison="Les titres ont changé.")
    comme(client, Role.ASSISTANT, monde.conseil)
    reponse = client.post(adresse(change), CONFIRMEE, follow=True)
    nouvelle = Livraison.objects.exclude(pk=change.pk).get(nom="novembre.csv")
    assert "relu" in page(reponse)
    assert (etat_de(change), etat_de(nouvelle)) == (Etat.REJETEE, Etat.CONTROLEE)
    assert nouvelle.lecture["total"] == 6


def test_une_livraison_publiee_ne_change_pas(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    lecture, evenements = monde.publiee.lecture, monde.publiee.evenements.count()
    assert "Ses chiffres ne changeront pas" in page(client.get(adresse(monde.publiee)))
    envoi = {
        "role-0": "periode",
        "role-1": "commune",
        "role-2": "nombre",
        "nature_fixe": "inc:violence_gardien",
        "format": "comptages",
        "ligne_entete": "1",
        "vue_entete": "1",
        "geste": "relire",
    }
    client.post(adresse(monde.publiee), envoi)
    monde.publiee.refresh_from_db()
    assert (monde.publiee.lecture, monde.publiee.evenements.count()) == (lecture, evenements)
    monde.source.refresh_from_db()
    assert monde.source.description["nature_fixe"] == "inc:violence_gardien"


@pytest.mark.parametrize("role", [Role.COORDINATEUR, Role.ASSISTANT])
def test_le_voisin_ne_voit_ni_ne_change(client, monde, role):
    """Whoever publishes for the council next door finds nothing, under either council's address."""
    comme(client, role, monde.voisin)
    avant = fabriques.empreinte()
    for conseil in (monde.conseil, monde.voisin):
        chemin = adresse(monde.a_publier, conseil)
        assert client.get(chemin).status_code == 404
        assert client.post(chemin, JUSTE).status_code == 404
    assert fabriques.empreinte() == avant


@pytest.mark.parametrize("role", [Role.PARTENAIRE, Role.PRESIDENT, Role.DGS])
def test_qui_ne_publie_pas_ne_decrit_pas(client, monde, role):
    organisation = monde.source.organisation if role == Role.PARTENAIRE else None
    comme(client, role, monde.conseil, organisation=organisation)
    avant = fabriques.empreinte()
    assert client.get(adresse(monde.a_publier)).status_code == 403
    assert client.post(adresse(monde.a_publier), JUSTE).status_code == 403
    assert fabriques.empreinte() == avant


def test_un_format_connu_ne_se_decrit_pas(client, monde):
    Source.objects.filter(pk=monde.source.pk).update(format="etat4001_mensuel")
    comme(client, Role.COORDINATEUR, monde.conseil)
    assert client.get(adresse(monde.a_publier)).status_code == 404


def test_les_reglages_menent_a_l_ecran_et_gardent_la_description(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    reglages = reverse("source", kwargs={"conseil": monde.conseil.slug, "code": monde.source.code})
    html = page(client.get(reglages))
    assert adresse(monde.a_publier) in html
    assert "<textarea" not in html
    avant = Source.objects.get(pk=monde.source.pk).description
    envoi = {
        "nom": "Halls",
        "organisation": monde.source.organisation_id,
        "format": "comptages",
        "frequence": "mois",
        "description": "{}",
    }
    assert client.post(reglages, envoi).status_code == 302
    assert Source.objects.get(pk=monde.source.pk).description == avant


def test_une_autre_feuille_avec_une_nature_par_colonne(client, monde, tmp_path):
    from tests.moteur.sources.fichiers import xlsx

    utile = [
        ["Mois", "Ville", "Halls", "Dégradations"],
        ["01/2026", "Créteil", 3, 4],
        ["01/2026", "Alfortville", 1, 0],
    ]
    lisez = [["À lire", "Mode d’emploi"], *([f"consigne {i}", "texte"] for i in range(9))]
    classeur = xlsx(tmp_path / "ogif.xlsx", {"Lisez-moi": lisez, "Données": utile})
    source = fabrique.source(monde.conseil, code="ogif", nom="Incidents", description={})
    livraison = services.importer(source=source, fichier=classeur)
    comme(client, Role.ASSISTANT, monde.conseil)
    html = page(client.get(adresse(livraison)))
    envoi = {"format": "comptages", "ligne_entete": "1", "vue_entete": "1", "geste": "relire"}
    assert '<option value="Lisez-moi" selected>' in html
    html = page(client.post(adresse(livraison), envoi | {"vue_feuille": "Lisez-moi", "feuille": "Données"}))
    assert 'name="vue_feuille" value="Données"' in html
    envoi |= {"vue_feuille": "Données", "feuille": "Données", "role-0": "periode", "role-1": "commune"}
    envoi |= {"role-2": "natures", "role-3": "natures"}
    html = page(client.post(adresse(livraison), envoi))
    assert "la nature que compte la colonne «\u202fHalls\u202f»" in html
    assert 'name="libelle-entete-1" value="Halls"' in html
    envoi |= {"libelle-entete-1": "Halls", "choix-entete-1": "inc:occupation_hall"}
    envoi |= {"libelle-entete-2": "Dégradations", "choix-entete-2": "inc:trouble_jouissance"}
    assert client.post(adresse(livraison), envoi).status_code == 302
    nouvelle = Livraison.objects.filter(source=source).first()
    assert (nouvelle.lecture["total"], nouvelle.lecture["feuilles"]) == (8, ["Données"])
    assert not nouvelle.anomalies.filter(gravite="bloquante").exists()


def test_une_liste_de_faits(client, monde, tmp_path):
    contenu = (
        "Jour;Quoi;Où;Nom du requérant\n12/03/2026;Tapages;Créteil;Dupont\n13/03/2026;Ovni;Créteil;Durand\n"
    )
    source = fabrique.source(monde.conseil, code="pm", nom="Main courante", format="faits", description={})
    livraison = services.importer(source=source, fichier=ecrire(tmp_path, contenu, "pm.csv"))
    comme(client, Role.ASSISTANT, monde.conseil)
    envoi = {
        "role-0": "date",
        "role-1": "nature",
        "role-2": "commune",
        "libelle-nature-1": "Tapages",
        "choix-nature-1": "inc:tapage_pm",
        "libelle-nature-2": "Ovni",
        "choix-nature-2": "exclure",
        "format": "faits",
        "ligne_entete": "1",
        "vue_entete": "1",
        "geste": "relire",
    }
    assert client.post(adresse(livraison), envoi).status_code == 302
    lue = Livraison.objects.filter(source=source).first().lecture
    assert (lue["total"], lue["natures"], lue["communes"]) == (1, ["inc:tapage_pm"], ["94028"])
    assert "Dupont" not in str(lue)
