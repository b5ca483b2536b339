"""The composition that the law gives on a day, who fills it, and the arrêté that says so."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.conseils.formations import composition as compositions
from pupitre.conseils.formations import ecrits, services
from pupitre.conseils.models import Membre, ReglageConseil, TexteConseil
from pupitre.documents.tableaux import Table
from pupitre.droit.parametres import ParametreInconnu
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.conseils.formations_formulaires import InstallationForm, JourForm, ReglageForm, jour_demande
from pupitre.web.telechargement import tableau_en

_ETATS = {
    "tenu": "tenu",
    "a_installer": "à installer",
    "a_remplacer": "à remplacer",
    "vacant": "siège vacant",
}


def _composer(conseil, jour):
    try:
        return compositions.composer(conseil, jour)
    except ParametreInconnu:
        return None


@require_GET
@exige(Droit.VOIR_CONSEIL)
def voir(request, conseil):
    jour, choix = jour_demande(request)
    reglage = ReglageConseil.objects.filter(conseil=conseil).first()
    return render(
        request,
        "conseils/formations/composition.html",
        {
            "composition": _composer(conseil, jour),
            "jour": jour,
            "choix": choix,
            "est_aujourdhui": jour == horloge.aujourdhui(),
            "arretes": TexteConseil.objects.filter(
                conseil=conseil, genre=TexteConseil.Genre.ARRETE, adopte_le__isnull=False
            ),
            "reglage": ReglageForm(instance=reglage),
        },
    )


@require_GET
@exige(Droit.VOIR_CONSEIL)
def exporter(request, conseil, format):
    jour, _ = jour_demande(request)
    composition = _composer(conseil, jour)
    lignes = []
    for ligne in composition.lignes if composition else ():
        s = ligne.siege
        for membre in ligne.membres or (None,):
            lignes.append(
                (
                    s.libelle,
                    _ETATS[ligne.etat],
                    str(membre.personne) if membre else "",
                    str(membre.suppleant or "") if membre else "",
                    membre.debut if membre else None,
                    s.reference,
                    s.verifie,
                )
            )
    for m in composition.autres if composition else ():
        qui = (str(m.personne), str(m.suppleant or ""), m.debut, "", True)
        lignes.append((m.qualite or m.get_titre_display(), m.get_titre_display(), *qui))
    entetes = ("Siège", "État", "Titulaire", "Suppléant", "Depuis le", "Texte", "Référence contrôlée")
    titre = f"Composition, {conseil}, au {jour:%d/%m/%Y}"
    return tableau_en(format, f"composition-{conseil.slug}", Table(titre, entetes, tuple(lignes)))


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def installer(request, conseil):
    """Give a seat by law; who held it until then leaves it on the eve."""
    aujourdhui = horloge.aujourdhui()
    composition = compositions.composer(conseil, aujourdhui)
    if composition.pleniere is None:
        messages.error(request, "Créez d’abord la formation plénière\u202f: c’est elle qui donne ces sièges.")
        return redirect("composition", conseil=conseil.slug)
    initial = {"siege": request.GET.get("siege", ""), "personne": request.GET.get("personne", "")}
    form = InstallationForm(
        request.POST if request.method == "POST" else None,
        conseil=conseil,
        sieges=[ligne.siege for ligne in composition.lignes],
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        ligne = next(li for li in composition.lignes if li.siege.cle == form.cleaned_data["siege"])
        try:
            membre = services.installer(
                pleniere=composition.pleniere,
                siege=ligne.siege,
                remplaces=() if ligne.siege.collectif else ligne.membres,
                personne=form.cleaned_data["personne"],
                suppleant=form.cleaned_data["suppleant"],
                debut=form.cleaned_data["debut"],
                titre=Membre.Titre.DROIT if not ligne.siege.collectif else Membre.Titre.DESIGNE,
            )
        except ErreurPupitre as erreur:
            form.add_error("personne", str(erreur))
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            messages.success(request, f"{membre.personne} est membre de la formation plénière.")
            return redirect("composition", conseil=conseil.slug)
    return render(
        request, "conseils/formations/installer.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_POST
@exige(Droit.REGLER_CONSEIL)
def regler(request, conseil):
    reglage = ReglageConseil.objects.filter(conseil=conseil).first()
    form = ReglageForm(request.POST, instance=reglage)
    if form.is_valid():
        services.regler(conseil=conseil, **form.cleaned_data)
        messages.success(request, "Le réglage est gardé\u202f: la composition est recalculée.")
    else:
        messages.error(request, "Le texte suivi tient en 240 caractères.")
    return redirect("composition", conseil=conseil.slug)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def preparer(request, conseil):
    form = JourForm(request.POST)
    jour = (form.is_valid() and form.cleaned_data["au"]) or horloge.aujourdhui()
    composition = _composer(conseil, jour)
    if composition is None:
        messages.error(
            request, "Aucun texte n’est connu à cette date\u202f: choisissez une date plus récente."
        )
        return redirect("composition", conseil=conseil.slug)
    try:
        texte = ecrits.preparer_arrete(composition=composition)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        return redirect("composition", conseil=conseil.slug)
    messages.success(
        request, "L’arrêté est préparé et figé à cette date\u202f: relisez-le, puis faites-le signer."
    )
    return redirect("texte", conseil=conseil.slug, texte=texte.pk)
