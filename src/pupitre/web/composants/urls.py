from django.urls import path

from pupitre.web.composants import views

urlpatterns = [path("", views.composants, name="composants")]
