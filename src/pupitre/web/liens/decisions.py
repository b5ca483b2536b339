"""Who was given decisions says where they stand, by the link received."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from pupitre.conseils.decisions import execution, rappels, services
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import par_lien
from pupitre.web.conseils.formulaires_decisions import SuiteForm


@require_http_methods(["GET", "POST"])
@par_lien(rappels.SUIVI)
def suivre(request, lien):
    """One form a decision; the one that is sent is the one that is saved."""
    siennes = {str(li.decision.pk): li for li in execution.lignes(rappels.du_lien(lien))}
    envoyee = request.POST.get("decision", "") if request.method == "POST" else ""
    fautif, dite = None, None
    if request.method == "POST" and envoyee in siennes:
        ligne = siennes[envoyee]
        fautif = _formulaire(ligne, request.POST)
        if fautif.is_valid():
            try:
                services.suivre(decision=ligne.decision, nom=lien.nom, lien=lien, **fautif.cleaned_data)
            except ErreurPupitre as erreur:
                fautif.add_error(None, str(erreur))
            else:
                dite, fautif = ligne, None
                siennes = {str(li.decision.pk): li for li in execution.lignes(rappels.du_lien(lien))}
    refusee = request.method == "POST" and dite is None
    contexte = {
        "lien": lien,
        "dite": dite,
        "perdue": refusee and fautif is None,
        "suites": [
            (li, fautif if cle == envoyee and fautif is not None else _formulaire(li))
            for cle, li in siennes.items()
        ],
    }
    return render(request, "liens/suivi_decisions.html", contexte, status=422 if refusee else 200)


def _formulaire(ligne, donnees=None) -> SuiteForm:
    return SuiteForm(
        donnees,
        depuis=ligne.etat,
        par_le_responsable=True,
        auto_id=f"d{ligne.decision.pk}_%s",
    )
