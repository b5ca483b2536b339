from django.urls import path

from pupitre.web.public import views

urlpatterns = [
    path("<slug:conseil_public>/", views.page, name="page-publique"),
    path("<slug:conseil_public>/chiffres.<slug:format>", views.exporter, name="page-publique-export"),
]
