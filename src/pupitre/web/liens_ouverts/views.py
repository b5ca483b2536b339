"""The personal links that a council has given: to whom, for what, what became of them; each can be withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pupitre.acces import actes
from pupitre.acces.droits import Droit
from pupitre.acces.selectors import liens_de
from pupitre.documents.tableaux import Table
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en

PAR_PAGE = 50
ETATS = {"ouvert": "ouvert", "servi": "servi", "expire": "expiré", "retire": "retiré"}
# What each link allows, as one says it.
GESTES = {
    "charte": "Signer la charte",
    "depot": "Déposer un fichier",
    "disponibilites": "Donner ses disponibilités",
    "fiche": "Vérifier sa fiche",
    "lecture": "Lire une édition",
    "proposer-point": "Proposer un point",
    "remarque": "Faire une remarque",
    "remise-donnees": "Recevoir des données",
    "reponse-convocation": "Répondre à une convocation",
    "reponse-proprietaire": "Répondre à une demande de données",
    "semaine-arret": "Arrêter la lettre du lundi",
    "suivi-decisions": "Dire où en sont ses décisions",
    "validation-compte-rendu": "Valider un compte rendu",
    "visa": "Viser une édition",
    "visa-demande": "Viser une remise de données",
}


def _lus(request: HttpRequest, conseil):
    etat = request.GET.get("etat", "ouvert")
    q = request.GET.get("q", "").strip()[:80]
    return q, etat, liens_de(conseil, q=q, etat=etat if etat in ETATS else "")


@exige(Droit.VOIR_COURRIELS)
@require_safe
def liste(request: HttpRequest, conseil):
    q, etat, lus = _lus(request, conseil)
    page = Paginator(lus, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "q": q, "etat": etat, "etats": ETATS, "gestes": GESTES}
    return render(request, "liens_ouverts/liste.html", contexte)


@exige(Droit.VOIR_COURRIELS)
@require_safe
def exporter(request: HttpRequest, conseil, format):
    _, _, lus = _lus(request, conseil)
    entetes = (
        "Geste", "Pour", "Adresse", "Expire le", "État", "Ouvertures", "Gestes accomplis", "Dernier usage",
    )  # fmt: skip
    lignes = tuple(
        (
            GESTES.get(lien.acte, lien.acte),
            lien.nom,
            lien.email,
            horloge.jour_de(lien.expire_le),
            ETATS[lien.etat],
            lien.ouvertures,
            lien.gestes,
            horloge.jour_de(lien.dernier) if lien.dernier else None,
        )
        for lien in lus
    )
    titre = f"Liens personnels, {conseil}, le {horloge.aujourdhui():%d/%m/%Y}"
    return tableau_en(format, f"{conseil.slug}-liens", Table(titre, entetes, lignes))


@exige(Droit.VOIR_COURRIELS)
@require_POST
def retirer(request: HttpRequest, conseil, personnel: int):
    lien = get_object_or_404(liens_de(conseil), pk=personnel)
    actes.retirer(lien)
    messages.success(request, f"Le lien de {lien.nom} ne s’ouvre plus.")
    return redirect("liens-ouverts", conseil=conseil.slug)
