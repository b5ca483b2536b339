"""The directory of a council."""

from django.urls import path

from pupitre.web.annuaire import (
    doublons,
    fonctions,
    importer,
    listes,
    organisations,
    personnes,
    verifications,
)

urlpatterns = [
    path("", personnes.liste, name="annuaire"),
    path("export.<slug:format>", personnes.exporter, name="annuaire-export"),
    path("ranger/", personnes.ranger, name="annuaire-ranger"),
    path("nouvelle/", personnes.ecrire, name="personne-creer"),
    path("<int:personne>/", personnes.fiche, name="personne"),
    path("<int:personne>/fiche.vcf", personnes.vcarte, name="personne-vcarte"),
    path("<int:personne>/modifier/", personnes.ecrire, name="personne-modifier"),
    path("<int:personne>/fonctions/ajouter/", fonctions.ajouter, name="fonction-ajouter"),
    path(
        "<int:personne>/etiquettes/<int:etiquette>/oter/",
        personnes.oter_etiquette,
        name="personne-etiquette-oter",
    ),
    path("fonctions/<int:fonction>/", fonctions.fiche, name="fonction"),
    path("fonctions/<int:fonction>/quitter/", fonctions.quitter, name="fonction-quitter"),
    path("fonctions/<int:fonction>/remplacer/", fonctions.remplacer, name="fonction-remplacer"),
    path("mouvements/", fonctions.mouvements_, name="annuaire-mouvements"),
    path(
        "mouvements/<slug:table>.<slug:format>",
        fonctions.exporter_mouvements,
        name="annuaire-mouvements-export",
    ),
    path("organisations/", organisations.liste, name="organisations"),
    path("organisations/nouvelle/", organisations.ecrire, name="organisation-creer"),
    path("organisations/<int:organisation>/", organisations.fiche, name="organisation"),
    path("organisations/<int:organisation>/modifier/", organisations.ecrire, name="organisation-modifier"),
    path(
        "organisations/<int:organisation>/services/",
        organisations.ajouter_service,
        name="organisation-service",
    ),
    path("importer/", importer.deposer, name="annuaire-importer"),
    path("importer/<int:recu>/", importer.relire, name="annuaire-import"),
    path("importer/<int:recu>/abandonner/", importer.abandonner, name="annuaire-import-abandonner"),
    path("doublons/", doublons.liste, name="annuaire-doublons"),
    path("doublons/regler/", doublons.regler, name="annuaire-doublons-regler"),
    path("fusions/<int:fusion>/defaire/", doublons.defaire, name="annuaire-fusion-defaire"),
    path("verifications/", verifications.liste, name="annuaire-verifications"),
    path("verifications/<int:campagne>/", verifications.campagne, name="annuaire-verification"),
    path(
        "verifications/<int:campagne>/relancer/",
        verifications.relancer,
        name="annuaire-verification-relancer",
    ),
    path(
        "verifications/reponses/<int:demande_de_fiche>/traiter/",
        verifications.traiter,
        name="annuaire-reponse-traiter",
    ),
    path(
        "verifications/reponses/<int:demande_de_fiche>/annuler/",
        verifications.annuler,
        name="annuaire-reponse-annuler",
    ),
    path("listes/", listes.listes, name="annuaire-listes"),
    path("listes/<int:liste_de_personnes>/", listes.liste, name="annuaire-liste"),
    path(
        "listes/<int:liste_de_personnes>/export.<slug:format>", listes.exporter, name="annuaire-liste-export"
    ),
    path("listes/<int:liste_de_personnes>/supprimer/", listes.supprimer, name="annuaire-liste-supprimer"),
    path(
        "listes/<int:liste_de_personnes>/retirer/<int:personne>/",
        listes.retirer,
        name="annuaire-liste-retirer",
    ),
    path("reseaux/", listes.reseaux, name="annuaire-reseaux"),
    path("reseaux/nouveau/", listes.reseau, name="annuaire-reseau-creer"),
    path("reseaux/<int:reseau>/", listes.reseau, name="annuaire-reseau"),
    path(
        "reseaux/<int:reseau>/retirer/<int:personne>/", listes.quitter_reseau, name="annuaire-reseau-retirer"
    ),
]
