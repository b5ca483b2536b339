from django.apps import AppConfig


class ObservatoireConfig(AppConfig):
    name = "pupitre.observatoire"
    verbose_name = "Observatoire"
