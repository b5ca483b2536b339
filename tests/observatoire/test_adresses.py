"""Addresses of a delivery: found, doubtful, settled, remembered; their text forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pupitre.moteur.erreurs import ErreurPupitre, FichierRefuse
from pupitre.observatoire.collecte import adresses, douteuses, services
from pupitre.observatoire.collecte.douteuses import ReglementRefuse
from pupitre.observatoire.models import AdresseDouteuse, AdresseReglee, ExtraitBan
from pupitre.socle import horloge
from tests.moteur.adresses import fabrique as ville
from tests.observatoire import fabrique_adresses as fa
from tests.territoires.fabrique import ALFORTVILLE, CRETEIL, LIMEIL

Decision = AdresseReglee.Decision


@pytest.fixture
def prete(conseil, tmp_path):
    """A council with its secteurs, its extract and a source of facts with addresses."""
    fa.secteurs(conseil)
    fa.ban(conseil, tmp_path, lieux=True)
    return fa.source(conseil)


def bilan(livraison) -> dict:
    return {c: n for c, n in livraison.lecture["adresses"].items() if n}


def codes_anomalies(livraison) -> set[str]:
    return set(livraison.anomalies.values_list("code", flat=True))


def douteuse(livraison, texte: str) -> AdresseDouteuse:
    return livraison.adresses_douteuses.get(texte=texte)


def test_the_file_of_a_departement_is_kept_by_commune(conseil, tmp_path):
    importe = fa.ban(conseil, tmp_path)
    assert [(e.commune_id, e.lignes, e.noms) for e in importe.extraits] == [
        (ALFORTVILLE, 58, 3),
        (CRETEIL, 86, 6),
    ]
    assert [c.code for c in importe.absentes] == [LIMEIL]
    assert len(adresses.index_du_conseil(conseil).voies) == 9
    etat = {c.code: (a is not None, lieux is not None) for c, a, lieux in adresses.etat_des_communes(conseil)}
    assert etat == {ALFORTVILLE: (True, False), CRETEIL: (True, False), LIMEIL: (False, False)}


def test_the_latest_extract_of_a_commune_is_the_one_in_use(conseil, tmp_path):
    fa.ban(conseil, tmp_path)
    titres = ville.TITRES
    seule = ville.ecrire(
        tmp_path, [titres, ";;1;;Rue Neuve;94000;94028;Créteil;;;2.45;48.79;"], "creteil.csv"
    )
    adresses.importer(conseil=conseil, fichier=seule, nom="creteil.csv", a_jour_au=date(2026, 10, 1))
    assert {v.libelle for v in adresses.index_du_conseil(conseil).voies} == {
        "Rue Neuve",
        "Route de Créteil",
        "Rue Carnot",
        "Rue Marcellin Berthelot",
    }
    assert ExtraitBan.objects.filter(commune=CRETEIL).count() == 2


def test_a_commune_that_left_the_council_is_no_longer_searched(conseil, tmp_path):
    fa.ban(conseil, tmp_path)
    conseil.adhesions.filter(commune=ALFORTVILLE).update(fin=horloge.aujourdhui() - timedelta(days=1))
    assert {v.commune for v in adresses.index_du_conseil(conseil).voies} == {CRETEIL}


def test_what_cannot_be_imported_leaves_nothing(conseil, autre, tmp_path):
    fichier = ville.ecrire(tmp_path)
    with pytest.raises(FichierRefuse, match="aucune commune du conseil"):
        adresses.importer(conseil=autre, fichier=fichier, nom="adresses-94.csv")
    with pytest.raises(ErreurPupitre, match="dans l’avenir"):
        adresses.importer(
            conseil=conseil,
            fichier=fichier,
            nom="adresses-94.csv",
            a_jour_au=horloge.aujourdhui() + timedelta(days=1),
        )
    assert not ExtraitBan.objects.exists()
    assert adresses.index_du_conseil(conseil) is None


def test_addresses_become_points_secteurs_and_precisions(prete, tmp_path):
    livraison = fa.livrer(
        prete,
        tmp_path,
        "12 av. du Gal de Gaulle",
        "3 impasse Carnot",
        "avenue du Général de Gaulle",  # runs through both secteurs: none is guessed
        "rue du 8 mai",  # lies in one
        "collège Simone de Beauvoir",
        "7 route de Créteil, Alfortville",  # outside the secteurs: its commune only
        "",
    )
    lues = [
        (o["precision_lieu"], o["secteur"], o["commune"], o["lon"] is not None)
        for o in fa.observations(livraison)
    ]
    assert lues == [
        ("numero", "O", CRETEIL, True),
        ("numero", "E", CRETEIL, True),
        ("voie", None, CRETEIL, True),
        ("voie", "E", CRETEIL, True),
        ("lieu", "E", CRETEIL, True),
        ("numero", None, ALFORTVILLE, True),
        ("territoire", None, None, False),
    ]
    assert bilan(livraison) == {"numero": 3, "voie": 2, "lieu": 1, "sans_adresse": 1}
    assert not livraison.adresses_douteuses.exists()


def test_no_address_is_kept_with_the_observations(prete, tmp_path):
    livraison = fa.livrer(prete, tmp_path, "12 avenue du Général de Gaulle", "rue inconnue du bataillon")
    assert "Gaulle" not in str(fa.observations(livraison))
    assert "bataillon" not in str(fa.observations(livraison))


def test_what_is_in_doubt_waits_and_is_said(prete, tmp_path):
    livraison = fa.livrer(prete, tmp_path, "5 rue Carnot", "5 rue Carnot", "12 rue du Puits sans Fond")
    assert [(d.texte, d.lignes, len(d.candidats)) for d in livraison.adresses_douteuses.all()] == [
        ("5 rue Carnot", 2, 3),
        ("12 rue du Puits sans Fond", 1, 0),
    ]
    assert bilan(livraison) == {"douteuse": 2, "introuvable": 1, "a_regler": 2}
    assert "adresses_a_regler" in codes_anomalies(livraison)
    assert {o["precision_lieu"] for o in fa.observations(livraison)} == {"territoire"}


def test_a_doubt_whose_places_are_all_in_one_secteur_is_no_doubt_of_the_secteur(prete, tmp_path):
    """Rue or allée Salengro, both are in the same secteur; rue or impasse Carnot are not."""
    titres, *lignes = ville.lignes()
    lignes += [f";;{n};;Allée Roger Salengro;94000;94028;Créteil;;;2.4530;48.7945;" for n in (1, 2, 3)]
    adresses.importer(
        conseil=prete.conseil, fichier=ville.ecrire(tmp_path, [titres, *lignes]), nom="adresses-94.csv"
    )
    livraison = fa.livrer(prete, tmp_path, "2 Roger Salengro", "3 Carnot")
    salengro, carnot = fa.observations(livraison)
    assert (salengro["precision_lieu"], salengro["secteur"], salengro["lon"]) == ("secteur", "O", None)
    assert (carnot["precision_lieu"], carnot["secteur"]) == ("territoire", None)
    assert bilan(livraison) == {"secteur": 1, "douteuse": 1, "a_regler": 1}


def test_the_name_of_a_secteur_in_the_column_of_addresses(prete, tmp_path):
    (lue,) = fa.observations(fa.livrer(prete, tmp_path, "OUEST"))
    assert (lue["precision_lieu"], lue["secteur"], lue["commune"]) == ("secteur", "O", CRETEIL)


def test_settling_places_the_facts_and_forgets_the_text(prete, tmp_path):
    livraison = fa.livrer(prete, tmp_path, "5 rue Carnot", "12 rue du Puits sans Fond", "boulodrome")
    rue = douteuse(livraison, "5 rue Carnot")
    creteil = next(r for r, c in enumerate(rue.candidats) if c["libelle"] == "5 Rue Carnot, Créteil")
    douteuses.regler(douteuse=rue, decision=Decision.LIEU, candidat=creteil)
    douteuses.regler(
        douteuse=douteuse(livraison, "boulodrome"),
        decision=Decision.SECTEUR,
        secteur="E",
        secteurs=["O", "E"],
    )
    douteuses.regler(douteuse=douteuse(livraison, "12 rue du Puits sans Fond"), decision=Decision.DEHORS)
    services.lire(livraison=livraison)

    placee, boulodrome = fa.observations(livraison)
    assert (placee["precision_lieu"], placee["secteur"], placee["commune"]) == ("numero", "O", CRETEIL)
    assert (boulodrome["precision_lieu"], boulodrome["secteur"], boulodrome["lon"]) == ("secteur", "E", None)
    assert bilan(livraison) == {"numero": 1, "secteur": 1, "dehors": 1}
    assert "adresses_hors_du_conseil" in codes_anomalies(livraison)
    assert not AdresseDouteuse.objects.exists()
    gardes = str(list(AdresseReglee.objects.values_list()))
    assert "Carnot" not in gardes
    assert "Puits" not in gardes


def test_what_was_settled_serves_for_the_next_files_of_that_source_only(prete, tmp_path):
    premiere = fa.livrer(prete, tmp_path, "le boulodrome")
    douteuses.regler(douteuse=premiere.adresses_douteuses.get(), decision=Decision.SANS_LIEU)
    suivante = fa.livrer(prete, tmp_path, "Le Boulodrome", "1 rue Carnot, Créteil", nom="novembre.csv")
    assert bilan(suivante) == {"numero": 1, "sans_lieu": 1}
    voisine = fa.source(prete.conseil, code="autre", organisation=prete.organisation)
    assert bilan(fa.livrer(voisine, tmp_path, "le boulodrome", nom="autre.csv")) == {
        "introuvable": 1,
        "a_regler": 1,
    }


def test_a_decision_taken_back_makes_the_doubt_again(prete, tmp_path):
    livraison = fa.livrer(prete, tmp_path, "le boulodrome")
    reglee = douteuses.regler(douteuse=livraison.adresses_douteuses.get(), decision=Decision.SANS_LIEU)
    douteuses.oublier_decision(reglee=reglee)
    services.lire(livraison=livraison)
    assert douteuse(livraison, "le boulodrome").lignes == 1


def test_all_the_others_at_once(prete, tmp_path):
    livraison = fa.livrer(prete, tmp_path, "le boulodrome", "le kiosque")
    assert douteuses.laisser_toutes(livraison=livraison) == 2
    services.lire(livraison=livraison)
    assert bilan(livraison) == {"sans_lieu": 2}


def test_another_writing_gives_other_places(prete, tmp_path):
    livraison = fa.livrer(prete, tmp_path, "devant l'ancien cinéma")
    doute = livraison.adresses_douteuses.get()
    assert (
        douteuses.chercher_autrement(douteuse=doute, ecriture="9 rue R. Salengro", conseil=prete.conseil) == 1
    )
    doute.refresh_from_db()
    assert [(c["libelle"], c["secteur"]) for c in doute.candidats] == [("9 Rue Roger Salengro, Créteil", "O")]
    assert douteuses.chercher_autrement(douteuse=doute, ecriture="zzz", conseil=prete.conseil) == 0


@pytest.mark.parametrize(
    "reponse",
    [
        {"decision": "lieu", "candidat": 7},
        {"decision": "lieu"},
        {"decision": "secteur", "secteur": "X", "secteurs": ["O", "E"]},
        {"decision": "ailleurs"},
    ],
)
def test_an_answer_that_is_not_on_the_page_changes_nothing(prete, tmp_path, reponse):
    livraison = fa.livrer(prete, tmp_path, "le boulodrome")
    with pytest.raises(ReglementRefuse):
        douteuses.regler(douteuse=livraison.adresses_douteuses.get(), **reponse)
    assert livraison.adresses_douteuses.count() == 1
    assert not AdresseReglee.objects.exists()


@pytest.mark.parametrize("geste", ["publier", "rejeter"])
def test_closing_a_delivery_forgets_what_was_not_settled(prete, tmp_path, geste):
    livraison = fa.livrer(prete, tmp_path, "le boulodrome")
    doute = livraison.adresses_douteuses.get()
    if geste == "publier":
        services.publier(livraison=livraison)
    else:
        services.rejeter(livraison=livraison, raison="Mauvais fichier")
    assert not AdresseDouteuse.objects.exists()
    with pytest.raises(ReglementRefuse, match="close"):
        douteuses.regler(douteuse=doute, decision=Decision.SANS_LIEU)


def test_the_secteur_that_the_partner_writes_wins_and_the_disagreement_is_said(conseil, tmp_path):
    from dataclasses import replace

    from pupitre.moteur.sources import Role

    fa.secteurs(conseil)
    fa.ban(conseil, tmp_path)
    description = replace(fa.DESCRIPTION, roles={**fa.DESCRIPTION.roles, "Quartier": Role.SECTEUR})
    source = fa.source(conseil, description=description.to_dict())
    chemin = tmp_path / "faits.csv"
    chemin.write_text("Date;Adresse;Quartier\n01/10/2026;3 impasse Carnot;Ouest", encoding="utf-8")
    livraison = services.importer(source=source, fichier=chemin)
    (lue,) = fa.observations(livraison)
    assert (lue["secteur"], lue["precision_lieu"]) == ("O", "numero")
    assert "secteur_autre_que_l_adresse" in codes_anomalies(livraison)


def test_without_an_extract_it_is_said_and_the_same_file_may_come_back(conseil, tmp_path):
    source = fa.source(conseil)
    sans = fa.livrer(source, tmp_path, "3 impasse Carnot", publier=True)
    assert bilan(sans) == {"sans_ban": 1}
    assert "adresses_sans_ban" in codes_anomalies(sans)
    with pytest.raises(services.DepotRefuse):
        fa.livrer(source, tmp_path, "3 impasse Carnot")
    fa.ban(conseil, tmp_path)
    avec = fa.livrer(source, tmp_path, "3 impasse Carnot")
    assert bilan(avec) == {"numero": 1}


def test_a_residence_named_in_another_column_is_placed_when_the_council_has_named_it(prete, tmp_path):
    from pupitre.moteur.sources import Description, Role

    description = Description(
        roles={"Mois": Role.PERIODE, "Site": Role.TERRITOIRE, "Nombre": Role.NOMBRE},
        nature_fixe="inc:occupation_hall",
    )
    source = fa.source(
        prete.conseil, code="halls", description=description.to_dict(), organisation=prete.organisation
    )
    source.format = "comptages"
    source.save()
    chemin = tmp_path / "halls.csv"
    chemin.write_text(
        "Mois;Site;Nombre\n2026-10;RÉSIDENCE LES BLEUETS;4\n2026-10;rue Carnot;2", encoding="utf-8"
    )
    nommee, autre = sorted(
        fa.observations(services.importer(source=source, fichier=chemin)), key=lambda o: -o["n"]
    )
    assert (nommee["precision_lieu"], nommee["secteur"]) == ("lieu", "E")
    assert (autre["precision_lieu"], autre["secteur"], autre["lon"]) == ("territoire", None, None)
