"""From one state of a séance to the next, and until when it is prepared."""

from __future__ import annotations

from pupitre.conseils import etats
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import EvenementSeance, Seance
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.selectors import etat_de

_FIGEES = {EtatSeance.OUVERTE, EtatSeance.TENUE, EtatSeance.ANNULEE}


def passer(seance: Seance, etat: str, *, auteur=None, raison: str = "") -> EvenementSeance:
    """Append the event, if the table allows it."""
    etats.verifier(etats.SEANCE, etat_de(seance), etat)
    return EvenementSeance.objects.create(seance=seance, etat=etat, auteur=auteur, raison=raison)


def exiger_preparable(seance: Seance) -> str:
    """Its state. Raises GesteRefuse once it is open, held or cancelled."""
    etat = etat_de(seance)
    if etat in _FIGEES:
        raise GesteRefuse(
            "Cette séance ne se prépare plus.",
            f"Elle est {EtatSeance(etat).label}.",
            "Créez une nouvelle séance, ou rouvrez celle-ci depuis son écran de tenue.",
        )
    return etat
