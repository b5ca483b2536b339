import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pupitre.moteur import brutes, calcul
from pupitre.moteur.brutes import lire
from pupitre.moteur.calcul import comptes_de, executer, referer
from pupitre.moteur.derivees import (
    a_travers,
    bande_ordinaire,
    part,
    rang,
    taux,
    variation,
    variation_interdite,
)
from pupitre.moteur.entrepot import Entrepot
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.inventaire import inventorier, resoudre
from pupitre.moteur.mesures import Case, Pas, assemblage, calendrier, ecriture
from pupitre.moteur.observations import Granularite
from pupitre.moteur.resultats import (
    Absent,
    Audience,
    Colonne,
    Contexte,
    MotifAbsence,
    Nature,
    Periode,
    Rupture,
)
from pupitre.moteur.secret import Comptes, Regles
from pupitre.moteur.selection import Selection
from tests.moteur.entrepot.fabrique import ligne, mois, table

AN26, AN25 = Case(date(2026, 1, 1), date(2026, 12, 31)), Case(date(2025, 1, 1), date(2025, 12, 31))
LIVRE = ((date(2025, 1, 1), date(2026, 12, 31)),)
CONTEXTE = Contexte("Faits", "fait", "CISPD", Periode(AN26.debut, AN26.fin, "2026"), ())


@pytest.fixture
def depot(tmp_path, moteur):
    d = Entrepot(tmp_path, moteur=moteur)
    lignes = [
        ligne("a", date(an, m, 1), n, secteur=s, commune="94028")
        for an, facteur in ((2025, 1), (2026, 3))
        for s, n in (("s1", 10 * facteur), ("s2", 12), ("s3", 0), ("s4", 9))
        for m in range(1, 13)
    ]
    lignes += [
        ligne("b", date(2026, 1, 1), 2 if s == "s1" else 30, secteur=s, commune="94028")
        for s in ("s1", "s2", "s4")
    ]
    a = d.sceller(table(lignes), "c1", "bailleur", "l1")
    b = d.sceller(
        table([*mois(2026, [5] * 12, "4001:27"), *mois(2026, [7] * 12, "4001:1", unite="victime")]),
        "c1",
        "police",
        "l2",
    )
    c = d.sceller(
        table([*mois(2026, [1] * 12), ligne("a", date(2026, 1, 1), 12, "annee")]), "c1", "transport", "l3"
    )
    return d, d.compacter("c1", [a, b, c])


def colonnes(*cles):
    return tuple(Colonne(c, c, Nature.ENTIER) for c in cles)


def test_des_unites_differentes_sont_refusees_avec_la_raison(depot):
    contenus = inventorier(*depot)
    with pytest.raises(MesureRefusee) as e:
        resoudre(Selection("police"), contenus)
    assert e.value.pourquoi == "Elles se comptent dans des unités différentes\u202f: fait, victime."
    assert resoudre(Selection("police", natures=("4001:27",)), contenus).unite == "fait"
    assert resoudre(Selection("police", unite="victime"), contenus).granularite is Granularite.MOIS


def test_deux_rythmes_d_une_source_ne_s_additionnent_pas(depot):
    contenus = inventorier(*depot)
    with pytest.raises(MesureRefusee, match="plusieurs rythmes"):
        resoudre(Selection("transport"), contenus)
    assert resoudre(Selection("transport"), contenus, Pas.MOIS).granularite is Granularite.MOIS
    with pytest.raises(MesureRefusee, match="plusieurs rythmes"):
        resoudre(Selection("transport"), contenus, Pas.ANNEE)
    annuelle = Selection("transport", granularite=Granularite.ANNEE)
    assert resoudre(annuelle, contenus, Pas.ANNEE) == Selection(
        "transport", unite="fait", granularite=Granularite.ANNEE
    )
    with pytest.raises(MesureRefusee, match="série par mois") as e:
        resoudre(annuelle, contenus, Pas.MOIS)
    assert "année" in e.value.pourquoi


def test_une_source_sans_publication_est_refusee(depot):
    with pytest.raises(MesureRefusee, match="Aucune donnée publiée"):
        resoudre(Selection("justice"), inventorier(*depot))


def classer(depot, audience, **options):
    d, m = depot
    selection = resoudre(Selection("bailleur", natures=("a",)), inventorier(d, m))
    return executer(
        d,
        m,
        "classement",
        selection,
        AN26,
        AN25,
        "secteur",
        contexte=CONTEXTE,
        colonnes=colonnes("secteur", "n", "precedent", "rang", "part", "ecart", "phrase"),
        comptes=comptes_de({"n": AN26, "precedent": AN25}, classer_par="n"),
        audience=audience,
        derivees=[*variation(), rang(), part()],
        couvertures=LIVRE,
        **options,
    )


def test_un_classement_complet(depot):
    r = classer(depot, Audience.INTERNE)
    assert r.colonne("secteur") == ("s1", "s2", "s4", "s3")
    assert r.colonne("n") == (360, 144, 108, 0)
    assert r.colonne("rang") == (1, 2, 3, 4)
    assert sum(r.colonne("part")) == pytest.approx(1)
    assert r.colonne("phrase")[0].startswith("Hausse significative")
    assert r.colonne("phrase")[3] == "Aucun fait sur les deux périodes."
    assert r.contexte is CONTEXTE


def test_le_motif_ne_depend_pas_du_filtre(depot):
    d, m = depot
    contenus = inventorier(d, m)
    toutes = resoudre(Selection("bailleur"), contenus)
    filtree = resoudre(Selection("bailleur", natures=("b",), secteurs=("s2",)), contenus)
    args = (Audience.PARTENAIRE, Regles(), LIVRE)
    assert referer(d, m, toutes, *args) is referer(d, m, filtree, *args)


def test_un_partenaire_ne_voit_pas_la_nature_rare_ni_ce_qu_elle_entraine(depot):
    d, m = depot
    selection = resoudre(Selection("bailleur", natures=("b",)), inventorier(d, m))
    janvier = Case(date(2026, 1, 1), date(2026, 1, 31))
    r = executer(
        d,
        m,
        "periodes",
        selection,
        (("n", janvier),),
        ("secteur",),
        contexte=CONTEXTE,
        colonnes=colonnes("secteur", "n", "part", "taux", "taux_bas"),
        comptes=comptes_de({"n": janvier}),
        audience=Audience.PARTENAIRE,
        derivees=[part(), *taux({"s1": 1000, "s2": 2000}, "secteur")],
        couvertures=LIVRE,
    )
    par_secteur = {li["secteur"]: li for li in r.dicts()}
    assert isinstance(par_secteur["s1"]["n"], Absent)
    assert par_secteur["s1"]["n"].motif is MotifAbsence.SECRET
    assert par_secteur["s1"]["taux"] == par_secteur["s1"]["n"]
    retenus = [s for s, li in par_secteur.items() if isinstance(li["n"], Absent)]
    assert len(retenus) >= 2
    assert all(isinstance(v, Absent) for v in r.colonne("part"))
    assert r.retenus


def test_une_serie_et_sa_bande(depot):
    d, m = depot
    selection = resoudre(Selection("bailleur", natures=("a",)), inventorier(d, m), Pas.MOIS)
    cases = calendrier(Pas.MOIS, AN25.debut, date(2027, 1, 31), LIVRE)
    r = executer(
        d,
        m,
        "serie",
        selection,
        cases,
        contexte=CONTEXTE,
        colonnes=colonnes("debut", "n", "bas", "haut"),
        comptes=Comptes({"n": (None, None)}),
        audience=Audience.INTERNE,
        derivees=bande_ordinaire(),
    )
    assert r.colonne("n")[:2] == (31, 31)
    assert r.colonne("n")[12] == 51
    assert r.colonne("n")[24].motif is MotifAbsence.NON_LIVRE
    # Two years of January are known for January 2027 only.
    assert r.colonne("bas")[:24] == (None,) * 24
    assert r.colonne("bas")[24] < 41 < r.colonne("haut")[24]


def test_aucune_variation_a_travers_une_rupture():
    rupture = Rupture(date(2026, 1, 1), "nouvelle nomenclature")
    p26 = Periode(AN26.debut, AN26.fin, "2026")
    p25 = Periode(AN25.debut, AN25.fin, "2025")
    assert a_travers([rupture], p26, p25) is rupture
    assert a_travers([Rupture(date(2025, 1, 1), "x"), Rupture(date(2027, 1, 1), "y")], p26, p25) is None
    colonne = variation_interdite(rupture)[0]
    (valeur,) = colonne.calcul([{"n": 1}])
    assert valeur.motif is MotifAbsence.NON_CALCULABLE
    assert "nouvelle nomenclature" in valeur.raison


def test_une_mesure_ecrite_une_fois_sert_a_tous_les_manifestes(depot, monkeypatch):
    d, m = depot
    selection = resoudre(Selection("bailleur", natures=("a",)), inventorier(d, m))
    avant = lire(d, m, "evolution", selection, AN26, AN25).to_pylist()
    monkeypatch.setattr(ecriture, "sql", lambda *a: pytest.fail("SQL réécrit"))
    vide = d.compacter("c1", [], m)
    assert lire(d, vide, "evolution", selection, AN26, AN25).to_pylist() == [
        {"n": None, "n_absence": "non_livre", "precedent": None, "precedent_absence": "non_livre"}
    ]
    assert lire(d, m, "evolution", selection, AN26, AN25).to_pylist() == avant


def test_une_mesure_ne_lit_que_le_fichier_du_cube(depot, monkeypatch):
    d, m = depot
    selection = resoudre(Selection("bailleur", natures=("a",)), inventorier(d, m))
    for famille in ("annees", "livraisons"):
        (d.racine / famille).rename(d.racine / f"{famille}-ailleurs")
    assert lire(d, m, "evolution", selection, AN26, AN25, ("secteur",)).num_rows == 4


def motifs(d):
    return sorted((d.racine / "derives").rglob("*.json"))


def lire_motif(depot, regles=None, couvertures=LIVRE):
    d, m = depot
    return referer(
        d,
        m,
        resoudre(Selection("bailleur"), inventorier(d, m)),
        Audience.PARTENAIRE,
        regles or Regles(),
        couvertures,
    )


def test_un_autre_processus_relit_le_motif_sans_le_calculer(depot, monkeypatch):
    premier = lire_motif(depot)
    assert premier.retenues
    (fichier,) = motifs(depot[0])
    calcul.oublier()
    monkeypatch.setattr(calcul, "referencer", lambda *a, **k: pytest.fail("motif recalculé"))
    assert lire_motif(depot) == premier
    assert motifs(depot[0]) == [fichier]


@pytest.mark.parametrize("abime", [None, b"", b"0\n{}", "retenues"])
def test_un_motif_absent_ou_abime_est_recalcule(depot, monkeypatch, abime):
    premier = lire_motif(depot)
    (fichier,) = motifs(depot[0])
    bon = fichier.read_bytes()
    if abime is None:
        fichier.unlink()
    elif abime == "retenues":
        # Somebody empties the list of withheld cells.
        tete, _, suite = bon.partition(b'"retenues": ')
        fichier.write_bytes(tete + b'"retenues": []}')
        assert suite
    else:
        fichier.write_bytes(abime)
    calcul.oublier()
    assert lire_motif(depot) == premier
    assert fichier.read_bytes() == bon


def test_un_motif_bien_signe_mais_illisible_est_recalcule(depot, monkeypatch):
    premier = lire_motif(depot)
    (fichier,) = motifs(depot[0])
    bon = fichier.read_bytes()
    corps = b'{"ouverte": false}'
    fichier.write_bytes(hashlib.sha256(corps).hexdigest().encode() + b"\n" + corps)
    calcul.oublier()
    assert lire_motif(depot) == premier
    assert fichier.read_bytes() == bon


def test_un_motif_ne_sert_ni_a_d_autres_regles_ni_a_d_autres_livraisons(depot):
    d, m = depot
    premier = lire_motif(depot)
    assert lire_motif(depot, Regles(seuil_primaire=100)).retenues != premier.retenues
    assert lire_motif(depot, couvertures=((date(2025, 1, 1), date(2025, 12, 31)),)) != premier
    assert len(motifs(d)) == 3
    police = next(s for s in m.livraisons if s.source == "police")
    corrige = d.sceller(
        table(
            [
                ligne("a", date(2026, mois_, 1), 90, secteur=s, commune="94028")
                for s in ("s1", "s2")
                for mois_ in range(1, 13)
            ]
        ),
        "c1",
        "bailleur",
        "l9",
    )
    suivant = d.compacter("c1", [police, corrige], m)
    assert lire_motif((d, suivant)).retenues == frozenset()
    # Another source's delivery changes nothing: the pattern is not computed again.
    assert len(motifs(d)) == 4
    assert lire_motif((d, d.compacter("c1", [corrige], suivant))).retenues == frozenset()
    assert len(motifs(d)) == 4


def test_les_motifs_se_preparent_et_se_balaient(depot, monkeypatch):
    d, m = depot
    assert calcul.preparer(d, m, {"bailleur": LIVRE}, Regles()) == 1
    (fichier,) = motifs(d)
    lire_motif(depot)
    assert motifs(d) == [fichier]
    demain = datetime.now(UTC) + timedelta(days=2)
    connues = [s.chemin for s in m.livraisons]
    assert d.balayer([m], connues, maintenant=demain) == []
    vide = d.compacter("c1", [], m)
    chemin = fichier.relative_to(d.racine).as_posix()
    assert chemin not in d.balayer([m, vide], connues, maintenant=demain)
    assert chemin in d.balayer([vide], connues, maintenant=demain)


def test_un_entrepot_en_lecture_seule_sert_encore(depot, monkeypatch, caplog):
    d, _ = depot

    def plein(*_):
        raise OSError("disque plein")

    monkeypatch.setattr(type(d), "garder_derive", plein)
    assert lire_motif(depot).retenues
    assert "motif non gardé" in caplog.text


def demande_de_serie(depot, source, natures=(), debut=AN25.debut, **filtres):
    selection = resoudre(Selection(source, natures, **filtres), inventorier(*depot), Pas.MOIS)
    return calcul.Demande(
        "serie",
        selection,
        (calendrier(Pas.MOIS, debut, AN26.fin, LIVRE),),
        CONTEXTE,
        colonnes("debut", "n"),
        Comptes({"n": (None, None)}),
        couvertures=LIVRE,
    )


@pytest.mark.parametrize("audience", Audience)
def test_lire_ensemble_rend_ce_que_chaque_mesure_rend_seule(depot, audience, monkeypatch):
    demandes = [
        demande_de_serie(depot, "bailleur"),
        demande_de_serie(depot, "police", ("4001:27",)),
        demande_de_serie(depot, "bailleur", ("b",)),
        demande_de_serie(depot, "bailleur", ("a", "b"), AN26.debut),
        demande_de_serie(depot, "transport", debut=date(2026, 6, 1)),
        demande_de_serie(depot, "bailleur", secteurs=("s2",)),
    ]
    seules = [calcul.executer_ensemble(*depot, [d], audience=audience)[0] for d in demandes]
    brutes.LUES.oublier()
    requetes = []
    moteur = type(depot[0].moteur)
    lignes = moteur.lignes
    monkeypatch.setattr(moteur, "lignes", lambda m, sql: (requetes.append(sql), lignes(m, sql))[1])
    assert calcul.executer_ensemble(*depot, demandes, audience=audience) == seules
    # Another place is another reading.
    assert len(requetes) == 2
    assert len({s.colonne("n") for s in seules}) > 1


def demande_de_periodes(depot, source, par, cases, natures=()):
    return calcul.Demande(
        "periodes",
        resoudre(Selection(source, natures=natures), inventorier(*depot), Pas.MOIS),
        (cases, (par,)),
        CONTEXTE,
        colonnes(par, *(cle for cle, _ in cases)),
        Comptes({cle: (c.debut, c.fin) for cle, c in cases}),
        couvertures=LIVRE,
    )


@pytest.mark.parametrize("moitie", [24, 3])
@pytest.mark.parametrize("audience", Audience)
def test_des_tableaux_lus_ensemble_sont_ceux_que_chacun_lit_seul(depot, audience, moitie, monkeypatch):
    mars, tot = Case(date(2026, 3, 1), date(2026, 3, 31)), Case(date(2024, 1, 1), date(2025, 12, 31))
    demandes = [
        demande_de_periodes(depot, source, par, cases, natures)
        for par in ("nature", "secteur", "commune")
        for source, cases, natures in (
            ("bailleur", (("n", AN26), ("mars", mars)), ()),
            ("bailleur", (("mars", mars), ("avant", AN25._replace(complete=False))), ("b",)),
            ("transport", (("tout", Case(tot.debut, AN26.fin)), ("n", AN26)), ()),
            # Nothing of what others read after is a row here.
            ("transport", (("avant", tot), ("mars", Case(date(2024, 3, 1), date(2024, 3, 31)))), ()),
        )
    ]
    seules = [calcul.executer_ensemble(*depot, [d], audience=audience)[0] for d in demandes]
    brutes.LUES.oublier()
    monkeypatch.setattr(assemblage, "PERIODES_ENSEMBLE", moitie)
    assert calcul.executer_ensemble(*depot, demandes, audience=audience) == seules
    assert len({s.colonne("n") for s in seules if "n" in s.index}) > 1


def test_des_lieux_differents_ne_se_lisent_pas_ensemble(depot):
    a = resoudre(Selection("bailleur", debut=AN26.debut, fin=AN26.fin), inventorier(*depot))
    with pytest.raises(ValueError, match="same places"):
        lire(*depot, "sommes_ensemble", (a, replace(a, secteurs=("s1",))))
    with pytest.raises(ValueError, match="period"):
        lire(*depot, "sommes_ensemble", (a, replace(a, debut=None)))


def test_une_selection_impossible_est_refusee():
    with pytest.raises(ValueError, match="source"):
        Selection("")
    with pytest.raises(ValueError, match="termine"):
        Selection("police", debut=date(2026, 2, 1), fin=date(2026, 1, 1))


def test_chaque_selection_ne_recoit_que_ses_lignes():
    def ligne(source, nature, debut):
        return {"source": source, "unite": "fait", "granularite": "mois", "nature": nature, "debut": debut,
                "fin": debut.replace(day=28), "n": 1}  # fmt: skip

    a, b = ligne("s", "a", date(2026, 2, 1)), ligne("s", "b", date(2026, 2, 1))
    sommes = assemblage.Sommes([ligne("t", "a", date(2026, 2, 1)), a, ligne("s", "a", date(2026, 1, 1)), b,
                                ligne("s", "a", date(2026, 3, 1))])  # fmt: skip
    bornee = Selection("s", unite="fait", granularite="mois", debut=date(2026, 2, 1), fin=date(2026, 2, 28))
    assert sommes.de(bornee) == [a, b]
    assert sommes.de(replace(bornee, natures=("b", "b"))) == [b]
    assert sommes.de(replace(bornee, source="u")) == []
