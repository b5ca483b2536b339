"""A small town drawn on a grid: two communes, streets of known numbers, some places."""

from __future__ import annotations

from pathlib import Path

from pupitre.moteur.adresses import Index, lire_ban, lire_lieux

TITRES = "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;x;y;lon;lat;nom_ld"
VILLE, VOISINE = ("94028", "Créteil", "94000"), ("94002", "Alfortville", "94140")
# name, commune, first longitude, latitude, numbers
RUES = (
    ("Avenue du Général de Gaulle", VILLE, 2.450, 48.790, range(1, 41)),
    ("Rue Carnot", VILLE, 2.450, 48.791, range(1, 21)),
    ("Impasse Carnot", VILLE, 2.470, 48.780, range(1, 6)),
    ("Rue du 8 Mai 1945", VILLE, 2.455, 48.792, range(1, 11)),
    ("Rue Roger Salengro", VILLE, 2.452, 48.793, (1, 2, 3, 4, 9, 11)),
    ("Place de l’Église", VILLE, 2.452, 48.794, (1, 2, 3)),
    ("Route de Créteil", VOISINE, 2.420, 48.800, range(1, 31)),
    ("Rue Carnot", VOISINE, 2.421, 48.801, range(1, 21)),
    ("Rue Marcellin Berthelot", VOISINE, 2.422, 48.802, range(1, 9)),
)
PAS = 0.0002


def lignes() -> list[str]:
    faites = [TITRES]
    for nom, (code, commune, postal), lon, lat, numeros in RUES:
        for n in numeros:
            faites.append(f";;{n};;{nom};{postal};{code};{commune};;;{lon + n * PAS:.6f};{lat:.6f};")
    faites.append(";;4;bis;Rue Carnot;94000;94028;Créteil;;;2.450850;48.791050;")
    # The avenue crosses the street of 8 May at its number 30.
    faites.append(";;11;;Rue du 8 Mai 1945;94000;94028;Créteil;;;2.456100;48.790200;")
    return faites


def ecrire(dossier: Path, contenu: list[str] | None = None, nom: str = "ban.csv") -> Path:
    chemin = dossier / nom
    chemin.write_text("\n".join(contenu or lignes()) + "\n", encoding="utf-8")
    return chemin


def lieux(dossier: Path) -> Path:
    return ecrire(
        dossier,
        [
            "nom;code_insee;nom_commune;lon;lat",
            "Gare RER Créteil-Pompadour;94028;Créteil;2,4335;48,7716",
            "Collège Simone de Beauvoir;94028;Créteil;2.4600;48.7800",
            "Résidence Les Bleuets;94028;Créteil;2.4610;48.7850",
        ],
        "lieux.csv",
    )


def index(dossier: Path, *, avec_lieux: bool = True) -> Index:
    ban = lire_ban(ecrire(dossier), ["94028", "94002"]).table
    return Index([ban], [lire_lieux(lieux(dossier), ["94028", "94002"]).table] if avec_lieux else [])
