"""Settings of one installation: the environment first, then one file, then prudent defaults.

Nothing here knows Django: the command line reads it before Django starts.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pupitre.moteur import moteurs

NOM_FICHIER = "pupitre.toml"
CLES = (
    "mode",
    "cle_secrete",
    "cle_chiffrement",
    "hotes",
    "origines",
    "base",
    "debogage",
    "adresse",
    "courriel_hote",
    "courriel_port",
    "courriel_securite",
    "courriel_utilisateur",
    "courriel_mot_de_passe",
    "courriel_expediteur",
    "geoplateforme",
    "geoplateforme_adresse",
    "moteur",
    "entrepot",
)
GEOPLATEFORME = "https://data.geopf.fr/geocodage"
SECURITES_COURRIEL = ("starttls", "ssl", "aucune")


class Mode(StrEnum):
    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"
    TEST = "test"


class ConfigurationRefusee(Exception):
    """The installation cannot start as it is set. The message says why and what to do, in French."""


@dataclass(frozen=True, slots=True)
class Configuration:
    donnees: Path
    mode: Mode = Mode.PRODUCTION
    cle_secrete: str = ""
    cle_chiffrement: str = ""
    hotes: tuple[str, ...] = ()
    origines: tuple[str, ...] = ()
    base: str = ""
    debogage: bool = False
    adresse: str = "http://127.0.0.1:8000"
    courriel_hote: str = ""
    courriel_port: int = 0
    courriel_securite: str = "starttls"
    courriel_utilisateur: str = ""
    courriel_mot_de_passe: str = field(default="", repr=False)
    courriel_expediteur: str = "pupitre@localhost"
    # Off unless it is asked for in so many words: nothing is sent outside.
    geoplateforme: bool = False
    geoplateforme_adresse: str = GEOPLATEFORME
    moteur: str = moteurs.DUCKDB
    # Folder or address (`s3://…`) of the store, when it is not in the data folder.
    adresse_entrepot: str = ""
    fichier: Path | None = field(default=None, compare=False)

    @property
    def entrepot(self) -> Path | str:
        """A folder, or an address that several machines see."""
        if not self.adresse_entrepot:
            return self.donnees / "entrepot"
        schema, separateur, reste = self.adresse_entrepot.partition("://")
        if separateur and schema != "file":
            return self.adresse_entrepot
        return Path(reste if separateur else schema).expanduser()

    @property
    def recus(self) -> Path:
        return self.donnees / "recus"

    @property
    def statiques(self) -> Path:
        return self.donnees / "statiques"


def charger(environ: Mapping[str, str] | None = None) -> Configuration:
    """Read `PUPITRE_*` and `DATABASE_URL`, completed by `pupitre.toml` of the data folder.

    Raises:
        ConfigurationRefusee: unreadable file, unknown key or unknown mode.
    """
    env = os.environ if environ is None else environ
    donnees = Path(env.get("PUPITRE_DONNEES", "var")).expanduser().resolve()
    fichier = Path(env.get("PUPITRE_CONFIGURATION", donnees / NOM_FICHIER)).expanduser()
    lu = _lire_fichier(fichier)

    def valeur(cle: str, variable: str | None = None) -> object:
        return env.get(variable or f"PUPITRE_{cle.upper()}", lu.get(cle, ""))

    brut = str(valeur("mode") or Mode.PRODUCTION)
    if brut not in set(Mode):
        raise ConfigurationRefusee(
            f"Le mode « {brut} » est inconnu. Choisissez « production » ou « demonstration » (PUPITRE_MODE)."
        )
    return Configuration(
        donnees=donnees,
        mode=Mode(brut),
        cle_secrete=str(valeur("cle_secrete")),
        cle_chiffrement=str(valeur("cle_chiffrement")),
        hotes=_liste(valeur("hotes")),
        origines=_liste(valeur("origines")),
        base=str(valeur("base", "DATABASE_URL")),
        debogage=str(valeur("debogage")).lower() in {"1", "true", "oui"},
        **_courrier(valeur),
        **_geoplateforme(valeur),
        **_calcul(valeur),
        fichier=fichier if lu else None,
    )


def _courrier(valeur: Callable[[str], object]) -> dict[str, Any]:
    """Where the site is reached, and how letters leave it.

    Raises:
        ConfigurationRefusee: a port that is not a number, an unknown kind of security.
    """
    origines = _liste(valeur("origines"))
    adresse = str(valeur("adresse") or (origines[0] if origines else "http://127.0.0.1:8000"))
    securite = str(valeur("courriel_securite") or "starttls")
    if securite not in SECURITES_COURRIEL:
        raise ConfigurationRefusee(
            f"« courriel_securite » vaut « {securite} ». Choisissez {', '.join(SECURITES_COURRIEL)}."
        )
    port = str(valeur("courriel_port") or {"ssl": "465", "starttls": "587", "aucune": "25"}[securite])
    if not port.isdigit():
        raise ConfigurationRefusee(f"« courriel_port » vaut « {port} » : c’est un nombre, comme 587.")
    hote = urlsplit(adresse).hostname or "localhost"
    return {
        "adresse": adresse,
        "courriel_hote": str(valeur("courriel_hote")),
        "courriel_port": int(port),
        "courriel_securite": securite,
        "courriel_utilisateur": str(valeur("courriel_utilisateur")),
        "courriel_mot_de_passe": str(valeur("courriel_mot_de_passe")),
        "courriel_expediteur": str(valeur("courriel_expediteur") or f"pupitre@{hote}"),
    }


def _geoplateforme(valeur: Callable[[str], object]) -> dict[str, Any]:
    """Whether addresses may be asked of the State's geocoder, and where it is.

    Raises:
        ConfigurationRefusee: an answer that is neither yes nor no, an address that is not HTTP.
    """
    dit = str(valeur("geoplateforme") or "non").lower()
    if dit not in {"oui", "non", "true", "false"}:
        raise ConfigurationRefusee(f"« geoplateforme » vaut « {dit} ». Choisissez « oui » ou « non ».")
    adresse = str(valeur("geoplateforme_adresse") or GEOPLATEFORME).rstrip("/")
    if urlsplit(adresse).scheme not in {"http", "https"}:
        raise ConfigurationRefusee(
            f"« geoplateforme_adresse » vaut « {adresse} » : c’est une adresse https, comme {GEOPLATEFORME}."
        )
    return {"geoplateforme": dit in {"oui", "true"}, "geoplateforme_adresse": adresse}


def _calcul(valeur: Callable[[str], object]) -> dict[str, Any]:
    """What runs the measures, and where their files are.

    Raises:
        ConfigurationRefusee: an engine or an address that is unknown, or that this machine has not the packages for.
    """
    moteur, adresse = str(valeur("moteur") or moteurs.DUCKDB), str(valeur("entrepot"))
    try:
        moteurs.verifier(moteur)
        moteurs.verifier_adresse(adresse)
    except moteurs.MoteurRefuse as refus:
        raise ConfigurationRefusee(str(refus)) from refus
    if moteur != moteurs.DUCKDB and adresse.startswith("memory://"):
        raise ConfigurationRefusee("Un entrepôt « memory:// » n’est vu d’aucun exécuteur de Spark.")
    return {"moteur": moteur, "adresse_entrepot": adresse}


def _lire_fichier(fichier: Path) -> dict[str, object]:
    if not fichier.is_file():
        return {}
    try:
        lu = tomllib.loads(fichier.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as erreur:
        raise ConfigurationRefusee(
            f"Le fichier de réglages {fichier} n’a pas pu être lu : {erreur}. Corrigez-le ou restaurez-le."
        ) from erreur
    inconnues = sorted(set(lu) - set(CLES))
    if inconnues:
        raise ConfigurationRefusee(
            f"Réglage inconnu dans {fichier} : {', '.join(inconnues)}. Les réglages possibles sont : "
            f"{', '.join(CLES)}."
        )
    return lu


def _liste(valeur: object) -> tuple[str, ...]:
    parts = valeur if isinstance(valeur, list) else str(valeur).split(",")
    return tuple(str(p).strip() for p in parts if str(p).strip())


def verifier(configuration: Configuration) -> None:
    """Refuse an installation in production that would be unsafe, and say all that is wrong at once.

    Raises:
        ConfigurationRefusee: debug setting, missing or weak key, folder writable by all, no host name.
    """
    if configuration.mode is not Mode.PRODUCTION:
        return
    torts = []
    if configuration.debogage:
        torts.append("le débogage est allumé (retirez « debogage » ou PUPITRE_DEBOGAGE)")
    for nom in ("cle_secrete", "cle_chiffrement"):
        if len(getattr(configuration, nom)) < 32:
            torts.append(
                f"la clé « {nom} » manque ou est trop courte (lancez « pupitre initialiser », qui l’écrit)"
            )
    if not configuration.hotes:
        torts.append("aucun nom d’hôte n’est déclaré (« hotes » ou PUPITRE_HOTES)")
    for chemin in (configuration.donnees, configuration.fichier):
        if chemin is not None and chemin.exists() and chemin.stat().st_mode & stat.S_IWOTH:
            torts.append(f"« {chemin} » est modifiable par tous (chmod o-w)")
    fichier = configuration.fichier
    if fichier is not None and fichier.exists() and fichier.stat().st_mode & stat.S_IROTH:
        torts.append(f"« {fichier} », qui contient les clés, est lisible par tous (chmod 600)")
    if torts:
        raise ConfigurationRefusee("Pupitre ne démarre pas : " + " ; ".join(torts) + ".")


def base_de_donnees(url: str, donnees: Path) -> dict[str, object]:
    """Django's DATABASES entry: SQLite in the data folder by default, PostgreSQL by URL.

    Raises:
        ConfigurationRefusee: a URL that is neither `sqlite:` nor `postgres(ql):`.
    """
    if not url or url.startswith("sqlite:"):
        nom = url.removeprefix("sqlite:").removeprefix("//").lstrip("/") if url else ""
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ("/" + nom) if nom else donnees / "pupitre.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
            },
            # what it has read of the file serves the next page
            "CONN_MAX_AGE": 60,
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ConfigurationRefusee(
            "DATABASE_URL n’est ni « postgresql://… » ni « sqlite:///… ». "
            "Exemple : postgresql://pupitre@localhost/pupitre"
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    # Compiling a query of some milliseconds takes longer than running it; and the whole of an installation's base is
    # in memory, where rows apart cost no more than rows together.
    options.setdefault("options", "-c jit=off -c random_page_cost=1.1")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
