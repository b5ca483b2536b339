from django.urls import path

from pupitre.web.administration import conseils, views

urlpatterns = [
    path("conseils/", conseils.liste, name="conseils-ouverts"),
    path("conseils/nouveau/", conseils.creer, name="conseil-creer"),
    path("comptes/", views.comptes, name="comptes"),
    path("comptes/nouveau/", views.creer, name="compte_creer"),
    path("comptes/<int:compte>/", views.compte, name="compte"),
    path("comptes/<int:compte>/fermer/", views.fermer, name="compte_fermer"),
    path("comptes/<int:compte>/rouvrir/", views.rouvrir, name="compte_rouvrir"),
    path("comptes/<int:compte>/lien/", views.renouveler, name="compte_lien"),
    path("comptes/<int:compte>/habiliter/", views.habiliter, name="compte_habiliter"),
    path(
        "comptes/<int:compte>/habilitations/<int:habilitation>/retirer/", views.retirer, name="compte_retirer"
    ),
]
