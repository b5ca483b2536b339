"""« Lieux et heures », composed: what is chosen, three drawings, each with its sentence, its table and its exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pupitre.documents import graphiques
from pupitre.documents.graphiques import Cartouche, Graphique
from pupitre.documents.graphiques.semaine import semaine, semaine_adaptative
from pupitre.documents.tableaux import Table
from pupitre.moteur import nomenclatures
from pupitre.observatoire.chiffres import densites, lieux_heures
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.chiffres.lieux_heures import Faits
from pupitre.observatoire.models import Source
from pupitre.socle.texte import nombre, pluriel

LARGEUR_CARTE, LARGEUR_CARTE_SEULE = 340, 560


@dataclass(frozen=True, slots=True)
class DemandeLieux:
    source: str = ""
    nature: str = ""
    commune: str = ""


@dataclass(frozen=True)
class Dessin:
    """One drawing of facts. `cle` names it in addresses; `svg` is empty where facts are too few to be drawn."""

    cle: str
    titre: str
    phrase: str
    table: Table | None = None
    svg: str = ""
    note: str = ""
    seule: Callable[[], Graphique] | None = None
    sous_titre: str = ""

    def en(self, format: str) -> bytes:
        """The drawing as a file, svg or png. Raises ValueError where there is none."""
        if self.seule is None:
            raise ValueError(f"nothing is drawn under {self.cle}")
        rendre = {"svg": graphiques.en_svg, "png": graphiques.en_image}[format]
        notes = tuple(t for t in (self.phrase, self.note) if t)
        return rendre(self.seule(), Cartouche(self.titre, self.sous_titre, notes))


@dataclass(frozen=True)
class LieuxMontres:
    """`natures`, `communes`: empty where there is nothing to choose."""

    source: Source
    faits: Faits
    sources: tuple[Choix, ...]
    natures: tuple[Choix, ...]
    communes: tuple[Choix, ...]
    dessins: tuple[Dessin, ...]

    def dessin(self, cle: str) -> Dessin | None:
        return next((d for d in self.dessins if d.cle == cle), None)

    @property
    def choix(self) -> tuple[tuple[str, str], ...]:
        """What was chosen, as an address says it."""
        listes = (("source", self.sources), ("nature", self.natures), ("commune", self.communes))
        return tuple((nom, c.cle) for nom, liste in listes for c in liste if c.choisi and c.cle)


def composer(lecteur: Lecteur, demande: DemandeLieux) -> LieuxMontres | None:
    """None while no source delivers facts one by one."""
    datees = {s.code: s for s in lieux_heures.sources_datees(lecteur)}
    if not datees:
        return None
    sources = choisir([(c, f"{s.organisation}, {s.nom}") for c, s in datees.items()], demande.source)
    source = datees[_choisie(sources)]
    profil = lecteur.etat.profils[source.code]
    natures = _choix("Toutes les natures", _natures(profil.natures), demande.nature)
    noms = lecteur.territoire.noms()
    communes = _choix(
        "Tout le conseil", [(c, noms[c]) for c in profil.communes if c in noms], demande.commune
    )
    faits = lieux_heures.lire(
        lecteur, source, _retenus(natures, lambda c: (c,)), _retenus(communes, lambda c: (c,))
    )
    champs = ", ".join(c.libelle for liste in (natures, communes) for c in liste if c.choisi and c.cle)
    cadre = _Cadre(lecteur, faits, champs)
    return LieuxMontres(
        source,
        faits,
        sources,
        natures,
        communes,
        (_heures(cadre), _densite(cadre), _rassemblements(cadre)),
    )


def _choix(tout: str, options: list[tuple[str, str]], voulu: str) -> tuple[Choix, ...]:
    return choisir([("", tout), *options], voulu) if len(options) > 1 else ()


def _choisie(choix: tuple[Choix, ...]) -> str:
    return next(c.cle for c in choix if c.choisi)


def _retenus(choix: tuple[Choix, ...], en: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return next((en(c.cle) for c in choix if c.choisi and c.cle), ())


def _natures(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return sorted(((c, nomenclatures.nature(c).libelle) for c in codes), key=lambda n: n[1])


@dataclass(frozen=True)
class _Cadre:
    """What the three drawings share. `champs`: what was chosen within the source, in words."""

    lecteur: Lecteur
    faits: Faits
    champs: str

    @property
    def sous_titre(self) -> str:
        s = self.faits.source
        fictif = ", données fictives" if s.fictive else ""
        choix = f" {self.champs}." if self.champs else ""
        return (
            f"{self.faits.periode.capitalize()}.{choix} Source\u202f: {s.organisation}, {s.nom}{fictif}. "
            "Réservé à l’équipe du conseil."
        )

    def lecture(self, methode: str) -> tuple[tuple[str, str], ...]:
        s = self.faits.source
        return (
            ("Source", f"{s.organisation}, {s.nom}"),
            *((("Choix", self.champs),) if self.champs else ()),
            ("Période", self.faits.periode.capitalize()),
            ("Méthode", methode),
            ("Audience", "Équipe du conseil"),
            *((("Avertissement", "Données fictives"),) if s.fictive else ()),
        )


def _heures(cadre: _Cadre) -> Dessin:
    lues = lieux_heures.heures(cadre.faits)
    titre = "Heures et jours"
    poids = lues.semaine.poids.tolist()

    def seule() -> Graphique:
        return semaine(poids, titre, lues.phrase, "semaine")

    return Dessin(
        "heures",
        titre,
        lues.phrase,
        lieux_heures.table_des_heures(cadre.faits, lues, cadre.lecture(lues.semaine.methode)),
        semaine_adaptative(poids, titre, lues.phrase, "semaine").svg,
        "Chaque fait pèse un\u202f; sans heure connue, il se partage entre les heures possibles. Plus foncé\u202f: "
        "plus de faits.",
        seule,
        cadre.sous_titre,
    )


def _densite(cadre: _Cadre) -> Dessin:
    titre = "Densité des faits"
    champ = densites.champ_de_densite(cadre.lecteur, cadre.faits)
    if champ is None:
        n = len(cadre.faits.places)
        return Dessin(
            "densite", titre, f"{pluriel(n, 'fait placé', 'faits placés')}\u202f: trop peu pour une carte."
        )

    def seule(largeur: float = LARGEUR_CARTE_SEULE) -> Graphique:
        return graphiques.champ(champ, largeur, ident="champ")

    dessin = seule(LARGEUR_CARTE)
    ou = f" ({champ.ou})" if champ.ou else ""
    return Dessin(
        "densite",
        titre,
        f"La densité la plus forte est de {nombre(champ.sommet)} {champ.unite}{ou}.",
        densites.table_des_secteurs(cadre.lecteur, cadre.faits, cadre.lecture(champ.note)),
        dessin.svg,
        f"{champ.note} Une densité forte ne dit pas un rassemblement\u202f: il y a plus de faits là où il y a plus de "
        "monde. Pointillés\u202f: les secteurs.",
        seule,
        cadre.sous_titre,
    )


def _rassemblements(cadre: _Cadre) -> Dessin:
    titre = "Où les faits se rassemblent"
    lue = lieux_heures.densite(cadre.lecteur, cadre.faits)
    if lue.carte is None:
        return Dessin("rassemblements", titre, lue.phrase)
    carte = lue.carte

    def seule(largeur: float = LARGEUR_CARTE_SEULE) -> Graphique:
        return graphiques.carte(carte, largeur=largeur, ident="carres")

    return Dessin(
        "rassemblements",
        titre,
        lue.phrase,
        lieux_heures.table_des_carres(lue, cadre.lecture("Getis-Ord Gi*, corrigé du nombre de carrés")),
        seule(LARGEUR_CARTE).svg,
        "Carrés de 250 m qui comptent au moins un fait placé à l’adresse. Contour épais\u202f: rassemblement que le "
        "hasard n’explique pas (Getis-Ord Gi*, corrigé du nombre de carrés).",
        seule,
        cadre.sous_titre,
    )
