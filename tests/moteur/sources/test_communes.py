"""Names of communes as people write them: never another commune, whatever is done to the letters around."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur.sources import CommuneDeReference, CommunesConnues
from pupitre.moteur.sources.lecture.communes import nom_comparable
from pupitre.territoires.reference import lire_reference


@lru_cache
def toutes() -> tuple[CommuneDeReference, ...]:
    return tuple(CommuneDeReference(c["code"], c["nom"], c["departement"]) for c in lire_reference().communes)


@lru_cache
def connues() -> CommunesConnues:
    return CommunesConnues(
        toutes(), departements={d["code"]: d["nom"] for d in lire_reference().departements}
    )


@lru_cache
def homonymes() -> frozenset[tuple[str, str]]:
    """Names that two communes of one département share once made comparable."""
    vus: dict[tuple[str, str], int] = {}
    for c in toutes():
        cle = c.departement, nom_comparable(c.nom)
        vus[cle] = vus.get(cle, 0) + 1
    return frozenset(k for k, n in vus.items() if n > 1)


def sans_accents(texte: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))


ECRITURES = (
    str,
    str.upper,
    sans_accents,
    lambda t: sans_accents(t).upper().replace("-", " "),
    lambda t: t.replace("'", "’"),
    lambda t: t.replace("Saint-", "St-").replace("Sainte-", "Ste "),
    lambda t: f"  {t}  (convention avec la communauté de communes)",
    lambda t: f"{t} (voir l’annexe",
    lambda t: f"{t}*",
)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(toutes()) - 1), st.sampled_from(ECRITURES))
def test_a_name_is_recognised_however_it_is_written(rang, ecrire):
    commune = toutes()[rang]
    if (commune.departement, nom_comparable(commune.nom)) in homonymes():
        return
    assert connues().reconnaitre(ecrire(commune.nom), commune.departement).code == commune.code


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["01", "2A", "93", "974", "zz"]))
def test_any_text_is_answered(texte, departement):
    trouvee = connues().reconnaitre(texte, departement)
    assert not trouvee.code or connues().codes[trouvee.code].departement == departement
    assert all(c.departement == departement for c in trouvee.candidats)


@pytest.mark.parametrize(
    ("cellule", "code"),
    [
        ("Ain (01)", "01"), ("2B", "2B"), ("-52", "52"), ("d’Armor (22)", "22"), ("Perpignan (66)", "66"),
        ("Côtes d'Armor", "22"), ("(41) Blois", "41"), ("Guadeloupe (971)", "971"), ("Haute-Corse", "2B"),
        ("Bourg en Bresse", ""), ("TOTAL", ""), ("2017", ""), ("Val d'Oise (95)", "95"),
    ],
)  # fmt: skip
def test_departements(cellule, code):
    assert connues().departement(cellule) == code


def test_without_departement_only_those_of_the_council():
    ici = CommunesConnues(toutes(), ici=("94",))
    assert ici.reconnaitre("creteil").code == "94028"
    assert ici.reconnaitre("Marseille").code == ""


def test_without_any_departement_only_a_name_that_is_alone_in_france():
    assert connues().reconnaitre("creteil").code == "94028"
    homonymes = connues().reconnaitre("Saint-Denis")
    assert homonymes.code == ""
    assert len(homonymes.candidats) > 1


def test_a_mistake_too_many_is_a_proposal():
    trouvee = connues().reconnaitre("Bonneuill sur Mrane", "94")
    assert trouvee.code == "94011"
    perdue = connues().reconnaitre("Bonuil Marn", "94")
    assert perdue.code == ""
    assert "94011" in {c.code for c in perdue.candidats}
