"""How a person says what each column of a partner's table means, and has the file read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from pupitre.moteur import nomenclatures
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources import Description, Role
from pupitre.moteur.sources import lire as lire_fichier
from pupitre.moteur.sources.comptages import choisir_feuille, regler
from pupitre.moteur.sources.fichiers.feuille import lettre
from pupitre.moteur.sources.fichiers.ouverture import Classeur, Feuille, ouvrir
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.periodes import lire_periode
from pupitre.moteur.sources.lecture.personnes import est_nominative
from pupitre.moteur.sources.lecture.textes import est_total, nettoyer
from pupitre.moteur.sources.tableaux.gabarits import titres_de
from pupitre.moteur.sources.tableaux.proposition import proposer
from pupitre.moteur.sources.tableaux.tableau import colonnes_de_periode, ligne_entete
from pupitre.moteur.sources.tableaux.titres import completer_titres
from pupitre.observatoire.collecte import gabarits, rapprochements, services
from pupitre.observatoire.collecte.rapprochements import Choix, Rapprochement
from pupitre.observatoire.etats import OUVERTES, Etat
from pupitre.observatoire.models import Livraison
from pupitre.observatoire.selectors import etat_de

# A column of counts whose header says the period, or the nature.
PERIODES, NATURES = "periodes", "natures"
LIBELLES_ROLES: tuple[tuple[str, str], ...] = (
    ("", "ne pas lire"),
    (Role.PERIODE, "période"),
    (Role.NATURE, "nature"),
    (Role.COMMUNE, "commune"),
    (Role.DEPARTEMENT, "département des communes"),
    (Role.TERRITOIRE, "territoire ou lieu"),
    (Role.SECTEUR, "secteur"),
    (Role.ADRESSE, "adresse, ou partie d’adresse"),
    (Role.NOMBRE, "nombre"),
    (PERIODES, "nombre, période dans l’en-tête"),
    (NATURES, "nombre, nature dans l’en-tête"),
    (Role.DATE, "date"),
    (Role.HEURE, "heure"),
    (Role.DATE_FIN, "date de fin, au plus tard"),
    (Role.HEURE_FIN, "heure de fin, au plus tard"),
    (Role.LON, "longitude ou X"),
    (Role.LAT, "latitude ou Y"),
    (Role.GRAVITE, "gravité"),
    (Role.SUITE, "suite donnée"),
    (Role.IGNORER, "détail, lignes à additionner"),
)
COMPTES = (Role.NOMBRE, PERIODES, NATURES)
PLUSIEURS = ("", PERIODES, NATURES, Role.IGNORER, Role.ADRESSE)
LIGNES_MONTREES, COLONNES_MONTREES = 15, 80
MASQUE = "•••"


class SaisieRefusee(Exception):
    """What was said of the columns does not make a description. `champs`, `colonnes`: where → why."""

    def __init__(self, champs: Mapping[str, str], colonnes: Mapping[int, str]) -> None:
        super().__init__("; ".join([*champs.values(), *colonnes.values()]))
        self.champs = dict(champs)
        self.colonnes = dict(colonnes)


@dataclass(frozen=True)
class Saisie:
    """What a person says of a file. `roles`: 0-based column → role; `choix`: (kind, label) → answer."""

    format: str
    feuille: str
    ligne_entete: int
    roles: Mapping[int, str] = field(default_factory=dict)
    choix: Mapping[Choix, str] = field(default_factory=dict)
    nature_fixe: str = ""
    commune_fixe: str = ""
    unite: str = ""
    granularite: str = ""
    annee: int = 0


@dataclass(frozen=True, slots=True)
class Colonne:
    rang: int
    lettre: str
    titre: str
    role: str
    nominative: bool


@dataclass(frozen=True, slots=True)
class Ligne:
    """`genre`: what the row is taken for, as the columns are described now (`reperes.Genre`)."""

    numero: int
    cellules: tuple[str, ...]
    entete: bool
    genre: str = ""


@dataclass(frozen=True)
class Apercu:
    """The beginning of the file as read, and what is to be said of it."""

    feuille: str
    ligne_entete: int
    colonnes: tuple[Colonne, ...]
    lignes: tuple[Ligne, ...]
    a_rapprocher: tuple[Rapprochement, ...]
    colonnes_de_plus: int


@dataclass(frozen=True)
class Fichier:
    """A delivery opened to be described. Raises FichierRefuse when it cannot be opened."""

    livraison: Livraison
    classeur: Classeur
    ancienne: Description

    @classmethod
    def de(cls, livraison: Livraison) -> Fichier:
        gardee = livraison.source.description
        if livraison.lecture.get("a_retenir"):
            # What was proposed for this very file, and waits to be confirmed.
            gardee = livraison.lecture["description"]
        return cls(
            livraison, ouvrir(livraison.fichier), Description.from_dict(gardee) if gardee else Description()
        )

    @property
    def feuilles(self) -> tuple[str, ...]:
        return self.classeur.noms if self.classeur.genre != "csv" else ()

    def feuille(self, nom: str) -> Feuille:
        return self.classeur.feuille(nom if nom in self.classeur.noms else None)

    def saisie(self) -> Saisie:
        """What is known today: the description of the source, or else a proposal."""
        source = self.livraison.source
        if not source.description and not self.livraison.lecture.get("a_retenir"):
            return self._saisie(proposer(self.classeur, self.livraison.nom), source.format)
        return self._saisie(self.ancienne, source.format)

    def proposition(self, feuille: str, entete: int, format: str) -> Saisie:
        """A proposal for another sheet or another row of titles (1-based)."""
        choisie = self.feuille(feuille)
        description = proposer(self.classeur, self.livraison.nom, choisie.nom, rang_de(choisie, entete))
        return self._saisie(description, format)

    def _saisie(self, description: Description, format: str) -> Saisie:
        feuille = self.feuille(description.feuille)
        entete = ligne_entete(feuille, description)
        feuille = completer_titres(feuille, entete)
        return Saisie(
            format=format,
            feuille=feuille.nom,
            ligne_entete=feuille.lieu(entete)["ligne"] or 1,
            roles=_roles(feuille, entete, description),
            choix={("entete", t): code for t, code in description.colonnes_nature.items()},
            nature_fixe=description.nature_fixe,
            commune_fixe=description.commune_fixe,
            unite=description.unite,
            granularite=description.granularite,
            annee=description.annee,
        )

    def apercu(self, saisie: Saisie) -> Apercu:
        feuille = self.feuille(saisie.feuille)
        entete = rang_de(feuille, saisie.ligne_entete)
        feuille = completer_titres(feuille, entete)
        colonnes = tuple(
            Colonne(
                c,
                lettre(c + feuille.premiere_colonne),
                nettoyer(feuille.cellule(entete, c) or ""),
                saisie.roles.get(c, ""),
                est_nominative(feuille.cellule(entete, c) or ""),
            )
            for c in range(min(feuille.largeur, COLONNES_MONTREES))
        )
        debut = max(0, entete - 3) if entete >= LIGNES_MONTREES - 5 else 0
        description = self._description(feuille, entete, saisie)
        montrees = range(debut, min(feuille.hauteur, debut + LIGNES_MONTREES))
        genres = rapprochements.genres(feuille, description, montrees)
        masques = {c.rang for c in colonnes if c.nominative}
        lignes = []
        for i in montrees:
            textes = feuille.rangee(i, COLONNES_MONTREES)
            cellules = tuple(
                MASQUE if t and c in masques and i > entete else nettoyer(t or "")
                for c, t in enumerate(textes)
            )
            lignes.append(Ligne(feuille.lieu(i)["ligne"] or 0, cellules, i == entete, genres.get(i, "")))
        choix = {k: v for k, v in saisie.choix.items() if k[0] != "entete"}
        for c in colonnes:
            if c.role == NATURES:
                connue = nomenclatures.reconnaitre_nature(c.titre)
                choix[("entete", c.titre)] = saisie.choix.get(
                    ("entete", c.titre), connue[0] if connue else ""
                )
        return Apercu(
            feuille.nom,
            saisie.ligne_entete,
            colonnes,
            tuple(lignes),
            rapprochements.trouver(feuille, description, choix, self.livraison.source.conseil),
            max(0, feuille.largeur - COLONNES_MONTREES),
        )

    def composer(self, saisie: Saisie) -> Description:
        """The description that a person's answers make.

        Raises:
            SaisieRefusee: a role is missing, said twice, or does not go with the others.
        """
        feuille = self.feuille(saisie.feuille)
        if not 1 <= saisie.ligne_entete <= (feuille.lieu(feuille.hauteur - 1)["ligne"] or 1):
            raise SaisieRefusee({"ligne_entete": "Cette ligne n’est pas dans le fichier."}, {})
        entete = rang_de(feuille, saisie.ligne_entete)
        feuille = completer_titres(feuille, entete)
        champs, colonnes = _controler(feuille, entete, saisie)
        if champs or colonnes:
            raise SaisieRefusee(champs, colonnes)
        description = self._description(feuille, entete, saisie)
        return rapprochements.appliquer(description, saisie.choix)

    def _description(self, feuille: Feuille, entete: int, saisie: Saisie) -> Description:
        """The answers as a description, labels left as they were."""
        roles: dict[str, Role] = {}
        periodes: dict[str, str] = {}
        natures: dict[str, str] = {}
        choisies: list[int] = []
        for c, role in sorted(saisie.roles.items()):
            titre = nettoyer(feuille.cellule(entete, c) or "")
            if not role or c >= feuille.largeur or est_nominative(titre):
                continue
            if role == PERIODES:
                choisies.append(c)
                periodes[titre] = titre
            elif role == NATURES:
                natures[titre] = saisie.choix.get(("entete", titre), "")
            else:
                roles[_nom_de_colonne(feuille, entete, c)] = Role(role)
        autres = {c for c, r in saisie.roles.items() if r and r != PERIODES}
        toutes = [c for c in colonnes_de_periode(feuille, entete, saisie.annee) if c not in autres]
        automatique = bool(choisies) and choisies == toutes
        dite = feuille.lieu(entete)["ligne"] or 0
        faite = replace(
            self.ancienne,
            format=saisie.format,
            feuille=feuille.nom if len(self.classeur.noms) > 1 else "",
            ligne_entete=dite,
            roles=roles,
            colonnes_periode={} if automatique else periodes,
            colonnes_periode_auto=automatique,
            colonnes_nature={t: code for t, code in natures.items() if code},
            annee=saisie.annee,
            nature_fixe=saisie.nature_fixe,
            commune_fixe=saisie.commune_fixe,
            unite=saisie.unite,
            granularite=saisie.granularite,
            # A period said by columns wins over one that a former description gave to the whole file.
            periode_fixe=""
            if choisies or {Role.PERIODE, Role.DATE} & set(roles.values())
            else self.ancienne.periode_fixe,
        )
        trouvee = ligne_entete(feuille, replace(faite, ligne_entete=0))
        return replace(faite, ligne_entete=0) if trouvee == entete else faite


def rang_de(feuille: Feuille, numero: int) -> int:
    """0-based row of a 1-based row of the file, kept within the sheet."""
    if feuille.numeros:
        return next((i for i, n in enumerate(feuille.numeros) if n >= numero), 0)
    return min(max(numero - 1, 0), max(feuille.hauteur - 1, 0))


def _nom_de_colonne(feuille: Feuille, entete: int, colonne: int) -> str:
    """The header when it names this column alone, else its letter."""
    titre = feuille.cellule(entete, colonne) or ""
    if titre.strip():
        pareils = [c for c in range(feuille.largeur) if cle(feuille.cellule(entete, c) or "") == cle(titre)]
        if pareils[0] == colonne:
            return nettoyer(titre)
    return lettre(colonne + feuille.premiere_colonne)


def _roles(feuille: Feuille, entete: int, description: Description) -> dict[int, str]:
    dits = {cle(n): str(r) for n, r in description.roles.items()}
    dits |= {cle(n): PERIODES for n in description.colonnes_periode}
    dits |= {cle(n): NATURES for n in description.colonnes_nature}
    roles: dict[int, str] = {}
    for c in range(feuille.largeur):
        nom = _nom_de_colonne(feuille, entete, c)
        if cle(nom) in dits:
            roles[c] = dits[cle(nom)]
    if description.colonnes_periode_auto:
        roles |= {
            c: PERIODES for c in colonnes_de_periode(feuille, entete, description.annee) if c not in roles
        }
    return roles


def _controler(feuille: Feuille, entete: int, saisie: Saisie) -> tuple[dict[str, str], dict[int, str]]:
    champs: dict[str, str] = {}
    colonnes: dict[int, str] = {}
    noms = dict(LIBELLES_ROLES)
    premiere: dict[str, int] = {}
    for c, role in sorted(saisie.roles.items()):
        titre = nettoyer(feuille.cellule(entete, c) or "")
        if role and est_nominative(titre):
            colonnes[c] = "Cette colonne semble désigner des personnes\u202f: elle ne peut pas être lue."
        elif role not in PLUSIEURS and premiere.setdefault(role, c) != c:
            ailleurs = lettre(premiere[role] + feuille.premiere_colonne)
            colonnes[c] = f"Le rôle «\u202f{noms[role]}\u202f» est déjà celui de la colonne {ailleurs}."
        elif role == PERIODES and lire_periode(titre, saisie.annee or 2000) is None:
            colonnes[c] = f"L’en-tête «\u202f{titre}\u202f» n’est pas une période."
        elif role == NATURES and not saisie.choix.get(("entete", titre)):
            colonnes[c] = f"Choisissez plus bas la nature que compte la colonne «\u202f{titre}\u202f»."
        elif role in COMPTES and est_total(titre) and role != Role.NOMBRE:
            colonnes[c] = "Une colonne de total compterait deux fois."
    presents = {r for r in saisie.roles.values() if r}
    if saisie.format == "faits":
        if not presents & {Role.DATE, Role.PERIODE}:
            champs["format"] = "Une liste de faits a besoin d’une colonne de dates\u202f: choisissez-la."
        elif presents & {PERIODES, NATURES}:
            champs["format"] = "Avec des nombres sous chaque en-tête, ce fichier est un tableau de comptages."
    elif not presents & set(COMPTES):
        champs["format"] = (
            "Aucune colonne de nombres n’est choisie\u202f: un tableau de comptages en a au moins une."
        )
    elif len(presents & set(COMPTES)) > 1:
        champs["format"] = (
            "Les nombres se lisent d’une seule façon\u202f: en colonne, par période ou par nature."
        )
    dit_nature = presents & {Role.NATURE, NATURES}
    if dit_nature and saisie.nature_fixe:
        champs["nature_fixe"] = "Une colonne dit déjà la nature\u202f: gardez l’une ou l’autre."
    elif not dit_nature and not saisie.nature_fixe:
        champs["nature_fixe"] = "Choisissez la colonne des natures, ou la nature de tout le fichier."
    if len(presents & {Role.LON, Role.LAT}) == 1:
        champs["format"] = "Un point a besoin de ses deux coordonnées\u202f: longitude et latitude."
    return champs, colonnes


def titres_lus(classeur: Classeur, description: Description) -> tuple[str, ...]:
    feuille = choisir_feuille(regler(classeur, description), description, Journal())
    return tuple(dict.fromkeys(titres_de(feuille, ligne_entete(feuille, description)).values()))


def rejouable(livraison: Livraison) -> bool:
    """True when the file can be read again: a published delivery keeps the figures that it gave."""
    return etat_de(livraison) not in (Etat.PUBLIEE, Etat.REMPLACEE)


def relire(*, livraison: Livraison, description: Description, auteur=None) -> Livraison:
    """Keep the description for the source and read the file with it.

    A delivery that was rejected stays so: the same file makes a new one, which is returned. One that is
    published does not change: the description will serve for the next files.

    Raises:
        ErreurPupitre: the file cannot be read that way; nothing is kept then.
    """
    lire_fichier(livraison.fichier, format=description.format, description=description, nom=livraison.nom)
    etat = etat_de(livraison)
    if etat == Etat.REJETEE:
        livraison = services.deposer(
            source=livraison.source, fichier=livraison.fichier, nom=livraison.nom, auteur=auteur
        )
    with transaction.atomic():
        gabarits.enregistrer(
            source=livraison.source,
            description=description,
            format=description.format,
            motif=gabarits.Motif.COLONNES,
            auteur=auteur,
            origine=livraison,
            entetes=titres_lus(ouvrir(livraison.fichier), description),
        )
    if etat == Etat.REJETEE or etat in OUVERTES:
        livraison = services.lire(livraison=livraison, auteur=auteur)
    return livraison
