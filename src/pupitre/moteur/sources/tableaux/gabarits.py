"""A partner's earlier files help to read the next one: what changed in its titles, what they meant elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.fichiers.feuille import Feuille
from pupitre.moteur.sources.lecture.periodes import lire_periode
from pupitre.moteur.sources.lecture.personnes import est_nominative
from pupitre.moteur.sources.lecture.textes import est_total, nettoyer
from pupitre.moteur.sources.tableaux.proposition import confirme
from pupitre.moteur.sources.tableaux.tableau import est_une_lettre, ligne_entete
from pupitre.moteur.sources.tableaux.titres import completer_titres

T = TypeVar("T")
# Two titles alike enough to be one, and enough of the titles in common to be the same table.
MEME_TITRE = 82.0
MEME_TABLE = 0.6


@dataclass(frozen=True, slots=True)
class Ecart:
    """What differs between the titles of a file and those that its gabarit names.

    Attributes:
        disparus: titles described that the file does not have.
        renommes: former title → title of the file that stands for it, with the same kind of content.
        nouveaux: titles that no earlier file had.
    """

    disparus: tuple[str, ...] = ()
    renommes: tuple[tuple[str, str], ...] = ()
    nouveaux: tuple[str, ...] = ()

    @property
    def convient(self) -> bool:
        """True when the file is read as the former ones, its renamed columns being followed."""
        return not self.disparus

    def __bool__(self) -> bool:
        return bool(self.disparus or self.renommes or self.nouveaux)


@dataclass(frozen=True, slots=True)
class Anterieur:
    """A description that served for another file: of the same partner, or of the same council."""

    nom: str
    description: Description


@dataclass(frozen=True, slots=True)
class Inspiration:
    """A proposal completed by an earlier one. `repris`: titles whose role comes from `nom`."""

    description: Description
    nom: str = ""
    repris: tuple[str, ...] = ()


def titres_de(feuille: Feuille, entete: int) -> dict[int, str]:
    """Titles of the columns, by 0-based column; the untitled left out."""
    complete = completer_titres(feuille, entete)
    titres = {c: nettoyer(complete.cellule(entete, c) or "") for c in range(complete.largeur)}
    return {c: t for c, t in titres.items() if t}


def comparer(feuille: Feuille, description: Description, connus: Iterable[str] = ()) -> Ecart:
    """Titles of the file against those of its gabarit; `connus`: every title of the files read before."""
    entete = ligne_entete(feuille, description)
    titres = titres_de(feuille, entete)
    presents = {cle(t) for t in titres.values()}
    nommes = _nommes(description)
    absents = [t for t in nommes if cle(t) not in presents and not est_une_lettre(t)]
    libres = {c: t for c, t in titres.items() if cle(t) not in {cle(n) for n in nommes}}
    renommes = _renommes(feuille, entete, absents, libres, nommes)
    avant = {cle(t) for t in (*connus, *nommes, *(n for _, n in renommes))}
    nouveaux = [
        t
        for t in libres.values()
        if connus and cle(t) not in avant and not _periode(t, description) and not est_total(t)
    ]
    return Ecart(
        tuple(t for t in absents if t not in dict(renommes)),
        renommes,
        tuple(dict.fromkeys(nouveaux)),
    )


def _nommes(description: Description) -> dict[str, Role | None]:
    """Titles that the description names, with the role that their column must have."""
    nommes: dict[str, Role | None] = {t: r for t, r in description.roles.items() if r is not Role.IGNORER}
    nommes |= dict.fromkeys(description.colonnes_nature, Role.NOMBRE)
    # A period said by its title is another title the next month: see `colonnes_periode_auto`.
    return nommes | dict.fromkeys(description.colonnes_periode, Role.NOMBRE)


def _periode(titre: str, description: Description) -> bool:
    return description.colonnes_periode_auto and lire_periode(titre, 2000) is not None


def _renommes(
    feuille: Feuille,
    entete: int,
    absents: Sequence[str],
    libres: Mapping[int, str],
    nommes: Mapping[str, Role | None],
) -> tuple[tuple[str, str], ...]:
    paires: list[tuple[float, str, int]] = []
    for ancien in absents:
        role = nommes[ancien]
        for colonne, titre in libres.items():
            note = ressemblance(ancien, titre)
            if note < MEME_TITRE or est_nominative(titre) or role is None:
                continue
            if confirme(role, feuille, entete, colonne):
                paires.append((note, ancien, colonne))
    pris: dict[str, int] = {}
    for _, ancien, colonne in sorted(paires, key=lambda p: (-p[0], p[1], p[2])):
        if ancien not in pris and colonne not in pris.values():
            pris[ancien] = colonne
    return tuple((ancien, libres[pris[ancien]]) for ancien in absents if ancien in pris)


def ressemblance(un: str, autre: str) -> float:
    """Likeness of two titles, 0 to 100: letters, words in another order, words added or cut."""
    from rapidfuzz import fuzz

    a, b = cle(un), cle(autre)
    return float(max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b), 0.95 * fuzz.token_set_ratio(a, b)))


def adapter(description: Description, renommes: Iterable[tuple[str, str]]) -> Description:
    """The same description, said with the new titles."""
    par_ancien = {cle(ancien): nouveau for ancien, nouveau in renommes}

    def renommer(titres: Mapping[str, T]) -> dict[str, T]:
        return {par_ancien.get(cle(t), t): v for t, v in titres.items()}

    return replace(
        description,
        roles=renommer(description.roles),
        colonnes_nature=renommer(description.colonnes_nature),
        colonnes_periode=renommer(description.colonnes_periode),
    )


def inspirer(
    proposee: Description, feuille: Feuille, entete: int, anterieurs: Sequence[Anterieur]
) -> Inspiration:
    """The proposal, with what the most similar earlier description says of the titles that they share."""
    titres = titres_de(feuille, entete)
    notes = [(_part_commune(titres.values(), a.description), -rang, a) for rang, a in enumerate(anterieurs)]
    notes = [n for n in notes if n[0] >= MEME_TABLE]
    if not notes:
        return Inspiration(proposee)
    modele = max(notes, key=lambda n: n[:2])[2]
    ancienne = modele.description
    repris: list[str] = []
    roles = dict(proposee.roles)
    natures = dict(proposee.colonnes_nature)
    for colonne, titre in titres.items():
        semblable = _semblable(titre, ancienne)
        if semblable is None or est_nominative(titre):
            continue
        code = ancienne.colonnes_nature.get(semblable)
        role = ancienne.roles.get(semblable)
        if code:
            natures[titre] = code
            roles.pop(titre, None)
        elif role is None or not confirme(role, feuille, entete, colonne):
            continue
        else:
            roles = {t: r for t, r in roles.items() if r is not role or role in _PLUSIEURS}
            roles[titre] = role
        repris.append(titre)
    dit = Role.NATURE in roles.values() or natures
    return Inspiration(
        replace(
            proposee,
            format=ancienne.format,
            roles=roles,
            colonnes_nature=natures,
            natures=ancienne.natures,
            communes=ancienne.communes,
            secteurs=ancienne.secteurs,
            lignes_exclues=ancienne.lignes_exclues,
            nature_fixe="" if dit else proposee.nature_fixe or ancienne.nature_fixe,
            commune_fixe=ancienne.commune_fixe,
            unite=ancienne.unite,
            granularite=ancienne.granularite,
            format_date=ancienne.format_date,
        ),
        modele.nom,
        tuple(repris),
    )


_PLUSIEURS = (Role.ADRESSE, Role.NOMBRE, Role.IGNORER)


def _part_commune(titres: Iterable[str], description: Description) -> float:
    """Share of the described titles that the file has, word for word or nearly."""
    nommes = _nommes(description)
    if not nommes:
        return 0.0
    presents = list(titres)
    trouves = sum(any(ressemblance(n, t) >= MEME_TITRE for t in presents) for n in nommes)
    return trouves / len(nommes)


def _semblable(titre: str, description: Description) -> str | None:
    nommes = _nommes(description)
    notes = [(ressemblance(n, titre), n) for n in nommes]
    note, nom = max(notes, default=(0.0, ""))
    return nom if note >= MEME_TITRE else None
