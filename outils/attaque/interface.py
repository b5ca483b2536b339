"""Collecting what a reader obtains from the API: a token of each of its organisations, every call, every filter.

An attacker guesses nothing: the keys of natures and places are those that the page's addresses write, and that a
refusal of the API lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.test import Client

from outils.attaque.parcours import Prise
from outils.attaque.savoir import Savoir, SourceConnue
from pupitre.acces import jetons
from pupitre.acces.droits import Role
from pupitre.acces.models import COMMUNAUX, JetonApi, Organisation
from pupitre.acces.selectors import habilitations_de
from pupitre.moteur.mesures import Pas
from pupitre.socle import horloge

RACINE = "/api/v1"
_DE_L_ETAT = {Organisation.Nature.PREFECTURE, Organisation.Nature.SOUS_PREFECTURE, Organisation.Nature.ETAT}
_DE_LA_VILLE = {
    Organisation.Nature.MAIRIE,
    Organisation.Nature.POLICE_MUNICIPALE,
    Organisation.Nature.CCAS,
}
_LIVRAISON = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TROP = 429
Etendues = Callable[[SourceConnue], list[tuple[date, date]]]


def organisations_de(compte, conseil) -> list[Organisation]:
    """Those whose software that reader may plug in: a partner's own, a mayor's city, the services of the State.

    A token asks for a source in the council (`web.jetons`): others around the table hold none.
    """
    autour = list(conseil.organisations.filter(sources__conseil=conseil).distinct().order_by("pk"))
    trouvees: dict[int, Organisation] = {}
    for h in habilitations_de(compte):
        for o in autour:
            if (
                (h.role == Role.PARTENAIRE and h.conseil_id == conseil.pk and o.pk == h.organisation_id)
                or (h.role == Role.PREFECTURE and o.nature in _DE_L_ETAT)
                or (h.role in COMMUNAUX and h.commune is not None and _de_la_commune(o, h.commune.nom))
            ):
                trouvees[o.pk] = o
    return list(trouvees.values())


def _de_la_commune(organisation: Organisation, commune: str) -> bool:
    return organisation.nature in _DE_LA_VILLE and commune.lower() in organisation.nom.lower()


def appelants(conseil, compte) -> list[Appelant]:
    return [Appelant.nouveau(conseil, o) for o in organisations_de(compte, conseil)]


@dataclass
class Appelant:
    """A program with one token. It waits for the next hour when it has called too much."""

    jeton: JetonApi
    texte: str
    navigateur: Client = field(default_factory=lambda: Client(SERVER_NAME="localhost"))

    @classmethod
    def nouveau(cls, conseil, organisation: Organisation) -> Appelant:
        demain = horloge.aujourdhui() + timedelta(days=30)
        return cls(
            *jetons.creer(
                conseil=conseil, organisation=organisation, libelle="Attaque", expire_le=demain, lit=True
            )
        )

    def lire(self, chemin: str, **question: str) -> tuple[int, Prise]:
        adresse = f"{RACINE}{chemin}" + (f"?{urlencode(sorted(question.items()))}" if question else "")
        entetes = {"Authorization": f"Bearer {self.texte}"}
        reponse = self.navigateur.get(adresse, headers=entetes)
        if reponse.status_code == _TROP:
            JetonApi.objects.filter(pk=self.jeton.pk).update(fenetre=None)  # the hour has passed
            reponse = self.navigateur.get(adresse, headers=entetes)
        return reponse.status_code, Prise(adresse, "api", reponse.content)


def parcourir(
    appelant: Appelant,
    savoir: Savoir,
    sources: Collection[str] | None,
    livraisons: Collection[str],
    voulues: Etendues,
) -> Iterator[Prise]:
    """Every reading call with every value of its filters; what is refused is not obtained.

    Args:
        sources: those that are asked; None: all.
        livraisons: identifiers met elsewhere: each is asked.
        voulues: periods that are asked of a source.
    """
    code, prise = appelant.lire("/sources")
    if code == 200:
        yield prise
    for identifiant in sorted(livraisons):
        code, prise = appelant.lire(f"/livraisons/{identifiant}")
        if code == 200:
            yield prise
    for connue in savoir.sources.values():
        if sources is None or connue.code in sources:
            yield from _chiffres(appelant, connue, voulues(connue))


def _chiffres(appelant: Appelant, connue: SourceConnue, periodes) -> Iterator[Prise]:
    code, prise = appelant.lire("/chiffres", source=connue.code)
    if code == 200:
        yield prise
    elif "source\u202f" in _refus(prise) or "source «" in _refus(prise):
        return  # every other question about it has the same answer
    for nature in connue.cles:
        for lieu in connue.lieux:
            for debut, fin in periodes:
                code, prise = appelant.lire(
                    "/chiffres",
                    source=connue.code,
                    nature=nature,
                    territoire=lieu,
                    debut=debut.isoformat(),
                    fin=fin.isoformat(),
                )
                if code == 200:
                    yield prise


def _refus(prise: Prise) -> str:
    return json.loads(prise.contenu)["erreur"]["quoi"]


def etendues(connue: SourceConnue) -> list[tuple[date, date]]:
    """The whole, one that begins and ends within a month, one from July to June, the last half-year.

    A source by year has its whole only: nothing of it is divided.
    """
    if connue.pas not in (Pas.MOIS, Pas.TRIMESTRE):
        return [connue.etendue]
    debut, fin = connue.etendue
    dernier = date(fin.year, 7 if fin.month == 12 else 1, 1)
    voulues = [
        (debut, fin),
        (debut + timedelta(days=20), fin - timedelta(days=20)),
        (date(debut.year, 7, 1), date(fin.year, 6, 30)),
        (dernier, fin),
    ]
    return [(d, f) for d, f in voulues if d < f]


def toutes_les_etendues(connue: SourceConnue) -> list[tuple[date, date]]:
    """Besides, each half-year and each year, from January and from July."""
    debut, fin = connue.etendue
    trouvees = etendues(connue)
    for an in range(debut.year, fin.year + 1):
        bornes = (date(an, 1, 1), date(an, 7, 1), date(an + 1, 1, 1), date(an + 1, 7, 1))
        trouvees += [(bornes[d], bornes[f] - timedelta(days=1)) for d, f in ((0, 1), (1, 2), (0, 2), (1, 3))]
    return [(d, f) for d, f in dict.fromkeys(trouvees) if d >= debut.replace(day=1) and f <= fin]


def livraisons_dans(prise: Prise) -> set[str]:
    """Identifiers of deliveries that a page writes."""
    return {trouve.decode() for trouve in _LIVRAISON.findall(prise.contenu)}
