"""Who may enter a council, as its coordination reads it: rights are given by the administrator, at its request."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from pupitre.acces.droits import Droit
from pupitre.acces.selectors import habilites_de
from pupitre.documents.tableaux import Table
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en


@exige(Droit.REGLER_CONSEIL)
@require_safe
def liste(request, conseil):
    contexte = {"habilitations": list(habilites_de(conseil)), "aujourdhui": horloge.aujourdhui()}
    return render(request, "administration/habilites.html", contexte)


@exige(Droit.REGLER_CONSEIL)
@require_safe
def exporter(request, conseil, format):
    lignes = tuple(
        (
            h.utilisateur.nom,
            h.utilisateur.prenom,
            h.utilisateur.email,
            h.get_role_display(),
            str(h.organisation or h.commune or ""),
            h.debut,
            h.fin,
            horloge.jour_de(h.utilisateur.last_login) if h.utilisateur.last_login else None,
        )
        for h in habilites_de(conseil)
    )
    entetes = ("Nom", "Prénom", "Adresse", "Rôle", "Pour", "Depuis le", "Jusqu’au", "Dernière connexion")
    titre = f"Accès ouverts au {conseil}, le {horloge.aujourdhui():%d/%m/%Y}"
    return tableau_en(format, f"{conseil.slug}-acces", Table(titre, entetes, lignes))
