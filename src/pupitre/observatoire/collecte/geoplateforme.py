"""Asking the State's geocoder for the addresses that the local extract does not hold. Off unless turned on.

Only the text of one address and the code of its commune are sent: no fact, no date, no name of source. What
comes back is a proposal that a person takes or leaves, and it stays marked as coming from outside.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.observations import PrecisionLieu
from pupitre.observatoire.collecte import douteuses
from pupitre.observatoire.models import AdresseDouteuse, Livraison
from pupitre.territoires.models import Conseil

if TYPE_CHECKING:
    from pupitre.moteur.adresses import Candidat

DELAI = 4.0
PROPOSES = 3
SCORE_MINIMUM = 0.4
# Doubts asked for in one gesture: the person waits for the answer.
DEMANDES_MAX = 40
COMMUNES_MAX = 5
_TAILLE_MAX = 1 << 20
_PRECISIONS = {
    "housenumber": PrecisionLieu.NUMERO,
    "street": PrecisionLieu.VOIE,
    "locality": PrecisionLieu.LIEU,
    "poi": PrecisionLieu.LIEU,
}


class GeoplateformeRefusee(ErreurPupitre):
    """The geocoder may not be asked, or did not answer."""


def est_allumee() -> bool:
    return bool(settings.CONFIGURATION.geoplateforme)


def chercher(texte: str, communes: Collection[str]) -> tuple[Candidat, ...]:
    """Places that the geocoder proposes for a text, within these communes (INSEE codes), best first.

    Raises:
        GeoplateformeRefusee: it is turned off, unreachable, or answers something else than places.
    """
    if not est_allumee():
        raise GeoplateformeRefusee(
            "La Géoplateforme n’est pas interrogée.",
            "L’administrateur de votre installation ne l’a pas allumée\u202f: aucune adresse ne sort.",
            "Choisissez parmi les lieux proposés, ou demandez-lui de régler «\u202fgeoplateforme\u202f».",
        )
    trouves: dict[str, Candidat] = {}
    # Beyond a few communes, one question for all: what is elsewhere is left out of the answer.
    par_commune = [{"citycode": c} for c in sorted(communes)] if len(communes) <= COMMUNES_MAX else [{}]
    for commune in par_commune:
        question = {"q": texte[:200], "limit": str(PROPOSES), "index": "address"} | commune
        for entite in _demander(f"{settings.CONFIGURATION.geoplateforme_adresse}/search", question):
            for candidat in _candidat(entite, communes):
                trouves.setdefault(candidat.libelle, candidat)
    return tuple(sorted(trouves.values(), key=lambda c: -c.score)[:PROPOSES])


def _demander(adresse: str, question: dict[str, str]) -> list[Any]:
    requete = urllib.request.Request(  # noqa: S310 - the scheme is checked by the configuration
        f"{adresse}?{urllib.parse.urlencode(question)}",
        headers={"Accept": "application/json", "User-Agent": "Pupitre"},
    )
    try:
        with urllib.request.urlopen(requete, timeout=DELAI) as reponse:  # noqa: S310
            lu = json.loads(reponse.read(_TAILLE_MAX))
    except (OSError, ValueError, urllib.error.URLError) as erreur:
        raise GeoplateformeRefusee(
            "La Géoplateforme n’a pas répondu.",
            "Le service est peut-être interrompu, ou votre réseau ne le laisse pas joindre.",
            "Choisissez parmi les lieux proposés ici, ou réessayez plus tard.",
        ) from erreur
    entites = lu.get("features") if isinstance(lu, dict) else None
    return entites if isinstance(entites, list) else []


def _candidat(entite: Any, communes: Collection[str]) -> Sequence[Candidat]:
    """One answer as a candidate, or nothing: what is outside, coarse or malformed is left."""
    from pupitre.moteur.adresses import Candidat

    try:
        dit = entite["properties"]
        lon, lat = (float(v) for v in entite["geometry"]["coordinates"][:2])
        score, commune, libelle = float(dit["score"]), str(dit["citycode"]), str(dit["label"])[:200]
        precision = _PRECISIONS.get(str(dit.get("type")))
    except (KeyError, TypeError, ValueError):
        return ()
    if precision is None or commune not in communes or not SCORE_MINIMUM <= score <= 1:
        return ()
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return ()
    return (Candidat(libelle, commune, lon, lat, precision, score),)


def proposer_aux_doutes(*, livraison: Livraison, conseil: Conseil) -> tuple[int, int]:
    """Ask for the doubts of a delivery that hold no proposal from outside yet; (asked, with a proposal).

    Raises:
        GeoplateformeRefusee: see `chercher`. What was proposed before the failure is kept.
    """
    membres = {c.code for c in conseil.communes_as_of()}
    demandees = trouvees = 0
    for doute in _a_demander(livraison):
        communes = {doute.commune} & membres or membres
        candidats = chercher(doute.texte, communes)
        demandees += 1
        if candidats:
            douteuses.proposer(douteuse=doute, candidats=candidats, conseil=conseil, geoplateforme=True)
            trouvees += 1
    return demandees, trouvees


def _a_demander(livraison: Livraison) -> list[AdresseDouteuse]:
    restantes = livraison.adresses_douteuses.order_by("-lignes", "texte")
    return [d for d in restantes if not any(c.get("geoplateforme") for c in d.candidats)][:DEMANDES_MAX]
