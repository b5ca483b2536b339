"""Tags and filters of every template: French numbers and dates, icons, titles. Built in: no `load` needed."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from pupitre.documents.ecrits.fragments import fragments
from pupitre.observatoire import presentation
from pupitre.socle import horloge, recherche, texte
from pupitre.web.icones import TRACES

register = template.Library()

register.filter("nombre", texte.nombre)
register.filter("pourcent", texte.pourcent)
# What the database keeps is in UTC, a day behind in Paris between midnight and two.
for _nom in ("date_longue", "date_courte", "jour_mois", "mois_annee", "mois_court", "instant_court"):
    register.filter(_nom, getattr(texte, _nom), expects_localtime=True)
register.filter("heure", horloge.heure)
register.filter("typo", texte.typographier)


@register.filter
def mois_abrege(jour) -> str:
    """ "déc.": under a day in a calendar."""
    return texte.MOIS_COURTS[jour.month - 1]


@register.filter
def mots(texte: str) -> list[str]:
    """A list written in a template, its words separated by spaces."""
    return texte.split()


@register.filter
def gras(texte: str) -> str:
    """A text of a document: what it marks as bold, in bold."""
    return format_html_join(
        "", "{}", ((format_html("<strong>{}</strong>", t) if g else t,) for t, g in fragments(texte))
    )


@register.filter
def marquer(texte: str, formes) -> str:
    """A text with, marked, the words that begin as they were looked for."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", t) if m else t,) for t, m in recherche.marquer(texte, formes)),
    )


@register.filter
def pluriel(n, mot):
    """ "lieu,lieux" where the plural is not made by an s."""
    singulier, _, au_pluriel = mot.partition(",")
    return texte.pluriel(n, singulier, au_pluriel or None)


@register.filter
def a_cocher(champ) -> bool:
    """A lone box is written before its label."""
    return getattr(champ.field.widget, "input_type", "") == "checkbox" and not champ.use_fieldset


@register.filter
def de_fichier(champ) -> bool:
    return getattr(champ.field.widget, "input_type", "") == "file"


@register.simple_tag
def icone(nom: str, taille: int = 20) -> str:
    """An icon of `web.icones`, always beside a word that says the same."""
    return format_html(
        '<svg width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        taille,
        taille,
        TRACES[nom],
    )


@register.simple_block_tag
def recueillir(content: str) -> str:
    """`{% recueillir as titre %}…{% endrecueillir %}`: a block rendered once, shown in several places."""
    return mark_safe(content.strip())  # noqa: S308 - already rendered by a template, which escaped it


@register.simple_tag(takes_context=True)
def requete(context, **changements) -> str:
    """The present query string with these changes; an empty value removes the key."""
    parametres = context["request"].GET.copy()
    for cle, valeur in changements.items():
        if valeur in (None, ""):
            parametres.pop(cle, None)
        else:
            parametres[cle] = valeur
    return f"?{parametres.urlencode()}"


@register.filter
def numeros(page) -> list[int | None]:
    """Page numbers around the current one; None where some are left out."""
    retenus = [1, page.number - 1, page.number, page.number + 1, page.paginator.num_pages]
    montres: list[int | None] = []
    for n in sorted({n for n in retenus if 1 <= n <= page.paginator.num_pages}):
        if montres and n - (montres[-1] or 0) > 1:
            montres.append(None)
        montres.append(n)
    return montres


@register.simple_tag
def adresse(nom: str, arguments: dict) -> str:
    """`{% url %}` for a name and arguments that come from a selector."""
    return reverse(nom, kwargs=arguments)


@register.simple_tag
def adresse_dans(conseil, nom: str, arguments: dict, requete: str = "") -> str:
    """The same, within a council."""
    chemin = reverse(nom, kwargs={"conseil": conseil.slug, **arguments})
    return f"{chemin}?{requete}" if requete else chemin


@register.filter
def etendue(livraison) -> str:
    """The periods that a delivery covers, in words; empty while it is not read."""
    return presentation.etendue(livraison.lecture)
