"""Comments that people write over the proposed ones. They are words: no figure can be changed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.text import slugify

from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.ecrits import ACompleter, Bloc, Ecrit, Paragraphe, Registre, Titre

F = TypeVar("F", FaitsBulletin, Ecrit)
LONGUEUR_MAX = 4000
SIGNALER = "signaler"


@dataclass(frozen=True, slots=True)
class Champ:
    """One text that may be written again. `propose`: the generated one, to go back to."""

    cle: str
    libelle: str
    propose: str
    ecrit: str
    aide: str = ""

    @property
    def modifie(self) -> bool:
        return self.ecrit != self.propose


def champs(faits: FaitsBulletin | Ecrit, textes: Mapping[str, str]) -> list[Champ]:
    proposes = _proposes(faits)
    return [
        Champ(cle, libelle, propose, textes.get(cle, propose), aide)
        for cle, libelle, propose, aide in proposes
    ]


def _proposes(faits: FaitsBulletin | Ecrit) -> list[tuple[str, str, str, str]]:
    if isinstance(faits, Ecrit):
        return _proposes_ecrit(faits)
    tous = [
        ("accroche", "La phrase de tête", faits.accroche, "Une phrase, en gras sur la première page."),
        ("chapo", "Le mois en quelques phrases", faits.chapo, ""),
        (SIGNALER, "À signaler", "", "Ce que les chiffres ne disent pas. Vide\u202f: rien n’est ajouté."),
    ]
    for theme in faits.themes:
        tous += [
            (
                f"theme:{theme.cle}:commentaires",
                f"{theme.titre}\u202f: commentaires",
                "\n\n".join(theme.commentaires),
                "Un paragraphe par ligne vide.",
            ),
            (f"theme:{theme.cle}:a_dire", f"{theme.titre}\u202f: à dire en réunion", theme.a_dire, ""),
            (
                f"theme:{theme.cle}:decisions",
                f"{theme.titre}\u202f: ce qui a été décidé",
                "\n".join(theme.decisions),
                "Une décision par ligne.",
            ),
        ]
    return tous


def _proposes_ecrit(ecrit: Ecrit) -> list[tuple[str, str, str, str]]:
    tous = []
    for cle, section, bloc in _reperes(ecrit):
        if isinstance(bloc, ACompleter):
            tous.append((cle, section, "", bloc.consigne))
        elif isinstance(bloc, Paragraphe) and bloc.registre is Registre.ACCROCHE:
            tous.append((cle, f"{section}\u202f: en tête", bloc.texte, "**ainsi** met en gras."))
    return tous


def _reperes(ecrit: Ecrit) -> Iterator[tuple[str, str, Bloc]]:
    """Each block with a name that survives a rewriting: its part's title, its kind, its rank under that title."""
    section, rangs = ecrit.titre, Counter[str]()
    for bloc in ecrit.blocs:
        if isinstance(bloc, Titre):
            section = bloc.titre
        cle = f"{slugify(section)}:{type(bloc).__name__.lower()}"
        rangs[cle] += 1
        yield f"{cle}:{rangs[cle]}", section, bloc


def nettoyer(faits: FaitsBulletin | Ecrit, saisis: Mapping[str, str]) -> dict[str, str]:
    """Only known texts, and only those that differ from the proposed ones."""
    proposes = {cle: propose for cle, _, propose, _ in _proposes(faits)}
    return {
        cle: texte
        for cle, brut in saisis.items()
        if cle in proposes and (texte := _propre(brut)) != _propre(proposes[cle])
    }


def _propre(texte: str) -> str:
    return "\n".join(ligne.rstrip() for ligne in texte.replace("\r\n", "\n").strip().split("\n"))[
        :LONGUEUR_MAX
    ]


def appliquer(faits: F, textes: Mapping[str, str], *, definitif: bool = False) -> F:
    """The facts with the written texts in place of the proposed ones.

    Args:
        definitif: places left to complete are taken out, as the document leaves.
    """
    if isinstance(faits, Ecrit):
        blocs = [b for cle, _, bloc in _reperes(faits) for b in _bloc(bloc, textes.get(cle), definitif)]
        return replace(faits, blocs=tuple(blocs))
    chapo = textes.get("chapo", faits.chapo)
    if signale := textes.get(SIGNALER, ""):
        chapo = f"{chapo} À signaler\u202f: {signale}".strip()
    return replace(
        faits,
        accroche=textes.get("accroche", faits.accroche),
        chapo=chapo,
        themes=tuple(_theme(t, textes) for t in faits.themes),
    )


def _bloc(bloc: Bloc, texte: str | None, definitif: bool) -> list[Bloc]:
    if isinstance(bloc, ACompleter):
        if texte:
            return [Paragraphe(p) for p in texte.split("\n\n") if p.strip()]
        return [] if definitif else [bloc]
    if texte is not None and isinstance(bloc, Paragraphe):
        return [replace(bloc, texte=texte)] if texte else []
    return [bloc]


def _theme(theme, textes: Mapping[str, str]):
    def lire(nom: str) -> str | None:
        return textes.get(f"theme:{theme.cle}:{nom}")

    commentaires, a_dire, decisions = lire("commentaires"), lire("a_dire"), lire("decisions")
    return replace(
        theme,
        commentaires=theme.commentaires
        if commentaires is None
        else tuple(p.strip() for p in commentaires.split("\n\n") if p.strip()),
        a_dire=theme.a_dire if a_dire is None else a_dire,
        decisions=theme.decisions
        if decisions is None
        else tuple(d.strip() for d in decisions.split("\n") if d.strip()),
    )
