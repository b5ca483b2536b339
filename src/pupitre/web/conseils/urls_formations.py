from django.urls import path

from pupitre.web.conseils import formations, formations_composition, formations_membres, formations_textes

urlpatterns = [
    path("", formations.liste, name="formations"),
    path("export.<slug:format>", formations.exporter, name="formations-export"),
    path("nouvelle/", formations.ecrire, name="formation-ajouter"),
    path("composition/", formations_composition.voir, name="composition"),
    path("composition/export.<slug:format>", formations_composition.exporter, name="composition-export"),
    path("composition/installer/", formations_composition.installer, name="composition-installer"),
    path("composition/reglage/", formations_composition.regler, name="composition-regler"),
    path("composition/arrete/", formations_composition.preparer, name="arrete-preparer"),
    path("textes/", formations_textes.liste, name="textes"),
    path("textes/nouveau/", formations_textes.commencer, name="texte-commencer"),
    path("textes/<int:texte>/", formations_textes.fiche, name="texte"),
    path("textes/<int:texte>/ecrire/", formations_textes.ecrire, name="texte-ecrire"),
    path("textes/<int:texte>/adopter/", formations_textes.adopter, name="texte-adopter"),
    path("textes/<int:texte>/document.<slug:fichier>", formations_textes.document, name="texte-document"),
    path("textes/<int:texte>/signatures.<slug:format>", formations_textes.exporter, name="signatures-export"),
    path("textes/<int:texte>/inviter/", formations_textes.inviter, name="charte-inviter"),
    path("textes/<int:texte>/signature/", formations_textes.signer, name="charte-papier"),
    path("<int:formation>/", formations.fiche, name="formation"),
    path("<int:formation>/modifier/", formations.ecrire, name="formation-modifier"),
    path("<int:formation>/clore/", formations.clore, name="formation-clore"),
    path("<int:formation>/membres.<slug:format>", formations_membres.exporter, name="membres-export"),
    path("<int:formation>/membres/ajouter/", formations_membres.ajouter, name="membre-ajouter"),
    path("<int:formation>/membres/<int:membre>/", formations_membres.modifier, name="membre-modifier"),
    path(
        "<int:formation>/membres/<int:membre>/accueillir/",
        formations_membres.accueillir,
        name="membre-accueillir",
    ),
    path("<int:formation>/membres/<int:membre>/finir/", formations_membres.finir, name="membre-finir"),
]
