from django.urls import path

from pupitre.web.accueil import views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("conseils/<slug:conseil>/", views.accueil_conseil, name="accueil_conseil"),
    path("sante/", views.sante, name="sante"),
    path("accessibilite/", views.accessibilite, name="accessibilite"),
]
