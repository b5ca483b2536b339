"""Pages that a personal link opens, without an account: one module per gesture."""

from django.urls import path

from pupitre.web.liens import depot, fiche, lecture, remise, reponse, visa, visa_demande

urlpatterns = [
    path("<str:lien>/depot/", depot.depot, name="depot"),
    path("<str:lien>/depot/recu/", depot.recu, name="depot-recu"),
    path("<str:lien>/fiche/", fiche.verifier, name="fiche-verifier"),
    path("<str:lien>/visa/", visa.visa, name="visa"),
    path("<str:lien>/visa/document.pdf", visa.document, name="visa-document"),
    path("<str:lien>/lecture/", lecture.lecture, name="lecture"),
    path("<str:lien>/lecture/document.<slug:fichier>", lecture.document, name="lecture-document"),
    path("<str:lien>/reponse/", reponse.repondre, name="reponse-proprietaire"),
    path("<str:lien>/visa-demande/", visa_demande.viser, name="visa-demande"),
    path("<str:lien>/visa-demande/analyse.pdf", visa_demande.analyse, name="visa-demande-pdf"),
    path("<str:lien>/donnees/", remise.recevoir, name="remise-donnees"),
    path("<str:lien>/donnees/<slug:format>", remise.telecharger, name="remise-piece"),
]
