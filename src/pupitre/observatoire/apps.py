from django.apps import AppConfig


class ObservatoireConfig(AppConfig):
    name = "pupitre.observatoire"
    verbose_name = "Observatoire"

    def ready(self) -> None:
        from pupitre.observatoire import devoirs

        devoirs.inscrire_tous()
