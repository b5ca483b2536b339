"""Règlement intérieur, charte, arrêtés: versions, adoption, documents, signatures."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.conseils.formations import chartes, ecrits, textes
from pupitre.conseils.models import TexteConseil
from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.conseils.formations_formulaires import AdoptionForm, SignatureForm, TexteForm
from pupitre.web.telechargement import envoyer, tableau_en

G = TexteConseil.Genre


def _visibles(request, conseil):
    equipe = bool(peut(request.user, Droit.TENIR_CONSEIL, conseil))
    return textes.textes_visibles(conseil, equipe=equipe)


def _un(conseil, pk) -> TexteConseil:
    return get_object_or_404(TexteConseil.objects.select_related("conseil"), conseil=conseil, pk=pk)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def liste(request, conseil):
    visibles = list(_visibles(request, conseil))
    jour = horloge.aujourdhui()
    genres = []
    for genre in G:
        du_genre = [t for t in visibles if t.genre == genre]
        en_vigueur = next((t for t in du_genre if t.adopte_le and t.adopte_le <= jour), None)
        genres.append((genre, du_genre, en_vigueur))
    return render(request, "conseils/formations/textes.html", {"genres": genres})


@require_POST
@exige(Droit.TENIR_CONSEIL)
def commencer(request, conseil):
    genre = request.POST.get("genre", "")
    if genre not in (G.REGLEMENT, G.CHARTE):
        raise Http404
    texte = textes.commencer(conseil=conseil, genre=genre)
    return redirect("texte-ecrire", conseil=conseil.slug, texte=texte.pk)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def fiche(request, conseil, texte):
    return _page(request, conseil, get_object_or_404(_visibles(request, conseil), pk=texte))


def _page(request, conseil, texte, adoption=None, papier=None):
    tient = bool(peut(request.user, Droit.TENIR_CONSEIL, conseil))
    suivies = chartes.suivre(texte) if texte.genre == G.CHARTE and texte.adopte_le and tient else []
    manquent = [s.personne for s in suivies if s.signature is None]
    lu = ecrits.ecrit(texte)
    contexte = {
        "texte": texte,
        "ecrit": lu,
        "blocs": [(type(b).__name__, b) for b in lu.blocs],
        "suivies": suivies,
        "manquent": manquent,
        "adoption": adoption or AdoptionForm(),
        "papier": papier or SignatureForm(personnes=manquent),
        "tient": tient,
    }
    lie = adoption is not None or papier is not None
    return render(request, "conseils/formations/texte.html", contexte, status=422 if lie else 200)


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def ecrire(request, conseil, texte):
    objet = _un(conseil, texte)
    if objet.adopte_le is not None or objet.genre == G.ARRETE:
        return redirect("texte", conseil=conseil.slug, texte=objet.pk)
    form = TexteForm(request.POST if request.method == "POST" else None, instance=objet)
    if request.method == "POST" and form.is_valid():
        try:
            textes.ecrire(
                texte=objet,
                corps=form.cleaned_data["corps"],
                expire_le=form.cleaned_data["expire_le"],
                formations=form.cleaned_data.get("formations"),
            )
        except ErreurPupitre as erreur:
            form.add_error("corps", str(erreur))
        else:
            messages.success(request, "Le texte est gardé.")
            return redirect("texte", conseil=conseil.slug, texte=objet.pk)
    return render(
        request,
        "conseils/formations/texte_ecrire.html",
        {"form": form, "texte": objet},
        status=422 if form.is_bound else 200,
    )


@require_POST
@exige(Droit.TENIR_CONSEIL)
def adopter(request, conseil, texte):
    objet = _un(conseil, texte)
    form = AdoptionForm(request.POST)
    if form.is_valid():
        try:
            textes.adopter(texte=objet, le=form.cleaned_data["le"])
        except ErreurPupitre as erreur:
            form.add_error("le", str(erreur))
    if form.errors:
        return _page(request, conseil, objet, adoption=form)
    messages.success(request, "Le texte est adopté\u202f: il ne change plus.")
    return redirect("texte", conseil=conseil.slug, texte=objet.pk)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def document(request, conseil, texte, fichier):
    objet = get_object_or_404(_visibles(request, conseil).select_related("conseil"), pk=texte)
    try:
        contenu = ecrits.document(objet, fichier)
    except KeyError:
        raise Http404 from None
    return envoyer(contenu, fichier, f"{objet.genre}-{conseil.slug}-v{objet.version}")


@require_GET
@exige(Droit.TENIR_CONSEIL)
def exporter(request, conseil, texte, format):
    """Who has signed the charter and who has not."""
    objet = _un(conseil, texte)
    if objet.genre != G.CHARTE:
        raise Http404
    lignes = tuple(
        (
            s.personne.nom,
            s.personne.prenom,
            ", ".join(s.formations),
            timezone.localdate(s.signature.signee_le) if s.signature else None,
            ("par lien" if s.signature.par_lien else "sur papier") if s.signature else "non signée",
        )
        for s in chartes.suivre(objet)
    )
    entetes = ("Nom", "Prénom", "Formations", "Signée le", "Comment")
    return tableau_en(format, f"signatures-{conseil.slug}", Table(str(objet), entetes, lignes))


@require_POST
@exige(Droit.TENIR_CONSEIL)
def inviter(request, conseil, texte):
    """One person (`personne`), or all those who have not signed."""
    objet = _un(conseil, texte)
    if objet.genre != G.CHARTE or objet.adopte_le is None:
        raise Http404
    qui = request.POST.get("personne", "")
    a_inviter = [
        s.personne
        for s in chartes.suivre(objet)
        if s.signature is None and (not qui or str(s.personne.pk) == qui)
    ]
    ecrites, sans_adresse = chartes.inviter(charte=objet, personnes=a_inviter, auteur=request.user)
    if ecrites:
        messages.success(request, "Un courriel part." if ecrites == 1 else f"{ecrites} courriels partent.")
    elif not sans_adresse:
        messages.info(request, "Personne à inviter\u202f: un courriel est déjà parti aujourd’hui.")
    if sans_adresse:
        noms = ", ".join(str(p) for p in sans_adresse)
        messages.warning(request, f"Sans adresse électronique, à faire signer sur papier\u202f: {noms}.")
    return redirect("texte", conseil=conseil.slug, texte=objet.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def signer(request, conseil, texte):
    """What is read on the signed paper."""
    objet = _un(conseil, texte)
    manquent = [s.personne for s in chartes.suivre(objet) if s.signature is None]
    form = SignatureForm(request.POST, personnes=manquent)
    if form.is_valid():
        try:
            chartes.signer(charte=objet, auteur=request.user, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error("personne", str(erreur))
    if form.errors:
        return _page(request, conseil, objet, papier=form)
    messages.success(request, f"La signature de {form.cleaned_data['personne']} est enregistrée.")
    return redirect("texte", conseil=conseil.slug, texte=objet.pk)
