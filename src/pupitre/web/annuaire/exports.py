"""The directory as files: what the person who asks may read, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import Http404, HttpResponse

from pupitre.annuaire import vcartes
from pupitre.annuaire.models import Fonction, Personne
from pupitre.annuaire.mouvements import Rotation
from pupitre.annuaire.policies import Regard
from pupitre.documents.tableaux import Table
from pupitre.socle.texte import date_longue
from pupitre.web.telechargement import envoyer, tableau_en


def en(format: str, nom: str, titre: str, fiches: list[Personne], regard: Regard, jour: date) -> HttpResponse:
    """Raises Http404 on another format."""
    if format == "vcf":
        return envoyer(vcartes.ecrire(_carte(p, regard) for p in fiches), format, nom)
    if format not in ("csv", "xlsx"):
        raise Http404
    return tableau_en(format, nom, _table(titre, fiches, regard, jour))


def _table(titre: str, fiches: Iterable[Personne], regard: Regard, jour: date) -> Table:
    entetes = ["Civilité", "Prénom", "Nom", "Fonction", "Organisation", "Service", "Adresse électronique"]
    entetes += ["Téléphone", *(["Téléphone privé"] if regard.prives else []), "Adresse postale", "Étiquettes"]
    entetes += ["Vérifiée le", *(["Note de travail"] if regard.tient else [])]
    lignes = tuple(
        (
            p.get_civilite_display() if p.civilite else "",
            p.prenom,
            p.nom,
            _joindre(f.intitule for f in p.tenues),
            _joindre(f.organisation.nom for f in p.tenues),
            _joindre(f.service.nom for f in p.tenues if f.service),
            p.email,
            p.telephone,
            *([p.telephone_prive] if regard.prives else []),
            p.adresse,
            ", ".join(e.nom for e in p.etiquettes.all()),
            p.verifiee_le,
            *([p.note] if regard.tient else []),
        )
        for p in fiches
    )
    lecture = (("Annuaire", titre), ("Fonctions à la date du", date_longue(jour)))
    return Table(titre, tuple(entetes), lignes, lecture)


def _joindre(morceaux: Iterable[str]) -> str:
    return " ; ".join(dict.fromkeys(morceaux))


def _carte(p: Personne, regard: Regard) -> vcartes.Carte:
    tenue: Fonction | None = p.tenues[0] if p.tenues else None
    return vcartes.Carte(
        nom=p.nom,
        prenom=p.prenom,
        civilite=p.get_civilite_display() if p.civilite else "",
        email=p.email,
        telephone=p.telephone,
        telephone_prive=p.telephone_prive if regard.prives else "",
        organisation=tenue.organisation.nom if tenue else "",
        service=tenue.service.nom if tenue and tenue.service else "",
        fonction=tenue.intitule if tenue else "",
        adresse=p.adresse,
        note=p.note if regard.tient else "",
        etiquettes=tuple(e.nom for e in p.etiquettes.all()),
    )


def table_des_vacances(titre: str, vacances: Iterable[Fonction]) -> Table:
    return Table(
        titre,
        ("Fonction", "Organisation", "Service", "Vacante depuis le"),
        tuple((v.intitule, v.organisation.nom, str(v.service or ""), v.debut) for v in vacances),
    )


def table_de_rotation(titre: str, rotation: Rotation) -> Table:
    lecture = (
        ("Unité", "fonction tenue"),
        ("Période", f"du {date_longue(rotation.debut)} au {date_longue(rotation.fin)}"),
        ("Lecture", "Fonctions tenues au premier jour, que la même personne ne tient plus au dernier."),
        ("Source", "annuaire du conseil"),
    )
    lignes = tuple((o.nom, tenues, quittees) for o, tenues, quittees in rotation.par_organisation)
    return Table(titre, ("Organisation", "Tenues au premier jour", "Quittées depuis"), lignes, lecture)
