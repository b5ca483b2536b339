from django.urls import path

from pupitre.web.liens_ouverts import views

urlpatterns = [
    path("", views.liste, name="liens-ouverts"),
    path("export.<slug:format>", views.exporter, name="liens-ouverts-export"),
    path("<int:personnel>/retirer/", views.retirer, name="lien-ouvert-retirer"),
]
