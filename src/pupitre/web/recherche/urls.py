from django.urls import path

from pupitre.web.recherche import views

urlpatterns = [
    path("", views.rechercher, name="rechercher"),
    path("raccourci/", views.raccourci, name="raccourci"),
]
