"""The law's seats beside the people: who fills each on a day, who could, what is vacant."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pupitre.annuaire.models import Fonction, Personne
from pupitre.conseils.models import Formation, Membre, ReglageConseil
from pupitre.conseils.selectors import membres_as_of
from pupitre.droit.composition import Faits, Lieu, Siege, sieges
from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Conseil, NatureConseil


class EtatSiege(StrEnum):
    TENU = "tenu"
    A_INSTALLER = "a_installer"  # somebody holds the function and has not been given the seat
    A_REMPLACER = "a_remplacer"  # who sits holds the function no more
    VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class LigneSiege:
    """`membres`: who fills it (several when it is a collective one); `pressenti`: who holds the function."""

    siege: Siege
    etat: EtatSiege
    membres: tuple[Membre, ...]
    pressenti: Personne | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """`autres`: members of the plenary whom no law designates (qualified persons, guests…)."""

    conseil: Conseil
    jour: date
    pleniere: Formation | None
    lignes: tuple[LigneSiege, ...]
    autres: tuple[Membre, ...]

    @property
    def vacants(self) -> int:
        return sum(ligne.etat is EtatSiege.VACANT for ligne in self.lignes)

    @property
    def a_regler(self) -> int:
        return sum(ligne.etat is not EtatSiege.TENU for ligne in self.lignes)

    @property
    def a_controler(self) -> bool:
        return any(not ligne.siege.verifie for ligne in self.lignes)


def faits_de(conseil: Conseil, jour: date) -> Faits:
    communes = [
        a.commune
        for a in conseil.adhesions.as_of(jour)
        .select_related("commune__departement", "commune__epci")
        .order_by("commune__nom")
    ]
    departements = {c.departement_id: c.departement.nom for c in communes}
    epci = {c.epci_id: c.epci.nom for c in communes if c.epci_id}
    reglage = ReglageConseil.objects.filter(conseil=conseil, departement_de_droit=True).exists()
    return Faits(
        nature=NatureConseil(conseil.nature).value,
        communes=tuple(Lieu(c.code, c.nom) for c in communes),
        departements=tuple(Lieu(code, nom) for code, nom in sorted(departements.items())),
        epci=tuple(Lieu(code, nom) for code, nom in sorted(epci.items())),
        reglages=frozenset({"departement_de_droit"} if reglage else ()),
    )


def pleniere_de(conseil: Conseil, jour: date) -> Formation | None:
    return (
        Formation.objects.as_of(jour)
        .filter(conseil=conseil, nature=Formation.Nature.PLENIERE)
        .order_by("pk")
        .first()
    )


def composer(conseil: Conseil, jour: date) -> Composition:
    """
    Raises:
        ParametreInconnu: a day before the first known text.
    """
    du_droit = sieges(faits_de(conseil, jour), jour)
    pleniere = pleniere_de(conseil, jour)
    membres = list(membres_as_of(pleniere, jour)) if pleniere else []
    par_siege: dict[str, list[Membre]] = defaultdict(list)
    for membre in membres:
        par_siege[membre.siege].append(membre)
    titulaires = _titulaires(conseil, jour)
    lignes = tuple(_ligne(s, par_siege[s.cle], titulaires) for s in du_droit)
    places = {m.pk for ligne in lignes for m in ligne.membres}
    return Composition(conseil, jour, pleniere, lignes, tuple(m for m in membres if m.pk not in places))


def _titulaires(conseil: Conseil, jour: date) -> list[Fonction]:
    return list(
        Fonction.objects.as_of(jour)
        .filter(conseil=conseil, personne__isnull=False, suppleant_de__isnull=True)
        .exclude(qualite="")
        .select_related("personne", "organisation", "service")
        .order_by("-debut")
    )


def _ligne(siege: Siege, membres: list[Membre], titulaires: list[Fonction]) -> LigneSiege:
    if siege.collectif:
        return LigneSiege(siege, EtatSiege.TENU if membres else EtatSiege.VACANT, tuple(membres))
    tient = next((f.personne for f in titulaires if _tient(f, siege)), None)
    if membres:
        perime = tient is not None and tient.pk not in {m.personne_id for m in membres}
        etat = EtatSiege.A_REMPLACER if perime else EtatSiege.TENU
        return LigneSiege(siege, etat, tuple(membres), tient if perime else None)
    if tient is not None:
        return LigneSiege(siege, EtatSiege.A_INSTALLER, (), tient)
    return LigneSiege(siege, EtatSiege.VACANT, ())


def _tient(fonction: Fonction, siege: Siege) -> bool:
    """A mayor is of that commune when his service is there, or when the function or organisation names it."""
    if fonction.qualite != siege.qualite:
        return False
    if siege.lieu is None or not siege.cle.startswith("maire"):
        return True
    if fonction.service and fonction.service.commune_id:
        return fonction.service.commune_id == siege.lieu.code
    dit = cle_de_recherche(f"{fonction.intitule} {fonction.organisation.nom}")
    return re.search(rf"\b{re.escape(cle_de_recherche(siege.lieu.nom))}\b", dit) is not None
