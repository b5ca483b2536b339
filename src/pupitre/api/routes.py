"""The calls: deliver, follow, know what is awaited, read the figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import File, Form, NinjaAPI, Query, Status
from ninja.files import UploadedFile

from pupitre.api import formes, lectures, refus
from pupitre.api.jetons import Porteur, qui_depose, qui_lit
from pupitre.observatoire import tasks
from pupitre.observatoire.collecte import services
from pupitre.observatoire.demandes import serie
from pupitre.observatoire.etats import Etat
from pupitre.socle import horloge

api = NinjaAPI(
    title="Pupitre",
    version="1",
    description="Livrer à l’observatoire d’un conseil, suivre ses livraisons, relire ses chiffres.",
    auth=Porteur(),
    docs_url=None,
    openapi_url=None,
)
refus.poser(api)
_REFUS = {401: formes.Refusee, 403: formes.Refusee, 429: formes.Refusee}


@api.get(
    "/sources", response={200: formes.Sources, **_REFUS}, url_name="api-sources", summary="Ce qui est attendu"
)
def sources(request):
    """Les sources de votre organisation dans ce conseil, et les périodes qui n’y sont pas encore."""
    return lectures.des_sources(request.auth)


@api.post(
    "/livraisons",
    response={202: formes.Recue, 404: formes.Refusee, 409: formes.Refusee, 422: formes.Refusee, **_REFUS},
    url_name="api-livraisons",
    summary="Déposer un fichier",
)
def deposer(
    request,
    source: Annotated[
        str,
        Form(description="Le code de la source, comme le donne l’appel «\u202fCe qui est attendu\u202f»."),
    ],
    fichier: Annotated[
        UploadedFile, File(description="Le fichier tel que vous l’avez\u202f: xlsx, ods, csv.")
    ],
):
    """Le fichier est gardé tel quel, puis lu\u202f; l’équipe du conseil le relit avant de le publier.

    Le même contenu envoyé deux fois n’est reçu qu’une fois\u202f: la réponse 409 dit où est le premier.
    """
    jeton = qui_depose(request)
    livraison = services.deposer(
        source=get_object_or_404(lectures.sources_de(jeton), code=source),
        fichier=Path(fichier.temporary_file_path()),
        nom=fichier.name,
        voie=f"Par l’API, jeton «\u202f{jeton.libelle}\u202f» ({jeton.prefixe}…).",
    )
    tasks.lire_livraison.enqueue(str(livraison.pk))
    adresse = request.build_absolute_uri(reverse("api-livraison", args=[livraison.pk]))
    return Status(202, {"id": livraison.pk, "etat": Etat.RECUE.value, "adresse": adresse})


@api.get(
    "/livraisons/{uuid:livraison}",
    response={200: formes.LivraisonDite, 404: formes.Refusee, **_REFUS},
    url_name="api-livraison",
    summary="Suivre une livraison",
)
def livraison(request, livraison: UUID):
    """Son état, ce qui en a été compris, ce qui reste à corriger."""
    trouvee = lectures.livraisons_de(request.auth).filter(pk=livraison).first()
    if trouvee is None:
        raise Http404
    return lectures.de_livraison(trouvee)


@api.get(
    "/chiffres",
    response={200: formes.Chiffres, 404: formes.Refusee, 422: formes.Refusee, **_REFUS},
    url_name="api-chiffres",
    summary="Lire une série",
)
def chiffres(
    request,
    source: Annotated[str, Query(description="Le code de la source.")],
    nature: Annotated[
        str, Query(description="Le code d’une nature, ou «\u202ftout\u202f» quand elles s’additionnent.")
    ] = "tout",
    territoire: Annotated[
        str, Query(description="«\u202fconseil\u202f», «\u202fcommune:94028\u202f», «\u202fsecteur:…\u202f».")
    ] = "conseil",
    debut: Annotated[date | None, Query(description="Premier jour\u202f; deux ans avant, sinon.")] = None,
    fin: Annotated[
        date | None, Query(description="Dernier jour\u202f; la fin du mois dernier, sinon.")
    ] = None,
):
    """Vos propres sources, et les données ouvertes, après le contrôle du secret statistique\u202f: comme à l’écran.

    Un chiffre retenu est dit avec sa raison. Les secteurs se lisent par semestre entier.
    """
    jeton = qui_lit(request)
    premier, dernier = serie.etendue_par_defaut(horloge.aujourdhui())
    debut, fin = debut or premier, fin or dernier
    if fin < debut:
        raise refus.Refus(
            422,
            "La période se termine avant de commencer.",
            f"Elle va du {debut:%d/%m/%Y} au {fin:%d/%m/%Y}.",
            "Échangez les deux dates.",
        )
    resultat = serie.serie_de(
        conseil=jeton.conseil,
        organisation=jeton.organisation,
        source=source,
        nature=nature,
        territoire=territoire,
        debut=debut,
        fin=fin,
    )
    return lectures.de_resultat(resultat)
