"""The minutes of three years: nearly all locked, the last ones each at a step of their circuit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pupitre.socle import horloge

# Days after the séance: drafted, submitted, validated, sent, locked.
REDIGE, SOUMIS, VALIDE, DIFFUSE, VERROUILLE = 2, 3, 6, 7, 23
NOM_DE_TROP = "Le cas de la famille Durand a aussi été cité en fin de point."
REMARQUE = "Le nombre de médiateurs présents le soir est de quatre, et non de trois."


def rediger(conseil, auteurs: Mapping[str, Any]) -> None:
    """Every held séance but the last, in the order of their dates: numbers follow."""
    from pupitre.conseils.etats import EtatSeance
    from pupitre.conseils.models import Seance

    tenues = list(
        Seance.objects.filter(formation__conseil=conseil)
        .filter(etat=EtatSeance.TENUE)
        .select_related("formation__conseil")
        .order_by("debut", "pk")
    )
    aujourdhui = horloge.aujourdhui()
    a_rediger, derniers = tenues[:-1], tenues[-4:-1]
    for seance in a_rediger:
        jour = horloge.jour_de(seance.debut)
        if seance in derniers:
            continue
        _archiver(seance, jour, auteurs, aujourdhui)
    for seance, etape in zip(derniers, (_envoyer, _soumettre, _ecrire), strict=False):
        etape(seance, auteurs)


def _dresser(seance, auteurs):
    from pupitre.conseils.comptes_rendus import redaction

    le = min(horloge.jour_de(seance.debut) + timedelta(days=REDIGE), horloge.aujourdhui())
    with horloge.figee(le):
        return redaction.dresser(seance=seance, auteur=auteurs["coordination"])


def _archiver(seance, jour, auteurs, aujourdhui) -> None:
    """Up to the lock, without the letters of that time; up to the sending when the window is still open."""
    from pupitre.conseils.comptes_rendus import circuit, redaction
    from pupitre.conseils.etats import EtatCompteRendu

    ecrit = _dresser(seance, auteurs)
    etapes = (
        (SOUMIS, EtatCompteRendu.SOUMIS, "coordination"),
        (VALIDE, EtatCompteRendu.VALIDE, "presidence"),
        (DIFFUSE, EtatCompteRendu.DIFFUSE, "coordination"),
    )
    for delai, etat, qui in etapes:
        if jour + timedelta(days=delai) > aujourdhui:
            return
        with horloge.figee(jour + timedelta(days=delai)):
            redaction.passer(ecrit, etat, auteur=auteurs[qui])
    ecrit.remarques_jusqu_au = jour + timedelta(days=DIFFUSE + circuit.FENETRE)
    ecrit.save(update_fields=["remarques_jusqu_au"])
    if jour + timedelta(days=VERROUILLE) <= aujourdhui:
        with horloge.figee(jour + timedelta(days=VERROUILLE)):
            circuit.verrouiller(compte_rendu=ecrit)


def _envoyer(seance, auteurs) -> None:
    """Validated and sent by the real letters; a member has answered."""
    from pupitre.conseils.comptes_rendus import circuit
    from pupitre.conseils.models import Remarque

    ecrit = _dresser(seance, auteurs)
    circuit.soumettre(compte_rendu=ecrit, auteur=auteurs["coordination"])
    circuit.valider(compte_rendu=ecrit, nom=str(auteurs["presidence"]), auteur=auteurs["presidence"])
    circuit.diffuser(compte_rendu=ecrit, auteur=auteurs["coordination"])
    premier = seance.convocations.filter(present=True).select_related("personne").first()
    if premier is not None:
        Remarque.objects.create(compte_rendu=ecrit, personne=premier.personne, texte=REMARQUE)


def _soumettre(seance, auteurs) -> None:
    from pupitre.conseils.comptes_rendus import circuit

    circuit.soumettre(compte_rendu=_dresser(seance, auteurs), auteur=auteurs["coordination"])


def _ecrire(seance, auteurs) -> None:
    """A draft that names a family: the page stops there."""
    from pupitre.conseils.comptes_rendus import redaction

    ecrit = _dresser(seance, auteurs)
    textes = [p["texte"] for p in ecrit.contenu["points"]]
    textes[-1] = f"{textes[-1]}\n\n{NOM_DE_TROP}".strip()
    redaction.ecrire(compte_rendu=ecrit, textes=textes, auteur=auteurs["coordination"])
