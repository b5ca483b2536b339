from django.urls import include, path

from pupitre.web.observatoire import adresses, bulletins, colonnes, livraisons, sources, tableau

from pupitre.web.public.reglage import regler as regler_page_publique

urlpatterns = [
    path("demandes/", include("pupitre.web.observatoire.urls_demandes")),
    path("page-publique/", regler_page_publique, name="page-publique-reglage"),
    path("tableau-de-bord/", tableau.tableau, name="tableau"),
    path("tableau-de-bord/provenance/", tableau.provenance, name="provenance"),
    path("tableau-de-bord/<slug:table>.<slug:format>", tableau.exporter, name="tableau-export"),
    path("livraisons/", livraisons.liste, name="livraisons"),
    path("livraisons/export.<slug:format>", livraisons.exporter, name="livraisons-export"),
    path("livraisons/deposer/", livraisons.deposer, name="deposer"),
    path("livraisons/<uuid:livraison>/", livraisons.fiche, name="livraison"),
    path("livraisons/<uuid:livraison>/avancement/", livraisons.avancement, name="livraison-avancement"),
    path("livraisons/<uuid:livraison>/relire/", livraisons.relire, name="livraison-relire"),
    path("livraisons/<uuid:livraison>/territoires/", livraisons.territoires, name="livraison-territoires"),
    path("livraisons/<uuid:livraison>/colonnes/", colonnes.colonnes, name="livraison-colonnes"),
    path("livraisons/<uuid:livraison>/publier/", livraisons.publier, name="livraison-publier"),
    path("livraisons/<uuid:livraison>/rejeter/", livraisons.rejeter, name="livraison-rejeter"),
    path("livraisons/<uuid:livraison>/fichier/", livraisons.fichier, name="livraison-fichier"),
    path(
        "livraisons/<uuid:livraison>/anomalies.<slug:format>", livraisons.anomalies, name="anomalies-export"
    ),
    path("livraisons/<uuid:livraison>/adresses/", adresses.a_regler, name="livraison-adresses"),
    path(
        "livraisons/<uuid:livraison>/adresses/toutes/",
        adresses.ensemble,
        name="livraison-adresses-ensemble",
    ),
    path("livraisons/<uuid:livraison>/adresses/<int:douteuse>/", adresses.regler, name="livraison-adresse"),
    path(
        "livraisons/<uuid:livraison>/adresses/reponses/<int:reglee>/revenir/",
        adresses.revenir,
        name="livraison-adresse-revenir",
    ),
    path("adresses/", adresses.liste, name="adresses"),
    path("adresses/export.<slug:format>", adresses.exporter, name="adresses-export"),
    path("adresses/importer/", adresses.importer, name="adresses-importer"),
    path("sources/export.<slug:format>", sources.exporter, name="sources-export"),
    path("sources/", sources.liste, name="sources"),
    path("sources/nouvelle/", sources.creer, name="source-creer"),
    path("sources/<slug:code>/", sources.regler, name="source"),
    path("bulletins/", bulletins.liste, name="bulletins"),
    path("bulletins/ecrire/", bulletins.ecrire, name="bulletin-ecrire"),
    path("bulletins/<int:pk>/", bulletins.fiche, name="bulletin"),
    path("bulletins/<int:pk>/publier/", bulletins.publier, name="bulletin-publier"),
    path("bulletins/<int:pk>/bulletin.pdf", bulletins.pdf, name="bulletin-pdf"),
]
