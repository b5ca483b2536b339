"""What is wrong with a formation, why, and the gesture that mends it. Pure functions of facts.

The sizes and delays below are landmarks of this tool, chosen so that a coordinator looks, and never rules of law
unless the finding cites one. The report gives no number but the plenary's fifty people (part 2.1.1.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pupitre.conseils.formations.themes import ETAT, FORCES, JUSTICE, THEMES, Famille
from pupitre.conseils.models import Formation
from pupitre.droit.composition import mois_entiers, pleniere_reunie
from pupitre.droit.parametres import ParametreInconnu
from pupitre.socle.texte import date_longue, enumeration, pluriel

N, R = Formation.Nature, Formation.Regime

# Fewest and most members before one is asked to look.
EFFECTIFS: dict[str, tuple[int, int]] = {
    N.PLENIERE: (8, 60),
    N.RESTREINTE: (5, 15),
    N.TERRITORIALE: (4, 20),
    N.THEMATIQUE: (4, 15),
    N.VEILLE: (3, 12),
    N.GPO: (3, 12),
}
# Without an agreed rhythm, months after which a formation is asleep.
SOMMEIL: dict[str, int] = {
    N.PLENIERE: 12,
    N.RESTREINTE: 2,
    N.TERRITORIALE: 4,
    N.THEMATIQUE: 4,
    N.VEILLE: 2,
    N.GPO: 3,
}
# Whatever the theme: those whom the report calls « incontournables » (part 2.1.3).
ESSENTIELS: dict[str, tuple[Famille, ...]] = {
    N.RESTREINTE: (FORCES, JUSTICE, ETAT),
    N.VEILLE: (FORCES,),
    N.GPO: (JUSTICE, FORCES),
}
CHARTE_ALERTE_JOURS = 90
GROUPES = frozenset({N.TERRITORIALE, N.THEMATIQUE, N.VEILLE, N.GPO})


class Gravite(StrEnum):
    ALERTE = "alerte"
    VEILLE = "veille"


class Geste(StrEnum):
    """Which screen mends it."""

    MEMBRES = "membres"
    REGLER = "regler"
    CHARTE = "charte"
    SEANCE = "seance"


@dataclass(frozen=True, slots=True)
class Constat:
    cle: str
    gravite: Gravite
    phrase: str
    raison: str
    geste: Geste


@dataclass(frozen=True, slots=True)
class FaitsFormation:
    """What is known of one formation on a day.

    Attributes:
        natures: of the organisations that sit in it.
        charte: whether an adopted charter covers it; `charte_expire`: when it is to be reviewed.
        sans_signature: how many members or deputies have not signed it.
        prochaine: next séance prepared or called.
    """

    nature: str
    regime: str
    theme: str
    rythme_mois: int | None
    depuis: date
    effectif: int
    natures: frozenset[str]
    pilote: bool
    coordination: bool
    objectifs: bool
    feuille_de_route: bool
    charte: bool = False
    charte_expire: date | None = None
    sans_signature: int = 0
    derniere: date | None = None
    prochaine: date | None = None


def constats(faits: FaitsFormation, jour: date) -> tuple[Constat, ...]:
    """The gravest first."""
    trouves = [
        *_effectif(faits),
        *_oublies(faits),
        *_coordination(faits),
        *_pilotage(faits),
        *_rythme(faits, jour),
        *_charte(faits, jour),
    ]
    return tuple(sorted(trouves, key=lambda c: c.gravite != Gravite.ALERTE))


def _effectif(faits: FaitsFormation) -> Iterator[Constat]:
    peu, trop = EFFECTIFS[faits.nature]
    if faits.effectif == 0:
        yield Constat(
            "vide",
            Gravite.ALERTE,
            "Personne n’y siège.",
            "Une formation sans membre ne peut être convoquée.",
            Geste.MEMBRES,
        )
    elif faits.effectif < peu:
        yield Constat(
            "trop_peu",
            Gravite.VEILLE,
            f"{pluriel(faits.effectif, 'membre')} seulement.",
            "Avec trop peu de partenaires, ce qui est décidé manque de légitimité et d’effet. "
            f"Repère\u202f: {peu} au moins.",
            Geste.MEMBRES,
        )
    elif faits.effectif > trop:
        yield Constat(
            "trop",
            Gravite.VEILLE,
            f"{pluriel(faits.effectif, 'membre')}.",
            f"Trop de partenaires conduisent vite au blocage. Repère\u202f: {trop} au plus.",
            Geste.MEMBRES,
        )


def _oublies(faits: FaitsFormation) -> Iterator[Constat]:
    if not faits.effectif:
        return
    theme = THEMES.get(faits.theme)
    attendus = [*ESSENTIELS.get(faits.nature, ()), *(theme.essentiels if theme else ())]
    manquent = [f for f in dict.fromkeys(attendus) if not f.natures & faits.natures]
    if manquent:
        noms = [f.libelle for f in manquent]
        sujet = f"le thème «\u202f{theme.libelle}\u202f»" if theme else "cette formation"
        yield Constat(
            "oublie",
            Gravite.ALERTE,
            f"Partenaire essentiel absent\u202f: {enumeration(noms)}.",
            f"Pour {sujet}, sans ce partenaire, ce qui se décide reste sans prise.",
            Geste.MEMBRES,
        )


def _coordination(faits: FaitsFormation) -> Iterator[Constat]:
    if faits.nature == N.RESTREINTE and not faits.coordination:
        yield Constat(
            "coordination",
            Gravite.ALERTE,
            "La coordination n’y siège pas.",
            "Recommandation n°\u00a02 du rapport\u202f: associer le coordonnateur à la formation restreinte, où "
            "se décide le travail du conseil.",
            Geste.MEMBRES,
        )


def _pilotage(faits: FaitsFormation) -> Iterator[Constat]:
    if faits.nature not in GROUPES:
        return
    if not faits.pilote:
        yield Constat(
            "pilote",
            Gravite.ALERTE,
            "Aucun pilote n’est désigné.",
            "Un groupe est piloté pour produire ce qui en est attendu.",
            Geste.REGLER,
        )
    if not faits.objectifs:
        yield Constat(
            "objectifs",
            Gravite.VEILLE,
            "Ses objectifs ne sont pas écrits.",
            "Un groupe dont le thème et les objectifs ne sont pas identifiés s’essouffle.",
            Geste.REGLER,
        )
    if not faits.feuille_de_route:
        yield Constat(
            "feuille_de_route",
            Gravite.VEILLE,
            "Il n’est rattaché à aucune orientation de la feuille de route.",
            "Sans ligne directrice, les actions et les dispositifs s’empilent.",
            Geste.REGLER,
        )


def _rythme(faits: FaitsFormation, jour: date) -> Iterator[Constat]:
    if faits.nature == N.PLENIERE:
        try:
            loi = pleniere_reunie(faits.derniere, faits.depuis, jour)
        except ParametreInconnu:
            return
        if loi.en_regle is False:
            a_venir = f" La prochaine est le {date_longue(faits.prochaine)}." if faits.prochaine else ""
            controle = "" if loi.verifie else " Référence à contrôler sur le texte officiel."
            yield Constat(
                "loi_annuelle",
                Gravite.ALERTE,
                "La réunion annuelle n’a pas eu lieu.",
                f"{loi.raison} {loi.reference[:1].upper()}{loi.reference[1:]}.{controle}{a_venir}",
                Geste.SEANCE,
            )
        return
    attendu = faits.rythme_mois or SOMMEIL[faits.nature]
    ecoule = mois_entiers(faits.derniere or faits.depuis, jour)
    # A month of grace: a meeting moved by some days is not a formation asleep.
    if ecoule <= attendu or faits.prochaine is not None:
        return
    depuis = (
        f"Aucune séance depuis {ecoule} mois."
        if faits.derniere
        else f"Aucune séance n’est connue depuis sa création, il y a {ecoule} mois."
    )
    raison = (
        f"Le rythme convenu est d’une séance tous les {attendu} mois."
        if faits.rythme_mois and faits.rythme_mois > 1
        else "Le rythme convenu est mensuel."
        if faits.rythme_mois
        else f"Sans rythme convenu, le repère est de {attendu} mois."
    )
    yield Constat("sommeil", Gravite.VEILLE, depuis, f"{raison} Aucune n’est en préparation.", Geste.SEANCE)


def _charte(faits: FaitsFormation, jour: date) -> Iterator[Constat]:
    if faits.regime != R.SOUS_CHARTE:
        return
    if not faits.charte:
        yield Constat(
            "sans_charte",
            Gravite.ALERTE,
            "Aucune charte déontologique adoptée ne la couvre.",
            "Des informations sur des personnes ne s’y échangent qu’entre signataires d’une charte.",
            Geste.CHARTE,
        )
        return
    if faits.sans_signature:
        qui = pluriel(faits.sans_signature, "personne")
        verbe = "n’a pas" if faits.sans_signature < 2 else "n’ont pas"
        yield Constat(
            "signatures",
            Gravite.ALERTE,
            f"{qui} {verbe} signé la charte.",
            "Aucune situation individuelle n’est évoquée devant quelqu’un qui ne l’a pas signée.",
            Geste.CHARTE,
        )
    if faits.charte_expire and (faits.charte_expire - jour).days <= CHARTE_ALERTE_JOURS:
        passe = faits.charte_expire < jour
        yield Constat(
            "charte_expire",
            Gravite.ALERTE if passe else Gravite.VEILLE,
            f"La charte {'était' if passe else 'est'} à revoir le {date_longue(faits.charte_expire)}.",
            "Le conseil s’est donné cette date en l’adoptant.",
            Geste.CHARTE,
        )
