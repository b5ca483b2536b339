"""A first description proposed from the file itself, for a person to confirm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pupitre.moteur import nomenclatures
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.fichiers.ouverture import Classeur, Feuille, ouvrir
from pupitre.moteur.sources.lecture.contexte import annee_autour, textes_autour
from pupitre.moteur.sources.lecture.lieux import lire_commune
from pupitre.moteur.sources.lecture.periodes import lire_heure, lire_jour, lire_periode
from pupitre.moteur.sources.lecture.personnes import est_nominative
from pupitre.moteur.sources.lecture.textes import est_total, lire_compte, nettoyer
from pupitre.moteur.sources.tableaux.adresses import PART_DE_VOIES, colonnes_du_numero, nomme_une_voie
from pupitre.moteur.sources.tableaux.suites import FAMILLE
from pupitre.moteur.sources.tableaux.titres import completer_titres, descendre

# First match wins: "date de l'incident" is a date before being an incident.
TITRES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(motif))
    for role, motif in (
        (Role.SUITE, r"suites?\b"),
        (
            Role.IGNORER,
            r"n°|num(?:ero)?\b|id\b|reference|observation|commentaire|suite|cumul|variation|evol|taux|%|part\b"
            r"|(?:nombre d'|nb d')?habitants|population",
        ),
        (Role.HEURE_FIN, r"heure (?:de )?(?:la )?fin\b|jusqu\W?a quelle heure"),
        (
            Role.DATE_FIN,
            r"(?:date|jour)(?: et heure)? (?:de )?(?:la )?fin\b|fin (?:des faits|le)\b|jusqu\W?au\b",
        ),
        (Role.DATE, r"date|jour\b"),
        (Role.HEURE, r"heure|horaire"),
        (Role.LON, r"lon(?:gitude|g)?\b|x\b|coord\w*[ _]?x"),
        (Role.LAT, r"lat(?:itude)?\b|y\b|coord\w*[ _]?y"),
        (Role.PERIODE, r"mois|periode|annee|trimestre|semestre|semaine|month"),
        (Role.DEPARTEMENT, r"(?:code[ _]?)?dep(?:artements?)?\b"),
        (Role.COMMUNE, r"commune|ville|insee|code ?insee|codgeo"),
        (Role.SECTEUR, r"secteur|quartier|iris|qpv"),
        (
            Role.ADRESSE,
            r"adresse|(?:.*[ _])?(?:voie|rue)\b|n° (?:et|de|voie)|lieu|localisation|emplacement",
        ),
        (Role.GRAVITE, r"gravite"),
        (Role.NOMBRE, r"nombre|nb\b|nbre|total|effectif|quantite|n\b|faits\b|volume|count"),
        (Role.NATURE, r"nature|type|categorie|incident|motif|evenement|libelle|objet|infraction|crime"),
        (
            Role.TERRITOIRE,
            r"lieu|residence|site|ligne|etablissement|gare|arret|station|patrimoine|territoire|groupe",
        ),
    )
)
LIGNES_LUES = 200
FEUILLE_DE_CHOIX = "Listes"


def proposer_description(fichier: Path, nom: str | None = None) -> Description:
    """Guesses sheet, header row, roles of columns and months in columns. Raises FichierRefuse like `ouvrir`.

    A proposal: nothing is published on it without a person's confirmation. What changes from one delivery to
    the next (year, month, separator) is left to be read in each file.
    """
    return proposer(ouvrir(fichier), Path(nom or fichier.name).stem)


def proposer(
    classeur: Classeur, nom_fichier: str = "", nom_feuille: str = "", entete: int | None = None
) -> Description:
    """Same as `proposer_description`, on a file already opened; a person may have said the sheet and the row
    of titles (0-based).
    """
    # What may be chosen in the files that we hand out to be filled in is no data.
    noms = [n for n in classeur.noms if n != FEUILLE_DE_CHOIX] or classeur.noms
    nom = nom_feuille or max(noms, key=lambda n: (_remplissage(classeur.feuille(n)), -noms.index(n)))
    feuille = classeur.feuille(nom)
    if entete is None:
        entete = trouver_entete(feuille)
    feuille = completer_titres(feuille, entete)
    contexte = textes_autour(feuille, entete, nom_fichier)
    annee = annee_autour(contexte)
    roles: dict[str, Role] = {}
    periodes = False
    natures: dict[str, str] = {}
    for colonne in range(feuille.largeur):
        titre = nettoyer(feuille.cellule(entete, colonne) or "")
        if not titre or est_total(titre) or est_nominative(titre):
            continue
        duree = lire_periode(titre, annee or 2000)
        if duree is not None and _compte(feuille, entete, colonne):
            periodes = True
            continue
        role = _role(feuille, entete, colonne, titre, set(roles.values()))
        # "Nombre de policiers municipaux" says what is counted: it is not the one column of numbers.
        if role is Role.NOMBRE and nomenclatures.reconnaitre_nature(titre):
            role = None
        if role is not None:
            roles[titre] = role
        elif _compte(feuille, entete, colonne):
            proche = nomenclatures.reconnaitre_nature(titre)
            if proche:
                natures[titre] = proche[0]
    roles |= _numeros_de_voie(feuille, entete, roles)
    _par_contenu(feuille, entete, roles, natures, periodes)
    if periodes or natures:
        roles = {t: r for t, r in roles.items() if r is not Role.NOMBRE}
    presents = set(roles.values())
    evenements = Role.DATE in presents and Role.NOMBRE not in presents and not periodes and not natures
    return Description(
        format="faits" if evenements else "comptages",
        feuille=feuille.nom if len(noms) > 1 else "",
        ligne_entete=feuille.lieu(entete)["ligne"] or 0,
        roles=roles,
        colonnes_periode_auto=periodes,
        colonnes_nature=natures,
        nature_fixe="" if Role.NATURE in presents or natures else _nature_du_titre(contexte),
    )


def _remplissage(feuille: Feuille) -> int:
    return sum(len(c) - c.null_count for c in feuille.colonnes)


# What a library writes over columns that had no title.
_SANS_TITRE = re.compile(r"unnamed: \d+\Z")


def trouver_entete(feuille: Feuille) -> int:
    """0-based row that looks most like titles: many distinct texts, and other kinds of cells under it."""
    meilleur, score = 0, -1.0
    for ligne in range(min(30, feuille.hauteur)):
        rangee = [
            c.strip() for c in feuille.rangee(ligne) if c and c.strip() and not _SANS_TITRE.match(cle(c))
        ]
        textes = {cle(c) for c in rangee if lire_compte(c).n is None or lire_periode(c) is not None}
        if not textes:
            continue
        connus = sum(1 for t in textes if any(m.match(t) for _, m in TITRES) or lire_periode(t, 2000))
        dessous = sum(1 for c in feuille.rangee(ligne + 1) if c) if ligne + 1 < feuille.hauteur else 0
        note = len(textes) + 2 * connus + 0.5 * min(dessous, len(rangee)) - 0.3 * ligne
        # A banner is one long text alone on its row.
        if len(rangee) == 1 and feuille.largeur > 1:
            note -= 5
        if note > score:
            meilleur, score = ligne, note
    return descendre(feuille, meilleur)


def _numeros_de_voie(feuille: Feuille, entete: int, roles: dict[str, Role]) -> dict[str, Role]:
    """Columns of numbers and repetitions written just before the column of streets."""
    titres = [nettoyer(feuille.cellule(entete, c) or "") for c in range(feuille.largeur)]
    return {
        titres[avant]: Role.ADRESSE
        for colonne, titre in enumerate(titres)
        if roles.get(titre) is Role.ADRESSE
        for avant in colonnes_du_numero(feuille, entete, colonne)
        if titres[avant] not in roles
    }


def _valeurs(feuille: Feuille, entete: int, colonne: int) -> Sequence[str]:
    return feuille.ecrits(colonne, entete + 1, LIGNES_LUES)


def _compte(feuille: Feuille, entete: int, colonne: int) -> bool:
    valeurs = _valeurs(feuille, entete, colonne)
    bons = sum(n for v, n in Counter(valeurs).items() if not lire_compte(v).faute)
    return bool(valeurs) and bons >= 0.6 * len(valeurs)


def _role(feuille: Feuille, entete: int, colonne: int, titre: str, pris: set[Role]) -> Role | None:
    valeurs = _valeurs(feuille, entete, colonne)
    for role, motif in TITRES:
        if role in pris and role is not Role.IGNORER:
            continue
        if motif.match(cle(titre)) and _confirme(role, valeurs):
            return None if role is Role.IGNORER else role
    for role, motif in TITRES:
        if role in pris or role is Role.IGNORER:
            continue
        if re.search(rf"\b(?:{motif.pattern})", cle(titre)) and _confirme(role, valeurs):
            return role
    return None


def confirme(role: Role, feuille: Feuille, entete: int, colonne: int) -> bool:
    """True when the cells of a column agree with that role."""
    return _confirme(role, _valeurs(feuille, entete, colonne))


def _confirme(role: Role, valeurs: Sequence[str]) -> bool:
    """The cells under a title agree with it."""
    if not valeurs or role in (Role.IGNORER, Role.TERRITOIRE, Role.SECTEUR):
        return True
    essais: dict[Role, Callable[[str], bool]] = {
        Role.DATE: lambda v: lire_jour(v) is not None,
        Role.HEURE: lambda v: lire_heure(v) is not None,
        Role.DATE_FIN: lambda v: lire_jour(v) is not None,
        Role.HEURE_FIN: lambda v: lire_heure(v) is not None,
        Role.PERIODE: lambda v: lire_periode(v, 2000) is not None,
        Role.NOMBRE: lambda v: not lire_compte(v).faute,
        Role.DEPARTEMENT: lambda v: re.search(r"(?<!\d)(?:\d\d|2[abAB]|97\d)(?!\d)", v) is not None,
        Role.LON: lambda v: re.match(r"-?\d+[.,]?\d*\Z", v.strip()) is not None,
        Role.LAT: lambda v: re.match(r"-?\d+[.,]?\d*\Z", v.strip()) is not None,
        Role.GRAVITE: lambda v: v.strip()[:1].isdigit(),
        Role.NATURE: lambda v: lire_compte(v).n is None,
        Role.ADRESSE: nomme_une_voie,
        Role.SUITE: lambda v: nomenclatures.reconnaitre_nature(v, FAMILLE) is not None,
        Role.COMMUNE: lambda v: bool(lire_commune(v, {}).code) or not v.strip().isdigit(),
    }
    part = PART_DE_VOIES if role in (Role.ADRESSE, Role.DEPARTEMENT) else 0.5
    return sum(1 for v in valeurs if essais[role](v)) >= part * len(valeurs)


_CERTAIN = 0.8


def _par_contenu(
    feuille: Feuille, entete: int, roles: dict[str, Role], natures: dict[str, str], periodes: bool
) -> None:
    """Roles that no title says, given to the columns whose cells leave little doubt."""
    essais: tuple[tuple[Role, Callable[[str], bool]], ...] = (
        (Role.DATE, lambda v: lire_jour(v) is not None and not v.strip().isdigit()),
        (Role.PERIODE, lambda v: lire_periode(v, 2000) is not None and not v.strip().isdigit()),
        (Role.HEURE, lambda v: re.match(r"\d\d?\s*[h:]\s*\d*", v.strip()) is not None),
        (Role.NATURE, lambda v: nomenclatures.reconnaitre_nature(v) is not None),
        (Role.ADRESSE, nomme_une_voie),
    )
    dits = {cle(t) for t in (*roles, *natures)}
    for colonne in range(feuille.largeur):
        titre = nettoyer(feuille.cellule(entete, colonne) or "")
        if not titre or cle(titre) in dits or est_total(titre) or est_nominative(titre) or _ecarte(titre):
            continue
        valeurs = _valeurs(feuille, entete, colonne)
        if not valeurs or (lire_periode(titre, 2000) is not None and _compte(feuille, entete, colonne)):
            continue
        for role, essai in essais:
            deja = role in roles.values() or (role is Role.NATURE and natures)
            deja = deja or (role in (Role.DATE, Role.PERIODE) and (periodes or _datee(roles)))
            if not deja and sum(map(essai, valeurs)) >= _CERTAIN * len(valeurs):
                roles[titre] = role
                break


def _datee(roles: dict[str, Role]) -> bool:
    return bool({Role.DATE, Role.PERIODE} & set(roles.values()))


def _ecarte(titre: str) -> bool:
    """A title that says by itself not to be read."""
    return next(m for r, m in TITRES if r is Role.IGNORER).match(cle(titre)) is not None


def _nature_du_titre(contexte: list[str]) -> str:
    """ "Occupations de hall, suivi du bailleur": the title, or one of its parts, names the nature."""
    for texte in contexte:
        for morceau in (texte, *re.split(r"\s*[,:;()–]\s*|\s-\s", texte)):
            proche = nomenclatures.reconnaitre_nature(morceau)
            if proche:
                return proche[0]
    return ""
