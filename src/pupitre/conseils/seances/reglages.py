"""What the council's règlement intérieur says of its séances."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from pupitre.conseils.models import Formation, ReglageSeances
from pupitre.territoires.models import Conseil


def reglage(conseil: Conseil) -> ReglageSeances:
    """Kept, or the defaults, unsaved."""
    garde = ReglageSeances.objects.filter(conseil=conseil).first()
    return garde or ReglageSeances(conseil=conseil)


def delai(formation: Formation) -> int:
    """Days before the séance at which the convocations must have left."""
    return delais(formation.conseil)(formation)


def delais(conseil: Conseil) -> Callable[[Formation], int]:
    """The same for many formations, the council's setting read once."""
    regle = reglage(conseil)
    return lambda formation: (
        regle.delai_pleniere if formation.nature == Formation.Nature.PLENIERE else regle.delai_autres
    )


@transaction.atomic
def regler(*, conseil: Conseil, **champs) -> ReglageSeances:
    """Raises ValidationError."""
    regle = reglage(conseil)
    for champ, valeur in champs.items():
        setattr(regle, champ, valeur)
    regle.full_clean()
    regle.save()
    return regle
