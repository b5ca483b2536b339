"""Bulletins: frozen facts, editions, one document for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import pikepdf
import pytest

from pupitre.moteur import brutes
from pupitre.moteur.erreurs import ErreurPupitre, MesureRefusee
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.collecte import services
from pupitre.observatoire.diffusion import bulletins, circuit, editions, fichiers
from pupitre.observatoire.diffusion.chantier import Chantier
from pupitre.observatoire.models import Frequence
from pupitre.socle import horloge
from tests.observatoire import fabrique
from tests.observatoire.fabrique import partout
from tests.observatoire.test_tableau import mois


@pytest.fixture
def publie(source, fichier):
    valeurs = {m: partout(10) for m in mois("2024-01", 33)} | {"2026-10": partout(30)}
    services.importer(source=source, fichier=fichier(valeurs), publier=True)
    return source


def test_sans_chiffre_publie(conseil):
    with pytest.raises(ErreurPupitre) as refus:
        editions.preparer_periode(conseil=conseil, periode="2026-10")
    assert "octobre 2026" in refus.value.quoi


@pytest.mark.parametrize("periode", ["2026-13", "octobre", "", "20261"])
def test_une_periode_qui_n_en_est_pas_une(conseil, publie, periode):
    with pytest.raises(ErreurPupitre):
        editions.preparer_periode(conseil=conseil, periode=periode)
    assert not conseil.bulletins.exists()


def test_les_periodes_proposees(conseil, publie):
    codes = [c for c, _ in bulletins.periodes_possibles(conseil)]
    assert codes[0] == "2026-10"
    assert "2025" in codes
    assert "2026" not in codes


def test_le_mois_en_deux_phrases(conseil, publie):
    faits = fichiers.faits_de(editions.preparer_periode(conseil=conseil, periode="2026-10"))
    assert faits.accroche == "Un point appelle votre attention\u202f: occupations de hall."
    assert "90 contre 30 en octobre 2025" in faits.chapo
    assert [t.titre for t in faits.themes] == [
        "Chez les bailleurs",
        "Alfortville",
        "Créteil",
        "Limeil-Brévannes",
    ]
    assert faits.sources[0].livraisons[0].fichier == "incidents.csv"


def test_un_mois_ordinaire_le_dit(conseil, publie):
    faits = fichiers.faits_de(editions.preparer_periode(conseil=conseil, periode="2026-09"))
    assert faits.accroche == "Rien ne sort de l’ordinaire ce mois-ci."
    ligne = faits.themes[0].tableau.lignes[0]
    assert (ligne.variation, ligne.lecture) == ("", "ordinaire")


def test_le_cumul_va_de_janvier_au_mois(conseil, publie):
    faits = fichiers.faits_de(editions.preparer_periode(conseil=conseil, periode="2026-10"))
    tableau = faits.themes[0].tableau
    assert tableau.colonnes == ("oct. 2026", "sept. 2026", "oct. 2025", "Cumul 2026", "Cumul 2025")
    assert tableau.lignes[0].valeurs == (90, 30, 30, 9 * 30 + 90, 300)


def test_l_annuel(conseil, publie):
    faits = fichiers.faits_de(editions.preparer_periode(conseil=conseil, periode="2025"))
    assert faits.themes[0].tableau.lignes[0].valeurs == (360, 360)


def test_un_brouillon_se_recrit_une_edition_non(conseil, publie, fichier):
    brouillon = editions.preparer_periode(conseil=conseil, periode="2026-10")
    autre = editions.preparer_periode(conseil=conseil, periode="2026-10")
    assert list(conseil.bulletins.all()) == [autre]
    assert autre.edition == brouillon.edition == 1
    circuit.publier(bulletin=autre)
    with pytest.raises(ErreurPupitre):
        circuit.publier(bulletin=autre)
    seconde = editions.preparer_periode(conseil=conseil, periode="2026-10")
    assert seconde.edition == 2
    assert "remplace l’édition 1" in fichiers.faits_de(seconde).remplace


def test_une_edition_publiee_ne_change_plus(conseil, publie, fichier):
    bulletin = circuit.publier(bulletin=editions.preparer_periode(conseil=conseil, periode="2026-10"))
    avant = fichiers.document(bulletin)
    corrige = {m: partout(10) for m in mois("2024-01", 33)} | {"2026-10": partout(2)}
    services.importer(source=publie, fichier=fichier(corrige, "corrige.csv"), publier=True)
    with horloge.figee(bulletin.publie_le.replace(year=bulletin.publie_le.year + 1)):
        bulletin.refresh_from_db()
        assert fichiers.document(bulletin) == avant
    assert fichiers.faits_de(bulletin).chiffres[0].valeur == 90


def test_le_document_est_accessible_et_en_francais(conseil, publie):
    contenu = fichiers.document(editions.preparer_periode(conseil=conseil, periode="2026-10"))
    with pikepdf.open(BytesIO(contenu)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("fr")
        with pdf.open_metadata() as meta:
            assert str(meta["pdfuaid:part"]) == "1"


def test_le_mois_qui_manque_est_dit(conseil, source, fichier):
    autre = fabrique.source(conseil, code="gardiens", nom="Gardiens", organisation=source.organisation)
    services.importer(
        source=source, fichier=fichier({m: partout(5) for m in mois("2025-01", 22)}, "a.csv"), publier=True
    )
    services.importer(
        source=autre, fichier=fichier({m: partout(5) for m in mois("2025-01", 21)}, "b.csv"), publier=True
    )
    faits = fichiers.faits_de(editions.preparer_periode(conseil=conseil, periode="2026-10"))
    (manque,) = faits.manquants
    assert "gardiens" in manque


def test_ce_qui_n_a_pas_de_rythme_convenu_n_est_pas_dit_manquer_pour_toujours(conseil, source, fichier):
    arretee = fabrique.source(conseil, code="gardiens", nom="Gardiens", organisation=source.organisation)
    services.importer(
        source=source, fichier=fichier({m: partout(5) for m in mois("2025-01", 22)}, "a.csv"), publier=True
    )
    services.importer(
        source=arretee, fichier=fichier({m: partout(5) for m in mois("2025-01", 17)}, "b.csv"), publier=True
    )

    def manquants(periode):
        return fichiers.faits_de(editions.preparer_periode(conseil=conseil, periode=periode)).manquants

    assert len(manquants("2026-10")) == 1
    services.regler_source(source=arretee, frequence=Frequence.LIBRE)
    assert manquants("2026-10") == ()
    assert len(manquants("2026-07")) == 1, "two months ago: it may still come"


@pytest.mark.parametrize(
    ("niveau", "attendu"),
    [("conseil", "vols dans les véhicules"), ("commune", "vols dans les véhicules (Créteil)")],
)
def test_un_chiffre_suivi_sur_une_commune_la_nomme_dans_la_phrase(niveau, attendu):
    sujet = SimpleNamespace(
        indicateur=SimpleNamespace(libelle="Vols dans les véhicules"),
        perimetre=SimpleNamespace(niveau=niveau, libelle="Créteil"),
    )
    assert bulletins._cite(sujet) == attendu


def test_ce_qui_est_lu_d_avance_est_ce_qui_serait_lu_piece_par_piece(conseil, publie, fichier, monkeypatch):
    autre = fabrique.source(conseil, code="gardiens", nom="Gardiens", organisation=publie.organisation)
    valeurs = {m: partout(6) for m in mois("2024-01", 34)}
    services.importer(source=autre, fichier=fichier(valeurs, "gardiens.csv"), publier=True)
    moteur = type(catalogue.entrepot().moteur)
    lignes, requetes = moteur.lignes, []
    monkeypatch.setattr(moteur, "lignes", lambda m, sql: (requetes.append(sql), lignes(m, sql))[1])

    def composer():
        brutes.LUES.oublier()
        requetes.clear()
        lecteur = Lecteur.ouvrir(conseil, Audience.PARTENAIRE, usage="bulletin")
        return bulletins.composer(lecteur, date(2026, 10, 1), Pas.MOIS), len(requetes)

    ensemble, peu = composer()
    monkeypatch.setattr(Chantier, "lire_ensemble", lambda chantier, groupes, natures: None)
    monkeypatch.setattr(Lecteur, "lire_d_avance", lambda lecteur, demandes: None)
    seuls, beaucoup = composer()
    assert ensemble == seuls
    assert [t.cle for t in ensemble.themes if t.cle.startswith("commune-")]
    assert peu < beaucoup


def test_un_total_refuse_laisse_lire_les_autres(conseil, publie):
    lecteur = Lecteur.ouvrir(conseil, Audience.PARTENAIRE, usage="bulletin")
    chantier = Chantier(lecteur, date(2026, 10, 1), Pas.MOIS)
    (source,) = lecteur.sources.values()
    profil = lecteur.etat.profils[source.code]
    bon = Sujet(source, profil, indicateurs(profil)[0], perimetres(lecteur.territoire, profil)[0])
    refuse = replace(bon, indicateur=replace(bon.indicateur, natures=("4001:107",)))
    chantier.lire_ensemble([[refuse, bon]])
    (ligne,) = chantier.total(bon).dicts()
    assert ligne["n"] == 90
    with pytest.raises(MesureRefusee):
        chantier.total(refuse)
