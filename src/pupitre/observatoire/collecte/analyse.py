"""Reading and checking a delivery: from the file received to what would be published."""

from __future__ import annotations

import time
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from pupitre.moteur import sources
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.observations import Anomalie, Gravite, Releve
from pupitre.moteur.sources import DECRITS
from pupitre.moteur.sources.fichiers import suivi
from pupitre.moteur.sources.fichiers.debord import relacher
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte import (
    bases,
    controles,
    douteuses,
    gabarits,
    libelles,
    localisation,
    vraisemblance,
)
from pupitre.observatoire.collecte.couverture import Couverture
from pupitre.observatoire.collecte.journal import inscrire
from pupitre.observatoire.collecte.reference import communes_connues
from pupitre.observatoire.collecte.reglages import reglages
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import AnomalieLivraison, Frequence, Livraison, Source
from pupitre.observatoire.selectors import etat_de
from pupitre.socle import horloge

INTERVALLE = 0.7
INCONNUS_GARDES = 300
ETAPES = {
    "ouverture": "Ouverture du fichier",
    "lecture": "Lecture des colonnes",
    "localisation": "Recherche des lieux",
    "controles": "Contrôles",
    "scellement": "Mise à l’abri",
}


class _Temoin:
    """Writes how far the reading has got, now and then: the person may have left, and come back."""

    def __init__(self, livraison: Livraison) -> None:
        self._pk, self._dit, self._etape = livraison.pk, 0.0, ""

    def __call__(self, etape: str, fait: int, total: int) -> None:
        maintenant = time.monotonic()
        if etape == self._etape and maintenant - self._dit < INTERVALLE:
            return
        self._dit, self._etape = maintenant, etape
        Livraison.objects.filter(pk=self._pk).update(
            avancement={
                "etape": etape,
                "fait": fait,
                "total": total,
                "le": horloge.maintenant().isoformat(),
            }
        )


def hebdomadaire(source: Source) -> bool:
    return source.frequence == Frequence.SEMAINE


def lire(*, livraison: Livraison, auteur=None) -> Livraison:
    """Read and check a delivery; what cannot be read at all is rejected with its reason.

    Reading again is allowed until publication: after a change of the territories kept, of the columns, of labels.
    """
    with suivi.ecouter(_Temoin(livraison)):
        try:
            releve, choix = _relever(livraison)
        except ErreurPupitre as erreur:
            with transaction.atomic():
                inscrire(livraison, Etat.REJETEE, auteur=auteur, raison=str(erreur), details=erreur.as_dict())
            return livraison
        return _controler(livraison, releve, choix, auteur)


def _relever(livraison: Livraison) -> tuple[Releve, gabarits.Choix | None]:
    source = livraison.source
    if source.format not in DECRITS:
        description = sources.Description.from_dict(source.description) if source.description else None
        lu = sources.lire(
            livraison.fichier, format=source.format or None, description=description, nom=livraison.nom
        )
        return lu, None
    classeur = sources.ouvrir(livraison.fichier)
    choix = gabarits.choisir(livraison, classeur)
    releve = sources.lire(
        livraison.fichier,
        format=source.format if source.description else choix.description.format,
        description=choix.description,
        nom=livraison.nom,
        communes=communes_connues(source.conseil),
        classeur=classeur,
    )
    return releve, choix


def _controler(livraison: Livraison, releve: Releve, choix: gabarits.Choix | None, auteur) -> Livraison:
    source = livraison.source
    bases.garder(livraison, releve)
    retenue = controles.retenir(releve, source)
    suivi.avancer("localisation", 0, retenue.table.num_rows)
    situees = localisation.rattacher(retenue.table, source, livraison.fichier.parent)
    table = situees.table
    suivi.avancer("controles", 0, table.num_rows)
    communes = {c.code: c.nom for c in source.conseil.communes_as_of()}
    attendues = controles.communes_attendues(
        source, communes, choix.description.commune_fixe if choix is not None else ""
    )
    inconnus = libelles.a_regler(releve, source, retenue)
    anomalies = [
        *controles.hors_de_portee(releve.anomalies, retenue),
        *(choix.anomalies if choix else ()),
        *situees.anomalies,
        *controles.controler(table, retenue.ecartees, source, communes, attendues),
        *libelles.controler(inconnus, source),
        *vraisemblance.controler(table, source),
    ]
    with relacher():
        lecture = _resume(releve, table, retenue, source)
    lecture |= {"reglages": reglages(source), "inconnus": inconnus[:INCONNUS_GARDES]}
    if choix is not None:
        lecture |= {
            "description": choix.description.to_dict(),
            "gabarit": choix.version,
            "a_retenir": choix.a_retenir,
            "titres": list(choix.titres),
        }
    if situees.bilan is not None:
        lecture["adresses"] = situees.bilan.to_dict()
    if table.num_rows and not controles.a_choisir(table, source):
        suivi.avancer("scellement", 0, table.num_rows)
        with relacher():
            scelle = catalogue.entrepot().sceller(table, source.conseil.slug, source.code, livraison.cle)
        lecture["scelle"] = scelle.to_dict()
    with transaction.atomic():
        _garder(livraison, lecture, anomalies, situees.doutes, choix, auteur)
    return livraison


def _garder(livraison: Livraison, lecture: dict, anomalies: list[Anomalie], doutes, choix, auteur) -> None:
    if choix is not None and choix.a_retenir == gabarits.Motif.PROPOSE:
        gabarit = gabarits.enregistrer(
            source=livraison.source,
            description=choix.description,
            format=livraison.source.format or choix.description.format,
            motif=choix.a_retenir,
            auteur=auteur,
            origine=livraison,
            entetes=choix.titres,
            confirme=False,
        )
        lecture["gabarit"] = gabarit.version
        lecture["reglages"] = reglages(livraison.source)
    livraison.lecture = lecture
    livraison.avancement = {}
    livraison.save(update_fields=["lecture", "avancement"])
    douteuses.garder(livraison=livraison, doutes=doutes)
    livraison.anomalies.all().delete()
    AnomalieLivraison.objects.bulk_create([_anomalie(livraison, a) for a in anomalies])
    if etat_de(livraison) != Etat.LUE:
        inscrire(livraison, Etat.LUE, auteur=auteur)
    inscrire(
        livraison,
        Etat.CONTROLEE,
        auteur=auteur,
        details={g: sum(a.gravite == g for a in anomalies) for g in Gravite},
    )


def _resume(releve: Releve, table: pa.Table, retenue: controles.Retenue, source: Source) -> dict:
    couverture = Couverture.de_table(table, hebdomadaire=hebdomadaire(source))
    lus = releve.observations
    return {
        "format": releve.format,
        "observations": lus.num_rows,
        "retenues": table.num_rows,
        "ecartees": retenue.ecartees,
        "vides": releve.vides,
        "producteur": releve.producteur,
        "millesime": releve.millesime,
        "feuilles": list(releve.feuilles),
        "extrait": [list(ligne) for ligne in releve.extrait[:12]] if releve.reperes is None else [],
        "reperes": releve.reperes.to_dict() if releve.reperes else None,
        "totaux": _totaux(releve),
        "natures": _distincts(table, "nature"),
        "unites": _distincts(table, "unite"),
        "territoires_du_fichier": _distincts(lus, "territoire"),
        "territoires": _distincts(table, "territoire"),
        "communes": _distincts(table, "commune"),
        "secteurs": _distincts(table, "secteur"),
        "total": pc.sum(table["n"]).as_py(),
        "couverture": couverture.en_json(),
        "granularites": sorted(couverture.periodes()),
    }


def _distincts(table: pa.Table, colonne: str) -> list[str]:
    return sorted(v for v in pc.unique(table[colonne]).to_pylist() if v)


def _totaux(releve: Releve) -> dict | None:
    """Totals of the whole file one by one, those of groups of rows by their number."""
    if not releve.totaux:
        return None
    groupes = Counter(t.concorde for t in releve.totaux if not t.ensemble)
    return {
        "ensemble": [
            {
                "titre": t.titre,
                "annonce": t.annonce,
                "somme": t.somme,
                "concorde": t.concorde,
                "ligne": t.lieu.ligne,
            }
            for t in releve.totaux
            if t.ensemble
        ],
        "groupes": groupes.total(),
        "groupes_justes": groupes[True],
    }


def _anomalie(livraison: Livraison, anomalie: Anomalie) -> AnomalieLivraison:
    return AnomalieLivraison(
        livraison=livraison,
        code=anomalie.code,
        gravite=anomalie.gravite,
        message=anomalie.message,
        feuille=anomalie.lieu.feuille or "",
        ligne=anomalie.lieu.ligne,
        colonne=anomalie.lieu.colonne or "",
    )
