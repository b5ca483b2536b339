"""Ten years of a council's life, written in bulk: 500 séances, 5,000 decisions, 2,000 people, seeded."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

SEANCES, DECISIONS, PERSONNES, MEMBRES = 500, 5_000, 2_000, 25
_NOMS = ("Martin", "Bernard", "Petit", "Robert", "Durand", "Dubois", "Moreau", "Laurent", "Michel", "Leroy")
_PRENOMS = ("Camille", "Dominique", "Claude", "Alix", "Sacha", "Charlie", "Andrea", "Yaël", "Noa", "Maé")
_MOTS = (
    *("éclairage", "médiation", "hall", "parking", "collège", "square", "navette", "vidéoprotection"),
    *("convention", "charte", "travaux", "patrouille", "signalement", "prévention", "accueil"),
    *("permanence", "atelier", "sport", "lycée", "commerce", "marché", "gare"),
)
_FORMATIONS = (
    ("pleniere", "Plénière"),
    ("restreinte", "Restreinte"),
    ("thematique", "Tranquillité publique"),
    ("thematique", "Transports"),
    ("thematique", "Réussite éducative"),
    ("territoriale", "Quartier nord"),
    ("veille", "Cellule de veille"),
    ("gpo", "Groupe de partenariat"),
)


def vivre(conseil, organisations, *, graine: int = 1, jour: datetime | None = None, part: int = 1) -> None:
    """Fill that council. Written by `bulk_create`: the shape of ten years, not the path by which they came.

    `part`: how many times fewer séances, decisions and people than in ten busy years.
    """
    from pupitre.annuaire.models import Fonction, Personne
    from pupitre.conseils.models import (
        CompteRendu,
        Convocation,
        Decision,
        EvenementCompteRendu,
        EvenementDecision,
        EvenementSeance,
        Formation,
        Membre,
        PointOrdreDuJour,
        Preparatif,
        Seance,
    )
    from pupitre.socle.texte import cle_de_recherche

    hasard = random.Random(graine)
    nombre_de_seances, nombre_de_decisions = SEANCES // part, DECISIONS // part
    fin = jour or timezone.now()
    debut = fin - timedelta(days=3650)

    def phrase(n: int) -> str:
        return " ".join(hasard.choice(_MOTS) for _ in range(n)).capitalize()

    gens = Personne.objects.bulk_create(
        Personne(
            conseil=conseil,
            nom=(nom := f"{hasard.choice(_NOMS)}-{hasard.choice(_NOMS)}"),
            prenom=(prenom := hasard.choice(_PRENOMS)),
            cle=cle_de_recherche(f"{nom} {prenom}"),
            email=f"personne{i}@exemple.fr",
        )
        for i in range(PERSONNES // part)
    )
    Fonction.objects.bulk_create(
        Fonction(
            conseil=conseil,
            personne=p,
            organisation=hasard.choice(organisations),
            intitule=phrase(2),
            debut=(debut + timedelta(days=hasard.randrange(3000))).date(),
        )
        for p in gens
    )
    formations = Formation.objects.bulk_create(
        Formation(
            conseil=conseil,
            nature=nature,
            nom=nom,
            slug=f"dix-ans-{i}",
            debut=debut.date(),
            objectifs=phrase(6),
        )
        for i, (nature, nom) in enumerate(_FORMATIONS)
    )
    membres = Membre.objects.bulk_create(
        Membre(
            formation=f,
            personne=p,
            organisation=hasard.choice(organisations),
            titre="designe",
            qualite="membre",
            debut=debut.date(),
            accueilli_le=debut.date(),
        )
        for f in formations
        for p in hasard.sample(gens, MEMBRES)
    )
    par_formation = {f.pk: [m for m in membres if m.formation_id == f.pk] for f in formations}
    seances = Seance.objects.bulk_create(
        Seance(
            formation=formations[i % len(formations)],
            objet=phrase(3),
            debut=debut + timedelta(days=3650 * i / nombre_de_seances + 10),
            lieu="Salle du conseil",
        )
        for i in range(nombre_de_seances)
    )
    tenues = [s for s in seances if s.debut < fin]
    EvenementSeance.objects.bulk_create(
        EvenementSeance(seance=s, etat=etat, le=s.debut)
        for s in seances
        for etat in (("preparation", "convoquee", "ouverte", "tenue") if s.debut < fin else ("preparation",))
    )
    points = PointOrdreDuJour.objects.bulk_create(
        PointOrdreDuJour(
            id=UUID(int=hasard.getrandbits(128)), seance=s, rang=r, titre=phrase(4), presentation=phrase(20)
        )
        for s in seances
        for r in range(1, 7)
    )
    Preparatif.objects.bulk_create(
        Preparatif(
            seance=s, libelle=phrase(4), echeance=s.debut.date(), fait_le=s.debut if s.debut < fin else None
        )
        for s in seances
        for _ in range(8)
    )
    Convocation.objects.bulk_create(
        Convocation(
            seance=s,
            personne=m.personne,
            membre=m,
            organisation=m.organisation,
            envoyee_le=s.debut if s.debut < fin else None,
            reponse="present",
            repondu_le=s.debut if s.debut < fin else None,
            present=True if s.debut < fin else None,
        )
        for s in seances
        for m in par_formation[s.formation_id]
    )
    ecrits = CompteRendu.objects.bulk_create(
        CompteRendu(
            seance=s,
            numero=f"{s.debut.year}-{i + 1:03}",
            sha256="0" * 64,
            contenu={
                "titre": s.objet,
                "formation": str(s.formation),
                "quand": f"le {s.debut:%d/%m/%Y}",
                "points": [{"titre": phrase(4), "texte": phrase(60), "decisions": []} for _ in range(6)],
            },
        )
        for i, s in enumerate(tenues[:-2])
    )
    EvenementCompteRendu.objects.bulk_create(
        EvenementCompteRendu(compte_rendu=c, etat=etat, le=c.seance.debut)
        for c in ecrits
        for etat in ("brouillon", "soumis", "valide", "diffuse", "verrouille")
    )
    par_seance: dict[int, list] = {}
    for p in points:
        par_seance.setdefault(p.seance_id, []).append(p)
    # numbers that a council already has are left to it
    rangs: dict[int, int] = dict(conseil.decisions.values_list("annee").annotate(m=Max("rang")).order_by())
    decisions = []
    for i in range(nombre_de_decisions):
        s = tenues[i * len(tenues) // nombre_de_decisions]
        rangs[s.debut.year] = rangs.get(s.debut.year, 0) + 1
        m = hasard.choice(par_formation[s.formation_id])
        texte, limite = phrase(9), (s.debut + timedelta(days=60)).date()
        decisions.append(
            Decision(
                conseil=conseil,
                annee=s.debut.year,
                rang=rangs[s.debut.year],
                prise_le=s.debut.date(),
                texte=texte,
                cle=cle_de_recherche(texte),
                formation_id=s.formation_id,
                seance=s,
                point=hasard.choice(par_seance[s.pk]),
                responsable=m.personne,
                organisation=m.organisation,
                echeance=limite,
                premiere_echeance=limite,
            )
        )
    Decision.objects.bulk_create(decisions)
    EvenementDecision.objects.bulk_create(
        EvenementDecision(
            decision=d,
            etat=etat,
            le=d.seance.debut + timedelta(days=n * 40),
            nom="Services",
            echeance=None if n else d.echeance,
        )
        for d in decisions
        for n, etat in enumerate(
            ("a_faire",) if hasard.random() < 0.06 else ("a_faire", "en_partie", "faite")
        )
    )
