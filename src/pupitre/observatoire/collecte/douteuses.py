"""Doubtful addresses: the list of a delivery, each settled with one gesture, remembered without its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.collecte.doutes import Doute, candidat_en_json
from pupitre.observatoire.etats import OUVERTES
from pupitre.observatoire.models import AdresseDouteuse, AdresseReglee, Livraison
from pupitre.observatoire.selectors import etat_de
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

if TYPE_CHECKING:
    from pupitre.moteur.adresses import Candidat

Decision = AdresseReglee.Decision
# More distinct doubts than that, and it is the file, or the extract of the BAN, that must be looked at.
GARDEES_MAX = 500


class ReglementRefuse(ErreurPupitre):
    """A doubtful address cannot be settled that way."""


def garder(*, livraison: Livraison, doutes: Sequence[Doute]) -> None:
    """Replace the list of a delivery by what its reading doubts of; the most frequent first."""
    livraison.adresses_douteuses.all().delete()
    gardes = sorted(doutes, key=lambda d: (-d.lignes, d.texte))[:GARDEES_MAX]
    AdresseDouteuse.objects.bulk_create(
        AdresseDouteuse(
            livraison=livraison,
            empreinte=d.empreinte,
            texte=d.texte,
            commune=d.commune,
            lignes=d.lignes,
            candidats=list(d.candidats),
            raison=d.raison,
        )
        for d in {d.empreinte: d for d in gardes}.values()
    )


@transaction.atomic
def regler(
    *,
    douteuse: AdresseDouteuse,
    decision: str,
    candidat: int | None = None,
    secteur: str = "",
    secteurs: Iterable[str] = (),
    auteur=None,
) -> AdresseReglee:
    """Say where an address is; the answer serves for the next files of the source, and its text is forgotten.

    Args:
        candidat: position in `douteuse.candidats`, for the decision « lieu ».
        secteur: code, for the decision « secteur »; one of `secteurs`.

    Raises:
        ReglementRefuse: unknown candidate or secteur, or the delivery is closed.
    """
    _ouverte(douteuse.livraison)
    champs: dict = {
        "decision": decision,
        "lon": None,
        "lat": None,
        "precision": "",
        "commune": "",
        "secteur": "",
        "geoplateforme": False,
    }
    if decision == Decision.LIEU:
        if candidat is None or not 0 <= candidat < len(douteuse.candidats):
            raise _a_choisir("Ce lieu n’est pas dans la liste proposée.")
        choisi = douteuse.candidats[candidat]
        champs |= {c: choisi[c] for c in ("lon", "lat", "precision", "commune", "secteur", "geoplateforme")}
    elif decision == Decision.SECTEUR:
        if secteur not in set(secteurs):
            raise _a_choisir("Ce secteur n’est pas dans le découpage en vigueur.")
        champs["secteur"] = secteur
    elif decision not in (Decision.DEHORS, Decision.SANS_LIEU):
        raise _a_choisir("Cette réponse n’existe pas.")
    reglee, _ = AdresseReglee.objects.update_or_create(
        source=douteuse.livraison.source,
        empreinte=douteuse.empreinte,
        defaults=champs
        | {"regle_par": auteur, "regle_le": horloge.maintenant(), "livraison": douteuse.livraison},
    )
    douteuse.delete()
    return reglee


def _a_choisir(quoi: str) -> ReglementRefuse:
    return ReglementRefuse(
        quoi, "La page a pu changer depuis que vous l’avez ouverte.", "Choisissez dans la liste proposée."
    )


def _ouverte(livraison: Livraison) -> None:
    if etat_de(livraison) not in OUVERTES:
        raise ReglementRefuse(
            "Cette livraison est close.",
            "Ses chiffres ne changent plus, et ses adresses à régler ont été oubliées.",
            "Réglez les adresses du prochain fichier de cette source, ou déposez une correction.",
        )


@transaction.atomic
def laisser_toutes(*, livraison: Livraison, auteur=None) -> int:
    """Leave without a place all that is still to be settled. Returns how many."""
    restantes = list(livraison.adresses_douteuses.select_related("livraison__source"))
    for douteuse in restantes:
        regler(douteuse=douteuse, decision=Decision.SANS_LIEU, auteur=auteur)
    return len(restantes)


@transaction.atomic
def oublier_decision(*, reglee: AdresseReglee) -> None:
    """Take a decision back: the address will be doubtful again at the next reading."""
    reglee.delete()


@transaction.atomic
def chercher_autrement(*, douteuse: AdresseDouteuse, ecriture: str, conseil: Conseil) -> int:
    """Propose what another writing of the address gives, in place of the former candidates; how many there are."""
    from pupitre.moteur.adresses import localiser_adresses
    from pupitre.observatoire.collecte.adresses import index_du_conseil

    _ouverte(douteuse.livraison)
    index = index_du_conseil(conseil)
    if index is None or not ecriture.strip():
        return 0
    trouvee = localiser_adresses([ecriture], index, [douteuse.commune])[0]
    if trouvee is None or not trouvee.candidats:
        return 0
    proposer(douteuse=douteuse, candidats=trouvee.candidats, conseil=conseil)
    return len(trouvee.candidats)


def proposer(
    *,
    douteuse: AdresseDouteuse,
    candidats: Sequence[Candidat],
    conseil: Conseil,
    geoplateforme: bool = False,
) -> None:
    """Write candidates: found here, they replace the former ones; from outside, they come after them."""
    codes = secteurs_des_points(conseil, [(c.lon, c.lat) for c in candidats])
    nouveaux = [
        candidat_en_json(c, code, geoplateforme=geoplateforme)
        for c, code in zip(candidats, codes, strict=True)
    ]
    anciens = [c for c in douteuse.candidats if not c.get("geoplateforme")] if geoplateforme else []
    douteuse.candidats = [*anciens, *nouveaux]
    douteuse.save(update_fields=["candidats"])


def secteurs_des_points(conseil: Conseil, points: Sequence[tuple[float, float]]) -> list[str | None]:
    """Code of today's secteur of each (lon, lat); None outside."""
    import numpy as np

    from pupitre.territoires.decoupages import localiser_secteurs
    from pupitre.territoires.selectors import decoupage_as_of

    decoupage = decoupage_as_of(conseil, horloge.aujourdhui())
    if decoupage is None or not points:
        return [None] * len(points)
    xy = np.array(points, dtype=np.float64)
    codes, rangs = localiser_secteurs(decoupage, xy[:, 0], xy[:, 1])
    return [codes[r] if r >= 0 else None for r in rangs]


def oublier_les_textes(*, livraison: Livraison) -> None:
    """Called when a delivery closes: what was not settled is forgotten with its text."""
    livraison.adresses_douteuses.all().delete()
