"""Months of complaints: closed by the mayors' offices, poured into the observatory as a partner's delivery."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.mesures import Pas, suivante
from pupitre.observatoire.collecte import modeles_sources, services
from pupitre.observatoire.collecte.doleances import DoleanceRefusee, secteurs
from pupitre.observatoire.etats import OUVERTES, Etat
from pupitre.observatoire.models import Doleance, Livraison, MoisDoleances, Source, natures_de_doleance
from pupitre.socle import horloge
from pupitre.socle.texte import enumeration, mois_annee
from pupitre.territoires.models import Commune, Conseil

MODELE = "doleances-saisies"
# From that day of the month, what the offices have closed is poured without being asked.
JOUR_DE_VERSEMENT = 10


class VersementRefuse(ErreurPupitre):
    """Nothing is closed for that month, or it has been poured already."""


@transaction.atomic
def clore(*, conseil: Conseil, commune: Commune, mois: date, auteur=None) -> MoisDoleances:
    """All that the office received that month is entered. Raises DoleanceRefusee before the month is over."""
    mois = mois.replace(day=1)
    if suivante(mois, Pas.MOIS) > horloge.aujourdhui():
        raise DoleanceRefusee(
            f"{mois_annee(mois).capitalize()} n’est pas terminé.",
            "Un mois clos ne reçoit plus de doléances.",
            "Fermez-le quand il sera passé.",
        )
    if commune.pk not in {c.code for c in conseil.communes_as_of(mois)}:
        raise DoleanceRefusee(
            "Cette commune n’était pas membre du conseil.",
            "Un mois se clôt pour une commune du conseil.",
            "Choisissez une commune de la liste.",
        )
    clos, _ = MoisDoleances.objects.get_or_create(
        conseil=conseil, commune=commune, mois=mois, defaults={"clos_par": auteur}
    )
    return clos


@transaction.atomic
def rouvrir(*, conseil: Conseil, commune: Commune, mois: date) -> None:
    """Its former figures stay visible until it is closed and poured again."""
    MoisDoleances.objects.filter(conseil=conseil, commune=commune, mois=mois.replace(day=1)).delete()


def est_clos(doleance: Doleance) -> bool:
    return MoisDoleances.objects.filter(
        conseil=doleance.conseil, commune=doleance.commune_id, mois=doleance.recue_le.replace(day=1)
    ).exists()


def mois_de_la_mairie(conseil: Conseil, communes: list[Commune], nombre: int = 3) -> list[tuple[date, bool]]:
    """The last months that are over for one office, the latest first, each with whether it is closed."""
    courant = horloge.aujourdhui().replace(day=1)
    mois = [suivante(courant, Pas.MOIS, -i) for i in range(1, nombre + 1)]
    clos = set(
        MoisDoleances.objects.filter(conseil=conseil, commune__in=communes, mois__in=mois).values_list(
            "mois", flat=True
        )
    )
    return [(m, m in clos) for m in mois]


@dataclass(frozen=True, slots=True)
class EtatDuMois:
    """Where one month stands.

    Attributes:
        ouvertes: communes whose office enters complaints and has not closed it.
        livraison: the last delivery that holds it, None when it was never poured.
        a_verser: something is closed that no living delivery holds.
    """

    mois: date
    closes: tuple[str, ...]
    ouvertes: tuple[Commune, ...]
    livraison: Livraison | None
    a_verser: bool
    saisies: int

    @property
    def phrase(self) -> str:
        if not self.ouvertes:
            return "Clos par toutes les mairies qui saisissent."
        noms = enumeration([c.nom for c in self.ouvertes])
        reste = f"{noms} {'n’ont' if len(self.ouvertes) > 1 else 'n’a'} pas clos ce mois."
        return f"Clos par {enumeration(list(self.closes))}. {reste}" if self.closes else reste


def etats_des_mois(conseil: Conseil, nombre: int = 6) -> list[EtatDuMois]:
    """The last months that are over, the latest first; five queries."""
    mois = _passes(nombre)
    clos: dict[date, list[MoisDoleances]] = {}
    for m in _clos(conseil, mois):
        clos.setdefault(m.mois, []).append(m)
    rejetees = _rejetees(m for siens in clos.values() for m in siens)
    comptes = Counter(
        jour.replace(day=1)
        for jour in Doleance.objects.filter(
            conseil=conseil, recue_le__gte=mois[-1], recue_le__lt=suivante(mois[0], Pas.MOIS)
        ).values_list("recue_le", flat=True)
    )
    communes = _qui_saisissent(conseil)
    return [_etat(m, clos.get(m, []), communes, rejetees, comptes[m]) for m in mois]


def _qui_saisissent(conseil: Conseil) -> list[Commune]:
    """Communes whose office has entered or closed something; all of them before anybody has.

    One that sends its own workbook, or nothing, is not waited for.
    """
    saisies = Doleance.objects.filter(conseil=conseil).order_by().values_list("commune", flat=True)
    closes = MoisDoleances.objects.filter(conseil=conseil).order_by().values_list("commune", flat=True)
    actives = set(saisies.union(closes))
    communes = conseil.communes_as_of()
    return [c for c in communes if c.code in actives] or communes


def a_verser(conseil: Conseil, nombre: int) -> list[EtatDuMois]:
    """Those of the last months of which something closed is in no living delivery; two queries when none is."""
    clos = list(_clos(conseil, _passes(nombre)))
    rejetees = _rejetees(clos)
    if all(m.livraison_id and m.livraison_id not in rejetees for m in clos):
        return []
    return [e for e in etats_des_mois(conseil, nombre) if e.a_verser]


def _passes(nombre: int) -> list[date]:
    courant = horloge.aujourdhui().replace(day=1)
    return [suivante(courant, Pas.MOIS, -i) for i in range(1, nombre + 1)]


def _clos(conseil: Conseil, mois: Iterable[date]):
    return MoisDoleances.objects.filter(conseil=conseil, mois__in=mois).select_related("commune", "livraison")


def _rejetees(clos: Iterable[MoisDoleances]) -> set:
    return set(
        Livraison.objects.filter(pk__in=[m.livraison_id for m in clos if m.livraison_id])
        .avec_etat()
        .filter(etat=Etat.REJETEE)
        .values_list("pk", flat=True)
    )


def _etat(
    mois: date, clos: Iterable[MoisDoleances], communes: list[Commune], rejetees: set, saisies: int
) -> EtatDuMois:
    clos = list(clos)
    fermees = {m.commune_id for m in clos}
    tenus = [m.livraison for m in clos if m.livraison_id and m.livraison_id not in rejetees]
    return EtatDuMois(
        mois,
        tuple(c.nom for c in communes if c.pk in fermees),
        tuple(c for c in communes if c.pk not in fermees),
        max(tenus, key=lambda li: li.recue_le) if tenus else None,
        len(tenus) < len(clos),
        saisies,
    )


def source_des_saisies(conseil: Conseil) -> Source:
    return modeles_sources.declarer(conseil=conseil, code=MODELE, fictive=conseil.fictif)


def verser(*, conseil: Conseil, mois: date, auteur=None, publier: bool = True) -> Livraison:
    """The closed month as a file, deposited, read and checked like a partner's; published when asked.

    What is poured again, after a correction or when another office has closed, replaces the former delivery.

    Raises:
        VersementRefuse: no office has closed that month, or nothing has changed. PublicationRefusee.
    """
    mois = mois.replace(day=1)
    clos = list(MoisDoleances.objects.filter(conseil=conseil, mois=mois).select_related("commune"))
    if not clos:
        raise VersementRefuse(
            f"Rien n’est à verser pour {mois_annee(mois)}.",
            "Aucune mairie n’a clos ce mois\u202f: un zéro n’y serait pas un vrai zéro.",
            "Demandez aux cabinets de clore le mois, ou fermez-le pour eux.",
        )
    source = source_des_saisies(conseil)
    with tempfile.TemporaryDirectory(prefix="pupitre-doleances-") as dossier:
        fichier = Path(dossier) / f"doleances-{mois:%Y-%m}.csv"
        _ecrire(fichier, conseil, mois, [m.commune for m in clos])
        try:
            livraison = services.importer(source=source, fichier=fichier, auteur=auteur)
        except services.DepotRefuse as erreur:
            _rattacher(clos, source, fichier.name)
            raise VersementRefuse(
                f"{mois_annee(mois).capitalize()} est déjà versé.",
                "Rien n’a changé depuis\u202f: le fichier serait le même.",
                "Rouvrez le mois si une doléance manque.",
            ) from erreur
    for ancienne in _en_attente(clos):
        services.rejeter(livraison=ancienne, auteur=auteur, raison="Le mois a été versé à nouveau depuis.")
    MoisDoleances.objects.filter(pk__in=[m.pk for m in clos]).update(livraison=livraison)
    if publier:
        services.publier(livraison=livraison, auteur=auteur)
    return livraison


def _rattacher(clos: Iterable[MoisDoleances], source: Source, nom: str) -> None:
    """Reopened and closed again without a change: the delivery that says it is the former one."""
    meme = Livraison.objects.filter(source=source, nom=nom).avec_etat().exclude(etat=Etat.REJETEE).first()
    MoisDoleances.objects.filter(pk__in=[m.pk for m in clos]).update(livraison=meme)


def _en_attente(clos: Iterable[MoisDoleances]) -> list[Livraison]:
    """Deliveries of these months that nobody has published yet."""
    anciennes = {m.livraison_id for m in clos} - {None}
    return list(Livraison.objects.filter(pk__in=anciennes).avec_etat().filter(etat__in=OUVERTES))


def _ecrire(fichier: Path, conseil: Conseil, mois: date, communes: list[Commune]) -> None:
    """One row per commune, secteur and nature, zeros included: the office has closed, so nothing is missing.

    Rows without secteur come first: a reader fills an empty cell with the one above.
    """
    comptes = Counter(
        Doleance.objects.filter(
            conseil=conseil,
            commune__in=communes,
            recue_le__gte=mois,
            recue_le__lt=suivante(mois, Pas.MOIS),
        ).values_list("commune_id", "secteur", "nature")
    )
    natures = natures_de_doleance()
    lignes = [
        (secteur, commune.code, nature, comptes[commune.code, secteur, nature])
        for commune in communes
        for secteur in ["", *(c for c, _ in secteurs(conseil, [commune.code]))]
        for nature, _ in natures
    ]
    with fichier.open("w", encoding="utf-8", newline="") as sortie:
        plume = csv.writer(sortie, delimiter=";")
        plume.writerow(("Mois", "Commune", "Secteur", "Nature", "Nombre"))
        for secteur, commune, nature, n in sorted(lignes):
            plume.writerow((f"{mois:%Y-%m}", commune, secteur, nature, n))


def verser_les_mois_clos(jour: date) -> int:
    """From the tenth: the last month is poured where every office has closed it; a person still publishes it."""
    if jour.day < JOUR_DE_VERSEMENT:
        return 0
    mois = suivante(jour.replace(day=1), Pas.MOIS, -1)
    verses = 0
    for conseil in Conseil.objects.filter(mois_doleances__mois=mois).distinct():
        etat = next((e for e in etats_des_mois(conseil, 2) if e.mois == mois), None)
        if etat is not None and etat.a_verser and not etat.ouvertes:
            verser(conseil=conseil, mois=mois, publier=False)
            verses += 1
    return verses


def a_clore(conseil: Conseil, communes: Collection[str]) -> list[tuple[Commune, date]]:
    """Of these communes, those that enter complaints and have not closed the last month that is over."""
    dernier = suivante(horloge.aujourdhui().replace(day=1), Pas.MOIS, -1)
    ici = {"conseil": conseil, "commune__in": communes}
    closes = set(MoisDoleances.objects.filter(**ici, mois=dernier).values_list("commune", flat=True))
    actives = set(Doleance.objects.filter(**ici).values_list("commune", flat=True))
    return [(c, dernier) for c in conseil.communes_as_of() if c.code in actives - closes]
