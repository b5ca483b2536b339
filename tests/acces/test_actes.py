"""Personal links: one gesture, one object, until one day; a neighbour's link opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pupitre.acces import actes
from pupitre.acces.actes import LienRefuse, Raison
from pupitre.acces.models import LienActe, UsageLien
from pupitre.socle import horloge
from tests.territoires import fabrique


@pytest.fixture
def lien(db, tmp_path):
    fabrique.charger_petite_reference(tmp_path)
    return actes.creer(acte="depot", objet=12, conseil=fabrique.plaine_centrale(), nom="Claude Roy", jours=7)


def _raison(acte, texte):
    with pytest.raises(LienRefuse) as refus:
        actes.lire(acte, texte)
    return refus.value.raison


def test_le_lien_ouvre_son_objet(lien):
    assert actes.lire("depot", actes.jeton(lien)).objet == "12"


def test_un_autre_geste_une_signature_forgee_ou_un_autre_sel_n_ouvrent_rien(lien):
    texte = actes.jeton(lien)
    assert _raison("visa", texte) is Raison.INCONNU
    assert _raison("depot", texte[:-1] + ("A" if texte[-1] != "A" else "B")) is Raison.INCONNU
    assert _raison("depot", "n’importe quoi") is Raison.INCONNU
    LienActe.objects.update(sel="un autre")
    assert _raison("depot", texte) is Raison.INCONNU


def test_le_jeton_d_un_voisin_n_ouvre_que_son_objet(lien):
    voisin = actes.creer(acte="depot", objet=13, conseil=lien.conseil, nom="Sacha Petit", jours=7)
    forge = actes.jeton(lien).replace(f"{lien.pk}.", f"{voisin.pk}.", 1)
    assert _raison("depot", forge) is Raison.INCONNU
    assert actes.lire("depot", actes.jeton(voisin)).objet == "13"


def test_il_expire_se_retire_et_ne_sert_qu_une_fois(lien):
    texte = actes.jeton(lien)
    actes.accomplir(lien)
    assert _raison("depot", texte) is Raison.SERVI
    with pytest.raises(LienRefuse):
        actes.accomplir(lien)
    LienActe.objects.update(gestes_max=0)
    actes.accomplir(lien)
    LienActe.objects.update(expire_le=horloge.maintenant() - timedelta(seconds=1))
    assert _raison("depot", texte) is Raison.EXPIRE
    assert actes.retirer_tous(acte="depot", objet=12) == 1
    assert _raison("depot", texte) is Raison.RETIRE


def test_il_ne_s_ouvre_pas_sans_fin_dans_l_heure(lien):
    for _ in range(actes.PAR_HEURE):
        actes.noter_ouverture(lien)
    assert _raison("depot", actes.jeton(lien)) is Raison.TROP
    UsageLien.objects.update(le=horloge.maintenant() - timedelta(hours=2))
    assert actes.lire("depot", actes.jeton(lien)) == lien
