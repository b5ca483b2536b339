"""Where a figure is about: the council, a commune, a secteur, or the perimeter that the partner names."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.observatoire.chiffres.profils import Profil
from pupitre.socle.texte import enumeration
from pupitre.territoires.models import Commune, Conseil, Secteur


@dataclass(frozen=True, slots=True)
class Perimetre:
    """`niveau`: conseil, commune, secteur or territoire. `lieux`: those whose deliveries make it complete."""

    cle: str
    libelle: str
    niveau: str
    communes: tuple[str, ...] = ()
    secteurs: tuple[str, ...] = ()
    territoires: tuple[str, ...] = ()
    population: int | None = None
    logements: int | None = None
    note: str = ""

    def lieux(self, profil: Profil) -> frozenset[str] | None:
        """Places of the coverage that this perimeter needs; None: all that the source knows."""
        connus = profil.arrivees
        voulus = frozenset(self.communes if self.niveau != "territoire" else self.territoires) & set(connus)
        return voulus or None


@dataclass(frozen=True)
class Territoire:
    """The council's places as of now: read once per page."""

    conseil: Conseil
    communes: tuple[Commune, ...]
    secteurs: tuple[Secteur, ...]

    @classmethod
    def lire(cls, conseil: Conseil, jour) -> Territoire:
        decoupage = conseil.decoupages.as_of(jour).first()
        secteurs = tuple(decoupage.secteurs.defer("contour").order_by("nom")) if decoupage is not None else ()
        return cls(conseil, tuple(conseil.communes_as_of(jour)), secteurs)

    def population(self, denominateur: str) -> dict[str, float]:
        """Exposure by place code: communes and secteurs, where it is known."""
        valeurs: dict[str, float] = {}
        for secteur in self.secteurs:
            n = secteur.population if denominateur == "population" else secteur.logements
            if n:
                valeurs[secteur.code] = n
        if denominateur == "population":
            valeurs.update({c.code: c.population for c in self.communes if c.population})
        else:
            for commune in self.communes:
                logements = [s.logements for s in self.secteurs if s.commune_id == commune.code]
                if logements and all(logements):
                    valeurs[commune.code] = sum(logements)
        return valeurs

    def noms(self) -> dict[str, str]:
        return {c.code: c.nom for c in self.communes} | {s.code: s.nom for s in self.secteurs}


def perimetres(territoire: Territoire, profil: Profil) -> tuple[Perimetre, ...]:
    """Choices for one source, from the widest; the first is the default."""
    membres = {c.code: c for c in territoire.communes}
    presentes = [c for c in profil.communes if c in membres]
    if presentes:
        choix = [
            Perimetre(
                "conseil",
                _les_communes([membres[c].nom for c in presentes]),
                "conseil",
                communes=tuple(presentes),
                population=sum(membres[c].population or 0 for c in presentes) or None,
            )
        ]
        if len(presentes) > 1:
            choix += [
                Perimetre(
                    f"commune:{c}", membres[c].nom, "commune", communes=(c,), population=membres[c].population
                )
                for c in presentes
            ]
        choix += _secteurs(territoire, profil)
        return tuple(choix)
    if profil.territoires:
        choix = [
            Perimetre(
                "conseil",
                enumeration(profil.territoires)
                if len(profil.territoires) < 4
                else "Tous les services retenus",
                "conseil",
                note="Périmètre du partenaire\u202f: il peut déborder les communes du conseil.",
            )
        ]
        if len(profil.territoires) > 1:
            choix += [
                Perimetre(f"territoire:{t}", t, "territoire", territoires=(t,)) for t in profil.territoires
            ]
        return tuple(choix + _secteurs(territoire, profil))
    return (Perimetre("conseil", str(territoire.conseil), "conseil"), *_secteurs(territoire, profil))


def _secteurs(territoire: Territoire, profil: Profil) -> list[Perimetre]:
    presents = set(profil.secteurs)
    return [
        Perimetre(
            f"secteur:{s.code}",
            s.nom,
            "secteur",
            secteurs=(s.code,),
            population=s.population,
            logements=s.logements,
        )
        for s in territoire.secteurs
        if s.code in presents
    ]


def _les_communes(noms: list[str]) -> str:
    noms = sorted(noms)
    return noms[0] if len(noms) == 1 else enumeration(noms)
