"""Who is called, what leaves, what is answered; and what the files hold for real readers."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings as reglages_django
from icalendar import Calendar

from pupitre.acces import actes
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Convocation
from pupitre.conseils.seances import calendrier, convocations, papiers, preparatifs, selectors, services
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.socle import horloge
from pupitre.socle.courriel.modele import Courriel
from tests.conftest import manque
from tests.conseils.fabrique_seances import DEPUIS, a_paris, dans, membre, personne, point, seance_a_preparer

pytestmark = pytest.mark.django_db


def _piece(courriel: Courriel, suffixe: str) -> bytes:
    (trouvee,) = [p for p in courriel.pieces if p["nom"].endswith(suffixe)]
    return (Path(reglages_django.CONFIGURATION.donnees) / trouvee["chemin"]).read_bytes()


def _evenement(contenu: bytes):
    calendrier_ = Calendar.from_ical(contenu)
    (evenement,) = calendrier_.walk("VEVENT")
    return calendrier_, evenement


def test_seuls_les_membres_du_jour_de_la_seance_sont_sur_la_liste(conseil):
    seance = seance_a_preparer(conseil, membres=1, debut=dans(40))
    jour = selectors.jour_de(seance)
    parti, arrive = personne(conseil, "Parti"), personne(conseil, "Arrivé")
    membre(seance.formation, parti, fin=jour - timedelta(days=1))
    membre(seance.formation, arrive, debut=jour)
    assert convocations.dresser(seance=seance) == 2
    assert {c.personne.nom for c in papiers.convoques(seance)} == {"Membre000", "Arrivé"}
    assert convocations.dresser(seance=seance) == 0


def test_un_membre_qui_part_apres_l_appel_est_signale(conseil):
    seance = seance_a_preparer(conseil, membres=2)
    convocations.dresser(seance=seance)
    siege = seance.formation.membres.first()
    siege.fin = selectors.jour_de(seance) - timedelta(days=2)
    siege.save()
    assert [c.personne for c in convocations.ecart_de_liste(seance).partis] == [siege.personne]


def test_chacun_recoit_sa_lettre_son_pdf_et_son_rendez_vous(conseil):
    seance = seance_a_preparer(conseil, membres=2)
    point(seance, "Tranquillité des parcs")
    membre(seance.formation, personne(conseil, "Postal", email="", adresse="3 rue du Port"))
    convocations.dresser(seance=seance)
    assert convocations.envoyer(seance=seance) == 3
    lettres = Courriel.objects.filter(categorie="convocation")
    assert {c.destinataire for c in lettres} == {
        "dominique.membre000@exemple.fr",
        "dominique.membre001@exemple.fr",
    }
    assert all("Tranquillité des parcs" in c.texte for c in lettres)
    with pikepdf.open(io.BytesIO(_piece(lettres[0], ".pdf"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
    calendrier_, evenement = _evenement(_piece(lettres[0], ".ics"))
    assert calendrier_["METHOD"] == "REQUEST"
    assert evenement.decoded("DTSTART").astimezone(UTC) == seance.debut.astimezone(UTC)
    assert str(evenement["ATTENDEE"]) == f"mailto:{lettres[0].destinataire}"
    assert Convocation.objects.get(personne__nom="Postal").par_courrier
    assert selectors.etat_de(seance) == EtatSeance.CONVOQUEE


def test_envoyer_deux_fois_n_ecrit_qu_une_fois(conseil):
    seance = seance_a_preparer(conseil, membres=2)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    with pytest.raises(GesteRefuse, match="Aucune convocation"):
        convocations.envoyer(seance=seance)
    assert Courriel.objects.filter(categorie="convocation").count() == 2


def test_sans_date_rien_ne_part(conseil):
    seance = seance_a_preparer(conseil, membres=1, debut=None)
    convocations.dresser(seance=seance)
    with pytest.raises(GesteRefuse, match="date à venir"):
        convocations.envoyer(seance=seance)


def test_reporter_previent_garde_l_uid_et_leve_la_sequence(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    appel = seance.convocations.get()
    convocations.repondre(convocation=appel, reponse="present")
    _, avant = _evenement(_piece(Courriel.objects.get(), ".ics"))
    assert services.modifier(seance=seance, objet="", debut=dans(47), duree=120, lieu="Salle du conseil")
    _, apres = _evenement(_piece(Courriel.objects.order_by("-pk")[0], ".ics"))
    assert avant["UID"] == apres["UID"]
    assert (avant["SEQUENCE"], apres["SEQUENCE"]) == (0, 1)
    appel.refresh_from_db()
    assert (appel.reponse, appel.repondu_le) == ("attendue", None)


def test_changer_le_seul_objet_n_ecrit_a_personne(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    debut = seance.debut
    assert not services.modifier(
        seance=seance, objet="Rentrée", debut=debut, duree=120, lieu="Salle du conseil"
    )
    assert Courriel.objects.count() == 1


def test_annuler_retire_le_rendez_vous_et_ferme_les_liens(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    assert services.annuler(seance=seance, raison="Salle inondée") == 1
    lettre = Courriel.objects.order_by("-pk")[0]
    calendrier_, evenement = _evenement(_piece(lettre, ".ics"))
    assert (calendrier_["METHOD"], evenement["STATUS"], evenement["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert "Salle inondée" in lettre.texte
    assert not actes.LienActe.objects.filter(acte=convocations.REPONSE, revoque_le__isnull=True).exists()
    with pytest.raises(GesteRefuse):
        services.annuler(seance=seance, raison="encore")


def test_un_suppleant_a_un_nom(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    convocations.dresser(seance=seance)
    appel = seance.convocations.get()
    with pytest.raises(GesteRefuse, match="nom"):
        convocations.repondre(convocation=appel, reponse="supplee", suppleant="  ")
    convocations.repondre(convocation=appel, reponse="supplee", suppleant="Claude Petit")
    convocations.repondre(convocation=appel, reponse="present", suppleant="Claude Petit")
    assert appel.suppleant == ""


def test_le_rappel_part_le_jour_dit_une_fois_et_pas_a_qui_a_repondu(conseil):
    seance = seance_a_preparer(conseil, membres=2)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    convocations.repondre(convocation=seance.convocations.first(), reponse="absent")
    jour = selectors.jour_de(seance) - timedelta(days=5)
    with horloge.figee(jour):
        assert convocations.rappeler(jour - timedelta(days=1)) == 0
        assert convocations.rappeler(jour) == 1
        assert convocations.rappeler(jour) == 0
    lien = actes.LienActe.objects.filter(acte=convocations.REPONSE, objet=str(seance.convocations.last().pk))
    assert lien.count() == 1
    assert seance.convocations.last().relances == 1


def test_le_lien_vit_jusqu_a_la_seance(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    lien = actes.LienActe.objects.get(acte=convocations.REPONSE)
    assert lien.expire_le == seance.debut


@pytest.mark.parametrize(("jour", "utc"), [((2027, 1, 12), 13), ((2027, 7, 6), 12)])
def test_l_heure_est_celle_de_paris_ete_comme_hiver(conseil, jour, utc):
    seance = seance_a_preparer(conseil, membres=0, debut=a_paris(*jour, 14))
    contenu = calendrier.invitation(calendrier.rendezvous(seance))
    calendrier_, evenement = _evenement(contenu)
    assert evenement["DTSTART"].params["TZID"] == "Europe/Paris"
    assert evenement.decoded("DTSTART").astimezone(UTC) == datetime(*jour, utc, tzinfo=UTC)
    (zone,) = calendrier_.walk("VTIMEZONE")
    assert {str(s.name) for s in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}
    assert all("RRULE" in s for s in zone.subcomponents)
    assert b"\r\n" in contenu
    assert max(len(li) for li in contenu.split(b"\r\n")) <= 75


def test_la_liste_de_preparation_suit_la_date(conseil):
    seance = seance_a_preparer(conseil, membres=0, debut=None)
    assert set(seance.preparatifs.values_list("echeance", flat=True)) == {None}
    services.modifier(seance=seance, objet="", debut=a_paris(2030, 6, 20, 14), duree=60, lieu="")
    envoi = seance.preparatifs.get(libelle__startswith="Envoyer les convocations")
    assert (a_paris(2030, 6, 20).date() - envoi.echeance).days == 15
    propre = preparatifs.ajouter(seance=seance, libelle="Traiteur", echeance=a_paris(2030, 6, 10).date())
    services.modifier(seance=seance, objet="", debut=a_paris(2030, 6, 27, 14), duree=60, lieu="")
    propre.refresh_from_db()
    assert propre.echeance == a_paris(2030, 6, 17).date()


def test_hors_delai_la_page_le_dit(conseil):
    assert convocations.verdict_des_delais(seance_a_preparer(conseil, membres=0, debut=dans(10))).en_retard


def test_les_papiers_s_ouvrent(conseil, tmp_path):
    seance = seance_a_preparer(conseil, membres=26)
    point(seance, "Tranquillité des parcs", presentation="Trois mois d’essai.")
    convocations.dresser(seance=seance)
    appels = list(papiers.convoques(seance))
    with pikepdf.open(io.BytesIO(papiers.convocations_pdf(seance, appels))) as pdf:
        assert len(pdf.pages) == 26
    with pikepdf.open(io.BytesIO(papiers.etiquettes_pdf(seance))) as pdf:
        assert len(pdf.pages) == 2
    with pikepdf.open(io.BytesIO(papiers.emargement_pdf(seance))) as pdf:
        assert "Feuille de présence" in str(pdf.docinfo["/Title"])
    with pikepdf.open(io.BytesIO(papiers.ordre_du_jour(seance, "pdf"))) as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
    for nom, contenu in {
        "convocation.docx": papiers.convocation(appels[0], "docx"),
        "convocation.odt": papiers.convocation(appels[0], "odt"),
        "odj.docx": papiers.ordre_du_jour(seance, "docx"),
        "odj.odt": papiers.ordre_du_jour(seance, "odt"),
    }.items():
        assert zipfile.ZipFile(io.BytesIO(contenu)).testzip() is None
        (tmp_path / nom).write_bytes(contenu)
    soffice = shutil.which("soffice")
    if soffice is None:
        manque("LibreOffice est absent : .ci/run l’installe.")
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to", "txt:Text",
         "--outdir", tmp_path, tmp_path / "convocation.docx", tmp_path / "odj.odt"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert "Dominique Membre000" in (tmp_path / "convocation.txt").read_text("utf-8")
    assert "Tranquillité des parcs" in (tmp_path / "odj.txt").read_text("utf-8")


def test_une_seance_passee_garde_ses_membres(conseil):
    seance = seance_a_preparer(conseil, membres=1, debut=a_paris(2025, 3, 4, 14))
    parti = personne(conseil, "Ancien")
    membre(seance.formation, parti, debut=DEPUIS, fin=a_paris(2025, 6, 1).date())
    jour = selectors.jour_de(seance)
    assert parti in [m.personne for m in selectors.membres_le(seance.formation, jour)]
    assert parti not in [m.personne for m in selectors.membres_le(seance.formation, horloge.aujourdhui())]
