"""Anyone, on the public page, tries to find years of a commune that the public's rule keeps."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outils.attaque import cibles, parcours
from outils.attaque.constats import Lecture
from outils.attaque.savoir import Savoir
from outils.attaque.systeme import Bilan, attaquer

from pupitre.acces.droits import Role
from pupitre.moteur import calcul, motif
from pupitre.moteur.motif import OUVERTE
from pupitre.observatoire import page_publique
from pupitre.observatoire.collecte import services
from tests.attaque.fabrique import sans_compagnes
from tests.fabriques import utilisateur
from tests.observatoire import fabrique
from tests.territoires.fabrique import PLAINE
from tests.web.public.test_page import ENTETE

ANNEES = (2021, 2022, 2023, 2024)
NATURES = ("Cambriolages de logement", "Vols sans violence contre des personnes")
UNITES = ("Infraction", "Victime entendue")
_RANGS = count()
nombres = st.lists(
    st.lists(
        st.lists(st.sampled_from([0, 1, 3, 5, 6, 8, 20, 60]), min_size=4, max_size=4), min_size=2, max_size=2
    ),
    min_size=3,
    max_size=3,
)
# Two communes are read; the third has three facts a year, which the total of the council would give.
PETITE = [[[60, 70, 80, 90], [50, 50, 50, 50]], [[20, 30, 25, 35], [40] * 4], [[3, 2, 4, 3], [30] * 4]]


@pytest.fixture
def publier(conseil, tmp_path):
    """Publish a base of that table, open the page, and say what anyone finds."""
    auteur = utilisateur(Role.COORDINATEUR, conseil, email="coordination@exemple.fr")
    etat = fabrique.organisation(conseil, "SSMSI", "etat")

    def chercher(table) -> Bilan:
        code = f"ssmsi-{next(_RANGS)}"
        lignes = [ENTETE]
        for i, commune in enumerate(PLAINE):
            for j, nature in enumerate(NATURES):
                for k, an in enumerate(ANNEES):
                    lignes.append(
                        f'"{commune}";{an};"{nature}";"{UNITES[j]}";{table[i][j][k]};1,0;"diff";50000;2021;'
                        "20000;2021;NA;NA"
                    )
        fichier = tmp_path / f"{code}.csv"
        fichier.write_text("\n".join(lignes) + "\n", "utf-8-sig")
        source = fabrique.source(
            conseil, code, f"Base {code}", organisation=etat, format="ssmsi_communal", description={},
            frequence="annee",
        )  # fmt: skip
        services.importer(source=source, fichier=fichier, publier=True)
        page_publique.regler(conseil=conseil, ouverte=True, indexable=False, auteur=auteur)
        lecture = Lecture(Savoir.apprendre(conseil))
        prises = list(parcours.parcourir(parcours.client(), [f"/public/{conseil.slug}/"]))
        assert {"html", "csv", "xlsx"} <= {p.type for p in prises}
        for prise in prises:
            lecture.lire(prise)
        lus = list(lecture.constats)
        bilans = [attaquer(v, lus, cibles.cibles_publiques(v)) for v in cibles.verites(conseil, code)]
        assert not [c for b in bilans for c in b.contradictions]
        return Bilan(
            sum(b.equations for b in bilans),
            sum(b.inconnues for b in bilans),
            sum(b.cibles for b in bilans),
            [c for b in bilans for c in b.retrouvees],
        )

    return chercher


@given(nombres)
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_personne_ne_retrouve_une_commune_gardee(publier, table):
    assert not publier(table).retrouvees


def test_une_petite_commune_ne_se_soustrait_pas_du_conseil(publier):
    bilan = publier(PETITE)
    assert bilan.cibles == 4
    assert bilan.equations > 8
    assert not bilan.retrouvees


def test_sans_compagnes_elle_se_soustrait(publier, monkeypatch, regles_changees):
    monkeypatch.setattr(motif, "proteger", sans_compagnes)
    assert len(publier(PETITE).retrouvees) == 4


def test_sans_regle_elle_se_lit(publier, monkeypatch, regles_changees):
    monkeypatch.setattr(calcul, "referer", lambda *_, **__: OUVERTE)
    assert len(publier(PETITE).retrouvees) == 4
