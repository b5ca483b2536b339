"""The weekly page for mayors: facts of note of each commune, in one A4."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pupitre.documents.ecrits import ACompleter, Bloc, Ecrit, Grille, Paragraphe, Registre, Titre
from pupitre.observatoire.diffusion import faits_permis, points_hebdo
from pupitre.observatoire.diffusion.communes import PREFIXE
from pupitre.observatoire.diffusion.faits_marquants import Semaine
from pupitre.observatoire.diffusion.points_hebdo import Point
from pupitre.observatoire.models import Convention, FaitMarquant
from pupitre.socle import horloge
from pupitre.socle.texte import date_courte, date_longue, enumeration, pluriel
from pupitre.territoires.models import Conseil, Secteur


def composer(conseil: Conseil, lundi: date, edition: int = 1) -> Ecrit:
    """What is known of the week. An empty week says what it rests on: silence is not peace."""
    semaine = Semaine.contenant(lundi)
    tri = faits_permis.de_la_periode(conseil, semaine.lundi, semaine.dimanche, Convention.Usage.BULLETIN)
    faits = tri.permis
    points = points_hebdo.lire(conseil, semaine)
    noms = dict(Secteur.objects.filter(decoupage__conseil=conseil).values_list("code", "nom"))
    blocs: list[Bloc] = [
        Paragraphe(_accroche(faits, points, semaine), Registre.ACCROCHE),
        ACompleter(
            "Commentaire de la semaine, s’il y a lieu\u202f: ce qui est fait, ce qu’il faut surveiller."
        ),
    ]
    for commune in conseil.communes_as_of(semaine.dimanche):
        siens = [f for f in faits if f.commune_id == commune.code]
        blocs.append(Titre(1, commune.nom, f"{PREFIXE}{commune.code}"))
        blocs.append(
            _grille(commune.nom, siens, noms) if siens else Paragraphe("Aucun fait marquant transmis.")
        )
    blocs += [Titre(1, "Sources"), Paragraphe(_sources(faits, points), Registre.PETIT)]
    return Ecrit(
        titre="Faits marquants de la semaine",
        sous_titre=f"Semaine {semaine.libelle}",
        surtitre="Observatoire de la délinquance",
        emetteur=str(conseil),
        jour=horloge.aujourdhui(),
        mention="Réservé aux maires et aux directions générales",
        fictif=conseil.fictif or any(f.fictif for f in faits),
        lignes_de_tete=(f"Édition {edition} du {date_longue(horloge.aujourdhui())}.",) if edition > 1 else (),
        blocs=tuple(blocs),
    )


def _accroche(faits: Sequence[FaitMarquant], points: Sequence[Point], semaine: Semaine) -> str:
    if not faits:
        return _calme(points, semaine)
    graves = [f for f in faits if f.genre in (FaitMarquant.Genre.GRAVE, FaitMarquant.Genre.ARME)]
    repetes = [f for f in faits if f.genre == FaitMarquant.Genre.REPETITIF]
    dont = [
        t
        for n, t in (
            (len(graves), f"{pluriel(len(graves), 'acte grave', 'actes graves')}"),
            (len(repetes), f"{pluriel(len(repetes), 'série de faits répétés', 'séries de faits répétés')}"),
        )
        if n
    ]
    suite = f", dont {enumeration(dont)}" if dont else ""
    return f"**{pluriel(len(faits), 'fait marquant', 'faits marquants')} cette semaine**{suite}."


def _calme(points: Sequence[Point], semaine: Semaine) -> str:
    muets = [str(p.organisation) for p in points if not p.recu]
    if muets:
        return (
            "**Aucun fait marquant ne nous a été transmis cette semaine, et tous les points attendus ne sont pas "
            f"arrivés**\u202f: il manque celui de {enumeration(muets)}. Cette page ne dit pas qu’il ne s’est rien "
            "passé."
        )
    if not points:
        return (
            "**Aucun fait marquant ne nous a été transmis cette semaine.** Aucun partenaire ne donne de point "
            "hebdomadaire\u202f: cette page ne dit pas qu’il ne s’est rien passé."
        )
    return (
        "**Rien à signaler cette semaine.** Tous les points hebdomadaires attendus sont arrivés\u202f: "
        f"{enumeration([str(p.organisation) for p in points])}."
    )


def _grille(nom: str, faits: Sequence[FaitMarquant], noms: dict[str, str]) -> Grille:
    return Grille(
        legende=f"Faits marquants, {nom}",
        entetes=("Quand", "Où", "Ce qui s’est passé", "Nature", "Signalé par"),
        lignes=tuple(
            (
                date_courte(f.jour) + (f" au {date_courte(f.fin)}" if f.fin else ""),
                noms.get(f.secteur, "—"),
                f"**{f.texte}**" + (f" {f.commentaire}" if f.commentaire else ""),
                f.get_genre_display(),
                str(f.organisation) if f.organisation else "—",
            )
            for f in faits
        ),
        largeurs=(1.1, 1.3, 4, 1.5, 1.5),
    )


def _sources(faits: Sequence[FaitMarquant], points: Sequence[Point]) -> str:
    origines = sorted({str(f.organisation) for f in faits if f.organisation})
    recus = [str(p.organisation) for p in points if p.recu]
    muets = [str(p.organisation) for p in points if not p.recu]
    phrases = [f"Faits signalés par {enumeration(origines)}."] if origines else []
    if recus:
        phrases.append(f"Point hebdomadaire reçu de {enumeration(recus)}.")
    if muets:
        phrases.append(f"Point hebdomadaire non reçu de {enumeration(muets)}.")
    if not phrases:
        phrases.append("Aucun partenaire n’a de point hebdomadaire convenu avec l’observatoire.")
    return " ".join(phrases) + " Aucune personne n’est désignée."
