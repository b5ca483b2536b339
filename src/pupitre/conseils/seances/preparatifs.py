"""The checklist of a séance: what is to be done, and before which day."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from pupitre.conseils.models import Formation, Preparatif, Seance
from pupitre.conseils.seances import reglages
from pupitre.conseils.seances.selectors import jour_de
from pupitre.socle import horloge

N = Formation.Nature
_ASSISES = frozenset({N.PLENIERE, N.RESTREINTE})
# what, days before the séance, for which natures (all when empty)
_DEFAUT: tuple[tuple[str, int, frozenset[str]], ...] = (
    ("Réserver la salle et vérifier son accessibilité", 40, frozenset()),
    ("Arrêter l’ordre du jour avec la présidence", 25, _ASSISES),
    ("Arrêter l’ordre du jour avec le pilote", 15, frozenset(set(N) - _ASSISES)),
    ("Préparer les dossiers du maire", 7, _ASSISES),
    ("Relire les décisions en cours", 7, frozenset()),
    ("Vérifier que chaque participant a signé la charte", 7, frozenset({N.VEILLE, N.GPO})),
    ("Commander le matériel\u202f: micro, écran, chevalets", 7, frozenset({N.PLENIERE})),
    ("Faire le plan de table", 3, _ASSISES),
    ("Relancer ceux qui n’ont pas répondu", 4, frozenset()),
    ("Imprimer la feuille de présence", 1, frozenset()),
)


def _liste(seance: Seance) -> list[tuple[str, int]]:
    nature = seance.formation.nature
    avant = reglages.delai(seance.formation)
    lignes = [(libelle, jours) for libelle, jours, natures in _DEFAUT if not natures or nature in natures]
    return [*lignes, (f"Envoyer les convocations, {avant} jours avant au moins", avant)]


def poser_liste(seance: Seance) -> None:
    """The default list of its nature. Without a date, its lines have none yet."""
    Preparatif.objects.bulk_create(
        Preparatif(
            seance=seance,
            libelle=libelle,
            echeance=jour_de(seance) - timedelta(days=jours) if seance.debut else None,
        )
        for libelle, jours in _liste(seance)
    )


def suivre_la_date(seance: Seance, ancien) -> None:
    """The date is set or moved: what remains to be done follows it."""
    if not seance.debut:
        return
    defaut = dict(_liste(seance))
    reste = list(Preparatif.objects.filter(seance=seance, fait_le__isnull=True))
    for p in reste:
        if p.libelle in defaut:
            p.echeance = jour_de(seance) - timedelta(days=defaut[p.libelle])
        elif p.echeance and ancien:
            p.echeance += jour_de(seance) - ancien
    Preparatif.objects.bulk_update(reste, ["echeance"])


@transaction.atomic
def ajouter(*, seance: Seance, libelle: str, echeance=None) -> Preparatif:
    """Raises ValidationError."""
    preparatif = Preparatif(seance=seance, libelle=" ".join(libelle.split()), echeance=echeance)
    preparatif.full_clean()
    preparatif.save()
    return preparatif


@transaction.atomic
def cocher(*, preparatif: Preparatif, fait: bool, auteur=None) -> None:
    preparatif.fait_le = horloge.maintenant() if fait else None
    preparatif.fait_par = auteur if fait else None
    preparatif.save(update_fields=["fait_le", "fait_par"])


@transaction.atomic
def retirer(*, preparatif: Preparatif) -> None:
    preparatif.delete()
