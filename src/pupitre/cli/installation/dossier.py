"""The data folder and the settings file, with rights that keep the keys to their owner."""

from __future__ import annotations

import base64
import os
import secrets
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from pupitre.cli.installation import Etape
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.configuration import NOM_FICHIER, Mode

DROITS_DOSSIER = 0o750
DROITS_FICHIER = 0o600


class DossierRefuse(ErreurPupitre):
    """The data folder cannot be used safely."""


def preparer(donnees: Path) -> Etape:
    """Create the folder, or check the one that is there.

    Raises:
        DossierRefuse: not a folder, not writable, or writable by all.
    """
    existait = donnees.exists()
    try:
        donnees.mkdir(parents=True, exist_ok=True, mode=DROITS_DOSSIER)
    except (OSError, ValueError) as erreur:
        raise DossierRefuse(
            f"Le dossier de données «\u202f{donnees}\u202f» n’a pas pu être créé.",
            f"Le système répond\u202f: {getattr(erreur, 'strerror', None) or erreur}.",
            "Choisissez un autre dossier (--donnees), ou demandez le droit d’y écrire.",
        ) from erreur
    if existait and donnees.stat().st_mode & stat.S_IWOTH:
        raise DossierRefuse(
            f"Le dossier «\u202f{donnees}\u202f» est modifiable par tous.",
            "N’importe quel compte de cette machine pourrait changer les chiffres et les réglages.",
            f"Retirez ce droit (chmod o-w {donnees}) et recommencez.",
        )
    if not os.access(donnees, os.W_OK | os.X_OK):
        raise DossierRefuse(
            f"Le dossier «\u202f{donnees}\u202f» n’est pas modifiable par ce compte.",
            "Pupitre y garde ses réglages, sa base et les fichiers reçus.",
            "Lancez la commande avec le compte qui servira Pupitre, ou changez le propriétaire du dossier.",
        )
    return Etape("Dossier de données", not existait, str(donnees))


def regler(
    donnees: Path,
    *,
    mode: Mode,
    hotes: Sequence[str] = (),
    base: str = "",
    environ: Mapping[str, str] | None = None,
) -> Etape:
    """Write `pupitre.toml` with new keys, unless it is there: keys are never changed."""
    fichier = donnees / NOM_FICHIER
    if fichier.exists():
        return Etape("Réglages", False, f"{fichier} est gardé tel quel")
    env = os.environ if environ is None else environ
    lignes = [
        "# Réglages de Pupitre. Ce fichier contient les clés : gardez-le pour vous, et sauvegardez-le.",
        f"mode = {_toml(mode.value)}",
    ]
    if "PUPITRE_CLE_SECRETE" not in env:
        lignes.append(f"cle_secrete = {_toml(secrets.token_urlsafe(48))}")
    if "PUPITRE_CLE_CHIFFREMENT" not in env:
        cle = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        lignes.append(f"cle_chiffrement = {_toml(cle)}")
    if hotes:
        lignes.append(f"hotes = [{', '.join(_toml(h) for h in hotes)}]")
        lignes.append(f"origines = [{', '.join(_toml(f'https://{h}') for h in hotes)}]")
    if base:
        lignes.append(f"base = {_toml(base)}")
    _ecrire_une_fois(fichier, "\n".join(lignes) + "\n")
    return Etape("Réglages", True, str(fichier))


def _ecrire_une_fois(fichier: Path, texte: str) -> None:
    # Written aside, then linked: a half-written file of keys never bears the name, and none is overwritten.
    partiel = fichier.with_name(f".{fichier.name}.{os.getpid()}")
    descripteur = os.open(partiel, os.O_WRONLY | os.O_CREAT | os.O_EXCL, DROITS_FICHIER)
    try:
        with os.fdopen(descripteur, "w", encoding="utf-8") as sortie:
            sortie.write(texte)
            sortie.flush()
            os.fsync(sortie.fileno())
        os.link(partiel, fichier)
    finally:
        partiel.unlink()


def _toml(valeur: str) -> str:
    if any(ord(c) < 32 or c in '"\\' for c in valeur):
        raise DossierRefuse(
            f"Le réglage {valeur!r} n’a pas été écrit.",
            "Il contient un guillemet, une barre oblique inverse ou un caractère de contrôle.",
            "Donnez-le sans ces caractères.",
        )
    return f'"{valeur}"'
