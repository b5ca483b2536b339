"""A reader opens what was sent to him: the opening is recorded, the document is the one kept."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from pupitre.observatoire.diffusion import apercu, archives, communes, envois, fichiers
from pupitre.observatoire.etats import EtatBulletin
from pupitre.observatoire.models import Envoi
from pupitre.web.acces import par_lien
from pupitre.web.telechargement import envoyer


def _envoi(lien) -> Envoi:
    envois = Envoi.objects.select_related("bulletin__conseil", "commune")
    return get_object_or_404(envois, pk=lien.objet, bulletin__conseil=lien.conseil_id)


@require_GET
@par_lien(envois.LECTURE)
def lecture(request, lien) -> HttpResponse:
    envoi = _envoi(lien)
    contexte = {
        "envoi": envoi,
        "bulletin": envoi.bulletin,
        "apercu": apercu.lire(envoi.bulletin),
        "commune": envoi.commune
        if envoi.commune_id in communes.concernees(fichiers.faits_de(envoi.bulletin))
        else None,
        "remplacante": archives.remplacante(envoi.bulletin),
        "retrait": envoi.bulletin.evenements.filter(etat=EtatBulletin.RETIRE).first(),
        "formats": fichiers.formats(envoi.bulletin),
        "jeton": request.resolver_match.kwargs["lien"],
    }
    return render(request, "liens/lecture.html", contexte)


@require_GET
@par_lien(envois.LECTURE)
def document(request, lien, fichier) -> HttpResponse:
    envoi = _envoi(lien)
    try:
        contenu = fichiers.document(
            envoi.bulletin, fichier, envoi.commune_id or "" if fichier == "pdf" else ""
        )
    except KeyError:
        raise Http404 from None
    nom = f"{envoi.bulletin.periodicite}-{envoi.bulletin.periode}-edition-{envoi.bulletin.edition}"
    return envoyer(contenu, fichier, nom, joint=fichier != "pdf")
