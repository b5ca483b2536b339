"""Places from the most to the least touched: what a ranking asks of the engine."""

from __future__ import annotations

from datetime import date, timedelta

from pupitre.moteur import calcul
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.mesures import Case, Pas, case, suivante
from pupitre.moteur.resultats import Colonne, Nature, Periode, Resultat
from pupitre.moteur.secret import Comptes, Derivee
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.durees import Duree, Lecture
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.chiffres.lectures import LIEUX, TITRES, lectures, sans_lieu_vide, taux_par_lieu
from pupitre.observatoire.chiffres.sujets import Sujet


def classer(lecteur: Lecteur, demande: calcul.Demande) -> Resultat:
    """The ranking that `demande_de_classement` asks: its places, and no row for facts without one."""
    return sans_lieu_vide(lecteur.executer_ensemble([demande])[0], demande.colonnes[0].cle)


def demande_de_classement(
    lecteur: Lecteur,
    sujet: Sujet,
    par: str,
    debut: date,
    compare: date,
    pas: Pas | None = None,
    lecture: Lecture | None = None,
) -> calcul.Demande:
    """What a ranking asks, for `classer` or to be read with others. Columns: code, libelle, n, precedent, an, taux,
    lecture.

    `an`: the twelve months (or the year) ending with the period; `taux`: `an` per 1,000 inhabitants or
    dwellings. Places without any fact in the period are listed, with their true zero. Outside the team,
    secteurs have no `n`, and `an` and `precedent` are twelve months in whole half-years.

    Args:
        lecture: rolling or cumulative periods in place of those of `debut` and `compare`.

    Raises:
        MesureRefusee: no whole half-year yet, or what `resoudre` refuses.
    """
    pas = pas or sujet.pas
    unite = sujet.indicateur.unite
    if lecteur.par_semestres(par, pas, sujet.pas):
        an = lecteur.douze_mois_des_secteurs(sujet, debut, pas)
        if an is None:
            raise MesureRefusee(
                "Cette source n’a pas encore de chiffres par secteur.",
                "Hors de l’équipe de l’observatoire, les secteurs se lisent par semestre entier, et il en faut "
                "deux.",
                "Lisez les communes, ou attendez que deux semestres soient livrés.",
            )
        avant = case(
            suivante(an.debut, Pas.MOIS, -12),
            an.debut - timedelta(days=1),
            sujet.profil.couvertures_du_conseil,
        )
        cases, compte = {"an": an, "precedent": avant}, "an"
        periode = douze_mois(an)
        comptes = [
            Colonne("an", periode.libelle.capitalize(), Nature.ENTIER, unite),
            Colonne("precedent", "Douze mois d’avant", Nature.ENTIER, unite),
        ]
        rupture = periodes.rupture_entre(sujet.ruptures, avant.debut, an.fin)
        titre = f"{sujet.indicateur.libelle}, {LIEUX[par]}, {periode.libelle}"
    else:
        lue = lecture or Lecture(Duree.PERIODE, pas, debut, compare)
        periode, avant_lu = lue.periode, lue.periode_avant
        an = _douze_mois(lecteur, sujet, debut, pas)
        if lue.duree is Duree.SEMESTRE:
            an = _douze_mois(lecteur, sujet, suivante(debut, Pas.MOIS, 5), Pas.MOIS)
        cases, compte = (
            {
                n: case(p.debut, p.fin, sujet.couvertures)
                for n, p in (("n", periode), ("precedent", avant_lu))
            },
            "n",
        )
        cases["an"] = an
        comptes = [
            Colonne("n", periode.libelle.capitalize(), Nature.ENTIER, unite),
            Colonne("precedent", avant_lu.libelle.capitalize(), Nature.ENTIER, unite),
            *(
                (Colonne("an", "Douze mois", Nature.ENTIER, unite),)
                if pas is Pas.MOIS and lue.duree is not Duree.DOUZE_MOIS
                else ()
            ),
        ]
        rupture = lue.rupture(sujet.ruptures)
        titre = f"{sujet.indicateur.libelle}, {LIEUX[par]}"
    cases["tout"] = Case(sujet.profil.periodes[0], max(c.fin for c in cases.values()))
    noms, expositions = (
        lecteur.territoire.noms(),
        lecteur.territoire.population(sujet.indicateur.denominateur),
    )
    par_libelle = "logements" if sujet.indicateur.denominateur == "logements" else "habitants"
    return calcul.Demande(
        "periodes",
        lecteur.selection(sujet, pas),
        (tuple(cases.items()), (par,)),
        contexte=lecteur.contexte(
            sujet, titre, periode, depuis=min(c.debut for cle, c in cases.items() if cle != "tout")
        ),
        colonnes=(
            Colonne(par, "Code", Nature.CODE),
            Colonne("libelle", TITRES[par], Nature.TEXTE),
            *comptes,
            Colonne(
                "taux",
                f"Pour 1\u202f000 {par_libelle}",
                Nature.TAUX,
                f"{unite} pour 1\u202f000 {par_libelle}",
            ),
            Colonne("lecture", "Lecture", Nature.TEXTE),
        ),
        comptes=Comptes({cle: (c.debut, c.fin) for cle, c in cases.items()}, classer_par=compte),
        derivees=(
            Derivee(
                "libelle",
                (),
                lambda lignes: [noms.get(str(li[par]), li[par] or "Sans lieu") for li in lignes],
            ),
            Derivee("taux", ("an",), lambda lignes: taux_par_lieu(lignes, par, expositions)),
            Derivee("lecture", (), lambda lignes: lectures(lignes, rupture, compte)),
        ),
        couvertures=sujet.profil.couvertures_du_conseil,
    )


def _douze_mois(lecteur: Lecteur, sujet: Sujet, debut: date, pas: Pas) -> Case:
    fin = suivante(debut, pas) - timedelta(days=1)
    if pas is not Pas.MOIS:
        return Case(debut, fin, lecteur.case(sujet, debut, pas).complete)
    return case(suivante(debut, Pas.MOIS, -11), fin, sujet.couvertures)


def douze_mois(an: Case) -> Periode:
    return Periode(an.debut, an.fin, periodes.etendue(an.debut, an.fin.replace(day=1), Pas.MOIS))
