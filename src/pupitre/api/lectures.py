"""From our objects to the shapes of `formes`: the same facts as on the screens."""

from __future__ import annotations

from datetime import date

from pupitre.acces.models import JetonApi
from pupitre.moteur.resultats import Absent, Resultat, Valeur
from pupitre.observatoire.collecte import calendrier
from pupitre.observatoire.collecte.calendrier import ATTENDUES
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Livraison, Source
from pupitre.observatoire.presentation import etendue

ANOMALIES_MAX = 500


def sources_de(jeton: JetonApi):
    return Source.objects.filter(conseil=jeton.conseil_id, organisation=jeton.organisation_id).select_related(
        "organisation", "conseil"
    )


def livraisons_de(jeton: JetonApi):
    return (
        Livraison.objects.filter(source__in=sources_de(jeton)).avec_etat().select_related("source__conseil")
    )


def des_sources(jeton: JetonApi) -> dict:
    sources = list(sources_de(jeton))
    attendues = {
        ligne.source.pk: [
            {"periode": c.libelle, "debut": c.debut, "echeance": c.echeance, "etat": str(c.etat)}
            for c in ligne.cases
            if c.etat in ATTENDUES
        ]
        for volet in calendrier.lire(jeton.conseil, sources)
        for ligne in volet.lignes
    }
    return {
        "conseil": str(jeton.conseil),
        "organisation": str(jeton.organisation),
        "sources": [
            {
                "code": s.code,
                "nom": s.nom,
                "rythme": s.get_frequence_display(),
                "format": s.format,
                "attendues": attendues.get(s.pk, []),
            }
            for s in sources
        ],
    }


def de_livraison(livraison: Livraison) -> dict:
    lecture = livraison.lecture
    refus = livraison.evenements.filter(etat=Etat.REJETEE).last()
    anomalies = livraison.anomalies.all()
    return {
        "id": livraison.pk,
        "source": livraison.source.code,
        "fichier": livraison.nom,
        "sha256": livraison.sha256,
        "taille": livraison.taille,
        "recue_le": livraison.recue_le,
        "etat": livraison.etat,
        "etat_en_clair": Etat(livraison.etat).label,
        "comprise": {
            "observations": lecture["observations"],
            "retenues": lecture["retenues"],
            "periode": etendue(lecture),
            "natures": lecture["natures"],
            "unites": lecture["unites"],
        }
        if lecture
        else None,
        "refus": refus.raison if refus is not None else "",
        "remplacee_par": livraison.remplacee_par_id,
        "anomalies": list(
            anomalies.values("gravite", "code", "message", "feuille", "ligne", "colonne")[:ANOMALIES_MAX]
        ),
        "nombre_d_anomalies": anomalies.count(),
    }


def de_resultat(resultat: Resultat) -> dict:
    contexte = resultat.contexte
    return {
        "titre": contexte.titre,
        "unite": contexte.unite,
        "perimetre": contexte.perimetre,
        "periode": contexte.periode.libelle,
        "debut": contexte.periode.debut,
        "fin": contexte.periode.fin,
        "sources": [
            {
                "source": p.source,
                "libelle": p.libelle,
                "producteur": p.producteur,
                "millesime": p.millesime,
                "donnees_fictives": p.fictif,
                "reserves": p.reserves,
                "fichiers": [
                    {"nom": c.fichier, "sha256": c.sha256, "recu_le": c.recue_le.isoformat()}
                    for c in p.livraisons
                ],
            }
            for p in contexte.provenance
        ],
        "methode": contexte.methode,
        "ruptures": [{"jour": r.jour.isoformat(), "libelle": r.libelle} for r in contexte.ruptures],
        "retenus": list(resultat.retenus),
        "colonnes": [
            {"cle": c.cle, "libelle": c.libelle, "nature": str(c.nature), "unite": c.unite}
            for c in resultat.colonnes
        ],
        "lignes": [{cle: _cellule(v) for cle, v in ligne.items()} for ligne in resultat.dicts()],
    }


def _cellule(valeur: Valeur):
    if isinstance(valeur, Absent):
        return {"absent": str(valeur.motif), "raison": valeur.raison}
    return valeur.isoformat() if isinstance(valeur, date) else valeur
