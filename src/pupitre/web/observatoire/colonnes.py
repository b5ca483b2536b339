"""Saying what each column of a partner's table means, then reading the file again."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.observations import Granularite
from pupitre.observatoire import selectors
from pupitre.observatoire.collecte import lecture, rapprochements
from pupitre.observatoire.collecte.services import DECRITS
from pupitre.observatoire.presentation_lecture import GENRES as GENRES_DE_LIGNES
from pupitre.web.acces import exige

GRANULARITES = (
    ("", "d’après l’écriture des périodes"),
    (Granularite.JOUR, "jour"),
    (Granularite.SEMAINE, "semaine"),
    (Granularite.MOIS, "mois"),
    (Granularite.TRIMESTRE, "trimestre"),
    (Granularite.SEMESTRE, "semestre"),
    (Granularite.ANNEE, "année civile"),
    (Granularite.ANNEE_SCOLAIRE, "année scolaire"),
)
GENRES = ("entete", "nature", "commune", "secteur")


class LectureForm(forms.Form):
    format = forms.ChoiceField(
        label="Ce fichier est",
        choices=(
            ("comptages", "un tableau de comptages (des nombres de faits)"),
            ("faits", "une liste de faits (une ligne par fait)"),
        ),
    )
    feuille = forms.ChoiceField(label="Feuille à lire", required=False)
    ligne_entete = forms.IntegerField(
        label="Ligne des titres",
        min_value=1,
        help_text="Le numéro de la ligne qui porte les titres des colonnes.",
        error_messages={
            "required": "Indiquez la ligne des titres.",
            "invalid": "Indiquez un numéro de ligne, en chiffres.",
            "min_value": "La première ligne porte le numéro 1.",
        },
    )
    nature_fixe = forms.ChoiceField(
        label="Nature de tout le fichier",
        required=False,
        help_text="Si aucune colonne ne dit la nature des faits.",
    )
    commune_fixe = forms.ChoiceField(
        label="Commune de tout le fichier", required=False, help_text="Si aucune colonne ne dit la commune."
    )
    annee = forms.IntegerField(
        label="Année",
        required=False,
        min_value=1990,
        max_value=2100,
        help_text="Seulement si ni les colonnes, ni le titre, ni la feuille ne la disent. Elle sera à changer "
        "l’an prochain.",
        error_messages={"invalid": "Indiquez une année, en quatre chiffres."},
    )
    granularite = forms.ChoiceField(label="Chaque nombre porte sur", choices=GRANULARITES, required=False)
    unite = forms.CharField(
        label="Unité de compte",
        max_length=40,
        required=False,
        help_text="Si ce n’est pas celle de la nature\u202f: plainte, appel, signalement…",
    )

    def __init__(self, *args, feuilles, natures, communes, **kwargs):
        super().__init__(*args, **kwargs)
        if len(feuilles) > 1:
            self.fields["feuille"].choices = [(n, n) for n in feuilles]
        else:
            del self.fields["feuille"]
        self.fields["nature_fixe"].choices = [("", "Dite par une colonne"), *natures]
        self.fields["commune_fixe"].choices = [("", "Dite par une colonne, ou inconnue"), *communes]


@require_http_methods(["GET", "POST"])
@exige(Droit.PUBLIER)
def colonnes(request, conseil, livraison):
    livraison = get_object_or_404(
        selectors.livraisons_visibles(request.user, conseil).select_related("source__conseil"), pk=livraison
    )
    if livraison.source.format not in DECRITS:
        raise Http404
    try:
        fichier = lecture.Fichier.de(livraison)
        connue = fichier.saisie()
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        return redirect("livraison", conseil=conseil.slug, livraison=livraison.pk)
    choix = {
        "feuilles": fichier.feuilles,
        "natures": rapprochements.natures_proposees(),
        "communes": rapprochements.communes_proposees(conseil),
    }
    if request.method == "GET":
        form = LectureForm(initial={**vars(connue), "annee": connue.annee or None}, **choix)
        return _page(request, fichier, form, connue, choix)
    form = LectureForm(request.POST, **choix)
    if not form.is_valid():
        return _page(request, fichier, form, _saisie(request.POST, connue), choix, statut=422)
    saisie = _saisie(request.POST, connue, form.cleaned_data)
    montrees = (request.POST.get("vue_feuille", ""), request.POST.get("vue_entete"))
    if (saisie.feuille, str(saisie.ligne_entete)) != montrees:
        proposee = fichier.proposition(saisie.feuille, saisie.ligne_entete, saisie.format)
        saisie = replace(saisie, roles=proposee.roles, choix=proposee.choix)
        messages.info(request, "Voici le tableau à cet endroit. Vérifiez le rôle des colonnes, puis relisez.")
        return _page(request, fichier, form, saisie, choix)
    if request.POST.get("geste") == "montrer":
        return _page(request, fichier, form, saisie, choix)
    try:
        description = fichier.composer(saisie)
        relue = lecture.relire(livraison=livraison, description=description, auteur=request.user)
    except lecture.SaisieRefusee as refus:
        for champ, raison in refus.champs.items():
            form.add_error(champ, raison)
        return _page(request, fichier, form, saisie, choix, refus.colonnes, statut=422)
    except ErreurPupitre as erreur:
        form.add_error(None, str(erreur))
        return _page(request, fichier, form, saisie, choix, statut=422)
    if lecture.rejouable(relue):
        messages.success(request, "Le fichier est relu. Cette lecture vaudra pour les prochains fichiers.")
    else:
        messages.success(request, "C’est enregistré pour les prochains fichiers de cette source.")
    return redirect("livraison", conseil=conseil.slug, livraison=relue.pk)


def _saisie(envoye, connue: lecture.Saisie, donnees: dict | None = None) -> lecture.Saisie:
    """What was typed; the fields that are not valid keep what was known."""
    donnees = {k: v for k, v in (donnees or {}).items() if v is not None}
    vue = envoye.get("vue_entete", "")
    connus = dict(lecture.LIBELLES_ROLES)
    roles = {
        int(cle[5:]): valeur
        for cle, valeur in envoye.items()
        if cle.startswith("role-") and cle[5:].isdecimal() and valeur in connus
    }
    choix = {}
    for cle, libelle in envoye.items():
        genre, _, rang = cle.removeprefix("libelle-").partition("-")
        if cle.startswith("libelle-") and genre in GENRES:
            choix[(genre, libelle)] = envoye.get(f"choix-{genre}-{rang}", "")
    defauts = {
        "ligne_entete": int(vue) if vue.isdecimal() and vue != "0" else connue.ligne_entete,
        "feuille": envoye.get("vue_feuille", connue.feuille),
        "format": connue.format,
    }
    return lecture.Saisie(**{**defauts, **donnees}, roles=roles, choix=choix)


def _page(request, fichier, form, saisie, choix, erreurs=None, statut=200):
    apercu = fichier.apercu(saisie)
    for rang, raison in (erreurs or {}).items():
        lettre = next((c.lettre for c in apercu.colonnes if c.rang == rang), "")
        form.add_error(None, f"Colonne {lettre}\u202f: {raison}")
    conseil = fichier.livraison.source.conseil
    secteurs = rapprochements.secteurs_proposes(conseil)
    options = {
        "entete": choix["natures"],
        "nature": choix["natures"],
        "commune": [
            ("Communes du conseil", choix["communes"]),
            ("Autres communes du département", rapprochements.communes_voisines(conseil)),
        ],
        "secteur": [("Secteurs", secteurs)],
    }
    groupes = [
        {
            "genre": genre,
            "titre": rapprochements.NOMS[genre],
            "options": options[genre],
            "exclure": rapprochements.EXCLURE if genre in ("nature", "commune") else "",
            "aucune": rapprochements.AUCUNE if genre == "commune" else "",
            "libelles": [r for r in apercu.a_rapprocher if r.genre == genre],
        }
        for genre in GENRES
    ]
    return render(
        request,
        "observatoire/colonnes.html",
        {
            "livraison": fichier.livraison,
            "source": fichier.livraison.source,
            "form": form,
            "apercu": apercu,
            "colonnes": [(c, (erreurs or {}).get(c.rang, "")) for c in apercu.colonnes],
            "roles": lecture.LIBELLES_ROLES,
            "genres": GENRES_DE_LIGNES,
            "groupes": [g for g in groupes if g["libelles"]],
            "rejouable": lecture.rejouable(fichier.livraison),
        },
        status=statut,
    )
