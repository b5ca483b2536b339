"""What a partner may ask for: the sources that have published, what they hold, and what their convention says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pupitre.acces.models import Organisation
from pupitre.acces.verdict import Verdict
from pupitre.moteur import nomenclatures
from pupitre.moteur.mesures import Pas, suivante
from pupitre.observatoire.chiffres import catalogue, periodes
from pupitre.observatoire.chiffres.perimetres import Territoire
from pupitre.observatoire.demandes.autorisations import sans_accord, transmissible
from pupitre.observatoire.models import Source
from pupitre.socle import horloge
from pupitre.socle.texte import mois_annee
from pupitre.territoires.models import Conseil

MOIS_MAX = 180


@dataclass(frozen=True)
class Offre:
    """One source. `libre`: nobody's consent is needed; `verdict`: what its convention says of this organisation."""

    source: Source
    etendue: str
    natures: tuple[tuple[str, str], ...]
    verdict: Verdict
    libre: bool
    debut: date
    fin: date


def offres(conseil: Conseil, organisation: Organisation) -> list[Offre]:
    """Sources with published figures, by owner; two queries."""
    profils = catalogue.etat_visible(conseil).profils
    sources = Source.objects.filter(conseil=conseil, code__in=profils).select_related("organisation")
    jour = horloge.aujourdhui()
    trouvees = []
    for source in sources:
        profil = profils[source.code]
        if not profil.periodes:
            continue
        pas = periodes.pas_de(profil)
        fin = suivante(profil.periodes[-1], pas) - timedelta(days=1)
        trouvees.append(
            Offre(
                source,
                f"{periodes.periode(profil.periodes[0], pas).libelle} à "
                f"{periodes.periode(profil.periodes[-1], pas).libelle}",
                tuple(_natures(profil.natures)),
                transmissible(source, organisation, jour),
                sans_accord(source, organisation),
                profil.periodes[0],
                fin,
            )
        )
    return sorted(trouvees, key=lambda o: (o.source.organisation.nom, o.source.nom))


def _natures(codes) -> list[tuple[str, str]]:
    nommees = []
    for code in codes:
        try:
            fiche = nomenclatures.nature(code)
        except KeyError:
            continue
        numero = f"{code.split(':')[1]}. " if code.startswith("4001:") else ""
        nommees.append((code, f"{numero}{fiche.libelle}"))
    return nommees


def mois_possibles(choisies: list[Offre]) -> list[tuple[str, str]]:
    """Every month from the first to the last that these sources speak about, most recent first."""
    if not choisies:
        return []
    jour = min(o.debut for o in choisies).replace(day=1)
    dernier = max(o.fin for o in choisies)
    mois = []
    while jour <= dernier:
        mois.append((f"{jour:%Y-%m}", mois_annee(jour).capitalize()))
        jour = suivante(jour, Pas.MOIS)
    return list(reversed(mois[-MOIS_MAX:]))


def bornes(depuis: str, jusqu_a: str) -> tuple[date, date]:
    """First day of the first month, last day of the last one, from two `mois_possibles`."""
    debut, fin = (date.fromisoformat(f"{m}-01") for m in (depuis, jusqu_a))
    return debut, suivante(fin, Pas.MOIS) - timedelta(days=1)


def territoires(conseil: Conseil) -> list[tuple[str, str]]:
    lu = Territoire.lire(conseil, horloge.aujourdhui())
    communes = [(f"commune:{c.code}", c.nom) for c in lu.communes] if len(lu.communes) > 1 else []
    return [("conseil", "Tout le conseil"), *communes]
