"""Letters: one reason writes once, the state is said before and after the server is spoken to."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail

from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre, envoi
from pupitre.socle.courriel.absent import PasDeServeur
from pupitre.socle.courriel.envoi import ABANDON, ESSAIS_MAX, envoyer, poster, relever, renvoyer
from pupitre.socle.courriel.modele import Courriel

LETTRE = Lettre(
    objet="Fichier d’octobre\u202f: rappel",
    paragraphes=("Le fichier d’octobre n’est pas arrivé.",),
    bouton=Bouton("Déposer le fichier", "http://127.0.0.1:8000/d/abc~def/"),
    pied="Vous recevez ce message parce que vous êtes le référent de cette source.",
)


def _poster(cle="relance:1:2026-10", destinataire="referent@exemple.fr"):
    return poster(LETTRE, cle=cle, destinataire=destinataire, nom="Claude Roy", categorie="relance")


@pytest.mark.django_db(transaction=True)
def test_un_courriel_part_apres_la_transaction_en_texte_et_en_html():
    courriel, nouveau = _poster()
    assert nouveau
    (recu,) = mail.outbox
    assert recu.to == ["Claude Roy <referent@exemple.fr>"]
    assert "Le fichier d’octobre n’est pas arrivé." in recu.body
    assert "http://127.0.0.1:8000/d/abc~def/" in recu.body
    assert 'href="http://127.0.0.1:8000/d/abc~def/"' in recu.alternatives[0].content
    courriel.refresh_from_db()
    assert courriel.etat == Courriel.Etat.ENVOYE


@pytest.mark.django_db(transaction=True)
def test_la_meme_raison_n_ecrit_pas_deux_fois_a_la_meme_personne():
    _poster()
    assert _poster()[1] is False
    assert _poster(destinataire="autre@exemple.fr")[1] is True
    relever()
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_un_envoi_interrompu_n_est_pas_refait_il_est_dit_incertain():
    courriel, _ = _poster()
    passe = horloge.maintenant() - ABANDON - timedelta(minutes=1)
    Courriel.objects.filter(pk=courriel.pk).update(etat=Courriel.Etat.EN_ENVOI, envoi_le=passe)
    assert relever() == {"traites": 0, "incertains": 1}
    envoyer(courriel.pk)
    courriel.refresh_from_db()
    assert courriel.etat == Courriel.Etat.INCERTAIN
    assert not mail.outbox


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("erreur", "etat"),
    [
        (smtplib.SMTPRecipientsRefused({"r@e.fr": (550, b"inconnu ici")}), Courriel.Etat.REFUSE),
        (TimeoutError("trop long"), Courriel.Etat.A_ENVOYER),
        (PasDeServeur("pas de serveur"), Courriel.Etat.A_ENVOYER),
    ],
)
def test_un_echec_est_garde_avec_ce_que_le_serveur_a_dit(monkeypatch, erreur, etat):
    def echouer(courriel, connexion):
        raise erreur

    monkeypatch.setattr("pupitre.socle.courriel.envoi._remettre", echouer)
    courriel, _ = _poster()
    envoyer(courriel.pk)
    courriel.refresh_from_db()
    assert courriel.etat == etat
    assert courriel.erreur
    assert (courriel.pas_avant > horloge.maintenant()) == (etat == Courriel.Etat.A_ENVOYER)


@pytest.mark.django_db
def test_on_abandonne_apres_six_essais_et_une_personne_peut_renvoyer(monkeypatch):
    monkeypatch.setattr(
        "pupitre.socle.courriel.envoi._remettre", lambda *_: (_ for _ in ()).throw(TimeoutError("trop long"))
    )
    courriel, _ = _poster()
    for _ in range(ESSAIS_MAX):
        Courriel.objects.update(pas_avant=horloge.maintenant())
        envoyer(courriel.pk)
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.essais) == (Courriel.Etat.REFUSE, ESSAIS_MAX)
    monkeypatch.undo()
    renvoyer(courriel=courriel)
    envoyer(courriel.pk)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_la_demonstration_garde_ses_courriels(settings):
    settings.COURRIELS_GARDES = True
    courriel, _ = _poster()
    envoyer(courriel.pk)
    courriel.refresh_from_db()
    assert courriel.etat == Courriel.Etat.ENVOYE
    assert not mail.outbox


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("vendeur", "en_fond", "pauses"), [("sqlite", "1", 2), ("sqlite", "", 0), ("postgresql", "1", 0)]
)
def test_qui_cede_le_pas_laisse_ecrire_entre_deux_lettres(
    monkeypatch, django_capture_on_commit_callbacks, vendeur, en_fond, pauses
):
    dormi = []
    monkeypatch.setenv(envoi.EN_FOND, en_fond)
    monkeypatch.setattr(envoi.time, "sleep", dormi.append)
    monkeypatch.setattr(envoi, "connection", SimpleNamespace(vendor=vendeur))
    for cle in ("une", "deux", "une"):
        with django_capture_on_commit_callbacks(execute=True):
            poster(LETTRE, cle=cle, destinataire="a@exemple.fr", categorie="semaine")
    assert dormi == [envoi.PAUSE] * pauses
