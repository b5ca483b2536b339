"""The invented words of the demonstration: people, facts of note, what was said. No real person, no real fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CRETEIL, ALFORTVILLE, LIMEIL = "94028", "94002", "94044"
TOUT = ("semaine", "mois", "semestre", "annee")

# name, function, address, commune, kinds received, gives the visa
DESTINATAIRES = (
    ("Marianne Delaunay", "présidente du CISPD", "presidence", "", TOUT, True),
    ("Olivier Castaing", "maire d’Alfortville", "maire", ALFORTVILLE, TOUT, False),
    ("Nadia Perrot", "directrice générale des services, Alfortville", "dgs", ALFORTVILLE, TOUT, False),
    ("Bernard Quesnel", "maire de Créteil", "maire.creteil", CRETEIL, TOUT, False),
    ("Chantal Vernet", "maire de Limeil-Brévannes", "maire.limeil", LIMEIL, TOUT, False),
    ("Thomas Ribeiro", "adjoint délégué à la tranquillité publique", "elu", "", ("mois", "semestre"), False),
    ("Julien Aubry", "préfecture, bureau de la prévention", "prefecture", "", ("semestre", "annee"), False),
)
# first day, last day, commune, secteur, kind, text, who, comment
FAITS = (
    (date(2026, 2, 11), None, CRETEIL, "", "incendie", "Deux véhicules brûlés sur un parking de surface.",
     "Police nationale", ""),
    (date(2026, 3, 19), date(2026, 4, 9), ALFORTVILLE, "", "repetitif",
     "Six vols par ruse chez des personnes âgées en trois semaines.", "Police nationale",
     "Une réunion d’information est tenue au foyer."),
    (date(2026, 5, 30), None, LIMEIL, "", "arme", "Rixe entre deux groupes, un couteau saisi.",
     "Ville de Limeil-Brévannes", ""),
    (date(2026, 6, 12), date(2026, 6, 26), CRETEIL, "", "repetitif",
     "Jets de projectiles sur les bus, toujours entre 21 h et 23 h.", "RATP", "La desserte a été déviée deux soirs."),
    (date(2026, 10, 7), None, CRETEIL, "CR-04", "arme", "Coups de feu en l’air sur une place, aucun blessé.",
     "Police nationale", "Présence renforcée pendant une semaine."),
    (date(2026, 10, 13), date(2026, 10, 18), ALFORTVILLE, "AL-03", "repetitif",
     "Quatre feux de conteneurs au pied des mêmes tours.", "Ville d’Alfortville", "Les conteneurs sont enterrés."),
    (date(2026, 10, 21), None, LIMEIL, "LI-01", "grave", "Agression d’un agent de médiation, plainte déposée.",
     "Ville de Limeil-Brévannes", ""),
    (date(2026, 10, 27), None, ALFORTVILLE, "", "incendie", "Feu de conteneurs au pied d’une tour.",
     "Ville d’Alfortville", ""),
    (date(2026, 11, 3), date(2026, 11, 14), CRETEIL, "", "repetitif",
     "Neuf vols dans des véhicules en stationnement autour de la gare.", "Police nationale",
     "Passages renforcés entre 17 h et 20 h."),
    (date(2026, 11, 10), None, CRETEIL, "", "grave", "Agression d’un gardien d’immeuble, plainte déposée.",
     "Créteil Habitat", ""),
    (date(2026, 11, 17), None, ALFORTVILLE, "AL-02", "grave", "Vol avec violence à un arrêt de bus, deux blessés.",
     "Police nationale", ""),
    (date(2026, 11, 18), None, LIMEIL, "", "autre", "Intrusion nocturne dans un gymnase, dégâts légers.",
     "Ville de Limeil-Brévannes", ""),
)  # fmt: skip
# kind, relay, day, commune, secteur, text
CONTRIBUTIONS = (
    ("compte_rendu", "", date(2026, 2, 5), CRETEIL, "",
     "Groupe « bailleurs »\u202f: les occupations de hall se déplacent après chaque opération."),
    ("entretien", "bailleur", date(2026, 3, 12), CRETEIL, "",
     "Depuis que la loge est rouverte l’après-midi, le hall est calme jusqu’à la sortie des classes."),
    ("entretien", "commercant", date(2026, 4, 2), ALFORTVILLE, "",
     "Les vols à l’étalage ont lieu à la fermeture, jamais le matin."),
    ("entretien", "association", date(2026, 5, 20), LIMEIL, "",
     "Les jeunes disent ne plus prendre le dernier bus à cause des jets de pierres."),
    ("courrier", "habitant", date(2026, 5, 28), ALFORTVILLE, "",
     "Le bruit des deux-roues du vendredi soir revient avec les beaux jours, comme l’an passé."),
    ("compte_rendu", "", date(2026, 6, 16), CRETEIL, "",
     "Groupe « transports »\u202f: la présence de médiateurs en soirée est demandée sur deux lignes."),
)  # fmt: skip
# Partners who tell their week
POINTS = ("Police nationale", "Ville de Limeil-Brévannes", "Créteil Habitat")
# source.indicator, territory
SUIVIS = (
    ("police-4001-mensuel.cambriolages_logement", "conseil"),
    ("police-4001-mensuel.vols_dans_vehicules", "conseil"),
    ("police-4001-mensuel.4001:7", "conseil"),
    ("police-affinees.pn:differends_familiaux", "conseil"),
    ("creteil-habitat.inc:occupation_hall", "conseil"),
    ("ratp.inc:jet_projectile", "conseil"),
    ("doleances-creteil.tout", "conseil"),
    ("police-4001-mensuel.vols_dans_vehicules", "commune:94028"),
)
# day, text, territory, theme
REPERES = (
    (date(2026, 2, 16), "Médiateurs en soirée sur deux lignes de bus", "", ""),
    (date(2026, 5, 4), "La loge de la Résidence du Plateau rouvre l’après-midi", "secteur:CR-04", ""),
    (date(2026, 6, 29), "Ouverture du chantier du parking de la gare", "secteur:CR-02", "vehicules"),
    (date(2026, 11, 9), "Patrouilles renforcées autour de la gare", "secteur:CR-02", "vehicules"),
)
# name, screen, choices
VUES = (
    ("Véhicules, douze mois", "tableau",
     {"indicateur": "police-4001-mensuel.vols_dans_vehicules", "duree": "douze-mois"}),
    ("Halls de Créteil Habitat", "tableau",
     {"source": "creteil-habitat", "indicateur": "creteil-habitat.inc:occupation_hall"}),
    ("Le bruit d’une saison à l’autre", "saisons",
     {"indicateur": "doleances-creteil.inc:doleance_bruit", "territoire": "conseil"}),
    ("Le Val-de-Marne parmi les départements", "comparer", {"groupe": "france"}),
)  # fmt: skip
COMMENTAIRE = (
    "La hausse vient du secteur de la gare depuis l’ouverture du chantier\u202f: les véhicules stationnent dans des "
    "rues moins éclairées. Voir le diagnostic remis en novembre."
)
# period → what the president asks, and what is written in answer
RENVOIS = {
    "2026-09": (
        "Dire dès la première phrase que la hausse est à Créteil.",
        "À Créteil, les vols dans les véhicules augmentent depuis juillet, surtout autour de la gare. Rien d’autre ne "
        "bouge plus que le hasard ne le veut.",
    ),
}


@dataclass(frozen=True, slots=True)
class DemandePrevue:
    """`transmise`: the day when the owner is asked. `reserve`: what it answers, with reservations."""

    organisation: str
    compte: str
    source: str
    usage: str
    jour: date
    debut: date
    fin: date
    transmise: date | None = None
    reserve: str = ""


DEMANDES = (
    DemandePrevue(
        "Créteil Habitat", "bailleur", "creteil-habitat", "Préparer notre rapport d’activité.",
        date(2026, 3, 16), date(2025, 1, 1), date(2025, 12, 31),
    ),
    DemandePrevue(
        "Créteil Habitat", "bailleur", "police-affinees",
        "Préparer la réunion semestrielle de sécurité avec nos gardiens.",
        date(2026, 9, 7), date(2025, 1, 1), date(2026, 6, 30), date(2026, 9, 9),
        "Ne pas rapprocher de vos propres signalements\u202f: les faits se recouvrent.",
    ),
    DemandePrevue(
        "Créteil Habitat", "bailleur", "pjj", "Savoir combien de jeunes suivis vivent dans nos résidences.",
        date(2026, 10, 5), date(2025, 1, 1), date(2025, 12, 31),
    ),
    DemandePrevue(
        "Police nationale", "police", "creteil-habitat",
        "Orienter les patrouilles de fin d’année vers les halls les plus touchés.",
        date(2026, 11, 16), date(2026, 1, 1), date(2026, 9, 30), date(2026, 11, 17),
    ),
)  # fmt: skip
