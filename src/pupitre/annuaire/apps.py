from django.apps import AppConfig


class AnnuaireConfig(AppConfig):
    name = "pupitre.annuaire"
    verbose_name = "Annuaire"
