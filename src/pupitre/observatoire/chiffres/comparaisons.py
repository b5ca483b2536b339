"""A figure of the council's places among others: rates, limits that chance sets, rank, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from statistics import median

from pupitre.documents import graphiques
from pupitre.documents.formes import Nuage, PointDeNuage
from pupitre.documents.tableaux import Table, lecture
from pupitre.moteur import calcul, inventaire, nomenclatures, statistiques
from pupitre.moteur.entrepot import Manifeste
from pupitre.moteur.mesures import Case
from pupitre.moteur.nomenclatures import ssmsi
from pupitre.moteur.observations import Granularite
from pupitre.moteur.resultats import (
    Absent,
    Audience,
    Colonne,
    Contexte,
    LivraisonCitee,
    MotifAbsence,
    Nature,
    Periode,
    Provenance,
    Resultat,
)
from pupitre.moteur.secret import Comptes
from pupitre.moteur.selection import Selection
from pupitre.observatoire.chiffres import catalogue, comparaisons_internes, territoires_compares
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.figures import Figure
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.chiffres.lignes_comparees import (
    POSITIONS,
    Comparaisons,
    Ligne,
    intervalle,
    rang,
)
from pupitre.observatoire.chiffres.territoires_compares import Groupe
from pupitre.observatoire.collecte import bases
from pupitre.observatoire.models import BaseDeComparaison
from pupitre.socle import horloge
from pupitre.socle.texte import enumeration, nombre, pluriel
from pupitre.territoires.models import Conseil, Epci

PREFIXE = "base"
_NIVEAUX = {"ssmsi_communal": "Communes", "ssmsi_departemental": "Départements"}


@dataclass(frozen=True, slots=True)
class DemandeComparaison:
    indicateur: str = ""
    groupe: str = ""
    annee: str = ""


@dataclass(frozen=True)
class _Base:
    """A base and what is asked of it."""

    base: BaseDeComparaison
    nature: str
    annee: int

    @property
    def axe(self) -> str:
        return bases.AXES[self.base.format]


def composer(*, conseil: Conseil, audience: Audience, demande: DemandeComparaison) -> Comparaisons:
    """Places for one figure: the council's among others for a published base, among themselves otherwise."""
    lecteur = Lecteur.ouvrir(conseil, audience)
    lisibles: dict[str, BaseDeComparaison] = {}
    for base in bases.visibles():
        lisibles.setdefault(base.format, base)
    offre = [*_offre(lisibles), *comparaisons_internes.offre(lecteur)]
    manque = "ssmsi_communal" not in lisibles
    if not offre:
        return Comparaisons(manque_communal=manque)
    voulu = _voulu(offre, demande.indicateur)
    vu = (
        _parmi_d_autres(conseil, audience, lisibles, voulu, demande)
        if voulu.startswith(f"{PREFIXE}:")
        else comparaisons_internes.composer(lecteur, voulu, demande.groupe)
    )
    groupes = tuple((titre, tuple(Choix(c, nom, c == voulu) for c, nom in liste)) for titre, liste in offre)
    return replace(vu, groupes_d_indicateurs=groupes, manque_communal=manque)


def _parmi_d_autres(
    conseil: Conseil,
    audience: Audience,
    lisibles: dict[str, BaseDeComparaison],
    voulu: str,
    demande: DemandeComparaison,
) -> Comparaisons:
    _, format, nature = voulu.split(":", 2)
    base = lisibles[format]
    choix_de, groupe_de = _GROUPES[format]
    choix_groupes = choisir(choix_de(conseil), demande.groupe)
    cle = next(c.cle for c in choix_groupes if c.choisi)
    groupe = groupe_de(conseil, cle)
    annees = choisir([(str(a), str(a)) for a in reversed(base.annees)], demande.annee)
    asked = _Base(base, f"ssmsi:{nature}", int(next(c.cle for c in annees if c.choisi)))
    par, resultat = lire(asked, tuple(sorted({*groupe.lieux, *groupe.siens})), audience)
    lu = _Lu(asked, groupe, par, resultat)
    return Comparaisons(
        groupes=choix_groupes,
        annees=annees,
        figure=lu.figure(),
        lignes=tuple(lu.lignes(conseil)),
        phrase=lu.phrase(),
        notes=tuple(n for n in (groupe.note, *lu.notes()) if n),
        publiee=True,
        choix=(("indicateur", voulu), ("groupe", cle), ("annee", str(asked.annee))),
        par=par,
        table=lu.table(),
    )


_GROUPES = {
    "ssmsi_communal": (territoires_compares.groupes_de_communes, territoires_compares.groupe_de_communes),
    "ssmsi_departemental": (
        territoires_compares.groupes_de_departements,
        territoires_compares.groupe_de_departements,
    ),
}


def _offre(lisibles: dict[str, BaseDeComparaison]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Indicators of the published bases, the communal one first."""
    ordre = list(ssmsi.indicateurs())
    offre = []
    for format in _NIVEAUX:
        base = lisibles.get(format)
        if base is not None:
            codes = sorted((c for n in base.natures if (c := n.split(":")[1]) in ordre), key=ordre.index)
            options = [(f"{PREFIXE}:{format}:{c}", nomenclatures.nature(f"ssmsi:{c}").libelle) for c in codes]
            offre.append((f"{_NIVEAUX[format]}, {base.millesime or base.nom}", options))
    return offre


def _voulu(offre: list[tuple[str, list[tuple[str, str]]]], demande: str) -> str:
    cles = [cle for _, liste in offre for cle, _ in liste]
    if demande in cles:
        return demande
    return next((c for c in cles if c.endswith(":cambriolages_logement")), cles[0])


def lire(asked: _Base, lieux: tuple[str, ...], audience: Audience) -> tuple[str, Resultat]:
    """Counts, exposures and rates of these places that year, and which exposure the base gives."""
    base = asked.base
    return _lire(
        base.manifeste, base.format, base.nom, base.sha256, base.millesime, base.producteur,
        horloge.jour_de(base.cree_le), asked.nature, asked.annee, lieux, audience,
    )  # fmt: skip


@lru_cache(maxsize=48)
def _lire(
    manifeste_json: str,
    format: str,
    nom: str,
    sha256: str,
    millesime: str,
    producteur: str,
    recue: date,
    nature: str,
    annee: int,
    lieux: tuple[str, ...],
    audience: Audience,
) -> tuple[str, Resultat]:
    fiche = nomenclatures.nature(nature)
    axe = bases.AXES[format]
    manifeste = Manifeste.from_json(manifeste_json)
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    choisis = {"communes": lieux} if axe == "commune" else {"territoires": lieux}
    contenus = inventaire.inventorier(catalogue.entrepot(), manifeste)
    selection = inventaire.resoudre(
        Selection(format, natures=(nature,), granularite=Granularite.ANNEE, **choisis), contenus
    )
    prevue = ssmsi.indicateurs()[nature.split(":")[1]].denominateur
    for exposition in ("logements", "population") if prevue == "logements" else ("population",):
        par = "logements" if exposition == "logements" else "habitants"
        resultat = calcul.executer(
            catalogue.entrepot(),
            manifeste,
            "taux",
            selection,
            Case(debut, fin),
            (axe,),
            exposition,
            audience=audience,
            contexte=Contexte(
                titre=f"{fiche.libelle} en {annee}",
                unite=fiche.unite,
                perimetre="",
                periode=Periode(debut, fin, str(annee)),
                provenance=(
                    Provenance(
                        source=format,
                        libelle="SSMSI, base communale" if axe == "commune" else "SSMSI, base départementale",
                        producteur=producteur,
                        millesime=millesime,
                        fictif=False,
                        livraisons=(LivraisonCitee("", nom, sha256, recue),),
                    ),
                ),
                methode=f"Nombre divisé par la population ou les logements que la base donne, pour 1\u202f000 {par}.",
            ),
            colonnes=(
                Colonne(axe, "Code", Nature.CODE),
                Colonne("n", fiche.unite.capitalize() + "s", Nature.ENTIER, fiche.unite),
                Colonne("exposition", par.capitalize(), Nature.ENTIER, par),
                Colonne(
                    "taux", f"Pour 1\u202f000 {par}", Nature.TAUX, f"{fiche.unite} pour 1\u202f000 {par}"
                ),
            ),
            comptes=Comptes({"n": (debut, fin)}),
        )
        if any(isinstance(v, int | float) for v in resultat.colonne("exposition")):
            break
    return par, resultat


SANS_LIGNE = Absent(MotifAbsence.NON_LIVRE, "La base n’a pas de ligne pour ce lieu cette année-là.")


class _Lu:
    """The places read, those that can be compared, and where each stands."""

    def __init__(self, asked: _Base, groupe: Groupe, par: str, resultat: Resultat) -> None:
        self.asked, self.groupe, self.par, self.resultat = asked, groupe, par, resultat
        self.valeurs = {str(li[asked.axe]): li for li in resultat.dicts()}
        self.compares = [
            code
            for code in groupe.lieux
            if (li := self.valeurs.get(code)) is not None
            and isinstance(li["n"], int)
            and isinstance(li["exposition"], int | float)
            and li["exposition"] > 0
        ]
        self.entonnoir = (
            statistiques.entonnoir(
                [int(self.valeurs[c]["n"]) for c in self.compares],  # type: ignore[arg-type]
                [float(self.valeurs[c]["exposition"]) for c in self.compares],  # type: ignore[arg-type]
            )
            if self.compares
            else None
        )
        self.places = dict(zip(self.compares, self.entonnoir.places, strict=True)) if self.entonnoir else {}
        self.noms = dict(groupe.lieux)
        self.noms |= _noms(groupe.siens, asked.axe)
        self.fiche = nomenclatures.nature(asked.nature)

    @property
    def titre(self) -> str:
        libelle = self.groupe.libelle[:1].lower() + self.groupe.libelle[1:]
        return f"{self.fiche.libelle} en {self.asked.annee}, {libelle}"

    @property
    def unite_du_taux(self) -> str:
        mot = pluriel(2, self.fiche.unite).split("\u00a0", 1)[1]
        return f"{mot} pour 1\u202f000 {self.par}"

    def figure(self) -> Figure:
        points = tuple(
            PointDeNuage(
                self.noms[c],
                p.exposition,
                p.taux,
                POSITIONS[p.position][1],
                c in self.groupe.siens,
            )
            for c, p in self.places.items()
        )
        e = self.entonnoir
        nuage = Nuage(
            titre=self.titre,
            unite=self.unite_du_taux,
            taille_libelle=self.par,
            points=points,
            taux=e.taux if e else 0.0,
            limites=tuple((c.exposition, c.bas, c.haut, c.tres_bas, c.tres_haut) for c in e.courbe)
            if e
            else (),
        )
        dessin = graphiques.nuage_adaptatif(nuage, ident="entonnoir")
        contexte = self.resultat.contexte
        return Figure(
            cle="entonnoir",
            titre=self.titre,
            svg=dessin.svg,
            resume=dessin.resume,
            resultat=Resultat(
                Contexte(
                    contexte.titre, contexte.unite, self.groupe.libelle, contexte.periode, contexte.provenance,
                    contexte.methode,
                ),
                self.resultat.colonnes, self.resultat.lignes, self.resultat.audience, self.resultat.retenus,
            ),
            seule=lambda: graphiques.nuage(nuage, ident="entonnoir"),
            phrase=self.phrase(),
            notes=graphiques.notes_de_nuage(nuage) if points else "",
        )  # fmt: skip

    def lignes(self, conseil: Conseil) -> list[Ligne]:
        """The council's places, then what they are compared with."""
        lignes = [self._ligne(c) for c in sorted(self.groupe.siens, key=lambda c: self.noms.get(c, c))]
        if self.asked.axe == "commune" and len(self.groupe.siens) > 1:
            lignes.append(self._somme("conseil", str(conseil), self.groupe.siens))
        if self.groupe.cle.startswith("epci:"):
            code = self.groupe.cle.removeprefix("epci:")
            nom = Epci.objects.filter(code=code).values_list("nom", flat=True).first() or "EPCI"
            lignes.append(self._somme(code, nom, tuple(self.groupe.lieux)))
        if self.entonnoir is not None:
            taux = [p.taux for p in self.entonnoir.places]
            lignes.append(
                Ligne(
                    "groupe",
                    f"Ensemble des {pluriel(len(taux), 'lieu comparé', 'lieux comparés')}",
                    "ensemble",
                    sum(p.n for p in self.entonnoir.places),
                    sum(p.exposition for p in self.entonnoir.places),
                    self.entonnoir.taux,
                    lecture=f"médiane {nombre(median(taux), 1)}",
                )
            )
        return lignes

    def _ligne(self, code: str) -> Ligne:
        lue = self.valeurs.get(code)
        nom = self.noms.get(code, code)
        if lue is None:
            return Ligne(code, nom, "commune", SANS_LIGNE, SANS_LIGNE, SANS_LIGNE)
        n, exposition = lue["n"], lue["exposition"]
        place = self.places.get(code)
        mot, sens = "hors de ce groupe", ""
        if isinstance(n, Absent):
            mot = n.raison
        if place is not None:
            mot, sens = POSITIONS[place.position][0], POSITIONS[place.position][1].value
        return Ligne(
            code,
            nom,
            "commune",
            n,
            exposition,
            lue["taux"],
            intervalle(n, exposition),
            rang(self.places.get(code), self.places.values()),
            mot,
            sens,
        )

    def _somme(self, cle: str, nom: str, codes: Sequence[str]) -> Ligne:
        """A total only where every part is known: a withheld commune is neither zero nor guessed."""
        lues = [self.valeurs.get(c) for c in codes]
        inconnues = sum(
            1
            for li in lues
            if li is None or not isinstance(li["n"], int) or not isinstance(li["exposition"], int | float)
        )
        if inconnues:
            absent = Absent(
                MotifAbsence.NON_DIFFUSE,
                f"{pluriel(inconnues, 'commune')} sur {nombre(len(codes))} sans chiffre diffusé\u202f: pas de total.",
            )
            return Ligne(cle, nom, "ensemble", absent, absent, absent, lecture=absent.raison)
        n = sum(int(li["n"]) for li in lues if li)  # type: ignore[arg-type]
        exposition = sum(float(li["exposition"]) for li in lues if li)  # type: ignore[arg-type]
        taux = statistiques.taux(n, exposition).valeur
        return Ligne(cle, nom, "ensemble", n, exposition, taux, intervalle(n, exposition))

    def phrase(self) -> str:
        """The verdict first: where the council's places stand."""
        siens = [(self.noms[c], self.places[c]) for c in self.groupe.siens if c in self.places]
        if self.entonnoir is None:
            return "Aucun lieu de ce groupe n’a de chiffre diffusé pour cette année."
        if not siens:
            return (
                "Aucun lieu du conseil n’a de chiffre comparable dans ce groupe\u202f: non diffusé, ou d’une "
                "autre taille."
            )
        phrases = []
        for position in ("au_dessus", "haut", "dans", "bas", "sous"):
            noms = [f"{nom} ({nombre(p.taux, 1)})" for nom, p in siens if p.position == position]
            if noms:
                phrases.append(f"{enumeration(noms)}\u202f: {POSITIONS[position][0]}.")
        debut = f"Taux d’ensemble\u202f: {nombre(self.entonnoir.taux, 1)} {self.unite_du_taux}."
        return " ".join([*phrases, debut])

    def notes(self) -> list[str]:
        notes = []
        tus = len(self.groupe.lieux) - len(self.compares)
        if tus:
            notes.append(
                f"{pluriel(tus, 'lieu', 'lieux')} du groupe sans chiffre diffusé ou absents du fichier\u202f: ni "
                "comptés, ni supposés nuls."
            )
        prevue = ssmsi.indicateurs()[self.asked.nature.split(":")[1]].denominateur
        if prevue == "logements" and self.par == "habitants":
            notes.append("Ce fichier ne donne pas le nombre de logements\u202f: le taux est par habitant.")
        e = self.entonnoir
        if e is not None and e.dispersion is not None and e.dispersion > 2:
            notes.append(
                "Ces lieux diffèrent entre eux bien plus que le hasard ne le ferait (dispersion "
                f"{nombre(e.dispersion, 1)}\u202f; 1 si le hasard était seul)\u202f: commerces, transports, habitudes "
                "de plainte. Sortir des limites appelle une explication, pas un jugement."
            )
        return notes

    def table(self) -> Table:
        """Every place of the group, for a spreadsheet."""
        resultat = self.figure().resultat
        lignes = []
        for code in sorted({*self.groupe.lieux, *self.groupe.siens}, key=lambda c: self.noms.get(c, c)):
            li = self._ligne(code)
            sien = "oui" if code in self.groupe.siens else ""
            lignes.append(
                (code, li.libelle, sien, li.n, li.exposition, li.taux, li.intervalle, li.rang, li.lecture)
            )
        return Table(
            titre=self.titre,
            entetes=(
                "Code", "Lieu", "Du conseil", self.fiche.unite.capitalize() + "s", self.par.capitalize(),
                f"Pour 1\u202f000 {self.par}", "Intervalle à 95\u202f%", "Rang", "Lecture",
            ),
            lignes=tuple(lignes),
            lecture=lecture(resultat),
        )  # fmt: skip


def _noms(codes: tuple[str, ...], axe: str) -> dict[str, str]:
    from pupitre.territoires.models import Commune, Departement

    modele = Commune if axe == "commune" else Departement
    return dict(modele.objects.filter(pk__in=codes).values_list("code", "nom"))
