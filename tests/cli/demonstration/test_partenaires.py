"""Generated files: reproducible, marked fictitious, and telling one story."""

from __future__ import annotations

from collections import Counter

import fastexcel
import pytest
from scipy.stats import poisson_means_test

from pupitre.cli.demonstration.calendrier import DERNIER, PERIODE, RECENTS, Mois
from pupitre.cli.demonstration.ecriture import MENTION
from pupitre.cli.demonstration.envoi import Sort
from pupitre.cli.demonstration.hasard import comptes, generateur, repartir
from pupitre.cli.demonstration.partenaires import ecrire_tout, police, transports
from pupitre.cli.demonstration.plan import sources

pytestmark = pytest.mark.une_fois


def _cellules(fichier):
    classeur = fastexcel.read_excel(fichier)
    return {
        nom: [
            tuple(li.values())
            for li in classeur.load_sheet(nom, header_row=None, dtypes="string").to_arrow().to_pylist()
        ]
        for nom in classeur.sheet_names
    }


def test_the_same_seed_writes_the_same_files(envois, tmp_path):
    encore = ecrire_tout(tmp_path)
    assert [(e.nom, e.total, e.recu_le) for e in encore] == [(e.nom, e.total, e.recu_le) for e in envois]
    for premier, second in zip(envois, encore, strict=True):
        if premier.fichier.suffix == ".csv":
            assert premier.fichier.read_bytes() == second.fichier.read_bytes(), premier.nom
        else:
            assert _cellules(premier.fichier) == _cellules(second.fichier), premier.nom


def test_another_seed_writes_other_figures(monkeypatch):
    avant = police.faits_du_mois(DERNIER)
    monkeypatch.setattr("pupitre.cli.demonstration.hasard.GRAINE", 1)
    apres = police.faits_du_mois.__wrapped__(DERNIER)
    assert any((avant[i] != apres[i]).any() for i in avant)


def test_every_file_says_that_it_is_fictitious(envois):
    for envoi in envois:
        if envoi.fichier.suffix == ".csv":
            tete = envoi.fichier.read_bytes().decode("cp1252").splitlines()[:3]
            assert any(MENTION in ligne for ligne in tete), envoi.nom
        else:
            for nom, lignes in _cellules(envoi.fichier).items():
                tete = [str(c) for ligne in lignes[:4] for c in ligne]
                assert any(MENTION in c for c in tete), (envoi.nom, nom)


def test_formats_are_those_of_the_partners(envois):
    genres = Counter(e.fichier.suffix for e in envois)
    assert set(genres) == {".csv", ".xlsx", ".ods"}
    assert 150 <= len(envois) <= 200
    registre = next(e for e in envois if e.source == "creteil-prevention")
    octets = registre.fichier.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        octets.decode("utf-8")
    assert octets.count(b";") > octets.count(b",")


def test_a_correction_a_rejection_a_late_file_and_a_missing_one(envois):
    par_nom = {(e.source, e.nom): e for e in envois}
    remplacants = [e for e in envois if e.remplace]
    assert all(par_nom[e.source, e.remplace].recu_le < e.recu_le for e in remplacants)
    assert any(e.source == "police-4001-mensuel" for e in remplacants)
    rejets = [e for e in envois if e.sort is Sort.REJETER]
    assert [e.source for e in rejets] == ["strav"]
    assert rejets[0].raison
    assert sum(e.sort is Sort.ATTENDRE for e in envois) == 1
    assert max(e.recu_le for e in envois if e.source == "creteil-habitat") < DERNIER.debut.replace(day=31)
    assert not any(transports.JAMAIS_VENU.code in e.nom for e in envois if e.source == "strav")


def test_names_are_unique_within_a_source_and_every_source_sends(envois):
    noms = Counter((e.source, e.nom) for e in envois)
    assert max(noms.values()) == 1
    assert {e.source for e in envois} == {s.code for s in sources() if s.fictive}


def test_thirty_six_months():
    assert len(PERIODE) == 36
    assert (PERIODE[0], PERIODE[-1]) == (Mois(2023, 11), Mois(2026, 10))
    assert [m.code for m in RECENTS[:2]] == ["2025-11", "2025-12"]


def _somme(indices, mois, ville=slice(None)):
    return int(sum(police.faits_du_mois(m)[i][ville].sum() for m in mois for i in indices))


def test_thefts_from_vehicles_rise_in_creteil_more_than_chance_and_burglaries_do_not():
    trois = (Mois(2026, 8), Mois(2026, 9), DERNIER)
    avant = tuple(Mois(m.annee - 1, m.numero) for m in trois)
    creteil = slice(0, 1)
    hausse = poisson_means_test(_somme([37], trois, creteil), 1, _somme([37], avant, creteil), 1)
    assert hausse.pvalue < 0.001
    # Benjamini–Yekutieli over the six figures of a dashboard asks the smallest p for 0.05 / (6 × 2.45).
    ensemble = poisson_means_test(_somme([37], [DERNIER]), 1, _somme([37], [Mois(2025, 10)]), 1)
    assert ensemble.pvalue < 0.0034
    ailleurs = poisson_means_test(_somme([37], trois, slice(1, 3)), 1, _somme([37], avant, slice(1, 3)), 1)
    assert ailleurs.pvalue > 0.05
    annees = (RECENTS, tuple(Mois(m.annee - 1, m.numero) for m in RECENTS))
    stables = poisson_means_test(_somme([27, 28], annees[0]), 1, _somme([27, 28], annees[1]), 1)
    assert stables.pvalue > 0.05


def test_levels_are_those_of_towns_of_this_size():
    douze = RECENTS
    par_mille = _somme(police.niveaux(), douze) / 166.334
    assert 50 < par_mille < 100
    assert not set(police.niveaux()) & {96, 97, 99, 100}
    assert len(police.niveaux()) == 103


def test_strav_falls_when_its_recording_changes(envois):
    par_mois = {e.nom: e.total for e in envois if e.source == "strav" and e.sort is Sort.PUBLIER}
    avant = [n for nom, n in par_mois.items() if nom[-12:-5] in {"2025-11", "2026-01", "2026-02"}]
    apres = [n for nom, n in par_mois.items() if nom[-12:-5] in {"2026-03", "2026-04", "2026-05"}]
    assert Mois(2026, 3) == transports.RUPTURE_STRAV
    assert sum(apres) < 0.85 * sum(avant)


def test_counts_are_overdispersed_only_when_asked():
    rng = generateur("essai")
    amples = comptes(rng, [40.0] * 4000, dispersion=20.0)
    assert amples.var() / amples.mean() == pytest.approx(3.0, rel=0.15)
    simples = comptes(rng, [40.0] * 4000, dispersion=None)
    assert simples.var() / simples.mean() == pytest.approx(1.0, rel=0.1)
    assert repartir(rng, 17, [1, 0, 3]).sum() == 17
