"""Addresses: the extracts that they are sought in, and the doubtful ones of a delivery, settled one by one."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import selectors
from pupitre.observatoire.collecte import adresses, douteuses, geoplateforme, services
from pupitre.observatoire.etats import OUVERTES
from pupitre.observatoire.models import AdresseReglee, ExtraitBan
from pupitre.observatoire.presentation_adresses import (
    PRECISIONS,
    adresses_en_clair,
    apres_import,
    table_des_extraits,
)
from pupitre.socle import horloge
from pupitre.socle.texte import pluriel
from pupitre.territoires.selectors import decoupage_as_of
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en
from pupitre.web.territoires.formulaires import ChampDate, refuser

PAR_PAGE = 15
HISTORIQUE = 30


class ExtraitForm(forms.Form):
    nature = forms.ChoiceField(
        label="Ce que contient le fichier",
        choices=(
            (ExtraitBan.Nature.ADRESSES, "Les adresses de la Base Adresse Nationale"),
            (
                ExtraitBan.Nature.LIEUX,
                "Des lieux nommés\u202f: lieux-dits, résidences, équipements, stations",
            ),
        ),
        initial=ExtraitBan.Nature.ADRESSES,
        widget=forms.RadioSelect,
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text="CSV ou CSV.GZ. Le fichier de tout le département convient\u202f: seules les communes du "
        "conseil en sont gardées.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"data-depot": "", "accept": ".csv,.gz,text/csv"}),
        error_messages={"required": "Choisissez le fichier à importer."},
    )
    a_jour_au = ChampDate(
        label="À jour au", help_text="Le jour du téléchargement, si vous n’en savez pas plus."
    )


@require_GET
@exige(Droit.PUBLIER)
def liste(request, conseil):
    return render(
        request,
        "observatoire/adresses.html",
        {
            "communes": adresses.etat_des_communes(conseil),
            "historique": conseil.extraits_ban.select_related("commune", "importe_par")[:HISTORIQUE],
            "geoplateforme": geoplateforme.est_allumee(),
        },
    )


@require_GET
@exige(Droit.PUBLIER)
def exporter(request, conseil, format):
    return tableau_en(format, "adresses", table_des_extraits(conseil))


@require_http_methods(["GET", "POST"])
@exige(Droit.REGLER_CONSEIL)
def importer(request, conseil):
    form = ExtraitForm(initial={"a_jour_au": horloge.aujourdhui()})
    if request.method == "POST":
        form = ExtraitForm(request.POST, request.FILES)
        if form.is_valid():
            donnees = dict(form.cleaned_data)
            fichier = donnees.pop("fichier")
            try:
                importe = adresses.importer(
                    conseil=conseil,
                    fichier=Path(fichier.temporary_file_path()),
                    nom=fichier.name,
                    auteur=request.user,
                    **donnees,
                )
            except ErreurPupitre as erreur:
                refuser(form, erreur, "a_jour_au" if "avenir" in erreur.quoi else "fichier")
            else:
                messages.success(request, apres_import(importe))
                return redirect("adresses", conseil=conseil.slug)
    return render(
        request, "observatoire/adresses_importer.html", {"form": form}, status=422 if form.errors else 200
    )


def _livraison(request, conseil, livraison):
    return get_object_or_404(
        selectors.livraisons_visibles(request.user, conseil).select_related("source__conseil"), pk=livraison
    )


def _vers_la_liste(livraison):
    return redirect("livraison-adresses", conseil=livraison.source.conseil.slug, livraison=livraison.pk)


def _secteurs(conseil):
    decoupage = decoupage_as_of(conseil, horloge.aujourdhui())
    return list(decoupage.secteurs.defer("contour")) if decoupage else []


@require_GET
@exige(Droit.PUBLIER)
def a_regler(request, conseil, livraison):
    livraison = _livraison(request, conseil, livraison)
    secteurs = _secteurs(conseil)
    noms = {s.code: s.nom for s in secteurs}
    page = Paginator(livraison.adresses_douteuses.all(), PAR_PAGE).get_page(request.GET.get("page"))
    for doute in page:
        doute.lieux = [
            c | {"nom_secteur": noms.get(c["secteur"], ""), "precision": PRECISIONS.get(c["precision"], "")}
            for c in doute.candidats
        ]
    reglees = livraison.adresses_reglees.select_related("regle_par")
    for reglee in reglees:
        reglee.nom_secteur = noms.get(reglee.secteur, "")
        reglee.en_clair = PRECISIONS.get(reglee.precision, "")
    return render(
        request,
        "observatoire/adresses_a_regler.html",
        {
            "livraison": livraison,
            "page": page,
            "secteurs": secteurs,
            "reglees": reglees,
            "adresses": adresses_en_clair(livraison),
            "ouverte": livraison.etat in OUVERTES,
            "geoplateforme": geoplateforme.est_allumee(),
        },
    )


@require_POST
@exige(Droit.PUBLIER)
def regler(request, conseil, livraison, douteuse):
    """One answer: `reponse` is "lieu:<position>", "secteur", "dehors", "sans_lieu" or "chercher"."""
    livraison = _livraison(request, conseil, livraison)
    doute = get_object_or_404(
        livraison.adresses_douteuses.select_related("livraison__source__conseil"), pk=douteuse
    )
    genre, _, position = request.POST.get("reponse", "").partition(":")
    try:
        if genre == "chercher":
            trouves = douteuses.chercher_autrement(
                douteuse=doute, ecriture=request.POST.get("ecriture", ""), conseil=conseil
            )
            if not trouves:
                messages.warning(
                    request,
                    f"Rien de ce nom pour «\u202f{doute.texte}\u202f»\u202f: la liste n’a pas changé.",
                )
            return _vers_la_liste(livraison)
        douteuses.regler(
            douteuse=doute,
            decision=genre,
            candidat=int(position) if position.isdecimal() else None,
            secteur=request.POST.get("secteur", ""),
            secteurs=[s.code for s in _secteurs(conseil)],
            auteur=request.user,
        )
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        return _vers_la_liste(livraison)
    if livraison.adresses_douteuses.exists():
        return _vers_la_liste(livraison)
    return _appliquer(request, livraison, "Toutes les adresses sont réglées")


@require_POST
@exige(Droit.PUBLIER)
def ensemble(request, conseil, livraison):
    """Gestures on the whole list: `geste` is "appliquer", "laisser" or "geoplateforme"."""
    livraison = _livraison(request, conseil, livraison)
    geste = request.POST.get("geste")
    try:
        if geste == "laisser":
            n = douteuses.laisser_toutes(livraison=livraison, auteur=request.user)
            return _appliquer(request, livraison, f"{pluriel(n, 'adresse')} laissées sans lieu")
        if geste == "geoplateforme":
            demandees, trouvees = geoplateforme.proposer_aux_doutes(livraison=livraison, conseil=conseil)
            messages.info(
                request,
                f"La Géoplateforme a été interrogée pour {pluriel(demandees, 'adresse')}\u202f: elle propose un "
                f"lieu pour {trouvees}. C’est vous qui choisissez.",
            )
        elif geste == "appliquer":
            return _appliquer(request, livraison, "Vos réponses sont appliquées")
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    return _vers_la_liste(livraison)


@require_POST
@exige(Droit.PUBLIER)
def revenir(request, conseil, livraison, reglee):
    """Take an answer back: the file is read again, and the address is to be settled again."""
    livraison = _livraison(request, conseil, livraison)
    decision = get_object_or_404(AdresseReglee, pk=reglee, livraison=livraison)
    douteuses.oublier_decision(reglee=decision)
    return _appliquer(request, livraison, "La réponse est oubliée", vers_la_liste=True)


def _appliquer(request, livraison, fait: str, *, vers_la_liste: bool = False):
    """Read the file again, while it may still change."""
    if livraison.etat not in OUVERTES:
        messages.info(request, f"{fait}\u202f: cela vaudra pour les prochains fichiers de cette source.")
        return _vers_la_liste(livraison)
    services.lire(livraison=livraison, auteur=request.user)
    messages.success(request, f"{fait}\u202f: le fichier a été relu.")
    if vers_la_liste or livraison.adresses_douteuses.exists():
        return _vers_la_liste(livraison)
    return redirect("livraison", conseil=livraison.source.conseil.slug, livraison=livraison.pk)
