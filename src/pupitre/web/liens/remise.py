"""What was delivered, or its copy to the owner, downloaded by a link until it expires."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from pupitre.acces import actes
from pupitre.observatoire.demandes import lettres, selectors
from pupitre.observatoire.demandes.analyse import EMPLOI
from pupitre.observatoire.models import RemiseDonnees, ReponseProprietaire
from pupitre.web.acces import par_lien
from pupitre.web.telechargement import envoyer


def _remise(lien) -> RemiseDonnees:
    return get_object_or_404(
        RemiseDonnees.objects.select_related("demande__conseil", "demande__organisation"),
        pk=lien.objet,
        demande__conseil=lien.conseil,
        remise_le__isnull=False,
    )


@require_GET
@par_lien(lettres.REMISE)
def recevoir(request, lien):
    remise = _remise(lien)
    demande = remise.demande
    contexte = {
        "remise": remise,
        "demande": demande,
        "resume": lettres.resume(demande),
        "reserves": [
            r for r in selectors.reponses(demande).values() if r.sens == ReponseProprietaire.Sens.RESERVES
        ],
        "emploi": EMPLOI,
        "jeton": actes.jeton(lien),
    }
    return render(request, "liens/remise_donnees.html", contexte)


@require_GET
@par_lien(lettres.REMISE)
def telecharger(request, lien, format):
    remise = _remise(lien)
    if remise.piece(format) is None:
        raise Http404
    nom = f"{lien.conseil.slug}-{remise.demande.reference}"
    return envoyer(remise.chemin(format).read_bytes(), format, nom, joint=format != "pdf")
