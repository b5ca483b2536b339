"""A council with five secteurs in two communes, and a partner's monthly table of two natures."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

from outils.attaque import essai, interface, parcours
from outils.attaque.savoir import SourceConnue

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

DERNIERES = ("2026-06", "2026-S1", "2025")
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


def proprietaire(de) -> Utilisateur:
    """The account of the partner whose source it is; made once."""
    email = "bailleur@exemple.fr"
    return Utilisateur.objects.filter(email=email).first() or utilisateur(
        Role.PARTENAIRE, de.conseil, organisation=de.organisation, email=email
    )


def remettre(de) -> Utilisateur:
    """Another partner obtains these figures, with its owner's agreement and the visa: it reads half-years."""
    conseil = de.conseil
    qui, compte = fabrique_demandes.demandeur(conseil)
    utilisateur(Role.PRESIDENT, conseil, email="presidence@exemple.fr")
    proprietaire(de)
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


def sans_compagnes(tableau, primaires, *, acquises=(), figees=()):
    """The mutation of `motif.proteger` that withholds small cells only."""
    return frozenset(primaires) | frozenset(acquises)


def repete(adresse: str) -> bool:
    """Whether that address of the dashboard shows again what its neighbours show."""
    parties = urlsplit(adresse)
    question = parse_qs(parties.query)
    # The figures' export repeats the series of each of them; a PNG, the drawing of its SVG.
    if any(bout in parties.path for bout in ("/chiffres.", "/provenance/", "/vues/", ".png")):
        return True
    # An export says what its page says: looked at for the last period, with the page for the others.
    if parties.path.endswith((".csv", ".xlsx", ".svg")) and {"2025-06", "2025-12"} & set(
        question.get("periode", ())
    ):
        return True
    # A theme shows less of the same page, a wall screen the same larger; the window moves on the page alone.
    return bool(question.keys() & {"theme", "ecran"}) or (
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


def neuve(adresse: str) -> bool:
    """Whether that address of the dashboard may say of a secteur what the others do not: pages, not their exports,
    at the last period, by half-year and by year where secteurs are.

    `test_ce_qui_n_est_pas_ouvert_n_apprend_rien` holds that the rest adds no equation on a secteur.
    """
    parties = urlsplit(adresse)
    question = {nom: valeurs[0] for nom, valeurs in parse_qs(parties.query).items()}
    commune = question.get("territoire", "").startswith("commune:")
    return (
        parties.path.endswith("/tableau-de-bord/")
        and question.get("periode", DERNIERES[0]) in DERNIERES
        and question.get("duree", "") in (("",) if commune else ("", "periode", "semestre", "annee"))
    )


def bornes(code: str, *, pages: int = 2000, tout: bool = False, entier: bool = False) -> parcours.Bornes:
    """The dashboard of one source: every territory, every indicator, the ends of half-years.

    Args:
        entier: what repeats elsewhere too (`neuve`). `tout`: what asks the same page too (`demandee`).
    """

    def suivre(adresse: str) -> bool:
        parties = urlsplit(adresse)
        if "/demandes/" in parties.path:
            return entier or not parties.path.endswith(".xlsx")
        sienne = "tableau-de-bord" in parties.path and parse_qs(parties.query).get("source") == [code]
        return sienne and not repete(adresse) and (entier or neuve(adresse))

    def valeurs(nom: str, possibles: list[str]) -> list[str]:
        if nom == "periode":
            return [v for v in possibles if v.endswith(("-06", "-12"))]
        return [code] if nom == "source" else possibles[:1] if nom == "comparer" else possibles

    meme = {} if tout else {"meme": demandee}
    return parcours.Bornes(valeurs=valeurs, suivre=suivre, oublier=OUBLIER, pages=pages, **meme)


def departs(conseil, code: str) -> tuple[str, str]:
    return f"/conseils/{conseil.slug}/tableau-de-bord/?source={code}", f"/conseils/{conseil.slug}/demandes/"


def quelques_etendues(connue: SourceConnue) -> list[tuple[date, date]]:
    """For the API: the whole. The other windows hold the same cells (`test_api`)."""
    return interface.etendues(connue)[:1]


def attaquer(
    conseil, code: str, *lecteurs: Utilisateur, programmes: Collection[Utilisateur] = (), **options
) -> essai.Rapport:
    """`programmes`: accounts of which only the organisations' software is there, by the API."""
    comptes = {str(i): compte for i, compte in enumerate(lecteurs)}
    return essai.essayer(
        conseil,
        comptes | {f"programme {i}": compte for i, compte in enumerate(programmes)},
        bornes=bornes(code, **options),
        sources=[code],
        departs=departs(conseil, code),
        pages=comptes,
        api=quelques_etendues,
    )
