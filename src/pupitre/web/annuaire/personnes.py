"""The list of cards, one card, and what is written on it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.annuaire import mouvements, selectors, services
from pupitre.annuaire.models import Etiquette, ListeDePersonnes, Personne
from pupitre.annuaire.policies import regard
from pupitre.socle import horloge
from pupitre.socle.texte import guillemets, pluriel
from pupitre.web.acces import exige
from pupitre.web.annuaire import exports
from pupitre.web.annuaire.formulaires import PersonneForm, natures

PAR_PAGE = 50


def jour_demande(request) -> date:
    try:
        return date.fromisoformat(request.GET.get("le", ""))
    except ValueError:
        return horloge.aujourdhui()


def filtre_demande(request) -> selectors.Filtre:
    lire = request.GET.get
    return selectors.Filtre(
        jour=jour_demande(request),
        q=lire("q", "")[:120],
        organisation=_entier(lire("organisation", "")),
        nature=lire("nature", ""),
        etiquette=_entier(lire("etiquette", "")),
        liste=_entier(lire("liste", "")),
        etat=lire("etat", ""),
        tri=lire("tri", ""),
    )


def _entier(texte: str) -> int | None:
    return int(texte) if texte.isdecimal() and len(texte) < 10 else None


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def liste(request, conseil):
    filtre = filtre_demande(request)
    page = Paginator(selectors.chercher(conseil, filtre), PAR_PAGE).get_page(request.GET.get("page"))
    page.object_list = selectors.habiller(page.object_list, filtre.jour)
    return render(
        request,
        "annuaire/liste.html",
        {
            "page": page,
            "filtre": filtre,
            "tri": filtre.tri or ("" if filtre.q else "nom"),
            "aujourdhui": horloge.aujourdhui(),
            "organisations": selectors.organisations(conseil),
            "natures": natures(),
            "etiquettes": selectors.etiquettes(conseil),
            "listes": selectors.listes(conseil),
            "etats": selectors.ETATS,
            "regard": regard(request.user, conseil),
            "vacantes": mouvements.vacances(conseil, filtre.jour).count(),
        },
    )


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def exporter(request, conseil, format):
    filtre = filtre_demande(request)
    fiches = selectors.habiller(selectors.chercher(conseil, filtre), filtre.jour)
    vu = regard(request.user, conseil)
    return exports.en(format, "annuaire", f"Annuaire, {conseil}", fiches, vu, filtre.jour)


def visible(conseil, personne) -> Personne:
    return get_object_or_404(selectors.du_conseil(conseil), pk=personne)


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def fiche(request, conseil, personne):
    ancienne = Personne.objects.filter(conseil=conseil, pk=personne, fusionnee_dans__isnull=False).first()
    if ancienne is not None:
        messages.info(request, f"La fiche {ancienne} a été fusionnée avec celle-ci.")
        return redirect("personne", conseil=conseil.slug, personne=ancienne.fusionnee_dans_id)
    objet, jour = visible(conseil, personne), jour_demande(request)
    parcours = selectors.parcours(objet, jour)
    return render(
        request,
        "annuaire/fiche.html",
        {
            "personne": objet,
            "jour": jour,
            "aujourdhui": horloge.aujourdhui(),
            "parcours": parcours,
            "suppleants": [(f, list(selectors.suppleants(f, jour))) for f in parcours.tenues],
            "etiquettes": objet.etiquettes.all(),
            "listes": objet.listes.all(),
            "reseaux": objet.reseaux.all(),
            "regard": (vu := regard(request.user, conseil)),
            "fusions": objet.fusions.filter(defaite_le__isnull=True).select_related("absorbee")
            if vu.tient
            else [],
        },
    )


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def vcarte(request, conseil, personne):
    jour = horloge.aujourdhui()
    objet = visible(conseil, personne)
    fiches = selectors.habiller([objet.pk], jour)
    return exports.en("vcf", f"fiche-{objet.pk}", str(objet), fiches, regard(request.user, conseil), jour)


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def ecrire(request, conseil, personne=None):
    objet = visible(conseil, personne) if personne is not None else Personne()
    form = PersonneForm(
        request.POST if request.method == "POST" else None,
        instance=objet,
        conseil=conseil,
        initial={"nom": request.GET.get("nom", "")[:80]} if personne is None else None,
    )
    if request.method == "POST" and form.is_valid():
        gardee = services.enregistrer(
            personne=form.save(commit=False), etiquettes=form.cleaned_data.get("etiquettes")
        )
        messages.success(request, f"La fiche {gardee} est à jour.")
        suite = "personne" if personne is not None else "fonction-ajouter"
        return redirect(suite, conseil=conseil.slug, personne=gardee.pk)
    return render(
        request,
        "annuaire/ecrire.html",
        {"form": form, "objet": objet},
        status=422 if form.is_bound else 200,
    )


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def ranger(request, conseil):
    """One gesture on the ticked cards: a word put on them, or a list that they enter."""
    cochees = [int(p) for p in request.POST.getlist("personne") if p.isdecimal()]
    mot, pk = request.POST.get("mot", "").strip(), request.POST.get("liste", "")
    if not cochees:
        messages.error(request, "Cochez d’abord au moins une fiche.")
    elif not mot and not pk:
        messages.error(request, "Écrivez une étiquette ou choisissez une liste.")
    if cochees and mot:
        nombre = services.etiqueter(conseil=conseil, personnes=cochees, nom=mot)
        messages.success(
            request, f"Étiquette {guillemets(mot)} posée\u202f: {pluriel(nombre, 'fiche')} de plus."
        )
    if cochees and pk:
        liste_ = get_object_or_404(ListeDePersonnes, conseil=conseil, pk=_entier(pk) or 0)
        nombre = services.ranger(conseil=conseil, personnes=cochees, liste=liste_)
        messages.success(
            request, f"{pluriel(nombre, 'personne')} de plus dans la liste {guillemets(liste_.nom)}."
        )
    retour = request.POST.get("suite", "")
    return redirect(reverse("annuaire", args=[conseil.slug]) + (f"?{retour}" if retour else ""))


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def oter_etiquette(request, conseil, personne, etiquette):
    objet = visible(conseil, personne)
    services.desetiqueter(
        personne=objet, etiquette=get_object_or_404(Etiquette, conseil=conseil, pk=etiquette)
    )
    messages.success(request, "L’étiquette est ôtée de cette fiche.")
    return redirect("personne", conseil=conseil.slug, personne=objet.pk)
