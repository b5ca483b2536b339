from django.urls import path

from pupitre.web.courriels import views

urlpatterns = [
    path("", views.liste, name="courriels"),
    path("export.<slug:format>", views.exporter, name="courriels-export"),
    path("<int:courriel>/", views.fiche, name="courriel"),
    path("<int:courriel>/renvoyer/", views.renvoyer, name="courriel-renvoyer"),
    path("<int:courriel>/revenu/", views.revenu, name="courriel-revenu"),
]
