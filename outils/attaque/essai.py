"""The whole attack on one council: several readers who put together all that they obtain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from outils.attaque import cibles, parcours
from outils.attaque.constats import Lecture
from outils.attaque.parcours import Bornes, Prise
from outils.attaque.savoir import Savoir
from outils.attaque.systeme import Bilan, attaquer


@dataclass
class Rapport:
    """What was obtained, read, and found.

    Attributes:
        prises: by reader, how many answers of each type.
        bilans: by source and unit of count, on half-years and years; `mensuels`: on the delivered months.
    """

    prises: dict[str, dict[str, int]]
    lecture: Lecture
    bilans: dict[str, Bilan] = field(default_factory=dict)
    mensuels: dict[str, Bilan] = field(default_factory=dict)

    @property
    def cibles(self) -> int:
        return sum(b.cibles for b in self.bilans.values())

    @property
    def retrouvees(self) -> list[cibles.Cible]:
        return [c for b in self.bilans.values() for c in b.retrouvees]

    @property
    def contradictions(self) -> list[tuple]:
        return [c for b in self.bilans.values() for c in b.contradictions]

    def lignes(self) -> list[str]:
        """The report, in French, one line a fact."""
        sorties = [
            f"{nom} : " + ", ".join(f"{n} {t or 'autres'}" for t, n in sorted(types.items()))
            for nom, types in self.prises.items()
        ]
        lus = ", ".join(f"{n} {support}" for support, n in sorted(self.lecture.lus.items()))
        sorties.append(f"Tableaux et dessins compris : {lus}.")
        sorties.append(f"Équations différentes : {len(self.lecture.constats)}.")
        for nom, b in sorted(self.bilans.items()):
            m = self.mensuels[nom]
            sorties.append(
                f"{nom} : {b.equations} équations, {b.inconnues} inconnues, {b.cibles} nombres secrets, "
                f"{len(b.retrouvees)} retrouvés ; {m.cibles} mois de secteurs, {len(m.retrouvees)} déduits."
            )
        sorties += [f"RETROUVÉ {c}" for c in self.retrouvees]
        sorties += [f"CONTRADICTION {c} (vrai : {n})" for c, n in self.contradictions]
        sorties.append(f"{len(self.retrouvees)} nombre(s) retrouvé(s) sur {self.cibles}.")
        return sorties


def essayer(
    conseil,
    lecteurs: Mapping[str, object | None],
    *,
    bornes: Bornes | None = None,
    sources: Collection[str] | None = None,
    departs: Collection[str] = ("/",),
) -> Rapport:
    """Collect as each reader, then solve on what they have together.

    Args:
        lecteurs: name → account; None for somebody without any.
        sources: those that are attacked; by default all but those that one of the readers owns, who has their files.
    """
    savoir = Savoir.apprendre(conseil)
    rapport = Rapport({}, Lecture(savoir))
    for nom, compte in lecteurs.items():
        types = rapport.prises.setdefault(nom, {})
        for prise in parcourir(conseil, compte, bornes or Bornes(), departs):
            types[prise.type] = types.get(prise.type, 0) + 1
            rapport.lecture.lire(prise)
    siennes = {s for compte in lecteurs.values() if compte is not None for s in _sources_de(compte, conseil)}
    for code in sorted(sources if sources is not None else set(savoir.sources) - siennes):
        resoudre(rapport, conseil, savoir, code)
    return rapport


def resoudre(rapport: Rapport, conseil, savoir: Savoir, code: str) -> None:
    for verite in cibles.verites(conseil, code):
        if not any(li[1] in savoir.secteurs for li in verite.lieux):
            continue
        nom = f"{code} ({len(verite.natures)} natures, {verite.natures[0]}…)"
        rapport.bilans[nom] = attaquer(verite, list(rapport.lecture.constats), cibles.cibles(verite, savoir))
        mensuelles = cibles.cibles_mensuelles(verite, savoir)
        rapport.mensuels[nom] = attaquer(verite, list(rapport.lecture.constats), mensuelles)


def parcourir(conseil, compte, bornes: Bornes, departs: Collection[str]) -> Iterator[Prise]:
    if compte is None:
        departs = (f"/public/{conseil.slug}/",)
    return parcours.parcourir(parcours.client(compte), departs, bornes)


def _sources_de(compte, conseil) -> set[str]:
    from pupitre.acces.droits import Role
    from pupitre.acces.selectors import habilitations_de
    from pupitre.observatoire.models import Source

    organisations = {
        h.organisation_id
        for h in habilitations_de(compte)
        if h.role == Role.PARTENAIRE and h.conseil_id == conseil.pk
    }
    trouvees = Source.objects.filter(conseil=conseil, organisation__in=organisations)
    return set(trouvees.values_list("code", flat=True))
