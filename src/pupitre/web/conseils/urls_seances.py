from django.urls import path

from pupitre.conseils.models import ModeleDeDocument
from pupitre.conseils.seances.papiers import FORMATS
from pupitre.web.conseils import seances, seances_agenda, seances_convocations, seances_reglage, tenue

urlpatterns = [
    path("", seances.liste, name="seances"),
    path("export.<slug:format>", seances.exporter, name="seances-export"),
    path("calendrier/", seances.calendrier, name="seances-calendrier"),
    path("calendrier.ics", seances.agenda_ics, name="seances-ics-fichier"),
    path("nouvelle/", seances.creer, name="seance-creer"),
    path("reglage/", seances_reglage.regler, name="seances-reglage"),
    path("<int:seance>/", seances.fiche, name="seance"),
    path("<int:seance>/modifier/", seances.modifier, name="seance-modifier"),
    path("<int:seance>/annuler/", seances.annuler, name="seance-annuler"),
    path("<int:seance>/preparatifs/", seances.preparatif_ajouter, name="seance-preparatif-ajouter"),
    path("<int:seance>/preparatifs/<int:preparatif>/", seances.preparatif_cocher, name="seance-preparatif"),
    path("<int:seance>/pieces/", seances.piece_joindre, name="seance-piece-joindre"),
    path("<int:seance>/pieces/<int:piece>/fichier", seances.piece, name="seance-piece-fichier"),
    path("<int:seance>/pieces/<int:piece>/retirer/", seances.piece_retirer, name="seance-piece-retirer"),
    path("<int:seance>/ordre-du-jour/", seances_agenda.ecrire, name="seance-agenda"),
    path("<int:seance>/ordre-du-jour/fusionner/", seances_agenda.fusionner, name="seance-agenda-fusionner"),
    path("<int:seance>/ordre-du-jour/solliciter/", seances_agenda.solliciter, name="seance-solliciter"),
    path("<int:seance>/points/<uuid:point>/trancher/", seances_agenda.trancher, name="seance-point-trancher"),
    path("<int:seance>/points/<uuid:point>/dossier/", seances_agenda.dossier, name="seance-point-dossier"),
    path("<int:seance>/points/<uuid:point>/figer/", seances_agenda.figer, name="seance-point-figer"),
    path("<int:seance>/tenue/", tenue.ecran, name="seance-tenue"),
    path("<int:seance>/tenue/ouvrir/", tenue.ouvrir, name="seance-ouvrir"),
    path("<int:seance>/tenue/clore/", tenue.clore, name="seance-clore"),
    path("<int:seance>/tenue/saisie/", tenue.saisir, name="seance-saisir"),
    path("<int:seance>/dates/", seances_convocations.dates, name="seance-dates"),
    path("<int:seance>/dates/<int:date>/choisir/", seances_convocations.choisir, name="seance-date-choisir"),
    path("<int:seance>/convocations/", seances_convocations.liste, name="seance-convocations"),
    path("<int:seance>/convocations/dresser/", seances_convocations.dresser, name="seance-dresser"),
    path("<int:seance>/convocations/envoyer/", seances_convocations.envoyer, name="seance-envoyer"),
    path("<int:seance>/ma-reponse/", seances_convocations.repondre, name="seance-ma-reponse"),
    path("<int:seance>/convocations/relancer/", seances_convocations.relancer, name="seance-relancer"),
    path(
        "<int:seance>/convocations/export.<slug:format>",
        seances_convocations.exporter,
        name="seance-convocations-export",
    ),
    path("<int:seance>/convocations.pdf", seances_convocations.toutes, name="seance-convocations-pdf"),
    path("<int:seance>/presence.pdf", seances_convocations.emargement, name="seance-emargement-pdf"),
    path("<int:seance>/etiquettes.pdf", seances_convocations.etiquettes, name="seance-etiquettes-pdf"),
    path(
        "<int:seance>/convocations/<int:convocation>/reponse/",
        seances_convocations.noter,
        name="seance-reponse-noter",
    ),
    path(
        "<int:seance>/convocations/<int:convocation>/retirer/",
        seances_convocations.retirer,
        name="seance-convocation-retirer",
    ),
    *(
        path(
            f"<int:seance>/convocations/<int:convocation>/convocation.{f}",
            seances_convocations.une,
            {"format": f},
            name=f"seance-convocation-{f}",
        )
        for f in FORMATS
    ),
    *(
        path(
            f"<int:seance>/ordre-du-jour.{f}",
            seances_agenda.document,
            {"format": f},
            name=f"seance-ordre-du-jour-{f}",
        )
        for f in FORMATS
    ),
    *(
        path(
            f"<int:seance>/dossier.{f}",
            seances_agenda.dossier_entier,
            {"format": f},
            name=f"seance-dossier-{f}",
        )
        for f in FORMATS
    ),
    *(
        path(
            f"reglage/modeles/{genre}/",
            seances_reglage.modele,
            {"genre": genre},
            name=f"seances-modele-{genre}",
        )
        for genre in ModeleDeDocument.Genre.values
    ),
    *(
        path(
            f"reglage/modeles/{genre}/depart.docx",
            seances_reglage.de_depart,
            {"genre": genre},
            name=f"seances-modele-{genre}-docx",
        )
        for genre in ModeleDeDocument.Genre.values
    ),
]
