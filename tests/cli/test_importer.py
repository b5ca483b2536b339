"""`pupitre importer` and `pupitre bulletin`, by the same path as the screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from pupitre.acces.models import Organisation
from pupitre.observatoire.collecte import services
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Bulletin, Livraison
from pupitre.observatoire.selectors import etat_de
from pupitre.territoires.models import Commune, Conseil, Departement
from pupitre.territoires.services import creer_conseil
from tests.cli.terminal import Retour, ici

pytestmark = pytest.mark.django_db(transaction=True)
ENTETE = (
    "classe;annee;Code.département;Code.région;unité.de.compte;millPOP;millLOG;faits;POP;LOG;tauxpourmille"
)


@pytest.fixture
def conseil(settings, tmp_path) -> Conseil:
    settings.MEDIA_ROOT = tmp_path / "recus"
    departement = Departement.objects.create(code="94", nom="Val-de-Marne", region="Île-de-France")
    communes = [
        Commune.objects.create(code=code, nom=nom, cle=nom.lower(), departement=departement, millesime=2026)
        for code, nom in (("94028", "Créteil"), ("94002", "Alfortville"))
    ]
    for commune in communes:
        creer_conseil(nature="clspd", nom=commune.nom, communes=[commune])
    trouve = Conseil.objects.get(slug="creteil")
    ministere = Organisation.objects.create(nom="Ministère", nature=Organisation.Nature.ETAT)
    services.creer_source(
        conseil=trouve,
        organisation=ministere,
        code="ssmsi",
        nom="Base départementale",
        format="ssmsi_departemental",
        territoires=["94"],
        frequence="annee",
        producteur="SSMSI",
    )
    return trouve


@pytest.fixture
def fichier(tmp_path) -> Path:
    chemin = tmp_path / "base.csv"
    lignes = [ENTETE] + [
        f"Cambriolages de logement;{an};{dep};11;infraction;20;20;{faits};1400000;600000,5;1,5"
        for dep in ("94", "93")
        for an, faits in ((22, 100), (23, 80))
    ]
    chemin.write_text("\n".join(lignes) + "\n", encoding="utf-8-sig")
    return chemin


def importer(capsys, fichier: Path, *options: str, conseil="creteil", source="ssmsi") -> Retour:
    return ici(capsys, "importer", fichier, "--conseil", conseil, "--source", source, "--json", *options)


def test_deposit_then_publication(capsys, conseil, fichier):
    objet = importer(capsys, fichier).json
    assert objet["etat"] == "controlee"
    assert (objet["observations"], objet["retenues"], objet["vides"]) == (4, 2, 0)
    livraison = Livraison.objects.get()
    assert objet["livraison"] == str(livraison.pk)
    assert livraison.fichier.read_bytes() == fichier.read_bytes()


def test_publishing_at_once(capsys, conseil, fichier):
    assert importer(capsys, fichier, "--publier").json["etat"] == "publiee"
    assert etat_de(Livraison.objects.get()) == Etat.PUBLIEE


def test_the_same_file_twice_is_refused_and_nothing_is_counted_twice(capsys, conseil, fichier):
    importer(capsys, fichier, "--publier")
    erreur = importer(capsys, fichier, "--publier").erreur
    assert "déjà été reçu" in erreur["quoi"]
    assert Livraison.objects.count() == 1


def test_a_file_that_cannot_be_read_is_kept_rejected_and_said(capsys, conseil, tmp_path):
    illisible = tmp_path / "recu.xlsx"
    illisible.write_bytes(b"PK\x03\x04 ceci n'est pas un classeur")
    erreur = importer(capsys, illisible, "--publier").erreur
    assert all(erreur[c] for c in ("quoi", "pourquoi", "que_faire"))
    livraison = Livraison.objects.get()
    assert etat_de(livraison) == Etat.REJETEE
    assert livraison.fichier.read_bytes() == illisible.read_bytes()


def test_the_neighbouring_council_has_no_such_source(capsys, conseil, fichier):
    """Alfortville exists, with no source of that name: Créteil's is not taken in its place."""
    erreur = importer(capsys, fichier, "--publier", conseil="alfortville").erreur
    assert "ssmsi" in erreur["quoi"]
    assert not Livraison.objects.exists()


def test_an_absent_file_opens_no_delivery(capsys, conseil, tmp_path):
    assert "introuvable" in importer(capsys, tmp_path / "absent.csv").erreur["quoi"]
    assert not Livraison.objects.exists()


def test_a_bulletin_needs_published_figures(capsys, conseil, tmp_path):
    sortie = tmp_path / "b.pdf"
    retour = ici(
        capsys, "bulletin", "--conseil", "creteil", "--periode", "2026-10", "--sortie", sortie, "--json"
    )
    assert retour.erreur["quoi"]
    assert not sortie.exists()
    assert not Bulletin.objects.exists()


def test_a_bulletin_is_a_pdf(capsys, conseil, fichier, tmp_path):
    importer(capsys, fichier, "--publier")
    sortie = tmp_path / "b.pdf"
    retour = ici(
        capsys, "bulletin", "--conseil", "creteil", "--periode", "2023", "--sortie", sortie, "--json"
    )
    assert retour.code == 0, retour.sortie
    assert retour.json["octets"] == sortie.stat().st_size
    assert sortie.read_bytes().startswith(b"%PDF-")
    assert sorted(p.name for p in tmp_path.glob("*b.pdf*")) == ["b.pdf"]
