"""`pupitre initialiser` then `pupitre servir`, as on a new server."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import signal
import subprocess
import time
import tomllib
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.terminal import PUPITRE, Retour, ailleurs, environ

ADMINISTRATEUR = "Ada Martin <ada.martin@ville.test>"
COORDINATEUR = "Claire Dubois <claire.dubois@ville.test>"
OPTIONS = ("--hote", "pupitre.test", "--administrateur", ADMINISTRATEUR, "--coordinateur", COORDINATEUR)


@dataclass(frozen=True)
class Installation:
    donnees: Path
    variables: dict[str, str]
    premier: Retour

    def lancer(self, *mots: object, **variables: str) -> Retour:
        return ailleurs(*mots, cwd=self.donnees.parent, **{**self.variables, **variables})

    def empreinte(self) -> dict[str, str]:
        """Contents and rights of every file, but SQLite's own."""
        return {
            str(
                p.relative_to(self.donnees)
            ): f"{p.stat().st_mode:o} {hashlib.sha256(p.read_bytes()).hexdigest()}"
            for p in sorted(self.donnees.rglob("*"))
            if p.is_file() and "sqlite3" not in p.name
        }

    def lignes(self) -> str:
        """All rows of the tables that Pupitre writes."""
        code = (
            "import hashlib; from django.apps import apps; h = hashlib.sha256()\n"
            "for m in sorted(apps.get_models(), key=lambda m: m._meta.label):\n"
            "    if m.__module__.startswith('pupitre.'):\n"
            "        h.update(repr([*m.objects.order_by('pk').values_list()]).encode())\n"
            "print(h.hexdigest())"
        )
        retour = self.lancer("administrer", "shell", "-v0", "-c", code)
        assert retour.code == 0, retour.erreurs
        return retour.sortie.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def base_neuve() -> Iterator[dict[str, str]]:
    """SQLite in the folder; on PostgreSQL, a database of its own."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield {}
        return
    import psycopg

    nom = f"installation_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connexion:
        connexion.execute(f"CREATE DATABASE {nom}")
    avant, _, apres = url.partition("?")
    yield {"DATABASE_URL": f"{avant.rsplit('/', 1)[0]}/{nom}?{apres}"}
    with psycopg.connect(url, autocommit=True) as connexion:
        connexion.execute(f"DROP DATABASE {nom} WITH (FORCE)")


@pytest.fixture(scope="module")
def installation(tmp_path_factory, base_neuve) -> Installation:
    donnees = tmp_path_factory.mktemp("serveur") / "donnees"
    variables = {**base_neuve, "PUPITRE_DONNEES": str(donnees)}
    premier = ailleurs("initialiser", *OPTIONS, "--commune", "94028", "--json", **variables)
    assert premier.code == 0, premier.sortie + premier.erreurs
    return Installation(donnees, variables, premier)


@pytest.fixture(scope="module")
def etat(installation) -> tuple[dict[str, str], str]:
    return installation.empreinte(), installation.lignes()


def test_what_was_made(installation):
    objet = installation.premier.json
    assert objet["change"] is True
    assert {e["nom"] for e in objet["etapes"]} >= {
        "Dossier de données",
        "Réglages",
        "Base de données",
        "Conseil",
    }
    assert [c["email"] for c in objet["comptes"]] == ["ada.martin@ville.test", "claire.dubois@ville.test"]
    assert all(len(c["mot_de_passe"]) >= 16 for c in objet["comptes"])


def _schema() -> dict[str, list]:
    """What the database says of each table: columns, keys, checks, indexes, whatever their order."""
    from django.db import connection

    trouve: dict[str, list] = {}
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            colonnes = connection.introspection.get_table_description(curseur, table)
            contraintes = connection.introspection.get_constraints(curseur, table)
            trouve[table] = [
                sorted([c.name, str(c.type_code), c.display_size, bool(c.null_ok)] for c in colonnes),
                sorted(repr(sorted(c.items())) for c in contraintes.values()),
                sorted(nom for nom in contraintes if not nom.startswith("__unnamed")),
            ]
    return trouve


@pytest.mark.django_db
def test_migrations_make_the_database_of_the_models(installation):
    """The tests create their tables from the models: what is installed, from the migrations, is the same."""
    code = f"import json\n{inspect.getsource(_schema)}\nprint(json.dumps(_schema()))"
    retour = installation.lancer("administrer", "shell", "-v0", "-c", code)
    assert retour.code == 0, retour.erreurs
    migre = json.loads(retour.sortie.strip().splitlines()[-1])
    modeles = json.loads(json.dumps(_schema()))
    assert len(migre) > 60
    assert migre.pop("django_migrations")
    # Django's own, unused here: its key is wider when a migration makes it than when the model does.
    assert migre.pop("auth_group_permissions")
    assert modeles.pop("auth_group_permissions")
    assert migre == modeles
    ecrites = installation.lancer("administrer", "makemigrations", "--check", "--dry-run")
    assert ecrites.code == 0, ecrites.sortie + ecrites.erreurs


def test_rights_keep_the_keys_to_their_owner(installation):
    fichier = installation.donnees / "pupitre.toml"
    assert fichier.stat().st_mode & 0o777 == 0o600
    assert installation.donnees.stat().st_mode & 0o777 == 0o750
    assert not [p for p in installation.donnees.rglob("*") if p.stat().st_mode & 0o007]
    reglages = tomllib.loads(fichier.read_text("utf-8"))
    assert reglages["mode"] == "production"
    assert reglages["hotes"] == ["pupitre.test"]
    assert reglages["origines"] == ["https://pupitre.test"]
    assert len(reglages["cle_secrete"]) >= 48
    assert reglages["cle_secrete"] != reglages["cle_chiffrement"]


def test_the_encryption_key_is_a_fernet_key(installation):
    import base64

    cle = tomllib.loads((installation.donnees / "pupitre.toml").read_text("utf-8"))["cle_chiffrement"]
    assert len(base64.urlsafe_b64decode(cle)) == 32


def test_passwords_are_not_kept_in_clear(installation):
    for compte in installation.premier.json["comptes"]:
        secret = compte["mot_de_passe"].encode()
        assert not [p for p in installation.donnees.rglob("*") if p.is_file() and secret in p.read_bytes()]


@pytest.mark.parametrize("options", [(*OPTIONS, "--commune", "94028"), ("--commune", "94028"), ()])
def test_run_again_it_changes_nothing(installation, etat, options):
    fichiers, lignes = etat
    retour = installation.lancer("initialiser", *options, "--json")
    assert retour.code == 0, retour.sortie + retour.erreurs
    assert retour.json["change"] is False
    assert retour.json["comptes"] == []
    assert installation.empreinte() == fichiers
    assert installation.lignes() == lignes


def test_a_person_reads_that_nothing_changed(installation):
    retour = installation.lancer("initialiser")
    assert "rien n’a changé" in retour.sortie


def test_unknown_commune_and_unknown_source_are_said(installation, etat):
    assert "99999" in installation.lancer("initialiser", "--commune", "99999", "--json").erreur["quoi"]
    fichier = installation.donnees.parent / "recu.csv"
    fichier.write_text("a;b\n1;2\n")
    commande = ("importer", fichier, "--json", "--source", "police", "--conseil")
    assert "creteil" in installation.lancer(*commande, "ailleurs").erreur["pourquoi"]
    assert "police" in installation.lancer(*commande, "creteil").erreur["quoi"]
    assert (installation.empreinte(), installation.lignes()) == etat


@pytest.mark.parametrize(
    ("options", "mot"),
    [
        (["--periode", "2026-13", "--sortie", "b.pdf"], "2026-13"),
        (["--periode", "2026-10", "--sortie", "absent/b.pdf"], "absent/b.pdf"),
        (["--periode", "2026-10", "--sortie", "b.pdf", "--conseil", "ailleurs"], "ailleurs"),
    ],
)
def test_bulletin_refusals(installation, options, mot):
    retour = installation.lancer("bulletin", "--conseil", "creteil", *options, "--json")
    assert mot in retour.erreur["quoi"]
    assert not list(installation.donnees.parent.glob("*.pdf"))


@pytest.mark.parametrize(
    ("variables", "mot"),
    [
        ({"PUPITRE_DEBOGAGE": "1"}, "débogage"),
        ({"PUPITRE_CLE_SECRETE": ""}, "cle_secrete"),
        ({"PUPITRE_CLE_CHIFFREMENT": "courte"}, "cle_chiffrement"),
        ({"PUPITRE_HOTES": ""}, "hôte"),
        ({"PUPITRE_MODE": "essai"}, "essai"),
    ],
)
def test_serving_refuses_an_unsafe_setting_and_says_why(installation, variables, mot):
    erreur = installation.lancer("servir", "--port", 0, "--json", **variables).erreur
    assert mot in erreur["quoi"]


@pytest.mark.parametrize(
    ("quoi", "droits", "mot"), [(".", 0o757, "modifiable par tous"), ("pupitre.toml", 0o644, "lisible")]
)
def test_serving_refuses_rights_that_are_too_wide(installation, quoi, droits, mot):
    chemin = installation.donnees / quoi
    avant = chemin.stat().st_mode
    chemin.chmod(droits)
    try:
        assert mot in installation.lancer("servir", "--port", 0, "--json").erreur["quoi"]
    finally:
        chemin.chmod(avant)


def test_serving_what_was_never_initialised(tmp_path, installation):
    variables = {c: v for c, v in installation.variables.items() if c != "PUPITRE_DONNEES"}
    cles = {"PUPITRE_CLE_SECRETE": "s" * 40, "PUPITRE_CLE_CHIFFREMENT": "c" * 44, "PUPITRE_HOTES": "x.test"}
    tmp_path.chmod(0o750)
    erreur = ailleurs(
        "servir", "--port", 0, "--json", **{**variables, **cles, "PUPITRE_DONNEES": str(tmp_path)}
    ).erreur
    assert "initialiser" in erreur["que_faire"]
    assert not list(tmp_path.iterdir())


def test_initialising_refuses_before_it_writes(tmp_path):
    cible = tmp_path / "donnees"
    for options, mot in (
        ((), "--hote"),
        (("--hote", "x.test", "--administrateur", "sans adresse"), "prénom"),
        (("--hote", 'x"y'), "guillemet"),
    ):
        erreur = ailleurs("initialiser", *options, "--json", PUPITRE_DONNEES=str(cible)).erreur
        assert mot in " ".join(str(v) for v in erreur.values())
        assert not (cible / "pupitre.toml").exists()
    ouvert = tmp_path / "ouvert"
    ouvert.mkdir()
    ouvert.chmod(0o777)
    erreur = ailleurs("initialiser", "--hote", "x.test", "--json", PUPITRE_DONNEES=str(ouvert)).erreur
    assert "modifiable par tous" in erreur["quoi"]
    assert not list(ouvert.iterdir())


def _descendants(pid: int) -> list[int]:
    enfants = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return enfants + [d for e in enfants for d in _descendants(e)]


def _politesse(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def test_serving_then_stopping(installation):
    servir = subprocess.Popen(
        [*PUPITRE, "servir", "--port", "0", "--travailleurs", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ(**installation.variables),
        cwd=installation.donnees.parent,
    )
    try:
        pret = servir.stdout.readline()
        assert pret, servir.communicate()[1]
        adresse = json.loads(pret)["adresse"]
        processus = _descendants(servir.pid)
        commandes = {p: Path(f"/proc/{p}/cmdline").read_text().replace("\0", " ") for p in processus}
        assert len(processus) == 4, (
            f"gunicorn, son travailleur, les tâches de fond, leur horloge : {commandes}"
        )
        sante = urllib.request.Request(adresse + "sante/", headers={"Host": "pupitre.test"})
        with urllib.request.urlopen(sante, timeout=20) as reponse:
            assert reponse.status == 200
        fond = {p for p, c in commandes.items() if "service.taches" in c or "service.horloge" in c}
        assert len(fond) == 2
        # Each gives way to the pages as it starts, which may be after the site answers.
        limite = time.monotonic() + 20
        while (cedent := {p for p in processus if _politesse(p) == _politesse(servir.pid) + 10}) != fond:
            assert time.monotonic() < limite, (cedent, commandes)
            time.sleep(0.1)
        with pytest.raises(urllib.error.HTTPError) as refus:
            urllib.request.urlopen(
                urllib.request.Request(adresse, headers={"Host": "autre.test"}), timeout=20
            )
        refus.value.close()
        assert refus.value.code == 400
        occupe = installation.lancer("servir", "--port", adresse.rstrip("/").rsplit(":", 1)[1], "--json")
        assert "port" in occupe.erreur["quoi"]
        servir.send_signal(signal.SIGTERM)
        reste, erreurs = servir.communicate(timeout=60)
        assert (servir.returncode, reste) == (0, "")
        # The one thing said is the refusal of the other host's name.
        assert erreurs.count("Traceback") <= erreurs.count("Invalid HTTP_HOST header: 'autre.test'")
        assert not [p for p in processus if Path(f"/proc/{p}").exists()]
    finally:
        if servir.poll() is None:
            servir.kill()
            servir.communicate()
