"""Partners propose items by a personal link; the team keeps them or says why not."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.annuaire.models import Personne
from pupitre.conseils.models import Formation, PointOrdreDuJour, Seance
from pupitre.conseils.seances import papiers, passages, reglages
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.selectors import jour_de, membres_le
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.donnees_personnelles import avertissement, indices

PROPOSER = "proposer-point"
JOURS = 30
GESTES = 5


@transaction.atomic
def solliciter(*, seance: Seance, auteur=None) -> int:
    """Ask every member what should be discussed. How many were written to.

    Raises GesteRefuse when the séance is not prepared any more.
    """
    passages.exiger_preparable(seance)
    gens = {m.personne_id: m.personne for m in membres_le(seance.formation, jour_de(seance))}
    return sum(_solliciter(seance, p, auteur) for p in gens.values() if p.email)


def _solliciter(seance: Seance, personne: Personne, auteur) -> int:
    conseil = seance.formation.conseil
    objet = f"{seance.pk}:{personne.pk}"
    if LienActe.objects.filter(acte=PROPOSER, objet=objet, revoque_le__isnull=True).exists():
        return 0
    lien = actes.creer(
        acte=PROPOSER,
        objet=objet,
        conseil=conseil,
        nom=str(personne),
        email=personne.email,
        jours=JOURS,
        gestes_max=GESTES,
        auteur=auteur,
    )
    _, nouveau = poster(
        Lettre(
            objet=f"Que mettre à l’ordre du jour\u202f? {seance.objet or seance.formation}",
            paragraphes=(
                f"La séance de «\u202f{seance.formation}\u202f» se tient {papiers.quand(seance)}. "
                "Proposez un point\u202f: l’équipe vous dira s’il est retenu.",
            ),
            bouton=Bouton(
                "Proposer un point", adresse_complete(reverse("proposer-point", args=[actes.jeton(lien)]))
            ),
            pied="Ce lien est personnel\u202f: il ne sert qu’à proposer des points pour cette séance.",
        ),
        cle=f"points:{seance.pk}:{lien.pk}",
        destinataire=personne.email,
        nom=str(personne),
        categorie="ordre-du-jour",
        perimetre=conseil.slug,
        expediteur=str(conseil),
        repondre_a=reglages.reglage(conseil).repondre_a,
    )
    return int(nouveau)


@transaction.atomic
def proposer(
    *,
    seance: Seance,
    titre: str,
    presentation: str = "",
    duree: int = 10,
    propose_par: str,
    propose_email: str = "",
    lien: LienActe | None = None,
) -> PointOrdreDuJour:
    """A proposal waits for the team: nothing enters the agenda by itself.

    Raises:
        GesteRefuse: the séance is not prepared any more, or somebody seems to be named where nobody may be.
    """
    passages.exiger_preparable(seance)
    if seance.formation.regime == Formation.Regime.SANS_NOMINATIF:
        trouves = indices(f"{titre}\n{presentation}", [propose_par])
        if trouves:
            raise GesteRefuse(
                avertissement(trouves),
                "Aucune situation individuelle n’est évoquée dans cette formation.",
                "Écrivez le point sans désigner personne.",
            )
    if lien is not None:
        actes.accomplir(lien, titre)
    point = PointOrdreDuJour(
        seance=seance,
        rang=_dernier_rang(seance) + 1,
        titre=titre.strip(),
        presentation=presentation.strip(),
        duree=duree,
        propose_par=propose_par[:160],
        propose_email=propose_email,
        retenu=None,
    )
    point.full_clean()
    point.save()
    return point


def en_attente(seance: Seance):
    return PointOrdreDuJour.objects.filter(seance=seance, retenu__isnull=True).order_by("cree_le")


def _dernier_rang(seance: Seance) -> int:
    return PointOrdreDuJour.objects.filter(seance=seance).aggregate(m=Max("rang"))["m"] or 0


@transaction.atomic
def trancher(*, point: PointOrdreDuJour, retenu: bool, raison: str = "") -> None:
    """Keep it at the end of the agenda, or refuse it with a reason; who proposed it is told.

    Raises:
        GesteRefuse: decided already, or refused without a reason.
    """
    seance = Seance.objects.select_for_update(of=("self",)).get(pk=point.seance_id)
    passages.exiger_preparable(seance)
    tenu = PointOrdreDuJour.objects.get(pk=point.pk)
    if tenu.retenu is not None:
        raise GesteRefuse(
            "Ce point a déjà sa réponse.", "Quelqu’un l’a donnée entre-temps.", "Rouvrez l’ordre du jour."
        )
    if not retenu and not raison.strip():
        raise GesteRefuse(
            "Le point n’est pas refusé.", "Qui l’a proposé lira la raison.", "Écrivez-la en quelques mots."
        )
    tenu.retenu, tenu.raison = retenu, "" if retenu else raison.strip()
    tenu.rang = _dernier_rang(seance) + 1
    tenu.full_clean()
    tenu.save()
    if retenu:
        seance.version += 1
        seance.save(update_fields=["version"])
    _repondre(seance, tenu)


def _repondre(seance: Seance, point: PointOrdreDuJour) -> None:
    if not point.propose_email:
        return
    conseil = seance.formation.conseil
    suite = (
        f"Il est inscrit à l’ordre du jour de la séance, {papiers.quand(seance)}."
        if point.retenu
        else f"Il n’est pas retenu pour cette séance\u202f: {point.raison}"
    )
    poster(
        Lettre(
            objet=f"Votre point «\u202f{point.titre[:80]}\u202f»",
            paragraphes=(f"Vous avez proposé «\u202f{point.titre}\u202f».", suite),
            pied="Vous recevez ce message parce que vous avez proposé ce point.",
        ),
        cle=f"point:{point.pk}",
        destinataire=point.propose_email,
        nom=point.propose_par,
        categorie="ordre-du-jour",
        perimetre=conseil.slug,
        expediteur=str(conseil),
        repondre_a=reglages.reglage(conseil).repondre_a,
    )
