"""What in a text looks like a person: pointed out before it is kept, with the reason.

A warning, not a verdict: « rue Jean Jaurès » is a street. Nothing here decides; a person reads and settles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Genre(StrEnum):
    NAISSANCE = "naissance"
    TELEPHONE = "telephone"
    COURRIEL = "courriel"
    CIVILITE = "civilite"
    NOM = "nom"
    AGE = "age"
    NUMERO = "numero"
    LOGEMENT = "logement"


@dataclass(frozen=True, slots=True)
class Indice:
    """`extrait`: the words at fault; `debut`, `fin`: where they stand in the text; `raison` in French."""

    genre: Genre
    extrait: str
    debut: int
    fin: int
    raison: str


_MAJ = "A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒ"
_MIN = "a-zàâäçéèêëîïôöùûüÿœ"
# A first name and a surname: two capitalised words, the second also all in capitals, perhaps compound.
_MOT = rf"[{_MAJ}][{_MIN}]+(?:-[{_MAJ}][{_MIN}]+)*"
_NOM = rf"(?:[{_MAJ}][{_MIN}]+|[{_MAJ}]{{2,}})(?:[-’' ](?:[{_MAJ}][{_MIN}]+|[{_MAJ}]{{2,}}))?"
_MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
# Written before a proper name, they announce a place or an institution, not a person.
_LIEUX = (
    r"rue|avenue|boulevard|allée|allées|place|square|impasse|chemin|cours|quai|passage|route|mail|esplanade|villa|"
    r"résidence|cité|quartier|secteur|école|collège|lycée|maternelle|gymnase|stade|parc|gare|arrêt|station|"
    r"carrefour|pont|porte|centre|hôpital|bibliothèque|médiathèque|théâtre|piscine|marché|tour|bâtiment|hall|"
    r"ville|commune|groupe|espace|salle|maison|ligne|association|fondation|saint|sainte|promenade|rond-point"
)
_ROLES = (
    r"maire|maires|adjoint|adjointe|président|présidente|préfet|préfète|sous-préfet|procureur|procureure|"
    r"commissaire|commandant|commandante|capitaine|directeur|directrice|principal|principale|proviseur|proviseure|"
    r"coordonnateur|coordonnatrice|référent|référente|inspecteur|inspectrice|juge|substitut|élu|élue|rapporteur"
)
_VERBES = (
    r"a|ont|est|sont|était|aurait|serait|aurait|frappe|menace|insulte|vole|consomme|deale|fréquente|habite|vit|"
    r"sort|fugue|agresse|harcèle|souffre|refuse|perturbe|dégrade|interpellé|interpellée|placé|placée|condamné|"
    r"condamnée|suivi|suivie|connu|connue|exclu|exclue|né|née|âgé|âgée"
)

_MOTIFS: tuple[tuple[Genre, re.Pattern[str], str], ...] = (
    (
        Genre.NAISSANCE,
        re.compile(
            rf"\bné(?:e)?s?\s+(?:le\s+)?(?:\d{{1,2}}\s*(?:er)?[\s./-]+(?:\d{{1,2}}|{_MOIS})[\s./-]+\d{{2,4}}|en\s+(?:19|20)\d\d)"
            rf"|\bdate\s+de\s+naissance\b[^.\n]{{0,24}}\d",
            re.IGNORECASE,
        ),
        "Une date de naissance désigne une personne.",
    ),
    (
        Genre.COURRIEL,
        re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        "Une adresse électronique désigne une personne.",
    ),
    (
        Genre.TELEPHONE,
        re.compile(r"(?<!\d)(?:\+33\s?|0)[1-9](?:[\s.\u00a0\u202f-]?\d{2}){4}(?!\d)"),
        "Un numéro de téléphone désigne une personne.",
    ),
    (
        Genre.NUMERO,
        re.compile(r"(?<!\d)[12]\s?\d{2}\s?(?:0[1-9]|1[0-2])\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?(?!\d)"),
        "Un numéro de sécurité sociale désigne une personne.",
    ),
    (
        Genre.CIVILITE,
        re.compile(
            rf"\b(?:M\.|Mr|MM\.|Mme|Mmes|Mlle|Monsieur|Madame|Mademoiselle)\s+(?!le\b|la\b|les\b|l[’'])(?:{_MOT}\s+)?{_NOM}"
            rf"|\b(?:famille|consorts|fratrie|époux)\s+{_NOM}"
        ),
        "Une personne est nommée.",
    ),
    (
        Genre.AGE,
        re.compile(
            r"\b(?:un|une|le|la|ce|cet|cette)\s+(?:jeune|mineur|mineure|garçon|fille|adolescent|adolescente|enfant|homme|"
            r"femme|élève|individu)\b[^.\n]{0,24}\b(?:de|âgée?\s+de)\s+\d{1,2}\s+ans\b",
            re.IGNORECASE,
        ),
        "L’âge d’une personne, dans un récit, peut suffire à la reconnaître.",
    ),
    (
        Genre.LOGEMENT,
        re.compile(
            r"\b(?:appartement|appt?\.?|logement|porte|boîte aux lettres)\s+(?:n°\s*)?\d+[A-Z]?\b", re.IGNORECASE
        ),
        "Un logement précis désigne ceux qui l’habitent.",
    ),
)  # fmt: skip
_NOM_SUIVI = re.compile(rf"(?<![\w’'-])({_MOT}\s+{_NOM}|{_MOT}\s+[{_MAJ}]\.),?\s+(?:{_VERBES})\b")
_NOM_ANNONCE = re.compile(
    rf"\b(?:situation|cas|parents|père|mère|frère|sœur|fils|fille)\s+(?:de\s+|d[’'])({_MOT}\s+{_NOM}|{_MOT}\s+[{_MAJ}]\.)"
)
_AVANT_LIEU = re.compile(rf"(?:{_LIEUX})\s+(?:du |de la |de l[’']|des |de |d[’'])?$", re.IGNORECASE)
_AVANT_ROLE = re.compile(rf"(?:{_ROLES})[ ,]+$", re.IGNORECASE)


def indices(texte: str, connus: Iterable[str] = ()) -> list[Indice]:
    """What looks like a person in the text, in the order of the text.

    Args:
        connus: names that may be written (members of the séance, communes): they are not pointed out.
    """
    permis = {c.casefold() for c in connus if c}
    trouves: list[Indice] = []
    for genre, motif, raison in _MOTIFS:
        for m in motif.finditer(texte):
            if genre is Genre.CIVILITE and _est_permis(m[0], permis):
                continue
            trouves.append(Indice(genre, m[0].strip(), m.start(), m.end(), raison))
    for m in (*_NOM_SUIVI.finditer(texte), *_NOM_ANNONCE.finditer(texte)):
        avant = texte[: m.start(1)]
        if _AVANT_LIEU.search(avant) or _AVANT_ROLE.search(avant) or _est_permis(m[1], permis):
            continue
        if not any(i.debut <= m.start(1) < i.fin for i in trouves):
            raison = "Un nom, là où l’on raconte des faits, désigne une personne."
            trouves.append(Indice(Genre.NOM, m[1], m.start(1), m.end(1), raison))
    return sorted(trouves, key=lambda i: (i.debut, i.fin))


def _est_permis(extrait: str, permis: set[str]) -> bool:
    mots = extrait.casefold()
    return any(nom in mots or mots in nom for nom in permis)


def avertissement(trouves: list[Indice]) -> str:
    """One French sentence for a form; empty when nothing was found."""
    if not trouves:
        return ""
    cites = ", ".join(f"«\u202f{i.extrait}\u202f»" for i in trouves[:3])
    raisons = " ".join(dict.fromkeys(i.raison for i in trouves))
    return f"Ce texte semble désigner une personne\u202f: {cites}. {raisons} Écrivez le fait sans elle, ou confirmez."
