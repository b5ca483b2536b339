"""What everybody knows of a council: its places, its sources, how their indicators add up, who lives where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from outils.attaque.documents import propre
from pupitre.moteur import nomenclatures
from pupitre.moteur.mesures import Pas, debut_de, suivante
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.socle.texte import MOIS, MOIS_COURTS

# commune, secteur, service: None where it is not said
Lieu = tuple[str | None, str | None, str | None]


@dataclass(frozen=True)
class SourceConnue:
    """`cles`, `lieux`: what an address may ask, as it is written there. `etendue`: first and last day published."""

    code: str
    libelle: str
    nom: str
    pas: Pas
    natures: frozenset[str]
    indicateurs: dict[str, frozenset[str]]
    perimetres: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]
    cles: tuple[str, ...]
    lieux: tuple[str, ...]
    etendue: tuple[date, date]


@dataclass(frozen=True)
class Savoir:
    sources: dict[str, SourceConnue]
    secteurs: dict[str, str]  # code → commune
    noms: dict[str, str]  # written name → code of secteur or commune
    populations: dict[str, dict[str, float]] = field(default_factory=dict)

    @classmethod
    def apprendre(cls, conseil) -> Savoir:
        lecteur = Lecteur.ouvrir(conseil, Audience.INTERNE)
        connues = {}
        for code, source in lecteur.sources.items():
            profil = lecteur.etat.profils[code]
            demandes, lieux = indicateurs(profil, source.nom), perimetres(lecteur.territoire, profil)
            tous = {i.libelle: frozenset(i.natures) for i in demandes}
            for nature in profil.natures:
                try:
                    tous.setdefault(nomenclatures.nature(nature).libelle, frozenset((nature,)))
                except KeyError:
                    continue
            pas, jours = periodes.pas_de(profil), profil.periodes
            connues[code] = SourceConnue(
                code,
                propre(f"{source.organisation.nom}, {source.nom}"),
                propre(source.nom),
                pas,
                frozenset(profil.natures),
                {propre(k): v for k, v in tous.items()},
                {propre(p.libelle): (p.communes, p.secteurs, p.territoires) for p in lieux},
                tuple(i.cle for i in demandes),
                tuple(p.cle for p in lieux),
                (min(jours), _veille(suivante(max(jours), pas))),
            )
        return cls(
            connues,
            {s.code: s.commune_id for s in lecteur.territoire.secteurs},
            {propre(nom): code for code, nom in lecteur.territoire.noms().items()},
            {d: lecteur.territoire.population(d) for d in ("population", "logements")},
        )

    def source(self, ecrit: str) -> SourceConnue | None:
        """The source named by a provenance; the longest name that fits."""
        trouvees = [s for s in self.sources.values() if propre(ecrit).startswith(s.libelle)]
        return max(trouvees, key=lambda s: len(s.libelle), default=None)


_TRIMESTRE = re.compile(r"(\d)(?:er|e) trimestre (\d{4})")
_SEMESTRE = re.compile(r"(\d)(?:er|e) semestre (\d{4})")
_SCOLAIRE = re.compile(r"année scolaire (\d{4})-\d{4}")
_NOMS_DE_MOIS = {m: i for noms in (MOIS, MOIS_COURTS) for i, m in enumerate(noms, 1)}


def lire_periode(ecrit: str, pas: Pas | None = None) -> tuple[date, date] | None:
    """First and last day of what is written: a month, a quarter, a year, or « a à b ». None: not a period."""
    texte = propre(ecrit).lower()
    if " à " in texte:
        premier, dernier = (lire_periode(t, pas) for t in texte.split(" à ", 1))
        return (premier[0], dernier[1]) if premier and dernier else None
    if trouve := _TRIMESTRE.fullmatch(texte):
        return _etendre(date(int(trouve[2]), int(trouve[1]) * 3 - 2, 1), Pas.TRIMESTRE)
    if trouve := _SEMESTRE.fullmatch(texte):
        debut = date(int(trouve[2]), int(trouve[1]) * 6 - 5, 1)
        return debut, _veille(suivante(debut, Pas.MOIS, 6))
    if trouve := _SCOLAIRE.fullmatch(texte):
        return _etendre(date(int(trouve[1]), 9, 1), Pas.ANNEE_SCOLAIRE)
    if re.fullmatch(r"\d{4}", texte):
        return _etendre(date(int(texte), 1, 1), Pas.ANNEE)
    if re.fullmatch(r"\d{2}/\d{2}/\d{4}", texte):
        jour = date(int(texte[6:]), int(texte[3:5]), int(texte[:2]))
        return _etendre(jour, pas) if pas is not None and debut_de(jour, pas) == jour else None
    mot, _, an = texte.rpartition(" ")
    if mot in _NOMS_DE_MOIS and an.isdecimal() and len(an) == 4:
        return _etendre(date(int(an), _NOMS_DE_MOIS[mot], 1), Pas.MOIS)
    return None


def _etendre(debut: date, pas: Pas) -> tuple[date, date]:
    return debut, _veille(suivante(debut, pas))


def _veille(jour: date) -> date:
    return date.fromordinal(jour.toordinal() - 1)


def lire_nombre(ecrit: str) -> float | None:
    """ "1 234,5" → 1234.5; None for « n. d. », « non livré » and words."""
    texte = _SIGNES.sub("", ecrit)
    return float(texte.replace(",", ".")) if re.fullmatch(r"\d+(?:,\d+)?", texte) else None


_SIGNES = re.compile(r"[\s\u00a0\u202f]")


def union(parts: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*parts)
