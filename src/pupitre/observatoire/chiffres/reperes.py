"""Notes pinned to a day: written, corrected, taken off, and brought to the series they concern."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from pupitre.documents import formes
from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.nomenclatures import thematiques
from pupitre.observatoire.chiffres.perimetres import Territoire
from pupitre.observatoire.chiffres.sujets import Sujet
from pupitre.observatoire.models import Repere
from pupitre.socle import horloge
from pupitre.socle.donnees_personnelles import avertissement, indices
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil


class RepereRefuse(ErreurPupitre):
    """The text seems to name somebody, or the note is closed."""


def en_vigueur(conseil: Conseil) -> list[Repere]:
    return list(Repere.objects.filter(conseil=conseil, retire_le__isnull=True))


def historique(conseil: Conseil):
    """Every note, those taken off or replaced included."""
    return Repere.objects.filter(conseil=conseil).select_related("auteur", "retire_par", "suivant")


def du_sujet(reperes: Iterable[Repere], sujet: Sujet, territoire: Territoire) -> tuple[formes.Repere, ...]:
    """Those that a series of this subject shows: of its territory or wider, of its theme or of all."""
    themes = themes_du_sujet(sujet)
    return tuple(
        formes.Repere(r.jour, r.texte)
        for r in sorted(reperes, key=lambda r: r.jour)
        if (not r.thematique or r.thematique in themes) and concerne(r.perimetre, sujet, territoire)
    )


def themes_du_sujet(sujet: Sujet) -> frozenset[str]:
    jour = horloge.aujourdhui()
    return frozenset(thematiques.thematique_de(n, jour).code for n in sujet.indicateur.natures)


def concerne(perimetre: str, sujet: Sujet, territoire: Territoire) -> bool:
    """A note of a part of the territory also explains the whole that holds it, never another part."""
    niveau, _, code = perimetre.partition(":")
    lieu = sujet.perimetre
    if not niveau or lieu.niveau in ("conseil", "territoire"):
        return True
    commune_de = {s.code: s.commune_id for s in territoire.secteurs}
    if niveau == "commune":
        return code in lieu.communes or any(commune_de.get(s) == code for s in lieu.secteurs)
    return code in lieu.secteurs or commune_de.get(code) in lieu.communes


def lieux(territoire: Territoire) -> list[tuple[str, str]]:
    """What a note may concern, for a list of choices."""
    return [
        ("", "Tout le conseil"),
        *((f"commune:{c.code}", c.nom) for c in territoire.communes),
        *((f"secteur:{s.code}", s.nom) for s in territoire.secteurs),
    ]


def themes() -> list[tuple[str, str]]:
    return [
        ("", "Tous les thèmes"),
        *((t.code, t.libelle) for t in thematiques.thematiques(horloge.aujourdhui())),
    ]


@transaction.atomic
def ecrire(
    *,
    conseil: Conseil,
    jour: date,
    texte: str,
    perimetre: str = "",
    thematique: str = "",
    remplace: Repere | None = None,
    confirme: bool = False,
    auteur=None,
    fictif: bool = False,
) -> Repere:
    """Pin a note. With `remplace`, it takes the place of that one, which stays in the history.

    Args:
        confirme: a person has read what looks like somebody's name and maintains the text.
    Raises:
        RepereRefuse: the text seems to name somebody, or `remplace` is already taken off.
        ValidationError: what the record needs.
    """
    permis = [
        *(c.nom for c in conseil.communes_as_of()),
        *conseil.organisations.values_list("nom", flat=True),
    ]
    trouves = indices(texte, permis)
    if trouves and not confirme:
        raise RepereRefuse(
            avertissement(trouves),
            "Un repère se lit sous les graphiques et dans le bulletin\u202f: aucune personne n’y est désignée.",
            "Écrivez-le sans elle, ou cochez la case qui confirme qu’il ne s’agit pas d’une personne.",
        )
    repere = Repere(
        conseil=conseil,
        jour=jour,
        texte=" ".join(texte.split()),
        perimetre=perimetre,
        thematique=thematique,
        auteur=auteur,
        fictif=fictif,
    )
    if remplace is not None:
        retirer(repere=remplace, auteur=auteur)
        repere.remplace = remplace
    repere.full_clean()
    repere.save()
    return repere


@transaction.atomic
def retirer(*, repere: Repere, auteur=None) -> None:
    """Take a note off the charts; it stays in the history. Raises RepereRefuse when it is off already."""
    tenu = Repere.objects.select_for_update(of=("self",)).get(pk=repere.pk)
    if tenu.retire_le is not None:
        raise RepereRefuse(
            "Ce repère n’est plus sur les graphiques.",
            "Il a été corrigé ou retiré entre-temps.",
            "Ouvrez l’historique pour voir ce qu’il est devenu.",
        )
    tenu.retire_le, tenu.retire_par = horloge.maintenant(), auteur
    tenu.save(update_fields=["retire_le", "retire_par"])


def table(conseil: Conseil) -> Table:
    territoire = Territoire.lire(conseil, horloge.aujourdhui())
    noms, noms_themes = dict(lieux(territoire)), dict(themes())
    return Table(
        titre=f"Repères, {conseil}",
        entetes=("Jour", "Repère", "Territoire", "Thème", "Écrit par", "Écrit le", "Retiré le"),
        lignes=tuple(
            (
                date_longue(r.jour),
                r.texte,
                noms.get(r.perimetre, r.perimetre),
                noms_themes.get(r.thematique, r.thematique),
                str(r.auteur or ""),
                date_longue(horloge.jour_de(r.cree_le)),
                date_longue(horloge.jour_de(r.retire_le)) if r.retire_le else "",
            )
            for r in historique(conseil)
        ),
        lecture=(("Avertissement", "Données fictives"),) if conseil.fictif else (),
    )
