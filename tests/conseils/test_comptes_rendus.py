"""The minutes: from the notes to a numbered document that nothing changes any more."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pikepdf
import pytest
from django.conf import settings as reglages
from django.test import Client
from django.urls import reverse
from docx import Document as Docx

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import LienActe
from pupitre.annuaire.models import Personne
from pupitre.conseils.comptes_rendus import circuit, papiers, redaction
from pupitre.conseils.etats import EtatCompteRendu
from pupitre.conseils.models import CompteRendu, Formation, Membre
from pupitre.conseils.seances import modeles
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.tenue import services as tenue
from pupitre.socle import devoirs, horloge
from pupitre.socle.courriel.modele import Courriel
from tests import fabriques
from tests.conseils import fabrique_seances as fabrique
from tests.documents import texte_pdf
from tests.observatoire.fabrique import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def presidence(conseil):
    return fabriques.utilisateur(Role.PRESIDENT, conseil, email="presidence@exemple.fr")


@pytest.fixture
def equipe(conseil):
    return fabriques.utilisateur(Role.COORDINATEUR, conseil, email="equipe@exemple.fr")


@pytest.fixture
def pleniere(conseil):
    ouverte = fabrique.formation(conseil)
    for nom in ("Morel", "Diallo", "Nguyen"):
        fabrique.membre(ouverte, fabrique.personne(conseil, nom))
    return ouverte


@pytest.fixture
def seance(pleniere, conseil, presidence):
    return fabrique.seance_tenue(conseil, pleniere)


@pytest.fixture
def brouillon(seance, equipe):
    return redaction.dresser(seance=seance, auteur=equipe)


def _lettres(categorie="compte-rendu"):
    return Courriel.objects.filter(categorie=categorie)


def _jusque(compte_rendu, etat, nom="La présidence"):
    """Bring it to that state by the gestures of its users."""
    for atteint, geste in (
        (EtatCompteRendu.SOUMIS, lambda: circuit.soumettre(compte_rendu=compte_rendu)),
        (EtatCompteRendu.VALIDE, lambda: circuit.valider(compte_rendu=compte_rendu, nom=nom)),
        (EtatCompteRendu.DIFFUSE, lambda: circuit.diffuser(compte_rendu=compte_rendu)),
        (EtatCompteRendu.VERROUILLE, lambda: circuit.verrouiller(compte_rendu=compte_rendu)),
    ):
        geste()
        if atteint == etat:
            break
    return CompteRendu.objects.get(pk=compte_rendu.pk)


def _du_pdf(octets: bytes) -> str:
    return " ".join(" ".join(texte_pdf.texte(octets)).split())


def _lien(acte, objet) -> LienActe:
    return LienActe.objects.filter(acte=acte, objet=str(objet)).latest("pk")


def test_le_brouillon_part_de_ce_que_la_salle_a_garde(brouillon, seance):
    contenu = brouillon.contenu
    assert [p["nom"] for p in contenu["presents"]] == [
        "Dominique Diallo",
        "Dominique Morel",
        "Dominique Nguyen",
    ]
    [point] = [p for p in contenu["points"] if p["texte"]]
    assert point["titre"] == "Tranquillité du quartier du port"
    assert point["texte"] == "Le bailleur présente les travaux du hall."
    assert [d["texte"] for d in point["decisions"]] == ["Changer la porte du hall"]
    assert redaction.dresser(seance=seance) == brouillon, "une seule fois"


def test_une_seance_qui_n_est_pas_close_n_a_pas_de_compte_rendu(conseil, pleniere):
    from pupitre.conseils.seances import services

    a_venir = services.creer(formation=pleniere, debut=fabrique.dans(10))
    with pytest.raises(GesteRefuse, match="n’est pas close"):
        redaction.dresser(seance=a_venir)


def test_ce_que_la_seance_a_de_nouveau_entre_sans_effacer_ce_qui_est_ecrit(brouillon, seance):
    textes = [p["texte"] and "Écrit à la main." for p in brouillon.contenu["points"]]
    redaction.ecrire(compte_rendu=brouillon, textes=textes)
    fabrique.prendre(formation=seance.formation, texte="Une décision de plus", seance=seance)
    relu = redaction.actualiser(compte_rendu=brouillon)
    assert "Écrit à la main." in [p["texte"] for p in relu.contenu["points"]]
    assert "Une décision de plus" in [d["texte"] for p in relu.contenu["points"] for d in p["decisions"]]


def _avec_un_nom(compte_rendu):
    textes = ["" for _ in compte_rendu.contenu["points"]]
    textes[-1] = "La situation de Kevin Bertrand, né le 12/03/2009, est évoquée. Dominique Morel répond."
    return redaction.ecrire(compte_rendu=compte_rendu, textes=textes)


def test_les_mots_qui_designent_quelqu_un_arretent_la_soumission(brouillon, equipe):
    ecrit = _avec_un_nom(brouillon)
    signales = redaction.a_regler(ecrit)
    extraits = " ".join(s.indice.extrait for s in signales)
    assert "Kevin Bertrand" in extraits
    assert "Dominique Morel" not in extraits, "un membre convoqué a le droit d’être nommé"
    with pytest.raises(GesteRefuse, match="désigner une personne"):
        circuit.soumettre(compte_rendu=ecrit)
    assert redaction.etat_de(ecrit) == EtatCompteRendu.BROUILLON

    with pytest.raises(GesteRefuse, match="la raison"):
        redaction.passer_outre(compte_rendu=ecrit, cle=signales[0].cle, raison="non", auteur=equipe)
    with pytest.raises(GesteRefuse, match="ne sont plus dans le texte"):
        redaction.passer_outre(compte_rendu=ecrit, cle="0" * 16, raison="une raison assez longue")
    for s in signales:
        redaction.passer_outre(compte_rendu=ecrit, cle=s.cle, raison="C’est le nom d’une rue.", auteur=equipe)
    relu = CompteRendu.objects.get(pk=ecrit.pk)
    assert all("C’est le nom d’une rue." in s.raison for s in redaction.signalements(relu))
    assert circuit.soumettre(compte_rendu=relu) == 1


def test_la_raison_tombe_quand_les_mots_changent(brouillon):
    ecrit = _avec_un_nom(brouillon)
    for s in redaction.a_regler(ecrit):
        redaction.passer_outre(compte_rendu=ecrit, cle=s.cle, raison="C’est le nom d’une rue.")
    textes = [p["texte"].replace("Kevin Bertrand", "Lucas Bernard") for p in ecrit.contenu["points"]]
    relu = redaction.ecrire(compte_rendu=ecrit, textes=textes)
    assert any("Lucas" in s.indice.extrait for s in redaction.a_regler(relu))


def test_une_formation_qui_parle_de_personnes_n_est_pas_arretee(brouillon):
    ecrit = _avec_un_nom(brouillon)
    formation = ecrit.seance.formation
    formation.nature, formation.regime = Formation.Nature.VEILLE, Formation.Regime.SOUS_CHARTE
    formation.save(update_fields=["nature", "regime"])
    relu = CompteRendu.objects.select_related("seance__formation").get(pk=ecrit.pk)
    assert redaction.signalements(relu)
    assert redaction.a_regler(relu) == []


def test_sans_personne_pour_valider_rien_ne_part(brouillon, presidence):
    presidence.habilitations.all().delete()
    with pytest.raises(GesteRefuse, match="Personne ne peut le valider"):
        circuit.soumettre(compte_rendu=brouillon)
    assert not _lettres().exists()


def test_le_circuit_du_brouillon_au_verrou(brouillon, client):
    circuit.soumettre(compte_rendu=brouillon)
    [lettre] = _lettres()
    assert lettre.destinataire == "presidence@exemple.fr"
    with pytest.raises(GesteRefuse, match="ne se modifie plus"):
        redaction.ecrire(compte_rendu=brouillon, textes=[])

    adresse = reverse("compte-rendu-valider", args=[actes.jeton(_lien(circuit.VALIDATION, brouillon.pk))])
    page = client.get(adresse)
    assert "Changer la porte du hall" in page.content.decode()
    assert redaction.etat_de(brouillon) == EtatCompteRendu.SOUMIS, "lire ne valide rien"
    assert client.post(adresse, {"geste": "valider"}).status_code == 200
    assert redaction.etat_de(brouillon) == EtatCompteRendu.VALIDE
    assert client.get(adresse).status_code in (403, 404, 410), "ce lien a servi"

    assert circuit.diffuser(compte_rendu=brouillon) == 3
    diffuse = CompteRendu.objects.get(pk=brouillon.pk)
    assert diffuse.remarques_jusqu_au == horloge.aujourdhui() + timedelta(days=circuit.FENETRE)
    with pytest.raises(GesteRefuse):
        circuit.reprendre(compte_rendu=diffuse)
    verrouille = circuit.verrouiller(compte_rendu=diffuse)
    assert verrouille.numero == f"{(horloge.aujourdhui() - timedelta(days=7)).year}-001"
    garde = (Path(reglages.CONFIGURATION.donnees) / verrouille.chemin).read_bytes()
    assert hashlib.sha256(garde).hexdigest() == verrouille.sha256
    assert papiers.document(verrouille, EtatCompteRendu.VERROUILLE, "pdf") == garde


def test_renvoye_il_dit_ce_qui_doit_changer(brouillon, client):
    circuit.soumettre(compte_rendu=brouillon)
    adresse = reverse("compte-rendu-valider", args=[actes.jeton(_lien(circuit.VALIDATION, brouillon.pk))])
    vide = client.post(adresse, {"geste": "renvoyer", "remarque": " "})
    assert vide.status_code == 422
    assert "Il manque ce qui doit changer" in vide.content.decode()
    assert client.post(adresse, {"geste": "renvoyer", "remarque": "Citer le CIAS."}).status_code == 200
    dernier = brouillon.evenements.last()
    assert (dernier.etat, dernier.raison, dernier.nom) == (
        EtatCompteRendu.BROUILLON,
        "Citer le CIAS.",
        str(LienActe.objects.filter(acte=circuit.VALIDATION).get().nom),
    )


def test_repris_le_lien_de_validation_ne_vaut_plus(brouillon, client):
    circuit.soumettre(compte_rendu=brouillon)
    adresse = reverse("compte-rendu-valider", args=[actes.jeton(_lien(circuit.VALIDATION, brouillon.pk))])
    circuit.reprendre(compte_rendu=brouillon)
    assert client.post(adresse, {"geste": "valider"}).status_code in (403, 404, 410)
    assert redaction.etat_de(brouillon) == EtatCompteRendu.BROUILLON


def test_les_remarques_recoivent_une_reponse_avant_le_verrou(brouillon, client):
    diffuse = _jusque(brouillon, EtatCompteRendu.DIFFUSE)
    membre = Personne.objects.get(nom="Diallo")
    adresse = reverse("remarque", args=[actes.jeton(_lien(circuit.REMARQUE, f"{diffuse.pk}:{membre.pk}"))])
    assert client.post(adresse, {"texte": ""}).status_code == 422
    assert "est enregistrée" in client.post(adresse, {"texte": "La porte est celle du 3."}).content.decode()
    [remarque] = diffuse.remarques.all()
    assert remarque.personne == membre
    with pytest.raises(GesteRefuse, match="remarque attend une réponse"):
        circuit.verrouiller(compte_rendu=diffuse)
    with pytest.raises(GesteRefuse, match="a droit à une raison"):
        circuit.repondre(remarque=remarque, retenue=False, reponse=" ")
    circuit.repondre(remarque=remarque, retenue=False, reponse="Le relevé du bailleur dit le 5.")
    verrouille = circuit.verrouiller(compte_rendu=diffuse)
    texte = _du_pdf(papiers.archive(verrouille))
    assert "La porte est celle du 3." in texte
    assert "Le relevé du bailleur dit le 5." in texte
    ferme = client.get(adresse)
    assert ferme.status_code in (403, 404, 410), "verrouillé, il ne reçoit plus de remarques"


def test_le_lien_d_un_autre_ne_remarque_pas_pour_moi(brouillon, voisin, client):
    diffuse = _jusque(brouillon, EtatCompteRendu.DIFFUSE)
    membre = Personne.objects.get(nom="Diallo")
    jeton = actes.jeton(_lien(circuit.REMARQUE, f"{diffuse.pk}:{membre.pk}"))
    for faux in (jeton[:-3] + "abc", jeton.replace(jeton[:3], "999", 1)):
        assert client.post(reverse("remarque", args=[faux]), {"texte": "Faux."}).status_code in (
            403,
            404,
            410,
        )
    valider = reverse("compte-rendu-valider", args=[jeton])
    assert client.post(valider, {"geste": "valider"}).status_code in (403, 404, 410), "un lien, un geste"
    vole = actes.creer(
        acte=circuit.REMARQUE, objet=f"{diffuse.pk}:{membre.pk}", conseil=voisin, nom="Voisine", jours=3
    )
    assert client.get(reverse("remarque", args=[actes.jeton(vole)])).status_code == 404
    assert not diffuse.remarques.exists()


def test_les_numeros_se_suivent_sans_trou(conseil, pleniere, presidence):
    ecrits = [
        redaction.dresser(seance=fabrique.seance_tenue(conseil, pleniere, objet=f"Séance {i}"))
        for i in range(4)
    ]
    ordre = [ecrits[i] for i in (2, 0, 3, 1)]
    numeros = [_jusque(c, EtatCompteRendu.VERROUILLE).numero for c in ordre]
    an = (horloge.aujourdhui() - timedelta(days=7)).year
    assert numeros == [f"{an}-{i:03}" for i in range(1, 5)]


def test_une_correction_est_une_version_de_plus(brouillon):
    premier = _jusque(brouillon, EtatCompteRendu.VERROUILLE)
    octets = papiers.archive(premier)
    with pytest.raises(GesteRefuse, match="motif"):
        redaction.corriger(compte_rendu=premier, motif=" ")
    second = redaction.corriger(compte_rendu=premier, motif="Le hall est celui du 5.")
    with pytest.raises(GesteRefuse, match="n’est pas le dernier"):
        redaction.corriger(compte_rendu=premier, motif="Encore.")
    redaction.ecrire(compte_rendu=second, textes=["Corrigé." for _ in second.contenu["points"]])
    second = _jusque(second, EtatCompteRendu.VERROUILLE)
    assert (second.version, second.numero) == (2, premier.numero)
    assert redaction.etat_de(premier) == EtatCompteRendu.REMPLACE
    assert papiers.archive(CompteRendu.objects.get(pk=premier.pk)) == octets
    texte = _du_pdf(papiers.archive(second))
    assert "Le hall est celui du 5." in texte
    troisieme = fabrique.seance_tenue(
        premier.seance.formation.conseil, premier.seance.formation, objet="Suite"
    )
    suivant = _jusque(redaction.dresser(seance=troisieme), EtatCompteRendu.VERROUILLE)
    assert suivant.numero.endswith("-002"), "une version ne prend pas de numéro"


def test_un_document_touche_sur_le_disque_est_dit(brouillon, equipe, client):
    lu = _jusque(brouillon, EtatCompteRendu.VERROUILLE)
    (Path(reglages.CONFIGURATION.donnees) / lu.chemin).write_bytes(b"%PDF-1.7 autre chose")
    with pytest.raises(papiers.ArchiveAlteree):
        papiers.archive(lu)
    fabriques.entrer(client, equipe)
    reponse = client.get(reverse("compte-rendu-pdf", args=[lu.seance.formation.conseil.slug, lu.pk]))
    assert reponse.status_code == 409
    assert "n’est plus celui qui a été verrouillé" in reponse.content.decode()


def test_le_delai_passe_il_se_verrouille_seul(brouillon):
    diffuse = _jusque(brouillon, EtatCompteRendu.DIFFUSE)
    with horloge.figee(diffuse.remarques_jusqu_au):
        circuit.verrouiller_les_echus(horloge.aujourdhui())
    assert redaction.etat_de(diffuse) == EtatCompteRendu.DIFFUSE, "le dernier jour compte"
    with horloge.figee(diffuse.remarques_jusqu_au + timedelta(days=1)):
        [bilan] = [b for b in devoirs.passer() if b.code == "comptes-rendus"]
        assert (bilan.fait, bilan.erreur) == (1, "")
    assert redaction.etat_de(diffuse) == EtatCompteRendu.VERROUILLE


def test_qui_part_reste_dans_ce_qui_fut(brouillon):
    lu = _jusque(brouillon, EtatCompteRendu.DIFFUSE)
    partie = Personne.objects.get(nom="Nguyen")
    Membre.objects.filter(personne=partie).update(fin=horloge.aujourdhui())
    Personne.objects.filter(pk=partie.pk).update(nom="Autrenom")
    assert "Dominique Nguyen" in [p["nom"] for p in CompteRendu.objects.get(pk=lu.pk).contenu["presents"]]


def test_les_documents_s_ouvrent_dans_leurs_lecteurs(brouillon):
    lu = _jusque(brouillon, EtatCompteRendu.VERROUILLE)
    with pikepdf.open(BytesIO(papiers.archive(lu))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("fr")
    mots = ("Compte rendu n° " + lu.numero, "Changer la porte du hall", "Dominique Morel")
    word = Docx(BytesIO(papiers.document(lu, EtatCompteRendu.VERROUILLE, "docx")))
    texte = "\n".join(p.text for p in word.paragraphs) + "\n".join(
        c.text for t in word.tables for r in t.rows for c in r.cells
    )
    with ZipFile(BytesIO(papiers.document(lu, EtatCompteRendu.VERROUILLE, "odt"))) as archive:
        odt = "".join(ElementTree.fromstring(archive.read("content.xml")).itertext())
    for mot in mots:
        assert mot in texte.replace("\xa0", " ")
        assert mot in odt.replace("\xa0", " ")


def test_chacun_lit_ce_que_son_etat_lui_ouvre(brouillon, conseil, voisin, equipe, presidence, client):
    """The team reads drafts, the president what is submitted, others what is validated, a neighbour nothing."""
    maire = fabriques.utilisateur(Role.MAIRE_MEMBRE, conseil, email="maire@exemple.fr")
    voisine = fabriques.utilisateur(Role.COORDINATEUR, voisin, email="voisine@exemple.fr")
    adresse = reverse("compte-rendu", args=[conseil.slug, brouillon.pk])

    def codes() -> dict:
        vus = {}
        for nom, qui in (
            ("equipe", equipe),
            ("presidence", presidence),
            ("maire", maire),
            ("voisine", voisine),
        ):
            vus[nom] = fabriques.entrer(Client(), qui).get(adresse).status_code == 200
        return vus

    assert codes() == {"equipe": True, "presidence": False, "maire": False, "voisine": False}
    circuit.soumettre(compte_rendu=brouillon)
    assert codes() == {"equipe": True, "presidence": True, "maire": False, "voisine": False}
    valider = reverse("compte-rendu-validation", args=[conseil.slug, brouillon.pk])
    for qui in (voisine, maire, equipe):
        assert fabriques.entrer(Client(), qui).post(valider, {"geste": "valider"}).status_code in (403, 404)
    assert fabriques.entrer(Client(), presidence).post(valider, {"geste": "valider"}).status_code == 302
    assert codes()["voisine"] is False
    assert redaction.etat_de(brouillon) == EtatCompteRendu.VALIDE


def test_la_page_fait_tout_le_chemin(brouillon, conseil, equipe, presidence, client):
    fabriques.entrer(client, equipe)
    base = [conseil.slug, brouillon.pk]
    page = client.get(reverse("compte-rendu", args=base)).content.decode()
    assert "Le bailleur présente les travaux du hall." in page
    textes = ["" for _ in brouillon.contenu["points"]]
    refus = client.post(reverse("compte-rendu-ecrire", args=base), {"texte": ["seul"]})
    assert refus.status_code == (302 if len(textes) == 1 else 422)
    textes[-1] = "Kevin Bertrand est cité."
    assert client.post(reverse("compte-rendu-ecrire", args=base), {"texte": textes}).status_code == 302
    page = client.get(reverse("compte-rendu", args=base)).content.decode()
    assert "semble désigner une personne" in page or "semblent désigner" in page
    for s in redaction.a_regler(CompteRendu.objects.get(pk=brouillon.pk)):
        client.post(
            reverse("compte-rendu-passer-outre", args=base), {"cle": s.cle, "raison": "Nom d’un équipement."}
        )
    assert "Nom d’un équipement." in client.get(reverse("compte-rendu", args=base)).content.decode()
    avancer = reverse("compte-rendu-avancer", args=base)
    assert client.post(avancer, {"geste": "autre"}).status_code == 404
    client.post(avancer, {"geste": "soumettre"})
    fabriques.entrer(Client(), presidence).post(
        reverse("compte-rendu-validation", args=base), {"geste": "valider"}
    )
    client.post(avancer, {"geste": "diffuser"})
    lien = _lien(circuit.REMARQUE, f"{brouillon.pk}:{Personne.objects.get(nom='Morel').pk}")
    circuit.remarquer(lien=lien, texte="Une virgule manque.")
    remarque = brouillon.remarques.get()
    client.post(avancer, {"geste": "verrouiller"})
    assert redaction.etat_de(brouillon) == EtatCompteRendu.DIFFUSE
    repondre = reverse("compte-rendu-repondre", args=[*base, remarque.pk])
    client.post(repondre, {"retenue": "1", "reponse": ""})
    client.post(avancer, {"geste": "verrouiller"})
    assert redaction.etat_de(brouillon) == EtatCompteRendu.VERROUILLE
    registre = client.get(reverse("comptes-rendus-export", args=[conseil.slug, "csv"])).content.decode(
        "utf-8-sig"
    )
    lu = CompteRendu.objects.get(pk=brouillon.pk)
    assert lu.sha256 in registre
    assert lu.numero in registre
    corriger = reverse("compte-rendu-corriger", args=base)
    assert client.post(corriger, {"motif": ""}).status_code == 422
    assert client.post(corriger, {"motif": "Une date."}).status_code == 302
    assert CompteRendu.objects.filter(seance=brouillon.seance).count() == 2
    for format, debut in (("pdf", b"%PDF"), ("docx", b"PK"), ("odt", b"PK")):
        recu = client.get(reverse(f"compte-rendu-{format}", args=base))
        assert recu.content.startswith(debut)


def test_la_seance_rouverte_garde_son_compte_rendu(brouillon, seance):
    tenue.ouvrir(seance=seance)
    tenue.clore(seance=seance)
    assert redaction.dresser(seance=seance) == brouillon


def test_la_liste_dit_ce_qui_reste_a_rediger(seance, conseil, equipe, client, django_assert_max_num_queries):
    fabriques.entrer(client, equipe)
    adresse = reverse("comptes-rendus", args=[conseil.slug])
    assert "sans compte rendu" in client.get(adresse).content.decode()
    client.post(reverse("compte-rendu-dresser", args=[conseil.slug, seance.pk]))
    page = client.get(adresse).content.decode()
    assert "sans compte rendu" not in page
    assert "Sans numéro" in page
    with django_assert_max_num_queries(24):
        client.get(adresse)


def test_un_partenaire_lit_ceux_des_seances_ou_il_etait(brouillon, conseil, voisin):
    """The one whose card is on the list reads them; its neighbour at the same table of another formation does not."""
    ici, la = organisation(conseil), organisation(conseil, "Régie des quartiers")
    brouillon.seance.convocations.filter(personne__nom="Diallo").update(organisation=ici)
    lu = _jusque(brouillon, EtatCompteRendu.DIFFUSE)
    adresse = reverse("compte-rendu", args=[conseil.slug, lu.pk])
    codes = [
        fabriques.entrer(
            Client(),
            fabriques.utilisateur(Role.PARTENAIRE, conseil, organisation=o, email=f"p{i}@exemple.fr"),
        )
        .get(adresse)
        .status_code
        for i, o in enumerate((ici, la))
    ]
    assert codes == [200, 404]


def test_le_compte_rendu_sur_le_papier_du_conseil(conseil):
    pleniere = fabrique.formation(conseil)
    fabrique.membre(pleniere, fabrique.personne(conseil, "Durand"))
    ecrit = redaction.dresser(seance=fabrique.seance_tenue(conseil, pleniere))
    modeles.deposer(
        conseil=conseil, genre="compte_rendu", contenu=modeles.de_depart("compte_rendu"), nom="papier.docx"
    )
    document = Docx(BytesIO(papiers.document(ecrit, "brouillon", "docx")))
    texte = "\n".join(p.text for p in document.paragraphs)
    for attendu in (
        "Projet de compte rendu, ne pas diffuser",
        "Dominique Durand, membre",
        "Le bailleur présente les travaux du hall.",
        "Changer la porte du hall",
    ):
        assert attendu in texte
    assert "{" not in texte
