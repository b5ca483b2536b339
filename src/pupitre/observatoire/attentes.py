"""What waits for a gesture in the observatory today: to publish, late, to write, to sign."""

from __future__ import annotations

from django.db.models import Count

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.acces.selectors import communes_representees
from pupitre.observatoire.chiffres.catalogue import etat_visible
from pupitre.observatoire.collecte import calendrier, conventions, mois_doleances, relances
from pupitre.observatoire.demandes import attentes as demandes
from pupitre.observatoire.diffusion import attentes as diffusion
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Bulletin, Livraison
from pupitre.observatoire.selectors import sources_visibles
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.socle.texte import date_longue, de, enumeration, mois_annee, pluriel
from pupitre.territoires.models import Conseil

# A partner is told of a file so many days before it is due.
PROCHE = 14


def gestes(utilisateur, conseil: Conseil) -> list[Geste]:
    """For the team, what the observatory asks; for each, what waits for their own signature or answer."""
    return [
        *(
            _de_l_equipe(conseil)
            if peut(utilisateur, Droit.PUBLIER, conseil)
            else _depots(utilisateur, conseil)
        ),
        *diffusion.gestes_personnels(utilisateur, conseil),
        *demandes.gestes_personnels(utilisateur, conseil),
        *_mois_a_clore(utilisateur, conseil),
    ]


@lue_une_fois
def _de_l_equipe(conseil: Conseil) -> tuple[Geste, ...]:
    return (
        *_a_publier(conseil),
        *_en_retard(conseil),
        *demandes.gestes_equipe(conseil),
        *_conventions(conseil),
        *_doleances(conseil),
        *diffusion.gestes_equipe(conseil, etat_visible(conseil)),
    )


def _conventions(conseil: Conseil) -> list[Geste]:
    """Those that end soon: without a renewal, the figures stop leaving the team that day."""
    return [
        Geste(
            "cle",
            f"La convention avec {c.organisation} expire",
            "Sans renouvellement, ses chiffres ne seront plus lus que par l’équipe.",
            f"le {date_longue(c.fin)}",
            "veille",
            "Préparer la suite",
            "convention",
            {"conseil": conseil.slug, "convention": str(c.pk)},
            pour=c.fin,
        )
        for c in conventions.bientot_echues(conseil)
    ]


def _doleances(conseil: Conseil) -> list[Geste]:
    """Months that the mayors' offices have closed and that nobody has poured."""
    return [
        Geste(
            "depot",
            f"Verser les doléances {de(mois_annee(e.mois))}",
            e.phrase,
            pluriel(e.saisies, "saisie"),
            "",
            "Verser le mois",
            "doleances",
            {"conseil": conseil.slug},
        )
        for e in mois_doleances.a_verser(conseil, 2)
    ]


def _mois_a_clore(utilisateur, conseil: Conseil) -> list[Geste]:
    """For a mayor's office that enters complaints: the last month, when all is entered."""
    communes = communes_representees(utilisateur, conseil)
    return [
        Geste(
            "coche",
            f"Clore les doléances {de(mois_annee(mois))}",
            f"{commune.nom}\u202f: quand tout ce que la mairie a reçu est saisi.",
            "chaque mois",
            "",
            "Voir et clore",
            "doleances",
            {"conseil": conseil.slug},
        )
        for commune, mois in (mois_doleances.a_clore(conseil, communes) if communes else ())
    ]


def _a_publier(conseil: Conseil) -> list[Geste]:
    livraisons = (
        Livraison.objects.filter(source__conseil=conseil)
        .avec_etat()
        .filter(etat=Etat.CONTROLEE)
        .select_related("source__organisation")
        .annotate(n_anomalies=Count("anomalies"))
        .order_by("recue_le")
    )
    return [
        Geste(
            "depot",
            f"Publier «\u202f{livraison.nom}\u202f»",
            f"{livraison.source.organisation}, {livraison.source}. "
            + (
                f"{pluriel(livraison.n_anomalies, 'anomalie')} à voir d’abord."
                if livraison.n_anomalies
                else "Lu sans anomalie."
            ),
            f"reçu le {date_longue(horloge.jour_de(livraison.recue_le))}",
            "veille" if livraison.n_anomalies else "",
            "Relire et publier",
            "livraison",
            {"conseil": conseil.slug, "livraison": str(livraison.pk)},
        )
        for livraison in livraisons
    ]


def _en_retard(conseil: Conseil) -> list[Geste]:
    """Sources that owe something: the same periods as the calendar's and the reminders'."""
    aujourdhui = horloge.aujourdhui()
    trouves = []
    for ligne in calendrier.lignes(conseil):
        manques = relances.en_retard(ligne)
        if not manques:
            continue
        source, retard = ligne.source, (aujourdhui - manques[0].echeance).days
        trouves.append(
            Geste(
                "alerte",
                f"{source.organisation} n’a pas livré {enumeration([c.libelle for c in manques])}",
                f"{_majuscule(source.nom)}. {ligne.regularite.phrase}",
                f"{pluriel(retard, 'jour')} de retard",
                "alerte",
                "Voir et relancer",
                "source-suivi",
                {"conseil": conseil.slug, "code": source.code},
                en_retard=True,
                pour=manques[0].echeance,
            )
        )
    return trouves


def _depots(utilisateur, conseil: Conseil) -> list[Geste]:
    """For a partner: what its sources owe, and what they will owe within two weeks."""
    if not peut(utilisateur, Droit.DEPOSER, conseil):
        return []
    aujourdhui = horloge.aujourdhui()
    siennes = sources_visibles(utilisateur, conseil).select_related("organisation")
    trouves = []
    for ligne in calendrier.lignes(conseil, siennes):
        for case in ligne.cases:
            retard = (aujourdhui - case.echeance).days
            proche = case.etat == calendrier.EtatCase.ATTENDUE and retard >= -PROCHE
            if not case.due or not (proche or case.etat in calendrier.EN_RETARD):
                continue
            trouves.append(
                Geste(
                    "depot",
                    f"Envoyer {case.libelle}\u202f: {ligne.source.nom}",
                    "Le fichier tel que vous l’avez\u202f: la coordination le relit avant de publier.",
                    f"{pluriel(retard, 'jour')} de retard"
                    if retard > 0
                    else f"avant le {date_longue(case.echeance)}",
                    "alerte" if retard > 0 else "veille",
                    "Déposer",
                    "deposer",
                    {"conseil": conseil.slug},
                    en_retard=retard > 0,
                    pour=case.echeance,
                    question=f"source={ligne.source.code}",
                )
            )
    return trouves


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def dernier_bulletin(conseil: Conseil) -> Bulletin | None:
    """The last monthly one that left."""
    mensuels = Bulletin.objects.diffuses().filter(conseil=conseil, periodicite=Bulletin.Periodicite.MOIS)
    return mensuels.first()
