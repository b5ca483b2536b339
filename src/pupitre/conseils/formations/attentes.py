"""What formations ask for: what a verdict finds wrong, newcomers to welcome, charters to sign or review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.conseils.formations import chartes, suivi
from pupitre.conseils.formations.services import NOUVEAU
from pupitre.conseils.formations.suivi import Reunies, Siege
from pupitre.conseils.formations.verdicts import Constat
from pupitre.conseils.formations.verdicts import Geste as Remede
from pupitre.conseils.models import Formation
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.texte import date_longue, enumeration, pluriel
from pupitre.territoires.models import Conseil

MONTRES = 3
# What the gesture on a séance or on its minutes says already is not said twice.
_DITS_AILLEURS = frozenset({"signatures"})


def gestes_equipe(conseil: Conseil) -> list[Geste]:
    """From one reading of the formations of that day."""
    jour = horloge.aujourdhui()
    vivantes = Formation.objects.as_of(jour).filter(conseil=conseil).select_related("conseil", "pilote")
    reunies = suivi.reunir(conseil, vivantes, jour)
    return [*_constats(conseil, reunies), *_signatures(conseil, reunies), *_accueils(conseil, reunies)]


def _constats(conseil: Conseil, reunies: Reunies) -> Iterator[Geste]:
    """Alerts only: the rest is read on the page of formations, when one has the time."""
    trouves = [
        (ligne.formation, constat)
        for ligne in suivi.juger(reunies)
        for constat in ligne.constats
        if constat.gravite == "alerte" and constat.cle not in _DITS_AILLEURS
    ]
    for formation, constat in trouves[:MONTRES]:
        yield Geste(
            "alerte",
            f"{formation}\u202f: {_minuscule(constat.phrase).rstrip('.')}",
            constat.raison,
            "",
            "alerte",
            _BOUTONS[constat.geste],
            *_page(conseil, formation, constat),
        )
    if len(trouves) > MONTRES:
        yield Geste(
            "alerte",
            f"{pluriel(len(trouves) - MONTRES, 'autre constat', 'autres constats')} sur les formations",
            "Composition, pilotage, charte\u202f: la page des formations les explique un à un.",
            "",
            "veille",
            "Voir",
            "formations",
            {"conseil": conseil.slug},
        )


_BOUTONS = {
    Remede.MEMBRES: "Revoir les membres",
    Remede.REGLER: "Régler",
    Remede.CHARTE: "Voir la charte",
    Remede.SEANCE: "Préparer une séance",
}


def _page(conseil: Conseil, formation: Formation, constat: Constat) -> tuple[str, dict[str, str]]:
    if constat.geste == Remede.CHARTE:
        return "textes", {"conseil": conseil.slug}
    if constat.geste == Remede.SEANCE:
        return "seance-creer", {"conseil": conseil.slug}
    return "formation", {"conseil": conseil.slug, "formation": str(formation.pk)}


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


def _signatures(conseil: Conseil, reunies: Reunies) -> Iterator[Geste]:
    charte = reunies.charte
    sous_charte = [
        f for f in reunies.formations if f.regime == Formation.Regime.SOUS_CHARTE and reunies.charte_de(f)
    ]
    lies = {
        assis
        for f in sous_charte
        for siege in reunies.sieges.get(f.pk, ())
        for assis in siege.assis
        if assis.pk not in reunies.signataires
    }
    manquent = sorted(lies)
    if charte is not None and manquent:
        noms = [str(p) for p in manquent[:MONTRES]]
        reste = len(manquent) - len(noms)
        noms += [pluriel(reste, "autre personne", "autres personnes")] if reste else []
        yield Geste(
            "cle",
            f"{pluriel(len(manquent), 'signature')} de la charte à obtenir",
            f"{enumeration(noms)}\u202f: aucune situation individuelle n’est évoquée devant eux d’ici là.",
            "",
            "veille",
            "Demander",
            "texte",
            {"conseil": conseil.slug, "texte": str(charte.pk)},
        )


def _accueils(conseil: Conseil, reunies: Reunies) -> Iterator[Geste]:
    """One line a newcomer, whatever the number of seats."""
    depuis = reunies.jour - timedelta(days=NOUVEAU)
    par_personne: dict[int, list[tuple[Siege, Formation]]] = {}
    for formation in reunies.formations:
        for siege in reunies.sieges.get(formation.pk, ()):
            if siege.accueilli_le is None and siege.debut > depuis and not siege.coordination:
                par_personne.setdefault(siege.personne.pk, []).append((siege, formation))
    gens = list(par_personne.values())
    for siens in gens[:MONTRES]:
        premier = siens[0][0]
        yield Geste(
            "comptes",
            f"Accueillir {premier.personne}",
            f"Siège depuis le {date_longue(premier.debut)}\u202f: {enumeration([str(f) for _, f in siens])}. "
            "Un appel, la charte, le dernier compte rendu.",
            "nouveau membre",
            "",
            "Accueillir",
            "membre-modifier",
            {
                "conseil": conseil.slug,
                "formation": str(premier.formation),
                "membre": str(premier.pk),
            },
        )
    if len(gens) > MONTRES:
        yield Geste(
            "comptes",
            f"{pluriel(len(gens) - MONTRES, 'autre nouveau membre', 'autres nouveaux membres')} à accueillir",
            "La page des formations les nomme.",
            "",
            "",
            "Voir",
            "formations",
            {"conseil": conseil.slug},
        )


def gestes_personnels(utilisateur, conseil: Conseil, fiches: Sequence[int]) -> list[Geste]:
    """A charter that the person was asked to sign, by their own link."""
    charte = chartes.en_vigueur(conseil) if fiches else None
    if charte is None:
        return []
    signees = chartes.signataires(charte)
    liens = LienActe.objects.filter(
        acte=chartes.ACTE,
        objet__in=[f"{charte.pk}:{p}" for p in fiches if p not in signees],
        conseil=conseil,
        revoque_le__isnull=True,
        expire_le__gt=horloge.maintenant(),
    )
    return [
        Geste(
            "cle",
            "Signer la charte déontologique",
            "Sans elle, aucune situation individuelle n’est évoquée en votre présence.",
            "",
            "veille",
            "Lire et signer",
            "charte-signer",
            {"lien": actes.jeton(lien)},
        )
        for lien in liens[:1]
    ]
