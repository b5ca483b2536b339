"""Reading the territory: the dashboard, seasons, comparisons, and what the team keeps about them."""

from django.urls import path

from pupitre.web.observatoire import comparer, indicateurs_suivis, reperes, saisons, tableau, vues

urlpatterns = [
    path("", tableau.tableau, name="tableau"),
    path("provenance/", tableau.provenance, name="provenance"),
    path("commenter/", tableau.commenter, name="tableau-commenter"),
    path("saisons/", saisons.saisons, name="saisons"),
    path("saisons/mois.<slug:format>", saisons.exporter, name="saisons-export"),
    path("comparer/", comparer.comparer, name="comparer"),
    path("comparer/lieux.<slug:format>", comparer.exporter, name="comparer-export"),
    path("comparer/preparer/", comparer.preparer, name="comparer-preparer"),
    path("reperes/", reperes.liste, name="reperes"),
    path("reperes/export.<slug:format>", reperes.exporter, name="reperes-export"),
    path("reperes/poser/", reperes.poser, name="repere-poser"),
    path("reperes/<int:repere>/", reperes.poser, name="repere"),
    path("reperes/<int:repere>/retirer/", reperes.retirer, name="repere-retirer"),
    path("suivi/", indicateurs_suivis.choisir, name="indicateurs-suivis"),
    path("vues/", vues.liste, name="vues"),
    path("vues/enregistrer/", vues.enregistrer, name="vue-enregistrer"),
    path("<slug:table>.<slug:format>", tableau.exporter, name="tableau-export"),
]
