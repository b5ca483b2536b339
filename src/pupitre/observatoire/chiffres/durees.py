"""How long a figure lasts: a month, twelve rolling months, since January, a half-year, a year, a school year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pupitre.moteur.mesures import Pas, debut_de, suivante
from pupitre.moteur.resultats import Audience, Periode, Rupture
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.profils import Profil
from pupitre.socle.texte import MOIS, mois_annee


class Duree(StrEnum):
    PERIODE = "periode"
    DOUZE_MOIS = "douze-mois"
    CUMUL = "cumul"
    SEMESTRE = "semestre"
    ANNEE_SCOLAIRE = "annee-scolaire"
    ANNEE = "annee"


LIBELLES = {
    Duree.PERIODE: "Par période livrée",
    Duree.DOUZE_MOIS: "Douze mois glissants",
    Duree.CUMUL: "Depuis janvier",
    Duree.SEMESTRE: "Par semestre",
    Duree.ANNEE_SCOLAIRE: "Par année scolaire",
    Duree.ANNEE: "Par année civile",
}
_DES_PAS = {
    Pas.MOIS: "Par mois",
    Pas.TRIMESTRE: "Par trimestre",
    Pas.ANNEE: "Par année civile",
    Pas.ANNEE_SCOLAIRE: "Par année scolaire",
}
_TOUTES = tuple(Duree)
_POSSIBLES = {
    Pas.MOIS: _TOUTES,
    Pas.TRIMESTRE: (Duree.PERIODE, Duree.SEMESTRE, Duree.ANNEE),
    Pas.ANNEE: (Duree.PERIODE,),
    Pas.ANNEE_SCOLAIRE: (Duree.PERIODE,),
}
# What may be read of a secteur outside the team: spans that never overlap. Of two rolling totals, or of two
# totals to date, one subtraction gives a month back (ADR 0008).
DES_SECTEURS = (Duree.SEMESTRE, Duree.ANNEE)
SECTEURS_AILLEURS = (
    "Hors de l’équipe de l’observatoire, un secteur se lit par semestre ou par année civile\u202f: de deux totaux "
    "glissants, ou de deux cumuls, une soustraction rendrait un mois, dont les nombres sont trop petits pour être "
    "montrés."
)


def possibles(pas: Pas) -> tuple[Duree, ...]:
    """What a source delivered by `pas` can be read by."""
    return _POSSIBLES[pas]


def permises(niveau: str, pas: Pas, audience: Audience) -> tuple[Duree, ...]:
    """The same for a perimeter of that level and that reader."""
    if niveau != "secteur" or audience is Audience.INTERNE:
        return possibles(pas)
    if pas in (Pas.ANNEE, Pas.ANNEE_SCOLAIRE):
        return (Duree.PERIODE,)
    return tuple(d for d in possibles(pas) if d in DES_SECTEURS)


def libelle(duree: Duree, pas: Pas) -> str:
    return _DES_PAS[pas] if duree is Duree.PERIODE else LIBELLES[duree]


def dans_un_titre(duree: Duree, debut: date) -> str:
    """What a series is made of; totals to date say until which month, since their marks name the year alone."""
    if duree is Duree.CUMUL:
        return f"de janvier à {MOIS[debut.month - 1]}"
    return LIBELLES[duree].lower()


@dataclass(frozen=True, slots=True)
class Lecture:
    """One figure's period and the one it is compared with.

    Attributes:
        pas: step as the source delivers it.
        debut: first day that the code of the period names: of the month, of the year, and for rolling and
            cumulative totals of their last month.
        avant: the same for the comparison.
    """

    duree: Duree
    pas: Pas
    debut: date
    avant: date

    @property
    def pas_lu(self) -> Pas:
        """Step of the series: that of the year for years, of the month for rolling totals."""
        return {Duree.ANNEE: Pas.ANNEE, Duree.ANNEE_SCOLAIRE: Pas.ANNEE_SCOLAIRE}.get(self.duree, self.pas)

    @property
    def glissante(self) -> bool:
        """Whether its periods are not those of a calendar of steps."""
        return self.duree in (Duree.DOUZE_MOIS, Duree.CUMUL, Duree.SEMESTRE)

    @property
    def periode(self) -> Periode:
        return periode(self.duree, self.pas, self.debut)

    @property
    def periode_avant(self) -> Periode:
        return periode(self.duree, self.pas, self.avant)

    def rupture(self, ruptures: tuple[Rupture, ...]) -> Rupture | None:
        """The last break that forbids the comparison: within either period, or between them."""
        if not self.glissante and self.duree is Duree.PERIODE:
            return periodes.rupture_entre(ruptures, self.avant, self.debut)
        return periodes.rupture_entre(ruptures, self.periode_avant.debut, self.periode.fin)


def fenetre(duree: Duree, pas: Pas, debut: date) -> tuple[date, date]:
    """Inclusive days of the period that `debut` names."""
    fin_du_mois = suivante(debut, Pas.MOIS) - timedelta(days=1)
    if duree is Duree.DOUZE_MOIS:
        return suivante(debut, Pas.MOIS, -11), fin_du_mois
    if duree is Duree.CUMUL:
        return date(debut.year, 1, 1), fin_du_mois
    if duree is Duree.SEMESTRE:
        return debut, suivante(debut, Pas.MOIS, 6) - timedelta(days=1)
    lu = {Duree.ANNEE: Pas.ANNEE, Duree.ANNEE_SCOLAIRE: Pas.ANNEE_SCOLAIRE}.get(duree, pas)
    return debut, suivante(debut, lu) - timedelta(days=1)


def periode(duree: Duree, pas: Pas, debut: date) -> Periode:
    return Periode(*fenetre(duree, pas, debut), _nommer(duree, pas, debut))


def _nommer(duree: Duree, pas: Pas, debut: date) -> str:
    if duree is Duree.DOUZE_MOIS:
        return f"douze mois à fin {mois_annee(debut)}"
    if duree is Duree.CUMUL:
        return mois_annee(debut) if debut.month == 1 else f"janvier à {mois_annee(debut)}"
    if duree is Duree.SEMESTRE:
        return f"{'1er' if debut.month == 1 else '2e'} semestre {debut.year}"
    lu = {Duree.ANNEE: Pas.ANNEE, Duree.ANNEE_SCOLAIRE: Pas.ANNEE_SCOLAIRE}.get(duree, pas)
    return periodes.periode(debut, lu).libelle


def code(duree: Duree, pas: Pas, debut: date) -> str:
    """ "2026-10", "2026-S1", "2026": what the address holds."""
    if duree is Duree.SEMESTRE:
        return f"{debut.year}-S{1 if debut.month == 1 else 2}"
    if duree in (Duree.ANNEE, Duree.ANNEE_SCOLAIRE):
        return str(debut.year)
    return periodes.code(debut, Pas.MOIS if duree in (Duree.DOUZE_MOIS, Duree.CUMUL) else pas)


def lire_code(texte: str, duree: Duree, pas: Pas) -> date | None:
    """Inverse of `code`; None when it is not a period of that kind."""
    if duree is Duree.SEMESTRE:
        annee, _, rang = texte.partition("-S")
        if not (annee.isdigit() and len(annee) == 4 and rang in ("1", "2")):
            return None
        return date(int(annee), 1 if rang == "1" else 7, 1)
    if duree is Duree.ANNEE:
        return periodes.lire_code(texte, Pas.ANNEE)
    if duree is Duree.ANNEE_SCOLAIRE:
        return periodes.lire_code(texte, Pas.ANNEE_SCOLAIRE)
    return periodes.lire_code(texte, Pas.MOIS if duree in (Duree.DOUZE_MOIS, Duree.CUMUL) else pas)


def offertes(duree: Duree, pas: Pas, profils: Collection[Profil]) -> list[date]:
    """The periods that these sources have delivered whole, as `debut`, oldest first."""
    jours: set[date] = set()
    for profil in profils:
        if not profil.periodes:
            continue
        if duree is Duree.PERIODE:
            jours.update(profil.periodes)
            continue
        premier = profil.periodes[0]
        dernier = suivante(profil.periodes[-1], periodes.pas_de(profil)) - timedelta(days=1)
        candidats = (
            set(profil.periodes)
            if duree in (Duree.DOUZE_MOIS, Duree.CUMUL)
            else {_debut(duree, j) for j in profil.periodes}
        )
        for candidat in candidats:
            de, a = fenetre(duree, pas, candidat)
            if premier <= de and a <= dernier:
                jours.add(candidat)
    return sorted(jours)


def _debut(duree: Duree, jour: date) -> date:
    if duree is Duree.SEMESTRE:
        return date(jour.year, 7 if jour.month >= 7 else 1, 1)
    return debut_de(jour, Pas.ANNEE if duree is Duree.ANNEE else Pas.ANNEE_SCOLAIRE)


def comparaisons(duree: Duree, pas: Pas, debut: date) -> list[date]:
    """What a period may be compared with, the most telling first. Never a period that overlaps it."""
    if duree is Duree.PERIODE:
        un_an = periodes.un_an_avant(debut, pas)
        if pas in (Pas.MOIS, Pas.TRIMESTRE):
            return [un_an, periodes.precedente(debut, pas)]
        return [un_an, periodes.un_an_avant(un_an, pas)]
    if duree is Duree.SEMESTRE:
        return [suivante(debut, Pas.MOIS, -12), suivante(debut, Pas.MOIS, -6)]
    return [suivante(debut, Pas.MOIS, -12), suivante(debut, Pas.MOIS, -24)]


def serie_de(duree: Duree, pas: Pas, debut: date, nombre: int) -> list[date]:
    """The `nombre` periods of a series that ends with `debut`, oldest first."""
    saut = {Duree.DOUZE_MOIS: 1, Duree.CUMUL: 12, Duree.SEMESTRE: 6}[duree]
    return [suivante(debut, Pas.MOIS, -saut * i) for i in reversed(range(nombre))]
