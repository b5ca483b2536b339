"""Editions: written as a draft whose figures are frozen, read again, approved, sent, archived."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.acces.selectors import communes_representees
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import policies
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte import conventions
from pupitre.observatoire.diffusion import (
    apercu,
    archives,
    circuit,
    editions,
    envois,
    fichiers,
    periodes_offertes,
    textes,
)
from pupitre.observatoire.etats import EtatBulletin
from pupitre.observatoire.models import Bulletin
from pupitre.web.acces import exige, refus
from pupitre.web.telechargement import envoyer, tableau_en


class BulletinForm(forms.Form):
    periode = forms.ChoiceField(
        label="Ce que vous écrivez",
        help_text="Les faits marquants d’une semaine, un mois, l’étude d’un semestre, ou une année entière.",
        error_messages={"required": "Choisissez la période."},
    )

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["periode"].choices = periodes_offertes.lister(conseil)


class TermineForm(forms.Form):
    fichier = forms.FileField(
        label="Document terminé (PDF)",
        help_text="Celui que vous avez achevé dans votre traitement de texte\u202f: c’est lui qui partira.",
        error_messages={"required": "Choisissez le PDF à déposer."},
    )


def _visible(request, conseil, pk) -> Bulletin:
    bulletin = get_object_or_404(conseil.bulletins.select_related("conseil"), pk=pk)
    if not policies.peut_lire_bulletin(request.user, bulletin):
        raise Http404
    return bulletin


def _fiche(conseil, bulletin):
    return redirect("bulletin", conseil=conseil.slug, pk=bulletin.pk)


def _filtres(request) -> dict[str, str]:
    return {c: request.GET.get(c, "") for c in ("periodicite", "annee", "q")}


@require_GET
@exige(Droit.LIRE_BULLETIN)
def exporter(request, conseil, format):
    trouves = archives.chercher(request.user, conseil, **_filtres(request))
    return tableau_en(format, "bulletins", archives.table(trouves, conseil))


@require_GET
@exige(Droit.LIRE_BULLETIN)
def liste(request, conseil):
    filtres = _filtres(request)
    trouves = archives.chercher(request.user, conseil, **filtres)
    page = Paginator(trouves, 24).get_page(request.GET.get("page"))
    return render(
        request,
        "observatoire/bulletins.html",
        {
            "page": page,
            "filtres": filtres,
            "requete_filtres": urlencode({k: v for k, v in filtres.items() if v}),
            "genres": Bulletin.Periodicite.choices,
            "annees": archives.annees(request.user, conseil),
        },
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def ecrire(request, conseil):
    form = BulletinForm(
        request.POST if request.method == "POST" else None,
        conseil=conseil,
        initial={"periode": request.GET.get("periode", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            bulletin = editions.preparer_periode(
                conseil=conseil, periode=form.cleaned_data["periode"], auteur=request.user
            )
        except ErreurPupitre as erreur:
            form.add_error("periode", str(erreur))
        else:
            return _fiche(conseil, bulletin)
    return render(
        request,
        "observatoire/bulletin_ecrire.html",
        {"form": form, "ecartees": conventions.ecartees(conseil)},
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.LIRE_BULLETIN)
def fiche(request, conseil, pk):
    bulletin = _visible(request, conseil, pk)
    return render(request, "observatoire/bulletin.html", _contexte(request, conseil, bulletin))


@require_GET
@exige(Droit.ECRIRE_BULLETIN)
def changements(request, conseil, pk):
    """What a correction would say, before anybody writes one. Nothing is kept."""
    bulletin = _visible(request, conseil, pk)
    if bulletin.publie_le is None:
        return _fiche(conseil, bulletin)
    try:
        lus, refus_ = editions.ce_qui_changerait(bulletin), None
    except ErreurPupitre as erreur:
        lus, refus_ = [], erreur
    return render(
        request,
        "observatoire/bulletin_changements.html",
        {"bulletin": bulletin, "changements": lus, "refus": refus_},
    )


def _contexte(request, conseil, bulletin, form_termine=None):
    ecrit = bool(policies.peut_relire_bulletin(request.user, bulletin))
    equipe = bool(peut(request.user, Droit.ECRIRE_BULLETIN, conseil))
    return {
        "bulletin": bulletin,
        "etat": editions.etat_de(bulletin),
        "apercu": apercu.lire(bulletin),
        "evenements": bulletin.evenements.select_related("auteur"),
        "formats": fichiers.formats(bulletin),
        "a_terminer": ecrit and "docx" in fichiers.formats(bulletin),
        "relire": ecrit,
        "soumettre": policies.peut_soumettre_bulletin(request.user, bulletin),
        "viser": policies.peut_viser_bulletin(request.user, bulletin),
        "diffuser": policies.peut_diffuser_bulletin(request.user, bulletin),
        "form_termine": form_termine or TermineForm(),
        "retirer": policies.peut_retirer_bulletin(request.user, bulletin),
        "destinataires": envois.destinataires(bulletin) if ecrit else [],
        "ecartes": envois.ecartes(bulletin) if equipe else [],
        "resume_envois": envois.resume_envois(bulletin) if equipe and bulletin.publie_le else "",
        "envois": envois.envois_lus(bulletin) if equipe else [],
        "perime": bulletin.version_catalogue < catalogue.version_de(conseil),
        "remplacante": archives.remplacante(bulletin),
        "retrait": bulletin.evenements.filter(etat=EtatBulletin.RETIRE).first()
        if bulletin.retire_le
        else None,
    }


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def relire(request, conseil, pk):
    """The comments, each beside the one that was proposed."""
    bulletin = _visible(request, conseil, pk)
    if not policies.peut_relire_bulletin(request.user, bulletin):
        return _fiche(conseil, bulletin)
    faits = fichiers.faits_bruts(bulletin)
    if request.method == "POST":
        champs = textes.champs(faits, bulletin.textes)
        saisis = {
            c.cle: c.propose if f"retablir:{c.cle}" in request.POST else request.POST.get(c.cle, c.ecrit)
            for c in champs
        }
        try:
            editions.relire(bulletin=bulletin, saisis=saisis, auteur=request.user)
        except ErreurPupitre as erreur:
            messages.error(request, str(erreur))
        else:
            messages.success(request, "Les commentaires sont gardés. Les chiffres n’ont pas changé.")
        if any(cle.startswith("retablir:") for cle in request.POST):
            return redirect("bulletin-relire", conseil=conseil.slug, pk=bulletin.pk)
        return _fiche(conseil, bulletin)
    return render(
        request,
        "observatoire/bulletin_relire.html",
        {"bulletin": bulletin, "champs": textes.champs(faits, bulletin.textes)},
    )


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def terminer(request, conseil, pk):
    bulletin = _visible(request, conseil, pk)
    form = TermineForm(request.POST, request.FILES)
    if form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            editions.deposer_termine(
                bulletin=bulletin, contenu=fichier.read(), nom=fichier.name, auteur=request.user
            )
        except ErreurPupitre as erreur:
            form.add_error("fichier", str(erreur))
        else:
            messages.success(request, "Le document terminé est gardé\u202f: c’est lui qui partira.")
            return _fiche(conseil, bulletin)
    return render(
        request, "observatoire/bulletin.html", _contexte(request, conseil, bulletin, form), status=422
    )


def _geste(request, conseil, bulletin, verdict, geste, dit):
    if not verdict:
        return refus(request, verdict)
    try:
        rendu = geste()
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, dit(rendu) if callable(dit) else dit)
    return _fiche(conseil, bulletin)


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def soumettre(request, conseil, pk):
    bulletin = _visible(request, conseil, pk)
    return _geste(
        request,
        conseil,
        bulletin,
        policies.peut_soumettre_bulletin(request.user, bulletin),
        lambda: circuit.soumettre(bulletin=bulletin, auteur=request.user),
        "Le visa est demandé\u202f: la présidence a reçu un lien.",
    )


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def reprendre(request, conseil, pk):
    bulletin = _visible(request, conseil, pk)
    return _geste(
        request,
        conseil,
        bulletin,
        policies.peut_relire_bulletin(request.user, bulletin),
        lambda: circuit.reprendre(bulletin=bulletin, auteur=request.user),
        "L’édition est à nouveau un brouillon.",
    )


@require_POST
@exige(Droit.VISER_BULLETIN)
def viser(request, conseil, pk):
    bulletin = _visible(request, conseil, pk)
    if request.POST.get("geste") == "renvoyer":
        return _geste(
            request,
            conseil,
            bulletin,
            policies.peut_viser_bulletin(request.user, bulletin),
            lambda: circuit.renvoyer(
                bulletin=bulletin,
                remarque=request.POST.get("remarque", ""),
                nom=str(request.user),
                auteur=request.user,
            ),
            "L’équipe a reçu votre remarque.",
        )
    return _geste(
        request,
        conseil,
        bulletin,
        policies.peut_viser_bulletin(request.user, bulletin),
        lambda: circuit.viser(bulletin=bulletin, nom=str(request.user), auteur=request.user),
        "Votre visa est donné\u202f: l’équipe peut diffuser.",
    )


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def publier(request, conseil, pk):
    """Send the edition: it never changes after."""
    bulletin = _visible(request, conseil, pk)
    return _geste(
        request,
        conseil,
        bulletin,
        policies.peut_diffuser_bulletin(request.user, bulletin),
        lambda: circuit.diffuser(bulletin=bulletin, auteur=request.user),
        lambda n: (
            f"L’édition est diffusée à {n} personne{'s' if n > 1 else ''}\u202f: elle ne changera plus."
        ),
    )


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def retirer(request, conseil, pk):
    """Tell the readers not to use it any more."""
    bulletin = _visible(request, conseil, pk)
    return _geste(
        request,
        conseil,
        bulletin,
        policies.peut_retirer_bulletin(request.user, bulletin),
        lambda: circuit.retirer(
            bulletin=bulletin, raison=request.POST.get("raison", ""), auteur=request.user
        ),
        lambda n: (
            "L’édition est retirée\u202f: ceux qui l’ont reçue en sont prévenus."
            if n
            else "L’édition est retirée. Elle n’avait été envoyée à personne."
        ),
    )


@require_GET
@exige(Droit.ECRIRE_BULLETIN)
def exporter_envois(request, conseil, pk, format):
    bulletin = _visible(request, conseil, pk)
    return tableau_en(format, f"envois-{bulletin.periode}", envois.table(bulletin))


@require_GET
@exige(Droit.LIRE_BULLETIN)
def document(request, conseil, pk, fichier):
    bulletin = _visible(request, conseil, pk)
    try:
        contenu = fichiers.document(bulletin, fichier, _commune(request, conseil))
    except KeyError:
        raise Http404 from None
    nom = f"{bulletin.periodicite}-{conseil.slug}-{bulletin.periode}-edition-{bulletin.edition}"
    return envoyer(contenu, fichier, nom, joint=fichier != "pdf")


def _commune(request, conseil) -> str:
    """The commune for which the person speaks, if there is one: its own document, when it has one."""
    siennes = communes_representees(request.user, conseil)
    return next(iter(siennes)) if len(siennes) == 1 else ""
