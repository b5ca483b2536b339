"""Figures of a council for one reader: each is a `Resultat`, computed from one visible state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from pupitre.moteur import calcul, inventaire
from pupitre.moteur.entrepot import Entrepot
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
)
from pupitre.moteur.secret import Comptes, Derivee
from pupitre.moteur.selection import Selection
from pupitre.observatoire.chiffres import catalogue, durees, periodes
from pupitre.observatoire.chiffres.commentaires import Comparee
from pupitre.observatoire.chiffres.durees import Duree, Lecture
from pupitre.observatoire.chiffres.lectures import LECTURES, LIEUX, TITRES, lectures, sans_lieu_vide
from pupitre.observatoire.chiffres.perimetres import Territoire
from pupitre.observatoire.chiffres.sujets import Sujet
from pupitre.observatoire.collecte import conventions
from pupitre.observatoire.models import Convention, Source
from pupitre.observatoire.selectors import sources_lues
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

RIEN = Absent(MotifAbsence.NON_LIVRE, "La source n’a rien livré pour cette période.")
# Two half-years not yet delivered whole are waited for; beyond, twelve months would be too old to be shown.
SEMESTRES_DE_RETARD = 3
FINS = (Pas.MOIS, Pas.TRIMESTRE)
METHODE = "Sommes des comptages publiés par la source, dans son unité de compte."


@dataclass(frozen=True)
class Lecteur:
    """One reader's view of one council as of one publication."""

    conseil: Conseil
    audience: Audience
    etat: catalogue.EtatVisible
    sources: Mapping[str, Source]
    territoire: Territoire
    reserves: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def ouvrir(
        cls,
        conseil: Conseil,
        audience: Audience,
        jour: date | None = None,
        usage: str = Convention.Usage.TABLEAU,
        permises: Collection[str] | None = None,
    ) -> Lecteur:
        """Six queries, whatever the page.

        Outside the team, a source that no convention in force gives to that audience for that use is not there.

        Args:
            permises: codes of sources that another decision gives (the owner's answer to a request); the
                conventions then only say the reservations.
        """
        etat = catalogue.etat_visible(conseil)
        connues = [s for s in sources_lues(conseil) if s.code in etat.profils]
        if permises is None:
            droits = conventions.diffusables(connues, audience, usage, jour)
        else:
            droits = conventions.droits_des_sources([s for s in connues if s.code in permises], jour)
        sources = {s.code: s for s in connues if s.code in droits}
        return cls(
            conseil,
            audience,
            etat,
            {code: sources[code] for code in sorted(sources, key=lambda c: sources[c].nom)},
            Territoire.lire(conseil, jour or horloge.aujourdhui()),
            {code: d.reserves for code, d in droits.items() if d.reserves},
        )

    @cached_property
    def _entrepot(self) -> Entrepot:
        return catalogue.entrepot()

    def provenance(self, source: Source, debut: date, fin: date) -> Provenance:
        profil = self.etat.profils[source.code]
        return Provenance(
            source=source.code,
            libelle=f"{source.organisation.nom}, {source.nom}",
            producteur=source.producteur or source.organisation.nom,
            millesime=source.millesime,
            fictif=source.fictive,
            reserves=self.reserves.get(source.code, ""),
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

    def selection(self, sujet: Sujet, pas: Pas | None = None) -> Selection:
        contenus = inventaire.inventorier(self._entrepot, self.etat.manifeste)
        return inventaire.resoudre(
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

    def executer(self, mesure: str, selection: Selection, *arguments, **reste) -> Resultat:
        return calcul.executer(
            self._entrepot,
            self.etat.manifeste,
            mesure,
            selection,
            *arguments,
            audience=self.audience,
            **reste,
        )

    def executer_ensemble(self, demandes: Sequence[calcul.Demande]) -> list[Resultat]:
        return calcul.executer_ensemble(self._entrepot, self.etat.manifeste, demandes, audience=self.audience)

    def lire_d_avance(self, demandes: Sequence[calcul.Demande]) -> None:
        """Read at once what a page is about to ask piece by piece."""
        calcul.lire_d_avance(self._entrepot, self.etat.manifeste, demandes)

    def serie(self, sujet: Sujet, debut: date, nombre: int, pas: Pas | None = None) -> Resultat:
        """`nombre` periods ending with the one that begins on `debut`: columns debut, n."""
        return self.series([(sujet, debut, nombre, pas)])[0]

    def series(self, demandes: Sequence[tuple[Sujet, date, int, Pas | None]]) -> list[Resultat]:
        """The same for several subjects, read at once."""
        return self.executer_ensemble([self.demande_de_serie(*d) for d in demandes])

    def demande_de_serie(
        self, sujet: Sujet, debut: date, nombre: int, pas: Pas | None = None
    ) -> calcul.Demande:
        """What `serie` asks, to be read with others."""
        pas = pas or sujet.pas
        connu = debut_de(sujet.profil.periodes[0], pas)
        if connu < sujet.profil.periodes[0]:
            connu = suivante(connu, pas)  # a year begun before the source is not one of its years
        premier = min(max(suivante(debut, pas, 1 - nombre), connu), debut)
        fin = suivante(debut, pas) - timedelta(days=1)
        cases = calendrier(pas, premier, fin, sujet.couvertures)
        periode = Periode(premier, fin, periodes.etendue(premier, debut, pas))
        return calcul.Demande(
            "serie",
            self.selection(sujet, pas),
            (cases,),
            contexte=self.contexte(sujet, f"{sujet.indicateur.libelle}, {_PAR[pas]}", periode),
            colonnes=(
                Colonne("debut", "Période", Nature.PERIODE),
                Colonne(
                    "n", sujet.indicateur.unite.capitalize() + "s", Nature.ENTIER, sujet.indicateur.unite
                ),
            ),
            comptes=Comptes({"n": (None, None)}),
            couvertures=sujet.profil.couvertures_du_conseil,
        )

    def lue(self, sujet: Sujet, lecture: Lecture, nombre: int) -> Resultat:
        """The series of a reading, ending with its period: the kind of `serie`, or overlapping windows with
        columns jour (what names the period), periode, n."""
        return self.lues([(sujet, lecture, nombre)])[0]

    def lues(self, demandes: Sequence[tuple[Sujet, Lecture, int]]) -> list[Resultat]:
        """The same for several subjects, read at once."""
        return self.executer_ensemble([self.demande_de_lecture(*d) for d in demandes])

    def demande_de_lecture(self, sujet: Sujet, lecture: Lecture, nombre: int) -> calcul.Demande:
        """What `lue` asks, to be read with others."""
        if not lecture.glissante:
            return self.demande_de_serie(sujet, lecture.debut, nombre, lecture.pas_lu)
        duree, pas = lecture.duree, lecture.pas
        premier = sujet.profil.periodes[0]
        jours = [
            j
            for j in durees.serie_de(duree, pas, lecture.debut, nombre)
            if durees.fenetre(duree, pas, j)[0] >= premier or j == lecture.debut
        ]
        bornes = [durees.fenetre(duree, pas, j) for j in jours]
        noms = {b: durees.periode(duree, pas, j) for j, b in zip(jours, bornes, strict=True)}
        jour_de = dict(zip(bornes, jours, strict=True))
        etendue = Periode(bornes[0][0], bornes[-1][1], noms[bornes[-1]].libelle)

        def par_ligne(lire):
            return lambda lignes: [lire((li["debut"], li["fin"])) for li in lignes]

        unite = sujet.indicateur.unite
        return calcul.Demande(
            "fenetres",
            self.selection(sujet, Pas.MOIS if pas is Pas.MOIS else pas),
            (tuple(case(d, f, sujet.couvertures) for d, f in bornes),),
            contexte=self.contexte(
                sujet, f"{sujet.indicateur.libelle}, {durees.dans_un_titre(duree, lecture.debut)}", etendue
            ),
            colonnes=(
                Colonne("jour", "Jour", Nature.CODE),
                Colonne("periode", "Période", Nature.TEXTE),
                Colonne("n", unite.capitalize() + "s", Nature.ENTIER, unite),
            ),
            comptes=Comptes({"n": (None, None)}),
            derivees=(
                Derivee("jour", (), par_ligne(jour_de.__getitem__)),
                Derivee("periode", (), par_ligne(lambda b: noms[b].libelle.capitalize())),
            ),
            couvertures=sujet.profil.couvertures_du_conseil,
        )

    def tableau(
        self, sujet: Sujet, titre: str, colonnes: Sequence[tuple[str, str, Case]], periode: Periode
    ) -> Resultat:
        """One row over named periods."""
        return self.executer_ensemble([self.demande_de_tableau(sujet, titre, colonnes, periode)])[0]

    def demande_de_tableau(
        self, sujet: Sujet, titre: str, colonnes: Sequence[tuple[str, str, Case]], periode: Periode
    ) -> calcul.Demande:
        """What `tableau` asks, to be read with others by `executer_ensemble`. Raises what `resoudre` refuses."""
        return calcul.Demande(
            "periodes",
            self.selection(sujet),
            (tuple((cle, c) for cle, _, c in colonnes),),
            contexte=self.contexte(sujet, titre, periode),
            colonnes=tuple(
                Colonne(cle, libelle, Nature.ENTIER, sujet.indicateur.unite) for cle, libelle, _ in colonnes
            ),
            comptes=Comptes({cle: (c.debut, c.fin) for cle, _, c in colonnes}),
            couvertures=sujet.profil.couvertures_du_conseil,
        )

    def par_nature(
        self, sujet: Sujet, colonnes: Sequence[tuple[str, str, Case]], periode: Periode
    ) -> Resultat:
        """One row per nature of the subject, side by side and not added, over named periods."""
        return self.executer_ensemble([self.demande_par_nature(sujet, colonnes, periode)])[0]

    def demande_par_nature(
        self, sujet: Sujet, colonnes: Sequence[tuple[str, str, Case]], periode: Periode
    ) -> calcul.Demande:
        """What `par_nature` asks, to be read with others."""
        return calcul.Demande(
            "periodes",
            self.selection(sujet),
            (tuple((cle, c) for cle, _, c in colonnes), ("nature",)),
            contexte=self.contexte(sujet, sujet.source.nom, periode),
            colonnes=(
                Colonne("nature", "Nature", Nature.CODE),
                *(
                    Colonne(cle, libelle, Nature.ENTIER, sujet.indicateur.unite)
                    for cle, libelle, _ in colonnes
                ),
            ),
            comptes=Comptes({cle: (c.debut, c.fin) for cle, _, c in colonnes}),
            couvertures=sujet.profil.couvertures_du_conseil,
        )

    def croiser(
        self, sujet: Sujet, axe: str, colonnes: Sequence[tuple[str, str, Case]], periode: Periode
    ) -> Resultat:
        """One row per place (commune, secteur, territoire) over named periods: code, libelle, then the periods.

        Places without any fact in these periods are listed too: their absence would tell their zero.
        """
        noms = self.territoire.noms()
        tout = Case(sujet.profil.periodes[0], max(c.fin for _, _, c in colonnes))
        resultat = self.executer(
            "periodes",
            self.selection(sujet),
            (*((cle, c) for cle, _, c in colonnes), ("tout", tout)),
            (axe,),
            contexte=self.contexte(sujet, f"{sujet.indicateur.libelle}, {LIEUX[axe]}", periode),
            colonnes=(
                Colonne(axe, "Code", Nature.CODE),
                Colonne("libelle", TITRES[axe], Nature.TEXTE),
                *(
                    Colonne(cle, libelle, Nature.ENTIER, sujet.indicateur.unite)
                    for cle, libelle, _ in colonnes
                ),
            ),
            comptes=Comptes(
                {cle: (c.debut, c.fin) for cle, _, c in colonnes} | {"tout": (tout.debut, tout.fin)}
            ),
            derivees=(
                Derivee(
                    "libelle",
                    (),
                    lambda lignes: [noms.get(str(li[axe]), li[axe] or "Sans lieu") for li in lignes],
                ),
            ),
            couvertures=sujet.profil.couvertures_du_conseil,
        )
        return sans_lieu_vide(resultat, axe)

    def douze_mois_des_secteurs(self, sujet: Sujet, debut: date, pas: Pas) -> Case | None:
        """The last twelve months, in whole half-years, that the source had delivered by the end of the period.

        Outside the team, secteurs are read by half-years (see `moteur.motif`). None when there are none yet.
        """
        fin = suivante(debut, pas)
        premier = date(fin.year, 7 if fin.month >= 7 else 1, 1)
        for _ in range(SEMESTRES_DE_RETARD):
            an = case(
                suivante(premier, Pas.MOIS, -12),
                premier - timedelta(days=1),
                sujet.profil.couvertures_du_conseil,
            )
            if an.complete:
                return an
            premier = suivante(premier, Pas.MOIS, -6)
        return None

    def par_semestres(self, par: str, pas: Pas, livre: Pas | None = None) -> bool:
        """Whether this reader has these places by whole half-years. `livre`: step of the deliveries."""
        if par != "secteur" or self.audience is Audience.INTERNE:
            return False
        return pas in FINS or (pas is Pas.ANNEE_SCOLAIRE and livre in FINS)

    def case(self, sujet: Sujet, debut: date, pas: Pas) -> Case:
        return case(debut, suivante(debut, pas) - timedelta(days=1), sujet.couvertures)

    def cumul(self, sujet: Sujet, debut: date) -> Case:
        """From 1 January of the period's year to its last day."""
        return case(date(debut.year, 1, 1), suivante(debut, sujet.pas) - timedelta(days=1), sujet.couvertures)


def comparer(sujet: Sujet, serie: Resultat, debut: date, avant: date, pas: Pas) -> Comparee:
    """The figure of the period with the one it is compared with, both read in the series."""
    return comparer_lus(sujet, serie, Lecture(Duree.PERIODE, pas, debut, avant))


def comparer_lus(sujet: Sujet, serie: Resultat, lecture: Lecture) -> Comparee:
    """The same for a series given by `Lecteur.lue`."""
    cle = "jour" if lecture.glissante else "debut"
    valeurs = {li[cle]: li["n"] for li in serie.dicts()}
    livrees = [j for j, v in valeurs.items() if not isinstance(v, Absent)]
    return Comparee(
        valeur=valeurs.get(lecture.debut, RIEN),
        precedente=valeurs.get(lecture.avant, RIEN),
        periode=lecture.periode,
        avant=lecture.periode_avant,
        pas=lecture.pas_lu,
        duree=lecture.duree,
        rupture=lecture.rupture(sujet.ruptures),
        derniere=durees.periode(lecture.duree, lecture.pas, max(livrees)) if livrees else None,
    )


_PAR = {
    Pas.MOIS: "par mois",
    Pas.TRIMESTRE: "par trimestre",
    Pas.ANNEE: "par année",
    Pas.ANNEE_SCOLAIRE: "par année scolaire",
}


__all__ = [
    "LECTURES",
    "RIEN",
    "Lecteur",
    "MesureRefusee",
    "Sujet",
    "comparer",
    "comparer_lus",
    "lectures",
]
