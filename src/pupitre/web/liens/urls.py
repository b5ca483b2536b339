"""Pages that a personal link opens, without an account: one module per gesture."""

from django.urls import path

from pupitre.web.liens import (
    charte,
    comptes_rendus,
    decisions,
    depot,
    fiche,
    lecture,
    remise,
    reponse,
    seances,
    semaine,
    visa,
    visa_demande,
)

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
    path("<str:lien>/charte/", charte.signer, name="charte-signer"),
    path("<str:lien>/charte/texte.pdf", charte.document, name="charte-pdf"),
    path("<str:lien>/donnees/", remise.recevoir, name="remise-donnees"),
    path("<str:lien>/donnees/<slug:format>", remise.telecharger, name="remise-piece"),
    path("<str:lien>/disponibilites/", seances.disponibilites, name="disponibilites"),
    path("<str:lien>/convocation/", seances.repondre, name="reponse-convocation"),
    path("<str:lien>/convocation/convocation.pdf", seances.convocation, name="reponse-convocation-pdf"),
    path("<str:lien>/convocation/rendez-vous.ics", seances.rendezvous, name="reponse-convocation-ics"),
    path("<str:lien>/decisions/", decisions.suivre, name="suivi-decisions"),
    path("<str:lien>/compte-rendu/", comptes_rendus.valider, name="compte-rendu-valider"),
    path("<str:lien>/compte-rendu/document.pdf", comptes_rendus.document, name="compte-rendu-valider-pdf"),
    path("<str:lien>/remarque/", comptes_rendus.remarquer, name="remarque"),
    path("<str:lien>/remarque/document.pdf", comptes_rendus.recu, name="remarque-pdf"),
    path("<str:lien>/semaine/", semaine.arreter, name="semaine-arret"),
    path("<str:lien>/proposer-point/", seances.proposer, name="proposer-point"),
]
