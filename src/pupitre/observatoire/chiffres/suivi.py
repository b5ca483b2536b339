"""Which figures a page shows: those that the council follows, those of one source, or those of one theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pupitre.acces.models import Organisation
from pupitre.moteur.mesures import Pas
from pupitre.moteur.nomenclatures import thematiques
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import durees, periodes
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.indicateurs import TOUT, Indicateur, indicateurs
from pupitre.observatoire.chiffres.indicateurs_suivis import sujet_de
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import Perimetre, perimetres
from pupitre.observatoire.models import SUIVIS_MAX, IndicateurSuivi
from pupitre.socle import horloge
from pupitre.socle.texte import enumeration, pluriel

CHIFFRES_MAX = 6
# Figures of one block of a theme, before « les autres ».
PAR_BLOC, PAR_BLOC_SEUL = 3, 12
# How many figures the mixed page takes from each kind of partner, in this order.
_PARTS = (
    (Organisation.Nature.POLICE, 3),
    (Organisation.Nature.GENDARMERIE, 2),
    (Organisation.Nature.TRANSPORTEUR, 1),
    (Organisation.Nature.BAILLEUR, 1),
    (Organisation.Nature.MAIRIE, 1),
)


@dataclass(frozen=True)
class Bloc:
    """Figures of one source and one unit: what stands side by side without ever being added to another block."""

    titre: str
    unite: str
    source: str
    sujets: tuple[Sujet, ...]
    reste: int = 0


@dataclass(frozen=True)
class Selection:
    """The subjects of a page in reading order, the choices of perimeter, the step of its periods.

    Attributes:
        blocs: headings over the subjects; none where the page mixes sources.
        notes: what the page must say of its own selection.
    """

    sujets: tuple[Sujet, ...]
    perimetres: tuple[Choix, ...]
    pas: Pas
    blocs: tuple[Bloc, ...] = ()
    notes: tuple[str, ...] = field(default=())


def sujets_suivis(
    lecteur: Lecteur,
    source: str,
    territoire: str,
    indicateur: str,
    choisis: Sequence[IndicateurSuivi] = (),
) -> tuple[list[Sujet], tuple[Choix, ...], Pas]:
    """Subjects of the page, choices of perimeter, and the step of its periods."""
    vue = selectionner(lecteur, source=source, territoire=territoire, indicateur=indicateur, choisis=choisis)
    return list(vue.sujets), vue.perimetres, vue.pas


def selectionner(
    lecteur: Lecteur,
    *,
    theme: str = "",
    source: str = "",
    territoire: str = "",
    indicateur: str = "",
    choisis: Sequence[IndicateurSuivi] = (),
) -> Selection:
    """What the page is about. Anything unknown falls back to the default.

    Args:
        choisis: what the council follows, read when neither a source nor a theme is asked.
    """
    if theme:
        return _du_theme(lecteur, theme, source, territoire, indicateur)
    if source:
        return _d_une_source(lecteur, source, territoire, indicateur)
    if choisis:
        suivie = _choisie(lecteur, choisis, territoire)
        if suivie is not None:
            return suivie
    mensuelles = [c for c in lecteur.sources if periodes.pas_de(lecteur.etat.profils[c]) is Pas.MOIS]
    if not mensuelles:
        return _d_une_source(lecteur, next(iter(lecteur.sources)), territoire, indicateur)
    choix = _choix_communes(lecteur, territoire)
    voulu = _choisi(choix)
    par_nature: dict[str, list[Sujet]] = {}
    for code in mensuelles:
        lieu = _perimetre(lecteur, code, voulu)
        if lieu is not None:
            nature = lecteur.sources[code].organisation.nature
            par_nature.setdefault(nature, []).extend(_sujets(lecteur, code, lieu))
    retenus: list[Sujet] = []
    for nature, part in _PARTS:
        retenus += _varies(par_nature.pop(nature, []), part)
    for reste in par_nature.values():
        retenus += _varies(reste, 1)
    return Selection(tuple(retenus[:CHIFFRES_MAX]), choix, Pas.MOIS)


def themes_presents(lecteur: Lecteur) -> list[thematiques.Thematique]:
    """Themes about which at least one source says something."""
    connues = {n for code in lecteur.sources for n in lecteur.etat.profils[code].natures}
    jour = horloge.aujourdhui()
    presents = {thematiques.thematique_de(n, jour).code for n in connues}
    return [t for t in thematiques.thematiques(jour) if t.code in presents]


def sources_du_theme(lecteur: Lecteur, theme: str) -> list[str]:
    return [c for c in lecteur.sources if _indicateurs_du_theme(lecteur, c, theme)]


def _indicateurs_du_theme(lecteur: Lecteur, code: str, theme: str) -> list[Indicateur]:
    jour = horloge.aujourdhui()
    return [
        i
        for i in indicateurs(lecteur.etat.profils[code], lecteur.sources[code].nom)
        if i.cle != TOUT and all(thematiques.thematique_de(n, jour).code == theme for n in i.natures)
    ]


def _du_theme(lecteur: Lecteur, theme: str, source: str, territoire: str, indicateur: str) -> Selection:
    codes = [source] if source else sources_du_theme(lecteur, theme)
    choix = (
        choisir(
            [(p.cle, p.libelle) for p in perimetres(lecteur.territoire, lecteur.etat.profils[source])],
            territoire,
        )
        if source
        else _choix_communes(lecteur, territoire)
    )
    voulu = _choisi(choix)
    place = PAR_BLOC_SEUL if source else PAR_BLOC
    blocs, muettes = [], []
    for code in codes:
        lieu = _perimetre(lecteur, code, voulu)
        if lieu is None:
            muettes.append(lecteur.sources[code].organisation.nom)
            continue
        par_unite: dict[str, list[Sujet]] = {}
        for i in _indicateurs_du_theme(lecteur, code, theme):
            par_unite.setdefault(i.unite, []).append(_sujet(lecteur, code, i, lieu))
        for unite, siens in par_unite.items():
            montres = _avec(siens, indicateur, place)
            nom = f"{lecteur.sources[code].organisation.nom}, {lecteur.sources[code].nom}"
            blocs.append(Bloc(nom, unite, code, tuple(montres), len(siens) - len(montres)))
    sujets = tuple(s for b in blocs for s in b.sujets)
    pas = Pas.MOIS if any(s.pas is Pas.MOIS for s in sujets) else sujets[0].pas if sujets else Pas.MOIS
    notes = ()
    if muettes:
        quelles = enumeration(sorted(set(muettes)))
        notes = (f"{quelles}\u202f: pas de chiffre pour ce territoire.",)
    return Selection(sujets, choix, pas, tuple(blocs), notes)


def _avec(sujets: list[Sujet], indicateur: str, place: int) -> list[Sujet]:
    """The first ones, with the one asked among them."""
    tete = sujets[:place]
    demande = next((s for s in sujets if s.cle == indicateur), None)
    return [*tete[: place - 1], demande] if demande is not None and demande not in tete else tete


def _choisie(lecteur: Lecteur, choisis: Sequence[IndicateurSuivi], territoire: str) -> Selection | None:
    """What the council follows, each on its own territory unless the reader asks for another; None if nothing is
    left of it for this reader."""
    communes = [(f"commune:{c.code}", c.nom) for c in lecteur.territoire.communes]
    choix = choisir([("", "Territoires du suivi"), ("conseil", "Tout le conseil"), *communes], territoire)
    voulu = _choisi(choix)
    sujets: list[Sujet] = []
    tus = 0
    for suivi in choisis:
        sujet = sujet_de(lecteur, suivi.source.code, suivi.indicateur, voulu or suivi.perimetre)
        if sujet is None or (
            sujet.perimetre.niveau == "secteur" and lecteur.audience is not Audience.INTERNE
        ):
            tus += 1
        elif sujet not in sujets:
            sujets.append(sujet)
    if not sujets:
        return None
    pas = Pas.MOIS if any(s.pas is Pas.MOIS for s in sujets) else sujets[0].pas
    notes = ()
    if tus:
        notes = (
            f"{pluriel(tus, 'indicateur suivi', 'indicateurs suivis')} sans chiffre ici\u202f: la source ne distingue "
            "pas ce territoire, ou le secteur ne se lit par mois que dans l’équipe.",
        )
    return Selection(tuple(sujets[:SUIVIS_MAX]), choix, pas, (), notes)


def _choix_communes(lecteur: Lecteur, territoire: str) -> tuple[Choix, ...]:
    communes = [(f"commune:{c.code}", c.nom) for c in lecteur.territoire.communes]
    return choisir([("conseil", "Tout le conseil"), *communes], territoire)


def _choisi(choix: Sequence[Choix]) -> str:
    return next(c.cle for c in choix if c.choisi)


def _varies(sujets: list[Sujet], part: int) -> list[Sujet]:
    """`part` subjects: the 4001 first, then one of each source before a second of any."""
    if any(s.source.format == "etat4001_mensuel" for s in sujets):
        return [s for s in sujets if s.source.format == "etat4001_mensuel"][:part]
    premiers: dict[str, Sujet] = {}
    for s in sujets:
        premiers.setdefault(s.source.code, s)
    return [*premiers.values(), *(s for s in sujets if s not in premiers.values())][:part]


def _sujet(lecteur: Lecteur, code: str, indicateur: Indicateur, lieu: Perimetre) -> Sujet:
    return Sujet(lecteur.sources[code], lecteur.etat.profils[code], indicateur, lieu)


def _sujets(lecteur: Lecteur, code: str, lieu: Perimetre) -> list[Sujet]:
    tous = indicateurs(lecteur.etat.profils[code], lecteur.sources[code].nom)
    return [_sujet(lecteur, code, i, lieu) for i in tous]


def _perimetre(lecteur: Lecteur, code: str, voulu: str) -> Perimetre | None:
    possibles = perimetres(lecteur.territoire, lecteur.etat.profils[code])
    return next((p for p in possibles if p.cle == voulu), None)


def _d_une_source(lecteur: Lecteur, code: str, territoire: str, indicateur: str) -> Selection:
    profil = lecteur.etat.profils[code]
    possibles = [
        p
        for p in perimetres(lecteur.territoire, profil)
        if durees.permises(p.niveau, periodes.pas_de(profil), lecteur.audience)
    ]
    choix = choisir([(p.cle, p.libelle) for p in possibles], territoire)
    lieu = next(p for p, c in zip(possibles, choix, strict=True) if c.choisi)
    tete = _avec(_sujets(lecteur, code, lieu), indicateur, CHIFFRES_MAX)
    return Selection(tuple(tete), choix, periodes.pas_de(profil))
