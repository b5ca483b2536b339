"""What waits for a gesture of the council's team today: to publish, late, to write."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count

from pupitre.acces.selectors import communes_representees
from pupitre.observatoire.chiffres.catalogue import EtatVisible, etat_visible
from pupitre.observatoire.collecte import conventions, mois_doleances
from pupitre.observatoire.demandes import attentes as demandes
from pupitre.observatoire.diffusion import attentes as diffusion
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.gestes import Geste
from pupitre.observatoire.models import Bulletin, Frequence, Livraison, Source
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue, de, en_lettres, mois_annee, nombre, pluriel
from pupitre.territoires.models import Conseil

# A month is late when the 20th of the next one has passed: partners deliver in the first fortnight.
JOUR_DE_RETARD = 20


def gestes(conseil: Conseil) -> list[Geste]:
    etat = etat_visible(conseil)
    return [
        *_a_publier(conseil),
        *_en_retard(conseil, etat),
        *demandes.gestes_equipe(conseil),
        *_conventions(conseil),
        *_doleances(conseil),
        *diffusion.gestes_equipe(conseil, etat),
    ]


def gestes_personnels(utilisateur, conseil: Conseil) -> list[Geste]:
    """What waits for that person herself, outside the team: a signature, an answer."""
    return [
        *diffusion.gestes_personnels(utilisateur, conseil),
        *demandes.gestes_personnels(utilisateur, conseil),
        *_mois_a_clore(utilisateur, conseil),
    ]


def resume(gestes: list[Geste]) -> str:
    """ "Deux gestes attendent, un est en retard. Rien d’autre ne presse." """
    if not gestes:
        return "Rien n’attend aujourd’hui\u202f: tout ce qui est arrivé est publié."
    retards = sum(g.en_retard for g in gestes)
    debut = (
        f"{en_lettres(len(gestes)).capitalize()} {'gestes attendent' if len(gestes) > 1 else 'geste attend'}"
    )
    suite = f", {en_lettres(retards)} {'sont' if retards > 1 else 'est'} en retard" if retards else ""
    return f"{debut}{suite}. Rien d’autre ne presse."


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
        for e in mois_doleances.etats_des_mois(conseil, 2)
        if e.a_verser
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


def _en_retard(conseil: Conseil, etat: EtatVisible) -> list[Geste]:
    """Monthly sources that have already delivered, and whose last month due has not come."""
    aujourdhui = horloge.aujourdhui()
    du = _mois_du(aujourdhui)
    recus = _derniers_mois_recus(conseil)
    gestes = []
    for source in Source.objects.filter(conseil=conseil, frequence=Frequence.MOIS).select_related(
        "organisation"
    ):
        profil = etat.profils.get(source.code)
        if profil is None or not profil.periodes:
            continue
        dernier = max(profil.periodes[-1], recus.get(source.pk, date.min))
        if dernier >= du:
            continue
        manquants = (du.year - dernier.year) * 12 + du.month - dernier.month
        retard = (aujourdhui - _echeance(du)).days
        gestes.append(
            Geste(
                "alerte",
                f"{source.organisation} n’a pas livré {mois_annee(du)}",
                f"{_majuscule(source.nom)}. Dernier mois reçu\u202f: {mois_annee(dernier)}."
                + (f" {nombre(manquants)} mois manquent." if manquants > 1 else ""),
                f"{pluriel(retard, 'jour')} de retard" if manquants == 1 else "plusieurs mois de retard",
                "alerte",
                "Voir et relancer",
                "source-suivi",
                {"conseil": conseil.slug, "code": source.code},
                en_retard=True,
            )
        )
    return gestes


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def _derniers_mois_recus(conseil: Conseil) -> dict[int, date]:
    """Months of deliveries that are read but not published yet: they are not late, they wait for us."""
    recus: dict[int, date] = {}
    for livraison in Livraison.objects.filter(source__conseil=conseil).ouvertes():
        couverts = [d for g, d, _ in livraison.lecture.get("couverture", []) if g.startswith("mois")]
        if couverts:
            dernier = date.fromisoformat(max(couverts))
            recus[livraison.source_id] = max(recus.get(livraison.source_id, date.min), dernier)
    return recus


def _mois_du(jour: date) -> date:
    """The last month whose files should all be there."""
    precedent = (jour.replace(day=1) - timedelta(days=1)).replace(day=1)
    if jour > _echeance(precedent):
        return precedent
    return (precedent - timedelta(days=1)).replace(day=1)


def _echeance(mois: date) -> date:
    return (mois + timedelta(days=32)).replace(day=JOUR_DE_RETARD)


def dernier_bulletin(conseil: Conseil) -> Bulletin | None:
    """The last monthly one that left."""
    mensuels = Bulletin.objects.diffuses().filter(conseil=conseil, periodicite=Bulletin.Periodicite.MOIS)
    return mensuels.first()
