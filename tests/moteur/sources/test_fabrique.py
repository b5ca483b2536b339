"""Observations hold each text once: what reads them must find neither a text twice, nor a null that is not one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pupitre.moteur.entrepot import Entrepot
from pupitre.moteur.observations import SCHEMA_LECTURE, SCHEMA_OBSERVATION, TEXTE_LU
from pupitre.moteur.sources.lecture.fabrique import Codes, reunir, table
from tests.moteur.entrepot.fabrique import mois
from tests.moteur.entrepot.fabrique import table as observations

RANGS = np.array([0, 2, 1, 2, 0], dtype=np.int32)


@pytest.mark.parametrize("genre", [np.int32, np.int64])
@pytest.mark.parametrize(
    "valeurs", [["a", "b", "c"], ["a", "b", "a"], ["a", None, "b"], [None, "a", None], ["a", "a", "a"]]
)
def test_a_coded_column_says_the_same_as_plain_texts(valeurs, genre):
    codes = Codes(RANGS.astype(genre), valeurs)
    lus, attendus = codes.tableau(TEXTE_LU), codes.tableau(pa.string())
    assert lus.type == TEXTE_LU
    assert lus.to_pylist() == attendus.to_pylist()
    assert lus.null_count == attendus.null_count
    assert len(set(lus.dictionary.to_pylist())) == len(lus.dictionary)
    assert lus.dictionary.null_count == 0


def test_no_row_and_no_value_make_a_column_too():
    assert Codes(np.zeros(0, dtype=np.int32), []).tableau(TEXTE_LU).to_pylist() == []
    assert Codes(np.zeros(2, dtype=np.int32), [None]).tableau(TEXTE_LU).to_pylist() == [None, None]


def test_every_way_of_giving_a_text_gives_the_column_of_the_schema():
    faite = table(
        5,
        nature=Codes(RANGS, ["a", "b", "a"]),
        territoire="T",
        commune=pa.array(["x", None, "y", "x", "x"]),
        debut=date(2026, 1, 1),
    )
    assert faite.schema == SCHEMA_LECTURE
    assert faite["territoire"].to_pylist() == ["T"] * 5
    assert faite["commune"].to_pylist() == ["x", None, "y", "x", "x"]
    assert faite["secteur"].null_count == 5


def test_pieces_put_together_number_their_texts_alike():
    reunies = reunir([table(5, nature=Codes(RANGS, v)) for v in (["a", "b", "c"], ["c", "z", "a"])])
    assert len({tuple(m.dictionary.to_pylist()) for m in reunies["nature"].chunks}) == 1
    comptees = reunies.group_by("nature").aggregate([([], "count_all")]).to_pylist()
    assert {c["nature"]: c["count_all"] for c in comptees} == {"a": 4, "b": 1, "c": 4, "z": 1}


def test_a_sealed_file_holds_texts(tmp_path):
    depot = Entrepot(tmp_path)
    lus = observations(mois(2026, [1, None, 3], commune="94028") + mois(2025, [2], secteur="s1"))
    scelle = depot.sceller(lus, "c1", "police", "l1")
    ecrit = pq.read_table(tmp_path / scelle.chemin)
    assert ecrit.schema.equals(SCHEMA_OBSERVATION)
    for nom in SCHEMA_LECTURE.names:
        assert ecrit[nom].to_pylist() == lus[nom].to_pylist(), nom
    # However a partner's texts are numbered, the same rows make the same file.
    autrement = pa.concat_tables([lus.slice(0, 2), lus.slice(2)]).cast(
        SCHEMA_OBSERVATION.remove(0).remove(0).remove(0)
    )
    memes = depot.sceller(autrement.cast(SCHEMA_LECTURE), "c1", "police", "l1")
    assert pc.all(pc.equal(pq.read_table(tmp_path / memes.chemin)["nature"], ecrit["nature"])).as_py()
