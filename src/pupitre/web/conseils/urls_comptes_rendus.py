from django.urls import path

from pupitre.conseils.seances.papiers import FORMATS
from pupitre.web.conseils import comptes_rendus

urlpatterns = [
    path("", comptes_rendus.liste, name="comptes-rendus"),
    path("export.<slug:format>", comptes_rendus.exporter, name="comptes-rendus-export"),
    path("seance/<int:seance>/", comptes_rendus.dresser, name="compte-rendu-dresser"),
    path("<int:compte_rendu>/", comptes_rendus.fiche, name="compte-rendu"),
    path("<int:compte_rendu>/texte/", comptes_rendus.ecrire, name="compte-rendu-ecrire"),
    path("<int:compte_rendu>/mots/", comptes_rendus.passer_outre, name="compte-rendu-passer-outre"),
    path("<int:compte_rendu>/avancer/", comptes_rendus.avancer, name="compte-rendu-avancer"),
    path("<int:compte_rendu>/validation/", comptes_rendus.valider, name="compte-rendu-validation"),
    path(
        "<int:compte_rendu>/remarques/<int:remarque>/", comptes_rendus.repondre, name="compte-rendu-repondre"
    ),
    path("<int:compte_rendu>/corriger/", comptes_rendus.corriger, name="compte-rendu-corriger"),
    *(
        path(
            f"<int:compte_rendu>/document.{f}",
            comptes_rendus.document,
            {"format": f},
            name=f"compte-rendu-{f}",
        )
        for f in FORMATS
    ),
]
