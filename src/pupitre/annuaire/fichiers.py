"""Tables of contacts as people have them: CSV of any spreadsheet, XLSX, vCard; and what each column says."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from pathlib import Path

from pupitre.annuaire import vcartes
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import cle_de_recherche

LIGNES_MAX, COLONNES_MAX, CELLULE_MAX, OCTETS_MAX = 2_000, 60, 2_000, 5_000_000
ROLES: tuple[tuple[str, str], ...] = (
    ("", "ne pas reprendre"),
    ("nom", "nom"),
    ("prenom", "prénom"),
    ("nom_entier", "prénom et nom ensemble"),
    ("civilite", "civilité"),
    ("email", "adresse électronique"),
    ("telephone", "téléphone professionnel"),
    ("telephone_prive", "téléphone privé"),
    ("organisation", "organisation"),
    ("service", "service"),
    ("fonction", "fonction"),
    ("adresse", "adresse postale"),
    ("note", "note de travail"),
    ("etiquettes", "étiquettes, séparées par des virgules"),
)
_MOTS = {
    "nom": "nom|nom de famille|last name|surname|nom usuel",
    "prenom": "prenom|first name|given name",
    "nom_entier": "nom complet|nom et prenom|prenom et nom|nom prenom|prenom nom|name|contact",
    "civilite": "civilite|titre|title|mme m|m mme",
    "email": "email|e mail|mail|courriel|adresse electronique|adresse de messagerie|e mail 1 value|adresse mail"
    "|adresse e mail",
    "telephone": "telephone|tel|telephone professionnel|tel pro|tel bureau|telephone bureau|business phone"
    "|portable professionnel|fixe|numero|ligne directe",
    "telephone_prive": "telephone prive|telephone personnel|tel perso|portable|mobile|telephone mobile"
    "|portable personnel|mobile phone|tel portable|tel prive",
    "organisation": "organisation|organisme|structure|institution|societe|company|partenaire|employeur",
    "service": "service|department|direction|bureau|unite",
    "fonction": "fonction|poste|qualite|job title|intitule|emploi",
    "adresse": "adresse|adresse postale|business address|rue",
    "note": "note|notes|note de travail|commentaire|commentaires|observations|remarques",
    "etiquettes": "etiquettes|etiquette|categories|categorie|groupes|mots cles|tags",
}


class FichierRefuse(ErreurPupitre):
    """The file of contacts cannot be read."""


@dataclass(frozen=True, slots=True)
class Tableau:
    """`roles`: what each column seems to say, to be confirmed; already sure for a vCard."""

    colonnes: list[str]
    lignes: list[list[str]]
    roles: list[str]
    sur: bool = False


def lire(chemin: Path, nom: str) -> Tableau:
    """
    Raises:
        FichierRefuse: too large, empty, or of another kind. CarteIllisible: a vCard that is not one.
    """
    if chemin.stat().st_size > OCTETS_MAX:
        raise FichierRefuse(
            "Ce fichier est trop grand pour un carnet d’adresses.",
            "Il dépasse 5\u202fMo\u202f: il contient sans doute des photos.",
            "Exportez-le sans les photos, ou en plusieurs fois.",
        )
    contenu = chemin.read_bytes()
    fin = nom.lower().rpartition(".")[2]
    if fin == "vcf" or contenu[:40].lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCARD"):
        return _de_cartes(vcartes.lire(contenu))
    lignes = _xlsx(contenu) if contenu[:2] == b"PK" else _csv(contenu, nom)
    lignes = [[_cellule(c) for c in li[:COLONNES_MAX]] for li in lignes]
    lignes = [li for li in lignes if any(li)]
    if len(lignes) < 2:
        raise FichierRefuse(
            "Ce fichier ne contient aucune personne.",
            "Il faut une première ligne de titres, puis une ligne par personne.",
            "Vérifiez que la bonne feuille est la première du classeur.",
        )
    _pas_trop(len(lignes) - 1)
    largeur = max(map(len, lignes))
    tetes, *corps = ([*li, *[""] * (largeur - len(li))] for li in lignes)
    tetes = [t or f"Colonne {i + 1}" for i, t in enumerate(tetes)]
    return Tableau(tetes, corps, proposer(tetes))


def _cellule(texte: str) -> str:
    """Without the apostrophe that our own files put before what a spreadsheet would take for a formula."""
    texte = texte.strip()
    return (texte[1:] if texte[:1] == "'" and texte[1:2] in "=+-@" and texte[1:] else texte)[:CELLULE_MAX]


def _pas_trop(nombre: int) -> None:
    if nombre > LIGNES_MAX:
        raise FichierRefuse(
            f"Ce fichier compte plus de {LIGNES_MAX} lignes.",
            "Chaque ligne se relit avant d’entrer dans l’annuaire.",
            "Coupez le fichier en plusieurs parties.",
        )


def _csv(contenu: bytes, nom: str) -> list[list[str]]:
    if b"\0" in contenu[:2000] and contenu[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise FichierRefuse(
            f"Le fichier «\u202f{nom}\u202f» n’est pas un tableau lisible.",
            "Pupitre lit les formats CSV, XLSX et vCard.",
            "Enregistrez-le au format XLSX, puis déposez-le de nouveau.",
        )
    texte = vcartes.decoder(contenu)
    premiere = next((li for li in texte.splitlines() if li.strip()), "")
    separateur = max(";\t,|", key=premiere.count)
    try:
        return list(csv.reader(io.StringIO(texte, newline=""), delimiter=separateur))
    except csv.Error as erreur:
        raise FichierRefuse(
            "Ce fichier CSV est mal formé.",
            "Des guillemets sont sans doute ouverts et jamais fermés.",
            "Ouvrez-le dans un tableur et enregistrez-le au format XLSX.",
        ) from erreur


def _xlsx(contenu: bytes) -> list[list[str]]:
    import fastexcel

    try:
        classeur = fastexcel.read_excel(contenu)
        feuille = classeur.load_sheet(0, header_row=None, dtypes="string")
        colonnes = feuille.to_arrow().to_pydict().values()
    except Exception as erreur:  # the reader raises several unrelated kinds
        raise FichierRefuse(
            "Ce classeur ne peut pas être lu.",
            "Il est peut-être protégé par un mot de passe ou abîmé.",
            "Enregistrez-le sans mot de passe au format XLSX.",
        ) from erreur
    return [["" if c is None else str(c) for c in ligne] for ligne in zip(*colonnes, strict=True)]


def proposer(colonnes: list[str]) -> list[str]:
    """The role of each column, each given once: exact words first, then near ones."""
    from rapidfuzz import fuzz, process

    roles, pris = [""] * len(colonnes), set()
    cles = [cle_de_recherche(c) for c in colonnes]
    for i, cle in enumerate(cles):
        role = next((r for r, mots in _MOTS.items() if cle in mots.split("|") and r not in pris), "")
        if role:
            roles[i] = role
            pris.add(role)
    for i, cle in enumerate(cles):
        restants = {(r, m): m for r, mots in _MOTS.items() if r not in pris for m in mots.split("|")}
        if roles[i] or not cle or not restants:
            continue
        trouve = process.extractOne(cle, restants, scorer=fuzz.ratio, score_cutoff=85)
        if trouve:
            roles[i] = trouve[2][0]
            pris.add(roles[i])
    return roles


def _de_cartes(cartes: list[vcartes.Carte]) -> Tableau:
    _pas_trop(len(cartes))
    libelles = dict(ROLES)
    champs = [c for c in vcartes.Carte.__dataclass_fields__ if c in libelles]
    lignes = [
        [", ".join(v) if isinstance(v := asdict(carte)[c], tuple) else v for c in champs] for carte in cartes
    ]
    return Tableau([libelles[c] for c in champs], lignes, champs, sur=True)
