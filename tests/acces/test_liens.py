"""The personal link: signed, expiring, of one use."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pupitre.acces import liens, services
from pupitre.acces.models import Utilisateur
from tests.fabriques import utilisateur

pytestmark = pytest.mark.django_db


@pytest.fixture
def nouvelle():
    return utilisateur(password=None)


def test_un_lien_ouvre_son_compte(nouvelle):
    assert liens.lire(*liens.ecrire(nouvelle)) == nouvelle
    assert not nouvelle.has_usable_password()


def test_il_ne_sert_qu_une_fois(nouvelle):
    lien = liens.ecrire(nouvelle)
    services.choisir_mot_de_passe(utilisateur=nouvelle, password="cheval batterie agrafe")
    assert liens.lire(*lien) is None


def test_il_expire(nouvelle, monkeypatch, settings):
    lien = liens.ecrire(nouvelle)
    for ecart, attendu in ((-60, nouvelle), (60, None)):
        instant = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + ecart)
        monkeypatch.setattr(liens.jetons, "_now", lambda instant=instant: instant)
        assert liens.lire(*lien) == attendu


def test_un_lien_renouvele_annule_l_ancien(nouvelle):
    ancien = liens.ecrire(nouvelle)
    services.oublier_mot_de_passe(utilisateur=nouvelle)
    assert liens.lire(*ancien) is None
    assert liens.lire(*liens.ecrire(nouvelle)) == nouvelle


def test_un_compte_ferme_n_a_plus_de_lien(nouvelle):
    lien = liens.ecrire(nouvelle)
    nouvelle.is_active = False
    nouvelle.save()
    assert liens.lire(*lien) is None


def test_le_jeton_d_une_autre_personne_n_ouvre_rien(nouvelle):
    voisine = utilisateur(password=None)
    qui, _ = liens.ecrire(nouvelle)
    _, jeton = liens.ecrire(voisine)
    assert liens.lire(qui, jeton) is None


@pytest.mark.parametrize("qui", ["", "é", "////", "OTk5OTk5", "bm9u", "A" * 500])
def test_une_adresse_fabriquee_n_ouvre_rien(nouvelle, qui):
    _, jeton = liens.ecrire(nouvelle)
    assert liens.lire(qui, jeton) is None
    assert liens.lire(liens.ecrire(nouvelle)[0], "abc-def") is None


def test_les_regles_du_mot_de_passe_valent_ici_aussi(nouvelle):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        services.choisir_mot_de_passe(utilisateur=nouvelle, password="court")
    assert not Utilisateur.objects.get(pk=nouvelle.pk).has_usable_password()
