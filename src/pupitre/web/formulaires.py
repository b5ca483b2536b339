"""How `{{ form }}` is written: our own accessible mark-up, errors beside the field."""

from django.forms.renderers import TemplatesSetting


class Rendu(TemplatesSetting):
    form_template_name = "fragments/formulaire.html"
    field_template_name = "fragments/champ.html"
