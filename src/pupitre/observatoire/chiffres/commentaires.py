"""Figures put into words: the verdict first, then the counts, never news out of noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pupitre.documents.formes import Sens
from pupitre.moteur import statistiques
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Absent, MotifAbsence, Periode, Rupture, Valeur
from pupitre.moteur.statistiques import Evolution
from pupitre.observatoire.chiffres.durees import Duree
from pupitre.socle.texte import INSECABLE, mois_annee, nombre, pourcent


@dataclass(frozen=True, slots=True)
class Comparee:
    """A figure, what it is compared with, and what is missing for a comparison."""

    valeur: Valeur
    precedente: Valeur
    periode: Periode
    avant: Periode
    pas: Pas
    rupture: Rupture | None = None
    derniere: Periode | None = None
    evolution: Evolution | None = None
    duree: Duree = Duree.PERIODE

    @property
    def quand(self) -> str:
        return dans(self.periode, self.pas, self.duree)

    @property
    def quand_avant(self) -> str:
        return dans(self.avant, self.pas, self.duree)

    @property
    def comparable(self) -> bool:
        return isinstance(self.valeur, int) and isinstance(self.precedente, int) and self.rupture is None


def juger(comparees: Sequence[Comparee]) -> list[Comparee]:
    """Give each comparable figure its evolution, corrected for the number of comparisons made together."""
    couples = [(c.valeur, c.precedente) for c in comparees if c.comparable]
    jugees = iter(statistiques.evolutions(couples))
    return [replace(c, evolution=next(jugees)) if c.comparable else c for c in comparees]


SENS = {
    "hausse": Sens.HAUSSE,
    "baisse": Sens.BAISSE,
    "stable": Sens.ORDINAIRE,
    "trop_peu": Sens.INCONNU,
}


def sens(c: Comparee) -> Sens:
    if c.evolution is None:
        return Sens.RESERVE if c.rupture is not None else Sens.INCONNU
    return SENS[c.evolution.sens]


def verdict(c: Comparee) -> str:
    """The bold words that begin the sentence, with their full stop."""
    if isinstance(c.valeur, Absent):
        if c.valeur.motif is MotifAbsence.NON_LIVRE:
            if c.duree in (Duree.DOUZE_MOIS, Duree.CUMUL):
                return "Des mois manquent."
            return f"{c.periode.libelle.capitalize()} n’est pas arrivé."
        if c.valeur.motif is MotifAbsence.SECRET:
            return "Valeur retenue."
        return "Valeur non disponible."
    if c.rupture is not None:
        return "Comparaison impossible."
    if c.evolution is None:
        return "Sans comparaison."
    return {
        "hausse": "Hausse significative.",
        "baisse": "Baisse significative.",
        "stable": "Pas d’évolution significative.",
        "trop_peu": "Trop peu de faits pour conclure.",
    }[c.evolution.sens]


def dans(periode: Periode, pas: Pas, duree: Duree = Duree.PERIODE) -> str:
    """ "en octobre 2025", "en 2019", "au 3e trimestre 2025", "sur les douze mois à fin octobre 2025"."""
    if duree is Duree.DOUZE_MOIS:
        return f"sur les {periode.libelle}"
    if duree is Duree.CUMUL and " à " in periode.libelle:
        return f"de {periode.libelle}"
    if duree is Duree.SEMESTRE:
        return f"au {periode.libelle}"
    if pas is Pas.ANNEE_SCOLAIRE:
        return f"pour l’{periode.libelle}"
    return f"{'au' if pas is Pas.TRIMESTRE else 'en'} {periode.libelle}"


def phrase(c: Comparee) -> str:
    """What follows the verdict."""
    if isinstance(c.valeur, Absent):
        if c.valeur.motif is MotifAbsence.NON_LIVRE:
            return (
                f"Dernière période livrée\u202f: {c.derniere.libelle}."
                if c.derniere
                else "Rien n’a été livré."
            )
        return c.valeur.raison
    actuel = nombre(c.valeur)
    if c.rupture is not None:
        return f"{actuel} {c.quand}\u202f; {_rupture(c.rupture)}."
    if isinstance(c.precedente, Absent):
        return f"{actuel} {c.quand}\u202f; {c.avant.libelle}\u202f: {c.precedente}."
    if c.evolution is None:
        return f"{actuel} {c.quand}."
    suite = ""
    if c.evolution.significatif and c.evolution.pourcentage is not None:
        suite = f" ({pourcent(c.evolution.pourcentage, avec_signe=True)})"
    return f"{actuel} contre {nombre(c.precedente)} {c.quand_avant}{suite}."


def _rupture(rupture: Rupture) -> str:
    libelle = rupture.libelle[:1].lower() + rupture.libelle[1:]
    return f"{libelle.rstrip('.')} (rupture en {mois_annee(rupture.jour)})"


def intervalle(valeur: Valeur) -> str:
    """ "entre 29 et 56 à 95 % (Garwood)": what chance alone could have made of such a count."""
    if not isinstance(valeur, int):
        return ""
    bas, haut = statistiques.garwood(valeur).intervalle or (0.0, 0.0)
    return f"de {nombre(bas, 1)} à {nombre(haut, 1)} à 95\u202f% (Garwood)"


def unite_affichee(valeur: Valeur, unite: str) -> str:
    """The unit beside the figure: agrees with it, and says « non livré » or « retenu » in its place."""
    from pupitre.documents.graphiques.resumes import nom_unite

    if isinstance(valeur, Absent):
        return "non livré" if valeur.motif is MotifAbsence.NON_LIVRE else "non diffusé"
    return nom_unite(valeur if isinstance(valeur, int) else 0, unite)


def valeur_affichee(valeur: Valeur) -> str:
    if isinstance(valeur, Absent):
        return "–" if valeur.motif is MotifAbsence.NON_LIVRE else f"n.{INSECABLE}d."
    return nombre(valeur) if isinstance(valeur, int) else str(valeur)


__all__ = [
    "Comparee",
    "dans",
    "intervalle",
    "juger",
    "phrase",
    "sens",
    "unite_affichee",
    "valeur_affichee",
    "verdict",
]
