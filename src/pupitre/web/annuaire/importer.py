"""A file of contacts: dropped, its columns confirmed, each line decided, then entered."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.annuaire import fichiers, importation
from pupitre.annuaire.models import CarnetRecu
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import enumeration, pluriel
from pupitre.web.acces import exige
from pupitre.web.annuaire.formulaires import FichierForm
from pupitre.web.territoires.formulaires import refuser

PAR_PAGE = 50
MONTREES = 3


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def deposer(request, conseil):
    form = FichierForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            recu = importation.recevoir(
                conseil=conseil,
                chemin=Path(fichier.temporary_file_path()),
                nom=fichier.name,
                auteur=request.user,
            )
        except ErreurPupitre as erreur:
            refuser(form, erreur, "fichier")
        else:
            return redirect("annuaire-import", conseil=conseil.slug, recu=recu.pk)
    return render(
        request,
        "annuaire/importer.html",
        {
            "form": form,
            "recus": conseil.carnets_recus.select_related("auteur")[:20],
            "roles": [r for r, _ in fichiers.ROLES if r],
        },
        status=422 if form.is_bound else 200,
    )


def _recu(conseil, recu) -> CarnetRecu:
    return get_object_or_404(CarnetRecu, conseil=conseil, pk=recu)


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def relire(request, conseil, recu):
    """The one page of an import: its columns, then its lines, then what came of it."""
    objet = _recu(conseil, recu)
    if objet.regle_le is not None:
        return render(request, "annuaire/import_regle.html", {"recu": objet})
    if request.method == "POST" and "colonnes" in request.POST:
        return _colonnes(request, conseil, objet)
    if not objet.bilan.get("colonnes_sures") or "colonnes" in request.GET:
        return _page_des_colonnes(request, objet)
    if request.method == "POST":
        return _decider(request, conseil, objet)
    lignes = importation.lignes(objet)
    page = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    comptes = {
        "nouvelles": sum(li.decision == importation.NOUVELLE for li in lignes),
        "ecartees": sum(li.decision == importation.ECARTER for li in lignes),
    }
    comptes["completees"] = len(lignes) - sum(comptes.values())
    return render(
        request,
        "annuaire/import_lignes.html",
        {
            "recu": objet,
            "page": page,
            "comptes": comptes,
            "a_voir": sum(bool(li.semblables) for li in lignes),
        },
    )


def _page_des_colonnes(request, objet, erreur: str = ""):
    colonnes = [
        (i, titre, objet.roles[i], [li[i] for li in objet.lignes[:20] if li[i]][:MONTREES])
        for i, titre in enumerate(objet.colonnes)
    ]
    return render(
        request,
        "annuaire/import_colonnes.html",
        {"recu": objet, "colonnes": colonnes, "roles": fichiers.ROLES, "erreur": erreur},
        status=422 if erreur else 200,
    )


def _colonnes(request, conseil, objet):
    connus = {r for r, _ in fichiers.ROLES}
    roles = [request.POST.get(f"c{i}", "") for i in range(len(objet.colonnes))]
    objet.roles = [r if r in connus else "" for r in roles]
    try:
        importation.dire_les_colonnes(recu=objet, roles=objet.roles)
    except ErreurPupitre as erreur:
        return _page_des_colonnes(request, objet, str(erreur))
    return redirect("annuaire-import", conseil=conseil.slug, recu=objet.pk)


def _decider(request, conseil, objet):
    decisions = {
        int(cle[1:]): valeur for cle, valeur in request.POST.items() if cle[:1] == "d" and cle[1:].isdecimal()
    }
    importation.decider(recu=objet, decisions=decisions)
    suite = request.POST.get("geste", "")
    adresse = reverse("annuaire-import", args=[conseil.slug, objet.pk])
    if suite != "importer":
        return redirect(f"{adresse}?page={suite}" if suite.isdecimal() else adresse)
    bilan = importation.importer(recu=objet, auteur=request.user)
    faits = [
        pluriel(bilan["nouvelles"], "fiche nouvelle", "fiches nouvelles"),
        pluriel(bilan["completees"], "fiche complétée", "fiches complétées"),
        pluriel(bilan["ecartees"], "ligne écartée", "lignes écartées"),
    ]
    messages.success(request, f"Import terminé\u202f: {enumeration(faits)}.")
    return redirect(adresse)


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def abandonner(request, conseil, recu):
    objet = _recu(conseil, recu)
    try:
        importation.abandonner(recu=objet)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(
            request, "Le fichier est abandonné\u202f: rien n’est entré, ses lignes sont effacées."
        )
    return redirect("annuaire-importer", conseil=conseil.slug)
