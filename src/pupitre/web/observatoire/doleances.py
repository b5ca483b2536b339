"""Complaints of residents: two minutes to enter one, what was done of it, the month closed and poured."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.acces.verdict import refuse
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.collecte import doleances, mois_doleances
from pupitre.observatoire.models import Doleance, SuiteDoleance, natures_de_doleance
from pupitre.socle import horloge
from pupitre.socle.texte import mois_annee
from pupitre.territoires.models import Commune
from pupitre.web.acces import exige, refus
from pupitre.web.telechargement import tableau_en

PAR_PAGE = 50
SANS_COMMUNE = refuse(
    "Votre habilitation ne dit pas pour quelle commune vous parlez.",
    "l’administrateur de votre installation de Pupitre",
)
_GARDES = ("commune", "canal", "recue_le")


class DoleanceForm(forms.ModelForm):
    confirme = forms.BooleanField(
        label="J’ai relu\u202f: ce texte ne désigne aucune personne", required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Doleance
        fields = ("commune", "recue_le", "canal", "nature", "secteur", "moment", "repetee", "texte")
        widgets = {
            "recue_le": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "nature": forms.RadioSelect,
        }
        error_messages = {
            "nature": {"required": "Cochez sur quoi porte la doléance."},
            "commune": {"required": "Choisissez la commune."},
        }

    def __init__(self, *args, conseil, communes: list[Commune], **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.conseil = conseil
        codes = [c.pk for c in communes]
        self.fields["commune"].queryset = Commune.objects.filter(pk__in=codes)
        self.fields["commune"].empty_label = "Choisir une commune"
        if len(communes) == 1:
            self.fields["commune"].initial = communes[0].pk
            self.fields["commune"].widget = forms.HiddenInput()
        self.fields["nature"].choices = natures_de_doleance()
        self.fields["moment"].choices = [("", "Non précisé"), *Doleance.Moment.choices]
        self.fields["secteur"].widget = forms.Select(choices=_secteurs(conseil, communes))

    def demander_confirmation(self) -> None:
        self.fields["confirme"].widget = forms.CheckboxInput()


def _secteurs(conseil, communes: list[Commune]) -> list:
    """Those of one commune, or under the name of each."""
    vide = ("", "Non précisé")
    if len(communes) == 1:
        return [vide, *doleances.secteurs(conseil, [communes[0].pk])]
    return [vide, *((c.nom, doleances.secteurs(conseil, [c.pk])) for c in communes)]


class SuiteForm(forms.ModelForm):
    class Meta:
        model = SuiteDoleance
        fields = ("suite", "service")
        labels = {"suite": "Ce qui a été fait", "service": "Transmise à"}
        error_messages = {"suite": {"required": "Choisissez ce qui a été fait."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["suite"].choices = [("", "Choisir"), *SuiteDoleance.Suite.choices]
        self.fields["service"].choices = [("", "Personne"), *SuiteDoleance.Service.choices]


class MoisForm(forms.Form):
    commune = forms.ModelChoiceField(queryset=Commune.objects.none())
    mois = forms.DateField()

    def __init__(self, *args, communes: list[Commune], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = Commune.objects.filter(pk__in=[c.pk for c in communes])


def _filtre(request) -> doleances.Filtre:
    lire = request.GET.get
    return doleances.Filtre(
        lire("commune", ""),
        lire("secteur", ""),
        lire("nature", ""),
        lire("suite", ""),
        _mois(lire("mois", "")),
    )


def _mois(texte: str) -> date | None:
    try:
        return date.fromisoformat(f"{texte}-01")
    except ValueError:
        return None


@require_GET
@exige(Droit.SAISIR_DOLEANCE)
def liste(request, conseil):
    filtre, visibles = _filtre(request), doleances.visibles(request.user, conseil)
    communes = doleances.communes_ouvertes(request.user, conseil)
    page = Paginator(doleances.chercher(visibles, filtre), PAR_PAGE).get_page(request.GET.get("page"))
    page.object_list = doleances.habiller(page.object_list, conseil)
    return render(
        request,
        "observatoire/doleances.html",
        {
            "page": page,
            "resume": doleances.resume_des_suites(visibles),
            "filtre": filtre,
            "communes": communes,
            "secteurs": doleances.secteurs(conseil, [c.pk for c in communes]),
            "natures": natures_de_doleance(),
            "suites": [(doleances.A_TRAITER, "à traiter"), *SuiteDoleance.Suite.choices],
            "mois": mois_doleances.etats_des_mois(conseil) if _equipe(request, conseil) else [],
            "siens": mois_doleances.mois_de_la_mairie(conseil, communes) if len(communes) == 1 else [],
            "textes_gardes": doleances.MOIS_DE_TEXTE,
        },
    )


def _equipe(request, conseil) -> bool:
    return bool(peut(request.user, Droit.PUBLIER, conseil))


@require_GET
@exige(Droit.SAISIR_DOLEANCE)
def exporter(request, conseil, format):
    trouvees = doleances.chercher(doleances.visibles(request.user, conseil), _filtre(request))
    return tableau_en(format, "doleances", doleances.table(trouvees, conseil))


@require_GET
@exige(Droit.SAISIR_DOLEANCE)
def comptes(request, conseil):
    lus = doleances.compter(doleances.visibles(request.user, conseil), conseil)
    communes = doleances.communes_ouvertes(request.user, conseil)
    return render(request, "observatoire/doleances_comptes.html", {"comptes": lus, "communes": communes})


@require_GET
@exige(Droit.SAISIR_DOLEANCE)
def exporter_comptes(request, conseil, format):
    lus = doleances.compter(doleances.visibles(request.user, conseil), conseil)
    noms = ", ".join(c.nom for c in doleances.communes_ouvertes(request.user, conseil))
    titre = f"Doléances par secteur, nature et mois, {noms}"
    return tableau_en(format, "doleances-comptes", doleances.table_des_comptes(lus, titre))


def _visible(request, conseil, doleance) -> Doleance:
    return get_object_or_404(
        doleances.avec_suite(doleances.visibles(request.user, conseil)).select_related("commune"), pk=doleance
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.SAISIR_DOLEANCE)
def saisir(request, conseil, doleance=None):
    objet = _visible(request, conseil, doleance) if doleance is not None else Doleance()
    communes = doleances.communes_ouvertes(request.user, conseil)
    if not communes:
        return refus(request, SANS_COMMUNE)
    form = DoleanceForm(
        request.POST if request.method == "POST" else None,
        instance=objet,
        conseil=conseil,
        communes=communes,
        initial={c: request.GET[c] for c in _GARDES if c in request.GET},
    )
    if request.method == "POST" and form.is_valid():
        try:
            gardee = doleances.enregistrer(
                doleance=form.save(commit=False),
                confirme=form.cleaned_data["confirme"],
                auteur=request.user,
            )
        except doleances.DoleanceRefusee as erreur:
            form.demander_confirmation()
            form.add_error(erreur.champ, str(erreur))
        else:
            messages.success(request, f"La doléance est gardée\u202f: {gardee}.")
            return redirect(_ensuite(request, conseil, gardee))
    return render(
        request,
        "observatoire/doleance_saisir.html",
        {"form": form, "objet": objet, "communes": communes},
        status=422 if form.is_bound else 200,
    )


def _ensuite(request, conseil, gardee: Doleance) -> str:
    """The next one is often of the same day, from the same letter-box."""
    if "suivante" not in request.POST:
        return reverse("doleances", args=[conseil.slug])
    garde = f"commune={gardee.commune_id}&canal={gardee.canal}&recue_le={gardee.recue_le:%Y-%m-%d}"
    return f"{reverse('doleance-saisir', args=[conseil.slug])}?{garde}"


@require_GET
@exige(Droit.SAISIR_DOLEANCE)
def fiche(request, conseil, doleance):
    return _fiche(request, conseil, _visible(request, conseil, doleance), SuiteForm())


def _fiche(request, conseil, objet: Doleance, form: SuiteForm):
    return render(
        request,
        "observatoire/doleance.html",
        {
            "doleance": objet,
            "secteur": dict(doleances.secteurs(conseil)).get(objet.secteur, objet.secteur),
            "evenements": objet.suites.select_related("auteur"),
            "close": mois_doleances.est_clos(objet),
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
@exige(Droit.SAISIR_DOLEANCE)
def suivre(request, conseil, doleance):
    objet = _visible(request, conseil, doleance)
    form = SuiteForm(request.POST, instance=SuiteDoleance(doleance=objet))
    if form.is_valid():
        try:
            doleances.suivre(doleance=objet, auteur=request.user, **form.cleaned_data)
        except ValidationError as erreur:
            form.add_error("service", erreur)
        else:
            messages.success(request, "La suite est notée.")
            return redirect("doleance", conseil=conseil.slug, doleance=objet.pk)
    return _fiche(request, conseil, objet, form)


@require_POST
@exige(Droit.SAISIR_DOLEANCE)
def supprimer(request, conseil, doleance):
    objet = _visible(request, conseil, doleance)
    return _geste(request, conseil, lambda: doleances.supprimer(doleance=objet), "La doléance est supprimée.")


def _geste(request, conseil, geste, dit: str):
    try:
        geste()
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, dit)
    return redirect("doleances", conseil=conseil.slug)


def _du_mois(request, conseil) -> dict:
    """The commune and the month of the gesture. Raises Http404 when they are not the person's."""
    form = MoisForm(request.POST, communes=doleances.communes_ouvertes(request.user, conseil))
    if not form.is_valid():
        raise Http404
    return {"conseil": conseil, **form.cleaned_data}


@require_POST
@exige(Droit.SAISIR_DOLEANCE)
def clore(request, conseil):
    voulu = _du_mois(request, conseil)
    dit = f"{mois_annee(voulu['mois']).capitalize()} est clos pour {voulu['commune']}."
    return _geste(request, conseil, lambda: mois_doleances.clore(**voulu, auteur=request.user), dit)


@require_POST
@exige(Droit.SAISIR_DOLEANCE)
def rouvrir(request, conseil):
    voulu = _du_mois(request, conseil)
    dit = f"{mois_annee(voulu['mois']).capitalize()} est rouvert pour {voulu['commune']}."
    return _geste(request, conseil, lambda: mois_doleances.rouvrir(**voulu), dit)


@require_POST
@exige(Droit.PUBLIER)
def verser(request, conseil):
    mois = _mois(request.POST.get("mois", ""))
    if mois is None or mois > horloge.aujourdhui():
        raise Http404
    dit = f"{mois_annee(mois).capitalize()} est versé à l’observatoire et publié."
    return _geste(
        request,
        conseil,
        lambda: mois_doleances.verser(conseil=conseil, mois=mois, auteur=request.user),
        dit,
    )
