from django.urls import path

from pupitre.web.courriels import views

urlpatterns = [
    path("", views.liste, name="courriels"),
    path("<int:courriel>/", views.fiche, name="courriel"),
    path("<int:courriel>/renvoyer/", views.renvoyer, name="courriel-renvoyer"),
]
