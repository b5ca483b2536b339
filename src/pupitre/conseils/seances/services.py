"""A séance is created, changed, cancelled. Who was called hears of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pupitre.conseils.decisions.selectors import a_l_ordre_du_jour
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Formation, PointOrdreDuJour, Seance
from pupitre.conseils.seances import convocations, preparatifs
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.passages import exiger_preparable, passer
from pupitre.conseils.seances.selectors import jour_de

SUIVI_DES_DECISIONS = "Suivi des décisions"


@transaction.atomic
def creer(
    *,
    formation: Formation,
    objet: str = "",
    debut: datetime | None = None,
    duree: int = 120,
    lieu: str = "",
    auteur=None,
    fictive: bool = False,
) -> Seance:
    """With its default checklist. Raises ValidationError."""
    seance = Seance(formation=formation, objet=objet, debut=debut, duree=duree, lieu=lieu, fictive=fictive)
    seance.full_clean()
    seance.save()
    passer(seance, EtatSeance.EN_PREPARATION, auteur=auteur)
    preparatifs.poser_liste(seance)
    _ouvrir_par_les_decisions(seance)
    return seance


def _ouvrir_par_les_decisions(seance: Seance) -> None:
    """What was decided and is not done opens the next agenda by itself (report, part 2.1)."""
    if a_l_ordre_du_jour(seance.formation).exists():
        PointOrdreDuJour.objects.create(
            seance=seance,
            rang=1,
            titre=SUIVI_DES_DECISIONS,
            presentation="Où en sont les décisions prises par cette formation et qui restent à exécuter.",
            duree=15,
        )


@transaction.atomic
def modifier(
    *, seance: Seance, objet: str, debut: datetime | None, duree: int, lieu: str, auteur=None
) -> bool:
    """Change what and when. True when people already called were told.

    Raises:
        GesteRefuse: open, held or cancelled; or called without a date any more. ValidationError.
    """
    tenue = Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    etat = exiger_preparable(tenue)
    convoquee = etat == EtatSeance.CONVOQUEE
    if convoquee and debut is None:
        raise GesteRefuse(
            "La date ne peut pas être retirée.",
            "Des personnes sont déjà convoquées.",
            "Donnez une nouvelle date, ou annulez la séance.",
        )
    ancien_jour = jour_de(tenue) if tenue.debut else None
    deplacee = (tenue.debut, tenue.duree, tenue.lieu) != (debut, duree, lieu)
    avant = tenue.debut
    tenue.objet, tenue.debut, tenue.duree, tenue.lieu = objet, debut, duree, lieu
    if deplacee and convoquee:
        tenue.sequence += 1
    tenue.full_clean()
    tenue.save()
    if debut != avant:
        preparatifs.suivre_la_date(tenue, ancien_jour)
    if not (deplacee and convoquee):
        return False
    passer(tenue, EtatSeance.CONVOQUEE, auteur=auteur, raison="La date, la durée ou le lieu ont changé.")
    convocations.prevenir_du_changement(tenue, date_changee=debut != avant, auteur=auteur)
    return True


@transaction.atomic
def annuler(*, seance: Seance, raison: str, auteur=None) -> int:
    """Cancel; everyone called is told why. How many were.

    Raises:
        GesteRefuse: open, held or cancelled already, or no reason given.
    """
    tenue = Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    exiger_preparable(tenue)
    if not raison.strip():
        raise GesteRefuse(
            "La séance n’est pas annulée.",
            "Les personnes convoquées liront la raison.",
            "Écrivez-la en quelques mots.",
        )
    tenue.sequence += 1
    tenue.save(update_fields=["sequence"])
    passer(tenue, EtatSeance.ANNULEE, auteur=auteur, raison=raison.strip())
    return convocations.prevenir_de_l_annulation(tenue, raison.strip())
