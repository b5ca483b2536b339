"""What the invented council talks about and decides. All of it is fictitious."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sujet:
    """An item, and the decision it ends with. `qui`: keys of `formations.PERSONNES`; `jours`: until the deadline."""

    titre: str
    theme: str
    qui: str
    note: str
    decision: str = ""
    responsable: str = ""
    jours: int = 45
    minutes: int = 15


SUJETS: dict[str, tuple[Sujet, ...]] = {
    "Formation plénière": (
        Sujet("Bilan de l’année du conseil", "", "presidente",
              "La présidente présente l’année. Les partenaires saluent la régularité des livraisons de chiffres.",
              minutes=30),
        Sujet("Tableau de bord de l’observatoire", "tranquillite", "coordo",
              "Présentation des évolutions par commune, avec leurs réserves. Discussion sur les unités de compte.",
              "Diffuser le bulletin semestriel à tous les membres de la plénière", "coordo", 30, 30),
        Sujet("Orientations de l’année à venir", "", "presidente",
              "Trois priorités sont retenues\u202f: l’habitat, les violences intrafamiliales, la jeunesse.",
              "Décliner les trois priorités en fiches d’action", "coordo", 90, 40),
    ),
    "Formation restreinte": (
        Sujet("Point sur les chiffres du mois", "tranquillite", "coordo",
              "Lecture du bulletin mensuel. Deux secteurs appellent une explication du terrain.",
              "Demander aux bailleurs le détail par résidence des deux secteurs en hausse", "coordo", 21),
        Sujet("Présence aux abords des collèges", "jeunesse", "dsden",
              "La DSDEN signale des regroupements à la sortie de deux établissements.",
              "Organiser des passages conjoints à la sortie des cours", "commissaire", 30),
        Sujet("Véhicules épaves du parking de la gare", "vehicules", "maire_alfortville",
              "Onze véhicules recensés, dont quatre sur une emprise privée.",
              "Faire enlever les véhicules épaves du parking de la gare", "police_mun", 60),
        Sujet("Convention avec le bailleur sur les halls", "tranquillite", "elu",
              "Le projet de convention est relu. Le délai de réponse aux signalements fait débat.",
              "Signer l’avenant à la convention d’occupation des halls", "bailleur", 75),
        Sujet("Permanence d’aide aux victimes", "famille", "bureau",
              "La permanence est ouverte deux demi-journées par semaine. La fréquentation augmente.",
              "Étendre la permanence d’aide aux victimes au samedi matin", "victimes", 90),
        Sujet("Éclairage public du square", "cadre_de_vie", "maire_creteil",
              "Visite sur place faite avec la police municipale\u202f: trois points sombres.",
              "Remettre en service les trois points lumineux du square", "police_mun", 45),
        Sujet("Rodéos motorisés", "routier", "commissaire",
              "Les signalements se concentrent le dimanche après-midi.",
              "Poser des chicanes provisoires sur l’allée centrale", "maire_alfortville", 40),
    ),
    "Halls et parties communes": (
        Sujet("Occupations de hall, résidence par résidence", "tranquillite", "bailleur",
              "Le bailleur présente ses relevés. Trois résidences concentrent la moitié des incidents.",
              "Réparer les portes des trois halls les plus touchés", "bailleur", 60),
        Sujet("Médiation en soirée", "tranquillite", "mediation",
              "Les médiateurs décrivent une situation apaisée en semaine, tendue le vendredi.",
              "Décaler d’une heure la tournée de médiation du vendredi", "mediation", 20),
    ),
    "Violences intrafamiliales": (
        Sujet("Orientation des victimes", "famille", "victimes",
              "Délai moyen d’orientation présenté par l’association, sur une base encore faible.",
              "Diffuser la fiche d’orientation à tous les accueils", "victimes", 30),
        Sujet("Formation des agents d’accueil", "famille", "departement",
              "Deux sessions sont proposées, vingt places chacune.",
              "Inscrire deux agents d’accueil par commune", "jeunesse", 45),
    ),
    "Décrochage et jeunesse": (
        Sujet("Exclusions temporaires", "jeunesse", "principal",
              "Le principal rappelle que la moitié des exclus n’est accueillie nulle part.",
              "Ouvrir dix places d’accueil des collégiens exclus", "jeunesse", 120),
        Sujet("Chantiers éducatifs d’été", "jeunesse", "pjj",
              "Bilan positif, sous-effectif d’encadrants la deuxième semaine.",
              "Arrêter la liste des chantiers de l’été", "jeunesse", 60),
    ),
    "Transports du soir": (
        Sujet("Incidents sur les lignes de soirée", "tranquillite", "transport",
              "Le transporteur livre désormais ses relevés par arrêt.",
              "Faire circuler une équipe de médiation sur la ligne de soirée le vendredi", "transport", 45),
    ),
    "Alfortville sud": (
        Sujet("Lieux où les plaintes se répètent", "cadre_de_vie", "maire_alfortville",
              "Trois lieux reviennent dans les doléances depuis l’été.",
              "Installer des bancs au mail et déplacer l’aire de jeux", "maire_alfortville", 150),
        Sujet("Vie du quartier", "tranquillite", "mediation",
              "Le chef d’équipe rapporte un climat plus calme depuis la réouverture du local jeunes.",
              "Maintenir l’ouverture du local jeunes pendant les vacances", "jeunesse", 30),
    ),
    "Cellule de veille": (
        Sujet("Organisation de la cellule", "", "coordo",
              "Rappel de la charte. Les situations individuelles ne figurent pas dans ce compte rendu.",
              minutes=10),
    ),
}  # fmt: skip

# What an owner said, by what became of the decision.
NOUVELLES = {
    "faite": ("Fait, constaté sur place.", "C’est fait depuis la semaine dernière.", "Réalisé comme prévu."),
    "en_partie": (
        "Une partie est faite, le reste suit.",
        "Deux sur trois\u202f: la dernière attend un devis.",
    ),
    "bloquee": ("Le devis dépasse le crédit voté.", "L’accord du propriétaire du terrain manque."),
    "abandonnee": ("La situation a changé\u202f: la mesure n’a plus d’objet.",),
}
LIEUX = (
    "Salle du conseil, hôtel de ville de Créteil",
    "Maison des associations, Alfortville",
    "Salle 2, mairie annexe",
)
