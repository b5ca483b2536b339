"""Lives written as events: what is followed bears the state of its last one, which lists read by thousands."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction

_PORTES = frozenset({"etat", "etat_le"})


class Suivi(models.Model):
    """A row whose state is that of its last event. Only an event changes it: saving the row leaves it alone."""

    etat = models.CharField("état", max_length=12, blank=True, default="", editable=False)
    etat_le = models.DateTimeField("dans cet état depuis", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        # an event may have been written since this copy was read
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = {
                c.name for c in self._meta.concrete_fields if not c.primary_key and c.name not in _PORTES
            }
        super().save(*args, **kwargs)


class EvenementQuerySet(models.QuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        with transaction.atomic(savepoint=False):
            crees = super().bulk_create(objs, *args, **kwargs)
            self.model.porter(crees)
        return crees


class Evenement(models.Model):
    """A state that something entered, when and by whom; appended, never changed.

    `SUIVI`: name of the foreign key to what is followed, a `Suivi`.
    """

    SUIVI: str

    objects = EvenementQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            self.porter([self])

    @classmethod
    def porter(cls, evenements: Iterable[Evenement]) -> None:
        """Write on what is followed the state of its last event, these being later than those kept."""
        champ = cls._meta.get_field(cls.SUIVI)
        derniers = {getattr(e, champ.attname): e for e in evenements}
        modele = champ.related_model
        suivis = []
        for pk, evenement in derniers.items():
            # the copy in hand, if there is one, so that it does not lie
            suivi = getattr(evenement, champ.name) if champ.is_cached(evenement) else modele(pk=pk)
            suivi.etat, suivi.etat_le = evenement.etat, evenement.le
            suivis.append(suivi)
        if len(suivis) == 1:
            modele.objects.filter(pk=suivis[0].pk).update(etat=suivis[0].etat, etat_le=suivis[0].etat_le)
        else:
            modele.objects.bulk_update(suivis, sorted(_PORTES), batch_size=200)
