"""A council with five secteurs in two communes, and a partner's monthly table of two natures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

from outils.attaque import essai, parcours

from pupitre.acces.droits import Role
from pupitre.acces.models import Utilisateur
from pupitre.moteur.sources import Role as Colonne
from pupitre.observatoire.collecte import services
from pupitre.observatoire.demandes import services as demandes
from pupitre.territoires.decoupages import importer_decoupage
from tests.fabriques import utilisateur
from tests.moteur.geographie.formes import carre, en_degres, quartiers
from tests.observatoire import fabrique, fabrique_demandes
from tests.observatoire.test_tableau import mois

LIEUX = (
    ("Créteil", "Quartier 1"),
    ("Créteil", "Quartier 2"),
    ("Créteil", "Quartier 3"),
    ("Alfortville", "Quartier 4"),
    ("Alfortville", "Quartier 5"),
)
NATURES = ("inc:occupation_hall", "inc:violence_gardien")
MOIS = mois("2025-01", 18)
DESCRIPTION = replace(
    fabrique.DESCRIPTION,
    roles={**fabrique.DESCRIPTION.roles, "Secteur": Colonne.SECTEUR, "Nature": Colonne.NATURE},
    natures={n: n for n in NATURES},
    nature_fixe="",
)

OUBLIER = ("comparer", "duree", "theme")
# By duration, how its periods are named, and the last that the table above holds whole.
_CODES = {
    "periode": (r"\d{4}-\d\d", "2026-06"),
    "douze-mois": (r"\d{4}-\d\d", "2026-06"),
    "cumul": (r"\d{4}-\d\d", "2026-06"),
    "semestre": (r"\d{4}-S\d", "2026-S1"),
    "annee": (r"\d{4}", "2025"),
}

Table = list[list[list[int]]]  # by place, nature, month


def decouper(conseil) -> None:
    importer_decoupage(
        conseil=conseil,
        fichier=quartiers(*en_degres(*(carre(i * 1000, 0) for i in range(len(LIEUX))))),
        nom="Quartiers",
        debut=date(2020, 1, 1),
        origine="Service de cartographie",
    )


def source(conseil, code="halls"):
    organisation = conseil.organisations.filter(nom="Créteil Habitat").first()
    return fabrique.source(
        conseil,
        code,
        f"Incidents {code}",
        organisation=organisation or fabrique.organisation(conseil),
        description=DESCRIPTION.to_dict(),
    )


def livrer(de, table: Table, dossier):
    lignes = ["Mois;Commune;Secteur;Nature;Nombre"]
    lignes += [
        f"{m};{commune};{secteur};{nature};{table[i][j][k]}"
        for i, (commune, secteur) in enumerate(LIEUX)
        for j, nature in enumerate(NATURES)
        for k, m in enumerate(MOIS)
    ]
    chemin = dossier / f"{de.code}.csv"
    chemin.write_text("\n".join(lignes), encoding="utf-8")
    return services.importer(source=de, fichier=chemin, publier=True)


def remettre(de) -> Utilisateur:
    """Another partner obtains these figures, with its owner's agreement and the visa: it reads half-years."""
    conseil = de.conseil
    qui, compte = fabrique_demandes.demandeur(conseil)
    utilisateur(Role.PRESIDENT, conseil, email="presidence@exemple.fr")
    utilisateur(Role.PARTENAIRE, conseil, organisation=de.organisation, email="bailleur@exemple.fr")
    demande = demandes.deposer(
        conseil=conseil,
        organisation=qui,
        auteur=compte,
        contenu=fabrique_demandes.contenu(de, debut=date(2025, 1, 1), fin=date(2026, 6, 30)),
    )
    demandes.transmettre(demande=demande, auteur=compte)
    demandes.repondre(demande=demande, organisation=de.organisation, sens="oui", texte="", nom="Inès")
    demandes.preparer(demande=demande, auteur=compte)
    demandes.viser(demande=demande, nom="Marianne")
    return compte


def repete(adresse: str) -> bool:
    """Whether that address of the dashboard shows again what its neighbours show."""
    parties = urlsplit(adresse)
    question = parse_qs(parties.query).keys()
    # The figures' export repeats the series of each of them; a PNG, the drawing of its SVG.
    if any(bout in parties.path for bout in ("/chiffres.", "/provenance/", "/vues/", ".png")):
        return True
    # A theme shows less of the same page, a wall screen the same larger; the window moves on the page alone.
    return bool(question & {"theme", "ecran"}) or (
        "duree" in question and not parties.path.endswith("/tableau-de-bord/")
    )


def demandee(adresse: str, *, connue: bool = True) -> str:
    """What an address of the dashboard asks once its defaults are said: the page writes the same one in several ways.

    `test_ce_qui_demande_le_meme_tableau` holds that the pages are the same.

    Args:
        connue: the source is the one of this module, whose last periods and first figure are known; of another,
            only the default duration and the default comparison are.
    """
    parties = urlsplit(adresse)
    if "/tableau-de-bord/" not in parties.path:
        return adresse
    question = {nom: valeurs[0] for nom, valeurs in parse_qs(parties.query).items()}
    source, territoire = question.get("source"), question.get("territoire", "conseil")
    duree = question.get("duree") or ("semestre" if territoire.startswith("secteur:") else "periode")
    periode, indicateur = question.get("periode", ""), question.get("indicateur", "")
    if connue:
        motif, derniere = _CODES[duree]
        # a period that this duration has not is its last one
        periode = periode if re.fullmatch(motif, periode) else derniere
        indicateur = indicateur.partition(".")[2] or "tout"
    return f"{parties.path} {source} {territoire} {duree} {periode} {indicateur}"


def bornes(code: str, *, pages: int = 2000, tout: bool = False, xlsx: bool = False) -> parcours.Bornes:
    """The dashboard of one source: every territory, every indicator, the ends of half-years."""

    def suivre(adresse: str) -> bool:
        parties = urlsplit(adresse)
        sienne = "tableau-de-bord" in parties.path and parse_qs(parties.query).get("source") == [code]
        voulue = (sienne and not repete(adresse)) or "/demandes/" in parties.path
        return voulue and (xlsx or not parties.path.endswith(".xlsx"))

    def valeurs(nom: str, possibles: list[str]) -> list[str]:
        if nom == "periode":
            return [v for v in possibles if v.endswith(("-06", "-12"))]
        return [code] if nom == "source" else possibles[:1] if nom == "comparer" else possibles

    meme = {} if tout else {"meme": demandee}
    return parcours.Bornes(valeurs=valeurs, suivre=suivre, oublier=OUBLIER, pages=pages, **meme)


def attaquer(conseil, code: str, *lecteurs: Utilisateur, **options) -> essai.Rapport:
    racine = f"/conseils/{conseil.slug}"
    return essai.essayer(
        conseil,
        {str(i): compte for i, compte in enumerate(lecteurs)},
        bornes=bornes(code, **options),
        sources=[code],
        departs=[f"{racine}/tableau-de-bord/?source={code}", f"{racine}/demandes/"],
    )
