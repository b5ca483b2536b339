"""The rail: grouped as the work is. Only what exists and what the person may open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from pupitre.acces.droits import Droit
from pupitre.socle.gestes import Geste


@dataclass(frozen=True, slots=True)
class Lien:
    libelle: str
    adresse: str
    courant: bool
    compte: int = 0


@dataclass(frozen=True, slots=True)
class Groupe:
    titre: str
    liens: tuple[Lien, ...]


# group, label, URL name, right, within a council
_ENTREES: tuple[tuple[str, str, str, Droit | None, bool], ...] = (
    ("", "Ma semaine", "accueil", None, False),
    ("Conseil", "Séances", "seances", Droit.VOIR_CONSEIL, True),
    ("Conseil", "Décisions", "decisions", Droit.VOIR_CONSEIL, True),
    ("Conseil", "Comptes rendus", "comptes-rendus", Droit.VOIR_CONSEIL, True),
    ("Conseil", "Formations", "formations", Droit.VOIR_CONSEIL, True),
    ("Observatoire", "Tableau de bord", "tableau", Droit.VOIR_CHIFFRES, True),
    ("Observatoire", "Lieux et heures", "lieux", Droit.PUBLIER, True),
    ("Observatoire", "Livraisons", "livraisons", Droit.VOIR_PROVENANCE, True),
    ("Observatoire", "Calendrier", "calendrier", Droit.VOIR_PROVENANCE, True),
    ("Observatoire", "Doléances", "doleances", Droit.SAISIR_DOLEANCE, True),
    ("Observatoire", "Faits marquants", "faits-marquants", Droit.VOIR_FAITS_MARQUANTS, True),
    ("Observatoire", "Bulletins et études", "bulletins", Droit.LIRE_BULLETIN, True),
    ("Observatoire", "Matière de l’étude", "contributions", Droit.ECRIRE_BULLETIN, True),
    ("Observatoire", "Diagnostics demandés", "diagnostics", Droit.DEMANDER_DIAGNOSTIC, True),
    ("Territoire", "Communes et secteurs", "territoire", Droit.VOIR_TERRITOIRE, True),
    ("Territoire", "Adresses", "adresses", Droit.PUBLIER, True),
    ("Partenaires", "Annuaire", "annuaire", Droit.VOIR_ANNUAIRE, True),
    ("Partenaires", "Sources", "sources", Droit.REGLER_CONSEIL, True),
    ("Partenaires", "Conventions", "conventions", Droit.VOIR_PROVENANCE, True),
    ("Partenaires", "Demandes de données", "demandes", Droit.VOIR_DEMANDES, True),
    ("Partenaires", "Page publique", "page-publique-reglage", Droit.REGLER_CONSEIL, True),
    ("Partenaires", "Qui a accès", "habilites", Droit.REGLER_CONSEIL, True),
    ("Partenaires", "Jetons de l’API", "jetons", Droit.REGLER_CONSEIL, True),
    ("Partenaires", "Courriels", "courriels", Droit.VOIR_COURRIELS, True),
    ("Partenaires", "Liens personnels", "liens-ouverts", Droit.VOIR_COURRIELS, True),
    ("Administration", "Conseils", "conseils-ouverts", Droit.ADMINISTRER, False),
    ("Administration", "Comptes", "comptes", Droit.ADMINISTRER, False),
    ("Administration", "Composants", "composants", Droit.ADMINISTRER, False),
)


def navigation(request, conseil, droits: set[str], gestes: Sequence[Geste] | None = None) -> list[Groupe]:
    """`gestes`: what waits, on the page that has read it; each is counted beside the entry that settles it."""
    entrees: list[tuple[str, str, str, bool]] = []
    racines = {reverse("accueil")}
    if conseil is not None:
        racines.add(reverse("accueil_conseil", kwargs={"conseil": conseil.slug}))
    for groupe, libelle, nom, droit, du_conseil in _ENTREES:
        if droit is not None and droit.name.lower() not in droits:
            continue
        if du_conseil and conseil is None:
            continue
        adresse = reverse(nom, kwargs={"conseil": conseil.slug} if du_conseil else None)
        courant = request.path.startswith(adresse) if nom != "accueil" else request.path in racines
        entrees.append((groupe, libelle, adresse, courant))
    comptes = _comptes(gestes or (), [adresse for _, _, adresse, _ in entrees])
    groupes: dict[str, list[Lien]] = {}
    for groupe, libelle, adresse, courant in entrees:
        groupes.setdefault(groupe, []).append(Lien(libelle, adresse, courant, comptes[adresse]))
    return [Groupe(titre, tuple(liens)) for titre, liens in groupes.items()]


def _comptes(gestes: Sequence[Geste], adresses: list[str]) -> Counter[str]:
    comptes: Counter[str] = Counter({reverse("accueil"): len(gestes)})
    for geste in gestes:
        page = reverse(geste.adresse_nom, kwargs=geste.arguments)
        siennes = [a for a in adresses if page.startswith(a) and a != reverse("accueil")]
        if siennes:
            comptes[max(siennes, key=len)] += 1
    return comptes
