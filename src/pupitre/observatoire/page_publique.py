"""The public page of a council's figures: closed unless somebody opens it, public figures only, no cookie.

Every figure is drawn for `Audience.PUBLIC`, by whole years, from sources that anyone may read. Each indicator is
asked by itself, so that one without any fact has its row like the others: a row left out would tell a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import transaction

from pupitre.acces.models import Utilisateur
from pupitre.acces.verdict import Verdict
from pupitre.documents.tableaux import Table
from pupitre.moteur import statistiques
from pupitre.moteur.erreurs import ErreurPupitre, MesureRefusee
from pupitre.moteur.mesures import Case, Pas, case, debut_de, suivante
from pupitre.moteur.resultats import Absent, Audience, Periode, Valeur
from pupitre.observatoire.chiffres import catalogue, periodes
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import LECTURES, Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.demandes.autorisations import publiable, reserves_de
from pupitre.observatoire.models import Catalogue, ReglagePagePublique, Source
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

ANNEES_MAX = 6
# Beyond, the indicators of a source are under a fold: the first ones are those asked first.
PREMIERES = 12


class PageVide(ErreurPupitre):
    """There would be nothing to read on it."""


@dataclass(frozen=True)
class LignePublique:
    libelle: str
    unite: str
    annees: tuple[str, ...]
    valeurs: tuple[Valeur, ...]
    lecture: str

    @property
    def par_an(self) -> list[tuple[str, Valeur]]:
        return list(zip(self.annees, self.valeurs, strict=True))


@dataclass(frozen=True)
class SourcePublique:
    """One source by whole years. `tues`: how many indicators have no value that may be shown."""

    titre: str
    producteur: str
    perimetre: str
    annees: tuple[str, ...]
    lignes: tuple[LignePublique, ...]
    tues: int
    fictif: bool
    recue: str
    ruptures: tuple[str, ...]
    reserves: str = ""

    @property
    def premieres(self) -> tuple[LignePublique, ...]:
        return self.lignes[:PREMIERES]

    @property
    def suivantes(self) -> tuple[LignePublique, ...]:
        return self.lignes[PREMIERES:]


@dataclass(frozen=True)
class PagePublique:
    territoires: tuple[Choix, ...]
    sources: tuple[SourcePublique, ...]

    @property
    def fictif(self) -> bool:
        return any(s.fictif for s in self.sources)


def reglage(conseil: Conseil) -> ReglagePagePublique | None:
    return ReglagePagePublique.objects.filter(conseil=conseil).order_by("-pk").first()


def ouverte(slug: str) -> tuple[Conseil, ReglagePagePublique] | None:
    """The council whose public page is open at that address, if any."""
    conseil = Conseil.objects.filter(slug=slug).first()
    dernier = reglage(conseil) if conseil else None
    return (conseil, dernier) if conseil and dernier and dernier.ouverte else None


@transaction.atomic
def regler(*, conseil: Conseil, ouverte: bool, indexable: bool, auteur: Utilisateur) -> ReglagePagePublique:
    """Open or close the page; each decision stays in the history.

    Raises:
        PageVide: opened while no source may be shown to the public.
    """
    if ouverte and not any(v for _, v in sources_et_verdicts(conseil)):
        raise PageVide(
            "La page publique n’aurait rien à montrer.",
            "Aucune source publiée n’est une donnée ouverte, ni n’a de convention qui permette de la publier.",
            "Importez une base du SSMSI, ou convenez de la publication avec un partenaire.",
        )
    Conseil.objects.select_for_update(of=("self",)).get(pk=conseil.pk)
    return ReglagePagePublique.objects.create(
        conseil=conseil, ouverte=ouverte, indexable=ouverte and indexable, auteur=auteur, nom=str(auteur)
    )


def sources_et_verdicts(conseil: Conseil) -> list[tuple[Source, Verdict]]:
    """Published sources, and whether anyone may read them."""
    profils = catalogue.etat_visible(conseil).profils
    sources = Source.objects.filter(conseil=conseil, code__in=profils).select_related("organisation")
    return [(s, publiable(s, horloge.aujourdhui())) for s in sources.order_by("nom")]


def composer(conseil: Conseil, territoire: str = "") -> PagePublique:
    """What anyone reads, kept in memory until the figures, the permissions or the day change."""
    jour = horloge.aujourdhui()
    permises = tuple((s.code, reserves_de(s, jour)) for s, v in sources_et_verdicts(conseil) if v)
    # Only what is in the list of choices is kept in memory, whatever the address asks.
    if territoire not in {f"commune:{c.code}" for c in conseil.communes_as_of()}:
        territoire = "conseil"
    version = Catalogue.objects.filter(conseil=conseil).values_list("version", "modifie_le").first()
    return _composer(conseil.pk, version, permises, territoire, jour)


@lru_cache(maxsize=64)
def _composer(
    conseil_id: int, version: object, permises: tuple[tuple[str, str], ...], territoire: str, jour: date
) -> PagePublique:
    conseil = Conseil.objects.get(pk=conseil_id)
    lecteur = Lecteur.ouvrir(conseil, Audience.PUBLIC, jour, permises={code for code, _ in permises})
    communes = [(f"commune:{c.code}", c.nom) for c in lecteur.territoire.communes]
    choix = choisir([("conseil", "Tout le conseil"), *communes], territoire)
    lieu = next(c.cle for c in choix if c.choisi)
    sources = [s for code, _ in permises if (s := _source(lecteur, code, lieu)) is not None]
    return PagePublique(choix, tuple(sources))


def _source(lecteur: Lecteur, code: str, lieu: str) -> SourcePublique | None:
    source, profil = lecteur.sources.get(code), lecteur.etat.profils.get(code)
    if source is None or profil is None or not profil.periodes:
        return None
    perimetre = next((p for p in perimetres(lecteur.territoire, profil) if p.cle == lieu), None)
    tous = indicateurs(profil, source.nom)
    if perimetre is None or not tous:
        return None
    pas = Pas.ANNEE_SCOLAIRE if periodes.pas_de(profil) is Pas.ANNEE_SCOLAIRE else Pas.ANNEE
    annees = _annees(Sujet(source, profil, tous[0], perimetre), pas)
    if not annees:
        return None
    libelles = tuple(periodes.periode(a.debut, pas).libelle for a in annees)
    lues = []
    for indicateur in tous:
        sujet = Sujet(source, profil, indicateur, perimetre)
        try:
            lues.append((sujet, _valeurs(lecteur, sujet, annees, pas)))
        except MesureRefusee:
            continue
    montrees = [(s, v) for s, v in lues if any(not isinstance(n, Absent) for n in v)]
    provenance = lecteur.provenance(source, annees[0].debut, annees[-1].fin)
    return SourcePublique(
        titre=source.nom[:1].upper() + source.nom[1:],
        producteur=provenance.producteur,
        perimetre=perimetre.libelle,
        annees=libelles,
        lignes=_juger(montrees, annees, libelles),
        tues=len(lues) - len(montrees),
        fictif=source.fictive,
        recue=date_longue(max(li.recue_le for li in provenance.livraisons)) if provenance.livraisons else "",
        ruptures=tuple(f"{date_longue(r.jour)}\u202f: {r.libelle}" for r in montrees[0][0].ruptures)
        if montrees
        else (),
        reserves=lecteur.reserves.get(code, ""),
    )


def _annees(sujet: Sujet, pas: Pas) -> list[Case]:
    """The last whole years that the source has delivered."""
    premiere = debut_de(sujet.profil.periodes[0], pas)
    derniere = debut_de(sujet.profil.periodes[-1], pas)
    annees = []
    while premiere <= derniere:
        fin = date.fromordinal(suivante(premiere, pas).toordinal() - 1)
        annee = case(premiere, fin, sujet.profil.couvertures_du_conseil)
        if annee.complete:
            annees.append(annee)
        premiere = suivante(premiere, pas)
    return annees[-ANNEES_MAX:]


def _valeurs(lecteur: Lecteur, sujet: Sujet, annees: list[Case], pas: Pas) -> tuple[Valeur, ...]:
    colonnes = [
        (f"a{i}", periodes.periode(a.debut, pas).libelle, Case(a.debut, a.fin, a.complete))
        for i, a in enumerate(annees)
    ]
    periode = Periode(annees[0].debut, annees[-1].fin, f"{colonnes[0][1]} à {colonnes[-1][1]}")
    resultat = lecteur.tableau(sujet, sujet.indicateur.libelle, colonnes, periode)
    return resultat.lignes[0]


def _juger(
    lignes: list[tuple[Sujet, tuple[Valeur, ...]]], annees: list[Case], libelles: tuple[str, ...]
) -> tuple[LignePublique, ...]:
    """The last year against the one before, corrected for the number of rows."""
    couples = [v[-2:] if len(v) > 1 else () for _, v in lignes]
    comparables = [c for c in couples if len(c) == 2 and all(isinstance(n, int) for n in c)]
    jugees = iter(statistiques.evolutions([(n, avant) for avant, n in comparables]))
    ecrites = []
    for (sujet, valeurs), couple in zip(lignes, couples, strict=True):
        mot = "sans comparaison"
        if couple in comparables:
            mot = LECTURES[next(jugees).sens]
            if periodes.rupture_entre(sujet.ruptures, annees[-2].debut, annees[-1].debut):
                mot = "rupture de série"
        indicateur = sujet.indicateur
        ecrites.append(LignePublique(indicateur.libelle, indicateur.unite, libelles, valeurs, mot))
    return tuple(ecrites)


def table(conseil: Conseil, page: PagePublique) -> Table:
    """The same figures as rows: one a value, which any spreadsheet can sort."""
    lignes = tuple(
        (s.titre, s.producteur, s.perimetre, li.libelle, li.unite, annee, valeur)
        for s in page.sources
        for li in s.lignes
        for annee, valeur in li.par_an
    )
    lecture = [("Conseil", str(conseil)), ("Lecture", REGLE)]
    lecture += [("Réserves", f"{s.titre}\u202f: {s.reserves}") for s in page.sources if s.reserves]
    if page.fictif:
        lecture.append(("Avertissement", "Données fictives"))
    return Table(
        "Chiffres publics",
        ("Source", "Producteur", "Territoire", "Indicateur", "Unité de compte", "Année", "Nombre"),
        lignes,
        tuple(lecture),
    )


REGLE = (
    "Un nombre n’est montré que si plus de cinq faits ont été comptés chaque année, trois années de suite (règle du "
    "service statistique du ministère de l’intérieur), et si aucune soustraction ne permet d’en déduire un autre. "
    "«\u202fn. d.\u202f» n’est pas zéro."
)
