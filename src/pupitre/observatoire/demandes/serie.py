"""One series of a partner's own source, as its software reads it: the same control as on every page."""

from __future__ import annotations

from datetime import date, timedelta

from pupitre.acces.models import Organisation
from pupitre.moteur.erreurs import ErreurPupitre, MesureRefusee
from pupitre.moteur.mesures import Pas, suivante
from pupitre.moteur.resultats import Audience, Periode, Resultat
from pupitre.observatoire.chiffres.indicateurs import Indicateur, indicateurs
from pupitre.observatoire.chiffres.lecteur import FINS, Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import Perimetre, perimetres
from pupitre.observatoire.chiffres.profils import Profil
from pupitre.observatoire.demandes.chiffres import jours_de, semestres_entiers
from pupitre.observatoire.models import Source
from pupitre.socle.texte import enumeration
from pupitre.territoires.models import Conseil


class Introuvable(ErreurPupitre):
    """What is asked is not there, or not that partner's: the answer is the same."""


def sources_lisibles(conseil: Conseil, organisation: Organisation):
    """Its own sources, and those that their producers publish for anyone."""
    siennes = Source.objects.filter(conseil=conseil).select_related("organisation")
    return [s for s in siennes if s.organisation_id == organisation.pk or s.ouverte]


def serie_de(
    *,
    conseil: Conseil,
    organisation: Organisation,
    source: str,
    nature: str,
    territoire: str,
    debut: date,
    fin: date,
) -> Resultat:
    """The periods of [debut, fin], as a partner may read them.

    Args:
        nature: key of an indicator of the source (« 4001:27 », « tout »…).
        territoire: « conseil », « commune:94028 », « secteur:CEN », « territoire:… ».

    Raises:
        Introuvable, with the choices there are. MesureRefusee: a figure that must not be computed.
    """
    lisibles = {s.code: s for s in sources_lisibles(conseil, organisation)}
    if source not in lisibles:
        raise _introuvable(f"source «\u202f{source}\u202f»", sorted(lisibles))
    lecteur = Lecteur.ouvrir(conseil, Audience.PARTENAIRE, permises={source})
    profil = lecteur.etat.profils.get(source)
    if profil is None or source not in lecteur.sources:
        raise Introuvable(
            "Aucun chiffre n’est publié pour cette source.",
            "L’équipe du conseil n’en a encore publié aucune livraison.",
            "Revenez après la première publication.",
        )
    lue = lecteur.sources[source]
    sujet = Sujet(lue, profil, _indicateur(profil, lue, nature), _lieu(lecteur, profil, territoire))
    pas = sujet.pas
    jours = jours_de(debut, fin, pas)
    if not jours:
        raise MesureRefusee(
            "Aucune période entière n’est dans ces dates.",
            f"Cette source se lit par {str(pas).replace('_', ' ').replace('annee', 'année')}.",
            "Élargissez les dates.",
        )
    if sujet.perimetre.niveau == "secteur" and pas in FINS:
        return _par_semestres(lecteur, sujet, jours)
    return lecteur.serie(sujet, jours[-1], len(jours), pas)


def _indicateur(profil: Profil, source: Source, nature: str) -> Indicateur:
    connus = {i.cle: i for i in indicateurs(profil, source.nom)}
    if nature not in connus:
        raise _introuvable(f"nature «\u202f{nature}\u202f»", list(connus))
    return connus[nature]


def _lieu(lecteur: Lecteur, profil: Profil, cle: str) -> Perimetre:
    connus = {p.cle: p for p in perimetres(lecteur.territoire, profil)}
    if cle not in connus:
        raise _introuvable(f"territoire «\u202f{cle}\u202f»", list(connus))
    return connus[cle]


def _introuvable(quoi: str, choix: list[str]) -> Introuvable:
    montres = choix[:40]
    return Introuvable(
        f"Il n’y a pas ici de {quoi}.",
        f"Ce jeton peut demander\u202f: {enumeration(montres)}." if montres else "Ce jeton n’ouvre rien ici.",
        "Vérifiez l’orthographe, ou demandez à la coordination du conseil.",
    )


def _par_semestres(lecteur: Lecteur, sujet: Sujet, jours: list[date]) -> Resultat:
    """Outside the team a secteur is read by whole half-years (ADR 0008): one column each."""
    semestres = semestres_entiers(sujet, jours, sujet.pas)
    if not semestres:
        raise MesureRefusee(
            "Ces dates ne contiennent aucun semestre entier livré.",
            "Hors de l’équipe de l’observatoire, les secteurs se lisent par semestre entier.",
            "Élargissez les dates, ou lisez les communes.",
        )
    premier, dernier = semestres[0], semestres[-1]
    libelle = premier[1] if premier is dernier else f"{premier[1]} à {dernier[1]}"
    periode = Periode(premier[2].debut, dernier[2].fin, libelle)
    titre = f"{sujet.indicateur.libelle}, par semestre"
    return lecteur.tableau(sujet, titre, semestres, periode)


def etendue_par_defaut(aujourdhui: date) -> tuple[date, date]:
    """The last twenty-four whole months."""
    fin = aujourdhui.replace(day=1) - timedelta(days=1)
    return suivante(fin.replace(day=1), Pas.MOIS, -23), fin
