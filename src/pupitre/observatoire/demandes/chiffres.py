"""The figures that a request gives: source by source, in each one's unit, after disclosure control."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pupitre.moteur import nomenclatures
from pupitre.moteur.erreurs import ErreurPupitre, MesureRefusee
from pupitre.moteur.mesures import Case, Pas, case, debut_de, suivante
from pupitre.moteur.resultats import Audience, Periode, Resultat
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.indicateurs import Indicateur, indicateurs
from pupitre.observatoire.chiffres.lecteur import FINS, Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.models import DemandeDonnees, Source, SourceDemandee
from pupitre.socle.texte import mois_annee, mois_court

# A request may bear on ten years of months; a sheet stays readable.
PERIODES_MAX = 120


class RienARemettre(ErreurPupitre):
    """Nothing published answers the request."""


@dataclass(frozen=True)
class Volet:
    """What one source gives in one unit of count.

    `jours`: first days of its periods. `principal`: what its analysis speaks about first.
    """

    source: Source
    pas: Pas
    jours: tuple[date, ...]
    periode: Periode
    sujet: Sujet
    principal: Sujet
    par_nature: Resultat
    par_commune: Resultat | None = None
    par_secteur: Resultat | None = None
    notes: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[tuple[str, Resultat], ...]:
        """What divides the figures, and the table."""
        axes = (("nature", self.par_nature), ("commune", self.par_commune), ("secteur", self.par_secteur))
        return tuple((axe, r) for axe, r in axes if r is not None)

    @property
    def resultats(self) -> tuple[Resultat, ...]:
        return tuple(r for _, r in self.tables)


@dataclass(frozen=True)
class Tirage:
    """Everything drawn for one request, from one visible state. `notes`: what was asked and cannot be given."""

    lecteur: Lecteur
    volets: tuple[Volet, ...]
    notes: tuple[str, ...]

    @property
    def resultats(self) -> tuple[Resultat, ...]:
        return tuple(r for v in self.volets for r in v.resultats)


def tirer(demande: DemandeDonnees, lignes: Iterable[SourceDemandee], deja_dit: Iterable[str] = ()) -> Tirage:
    """Draw the figures of the sources that may be delivered, as a partner may read them.

    Args:
        deja_dit: what is known not to be delivered, and why.

    Raises:
        RienARemettre: none of them has published anything about that perimeter and period.
    """
    lignes = list(lignes)
    permises = {li.source.code for li in lignes}
    lecteur = Lecteur.ouvrir(demande.conseil, Audience.PARTENAIRE, permises=permises)
    volets: list[Volet] = []
    notes = list(deja_dit)
    for ligne in lignes:
        trouves, dites = _de_la_source(lecteur, ligne.source, tuple(ligne.natures), demande)
        volets += trouves
        notes += dites
    if not volets:
        raise RienARemettre(
            "Aucun chiffre ne répond à cette demande.",
            " ".join(notes) or "Aucune des sources demandées n’a publié de chiffres.",
            "Complétez la demande (période, territoire), ou refusez-la en disant pourquoi.",
        )
    return Tirage(lecteur, tuple(volets), tuple(notes))


def _de_la_source(
    lecteur: Lecteur, source: Source, voulues: tuple[str, ...], demande: DemandeDonnees
) -> tuple[list[Volet], list[str]]:
    nom = f"{source.organisation.nom}, {source.nom}"
    profil = lecteur.etat.profils.get(source.code)
    if profil is None or source.code not in lecteur.sources:
        return [], [f"{nom}\u202f: rien n’est publié."]
    lieu = next((p for p in perimetres(lecteur.territoire, profil) if p.cle == demande.perimetre), None)
    if lieu is None:
        return [], [f"{nom}\u202f: cette source ne distingue pas le territoire demandé."]
    pas = periodes.pas_de(profil)
    jours = jours_de(demande.debut, demande.fin, pas)
    if not jours:
        return [], [
            f"{nom}\u202f: livrée par {pas.replace('_', ' ').replace('annee', 'année')}, aucune n’est entière dans la "
            "période demandée."
        ]
    volets = []
    for unite, natures in _par_unite(voulues or profil.natures, profil.natures).items():
        entier = _ensemble(profil, source, natures, unite)
        sujet = Sujet(source, profil, entier, lieu)
        try:
            volets.append(_volet(lecteur, sujet, pas, jours))
        except MesureRefusee as refus:
            return volets, [f"{nom}\u202f: {refus.quoi} {refus.pourquoi}"]
    return volets, [] if volets else [f"{nom}\u202f: aucune des natures demandées n’y figure."]


def _par_unite(voulues: Iterable[str], presentes: tuple[str, ...]) -> dict[str, list[str]]:
    par_unite: dict[str, list[str]] = {}
    for code in voulues:
        if code in presentes:
            try:
                par_unite.setdefault(nomenclatures.nature(code).unite, []).append(code)
            except KeyError:
                continue
    return par_unite


def _ensemble(profil, source: Source, natures: list[str], unite: str) -> Indicateur:
    """All that is asked in that unit. It is only shown nature by nature, or where they may be added."""
    nom = source.nom[:1].upper() + source.nom[1:]
    if len(natures) == 1:
        seul = next((i for i in indicateurs(profil) if i.natures == tuple(natures)), None)
        if seul is not None:
            return seul
    total = next((i for i in indicateurs(profil, source.nom) if set(i.natures) == set(natures)), None)
    if total is not None:
        return total
    # Said in the title, so that a part of a source is never read as the whole.
    partie = len(natures) < len(profil.natures)
    return Indicateur("demande", f"{nom}, natures demandées" if partie else nom, tuple(natures), unite)


def additionnable(indicateur: Indicateur) -> bool:
    """Whether its natures make a total: indexes of the 4001 and of the SSMSI stay side by side."""
    if len(indicateur.natures) == 1:
        return True
    if any(n.startswith(("4001:", "ssmsi:")) for n in indicateur.natures):
        return False
    try:
        nomenclatures.unite_commune(indicateur.natures)
    except MesureRefusee:
        return False
    return True


def _volet(lecteur: Lecteur, sujet: Sujet, pas: Pas, jours: list[date]) -> Volet:
    periode = Periode(jours[0], suivante(jours[-1], pas) - timedelta(days=1), _etendue(jours, pas))
    colonnes = [(f"p{i}", _court(j, pas), lecteur.case(sujet, j, pas)) for i, j in enumerate(jours)]
    par_nature = lecteur.par_nature(sujet, colonnes, periode)
    principal = _principal(sujet, par_nature)
    par_commune = par_secteur = None
    notes: list[str] = []
    if sujet.perimetre.niveau == "conseil" and len(sujet.profil.communes) > 1:
        par_commune = lecteur.croiser(principal, "commune", colonnes, periode)
    if sujet.profil.secteurs:
        semestres = semestres_entiers(principal, jours, pas)
        if semestres:
            fin = semestres[-1][2].fin
            etendue = Periode(semestres[0][2].debut, fin, f"{semestres[0][1]} à {semestres[-1][1]}")
            par_secteur = lecteur.croiser(principal, "secteur", semestres, etendue)
        else:
            notes.append(
                "Les secteurs se lisent par semestre entier, et la période demandée n’en contient aucun de complet."
            )
    if sujet.perimetre.note:
        notes.append(sujet.perimetre.note)
    return Volet(
        sujet.source,
        pas,
        tuple(jours),
        periode,
        sujet,
        principal,
        par_nature,
        par_commune,
        par_secteur,
        tuple(notes),
    )


def _principal(sujet: Sujet, par_nature: Resultat) -> Sujet:
    """The total where there is one, else the nature with the most facts over the period."""
    if additionnable(sujet.indicateur):
        return sujet
    totaux = {
        str(li["nature"]): sum(v for k, v in li.items() if k != "nature" and isinstance(v, int))
        for li in par_nature.dicts()
    }
    premiere = max(totaux, key=lambda n: (totaux[n], n), default=sujet.indicateur.natures[0])
    seul = next((i for i in indicateurs(sujet.profil) if i.natures == (premiere,)), None)
    indicateur = seul or Indicateur(
        premiere, nomenclatures.nature(premiere).libelle, (premiere,), sujet.indicateur.unite
    )
    return Sujet(sujet.source, sujet.profil, indicateur, sujet.perimetre)


def jours_de(debut: date, fin: date, pas: Pas) -> list[date]:
    """First days of the periods that lie wholly within [debut, fin], the last ones when there are too many."""
    jour = debut_de(debut, pas)
    if jour < debut:
        jour = suivante(jour, pas)
    jours = []
    while suivante(jour, pas) - timedelta(days=1) <= fin:
        jours.append(jour)
        jour = suivante(jour, pas)
    return jours[-PERIODES_MAX:]


def semestres_entiers(sujet: Sujet, jours: list[date], pas: Pas) -> list[tuple[str, str, Case]]:
    """Whole half-years of the period, all delivered; the delivered periods themselves where they are longer."""
    if pas not in FINS:
        return [
            (
                f"s{i}",
                _court(j, pas),
                case(j, suivante(j, pas) - timedelta(days=1), sujet.profil.couvertures_du_conseil),
            )
            for i, j in enumerate(jours)
        ]
    fin = suivante(jours[-1], pas) - timedelta(days=1)
    premier = date(jours[0].year, 1 if jours[0].month == 1 else 7, 1)
    if premier < jours[0]:
        premier = suivante(premier, Pas.MOIS, 6)
    trouves = []
    while (dernier := suivante(premier, Pas.MOIS, 6) - timedelta(days=1)) <= fin:
        semestre = case(premier, dernier, sujet.profil.couvertures_du_conseil)
        if semestre.complete:
            libelle = f"{'1er' if premier.month == 1 else '2e'} semestre {premier.year}"
            trouves.append((f"s{len(trouves)}", libelle, semestre))
        premier = suivante(premier, Pas.MOIS, 6)
    return trouves


def _court(jour: date, pas: Pas) -> str:
    return mois_court(jour) if pas is Pas.MOIS else periodes.periode(jour, pas).libelle


def _etendue(jours: list[date], pas: Pas) -> str:
    premier, dernier = periodes.periode(jours[0], pas).libelle, periodes.periode(jours[-1], pas).libelle
    return premier if premier == dernier else f"{premier} à {dernier}"


def periode_en_clair(debut: date, fin: date) -> str:
    premier, dernier = mois_annee(debut), mois_annee(fin)
    return premier if premier == dernier else f"{premier} à {dernier}"


def perimetre_en_clair(lecteur: Lecteur, cle: str) -> str:
    if cle == "conseil":
        return "Tout le conseil"
    return lecteur.territoire.noms().get(cle.partition(":")[2], cle)
