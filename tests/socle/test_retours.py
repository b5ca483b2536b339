"""Reports of mail servers, as Postfix and Exchange write them, and what is no report."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from pupitre.cli.commandes import retours as commande
from pupitre.socle import horloge
from pupitre.socle.courriel import Lettre
from pupitre.socle.courriel.envoi import message_id, poster
from pupitre.socle.courriel.modele import Courriel
from pupitre.socle.courriel.retours import enregistrer, lire

RAPPORT = """From: MAILER-DAEMON@ville.fr
To: pupitre@ville.fr
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=utf-8

Le message n'a pas pu etre remis.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.ville.fr
Arrival-Date: Mon, 23 Nov 2026 08:00:00 +0100

Final-Recipient: rfc822; {vers}
Action: {action}
Status: 5.1.1
Remote-MTA: dns; mx.exemple.fr
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B
Content-Type: {original}

Message-ID: {message}
Subject: Fichier d'octobre

--B--
"""


def rapport(courriel: Courriel, action="failed", original="text/rfc822-headers", message=None) -> bytes:
    return RAPPORT.format(
        vers=courriel.destinataire.upper(),
        action=action,
        original=original,
        message=message or message_id(courriel.cle),
    ).encode()


@pytest.fixture
def courriel(db):
    parti, _ = poster(
        Lettre("Fichier d’octobre", ("Bonjour.",)),
        cle="relance:1",
        destinataire="referent@exemple.fr",
        categorie="relance",
    )
    Courriel.objects.filter(pk=parti.pk).update(etat=Courriel.Etat.ENVOYE, envoye_le=horloge.maintenant())
    return parti


@pytest.mark.parametrize("original", ["text/rfc822-headers", "message/rfc822"])
def test_un_echec_est_note_sur_le_bon_courriel(courriel, original):
    voisin, _ = poster(
        Lettre("Autre", ("Bonjour.",)),
        cle="relance:2",
        destinataire="referent@exemple.fr",
        categorie="relance",
    )
    Courriel.objects.filter(pk=voisin.pk).update(etat=Courriel.Etat.ENVOYE, envoye_le=horloge.maintenant())
    assert enregistrer(rapport(courriel, original=original)) == courriel
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.erreur) == (Courriel.Etat.REVENU, "550 5.1.1 User unknown")
    voisin.refresh_from_db()
    assert voisin.etat == Courriel.Etat.ENVOYE
    assert enregistrer(rapport(courriel)) is None  # the server says it twice


def test_un_retard_n_est_pas_un_echec(courriel):
    assert lire(rapport(courriel, action="delayed")).definitif is False
    assert enregistrer(rapport(courriel, action="delayed")) is None
    courriel.refresh_from_db()
    assert courriel.etat == Courriel.Etat.ENVOYE


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: Absence du bureau\nAuto-Submitted: auto-replied\n\nJe suis absente.",
        b"Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\nx\n--B--",
    ],
)
def test_ce_qui_n_est_pas_un_echec_ne_change_rien(courriel, octets):
    assert enregistrer(octets) is None


def test_le_rapport_d_un_message_qui_n_est_pas_de_nous(courriel):
    assert enregistrer(rapport(courriel, message="<autre@ailleurs.fr>")) is None


def test_la_commande_lit_un_dossier_et_l_entree_standard(courriel, tmp_path, monkeypatch):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(rapport(courriel))
    (tmp_path / "new" / "2").write_bytes(b"Subject: Bonjour\n\nRien.")
    monkeypatch.setattr("pupitre.cli.django_pret.demarrer", lambda: None)
    fait = commande.executer(SimpleNamespace(messages=[tmp_path]))
    assert (fait.donnees["lus"], len(fait.donnees["revenus"])) == (2, 1)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(rapport(courriel))))
    assert commande.executer(SimpleNamespace(messages=[])).donnees == {"lus": 1, "revenus": []}
    with pytest.raises(commande.Illisible, match="rien à cet endroit"):
        commande.executer(SimpleNamespace(messages=[tmp_path / "absent"]))
