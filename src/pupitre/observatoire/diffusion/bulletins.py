"""Bulletins: facts frozen when written, rendered from what was frozen, published as editions."""

from __future__ import annotations

import contextlib
from datetime import date

from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.bulletin.faits import Chiffre, Genre, PageTheme
from pupitre.documents.formes import Carte, Sens, Zone
from pupitre.moteur.erreurs import ErreurPupitre, MesureRefusee
from pupitre.moteur.mesures import Pas, suivante
from pupitre.moteur.resultats import Audience, Periode
from pupitre.observatoire.chiffres import cartes, commentaires, definitions, periodes
from pupitre.observatoire.chiffres.indicateurs_suivis import choisis
from pupitre.observatoire.chiffres.lecteur import Lecteur, Sujet, comparer
from pupitre.observatoire.chiffres.suivi import sujets_suivis
from pupitre.observatoire.chiffres.tableau import serie_treize
from pupitre.observatoire.diffusion import pages_bulletin, pages_communes
from pupitre.observatoire.diffusion.chantier import Chantier
from pupitre.observatoire.diffusion.communes import PREFIXE
from pupitre.observatoire.models import Bulletin, Convention, Frequence
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue, enumeration
from pupitre.territoires.models import Conseil

MOIS_PROPOSES = 36


class BulletinRefuse(ErreurPupitre):
    """There is nothing to write, or the edition cannot change any more."""


def periodes_possibles(conseil: Conseil) -> list[tuple[str, str]]:
    """Months that a monthly source covers, most recent first, then whole years."""
    lecteur = Lecteur.ouvrir(conseil, Audience.PARTENAIRE, usage=Convention.Usage.BULLETIN)
    mois: set[date] = set()
    annees: set[int] = set()
    for profil in lecteur.etat.profils.values():
        pas = periodes.pas_de(profil)
        if pas is Pas.MOIS:
            mois.update(profil.periodes)
        elif pas is Pas.ANNEE:
            annees.update(j.year for j in profil.periodes)
    annees |= {a for a in {m.year for m in mois} if all(date(a, n, 1) in mois for n in range(1, 13))}
    choix = [
        (f"{j:%Y-%m}", periodes.periode(j, Pas.MOIS).libelle.capitalize())
        for j in sorted(mois)[-MOIS_PROPOSES:]
    ]
    return list(reversed(choix)) + [(str(a), f"Année {a}") for a in sorted(annees, reverse=True)]


def composer(
    lecteur: Lecteur, debut: date, pas: Pas, *, edition: int = 1, derniere: Bulletin | None = None
) -> FaitsBulletin:
    """All that the bulletin says, for the audience of the reader."""
    chantier = Chantier(lecteur, debut, pas)
    periode = periodes.periode(debut, pas)
    plans = pages_bulletin.plans(lecteur, pas)
    chantier.comparaisons = max(1, len(plans))
    chantier.lire_ensemble(
        [
            *(g for plan in plans for g in pages_bulletin.a_lire(chantier, plan)),
            *pages_communes.a_lire(chantier),
        ],
        pages_bulletin.natures_a_lire(chantier, plans),
    )
    details = [pages_bulletin.detailler(chantier, plan) for plan in plans]
    if all(d.principal is None for d in details):
        raise _sans_chiffre(periode)
    suivis = _suivis(chantier)
    with contextlib.suppress(MesureRefusee):
        lecteur.lire_d_avance(
            [
                *pages_bulletin.a_dessiner(chantier, details),
                *pages_communes.a_classer(chantier),
                *(lecteur.demande_de_serie(*s) for s in suivis),
            ]
        )
    pages = [p for d in details if (p := pages_bulletin.ecrire(chantier, d))]
    if not pages:
        raise _sans_chiffre(periode)
    pages += pages_communes.ecrire(chantier)
    chiffres, comparees = _chiffres(chantier, suivis)
    provenances = tuple(
        lecteur.provenance(lecteur.sources[code], periode.debut, periode.fin) for code in chantier.sources
    )
    manquants = _manquants(chantier)
    par_theme = [p for p in pages if not p.cle.startswith(PREFIXE)]
    accroche, chapo = _accroche(comparees, par_theme, manquants, pas)
    communes = tuple(c.nom for c in lecteur.territoire.communes)
    return FaitsBulletin(
        genre=Genre.MENSUEL if pas is Pas.MOIS else Genre.ANNUEL,
        conseil=str(lecteur.conseil),
        communes=communes,
        periode=periode,
        emis_le=horloge.aujourdhui(),
        accroche=accroche,
        chapo=chapo,
        chiffres=tuple(chiffres),
        themes=tuple(pages),
        sources=provenances,
        unites=definitions.unites({li.unite for p in pages if p.tableau for li in p.tableau.lignes}),
        methodes=definitions.METHODES,
        retenus=tuple(chantier.retenus),
        manquants=manquants,
        destinataires=(f"Mesdames et Messieurs les maires de {enumeration(communes)}",)
        if len(communes) > 1
        else (f"Madame ou Monsieur le maire de {enumeration(communes)}",),
        autorite=f"Diffusé sous l’autorité de la présidence du {lecteur.conseil.get_nature_display()}",
        redaction=f"Observatoire du {lecteur.conseil}",
        territoire=_territoire(lecteur),
        edition=edition,
        remplace=_remplace(derniere),
    )


def _sans_chiffre(periode: Periode) -> BulletinRefuse:
    return BulletinRefuse(
        f"Aucun chiffre n’est publié pour {periode.libelle}.",
        "Aucun partenaire n’a livré cette période, ou ses fichiers attendent encore d’être publiés.",
        "Publiez une livraison qui la couvre, puis écrivez le bulletin.",
    )


def _remplace(derniere: Bulletin | None) -> str:
    if derniere is None or derniere.publie_le is None:
        return ""
    return (
        f"Cette édition remplace l’édition {derniere.edition} du {date_longue(derniere.publie_le)}\u202f: ses chiffres "
        "tiennent compte des livraisons publiées depuis."
    )


def _suivis(chantier: Chantier) -> list[tuple[Sujet, date, int, Pas]]:
    """What the front page follows: the series to read."""
    lecteur, debut, pas = chantier.lecteur, chantier.debut, chantier.pas
    sujets, _, pas_des_sujets = sujets_suivis(lecteur, "", "", "", choisis(lecteur.conseil))
    if pas_des_sujets is not pas:
        # Followed at another pace: the front page keeps to the period of the bulletin.
        sujets, _, pas_des_sujets = sujets_suivis(lecteur, "", "conseil", "")
    sujets = [s for s in sujets if s.pas is pas_des_sujets]
    if pas_des_sujets is not pas and not (pas is Pas.ANNEE and pas_des_sujets is Pas.MOIS):
        return []
    return [(s, debut, 25 if pas is Pas.MOIS else 8, pas) for s in sujets]


def _chiffres(chantier: Chantier, suivis: list[tuple[Sujet, date, int, Pas]]) -> tuple[list[Chiffre], list]:
    debut, pas = chantier.debut, chantier.pas
    sujets, series = [s for s, *_ in suivis], chantier.lecteur.series(suivis)
    comparees = commentaires.juger(
        [comparer(s, serie, debut, chantier.avant, pas) for s, serie in zip(sujets, series, strict=True)]
    )
    chiffres = []
    for sujet, serie, c in zip(sujets, series, comparees, strict=True):
        chantier.retenir(serie)
        chiffres.append(
            Chiffre(
                nom=_nom_du_chiffre(sujet),
                valeur=c.valeur,
                unite=sujet.indicateur.unite,
                sens=commentaires.sens(c),
                verdict=commentaires.verdict(c),
                phrase=commentaires.phrase(c),
                serie=serie_treize(serie, pas),
                source=sujet.source.organisation.nom,
            )
        )
    return chiffres, [(s, c) for s, c in zip(sujets, comparees, strict=True)]


def _lieu_du_chiffre(sujet: Sujet) -> str:
    """Its commune where it is followed on one: the front page reads the whole council otherwise."""
    return "" if sujet.perimetre.niveau in ("conseil", "territoire") else sujet.perimetre.libelle


def _nom_du_chiffre(sujet: Sujet) -> str:
    lieu = _lieu_du_chiffre(sujet)
    return f"{sujet.indicateur.libelle}, {lieu}" if lieu else sujet.indicateur.libelle


def _cite(sujet: Sujet) -> str:
    """Its name inside a sentence."""
    lieu = _lieu_du_chiffre(sujet)
    return _dans_la_phrase(sujet.indicateur.libelle) + (f" ({lieu})" if lieu else "")


def _accroche(
    comparees: list, pages: list[PageTheme], manquants: tuple[str, ...], pas: Pas
) -> tuple[str, str]:
    """The period in a few sentences: what calls for attention, in the figures then in the detail of the pages."""
    hausses = [(s, c) for s, c in comparees if c.evolution and c.evolution.sens == "hausse"]
    baisses = [(s, c) for s, c in comparees if c.evolution and c.evolution.sens == "baisse"]
    noms = enumeration([_cite(s) for s, _ in hausses])
    quand = "ce mois-ci" if pas is Pas.MOIS else "cette année"
    if len(hausses) == 1:
        accroche = f"Un point appelle votre attention\u202f: {noms}."
    elif hausses:
        accroche = f"{_LETTRES[len(hausses)]} points appellent votre attention\u202f: {noms}."
    elif baisses:
        accroche = f"Rien n’augmente plus que ne le veut le hasard {quand}."
    elif any(p.sens is Sens.HAUSSE for p in pages):
        accroche = "Les premiers chiffres ne bougent pas plus que ne le veut le hasard\u202f; le détail mérite lecture."
    else:
        accroche = f"Rien n’augmente plus que ne le veut le hasard {quand}."
        if not any(p.sens is Sens.BAISSE for p in pages):
            accroche = f"Rien ne sort de l’ordinaire {quand}."
    phrases = [f"{_nom_du_chiffre(s)}\u202f: {commentaires.phrase(c)}" for s, c in hausses]
    if baisses:
        cites = enumeration([f"{_cite(s)} ({_face(c)})" for s, c in baisses])
        phrases.append(f"En baisse significative\u202f: {cites}.")
    reste = [c for _, c in comparees if c.evolution and c.evolution.sens in ("stable", "trop_peu")]
    if reste and (hausses or baisses):
        phrases.append("Les autres chiffres comparables ne bougent pas plus que ne le veut le hasard.")
    dits = {s.indicateur.libelle for s, _ in (*hausses, *baisses)}
    for sens, mot in ((Sens.HAUSSE, "En hausse"), (Sens.BAISSE, "En baisse")):
        noms_du_detail = [
            n for p in pages if p.sens is sens and (n := p.accroche.split("\u202f:")[0]) not in dits
        ]
        if noms_du_detail:
            cites = enumeration([_dans_la_phrase(n) for n in noms_du_detail])
            phrases.append(f"{mot} significative dans le détail des pages\u202f: {cites}.")
    phrases += list(manquants[:2])
    return accroche, " ".join(phrases)


# Where no rhythm is agreed, a source that has said nothing for longer is taken to have ended.
MOIS_TUS = 3
_LETTRES = ("Aucun", "Un", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit")


def _dans_la_phrase(libelle: str) -> str:
    return libelle[:1].lower() + libelle[1:]


def _face(c) -> str:
    return commentaires.phrase(c).rstrip(".")


def _manquants(chantier: Chantier) -> tuple[str, ...]:
    """Monthly sources whose file for this month has not been published, each with its last one."""
    if chantier.pas is not Pas.MOIS:
        return ()
    phrases = []
    for code, source in chantier.lecteur.sources.items():
        profil = chantier.lecteur.etat.profils[code]
        if periodes.pas_de(profil) is not Pas.MOIS or profil.periodes[0] > chantier.debut:
            continue
        manquent = profil.manquants(chantier.debut)
        if chantier.debut not in profil.periodes:
            dernier = max(j for j in profil.periodes if j < chantier.debut)
            if source.frequence == Frequence.LIBRE and dernier < suivante(
                chantier.debut, Pas.MOIS, -MOIS_TUS
            ):
                continue
            derniere = periodes.periode(dernier, Pas.MOIS)
            phrases.append(
                f"{source.organisation.nom} ({_dans_la_phrase(source.nom)}) n’a pas livré "
                f"{periodes.periode(chantier.debut, Pas.MOIS).libelle}\u202f; dernier mois reçu\u202f: "
                f"{derniere.libelle}."
            )
        elif manquent:
            phrases.append(
                f"{source.organisation.nom} ({_dans_la_phrase(source.nom)}) n’a pas livré "
                f"{enumeration(sorted(manquent))} pour ce mois."
            )
    return tuple(phrases)


def _territoire(lecteur: Lecteur) -> Carte | None:
    noms = {c.code: c.nom for c in lecteur.territoire.communes}
    contours = cartes.contours_communes(noms)
    if len(contours) < len(noms):
        return None
    zones = tuple(Zone(code, nom, anneaux) for code, (nom, anneaux) in contours.items())
    return Carte("Le territoire du conseil", "", zones)


__all__ = ["BulletinRefuse", "composer", "periodes_possibles"]
