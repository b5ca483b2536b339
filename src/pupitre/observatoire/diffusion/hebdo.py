"""The weekly page for mayors: facts of note of each commune, in one A4."""

from __future__ import annotations

from datetime import date

from pupitre.documents.ecrits import ACompleter, Bloc, Ecrit, Grille, Paragraphe, Registre, Titre
from pupitre.observatoire.diffusion import faits_marquants
from pupitre.observatoire.diffusion.faits_marquants import Semaine
from pupitre.observatoire.models import FaitMarquant, Frequence, Livraison, Source
from pupitre.socle import horloge
from pupitre.socle.texte import date_courte, date_longue, enumeration, pluriel
from pupitre.territoires.models import Conseil, Secteur


def composer(conseil: Conseil, lundi: date, edition: int = 1) -> Ecrit:
    """What is known of the week. An empty week says so, and what it rests on."""
    semaine = Semaine.contenant(lundi)
    faits = list(faits_marquants.de_la_periode(conseil, semaine.lundi, semaine.dimanche))
    noms = dict(Secteur.objects.filter(decoupage__conseil=conseil).values_list("code", "nom"))
    communes = {c.code: c.nom for c in conseil.communes_as_of(semaine.dimanche)}
    blocs: list[Bloc] = [Paragraphe(_accroche(faits, semaine), Registre.ACCROCHE)]
    for code, nom in communes.items():
        siens = [f for f in faits if f.commune_id == code]
        blocs.append(Titre(1, nom))
        blocs.append(_grille(nom, siens, noms) if siens else Paragraphe("Aucun fait marquant signalé."))
    blocs += [
        ACompleter(
            "Commentaire de la semaine, s’il y a lieu\u202f: ce qui est fait, ce qu’il faut surveiller."
        ),
        Paragraphe(_sources(conseil, semaine, faits), Registre.PETIT),
    ]
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


def _accroche(faits: list[FaitMarquant], semaine: Semaine) -> str:
    if not faits:
        return "**Rien à signaler cette semaine** d’après ce qui nous a été transmis."
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


def _grille(nom: str, faits: list[FaitMarquant], noms: dict[str, str]) -> Grille:
    return Grille(
        legende=nom,
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


def _sources(conseil: Conseil, semaine: Semaine, faits: list[FaitMarquant]) -> str:
    """Which weekly sources have spoken: silence is not peace."""
    hebdo = Source.objects.filter(conseil=conseil, frequence=Frequence.SEMAINE).select_related("organisation")
    recues, muettes = [], []
    for source in hebdo:
        arrive = Livraison.objects.filter(
            source=source, recue_le__date__gte=semaine.lundi, recue_le__date__lte=horloge.aujourdhui()
        ).exists()
        (recues if arrive else muettes).append(f"{source.organisation.nom} ({source.nom})")
    origines = sorted({str(f.organisation) for f in faits if f.organisation})
    phrases = [f"Faits signalés par {enumeration(origines)}."] if origines else []
    if recues:
        phrases.append(f"Point hebdomadaire reçu de {enumeration(recues)}.")
    if muettes:
        phrases.append(f"Point hebdomadaire non reçu de {enumeration(muettes)}.")
    if not phrases:
        phrases.append("Aucun partenaire n’a de point hebdomadaire convenu avec l’observatoire.")
    return "Sources\u202f: " + " ".join(phrases) + " Aucune personne n’est désignée."
