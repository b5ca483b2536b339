"""The two-page diagnosis that an elected official asks for: one problem, one perimeter, one period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from pupitre.documents import depuis_resultat
from pupitre.documents.ecrits import (
    ACompleter,
    Bloc,
    Ecrit,
    Figure,
    Grille,
    Liste,
    Paragraphe,
    Registre,
    Saut,
    Titre,
)
from pupitre.moteur import statistiques
from pupitre.moteur.erreurs import ErreurPupitre, MesureRefusee
from pupitre.moteur.mesures import Pas, case, libelle, suivante
from pupitre.moteur.resultats import Absent, MotifAbsence, Periode, Resultat, Valeur
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.classements import classer, demande_de_classement
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import LECTURES, Lecteur, Sujet
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.chiffres.tableau import (
    MOIS_DE_LA_SERIE,
    axe_de,
    contours_des_secteurs,
    phrase_de_serie,
    serie_dessinee,
)
from pupitre.observatoire.diffusion.etudes.phenomenes import ecrire_valeur
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue, de, enumeration, nombre, pourcent

DUREES = (3, 6, 12)
INDICATEURS_MAX, LIEUX_MAX, CITATIONS_MAX = 4, 8, 4


class DiagnosticRefuse(ErreurPupitre):
    """What is asked cannot be told from the figures."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Args:
        indicateurs: `source.indicateur` keys, at most `INDICATEURS_MAX`.
        perimetre: "conseil" or "commune:94028".
        dernier_mois: first day of the last month looked at; `mois`: how many, one of `DUREES`.
    """

    titre: str
    question: str
    demandeur: str
    indicateurs: tuple[str, ...]
    perimetre: str
    dernier_mois: date
    mois: int = 6

    @property
    def debut(self) -> date:
        return suivante(self.dernier_mois, Pas.MOIS, 1 - self.mois)

    @property
    def fin(self) -> date:
        return suivante(self.dernier_mois, Pas.MOIS) - timedelta(days=1)

    @property
    def periode(self) -> Periode:
        premier, dernier = libelle(self.debut, Pas.MOIS), libelle(self.dernier_mois, Pas.MOIS)
        if self.debut.year == self.dernier_mois.year:
            premier = premier.rpartition(" ")[0]
        return Periode(self.debut, self.fin, f"{de(premier)} à {dernier}")


@dataclass(frozen=True, slots=True)
class _Ligne:
    sujet: Sujet
    actuel: Valeur
    avant: Valeur
    rupture: bool
    mot: str = "sans comparaison"
    variation: str = ""


def choix_d_indicateurs(lecteur: Lecteur) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a diagnosis may bear on, by source: monthly sources only."""
    groupes = []
    for code, source in lecteur.sources.items():
        profil = lecteur.etat.profils[code]
        if periodes.pas_de(profil) is Pas.MOIS:
            groupes.append(
                (
                    f"{source.organisation.nom}, {source.nom}",
                    [(f"{code}.{i.cle}", i.libelle) for i in indicateurs(profil, source.nom)],
                )
            )
    return groupes


def composer(lecteur: Lecteur, question: Question, paroles: tuple[str, ...] = (), edition: int = 1) -> Ecrit:
    """The diagnosis, for the audience of the reader.

    Args:
        paroles: facts of note and complaints about the problem, chosen by the team.
    Raises:
        DiagnosticRefuse: an unknown indicator or perimeter, or nothing published for the period.
    """
    sujets = _sujets(lecteur, question)
    lignes = _juger([_ligne(lecteur, s, question) for s in sujets])
    if all(isinstance(li.actuel, Absent) for li in lignes):
        raise DiagnosticRefuse(
            f"Aucun chiffre n’est publié {question.periode.libelle} sur ce sujet.",
            "Les sources choisies n’ont pas livré ces mois en entier, ou ne voient pas ce territoire.",
            "Choisissez une autre période, un autre périmètre ou d’autres indicateurs.",
        )
    principal = next(
        (li for li in lignes if li.mot.startswith("hausse")),
        next((li for li in lignes if not isinstance(li.actuel, Absent)), lignes[0]),
    )
    return Ecrit(
        titre=question.titre,
        sous_titre=f"{_perimetre(lecteur, sujets, question)}, {question.periode.libelle}",
        surtitre="Diagnostic à la demande d’un élu",
        emetteur=str(lecteur.conseil),
        jour=horloge.aujourdhui(),
        mention="Diffusion restreinte",
        fictif=any(s.source.fictive for s in sujets),
        lignes_de_tete=(
            f"Demandé par {question.demandeur}. Écrit le {date_longue(horloge.aujourdhui())}"
            + (f", édition {edition}." if edition > 1 else "."),
            f"Question posée\u202f: {question.question}",
        ),
        blocs=(
            Paragraphe(_reponse(lignes, question), Registre.ACCROCHE),
            _grille(lignes, question),
            Titre(1, "Mois par mois"),
            *[b for li in _dessinees(lignes, principal) for b in _serie(lecteur, li, question)],
            Saut(),
            *_lieux(lecteur, principal, question),
            Titre(1, "Ce qu’en disent les habitants et les partenaires"),
            Liste(paroles[:CITATIONS_MAX])
            if paroles
            else Paragraphe("Aucun fait marquant ni aucune doléance n’ont été retenus sur ce sujet."),
            ACompleter(
                "L’avis de l’observatoire\u202f: ce qui explique, ce qui est déjà fait, ce qui est proposé."
            ),
            *_reserves(lecteur, lignes, question),
        ),
    )


def _sujets(lecteur: Lecteur, question: Question) -> list[Sujet]:
    sujets = []
    for cle in question.indicateurs[:INDICATEURS_MAX]:
        code, _, nom = cle.partition(".")
        source, profil = lecteur.sources.get(code), lecteur.etat.profils.get(code)
        if source is None or profil is None:
            raise _inconnu("cet indicateur", cle)
        indicateur = next((i for i in indicateurs(profil, source.nom) if i.cle == nom), None)
        if indicateur is None:
            raise _inconnu("cet indicateur", cle)
        lieu = next(
            (
                p
                for p in perimetres(lecteur.territoire, profil)
                if p.cle == question.perimetre and p.niveau != "secteur"
            ),
            None,
        )
        if lieu is not None:
            sujets.append(Sujet(source, profil, indicateur, lieu))
    if not sujets:
        raise _inconnu("ce périmètre", question.perimetre)
    return sujets


def _inconnu(quoi: str, cle: str) -> DiagnosticRefuse:
    return DiagnosticRefuse(
        f"Aucune des sources choisies ne connaît {quoi} («\u202f{cle}\u202f»).",
        "La source a pu être retirée, ou ne distingue pas ce territoire.",
        "Reprenez la demande et choisissez dans les listes proposées.",
    )


def _ligne(lecteur: Lecteur, sujet: Sujet, question: Question) -> _Ligne:
    avant, fin_avant = (
        _un_an_avant(question.debut),
        _un_an_avant(question.fin + timedelta(days=1)) - timedelta(days=1),
    )
    colonnes = [
        ("n", question.periode.libelle, case(question.debut, question.fin, sujet.couvertures)),
        ("avant", "un an avant", case(avant, fin_avant, sujet.couvertures)),
    ]
    rupture = periodes.rupture_entre(sujet.ruptures, avant, question.fin) is not None
    try:
        resultat = lecteur.tableau(sujet, sujet.indicateur.libelle, colonnes, question.periode)
    except MesureRefusee as refus:
        absent = Absent(MotifAbsence.NON_CALCULABLE, refus.pourquoi)
        return _Ligne(sujet, absent, absent, rupture)
    valeurs = next(resultat.dicts())
    return _Ligne(sujet, valeurs["n"], valeurs["avant"], rupture)


def _un_an_avant(jour: date) -> date:
    return date(jour.year - 1, jour.month, 1)


def _juger(lignes: list[_Ligne]) -> list[_Ligne]:
    def comparable(li: _Ligne) -> bool:
        return isinstance(li.actuel, int) and isinstance(li.avant, int) and not li.rupture

    jugees = iter(statistiques.evolutions([(li.actuel, li.avant) for li in lignes if comparable(li)]))
    ecrites = []
    for li in lignes:
        if not comparable(li):
            ecrites.append(
                _Ligne(
                    li.sujet, li.actuel, li.avant, li.rupture, "rupture de série" if li.rupture else li.mot
                )
            )
            continue
        e = next(jugees)
        variation = (
            pourcent(e.pourcentage, avec_signe=True) if e.significatif and e.pourcentage is not None else ""
        )
        ecrites.append(replace(li, mot=LECTURES[e.sens], variation=variation))
    return ecrites


def _reponse(lignes: list[_Ligne], question: Question) -> str:
    quand = question.periode.libelle
    phrases = []
    for sens in ("hausse", "baisse"):
        dits = [_face(li, lignes) for li in lignes if li.mot.startswith(sens)]
        if dits:
            phrases.append(f"**{sens.capitalize()} significative {quand}**\u202f: {' ; '.join(dits)}.")
    if phrases:
        return " ".join(phrases)
    return (
        f"**Pas d’évolution significative {quand}**\u202f: les chiffres ne s’écartent pas de ceux de l’année "
        "précédente plus que ne le veut le hasard. Le problème peut être réel sans que ces sources le voient."
    )


def _face(ligne: _Ligne, lignes: list[_Ligne]) -> str:
    """Two sources may count the same thing under the same name: then each says whose it is."""
    nom = ligne.sujet.indicateur.libelle
    homonymes = sum(li.sujet.indicateur.libelle == nom for li in lignes) > 1
    source = f" ({ligne.sujet.source.nom})" if homonymes else ""
    return f"{nom[:1].lower()}{nom[1:]}{source}, {nombre(ligne.actuel)} contre {nombre(ligne.avant)}"


def _source(ligne: _Ligne, lignes: list[_Ligne]) -> str:
    siennes = {
        li.sujet.source.code
        for li in lignes
        if li.sujet.source.organisation_id == ligne.sujet.source.organisation_id
    }
    nom = ligne.sujet.source.organisation.nom
    return f"{nom}, {ligne.sujet.source.nom}" if len(siennes) > 1 else nom


def _grille(lignes: list[_Ligne], question: Question) -> Grille:
    return Grille(
        "Les chiffres",
        ("Indicateur", "Source", "Unité", "Période", "Un an avant", "Lecture"),
        tuple(
            (
                li.sujet.indicateur.libelle,
                _source(li, lignes),
                li.sujet.indicateur.unite,
                f"**{ecrire_valeur(li.actuel)}**",
                ecrire_valeur(li.avant),
                f"{li.mot} {li.variation}".strip(),
            )
            for li in lignes
        ),
        (3, 2, 1.2, 1, 1, 2),
        (3, 4),
        f"Période\u202f: {question.periode.libelle}. Ces sources se lisent côte à côte et ne s’additionnent pas.",
    )


def _serie(lecteur: Lecteur, ligne: _Ligne, question: Question) -> list[Bloc]:
    try:
        serie = lecteur.serie(ligne.sujet, question.dernier_mois, MOIS_DE_LA_SERIE, Pas.MOIS)
    except MesureRefusee:
        return []
    if all(isinstance(v, Absent) for v in serie.colonne("n")):
        return []
    source = serie.contexte.provenance[0].libelle
    note = f"Source\u202f: {source}. {phrase_de_serie(serie, Pas.MOIS)}"
    return [Figure(serie_dessinee(serie, Pas.MOIS), note, 46)]


def _dessinees(lignes: list[_Ligne], principal: _Ligne) -> list[_Ligne]:
    """The row that answers, and one more of another source: two charts fit the first page."""
    autres = [
        li
        for li in lignes
        if li.sujet.source.code != principal.sujet.source.code and not isinstance(li.actuel, Absent)
    ]
    return [principal, *autres[:1]]


def _perimetre(lecteur: Lecteur, sujets: list[Sujet], question: Question) -> str:
    if question.perimetre == "conseil":
        return f"tout le {lecteur.conseil.get_nature_display()}"
    return sujets[0].perimetre.libelle


def _lieux(lecteur: Lecteur, ligne: _Ligne, question: Question) -> list[Bloc]:
    titre = Titre(1, "Où")
    axe = axe_de(lecteur, ligne.sujet, question.dernier_mois, Pas.MOIS)
    if axe is None:
        return [
            titre,
            Paragraphe("Cette source ne distingue pas de lieux à l’intérieur du périmètre choisi."),
        ]
    avant = periodes.un_an_avant(question.dernier_mois, Pas.MOIS)
    try:
        classement = classer(
            lecteur, demande_de_classement(lecteur, ligne.sujet, axe, question.dernier_mois, avant, Pas.MOIS)
        )
    except MesureRefusee as refus:
        return [titre, Paragraphe(f"{refus.quoi} {refus.pourquoi}")]
    colonnes = [c for c in classement.colonnes if c.cle not in (axe,)]
    return [
        titre,
        Grille(
            classement.contexte.titre,
            tuple(c.libelle for c in colonnes),
            tuple(
                tuple(_cellule(li[c.cle]) for c in colonnes) for li in list(classement.dicts())[:LIEUX_MAX]
            ),
            tuple(2.6 if c.cle == "libelle" else 1.8 if c.cle == "lecture" else 1.2 for c in colonnes),
            tuple(i for i, c in enumerate(colonnes) if c.cle not in ("libelle", "lecture")),
            " ".join(r.partition(" (")[0] for r in classement.retenus)[:240],
        ),
        *_carte(lecteur, ligne.sujet, classement, axe),
    ]


def _carte(lecteur: Lecteur, sujet: Sujet, classement: Resultat, axe: str) -> list[Bloc]:
    """By secteur only: the outline of three communes would say less than their table."""
    if axe != "secteur":
        return []
    contours = contours_des_secteurs(lecteur, sujet, classement.contexte.periode.fin)
    taux = any(isinstance(v, float) for v in classement.colonne("taux"))
    if not contours:
        return []
    carte = depuis_resultat.carte_de(
        classement, contours, code=axe, valeur="taux" if taux else "an", decimales=1 if taux else 0
    )
    noms = " · ".join(f"{i}. {z.libelle}" for i, z in enumerate(carte.zones, 1))
    return [Figure(carte, f"{noms}. Hachures\u202f: valeur non diffusée.", 62)]


def _cellule(valeur: Valeur) -> str:
    return nombre(valeur, 1) if isinstance(valeur, float) else ecrire_valeur(valeur)


def _reserves(lecteur: Lecteur, lignes: list[_Ligne], question: Question) -> list[Bloc]:
    citees = [lecteur.provenance(li.sujet.source, question.debut, question.fin) for li in lignes]
    noms = enumeration(list(dict.fromkeys(p.libelle for p in citees)))
    return [
        Titre(1, "Ce que ces chiffres ne disent pas"),
        Paragraphe(
            "Ils comptent ce qui est signalé, pas ce qui se passe\u202f: une hausse peut venir de plaintes plus "
            "fréquentes, d’un service plus présent ou d’un fait réel. Une évolution n’est dite significative que si le "
            "hasard ne suffit pas à l’expliquer (test exact, corrigé du nombre de comparaisons). "
            "n. d.\u202f: valeur non diffusée, jamais zéro."
        ),
        Paragraphe(f"Sources\u202f: {noms}.", Registre.PETIT),
    ]


def question_de(parametres) -> Question:
    """The question kept with an edition. Raises KeyError or ValueError when something is missing."""
    return Question(
        titre=parametres["titre"],
        question=parametres["question"],
        demandeur=parametres["demandeur"],
        indicateurs=tuple(parametres["indicateurs"]),
        perimetre=parametres["perimetre"],
        dernier_mois=date.fromisoformat(parametres["dernier_mois"]),
        mois=int(parametres["mois"]),
    )
