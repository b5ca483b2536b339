"""Editions found again: by kind, year and words."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from pupitre.documents.tableaux import Table
from pupitre.observatoire.diffusion import editions
from pupitre.observatoire.etats import EtatBulletin
from pupitre.observatoire.models import Bulletin, EvenementBulletin
from pupitre.socle.texte import cle_de_recherche, date_longue
from pupitre.territoires.models import Conseil


def chercher(
    utilisateur, conseil: Conseil, *, periodicite: str = "", annee: str = "", q: str = ""
) -> list[Bulletin]:
    """Editions that the person may read, each with `mot` (where it stands) and `remplacee`: a later one has left."""
    trouves = editions.visibles(utilisateur, conseil)
    if periodicite in Bulletin.Periodicite.values:
        trouves = trouves.filter(periodicite=periodicite)
    if annee.isdecimal() and len(annee) == 4:
        trouves = trouves.filter(debut__year=int(annee))
    mots = cle_de_recherche(q).split()
    return [b for b in avec_mot(trouves) if all(m in cle_de_recherche(_de_quoi(b)) for m in mots)]


def avec_mot(bulletins: QuerySet[Bulletin]) -> list[Bulletin]:
    """Each with `mot` and `remplacee`."""
    dernier = EvenementBulletin.objects.filter(bulletin=OuterRef("pk")).order_by("-pk").values("etat")[:1]
    lus = list(bulletins.annotate(remplacee=Exists(_suivantes(OuterRef)), dernier=Subquery(dernier)))
    for bulletin in lus:
        bulletin.mot = _mot(bulletin)
    return lus


def _suivantes(de):
    """Later editions, sent, of the same thing; `de` names a field of the edition looked at."""
    return Bulletin.objects.en_vigueur().filter(
        conseil=de("conseil"),
        periodicite=de("periodicite"),
        debut=de("debut"),
        sujet=de("sujet"),
        edition__gt=de("edition"),
    )


def _de_quoi(bulletin: Bulletin) -> str:
    return f"{bulletin.titre} {bulletin.get_periodicite_display()} {bulletin.parametres.get('question', '')}"


def _mot(bulletin: Bulletin) -> str:
    if bulletin.retire_le is not None:
        return f"retiré le {date_longue(bulletin.retire_le)}"
    if bulletin.publie_le is None:
        return str(EtatBulletin(bulletin.dernier or EtatBulletin.BROUILLON).label)
    return f"diffusé le {date_longue(bulletin.publie_le)}"


def annees(utilisateur, conseil: Conseil) -> list[str]:
    return [str(j.year) for j in editions.visibles(utilisateur, conseil).dates("debut", "year", order="DESC")]


def remplacante(bulletin: Bulletin) -> Bulletin | None:
    """The last edition sent after this one, of the same thing."""
    return _suivantes(lambda champ: getattr(bulletin, champ)).order_by("-edition").first()


def table(lus: list[Bulletin], conseil: Conseil) -> Table:
    return Table(
        titre=f"Bulletins et études, {conseil}",
        entetes=("Document", "Genre", "Période", "Édition", "État", "Remplacée"),
        lignes=tuple(
            (
                b.titre,
                str(b.get_periodicite_display()),
                b.periode,
                b.edition,
                b.mot,
                "oui" if b.remplacee else "non",
            )
            for b in lus
        ),
        lecture=(("Avertissement", "Données fictives"),) if conseil.fictif else (),
    )
