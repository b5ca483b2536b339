"""The screen in the room. Each gesture answers JSON to the page's script, and a page to who has no script."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces.droits import Droit
from pupitre.conseils.decisions import services as decisions
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.seances.papiers import points_retenus, quand
from pupitre.conseils.seances.selectors import personnes_du_conseil
from pupitre.conseils.tenue import selectors, services
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import exige
from pupitre.web.conseils.seances import tenter, visible


class SaisieIllisible(ErreurPupitre):
    """The page sent something that no page of ours sends."""


def _illisible(quoi: str) -> SaisieIllisible:
    return SaisieIllisible(
        "Rien n’est enregistré.", f"{quoi} manque ou n’est pas lisible.", "Rechargez la page et recommencez."
    )


@require_GET
@exige(Droit.TENIR_CONSEIL)
def ecran(request, conseil, seance):
    objet = visible(request, conseil, seance)
    recit = selectors.recit(objet)
    contexte = {
        "seance": objet,
        "quand": quand(objet),
        "etat": objet.etat,
        "ouverte": objet.etat == EtatSeance.OUVERTE,
        "recit": recit,
        "appels": selectors.appeles(objet),
        "personnes": list(personnes_du_conseil(conseil).order_by("nom", "prenom").only("nom", "prenom")),
        "points": [(p, p.notes or (None,), uuid4(), uuid4()) for p in recit.points],
        "onglet": uuid4(),
    }
    return render(request, "conseils/tenue/ecran.html", contexte)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def ouvrir(request, conseil, seance):
    objet = visible(request, conseil, seance)
    tenter(request, lambda: services.ouvrir(seance=objet, auteur=request.user), "La séance est ouverte.")
    return redirect("seance-tenue", conseil=conseil.slug, seance=objet.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def clore(request, conseil, seance):
    objet = visible(request, conseil, seance)
    close = tenter(request, lambda: services.clore(seance=objet, auteur=request.user), "La séance est close.")
    return redirect("seance" if close else "seance-tenue", conseil=conseil.slug, seance=objet.pk)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def saisir(request, conseil, seance):
    """One gesture: a note, a presence, somebody more, a decision."""
    objet = visible(request, conseil, seance)
    try:
        geste = _GESTES[request.POST.get("quoi", "")]
    except KeyError:
        return _refuser(request, conseil, objet, _illisible("Le geste"))
    try:
        reponse = geste(request, conseil, objet)
    except ErreurPupitre as erreur:
        return _refuser(request, conseil, objet, erreur)
    except ValidationError as erreur:
        return _refuser(request, conseil, objet, _illisible(" ".join(erreur.messages)))
    if _veut_du_json(request):
        return JsonResponse({"fait": True} | reponse)
    messages.success(request, "C’est enregistré.")
    return redirect(f"{reverse('seance-tenue', args=[conseil.slug, objet.pk])}#{reponse.get('ancre', '')}")


def _veut_du_json(request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _refuser(request, conseil, seance, erreur: ErreurPupitre) -> HttpResponse:
    if _veut_du_json(request):
        return JsonResponse({"fait": False, "message": str(erreur)}, status=422)
    messages.error(request, str(erreur))
    return redirect("seance-tenue", conseil=conseil.slug, seance=seance.pk)


def _uuid(request, nom: str, *, vide: bool = False) -> UUID | None:
    texte = request.POST.get(nom, "")
    if not texte and vide:
        return None
    try:
        return UUID(texte)
    except ValueError:
        raise _illisible(f"«\u202f{nom}\u202f»") from None


def _entier(request, nom: str) -> int:
    texte = request.POST.get(nom, "")
    if not texte.isdecimal() or len(texte) > 9:
        raise _illisible(f"«\u202f{nom}\u202f»")
    return int(texte)


def _note(request, conseil, seance) -> dict:
    notee = services.noter(
        seance=seance,
        cle=_uuid(request, "cle"),
        point=_uuid(request, "point", vide=True),
        texte=request.POST.get("texte", "").replace("\r\n", "\n"),
        version=_entier(request, "version"),
        onglet=_uuid(request, "onglet"),
        auteur=request.user,
    )
    return {
        "cle": str(notee.note.pk),
        "version": notee.note.version,
        "en_double": notee.en_double,
        "ancre": f"point-{notee.note.point_id or 'hors'}",
    }


def _presence(request, conseil, seance) -> dict:
    services.pointer(
        seance=seance,
        convocation=_entier(request, "convocation"),
        present=request.POST.get("present") == "1",
        suppleant=request.POST.get("suppleant", ""),
    )
    return {"ancre": "presents"}


def _venu(request, conseil, seance) -> dict:
    personne = get_object_or_404(personnes_du_conseil(conseil), pk=_entier(request, "personne"))
    services.accueillir(seance=seance, personne=personne)
    return {"ancre": "presents", "recharger": True}


def _decision(request, conseil, seance) -> dict:
    services.exiger_ouverte(seance)
    point = _uuid(request, "point", vide=True)
    echeance = request.POST.get("echeance", "")
    try:
        jour = date.fromisoformat(echeance) if echeance else None
    except ValueError:
        raise _illisible("L’échéance") from None
    responsable = None
    if request.POST.get("personne"):
        responsable = get_object_or_404(personnes_du_conseil(conseil), pk=_entier(request, "personne"))
    prise = decisions.prendre(
        formation=seance.formation,
        seance=seance,
        point=next((p for p in points_retenus(seance) if p.pk == point), None),
        texte=request.POST.get("texte", ""),
        responsable=responsable,
        echeance=jour,
        saisie=_uuid(request, "saisie"),
        auteur=request.user,
    )
    return {"numero": prise.numero, "ancre": f"point-{point or 'hors'}"}


_GESTES = {"note": _note, "presence": _presence, "venu": _venu, "decision": _decision}
