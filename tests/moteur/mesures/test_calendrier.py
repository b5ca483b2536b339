from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pupitre.moteur.mesures import Case, Pas, calendrier, case, debut_de, libelle, suivante
from pupitre.moteur.mesures.calendrier import fusionner


def test_un_mois_n_est_complet_que_si_les_livraisons_le_couvrent():
    cases = calendrier(
        Pas.MOIS,
        date(2026, 1, 1),
        date(2026, 3, 31),
        [(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 3, 1), date(2026, 3, 30))],
    )
    assert cases == (
        Case(date(2026, 1, 1), date(2026, 1, 31), True),
        Case(date(2026, 2, 1), date(2026, 2, 28), False),
        Case(date(2026, 3, 1), date(2026, 3, 31), False),
    )


def test_deux_livraisons_contigues_couvrent_un_trimestre():
    mois = [(date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 3, 1), date(2026, 3, 31))]
    assert calendrier(Pas.TRIMESTRE, date(2026, 1, 1), date(2026, 3, 31), mois)[0].complete
    assert not case(date(2026, 1, 1), date(2026, 4, 1), mois).complete


def test_l_annee_scolaire_commence_en_septembre():
    cases = calendrier(Pas.ANNEE_SCOLAIRE, date(2024, 1, 1), date(2026, 12, 31), [])
    assert [(c.debut, c.fin) for c in cases] == [
        (date(2024, 9, 1), date(2025, 8, 31)),
        (date(2025, 9, 1), date(2026, 8, 31)),
    ]
    assert debut_de(date(2026, 8, 31), Pas.ANNEE_SCOLAIRE) == date(2025, 9, 1)
    assert libelle(date(2025, 9, 1), Pas.ANNEE_SCOLAIRE) == "année scolaire 2025-2026"


@pytest.mark.parametrize(
    ("debut", "pas", "texte"),
    [
        (date(2026, 8, 1), Pas.MOIS, "août 2026"),
        (date(2026, 1, 1), Pas.TRIMESTRE, "1er trimestre 2026"),
        (date(2026, 10, 1), Pas.TRIMESTRE, "4e trimestre 2026"),
        (date(2026, 1, 1), Pas.ANNEE, "2026"),
    ],
)
def test_les_periodes_se_disent_en_francais(debut, pas, texte):
    assert libelle(debut, pas) == texte


def test_les_couvertures_se_fondent_sans_compter_double():
    assert fusionner(
        [
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2026, 1, 1), date(2026, 1, 31)),
            (date(2026, 1, 5), date(2026, 1, 9)),
        ]
    ) == ((date(2026, 1, 1), date(2026, 2, 28)),)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(list(Pas)), st.integers(-30, 30))
def test_avancer_puis_reculer_revient(jour, pas, n):
    debut = debut_de(jour, pas)
    assert debut <= jour < suivante(debut, pas)
    assert suivante(suivante(debut, pas, n), pas, -n) == debut
