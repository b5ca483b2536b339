"""Addresses of the territory, mounted under `conseils/<slug>/territoire/`."""

from django.urls import path

from pupitre.web.territoires import communes, exports, secteurs, views

urlpatterns = [
    path("", views.territoire, name="territoire"),
    path("<slug:liste>.<slug:format>", exports.exporter, name="territoire-export"),
    path("communes/recherche/", communes.rechercher, name="communes_recherche"),
    path("communes/ajouter/", communes.ajouter, name="commune_ajouter"),
    path("communes/<slug:commune>/retirer/", communes.retirer, name="commune_retirer"),
    path("secteurs/importer/", secteurs.importer, name="secteurs_importer"),
    path("secteurs/controle/<uuid:recus>/", secteurs.controle, name="secteurs_controle"),
    path("secteurs/<int:decoupage>/", secteurs.decoupage, name="decoupage"),
]
