"""What was said or written during a period, gathered for the study and for a diagnosis."""

from __future__ import annotations

from datetime import date

from pupitre.observatoire.diffusion import faits_permis
from pupitre.observatoire.diffusion.diagnostics import Question
from pupitre.observatoire.diffusion.etudes.paroles import Citation, Paroles
from pupitre.observatoire.diffusion.etudes.semestre import Semestre
from pupitre.observatoire.models import Contribution, Convention, FaitMarquant
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil, Secteur

_MAX = 60


def lire(conseil: Conseil, semestre: Semestre) -> Paroles:
    noms = _secteurs(conseil)
    retenues = list(
        Contribution.objects.filter(
            conseil=conseil, retenue=True, jour__gte=semestre.debut, jour__lte=semestre.fin
        )
        .select_related("commune")
        .order_by("jour")
    )

    def de(genre: str) -> tuple[Citation, ...]:
        return tuple(Citation(c.texte, _origine(c, noms)) for c in retenues if c.genre == genre)

    return Paroles(
        faits_marquants=tuple(_fait(f, noms) for f in _faits(conseil, semestre.debut, semestre.fin)),
        extraits=de(Contribution.Genre.COMPTE_RENDU),
        entretiens=de(Contribution.Genre.ENTRETIEN),
        courriers=de(Contribution.Genre.COURRIER),
    )


def sur(conseil: Conseil, question: Question) -> tuple[str, ...]:
    """Facts of note of the question's perimeter and period, the most recent first."""
    faits = [
        f
        for f in _faits(conseil, question.debut, question.fin)
        if question.perimetre in ("conseil", f"commune:{f.commune_id}")
    ]
    noms = _secteurs(conseil)
    return tuple(_fait(f, noms) for f in reversed(faits))


def _faits(conseil: Conseil, debut: date, fin: date) -> list[FaitMarquant]:
    """Those that a convention gives to a study, oldest first."""
    tri = faits_permis.de_la_periode(conseil, debut, fin, Convention.Usage.ETUDE)
    return sorted(tri.permis, key=lambda f: (f.jour, f.pk))[-_MAX:]


def _secteurs(conseil: Conseil) -> dict[str, str]:
    return dict(Secteur.objects.filter(decoupage__conseil=conseil).values_list("code", "nom"))


def _fait(fait: FaitMarquant, noms: dict[str, str]) -> str:
    lieu = ", ".join(t for t in (fait.commune.nom, noms.get(fait.secteur, "")) if t)
    quand = date_longue(fait.jour) + (f" au {date_longue(fait.fin)}" if fait.fin else "")
    return f"**{quand}, {lieu}**\u202f: {fait.texte}" + (f" {fait.commentaire}" if fait.commentaire else "")


def _origine(contribution: Contribution, noms: dict[str, str]) -> str:
    qui = contribution.get_relais_display() or contribution.get_genre_display()
    lieu = noms.get(contribution.secteur) or (contribution.commune.nom if contribution.commune else "")
    return ", ".join(t for t in (qui, lieu, date_longue(contribution.jour)) if t)
