from django.apps import AppConfig


class ConseilsConfig(AppConfig):
    name = "pupitre.conseils"
    verbose_name = "Conseils"

    def ready(self) -> None:
        from pupitre.conseils.comptes_rendus import devoirs as comptes_rendus
        from pupitre.conseils.decisions import devoirs as decisions
        from pupitre.conseils.seances import devoirs as seances

        comptes_rendus.inscrire_tous()
        decisions.inscrire_tous()
        seances.inscrire_tous()
