"""Tables of the territory that leave: communes and secteurs as of a day."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse

from pupitre.acces.droits import Droit
from pupitre.documents.tableaux import Table
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil
from pupitre.territoires.selectors import decoupage_as_of, membres_as_of
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en
from pupitre.web.territoires.formulaires import DateForm


@exige(Droit.VOIR_TERRITOIRE)
def exporter(request: HttpRequest, conseil: Conseil, liste: str, format: str) -> HttpResponse:
    choix = DateForm(request.GET or None)
    jour = (choix.is_bound and choix.is_valid() and choix.cleaned_data["jour"]) or horloge.aujourdhui()
    tables = {"communes": _communes, "secteurs": _secteurs}
    if liste not in tables:
        raise Http404
    return tableau_en(format, f"{conseil.slug}-{liste}", tables[liste](conseil, jour))


def _communes(conseil: Conseil, jour: date) -> Table:
    return Table(
        titre=f"Communes membres, {conseil}",
        entetes=(
            "Code INSEE",
            "Commune",
            "Population",
            "Quartiers prioritaires",
            "EPCI",
            "EPT",
            "Membre depuis",
        ),
        lignes=tuple(
            (
                a.commune.code,
                a.commune.nom,
                a.commune.population,
                len(a.commune.qpv_codes),
                str(a.commune.epci or ""),
                ept,
                a.debut,
            )
            for a, ept in membres_as_of(conseil, jour)
        ),
        lecture=(("À la date du", date_longue(jour)), ("Source", "INSEE, DGCL, ANCT, code officiel de 2026")),
    )


def _secteurs(conseil: Conseil, jour: date) -> Table:
    decoupage = decoupage_as_of(conseil, jour)
    secteurs = decoupage.secteurs.select_related("commune").order_by("code") if decoupage else ()
    lecture = [("À la date du", date_longue(jour))]
    if decoupage:
        lecture += [("Découpage", decoupage.nom), ("Origine", decoupage.origine)]
        if decoupage.fictif:
            lecture.append(("Mention", "Données fictives"))
    return Table(
        titre=f"Secteurs, {conseil}",
        entetes=("Code", "Secteur", "Commune", "Population", "Logements"),
        lignes=tuple((s.code, s.nom, str(s.commune or ""), s.population, s.logements) for s in secteurs),
        lecture=tuple(lecture),
    )
