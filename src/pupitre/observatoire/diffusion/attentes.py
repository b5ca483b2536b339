"""What waits for a gesture in what is sent."""

from __future__ import annotations

from datetime import date

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.observatoire.chiffres.catalogue import EtatVisible
from pupitre.observatoire.diffusion import demandes_diagnostic, faits_marquants, listes
from pupitre.observatoire.etats import EtatBulletin
from pupitre.observatoire.models import Bulletin, EvenementBulletin, Frequence
from pupitre.observatoire.selectors import sources_lues
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.texte import date_longue, de, mois_annee, pluriel
from pupitre.territoires.models import Conseil


def gestes_equipe(conseil: Conseil, etat: EtatVisible) -> list[Geste]:
    return [
        *_en_cours(conseil),
        *_a_ecrire(conseil, etat),
        *_diagnostics(conseil),
        *_propositions(conseil),
    ]


def gestes_personnels(utilisateur, conseil: Conseil) -> list[Geste]:
    """The visa that waits for the president."""
    if not peut(utilisateur, Droit.VISER_BULLETIN, conseil):
        return []
    return [
        Geste(
            "coche",
            f"Viser\u202f: {bulletin.titre}",
            "Rien ne part sans votre visa. Deux minutes de lecture.",
            f"demandé le {date_longue(evenement.le)}",
            "veille",
            "Lire et viser",
            "bulletin",
            {"conseil": conseil.slug, "pk": str(bulletin.pk)},
        )
        for bulletin, evenement in _derniers(conseil)
        if evenement.etat == EtatBulletin.SOUMIS
    ]


def _derniers(conseil: Conseil) -> list[tuple[Bulletin, EvenementBulletin]]:
    """Editions that have not left, each with its last event: two queries."""
    ouverts = {
        b.pk: b
        for b in Bulletin.objects.filter(conseil=conseil, publie_le__isnull=True).defer("faits", "textes")
    }
    derniers: dict[int, EvenementBulletin] = {}
    for evenement in EvenementBulletin.objects.filter(bulletin__in=ouverts).order_by("pk"):
        derniers[evenement.bulletin_id] = evenement
    return [(ouverts[pk], e) for pk, e in derniers.items()]


def _en_cours(conseil: Conseil) -> list[Geste]:
    derniers = _derniers(conseil)
    sans_visa = bool(derniers) and not listes.reglage(conseil).visa_requis
    return [_geste(conseil, b, e, sans_visa) for b, e in derniers]


def _geste(conseil: Conseil, bulletin: Bulletin, evenement: EvenementBulletin, sans_visa: bool) -> Geste:
    titre = bulletin.titre[:1].lower() + bulletin.titre[1:]
    quoi, pourquoi, ton, bouton = {
        EtatBulletin.BROUILLON: (
            f"Relire et diffuser {titre}" if sans_visa else f"Relire {titre} et demander le visa",
            f"Écrit le {date_longue(bulletin.cree_le)}, il n’est pas encore diffusé.",
            "veille",
            "Relire",
        ),
        EtatBulletin.SOUMIS: (
            f"Visa attendu pour {titre}",
            "La présidence a reçu un lien\u202f: un appel suffit parfois.",
            "",
            "Voir",
        ),
        EtatBulletin.RENVOYE: (
            f"Reprendre {titre}",
            f"Renvoyé par {evenement.nom}\u202f: «\u202f{evenement.raison}\u202f»",
            "alerte",
            "Reprendre",
        ),
        EtatBulletin.VISE: (
            f"Diffuser {titre}",
            f"Visé par {evenement.nom}.",
            "veille",
            "Diffuser",
        ),
    }[EtatBulletin(evenement.etat)]
    return Geste(
        "document",
        quoi,
        pourquoi,
        f"depuis le {date_longue(evenement.le)}",
        ton,
        bouton,
        "bulletin",
        {"conseil": conseil.slug, "pk": str(bulletin.pk)},
    )


def _a_ecrire(conseil: Conseil, etat: EtatVisible) -> list[Geste]:
    """The last month that a monthly source has published, if nothing is written about it."""
    mensuelles = [s.code for s in sources_lues(conseil) if s.frequence == Frequence.MOIS]
    derniers = [
        etat.profils[c].periodes[-1] for c in mensuelles if c in etat.profils and etat.profils[c].periodes
    ]
    mois: date | None = max(derniers, default=None)
    ecrit = (
        mois is not None
        and Bulletin.objects.filter(
            conseil=conseil, periodicite=Bulletin.Periodicite.MOIS, debut=mois
        ).exists()
    )
    if mois is None or ecrit:
        return []
    return [
        Geste(
            "document",
            f"Écrire le bulletin {de(mois_annee(mois))}",
            "Les chiffres du mois sont publiés\u202f; le bulletin n’est pas encore écrit.",
            "",
            "",
            "Écrire",
            "bulletin-ecrire",
            {"conseil": conseil.slug},
        )
    ]


def _diagnostics(conseil: Conseil) -> list[Geste]:
    aujourdhui = horloge.aujourdhui()
    return [
        Geste(
            "question",
            f"Répondre à {d.demandeur}\u202f: {d.titre}",
            d.question,
            f"pour le {date_longue(d.pour_le)}" if d.pour_le else f"demandé le {date_longue(d.cree_le)}",
            "alerte" if d.pour_le and d.pour_le < aujourdhui else "veille",
            "Répondre",
            "diagnostic-ecrire",
            {"conseil": conseil.slug, "diagnostic": str(d.pk)},
            en_retard=bool(d.pour_le and d.pour_le < aujourdhui),
            pour=d.pour_le,
        )
        for d in demandes_diagnostic.en_attente(conseil).select_related("demandeur")
    ]


def _propositions(conseil: Conseil) -> list[Geste]:
    nombre = faits_marquants.a_examiner(conseil).count()
    if not nombre:
        return []
    return [
        Geste(
            "alerte",
            f"{pluriel(nombre, 'série', 'séries')} de faits à examiner",
            "Des faits semblables se répètent au même endroit\u202f: à retenir comme faits marquants, ou à écarter.",
            "",
            "veille",
            "Examiner",
            "faits-marquants",
            {"conseil": conseil.slug},
        )
    ]
