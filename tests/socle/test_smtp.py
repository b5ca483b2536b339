"""Letters through a real SMTP conversation, read back by a mail library."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre, Piece
from pupitre.socle.courriel.envoi import poster, relever
from pupitre.socle.courriel.modele import Courriel
from tests.socle.serveur_smtp import serveur


@pytest.fixture
def smtp(settings, tmp_path):
    with serveur(refuses=frozenset({"parti@exemple.fr"})) as recus:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", recus.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.CONFIGURATION = replace(
            settings.CONFIGURATION, donnees=tmp_path, courriel_expediteur="prevention@ville.fr"
        )
        (tmp_path / "convocation.pdf").write_bytes(b"%PDF-1.7 essai")
        yield recus


def envoyer(**champs) -> Courriel:
    lettre = Lettre(
        objet="Convocation\u202f: séance d’été à Nîmes",
        paragraphes=("Vous êtes invitée.",),
        bouton=Bouton("Répondre", "https://pupitre.ville.fr/a/jeton/convocation/"),
        pieces=(Piece("convocation.pdf", "convocation.pdf"),),
        arret="https://pupitre.ville.fr/a/jeton/semaine/",
    )
    courriel, _ = poster(
        lettre,
        **{"cle": "c:1", "destinataire": "anne@exemple.fr", "nom": "Anne Lefèvre", "categorie": "convocation"}
        | champs,
        expediteur="CISPD « Plaine centrale »",
        repondre_a="coordination@ville.fr",
    )
    courriel.refresh_from_db()
    return courriel


@pytest.mark.django_db(transaction=True)
def test_ce_qui_arrive_est_ce_qui_a_ete_ecrit(smtp):
    courriel = envoyer()
    assert courriel.etat == Courriel.Etat.ENVOYE
    [(de, vers, brut)] = smtp.enveloppes
    assert (de, vers) == ("prevention@ville.fr", ["anne@exemple.fr"])
    recu = message_from_bytes(brut, policy=policy.default)
    assert recu["Subject"].strip() == "Convocation\u202f: séance d’été à Nîmes"
    assert recu["From"].addresses[0].display_name == "CISPD « Plaine centrale »"
    assert recu["To"].addresses[0].display_name == "Anne Lefèvre"
    assert recu["Reply-To"] == "coordination@ville.fr"
    assert recu["Auto-Submitted"] == "auto-generated"
    assert recu["List-Unsubscribe"] == "<https://pupitre.ville.fr/a/jeton/semaine/>"
    assert recu["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Vous êtes invitée." in recu.get_body(("plain",)).get_content()
    assert "https://pupitre.ville.fr/a/jeton/convocation/" in recu.get_body(("html",)).get_content()
    [piece] = recu.iter_attachments()
    assert (piece.get_filename(), piece.get_content()) == ("convocation.pdf", b"%PDF-1.7 essai")


@pytest.mark.django_db(transaction=True)
def test_un_refus_du_serveur_se_lit_et_n_arrete_pas_les_autres(smtp):
    refuse = envoyer(cle="c:2", destinataire="parti@exemple.fr")
    assert refuse.etat == Courriel.Etat.REFUSE
    assert refuse.erreur.startswith("550 5.1.1")
    assert envoyer(cle="c:3").etat == Courriel.Etat.ENVOYE
    assert len(smtp.enveloppes) == 1


@pytest.fixture
def en_attente(smtp, db) -> list[Courriel]:
    """Letters written in a transaction that has not ended: nobody has sent them."""
    return [envoyer(cle=f"a:{n}", destinataire=vers) for n, vers in enumerate(_VERS)]


_VERS = ("a@exemple.fr", "parti@exemple.fr", "b@exemple.fr", "c@exemple.fr")


def _etats(courriels: list[Courriel]) -> list[str]:
    return [Courriel.objects.get(pk=c.pk).etat for c in courriels]


def test_un_passage_n_appelle_le_serveur_qu_une_fois_et_un_refus_ne_le_rompt_pas(smtp, en_attente):
    assert relever()["traites"] == 4
    assert _etats(en_attente) == ["envoye", "refuse", "envoye", "envoye"]
    assert smtp.sessions == 1


def test_un_serveur_qui_raccroche_est_rappele_et_rien_ne_part_deux_fois(smtp, en_attente):
    smtp.par_session = 2
    relever()
    assert _etats(en_attente) == ["envoye", "refuse", "a_envoyer", "envoye"]
    with horloge.figee(horloge.maintenant() + timedelta(minutes=6)):
        relever()
    assert _etats(en_attente) == ["envoye", "refuse", "envoye", "envoye"]
    assert sorted(vers for _, [vers], _ in smtp.enveloppes) == [
        "a@exemple.fr",
        "b@exemple.fr",
        "c@exemple.fr",
    ]
