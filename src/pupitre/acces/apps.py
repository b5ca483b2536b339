from django.apps import AppConfig


class AccesConfig(AppConfig):
    name = "pupitre.acces"
    verbose_name = "Accès"
