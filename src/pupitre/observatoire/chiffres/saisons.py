"""The same months year after year: what each month is worth in an ordinary year, and which ones leave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pupitre.documents import graphiques
from pupitre.documents.formes import MoisDeSaison, Saison, Sens
from pupitre.documents.graphiques.resumes import resumer_saison
from pupitre.documents.tableaux import Table
from pupitre.moteur import statistiques
from pupitre.moteur.mesures import Pas, suivante
from pupitre.moteur.resultats import Audience, Resultat, Valeur
from pupitre.moteur.statistiques.evolutions import ALPHA
from pupitre.observatoire.chiffres import durees
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.figures import Figure
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.indicateurs_suivis import choisis, sujet_de
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.chiffres.periodes import pas_de
from pupitre.observatoire.chiffres.tendances import SANS_TENDANCE, figure_de_tendance
from pupitre.socle.texte import MOIS, enumeration
from pupitre.territoires.models import Conseil

ANNEES_MAX = 6
ANNEES_POUR_UN_INDICE = 2
TROP_COURTE = (
    "La série est trop courte pour dire une année ordinaire\u202f: il faut au moins deux années entières avant celle "
    "qu’on regarde."
)


@dataclass(frozen=True, slots=True)
class DemandeSaison:
    indicateur: str = ""
    territoire: str = ""
    calendrier: str = ""


@dataclass(frozen=True, slots=True)
class LigneDeSaison:
    """A month of the calendar: its value each year, its index, and how the last year stands."""

    mois: str
    valeurs: tuple[Valeur, ...]
    indice: float | None
    ordinaire: str
    lecture: str
    sens: str


@dataclass(frozen=True)
class Saisons:
    """What the screen of seasons shows. `groupes`: (source, choices of indicator)."""

    groupes: tuple[tuple[str, tuple[Choix, ...]], ...] = ()
    perimetres: tuple[Choix, ...] = ()
    calendriers: tuple[Choix, ...] = ()
    figure: Figure | None = None
    tendance: Figure | None = None
    annees: tuple[str, ...] = ()
    lignes: tuple[LigneDeSaison, ...] = ()
    notes: tuple[str, ...] = ()
    fictif: bool = False
    choix: tuple[tuple[str, str], ...] = ()
    table: Table | None = None


def composer(*, conseil: Conseil, audience: Audience, demande: DemandeSaison) -> Saisons:
    """The seasons of one indicator on one territory; anything unknown falls back to the default."""
    lecteur = Lecteur.ouvrir(conseil, audience)
    mensuelles = [c for c in lecteur.sources if pas_de(lecteur.etat.profils[c]) is Pas.MOIS]
    if not mensuelles:
        return Saisons()
    sujet, groupes = _sujet(lecteur, mensuelles, demande)
    possibles = [
        p
        for p in perimetres(lecteur.territoire, sujet.profil)
        if durees.Duree.PERIODE in durees.permises(p.niveau, Pas.MOIS, audience)
    ]
    choix = choisir([(p.cle, p.libelle) for p in possibles], demande.territoire)
    lieu = next(p for p, c in zip(possibles, choix, strict=True) if c.choisi)
    sujet = Sujet(sujet.source, sujet.profil, sujet.indicateur, lieu)
    calendriers = choisir(
        [("civile", "Janvier à décembre"), ("scolaire", "Septembre à août")], demande.calendrier
    )
    premier_mois = 9 if calendriers[1].choisi else 1
    serie = _serie(lecteur, sujet, premier_mois)
    saison, lignes = _saison(serie, premier_mois)
    tendance_ = figure_de_tendance(serie, sujet.indicateur.codes)
    notes = [durees.SECTEURS_AILLEURS] if len(possibles) < _tous(lecteur, sujet) else []
    if all(m.indice is None for m in saison.mois):
        notes.append(TROP_COURTE)
    elif tendance_ is None:
        notes.append(SANS_TENDANCE)
    annees = tuple(nom for nom, _ in saison.annees)
    return Saisons(
        groupes=groupes,
        perimetres=choix,
        calendriers=calendriers,
        figure=_figure(serie, saison, sujet),
        tendance=tendance_,
        annees=annees,
        lignes=lignes,
        notes=tuple(notes),
        fictif=sujet.source.fictive,
        choix=(
            ("indicateur", sujet.cle),
            ("territoire", lieu.cle),
            ("calendrier", "scolaire" if premier_mois == 9 else ""),
        ),
        table=_table(serie, annees, lignes),
    )


def _tous(lecteur: Lecteur, sujet: Sujet) -> int:
    return len(perimetres(lecteur.territoire, sujet.profil))


def _sujet(
    lecteur: Lecteur, mensuelles: Sequence[str], demande: DemandeSaison
) -> tuple[Sujet, tuple[tuple[str, tuple[Choix, ...]], ...]]:
    offerts = [
        (
            c,
            [
                (f"{c}.{i.cle}", i.libelle)
                for i in indicateurs(lecteur.etat.profils[c], lecteur.sources[c].nom)
            ],
        )
        for c in mensuelles
    ]
    cles = [cle for _, options in offerts for cle, _ in options]
    suivis = [f"{s.source.code}.{s.indicateur}" for s in choisis(lecteur.conseil)]
    voulu = next((c for c in (demande.indicateur, *suivis) if c in cles), cles[0])
    code, _, nom = voulu.partition(".")
    sujet = sujet_de(lecteur, code, nom, "conseil")
    if sujet is None:
        raise LookupError(voulu)
    groupes = tuple(
        (
            f"{lecteur.sources[c].organisation.nom}, {lecteur.sources[c].nom}",
            tuple(Choix(cle, libelle, cle == voulu) for cle, libelle in options),
        )
        for c, options in offerts
    )
    return sujet, groupes


def _serie(lecteur: Lecteur, sujet: Sujet, premier_mois: int) -> Resultat:
    """Whole years of months, the last one up to the last month delivered."""
    dernier = sujet.profil.periodes[-1]
    debut = date(dernier.year - (1 if dernier.month < premier_mois else 0), premier_mois, 1)
    ecoules = (dernier.year - debut.year) * 12 + dernier.month - debut.month + 1
    return lecteur.serie(sujet, dernier, (ANNEES_MAX - 1) * 12 + ecoules, Pas.MOIS)


def _saison(serie: Resultat, premier_mois: int) -> tuple[Saison, tuple[LigneDeSaison, ...]]:
    valeurs = dict(zip(serie.colonne("debut"), serie.colonne("n"), strict=True))
    jours = sorted(valeurs)
    rupture = max((r.jour for r in serie.contexte.ruptures if r.jour <= jours[-1]), default=date.min)
    debuts = sorted({_an(j, premier_mois) for j in jours})
    ordre = [(premier_mois - 2 + i) % 12 + 1 for i in range(1, 13)]

    def jour_de(an: date, rang: int) -> date:
        return suivante(an, Pas.MOIS, rang)

    def connue(jour: date) -> int | None:
        v = valeurs.get(jour)
        return v if isinstance(v, int) and jour >= rupture else None

    derniere = debuts[-1]
    avant: list[list[int]] = [
        [v for an in debuts[:-1] if (v := connue(jour_de(an, r))) is not None] for r in range(12)
    ]
    indices = _indices(debuts[:-1], jour_de, connue)
    bandes = [statistiques.bande(a) for a in avant]
    actuels = [connue(jour_de(derniere, r)) for r in range(12)]
    sens = _sens(actuels, avant)
    mois = tuple(
        MoisDeSaison(
            m,
            indices[r],
            bandes[r].bas if bandes[r] else None,
            bandes[r].haut if bandes[r] else None,
            sens[r],
        )
        for r, m in enumerate(ordre)
    )
    annees = tuple((_nom(an), tuple(valeurs.get(jour_de(an, r)) for r in range(12))) for an in debuts)
    contexte = serie.contexte
    titre = f"{contexte.titre.removesuffix(', par mois')}, mois par mois"
    saison = Saison(titre, contexte.unite, mois, annees)
    lignes = tuple(
        LigneDeSaison(
            mois=MOIS[m - 1].capitalize(),
            valeurs=tuple(vals[r] for _, vals in annees),
            indice=indices[r],
            ordinaire=f"{mois[r].bas} à {mois[r].haut}" if mois[r].bas is not None else "—",
            lecture=_LECTURES[sens[r]] if actuels[r] is not None else "—",
            sens=sens[r].value,
        )
        for r, m in enumerate(ordre)
    )
    return saison, lignes


_LECTURES = {
    Sens.HAUSSE: "au-dessus de l’ordinaire",
    Sens.BAISSE: "au-dessous de l’ordinaire",
    Sens.ORDINAIRE: "ordinaire",
    Sens.INCONNU: "série trop courte",
}


def _an(jour: date, premier_mois: int) -> date:
    return date(jour.year - (1 if jour.month < premier_mois else 0), premier_mois, 1)


def _nom(an: date) -> str:
    return str(an.year) if an.month == 1 else f"{an.year}-{an.year + 1}"


def _indices(debuts: Sequence[date], jour_de, connue) -> list[float | None]:
    """Each month against the mean month, 100 being the mean, over years known whole."""
    annees = [[connue(jour_de(an, r)) for r in range(12)] for an in debuts]
    entieres = [a for a in annees if None not in a]
    total = sum(sum(a) for a in entieres)
    if len(entieres) < ANNEES_POUR_UN_INDICE or not total:
        return [None] * 12
    return [1200 * sum(a[r] for a in entieres) / total for r in range(12)]


def _sens(actuels: Sequence[int | None], avant: Sequence[Sequence[int]]) -> list[Sens]:
    """Where each month of the last year stands, corrected for the number of months looked at."""
    ps = [
        statistiques.probabilite(v, a) if v is not None else None for v, a in zip(actuels, avant, strict=True)
    ]
    corriges = iter(statistiques.benjamini_yekutieli([p for p in ps if p is not None]))
    mots = []
    for v, a, p in zip(actuels, avant, ps, strict=True):
        if v is None or p is None:
            mots.append(Sens.INCONNU)
        elif next(corriges) <= ALPHA:
            mots.append(Sens.HAUSSE if v > sum(a) / len(a) else Sens.BAISSE)
        else:
            mots.append(Sens.ORDINAIRE)
    return mots


def _figure(serie: Resultat, saison: Saison, sujet: Sujet) -> Figure:
    dessin = graphiques.saison_adaptative(saison, ident="saison")
    return Figure(
        cle="saison",
        titre=saison.titre,
        svg=dessin.svg,
        resume=dessin.resume,
        resultat=serie,
        seule=lambda: graphiques.saison(saison, ident="saison"),
        phrase=_phrase(saison),
        notes=graphiques.notes_de_saison(saison),
        codes=sujet.indicateur.codes,
    )


def _phrase(saison: Saison) -> str:
    """The verdict first: what leaves the ordinary this year, then what an ordinary year is."""
    derniere = saison.annees[-1][0] if saison.annees else ""
    juges = [m for m in saison.mois if m.sens is not Sens.INCONNU]
    if not juges:
        return TROP_COURTE
    phrases = []
    for sens, mots in ((Sens.HAUSSE, "au-dessus"), (Sens.BAISSE, "au-dessous")):
        noms = [MOIS[m.numero - 1] for m in juges if m.sens is sens]
        if noms:
            phrases.append(f"En {derniere}, {enumeration(noms)} {mots} de l’ordinaire.")
    if not phrases:
        phrases.append(f"Aucun mois de {derniere} ne sort de l’ordinaire.")
    resume = resumer_saison(saison)
    debut = resume.find("D’ordinaire")
    if debut >= 0:
        phrases.append(resume[debut : resume.index("moyen.") + len("moyen.")])
    return " ".join(phrases)


def _table(serie: Resultat, annees: tuple[str, ...], lignes: tuple[LigneDeSaison, ...]) -> Table:
    from pupitre.documents.tableaux import lecture

    return Table(
        titre=serie.contexte.titre,
        entetes=("Mois", *annees, "Indice (100\u202f: mois moyen)", "D’ordinaire", "Lecture"),
        lignes=tuple(
            (
                li.mois,
                *li.valeurs,
                round(li.indice, 1) if li.indice is not None else None,
                li.ordinaire,
                li.lecture,
            )
            for li in lignes
        ),
        lecture=lecture(serie),
    )
