"""The minutes: the register, and the page where each is written, validated, sent, remarked and locked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.conseils.comptes_rendus import circuit, papiers, redaction, selectors
from pupitre.conseils.etats import EtatCompteRendu
from pupitre.conseils.models import CompteRendu
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import exige
from pupitre.web.conseils.seances import tenter, visible
from pupitre.web.telechargement import envoyer, tableau_en

PAR_PAGE = 25


class RenvoiForm(forms.Form):
    remarque = forms.CharField(
        label="Ce qui doit changer",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Seulement pour renvoyer le compte rendu. L’équipe la lira telle quelle.",
    )


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Ce qui est corrigé, et pourquoi",
        max_length=240,
        help_text="Écrit en tête de la nouvelle version. La version verrouillée reste lisible.",
        error_messages={"required": "Dites ce qui est corrigé et pourquoi."},
    )


def _lu(request, conseil, compte_rendu: int) -> CompteRendu:
    lu = get_object_or_404(selectors.comptes_rendus_visibles(request.user, conseil), pk=compte_rendu)
    lu.seance.formation.conseil = conseil
    return lu


def _vers(conseil, compte_rendu: int):
    return redirect("compte-rendu", conseil=conseil.slug, compte_rendu=compte_rendu)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def liste(request, conseil):
    lus = selectors.comptes_rendus_visibles(request.user, conseil)
    contexte = {
        "page": Paginator(lus, PAR_PAGE).get_page(request.GET.get("page")),
        "tient": bool(peut(request.user, Droit.TENIR_CONSEIL, conseil)),
        "a_dresser": selectors.seances_sans(request.user, conseil),
        "etats": dict(EtatCompteRendu.choices),
    }
    return render(request, "conseils/comptes_rendus/liste.html", contexte)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def exporter(request, conseil, format):
    lus = selectors.comptes_rendus_visibles(request.user, conseil)
    return tableau_en(format, f"{conseil.slug}-comptes-rendus", papiers.table(conseil, lus))


@require_POST
@exige(Droit.TENIR_CONSEIL)
def dresser(request, conseil, seance):
    objet = visible(request, conseil, seance)
    try:
        ecrit = redaction.dresser(seance=objet, auteur=request.user)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        return redirect("seance", conseil=conseil.slug, seance=objet.pk)
    return _vers(conseil, ecrit.pk)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def fiche(request, conseil, compte_rendu):
    return _page(request, conseil, _lu(request, conseil, compte_rendu))


def _page(request, conseil, lu: CompteRendu, *, renvoi=None, motif=None, textes=None, status=200):
    tient = bool(peut(request.user, Droit.TENIR_CONSEIL, conseil))
    brouillon = lu.etat == EtatCompteRendu.BROUILLON
    points = lu.contenu["points"]
    signalements = redaction.signalements(lu) if tient and brouillon else []
    contexte = {
        "compte_rendu": lu,
        "contenu": lu.contenu,
        "points": [
            (p, textes[i] if textes else p["texte"], [s for s in signalements if s.point == p["titre"]])
            for i, p in enumerate(points)
        ],
        "tient": tient,
        "ecrit": tient and brouillon,
        "valide": lu.etat == EtatCompteRendu.SOUMIS
        and bool(peut(request.user, Droit.VALIDER_COMPTE_RENDU, conseil)),
        "a_regler": len(redaction.a_regler(lu)) if signalements else 0,
        "evenements": list(lu.evenements.select_related("auteur")),
        "remarques": list(lu.remarques.select_related("personne")),
        "versions": list(selectors.comptes_rendus_visibles(request.user, conseil).filter(seance=lu.seance)),
        "renvoi": renvoi or RenvoiForm(),
        "motif": motif or MotifForm(),
        "derniere": not lu.seance.comptes_rendus.filter(version__gt=lu.version).exists(),
    }
    return render(request, "conseils/comptes_rendus/fiche.html", contexte, status=status)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def ecrire(request, conseil, compte_rendu):
    """The text of the items. A refusal gives the page back with what was typed."""
    lu = _lu(request, conseil, compte_rendu)
    textes = request.POST.getlist("texte")
    try:
        redaction.ecrire(compte_rendu=lu, textes=textes, auteur=request.user)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        memes = len(textes) == len(lu.contenu["points"])
        return _page(request, conseil, lu, textes=textes if memes else None, status=422)
    messages.success(request, "Le texte est enregistré.")
    return _vers(conseil, lu.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def passer_outre(request, conseil, compte_rendu):
    lu = _lu(request, conseil, compte_rendu)
    tenter(
        request,
        lambda: redaction.passer_outre(
            compte_rendu=lu,
            cle=request.POST.get("cle", ""),
            raison=request.POST.get("raison", ""),
            auteur=request.user,
        ),
        "Ces mots restent, avec leur raison.",
    )
    return redirect(reverse("compte-rendu", args=[conseil.slug, lu.pk]) + "#t-signales")


_GESTES = {
    "actualiser": (redaction.actualiser, "Présences et décisions sont celles de la séance."),
    "soumettre": (circuit.soumettre, "Le compte rendu est soumis à la présidence."),
    "reprendre": (circuit.reprendre, "Le compte rendu est à nouveau un brouillon."),
    "diffuser": (circuit.diffuser, "Le compte rendu part aux membres."),
    "verrouiller": (circuit.verrouiller, "Le compte rendu est numéroté et verrouillé."),
}


@require_POST
@exige(Droit.TENIR_CONSEIL)
def avancer(request, conseil, compte_rendu):
    """One step of the circuit, by its name."""
    lu = _lu(request, conseil, compte_rendu)
    if request.POST.get("geste") not in _GESTES:
        raise Http404
    geste, reussi = _GESTES[request.POST["geste"]]
    tenter(request, lambda: geste(compte_rendu=lu, auteur=request.user), reussi)
    return _vers(conseil, lu.pk)


@require_POST
@exige(Droit.VALIDER_COMPTE_RENDU)
def valider(request, conseil, compte_rendu):
    """By the president, signed in."""
    lu = _lu(request, conseil, compte_rendu)
    form = RenvoiForm(request.POST)
    nom = str(request.user)
    form.is_valid()
    try:
        if request.POST.get("geste") == "renvoyer":
            circuit.renvoyer(
                compte_rendu=lu, remarque=form.cleaned_data.get("remarque", ""), nom=nom, auteur=request.user
            )
        else:
            circuit.valider(compte_rendu=lu, nom=nom, auteur=request.user)
    except ErreurPupitre as erreur:
        form.add_error(None, str(erreur))
        return _page(request, conseil, lu, renvoi=form, status=422)
    messages.success(request, "C’est fait. L’équipe du conseil le voit aussitôt.")
    if request.POST.get("geste") == "renvoyer":
        return redirect("comptes-rendus", conseil=conseil.slug)
    return _vers(conseil, lu.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def repondre(request, conseil, compte_rendu, remarque):
    lu = _lu(request, conseil, compte_rendu)
    recue = get_object_or_404(lu.remarques, pk=remarque)
    tenter(
        request,
        lambda: circuit.repondre(
            remarque=recue,
            retenue=request.POST.get("retenue") == "1",
            reponse=request.POST.get("reponse", ""),
            auteur=request.user,
        ),
        f"La réponse à {recue.personne} est enregistrée.",
    )
    return redirect(reverse("compte-rendu", args=[conseil.slug, lu.pk]) + "#t-remarques")


@require_POST
@exige(Droit.TENIR_CONSEIL)
def corriger(request, conseil, compte_rendu):
    lu = _lu(request, conseil, compte_rendu)
    form = MotifForm(request.POST)
    if form.is_valid():
        try:
            neuf = redaction.corriger(compte_rendu=lu, auteur=request.user, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        else:
            messages.success(
                request, f"La version {neuf.version} est un brouillon, à corriger puis à soumettre."
            )
            return _vers(conseil, neuf.pk)
    return _page(request, conseil, lu, motif=form, status=422)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def document(request, conseil, compte_rendu, format):
    lu = _lu(request, conseil, compte_rendu)
    try:
        contenu = papiers.document(lu, lu.etat, format)
    except papiers.ArchiveAlteree as erreur:
        messages.error(request, str(erreur))
        return _page(request, conseil, lu, status=409)
    return envoyer(contenu, format, nom_de_fichier(lu), joint=format != "pdf")


def nom_de_fichier(lu: CompteRendu) -> str:
    return f"compte-rendu-{lu.numero or f'seance-{lu.seance_id}'}-v{lu.version}"
