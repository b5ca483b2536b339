"""Formations: the list with what is wrong with each, the card on a day, creation, change, closing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.acces.droits import Droit
from pupitre.conseils.formations import services, suivi
from pupitre.conseils.formations.themes import libelle
from pupitre.conseils.models import Formation
from pupitre.conseils.policies import portee
from pupitre.conseils.selectors import formations_visibles, membres_as_of
from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.conseils.formations_formulaires import ClotureForm, FormationForm, jour_demande
from pupitre.web.telechargement import tableau_en


def _lignes(request, conseil, jour):
    visibles = formations_visibles(request.user, conseil)
    vivantes = suivi.lire(conseil, list(visibles.as_of(jour)), jour)
    rangs = list(Formation.Nature.values)
    return sorted(vivantes, key=lambda li: (rangs.index(li.formation.nature), li.formation.nom))


@require_GET
@exige(Droit.VOIR_CONSEIL)
def liste(request, conseil):
    jour, choix = jour_demande(request)
    lignes = _lignes(request, conseil, jour)
    visibles = formations_visibles(request.user, conseil)
    contexte = {
        "lignes": lignes,
        "jour": jour,
        "choix": choix,
        "est_aujourdhui": jour == horloge.aujourdhui(),
        "verdicts": portee(request.user, conseil).toutes,
        "alertes": sum(li.alertes for li in lignes),
        "passees": visibles.filter(fin__lt=jour),
        "a_venir": visibles.filter(debut__gt=jour),
    }
    return render(request, "conseils/formations/liste.html", contexte)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def exporter(request, conseil, format):
    jour, _ = jour_demande(request)
    verdicts = portee(request.user, conseil).toutes
    entetes = (
        "Formation", "Nature", "Thème", "Pilote", "Membres", "Rythme (mois)", "Régime", "Feuille de route",
        "Depuis le", "Dernière séance", "Prochaine séance",
    )  # fmt: skip
    lignes = tuple(
        (
            li.formation.nom,
            li.formation.get_nature_display(),
            libelle(li.formation.theme),
            str(li.formation.pilote or ""),
            li.faits.effectif,
            li.formation.rythme_mois,
            li.formation.get_regime_display(),
            li.formation.feuille_de_route,
            li.formation.debut,
            li.faits.derniere,
            li.faits.prochaine,
            *((" ".join(c.phrase for c in li.constats),) if verdicts else ()),
        )
        for li in _lignes(request, conseil, jour)
    )
    entetes += ("À revoir",) if verdicts else ()
    titre = f"Formations, {conseil}, au {jour:%d/%m/%Y}"
    return tableau_en(format, f"formations-{conseil.slug}", Table(titre, entetes, lignes))


def une_visible(request, conseil, pk) -> Formation:
    return get_object_or_404(formations_visibles(request.user, conseil), pk=pk)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def fiche(request, conseil, formation):
    objet = une_visible(request, conseil, formation)
    return page(request, conseil, objet)


def page(request, conseil, objet: Formation, cloture=None):
    jour, choix = jour_demande(request)
    contexte = {
        "formation": objet,
        "ligne": suivi.lire_une(objet, jour),
        "verdicts": portee(request.user, conseil).toutes,
        "theme": libelle(objet.theme),
        "membres": membres_as_of(objet, jour),
        "anciens": objet.membres.filter(fin__lt=jour)
        .select_related("personne", "organisation")
        .order_by("-fin"),
        "futurs": objet.membres.filter(debut__gt=jour).select_related("personne"),
        "jour": jour,
        "choix": choix,
        "est_aujourdhui": jour == horloge.aujourdhui(),
        "cloture": cloture or ClotureForm(initial={"le": horloge.aujourdhui()}),
    }
    return render(request, "conseils/formations/fiche.html", contexte, status=422 if cloture else 200)


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def ecrire(request, conseil, formation=None):
    objet = get_object_or_404(Formation, conseil=conseil, pk=formation) if formation else Formation()
    initial = {} if formation else {"nature": request.GET.get("nature", "")}
    form = FormationForm(
        request.POST if request.method == "POST" else None, instance=objet, conseil=conseil, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.enregistrer(formation=form.save(commit=False), communes=form.cleaned_data["communes"])
        except ErreurPupitre as erreur:
            form.add_error("nature", str(erreur))
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            dit = (
                "La formation est modifiée."
                if formation
                else "La formation est créée\u202f: donnez-lui ses membres."
            )
            messages.success(request, dit)
            return redirect("formation", conseil=conseil.slug, formation=form.instance.pk)
    contexte = {"form": form, "formation": objet if formation else None}
    return render(request, "conseils/formations/ecrire.html", contexte, status=422 if form.is_bound else 200)


@require_http_methods(["POST"])
@exige(Droit.TENIR_CONSEIL)
def clore(request, conseil, formation):
    objet = get_object_or_404(Formation, conseil=conseil, pk=formation)
    form = ClotureForm(request.POST)
    if form.is_valid():
        try:
            services.clore(formation=objet, le=form.cleaned_data["le"])
        except ValidationError as erreur:
            form.add_error("le", erreur.messages)
            objet.refresh_from_db()
    if form.errors:
        return page(request, conseil, objet, form)
    messages.success(request, "La formation a une fin\u202f: ses séances et ses membres restent lisibles.")
    return redirect("formation", conseil=conseil.slug, formation=objet.pk)
