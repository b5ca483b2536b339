"""Complaints of residents: entered by the mayors' offices, followed up, counted by secteur and nature."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.acces.selectors import communes_representees
from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.mesures import Pas, suivante
from pupitre.observatoire.models import Doleance, MoisDoleances, SuiteDoleance, natures_de_doleance
from pupitre.socle import horloge
from pupitre.socle.donnees_personnelles import avertissement, indices
from pupitre.socle.texte import date_courte, mois_annee, pluriel
from pupitre.territoires.models import Commune, Conseil

# The words are kept while they may help to answer; the counts stay.
MOIS_DE_TEXTE = 24
MOIS_MONTRES = 12


class DoleanceRefusee(ErreurPupitre):
    """The text seems to name somebody, the month is closed, or the place is not of the council.

    `champ`: the field at fault.
    """

    def __init__(self, quoi: str, pourquoi: str, que_faire: str, champ: str = "recue_le") -> None:
        super().__init__(quoi, pourquoi, que_faire)
        self.champ = champ


def communes_ouvertes(utilisateur, conseil: Conseil) -> list[Commune]:
    """All of the council's for its team; for a mayor's office, the one for which it speaks."""
    communes = conseil.communes_as_of()
    if peut(utilisateur, Droit.PUBLIER, conseil):
        return communes
    siennes = communes_representees(utilisateur, conseil)
    return [c for c in communes if c.code in siennes]


def visibles(utilisateur, conseil: Conseil):
    return Doleance.objects.filter(conseil=conseil, commune__in=communes_ouvertes(utilisateur, conseil))


def noms_permis(conseil: Conseil) -> list[str]:
    """Names that a text may hold: places and organisations of the council."""
    return [
        *(c.nom for c in conseil.communes_as_of()),
        *conseil.organisations.values_list("nom", flat=True),
        *(nom for _, nom in secteurs(conseil)),
    ]


def secteurs(conseil: Conseil, communes: Collection[str] | None = None) -> list[tuple[str, str]]:
    """Code and name of the secteurs in force, of these communes only when they are given."""
    decoupage = conseil.decoupages.as_of(horloge.aujourdhui()).first()
    if decoupage is None:
        return []
    tous = decoupage.secteurs.order_by("nom")
    if communes is not None:
        tous = tous.filter(Q(commune__in=communes) | Q(commune__isnull=True))
    return list(tous.values_list("code", "nom"))


@transaction.atomic
def enregistrer(*, doleance: Doleance, confirme: bool = False, auteur=None) -> Doleance:
    """Keep a complaint, new or changed.

    Args:
        confirme: a person has read what looks like somebody's name and maintains the text.
    Raises:
        DoleanceRefusee: the text seems to name somebody, its month is closed, its day has not come, or its commune
            or secteur is not of the council. ValidationError.
    """
    _verifier(doleance)
    trouves = indices(doleance.texte, noms_permis(doleance.conseil))
    if trouves and not confirme:
        raise DoleanceRefusee(
            avertissement(trouves),
            "Une doléance ne désigne personne, ni qui se plaint, ni qui est en cause.",
            "Écrivez le fait sans elle, ou cochez la case qui confirme qu’il ne s’agit pas d’une personne.",
            "texte",
        )
    if doleance._state.adding:
        doleance.saisie_par = auteur
    doleance.full_clean()
    doleance.save()
    return doleance


def _verifier(doleance: Doleance) -> None:
    conseil = doleance.conseil
    if doleance.commune_id not in {c.code for c in conseil.communes_as_of()}:
        raise DoleanceRefusee(
            "Cette commune n’est pas membre du conseil.",
            "Une doléance est celle d’une commune du conseil.",
            "Choisissez une commune de la liste.",
            "commune",
        )
    if doleance.recue_le > horloge.aujourdhui():
        raise DoleanceRefusee(
            f"Le {date_courte(doleance.recue_le)} n’est pas encore venu.",
            "C’est le jour où la mairie a reçu la doléance.",
            "Corrigez la date.",
        )
    if doleance.secteur and doleance.secteur not in dict(secteurs(conseil, [doleance.commune_id])):
        raise DoleanceRefusee(
            "Ce secteur n’est pas dans la commune choisie.",
            "Chaque secteur appartient à une commune.",
            "Choisissez un secteur de cette commune, ou aucun.",
            "secteur",
        )
    lieux = {(doleance.commune_id, doleance.recue_le)}
    if doleance.pk:
        lieux.add(_gardee(doleance))
    for commune, jour in lieux:
        _ouvert(conseil, commune, jour)


def _gardee(doleance: Doleance) -> tuple[str, date]:
    """Commune and day as kept, whatever has been changed since it was read."""
    return Doleance.objects.values_list("commune_id", "recue_le").get(pk=doleance.pk)


def _ouvert(conseil: Conseil, commune: str, jour: date) -> None:
    mois = jour.replace(day=1)
    if MoisDoleances.objects.filter(conseil=conseil, commune=commune, mois=mois).exists():
        raise DoleanceRefusee(
            f"{mois_annee(mois).capitalize()} est clos pour cette commune.",
            "Ses nombres sont arrêtés\u202f: ils ont pu être versés à l’observatoire.",
            "Rouvrez ce mois, corrigez, puis fermez-le à nouveau.",
        )


@transaction.atomic
def supprimer(*, doleance: Doleance) -> None:
    """Raises DoleanceRefusee when its month is closed."""
    _ouvert(doleance.conseil, *_gardee(doleance))
    doleance.delete()


@transaction.atomic
def suivre(*, doleance: Doleance, suite: str, service: str = "", auteur=None) -> SuiteDoleance:
    """Say what was done of it. Raises ValidationError: handed on to nobody."""
    suivie = SuiteDoleance(
        doleance=doleance,
        suite=suite,
        service=service if suite == SuiteDoleance.Suite.TRANSMISE else "",
        auteur=auteur,
    )
    suivie.full_clean()
    suivie.save()
    return suivie


def avec_suite(doleances):
    """Each with `suite`, the last one, empty when nothing was done yet."""
    derniere = SuiteDoleance.objects.filter(doleance=OuterRef("pk")).order_by("-pk")
    return doleances.annotate(
        suite=Subquery(derniere.values("suite")[:1]), service=Subquery(derniere.values("service")[:1])
    )


@dataclass(frozen=True, slots=True)
class Filtre:
    """What the list shows; empty fields filter nothing. `mois`: its first day."""

    commune: str = ""
    secteur: str = ""
    nature: str = ""
    suite: str = ""
    mois: date | None = None


A_TRAITER = "a_traiter"


def chercher(doleances, filtre: Filtre):
    trouvees = avec_suite(doleances).select_related("commune")
    for champ in ("commune", "secteur", "nature"):
        if valeur := getattr(filtre, champ):
            trouvees = trouvees.filter(**{champ: valeur})
    if filtre.suite == A_TRAITER:
        trouvees = trouvees.filter(suite__isnull=True)
    elif filtre.suite:
        trouvees = trouvees.filter(suite=filtre.suite)
    if filtre.mois:
        trouvees = trouvees.filter(recue_le__gte=filtre.mois, recue_le__lt=suivante(filtre.mois, Pas.MOIS))
    return trouvees


def habiller(doleances, conseil: Conseil) -> list[Doleance]:
    """For a page: each with `lieu`, the name of its secteur, and `suite_dite`, where it stands in words."""
    noms = dict(secteurs(conseil))
    suites, services = dict(SuiteDoleance.Suite.choices), dict(SuiteDoleance.Service.choices)
    lues = list(doleances)
    for d in lues:
        d.lieu = noms.get(d.secteur, d.secteur)
        a_qui = f"\u202f: {services[d.service]}" if d.service else ""
        d.suite_dite = f"{suites[d.suite]}{a_qui}" if d.suite else ""
    return lues


@dataclass(frozen=True, slots=True)
class Comptes:
    """Counts by secteur and nature for the months shown: `lignes` of (secteur, nature, counts, total).

    A count is None in a month that the office neither closed nor entered anything in: nobody knows, and zero would
    be a lie.
    """

    mois: tuple[date, ...]
    lignes: tuple[tuple[str, str, tuple[int | None, ...], int], ...]

    @property
    def totaux(self) -> tuple[int | None, ...]:
        colonnes = ([li[2][i] for li in self.lignes] for i in range(len(self.mois)))
        return tuple(
            sum(n for n in connus if n is not None) if any(n is not None for n in connus) else None
            for connus in colonnes
        )

    @property
    def total(self) -> int:
        return sum(li[3] for li in self.lignes)


def compter(doleances, conseil: Conseil, nombre: int = MOIS_MONTRES) -> Comptes:
    """By secteur × nature × month over the last months, of the complaints that the reader may see."""
    courant = horloge.aujourdhui().replace(day=1)
    mois = tuple(suivante(courant, Pas.MOIS, -i) for i in reversed(range(nombre)))
    noms, natures = dict(secteurs(conseil)), dict(natures_de_doleance())
    comptes: dict[tuple[str, str, str], Counter[date]] = {}
    dits = set(
        MoisDoleances.objects.filter(conseil=conseil, mois__gte=mois[0]).values_list("commune__nom", "mois")
    )
    lues = doleances.filter(recue_le__gte=mois[0]).values_list(
        "secteur", "nature", "recue_le", "commune__nom"
    )
    for secteur, nature, jour, commune in lues.iterator():
        lieu = noms.get(secteur, secteur) if secteur else f"{commune}, sans secteur"
        comptes.setdefault((lieu, nature, commune), Counter())[jour.replace(day=1)] += 1
        dits.add((commune, jour.replace(day=1)))
    ordre = list(natures)
    return Comptes(
        mois,
        tuple(
            (
                lieu,
                natures[nature],
                tuple(par[m] if (commune, m) in dits else None for m in mois),
                par.total(),
            )
            for (lieu, nature, commune), par in sorted(
                comptes.items(), key=lambda c: (c[0][0], ordre.index(c[0][1]))
            )
        ),
    )


def table_des_comptes(comptes: Comptes, titre: str) -> Table:
    entetes = ("Secteur", "Nature", *(mois_annee(m).capitalize() for m in comptes.mois), "Total")
    lecture = (
        ("Titre", titre),
        ("Unité de compte", "doléance\u202f: ce dont un habitant se plaint, non un fait constaté"),
        ("Source", "Doléances saisies en mairie"),
    )
    lignes = tuple((s, n, *("non saisi" if x is None else x for x in c), t) for s, n, c, t in comptes.lignes)
    return Table(titre, entetes, lignes, lecture)


def table(doleances, conseil: Conseil) -> Table:
    """The list, for a spreadsheet: no text, which is not made to travel."""
    lignes = tuple(
        (
            date_courte(d.recue_le),
            d.commune.nom,
            d.lieu,
            d.get_nature_display(),
            d.get_canal_display(),
            d.get_moment_display(),
            d.repetee,
            d.suite_dite or "à traiter",
        )
        for d in habiller(doleances, conseil)
    )
    entetes = ("Reçue le", "Commune", "Secteur", "Nature", "Reçue par", "Moment", "Déjà signalée", "Suite")
    return Table(f"Doléances, {conseil}", entetes, lignes)


@transaction.atomic
def oublier_les_textes(jour: date) -> int:
    """The words of old complaints are erased; their secteur, their nature and their month stay."""
    limite = suivante(jour.replace(day=1), Pas.MOIS, -MOIS_DE_TEXTE)
    return Doleance.objects.filter(recue_le__lt=limite).exclude(texte="").update(texte="")


def resume_des_suites(doleances) -> str:
    """ "12 doléances, dont 4 à traiter." """
    comptes = avec_suite(doleances).aggregate(
        n=Count("pk"), attente=Count("pk", filter=Q(suite__isnull=True))
    )
    if not comptes["n"]:
        return ""
    attente = f", dont {comptes['attente']} à traiter" if comptes["attente"] else ""
    return f"{pluriel(comptes['n'], 'doléance')}{attente}"
