"""From the draft to the readers: comments, visa by link, diffusion, correction, archive."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import LienActe
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.collecte import services
from pupitre.observatoire.diffusion import circuit, editions, envois, fichiers, hebdo, listes
from pupitre.observatoire.etats import EtatBulletin
from pupitre.observatoire.models import Envoi, FaitMarquant
from tests import fabriques
from tests.fabriques import entrer, utilisateur
from tests.observatoire import fabrique, fabrique_diffusion
from tests.territoires.fabrique import CRETEIL

pytestmark = pytest.mark.django_db


def _etat(bulletin):
    return editions.etat_de(type(bulletin).objects.get(pk=bulletin.pk))


@pytest.fixture
def brouillon(monde):
    return editions.preparer_periode(conseil=monde.conseil, periode="2026-08")


def _adresse(nom, bulletin, *reste):
    return reverse(nom, args=[bulletin.conseil.slug, bulletin.pk, *reste])


def test_le_chemin_entier(monde, client, django_capture_on_commit_callbacks):
    """Write, read again, ask for the visa, approve from the link without account, send, open."""
    monde.conseil.destinataires.all().delete()
    fabrique_diffusion.destinataire(
        monde.conseil, "Camille Roy", email="presidence@exemple.fr", viseur=True, periodicites=[]
    )
    fabrique_diffusion.destinataire(
        monde.conseil, "Claude Maire", commune_id=CRETEIL, email="maire@exemple.fr"
    )
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    ecrire = reverse("bulletin-ecrire", args=[monde.conseil.slug])
    assert client.post(ecrire, {"periode": "1999-01"}).status_code == 422
    assert "Demander le visa" in client.post(ecrire, {"periode": "2026-07"}, follow=True).content.decode()
    bulletin = monde.conseil.bulletins.get(debut="2026-07-01")

    client.post(_adresse("bulletin-relire", bulletin), {"accroche": "L’été fut calme."})
    assert fichiers.faits_de(monde.conseil.bulletins.get(pk=bulletin.pk)).accroche == "L’été fut calme."

    client.post(_adresse("bulletin-publier", bulletin))
    assert _etat(bulletin) is EtatBulletin.BROUILLON, "rien ne part sans visa"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(_adresse("bulletin-soumettre", bulletin))
    assert _etat(bulletin) is EtatBulletin.SOUMIS

    client.logout()
    lien = re.search(r"http://[^\s]+/visa/", mail.outbox[-1].body)[0].removeprefix("http://127.0.0.1:8000")
    page = client.get(lien)
    assert page.status_code == 200
    assert "L’été fut calme." in page.content.decode()
    assert client.get(f"{lien}document.pdf").content.startswith(b"%PDF")
    assert "Visa donné" in client.post(lien, {"geste": "viser"}).content.decode()
    assert client.get(lien).status_code == 410, "un visa ne se donne qu’une fois"
    assert _etat(bulletin) is EtatBulletin.VISE

    entrer(client, utilisateur(Role.ASSISTANT, monde.conseil))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(_adresse("bulletin-publier", bulletin))
    bulletin.refresh_from_db()
    assert bulletin.publie_le
    recu = mail.outbox[-1]
    assert recu.to == ["Claude Maire <maire@exemple.fr>"]
    assert recu.attachments[0][1].startswith(b"%PDF")
    client.logout()
    lecture = re.search(r"http://[^\s]+/lecture/", recu.body)[0].removeprefix("http://127.0.0.1:8000")
    assert "avec ce qui touche Créteil" in client.get(lecture).content.decode()
    (lu,) = envois.envois_lus(bulletin)
    assert lu.fois == 1
    assert client.get(f"{lecture}document.pdf").content == fichiers.document(bulletin, "pdf", CRETEIL)


def test_le_maire_lit_l_ensemble_et_sa_commune(brouillon):
    faits = fichiers.faits_de(brouillon)
    cles = {t.cle for t in faits.themes}
    assert f"commune-{CRETEIL}" in cles
    from pupitre.observatoire.diffusion import communes

    siens = {t.cle for t in communes.pour(faits, CRETEIL).themes}
    assert cles - siens == {c for c in cles if c.startswith("commune-") and not c.endswith(CRETEIL)}


def test_le_president_renvoie_avec_une_remarque(monde, client, brouillon):
    utilisateur(Role.PRESIDENT, monde.conseil)
    circuit.soumettre(bulletin=brouillon)
    lien = actes.jeton(LienActe.objects.get(acte="visa", objet=brouillon.pk))
    adresse = reverse("visa", args=[lien])
    assert client.post(adresse, {"geste": "renvoyer", "remarque": " "}).status_code == 422
    client.post(adresse, {"geste": "renvoyer", "remarque": "Dire d’abord ce qui baisse."})
    assert _etat(brouillon) is EtatBulletin.RENVOYE
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    assert "Dire d’abord ce qui baisse." in client.get(_adresse("bulletin", brouillon)).content.decode()


def test_un_texte_touche_apres_le_visa_se_vise_a_nouveau(monde, brouillon):
    utilisateur(Role.PRESIDENT, monde.conseil)
    circuit.soumettre(bulletin=brouillon)
    circuit.viser(bulletin=brouillon, nom="Camille Roy")
    editions.relire(bulletin=brouillon, saisis={"accroche": "Autre chose."})
    assert _etat(brouillon) is EtatBulletin.BROUILLON
    with pytest.raises(ErreurPupitre, match="visa"):
        circuit.diffuser(bulletin=brouillon)


def test_sans_personne_pour_viser_on_le_dit(monde, brouillon):
    with pytest.raises(ErreurPupitre, match="Personne ne peut donner le visa"):
        circuit.soumettre(bulletin=brouillon)


def test_la_delegation_se_regle(monde, client, brouillon):
    listes.regler(conseil=monde.conseil, visa_requis=False, expediteur="", repondre_a="")
    assert circuit.diffuser(bulletin=brouillon) == 1
    assert brouillon.publie_le


def test_un_commentaire_ne_change_aucun_chiffre(brouillon):
    avant = brouillon.faits
    editions.relire(
        bulletin=brouillon,
        saisis={"accroche": "99 cambriolages", "inconnu": "x", "theme:zz:commentaires": "y"},
    )
    brouillon.refresh_from_db()
    assert brouillon.faits == avant
    assert set(brouillon.textes) == {"accroche"}


def test_une_correction_dit_ce_qui_change_et_va_aux_memes(monde, brouillon):
    listes.regler(conseil=monde.conseil, visa_requis=False, expediteur="", repondre_a="")
    circuit.diffuser(bulletin=brouillon)
    garde = fichiers.document(brouillon)
    monde.conseil.destinataires.update(actif=False)
    corrigee = monde.publiee.fichier.parent / "corrige.csv"
    corrigee.write_bytes(
        monde.publiee.fichier.read_bytes().replace(
            "2026-08;Créteil;8".encode(), "2026-08;Créteil;31".encode()
        )
    )
    services.importer(source=monde.source, fichier=corrigee, publier=True)
    seconde = editions.preparer_periode(conseil=monde.conseil, periode="2026-08")
    assert seconde.edition == 2
    assert any("24 devient 47" in c for c in seconde.changements), seconde.changements
    assert circuit.diffuser(bulletin=seconde) == 1
    assert set(Envoi.objects.filter(bulletin=seconde).values_list("email", flat=True)) == set(
        Envoi.objects.filter(bulletin=brouillon).values_list("email", flat=True)
    )
    assert fichiers.document(brouillon) == garde, "l’ancienne édition ne change pas"


def test_ce_que_dirait_une_correction_se_lit_avant_de_l_ecrire(monde, client, brouillon, tmp_path):
    circuit.publier(bulletin=brouillon)
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    adresse = _adresse("bulletin-changements", brouillon)
    assert "Aucun chiffre ne change" in client.get(adresse).content.decode()
    chemin = tmp_path / "corrige.csv"
    chemin.write_bytes(fabrique.comptages({"2026-08": fabrique.partout(31)}))
    services.importer(source=monde.source, fichier=chemin, publier=True)
    fiche = client.get(_adresse("bulletin", brouillon)).content.decode()
    assert adresse in fiche, "livré depuis : la fiche y mène"
    page = client.get(adresse).content.decode()
    assert "devient" in page
    assert f"?periode={brouillon.periode}" in page
    assert monde.conseil.bulletins.filter(debut=brouillon.debut).count() == 1, "rien n’est écrit"


def test_une_edition_se_retire_et_ses_lecteurs_le_lisent(monde, client, brouillon):
    fabrique_diffusion.destinataire(monde.conseil, "Claude Maire", email="maire@exemple.fr")
    listes.regler(conseil=monde.conseil, visa_requis=False, expediteur="", repondre_a="")
    circuit.diffuser(bulletin=brouillon)
    envoi = brouillon.envois.get(email="maire@exemple.fr")
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    adresse = _adresse("bulletin-retirer", brouillon)
    assert adresse in client.get(_adresse("bulletin", brouillon)).content.decode()
    client.post(adresse, {"raison": " "})
    assert _etat(brouillon) is EtatBulletin.DIFFUSE, "sans raison, rien ne change"
    client.post(adresse, {"raison": "Un total compté deux fois."})
    assert _etat(brouillon) is EtatBulletin.RETIRE
    assert "Un total compté deux fois." in client.get(_adresse("bulletin", brouillon)).content.decode()
    client.logout()
    lue = client.get(f"/a/{actes.jeton(envoi.lien)}/lecture/").content.decode()
    assert "Ne vous servez plus de cette édition." in lue
    assert "Un total compté deux fois." in lue


def test_les_comptes_proposes_entrent_dans_la_liste_d_un_geste(monde, client):
    maire = utilisateur(Role.MAIRE_MEMBRE, monde.conseil, email="nouveau.maire@exemple.fr")
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    liste = reverse("destinataires", args=[monde.conseil.slug])
    assert maire.email in client.get(liste).content.decode()
    client.post(reverse("destinataires-proposes", args=[monde.conseil.slug]), {"email": [maire.email]})
    assert monde.conseil.destinataires.filter(email=maire.email).count() == 1
    assert f'value="{maire.email}"' not in client.get(liste).content.decode()


def test_l_archive_et_les_envois_s_emportent(monde, client, brouillon):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    archive = client.get(reverse("bulletins-export", args=[monde.conseil.slug, "csv"])).content.decode()
    assert brouillon.titre in archive
    envois_ = client.get(_adresse("envois-export", brouillon, "csv")).content.decode()
    assert "Ouvert le" in envois_


def test_le_voisin_n_ouvre_pas_avec_le_lien_d_un_autre_document(monde, client, brouillon):
    utilisateur(Role.PRESIDENT, monde.conseil)
    circuit.soumettre(bulletin=brouillon)
    lien = LienActe.objects.get(acte="visa", objet=brouillon.pk)
    LienActe.objects.filter(pk=lien.pk).update(conseil=monde.voisin)
    assert client.get(reverse("visa", args=[actes.jeton(lien)])).status_code == 404


def test_une_semaine_sans_fait_le_dit_et_ne_pretend_pas_tout_savoir(monde):
    FaitMarquant.objects.all().delete()
    semaine = editions.preparer_periode(conseil=monde.conseil, periode="2026-W30")
    (accroche,) = [
        b.texte for b in fichiers.faits_de(semaine).blocs if getattr(b, "registre", "") == "accroche"
    ]
    assert "Aucun fait marquant ne nous a été transmis cette semaine." in accroche
    assert "cette page ne dit pas qu’il ne s’est rien passé" in accroche


def test_un_fait_qui_nomme_quelqu_un_est_arrete_avant_d_etre_garde(monde, client):
    entrer(client, utilisateur(Role.ASSISTANT, monde.conseil))
    adresse = reverse("fait-saisir", args=[monde.conseil.slug])
    donnees = {
        "jour": "2026-10-20",
        "commune": CRETEIL,
        "genre": "grave",
        "texte": "Kevin Martin a été interpellé avec un couteau.",
    }
    avant = fabriques.empreinte()
    page = client.post(adresse, donnees)
    assert page.status_code == 422
    assert "Kevin Martin" in page.content.decode(), "rien de ce qui est écrit n’est perdu"
    assert "J’ai relu" in page.content.decode()
    assert fabriques.empreinte() == avant
    client.post(adresse, donnees | {"texte": "Un homme a été interpellé avec un couteau."})
    assert FaitMarquant.objects.filter(jour=date(2026, 10, 20)).count() == 1


def test_importer_le_point_hebdomadaire(monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    contenu = (
        "Point hebdomadaire;;\nDate;Commune;Fait\n12/10/2026;Créteil;Incendie de trois véhicules\n"
        "13/10/2026;Paris;Vol\n;Créteil;Sans date\n14/10/2026;Alfortville;M. Karim Benali s’est plaint\n"
    )
    for attendus in (1, 0):
        fichier = SimpleUploadedFile("point.csv", contenu.encode())
        page = client.post(
            reverse("faits-importer", args=[monde.conseil.slug]), {"fichier": fichier}
        ).content.decode()
        assert f"{attendus}\u00a0fait" in page or f"{attendus} fait" in page
    assert "n’est pas une commune du conseil" in page
    assert "Karim Benali" in page
    fait = FaitMarquant.objects.get(jour=date(2026, 10, 12))
    assert (fait.genre, fait.origine) == ("incendie", "importe")


def test_le_point_d_un_partenaire_se_note_et_permet_de_dire_rien_a_signaler(monde, client):
    """A quiet week is written as such once every expected partner has spoken, and not before."""
    FaitMarquant.objects.all().delete()
    police = monde.source.organisation
    listes.regler(conseil=monde.conseil, visa_requis=True, points_attendus=[police])
    entrer(client, utilisateur(Role.ASSISTANT, monde.conseil))
    adresse, page = (reverse(n, args=[monde.conseil.slug]) for n in ("points-hebdo", "faits-marquants"))
    semaine = "2026-W40"
    assert "pas encore" in client.get(f"{page}?semaine={semaine}").content.decode()

    def accroche() -> str:
        ecrit = hebdo.composer(monde.conseil, date.fromisocalendar(2026, 40, 1))
        return ecrit.blocs[0].texte

    assert "il manque celui de" in accroche()
    note = {"semaine": semaine, "organisation": police.pk, "geste": "noter"}
    assert client.post(adresse, note).url.endswith(f"?semaine={semaine}")
    assert "point reçu" in client.get(f"{page}?semaine={semaine}").content.decode()
    assert "Rien à signaler cette semaine" in accroche()
    client.post(adresse, note | {"geste": "reprendre"})
    assert "il manque celui de" in accroche()

    autre = fabrique.organisation(monde.conseil, "Qui n’en donne pas")
    assert client.post(adresse, note | {"organisation": autre.pk}).status_code == 404
    entrer(client, utilisateur(Role.MAIRE_MEMBRE, monde.conseil))
    assert client.post(adresse, note).status_code == 403
    assert "pas encore" not in client.get(f"{page}?semaine={semaine}").content.decode()
    assert not monde.conseil.points_hebdomadaires.exists()


def test_une_proposition_ecartee_garde_sa_raison(monde, client):
    fait = fabrique_diffusion.fait(
        monde.conseil, suite="a_examiner", cle="k1", motif="Douze vols en dix jours."
    )
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    adresse = reverse("fait-trancher", args=[monde.conseil.slug, fait.pk])
    client.post(adresse, {"geste": "ecarter", "raison": ""})
    fait.refresh_from_db()
    assert fait.suite == "a_examiner"
    client.post(adresse, {"geste": "ecarter", "raison": "Un seul plaignant."})
    fait.refresh_from_db()
    assert (fait.suite, fait.raison) == ("ecarte", "Un seul plaignant.")


def test_un_elu_demande_un_diagnostic_de_deux_pages_et_le_recoit(monde, client):
    elu = utilisateur(Role.ELU_DELEGUE, monde.conseil, email="elue@exemple.fr")
    entrer(client, elu)
    donnees = {"titre": "Halls occupés", "question": "Est-ce que cela augmente ?", "commune": CRETEIL}
    client.post(reverse("diagnostic-demander", args=[monde.conseil.slug]), donnees)
    demande = monde.conseil.demandes_diagnostic.get(titre="Halls occupés")
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    assert "Halls occupés" in client.get("/").content.decode(), "la question attend sur la page d’accueil"
    adresse = reverse("diagnostic-ecrire", args=[monde.conseil.slug, demande.pk])
    assert client.post(adresse, {}).status_code == 422
    choix = {
        "indicateurs": ["halls.inc:occupation_hall"],
        "perimetre": f"commune:{CRETEIL}",
        "dernier_mois": "2026-09",
        "mois": 6,
    }
    reponse = client.post(adresse, choix)
    assert reponse.status_code == 302, reponse.content.decode()
    demande.refresh_from_db()
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(fichiers.document(demande.bulletin))) as pdf:
        assert len(pdf.pages) == 2
    assert "elue@exemple.fr" in {d.email for d in envois.destinataires(demande.bulletin)}


def test_le_diagnostic_d_un_autre_ne_se_lit_pas(monde, client):
    entrer(client, utilisateur(Role.MAIRE_MEMBRE, monde.conseil))
    page = client.get(reverse("diagnostics", args=[monde.conseil.slug])).content.decode()
    assert "Rodéos autour de la gare" not in page


def test_l_etude_semestrielle_se_termine_dans_un_traitement_de_texte(monde, client):
    etude = editions.preparer_periode(conseil=monde.conseil, periode="2026-S1")
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    for format, debut in (("docx", b"PK"), ("odt", b"PK"), ("pdf", b"%PDF")):
        assert client.get(_adresse("bulletin-document", etude, format)).content.startswith(debut)
    adresse = _adresse("bulletin-terminer", etude)
    assert client.post(adresse, {"fichier": SimpleUploadedFile("etude.docx", b"PK...")}).status_code == 422
    client.post(adresse, {"fichier": SimpleUploadedFile("etude.pdf", b"%PDF-1.7 termine")})
    etude.refresh_from_db()
    assert fichiers.document(etude) == b"%PDF-1.7 termine"


def test_la_liste_de_diffusion_refuse_deux_fois_la_meme_adresse(monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    adresse = reverse("destinataire-ajouter", args=[monde.conseil.slug])
    donnees = {"nom": "Sacha", "email": "nouvelle@exemple.fr", "periodicites": ["mois"], "actif": "on"}
    assert client.post(adresse, donnees).status_code == 302
    page = client.post(adresse, donnees)
    assert page.status_code == 422
    assert "déjà dans la liste" in page.content.decode()
