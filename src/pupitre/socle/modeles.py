"""What every model shares."""

from __future__ import annotations

from django.db import models

from pupitre.socle import horloge
from pupitre.socle.texte import cle_de_recherche


class Modele(models.Model):
    cree_le = models.DateTimeField("créé le", default=horloge.maintenant, editable=False)

    class Meta:
        abstract = True


class CleDeRecherche(models.TextField):
    """What a row is searched by, written each time that the row is, by `bulk_create` too: see `Cherchable`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"blank": True, "editable": False, "default": ""} | kwargs)

    def deconstruct(self):
        # the models of a migration are not ours: for them it is a text
        nom, _, args, kwargs = super().deconstruct()
        return nom, "django.db.models.TextField", args, kwargs

    def pre_save(self, model_instance, add):
        cle = f" {cle_de_recherche(model_instance.texte_cherche())} "
        setattr(model_instance, self.attname, cle)
        return cle


class Cherchable(models.Model):
    """A row that is searched by its words: normalised, between two spaces, so that each can be asked whole."""

    cle = CleDeRecherche("clé de recherche")

    class Meta:
        abstract = True

    def texte_cherche(self) -> str:
        """Its words, whatever their writing."""
        raise NotImplementedError

    def save(self, *args, **kwargs):
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "cle"}
        super().save(*args, **kwargs)


class PeriodeQuerySet(models.QuerySet):
    """For rows that hold from `debut` to `fin` (inclusive, null: still)."""

    def as_of(self, jour):
        return self.filter(debut__lte=jour).filter(models.Q(fin__isnull=True) | models.Q(fin__gte=jour))


def fin_apres_debut(nom: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(fin__isnull=True) | models.Q(fin__gte=models.F("debut")),
        name=nom,
        violation_error_message="La date de fin précède la date de début.",
    )
