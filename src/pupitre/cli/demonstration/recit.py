"""The invented words of the demonstration: people, facts of note, what was said. No real person, no real fact."""

from __future__ import annotations

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
    (date(2026, 10, 27), None, ALFORTVILLE, "", "incendie", "Feu de conteneurs au pied d’une tour.",
     "Ville d’Alfortville", ""),
    (date(2026, 11, 3), date(2026, 11, 14), CRETEIL, "", "repetitif",
     "Neuf vols dans des véhicules en stationnement autour de la gare.", "Police nationale",
     "Passages renforcés entre 17 h et 20 h."),
    (date(2026, 11, 10), None, CRETEIL, "", "grave", "Agression d’un gardien d’immeuble, plainte déposée.",
     "Créteil Habitat", ""),
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
