"""What a council follows: named sums of natures of one source and one unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pupitre.moteur import nomenclatures
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.observatoire.chiffres.profils import Profil

# What elected officials ask first, in this order, when the source holds it.
_PRIORITES_4001 = (
    "cambriolages_logement",
    "vols_dans_vehicules",
    "4001:7",
    "vols_violents_sans_arme",
    "vols_vehicules",
    "violences_sexuelles",
    "vols_avec_armes",
    "vols_sans_violence",
    "vols_accessoires",
    "4001:57",
    "4001:68",
    "4001:66",
)
_LOGEMENTS = {"cambriolages_logement"}
# What people say; the official label stands in the definition, the index number beside the name.
_NOMS_USUELS = {
    "4001:7": "Coups et blessures volontaires",
    "4001:29": "Cambriolages de locaux professionnels",
    "4001:57": "Usage de stupéfiants",
    "4001:66": "Dégradations de biens publics",
    "4001:67": "Dégradations de biens privés",
    "4001:68": "Dégradations de véhicules privés",
}


@dataclass(frozen=True, slots=True)
class Indicateur:
    """`denominateur`: "logements" for burglaries of homes, else "population". `reserve`: said beside the figure."""

    cle: str
    libelle: str
    natures: tuple[str, ...]
    unite: str
    denominateur: str = "population"
    definition: str = ""
    reserve: str = ""

    @property
    def codes(self) -> str:
        """ "index 27 et 28", for the provenance line; empty outside the état 4001."""
        numeros = [n.split(":")[1] for n in self.natures if n.startswith("4001:")]
        if not numeros:
            return ""
        if len(numeros) > 3 and numeros == [str(i) for i in range(int(numeros[0]), int(numeros[-1]) + 1)]:
            return f"index {numeros[0]} à {numeros[-1]}"
        return "index " + ", ".join(numeros[:-1]) + (" et " if len(numeros) > 1 else "") + numeros[-1]


TOUT = "tout"
FAMILLE_SUITES = "inc:suite_"


def indicateurs(profil: Profil, nom: str = "") -> tuple[Indicateur, ...]:
    """All the indicators that a source can feed, those asked first at the head.

    Args:
        nom: of the source: the title of its total, where all its natures may be added.
    """
    total = _total(profil.natures, nom)
    return (*((total,) if total else ()), *_indicateurs(profil.natures))


@lru_cache(maxsize=256)
def _total(natures: tuple[str, ...], nom: str) -> Indicateur | None:
    """The sum of all the natures of a partner's source, when the nomenclature allows it."""
    # What was done about the facts stands beside them: it does not deprive them of their total.
    natures = tuple(n for n in natures if not n.startswith(FAMILLE_SUITES))
    if len(natures) < 2 or any(n.startswith(("4001:", "ssmsi:")) for n in natures):
        return None
    try:
        unite = nomenclatures.unite_commune(natures)
    except MesureRefusee:
        return None
    libelle = nom[:1].upper() + nom[1:] if nom else f"{unite.capitalize()}s, toutes natures"
    return Indicateur(
        TOUT,
        libelle,
        natures,
        unite,
        definition="Toutes les natures relevées par cette source, une fois chacune.",
    )


@lru_cache(maxsize=256)
def _indicateurs(natures: tuple[str, ...]) -> tuple[Indicateur, ...]:
    presentes = set(natures)
    trouves: dict[str, Indicateur] = {}
    for code, groupement in nomenclatures.groupements().items():
        if presentes.issuperset(groupement.natures):
            trouves[code] = Indicateur(
                cle=code,
                libelle=groupement.libelle,
                natures=groupement.natures,
                unite=groupement.unite,
                denominateur="logements" if code in _LOGEMENTS else "population",
                definition=groupement.note,
            )
    for code in natures:
        indicateur = _de_nature(code)
        if indicateur is not None and not any(i.natures == indicateur.natures for i in trouves.values()):
            trouves[code] = indicateur
    tete = [trouves[c] for c in _PRIORITES_4001 if c in trouves]
    return (*tete, *(i for i in trouves.values() if i not in tete))


def _de_nature(code: str) -> Indicateur | None:
    try:
        nature = nomenclatures.nature(code)
        unite = nomenclatures.unite_commune([code])
    except (KeyError, MesureRefusee):
        return None
    usuel = _NOMS_USUELS.get(code)
    officiel = f"Libellé officiel\u202f: {nature.libelle}."
    return Indicateur(
        cle=code,
        libelle=usuel or nature.libelle,
        natures=(code,),
        unite=unite,
        denominateur="logements" if code == "ssmsi:cambriolages_logement" else "population",
        definition=f"{officiel} {nature.definition}".strip() if usuel else nature.definition,
        reserve="" if nature.unite_verifiee else "Unité de compte à vérifier auprès du producteur.",
    )
