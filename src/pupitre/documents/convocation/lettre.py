"""The same letter and agenda for a word processor, where the council finishes them."""

from __future__ import annotations

from pupitre.documents.convocation.faits import ConvocationImprimee, PointImprime, SeanceImprimee
from pupitre.documents.ecrits import Bloc, Ecrit, Grille, Liste, Paragraphe, Signature, Titre
from pupitre.socle.texte import date_longue


def phrase_d_appel(convocation: ConvocationImprimee) -> str:
    seance = convocation.seance
    titre = f" en qualité de {convocation.au_titre_de}" if convocation.au_titre_de else ""
    return (
        f"J’ai l’honneur de vous inviter{titre} à la séance de la formation "
        f"«\u202f{seance.formation}\u202f», qui se tiendra **{seance.quand}**"
        f"{f', {seance.lieu}' if seance.lieu else ''}."
    )


def ecrit_de_convocation(convocation: ConvocationImprimee) -> Ecrit:
    seance = convocation.seance
    blocs: list[Bloc] = [
        Paragraphe("\u2003".join(convocation.destinataire[:1])),
        *(Paragraphe(li) for li in convocation.destinataire[1:]),
        Paragraphe(convocation.appel),
        Paragraphe(phrase_d_appel(convocation)),
        Titre(1, "Ordre du jour"),
        _points(seance.points),
    ]
    if convocation.repondre:
        blocs.append(Paragraphe(convocation.repondre))
    blocs += [
        Paragraphe("Je vous prie d’agréer l’expression de ma considération distinguée."),
        Signature(seance.qualite, seance.signataire, f"Le {date_longue(seance.jour)}"),
    ]
    return Ecrit(
        titre="Convocation",
        sous_titre=seance.titre,
        emetteur=seance.emetteur,
        jour=seance.jour,
        blocs=tuple(blocs),
        fictif=seance.fictif,
    )


def ecrit_de_l_ordre_du_jour(seance: SeanceImprimee) -> Ecrit:
    lignes = tuple(
        (str(i), p.horaire, p.titre, p.rapporteur or "—", f"{p.minutes}\u00a0min")
        for i, p in enumerate(seance.points, 1)
    )
    blocs: list[Bloc] = [
        Grille(
            f"Durée prévue\u202f: {seance.duree}",
            ("N°", "Heure", "Point", "Rapporteur", "Durée"),
            lignes,
            (0.5, 1, 4.5, 2.2, 1),
            (4,),
        )
    ]
    for i, point in enumerate(seance.points, 1):
        if point.presentation or point.pieces:
            blocs.append(Titre(1, f"{i}. {point.titre}"))
            blocs += [Paragraphe(t) for t in point.presentation.splitlines() if t.strip()]
            if point.pieces:
                blocs.append(Liste(tuple(f"Pièce jointe\u202f: {p}" for p in point.pieces)))
    return Ecrit(
        titre="Ordre du jour",
        sous_titre=seance.titre,
        emetteur=seance.emetteur,
        jour=seance.jour,
        blocs=tuple(blocs),
        lignes_de_tete=(seance.quand[:1].upper() + seance.quand[1:], seance.lieu),
        fictif=seance.fictif,
    )


def _points(points: tuple[PointImprime, ...]) -> Bloc:
    if not points:
        return Paragraphe("L’ordre du jour vous sera adressé.")
    return Liste(tuple(ligne_de_point(p) for p in points), numerotee=True)


def ligne_de_point(point: PointImprime) -> str:
    return f"{point.titre} ({point.rapporteur})" if point.rapporteur else point.titre
