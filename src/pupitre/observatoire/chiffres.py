"""Figures of a council for one reader: each is a `Resultat`, computed from one visible state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pupitre.moteur import calcul, statistiques
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Case, Pas, calendrier, case, debut_de, suivante
from pupitre.moteur.resultats import (
    Absent,
    Audience,
    Colonne,
    Contexte,
    MotifAbsence,
    Nature,
    Periode,
    Provenance,
    Resultat,
    Rupture,
    Valeur,
)
from pupitre.moteur.secret import Comptes, Derivee
from pupitre.moteur.selection import Selection
from pupitre.observatoire import catalogue, periodes
from pupitre.observatoire.commentaires import Comparee
from pupitre.observatoire.indicateurs import Indicateur
from pupitre.observatoire.models import Source
from pupitre.observatoire.perimetres import Perimetre, Territoire
from pupitre.observatoire.profils import Profil
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

SANS_REFERENCE = Absent(
    MotifAbsence.NON_CALCULABLE, "La population ou le nombre de logements de ce lieu n’est pas connu."
)
RIEN = Absent(MotifAbsence.NON_LIVRE, "La source n’a rien livré pour cette période.")
METHODE = "Sommes des comptages publiés par la source, dans son unité de compte."


@dataclass(frozen=True)
class Sujet:
    """What a figure is about: one source, one indicator, one perimeter."""

    source: Source
    profil: Profil
    indicateur: Indicateur
    perimetre: Perimetre

    @cached_property
    def lieux(self) -> frozenset[str] | None:
        return None if self.profil.en_faits else self.perimetre.lieux(self.profil)

    @cached_property
    def ruptures(self) -> tuple[Rupture, ...]:
        return periodes.ruptures(self.profil, self.source.ruptures, self.lieux)

    @cached_property
    def couvertures(self) -> tuple[tuple[date, date], ...]:
        return tuple(self.profil.couvertures(self.lieux))

    @property
    def pas(self) -> Pas:
        return periodes.pas_de(self.profil)


@dataclass(frozen=True)
class Lecteur:
    """One reader's view of one council as of one publication."""

    conseil: Conseil
    audience: Audience
    etat: catalogue.EtatVisible
    sources: Mapping[str, Source]
    territoire: Territoire

    @classmethod
    def ouvrir(cls, conseil: Conseil, audience: Audience, jour: date | None = None) -> Lecteur:
        """Four queries, whatever the page."""
        etat = catalogue.etat_visible(conseil)
        sources = {
            s.code: s
            for s in Source.objects.filter(conseil=conseil, code__in=etat.profils).select_related(
                "organisation"
            )
        }
        return cls(
            conseil,
            audience,
            etat,
            {code: sources[code] for code in sorted(sources, key=lambda c: sources[c].nom)},
            Territoire.lire(conseil, jour or horloge.aujourdhui()),
        )

    def provenance(self, source: Source, debut: date, fin: date) -> Provenance:
        profil = self.etat.profils[source.code]
        return Provenance(
            source=source.code,
            libelle=f"{source.organisation.nom}, {source.nom}",
            producteur=source.producteur or source.organisation.nom,
            millesime=source.millesime,
            fictif=source.fictive,
            livraisons=profil.citees(debut, fin),
        )

    def contexte(self, sujet: Sujet, titre: str, periode: Periode, depuis: date | None = None) -> Contexte:
        return Contexte(
            titre=titre,
            unite=sujet.indicateur.unite,
            perimetre=sujet.perimetre.libelle,
            periode=periode,
            provenance=(self.provenance(sujet.source, depuis or periode.debut, periode.fin),),
            methode=METHODE,
            ruptures=sujet.ruptures,
        )

    def _selection(self, sujet: Sujet, pas: Pas | None = None) -> Selection:
        contenus = calcul.inventorier(catalogue.entrepot(), self.etat.manifeste)
        return calcul.resoudre(
            Selection(
                source=sujet.source.code,
                natures=sujet.indicateur.natures,
                communes=sujet.perimetre.communes,
                secteurs=sujet.perimetre.secteurs,
                territoires=sujet.perimetre.territoires,
            ),
            contenus,
            pas,
        )

    def _executer(self, mesure: str, selection: Selection, *arguments, **reste) -> Resultat:
        return calcul.executer(
            catalogue.entrepot(),
            self.etat.manifeste,
            mesure,
            selection,
            *arguments,
            audience=self.audience,
            **reste,
        )

    def serie(self, sujet: Sujet, debut: date, nombre: int, pas: Pas | None = None) -> Resultat:
        """`nombre` periods ending with the one that begins on `debut`: columns debut, n."""
        pas = pas or sujet.pas
        connu = debut_de(sujet.profil.periodes[0], pas)
        premier = min(max(suivante(debut, pas, 1 - nombre), connu), debut)
        fin = suivante(debut, pas) - timedelta(days=1)
        cases = calendrier(pas, premier, fin, sujet.couvertures)
        periode = Periode(premier, fin, _etendue(premier, debut, pas))
        return self._executer(
            "serie",
            self._selection(sujet, pas),
            cases,
            contexte=self.contexte(sujet, f"{sujet.indicateur.libelle}, {_PAR[pas]}", periode),
            colonnes=(
                Colonne("debut", "Période", Nature.PERIODE),
                Colonne(
                    "n", sujet.indicateur.unite.capitalize() + "s", Nature.ENTIER, sujet.indicateur.unite
                ),
            ),
            comptes=Comptes({"n": (None, None)}),
            couvertures=sujet.couvertures,
        )

    def tableau(
        self, sujets: Sequence[Sujet], titre: str, colonnes: Sequence[tuple[str, str, Case]], periode: Periode
    ) -> list[Resultat]:
        """One row per indicator over named periods: one `Resultat` each, since their units differ."""
        return [
            self._executer(
                "periodes",
                self._selection(sujet),
                tuple((cle, c) for cle, _, c in colonnes),
                contexte=self.contexte(sujet, titre, periode),
                colonnes=tuple(
                    Colonne(cle, libelle, Nature.ENTIER, sujet.indicateur.unite)
                    for cle, libelle, _ in colonnes
                ),
                comptes=Comptes({cle: (c.debut, c.fin) for cle, _, c in colonnes}),
                couvertures=sujet.couvertures,
            )
            for sujet in sujets
        ]

    def par_nature(
        self, sujet: Sujet, colonnes: Sequence[tuple[str, str, Case]], periode: Periode
    ) -> Resultat:
        """One row per nature of the subject, side by side and not added, over named periods."""
        return self._executer(
            "periodes",
            self._selection(sujet),
            tuple((cle, c) for cle, _, c in colonnes),
            ("nature",),
            contexte=self.contexte(sujet, sujet.source.nom, periode),
            colonnes=(
                Colonne("nature", "Nature", Nature.CODE),
                *(
                    Colonne(cle, libelle, Nature.ENTIER, sujet.indicateur.unite)
                    for cle, libelle, _ in colonnes
                ),
            ),
            comptes=Comptes({cle: (c.debut, c.fin) for cle, _, c in colonnes}),
            couvertures=sujet.couvertures,
        )

    def classement(
        self, sujet: Sujet, par: str, debut: date, compare: date, pas: Pas | None = None
    ) -> Resultat:
        """Places from the most to the least: code, libelle, n, precedent, an, taux, lecture.

        `an`: the twelve months (or the year) ending with the period; `taux`: `an` per 1,000 inhabitants or
        dwellings. Places without any fact in the period are listed, with their true zero.
        """
        pas = pas or sujet.pas
        actuelle, precedente = self.case(sujet, debut, pas), self.case(sujet, compare, pas)
        an = self._douze_mois(sujet, debut, pas)
        tout = Case(sujet.profil.periodes[0], actuelle.fin)
        cases = {"n": actuelle, "precedent": precedente, "an": an, "tout": tout}
        noms, expositions = self.territoire.noms(), self.territoire.population(sujet.indicateur.denominateur)
        par_libelle = "logements" if sujet.indicateur.denominateur == "logements" else "habitants"
        unite = sujet.indicateur.unite
        rupture = periodes.rupture_entre(sujet.ruptures, compare, debut)
        periode = periodes.periode(debut, pas)
        resultat = self._executer(
            "periodes",
            self._selection(sujet, pas),
            tuple(cases.items()),
            (par,),
            contexte=self.contexte(
                sujet, f"{sujet.indicateur.libelle}, {_LIEUX[par]}", periode, depuis=min(an.debut, compare)
            ),
            colonnes=(
                Colonne(par, "Code", Nature.CODE),
                Colonne("libelle", _TITRES[par], Nature.TEXTE),
                Colonne("n", periode.libelle.capitalize(), Nature.ENTIER, unite),
                Colonne(
                    "precedent", periodes.periode(compare, pas).libelle.capitalize(), Nature.ENTIER, unite
                ),
                *((Colonne("an", "Douze mois", Nature.ENTIER, unite),) if pas is Pas.MOIS else ()),
                Colonne(
                    "taux", f"Pour 1\u202f000 {par_libelle}", Nature.TAUX, f"{unite} pour 1 000 {par_libelle}"
                ),
                Colonne("lecture", "Lecture", Nature.TEXTE),
            ),
            comptes=Comptes({cle: (c.debut, c.fin) for cle, c in cases.items()}, classer_par="n"),
            derivees=(
                Derivee(
                    "libelle",
                    (),
                    lambda lignes: [noms.get(str(li[par]), li[par] or "Sans lieu") for li in lignes],
                ),
                Derivee("taux", ("an",), lambda lignes: _taux(lignes, par, expositions)),
                Derivee("lecture", (), lambda lignes: lectures(lignes, rupture)),
            ),
            couvertures=sujet.couvertures,
        )
        return _sans_lieu_vide(resultat, par)

    def case(self, sujet: Sujet, debut: date, pas: Pas) -> Case:
        return case(debut, suivante(debut, pas) - timedelta(days=1), sujet.couvertures)

    def cumul(self, sujet: Sujet, debut: date) -> Case:
        """From 1 January of the period's year to its last day."""
        return case(date(debut.year, 1, 1), suivante(debut, sujet.pas) - timedelta(days=1), sujet.couvertures)

    def _douze_mois(self, sujet: Sujet, debut: date, pas: Pas) -> Case:
        fin = suivante(debut, pas) - timedelta(days=1)
        if pas is not Pas.MOIS:
            return Case(debut, fin, self.case(sujet, debut, pas).complete)
        return case(suivante(debut, Pas.MOIS, -11), fin, sujet.couvertures)


def comparer(sujet: Sujet, serie: Resultat, debut: date, avant: date, pas: Pas) -> Comparee:
    """The figure of the period with the one it is compared with, both read in the series."""
    valeurs = {li["debut"]: li["n"] for li in serie.dicts()}
    livrees = [j for j, v in valeurs.items() if not isinstance(v, Absent)]
    return Comparee(
        valeur=valeurs[debut],
        precedente=valeurs.get(avant, RIEN),
        periode=periodes.periode(debut, pas),
        avant=periodes.periode(avant, pas),
        pas=pas,
        rupture=periodes.rupture_entre(sujet.ruptures, avant, debut),
        derniere=periodes.periode(max(livrees), pas) if livrees else None,
    )


_PAR = {
    Pas.MOIS: "par mois",
    Pas.TRIMESTRE: "par trimestre",
    Pas.ANNEE: "par année",
    Pas.ANNEE_SCOLAIRE: "par année scolaire",
}
_LIEUX = {"secteur": "par secteur", "commune": "par commune", "territoire": "par service"}
_TITRES = {"secteur": "Secteur", "commune": "Commune", "territoire": "Service"}


def _etendue(premier: date, dernier: date, pas: Pas) -> str:
    a, b = periodes.periode(premier, pas).libelle, periodes.periode(dernier, pas).libelle
    return a if a == b else f"{a} à {b}"


def _taux(lignes: Sequence[Mapping[str, Valeur]], par: str, expositions: Mapping[str, float]) -> list[Valeur]:
    valeurs: list[Valeur] = []
    for ligne in lignes:
        exposition = expositions.get(str(ligne[par]))
        n = ligne["an"]
        valeurs.append(
            statistiques.taux(n, exposition).valeur if exposition and isinstance(n, int) else SANS_REFERENCE
        )
    return valeurs


LECTURES = {
    "hausse": "hausse significative",
    "baisse": "baisse significative",
    "stable": "ordinaire",
    "trop_peu": "trop peu de faits",
}


def lectures(lignes: Sequence[Mapping[str, Valeur]], rupture: Rupture | None) -> list[Valeur]:
    """A word per row, corrected for the number of rows compared; the reason where nothing can be said."""
    couples = [
        (li["n"], li["precedent"]) if isinstance(li["n"], int) and isinstance(li["precedent"], int) else None
        for li in lignes
    ]
    jugees = iter(statistiques.evolutions([c for c in couples if c is not None]))
    mots: list[Valeur] = []
    for couple in couples:
        if couple is None:
            mots.append("sans comparaison")
        elif rupture is not None:
            next(jugees)
            mots.append("rupture de série")
        else:
            mots.append(LECTURES[next(jugees).sens])
    return mots


def _sans_lieu_vide(resultat: Resultat, par: str) -> Resultat:
    """Facts that have no such place count in totals, not in a ranking."""
    lignes = tuple(li for li in resultat.lignes if li[resultat.index[par]] is not None)
    return Resultat(resultat.contexte, resultat.colonnes, lignes, resultat.audience, resultat.retenus)


__all__ = ["LECTURES", "RIEN", "Lecteur", "MesureRefusee", "Sujet", "comparer", "lectures"]
