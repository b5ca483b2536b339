"""The dashboard composed: what was asked, the choices offered, figures by source and unit, a series, places."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pupitre.moteur import calcul
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Audience, Periode, Resultat
from pupitre.observatoire.chiffres import (
    annotations,
    commentaires,
    durees,
    indicateurs_suivis,
    periodes,
    reperes,
)
from pupitre.observatoire.chiffres.annotations import Annotation
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.dessins import (
    MOIS_DE_LA_SERIE,
    longueur,
    phrase_de_serie,
    serie_dessinee,
    serie_treize,
)
from pupitre.observatoire.chiffres.durees import Duree, Lecture
from pupitre.observatoire.chiffres.figures import Figure, Recueil
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet, comparer_lus
from pupitre.observatoire.chiffres.lieux_du_sujet import (
    axe_de,
    contours_des_secteurs,
    demande_des_lieux,
    figures_des_lieux,
)
from pupitre.observatoire.chiffres.suivi import (
    CHIFFRES_MAX,
    Selection,
    selectionner,
    sources_du_theme,
    themes_presents,
)
from pupitre.observatoire.chiffres.vus import ChiffreVu, figure_de_serie, vu
from pupitre.territoires.models import Conseil

PERIODES_OFFERTES = 60


@dataclass(frozen=True, slots=True)
class Demande:
    """What the address asks, as written; anything unknown falls back to the default."""

    source: str = ""
    territoire: str = ""
    periode: str = ""
    comparer: str = ""
    indicateur: str = ""
    theme: str = ""
    duree: str = ""


@dataclass(frozen=True)
class BlocVu:
    """Figures of one source and one unit. `titre` is empty where the page mixes sources."""

    chiffres: tuple[ChiffreVu, ...]
    titre: str = ""
    unite: str = ""
    reste: int = 0
    adresse: str = ""


@dataclass(frozen=True)
class Principal:
    """The figure chosen: its series, its comment, its places."""

    serie: Figure
    cle: str
    calcule: str
    annotation: Annotation | None = None
    classement: Resultat | None = None
    classement_titre: str = ""
    classement_note: str = ""
    carte: Figure | None = None
    barres: Figure | None = None


@dataclass(frozen=True)
class Tableau:
    themes: tuple[Choix, ...] = ()
    sources: tuple[Choix, ...] = ()
    perimetres: tuple[Choix, ...] = ()
    durees: tuple[Choix, ...] = ()
    periodes: tuple[Choix, ...] = ()
    comparaisons: tuple[Choix, ...] = ()
    blocs: tuple[BlocVu, ...] = ()
    principal: Principal | None = None
    periode: Periode | None = None
    periode_code: str = ""
    fictif: bool = False
    suivi: bool = False
    notes: tuple[str, ...] = ()
    requete: str = ""
    choix: dict[str, str] = field(default_factory=dict)
    recueil: Recueil = field(default_factory=Recueil)
    exports: tuple[tuple[str, str], ...] = ()

    @property
    def chiffres(self) -> tuple[ChiffreVu, ...]:
        return tuple(c for b in self.blocs for c in b.chiffres)

    @property
    def resultats(self) -> dict[str, list[Resultat]]:
        return self.recueil.resultats


@dataclass(frozen=True)
class Reglage:
    """What is read of a page: how long its periods are, which one, and against which."""

    duree: Duree
    pas: Pas
    debut: date
    avant: date

    def lecture(self, sujet: Sujet) -> Lecture:
        """The page's own reading, or the last period of a source that goes at another pace."""
        if sujet.pas is self.pas:
            return Lecture(self.duree, self.pas, self.debut, self.avant)
        fin = durees.fenetre(self.duree, self.pas, self.debut)[1]
        passees = [j for j in sujet.profil.periodes if durees.fenetre(Duree.PERIODE, sujet.pas, j)[1] <= fin]
        debut = passees[-1] if passees else sujet.profil.periodes[0]
        return Lecture(Duree.PERIODE, sujet.pas, debut, periodes.un_an_avant(debut, sujet.pas))


def composer(*, conseil: Conseil, audience: Audience, demande: Demande, detail: bool = True) -> Tableau:
    """All that the dashboard shows for this reader and this address.

    Args:
        detail: with the chosen figure's series, places and comment; without, only the figures.
    """
    lecteur = Lecteur.ouvrir(conseil, audience)
    if not lecteur.sources:
        return Tableau()
    themes, theme = _themes(lecteur, demande.theme)
    suivis = indicateurs_suivis.choisis(conseil)
    sources, source = _sources(lecteur, theme, demande.source, seule=not suivis)
    if source or theme:
        suivis = []
    page = selectionner(
        lecteur,
        theme=theme,
        source=source,
        territoire=demande.territoire,
        indicateur=demande.indicateur,
        choisis=suivis,
    )
    commun: dict[str, Any] = {"themes": themes, "sources": sources, "perimetres": page.perimetres}
    reglee = _regler(lecteur, page, demande)
    if reglee is None:
        return Tableau(**commun, notes=page.notes)
    reglage, choix_durees, choix_periodes, choix_comparaisons, notes = reglee
    lieu = next(c.cle for c in page.perimetres if c.choisi)
    base = {
        "theme": theme,
        "source": source,
        "territoire": lieu,
        "duree": "" if reglage.duree is Duree.PERIODE else str(reglage.duree),
        "periode": durees.code(reglage.duree, reglage.pas, reglage.debut),
        "comparer": durees.code(reglage.duree, reglage.pas, reglage.avant),
    }
    sujets = page.sujets
    cles = [s.cle for s in sujets]
    rang = cles.index(demande.indicateur) if demande.indicateur in cles else 0
    choix = {k: v for k, v in (base | {"indicateur": cles[rang]}).items() if v}
    lectures = [reglage.lecture(s) for s in sujets]
    voulues = [(s, li, longueur(li)) for s, li in zip(sujets, lectures, strict=True)]
    lieux = demande_des_lieux(lecteur, sujets[rang], lectures[rang]) if detail else None
    if lieux is not None:
        lecteur.lire_d_avance([*(lecteur.demande_de_lecture(*v) for v in voulues), lieux])
    series = lecteur.lues(voulues)
    comparees = commentaires.juger(
        [comparer_lus(s, serie, li) for s, serie, li in zip(sujets, series, lectures, strict=True)]
    )
    vus = [
        vu(lecteur, s, c, serie, li, base, i == rang)
        for i, (s, c, serie, li) in enumerate(zip(sujets, comparees, series, lectures, strict=True))
    ]
    recueil = Recueil()
    recueil.resultats["chiffres"] = list(series)
    exports = [("chiffres", "Les chiffres et leurs séries")]
    principal = None
    if detail:
        principal = _principal(
            lecteur, sujets[rang], comparees[rang], series[rang], lectures[rang], recueil, len(sujets), lieux
        )
        exports.append(("serie", principal.serie.titre))
    if principal is not None and principal.classement:
        recueil.resultats["classement"] = [principal.classement]
        exports.append(("classement", principal.classement_titre))
    return Tableau(
        **commun,
        durees=choix_durees,
        periodes=choix_periodes,
        comparaisons=choix_comparaisons,
        blocs=_blocs(page, vus, base),
        principal=principal,
        periode=durees.periode(reglage.duree, reglage.pas, reglage.debut),
        periode_code=durees.code(reglage.duree, reglage.pas, reglage.debut),
        fictif=any(s.source.fictive for s in sujets),
        suivi=bool(suivis) and not page.blocs,
        notes=(*page.notes, *notes, *dict.fromkeys(s.perimetre.note for s in sujets if s.perimetre.note)),
        requete=urlencode(choix),
        choix=choix,
        recueil=recueil,
        exports=tuple(exports),
    )


def _themes(lecteur: Lecteur, demande: str) -> tuple[tuple[Choix, ...], str]:
    options = [("", "Tous les thèmes"), *((t.code, t.libelle) for t in themes_presents(lecteur))]
    choix = choisir(options, demande)
    return choix, next(c.cle for c in choix if c.choisi)


def _sources(lecteur: Lecteur, theme: str, demande: str, *, seule: bool) -> tuple[tuple[Choix, ...], str]:
    """`seule`: when one source is all there is, the page is about it."""
    codes = sources_du_theme(lecteur, theme) if theme else list(lecteur.sources)
    tete = "Toutes les sources du thème" if theme else "Indicateurs suivis"
    noms = [(c, f"{lecteur.sources[c].organisation.nom}, {lecteur.sources[c].nom}") for c in codes]
    choix = choisir([("", tete), *noms], demande, seule=seule and len(codes) == 1 and not theme)
    return choix, next(c.cle for c in choix if c.choisi)


_Reglee = tuple[Reglage, tuple[Choix, ...], tuple[Choix, ...], tuple[Choix, ...], tuple[str, ...]]


def _regler(lecteur: Lecteur, page: Selection, demande: Demande) -> _Reglee | None:
    """The periods of the page and the choices that lead to others; None when nothing is delivered."""
    sujets = [s for s in page.sujets if s.pas is page.pas]
    if not sujets:
        return None
    niveau = sujets[0].perimetre.niveau
    permises = durees.permises(niveau, page.pas, lecteur.audience)
    offertes = {d: durees.offertes(d, page.pas, [s.profil for s in sujets]) for d in permises}
    lisibles = [d for d in permises if offertes[d]]
    if not lisibles:
        return None
    choix_durees = choisir([(str(d), durees.libelle(d, page.pas)) for d in lisibles], demande.duree)
    duree = Duree(next(c.cle for c in choix_durees if c.choisi))
    jours = offertes[duree]
    voulu = durees.lire_code(demande.periode, duree, page.pas)
    debut = voulu if voulu in jours else jours[-1]
    comparables = durees.comparaisons(duree, page.pas, debut)
    choix_comparaisons = choisir(
        [(durees.code(duree, page.pas, j), durees.periode(duree, page.pas, j).libelle) for j in comparables],
        demande.comparer,
    )
    code = next(c.cle for c in choix_comparaisons if c.choisi)
    avant = durees.lire_code(code, duree, page.pas) or debut
    choix_periodes = tuple(
        Choix(durees.code(duree, page.pas, j), durees.periode(duree, page.pas, j).libelle, j == debut)
        for j in reversed(jours[-PERIODES_OFFERTES:])
    )
    notes = (durees.SECTEURS_AILLEURS,) if len(permises) < len(durees.possibles(page.pas)) else ()
    return Reglage(duree, page.pas, debut, avant), choix_durees, choix_periodes, choix_comparaisons, notes


def _blocs(page: Selection, vus: list[ChiffreVu], base: dict[str, str]) -> tuple[BlocVu, ...]:
    if not page.blocs:
        return (BlocVu(tuple(vus)),)
    suite = iter(vus)
    blocs = []
    for bloc in page.blocs:
        choix = {"theme": base["theme"], "source": bloc.source, "territoire": base["territoire"]}
        blocs.append(
            BlocVu(
                tuple(next(suite) for _ in bloc.sujets),
                bloc.titre,
                bloc.unite,
                bloc.reste,
                f"?{urlencode({k: v for k, v in choix.items() if v})}",
            )
        )
    return tuple(blocs)


def _principal(
    lecteur: Lecteur,
    sujet: Sujet,
    c: commentaires.Comparee,
    serie: Resultat,
    lecture: Lecture,
    recueil: Recueil,
    comparaisons: int,
    demande: calcul.Demande | None,
) -> Principal:
    notes = reperes.du_sujet(reperes.en_vigueur(lecteur.conseil), sujet, lecteur.territoire)
    phrase = ""
    if not lecture.glissante:
        phrase = phrase_de_serie(serie, lecture.pas_lu, comparaisons + 1)
    phrase = phrase or f"{commentaires.verdict(c)} {commentaires.phrase(c)}"
    figure = recueil.ajouter(figure_de_serie(serie, lecture, notes, phrase, sujet.indicateur.codes))
    cle = annotations.cle_de(sujet, lecture)
    commun: dict[str, Any] = {
        "serie": figure,
        "cle": cle,
        "calcule": phrase,
        "annotation": annotations.lire(lecteur.conseil, cle, phrase, lecteur.audience),
    }
    if demande is None:
        return Principal(**commun)
    lieux = figures_des_lieux(lecteur, sujet, lecture, demande)
    for figure_ in (lieux.carte, lieux.barres):
        if figure_ is not None:
            recueil.ajouter(figure_)
    return Principal(
        **commun,
        classement=lieux.classement,
        classement_titre=lieux.titre,
        classement_note=lieux.note,
        carte=lieux.carte,
        barres=lieux.barres,
    )


__all__ = [
    "CHIFFRES_MAX",
    "MOIS_DE_LA_SERIE",
    "Demande",
    "Tableau",
    "axe_de",
    "composer",
    "contours_des_secteurs",
    "phrase_de_serie",
    "serie_dessinee",
    "serie_treize",
]
