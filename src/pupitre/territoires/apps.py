from django.apps import AppConfig


class TerritoiresConfig(AppConfig):
    name = "pupitre.territoires"
    verbose_name = "Territoires"
