from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "pupitre.api"
    verbose_name = "API"
