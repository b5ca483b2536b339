"""Five lines that an elected official reads on a telephone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.conseils.decisions import execution
from pupitre.conseils.decisions.selectors import decisions_visibles
from pupitre.conseils.models import Convocation, Seance
from pupitre.conseils.seances import papiers
from pupitre.observatoire.attentes import dernier_bulletin
from pupitre.observatoire.chiffres.tableau import Tableau
from pupitre.socle.gestes import Temps
from pupitre.socle.texte import date_longue, en_lettres, enumeration, pluriel
from pupitre.territoires.models import Conseil


@dataclass(frozen=True, slots=True)
class Ligne:
    """`titre`: what it is about, in a word or two. An empty `adresse_nom` leads nowhere."""

    titre: str
    phrase: str
    adresse_nom: str = ""
    arguments: dict[str, str] | None = None
    ton: str = ""
    bouton: str = "Ouvrir"


def cinq_lignes(
    utilisateur,
    conseil: Conseil,
    temps: tuple[Temps, ...],
    seances: Iterable[Seance],
    territoire: Tableau | None,
) -> list[Ligne]:
    """What waits, the next séance, the decisions, the territory, the last bulletin: each if one may read it."""
    lignes = [_attente(temps)]
    if peut(utilisateur, Droit.VOIR_CONSEIL, conseil):
        lignes += [_seance(conseil, seances), _decisions(utilisateur, conseil)]
    if territoire is not None:
        lignes.append(_territoire(conseil, territoire))
    if peut(utilisateur, Droit.LIRE_BULLETIN, conseil):
        lignes.append(_bulletin(conseil))
    return lignes


def _attente(temps: tuple[Temps, ...]) -> Ligne:
    gestes = [g for t in temps for g in t.gestes]
    if not gestes:
        return Ligne("Vous attend", "Rien n’attend votre réponse ni votre signature.", ton="bien")
    premier = gestes[0]
    reste = len(gestes) - 1
    suite = f", et {pluriel(reste, 'autre geste', 'autres gestes')}" if reste else ""
    return Ligne(
        "Vous attend",
        f"{premier.titre}{suite}.",
        premier.adresse_nom,
        premier.arguments,
        "alerte" if premier.en_retard else "veille",
        premier.bouton,
    )


_REPONSES = {
    Convocation.Reponse.ATTENDUE: " Votre réponse est attendue.",
    Convocation.Reponse.PRESENT: " Vous avez répondu que vous serez présent.",
    Convocation.Reponse.SUPPLEE: " Vous serez suppléé.",
    Convocation.Reponse.ABSENT: " Vous serez excusé.",
}


def _seance(conseil: Conseil, seances: Iterable[Seance]) -> Ligne:
    suivante = next((s for s in seances if s.debut is not None), None)
    if suivante is None:
        return Ligne("Prochaine séance", "Aucune n’est fixée.", "seances", {"conseil": conseil.slug})
    appel = getattr(suivante, "appel", None)
    lieu = f", {suivante.lieu}" if suivante.lieu else ""
    reponse = _REPONSES[Convocation.Reponse(appel.reponse)] if appel else ""
    return Ligne(
        "Prochaine séance",
        f"{suivante.objet or suivante.formation}, {papiers.quand(suivante)}{lieu}.{reponse}",
        "seance",
        {"conseil": conseil.slug, "seance": str(suivante.pk)},
        "veille" if appel and appel.reponse == Convocation.Reponse.ATTENDUE else "",
    )


def _decisions(utilisateur, conseil: Conseil) -> Ligne:
    bilan = execution.bilan(decisions_visibles(utilisateur, conseil))
    if not bilan.ouvertes:
        phrase = "Aucune n’est en cours."
    else:
        phrase = f"{pluriel(bilan.ouvertes, 'décision')} en cours"
        combien = "une" if bilan.retard == 1 else en_lettres(bilan.retard)
        phrase += f", dont {combien} en retard." if bilan.retard else ", aucune en retard."
    ton = "alerte" if bilan.retard else ""
    return Ligne("Décisions", phrase, "decisions", {"conseil": conseil.slug}, ton)


def _territoire(conseil: Conseil, territoire: Tableau) -> Ligne:
    return Ligne("Le territoire", phrase_du_territoire(territoire), "tableau", {"conseil": conseil.slug})


def phrase_du_territoire(territoire: Tableau) -> str:
    """What, among the figures followed, is more than chance; and if nothing is, that sentence."""
    if not territoire.chiffres or territoire.periode is None:
        return "Aucun chiffre n’est encore publié."
    quand = territoire.periode.libelle
    lus = [c for c in territoire.chiffres if c.sens != "absent"]
    if not lus:
        return f"Pour {quand}, aucun des chiffres suivis n’est arrivé."
    mots = []
    for sens, verbe in (("hausse", "en hausse"), ("baisse", "en baisse")):
        noms = [_minuscule(c.nom) + (f" ({c.lieu})" if c.lieu else "") for c in lus if c.sens == sens]
        if noms:
            mots.append(f"{enumeration(noms)} {verbe}")
    if not mots:
        return f"En {quand}, pas d’évolution significative {_combien(len(lus))}."
    return f"En {quand}, au-delà du hasard\u202f: {enumeration(mots)}. Rien d’autre ne se distingue."


def _combien(n: int) -> str:
    return "du chiffre arrivé" if n == 1 else f"parmi les {en_lettres(n)} chiffres arrivés"


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


def _bulletin(conseil: Conseil) -> Ligne:
    bulletin = dernier_bulletin(conseil)
    if bulletin is None:
        return Ligne("Bulletin", "Aucun n’est encore publié.")
    return Ligne(
        "Bulletin",
        f"{bulletin.titre}, diffusé le {date_longue(bulletin.publie_le)}.",
        "bulletin",
        {"conseil": conseil.slug, "pk": str(bulletin.pk)},
        bouton="Lire",
    )
