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
from pupitre.moteur.sources.fichiers.ouverture import Feuille
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.lecteur_nature import LecteurNature
from pupitre.moteur.sources.lecture.lieux import SANS_COMMUNE
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.lieux_communes import lire_communes
from pupitre.moteur.sources.tableaux.reperage import genres_des_lignes
from pupitre.moteur.sources.tableaux.tableau import Tableau, lire_tableau
from pupitre.observatoire.collecte.gabarits import AUCUNE, EXCLURE, avec_reponses
from pupitre.observatoire.collecte.reference import communes_connues
from pupitre.socle import horloge
from pupitre.territoires.models import Commune, Conseil
from pupitre.territoires.selectors import decoupage_as_of

Choix: TypeAlias = tuple[str, str]
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


def communes_voisines(conseil: Conseil) -> list[tuple[str, str]]:
    """The other communes of the council's départements."""
    membres = conseil.communes_as_of()
    autres = Commune.objects.filter(departement_id__in={c.departement_id for c in membres})
    return list(autres.exclude(code__in=[c.code for c in membres]).order_by("nom").values_list("code", "nom"))


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
    for colonne in _colonnes(tableau, description, conseil) if tableau else ():
        poses = {cle(t): c for (g, t), c in choix.items() if g == colonne.genre}
        exclus = {cle(t) for t in description.lignes_exclues}
        mains = _mains(description, colonne.genre)
        inconnus = list(colonne.inconnus)[:MONTRES]
        a_la_main = [t for t in colonne.fois if (cle(t) in mains or cle(t) in exclus) and t not in inconnus]
        for texte in [*inconnus, *a_la_main]:
            pose = poses.get(cle(texte)) or mains.get(cle(texte), "")
            pose = pose or (EXCLURE if cle(texte) in exclus else "")
            proche = "" if pose or cle(texte) in poses else colonne.inconnus.get(texte, "")
            trouves.append(
                Rapprochement(colonne.genre, texte, colonne.fois[texte], pose or proche, bool(proche))
            )
    # An answer already given is never lost, even while another column is being corrected.
    montres = {(r.genre, cle(r.libelle)) for r in trouves}
    gardes = [
        Rapprochement(genre, t, 0, c, False)
        for (genre, t), c in choix.items()
        if c and genre != "entete" and (genre, cle(t)) not in montres
    ]
    return (*entetes, *trouves, *gardes)


def appliquer(description: Description, choix: Mapping[Choix, str]) -> Description:
    """The description with the matches chosen."""
    return avec_reponses(description, {k: c for k, c in choix.items() if k[0] != "entete"})


def _tableau(feuille: Feuille, description: Description) -> Tableau | None:
    try:
        return lire_tableau(feuille, replace(description, lignes_exclues=()), Journal())
    except ErreurPupitre:
        return None


@dataclass(frozen=True, slots=True)
class _Colonne:
    """Labels of one kind: how many rows bear each; those that nothing recognises, with the likeliest answer."""

    genre: str
    fois: Mapping[str, int]
    inconnus: Mapping[str, str]


def _colonnes(tableau: Tableau, description: Description, conseil: Conseil) -> Iterator[_Colonne]:
    if Role.NATURE in tableau.roles and not description.nature_fixe:
        lire = LecteurNature(description)
        fois = _libelles(tableau, Role.NATURE)
        yield _Colonne("nature", fois, {t: _nature_proche(t) for t in fois if not lire(t)})
    if Role.COMMUNE in tableau.roles:
        yield _communes(tableau, description, conseil)
    if Role.SECTEUR in tableau.roles and (options := secteurs_proposes(conseil)):
        connus = {cle(v) for paire in options for v in paire} | {cle(t) for t in description.secteurs}
        fois = _libelles(tableau, Role.SECTEUR)
        yield _Colonne(
            "secteur", fois, {t: _secteur_proche(t, options) for t in fois if cle(t) not in connus}
        )


def _communes(tableau: Tableau, description: Description, conseil: Conseil) -> _Colonne:
    """Those of other départements than the council's are nobody's to match here."""
    ici = {c.departement_id for c in conseil.communes_as_of()}
    _, trouves = lire_communes(
        tableau, description, Journal(), completer=True, connues=communes_connues(conseil)
    )
    fois = _libelles(tableau, Role.COMMUNE)
    inconnus: dict[str, str] = {}
    for i in trouves:
        if not i.departement or i.departement in ici:
            nom = f"{i.libelle} ({i.departement})" if i.departement else i.libelle
            fois.setdefault(nom, i.fois)
            inconnus[nom] = i.candidats[0][0] if i.candidats else ""
    return _Colonne("commune", fois, inconnus)


def _nature_proche(texte: str) -> str:
    trouvee = nomenclatures.reconnaitre_nature(texte)
    return trouvee[0] if trouvee else ""


def _secteur_proche(texte: str, options: list[tuple[str, str]]) -> str:
    from rapidfuzz import fuzz, process

    noms = {cle(nom): code for code, nom in options}
    trouve = process.extractOne(
        cle(texte), noms.keys(), scorer=fuzz.token_set_ratio, score_cutoff=RESSEMBLANCE
    )
    return noms[trouve[0]] if trouve else ""


def _mains(description: Description, genre: str) -> dict[str, str]:
    """Matches kept with the source, by comparable label."""
    gardes = {
        "nature": description.natures,
        "commune": description.communes,
        "secteur": description.secteurs,
    }[genre]
    return {cle(t): AUCUNE if c == SANS_COMMUNE else c for t, c in gardes.items() if cle(t) != cle(c)}


def genres(feuille: Feuille, description: Description, lignes: Iterable[int]) -> dict[int, str]:
    """What these rows (0-based) are taken for; empty while the columns are not described well enough."""
    tableau = _tableau(feuille, description)
    return genres_des_lignes(tableau, lignes) if tableau else {}


def _libelles(tableau: Tableau, role: Role) -> dict[str, int]:
    """Distinct labels of a column, the most frequent first."""
    colonne = tableau.colonne(role)
    textes = (nettoyer(t) for t in (colonne.to_pylist() if colonne is not None else ()) if t and t.strip())
    return dict(Counter(textes).most_common())
