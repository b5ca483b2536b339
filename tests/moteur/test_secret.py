"""The single exit: what each audience sees, and what filters, editions and derived columns must not give back."""

from datetime import date

import pytest

from pupitre.moteur.resultats import Absent, Audience, Colonne, MotifAbsence, Nature
from pupitre.moteur.secret import (
    OUVERTE,
    RAISON,
    RAISON_RYTHME,
    Comptes,
    Derivee,
    Reference,
    Refus,
    Regles,
    referencer,
)
from tests.moteur.fabrique_secret import (
    AN,
    COLONNES,
    DEUX,
    QUATRE,
    S1,
    S2,
    TROIS_NATURES,
    annees,
    cube,
    fin_de,
    ligne,
    livres,
    montrer,
    un,
)


def test_l_equipe_voit_tout():
    r = montrer([{"secteur": "s0", "n": 3}], None, Audience.INTERNE)
    assert r.lignes == (("s0", 3),)
    assert r.retenus == ()


def test_hors_de_l_equipe_rien_ne_sort_sans_reference():
    for audience in (Audience.PARTENAIRE, Audience.PUBLIC):
        with pytest.raises(ValueError, match="reference"):
            montrer([{"secteur": "s0", "n": 30}], None, audience)


def test_une_case_faible_et_sa_compagne_se_taisent_de_la_meme_voix():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    r = montrer([{"secteur": f"s{i}", "n": n} for i, n in enumerate([3, 12, 40, 50])], reference)
    assert [li[1] for li in r.lignes[2:]] == [40, 50]
    faible, compagne = r.lignes[0][1], r.lignes[1][1]
    # Told apart, the companion would say that the other one is under the threshold.
    assert faible == compagne == Absent(MotifAbsence.SECRET, RAISON)
    assert str(faible) == "n. d."
    assert r.retenus == (
        "2 valeurs retenues par le secret statistique (effectifs trop faibles, ou qui permettraient de les déduire).",
    )


def test_le_seuil_se_regle_et_zero_se_montre():
    table = cube(*(ligne(n, secteur=f"s{i}") for i, n in enumerate([0, 4, 5, 9, 9])))
    cinq = referencer(table, Audience.PARTENAIRE, Regles())
    assert cinq.publiable({"secteur": un("s0")}, *AN)
    assert not cinq.publiable({"secteur": un("s1")}, *AN)
    trois = referencer(table, Audience.PARTENAIRE, Regles(seuil_primaire=3))
    assert all(trois.publiable({"secteur": un(f"s{i}")}, *AN) for i in range(5))


def test_les_filtres_ne_donnent_rien_par_difference():
    table = cube(
        *(
            ligne(n, secteur=f"s{i}", nature=nature)
            for nature, valeurs in (("a", [3, 12, 40, 50]), ("b", [20, 21, 22, 23]))
            for i, n in enumerate(valeurs)
        )
    )
    reference = referencer(table, Audience.PARTENAIRE, Regles())
    assert not reference.publiable({"secteur": un("s0"), "nature": un("a")}, *AN)
    assert reference.publiable({}, *AN)
    # All secteurs but the withheld one: with the published total, it would be given back.
    assert not reference.publiable({"secteur": un("s1", "s2", "s3"), "nature": un("a")}, *AN)
    # All secteurs, named one by one, are the total.
    assert reference.publiable({"secteur": un("s0", "s1", "s2", "s3"), "nature": un("a")}, *AN)
    # A sum of published cells says nothing new.
    assert reference.publiable({"secteur": un("s2", "s3"), "nature": un("a")}, *AN)


def test_les_secteurs_se_lisent_par_semestre_entier():
    reference = livres(DEUX)
    s0 = {"secteur": un("s0")}
    assert reference.publiable(s0, *S1)
    assert reference.publiable(s0, *S2)
    assert reference.publiable(s0, *AN)
    for debut, fin in (
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 1, 1), date(2026, 11, 30)),
        (date(2025, 11, 1), date(2026, 10, 31)),
        (date(2026, 4, 1), date(2026, 9, 30)),
    ):
        assert reference.refus(s0, debut, fin) is Refus.RYTHME
    # Several secteurs that are not a whole commune are still secteurs.
    deux = {"secteur": un("s0", "s2")}
    assert reference.refus(deux, date(2026, 3, 1), date(2026, 3, 31)) is Refus.RYTHME


def test_les_communes_gardent_leurs_mois():
    reference = livres(DEUX)
    for m in range(1, 13):
        mois = (date(2026, m, 1), fin_de(m))
        assert reference.publiable({}, *mois)
        assert reference.publiable({"commune": un("94028")}, *mois)
        assert reference.publiable({"secteur": un("s0", "s1")}, *mois)
        assert reference.publiable({"commune": un("94044"), "nature": un("a")}, *mois)


def test_un_secteur_seul_nomme_ne_dit_pas_que_les_autres_sont_vides():
    reference = livres(DEUX)
    # 94044 counts 3 by half-year, all in s2: the commune's figure leaves, the secteur's does not.
    assert reference.publiable({"commune": un("94044")}, *S1)
    assert reference.refus({"secteur": un("s2")}, *S1) is Refus.SECRET
    assert reference.refus({"secteur": un("s7")}, *S1) is Refus.SECRET
    # Six in the year would be three and three: the commune says how many each half-year has.
    assert reference.refus({"secteur": un("s2")}, *AN) is Refus.SECRET


def test_un_semestre_incomplet_ne_dit_rien_des_secteurs():
    octobre = livres(DEUX, jusqu_a=10)
    s1 = {"secteur": un("s1")}
    assert octobre.publiable(s1, *S1)
    assert octobre.refus(s1, *S2) is Refus.RYTHME
    assert octobre.refus(s1, *AN) is Refus.RYTHME
    assert octobre.publiable({"commune": un("94028")}, date(2026, 10, 1), date(2026, 10, 31))
    assert livres(DEUX, jusqu_a=12).publiable(s1, *S2)


def test_le_refus_pour_le_rythme_a_sa_propre_raison():
    r = montrer(
        [{"secteur": "s1", "n": 9}],
        livres(DEUX),
        comptes=Comptes({"n": (date(2026, 3, 1), date(2026, 3, 31))}),
    )
    assert r.lignes[0][1] == Absent(MotifAbsence.SECRET, RAISON_RYTHME)
    assert r.retenus == (
        "1 valeur retenue parce que les secteurs se lisent par semestre entier hors de l’équipe de l’observatoire.",
    )
    interne = montrer([{"secteur": "s1", "n": 9}], None, Audience.INTERNE)
    assert interne.lignes[0][1] == 9


def test_les_semestres_d_une_annee_scolaire():
    table = cube(
        *(
            ligne(9, secteur=s, mois=m, an=an, granularite="mois")
            for s in ("s0", "s1")
            for an, m in [(2025, m) for m in range(9, 13)] + [(2026, m) for m in range(1, 9)]
        )
    )
    couvertures = [(date(2025, 9, 1), date(2026, 8, 31))]
    reference = referencer(table, Audience.PARTENAIRE, Regles(), scolaire=True, couvertures=couvertures)
    s0 = {"secteur": un("s0")}
    assert reference.publiable(s0, date(2025, 9, 1), date(2026, 2, 28))
    assert reference.publiable(s0, date(2026, 3, 1), date(2026, 8, 31))
    assert reference.publiable(s0, date(2025, 9, 1), date(2026, 8, 31))
    assert reference.refus(s0, *S1) is Refus.RYTHME


def test_une_source_annuelle_garde_ses_annees():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles(), couvertures=[AN])
    assert reference.publiable({"secteur": un("s3")}, *AN)
    assert not reference.publiable({"secteur": un("s0")}, *AN)


def test_un_total_d_annee_se_tait_s_il_rend_un_semestre():
    valeurs = {
        ("94028", "s0", "a"): [3, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0],
        **{("94028", f"s{i}", "a"): [4] * 12 for i in (1, 2, 3)},
    }
    reference = livres(valeurs)
    s0 = {"secteur": un("s0")}
    assert not reference.publiable(s0, *S1)
    assert reference.publiable(s0, *S2)
    assert not reference.publiable(s0, *AN)


def test_le_motif_d_un_semestre_ne_change_plus():
    fin_juin = livres(TROIS_NATURES, jusqu_a=6)
    for m in range(7, 13):
        suite = livres(TROIS_NATURES, jusqu_a=m)
        assert {c for c in suite.retenues if c[2] == ("2026-01-01",)} == fin_juin.retenues
    assert fin_juin.retenues


def test_un_motif_se_garde_et_se_relit():
    for reference in (livres(DEUX), livres(TROIS_NATURES, jusqu_a=9), OUVERTE):
        assert Reference.from_json(reference.to_json()) == reference
    for abime in ("", "{}", "[1]", '{"ouverte": false, "lieux": 3}'):
        with pytest.raises((ValueError, KeyError, TypeError)):
            Reference.from_json(abime)


def test_une_annee_finie_a_son_total():
    table = cube(
        *(ligne(2, secteur=s, mois=m, granularite="jour") for m in range(1, 13) for s in ("s0", "s1"))
    )
    reference = referencer(table, Audience.PARTENAIRE, Regles())
    assert reference.publiable({"secteur": un("s0")}, *AN)
    assert not reference.publiable({"secteur": un("s0")}, date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("valeurs", "visible"),
    [
        ([6, 6, 6], True),
        ([6, 5, 6], False),  # more than 5, not 5
        ([6, 6], False),  # three years
        ([6, 6, 6, 2], False),  # the year itself is out of every run
        ([2, 6, 6, 6], True),
        ([0, 0, 0], False),
    ],
)
def test_la_regle_du_ssmsi_pour_le_public(valeurs, visible):
    table = cube(*annees(valeurs))
    assert referencer(table, Audience.PUBLIC, Regles()).publiable({}, *AN) is visible
    assert referencer(table, Audience.PARTENAIRE, Regles()).publiable({}, *AN)


def test_une_commune_retenue_entraine_une_voisine():
    table = cube(
        *annees([2, 2, 2], commune="94002"),
        *annees([50, 51, 52], commune="94028"),
        *annees([70, 71, 72], commune="94044"),
    )
    reference = referencer(table, Audience.PUBLIC, Regles())
    vues = [c for c in ("94002", "94028", "94044") if reference.publiable({"commune": un(c)}, *AN)]
    assert vues == ["94044"]
    assert reference.publiable({}, *AN)


def test_un_secteur_seul_dans_sa_commune_porte_les_deux_regles():
    table = cube(
        *(ligne(5, an=a) for a in (2024, 2025, 2026)),
        *(ligne(90, an=a, commune="94044", secteur="s9") for a in (2024, 2025, 2026)),
    )
    assert referencer(table, Audience.PARTENAIRE, Regles()).publiable({"secteur": un("s1")}, *AN)
    assert not referencer(table, Audience.PUBLIC, Regles()).publiable({"secteur": un("s1")}, *AN)


def test_une_reference_melangee_est_refusee():
    autre = {**ligne(3), "unite": "victime"}
    with pytest.raises(ValueError, match="unite"):
        referencer(cube(ligne(3), autre), Audience.PUBLIC, Regles())


def test_les_colonnes_derivees_d_une_case_retenue_se_taisent():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    colonnes = (*COLONNES, Colonne("taux", "Taux", Nature.TAUX), Colonne("texte", "Texte", Nature.TEXTE))
    vues = []

    def ecrire(lignes):
        vues.extend(li["n"] for li in lignes)
        return [f"{li['n']} faits" for li in lignes]

    r = montrer(
        [{"secteur": "s0", "n": 3, "taux": 1.5}, {"secteur": "s3", "n": 50, "taux": 25.0}],
        reference,
        colonnes=colonnes,
        derivees=[Derivee("texte", ("n",), ecrire)],
    )
    assert all(isinstance(v, Absent) for v in r.lignes[0][1:])
    assert r.lignes[1] == ("s3", 50, 25.0, "50 faits")
    # The function itself never saw the number.
    assert 3 not in vues


def test_une_absence_garde_sa_raison():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    r = montrer(
        [
            {"secteur": "s2", "n": None, "n_absence": "non_livre"},
            {"secteur": "s3", "n": None, "n_absence": "non_diffuse"},
            {"secteur": "s2", "n": 40, "n_absence": None},
        ],
        reference,
    )
    assert [v.motif if isinstance(v, Absent) else v for v in r.colonne("n")] == [
        MotifAbsence.NON_LIVRE,
        MotifAbsence.NON_DIFFUSE,
        40,
    ]
    assert str(r.lignes[0][1]) == "non livré"


def test_une_case_retenue_sans_aucune_ligne_ne_se_dit_pas_non_livree():
    # s1 counts nothing and covers for the 3 of s0: said « not delivered », it would be known to be zero.
    table = cube(*(ligne(n, secteur=f"s{i}") for i, n in enumerate([3, 0, 40])))
    reference = referencer(table, Audience.PARTENAIRE, Regles())
    caches = [f"s{i}" for i in (1, 2) if not reference.publiable({"secteur": un(f"s{i}")}, *AN)]
    assert caches
    r = montrer([{"secteur": s, "n": None, "n_absence": "non_livre"} for s in ("s0", *caches)], reference)
    assert set(r.colonne("n")) == {Absent(MotifAbsence.SECRET, RAISON)}


def test_l_ordre_ne_dit_pas_la_taille_des_lignes_retenues():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    lignes = [{"secteur": f"s{i}", "n": n} for i, n in ((3, 50), (2, 40), (1, 12), (0, 3))]
    r = montrer(lignes, reference, comptes=Comptes({"n": AN}, classer_par="n"))
    assert r.colonne("secteur") == ("s3", "s2", "s0", "s1")


def test_un_fait_isole_ne_sort_jamais():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    for colonne in ("lon", "lat", "livraison"):
        with pytest.raises(ValueError, match="points"):
            montrer([{"secteur": "s3", "n": 50, colonne: 2.4}], reference)


def test_une_colonne_inconnue_est_refusee():
    with pytest.raises(ValueError, match="taux"):
        montrer([{"n": 1}], None, Audience.INTERNE, colonnes=(Colonne("taux", "Taux", Nature.TAUX),))


def test_le_meme_perimetre_donne_le_meme_motif_quel_que_soit_l_ordre_des_lignes():
    lignes = QUATRE.to_pylist()
    a = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    b = referencer(cube(*reversed(lignes)), Audience.PARTENAIRE, Regles())
    assert a.retenues == b.retenues
