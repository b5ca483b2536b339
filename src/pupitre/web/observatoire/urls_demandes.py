from django.urls import path

from pupitre.web.observatoire import demandes

urlpatterns = [
    path("", demandes.liste, name="demandes"),
    path("nouvelle/", demandes.demander, name="demande-nouvelle"),
    path("registre/", demandes.voir_registre, name="demandes-registre"),
    path("registre/export.<slug:format>", demandes.exporter_registre, name="demandes-registre-export"),
    path("delais/", demandes.delais, name="demandes-delais"),
    path("<int:demande>/", demandes.fiche, name="demande"),
    path("<int:demande>/completer/", demandes.completer, name="demande-completer"),
    path("<int:demande>/transmettre/", demandes.transmettre, name="demande-transmettre"),
    path("<int:demande>/refuser/", demandes.refuser, name="demande-refuser"),
    path("<int:demande>/relancer/", demandes.relancer, name="demande-relancer"),
    path("<int:demande>/repondre/", demandes.repondre, name="demande-repondre"),
    path("<int:demande>/preparer/", demandes.preparer, name="demande-preparer"),
    path("<int:demande>/preparer/apercu.pdf", demandes.apercu, name="demande-apercu"),
    path("<int:demande>/viser/", demandes.viser, name="demande-viser"),
    path("<int:demande>/retirer/", demandes.retirer, name="demande-retirer"),
    path("<int:demande>/piece.<slug:format>", demandes.piece, name="demande-piece"),
]
