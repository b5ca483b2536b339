"""Every address of Pupitre, area by area."""

from django.urls import include, path

from pupitre.web.conseils import abonnements

urlpatterns = [
    path("", include("pupitre.web.compte.urls")),
    path("", include("pupitre.web.accueil.urls")),
    path("administration/", include("pupitre.web.administration.urls")),
    path("composants/", include("pupitre.web.composants.urls")),
    path("api/v1/", include("pupitre.api.urls")),
    path("a/", include("pupitre.web.liens.urls")),
    path("public/", include("pupitre.web.public.urls")),
    path("agenda/<slug:secret>/seances.ics", abonnements.fichier, name="agenda-ics"),
    path("conseils/<slug:conseil>/mon-agenda/", include("pupitre.web.conseils.urls_agenda")),
    path("conseils/<slug:conseil>/rechercher/", include("pupitre.web.recherche.urls")),
    path("conseils/<slug:conseil>/territoire/", include("pupitre.web.territoires.urls")),
    path("conseils/<slug:conseil>/jetons/", include("pupitre.web.jetons.urls")),
    path("conseils/<slug:conseil>/acces/", include("pupitre.web.administration.urls_acces")),
    path("conseils/<slug:conseil>/annuaire/", include("pupitre.web.annuaire.urls")),
    path("conseils/<slug:conseil>/liens/", include("pupitre.web.liens_ouverts.urls")),
    path("conseils/<slug:conseil>/courriels/", include("pupitre.web.courriels.urls")),
    path("conseils/<slug:conseil>/formations/", include("pupitre.web.conseils.urls_formations")),
    path("conseils/<slug:conseil>/seances/", include("pupitre.web.conseils.urls_seances")),
    path("conseils/<slug:conseil>/comptes-rendus/", include("pupitre.web.conseils.urls_comptes_rendus")),
    path("conseils/<slug:conseil>/decisions/", include("pupitre.web.conseils.urls_decisions")),
    path("conseils/<slug:conseil>/", include("pupitre.web.observatoire.urls")),
]
handler404 = "pupitre.web.accueil.views.introuvable"
handler500 = "pupitre.web.accueil.views.panne"
