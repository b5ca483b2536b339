"""What people write around a table: date of edition, source, signature, announced totals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pupitre.moteur.nomenclatures.libelles import ESPACES, cle
from pupitre.moteur.sources.fichiers.ouverture import Feuille
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.textes import est_total, lire_compte, nettoyer

COMPTES = (
    r"(?:evenements?|faits?|incidents?|infractions?|lignes?|enregistrements?|signalements?|interventions?"
    r"|plaintes?|doleances?|affaires?|dossiers?)"
)
ETIQUETTE = re.compile(rf"(?:nombre|nb|nbre)\.? (?:total )?(?:de |des |d')(?:l')?{COMPTES}\b[^:=\d]*")
ECRIT = re.compile(r"[^:=]*[:=] ?(?P<n>\d[\d ]*)(?: [a-z' ]+)?\.?\Z")
COMPTE_SEUL = re.compile(rf"(?P<n>\d[\d ]*) {COMPTES}(?: au total)?\.?\Z")
# Only these are quoted: other texts around a table may be a signature, hence a person.
BANAL = re.compile(
    r"(?:edite|imprime|extrait|etabli|arrete|mis a jour|mise a jour|source|note|nota|nb\b|champ|lecture|nombre"
    r"|total|page|donnees|perimetre|document)\b"
)
PIED = re.compile(
    r"(?:edite|imprime|etabli|arrete|mis a jour|mise a jour|source|note|nota|champ) ?(?:le |au |du |par |de |[:(-])"
    r"|(?:sources?|signature|signe|cachet|visa|fait a|pour (?:le|la|les)|confidentiel|diffusion|legende)\b"
    r"|(?:le|la|l') ?(?:commandant|chef|cheffe|directeur|directrice|maire|responsable|commissaire|president)"
    r"|\*+ ?[a-z]|\(\d\)"
)


def annonce_un_total(texte: str | None) -> bool:
    """True for the label of a number that sums up the table ("Total", "Nombre d’évènements")."""
    return est_total(texte) or (bool(texte) and ETIQUETTE.match(cle(texte or "")) is not None)


def total_annonce(textes: Iterable[str | None]) -> int | None:
    """The total that a row announces in its texts ("Nombre d’évènements : 184"); None when it says none."""
    remplis = [t for t in textes if t and t.strip()]
    for texte in remplis:
        lu = cle(texte)
        trouve = COMPTE_SEUL.match(lu)
        if trouve is None and annonce_un_total(texte):
            trouve = ECRIT.match(lu)
            if trouve is None and len(remplis) == 2:
                return next((n for n in (lire_compte(t).n for t in remplis) if n is not None), None)
        if trouve is not None:
            return int(ESPACES.sub("", trouve["n"]))
    return None


def porte_un_nombre(texte: str | None) -> bool:
    """True for a cell that says something of a count: a number, a withheld one, a spreadsheet's error."""
    compte = lire_compte(texte)
    return not compte.vide and compte.faute != "pas_un_nombre"


def est_un_pied(texte: str) -> bool:
    """True for the beginning of a source, a date of edition, a note or a signature."""
    return PIED.match(cle(texte)) is not None


def mettre_de_cote(feuille: Feuille, ligne: int, attendus: Collection[int], journal: Journal) -> None:
    """Notes that a row is not part of the table.

    `attendus` holds the sum and the number of what was read: a row that announces another total is a warning.
    """
    textes = [t for t in feuille.rangee(ligne) if t and t.strip()]
    annonce = total_annonce(textes)
    if annonce is not None and attendus and annonce not in attendus:
        lu = " ou ".join(str(n) for n in dict.fromkeys(attendus))
        journal.avertir(
            "total_faux", f"Le fichier annonce {annonce}, la lecture donne {lu}.", **feuille.lieu(ligne)
        )
        return
    suite = " Le total annoncé concorde avec la lecture." if annonce is not None and attendus else ""
    journal.informer(
        "ligne_ecartee",
        f"Ligne {feuille.lieu(ligne)['ligne']} mise de côté\u202f: {_citer(textes)}.{suite}",
        **feuille.lieu(ligne),
    )


def _citer(textes: list[str]) -> str:
    premier = nettoyer(textes[0]) if textes else ""
    if not BANAL.match(cle(premier)) and total_annonce([premier]) is None:
        return "du texte hors du tableau"
    court = re.split(r"\s(?:par|signé)\s", premier)[0]
    return f"«\u202f{court[:59] + '…' if len(court) > 60 else court}\u202f»"
