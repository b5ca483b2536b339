from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "pupitre.web"
    verbose_name = "Pages"
