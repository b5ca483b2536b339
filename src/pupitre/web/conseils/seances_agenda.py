"""The agenda: edited whole, merged when two people edit it; items proposed; the mayor's file."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.seances import agenda, papiers, propositions, selectors
from pupitre.conseils.seances import dossier as dossiers
from pupitre.conseils.thematiques import nom_du_theme
from pupitre.conseils.thematiques import themes as themes_des_points
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import pluriel
from pupitre.web.acces import exige
from pupitre.web.conseils.formulaires_seances import DossierForm, deplacer, lire_agenda
from pupitre.web.conseils.seances import tenter, visible
from pupitre.web.telechargement import envoyer

_FIN_DE_SAISIE = ("monter", "descendre", "retirer", "ajouter")


def _noms(rapporteurs, themes) -> dict[str, str]:
    return {f"rapporteur:{k}": v for k, v in rapporteurs} | {f"theme:{k}": v for k, v in themes if k}


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def ecrire(request, conseil, seance):
    objet = visible(request, conseil, seance)
    rapporteurs, themes = selectors.rapporteurs_possibles(objet), themes_des_points()
    gardee = agenda.lire(objet)
    contexte = {"seance": objet, "rapporteurs": rapporteurs, "themes": themes}
    if request.method == "GET":
        contexte |= {"lignes": gardee, "base": agenda.en_texte(gardee), "version": objet.version}
        return _rendre(request, contexte)
    lignes, erreurs = lire_agenda(request.POST, {r for r, _ in rapporteurs}, {t for t, _ in themes})
    version = _entier(request.POST.get("version", ""))
    base = _agenda(request.POST.get("base", ""))
    contexte |= {"lignes": lignes, "base": agenda.en_texte(base), "version": version}
    geste = request.POST.get("geste", "")
    if geste.partition(":")[0] in _FIN_DE_SAISIE:
        lignes = deplacer(lignes, geste)
        return _rendre(request, contexte | {"lignes": lignes, "non_enregistre": True})
    if erreurs:
        return _rendre(request, contexte | {"erreurs": erreurs, "non_enregistre": True}, 422)
    try:
        agenda.enregistrer(
            seance=objet, version=version, base=base, agenda=lignes, noms=_noms(rapporteurs, themes)
        )
    except agenda.VersionDepassee as depassee:
        return _conflit(request, objet, depassee, base, lignes)
    except ErreurPupitre as erreur:
        return _rendre(request, contexte | {"refus": str(erreur), "non_enregistre": True}, 422)
    except ValidationError as erreur:
        return _rendre(request, contexte | {"refus": " ".join(erreur.messages), "non_enregistre": True}, 422)
    messages.success(request, "L’ordre du jour est enregistré.")
    return redirect("seance-agenda", conseil=conseil.slug, seance=objet.pk)


def _rendre(request, contexte: dict, code: int = 200):
    seance, erreurs = contexte["seance"], contexte.get("erreurs", {})
    lignes = contexte["lignes"]
    horaires = agenda.horaires(seance, [li.duree for li in lignes])
    contexte |= {
        "rangees": [
            (li, debut, erreurs.get(li.id, "")) for li, debut in zip(lignes, horaires.debuts, strict=True)
        ],
        "horaires": horaires,
        "total": papiers.duree_en_mots(horaires.minutes),
        "prevue": papiers.duree_en_mots(seance.duree),
        "proposes": list(propositions.en_attente(seance)),
        "preparable": seance.etat in (EtatSeance.EN_PREPARATION, EtatSeance.CONVOQUEE),
    }
    return render(request, "conseils/seances/agenda.html", contexte, status=code)


def _conflit(request, seance, depassee: agenda.VersionDepassee, base, mienne):
    contexte = {
        "seance": seance,
        "ecarts": depassee.ecarts,
        "version": depassee.version,
        "base": agenda.en_texte(base),
        "mienne": agenda.en_texte(mienne),
    }
    return render(request, "conseils/seances/agenda_conflit.html", contexte, status=409)


def _entier(texte: str) -> int:
    return int(texte) if texte.isdecimal() and len(texte) < 10 else 0


def _agenda(texte: str) -> agenda.Agenda:
    """Nothing when the page sent something else: all then counts as a difference."""
    with suppress(ValueError, TypeError, KeyError):
        return agenda.depuis_texte(texte)
    return ()


@require_POST
@exige(Droit.TENIR_CONSEIL)
def fusionner(request, conseil, seance):
    """The choices made on each difference; asked again if somebody saved in between."""
    objet = visible(request, conseil, seance)
    rapporteurs, themes = selectors.rapporteurs_possibles(objet), themes_des_points()
    base, mienne = _agenda(request.POST.get("base", "")), _agenda(request.POST.get("mienne", ""))
    version = _entier(request.POST.get("version", ""))
    leur = agenda.lire(objet)
    choix = {
        k.removeprefix("choix-"): v
        for k, v in request.POST.items()
        if k.startswith("choix-") and v in (agenda.MIEN, agenda.LEUR, agenda.DEUX)
    }
    noms = _noms(rapporteurs, themes)
    if objet.version != version:
        depassee = agenda.VersionDepassee(agenda.difference(base, mienne, leur, noms), objet.version)
        return _conflit(request, objet, depassee, base, mienne)
    fusion = agenda.fusionner(base, mienne, leur, choix)
    try:
        agenda.enregistrer(seance=objet, version=version, base=leur, agenda=fusion, noms=noms)
    except agenda.VersionDepassee as depassee:
        return _conflit(request, objet, depassee, base, mienne)
    except (ErreurPupitre, ValidationError) as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, "Les deux ordres du jour n’en font plus qu’un.")
    return redirect("seance-agenda", conseil=conseil.slug, seance=objet.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def solliciter(request, conseil, seance):
    objet = visible(request, conseil, seance)
    try:
        ecrits = propositions.solliciter(seance=objet, auteur=request.user)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, f"{pluriel(ecrits, 'personne')} peuvent proposer des points." if ecrits > 1 else (
            "Une personne peut proposer des points." if ecrits else "Chaque membre joignable a déjà reçu son lien."
        ))  # fmt: skip
    return redirect("seance-agenda", conseil=conseil.slug, seance=objet.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def trancher(request, conseil, seance, point):
    objet = visible(request, conseil, seance)
    propose = get_object_or_404(objet.points, pk=point)
    retenu = request.POST.get("geste") == "retenir"
    tenter(
        request,
        lambda: propositions.trancher(
            point=propose, retenu=retenu, raison=request.POST.get("raison", "")[:240]
        ),
        "Le point est à l’ordre du jour."
        if retenu
        else "Le point est refusé\u202f: qui l’a proposé lira la raison.",
    )
    return redirect("seance-agenda", conseil=conseil.slug, seance=objet.pk)


@require_GET
@exige(Droit.VOIR_CONSEIL)
def document(request, conseil, seance, format):
    objet = visible(request, conseil, seance)
    contenu = papiers.ordre_du_jour(objet, format)
    return envoyer(contenu, format, f"{conseil.slug}-ordre-du-jour-{objet.pk}", joint=format != "pdf")


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def dossier(request, conseil, seance, point):
    """One item of the mayor's file: its figures as frozen, what to say, what goes on."""
    objet = visible(request, conseil, seance)
    lu = get_object_or_404(objet.points.filter(retenu=True), pk=point)
    lu.seance = objet
    depart = {"elements": lu.elements, "actions": lu.actions}
    form = DossierForm(request.POST if request.method == "POST" else None, initial=depart)
    if request.method == "POST" and form.is_valid():
        try:
            dossiers.ecrire(point=lu, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        else:
            messages.success(request, "Le dossier est enregistré.")
            return redirect("seance-point-dossier", conseil=conseil.slug, seance=objet.pk, point=lu.pk)
    contexte = {
        "seance": objet,
        "point": lu,
        "theme": nom_du_theme(lu.theme),
        "form": form,
        "chiffres": dossiers.chiffres(lu),
        "decisions": dossiers.decisions(lu),
    }
    return render(request, "conseils/seances/dossier.html", contexte, status=422 if form.is_bound else 200)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def figer(request, conseil, seance, point):
    objet = visible(request, conseil, seance)
    lu = get_object_or_404(objet.points.filter(retenu=True), pk=point)
    lu.seance = objet
    tenter(request, lambda: dossiers.figer(point=lu), "Les chiffres du jour sont figés dans le dossier.")
    return redirect("seance-point-dossier", conseil=conseil.slug, seance=objet.pk, point=lu.pk)


@require_GET
@exige(Droit.LIRE_DOSSIER)
def dossier_entier(request, conseil, seance, format):
    objet = visible(request, conseil, seance)
    contenu = dossiers.document(objet, format)
    return envoyer(contenu, format, f"{conseil.slug}-dossier-{objet.pk}", joint=format != "pdf")
