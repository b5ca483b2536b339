"""Labels that a person must settle: one click each, remembered for the next files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import pyarrow.compute as pc

from pupitre.moteur import nomenclatures
from pupitre.moteur.observations import Anomalie, Gravite, LibelleInconnu, Releve
from pupitre.observatoire.collecte import controles
from pupitre.observatoire.collecte.gabarits import AUCUNE, EXCLURE
from pupitre.observatoire.models import Livraison, Source
from pupitre.socle import horloge
from pupitre.socle.texte import cle_de_recherche, enumeration, guillemets, pluriel
from pupitre.territoires.models import Commune
from pupitre.territoires.selectors import decoupage_as_of

CITES = 5
PROPOSES = 3


def a_regler(releve: Releve, source: Source, retenue: controles.Retenue) -> list[dict]:
    """Unknown labels, as kept with the delivery; those that matter to the council first.

    `ici`: the label may be of the council; a commune of another département never is.
    """
    departements = {c.departement_id for c in source.conseil.communes_as_of()}
    membres = {c.code for c in source.conseil.communes_as_of()}
    lus = [_en_json(i, ici=_ici(i, departements, membres, retenue)) for i in releve.inconnus]
    lus += _secteurs(releve, source)
    return sorted(lus, key=lambda i: (not i["ici"], i["genre"], -i["fois"]))


def _ici(
    inconnu: LibelleInconnu, departements: set[str], membres: set[str], retenue: controles.Retenue
) -> bool:
    if inconnu.genre != "commune":
        return True
    if retenue.national:
        # A list of all France: a name that looks like none of the council's is somebody else's.
        return any(code in membres for code, _ in inconnu.candidats)
    return not inconnu.departement or inconnu.departement in departements


def _en_json(inconnu: LibelleInconnu, *, ici: bool) -> dict:
    brut = asdict(inconnu)
    return {
        "genre": brut["genre"],
        "libelle": brut["libelle"],
        "departement": brut["departement"],
        "fois": brut["fois"],
        "candidats": [list(c) for c in brut["candidats"]],
        "ligne": brut["lieu"]["ligne"],
        "ici": ici,
    }


def _secteurs(releve: Releve, source: Source) -> list[dict]:
    from pupitre.observatoire.collecte.rapprochements import secteurs_proposes

    proposes = secteurs_proposes(source.conseil)
    if not proposes:
        return []
    connus = {cle_de_recherche(v) for paire in proposes for v in paire}
    comptes = pc.value_counts(releve.observations["secteur"]).to_pylist()
    return [
        {
            "genre": "secteur",
            "libelle": c["values"],
            "departement": "",
            "fois": c["counts"],
            "candidats": [list(p) for p in proches_secteurs(c["values"], proposes)],
            "ligne": None,
            "ici": True,
        }
        for c in comptes
        if c["values"] and cle_de_recherche(c["values"]) not in connus
    ]


def proches_secteurs(texte: str, proposes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    from rapidfuzz import fuzz, process

    noms = {code: cle_de_recherche(nom) for code, nom in proposes}
    trouves = process.extract(
        cle_de_recherche(texte), noms, scorer=fuzz.token_set_ratio, score_cutoff=70, limit=PROPOSES
    )
    par_code = dict(proposes)
    return [(code, par_code[code]) for _, _, code in trouves]


def cle_du_libelle(inconnu: dict) -> str:
    """How the gabarit names it: homonyms of two départements are two labels."""
    return (
        f"{inconnu['libelle']} ({inconnu['departement']})" if inconnu["departement"] else inconnu["libelle"]
    )


def reponses(livraison: Livraison, envoye: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Answers of a form, by (kind, label): `geste` is "rank:answer" for one button; else a list `choix-rank` each.

    An answer about a label that the file does not hold, or that is none of the choices, is not one.
    """
    inconnus = livraison.lecture.get("inconnus") or []
    rang, _, reponse = envoye.get("geste", "").partition(":")
    brutes = (
        {rang: reponse}
        if reponse
        else {c.removeprefix("choix-"): v for c, v in envoye.items() if c.startswith("choix-") and v}
    )
    lues = {}
    for rang, reponse in brutes.items():
        if rang.isdecimal() and int(rang) < len(inconnus):
            inconnu = inconnus[int(rang)]
            if _admise(inconnu["genre"], reponse, livraison.source):
                lues[(inconnu["genre"], cle_du_libelle(inconnu))] = reponse
    return lues


def _admise(genre: str, reponse: str, source: Source) -> bool:
    if reponse == EXCLURE:
        return genre in ("commune", "nature")
    if genre == "commune":
        return reponse == AUCUNE or Commune.objects.filter(code=reponse).exists()
    if genre == "nature":
        return any(n.code == reponse and n.mesurable for n in nomenclatures.natures())
    decoupage = decoupage_as_of(source.conseil, horloge.aujourdhui())
    return decoupage is not None and decoupage.secteurs.filter(code=reponse).exists()


def controler(inconnus: list[dict], source: Source) -> list[Anomalie]:
    """Communes that may be of the council stop the publication until somebody says which they are."""
    communes = [i for i in inconnus if i["genre"] == "commune" and i["ici"]]
    if not communes:
        return []
    noms = enumeration([guillemets(i["libelle"][:40]) for i in communes[:CITES]])
    suite = "…" if len(communes) > CITES else ""
    return [
        Anomalie(
            "communes_a_regler",
            Gravite.BLOQUANTE,
            f"{pluriel(len(communes), 'nom')} de commune {'attendent' if len(communes) > 1 else 'attend'} votre "
            f"réponse\u202f: {noms}{suite} Un clic chacun, plus bas.",
        )
    ]


def nature_en_clair(code: str) -> str:
    try:
        return nomenclatures.nature(code).libelle
    except KeyError:
        return code
