from django.apps import AppConfig


class ConseilsConfig(AppConfig):
    name = "pupitre.conseils"
    verbose_name = "Conseils"

    def ready(self) -> None:
        from pupitre.conseils.seances import devoirs

        devoirs.inscrire_tous()
