"""The analysis that goes with the data: what was asked, the reserves, the figures and what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pupitre.documents.ecrits import Bloc, Ecrit, Encadre, Figure, Grille, Liste, Paragraphe, Registre, Titre
from pupitre.moteur import nomenclatures, statistiques
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Absent, Resultat, Valeur
from pupitre.observatoire.chiffres import commentaires, definitions, periodes
from pupitre.observatoire.chiffres.lecteur import LECTURES, RIEN, comparer, lectures
from pupitre.observatoire.chiffres.tableau import phrase_de_serie, serie_dessinee
from pupitre.observatoire.demandes.chiffres import Tirage, Volet, perimetre_en_clair, periode_en_clair
from pupitre.observatoire.models import DemandeDonnees
from pupitre.socle.texte import date_longue, nombre, pluriel

LIGNES_MAX = 14
DEUX_ANS = 24
COLONNES_DE_SECTEUR_MAX = 4
_METHODES = ("Significatif", "Ordinaire", "Trop peu de faits", "n. d.", "Secteurs", "Non livré")
SANS_RESERVE = "Le propriétaire des données n’a pas émis de réserve."
EMPLOI = (
    "Ces données ne servent qu’à l’utilisation écrite dans la demande, par les personnes qu’elle nomme, jusqu’à la "
    "date qu’elle fixe. Toute autre utilisation demande un nouvel accord."
)


@dataclass(frozen=True, slots=True)
class Reserve:
    """What an owner asks to be written beside its figures, or what its convention does."""

    auteur: str
    texte: str

    def __str__(self) -> str:
        return f"{self.auteur}\u202f: {' '.join(self.texte.split())}"


def entete(
    demande: DemandeDonnees, tirage: Tirage, reserves: Sequence[Reserve]
) -> tuple[tuple[str, str], ...]:
    """The lines that come first in the workbook and in the CSV."""
    lignes = [
        ("Demande", demande.reference),
        ("Remis à", f"{demande.organisation} ({demande.demandeur_nom})"),
        ("Par", f"l’observatoire du {demande.conseil}, sous couvert de sa présidence"),
        ("Territoire", perimetre_en_clair(tirage.lecteur, demande.perimetre)),
        ("Période", periode_en_clair(demande.debut, demande.fin)),
        ("Utilisation prévue", " ".join(demande.usage.split())),
        ("Qui les lira", " ".join(demande.lecteurs.split())),
        ("Utilisées jusqu’au", date_longue(demande.jusqu_au)),
        ("Emploi", EMPLOI),
        *(("Réserves", str(r)) for r in reserves),
    ]
    if not reserves:
        lignes.append(("Réserves", SANS_RESERVE))
    return (*lignes, *(("Non remis", note) for note in tirage.notes))


def bandeau(reserves: Sequence[Reserve]) -> str:
    """Printed at the top of every page."""
    return "Réserves\u202f: " + " ".join(str(r) for r in reserves) if reserves else ""


def rediger(
    demande: DemandeDonnees,
    tirage: Tirage,
    reserves: Sequence[Reserve],
    *,
    jour: date,
    commentaire: str = "",
) -> Ecrit:
    blocs: list[Bloc] = [
        Encadre("Ce qui a été demandé", tuple(f"**{k}**\u202f: {v}" for k, v in _demande(demande, tirage))),
        Encadre("Réserves", tuple(str(r) for r in reserves) or (SANS_RESERVE,)),
    ]
    if commentaire.strip():
        blocs.append(Titre(1, "Ce qu’en dit l’équipe du conseil"))
        blocs += [Paragraphe(" ".join(p.split())) for p in commentaire.split("\n\n") if p.strip()]
    for volet in tirage.volets:
        blocs += _volet(tirage, volet)
    if tirage.notes:
        blocs += [Titre(1, "Ce qui n’est pas remis"), Liste(tirage.notes)]
    blocs += _sources_et_methode(tirage)
    return Ecrit(
        titre=f"Données transmises à {demande.organisation}",
        sous_titre=f"{perimetre_en_clair(tirage.lecteur, demande.perimetre)}, "
        f"{periode_en_clair(demande.debut, demande.fin)}",
        surtitre=f"Observatoire, demande {demande.reference}",
        emetteur=str(demande.conseil),
        mention="Transmission restreinte au demandeur",
        jour=jour,
        blocs=tuple(blocs),
        fictif=any(v.source.fictive for v in tirage.volets),
        bandeau=bandeau(reserves),
    )


def _demande(demande: DemandeDonnees, tirage: Tirage) -> list[tuple[str, str]]:
    garder = {"Remis à", "Par", "Utilisation prévue", "Qui les lira", "Utilisées jusqu’au", "Emploi"}
    return [li for li in entete(demande, tirage, ()) if li[0] in garder]


def _volet(tirage: Tirage, volet: Volet) -> list[Bloc]:
    lecteur, pas, principal = tirage.lecteur, volet.pas, volet.principal
    debut = volet.jours[-1]
    avant = periodes.un_an_avant(debut, pas)
    nombre_de_periodes = len(volet.jours)
    serie = lecteur.serie(principal, debut, nombre_de_periodes, pas)
    unite = principal.indicateur.unite
    accroche = _accroche(volet, comparer(principal, serie, debut, avant, pas), avant)
    blocs: list[Bloc] = [
        Titre(1, f"{volet.source.organisation.nom}\u202f: {_minuscule(volet.source.nom)}"),
        Paragraphe(
            f"{accroche} {phrase_de_serie(serie, pas) if nombre_de_periodes >= DEUX_ANS else ''}".strip(),
            Registre.ACCROCHE,
        ),
        Paragraphe(
            f"Unité de compte\u202f: {unite}. Territoire\u202f: {principal.perimetre.libelle}. "
            f"Période\u202f: {volet.periode.libelle}."
        ),
        _grille_des_natures(volet, debut, avant),
    ]
    if any(not isinstance(v, Absent) for v in serie.colonne("n")) and nombre_de_periodes > 1:
        blocs.append(Figure(serie_dessinee(serie, pas), hauteur=52))
    for resultat, titre in ((volet.par_commune, "Par commune"), (volet.par_secteur, "Par secteur")):
        if resultat is not None and resultat.lignes:
            blocs.append(_grille_des_lieux(volet, resultat, titre))
    retenus = dict.fromkeys(t for r in volet.resultats for t in r.retenus)
    blocs += [
        Paragraphe(t, Registre.PETIT) for t in (*volet.notes, principal.indicateur.reserve, *retenus) if t
    ]
    return blocs


def _accroche(volet: Volet, comparee: commentaires.Comparee, avant: date) -> str:
    """What was asked may not go back a year: that is not a delivery that is missing."""
    nom = volet.principal.indicateur.libelle
    if avant in volet.jours:
        (jugee,) = commentaires.juger([comparee])
        return f"**{nom}. {commentaires.verdict(jugee)}** {commentaires.phrase(jugee)}"
    valeur = commentaires.valeur_affichee(comparee.valeur)
    unite = commentaires.unite_affichee(comparee.valeur, volet.principal.indicateur.unite)
    return (
        f"**{nom}\u202f: {valeur} {unite} en {comparee.periode.libelle}.** La demande ne porte pas sur "
        f"{comparee.avant.libelle}\u202f: rien n’est comparé d’une année sur l’autre."
    )


def _grille_des_natures(volet: Volet, debut: date, avant: date) -> Grille:
    """The last period, the same a year before, the whole period, and whether the difference is more than chance."""
    colonnes = [c.cle for c in volet.par_nature.colonnes if c.cle != "nature"]
    rangs = {j: f"p{i}" for i, j in enumerate(volet.jours)}
    derniere, ancienne = rangs[debut], rangs.get(avant)
    lues = []
    for ligne in volet.par_nature.dicts():
        valeurs = [ligne[c] for c in colonnes]
        total: Valeur = (
            sum(v for v in valeurs if isinstance(v, int))
            if all(isinstance(v, int) for v in valeurs)
            else RIEN
        )
        lues.append((str(ligne["nature"]), ligne[derniere], ligne[ancienne] if ancienne else RIEN, total))
    lues.sort(key=lambda li: (-(li[3] if isinstance(li[3], int) else -1), li[0]))
    montrees = lues[:LIGNES_MAX]
    rupture = periodes.rupture_entre(volet.sujet.ruptures, avant, debut)
    mots = _juger([(n, p) for _, n, p, _ in montrees], bool(rupture), bool(ancienne))
    entetes = ["Nature", _libelle(debut, volet.pas)]
    entetes += [_libelle(avant, volet.pas)] if ancienne else []
    entetes += ["Toute la période", "Lecture"]
    lignes = tuple(
        (
            _nom(code),
            _ecrire(n),
            *((_ecrire(p),) if ancienne else ()),
            _ecrire(total),
            mot,
        )
        for (code, n, p, total), mot in zip(montrees, mots, strict=True)
    )
    reste = len(lues) - len(montrees)
    return Grille(
        "Par nature de fait",
        tuple(entetes),
        lignes,
        largeurs=(2.4, *(1.0 for _ in entetes[1:-1]), 1.3),
        a_droite=tuple(range(1, len(entetes) - 1)),
        note=(f"{pluriel(reste, 'autre nature')} dans le classeur. " if reste else "")
        + "Les natures se lisent côte à côte. Une variation n’est dite que si elle dépasse le hasard.",
    )


def _juger(couples: list[tuple[Valeur, Valeur]], rupture: bool, comparable: bool) -> list[str]:
    if not comparable:
        return ["sans comparaison"] * len(couples)
    entiers = [c for c in couples if all(isinstance(v, int) for v in c)]
    jugees = iter(statistiques.evolutions(entiers))
    mots = []
    for couple in couples:
        if not all(isinstance(v, int) for v in couple):
            mots.append("sans comparaison")
        else:
            mot = LECTURES[next(jugees).sens]
            mots.append("rupture de série" if rupture else mot)
    return mots


def _grille_des_lieux(volet: Volet, resultat: Resultat, titre: str) -> Grille:
    """The last periods of each place, and the last against the one a year before."""
    cles = [c for c in resultat.colonnes if c.nature.value == "entier"]
    par_an = 2 if titre == "Par secteur" and volet.pas in (Pas.MOIS, Pas.TRIMESTRE) else _PAR_AN[volet.pas]
    montrees = cles[-COLONNES_DE_SECTEUR_MAX:]
    avant = cles[-1 - par_an] if len(cles) > par_an else None
    if avant is not None and avant not in montrees:
        montrees = [avant, *montrees[1:]]
    lignes_lues = list(resultat.dicts())
    rupture = None
    if avant is not None:
        rupture = next(
            (r for r in resultat.contexte.ruptures if r.jour > resultat.contexte.periode.debut), None
        )
        comparables = [{"n": li[cles[-1].cle], "precedent": li[avant.cle]} for li in lignes_lues]
        mots = [str(m) for m in lectures(comparables, rupture)]
    else:
        mots = ["sans comparaison"] * len(lignes_lues)
    return Grille(
        f"{titre}\u202f: {volet.principal.indicateur.libelle}",
        ("Secteur" if titre == "Par secteur" else "Commune", *(c.libelle for c in montrees), "Lecture"),
        tuple(
            (str(li["libelle"]), *(_ecrire(li[c.cle]) for c in montrees), mot)
            for li, mot in zip(lignes_lues, mots, strict=True)
        ),
        largeurs=(2.0, *(1.0 for _ in montrees), 1.3),
        a_droite=tuple(range(1, len(montrees) + 1)),
        note=f"Lecture\u202f: {cles[-1].libelle} comparé à {avant.libelle}." if avant is not None else "",
    )


_PAR_AN = {Pas.MOIS: 12, Pas.TRIMESTRE: 4, Pas.ANNEE: 1, Pas.ANNEE_SCOLAIRE: 1}


def _sources_et_methode(tirage: Tirage) -> list[Bloc]:
    sources = []
    for volet in tirage.volets:
        provenance = volet.par_nature.contexte.provenance[0]
        recues = [date_longue(li.recue_le) for li in provenance.livraisons]
        fichiers = f", {pluriel(len(recues), 'fichier')}, le dernier reçu le {recues[-1]}" if recues else ""
        fictif = " (données fictives)" if provenance.fictif else ""
        sources.append(f"**{provenance.libelle}**{fictif}\u202f: {provenance.producteur}{fichiers}.")
    unites = definitions.unites({v.principal.indicateur.unite for v in tirage.volets})
    methodes = [d for d in definitions.METHODES if d.terme in _METHODES]
    return [
        Titre(1, "Sources et méthode"),
        Liste(tuple(dict.fromkeys(sources))),
        Paragraphe(
            "Les sources se lisent côte à côte et ne s’additionnent pas\u202f: elles voient souvent les mêmes "
            "évènements et ne comptent pas dans la même unité."
        ),
        Grille(
            "Mots employés",
            ("Mot", "Sens"),
            tuple((d.terme, d.texte) for d in (*unites, *methodes)),
            largeurs=(1.0, 3.4),
        ),
    ]


def _nom(code: str) -> str:
    try:
        fiche = nomenclatures.nature(code)
    except KeyError:
        return code
    return f"{fiche.libelle} ({code.split(':')[1]})" if code.startswith("4001:") else fiche.libelle


def _libelle(jour: date, pas: Pas) -> str:
    return periodes.periode(jour, pas).libelle.capitalize()


def _ecrire(valeur: Valeur) -> str:
    return nombre(valeur) if isinstance(valeur, int | float) else str(valeur)


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


__all__ = ["EMPLOI", "Reserve", "bandeau", "entete", "rediger"]
