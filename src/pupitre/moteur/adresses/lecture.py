"""Taking a written address apart: number, repetition, name of street, commune, or the corner of two streets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pupitre.moteur.adresses.ecriture import TYPES, VIDES, aplatir, jetons
from pupitre.moteur.adresses.index import Index, Mots

_REP = r"(bis|ter|quater|quinquies|[a-z])"
# "12", "12 bis", "12B", "n° 12", "12-14", "12/14", "12 à 16", "12 et 14": the first number is the one.
_TETE = re.compile(
    r"^\W*(?:n\s*o?\s*[.:]?\s*(?=\d)|numero\s+)?(\d{1,4})(?!\d)"
    rf"(?:\s?{_REP}(?![a-z']|\s*\d))?"
    r"(?:\s*(?:[-/&,]|a|au|et|ou)\s*\d{1,4}(?!\d)(?:\s?(?:bis|ter|quater)\b|[a-z]\b(?!'))?)*"
    r"\s*[,;.]?\s*(?=\S)"
)
_QUEUE = re.compile(
    rf"^(.+?\D)[\s,]*(?:\bn\s*o?\s*[.:]?\s*|\bnumero\s+)?\b(\d{{1,4}})(?:\s?{_REP}(?![a-z']))?\W*$"
)
_CODE_POSTAL = re.compile(r"(?:^|[\s,(-])(?:f-?)?(\d{5}|\d{2} \d{3})(?=$|[\s,)-])")
_NON_ADRESSE = re.compile(
    r"\bchez\b.*$"
    r"|\bc/o\b.*$"
    r"|\b(?:batiment|bat|bt|escalier|esc|appartement|appt|apt|app|etage|niveau|hall|entree|tour|porte|interphone|"
    r"digicode|bp|cs|boite|rdc|lot|ilot|cage|cave|box|parking)\b\.?\s*(?:n\s*o?\s*)?(?:\d{1,4}[a-z]?|[a-z])\b(?!')"
    r"|\b\d{1,2}(?:er|e|eme|ieme|nd)\s+etage\b"
    r"|\b(?:rdc|rez[ -]de[ -]chaussee|cedex(?:\s+\d+)?)\b"
)
_LIAISON = r"(?:(?:de|du|des|la|le|les|l|d|au|aux|a)\b['\s]*)*"
_SITUATION = re.compile(
    r"^\W*(?:(?:devant|face|en face|a (?:la )?hauteur|au niveau|a cote|a l'arriere|derriere|pres|(?:a )?proximite|"
    rf"dans|sur|vers|au droit|aux abords|abords|alentours)\b\s*{_LIAISON}|(?:au|aux|a la|a l')\s*(?=\w))"
)
_MOT_ANGLE = r"(?:angle|croisement|intersection|carrefour|coin|jonction)"
_ANGLE_TETE = re.compile(rf"^\W*(?:a\s+l'?\s*|au\s+)?{_MOT_ANGLE}\b[\s:]*{_LIAISON}")
_ANGLE_MILIEU = re.compile(rf"\s*(?:,\s*)?(?:a\s+l'?\s*)?\b{_MOT_ANGLE}\b\s*(?:avec\s+)?{_LIAISON}")
_ET = re.compile(r"\s+(?:et|avec|x)\s+|\s*[/&+]\s*|\s+-\s+")
_PARENTHESES = re.compile(r"\(([^)]*)\)?")


@dataclass(frozen=True, slots=True)
class Essai:
    """One way of reading a text: a number and the words of a name. `franc`: worth nothing unless exact."""

    numero: int
    rep: str
    parts: Mots
    franc: bool = False


@dataclass(frozen=True, slots=True)
class Lecture:
    """`commune`: INSEE code said by the text, "" when it says none; `ailleurs`: it names another town.

    `essais`: in order of trust. `angle`: the two streets of a corner, when the text is one.
    """

    essais: tuple[Essai, ...]
    commune: str = ""
    ailleurs: bool = False
    angle: tuple[Mots, Mots] | None = None


def lire_vite(aplati: str) -> Essai:
    """Number at the head and the rest as it is: enough for most addresses."""
    m = _TETE.match(aplati)
    if m is None:
        return Essai(0, "", jetons(aplati))
    rep, reste = m[2] or "", aplati[m.end() :]
    parts = jetons(reste)
    # "12 r Carnot": the letter is a type of street, unless one follows it.
    if rep in TYPES and len(rep) == 1 and not (parts and parts[0] in TYPES):
        return Essai(int(m[1]), "", (rep, *parts))
    return Essai(int(m[1]), rep, parts)


def lire(texte: str, index: Index) -> Lecture:
    """All that can be told of a text that is not, as written, an address of the index."""
    aplati = aplatir(texte)
    aplati, commune, ailleurs = _commune(aplati, index)
    if ailleurs:
        return Lecture((), ailleurs=True)
    nettoye = _NON_ADRESSE.sub(" ", aplati).strip(" ,;-")
    angle = _angle(nettoye)
    if angle is not None:
        return Lecture((), commune, angle=angle)
    essais: list[Essai] = []
    for forme in (nettoye, _sans_situation(nettoye), aplati):
        _ajouter(essais, forme)
    for morceau in re.split(r"[,;]|\s-\s", nettoye):
        # "Résidence des Lilas, 12 rue Carnot": each part for itself.
        if re.search(r"[a-z]{3}", morceau) and morceau.strip() != nettoye:
            _ajouter(essais, _sans_situation(morceau.strip()))
    return Lecture(tuple(dict.fromkeys(e for e in essais if e.parts)), commune)


def _ajouter(essais: list[Essai], forme: str) -> None:
    parenthese = _PARENTHESES.search(forme)
    if parenthese is not None:
        hors = (forme[: parenthese.start()] + " " + forme[parenthese.end() :]).strip()
        dedans = jetons(parenthese[1])
        if dedans and dedans[0] in TYPES and set(dedans[1:]) <= VIDES:
            # "Carnot (av. de)": the type that a list puts after the name.
            numero, rep, parts = _numeroter(hors)
            essais.append(Essai(numero, rep, (*dedans, *parts)))
            return
        _ajouter(essais, hors)
        return
    tete = lire_vite(forme)
    toutes = jetons(forme)
    if tete.numero:
        # A number may belong to the name: "8 mai 1945".
        essais += [tete, Essai(0, "", toutes, franc=True)]
        return
    queue = _QUEUE.match(forme)
    if queue is not None:
        essais.append(Essai(0, "", toutes, franc=True))
        essais.append(Essai(int(queue[2]), queue[3] or "", jetons(queue[1])))
        return
    essais.append(tete)


def _numeroter(forme: str) -> tuple[int, str, Mots]:
    tete = lire_vite(forme)
    if tete.numero:
        return tete.numero, tete.rep, tete.parts
    queue = _QUEUE.match(forme)
    if queue is not None:
        return int(queue[2]), queue[3] or "", jetons(queue[1])
    return 0, "", tete.parts


def _sans_situation(forme: str) -> str:
    """ "devant le 12 rue Carnot", "à hauteur du 12", "au 12 rue Carnot": what comes after."""
    court = forme
    for _ in range(3):
        suite = _SITUATION.sub("", court, count=1)
        if suite == court or not suite:
            break
        court = suite
    return court


def _commune(aplati: str, index: Index) -> tuple[str, str, bool]:
    """The text without its town, the town's INSEE code when it is one of the index, whether it is another."""
    m = _CODE_POSTAL.search(aplati)
    if m is not None:
        code = m[1].replace(" ", "")
        ville = jetons(re.split(r"[,;(]", aplati[m.end() :].strip(" ,;-)"))[0])
        avant = aplati[: m.start()].strip(" ,;-(") or aplati[m.end() :]
        nommee = _nom_de_commune(ville, index)
        if nommee:
            return _oter_commune(avant, nommee, index), nommee, False
        communes = {code} if code in index.communes else index.codes_postaux.get(code, set())
        return avant, next(iter(communes)) if len(communes) == 1 else "", not communes
    for separateur in (",", "(", " - ", ";"):
        avant, trouve, fin = aplati.rpartition(separateur)
        if trouve and avant.strip():
            nommee = _nom_de_commune(jetons(fin), index)
            if nommee:
                return avant.strip(" ,;-"), nommee, False
    for nom, code in index.noms_communes.items():
        court = _finit_par(aplati, nom)
        if court:
            return court, code, False
    return aplati, "", False


def _oter_commune(avant: str, code: str, index: Index) -> str:
    """ "12 rue Carnot Bondy 93140 Bondy"."""
    nom = next((n for n, c in index.noms_communes.items() if c == code), ())
    return _finit_par(avant, nom) or avant


def _nom_de_commune(mots: Mots, index: Index) -> str:
    mots = tuple(m for m in mots if m != "cedex" and not m.isdigit()) or mots
    if mots in index.noms_communes:
        return index.noms_communes[mots]
    ecrit = " ".join(mots)
    if len(ecrit) < 4:
        return ""
    from rapidfuzz.distance import OSA

    for nom, code in index.noms_communes.items():
        if OSA.normalized_similarity(ecrit, " ".join(nom)) >= 0.8:
            return code
    return ""


def _finit_par(aplati: str, nom: Mots) -> str:
    """The text before the town's name, unless that name is part of the street's ("rue de Bondy")."""
    if not nom:
        return ""
    m = re.search(r"[\s,;(-]+" + r"[\s'-]+".join(map(re.escape, nom)) + r"\W*$", aplati)
    if m is None or not m.start():
        return ""
    avant = aplati[: m.start()].rstrip(" ,;-(")
    mots = jetons(avant)
    if not mots or mots[-1] in VIDES or mots[-1] in TYPES or len(jetons(avant)) < 2:
        return ""
    return avant


def _angle(nettoye: str) -> tuple[Mots, Mots] | None:
    suite = _ANGLE_TETE.sub("", nettoye, count=1)
    if suite != nettoye:
        coupe = _ET.split(suite, maxsplit=1)
        if len(coupe) != 2:
            coupe = _au_second_type(suite)
    else:
        coupe = _ANGLE_MILIEU.split(nettoye, maxsplit=1)
        if len(coupe) != 2:
            coupe = _ET.split(nettoye, maxsplit=1)
            if len(coupe) != 2 or not all(_est_voie(c) for c in coupe):
                return None
    if len(coupe) != 2:
        return None
    une, autre = (_sans_numero(c) for c in coupe)
    return (une, autre) if une and autre else None


def _est_voie(texte: str) -> bool:
    parts = _sans_numero(texte)
    return len(parts) > 1 and parts[0] in TYPES and len(parts[0]) > 1


def _sans_numero(texte: str) -> Mots:
    parts = lire_vite(texte.strip(" ,;")).parts
    while parts and parts[0] in VIDES:
        parts = parts[1:]
    return parts


def _au_second_type(texte: str) -> list[str]:
    """ "rue Carnot avenue Pasteur": cut before the second type."""
    mots = texte.split()
    for rang in range(1, len(mots) - 1):
        if mots[rang].strip(".,") in TYPES and len(mots[rang].strip(".,")) > 1:
            return [" ".join(mots[:rang]), " ".join(mots[rang:])]
    return [texte]
