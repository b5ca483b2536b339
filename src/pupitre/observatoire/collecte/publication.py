"""Publishing: what becomes visible, and what it takes the place of, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from pupitre.moteur.observations import Gravite
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte import douteuses, gabarits, renvoi
from pupitre.observatoire.collecte.couverture import Case, Couverture
from pupitre.observatoire.collecte.journal import PublicationRefusee, fermee, inscrire
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Livraison, Retrait
from pupitre.observatoire.selectors import Correction, corrections, etat_de, retraits_de
from pupitre.socle.texte import guillemets, nombre, pluriel


def publier(*, livraison: Livraison, auteur=None, malgre_la_baisse: bool = True) -> Livraison:
    """Make a checked delivery visible, in the place of what it says again.

    Args:
        malgre_la_baisse: publish even though it takes away most of what it corrects.
    Raises:
        PublicationRefusee: blocking anomalies, nothing kept, closed, or a fall that nobody confirmed.
    """
    if not malgre_la_baisse and (baisse := renvoi.baisse(livraison)):
        raise PublicationRefusee(
            f"{guillemets(livraison.nom)} retirerait l’essentiel de ce qu’il corrige.",
            baisse,
            "Si c’est voulu, cochez la case qui le confirme\u202f; sinon, demandez un fichier complet au partenaire.",
        )
    publier_ensemble(livraisons=[livraison], auteur=auteur)
    return livraison


def publier_ensemble(*, livraisons: Iterable[Livraison], auteur=None) -> None:
    """Publish several deliveries of one council as one new visible state (one compaction).

    Later deliveries of the list take the place of what earlier ones say of the same periods and places.
    """
    livraisons = list(livraisons)
    if not livraisons:
        return
    conseil = livraisons[0].source.conseil
    if any(li.source.conseil_id != conseil.pk for li in livraisons):
        raise ValueError("une publication porte sur un conseil")
    for _ in range(5):
        try:
            _publier(conseil, livraisons, auteur)
        except catalogue.PublicationConcurrente:
            continue
        return
    raise PublicationRefusee(
        "La publication n’a pas abouti.",
        "D’autres publications du même conseil se sont succédé pendant ce temps.",
        "Attendez une minute et publiez à nouveau\u202f: rien n’a été perdu.",
    )


@dataclass(frozen=True)
class _Plan:
    """What will be visible, and the corrections that lead to it, in order."""

    visibles: dict[object, Livraison]
    retraits: dict[object, set[Case]]
    corrections: list[tuple[Livraison, Correction]]


def _planifier(conseil, livraisons: list[Livraison]) -> _Plan:
    visibles = {
        li.pk: li
        for li in Livraison.objects.publiees().filter(source__conseil=conseil).select_related("source")
    }
    retraits = retraits_de(visibles.values())
    faites: list[tuple[Livraison, Correction]] = []
    for livraison in livraisons:
        _publiable(livraison)
        for correction in corrections(livraison, list(visibles.values()), retraits):
            faites.append((livraison, correction))
            if correction.entiere:
                del visibles[correction.ancienne.pk]
            else:
                retraits.setdefault(correction.ancienne.pk, set()).update(correction.cases)
        visibles[livraison.pk] = livraison
    return _Plan(visibles, retraits, faites)


def _publier(conseil, livraisons: list[Livraison], auteur) -> None:
    plan = _planifier(conseil, livraisons)
    vue, manifeste = catalogue.compacter(conseil, plan.visibles.values(), plan.retraits)
    changees = _changees(plan)
    with transaction.atomic():
        version = catalogue.rendre_visible(conseil, vue, manifeste, plan.visibles.values(), plan.retraits)
        for livraison in livraisons:
            _inchangee(livraison)
            gabarits.retenir_la_lecture(livraison=livraison, auteur=auteur)
            inscrire(livraison, Etat.PUBLIEE, auteur=auteur, details={"version": version})
            douteuses.oublier_les_textes(livraison=livraison)
        for par, correction in plan.corrections:
            _retirer(par, correction, changees[par.pk], auteur)


def _changees(plan: _Plan) -> dict[object, set[tuple[str, str]]]:
    """By correcting delivery, the periods whose figures change: read from sealed files, before the transaction."""
    siennes: dict[object, list[Correction]] = {}
    par_cle = {par.pk: par for par, _ in plan.corrections}
    for par, correction in plan.corrections:
        siennes.setdefault(par.pk, []).append(correction)
    return {cle: renvoi.periodes_changees(par_cle[cle], lot) for cle, lot in siennes.items()}


def _retirer(par: Livraison, correction: Correction, changees: set[tuple[str, str]], auteur) -> None:
    """Keep what the former delivery lost, to whom; close it when nothing of it is left."""
    ancienne = correction.ancienne
    periodes = sorted({(g, d) for g, d, _ in correction.cases})
    Retrait.objects.create(
        livraison=ancienne,
        par=par,
        cases=Couverture(frozenset(correction.cases)).en_json(),
        periodes=[[*p, p in changees] for p in periodes],
    )
    if correction.entiere:
        inscrire(ancienne, Etat.REMPLACEE, auteur=auteur, raison=f"Remplacée par {guillemets(par.nom)}.")
        ancienne.remplacee_par = par
        ancienne.save(update_fields=["remplacee_par"])
        return
    inscrire(
        ancienne,
        Etat.PUBLIEE,
        auteur=auteur,
        raison=f"Corrigée en partie par {guillemets(par.nom)}\u202f: {pluriel(len(periodes), 'période')}. Le reste "
        "vaut toujours.",
        details={"corrigee_par": str(par.pk)},
    )


def _inchangee(livraison: Livraison) -> None:
    lecture = Livraison.objects.values_list("lecture", flat=True).get(pk=livraison.pk)
    if lecture.get("scelle") != livraison.lecture.get("scelle"):
        livraison.lecture = lecture
        raise catalogue.PublicationConcurrente


def _publiable(livraison: Livraison) -> None:
    if etat_de(livraison) != Etat.CONTROLEE:
        raise fermee(livraison)
    bloquantes = livraison.anomalies.filter(gravite=Gravite.BLOQUANTE)
    if n := bloquantes.count():
        raise PublicationRefusee(
            f"{guillemets(livraison.nom)} n’est pas publiable en l’état.",
            f"{nombre(n)} anomalie(s) empêchent de s’y fier, dont celle-ci\u202f: {bloquantes[0].message}",
            "Corrigez le fichier avec le partenaire et déposez-le à nouveau, ou rejetez cette livraison.",
        )
