from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "pupitre.socle"
    verbose_name = "Socle"
