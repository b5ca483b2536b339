"""Filters for templates: French numbers and dates. Built in: no `load` needed."""

from django import template

from pupitre.socle import texte

register = template.Library()

register.filter("nombre", texte.nombre)
register.filter("pourcent", texte.pourcent)
register.filter("date_longue", texte.date_longue)
register.filter("date_courte", texte.date_courte)
register.filter("mois_annee", texte.mois_annee)
register.filter("typo", texte.typographier)


@register.filter
def pluriel(n, mot):
    return texte.pluriel(n, mot)
