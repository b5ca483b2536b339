"""Ten years of a council, written in bulk: what the search must answer in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import cycle

from django.utils import timezone

from pupitre.acces.models import Organisation
from pupitre.annuaire.models import Fonction, Personne
from pupitre.conseils.etats import EtatCompteRendu, EtatDecision, EtatSeance
from pupitre.conseils.models import (
    CompteRendu,
    Decision,
    EvenementCompteRendu,
    EvenementDecision,
    EvenementSeance,
    Formation,
    PieceSeance,
    PointOrdreDuJour,
    Seance,
)
from pupitre.observatoire.models import Bulletin, EvenementLivraison, Livraison, Source
from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Conseil
from tests.conseils.fabrique_seances import DEPUIS, formation

SUJETS = (
    "éclairage du square", "rodéos sur le quai", "hall de la résidence des Tilleuls", "trafic près de la gare",
    "absentéisme au collège", "caméras du parking", "dépôts sauvages", "tranquillité des commerces",
    "accueil des victimes", "bus de nuit", "médiation au marché", "fête de la musique", "travaux d’intérêt général",
)  # fmt: skip
GESTES = ("Poser", "Étudier", "Signer", "Évaluer", "Présenter", "Financer", "Renforcer", "Réunir")
_PHRASE = (
    "Le représentant de la police indique que les faits signalés autour de {} ont diminué depuis la dernière "
    "réunion, et remercie les services techniques de leur intervention rapide au mois de {}. Le bailleur présente "
    "le calendrier des travaux, la médiation et les rondes, puis répond aux questions des élus sur {}. "
)
MOIS = ("janvier", "mars", "mai", "juin", "septembre", "octobre", "novembre")


def dix_ans(conseil: Conseil, *, annees: int = 10) -> None:
    """For each year: 50 séances of 8 items with their minutes, 500 decisions, 200 people."""
    groupes = [
        formation(conseil, "thematique", f"Groupe {s}"[:60], slug=f"g{i}") for i, s in enumerate(SUJETS)
    ]
    groupes.append(formation(conseil, "restreinte", "Formation restreinte", slug="restreinte"))
    gens, maisons = _annuaire(conseil, 200 * annees)
    seances = _seances(groupes, 50 * annees)
    points = _points(seances)
    _decisions(conseil, seances, points, gens, maisons)
    _comptes_rendus(seances)
    _observatoire(conseil, maisons[:20], annees)


def _annuaire(conseil: Conseil, n: int) -> tuple[list[Personne], list[Organisation]]:
    maisons = [Organisation(nom=f"Bailleur {i:03} Habitat", nature="bailleur") for i in range(n // 8)]
    maisons = Organisation.objects.bulk_create(maisons)
    Organisation.conseils.through.objects.bulk_create(
        Organisation.conseils.through(organisation_id=o.pk, conseil_id=conseil.pk) for o in maisons
    )
    gens = []
    for i in range(n):
        nom, prenom = f"Dupont{_lettres(i)}", ("Camille", "Awa", "José", "Inès")[i % 4]
        cle = cle_de_recherche(f"{nom} {prenom}")
        gens.append(Personne(conseil=conseil, nom=nom, prenom=prenom, cle=cle, email=f"p{i}@exemple.fr"))
    gens = Personne.objects.bulk_create(gens)
    Fonction.objects.bulk_create(
        Fonction(
            conseil=conseil,
            personne=p,
            organisation=o,
            intitule=f"référente {i % 60}",
            debut=date(2015, 1, 1),
        )
        for i, (p, o) in enumerate(zip(gens, cycle(maisons), strict=False))
    )
    return gens, maisons


def _lettres(i: int) -> str:
    return "".join(chr(97 + (i // 17**k) % 17) for k in range(3))


def _seances(groupes: list[Formation], n: int) -> list[Seance]:
    premier = datetime(2015, 1, 7, 14)
    seances = Seance.objects.bulk_create(
        Seance(
            formation=g,
            objet=f"Séance sur {SUJETS[i % len(SUJETS)]}" if i % 3 else "",
            debut=timezone.make_aware(premier + timedelta(days=7 * i)),
            lieu="Salle du conseil",
        )
        for i, g in zip(range(n), cycle(groupes), strict=False)
    )
    EvenementSeance.objects.bulk_create(
        EvenementSeance(seance=s, etat=e)
        for s in seances
        for e in (EtatSeance.EN_PREPARATION, EtatSeance.TENUE)
    )
    PieceSeance.objects.bulk_create(
        PieceSeance(seance=s, nom=f"bilan-{s.debut:%Y-%m}-{k}.pdf", chemin="x", sha256="0" * 64, taille=1)
        for s in seances
        for k in range(2)
    )
    return seances


def _points(seances: list[Seance]) -> list[PointOrdreDuJour]:
    return PointOrdreDuJour.objects.bulk_create(
        PointOrdreDuJour(seance=s, rang=k, titre=f"Point sur {SUJETS[(i + k) % len(SUJETS)]}")
        for i, s in enumerate(seances)
        for k in range(8)
    )


def _decisions(conseil: Conseil, seances, points, gens, maisons) -> None:
    lignes, rangs = [], {}
    for i in range(10 * len(seances)):
        s = seances[i // 10]
        rangs[s.debut.year] = rangs.get(s.debut.year, 0) + 1
        texte = f"{GESTES[i % 8]} {SUJETS[i % 13]} avant {MOIS[i % 7]}, avec les services du secteur {i % 97}"
        lignes.append(
            Decision(
                conseil=conseil,
                annee=s.debut.year,
                rang=rangs[s.debut.year],
                prise_le=s.debut.date(),
                texte=texte,
                formation=s.formation,
                seance=s,
                point=points[8 * (i // 10) + i % 8],
                responsable=gens[i % len(gens)],
                organisation=maisons[i % len(maisons)],
                echeance=s.debut.date() + timedelta(days=90),
            )
        )
    lignes = Decision.objects.bulk_create(lignes, batch_size=1000)
    EvenementDecision.objects.bulk_create(
        [
            EvenementDecision(decision=d, etat=e)
            for d in lignes
            for e in (EtatDecision.A_FAIRE, EtatDecision.FAITE if d.pk % 3 else EtatDecision.EN_PARTIE)
        ],
        batch_size=2000,
    )


def _comptes_rendus(seances: list[Seance]) -> None:
    lus = CompteRendu.objects.bulk_create(
        CompteRendu(seance=s, numero=f"{s.debut:%Y}-{i % 52 + 1:03}", contenu=_contenu(s, i))
        for i, s in enumerate(seances)
    )
    EvenementCompteRendu.objects.bulk_create(
        EvenementCompteRendu(compte_rendu=c, etat=EtatCompteRendu.VERROUILLE) for c in lus
    )


def _contenu(seance: Seance, i: int) -> dict:
    """Some seven thousand characters, with a few words of its own."""
    return {
        "titre": seance.objet or str(seance.formation),
        "formation": str(seance.formation),
        "quand": "le mercredi",
        "lieu": seance.lieu,
        "presents": [],
        "excuses": [],
        "points": [
            {
                "titre": f"Point sur {SUJETS[(i + k) % 13]}",
                "rapporteur": "",
                "texte": "".join(
                    _PHRASE.format(
                        SUJETS[(i + k + j) % 13], MOIS[(i + j) % 7], f"mot{_lettres(31 * i + 8 * k + j)}"
                    )
                    for j in range(3)
                ),
                "decisions": [],
            }
            for k in range(8)
        ],
        "passe_outre": {},
    }


def _observatoire(conseil: Conseil, maisons: list[Organisation], annees: int) -> None:
    """Twenty sources that deliver each month; a bulletin each month and each week."""
    sources = Source.objects.bulk_create(
        Source(
            conseil=conseil,
            organisation=o,
            code=f"s{i}",
            nom=f"Incidents du bailleur {i}",
            format="comptages",
        )
        for i, o in enumerate(maisons)
    )
    debut = date(2015, 1, 1)
    mois = [date(debut.year + m // 12, m % 12 + 1, 1) for m in range(12 * annees)]
    livraisons = Livraison.objects.bulk_create(
        Livraison(
            source=s, nom=f"incidents_{m:%Y-%m}.csv", chemin=f"{s.code}-{m:%Y-%m}", sha256="0" * 64, taille=1
        )
        for s in sources
        for m in mois
    )
    EvenementLivraison.objects.bulk_create(
        EvenementLivraison(livraison=li, etat=e) for li in livraisons for e in ("recue", "publiee")
    )
    semaines = [debut + timedelta(days=7 * k) for k in range(52 * annees)]
    Bulletin.objects.bulk_create(
        Bulletin(
            conseil=conseil,
            periodicite=periodicite,
            debut=d,
            faits={},
            version_catalogue=0,
            publie_le=timezone.make_aware(datetime(d.year, d.month, d.day, 12)),
        )
        for periodicite, jours in (("mois", mois), ("semaine", semaines))
        for d in jours
    )


__all__ = ["DEPUIS", "dix_ans"]
