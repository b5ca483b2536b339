from django.urls import path

from pupitre.web.administration import habilites

urlpatterns = [
    path("", habilites.liste, name="habilites"),
    path("export.<slug:format>", habilites.exporter, name="habilites-export"),
]
