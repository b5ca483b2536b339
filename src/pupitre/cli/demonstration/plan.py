"""Who sends what: organisations of annex 6, their sources, and how each one's files are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from pupitre.cli.demonstration.calendrier import SUIVI, court
from pupitre.cli.demonstration.lieux import LIEUX
from pupitre.moteur.sources import Description, Role

CIRCONSCRIPTIONS = ("DTSP94 CRETEIL", "DTSP94 ALFORTVILLE", "DTSP94 BOISSY ST LEGER")
ETAT4001_REEL = "crimes-et-delits-services-depuis-2012.xlsx"
SSMSI_REEL = "donnee-dep-data.gouv-2023-geographie2024-produit-le2024-07-05.csv.gz"

COMMUNES = {
    "Créteil": "94028",
    "CRETEIL": "94028",
    "Alfortville": "94002",
    "ALFORTVILLE": "94002",
    "Limeil-Brévannes": "94044",
    "LIMEIL BREVANNES": "94044",
}
_BAILLEUR = {
    "Occupation de hall": "inc:occupation_hall",
    "Violence contre gardien": "inc:violence_gardien",
    "Trouble de jouissance": "inc:trouble_jouissance",
    "Dégradation parties communes": "inc:degradation_logement_social",
}
_TRANSPORT = {
    "Agression de voyageur": "inc:agression_voyageur",
    "Agression d'agent": "inc:agression_agent_transport",
    "Vol sur voyageur": "inc:vol_transport",
    "Dégradation de matériel": "inc:degradation_transport",
    "Jet de projectile": "inc:jet_projectile",
    "Outrage ou menace": "inc:outrage_agent_transport",
}
_REGISTRE = {
    "Tapage nocturne": "inc:tapage_pm",
    "Rassemblement gênant": "inc:regroupement_pm",
    "Rodéo motorisé": "inc:rodeo_pm",
    "Dégradation mobilier urbain": "inc:degradation_pm",
    "Dépôt sauvage": "inc:depot_sauvage_pm",
    "Feu de poubelle": "inc:feu_artifice_pm",
    "Différend de voisinage": "inc:differend_pm",
    "Ivresse publique": "inc:ivresse_pm",
    "Chien dangereux ou divagant": "inc:animal_pm",
    "Stationnement gênant": "inc:stationnement_pm",
}
_DOLEANCES = {
    "Bruit, tapage": "inc:doleance_bruit",
    "Rodéos motorisés, vitesse": "inc:doleance_rodeo",
    "Regroupements": "inc:doleance_regroupement",
    "Stationnement gênant": "inc:doleance_stationnement",
    "Propreté": "inc:doleance_proprete",
    "Éclairage public": "inc:doleance_eclairage",
}
_SIGNALEMENTS = {
    "Violences physiques": "inc:violence_physique_scolaire",
    "Violences verbales et menaces": "inc:violence_verbale_scolaire",
    "Harcèlement": "inc:harcelement_scolaire",
    "Port d'arme ou objet dangereux": "inc:arme_scolaire",
    "Intrusions": "inc:intrusion_scolaire",
    "Dégradations": "inc:degradation_scolaire",
    "Atteintes aux valeurs de la République": "inc:atteinte_laicite",
}
_PARQUET = {
    "Affaires poursuivables": "inc:affaires_poursuivables",
    "Avertissements pénaux probatoires": "inc:rappel_loi",
    "Compositions pénales": "inc:composition_penale",
    "Médiations pénales": "inc:mediation_penale",
    "TIG prononcés": "inc:tig_prononce",
    "Saisines des correspondants parquet": "inc:visite_correspondant_parquet",
}
_PJJ = {
    "Mineurs suivis": "inc:mineurs_suivis_pjj",
    "Mesures de réparation": "inc:reparation_penale",
    "Participants aux journées citoyenneté": "inc:journee_citoyennete",
}
_AFFINEES = {
    "Différends conjugaux et familiaux (victimes)": "pn:differends_familiaux",
    "Mineurs mis en cause": "pn:mineurs_mis_en_cause",
    "Violences routières - accidents corporels": "pn:violences_routieres",
    "Conduite sous l'empire d'un état alcoolique": "pn:conduite_alcool",
    "Conduite après usage de stupéfiants": "pn:conduite_stupefiants",
}
_LOCALISES = {
    "CAMBRIOLAGE HABITATION PRINCIPALE": "4001:27",
    "VOL AUTOMOBILE": "4001:35",
    "VOL DEUX-ROUES MOTORISE": "4001:36",
    "VOL A LA ROULOTTE": "4001:37",
}


@dataclass(frozen=True, slots=True)
class Partenaire:
    nom: str
    nature: str  # acces.models.Organisation.Nature
    fictif: bool = True


@dataclass(frozen=True, slots=True)
class SourcePrevue:
    code: str
    nom: str
    partenaire: str
    format: str
    frequence: str = "mois"
    producteur: str = ""
    millesime: str = ""
    territoires: tuple[str, ...] = ()
    ruptures: tuple[dict[str, str], ...] = ()
    fictive: bool = True
    description: Description | None = field(default=None)
    modele: str = ""


PARTENAIRES = (
    Partenaire("Police nationale", "police"),
    Partenaire("Ministère de l’Intérieur", "etat", fictif=False),
    Partenaire("DSDEN du Val-de-Marne", "education"),
    Partenaire("Tribunal judiciaire de Créteil", "justice"),
    Partenaire("PJJ du Val-de-Marne", "pjj"),
    Partenaire("RATP", "transporteur"),
    Partenaire("STRAV", "transporteur"),
    Partenaire("Créteil Habitat", "bailleur"),
    Partenaire("OGIF", "bailleur"),
    Partenaire("France Habitation", "bailleur"),
    Partenaire("Ville de Créteil", "mairie"),
    Partenaire("Ville d’Alfortville", "mairie"),
    Partenaire("Ville de Limeil-Brévannes", "mairie"),
)


# Labels as partners write them, in capitals or not, to the codes of the division.
SECTEURS = {x.nom: x.code for x in LIEUX}


def _doleances(code: str, ville: str, commune: str) -> SourcePrevue:
    return SourcePrevue(
        f"doleances-{code}",
        "doléances des habitants",
        ville,
        "comptages",
        modele="doleances-importees",
        description=Description(
            format="comptages",
            ligne_entete=4,
            roles={"Secteur": Role.SECTEUR, "Nature de la plainte": Role.NATURE},
            colonnes_periode={court(m): m.code for m in SUIVI},
            natures=_DOLEANCES,
            secteurs=SECTEURS,
            commune_fixe=commune,
        ),
    )


@lru_cache
def sources() -> tuple[SourcePrevue, ...]:
    """Every source of the demonstration, real ones first."""
    police = PARTENAIRES[0].nom
    return (
        SourcePrevue(
            "police-4001-annuel",
            "état 4001 par service et par année",
            "Ministère de l’Intérieur",
            "etat4001_services",
            modele="etat-4001-annuel",
            frequence="annee",
            producteur="Ministère de l’Intérieur (data.gouv.fr), Licence Ouverte 2.0",
            millesime="2012–2020",
            territoires=CIRCONSCRIPTIONS,
            fictive=False,
        ),
        SourcePrevue(
            "ssmsi-departemental",
            "base départementale du SSMSI",
            "Ministère de l’Intérieur",
            "ssmsi_departemental",
            modele="ssmsi-departemental",
            frequence="annee",
            producteur="SSMSI, Licence Ouverte 2.0",
            millesime="2016–2023, géographie 2024, produit le 5 juillet 2024",
            territoires=("75", "92", "93", "94"),
            fictive=False,
        ),
        SourcePrevue(
            "police-4001-mensuel",
            "état 4001 mensuel",
            police,
            "etat4001_mensuel",
            modele="etat-4001-mensuel",
            producteur="Police nationale",
            description=Description(format="etat4001_mensuel", communes=COMMUNES),
        ),
        SourcePrevue(
            "police-affinees",
            "statistiques affinées",
            police,
            "comptages",
            modele="police-affinees",
            description=Description(
                format="comptages",
                ligne_entete=4,
                roles={"Commune": Role.COMMUNE, "Nature": Role.NATURE},
                colonnes_periode={m.libelle.capitalize(): m.code for m in SUIVI},
                natures=_AFFINEES,
                communes=COMMUNES,
            ),
        ),
        SourcePrevue(
            "police-faits-localises",
            "faits localisés",
            police,
            "faits",
            modele="police-faits-localises",
            description=Description(
                format="faits",
                ligne_entete=4,
                roles={
                    "Date": Role.DATE,
                    "Heure": Role.HEURE,
                    "Nature": Role.NATURE,
                    "Commune": Role.COMMUNE,
                    "Secteur": Role.SECTEUR,
                    "Longitude": Role.LON,
                    "Latitude": Role.LAT,
                },
                natures=_LOCALISES,
                secteurs=SECTEURS,
                communes=COMMUNES,
            ),
        ),
        SourcePrevue(
            "creteil-prevention",
            "évènements relevés par la direction prévention sécurité",
            "Ville de Créteil",
            "faits",
            modele="police-municipale",
            description=Description(
                format="faits",
                ligne_entete=4,
                roles={
                    "Date": Role.DATE,
                    "Heure": Role.HEURE,
                    "Nature": Role.NATURE,
                    "Secteur": Role.SECTEUR,
                    "Longitude": Role.LON,
                    "Latitude": Role.LAT,
                },
                natures=_REGISTRE,
                secteurs=SECTEURS,
                commune_fixe="94028",
            ),
        ),
        SourcePrevue(
            "alfortville-prevention",
            "évènements relevés par la direction prévention et sécurité",
            "Ville d’Alfortville",
            "faits",
            modele="police-municipale",
            frequence="libre",
            description=Description(
                format="faits",
                ligne_entete=4,
                roles={
                    "DATE DES FAITS": Role.DATE,
                    "HEURE": Role.HEURE,
                    "NATURE DES FAITS": Role.NATURE,
                    "SECTEUR": Role.SECTEUR,
                },
                natures=_REGISTRE,
                secteurs=SECTEURS,
                commune_fixe="94002",
            ),
        ),
        SourcePrevue(
            "limeil-police-municipale",
            "main courante de la police municipale",
            "Ville de Limeil-Brévannes",
            "faits",
            modele="police-municipale",
            description=Description(
                format="faits",
                ligne_entete=4,
                roles={
                    "Date": Role.DATE,
                    "Heure": Role.HEURE,
                    "Quartier": Role.SECTEUR,
                    "Lieu": Role.ADRESSE,
                    "Type d'intervention": Role.NATURE,
                },
                format_date="%d/%m/%y",
                natures=_REGISTRE,
                secteurs=SECTEURS,
                commune_fixe="94044",
            ),
        ),
        _doleances("creteil", "Ville de Créteil", "94028"),
        _doleances("alfortville", "Ville d’Alfortville", "94002"),
        _doleances("limeil", "Ville de Limeil-Brévannes", "94044"),
        SourcePrevue(
            "creteil-habitat",
            "incidents dans les résidences",
            "Créteil Habitat",
            "comptages",
            modele="bailleur-incidents",
            description=Description(
                format="comptages",
                ligne_entete=4,
                roles={
                    "Secteur": Role.SECTEUR,
                    "Résidence": Role.TERRITOIRE,
                    "Nature de l'incident": Role.NATURE,
                },
                colonnes_periode={f"{m.numero:02d}/{m.annee}": m.code for m in SUIVI},
                natures=_BAILLEUR,
                secteurs=SECTEURS,
                commune_fixe="94028",
            ),
        ),
        SourcePrevue(
            "ogif",
            "incidents dans les résidences",
            "OGIF",
            "comptages",
            modele="bailleur-incidents",
            description=Description(
                format="comptages",
                ligne_entete=3,
                roles={
                    "Mois": Role.PERIODE,
                    "Ville": Role.COMMUNE,
                    "Secteur": Role.SECTEUR,
                    "Résidence": Role.TERRITOIRE,
                },
                colonnes_nature=_BAILLEUR,
                secteurs=SECTEURS,
                communes=COMMUNES,
            ),
        ),
        SourcePrevue(
            "france-habitation",
            "incidents dans les résidences",
            "France Habitation",
            "comptages",
            modele="bailleur-incidents",
            frequence="libre",
            description=Description(
                format="comptages",
                ligne_entete=4,
                roles={
                    "Mois": Role.PERIODE,
                    "Ville": Role.COMMUNE,
                    "Quartier": Role.SECTEUR,
                    "Résidence": Role.TERRITOIRE,
                    "Nature": Role.NATURE,
                    "Nombre": Role.NOMBRE,
                },
                natures=_BAILLEUR,
                secteurs=SECTEURS,
                communes=COMMUNES,
            ),
        ),
        SourcePrevue(
            "ratp",
            "incidents dans les bus",
            "RATP",
            "faits",
            modele="transporteur-faits",
            frequence="libre",
            description=Description(
                format="faits",
                ligne_entete=2,
                roles={
                    "Date": Role.DATE,
                    "Heure": Role.HEURE,
                    "Commune": Role.COMMUNE,
                    "Nature": Role.NATURE,
                    "X": Role.LON,
                    "Y": Role.LAT,
                },
                natures=_TRANSPORT,
                communes=COMMUNES,
            ),
        ),
        SourcePrevue(
            "strav",
            "incidents dans les bus",
            "STRAV",
            "comptages",
            modele="transporteur-incidents",
            ruptures=(
                {"jour": "2026-03-01", "libelle": "La STRAV a changé son logiciel et ses règles de saisie."},
            ),
            description=Description(
                format="comptages",
                ligne_entete=4,
                roles={
                    "Mois": Role.PERIODE,
                    "Ligne": Role.TERRITOIRE,
                    "Nature": Role.NATURE,
                    "Nombre d'incidents": Role.NOMBRE,
                },
                natures=_TRANSPORT,
            ),
        ),
        SourcePrevue(
            "education-nationale",
            "signalements des établissements",
            "DSDEN du Val-de-Marne",
            "comptages",
            modele="education-signalements",
            frequence="annee_scolaire",
            description=Description(
                format="comptages",
                ligne_entete=4,
                roles={"Année scolaire": Role.PERIODE, "Commune": Role.COMMUNE, "Niveau": Role.TERRITOIRE},
                colonnes_nature=_SIGNALEMENTS,
                communes=COMMUNES,
                granularite="annee_scolaire",
            ),
        ),
        SourcePrevue(
            "tribunal-judiciaire",
            "statistiques annuelles",
            "Tribunal judiciaire de Créteil",
            "comptages",
            modele="justice-annuelle",
            frequence="annee",
            description=Description(
                format="comptages",
                ligne_entete=3,
                roles={
                    "Année": Role.PERIODE,
                    "Commune de commission": Role.COMMUNE,
                    "Orientation": Role.NATURE,
                    "Affaires": Role.NOMBRE,
                },
                natures=_PARQUET,
                communes=COMMUNES,
                granularite="annee",
            ),
        ),
        SourcePrevue(
            "pjj",
            "bilan annuel",
            "PJJ du Val-de-Marne",
            "comptages",
            modele="pjj-bilan",
            frequence="annee",
            description=Description(
                format="comptages",
                ligne_entete=4,
                roles={"Prise en charge": Role.NATURE},
                colonnes_periode={str(a): str(a) for a in (2023, 2024, 2025, 2026)},
                natures=_PJJ,
                territoire_fixe="Plaine centrale",
            ),
        ),
    )
