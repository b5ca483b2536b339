"""The week by e-mail, on Monday: to who has something to do or somewhere to go, until they say stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pupitre.acces import actes
from pupitre.acces.models import Habilitation, LienActe, Utilisateur
from pupitre.conseils.semaine.selectors import Semaine, lire
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, deja_poste, poster
from pupitre.socle.lecture_seule import lecture_seule
from pupitre.socle.texte import JOURS, date_longue, jour_mois, pluriel
from pupitre.territoires.models import Conseil

ARRET = "semaine-arret"
JOURS_DU_LIEN = 60
# Tuesday is for an installation that was stopped on Monday.
JOURS_D_ENVOI = frozenset({0, 1})
PREMIERE_HEURE = 6
GESTES_ECRITS, PROCHES = 12, 14


def envoyer(jour: date) -> int:
    """One letter a person and a council, once a week. How many."""
    trop_tot = jour == horloge.aujourdhui() and (
        timezone.localtime(horloge.maintenant()).hour < PREMIERE_HEURE
    )
    if jour.weekday() not in JOURS_D_ENVOI or trop_tot:
        return 0
    en_cours = (
        Habilitation.objects.actives(jour)
        .filter(conseil__isnull=False, utilisateur__semaine_par_courriel=True)
        .select_related("utilisateur", "conseil")
        .order_by("conseil", "utilisateur")
    )
    # a person may hold several roles in a council: one letter all the same
    par_conseil: dict[Conseil, dict[Utilisateur, None]] = {}
    for h in en_cours:
        par_conseil.setdefault(h.conseil, {})[h.utilisateur] = None
    return sum(_ecrire(conseil, list(gens), jour) for conseil, gens in par_conseil.items())


def _ecrire(conseil: Conseil, gens: list[Utilisateur], jour: date) -> int:
    """The weeks of a council's people are read together: most of what they hold is the same."""
    lundi = jour - timedelta(days=jour.weekday())
    cles = {u: f"semaine:{lundi:%Y%m%d}:{conseil.pk}:{u.pk}" for u in gens}
    with lecture_seule():
        semaines = [lire(u, conseil) for u in gens if not deja_poste(cles[u], u.email)]
        lettres = [(s.utilisateur, composer(s)) for s in semaines if s.gestes or _prochaines(s)]
    return sum(_poster(conseil, utilisateur, lettre, cles[utilisateur]) for utilisateur, lettre in lettres)


@transaction.atomic
def _poster(conseil: Conseil, utilisateur: Utilisateur, lettre: Lettre, cle: str) -> int:
    _, nouveau = poster(
        replace(lettre, arret=_adresse_d_arret(utilisateur, conseil)),
        cle=cle,
        destinataire=utilisateur.email,
        nom=str(utilisateur),
        categorie="semaine",
        perimetre=conseil.slug,
        expediteur=str(conseil),
    )
    return int(nouveau)


def composer(semaine: Semaine) -> Lettre:
    """The address that stops these letters is written when it leaves."""
    retards = next((len(t.gestes) for t in semaine.temps if t.code == "retard"), 0)
    objet = f"Votre semaine du {jour_mois(semaine.lundi)}\u202f: {pluriel(len(semaine.gestes), 'geste')}"
    gestes = [f"{g.titre} ({g.quand})" if g.quand else g.titre for g in semaine.gestes]
    if len(gestes) > GESTES_ECRITS:
        reste = len(gestes) - GESTES_ECRITS
        gestes = [*gestes[:GESTES_ECRITS], f"et {pluriel(reste, 'autre geste', 'autres gestes')}"]
    return Lettre(
        objet=f"{objet}, dont {retards} en retard" if retards else objet,
        paragraphes=tuple(f"{li.titre}\u202f: {li.phrase}" for li in semaine.lignes) or (semaine.resume,),
        bouton=Bouton(
            "Ouvrir ma semaine", adresse_complete(reverse("accueil_conseil", args=[semaine.conseil.slug]))
        ),
        lignes=tuple(gestes),
        suite=tuple(_prochaines(semaine)),
        pied="Vous recevez cette lettre le lundi, quand quelque chose vous attend.",
    )


def _prochaines(semaine: Semaine) -> list[str]:
    limite = horloge.aujourdhui() + timedelta(days=PROCHES)
    proches = [s for s in semaine.seances if s.debut is not None and horloge.jour_de(s.debut) <= limite]
    return [
        f"{JOURS[timezone.localtime(s.debut).weekday()].capitalize()} {date_longue(horloge.jour_de(s.debut))}, "
        f"{horloge.heure(s.debut)}\u202f: {s.objet or s.formation}{f', {s.lieu}' if s.lieu else ''}."
        for s in proches
    ]


def _adresse_d_arret(utilisateur: Utilisateur, conseil: Conseil) -> str:
    """One living link a person and a council, whose end is pushed back by each letter."""
    lien = LienActe.objects.filter(
        acte=ARRET, objet=str(utilisateur.pk), conseil=conseil, revoque_le__isnull=True
    ).first() or actes.creer(
        acte=ARRET,
        objet=utilisateur.pk,
        conseil=conseil,
        nom=str(utilisateur),
        email=utilisateur.email,
        jours=JOURS_DU_LIEN,
        gestes_max=0,
    )
    actes.prolonger(lien, jours=JOURS_DU_LIEN)
    return adresse_complete(reverse(ARRET, args=[actes.jeton(lien)]))
