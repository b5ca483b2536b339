"""A partner's table of facts of note, row by row: what is understood is kept, the rest is said with its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources.fichiers.ouverture import Feuille, ouvrir
from pupitre.moteur.sources.lecture.periodes import lire_jour
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.proposition import trouver_entete
from pupitre.observatoire.diffusion import faits_marquants
from pupitre.observatoire.diffusion.faits_marquants import FaitRefuse
from pupitre.observatoire.models import FaitMarquant
from pupitre.territoires.models import Conseil

_TITRES = {
    "jour": ("date", "jour", "quand"),
    "commune": ("commune", "ville"),
    "texte": ("fait", "faits", "description", "resume", "libelle", "evenement", "quoi", "nature"),
    "secteur": ("secteur", "quartier", "lieu"),
    "commentaire": ("commentaire", "observation", "suite"),
}
_GENRES = (
    (FaitMarquant.Genre.ARME, ("arme", "couteau", "fusil", "coups de feu", "tir ")),
    (FaitMarquant.Genre.INCENDIE, ("incendie", "feu de", "vehicule brule", "brules")),
    (FaitMarquant.Genre.REPETITIF, ("serie", "repet", "a nouveau", "encore")),
)


@dataclass(frozen=True, slots=True)
class Bilan:
    """`gardes`: how many; `deja`: already there; `ecartes`: (row of the file, what is wrong)."""

    gardes: int
    deja: int
    ecartes: tuple[tuple[int, str], ...]


class TableauRefuse(ErreurPupitre):
    """The columns that a fact needs are not there."""


def importer(*, conseil: Conseil, chemin: str, nom: str, auteur=None) -> Bilan:
    """Raises FichierRefuse or TableauRefuse when no row can be read."""
    feuille = ouvrir(Path(chemin)).feuille()
    entete = trouver_entete(feuille)
    colonnes = _colonnes(feuille, entete, nom)
    communes = {cle(c.nom): c for c in conseil.communes_as_of()} | {
        c.code: c for c in conseil.communes_as_of()
    }
    secteurs = {cle(n): c for c, n in faits_marquants.secteurs(conseil)}
    gardes, deja, ecartes = 0, 0, []
    for rang in range(entete + 1, feuille.hauteur):
        lus = {champ: nettoyer(feuille.cellule(rang, i) or "") for champ, i in colonnes.items()}
        if not any(lus.values()):
            continue
        try:
            fait = _fait(lus, communes, secteurs)
            fait.conseil = conseil
            if _existe(fait):
                deja += 1
                continue
            faits_marquants.enregistrer(fait=fait, auteur=auteur)
            gardes += 1
        except ErreurPupitre as erreur:
            ecartes.append((feuille.lieu(rang)["ligne"], str(erreur)))
        except ValidationError as erreur:
            ecartes.append((feuille.lieu(rang)["ligne"], " ".join(erreur.messages)))
    return Bilan(gardes, deja, tuple(ecartes))


def _colonnes(feuille: Feuille, entete: int, nom: str) -> dict[str, int]:
    titres = {i: cle(feuille.cellule(entete, i) or "") for i in range(feuille.largeur)}
    trouvees: dict[str, int] = {}
    for champ, mots in _TITRES.items():
        for i, titre in titres.items():
            if i not in trouvees.values() and any(titre.startswith(m) for m in mots):
                trouvees[champ] = i
                break
    if manquent := [c for c in ("jour", "commune", "texte") if c not in trouvees]:
        noms = {"jour": "la date", "commune": "la commune", "texte": "le fait"}
        raise TableauRefuse(
            f"«\u202f{nom}\u202f» n’a pas de colonne pour {', '.join(noms[c] for c in manquent)}.",
            "Les titres lus sont\u202f: " + ", ".join(t for t in titres.values() if t) + ".",
            "Donnez à ces colonnes les titres «\u202fDate\u202f», «\u202fCommune\u202f» et «\u202fFait\u202f».",
        )
    return trouvees


def _fait(lus: dict[str, str], communes: dict, secteurs: dict[str, str]) -> FaitMarquant:
    jour = lire_jour(lus["jour"])
    if jour is None:
        raise FaitRefuse(
            f"«\u202f{lus['jour']}\u202f» n’est pas une date.",
            "La ligne est laissée de côté.",
            "Écrivez 03/11/2026.",
        )
    commune = communes.get(cle(lus["commune"])) or communes.get(lus["commune"])
    if commune is None:
        raise FaitRefuse(
            f"«\u202f{lus['commune']}\u202f» n’est pas une commune du conseil.",
            "La ligne est laissée de côté.",
            "Corrigez le nom, ou retirez la ligne.",
        )
    texte = cle(lus["texte"])
    genre = next((g for g, mots in _GENRES if any(m in texte for m in mots)), FaitMarquant.Genre.GRAVE)
    return FaitMarquant(
        jour=getattr(jour, "jour", jour),
        commune=commune,
        secteur=secteurs.get(cle(lus.get("secteur", "")), ""),
        texte=lus["texte"][:400],
        commentaire=lus.get("commentaire", "")[:400],
        genre=genre,
        origine=FaitMarquant.Origine.IMPORTE,
    )


def _existe(fait: FaitMarquant) -> bool:
    return FaitMarquant.objects.filter(
        conseil=fait.conseil, jour=fait.jour, commune=fait.commune, texte=fait.texte
    ).exists()
