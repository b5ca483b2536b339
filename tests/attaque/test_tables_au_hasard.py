"""Tables drawn at random, imported, published, read through the real pages by a mayor who subtracts."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outils.attaque import cibles

from pupitre.moteur import calcul, motif
from pupitre.moteur.motif import OUVERTE
from tests.attaque import fabrique
from tests.attaque.fabrique import LIEUX, MOIS, NATURES

# Rows of figures come from DuckDB, whatever the database.
pytestmark = pytest.mark.une_fois
_RANGS = count()
tables = st.lists(
    st.lists(
        st.lists(st.sampled_from([0, 0, 0, 0, 0, 1, 1, 2, 3, 9]), min_size=len(MOIS), max_size=len(MOIS)),
        min_size=len(NATURES),
        max_size=len(NATURES),
    ),
    min_size=len(LIEUX),
    max_size=len(LIEUX),
)


def clairsemee(*par_semestre: int) -> fabrique.Table:
    """That many facts a half-year in each place, in its first month; the second nature has none."""
    return [[[n if k % 6 == 0 else 0 for k in range(len(MOIS))], [0] * len(MOIS)] for n in par_semestre]


@given(tables)
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_aucun_nombre_secret_ne_se_retrouve(conseil, maire, tmp_path, table):
    source = fabrique.source(conseil, f"halls-{next(_RANGS)}")
    fabrique.livrer(source, table, tmp_path)
    rapport = fabrique.attaquer(conseil, source.code, maire, programmes=[fabrique.proprietaire(source)])
    assert len(rapport.lecture.constats) > 100
    assert rapport.prises["programme 0"]["api"] > len(NATURES) * len(LIEUX)
    assert not rapport.contradictions
    assert not rapport.retrouvees


# Créteil: one secteur of 3 a half-year beside two larger ones; Alfortville: nothing to hide.
TABLE = clairsemee(3, 8, 40, 30, 50)


@pytest.fixture
def publiee(conseil, maire, tmp_path):
    """Publish that table, and have it delivered to another partner; the attackers are the mayor and that partner."""

    def publier(table: fabrique.Table = TABLE):
        source = fabrique.source(conseil)
        fabrique.livrer(source, table, tmp_path)
        return maire, fabrique.remettre(source)

    return publier


def test_sans_compagnes_l_attaque_retrouve_par_soustraction(conseil, publiee, monkeypatch, regles_changees):
    """The mutation that proves the attack: withhold small cells only, and it finds every one of them."""
    monkeypatch.setattr(motif, "proteger", fabrique.sans_compagnes)
    rapport = fabrique.attaquer(conseil, "halls", *publiee())
    assert not rapport.contradictions
    assert {c.secteur for c in rapport.retrouvees} == {"Q1"}
    assert len(rapport.retrouvees) == rapport.cibles > 0


def test_sans_secret_l_attaque_lit_tout(conseil, publiee, monkeypatch, regles_changees):
    monkeypatch.setattr(calcul, "referer", lambda *_, **__: OUVERTE)
    rapport = fabrique.attaquer(conseil, "halls", *publiee())
    assert not rapport.contradictions
    assert len(rapport.retrouvees) == rapport.cibles > 0


def test_un_chiffre_faux_se_voit(conseil, publiee, monkeypatch):
    """The attack also checks what it reads: a figure that the store does not hold is a contradiction."""
    lecteurs, vraie = publiee(), cibles._verite

    def fausse(*arguments):
        verite = vraie(*arguments)
        atome = next(a for a, n in verite.comptes.items() if n == 40)
        return cibles.Verite(
            verite.source, verite.comptes | {atome: 41}, verite.lieux, verite.natures, verite.periodes
        )

    monkeypatch.setattr(cibles, "_verite", fausse)
    assert fabrique.attaquer(conseil, "halls", *lecteurs, pages=12).contradictions
