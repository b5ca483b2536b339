from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from pupitre.moteur.erreurs import ErreurPupitre, FichierRefuse
from pupitre.moteur.observations import Gravite
from pupitre.moteur.sources import Description, Role, comptages, lire, proposer_description, reconnaitre
from tests.moteur.sources.fichiers import anomalie, codes, ligne_ods, lignes, ods, xlsx

BAILLEUR = [
    ["Créteil Habitat – Statistiques des incidents 2024"],
    [],
    ["Résidence", "Nature", "janv-24", "févr-24", "mars-24", "Total"],
    ["Les Bleuets", "Occupations de halls", 3, 4, None, 7],
    [None, "Violences envers gardiens", 1, 0, 2, 3],
    ["Mont-Mesly", "Occupations de halls", 5, "n.d.", 2, 7],
    ["TOTAL", None, 9, 4, 4, 17],
]
TRANSPORT = (
    "Réseau STRAV;;;\nMois;Ligne;Nature incident;Nombre\n"
    "octobre 2024;Ligne 23;Agression conducteur;2\n"
    "octobre 2024;Ligne 23;Jet de projectiles;1\n"
    "novembre 2024;Ligne 172;Caillassage bus;3\nTotal;;;6\n"
)
PM = (
    "N°;Date;Heure;Nature;Quartier;Nom du requérant;X;Y\n"
    "1;12/03/2024;14h30;Tapage nocturne;Gare;Dupont;2,45;48,78\n"
    "2;13/03/2024;;Rodéo;Lac;Martin;;\n"
    "3;14/03/2024;25h;Dépôts sauvages;Lac;Durand;657000;6855000\n"
)
LONG = Description(roles={"Mois": Role.PERIODE, "Nature": Role.NATURE, "Nb": Role.NOMBRE})


def texte(tmp_path: Path, contenu: str, encodage: str = "utf-8", nom: str = "f.csv") -> Path:
    fichier = tmp_path / nom
    fichier.write_bytes(contenu.encode(encodage))
    return fichier


def test_a_landlord_workbook_without_description(tmp_path: Path) -> None:
    """Months in columns, a banner, merged residences, a total row and a total column."""
    fichier = xlsx(tmp_path / "f.xlsx", {"Incidents": BAILLEUR}, {"Incidents": ["A4:A5"]})
    assert reconnaitre(fichier) == "comptages"
    d = proposer_description(fichier)
    assert d.ligne_entete == 3
    assert d.colonnes_periode_auto
    assert not d.colonnes_periode
    r = lire(fichier)
    assert sum(n or 0 for (n,) in lignes(r, "n")) == 17
    assert (r.observations.num_rows, r.vides, r.observations["n"].null_count) == (8, 1, 1)
    assert ("inc:violence_gardien", date(2024, 3, 1), "Les Bleuets", 2, "incident") in lignes(
        r, "nature", "debut", "territoire", "n", "unite"
    )
    assert codes(r) == ["cellules_fusionnees", "total_ecarte", "total_ecarte"]


@pytest.mark.parametrize("encodage", ["cp1252", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_a_carrier_file(tmp_path: Path, encodage: str, separateur: str) -> None:
    fichier = texte(tmp_path, TRANSPORT.replace(";", separateur), encodage)
    assert reconnaitre(fichier) == "comptages"
    r = lire(fichier)
    assert lignes(r, "nature", "territoire", "n") == [
        ("inc:agression_agent_transport", "Ligne 23", 2),
        ("inc:jet_projectile", "Ligne 23", 1),
        ("inc:jet_projectile", "Ligne 172", 3),
    ]
    assert codes(r) == ["total_ecarte"]
    assert anomalie(r, "total_ecarte").lieu.ligne == 6


def test_an_ods_file(tmp_path: Path) -> None:
    corps = ligne_ods("Mois", "Nature", "Nb") + ligne_ods("2024-01", "Occupation de hall", 4)
    r = lire(ods(tmp_path / "f.ods", corps), description=LONG)
    assert lignes(r, "nature", "debut", "n") == [("inc:occupation_hall", date(2024, 1, 1), 4)]


def test_a_false_total_is_said(tmp_path: Path) -> None:
    r = lire(texte(tmp_path, TRANSPORT.replace(";;;6", ";;;7")))
    assert "7" in anomalie(r, "total_faux").message
    assert sum(n for (n,) in lignes(r, "n")) == 6


def test_subtotals_do_not_count_twice(tmp_path: Path) -> None:
    contenu = (
        "Mois;Lieu;Nature;Nb\n2024-01;A;Rodéo;1\n2024-02;A;Rodéo;2\n;Sous-total;;3\n"
        "2024-01;B;Rodéo;4\n;Sous-total;;4\n;Total général;;7\n"
    )
    d = Description(
        roles={"Mois": Role.PERIODE, "Lieu": Role.TERRITOIRE, "Nature": Role.NATURE, "Nb": Role.NOMBRE}
    )
    r = lire(texte(tmp_path, contenu), description=d)
    assert sum(n for (n,) in lignes(r, "n")) == 7
    assert codes(r) == ["total_ecarte"] * 3


@pytest.mark.parametrize(
    ("ligne", "code"),
    [
        ("2024-01;Rodéo;-2", "negatif"),
        ("2024-01;Rodéo;2,5", "decimal"),
        ("2024-01;Rodéo;#N/A", "erreur_tableur"),
        ("2024-01;Rodéo;beaucoup", "pas_un_nombre"),
        ("2024-01;Soucoupes volantes;2", "nature_inconnue"),
        ("deux mille vingt-quatre;Rodéo;2", "periode_illisible"),
        (";Rodéo;2", "periode_absente"),
        ("2023-12;Tapage;9", "doublon"),
    ],
)
def test_faults_of_a_table_are_blocking_and_located(tmp_path: Path, ligne: str, code: str) -> None:
    debut = "" if code == "periode_absente" else "2023-12;Tapage;9\n"
    r = lire(texte(tmp_path, f"Mois;Nature;Nb\n{debut}{ligne}\n"), description=LONG)
    a = anomalie(r, code)
    assert (a.gravite, a.lieu.ligne) == (Gravite.BLOQUANTE, 3 if debut else 2)
    assert r.observations.num_rows == (2 if code == "doublon" else 1 if debut else 0)


@pytest.mark.parametrize("comptables", [0, comptages._COMPTABLES])
@pytest.mark.parametrize("graine", range(4))
def test_a_count_said_twice_is_found_among_many(
    tmp_path: Path, monkeypatch, graine: int, comptables: int
) -> None:
    """Two labels of one nature and two writings of one month are the same; another place is not."""
    monkeypatch.setattr(comptages, "_COMPTABLES", comptables)
    hasard = random.Random(graine)
    mois = {"2024-01": 1, "janvier 2024": 1, "2024-02": 2, "2024-03": 3}
    natures = {"Tapage": "t", "tapages": "t", "Rodéo": "r", "Rodéos": "r"}
    lieux = ["Les Bleuets", "Mont-Mesly", "La Lévrière"]
    tirees = [
        (hasard.choice(lieux), hasard.choice([*mois]), hasard.choice([*natures]))
        for _ in range(3 + 4 * graine)
    ]
    contenu = "Lieu;Mois;Nature;Nb\n" + "".join(f"{';'.join(li)};{i + 1}\n" for i, li in enumerate(tirees))
    d = Description(
        roles={"Lieu": Role.TERRITOIRE, "Mois": Role.PERIODE, "Nature": Role.NATURE, "Nb": Role.NOMBRE}
    )
    vus: set[tuple[str, int, str]] = set()
    attendues = []
    for rang, (lieu, quand, quoi) in enumerate(tirees, start=2):
        cle = lieu, mois[quand], natures[quoi]
        attendues += [rang] if cle in vus else []
        vus.add(cle)
    r = lire(texte(tmp_path, contenu), description=d)
    assert [a.lieu.ligne for a in r.anomalies if a.code == "doublon"] == attendues


def test_thousands_and_dashes(tmp_path: Path) -> None:
    contenu = (
        "Mois;Nature;Nb\n2024-01;Rodéo;1\u202f234\n2024-02;Rodéo;12,0\n2024-03;Rodéo;-\n2024-04;Rodéo;n.d.\n"
    )
    r = lire(texte(tmp_path, contenu), description=LONG)
    assert (lignes(r, "n"), r.vides) == ([(1234,), (12,), (None,)], 1)


def test_one_column_per_nature_in_a_school_year(tmp_path: Path) -> None:
    d = Description(
        colonnes_nature={
            "Violences": "inc:violence_physique_scolaire",
            "Intrusions": "inc:intrusion_scolaire",
        },
        roles={"Collège": Role.TERRITOIRE},
        periode_fixe="2023-2024",
    )
    r = lire(texte(tmp_path, "Collège;Violences;Intrusions\nPlaisance;4;1\n"), description=d)
    assert lignes(r, "nature", "debut", "fin", "granularite", "n", "unite") == [
        (n, date(2023, 9, 1), date(2024, 8, 31), "annee_scolaire", v, "signalement")
        for n, v in (("inc:violence_physique_scolaire", 4), ("inc:intrusion_scolaire", 1))
    ]


def test_maps_of_labels(tmp_path: Path) -> None:
    d = Description(
        roles={"Ville": Role.COMMUNE, "Zone": Role.SECTEUR, "Motif": Role.NATURE, "Nb": Role.NOMBRE},
        natures={"Halls": "inc:occupation_hall"},
        communes={"Créteil": "94028"},
        secteurs={"MM": "Mont-Mesly"},
        periode_fixe="2024-10",
        lignes_exclues=("Hors commune",),
    )
    contenu = (
        "Ville;Zone;Motif;Nb\nCRETEIL;mm;halls;3\nCréteil;Inconnu;halls;1\nParis;MM;halls;1\n"
        "Hors commune;;halls;8\n"
    )
    r = lire(texte(tmp_path, contenu), description=d)
    # A secteur that nobody matched keeps its name: the council's division says whether it knows it.
    assert lignes(r, "commune", "secteur", "precision_lieu", "n") == [
        ("94028", "Mont-Mesly", "secteur", 3),
        ("94028", "Inconnu", "secteur", 1),
    ]
    assert [(a.code, a.lieu.ligne) for a in r.anomalies] == [("commune_inconnue", 4)]
    assert r.bloquee


def test_a_column_that_disappeared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match="«\u202fNb\u202f»") as e:
        lire(texte(tmp_path, "Mois;Nature;Total incidents\n2024-01;Rodéo;1\n"), description=LONG)
    assert "Total incidents" in e.value.pourquoi


def test_a_list_of_events(tmp_path: Path) -> None:
    fichier = texte(tmp_path, PM)
    assert reconnaitre(fichier) == "faits"
    r = lire(fichier)
    assert lignes(r, "nature", "debut", "heure", "secteur", "precision_lieu", "n") == [
        ("inc:tapage_pm", date(2024, 3, 12), 14, "Gare", "point", 1),
        ("inc:rodeo_pm", date(2024, 3, 13), None, "Lac", "secteur", 1),
        ("inc:depot_sauvage_pm", date(2024, 3, 14), None, "Lac", "point", 1),
    ]
    (_, _, (lon, lat)) = lignes(r, "lon", "lat")
    # Lambert-93 metres become degrees, near Créteil.
    assert (lon, lat) == (pytest.approx(2.41466, abs=1e-4), pytest.approx(48.79365, abs=1e-4))
    assert anomalie(r, "heure_illisible").lieu.ligne == 4


def test_names_of_persons_never_enter(tmp_path: Path) -> None:
    r = lire(texte(tmp_path, PM))
    assert anomalie(r, "donnees_personnelles").lieu.colonne == "F"
    assert "Dupont" not in str(r.extrait)
    assert "Dupont" not in str(r.observations.to_pydict())


@pytest.mark.parametrize(
    ("avant", "apres", "code", "gravite"),
    [
        ("12/03/2024", "31/02/2024", "date_illisible", Gravite.BLOQUANTE),
        ("12/03/2024", "", "date_absente", Gravite.BLOQUANTE),
        ("Rodéo", "Soucoupe", "nature_inconnue", Gravite.BLOQUANTE),
        ("2,45;48,78", "245;48,78", "coordonnees_invalides", Gravite.AVERTISSEMENT),
    ],
)
def test_faults_of_events(tmp_path: Path, avant: str, apres: str, code: str, gravite: Gravite) -> None:
    d = Description(
        format="faits",
        roles={"Date": Role.DATE, "Nature": Role.NATURE, "X": Role.LON, "Y": Role.LAT},
    )
    r = lire(texte(tmp_path, PM.replace(avant, apres)), description=d)
    assert anomalie(r, code).gravite is gravite
    assert r.observations.num_rows == (3 if gravite is Gravite.AVERTISSEMENT else 2)


def test_the_same_event_twice_is_said(tmp_path: Path) -> None:
    r = lire(texte(tmp_path, PM + PM.splitlines()[1] + "\n"))
    assert anomalie(r, "doublon").lieu.ligne == 5


def test_a_large_public_list_of_points(donnees_partagees: Path) -> None:
    d = Description(
        format="faits",
        roles={"Month": Role.PERIODE, "Longitude": Role.LON, "Latitude": Role.LAT},
        nature_fixe="4001:27",
    )
    r = lire(donnees_partagees / "points" / "gmp_burglary.csv", description=d)
    assert r.observations.num_rows == 92_666
    assert set(lignes(r, "granularite", "precision_lieu")) == {("mois", "point")}


def test_only_a_thousand_anomalies_are_kept_and_the_worst_is_not_hidden(tmp_path: Path) -> None:
    lignes_fausses = "".join(f"2024-01;Rodéo;-{i + 1}\n" for i in range(1500))
    r = lire(texte(tmp_path, "Mois;Nature;Nb\n" + lignes_fausses), description=LONG)
    assert len(r.anomalies) == 1001
    assert r.anomalies[-1].gravite is Gravite.BLOQUANTE
    assert "500" in r.anomalies[-1].message


def test_a_description_travels_through_json() -> None:
    import json

    d = Description(
        roles={"Mois": Role.PERIODE}, communes={"Créteil": "94028"}, lignes_exclues=("x",), annee=2024
    )
    assert Description.from_dict(json.loads(json.dumps(d.to_dict()))) == d
    assert Description().to_dict() == {"format": "comptages"}


@pytest.mark.parametrize(
    "contenu",
    [
        {"rôles": {}},
        {"roles": []},
        {"roles": {"a": "b"}},
        {"annee": "2024"},
        {"granularite": "lustre"},
        {"annee": True},
    ],
)
def test_a_broken_description_is_refused(contenu: dict[str, object]) -> None:
    with pytest.raises(ErreurPupitre, match="description"):
        Description.from_dict(contenu)


def test_a_description_with_an_unknown_nature_is_refused(tmp_path: Path) -> None:
    d = Description(periode_fixe="2024", nature_fixe="inc:soucoupe", roles={"Nb": Role.NOMBRE})
    with pytest.raises(ErreurPupitre, match="soucoupe"):
        lire(texte(tmp_path, "Nb\n3\n"), description=d)


def _suites(releve):
    lignes = releve.observations.select(["nature", "n", "unite", "secteur"]).to_pylist()
    return sorted((li["nature"], li["n"], li["unite"], li["secteur"]) for li in lignes)


def test_what_was_done_is_counted_beside_the_incidents(tmp_path):
    fichier = tmp_path / "incidents.csv"
    fichier.write_text(
        "Date;Commune;Secteur;Nature;Suite donnée\n"
        "03/10/2026;94028;Mont-Mesly;Jet de projectile;Plainte déposée\n"
        "04/10/2026;94028;Palais;Jet de projectile;\n"
        "05/10/2026;94028;Palais;Outrage et menace;intervention police\n"
        "06/10/2026;94028;Palais;Outrage et menace;un courrier du maire\n",
        encoding="utf-8",
    )
    description = proposer_description(fichier)
    assert description.roles["Suite donnée"] == Role.SUITE
    releve = lire(fichier, description=description)
    assert _suites(releve) == [
        ("inc:jet_projectile", 1, "incident", "Mont-Mesly"),
        ("inc:jet_projectile", 1, "incident", "Palais"),
        ("inc:outrage_agent_transport", 1, "incident", "Palais"),
        ("inc:outrage_agent_transport", 1, "incident", "Palais"),
        ("inc:suite_plainte", 1, "suite donnée", "Mont-Mesly"),
        ("inc:suite_police", 1, "suite donnée", "Palais"),
    ]
    assert releve.lignes.to_pylist() == [2, 3, 4, 5, 2, 4]
    assert [a.code for a in releve.anomalies] == ["suite_inconnue"]
    assert "un courrier du maire" in releve.anomalies[0].message


def test_counts_broken_down_by_what_was_done_are_not_doubles(tmp_path):
    fichier = tmp_path / "incidents.csv"
    fichier.write_text(
        "Mois;Commune;Nature;Suite;Nombre\n"
        "2026-10;94028;Jet de projectile;Plainte;3\n"
        "2026-10;94028;Jet de projectile;Sans suite;4\n",
        encoding="utf-8",
    )
    releve = lire(fichier, description=proposer_description(fichier))
    assert releve.anomalies == ()
    assert _suites(releve) == [
        ("inc:jet_projectile", 3, "incident", None),
        ("inc:jet_projectile", 4, "incident", None),
        ("inc:suite_aucune", 4, "suite donnée", None),
        ("inc:suite_plainte", 3, "suite donnée", None),
    ]


def test_a_column_of_free_words_about_what_was_done_is_not_read(tmp_path):
    fichier = tmp_path / "incidents.csv"
    fichier.write_text(
        "Date;Nature;Suite\n03/10/2026;Jet de projectile;Vu avec le gardien\n"
        "04/10/2026;Jet de projectile;Rappeler lundi\n",
        encoding="utf-8",
    )
    assert Role.SUITE not in proposer_description(fichier).roles.values()
