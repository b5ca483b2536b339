"""What each source should have sent, period by period, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pupitre.documents.tableaux import Cellule, Table
from pupitre.moteur.mesures import Pas, debut_de, libelle, suivante
from pupitre.observatoire.collecte.conventions import Droits, droits_des_sources
from pupitre.observatoire.collecte.regularite import Regularite
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Frequence, Livraison, Relance, Source
from pupitre.observatoire.selectors import sources_lues
from pupitre.socle import horloge
from pupitre.socle.texte import date_courte, date_longue, enumeration, mois_court, pluriel
from pupitre.territoires.models import Conseil

DELAI, DELAI_SEMAINE = 20, 5
NOMBRES = {
    Frequence.SEMAINE: 12,
    Frequence.MOIS: 13,
    Frequence.TRIMESTRE: 5,
    Frequence.ANNEE: 5,
    Frequence.ANNEE_SCOLAIRE: 5,
}
# Regularity is read over one year, whatever is shown.
_UN_AN = {Frequence.SEMAINE: 56, Frequence.MOIS: 15}
_PAS = {
    Frequence.MOIS: Pas.MOIS,
    Frequence.TRIMESTRE: Pas.TRIMESTRE,
    Frequence.ANNEE: Pas.ANNEE,
    Frequence.ANNEE_SCOLAIRE: Pas.ANNEE_SCOLAIRE,
}
ANNEE = timedelta(days=365)


class EtatCase(StrEnum):
    AVANT = "avant"  # before the source's first period: nothing was expected
    ATTENDUE = "attendue"
    RETARD = "retard"
    MANQUANTE = "manquante"  # late, and a later one has come: a hole
    A_PUBLIER = "a_publier"
    PUBLIEE = "publiee"
    RENVOYEE = "renvoyee"  # said again by a later file, no figure of it known to have changed
    CORRIGEE = "corrigee"


LIBELLES = {
    EtatCase.PUBLIEE: "publiée",
    EtatCase.CORRIGEE: "corrigée\u202f: ses chiffres ont changé",
    EtatCase.RENVOYEE: "renvoyée, sans correction connue",
    EtatCase.A_PUBLIER: "reçue, à publier",
    EtatCase.ATTENDUE: "attendue",
    EtatCase.RETARD: "en retard",
    EtatCase.MANQUANTE: "manquante\u202f: une plus récente est venue",
    EtatCase.AVANT: "rien d’attendu",
}
EN_RETARD = frozenset({EtatCase.RETARD, EtatCase.MANQUANTE})
ATTENDUES = EN_RETARD | {EtatCase.ATTENDUE}


@dataclass(frozen=True, slots=True)
class Case:
    """`due`: it was to come after the source began, so that its delay counts. `livraison`: the one to read about it,
    which is the last that corrected it when `corrigee_le` says that one did.
    """

    debut: date
    libelle: str
    etat: EtatCase
    echeance: date
    due: bool = False
    livraison: str = ""
    recue_le: date | None = None
    corrigee_le: date | None = None
    corrections: int = 0

    @property
    def mot(self) -> str:
        return LIBELLES[self.etat]

    @property
    def dit(self) -> str:
        """The state with its dates, as a sentence without its point."""
        morceaux = [self.mot]
        if self.corrigee_le:
            quand = date_longue(self.corrigee_le)
            morceaux = [
                f"corrigée le {quand}"
                if self.corrections == 1
                else f"corrigée {self.corrections} fois, la dernière le {quand}"
            ]
        if self.retard:
            morceaux.append(f"reçue avec {pluriel(self.retard, 'jour')} de retard")
        return ", ".join(morceaux)

    @property
    def bref(self) -> str:
        """The period in a few letters: seven of them share the width of a telephone."""
        if self.libelle.startswith("semaine"):
            return date_courte(self.debut).rpartition(" ")[0]
        if self.libelle.startswith("année"):
            return f"{self.debut:%y}-{self.debut.year % 100 + 1:02d}"
        if "trimestre" in self.libelle:
            return f"{self.libelle[0]}T {self.debut:%y}"
        return self.libelle if self.libelle[:1].isdigit() else mois_court(self.debut).split()[0]

    @property
    def retard(self) -> int | None:
        """Days after the day due, 0 when on time; None before anything has come, or when nothing was due."""
        return None if self.recue_le is None or not self.due else max(0, (self.recue_le - self.echeance).days)


@dataclass(frozen=True, slots=True)
class Ligne:
    source: Source
    cases: tuple[Case, ...]
    regularite: Regularite


@dataclass(frozen=True, slots=True)
class Volet:
    """The sources of one rhythm, and the headings of their periods."""

    titre: str
    periodes: tuple[str, ...]
    lignes: tuple[Ligne, ...]


def lire(conseil: Conseil, sources: Iterable[Source] | None = None, jour: date | None = None) -> list[Volet]:
    """Four queries, whatever the number of sources."""
    jour = jour or horloge.aujourdhui()
    toutes = list(sources_lues(conseil) if sources is None else sources)
    livraisons = _livraisons(toutes)
    droits = droits_des_sources(toutes, jour)
    relances = _relances(toutes, jour)
    volets = []
    for frequence, titre in (
        (Frequence.MOIS, "Chaque mois"),
        (Frequence.SEMAINE, "Chaque semaine"),
        (Frequence.TRIMESTRE, "Chaque trimestre"),
        (Frequence.ANNEE, "Chaque année"),
        (Frequence.ANNEE_SCOLAIRE, "Chaque année scolaire"),
    ):
        siennes = [s for s in toutes if s.frequence == frequence]
        debuts = periodes(frequence, jour, _UN_AN.get(frequence, 0))
        lignes = tuple(
            _ligne(s, debuts, livraisons.get(s.pk, []), droits[s.code], relances.get(s.pk, 0), jour)
            for s in siennes
        )
        if lignes:
            volets.append(
                Volet(titre, tuple(_entete(d, frequence) for d in periodes(frequence, jour)), lignes)
            )
    return volets


def lignes(
    conseil: Conseil, sources: Iterable[Source] | None = None, jour: date | None = None
) -> list[Ligne]:
    """The same, whatever the rhythm."""
    return [ligne for volet in lire(conseil, sources, jour) for ligne in volet.lignes]


def periodes(frequence: str, jour: date, nombre: int = 0) -> list[date]:
    """First days of the periods shown (or of the last `nombre`), the one under way last."""
    n = nombre or NOMBRES[Frequence(frequence)]
    if frequence == Frequence.SEMAINE:
        lundi = jour - timedelta(days=jour.weekday())
        return [lundi - timedelta(weeks=i) for i in reversed(range(n))]
    pas = _PAS[Frequence(frequence)]
    courante = debut_de(jour, pas)
    return [suivante(courante, pas, -i) for i in reversed(range(n))]


def nommer(debut: date, frequence: str) -> str:
    if frequence == Frequence.SEMAINE:
        return f"semaine du {date_courte(debut)}"
    return libelle(debut, _PAS[Frequence(frequence)])


def _entete(debut: date, frequence: str) -> str:
    """Short: thirteen of them share a row."""
    if frequence == Frequence.MOIS:
        return mois_court(debut)
    return nommer(debut, frequence).removeprefix("année scolaire ")


def echeance(debut: date, frequence: str, droits: Droits) -> date:
    """The day by which the period should be there: the convention's delay, or twenty days after its end."""
    delai = min(
        (c.delai for c in droits.conventions),
        default=DELAI_SEMAINE if frequence == Frequence.SEMAINE else DELAI,
    )
    return _fin(debut, frequence) + timedelta(days=delai)


def _fin(debut: date, frequence: str) -> date:
    if frequence == Frequence.SEMAINE:
        return debut + timedelta(days=6)
    return suivante(debut, _PAS[Frequence(frequence)]) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Recue:
    pk: str
    etat: str
    recue_le: date
    periodes: frozenset[date]
    redites: list[_Redite]


@dataclass(frozen=True, slots=True)
class _Redite:
    """A period that a delivery said again, once published. `changee`: None when nobody knows."""

    debut: date
    le: datetime
    changee: bool | None


def _livraisons(sources: list[Source]) -> dict[int, list[_Recue]]:
    """By source, in the order in which they came; one row a delivery, and one more for each other it corrects."""
    recues: dict[int, dict[str, _Recue]] = {}
    livraisons = (
        Livraison.objects.filter(source__in=sources)
        .avec_etat()
        .exclude(etat=Etat.REJETEE)
        .order_by("recue_le", "pk")
        .values_list(
            *("source_id", "pk", "etat", "recue_le", "lecture__couverture"),
            *("corrections__periodes", "corrections__le"),
        )
    )
    for source, pk, etat, recue_le, couverture, redites, le in livraisons:
        siennes = recues.setdefault(source, {})
        if pk not in siennes:
            jours = frozenset(date.fromisoformat(d) for d in {d for _, d, _ in couverture or ()})
            siennes[pk] = _Recue(str(pk), etat, horloge.jour_de(recue_le), jours, [])
        siennes[pk].redites.extend(
            _Redite(date.fromisoformat(d), le, change) for _, d, change in redites or ()
        )
    return {source: list(siennes.values()) for source, siennes in recues.items()}


def _relances(sources: list[Source], jour: date) -> dict[int, int]:
    """Letters of the last twelve months: one that names three periods is one."""
    lettres: dict[int, set] = {}
    faites = Relance.objects.filter(source__in=sources, le__gt=jour - ANNEE, le__lte=jour)
    for source, le, courriel in faites.values_list("source", "le", "courriel"):
        lettres.setdefault(source, set()).add(courriel or le)
    return {source: len(distinctes) for source, distinctes in lettres.items()}


def _ligne(
    source: Source, debuts: list[date], recues: list[_Recue], droits: Droits, relances: int, jour: date
) -> Ligne:
    depuis = _Depuis(
        connue=min((min(r.periodes) for r in recues if r.periodes), default=None),
        derniere=max((max(r.periodes) for r in recues if r.periodes), default=None),
        recue=recues[0].recue_le if recues else None,
        convenue=min((c.debut for c in droits.conventions), default=None),
    )
    cases = tuple(_case(source, d, recues, droits, depuis, jour) for d in debuts)
    echues = [
        c for c in cases if c.due and jour - ANNEE < c.echeance <= jour and (c.echeance < jour or c.recue_le)
    ]
    regularite = Regularite(
        len(echues),
        tuple(c.retard for c in echues if c.retard is not None),
        relances,
        sum(bool(c.corrections) for c in echues),
    )
    return Ligne(source, cases[-NOMBRES[Frequence(source.frequence)] :], regularite)


@dataclass(frozen=True, slots=True)
class _Depuis:
    """`connue`, `derniere`: first and last period that came. `recue`: the day of the first file; `convenue`: that from
    which the convention runs."""

    connue: date | None
    derniere: date | None
    recue: date | None
    convenue: date | None

    def doit(self, fin: date, limite: date) -> bool:
        """A period that was over before anything was agreed is not owed."""
        return (self.convenue is not None and self.convenue <= fin) or (
            self.recue is not None and self.recue <= limite
        )


def _case(
    source: Source, debut: date, recues: list[_Recue], droits: Droits, depuis: _Depuis, jour: date
) -> Case:
    limite = echeance(debut, source.frequence, droits)
    # What its producer publishes when it likes is not owed to us.
    due = not source.ouverte and depuis.doit(_fin(debut, source.frequence), limite)
    siennes = [r for r in recues if _couvre(r, debut, source.frequence)]
    base = (debut, nommer(debut, source.frequence))
    publiees = [r for r in siennes if r.etat == Etat.PUBLIEE]
    if publiees:
        etat, lue, corrections = _devenue(siennes, publiees[-1], debut, source.frequence)
        corrigee_le = horloge.jour_de(corrections[-1]) if corrections else None
        recue_le = siennes[0].recue_le
        return Case(*base, etat, limite, due, lue.pk, recue_le, corrigee_le, len(corrections))
    # A file read otherwise may say nothing more of a period that it said: replaced, nothing stands for it.
    if ouvertes := [r for r in siennes if r.etat != Etat.REMPLACEE]:
        return Case(*base, EtatCase.A_PUBLIER, limite, due, ouvertes[-1].pk, siennes[0].recue_le)
    trou = depuis.derniere is not None and debut < depuis.derniere
    if not due and (depuis.connue is None or debut < depuis.connue):
        return Case(*base, EtatCase.AVANT, limite)
    if limite >= jour or source.ouverte:
        return Case(*base, EtatCase.ATTENDUE, limite, due)
    return Case(*base, EtatCase.MANQUANTE if trou else EtatCase.RETARD, limite, due)


def _devenue(
    siennes: list[_Recue], visible: _Recue, debut: date, frequence: str
) -> tuple[EtatCase, _Recue, list[datetime]]:
    """What a published period became, the delivery to read about it, and when each correction was published."""
    fin = _fin(debut, frequence)
    redites = [(x.le, r, x.changee) for r in siennes for x in r.redites if debut <= x.debut <= fin]
    if not redites:
        return EtatCase.PUBLIEE, visible, []
    redites.sort(key=lambda x: x[0])
    # One file may correct several at once: it is one correction.
    changees = {r.pk: (le, r) for le, r, changee in redites if changee}
    if not changees:
        return EtatCase.RENVOYEE, redites[-1][1], []
    return EtatCase.CORRIGEE, list(changees.values())[-1][1], [le for le, _ in changees.values()]


def _couvre(recue: _Recue, debut: date, frequence: str) -> bool:
    fin = _fin(debut, frequence)
    if frequence == Frequence.SEMAINE and not recue.periodes:
        return debut <= recue.recue_le <= fin
    return any(debut <= d <= fin for d in recue.periodes)


def table(conseil: Conseil, volets: list[Volet]) -> Table:
    lignes = tuple(
        (
            str(li.source.organisation),
            li.source.nom,
            c.libelle,
            c.mot,
            c.echeance,
            c.recue_le,
            c.retard,
            c.corrigee_le,
            c.corrections,
        )
        for v in volets
        for li in v.lignes
        for c in li.cases
        if c.etat is not EtatCase.AVANT
    )
    entetes = (
        *("Partenaire", "Source", "Période", "État", "Attendue le", "Reçue le", "Retard (jours)"),
        *("Corrigée le", "Corrections"),
    )
    return Table(f"Calendrier des livraisons, {conseil}", entetes, lignes)


@dataclass(frozen=True, slots=True)
class Corrigees:
    """The periods shown that one delivery corrected last."""

    source: Source
    livraison: str
    le: date
    periodes: tuple[str, ...]

    @property
    def dites(self) -> str:
        return enumeration(self.periodes)


def corrigees(volets: Iterable[Volet]) -> list[Corrigees]:
    """The latest first."""
    par_livraison: dict[str, tuple[Source, date, list[str]]] = {}
    for volet in volets:
        for ligne in volet.lignes:
            for c in ligne.cases:
                if c.corrigee_le:
                    _, _, dites = par_livraison.setdefault(c.livraison, (ligne.source, c.corrigee_le, []))
                    dites.append(c.libelle)
    lots = [Corrigees(s, pk, le, tuple(dites)) for pk, (s, le, dites) in par_livraison.items()]
    return sorted(lots, key=lambda lot: lot.le, reverse=True)


@dataclass(frozen=True, slots=True)
class Partenaire:
    """How one organisation keeps to what was agreed, all its sources together, then source by source."""

    nom: str
    ensemble: Regularite
    lignes: tuple[Ligne, ...]


def par_partenaire(volets: Iterable[Volet]) -> list[Partenaire]:
    """Those that owe something, by name. What a producer publishes when it likes is not owed."""
    par_nom: dict[str, list[Ligne]] = {}
    for volet in volets:
        for ligne in volet.lignes:
            if not ligne.source.ouverte:
                par_nom.setdefault(str(ligne.source.organisation), []).append(ligne)
    return [
        Partenaire(nom, sum((li.regularite for li in lignes), Regularite(0, (), 0)), tuple(lignes))
        for nom, lignes in sorted(par_nom.items())
    ]


def douze_mois(jour: date | None = None) -> str:
    jour = jour or horloge.aujourdhui()
    return f"échéances du {date_longue(jour - ANNEE + timedelta(days=1))} au {date_longue(jour)}"


METHODE_REGULARITE = (
    "À temps\u202f: reçue au plus tard le jour convenu. Le retard médian est celui des périodes reçues, zéro quand "
    "elles sont à temps. Une période est corrigée quand un fichier envoyé ensuite en a changé les chiffres."
)


def table_de_regularite(conseil: Conseil, volets: list[Volet], jour: date | None = None) -> Table:
    """One row per partner, then one per source: what was to come within twelve months, and how it came."""
    lignes = []
    for partenaire in par_partenaire(volets):
        if len(partenaire.lignes) > 1:
            lignes.append((partenaire.nom, "toutes ses sources", "", *_chiffres(partenaire.ensemble)))
        lignes += [
            (partenaire.nom, li.source.nom, li.source.get_frequence_display(), *_chiffres(li.regularite))
            for li in partenaire.lignes
        ]
    return Table(
        f"Régularité des partenaires, {conseil}",
        (
            "Partenaire",
            "Source",
            "Rythme",
            "Périodes échues",
            "Reçues à temps",
            "Part à temps (%)",
            "Retard médian (jours)",
            "Relances",
            "Périodes corrigées",
        ),
        tuple(lignes),
        lecture=(("Période", douze_mois(jour).capitalize()), ("Méthode", METHODE_REGULARITE)),
    )


def _chiffres(r: Regularite) -> tuple[Cellule, ...]:
    return (
        r.dues,
        r.a_temps,
        round(r.part, 1) if r.part is not None else "sans objet",
        r.retard_median if r.retard_median is not None else "sans objet",
        r.relances,
        r.corrigees,
    )
