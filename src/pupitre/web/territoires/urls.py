"""Addresses of the territory, mounted under `conseils/<slug>/territoire/`."""

from django.urls import path

from pupitre.web.territoires import views

urlpatterns = [
    path("", views.territoire, name="territoire"),
]
