"""A partner's own words for natures, communes and secteurs, matched by a person once and for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from pupitre.moteur import nomenclatures
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources import Description, Role
from pupitre.moteur.sources.anomalies import Journal
from pupitre.moteur.sources.lecteur_nature import LecteurNature
from pupitre.moteur.sources.lieux import lire_commune
from pupitre.moteur.sources.ouverture import Feuille
from pupitre.moteur.sources.tableau import Tableau, lire_tableau
from pupitre.moteur.sources.textes import nettoyer
from pupitre.socle import horloge
from pupitre.territoires.models import Commune, Conseil
from pupitre.territoires.selectors import decoupage_as_of

Choix: TypeAlias = tuple[str, str]
EXCLURE = "exclure"
MONTRES = 30
RESSEMBLANCE = 80.0
NOMS = {"nature": "Natures", "commune": "Communes", "secteur": "Secteurs", "entete": "Natures en en-tête"}


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """One label of the file. `choix` is what is proposed or was chosen; `fois`: how many rows carry it."""

    genre: str
    libelle: str
    fois: int
    choix: str
    propose: bool


def natures_proposees() -> list[tuple[str, list[tuple[str, str]]]]:
    """Natures that may be counted, by nomenclature, for a list of choices."""
    groupes: dict[str, list[tuple[str, str]]] = {}
    for n in sorted(nomenclatures.natures(), key=lambda n: n.nomenclature != "inc"):
        if not n.mesurable:
            continue
        parent = n.parent if n.nomenclature == "inc" else ""
        groupe = (
            nomenclatures.nature(parent).libelle
            if parent
            else nomenclatures.NOMS[n.nomenclature][:1].upper() + nomenclatures.NOMS[n.nomenclature][1:]
        )
        numero = f"{n.code.split(':')[1]}. " if n.nomenclature == "4001" else ""
        groupes.setdefault(groupe, []).append((n.code, numero + n.libelle))
    return list(groupes.items())


def communes_proposees(conseil: Conseil) -> list[tuple[str, str]]:
    return [(c.code, c.nom) for c in conseil.communes_as_of()]


def secteurs_proposes(conseil: Conseil) -> list[tuple[str, str]]:
    decoupage = decoupage_as_of(conseil, horloge.aujourdhui())
    return [(s.code, s.nom) for s in decoupage.secteurs.defer("contour")] if decoupage else []


def trouver(
    feuille: Feuille, description: Description, choix: Mapping[Choix, str], conseil: Conseil
) -> tuple[Rapprochement, ...]:
    """Labels that nothing recognises, then those that a person matched, in the columns described."""
    entetes = tuple(
        Rapprochement("entete", t, 0, c, False) for (genre, t), c in choix.items() if genre == "entete"
    )
    tableau = _tableau(feuille, description)
    trouves: list[Rapprochement] = []
    for genre, role, connus, options in _genres(tableau, description, conseil) if tableau else ():
        poses = {cle(t): c for (g, t), c in choix.items() if g == genre}
        exclus = {cle(t) for t in description.lignes_exclues}
        fois = _libelles(tableau, role)
        inconnus = [t for t in fois if cle(t) not in connus][:MONTRES]
        evidents = {cle(nom) for _, nom in options}
        mains = {t: c for t, c in _mains(description, genre).items() if t not in evidents}
        a_la_main = [t for t in fois if cle(t) in mains and t not in inconnus]
        for texte in [*inconnus, *a_la_main]:
            pose = poses.get(cle(texte)) or mains.get(cle(texte), "")
            pose = pose or (EXCLURE if cle(texte) in exclus else "")
            proche = "" if pose or cle(texte) in poses else _proche(genre, texte, options)
            trouves.append(Rapprochement(genre, texte, fois[texte], pose or proche, bool(proche)))
    # An answer already given is never lost, even while another column is being corrected.
    montres = {(r.genre, cle(r.libelle)) for r in trouves}
    gardes = [
        Rapprochement(genre, t, 0, c, False)
        for (genre, t), c in choix.items()
        if c and genre != "entete" and (genre, cle(t)) not in montres
    ]
    return (*entetes, *trouves, *gardes)


def appliquer(
    feuille: Feuille, description: Description, choix: Mapping[Choix, str], conseil: Conseil
) -> Description:
    """The description with the matches chosen. Communes and secteurs of the council are always known."""
    exclues = {cle(t): t for t in description.lignes_exclues}
    for (genre, texte), reponse in choix.items():
        if genre == "entete":
            continue
        exclues.pop(cle(texte), None)
        if reponse == EXCLURE:
            exclues[cle(texte)] = texte
    tableau = _tableau(feuille, description)
    natures = _mettre(description.natures, choix, "nature")
    communes = dict(description.communes)
    secteurs = dict(description.secteurs)
    if tableau is not None and Role.COMMUNE in tableau.roles:
        noms = {nom: code for code, nom in communes_proposees(conseil)}
        noms |= _du_departement(conseil, _libelles(tableau, Role.COMMUNE))
        communes = _mettre(noms | communes, choix, "commune")
    if tableau is not None and Role.SECTEUR in tableau.roles:
        poses = _mettre(secteurs, choix, "secteur")
        if poses:
            connus = {nom: code for code, nom in secteurs_proposes(conseil)}
            connus |= {code: code for code in connus.values()}
            deja = {cle(t) for t in (*connus, *poses)}
            # A name left unmatched keeps its rows for the commune: it must not stop the whole file.
            libres = {t: t for t in _libelles(tableau, Role.SECTEUR) if cle(t) not in deja}
            secteurs = connus | libres | poses
    return replace(
        description,
        natures=natures,
        communes=communes,
        secteurs=secteurs,
        lignes_exclues=tuple(exclues.values()),
    )


def _mettre(avant: Mapping[str, str], choix: Mapping[Choix, str], genre: str) -> dict[str, str]:
    poses = {t: c for (g, t), c in choix.items() if g == genre}
    retires = {cle(t) for t in poses}
    gardes = {t: c for t, c in avant.items() if cle(t) not in retires}
    return gardes | {t: c for t, c in poses.items() if c and c != EXCLURE}


def _tableau(feuille: Feuille, description: Description) -> Tableau | None:
    try:
        return lire_tableau(feuille, replace(description, lignes_exclues=()), Journal())
    except ErreurPupitre:
        return None


def _genres(
    tableau: Tableau, description: Description, conseil: Conseil
) -> Iterator[tuple[str, Role, set[str], list[tuple[str, str]]]]:
    """For each kind of label in the table: its column, the comparable labels already known, the choices."""
    if Role.NATURE in tableau.roles and not description.nature_fixe:
        lire = LecteurNature(description)
        connus = {cle(t) for t in _libelles(tableau, Role.NATURE) if lire(t)}
        yield "nature", Role.NATURE, connus, []
    if Role.COMMUNE in tableau.roles:
        options = communes_proposees(conseil)
        textes = _libelles(tableau, Role.COMMUNE)
        noms = {cle(nom): code for code, nom in options}
        noms |= {cle(t): c for t, c in (description.communes | _du_departement(conseil, textes)).items()}
        yield "commune", Role.COMMUNE, {cle(t) for t in textes if lire_commune(t, noms).code}, options
    if Role.SECTEUR in tableau.roles:
        options = secteurs_proposes(conseil)
        if options:
            connus = {cle(v) for paire in options for v in paire}
            yield "secteur", Role.SECTEUR, connus | {cle(t) for t in description.secteurs}, options


def _mains(description: Description, genre: str) -> dict[str, str]:
    """Matches kept with the source, by comparable label."""
    gardes = {
        "nature": description.natures,
        "commune": description.communes,
        "secteur": description.secteurs,
    }[genre]
    return {cle(t): c for t, c in gardes.items() if cle(t) != cle(c)}


def _libelles(tableau: Tableau, role: Role) -> dict[str, int]:
    """Distinct labels of a column, the most frequent first."""
    colonne = tableau.colonne(role)
    textes = (nettoyer(t) for t in (colonne.to_pylist() if colonne is not None else ()) if t and t.strip())
    return dict(Counter(textes).most_common())


def _du_departement(conseil: Conseil, textes: Iterable[str]) -> dict[str, str]:
    """Labels that are exactly the name of one commune of the council's départements."""
    departements = {c.departement_id for c in conseil.communes_as_of()}
    noms: dict[str, list[str]] = {}
    for code, nom in Commune.objects.filter(departement_id__in=departements).values_list("code", "nom"):
        noms.setdefault(cle(nom), []).append(code)
    return {t: noms[cle(t)][0] for t in textes if len(noms.get(cle(t), ())) == 1}


def _proche(genre: str, texte: str, options: list[tuple[str, str]]) -> str:
    if genre == "nature":
        trouvee = nomenclatures.reconnaitre_nature(texte)
        return trouvee[0] if trouvee else ""
    from rapidfuzz import fuzz, process

    noms = {cle(nom): code for code, nom in options}
    trouve = process.extractOne(
        cle(texte), noms.keys(), scorer=fuzz.token_set_ratio, score_cutoff=RESSEMBLANCE
    )
    return noms[trouve[0]] if trouve else ""
