"""The law's seats beside the people, the arrêté, the texts, the charter and its signatures."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import LienActe, Organisation
from pupitre.conseils.formations import chartes, ecrits, services, suivi, textes
from pupitre.conseils.formations.composition import EtatSiege, composer
from pupitre.conseils.formations.textes import TexteRefuse
from pupitre.conseils.models import Formation, Membre, TexteConseil
from pupitre.socle import horloge
from pupitre.socle.courriel.modele import Courriel
from tests.conseils import fabrique_formations as fabrique
from tests.conseils.fabrique_formations import G, N

JOUR = date(2026, 11, 23)
NATURE = Organisation.Nature


@pytest.fixture(autouse=True)
def _jour():
    with horloge.figee(JOUR):
        yield


@pytest.fixture
def pleniere(conseil):
    return fabrique.formation(conseil, N.PLENIERE, "Plénière")


def _lignes(conseil, jour=JOUR):
    return {ligne.siege.cle: ligne for ligne in composer(conseil, jour).lignes}


def test_un_siege_sans_personne_est_vacant_et_le_departement_est_parti_en_2024(conseil, pleniere):
    lignes = _lignes(conseil)
    assert {c for c in lignes if c.startswith("maire")} == {
        "maire-membre:94002",
        "maire-membre:94028",
        "maire-membre:94044",
    }
    assert {ligne.etat for ligne in lignes.values()} == {EtatSiege.VACANT}
    assert "president-departement:94" not in lignes
    assert "president-departement:94" in _lignes(conseil, date(2024, 3, 22))
    services.regler(conseil=conseil, departement_de_droit=True, departement_raison="avis")
    assert _lignes(conseil)["president-departement:94"].siege.par_reglage


def test_qui_exerce_la_fonction_est_a_installer_puis_remplace(conseil, pleniere):
    etat = fabrique.organisation(conseil, "Préfecture du Val-de-Marne", NATURE.ETAT)
    avant, apres = fabrique.personne(conseil, "Avant"), fabrique.personne(conseil, "Après")
    fonction = fabrique.fonction(avant, "Préfet", etat, "prefet")
    ligne = _lignes(conseil)["prefet:94"]
    assert (ligne.etat, ligne.pressenti) == (EtatSiege.A_INSTALLER, avant)

    def installer(qui, debut):
        lignes = _lignes(conseil)["prefet:94"]
        return services.installer(
            pleniere=pleniere,
            siege=lignes.siege,
            remplaces=lignes.membres,
            personne=qui,
            debut=debut,
            titre=Membre.Titre.DROIT,
        )

    premier = installer(avant, date(2025, 1, 1))
    assert "L132-13" not in premier.reference
    assert "L132-4" in premier.reference
    assert _lignes(conseil)["prefet:94"].etat is EtatSiege.TENU
    fonction.fin = date(2026, 8, 31)
    fonction.save()
    fabrique.fonction(apres, "Préfète", etat, "prefet", debut=date(2026, 9, 1))
    assert _lignes(conseil)["prefet:94"].etat is EtatSiege.A_REMPLACER
    installer(apres, date(2026, 10, 1))
    assert [m.personne for m in _lignes(conseil)["prefet:94"].membres] == [apres]
    assert [m.personne for m in _lignes(conseil, date(2026, 9, 30))["prefet:94"].membres] == [avant]


def test_chaque_maire_a_le_siege_de_sa_commune(conseil, pleniere):
    mairie = fabrique.organisation(conseil, "Mairie de Limeil-Brévannes", NATURE.MAIRIE)
    maire = fabrique.personne(conseil, "Maire")
    fabrique.fonction(maire, "Maire", mairie, "maire")
    lignes = _lignes(conseil)
    assert lignes["maire-membre:94044"].pressenti == maire
    assert lignes["maire-membre:94028"].pressenti is None


def test_l_ecran_de_composition_installe_et_montre_le_passe(conseil, pleniere, entrer, client):
    entrer(Role.COORDINATEUR, conseil)
    qui = fabrique.personne(conseil, "Garnier")
    adresse = reverse("composition-installer", args=[conseil.slug])
    assert client.get(adresse, {"siege": "procureur", "personne": qui.pk}).status_code == 200
    choix = {"siege": "procureur", "personne": qui.pk, "debut": "2026-11-01"}
    assert client.post(adresse, choix).status_code == 302
    assert pleniere.membres.get().siege == "procureur"
    voir = reverse("composition", args=[conseil.slug])
    assert "Garnier" in client.get(voir).content.decode()
    assert "Garnier" not in client.get(voir, {"au": "2026-10-31"}).content.decode()
    assert "Aucun texte n’est connu" in client.get(voir, {"au": "2001-01-01"}).content.decode()


def test_l_arrete_est_fige_et_s_ouvre_dans_les_trois_formats(conseil, pleniere, entrer, client):
    import docx
    import odfdo
    import pikepdf

    entrer(Role.COORDINATEUR, conseil)
    qui = fabrique.personne(conseil, "Garnier", "Sophie")
    siege = _lignes(conseil)["procureur"].siege
    membre = services.asseoir(
        formation=pleniere, personne=qui, titre="droit", debut=date(2025, 1, 1), siege=siege
    )
    reponse = client.post(reverse("arrete-preparer", args=[conseil.slug]), {"au": "2026-11-23"})
    arrete = conseil.textes.get(genre=G.ARRETE)
    assert reponse.url == reverse("texte", args=[conseil.slug, arrete.pk])
    textes.adopter(texte=arrete, le=JOUR)
    services.finir(membre=membre, le=JOUR)
    arrete.refresh_from_db()
    with pikepdf.open(io.BytesIO(ecrits.document(arrete, "pdf"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
    tables = docx.Document(io.BytesIO(ecrits.document(arrete, "docx"))).tables
    contenu = " ".join(c.text for table in tables for ligne in table.rows for c in ligne.cells)
    assert "Sophie Garnier" in contenu
    assert "siège vacant" in contenu
    assert "Sophie Garnier" in odfdo.Document(io.BytesIO(ecrits.document(arrete, "odt"))).get_formatted_text()
    with pytest.raises(TexteRefuse, match="ne change plus"):
        textes.adopter(texte=arrete, le=JOUR)
    assert ecrits.preparer_arrete(composition=composer(conseil, JOUR)).version == 2


def test_un_texte_se_prepare_s_adopte_et_ne_change_plus(conseil, entrer, client):
    entrer(Role.COORDINATEUR, conseil)
    client.post(reverse("texte-commencer", args=[conseil.slug]), {"genre": "reglement"})
    projet = conseil.textes.get()
    adopter = reverse("texte-adopter", args=[conseil.slug, projet.pk])
    refus = client.post(adopter, {"le": "2026-11-20"})
    assert refus.status_code == 422
    assert "Il reste à compléter" in refus.content.decode()
    corps = projet.corps.replace("[nombre]", "quinze").replace("[rythme]", "chaque mois")
    client.post(reverse("texte-ecrire", args=[conseil.slug, projet.pk]), {"corps": corps})
    assert client.post(adopter, {"le": "2026-11-20"}).status_code == 302
    with pytest.raises(TexteRefuse, match="nouvelle version"):
        textes.ecrire(texte=projet, corps="autre")
    suivant = textes.commencer(conseil=conseil, genre=G.REGLEMENT)
    assert (suivant.version, suivant.corps) == (2, projet.__class__.objects.get(pk=projet.pk).corps)
    assert textes.en_vigueur(conseil, G.REGLEMENT, date(2026, 11, 19)) is None


def test_un_projet_ne_se_lit_pas_hors_de_l_equipe(conseil, entrer, client):
    projet = textes.commencer(conseil=conseil, genre=G.REGLEMENT)
    adoptee = fabrique.charte(conseil)
    entrer(Role.PRESIDENT, conseil)

    def lire(texte):
        return client.get(reverse("texte", args=[conseil.slug, texte.pk])).status_code

    assert (lire(projet), lire(adoptee)) == (404, 200)
    document = reverse("texte-document", args=[conseil.slug, projet.pk, "pdf"])
    assert client.get(document).status_code == 404


@pytest.fixture
def veille(conseil):
    return fabrique.formation(conseil, N.VEILLE, "Veille", regime=Formation.Regime.SOUS_CHARTE)


def test_la_charte_attend_les_membres_et_leurs_suppleants(conseil, veille):
    charte = fabrique.charte(conseil)
    roy, petit = fabrique.personne(conseil, "Roy"), fabrique.personne(conseil, "Petit")
    fabrique.asseoir(veille, roy, suppleant=petit)
    fabrique.asseoir(fabrique.formation(conseil), fabrique.personne(conseil, "Autre"))
    assert [s.personne for s in chartes.suivre(charte)] == [petit, roy]
    assert suivi.lire_une(veille, JOUR).faits.sans_signature == 2
    chartes.signer(charte=charte, personne=roy, le=date(2025, 2, 1))
    assert suivi.lire_une(veille, JOUR).faits.sans_signature == 1
    with pytest.raises(TexteRefuse, match="déjà signé"):
        chartes.signer(charte=charte, personne=roy)
    with pytest.raises(TexteRefuse, match="entre l’adoption"):
        chartes.signer(charte=charte, personne=petit, le=date(2025, 1, 5))
    # a new version asks for a new signature
    nouvelle = fabrique.charte(conseil, date(2026, 1, 1), version=2)
    assert [s.signature for s in chartes.suivre(nouvelle)] == [None, None]


def test_signer_par_lien_sans_compte(conseil, veille, entrer, client):
    charte = fabrique.charte(conseil)
    roy = fabrique.personne(conseil, "Roy", email="roy@exemple.fr")
    sans = fabrique.personne(conseil, "Sans")
    for qui in (roy, sans):
        fabrique.asseoir(veille, qui)
    entrer(Role.COORDINATEUR, conseil)
    inviter = reverse("charte-inviter", args=[conseil.slug, charte.pk])
    reponse = client.post(inviter, follow=True)
    assert "Sans adresse électronique" in reponse.content.decode()
    assert Courriel.objects.get().destinataire == "roy@exemple.fr"
    client.post(inviter)  # again on the same day: no second letter
    lien = LienActe.objects.get(acte="charte")
    client.logout()
    adresse = reverse("charte-signer", args=[actes.jeton(lien)])
    assert "Ce qui est dit dans le groupe y reste" in client.get(adresse).content.decode()
    assert client.post(adresse).status_code == 422  # the box is not ticked
    assert "Votre signature est enregistrée" in client.post(adresse, {"engagement": "on"}).content.decode()
    signature = charte.signatures.get()
    assert (signature.personne, signature.par_lien) == (roy, True)
    assert client.get(adresse).status_code == 410


def test_le_lien_d_un_autre_conseil_ne_signe_rien(conseil, voisin, client):
    charte = fabrique.charte(conseil)
    qui = fabrique.personne(conseil, "Roy")
    lien = actes.creer(acte="charte", objet=f"{charte.pk}:{qui.pk}", conseil=voisin, nom="Roy", jours=7)
    assert client.get(reverse("charte-signer", args=[actes.jeton(lien)])).status_code == 404
    assert not charte.signatures.exists()


def test_la_signature_sur_papier_se_saisit(conseil, veille, entrer, client):
    compte = entrer(Role.ASSISTANT, conseil)
    charte = fabrique.charte(conseil)
    roy = fabrique.personne(conseil, "Roy")
    fabrique.asseoir(veille, roy)
    adresse = reverse("charte-papier", args=[conseil.slug, charte.pk])
    assert client.post(adresse, {"personne": roy.pk, "le": "2030-01-01"}).status_code == 422
    assert client.post(adresse, {"personne": roy.pk, "le": "2026-01-01"}).status_code == 302
    signature = charte.signatures.get()
    assert (signature.saisie_par, signature.par_lien) == (compte, False)
    export = client.get(reverse("signatures-export", args=[conseil.slug, charte.pk, "csv"])).content.decode()
    assert "sur papier" in export


def test_le_texte_ecrit_devient_titres_listes_et_lacunes():
    genres = [
        type(b).__name__
        for b in ecrits.blocs("# Titre\n\nUne phrase\nsur deux lignes.\n- un\n- deux\n\n[À dire]")
    ]
    assert genres == ["Titre", "Paragraphe", "Liste", "ACompleter"]
    assert TexteConseil(genre=G.CHARTE, corps="x").ecrit == {}
