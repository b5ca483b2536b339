"""Town halls: located events of the prevention services and of the municipal police."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from pupitre.cli.demonstration.calendrier import DERNIER, Mois, etendue, lots
from pupitre.cli.demonstration.ecriture import MENTION, Cellule, ecrire_csv
from pupitre.cli.demonstration.envoi import Envoi, Sort
from pupitre.cli.demonstration.hasard import comptes, generateur
from pupitre.cli.demonstration.lieux import Lieu, lieux_de, placer

_ETE = (0.75, 0.78, 0.92, 1.0, 1.12, 1.25, 1.28, 1.12, 1.05, 0.98, 0.9, 0.85)
_EGAL = (1.0,) * 12

# Hours of the day: weights of 0 h … 23 h.
_NUIT = np.array([9, 7, 5, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 7, 9, 11, 12, 11], float)
_JOUR = np.array([1, 1, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 6, 7, 8, 9, 9, 8, 6, 4, 3, 2, 2, 1], float)
_SOIR = np.array([11, 4, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 5, 6, 8, 13, 14, 14, 13], float)


@dataclass(frozen=True, slots=True)
class Genre:
    """One kind of event as a service names it: relative frequency, season, hours."""

    libelle: str
    poids: float
    saison: tuple[float, ...] = _EGAL
    heures: tuple[float, ...] = tuple(_JOUR)


GENRES = (
    Genre("Tapage nocturne", 16, _ETE, tuple(_NUIT)),
    Genre("Rassemblement gênant", 18, _ETE, tuple(_SOIR)),
    Genre("Rodéo motorisé", 7, _ETE, tuple(_SOIR)),
    Genre("Dégradation mobilier urbain", 9),
    Genre("Dépôt sauvage", 12),
    Genre("Feu de poubelle", 4, _ETE, tuple(_NUIT)),
    Genre("Différend de voisinage", 10, _EGAL, tuple(_SOIR)),
    Genre("Ivresse publique", 6, _ETE, tuple(_SOIR)),
    Genre("Chien dangereux ou divagant", 4),
    Genre("Stationnement gênant", 8),
)


@dataclass(frozen=True, slots=True)
class Evenement:
    jour: date
    heure: int
    minute: int
    genre: Genre
    lieu: Lieu
    rue: str
    lon: float
    lat: float


def evenements(ville: str, mois: Mois, moyenne: float) -> list[Evenement]:
    """Located events of one commune in one month, in order of time."""
    rng = generateur("evenements-0", ville, mois.code)
    lieux = lieux_de(ville)
    trouves: list[Evenement] = []
    somme = sum(g.poids for g in GENRES)
    for genre in GENRES:
        mu = np.array([moyenne * genre.poids / somme * x.trouble / 100 for x in lieux])
        mu *= genre.saison[mois.numero - 1]
        heures = np.asarray(genre.heures)
        for lieu, n in zip(lieux, comptes(rng, mu, 600.0), strict=True):
            for _ in range(int(n)):
                lon, lat = placer(rng, lieu.code)
                jour = mois.debut + timedelta(days=int(rng.integers(mois.fin.day)))
                heure = int(rng.choice(24, p=heures / heures.sum()))
                rue = f"{int(rng.integers(1, 90))} {lieu.rues[int(rng.integers(len(lieu.rues)))]}"
                trouves.append(
                    Evenement(jour, heure, int(rng.choice((0, 15, 30, 45))), genre, lieu, rue, lon, lat)
                )
    return sorted(trouves, key=lambda e: (e.jour, e.heure, e.minute, e.genre.libelle, e.rue))


def _creteil(_: int, e: Evenement) -> list[Cellule]:
    """Points from the service's own mapping tool, decimal comma; the hour is missing now and then."""
    heure = "" if e.minute == 45 and e.jour.day % 5 == 0 else f"{e.heure}h{e.minute:02d}"
    lon, lat = f"{e.lon:.5f}".replace(".", ","), f"{e.lat:.5f}".replace(".", ",")
    return [e.jour.strftime("%d/%m/%Y"), heure, e.genre.libelle, e.lieu.nom, e.rue, lon, lat]


def _alfortville(numero: int, e: Evenement) -> list[Cellule]:
    return [numero, e.jour.strftime("%d/%m/%Y"), f"{e.heure} h", e.genre.libelle.upper(), e.lieu.nom.upper()]


_TYPES = {"place": "allée", "mail": "rue", "avenue": "rue", "chemin": "rue", "allée": "rue", "rue": "avenue"}


def _autre_type(rue: str) -> str:
    numero, _, voie = rue.partition(" ")
    genre, _, nom = voie.partition(" ")
    return f"{numero} {_TYPES[genre]} {nom}"


# As a patrol writes them: abbreviated, misspelt, another type of street, a place instead of a street.
_DE_TRAVERS = (
    lambda rue: rue.replace("place de la", "pl.").replace("avenue des", "av").replace("chemin des", "ch."),
    lambda rue: (
        rue.replace("Sablonnières", "Sablonieres").replace("Jardins", "Jardin").replace("Bourg", "Bour")
    ),
    _autre_type,
    lambda rue: "parking derrière le gymnase",
    _autre_type,
)


def _limeil(rang: int, e: Evenement) -> list[Cellule]:
    """One row in six of the last file is written awry: that one is left to whoever tries the software."""
    tardif = e.jour >= DERNIER.debut and rang % 6 == 0
    rue = _DE_TRAVERS[rang // 6 % len(_DE_TRAVERS)](e.rue) if tardif else e.rue
    return [e.jour.strftime("%d/%m/%y"), f"{e.heure:02d}:{e.minute:02d}", e.lieu.nom, rue, e.genre.libelle]


_REGISTRES = (
    (
        "creteil-prevention",
        "94028",
        190.0,
        1,
        "CRETEIL_DPS_evenements_{}.csv",
        "Direction prévention sécurité – Ville de Créteil",
        ["Date", "Heure", "Nature", "Secteur", "Adresse", "Longitude", "Latitude"],
        _creteil,
    ),
    (
        "alfortville-prevention",
        "94002",
        95.0,
        3,
        "alfortville_dps_{}.csv",
        "Ville d'Alfortville - Direction prévention et sécurité",
        ["N°", "DATE DES FAITS", "HEURE", "NATURE DES FAITS", "SECTEUR"],
        _alfortville,
    ),
    (
        "limeil-police-municipale",
        "94044",
        60.0,
        1,
        "MAIN_COURANTE_PM_{}.csv",
        "POLICE MUNICIPALE DE LIMEIL-BREVANNES - Extraction main courante",
        ["Date", "Heure", "Quartier", "Lieu", "Type d'intervention"],
        _limeil,
    ),
)


def ecrire_registres(dossier: Path) -> list[Envoi]:
    """Lists of events, Windows encoding; Alfortville sends its own by the quarter."""
    envois = []
    for source, code, moyenne, pas, modele, titre, entetes, mettre in _REGISTRES:
        for mois in lots(pas):
            lus = [e for m in mois for e in evenements(code, m, moyenne)]
            chemin = dossier / modele.format(etendue(mois))
            tete: list[list[Cellule]] = [[titre], [MENTION], [f"{len(lus)} évènements extraits"]]
            ecrire_csv(chemin, [*tete, entetes, *(mettre(n, e) for n, e in enumerate(lus, 1))])
            # Limeil's last file has just come: publishing it is left to whoever tries the software.
            tardif = source == "limeil-police-municipale" and mois[-1] == DERNIER
            recu, sort = (20, Sort.ATTENDRE) if tardif else (7, Sort.PUBLIER)
            envois.append(Envoi(source, chemin, mois[-1].recu(recu), len(lus), sort=sort))
    return envois
