"""`pupitre lire`: what a partner's file says, without any database."""

from __future__ import annotations

import argparse
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pupitre.cli.reponse import Reponse

if TYPE_CHECKING:
    import pyarrow as pa

    from pupitre.moteur.observations import Anomalie, Releve

_ANOMALIES_EN_TEXTE = 20


def declarer(analyseur: argparse.ArgumentParser) -> None:
    ajouter_fichier(analyseur)
    analyseur.add_argument(
        "--gabarit",
        metavar="AUTO",
        choices=("AUTO",),
        help="propose un gabarit\u202f: ce qui est détecté dans le tableau, et le rôle de chaque colonne",
    )


def ajouter_fichier(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("fichier", metavar="FICHIER", type=Path, help="le fichier, tel que reçu")
    analyseur.add_argument("--format", metavar="F", help="le format du fichier (reconnu si on ne le dit pas)")
    analyseur.add_argument(
        "--description",
        metavar="D.json",
        type=Path,
        help="la description des colonnes, pour « comptages » et « faits »",
    )


def executer(options: argparse.Namespace) -> Reponse:
    if options.gabarit:
        return proposer(options)
    releve = relever(options)
    table = releve.observations
    donnees = {
        "format": releve.format,
        "observations": table.num_rows,
        "vides": releve.vides,
        "natures": distincts(table, "nature"),
        "territoires": distincts(table, "territoire"),
        "periodes": periodes(table),
        "anomalies": [en_json(a) for a in releve.anomalies],
        "feuilles": list(releve.feuilles),
        "producteur": releve.producteur,
        "millesime": releve.millesime,
    }
    return Reponse(_texte(donnees, releve), donnees)


def proposer(options: argparse.Namespace) -> Reponse:
    """A gabarit for any table: what was detected, what each column means, what the file then says."""
    from pupitre.moteur import sources

    _sans_contradiction(options)
    format = sources.reconnaitre(options.fichier)
    if format not in sources.DECRITS:
        releve = sources.lire(options.fichier, format=format)
        donnees = {"format": format, "gabarit": None, "detecte": {}, "colonnes": [], **_lecture(releve)}
        return Reponse(
            f"Format connu\u202f: {sources.FORMATS[format]}. Il se lit sans gabarit.\n{_compris(donnees)}",
            donnees,
        )
    classeur = sources.ouvrir(options.fichier)
    description = sources.proposer(classeur, options.fichier.stem)
    releve = sources.lire(options.fichier, description=description, communes=_communes(), classeur=classeur)
    donnees = {
        "format": description.format,
        "gabarit": description.to_dict(),
        "detecte": dict(releve.reperes.constats) if releve.reperes else {},
        "colonnes": _colonnes(releve, description),
        **_lecture(releve),
    }
    return Reponse(_gabarit_en_texte(donnees), donnees)


def _sans_contradiction(options: argparse.Namespace) -> None:
    from pupitre.moteur.erreurs import ErreurPupitre

    if options.format or options.description:
        raise ErreurPupitre(
            "«\u202f--gabarit AUTO\u202f» ne va pas avec «\u202f--format\u202f» ni «\u202f--description\u202f».",
            "L’un propose ce que les autres disent déjà.",
            "Gardez l’une ou l’autre de ces options.",
        )


def _communes():
    from pupitre.moteur.sources import CommuneDeReference, CommunesConnues
    from pupitre.territoires.reference import lire_reference

    reference = lire_reference()
    return CommunesConnues(
        (CommuneDeReference(c["code"], c["nom"], c["departement"]) for c in reference.communes),
        departements={d["code"]: d["nom"] for d in reference.departements},
    )


def _colonnes(releve: Releve, description) -> list[dict[str, str]]:
    """Each column of the table, with its title and what it is read as ("" when it is not)."""
    if releve.reperes is None:
        return []
    titres = next((li.cellules for li in releve.reperes.lignes if li.genre == "titres"), ())
    return [
        {
            "lettre": lettre,
            "titre": titre,
            "role": role,
            "nature": description.colonnes_nature.get(titre, ""),
        }
        for lettre, titre, role in zip(releve.reperes.lettres, titres, releve.reperes.roles, strict=True)
    ]


def _lecture(releve: Releve) -> dict:
    return {
        "observations": releve.observations.num_rows,
        "vides": releve.vides,
        "natures": distincts(releve.observations, "nature"),
        "periodes": periodes(releve.observations),
        "totaux": [
            {**asdict(t), "lieu": asdict(t.lieu), "concorde": t.concorde} for t in releve.totaux if t.ensemble
        ],
        "totaux_intermediaires": {
            "lus": sum(not t.ensemble for t in releve.totaux),
            "concordants": sum(t.concorde for t in releve.totaux if not t.ensemble),
        },
        "inconnus": [
            {
                "genre": i.genre,
                "libelle": i.libelle,
                "departement": i.departement,
                "fois": i.fois,
                "ligne": i.lieu.ligne,
                "candidats": [{"code": code, "nom": nom} for code, nom in i.candidats],
            }
            for i in releve.inconnus
        ],
        "anomalies": [en_json(a) for a in releve.anomalies],
    }


def _gabarit_en_texte(donnees: dict) -> str:
    from pupitre.socle.texte import nombre, typographier

    lignes = ["Détecté"]
    lignes += [f"  {quoi}\u202f: {typographier(dit)}" for quoi, dit in donnees["detecte"].items()]
    lignes.append("Colonnes")
    lignes += [
        f"  {c['lettre']}  {c['titre'][:60] or '(sans titre)'} → {c['role'] or 'non lue'}"
        + (f" ({c['nature']})" if c["nature"] else "")
        for c in donnees["colonnes"]
    ]
    for t in donnees["totaux"]:
        accord = "concorde" if t["concorde"] else f"écart, la somme lue est {nombre(t['somme'])}"
        lignes.append(f"Total annoncé, {t['titre'][:60]}\u202f: {nombre(t['annonce'])} ({accord})")
    return "\n".join([*lignes, _compris(donnees)])


def _compris(donnees: dict) -> str:
    from pupitre.socle.texte import pluriel

    graves = sum(a["gravite"] == "bloquante" for a in donnees["anomalies"])
    return (
        f"Compris\u202f: {pluriel(donnees['observations'], 'observation')}, "
        f"{pluriel(len(donnees['inconnus']), 'libellé à reconnaître', 'libellés à reconnaître')}, "
        f"{pluriel(graves, 'anomalie bloquante', 'anomalies bloquantes')} "
        f"sur {len(donnees['anomalies'])}."
    )


def relever(options: argparse.Namespace) -> Releve:
    """Read the file of the command line, with its description when there is one."""
    from pupitre.moteur import sources

    description = None
    if options.description is not None:
        description = _description(options.description)
    return sources.lire(options.fichier, format=options.format, description=description)


def _description(chemin: Path):
    import json

    from pupitre.moteur import sources
    from pupitre.moteur.erreurs import ErreurPupitre

    try:
        return sources.Description.from_dict(json.loads(chemin.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as erreur:
        raise ErreurPupitre(
            f"La description «\u202f{chemin}\u202f» n’a pas pu être lue.",
            f"{erreur}.",
            "Donnez un fichier JSON tel que Pupitre l’enregistre pour une source.",
        ) from erreur


def distincts(table: pa.Table, colonne: str) -> list[str]:
    import pyarrow.compute as pc

    return sorted((v for v in pc.unique(table[colonne]).to_pylist() if v is not None), key=_naturel)


def _naturel(texte: str) -> list[tuple[int, str]]:
    """Index 2 comes before index 10."""
    return [(int(m), "") if m.isdecimal() else (-1, m) for m in re.split(r"([0-9]+)", texte)]


def periodes(table: pa.Table) -> list[str]:
    """Distinct periods, in ISO form, cut to their kind: "2020", "2020-05", "2020-05-14", or "from/to"."""
    trois = table.select(["debut", "fin", "granularite"]).group_by(["debut", "fin", "granularite"])
    return sorted({_periode(**ligne) for ligne in trois.aggregate([]).to_pylist()})


def _periode(debut, fin, granularite: str) -> str:
    coupe = {"annee": 4, "mois": 7, "jour": 10}.get(granularite)
    return debut.isoformat()[:coupe] if coupe else f"{debut}/{fin}"


def en_json(anomalie: Anomalie) -> dict[str, object]:
    return {
        "code": anomalie.code,
        "gravite": anomalie.gravite.value,
        "message": anomalie.message,
        **asdict(anomalie.lieu),
    }


def _texte(donnees: dict, releve: Releve) -> str:
    from pupitre.cli.reponse import lieu_en_clair
    from pupitre.socle.texte import nombre, pluriel

    deux_points = "\u202f:"
    lignes = [
        f"Format{deux_points} {releve.format}",
        f"Compris{deux_points} {pluriel(donnees['observations'], 'observation')}, "
        f"{pluriel(releve.vides, 'cellule vide')}",
    ]
    for cle in ("natures", "territoires", "periodes"):
        liste = donnees[cle]
        bornes = liste[0] if len(liste) == 1 else f"{liste[0]} … {liste[-1]}" if liste else "aucune valeur"
        titre = {"natures": "Natures", "territoires": "Territoires", "periodes": "Périodes"}[cle]
        lignes.append(f"{titre}{deux_points} {nombre(len(liste))} ({bornes})")
    lignes.append(f"Anomalies{deux_points} {nombre(len(releve.anomalies))}")
    for a in releve.anomalies[:_ANOMALIES_EN_TEXTE]:
        ou = lieu_en_clair(a.lieu)
        lignes.append(f"  [{a.gravite.value}] {a.message}" + (f" ({ou})" if ou else ""))
    reste = len(releve.anomalies) - _ANOMALIES_EN_TEXTE
    if reste > 0:
        lignes.append(f"  … et {nombre(reste)} de plus (--json les donne toutes).")
    return "\n".join(lignes)
