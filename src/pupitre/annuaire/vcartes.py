"""vCard: written in 3.0, which every address book opens; read in 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350)."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pupitre.moteur.erreurs import ErreurPupitre

_LARGEUR = 75
_ECHAPPES = {"n": "\n", "N": "\n"}
_CONTROLES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


class CarteIllisible(ErreurPupitre):
    """Not a vCard."""


@dataclass(frozen=True, slots=True)
class Carte:
    nom: str = ""
    prenom: str = ""
    civilite: str = ""
    email: str = ""
    telephone: str = ""
    telephone_prive: str = ""
    organisation: str = ""
    service: str = ""
    fonction: str = ""
    adresse: str = ""
    note: str = ""
    etiquettes: tuple[str, ...] = ()


def ecrire(cartes: Iterable[Carte]) -> bytes:
    return "".join(_plier(ligne) for carte in cartes for ligne in _lignes(carte)).encode()


def _lignes(carte: Carte) -> Iterator[str]:
    e = _echapper
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    yield f"N:{e(carte.nom)};{e(carte.prenom)};;{e(carte.civilite)};"
    yield f"FN:{e(f'{carte.prenom} {carte.nom}'.strip())}"
    if carte.organisation or carte.service:
        yield f"ORG:{e(carte.organisation)}" + (f";{e(carte.service)}" if carte.service else "")
    for propriete, valeur in (
        ("TITLE", carte.fonction),
        ("EMAIL;TYPE=INTERNET,WORK", carte.email),
        ("TEL;TYPE=WORK,VOICE", carte.telephone),
        ("TEL;TYPE=HOME,VOICE", carte.telephone_prive),
        ("NOTE", carte.note),
    ):
        if valeur:
            yield f"{propriete}:{e(valeur)}"
    if carte.adresse:
        yield f"ADR;TYPE=WORK:;;{e(carte.adresse)};;;;"
    if carte.etiquettes:
        yield "CATEGORIES:" + ",".join(e(t) for t in carte.etiquettes)
    yield "END:VCARD"


def _echapper(texte: str) -> str:
    texte = _CONTROLES.sub("", texte.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\;,])", r"\\\1", texte).replace("\n", r"\n")


def _plier(ligne: str) -> str:
    """Lines of 75 octets at most, never cut within a character."""
    morceaux, courant, taille = [], "", 0
    for signe in ligne:
        poids = len(signe.encode())
        if taille + poids > _LARGEUR:
            morceaux.append(courant)
            courant, taille = " ", 1
        courant += signe
        taille += poids
    return "\r\n".join([*morceaux, courant]) + "\r\n"


def lire(contenu: bytes) -> list[Carte]:
    """
    Raises:
        CarteIllisible: no card in the file, or one that does not end.
    """
    cartes: list[Carte] = []
    proprietes: list[tuple[str, dict[str, str], str]] | None = None
    for ligne in _deplier(decoder(contenu)):
        lue = _propriete(ligne)
        if lue is None:
            continue
        nom, parametres, valeur = lue
        if nom == "BEGIN" and valeur.strip().upper() == "VCARD":
            proprietes = []
        elif nom == "END" and proprietes is not None:
            cartes.append(_carte(proprietes))
            proprietes = None
        elif proprietes is not None:
            proprietes.append((nom, parametres, valeur))
    if not cartes or proprietes is not None:
        raise CarteIllisible(
            "Ce fichier n’est pas un carnet d’adresses lisible.",
            "Il n’y a pas de fiche complète, de « BEGIN:VCARD » à « END:VCARD »."
            if not cartes
            else "La dernière fiche est coupée\u202f: le fichier n’est sans doute pas arrivé entier.",
            "Exportez-le de nouveau depuis votre messagerie, au format vCard (.vcf).",
        )
    return cartes


def decoder(contenu: bytes) -> str:
    # A mark of UTF-16 before a text that has none of its zeros is noise.
    if contenu[:2] in (b"\xff\xfe", b"\xfe\xff") and b"\0" in contenu:
        return contenu.decode("utf-16", "replace")
    try:
        return contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        return contenu.decode("cp1252", "replace")


def _deplier(texte: str) -> Iterator[str]:
    courante: str | None = None
    for ligne in re.split(r"\r\n|\n|\r", texte):
        if courante is not None and ligne[:1] in (" ", "\t"):
            courante += ligne[1:]
        elif courante is not None and courante.endswith("=") and _en_quoted(courante):
            courante = courante[:-1] + ligne
        else:
            if courante is not None:
                yield courante
            courante = ligne
    if courante:
        yield courante


def _en_quoted(ligne: str) -> bool:
    return "QUOTED-PRINTABLE" in ligne.partition(":")[0].upper()


_TETE = re.compile(r'((?:"[^"]*"|[^:"])*):(.*)', re.DOTALL)


def _propriete(ligne: str) -> tuple[str, dict[str, str], str] | None:
    trouvee = _TETE.fullmatch(ligne)
    if trouvee is None:
        return None
    tete, valeur = trouvee.groups()
    nom, *reste = re.findall(r'(?:"[^"]*"|[^;"])+', tete) or [""]
    parametres: dict[str, str] = {}
    for morceau in reste:
        cle, egal, sens = morceau.partition("=")
        cle, sens = (cle.upper(), sens) if egal else ("TYPE", cle)  # 2.1: TEL;HOME
        parametres[cle] = ",".join(filter(None, (parametres.get(cle), sens.strip('"').upper())))
    if "QUOTED-PRINTABLE" in (parametres.get("ENCODING", ""), *parametres.get("TYPE", "").split(",")):
        codage = parametres.get("CHARSET", "UTF-8")
        octets = quopri.decodestring(valeur.encode("latin-1", "replace"))
        try:
            valeur = octets.decode(codage)
        except (LookupError, UnicodeDecodeError):
            valeur = octets.decode("utf-8", "replace")
    return nom.rpartition(".")[2].upper(), parametres, valeur  # item1.EMAIL


def _morceaux(valeur: str, separateur: str) -> list[str]:
    """Split on what is not escaped, then undo the escapes."""
    morceaux, courant, lettres = [], "", iter(valeur)
    for signe in lettres:
        if signe == "\\":
            suivant = next(lettres, "")
            courant += _ECHAPPES.get(suivant, suivant)
        elif signe == separateur:
            morceaux.append(courant)
            courant = ""
        else:
            courant += signe
    return [*morceaux, courant]


def _texte(valeur: str) -> str:
    return _morceaux(valeur, "\0")[0].strip()


def _carte(proprietes: list[tuple[str, dict[str, str], str]]) -> Carte:
    lu: dict[str, str] = {}
    etiquettes: list[str] = []
    for nom, parametres, valeur in proprietes:
        types = set(parametres.get("TYPE", "").split(","))
        if nom == "N":
            parts = [p.strip() for p in _morceaux(valeur, ";")] + [""] * 5
            lu |= {"nom": parts[0], "prenom": parts[1], "civilite": parts[3]}
        elif nom == "TEL":
            numero = re.sub(r"^tel:", "", _texte(valeur), flags=re.IGNORECASE)
            lu.setdefault("telephone_prive" if "HOME" in types else "telephone", numero)
        elif nom == "ORG":
            parts = [p.strip() for p in _morceaux(valeur, ";")] + [""]
            lu |= {"organisation": parts[0], "service": parts[1]}
        elif nom == "ADR" and "adresse" not in lu:
            parts = [p.strip() for p in _morceaux(valeur, ";")]
            lu["adresse"] = "\n".join(filter(None, _adresse(parts)))
        elif nom == "CATEGORIES":
            etiquettes += [m.strip() for m in _morceaux(valeur, ",") if m.strip()]
        elif nom in _SIMPLES:
            lu.setdefault(_SIMPLES[nom], re.sub(r"^mailto:", "", _texte(valeur), flags=re.IGNORECASE))
    if not lu.get("nom"):
        lu["prenom"], lu["nom"] = _du_nom_entier(lu.get("entier", ""), lu.get("prenom", ""))
    lu.pop("entier", None)
    return Carte(**lu, etiquettes=tuple(dict.fromkeys(etiquettes)))


_SIMPLES = {"FN": "entier", "EMAIL": "email", "TITLE": "fonction", "NOTE": "note"}


def _adresse(parts: list[str]) -> list[str]:
    """Box, complement, street, then "94000 Créteil", region and country."""
    parts = parts + [""] * (7 - len(parts))
    return [*parts[:3], f"{parts[5]} {parts[3]}".strip(), parts[4], parts[6]]


def _du_nom_entier(entier: str, prenom: str) -> tuple[str, str]:
    if prenom and entier in ("", prenom):
        return "", prenom
    debut, _, fin = entier.rpartition(" ")
    return debut, fin
