from django.urls import path

from pupitre.web.conseils import abonnements

urlpatterns = [
    path("", abonnements.liste, name="mon-agenda"),
    path("<int:abonnement>/renouveler/", abonnements.renouveler, name="mon-agenda-renouveler"),
    path("<int:abonnement>/retirer/", abonnements.retirer, name="mon-agenda-retirer"),
]
