"""What the words of a command line designate in a file: natures, a territory, a period."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.mesures import Pas, libelle
from pupitre.moteur.resultats import Periode
from pupitre.socle.texte import cle_de_recherche, enumeration

_PROCHES = 5


class DemandeRefusee(ErreurPupitre):
    """A word of the command line designates nothing in the file."""


def natures(texte: str) -> tuple[str, ...]:
    """ "27,28" → ("4001:27", "4001:28"): a bare number is an index of the état 4001."""
    codes = tuple(
        f"4001:{int(mot)}" if mot.isdecimal() else mot for mot in (m.strip() for m in texte.split(",")) if mot
    )
    if not codes:
        raise DemandeRefusee(
            "Aucune nature de faits n’est demandée.",
            "L’option --nature est vide.",
            "Donnez un index du 4001 (27), plusieurs (27,28), ou un code (ssmsi:cambriolages_logement).",
        )
    return codes


def territoire(demande: str | None, connus: Sequence[str]) -> str:
    """The name as the partner writes it; case, accents and spacing of the request do not matter.

    Raises:
        DemandeRefusee: unknown, with the nearest names; or none asked for and several in the file.
    """
    if demande is None:
        if len(connus) == 1:
            return connus[0]
        raise DemandeRefusee(
            "Le territoire n’est pas précisé.",
            f"Le fichier en contient {len(connus)}, dont {enumeration(list(connus[:3]))}.",
            "Ajoutez --territoire avec l’un de ces noms.",
        )
    if demande in connus:
        return demande
    cle = cle_de_recherche(demande)
    memes = [nom for nom in connus if cle_de_recherche(nom) == cle]
    if len(memes) == 1:
        return memes[0]
    proches = memes or _proches(cle, connus)
    raise DemandeRefusee(
        f"Le territoire «\u202f{demande}\u202f» n’est pas dans ce fichier.",
        f"Les noms les plus proches sont\u202f: {', '.join(proches)}."
        if proches
        else "Aucun nom du fichier ne lui ressemble.",
        "Reprenez le nom exact du fichier («\u202fpupitre lire FICHIER --json\u202f» les donne tous).",
    )


def _proches(cle: str, connus: Sequence[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    trouves = process.extract(
        cle, [cle_de_recherche(n) for n in connus], scorer=fuzz.WRatio, limit=_PROCHES, score_cutoff=50
    )
    return [connus[rang] for _, _, rang in trouves]


def periode(texte: str) -> tuple[Periode, Pas]:
    """ "2020", "2020-05", "2020-T2", "2019-2020" between dots ("2019..2020", "2020-01..2020-05").

    Raises:
        DemandeRefusee: another writing, a month that does not exist, an end before the beginning.
    """
    debut_texte, sep, fin_texte = texte.strip().partition("..")
    debut, fin, pas = _une(debut_texte, texte)
    if not sep:
        return Periode(debut, fin, libelle(debut, pas)), pas
    autre, fin, meme = _une(fin_texte, texte)
    if meme is not pas or autre < debut:
        raise _periode_refusee(
            texte, "Les deux bornes doivent être de même sorte, la première avant la seconde."
        )
    return Periode(debut, fin, f"de {libelle(debut, pas)} à {libelle(autre, pas)}"), pas


def _une(texte: str, tout: str) -> tuple[date, date, Pas]:
    trouve = re.fullmatch(r"(?P<a>[0-9]{4})(?:-(?:(?P<m>[0-9]{2})|T(?P<t>[1-4])))?", texte.strip())
    if trouve is None or int(trouve["a"]) == 0:
        raise _periode_refusee(tout, "Ce n’est ni une année, ni un mois, ni un trimestre.")
    annee = int(trouve["a"])
    if trouve["m"]:
        premier, dernier, pas = int(trouve["m"]), int(trouve["m"]), Pas.MOIS
        if not 1 <= premier <= 12:
            raise _periode_refusee(tout, f"Le mois {trouve['m']} n’existe pas.")
    elif trouve["t"]:
        dernier = 3 * int(trouve["t"])
        premier, pas = dernier - 2, Pas.TRIMESTRE
    else:
        premier, dernier, pas = 1, 12, Pas.ANNEE
    return date(annee, premier, 1), date(annee, dernier, calendar.monthrange(annee, dernier)[1]), pas


def _periode_refusee(texte: str, pourquoi: str) -> DemandeRefusee:
    return DemandeRefusee(
        f"La période «\u202f{texte}\u202f» n’est pas comprise.",
        pourquoi,
        "Écrivez 2020, 2020-05, 2020-T2, ou une étendue\u202f: 2019..2020, 2020-01..2020-05.",
    )
