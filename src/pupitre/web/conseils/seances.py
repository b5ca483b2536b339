"""The list and calendar of the séances, and the page of each: what is ready and what is missing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.conseils.comptes_rendus.selectors import comptes_rendus_visibles
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Preparatif, Seance
from pupitre.conseils.seances import agenda, convocations, papiers, pieces, preparatifs, selectors, services
from pupitre.conseils.seances import calendrier as calendriers
from pupitre.conseils.selectors import formations_visibles
from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.conseils.formulaires_seances import (
    NouvelleSeanceForm,
    PieceForm,
    PreparatifForm,
    RaisonForm,
    ReponseConvocationForm,
    SeanceForm,
)
from pupitre.web.telechargement import envoyer, tableau_en

PAR_PAGE = 25


def visible(request, conseil, seance: int) -> Seance:
    """The séance of that address if the person sees it; 404 otherwise."""
    lue = get_object_or_404(selectors.seances_visibles(request.user, conseil), pk=seance)
    lue.formation.conseil = conseil
    return lue


def tenter(request, geste, reussi: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        geste()
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        return False
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))
        return False
    messages.success(request, reussi)
    return True


@require_GET
@exige(Droit.VOIR_CONSEIL)
def liste(request, conseil):
    visibles = selectors.seances_visibles(request.user, conseil)
    formations = list(formations_visibles(request.user, conseil))
    choisie = request.GET.get("formation", "")
    if choisie in {f.slug for f in formations}:
        visibles = visibles.filter(formation__slug=choisie)
    else:
        choisie = ""
    page = Paginator(selectors.passees(visibles), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "a_venir": selectors.compter(selectors.a_venir(visibles)),
        "page": page,
        "formations": formations,
        "choisie": choisie,
        "etats": dict(EtatSeance.choices),
        "tient": bool(peut(request.user, Droit.TENIR_CONSEIL, conseil)),
    }
    return render(request, "conseils/seances/liste.html", contexte)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def exporter(request, conseil, format):
    lues = selectors.compter(selectors.seances_visibles(request.user, conseil))
    table = Table(
        titre=f"Séances, {conseil}",
        entetes=("Formation", "Objet", "Date", "Heure", "Lieu", "État", "Convoqués", "Annoncés"),
        lignes=tuple(
            (
                str(s.formation),
                s.objet,
                timezone.localdate(s.debut) if s.debut else None,
                horloge.heure(s.debut) if s.debut else "",
                s.lieu,
                str(EtatSeance(s.etat).label),
                s.appeles,
                s.venus,
            )
            for s in lues
        ),
        lecture=(("Avertissement", "Données fictives"),) if conseil.fictif else (),
    )
    return tableau_en(format, f"{conseil.slug}-seances", table)


def _annee(request) -> int:
    texte = request.GET.get("annee", "")
    an = int(texte) if texte.isdecimal() and len(texte) == 4 else horloge.aujourdhui().year
    return min(max(an, 1990), 2100)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def calendrier(request, conseil):
    an = _annee(request)
    contexte = {
        "annee": an,
        "mois": calendriers.annee(selectors.seances_visibles(request.user, conseil), an),
        "tient": bool(peut(request.user, Droit.TENIR_CONSEIL, conseil)),
    }
    return render(request, "conseils/seances/calendrier.html", contexte)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def agenda_ics(request, conseil):
    an = _annee(request)
    lues = selectors.seances_visibles(request.user, conseil).filter(debut__year=an)
    return envoyer(calendriers.agenda_de(conseil, lues), "ics", f"{conseil.slug}-seances-{an}")


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def creer(request, conseil):
    formations = formations_visibles(request.user, conseil).as_of(horloge.aujourdhui())
    choisie = formations.filter(slug=request.GET.get("formation", "")).first()
    form = NouvelleSeanceForm(
        request.POST if request.method == "POST" else None,
        formations=formations,
        initial={"formation": choisie},
    )
    if request.method == "POST" and form.is_valid():
        try:
            seance = services.creer(auteur=request.user, fictive=conseil.fictif, **form.cleaned_data)
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            messages.success(request, "La séance est créée, avec sa liste de préparation.")
            return redirect("seance", conseil=conseil.slug, seance=seance.pk)
    contexte = {"form": form, "sans_formation": not formations.exists()}
    return render(request, "conseils/seances/creer.html", contexte, status=422 if form.is_bound else 200)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def fiche(request, conseil, seance):
    objet = visible(request, conseil, seance)
    return render(request, "conseils/seances/fiche.html", contexte_de_la_fiche(request, conseil, objet))


def contexte_de_la_fiche(request, conseil, seance: Seance, **forms) -> dict:
    points = papiers.points_retenus(seance)
    horaires = agenda.horaires(seance, [p.duree for p in points])
    tient = bool(peut(request.user, Droit.TENIR_CONSEIL, conseil))
    appel = selectors.appels_de(request.user, conseil).filter(seance=seance).first()
    contexte = {
        "seance": seance,
        "etat": str(EtatSeance(seance.etat).label),
        "preparable": seance.etat in (EtatSeance.EN_PREPARATION, EtatSeance.CONVOQUEE),
        "annulee": seance.evenements.filter(etat=EtatSeance.ANNULEE).first(),
        "quand": papiers.quand(seance),
        "duree": papiers.duree_en_mots(seance.duree),
        "points": list(zip(points, horaires.debuts, strict=True)),
        "suivi_des_decisions": services.SUIVI_DES_DECISIONS,
        "horaires": horaires,
        "pieces": list(seance.pieces.select_related("point")),
        "tient": tient,
        "compte_rendu": comptes_rendus_visibles(request.user, conseil).filter(seance=seance).first(),
        "lit_dossier": bool(peut(request.user, Droit.LIRE_DOSSIER, conseil)),
        "mon_appel": appel,
        "reponse_form": forms.get("reponse_form") or (appel and ReponseConvocationForm(appel=appel)),
    }
    if not tient:
        return contexte
    return contexte | {
        "preparatifs": list(seance.preparatifs.select_related("fait_par")),
        "aujourdhui": horloge.aujourdhui(),
        "verdict": convocations.verdict_des_delais(seance),
        "reponses": _reponses(seance),
        "preparatif_form": forms.get("preparatif_form") or PreparatifForm(),
        "piece_form": forms.get("piece_form") or PieceForm(points=points),
        "annuler_form": forms.get("annuler_form") or RaisonForm(),
    }


def _reponses(seance: Seance) -> dict:
    lues = list(seance.convocations.values_list("reponse", "envoyee_le"))
    return {
        "total": len(lues),
        "a_envoyer": sum(1 for _, le in lues if le is None),
        "present": sum(1 for r, _ in lues if r in ("present", "supplee")),
        "absent": sum(1 for r, _ in lues if r == "absent"),
        "attendue": sum(1 for r, le in lues if r == "attendue" and le),
    }


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def modifier(request, conseil, seance):
    objet = visible(request, conseil, seance)
    depart = {c: getattr(objet, c) for c in ("objet", "debut", "duree", "lieu")}
    form = SeanceForm(request.POST if request.method == "POST" else None, initial=depart)
    if request.method == "POST" and form.is_valid():
        try:
            prevenus = services.modifier(seance=objet, auteur=request.user, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            suite = " Les personnes convoquées sont prévenues." if prevenus else ""
            messages.success(request, f"La séance est enregistrée.{suite}")
            return redirect("seance", conseil=conseil.slug, seance=objet.pk)
    contexte = {"form": form, "seance": objet, "convoquee": objet.etat == EtatSeance.CONVOQUEE}
    return render(request, "conseils/seances/modifier.html", contexte, status=422 if form.is_bound else 200)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def annuler(request, conseil, seance):
    objet = visible(request, conseil, seance)
    form = RaisonForm(request.POST)
    if form.is_valid():
        raison = form.cleaned_data["raison"]
        tenter(
            request,
            lambda: services.annuler(seance=objet, raison=raison, auteur=request.user),
            "La séance est annulée\u202f: les personnes convoquées sont prévenues.",
        )
        return redirect("seance", conseil=conseil.slug, seance=objet.pk)
    contexte = contexte_de_la_fiche(request, conseil, objet, annuler_form=form)
    return render(request, "conseils/seances/fiche.html", contexte, status=422)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def preparatif_ajouter(request, conseil, seance):
    objet = visible(request, conseil, seance)
    form = PreparatifForm(request.POST)
    if form.is_valid():
        preparatifs.ajouter(seance=objet, **form.cleaned_data)
        return redirect("seance", conseil=conseil.slug, seance=objet.pk)
    contexte = contexte_de_la_fiche(request, conseil, objet, preparatif_form=form)
    return render(request, "conseils/seances/fiche.html", contexte, status=422)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def preparatif_cocher(request, conseil, seance, preparatif):
    objet = visible(request, conseil, seance)
    ligne = get_object_or_404(Preparatif, pk=preparatif, seance=objet)
    if request.POST.get("geste") == "retirer":
        preparatifs.retirer(preparatif=ligne)
    else:
        preparatifs.cocher(
            preparatif=ligne, fait=request.POST.get("geste") != "decocher", auteur=request.user
        )
    return redirect("seance", conseil=conseil.slug, seance=objet.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def piece_joindre(request, conseil, seance):
    objet = visible(request, conseil, seance)
    points = papiers.points_retenus(objet)
    form = PieceForm(request.POST, request.FILES, points=points)
    if form.is_valid():
        fichier = form.cleaned_data["fichier"]
        point = next((p for p in points if str(p.pk) == form.cleaned_data["point"]), None)
        try:
            pieces.joindre(seance=objet, contenu=fichier.read(), nom=fichier.name, point=point)
        except ErreurPupitre as erreur:
            form.add_error("fichier", str(erreur))
        else:
            messages.success(request, "Le document est joint à la séance.")
            return redirect("seance", conseil=conseil.slug, seance=objet.pk)
    contexte = contexte_de_la_fiche(request, conseil, objet, piece_form=form)
    return render(request, "conseils/seances/fiche.html", contexte, status=422)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def piece(request, conseil, seance, piece):
    objet = get_object_or_404(visible(request, conseil, seance).pieces, pk=piece)
    return FileResponse(pieces.chemin(objet).open("rb"), as_attachment=True, filename=objet.nom)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def piece_retirer(request, conseil, seance, piece):
    objet = visible(request, conseil, seance)
    ligne = get_object_or_404(objet.pieces, pk=piece)
    tenter(request, lambda: pieces.retirer(piece=ligne), "Le document n’est plus joint.")
    return redirect("seance", conseil=conseil.slug, seance=objet.pk)
