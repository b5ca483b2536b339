"""Three years of the council's work: séances held, decisions taken and followed, what is being prepared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from pupitre.cli.demonstration.formations import DEPUIS, PERSONNES
from pupitre.cli.demonstration.hasard import generateur
from pupitre.cli.demonstration.seances_recit import LIEUX, NOUVELLES, SUJETS, Sujet
from pupitre.socle import horloge

ISSUES, POIDS = ("faite", "faite_tard", "en_partie", "bloquee", "abandonnee"), (0.62, 0.18, 0.08, 0.07, 0.05)
PREMIERE = date(2023, 11, 6)
HEURES = {"pleniere": 14, "restreinte": 9, "veille": 11}


def tenir(conseil, auteurs: Mapping[str, Any]) -> None:
    """Everything that took place until today, then the restricted formation that is called and the next plenary."""
    fiches = _fiches(conseil)
    aujourdhui = horloge.aujourdhui()
    passees = sorted(
        (jour, formation.pk, rang, formation)
        for formation in conseil.formations.all()
        for rang, jour in enumerate(_jours(formation, aujourdhui))
    )
    for jour, _, rang, formation in passees:
        _tenue(formation, jour, rang, fiches, auteurs)
    _a_venir(conseil, fiches, auteurs, aujourdhui)


def _fiches(conseil) -> dict:
    cartes = {(p.prenom, p.nom): p for p in conseil.personnes.filter(fusionnee_dans=None)}
    return {q.cle: cartes[q.prenom, q.nom] for q in PERSONNES if (q.prenom, q.nom) in cartes}


def _jours(formation, aujourdhui: date) -> Iterator[date]:
    """Its rhythm, on working days; none in August."""
    mois = formation.rythme_mois or 12
    decalage = formation.pk % 4
    jour = PREMIERE + timedelta(weeks=decalage, days=formation.pk % 5)
    while jour < aujourdhui - timedelta(days=3):
        if jour.month != 8 and jour >= DEPUIS:
            yield jour
        suivant = jour + timedelta(days=round(30.4 * mois))
        jour = suivant + timedelta(days=(7 - suivant.weekday()) if suivant.weekday() > 4 else 0)


def _debut(formation, jour: date) -> datetime:
    heure = HEURES.get(formation.nature, 14)
    return timezone.make_aware(datetime(jour.year, jour.month, jour.day, heure))


def _sujets(formation, rang: int) -> tuple[Sujet, ...]:
    tous = SUJETS.get(formation.nom, ())
    if formation.nature != "restreinte":
        return tous
    return (tous[0], *(tous[1 + (2 * rang + i) % (len(tous) - 1)] for i in range(2)))


def _tenue(formation, jour: date, rang: int, fiches: dict, auteurs) -> None:
    from pupitre.conseils.etats import EtatSeance
    from pupitre.conseils.models import Convocation, NoteSeance, Preparatif
    from pupitre.conseils.seances import convocations, passages, services

    hasard = generateur("seance", formation.slug, rang)
    debut = _debut(formation, jour)
    qui = auteurs["coordination"]
    with horloge.figee(jour - timedelta(days=24)):
        seance = services.creer(
            formation=formation,
            debut=debut,
            duree=120,
            lieu=LIEUX[rang % len(LIEUX)],
            auteur=qui,
            fictive=True,
        )
        sujets = _sujets(formation, rang)
        points = _points(seance, sujets, fiches)
        convocations.dresser(seance=seance)
        passages.passer(seance, EtatSeance.CONVOQUEE, auteur=qui)
    appels = list(Convocation.objects.filter(seance=seance))
    for appel in appels:
        venu = hasard.random() < 0.84
        appel.envoyee_le = debut - timedelta(days=22)
        appel.repondu_le = debut - timedelta(days=9)
        appel.reponse = Convocation.Reponse.PRESENT if venu else Convocation.Reponse.ABSENT
        appel.present = venu
    Convocation.objects.bulk_update(appels, ["envoyee_le", "repondu_le", "reponse", "present"])
    Preparatif.objects.filter(seance=seance).update(fait_le=debut - timedelta(days=2), fait_par=qui)
    with horloge.figee(debut):
        passages.passer(seance, EtatSeance.OUVERTE, auteur=qui)
        NoteSeance.objects.bulk_create(
            NoteSeance(seance=seance, point=p, texte=s.note, modifiee_le=debut, auteur=qui)
            for s, p in zip(sujets, points, strict=True)
        )
        prises = [
            _decision(formation, seance, s, p, jour, fiches, qui)
            for s, p in zip(sujets, points, strict=True)
            if s.decision and hasard.random() < 0.8
        ]
    with horloge.figee(debut + timedelta(hours=2)):
        passages.passer(seance, EtatSeance.TENUE, auteur=qui)
    for decision in prises:
        _suivre(decision, hasard)


def _points(seance, sujets, fiches: dict) -> list:
    from pupitre.conseils.models import PointOrdreDuJour

    premier = seance.points.count()
    return PointOrdreDuJour.objects.bulk_create(
        PointOrdreDuJour(
            seance=seance,
            rang=premier + i + 1,
            titre=s.titre,
            theme=s.theme,
            rapporteur=_tenant(fiches, s.qui, horloge.jour_de(seance.debut)),
            duree=s.minutes,
        )
        for i, s in enumerate(sujets)
    )


def _tenant(fiches: dict, cle: str, jour: date):
    """Who held that post on that day: the one before the change, or after."""
    avant = next((q for q in PERSONNES if q.cle == f"{cle}_avant"), None)
    if avant is not None and avant.jusqu_au is not None and jour <= avant.jusqu_au:
        return fiches.get(avant.cle)
    return fiches.get(cle)


def _decision(formation, seance, sujet: Sujet, point, jour: date, fiches: dict, auteur):
    from pupitre.conseils.decisions import services

    return services.prendre(
        formation=formation,
        texte=sujet.decision,
        seance=seance,
        point=point,
        responsable=_tenant(fiches, sujet.responsable, jour),
        echeance=jour + timedelta(days=sujet.jours),
        auteur=auteur,
    )


def _suivre(decision, hasard) -> None:
    """Most are done, some late, some stay: what is told happens before today."""
    from pupitre.conseils.decisions import services

    issue = str(hasard.choice(ISSUES, p=POIDS))
    retard = int(hasard.integers(-20, 0)) if issue != "faite_tard" else int(hasard.integers(8, 70))
    le = max(decision.prise_le + timedelta(days=2), decision.echeance + timedelta(days=retard))
    if le >= horloge.aujourdhui():
        return
    etat = "faite" if issue == "faite_tard" else issue
    textes = NOUVELLES[etat]
    with horloge.figee(le):
        services.suivre(
            decision=decision,
            etat=etat,
            texte=textes[int(hasard.integers(len(textes)))],
            nom=str(decision.responsable or ""),
        )
    age = (horloge.aujourdhui() - le).days
    if etat in ("en_partie", "bloquee") and age > 150:
        with horloge.figee(le + timedelta(days=100)):
            services.suivre(
                decision=decision, etat="faite", texte="Achevé.", nom=str(decision.responsable or "")
            )


def _a_venir(conseil, fiches: dict, auteurs, aujourdhui: date) -> None:
    from pupitre.conseils.models import Convocation
    from pupitre.conseils.seances import convocations, dates, dossier, services

    qui = auteurs["coordination"]
    restreinte = conseil.formations.get(nature="restreinte")
    seance = services.creer(
        formation=restreinte,
        debut=_debut(restreinte, _ouvre(aujourdhui + timedelta(days=9))),
        lieu=LIEUX[0],
        auteur=qui,
        fictive=True,
    )
    points = _points(seance, _sujets(restreinte, 0), fiches)
    dossier.figer(point=points[0])
    dossier.ecrire(
        point=points[0],
        actions="Bulletin mensuel diffusé aux maires.\nDemande de détail adressée aux bailleurs.",
        elements="Remercier les partenaires qui livrent à temps.\nDire ce que les chiffres ne disent pas.",
    )
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance, auteur=qui)
    for appel in list(Convocation.objects.filter(seance=seance))[::2]:
        convocations.repondre(convocation=appel, reponse=Convocation.Reponse.PRESENT)
    pleniere = conseil.formations.get(nature="pleniere")
    grande = services.creer(
        formation=pleniere,
        debut=_debut(pleniere, _ouvre(aujourdhui + timedelta(days=38))),
        duree=150,
        lieu=LIEUX[0],
        auteur=qui,
        fictive=True,
    )
    _points(grande, SUJETS[pleniere.nom], fiches)
    groupe = conseil.formations.filter(nature="thematique").order_by("pk").first()
    a_fixer = services.creer(formation=groupe, lieu=LIEUX[1], auteur=qui, fictive=True)
    dates.proposer(
        seance=a_fixer,
        debuts=[_debut(groupe, _ouvre(aujourdhui + timedelta(days=n))) for n in (15, 18, 23)],
        auteur=qui,
    )


def _ouvre(jour: date) -> date:
    """That day, or the Monday after."""
    return jour + timedelta(days=(7 - jour.weekday()) if jour.weekday() > 4 else 0)
