"""Two cards of one person made one, and made two again: what moved is written down row by row."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import IntegrityError, models, transaction

from pupitre.annuaire.models import Distinction, Fusion, Personne
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge

# What an empty field of the kept card takes from the other one.
CHAMPS = (
    "civilite",
    "prenom",
    "email",
    "telephone",
    "telephone_prive",
    "adresse",
    "note",
    "utilisateur_id",
    "verifiee_le",
)
_ICI = {Fusion, Distinction, Personne}


class FusionRefusee(ErreurPupitre):
    """These two cards cannot be made one, or the merge cannot be undone yet."""


@transaction.atomic
def fusionner(*, gardee: Personne, absorbee: Personne, auteur=None) -> Fusion:
    """
    Raises:
        FusionRefusee: the same card twice, cards of two councils, a card already merged.
    """
    gardee, absorbee = (
        Personne.objects.select_for_update(of=("self",)).get(pk=p.pk) for p in (gardee, absorbee)
    )
    _fusionnables(gardee, absorbee)
    champs = {
        c: [_ecrit(getattr(gardee, c)), _ecrit(getattr(absorbee, c))]
        for c in CHAMPS
        if not getattr(gardee, c) and getattr(absorbee, c)
    }
    for champ in champs:
        setattr(gardee, champ, getattr(absorbee, champ))
    gardee.save()
    lignes = [
        [modele._meta.label, champ, pk]
        for modele, champ in _liens()
        for pk in _deplacer(modele, champ, absorbee, gardee)
    ]
    absorbee.fusionnee_dans = gardee
    absorbee.save(update_fields=["fusionnee_dans"])
    return Fusion.objects.create(
        gardee=gardee, absorbee=absorbee, auteur=auteur, avant={"champs": champs, "lignes": lignes}
    )


def _fusionnables(gardee: Personne, absorbee: Personne) -> None:
    if gardee.pk == absorbee.pk:
        raise FusionRefusee(
            "Une fiche ne se fusionne pas avec elle-même.", "Il en faut deux.", "Choisissez l’autre fiche."
        )
    if gardee.conseil_id != absorbee.conseil_id:
        raise FusionRefusee(
            "Ces deux fiches ne sont pas du même conseil.",
            "Chaque conseil répond de son annuaire.",
            "Fusionnez des fiches d’un même conseil.",
        )
    if gardee.fusionnee_dans_id or absorbee.fusionnee_dans_id:
        raise FusionRefusee(
            "L’une de ces fiches est déjà fusionnée.",
            "Quelqu’un d’autre vient peut-être de le faire.",
            "Rechargez la page.",
        )


def _ecrit(valeur):
    return valeur.isoformat() if hasattr(valeur, "isoformat") else valeur


def _liens() -> Iterator[tuple[type[models.Model], str]]:
    """Every table, of this floor and of those above, that points to a card: lists and tags included."""
    for relation in Personne._meta.get_fields(include_hidden=True):
        if (relation.one_to_many or relation.one_to_one) and relation.auto_created:
            modele = relation.related_model
            if modele not in _ICI:
                yield modele, relation.field.name


def _deplacer(modele: type[models.Model], champ: str, de: Personne, vers: Personne) -> list[int]:
    """Point these rows to the other card; one that the database refuses (it is there already) stays."""
    deplacees = []
    for pk in modele._base_manager.filter(**{champ: de.pk}).order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                modele._base_manager.filter(pk=pk).update(**{champ: vers.pk})
        except IntegrityError:
            continue
        deplacees.append(pk)
    return deplacees


@transaction.atomic
def defaire(*, fusion: Fusion) -> Personne:
    """Both cards as they were, and what has been written since left where it is. Gives the card found again.

    Raises:
        FusionRefusee: already undone, or the kept card has itself been merged since.
    """
    fusion = Fusion.objects.select_for_update(of=("self",)).get(pk=fusion.pk)
    gardee = Personne.objects.get(pk=fusion.gardee_id)
    if fusion.defaite_le is not None:
        raise FusionRefusee(
            "Cette fusion est déjà défaite.", "Les deux fiches sont revenues.", "Rechargez la page."
        )
    if gardee.fusionnee_dans_id is not None:
        raise FusionRefusee(
            "Cette fusion ne peut pas encore être défaite.",
            f"La fiche {gardee} a été fusionnée à son tour.",
            "Défaites d’abord la fusion la plus récente.",
        )
    _rendre(fusion, gardee)
    absorbee = Personne.objects.get(pk=fusion.absorbee_id)
    absorbee.fusionnee_dans = None
    absorbee.save(update_fields=["fusionnee_dans"])
    fusion.defaite_le = horloge.maintenant()
    fusion.save(update_fields=["defaite_le"])
    return absorbee


def _rendre(fusion: Fusion, gardee: Personne) -> None:
    for champ, (avant, pris) in fusion.avant["champs"].items():
        if _ecrit(getattr(gardee, champ)) == pris:
            setattr(gardee, champ, avant)
    gardee.save()
    gardee.refresh_from_db()
    par_table = {modele._meta.label: modele for modele, _ in _liens()}
    for table, champ, pk in fusion.avant["lignes"]:
        modele = par_table.get(table)
        if modele is not None:
            modele._base_manager.filter(pk=pk, **{champ: gardee.pk}).update(**{champ: fusion.absorbee_id})
