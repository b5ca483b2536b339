"""What falls due in the observatory."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import lieux_heures
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.collecte import doleances, mois_doleances, relances
from pupitre.observatoire.demandes import rappels
from pupitre.observatoire.diffusion import circuit, faits_marquants
from pupitre.observatoire.etats import Etat, EtatBulletin
from pupitre.observatoire.models import (
    Bulletin,
    Convention,
    EvenementBulletin,
    FaitMarquant,
    Livraison,
    Source,
)
from pupitre.observatoire.tasks import lire_livraison
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.devoirs import Devoir
from pupitre.socle.reprises import ABANDON
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

RAPPEL_VISA = 4
RAPPELS_VISA_MAX = 3


def rappeler_les_visas(jour: date) -> int:
    """Every four days, three times at most, to who has not answered."""
    total = 0
    for bulletin in Bulletin.objects.filter(publie_le__isnull=True).select_related("conseil"):
        dernier = EvenementBulletin.objects.filter(bulletin=bulletin).order_by("-pk").first()
        if dernier is None or dernier.etat != EtatBulletin.SOUMIS:
            continue
        rang = min((jour - horloge.jour_de(dernier.le)).days // RAPPEL_VISA, RAPPELS_VISA_MAX)
        if rang > 0:
            total += circuit.relancer_visa(bulletin=bulletin, cle=f"rappel-visa:{dernier.pk}:{rang}")
    return total


def prevenir_des_echeances(jour: date) -> int:
    """A letter to the coordination when the alert begins, and another a week before the end."""
    total = 0
    limite = jour + timedelta(days=400)
    proches = Convention.objects.as_of(jour).filter(fin__isnull=False, fin__lte=limite, suites__isnull=True)
    for c in proches.select_related("organisation", "conseil"):
        reste = (c.fin - jour).days
        etape = "semaine" if reste <= 7 else "alerte" if reste <= c.alerte else ""
        if etape:
            total += sum(_prevenir(c, etape, nom, email) for nom, email in relances.coordination(c.conseil))
    return total


def _prevenir(convention: Convention, etape: str, nom: str, email: str) -> int:
    chemin = reverse("convention", args=[convention.conseil.slug, convention.pk])
    lettre = Lettre(
        objet=f"La convention avec {convention.organisation} expire le {date_longue(convention.fin)}",
        paragraphes=(
            "Sans renouvellement, ses chiffres ne seront plus lus que par votre équipe\u202f: ils quitteront le "
            "tableau de bord des maires et les bulletins.",
        ),
        bouton=Bouton("Préparer la suite", adresse_complete(chemin)),
        pied="Vous recevez ce message parce que vous coordonnez ce conseil.",
    )
    _, nouveau = poster(
        lettre,
        cle=f"convention:{convention.pk}:{etape}",
        destinataire=email,
        nom=nom,
        categorie="echeance",
        perimetre=convention.conseil.slug,
        expediteur=str(convention.conseil),
    )
    return int(nouveau)


def proposer_les_series(jour: date) -> int:
    """Facts that repeat near and soon become proposals; one made before is not made again."""
    total = 0
    for conseil in Conseil.objects.filter(catalogue__version__gt=0):
        lecteur = Lecteur.ouvrir(conseil, Audience.INTERNE)
        deja = faits_marquants.cles(conseil)
        for source in lieux_heures.sources_datees(lecteur):
            series = lieux_heures.series_proposees(lecteur, source, jour, deja)
            total += faits_marquants.proposer(
                conseil=conseil, faits=[_fait(s, source) for s in series if s.commune]
            )
    return total


def _fait(serie: lieux_heures.Serie, source: Source) -> FaitMarquant:
    return FaitMarquant(
        jour=serie.debut,
        fin=serie.fin,
        commune_id=serie.commune,
        secteur=serie.secteur,
        genre=FaitMarquant.Genre.REPETITIF,
        texte=serie.phrase,
        organisation=source.organisation,
        motif=serie.raison[:300],
        cle=serie.cle,
        fictif=source.fictive,
    )


def relire_les_oubliees(jour: date) -> int:
    """Deliveries that were received and that nothing is to read: a process died between the two."""
    oubliees = (
        Livraison.objects.filter(recue_le__lt=horloge.maintenant() - ABANDON)
        .avec_etat()
        .filter(etat=Etat.RECUE)
        .values_list("pk", flat=True)
    )
    prevues = {
        args["args"][0]
        for args in DBTaskResult.objects.filter(
            task_path=lire_livraison.module_path, args_kwargs__args__0__in=[str(pk) for pk in oubliees]
        ).values_list("args_kwargs", flat=True)
    }
    a_lire = [str(pk) for pk in oubliees if str(pk) not in prevues]
    for pk in a_lire:
        lire_livraison.enqueue(pk)
    return len(a_lire)


DEVOIRS = (
    Devoir("lectures", "Lectures de fichiers oubliées, remises en file", relire_les_oubliees),
    Devoir(
        "relances",
        "Relances aux partenaires",
        relances.relancer,
        lambda jour: sum(1 for _ in relances.dues(jour)),
    ),
    Devoir("demandes", "Rappels sur les demandes de données", rappels.rappeler),
    Devoir("visas", "Rappels de visa", rappeler_les_visas),
    Devoir("conventions", "Conventions qui expirent", prevenir_des_echeances),
    Devoir("doleances", "Mois de doléances à verser", mois_doleances.verser_les_mois_clos),
    Devoir("textes", "Précisions de doléances à effacer", doleances.oublier_les_textes),
    Devoir("series", "Séries de faits proposées", proposer_les_series),
)
