"""Which figures a page shows: at most six, of one source, or drawn from all those of the month."""

from __future__ import annotations

from pupitre.acces.models import Organisation
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import Perimetre, perimetres

CHIFFRES_MAX = 6
# How many figures the mixed page takes from each kind of partner, in this order.
_PARTS = (
    (Organisation.Nature.POLICE, 3),
    (Organisation.Nature.GENDARMERIE, 2),
    (Organisation.Nature.TRANSPORTEUR, 1),
    (Organisation.Nature.BAILLEUR, 1),
    (Organisation.Nature.MAIRIE, 1),
)


def sujets_suivis(
    lecteur: Lecteur, source: str, territoire: str, indicateur: str
) -> tuple[list[Sujet], tuple[Choix, ...], Pas]:
    """Subjects of the page, choices of perimeter, and the step of its periods."""
    if source:
        return _d_une_source(lecteur, source, territoire, indicateur)
    mensuelles = [c for c in lecteur.sources if periodes.pas_de(lecteur.etat.profils[c]) is Pas.MOIS]
    if not mensuelles:
        return _d_une_source(lecteur, next(iter(lecteur.sources)), territoire, indicateur)
    choix = choisir(
        [
            ("conseil", "Tout le conseil"),
            *((f"commune:{c.code}", c.nom) for c in lecteur.territoire.communes),
        ],
        territoire,
    )
    voulu = next(c.cle for c in choix if c.choisi)
    par_nature: dict[str, list[Sujet]] = {}
    for code in mensuelles:
        lieu = _perimetre(lecteur, code, voulu)
        if lieu is not None:
            nature = lecteur.sources[code].organisation.nature
            par_nature.setdefault(nature, []).extend(_sujets(lecteur, code, lieu))
    choisis: list[Sujet] = []
    for nature, part in _PARTS:
        choisis += _varies(par_nature.pop(nature, []), part)
    for reste in par_nature.values():
        choisis += _varies(reste, 1)
    return choisis[:CHIFFRES_MAX], choix, Pas.MOIS


def _varies(sujets: list[Sujet], part: int) -> list[Sujet]:
    """`part` subjects: the 4001 first, then one of each source before a second of any."""
    if any(s.source.format == "etat4001_mensuel" for s in sujets):
        return [s for s in sujets if s.source.format == "etat4001_mensuel"][:part]
    premiers: dict[str, Sujet] = {}
    for s in sujets:
        premiers.setdefault(s.source.code, s)
    return [*premiers.values(), *(s for s in sujets if s not in premiers.values())][:part]


def _sujets(lecteur: Lecteur, code: str, lieu: Perimetre) -> list[Sujet]:
    profil = lecteur.etat.profils[code]
    return [
        Sujet(lecteur.sources[code], profil, i, lieu) for i in indicateurs(profil, lecteur.sources[code].nom)
    ]


def _possibles(lecteur: Lecteur, code: str) -> tuple[Perimetre, ...]:
    """Outside the team a secteur has no months (ADR 0008): it is read in rankings, not as a perimeter."""
    tous = perimetres(lecteur.territoire, lecteur.etat.profils[code])
    if lecteur.audience is Audience.INTERNE:
        return tous
    return tuple(p for p in tous if p.niveau != "secteur")


def _perimetre(lecteur: Lecteur, code: str, voulu: str) -> Perimetre | None:
    possibles = _possibles(lecteur, code)
    return next((p for p in possibles if p.cle == voulu), None)


def _d_une_source(
    lecteur: Lecteur, code: str, territoire: str, indicateur: str
) -> tuple[list[Sujet], tuple[Choix, ...], Pas]:
    profil = lecteur.etat.profils[code]
    possibles = _possibles(lecteur, code)
    choix = choisir([(p.cle, p.libelle) for p in possibles], territoire)
    lieu = next(p for p, c in zip(possibles, choix, strict=True) if c.choisi)
    tous = _sujets(lecteur, code, lieu)
    tete = tous[:CHIFFRES_MAX]
    demande = next((s for s in tous if f"{code}.{s.indicateur.cle}" == indicateur), None)
    if demande is not None and demande not in tete:
        tete = [*tete[: CHIFFRES_MAX - 1], demande]
    return tete, choix, periodes.pas_de(profil)
