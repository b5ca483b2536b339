from django.apps import AppConfig


class ConseilsConfig(AppConfig):
    name = "pupitre.conseils"
    verbose_name = "Conseils"
