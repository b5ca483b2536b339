from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "pupitre.socle"
    verbose_name = "Socle"

    def ready(self) -> None:
        from pupitre.socle.courriel.envoi import a_envoyer, relever
        from pupitre.socle.devoirs import Devoir, inscrire

        inscrire(
            Devoir(
                "courriels",
                "Courriels envoyés",
                lambda jour: relever()["traites"],
                lambda jour: a_envoyer(),
                en_dernier=True,
            )
        )
