"""What was understood of a delivery, in words: the file itself, its gabarit, labels, totals, changes, findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pupitre.moteur.reperes import Genre, Marque
from pupitre.observatoire.collecte import gabarits, libelles, renvoi
from pupitre.observatoire.collecte.analyse import ETAPES
from pupitre.observatoire.collecte.explications import Explication, explication
from pupitre.observatoire.collecte.lecture import LIBELLES_ROLES
from pupitre.observatoire.collecte.rapprochements import (
    communes_proposees,
    communes_voisines,
    natures_proposees,
    secteurs_proposes,
)
from pupitre.observatoire.models import Gabarit, Livraison
from pupitre.socle.texte import INSECABLE, nombre, pluriel, typographier
from pupitre.territoires.models import Commune, Conseil

MONTRES = 60
ROLES = {r: nom for r, nom in LIBELLES_ROLES if r} | {"nombre": "nombre"}
GENRES = {
    Genre.BANDEAU: "bandeau",
    Genre.TITRES: "titres",
    Genre.DONNEES: "",
    Genre.TOTAL: "total, mis de côté",
    Genre.HORS_TABLEAU: "hors du tableau",
    Genre.VIDE: "vide",
}
MARQUES = {
    Marque.REPORTEE: "reporté du dessus",
    Marque.NOTE: "note",
    Marque.NON_LUE: "colonne non lue",
    Marque.PERSONNE: "personnes, jamais lu",
    Marque.TOTAL: "total",
}
LEGENDE: tuple[tuple[str, str, str], ...] = (
    (
        "genre-bandeau",
        "bandeau",
        "Texte au-dessus du tableau\u202f: il peut dire la période, il n’est pas compté.",
    ),
    ("genre-titres", "titres", "La ligne qui nomme les colonnes."),
    ("genre-total", "total", "Mis de côté, et comparé à la somme des lignes."),
    ("genre-hors_tableau", "hors du tableau", "Source, date d’édition, signature\u202f: laissé."),
    ("marque-reportee", "reporté du dessus", "Case vide qui prend la valeur écrite plus haut."),
    ("marque-note", "note", "Note entre parenthèses ou renvoi\u202f: mis de côté, le reste est lu."),
    (
        "marque-non_lue",
        "colonne non lue",
        "Personne n’en a dit le rôle\u202f: elle n’entre jamais dans Pupitre.",
    ),
    ("marque-personne", "personnes", "Colonne qui désigne des personnes\u202f: masquée, jamais lue."),
)


@dataclass(frozen=True, slots=True)
class CaseDuFichier:
    texte: str
    marque: str
    dit: str


@dataclass(frozen=True, slots=True)
class LigneDuFichier:
    numero: int
    genre: str
    dit: str
    cases: tuple[CaseDuFichier, ...]
    saut: bool

    @property
    def seule(self) -> str:
        """The text of a banner, written in one cell over the columns: it does not widen the first of them."""
        pleines = [c.texte for c in self.cases if c.texte]
        return pleines[0] if len(pleines) == 1 and self.genre in (Genre.BANDEAU, Genre.HORS_TABLEAU) else ""


@dataclass(frozen=True, slots=True)
class FichierMarque:
    """The file with its marks. `colonnes`: (letter, role in words); `legende`: those of the marks met."""

    colonnes: tuple[tuple[str, str], ...]
    lignes: tuple[LigneDuFichier, ...]
    constats: tuple[tuple[str, str], ...]
    legende: tuple[tuple[str, str, str], ...]


def fichier_marque(livraison: Livraison) -> FichierMarque | None:
    """None for the formats that everybody knows, and before the file has been read."""
    brut = livraison.lecture.get("reperes")
    if not brut:
        return None
    lignes = tuple(
        LigneDuFichier(
            li["numero"],
            li["genre"],
            GENRES.get(li["genre"], ""),
            tuple(
                CaseDuFichier(texte, marque, MARQUES.get(marque, ""))
                for texte, marque in zip(li["cellules"], li["marques"], strict=True)
            ),
            li["saut"],
        )
        for li in brut["lignes"]
    )
    presents = {f"genre-{li.genre}" for li in lignes} | {
        f"marque-{c.marque}" for li in lignes for c in li.cases
    }
    roles = (ROLES.get(r, r) or "non lue" for r in brut["roles"])
    return FichierMarque(
        tuple(zip(brut["lettres"], roles, strict=True)),
        lignes,
        tuple((quoi, typographier(dit)) for quoi, dit in brut["constats"]),
        tuple(ligne for ligne in LEGENDE if ligne[0] in presents),
    )


@dataclass(frozen=True, slots=True)
class GabaritEnClair:
    """`ton`: "bien" when one click is enough, "veille" when it is to be looked at, "alerte" when it must be."""

    ton: str
    titre: str
    phrase: str
    version: int


def gabarit_en_clair(livraison: Livraison) -> GabaritEnClair | None:
    """How the file was read: with which version, or by a proposal that somebody must see."""
    lecture = livraison.lecture
    if not lecture.get("description"):
        return None
    a_retenir = lecture.get("a_retenir")
    if a_retenir == Gabarit.Motif.COLONNES:
        return GabaritEnClair(
            "alerte",
            "Le tableau a changé",
            "Le gabarit de cette source ne convient plus. La lecture proposée est à vérifier avant toute publication.",
            0,
        )
    if a_retenir == Gabarit.Motif.TITRES:
        return GabaritEnClair(
            "veille",
            "Lu avec le gabarit, titres suivis",
            "Des colonnes ont été renommées par le partenaire et reconnues. Publier retient les nouveaux titres.",
            0,
        )
    if a_retenir == Gabarit.Motif.PROPOSE:
        return GabaritEnClair(
            "veille",
            "Première lecture, proposée",
            "Publier la retient\u202f: le prochain fichier de cette source se publiera d’un clic.",
            0,
        )
    gabarit = livraison.source.gabarits.filter(version=lecture.get("gabarit") or 0).first()
    if gabarit is None:
        return None
    qui = f", par {gabarit.cree_par}" if gabarit.cree_par else ""
    return GabaritEnClair(
        "bien",
        "Le gabarit convient",
        f"Lu avec la version{INSECABLE}{gabarit.version} du {gabarit.cree_le:%d/%m/%Y} "
        f"({gabarit.get_motif_display()}{qui}). Les titres sont ceux des fichiers précédents.",
        gabarit.version,
    )


@dataclass(frozen=True, slots=True)
class LibelleARegler:
    rang: int
    genre: str
    libelle: str
    cle: str
    fois: int
    ligne: int | None
    candidats: tuple[tuple[str, str], ...]
    ici: bool


@dataclass(frozen=True, slots=True)
class LibellesARegler:
    """`groupes`: (kind, title, labels, every choice); `ailleurs`: labels of other départements, not shown first."""

    groupes: tuple[tuple[str, str, tuple[LibelleARegler, ...], list], ...]
    ailleurs: tuple[LibelleARegler, ...]
    options_communes: list
    total: int


_TITRES = {"commune": "Communes", "nature": "Natures", "secteur": "Secteurs"}


def libelles_a_regler(livraison: Livraison) -> LibellesARegler | None:
    """Unknown labels of the file, with what each may mean. None when every label was recognised."""
    bruts = livraison.lecture.get("inconnus") or []
    if not bruts:
        return None
    conseil = livraison.source.conseil
    tous = [
        LibelleARegler(
            rang,
            i["genre"],
            i["libelle"],
            libelles.cle_du_libelle(i),
            i["fois"],
            i["ligne"],
            tuple((c, n) for c, n in i["candidats"]),
            i["ici"],
        )
        for rang, i in enumerate(bruts)
    ]
    options = {
        "commune": _communes(conseil),
        "nature": natures_proposees(),
        "secteur": [("Secteurs", secteurs_proposes(conseil))],
    }
    groupes = []
    for genre, titre in _TITRES.items():
        ici = tuple(lib for lib in tous if lib.genre == genre and lib.ici)
        if ici:
            groupes.append((genre, titre, ici[:MONTRES], options[genre]))
    ailleurs = tuple(lib for lib in tous if not lib.ici)
    return LibellesARegler(tuple(groupes), ailleurs[:MONTRES], options["commune"], len(tous))


def _communes(conseil: Conseil) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        ("Communes du conseil", communes_proposees(conseil)),
        ("Autres communes du département", communes_voisines(conseil)),
    ]


@dataclass(frozen=True, slots=True)
class GroupeAnomalies:
    """Findings of one kind, with why they matter and what to do."""

    explication: Explication
    anomalies: tuple
    total: int


def anomalies_groupees(anomalies: Iterable) -> list[tuple[str, str, list[GroupeAnomalies]]]:
    """(gravity, words, groups), the gravest first."""
    mots = {
        "bloquante": "empêche la publication",
        "avertissement": "à vérifier",
        "information": "pour information",
    }
    par: dict[str, dict[str, list]] = {g: {} for g in mots}
    for a in anomalies:
        par[a.gravite].setdefault(a.code, []).append(a)
    return [
        (
            gravite,
            mots[gravite],
            [
                GroupeAnomalies(explication(code), tuple(lot[:MONTRES]), len(lot))
                for code, lot in codes.items()
            ],
        )
        for gravite, codes in par.items()
        if codes
    ]


@dataclass(frozen=True, slots=True)
class ChangementsEnClair:
    phrase: str
    anciennes: tuple[tuple[Livraison, str], ...]
    lignes: tuple[tuple[str, str, str, str, str, str, str], ...]
    total: int
    a_confirmer: str


def changements_en_clair(livraison: Livraison) -> ChangementsEnClair | None:
    lus = renvoi.changements(livraison)
    if lus is None:
        return None
    noms = _noms(livraison.source.conseil)
    anciennes = tuple(
        (
            ancienne,
            "en entier"
            if entiere
            else f"en partie ({pluriel(periodes, 'période')})\u202f: le reste vaut toujours",
        )
        for ancienne, entiere, periodes in lus.anciennes
    )
    n = len(lus.cellules)
    egaux = pluriel(lus.identiques, "nombre redit à l’identique", "nombres redits à l’identique")
    phrase = (
        f"{pluriel(n, 'nombre change', 'nombres changent')}, {egaux}."
        if n
        else f"Aucun nombre ne change\u202f: {egaux}."
    )
    return ChangementsEnClair(
        phrase,
        anciennes,
        tuple(_changement(c, noms) for c in lus.cellules[:MONTRES]),
        n,
        renvoi.baisse(livraison) if livraison.etat == "controlee" else "",
    )


def _noms(conseil: Conseil) -> dict[str, str]:
    noms = {c.code: c.nom for c in conseil.communes_as_of()}
    return noms | dict(secteurs_proposes(conseil))


def _changement(c: renvoi.Cellule, noms: dict[str, str]) -> tuple[str, str, str, str, str, str, str]:
    lieu = noms.get(c.lieu, c.lieu) + (f", {noms.get(c.secteur, c.secteur)}" if c.secteur else "")
    ecart = c.ecart
    if c.avant is None and not c.n_d_avant:
        genre = "ajouté"
    elif c.apres is None and not c.n_d_apres:
        genre = "retiré"
    else:
        genre = "corrigé"
    return (
        renvoi.periode(c.genre, c.debut),
        renvoi.libelle(c.nature),
        lieu,
        _cote(c.avant, c.n_d_avant),
        _cote(c.apres, c.n_d_apres),
        "" if ecart is None else (f"+{nombre(ecart)}" if ecart > 0 else nombre(ecart)),
        genre,
    )


def _cote(valeur: int | None, n_d: bool) -> str:
    if n_d:
        return "n.\u202fd."
    return "—" if valeur is None else nombre(valeur)


def table_des_changements(livraison: Livraison):
    """Every cell that the delivery changes, as it leaves (CSV, XLSX)."""
    from pupitre.documents.tableaux import Table

    lus = renvoi.changements(livraison)
    cellules = lus.cellules if lus else ()
    noms = _noms(livraison.source.conseil)
    return Table(
        titre=f"Ce que change {livraison.nom}",
        entetes=("Période", "Nature", "Lieu", "Secteur", "Unité", "Avant", "Après", "Écart", "Changement"),
        lignes=tuple(
            (
                renvoi.periode(c.genre, c.debut),
                renvoi.libelle(c.nature),
                noms.get(c.lieu, c.lieu),
                noms.get(c.secteur, c.secteur),
                c.unite,
                "n. d." if c.n_d_avant else c.avant,
                "n. d." if c.n_d_apres else c.apres,
                c.ecart,
                _changement(c, noms)[-1],
            )
            for c in cellules
        ),
        lecture=(
            ("Partenaire", livraison.source.organisation.nom),
            ("Source", livraison.source.nom),
            ("Corrige", ", ".join(li.nom for li, _, _ in lus.anciennes) if lus else ""),
        ),
    )


@dataclass(frozen=True, slots=True)
class Avancement:
    """`part`: 0–100, None while nobody knows how long it is."""

    etape: str
    phrase: str
    part: int | None


def avancement(livraison: Livraison) -> Avancement:
    brut = livraison.avancement or {}
    etape = ETAPES.get(brut.get("etape", ""), "En attente de lecture")
    fait, total = brut.get("fait", 0), brut.get("total", 0)
    if fait and total:
        return Avancement(
            etape, f"{nombre(fait)} lignes sur {nombre(total)}", min(100, round(100 * fait / total))
        )
    if total:
        return Avancement(etape, f"{pluriel(total, 'ligne')}", None)
    return Avancement(etape, "", None)


@dataclass(frozen=True, slots=True)
class VersionEnClair:
    gabarit: Gabarit
    resume: str
    courante: bool


def versions_en_clair(versions: Iterable[Gabarit]) -> list[VersionEnClair]:
    lues = list(versions)
    return [VersionEnClair(g, _resume(g.description), i == 0) for i, g in enumerate(lues)]


def _resume(description: dict) -> str:
    roles = [f"{ROLES.get(r, r)} : {titre}" for titre, r in description.get("roles", {}).items()]
    roles += [f"nombre : {t}" for t in description.get("colonnes_nature", {})]
    if description.get("colonnes_periode_auto"):
        roles.append("nombres : une colonne par période")
    mots = sum(len(description.get(c, {})) for c in ("natures", "communes", "secteurs"))
    mots += len(description.get("lignes_exclues", ()))
    suite = f"\u202f; {pluriel(mots, 'mot retenu', 'mots retenus')}" if mots else ""
    return typographier("; ".join(roles)) + suite


@dataclass(frozen=True, slots=True)
class SouvenirEnClair:
    genre: str
    cle: str
    libelle: str
    sens: str
    par: str
    le: datetime


_GENRES = {"nature": "Nature", "commune": "Commune", "secteur": "Secteur", "ligne": "Ligne"}


def memoire_en_clair(livraison_ou_source, conseil: Conseil) -> list[SouvenirEnClair]:
    """Labels remembered for a source, in words."""
    souvenirs = gabarits.memoire(livraison_ou_source)
    codes = {s.code for s in souvenirs if s.genre == "commune"}
    noms = dict(Commune.objects.filter(code__in=codes).values_list("code", "nom"))
    noms |= dict(secteurs_proposes(conseil))
    return [
        SouvenirEnClair(_GENRES[s.genre], s.genre, s.libelle, _sens(s, noms), s.par, s.le) for s in souvenirs
    ]


def _sens(souvenir: gabarits.Souvenir, noms: dict[str, str]) -> str:
    if souvenir.code == gabarits.EXCLURE:
        return "lignes mises de côté"
    if souvenir.code == gabarits.AUCUNE:
        return "n’est pas une commune"
    if souvenir.genre == "nature":
        return libelles.nature_en_clair(souvenir.code)
    return noms.get(souvenir.code, souvenir.code)
