"""The council's texts as documents: the arrêté composed from the law and the seats, the others from what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max

from pupitre.conseils.formations.composition import Composition, LigneSiege
from pupitre.conseils.formations.textes import TexteRefuse
from pupitre.conseils.models import Membre, TexteConseil
from pupitre.documents.ecrits import (
    ACompleter,
    Bloc,
    Ecrit,
    Encadre,
    Grille,
    Liste,
    Paragraphe,
    Signature,
    Titre,
    rendre,
)
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

G = TexteConseil.Genre
_TITRES = {G.REGLEMENT: "Règlement intérieur", G.CHARTE: "Charte déontologique pour l’échange d’informations"}
_CROCHETS = re.compile(r"\[([^\]]+)\]")


def document(texte: TexteConseil, format: str) -> bytes:
    """The file. Raises KeyError on an unknown format."""
    return rendre(ecrit(texte), format)


def ecrit(texte: TexteConseil) -> Ecrit:
    if texte.ecrit:
        return Ecrit.from_dict(texte.ecrit)
    etat = f"adopté le {date_longue(texte.adopte_le)}" if texte.adopte_le else "projet"
    return Ecrit(
        titre=_TITRES[G(texte.genre)],
        sous_titre=f"Version {texte.version}, {etat}",
        surtitre="" if texte.adopte_le else "Projet",
        emetteur=str(texte.conseil),
        jour=texte.adopte_le or horloge.aujourdhui(),
        fictif=texte.conseil.fictif,
        blocs=(*blocs(texte.corps), Signature("Pour le conseil, la présidence", "")),
    )


def blocs(corps: str) -> tuple[Bloc, ...]:
    """« # » begins a title, « - » an item; a paragraph ends at an empty line; [brackets] are to be filled."""
    trouves: list[Bloc] = []
    for morceau in re.split(r"\n\s*\n", corps.replace("\r\n", "\n").strip()):
        trouves += _morceau([ligne.strip() for ligne in morceau.split("\n") if ligne.strip()])
    return tuple(trouves)


def _morceau(lignes: list[str]) -> Iterator[Bloc]:
    items: list[str] = []
    phrases: list[str] = []
    for ligne in [*lignes, "# "]:
        if items and not ligne.startswith("- "):
            yield Liste(tuple(items))
            items = []
        if phrases and ligne.startswith(("# ", "- ")):
            yield from _paragraphe(" ".join(phrases))
            phrases = []
        if ligne.startswith("# ") and ligne[2:].strip():
            yield Titre(1, ligne[2:].strip())
        elif ligne.startswith("- "):
            items.append(ligne[2:].strip())
        elif not ligne.startswith("#"):
            phrases.append(ligne)


def _paragraphe(texte: str) -> Iterator[Bloc]:
    entier = _CROCHETS.fullmatch(texte)
    yield ACompleter(entier[1]) if entier else Paragraphe(texte)


@transaction.atomic
def preparer_arrete(*, composition: Composition) -> TexteConseil:
    """The arrêté of that day, frozen. A draft of it not yet signed is written again; a signed one stays.

    Raises:
        TexteRefuse: there is no plenary formation on that day.
    """
    if composition.pleniere is None:
        raise TexteRefuse(
            "L’arrêté n’est pas préparé.",
            "Le conseil n’a pas de formation plénière à cette date.",
            "Créez-la, puis installez ses membres.",
        )
    Conseil.objects.select_for_update(of=("self",)).get(pk=composition.conseil.pk)
    arretes = TexteConseil.objects.filter(conseil=composition.conseil, genre=G.ARRETE)
    texte = arretes.filter(adopte_le__isnull=True).first() or TexteConseil(
        conseil=composition.conseil,
        genre=G.ARRETE,
        version=(arretes.aggregate(n=Max("version"))["n"] or 0) + 1,
    )
    texte.ecrit = arrete(composition).to_dict()
    texte.compose_au = composition.jour
    texte.full_clean()
    texte.save()
    return texte


def arrete(composition: Composition) -> Ecrit:
    c = composition
    references = dict.fromkeys(ligne.siege.reference for ligne in c.lignes)
    tenues = [ligne for ligne in c.lignes if not ligne.siege.collectif]
    collectives = [ligne for ligne in c.lignes if ligne.siege.collectif]
    return Ecrit(
        titre="Arrêté de composition",
        sous_titre=f"{c.conseil}, au {date_longue(c.jour)}",
        surtitre="Projet d’arrêté",
        emetteur=str(c.conseil),
        jour=c.jour,
        fictif=c.conseil.fictif,
        blocs=(
            *(Paragraphe(f"Vu {_vu(r)}\u202f;") for r in references),
            *_reserve(c),
            Paragraphe("**Arrête**"),
            Titre(1, "Article 1. Membres de droit"),
            _grille("Membres de droit", tenues),
            Titre(1, "Article 2. Représentants désignés"),
            *_collectifs(collectives),
            Titre(1, "Article 3. Autres membres"),
            *_autres(c.autres),
            Titre(1, "Article 4. Exécution"),
            Paragraphe(
                "Le présent arrêté remplace les dispositions antérieures de même objet. Chaque membre peut se faire "
                "représenter. L’arrêté est notifié aux membres et affiché."
            ),
            ACompleter("Voies et délais de recours, numéro d’arrêté, visa de la délibération"),
            Signature("La présidence du conseil", "", "Fait à …………………, le …………………"),
        ),
    )


def _vu(reference: str) -> str:
    return ("les " if reference.startswith("articles") else "l’") + reference


def _reserve(c: Composition) -> Iterator[Bloc]:
    if c.a_controler:
        yield Encadre(
            "À contrôler avant signature",
            (
                "Les références ci-dessus n’ont pas encore été comparées par un juriste avec le texte officiel. "
                "Retirez cet encadré une fois le contrôle fait.",
            ),
        )


def _grille(legende: str, lignes: list[LigneSiege]) -> Grille:
    return Grille(
        legende,
        ("Siège", "Titulaire", "Suppléant"),
        tuple(
            (
                ligne.siege.libelle,
                " ; ".join(_nom(m) for m in ligne.membres) or "siège vacant",
                " ; ".join(str(m.suppleant) for m in ligne.membres if m.suppleant) or "—",
            )
            for ligne in lignes
        ),
        (3, 3, 2),
    )


def _nom(membre: Membre) -> str:
    civilite = membre.personne.get_civilite_display() if membre.personne.civilite else ""
    return f"{civilite} {membre.personne}".strip()


def _collectifs(lignes: list[LigneSiege]) -> Iterator[Bloc]:
    for ligne in lignes:
        yield Paragraphe(f"{ligne.siege.intitule}, désignés par {ligne.siege.designe_par}\u202f:")
        if ligne.membres:
            yield _liste(ligne.membres)
        else:
            yield ACompleter("Aucun représentant n’est encore désigné")


def _autres(membres: tuple[Membre, ...]) -> Iterator[Bloc]:
    for titre in Membre.Titre:
        du_titre = [m for m in membres if m.titre == titre]
        if du_titre:
            yield Paragraphe(f"{str(titre.label).capitalize()}\u202f:")
            yield _liste(du_titre)
    if not membres:
        yield Paragraphe("Aucun autre membre.")


def _liste(membres) -> Liste:
    return Liste(
        tuple(
            ", ".join(filter(None, (_nom(m), m.qualite, str(m.organisation) if m.organisation else "")))
            for m in membres
        )
    )
