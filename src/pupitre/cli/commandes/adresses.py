"""`pupitre adresses`: where the addresses of a file are, from a BAN extract, without any database."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pupitre.cli.reponse import Reponse

if TYPE_CHECKING:
    import pyarrow as pa

    from pupitre.moteur.adresses import Localisations
    from pupitre.moteur.sources.fichiers.ouverture import Feuille

_EN_TEXTE = 15


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "fichier", metavar="FICHIER", type=Path, help="un tableau, ou un texte d’une adresse par ligne"
    )
    analyseur.add_argument(
        "--ban",
        metavar="BAN.csv",
        type=Path,
        required=True,
        help="l’extrait de la Base Adresse Nationale (.csv ou .csv.gz)",
    )
    analyseur.add_argument("--lieux", metavar="L.csv", type=Path, help="une liste de lieux nommés")
    analyseur.add_argument(
        "--colonne",
        metavar="C",
        action="append",
        default=[],
        help="titre d’une colonne de l’adresse, à répéter pour « numéro » et « voie » (reconnue si on ne le dit pas)",
    )
    analyseur.add_argument(
        "--commune", metavar="INSEE", action="append", default=[], help="ne garder que ces communes de la BAN"
    )


def executer(options: argparse.Namespace) -> Reponse:
    from pupitre.moteur.adresses import Index, lire_ban, lire_lieux, localiser_adresses

    textes, lignes, colonnes = _lire(options.fichier, options.colonne)
    ban = lire_ban(options.ban, options.commune)
    lieux = (
        [lire_lieux(options.lieux, options.commune or _communes(ban.table)).table] if options.lieux else []
    )
    index = Index([ban.table], lieux)
    trouvees = localiser_adresses(textes, index)
    donnees = _donnees(trouvees, lignes) | {
        "colonnes": colonnes,
        "ban": {
            "adresses": index.adresses,
            "voies": sum(not v.lieu for v in index.voies),
            "lieux": sum(v.lieu for v in index.voies),
            "communes": dict(sorted(index.communes.items())),
        },
    }
    return Reponse(_texte(donnees), donnees)


def _communes(table: pa.Table) -> list[str]:
    return sorted(set(table["commune"].to_pylist()))


def _lire(fichier: Path, voulues: Sequence[str]) -> tuple[list[str], list[int], list[str]]:
    """Texts, their rows in the file (1-based), and the titles of the columns that make them."""
    from pupitre.moteur.sources.fichiers.feuille import en_textes
    from pupitre.moteur.sources.fichiers.ouverture import ouvrir

    classeur = ouvrir(fichier)
    feuille = classeur.feuille()
    entete, choisies = _colonnes(feuille, voulues)
    titres = [(feuille.cellule(entete, c) or "").strip() for c in choisies] if entete >= 0 else []
    parts = [en_textes(feuille.colonnes[c].slice(entete + 1)).to_pylist() for c in choisies]
    if classeur.separateur == "," and entete < 0:
        # One address a line: the commas in it separate nothing.
        parts = [en_textes(feuille.colonnes[c]).to_pylist() for c in range(choisies[0], feuille.largeur)]
    textes = [" ".join(p.strip() for p in rangee if p and p.strip()) for rangee in zip(*parts, strict=True)]
    lignes = [feuille.lieu(entete + 1 + rang)["ligne"] for rang in range(len(textes))]
    return textes, lignes, titres


def _colonnes(feuille: Feuille, voulues: Sequence[str]) -> tuple[int, list[int]]:
    """Row of titles (-1 when there is none) and columns of the address.

    Raises FichierRefuse when a column asked for is not there, or when nothing looks like an address.
    """
    from pupitre.moteur.erreurs import FichierRefuse
    from pupitre.moteur.nomenclatures.libelles import cle
    from pupitre.moteur.sources.tableaux.adresses import colonnes_d_adresse

    if not voulues:
        trouvees = colonnes_d_adresse(feuille)
        if trouvees is None:
            raise FichierRefuse(
                "Aucune colonne d’adresses n’a été reconnue.",
                "Aucun titre ne l’annonce, et peu de cellules nomment une rue.",
                "Donnez son titre avec --colonne.",
            )
        return trouvees
    for ligne in range(min(40, feuille.hauteur)):
        titres = {cle(t): c for c, t in enumerate(feuille.rangee(ligne)) if t}
        if all(cle(v) in titres for v in voulues):
            return ligne, [titres[cle(v)] for v in voulues]
    raise FichierRefuse(
        f"La colonne «\u202f{voulues[0]}\u202f» n’est pas dans le fichier.",
        "Aucune des quarante premières lignes ne porte ces titres ensemble.",
        "Vérifiez les titres du tableau.",
    )


def _donnees(trouvees: Localisations, lignes: Sequence[int]) -> dict[str, Any]:
    from pupitre.moteur.adresses import Statut
    from pupitre.moteur.observations import PrecisionLieu

    precisions = trouvees.precisions()
    comptes = {s: trouvees.compte(s) for s in Statut}
    adresses = sum(comptes.values())
    return {
        "adresses": adresses,
        "vides": len(trouvees) - adresses,
        "trouvees": comptes[Statut.TROUVEE],
        "douteuses": comptes[Statut.DOUTEUSE],
        "introuvables": comptes[Statut.INTROUVABLE],
        "part_trouvees": round(comptes[Statut.TROUVEE] / adresses, 4) if adresses else None,
        "precision": {
            p.value: precisions.get(p, 0)
            for p in (PrecisionLieu.NUMERO, PrecisionLieu.VOIE, PrecisionLieu.LIEU)
        },
        "resultats": [_ligne(trouvees, rang, ligne) for rang, ligne in enumerate(lignes)],
    }


def _ligne(trouvees: Localisations, rang: int, ligne: int) -> dict[str, Any]:
    localisation = trouvees[rang]
    if localisation is None:
        return {"ligne": ligne, "texte": "", "statut": "vide"}
    texte, _ = trouvees.cles[int(trouvees.rangs[rang])]
    dit: dict[str, Any] = {"ligne": ligne, "texte": texte, "statut": localisation.statut.value}
    if localisation.place is not None:
        return dit | _place(localisation.place)
    return dit | {"raison": localisation.raison, "candidats": [_place(c) for c in localisation.candidats]}


def _place(candidat: Any) -> dict[str, Any]:
    return {
        "libelle": candidat.libelle,
        "precision": candidat.precision.value,
        "score": round(candidat.score, 3),
        "commune": candidat.commune,
        "lon": round(candidat.lon, 6),
        "lat": round(candidat.lat, 6),
    }


def _texte(donnees: dict[str, Any]) -> str:
    from pupitre.socle.texte import nombre, pluriel, pourcent

    def part(n: int) -> str:
        return f" ({pourcent(100 * n / donnees['adresses'], 1)})" if donnees["adresses"] else ""

    precision = donnees["precision"]
    lignes = [
        f"{pluriel(donnees['adresses'], 'adresse')} cherchées parmi {nombre(donnees['ban']['adresses'])} de la BAN.",
        f"Trouvées\u202f: {nombre(donnees['trouvees'])}{part(donnees['trouvees'])}, dont "
        f"{nombre(precision['numero'])} au numéro, {nombre(precision['voie'])} à la voie, "
        f"{nombre(precision['lieu'])} au lieu.",
        f"Douteuses\u202f: {nombre(donnees['douteuses'])}{part(donnees['douteuses'])}.",
        f"Introuvables\u202f: {nombre(donnees['introuvables'])}{part(donnees['introuvables'])}.",
    ]
    restantes = [r for r in donnees["resultats"] if r["statut"] in ("douteuse", "introuvable")]
    for r in restantes[:_EN_TEXTE]:
        possibles = ", ".join(c["libelle"] for c in r["candidats"][:3])
        suite = f"\u202f: {possibles}" if possibles else ""
        lignes.append(f"  ligne {r['ligne']}, «\u202f{r['texte']}\u202f», {r['raison']}{suite}")
    if len(restantes) > _EN_TEXTE:
        lignes.append(f"  … et {nombre(len(restantes) - _EN_TEXTE)} de plus (--json les donne toutes).")
    return "\n".join(lignes)
