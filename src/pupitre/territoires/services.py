"""Writes: the reference data, the councils and their member communes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import cle_de_recherche, date_longue, pluriel
from pupitre.territoires.models import (
    Adhesion,
    Commune,
    Conseil,
    Departement,
    Epci,
    Millesime,
    NatureConseil,
)
from pupitre.territoires.reference import DOSSIER, Reference, lire_reference


class TerritoireRefuse(ErreurPupitre):
    """A perimeter that the law or the calendar does not allow."""


@dataclass(frozen=True, slots=True)
class Bilan:
    """What loading the official code changed. `disparues`: of an older vintage, kept for the past."""

    annee: int
    communes: int
    epci: int
    departements: int
    creees: int
    modifiees: int
    disparues: int

    @property
    def inchange(self) -> bool:
        return not (self.creees or self.modifiees)

    def __str__(self) -> str:
        tete = f"Code officiel {self.annee}\u202f: {pluriel(self.communes, 'commune')}"
        if self.inchange:
            return f"{tete}, déjà chargées, rien n’a changé."
        corps = f"{tete}, {pluriel(self.creees, 'ligne ajoutée')}, {pluriel(self.modifiees, 'mise', 'mises')} à jour"
        return f"{corps}, {pluriel(self.disparues, 'commune')} d’un millésime antérieur pour le passé."


@transaction.atomic
def charger_reference(dossier: Path = DOSSIER) -> Bilan:
    """Bring communes, EPCI and départements to the newest vintage of the folder. Run again: no change."""
    reference = lire_reference(dossier)
    creees = modifiees = 0
    for modele, voulus in (
        (Departement, _departements(reference)),
        (Epci, _epci(reference)),
        (Commune, _communes(reference)),
    ):
        nouvelles, changees = _aligner(modele, voulus)
        creees += nouvelles
        modifiees += changees
    ancien = Millesime.objects.filter(annee=reference.annee).first()
    if creees or modifiees or ancien is None or ancien.empreinte != reference.empreinte:
        Millesime.objects.update_or_create(
            annee=reference.annee,
            defaults={
                "empreinte": reference.empreinte,
                "communes": len(reference.communes),
                "charge_le": horloge.maintenant(),
            },
        )
    return Bilan(
        annee=reference.annee,
        communes=len(reference.communes),
        epci=len(reference.epci),
        departements=len(reference.departements),
        creees=creees,
        modifiees=modifiees,
        disparues=Commune.objects.exclude(millesime=reference.annee).count(),
    )


def _aligner(modele, voulus: list) -> tuple[int, int]:
    champs = [f.attname for f in modele._meta.concrete_fields]
    presents = {ligne[0]: ligne for ligne in modele.objects.values_list(*champs)}
    a_creer, a_changer = [], []
    for objet in voulus:
        ligne = tuple(getattr(objet, c) for c in champs)
        if ligne[0] not in presents:
            a_creer.append(objet)
        elif presents[ligne[0]] != ligne:
            a_changer.append(objet)
    if a_creer:
        modele.objects.bulk_create(a_creer, batch_size=2000)
    if a_changer:
        modele.objects.bulk_create(
            a_changer,
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[f.name for f in modele._meta.concrete_fields if not f.primary_key],
        )
    return len(a_creer), len(a_changer)


def _departements(reference: Reference) -> list[Departement]:
    return [
        Departement(code=d["code"], nom=d["nom"], region=reference.regions[d["region"]])
        for d in reference.departements
    ]


def _epci(reference: Reference) -> list[Epci]:
    return [
        Epci(
            code=e["code"],
            nom=e["nom"],
            nature=e["type"],
            population=int(e["population_municipale"] or 0),
        )
        for e in reference.epci
    ]


def _communes(reference: Reference) -> list[Commune]:
    return [
        Commune(
            code=c["code"],
            nom=c["nom"],
            cle=cle_de_recherche(c["nom"]),
            departement_id=c["departement"],
            epci_id=c["epci"] or None,
            ept=c["ept"],
            population=int(c["population"]) if c["population"] else None,
            qpv=c["qpv"],
            codes_postaux=c["codes_postaux"],
            millesime=reference.annee,
        )
        for c in reference.communes
    ]


@transaction.atomic
def creer_conseil(
    *,
    nature: str,
    nom: str,
    communes: Iterable[Commune | str] = (),
    epci: Epci | str | None = None,
    depuis: date | None = None,
    slug: str = "",
    fictif: bool = False,
) -> Conseil:
    """A council and its members; without `communes`, those of the EPCI or of the EPT.

    Raises:
        TerritoireRefuse: unknown code, no commune, several communes in a CLSPD.
    """
    nature = NatureConseil(nature)
    epci = _epci_de(epci)
    membres = [_commune_de(c) for c in communes]
    if not membres and epci is not None:
        membres = list(Commune.objects.de_epci(epci.code))
    if not membres:
        raise TerritoireRefuse(
            "Le conseil n’a pas été créé.",
            "Aucune commune ne lui est rattachée.",
            "Donnez le code d’une commune, ou celui d’un EPCI dont les communes seront reprises.",
        )
    if nature is NatureConseil.CLSPD and len(membres) > 1:
        raise _une_seule_commune()
    conseil = Conseil(
        nature=nature,
        nom=nom,
        slug=slug or _slug_libre(nom, membres[0]),
        epci=epci,
        fictif=fictif,
    )
    conseil.full_clean()
    conseil.save()
    debut = depuis or horloge.aujourdhui()
    Adhesion.objects.bulk_create([Adhesion(conseil=conseil, commune=c, debut=debut) for c in membres])
    return conseil


def creer_conseil_du_code(
    *, code: str, nom: str = "", depuis: date | None = None, fictif: bool = False
) -> Conseil:
    """A CLSPD from a commune's code (5 characters), a CISPD from a SIREN of an EPCI or EPT (9 digits)."""
    code = code.strip().upper().replace(" ", "")
    if len(code) == 9:
        epci = _epci_de(code)
        return creer_conseil(
            nature=NatureConseil.CISPD, nom=nom or epci.nom, epci=epci, depuis=depuis, fictif=fictif
        )
    commune = _commune_de(code)
    return creer_conseil(
        nature=NatureConseil.CLSPD, nom=nom or commune.nom, communes=[commune], depuis=depuis, fictif=fictif
    )


@transaction.atomic
def adherer(*, conseil: Conseil, commune: Commune | str, depuis: date) -> Adhesion:
    """A commune joins from that day on.

    Raises:
        TerritoireRefuse: already a member on that day or later, second commune of a CLSPD.
    """
    conseil = Conseil.objects.select_for_update(of=("self",)).get(pk=conseil.pk)
    commune = _commune_de(commune)
    suite = [a for a in conseil.adhesions.filter(commune=commune) if a.fin is None or a.fin >= depuis]
    if suite:
        raise TerritoireRefuse(
            f"{commune.nom} n’a pas été ajoutée.",
            f"Elle est déjà membre du conseil depuis le {date_longue(suite[0].debut)}.",
            "Vérifiez la date, ou retirez d’abord l’adhésion en cours.",
        )
    if conseil.nature == NatureConseil.CLSPD and conseil.adhesions.as_of(depuis).exists():
        raise _une_seule_commune()
    return Adhesion.objects.create(conseil=conseil, commune=commune, debut=depuis)


@transaction.atomic
def retirer(*, conseil: Conseil, commune: Commune | str, le: date) -> Adhesion | None:
    """`le` is the first day when the commune is a member no more; None if it never took effect.

    Raises:
        TerritoireRefuse: not a member on that day, last commune of the council.
    """
    conseil = Conseil.objects.select_for_update(of=("self",)).get(pk=conseil.pk)
    commune = _commune_de(commune)
    adhesion = conseil.adhesions.as_of(le).filter(commune=commune).first()
    if adhesion is None:
        raise TerritoireRefuse(
            f"{commune.nom} n’a pas été retirée.",
            f"Elle n’est pas membre du conseil au {date_longue(le)}.",
            "Vérifiez la date du retrait.",
        )
    if not conseil.adhesions.as_of(le).exclude(pk=adhesion.pk).exists():
        raise TerritoireRefuse(
            f"{commune.nom} n’a pas été retirée.",
            "C’est la dernière commune du conseil.",
            "Ajoutez d’abord une autre commune à cette date.",
        )
    if adhesion.debut == le:
        adhesion.delete()
        return None
    adhesion.fin = le - timedelta(days=1)
    adhesion.save(update_fields=["fin"])
    return adhesion


def _une_seule_commune() -> TerritoireRefuse:
    return TerritoireRefuse(
        "Un CLSPD ne réunit qu’une commune.",
        "À plusieurs communes, le conseil est intercommunal (CISPD).",
        "Créez un CISPD, ou retirez d’abord l’autre commune.",
    )


def _commune_de(commune: Commune | str) -> Commune:
    if isinstance(commune, Commune):
        return commune
    trouvee = Commune.objects.filter(code=commune.strip().upper()).first()
    if trouvee is None:
        raise TerritoireRefuse(
            f"Aucune commune ne porte le code «\u202f{commune}\u202f».",
            "Un code INSEE a cinq caractères, zéro initial compris (01001, 2A004, 94028).",
            "Cherchez la commune par son nom, ou vérifiez que les données de référence sont chargées.",
        )
    return trouvee


def _epci_de(epci: Epci | str | None) -> Epci | None:
    if epci is None or isinstance(epci, Epci):
        return epci
    trouve = Epci.objects.filter(code=epci.strip()).first()
    if trouve is None:
        raise TerritoireRefuse(
            f"Aucun EPCI ne porte le numéro «\u202f{epci}\u202f».",
            "Le numéro SIREN d’un EPCI a neuf chiffres.",
            "Vérifiez le numéro, ou vérifiez que les données de référence sont chargées.",
        )
    return trouve


def _slug_libre(nom: str, commune: Commune) -> str:
    base = slugify(nom)[:60] or "conseil"
    for essai in (base, f"{base}-{commune.departement_id.lower()}", f"{base}-{commune.code.lower()}"):
        if not Conseil.objects.filter(slug=essai).exists():
            return essai
    n = 2
    while Conseil.objects.filter(slug=f"{base}-{n}").exists():
        n += 1
    return f"{base}-{n}"
