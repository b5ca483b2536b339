"""The council's own places against each other: secteurs or communes of one source, twelve months, per inhabitant."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.documents import graphiques
from pupitre.documents.formes import Nuage, PointDeNuage, Sens
from pupitre.documents.graphiques.resumes import nom_unite
from pupitre.documents.tableaux import Table, lecture
from pupitre.moteur import statistiques
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.resultats import Absent, Resultat
from pupitre.moteur.statistiques.entonnoir import Entonnoir, Place
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.choix import Choix, choisir
from pupitre.observatoire.chiffres.classements import classer, demande_de_classement
from pupitre.observatoire.chiffres.figures import Figure
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.indicateurs_suivis import sujet_de
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet
from pupitre.observatoire.chiffres.lignes_comparees import POSITIONS, Comparaisons, Ligne, intervalle, rang
from pupitre.socle.texte import enumeration, nombre, pluriel

# Named all, or only those that stand out: a drawing with thirty names cannot be read.
NOMS_MAX = 12
_AXES = {"secteur": "Secteurs du conseil", "commune": "Communes du conseil"}


def offre(lecteur: Lecteur) -> list[tuple[str, list[tuple[str, str]]]]:
    """Figures of the sources that tell several places of the council apart, by source."""
    return [
        (
            f"{source.organisation.nom}, {source.nom}",
            [(f"{code}.{i.cle}", i.libelle) for i in indicateurs(lecteur.etat.profils[code], source.nom)],
        )
        for code, source in lecteur.sources.items()
        if _axes(lecteur, code)
    ]


def _axes(lecteur: Lecteur, code: str) -> list[str]:
    profil = lecteur.etat.profils[code]
    axes = ["secteur"] if len(profil.secteurs) > 1 else []
    return axes + (["commune"] if len(profil.communes) > 1 else [])


def composer(lecteur: Lecteur, voulu: str, groupe: str) -> Comparaisons:
    """The places of the council for that figure. Raises LookupError when no source gives it."""
    code, _, nom = voulu.partition(".")
    sujet = sujet_de(lecteur, code, nom, "conseil")
    if sujet is None:
        raise LookupError(voulu)
    choix = choisir([(a, _AXES[a]) for a in _axes(lecteur, code)], groupe)
    axe = next(c.cle for c in choix if c.choisi)
    commun = {
        "groupes": choix,
        "choix": (("indicateur", voulu), ("groupe", axe)),
        "fictif": sujet.source.fictive,
    }
    debut = sujet.profil.periodes[-1]
    try:
        avant = periodes.un_an_avant(debut, sujet.pas)
        classement = classer(lecteur, demande_de_classement(lecteur, sujet, axe, debut, avant))
    except MesureRefusee as refus:
        return Comparaisons(**commun, notes=(f"{refus.quoi} {refus.pourquoi} {refus.que_faire}",))
    lu = _Lu(lecteur, sujet, axe, classement)
    return Comparaisons(
        **commun,
        figure=lu.figure(),
        lignes=tuple(lu.lignes()),
        phrase=lu.phrase(),
        notes=tuple(lu.notes()),
        par=lu.par,
        table=lu.table(choix),
    )


@dataclass
class _Lu:
    lecteur: Lecteur
    sujet: Sujet
    axe: str
    classement: Resultat

    def __post_init__(self) -> None:
        self.compte = "an" if "an" in self.classement.index else "n"
        self.expositions = self.lecteur.territoire.population(self.sujet.indicateur.denominateur)
        self.par = "logements" if self.sujet.indicateur.denominateur == "logements" else "habitants"
        self.rangees = list(self.classement.dicts())
        compares = [
            (str(li[self.axe]), int(li[self.compte]))  # type: ignore[arg-type]
            for li in self.rangees
            if isinstance(li[self.compte], int) and self.expositions.get(str(li[self.axe]))
        ]
        self.entonnoir: Entonnoir | None = None
        self.places: dict[str, Place] = {}
        if len(compares) > 1:
            self.entonnoir = statistiques.entonnoir(
                [n for _, n in compares], [self.expositions[c] for c, _ in compares]
            )
            self.places = dict(zip([c for c, _ in compares], self.entonnoir.places, strict=True))

    @property
    def titre(self) -> str:
        quand = self.classement.contexte.periode.libelle
        if self.compte == "an" and not self.lecteur.par_semestres(self.axe, self.sujet.pas):
            quand = f"douze mois à fin {quand}"
        return f"{self.sujet.indicateur.libelle}, {_AXES[self.axe].lower()}, {quand}"

    @property
    def unite_du_taux(self) -> str:
        return f"{nom_unite(2, self.sujet.indicateur.unite)} pour 1\u202f000 {self.par}"

    def figure(self) -> Figure:
        e = self.entonnoir
        noms = {str(li[self.axe]): str(li["libelle"]) for li in self.rangees}
        tous = len(self.places) <= NOMS_MAX
        nuage = Nuage(
            titre=self.titre,
            unite=self.unite_du_taux,
            taille_libelle=self.par,
            points=tuple(
                PointDeNuage(
                    noms[c],
                    p.exposition,
                    p.taux,
                    POSITIONS[p.position][1],
                    tous or POSITIONS[p.position][1] in (Sens.HAUSSE, Sens.BAISSE),
                )
                for c, p in self.places.items()
            ),
            taux=e.taux if e else 0.0,
            limites=tuple((li.exposition, li.bas, li.haut, li.tres_bas, li.tres_haut) for li in e.courbe)
            if e
            else (),
        )
        dessin = graphiques.nuage_adaptatif(nuage, ident="entonnoir")
        return Figure(
            cle="entonnoir",
            titre=self.titre,
            svg=dessin.svg,
            resume=dessin.resume,
            resultat=self.classement,
            seule=lambda: graphiques.nuage(nuage, ident="entonnoir"),
            phrase=self.phrase(),
            notes=graphiques.notes_de_nuage(nuage) if nuage.points else "",
            codes=self.sujet.indicateur.codes,
        )  # fmt: skip

    def lignes(self) -> list[Ligne]:
        lignes = []
        for li in self.rangees:
            code, n = str(li[self.axe]), li[self.compte]
            exposition, place = self.expositions.get(code), self.places.get(code)
            mot, sens = "sans référence de population", ""
            if isinstance(n, Absent):
                mot = n.raison
            if place is not None:
                mot, sens = POSITIONS[place.position][0], POSITIONS[place.position][1].value
            lignes.append(
                Ligne(
                    code,
                    str(li["libelle"]),
                    self.axe,
                    n,
                    exposition,
                    li["taux"],
                    intervalle(n, exposition),
                    rang(place, self.places.values()),
                    mot,
                    sens,
                )
            )
        if self.entonnoir is not None:
            nom = f"Ensemble des {pluriel(len(self.places), 'lieu comparé', 'lieux comparés')}"
            n = sum(p.n for p in self.places.values())
            exposition = sum(p.exposition for p in self.places.values())
            lignes.append(Ligne("groupe", nom, "ensemble", n, exposition, self.entonnoir.taux))
        return lignes

    def phrase(self) -> str:
        if self.entonnoir is None:
            return (
                "Moins de deux lieux ont un chiffre et une population connus\u202f: il n’y a rien à comparer. Les "
                "populations se saisissent avec le découpage en secteurs."
            )
        noms = {str(li[self.axe]): str(li["libelle"]) for li in self.rangees}
        phrases = []
        for position in ("au_dessus", "sous"):
            cites = [
                f"{noms[c]} ({nombre(p.taux, 1)})" for c, p in self.places.items() if p.position == position
            ]
            if cites:
                phrases.append(f"{enumeration(cites[:8])}\u202f: {POSITIONS[position][0]}.")
        if not phrases:
            phrases.append("Aucun lieu ne sort des limites du hasard, compte tenu de sa taille.")
        return " ".join(
            [*phrases, f"Taux d’ensemble\u202f: {nombre(self.entonnoir.taux, 1)} {self.unite_du_taux}."]
        )

    def notes(self) -> list[str]:
        notes = list(self.classement.retenus)
        sans = sum(str(li[self.axe]) not in self.places for li in self.rangees)
        if sans:
            notes.append(
                f"{pluriel(sans, 'lieu', 'lieux')} sans chiffre montré ou sans population connue\u202f: ni comptés, ni "
                "supposés nuls."
            )
        return notes

    def table(self, groupes: tuple[Choix, ...]) -> Table:
        unite = nom_unite(2, self.sujet.indicateur.unite).capitalize()
        return Table(
            titre=self.titre,
            entetes=(
                "Code", "Lieu", unite, self.par.capitalize(), f"Pour 1\u202f000 {self.par}",
                "Intervalle à 95\u202f%", "Rang", "Lecture",
            ),
            lignes=tuple(
                (li.code, li.libelle, li.n, li.exposition, li.taux, li.intervalle, li.rang, li.lecture)
                for li in self.lignes()
            ),
            lecture=lecture(self.classement),
        )  # fmt: skip
