"""What data requests ask of each one today: the team, the president, the owner of the data."""

from __future__ import annotations

from datetime import date

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.observatoire.demandes import policies, selectors
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.demandes.rappels import attend_depuis
from pupitre.observatoire.models import DemandeDonnees
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.texte import date_longue, enumeration, pluriel
from pupitre.territoires.models import Conseil


def gestes_equipe(conseil: Conseil) -> list[Geste]:
    """To examine, to prepare; and what others have not answered in time."""
    gestes = []
    for demande in _ouvertes(conseil):
        depuis = attend_depuis(demande, demande.etat)
        limite = selectors.echeance(demande, demande.etat, depuis)
        en_retard = limite is not None and limite < horloge.aujourdhui()
        if demande.etat == EtatDemande.DEPOSEE:
            gestes.append(
                _geste(
                    demande, "Instruire la demande de données", demande.usage, "Instruire", limite, en_retard
                )
            )
        elif demande.etat == EtatDemande.A_PREPARER:
            gestes.append(
                _geste(
                    demande,
                    "Préparer les données pour",
                    "L’accord est donné\u202f: il reste à relire l’analyse et à la soumettre au visa.",
                    "Préparer",
                    limite,
                    en_retard,
                )
            )
        elif en_retard:
            qui = (
                enumeration([str(o) for o in selectors.proprietaires_attendus(demande)])
                if demande.etat == EtatDemande.ACCORD
                else "la présidence"
            )
            gestes.append(
                _geste(
                    demande,
                    "Une réponse se fait attendre pour",
                    f"La demande attend {qui} depuis le {date_longue(depuis)}. Les rappels partent d’eux-mêmes\u202f; "
                    "un appel aide souvent.",
                    "Voir la demande",
                    limite,
                    True,
                )
            )
    return gestes


def gestes_personnels(utilisateur, conseil: Conseil) -> list[Geste]:
    """For the president, what waits for a signature; for a partner, what waits for its answer."""
    gestes = []
    if peut(utilisateur, Droit.VISER_DEMANDE, conseil):
        gestes += [
            _geste(
                d,
                "Viser la remise de données à",
                "Les données et l’analyse sont prêtes.",
                "Lire et viser",
                selectors.echeance(d, d.etat, attend_depuis(d, d.etat)),
                False,
            )
            for d in _ouvertes(conseil).filter(etat=EtatDemande.VISA)
        ]
    if peut(utilisateur, Droit.DEMANDER_DONNEES, conseil):
        attendues = selectors.visibles(utilisateur, conseil).filter(etat=EtatDemande.ACCORD)
        gestes += [
            _geste(
                d,
                "Répondre à la demande de",
                f"Vos données sont demandées\u202f: {d.usage}",
                "Répondre",
                selectors.echeance(d, d.etat, attend_depuis(d, d.etat)),
                False,
            )
            for d in attendues
            if policies.proprietaires_pour(utilisateur, d)
        ]
    return gestes


def _ouvertes(conseil: Conseil):
    ouvertes = DemandeDonnees.objects.filter(conseil=conseil).ouvertes()
    return ouvertes.select_related("conseil", "organisation").order_by("annee", "rang")


def _geste(
    demande: DemandeDonnees, debut: str, pourquoi: str, bouton: str, limite: date | None, en_retard: bool
) -> Geste:
    if en_retard and limite is not None:
        quand, ton = f"{pluriel((horloge.aujourdhui() - limite).days, 'jour')} de retard", "alerte"
    else:
        quand, ton = (f"avant le {date_longue(limite)}" if limite else ""), ""
    return Geste(
        "cle",
        f"{debut} {demande.organisation} ({demande.reference})",
        pourquoi[:240],
        quand,
        ton,
        bouton,
        "demande",
        {"conseil": demande.conseil.slug, "demande": str(demande.pk)},
        en_retard=en_retard,
        pour=limite,
    )
