"""The whole attack on one council: several readers who put together all that they obtain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from outils.attaque import cibles, interface, parcours
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
    pages: Collection[str] | None = None,
    api: interface.Etendues | None = interface.etendues,
) -> Rapport:
    """Collect as each reader, then solve on what they have together.

    Args:
        lecteurs: name → account; None for somebody without any.
        sources: those that are attacked; by default all. Of those that a reader owns, it has the files: what is
            attacked is what its software and its colleagues read of them.
        pages: readers who open pages and documents; by default all.
        api: the periods that their programs ask; None: they have no token.
    """
    savoir = Savoir.apprendre(conseil)
    prises = recueillir(conseil, lecteurs, savoir, bornes or Bornes(), sources, departs, pages, api)
    return conclure(conseil, savoir, prises, sources)


def recueillir(
    conseil,
    lecteurs: Mapping[str, object | None],
    savoir: Savoir,
    bornes: Bornes,
    sources: Collection[str] | None,
    departs: Collection[str],
    pages: Collection[str] | None = None,
    api: interface.Etendues | None = interface.etendues,
) -> Iterator[tuple[str, Prise]]:
    """Who obtained it, and what: the arguments are those of `essayer`."""
    for nom, compte in lecteurs.items():
        livraisons: set[str] = set()
        if pages is None or nom in pages:
            chez = (f"/public/{conseil.slug}/",) if compte is None else departs
            for prise in parcours.parcourir(parcours.client(compte), chez, bornes):
                livraisons |= interface.livraisons_dans(prise)
                yield nom, prise
        if api is not None and compte is not None:
            for appelant in interface.appelants(conseil, compte):
                for prise in interface.parcourir(appelant, savoir, sources, livraisons, api):
                    yield nom, prise


def conclure(
    conseil, savoir: Savoir, prises: Iterable[tuple[str, Prise]], sources: Collection[str] | None
) -> Rapport:
    """Read what was collected, and solve."""
    rapport = Rapport({}, Lecture(savoir))
    for nom, prise in prises:
        types = rapport.prises.setdefault(nom, {})
        types[prise.type] = types.get(prise.type, 0) + 1
        rapport.lecture.lire(prise)
    for code in sorted(savoir.sources if sources is None else sources):
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
