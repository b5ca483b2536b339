from django.urls import path

from pupitre.web.conseils import decisions

urlpatterns = [
    path("", decisions.liste, name="decisions"),
    path("export.<slug:format>", decisions.exporter, name="decisions-export"),
    path("noter/", decisions.noter, name="decision-noter"),
    path("<int:decision>/", decisions.fiche, name="decision"),
    path("<int:decision>/modifier/", decisions.modifier, name="decision-modifier"),
    path("<int:decision>/demander/", decisions.demander, name="decision-demander"),
]
