"""The table of execution and the life of each decision."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.conseils.decisions import execution, papiers, rappels, selectors, services
from pupitre.conseils.etats import DECISIONS_OUVERTES, EtatDecision
from pupitre.conseils.models import Decision
from pupitre.conseils.policies import peut_suivre
from pupitre.conseils.seances.selectors import passees, seances_visibles
from pupitre.conseils.selectors import formations_visibles
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige, refus
from pupitre.web.conseils.formulaires_decisions import DecisionForm, NouvelleDecisionForm, SuiteForm
from pupitre.web.conseils.seances import tenter
from pupitre.web.telechargement import envoyer, tableau_en

PAR_PAGE = 50
SEANCES_PROPOSEES = 60


def _visible(request, conseil, decision: int) -> Decision:
    return get_object_or_404(selectors.decisions_visibles(request.user, conseil), pk=decision)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def liste(request, conseil):
    jour = horloge.aujourdhui()
    visibles = selectors.decisions_visibles(request.user, conseil)
    filtre = execution.Filtre.lire(request.GET)
    page = Paginator(filtre.appliquer(visibles, jour), PAR_PAGE).get_page(request.GET.get("page"))
    # the séance is not shown
    montrees = page.object_list.select_related(None).select_related(
        "formation", "responsable", "organisation"
    )
    choix = execution.choix(visibles)
    contexte = {
        "lignes": execution.lignes(montrees, jour),
        "page": page,
        "bilan": execution.bilan(visibles, jour),
        "filtre": filtre,
        "listes": [
            ("situation", "Situation", execution.SITUATIONS, filtre.situation),
            ("formation", "Formation", [("", "Toutes"), *choix["formation"]], filtre.formation),
            ("responsable", "Responsable", [("", "Tous"), *choix["responsable"]], filtre.responsable),
            ("organisation", "Organisation", [("", "Toutes"), *choix["organisation"]], filtre.organisation),
            ("theme", "Thème", [("", "Tous"), *choix["theme"]], filtre.theme),
            ("age", "Âge", execution.AGES, filtre.age),
            ("tri", "Par", execution.TRIS, filtre.tri),
        ],
        "requete": _requete(filtre),
        "affine": any(v for n, v in asdict(filtre).items() if n not in ("situation", "texte")),
        "tient": bool(peut(request.user, Droit.TENIR_CONSEIL, conseil)),
        "personnes": execution.par_responsable(visibles, jour),
    }
    return render(request, "conseils/decisions/liste.html", contexte)


def _requete(filtre: execution.Filtre) -> str:
    return urlencode({k: v for k, v in asdict(filtre).items() if v})


@require_GET
@exige(Droit.VOIR_CONSEIL)
def exporter(request, conseil, format):
    jour = horloge.aujourdhui()
    visibles = selectors.decisions_visibles(request.user, conseil)
    filtre = execution.Filtre.lire(request.GET)
    lignes = execution.lignes(filtre.appliquer(visibles, jour), jour)
    nom = f"{conseil.slug}-decisions"
    if format not in ("pdf", "docx", "odt"):
        return tableau_en(format, nom, papiers.table(conseil, lignes))
    du_choix = visibles.filter(formation__slug=filtre.formation) if filtre.formation else visibles
    perimetre = dict(execution.choix(visibles)["formation"]).get(filtre.formation, "Toutes les formations")
    contenu = papiers.document(conseil, lignes, execution.bilan(du_choix, jour), perimetre, format)
    return envoyer(contenu, format, nom, joint=format != "pdf")


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def noter(request, conseil):
    recentes = passees(seances_visibles(request.user, conseil)).values("pk")[:SEANCES_PROPOSEES]
    form = NouvelleDecisionForm(
        request.POST if request.method == "POST" else None,
        conseil=conseil,
        formations=formations_visibles(request.user, conseil).as_of(horloge.aujourdhui()),
        seances=seances_visibles(request.user, conseil).filter(
            pk__in=list(recentes.values_list("pk", flat=True))
        ),
        initial={
            "formation": formations_visibles(request.user, conseil)
            .filter(slug=request.GET.get("formation", ""))
            .first()
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            prise = services.prendre(**form.cleaned_data, auteur=request.user)
        except (ErreurPupitre, ValidationError) as erreur:
            form.add_error(None, getattr(erreur, "messages", str(erreur)))
        else:
            messages.success(request, f"La décision {prise.numero} est notée.")
            return redirect("decision", conseil=conseil.slug, decision=prise.pk)
    return render(
        request, "conseils/decisions/ecrire.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _contexte(request, conseil, lue: Decision, suite: SuiteForm) -> dict:
    tient = bool(peut(request.user, Droit.TENIR_CONSEIL, conseil))
    [ligne] = execution.lignes([lue])
    return {
        "decision": lue,
        "ligne": ligne,
        "evenements": list(lue.evenements.order_by("pk").select_related("auteur")),
        "suite": suite,
        "tient": tient,
        "ouverte": lue.etat in DECISIONS_OUVERTES,
        "etats": dict(EtatDecision.choices),
    }


@require_http_methods(["GET", "POST"])
@exige(Droit.VOIR_CONSEIL)
def fiche(request, conseil, decision):
    """The decision and its events; the team, and who was given it, say there where it stands."""
    lue = _visible(request, conseil, decision)
    lue.formation.conseil = conseil
    verdict = peut_suivre(request.user, lue)
    if request.method == "POST" and not verdict:
        return refus(request, verdict)
    suite = SuiteForm(
        request.POST if request.method == "POST" else None,
        depuis=lue.etat,
        par_le_responsable=not peut(request.user, Droit.TENIR_CONSEIL, conseil),
    )
    if request.method == "POST" and suite.is_valid():
        try:
            services.suivre(decision=lue, auteur=request.user, **suite.cleaned_data)
        except ErreurPupitre as erreur:
            suite.add_error(None, str(erreur))
        else:
            messages.success(request, f"C’est noté pour la décision {lue.numero}.")
            return redirect("decision", conseil=conseil.slug, decision=lue.pk)
    contexte = _contexte(request, conseil, lue, suite) | {"suit": bool(verdict)}
    return render(request, "conseils/decisions/fiche.html", contexte, status=422 if suite.is_bound else 200)


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def modifier(request, conseil, decision):
    lue = _visible(request, conseil, decision)
    initial = {
        n: getattr(lue, n) for n in ("texte", "responsable", "organisation", "echeance", "theme", "action")
    }
    form = DecisionForm(request.POST if request.method == "POST" else None, conseil=conseil, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.modifier(decision=lue, auteur=request.user, **form.cleaned_data)
        except (ErreurPupitre, ValidationError) as erreur:
            form.add_error(None, getattr(erreur, "messages", str(erreur)))
        else:
            messages.success(request, f"La décision {lue.numero} est corrigée.")
            return redirect("decision", conseil=conseil.slug, decision=lue.pk)
    return render(
        request,
        "conseils/decisions/ecrire.html",
        {"form": form, "decision": lue},
        status=422 if form.is_bound else 200,
    )


@require_POST
@exige(Droit.TENIR_CONSEIL)
def demander(request, conseil, decision):
    lue = _visible(request, conseil, decision)
    if lue.responsable is None:
        messages.error(request, "Personne à qui le demander\u202f: cette décision n’a pas de responsable.")
    else:
        tenter(
            request,
            lambda: rappels.demander(conseil=conseil, responsable=lue.responsable, auteur=request.user),
            f"La question est posée à {lue.responsable}, pour toutes ses décisions en cours.",
        )
    return redirect("decision", conseil=conseil.slug, decision=lue.pk)
