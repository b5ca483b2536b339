"""« Lieux et heures »: for the team, whose eyes alone see points and cells."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from pupitre.acces.droits import Droit
from pupitre.documents import graphiques
from pupitre.documents.graphiques.semaine import semaine
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import densites, lieux_heures
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en


def _choisir(request, conseil):
    lecteur = Lecteur.ouvrir(conseil, Audience.INTERNE)
    sources = lieux_heures.sources_datees(lecteur)
    source = next(
        (s for s in sources if s.code == request.GET.get("source")), sources[0] if sources else None
    )
    return lecteur, sources, source


@require_GET
@exige(Droit.PUBLIER)
def voir(request, conseil):
    lecteur, sources, source = _choisir(request, conseil)
    if source is None:
        return render(request, "observatoire/lieux.html", {"sources": []})
    faits = lieux_heures.lire(lecteur, source)
    heures = lieux_heures.heures(faits)
    densite = lieux_heures.densite(lecteur, faits)
    champ = densites.champ_de_densite(lecteur, faits)
    contexte = {
        "sources": sources,
        "source": source,
        "faits": faits,
        "heures": heures,
        "table": lieux_heures.table_des_heures(faits, heures),
        "dessin": semaine(
            heures.semaine.poids.tolist(), f"{source.nom}, heures et jours", heures.phrase, "semaine"
        ),
        "densite": densite,
        "champ": champ,
        "champ_dessine": graphiques.champ(champ, 300, ident="champ") if champ else None,
        "carte": graphiques.carte(densite.carte, largeur=300, ident="densite") if densite.carte else None,
    }
    return render(request, "observatoire/lieux.html", contexte)


@require_GET
@exige(Droit.PUBLIER)
def exporter(request, conseil, format):
    lecteur, _, source = _choisir(request, conseil)
    if source is None:
        return redirect("lieux", conseil=conseil.slug)
    faits = lieux_heures.lire(lecteur, source)
    return tableau_en(format, "heures", lieux_heures.table_des_heures(faits, lieux_heures.heures(faits)))
