"""`pupitre lire` and `pupitre mesurer`."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from pupitre.cli import choix
from pupitre.cli.mesure import Demande, mesurer
from pupitre.moteur.erreurs import ErreurPupitre, Lieu, MesureRefusee
from pupitre.moteur.observations import Anomalie, Gravite, Releve
from pupitre.moteur.resultats import Absent, Audience, MotifAbsence
from pupitre.moteur.sources.lecture.fabrique import reunir, table
from tests.cli.terminal import ailleurs, ici

REEL = "etat4001/crimes-et-delits-services-depuis-2012.xlsx"
ENTETE = (
    "classe;annee;Code.département;Code.région;unité.de.compte;millPOP;millLOG;faits;POP;LOG;tauxpourmille"
)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Four lines of the SSMSI départemental base, as published: BOM, decimal comma, two-digit years."""
    fichier = tmp_path / "base.csv"
    lignes = [
        ENTETE,
        *(
            f"{classe};{an};94;11;{unite};20;20;{faits};1400000;600000,5;1,5"
            for classe, unite, an, faits in (
                ("Cambriolages de logement", "infraction", 19, 100),
                ("Cambriolages de logement", "infraction", 20, 80),
                ("Homicides", "victime", 19, 4),
                ("Homicides", "victime", 20, 3),
            )
        ),
    ]
    fichier.write_text("\n".join(lignes) + "\n", encoding="utf-8-sig")
    return fichier


def test_reading(capsys, base):
    objet = ici(capsys, "lire", base, "--json").json
    assert objet["format"] == "ssmsi_departemental"
    assert objet["observations"] == 4
    assert objet["vides"] == 0
    assert objet["natures"] == ["ssmsi:cambriolages_logement", "ssmsi:homicides"]
    assert objet["territoires"] == ["94"]
    assert objet["periodes"] == ["2019", "2020"]
    assert isinstance(objet["anomalies"], list)
    texte = ici(capsys, "lire", base)
    assert texte.code == 0
    assert "4\u00a0observations" in texte.sortie


def test_reading_needs_no_database_and_no_django(base):
    """From any folder, with settings that would refuse to start."""
    retour = ailleurs(
        "lire", base, "--json", cwd=base.parent, PUPITRE_MODE="production", PUPITRE_DEBOGAGE="1"
    )
    assert retour.json["observations"] == 4
    assert not list(base.parent.glob("*.sqlite3"))


@pytest.mark.parametrize("commande", [["lire"], ["mesurer", "--nature", "27", "--periode", "2020"]])
@pytest.mark.parametrize("contenu", [b"", b"\x00" * 200, b"PK\x03\x04 pas un classeur", None])
def test_bad_files_are_refused_in_words(capsys, tmp_path, commande, contenu):
    fichier = tmp_path / "recu.xlsx"
    if contenu is not None:
        fichier.write_bytes(contenu)
    erreur = ici(capsys, commande[0], fichier, *commande[1:], "--json").erreur
    assert all(erreur[c] for c in ("quoi", "pourquoi", "que_faire"))


def test_unknown_format_and_unreadable_description(capsys, base, tmp_path):
    assert "xyz" in ici(capsys, "lire", base, "--format", "xyz", "--json").erreur["quoi"]
    description = tmp_path / "d.json"
    description.write_text("{")
    assert "d.json" in ici(capsys, "lire", base, "--description", description, "--json").erreur["quoi"]


def test_a_figure_with_its_unit_its_interval_and_its_source(capsys, base):
    objet = ici(
        capsys, "mesurer", base, "--nature", "ssmsi:cambriolages_logement", "--territoire", "94",
        "--periode", "2019..2020", "--json",
    ).json  # fmt: skip
    assert (objet["valeur"], objet["unite"]) == (180, "infraction")
    bas, haut = objet["intervalle"]
    # Garwood, exact: chi² quantiles at 2n and 2n + 2 degrees of freedom.
    assert (bas, haut) == (pytest.approx(154.66, abs=0.01), pytest.approx(208.31, abs=0.01))
    (source,) = objet["sources"]
    assert source["sha256"] == hashlib.sha256(base.read_bytes()).hexdigest()
    assert source["fichier"] == "base.csv"
    assert source["format"] == "ssmsi_departemental"
    assert source["producteur"]
    texte = ici(capsys, "mesurer", base, "--nature", "ssmsi:homicides", "--periode", "2020").sortie
    assert "3\u00a0victimes" in texte


def test_the_real_workbook(donnees_partagees):
    """Read by eye: 188 + 7 in 2020."""
    objet = ailleurs(
        "mesurer", donnees_partagees / REEL, "--nature", "27,28", "--territoire", "DTSP94 CRETEIL",
        "--periode", "2020", "--json",
    ).json  # fmt: skip
    assert (objet["valeur"], objet["unite"]) == (195, "infraction")
    assert objet["intervalle"] == [pytest.approx(168.59, abs=0.01), pytest.approx(224.37, abs=0.01)]


def releve(*lignes: tuple, anomalies: tuple = ()) -> Releve:
    """(nature, unite, territoire, first day, last day, granularity, n)."""
    tables = [
        table(1, nature=na, unite=u, territoire=t, debut=d, fin=f, granularite=g, n=n)
        for na, u, t, d, f, g, n in lignes
    ]
    return Releve("comptages", reunir(tables), anomalies=anomalies)


def mois(numero: int, n: int | None, nature="inc:degradations", lieu="Nord", unite="fait") -> tuple:
    dernier = (date(2026, numero % 12 + 1, 1) if numero < 12 else date(2027, 1, 1)).toordinal() - 1
    return nature, unite, lieu, date(2026, numero, 1), date.fromordinal(dernier), "mois", n


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    chemin = tmp_path / "f.csv"
    chemin.write_bytes(b"contenu")
    return chemin


def chiffre(un_releve: Releve, fichier: Path, nature="inc:degradations", lieu="Nord", periode="2026-01"):
    return mesurer(un_releve, fichier, Demande(nature, lieu, periode)).lignes[0][0]


def test_months_make_a_quarter_and_a_span(fichier):
    recu = releve(mois(1, 3), mois(2, 4), mois(3, 5), mois(3, 100, lieu="Sud"))
    assert chiffre(recu, fichier, periode="2026-T1") == 12
    assert chiffre(recu, fichier, periode="2026-02..2026-03") == 9


def test_a_period_that_the_file_does_not_cover_is_not_a_smaller_figure(fichier):
    recu = releve(mois(1, 3), mois(3, 5))
    for periode in ("2026", "2026-T1", "2026-02", "2025-01"):
        with pytest.raises(MesureRefusee, match="ne couvre pas"):
            chiffre(recu, fichier, periode=periode)


def test_what_the_producer_does_not_publish_is_not_zero(fichier):
    recu = releve(mois(1, 3), mois(2, None))
    resultat = mesurer(recu, fichier, Demande("inc:degradations", "Nord", "2026-02"))
    n, bas, haut = resultat.lignes[0]
    assert isinstance(n, Absent)
    assert n.motif is MotifAbsence.NON_DIFFUSE
    assert isinstance(bas, Absent)
    assert isinstance(haut, Absent)
    assert resultat.audience is Audience.INTERNE


def test_year_and_months_of_the_same_facts_are_not_added(fichier):
    annee = ("inc:degradations", "fait", "Nord", date(2026, 1, 1), date(2026, 12, 31), "annee", 50)
    recu = releve(*(mois(m, 1) for m in range(1, 13)), annee)
    assert chiffre(recu, fichier, periode="2026") == 50
    assert chiffre(recu, fichier, periode="2026-01") == 1


def test_blocking_anomalies_forbid_any_figure(fichier):
    anomalie = Anomalie("total", Gravite.BLOQUANTE, "Un total compterait deux fois.", Lieu("F", 7, "B"))
    with pytest.raises(MesureRefusee) as refus:
        chiffre(releve(mois(1, 3), anomalies=(anomalie,)), fichier)
    assert refus.value.as_dict()["ligne"] == 7


def test_unlike_units_are_refused_with_the_reason(fichier):
    recu = releve(
        mois(1, 3, nature="4001:27", unite="infraction"), mois(1, 1, nature="4001:1", unite="victime")
    )
    with pytest.raises(MesureRefusee, match="unités de compte diffèrent"):
        chiffre(recu, fichier, nature="27,1")


def test_a_nature_twice_unknown_or_absent_is_refused(fichier):
    recu = releve(mois(1, 3, nature="4001:27", unite="infraction"))
    for nature, mot in (("27,27", "deux fois"), ("inc:rien", "n’existe pas"), ("28", "pas dans ce fichier")):
        with pytest.raises(MesureRefusee, match=mot):
            chiffre(recu, fichier, nature=nature)


def test_territories_are_found_as_people_type_them():
    connus = ["DTSP94 CRETEIL", "DTSP94 ALFORTVILLE", "CIAT DE LENS"]
    assert choix.territoire("dtsp94 créteil", connus) == "DTSP94 CRETEIL"
    with pytest.raises(ErreurPupitre, match="DTSP94 ALFORTVILLE"):
        choix.territoire("DTSP94 ALFORVILE", connus)
    with pytest.raises(ErreurPupitre, match="n’est pas précisé"):
        choix.territoire(None, connus)
    assert choix.territoire(None, ["Nord"]) == "Nord"


def test_two_names_that_differ_only_by_accents_must_be_written_exactly():
    with pytest.raises(ErreurPupitre, match=r"Évry, Evry|Evry, Évry"):
        choix.territoire("EVRY", ["Évry", "Evry"])
    assert choix.territoire("Évry", ["Évry", "Evry"]) == "Évry"


@pytest.mark.parametrize(
    ("texte", "debut", "fin", "libelle"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31), "2020"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "février 2020"),
        ("2021-T4", date(2021, 10, 1), date(2021, 12, 31), "4e trimestre 2021"),
        ("2019..2020", date(2019, 1, 1), date(2020, 12, 31), "de 2019 à 2020"),
        ("2020-11..2021-01", date(2020, 11, 1), date(2021, 1, 31), "de novembre 2020 à janvier 2021"),
    ],
)
def test_periods(texte, debut, fin, libelle):
    periode, _ = choix.periode(texte)
    assert (periode.debut, periode.fin, periode.libelle) == (debut, fin, libelle)


@pytest.mark.parametrize(
    "texte", ["", "20", "2020-13", "2020-00", "2020-T5", "2020..2019", "2019..2020-05", "0000", "hier"]
)
def test_bad_periods(texte):
    with pytest.raises(ErreurPupitre, match="n’est pas comprise"):
        choix.periode(texte)


def test_natures():
    assert choix.natures("27, 028,inc:degradations") == ("4001:27", "4001:28", "inc:degradations")
    with pytest.raises(ErreurPupitre):
        choix.natures(" , ")
