from django.urls import path

from pupitre.web.compte import views

urlpatterns = [
    path("compte/semaine/", views.semaine, name="semaine-reglage"),
    path("connexion/", views.connexion, name="connexion"),
    path("deconnexion/", views.deconnexion, name="deconnexion"),
    path("apparence/", views.apparence, name="apparence"),
    path("compte/", views.mes_acces, name="mes_acces"),
    path("compte/mot-de-passe/", views.mot_de_passe, name="mot_de_passe"),
    path("premier-acces/<str:qui>/<str:jeton>/", views.premier_acces, name="premier_acces"),
]
