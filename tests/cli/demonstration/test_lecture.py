"""What was generated is what the engine reads: nothing lost, nothing counted twice."""

from __future__ import annotations

from collections import Counter

import pyarrow.compute as pc
import pytest

from pupitre.cli.demonstration import lieux, plan
from pupitre.cli.demonstration.calendrier import Mois
from pupitre.cli.demonstration.envoi import Sort
from pupitre.cli.demonstration.partenaires import police, police_localisee
from pupitre.cli.demonstration.partenaires.bailleurs import ecrire_retardataire
from pupitre.moteur import nomenclatures, sources
from pupitre.moteur.observations import Gravite

pytestmark = pytest.mark.une_fois

FICTIVES = [s for s in plan.sources() if s.fictive]


def _lire(source, envoi):
    # As the observatory does: the description goes through JSON.
    description = sources.Description.from_dict(source.description.to_dict())
    return sources.lire(envoi.fichier, format=source.format, description=description)


@pytest.mark.parametrize("source", FICTIVES, ids=lambda s: s.code)
def test_every_file_of_a_source_is_read_whole(source, envois):
    for envoi in (e for e in envois if e.source == source.code and e.sort is not Sort.REJETER):
        releve = _lire(source, envoi)
        assert pc.sum(releve.observations["n"]).as_py() == envoi.total, envoi.nom
        genantes = [a for a in releve.anomalies if a.gravite is not Gravite.INFORMATION]
        assert not genantes, (envoi.nom, genantes[:3])
        codes = set(releve.observations["nature"].to_pylist())
        assert all(nomenclatures.nature(c).mesurable for c in codes)
        assert None not in releve.observations["unite"].to_pylist()


def test_the_rejected_file_is_blocked_at_the_broken_cell(envois):
    rejet = next(e for e in envois if e.sort is Sort.REJETER)
    source = next(s for s in FICTIVES if s.code == rejet.source)
    releve = _lire(source, rejet)
    assert releve.bloquee
    lieu = next(a.lieu for a in releve.anomalies if a.gravite is Gravite.BLOQUANTE)
    assert (lieu.feuille, lieu.ligne) == ("Incidents", 9)


@pytest.mark.parametrize(
    "code",
    ["police-faits-localises", "creteil-prevention", "alfortville-prevention", "limeil-police-municipale"],
)
def test_located_events_name_known_secteurs_of_their_commune(code, envois):
    source = next(s for s in FICTIVES if s.code == code)
    connus = {(x.code, x.ville) for x in lieux.LIEUX}
    for envoi in (e for e in envois if e.source == code):
        table = _lire(source, envoi).observations
        lus = set(zip(table["secteur"].to_pylist(), table["commune"].to_pylist(), strict=True))
        assert lus <= connus
        heures = table["heure"].to_pylist()
        assert any(h is not None for h in heures)
        assert all(h is None or 0 <= h < 24 for h in heures)


def test_located_facts_agree_with_the_etat_4001(envois):
    source = next(s for s in FICTIVES if s.code == "police-faits-localises")
    dernier = max((e for e in envois if e.source == source.code), key=lambda e: e.recu_le)
    natures = Counter(_lire(source, dernier).observations["nature"].to_pylist())
    faits = police.faits_du_mois(Mois(2026, 10))
    assert natures == {f"4001:{i}": int(faits[i].sum()) for i in police_localisee.LOCALISES}


def test_the_late_file_covers_what_was_published_and_adds_october(envois, tmp_path):
    source = next(s for s in FICTIVES if s.code == "creteil-habitat")
    dernier = max((e for e in envois if e.source == source.code), key=lambda e: e.recu_le)
    attendu = ecrire_retardataire(tmp_path)
    mois = set(_lire(source, attendu).observations["debut"].to_pylist())
    assert mois - set(_lire(source, dernier).observations["debut"].to_pylist()) == {Mois(2026, 10).debut}
    assert attendu.total > dernier.total


@pytest.mark.parametrize("source", [s for s in plan.sources() if not s.fictive], ids=lambda s: s.code)
def test_the_real_files_hold_the_territories_that_are_kept(source):
    fichier = {"police-4001-annuel": plan.ETAT4001_REEL, "ssmsi-departemental": plan.SSMSI_REEL}[source.code]
    releve = sources.lire(lieux.DONNEES / fichier, format=source.format)
    assert set(source.territoires) <= set(releve.observations["territoire"].to_pylist())
