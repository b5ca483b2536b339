from django.urls import path

from pupitre.web.jetons import views

urlpatterns = [
    path("", views.liste, name="jetons"),
    path("creer/", views.creer, name="jeton-creer"),
    path("<int:jeton_api>/retirer/", views.retirer, name="jeton-retirer"),
]
