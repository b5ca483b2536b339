"""What a search finds in the directory, for who may open it. Private numbers and working notes are never searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Q

from pupitre.acces.droits import Droit
from pupitre.acces.models import Organisation
from pupitre.acces.policies import peut
from pupitre.annuaire import selectors
from pupitre.annuaire.models import Fonction, Personne, Service
from pupitre.socle import horloge
from pupitre.socle.recherche import (
    APPROCHE,
    NOM,
    NOM_DEBUT,
    Element,
    Genre,
    Mot,
    Question,
    Rayon,
    RayonEnBase,
    RayonEnMemoire,
    Trouvaille,
    chiffres_de,
    cle,
    debute,
    peser,
    porte,
    proches,
    reunir,
)
from pupitre.territoires.models import Conseil

PERSONNES = Genre("personnes", "personne", "personnes")
ORGANISATIONS = Genre("organisations", "organisation", "organisations")
_LONGUEUR_D_ADRESSE, _LONGUEUR_DE_NUMERO = 3, 8
_VOISINS_MAX = 12
_NATURES = {str(n.value): str(n.label) for n in Organisation.Nature}


def rayons(utilisateur, conseil: Conseil) -> list[Rayon]:
    if not peut(utilisateur, Droit.VOIR_ANNUAIRE, conseil):
        return []
    personnes = _Personnes(conseil, horloge.aujourdhui())
    return [
        RayonEnBase(
            PERSONNES,
            selectors.du_conseil(conseil).order_by("nom", "prenom", "pk"),
            personnes.habiller,
            personnes.peser,
            marges=False,
            lies=personnes.lies,
            textes=lambda objets: [reunir(objets), *(cle(i) for i in personnes.intitules)],
        ),
        RayonEnMemoire(ORGANISATIONS, personnes.organisations, nom=True),
    ]


@dataclass
class _Personnes:
    """Names are those that are misspelt most: what is close to one is found too, last."""

    conseil: Conseil
    jour: date
    _trouves: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def intitules(self) -> list[str]:
        tenues = Fonction.objects.as_of(self.jour).filter(conseil=self.conseil, personne__isnull=False)
        return list(tenues.order_by().values_list("intitule", flat=True).distinct())

    @cached_property
    def maisons(self) -> list[tuple[int, str, str]]:
        """Primary key, name and nature of the organisations."""
        return list(selectors.organisations(self.conseil).values_list("pk", "nom", "nature"))

    @cached_property
    def services(self) -> list[tuple[int, str, int]]:
        """Primary key, name and organisation of their services."""
        lus = Service.objects.filter(organisation__conseils=self.conseil)
        return list(lus.values_list("pk", "nom", "organisation"))

    @cached_property
    def noms(self) -> frozenset[str]:
        return frozenset(reunir(selectors.du_conseil(self.conseil)).split())

    def peser(self, mot: Mot, cles: Sequence[str]) -> int:
        voisins = self._voisins(mot)
        return peser(cles[0], mot, NOM, NOM_DEBUT) or (APPROCHE if porte(cles[0], Mot("", voisins)) else 0)

    def lies(self, mot: Mot) -> Q:
        if mot.texte.isdigit() and len(mot.texte) >= _LONGUEUR_DE_NUMERO:
            return Q(pk__in=self._joints_au(mot.texte))
        ailleurs = self._par_fonction(mot)
        if len(mot.texte) >= _LONGUEUR_D_ADRESSE:
            ailleurs |= Q(email__icontains=mot.texte)
        voisins = self._voisins(mot)
        return ailleurs | debute("cle", Mot("", voisins), marges=False) if voisins else ailleurs

    def _joints_au(self, numero: str) -> list[int]:
        lus = selectors.du_conseil(self.conseil).exclude(telephone="").values_list("pk", "telephone")
        return [pk for pk, telephone in lus if numero in chiffres_de(telephone)]

    def _par_fonction(self, mot: Mot) -> Q:
        tenues = Fonction.objects.as_of(self.jour).filter(
            Q(intitule__in=[i for i in self.intitules if porte(cle(i), mot)])
            | Q(organisation__in=[pk for pk, nom, _ in self.maisons if porte(cle(nom), mot)])
            | Q(service__in=[pk for pk, nom, _ in self.services if porte(cle(nom), mot)]),
            conseil=self.conseil,
            personne__isnull=False,
        )
        return Q(pk__in=tenues.values("personne"))

    def _voisins(self, mot: Mot) -> tuple[str, ...]:
        """Names close to a word that begins none of them."""
        if not mot.corrigeable or any(nom.startswith(mot.formes) for nom in self.noms):
            return ()
        if mot.texte not in self._trouves:
            meilleurs = sorted((-note, nom) for nom, note in proches(mot.texte, self.noms).items())
            self._trouves[mot.texte] = tuple(nom for _, nom in meilleurs[:_VOISINS_MAX])
        return self._trouves[mot.texte]

    def habiller(self, cles: list[int], question: Question) -> dict[int, Trouvaille]:
        formes = (*question.formes, *(v for m in question.mots for v in self._voisins(m)))
        return {p.pk: self._ligne(p, formes) for p in selectors.habiller(cles, self.jour)}

    def _ligne(self, personne: Personne, formes: tuple[str, ...]) -> Trouvaille:
        tenues = "\u202f; ".join(
            ", ".join(str(t) for t in (f.intitule, f.service, f.organisation) if t) for f in personne.tenues
        )
        return Trouvaille(
            "personne",
            {"personne": personne.pk},
            str(personne),
            precision=tenues or "sans fonction aujourd’hui",
            formes=formes,
        )

    def organisations(self) -> list[Element]:
        services: dict[int, list[str]] = {}
        for _, nom, organisation in self.services:
            services.setdefault(organisation, []).append(nom)
        lignes = ((pk, nom, ", ".join((_NATURES[n], *services.get(pk, ())))) for pk, nom, n in self.maisons)
        return [
            Element(Trouvaille("organisation", {"organisation": pk}, nom, dit), cle(nom), cle(dit))
            for pk, nom, dit in lignes
        ]
