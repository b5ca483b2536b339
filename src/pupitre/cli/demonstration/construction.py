"""Building the demonstration through the real services, once."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from pupitre.cli.demonstration import (
    annee,
    annuaire,
    comptes_rendus,
    conventions,
    formations,
    plan,
    seances,
    vie,
)
from pupitre.cli.demonstration.calendrier import RECENTS
from pupitre.cli.demonstration.chronologie import Chronologie
from pupitre.cli.demonstration.comptes import COMPTES, Compte
from pupitre.cli.demonstration.envoi import Envoi, Sort
from pupitre.cli.demonstration.lieux import ATTRIBUTION, DONNEES, VILLES, ecrire_decoupage
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.configuration import Mode

# Raised when the demonstration changes: an older one is then built again.
VERSION = 8
SLUG = "plaine-centrale"
DEBUTANT = "62041"  # Arras: its police circonscription is in the real workbook, the council is empty
DEPUIS = date(2011, 6, 10)  # the observatory of annex 6 opened on that day
DEBUT = date(2023, 11, 2)
DOSSIER_A_DEPOSER = "a-deposer"
# Month of reception → bulletins written at its end, from what was known then.
BULLETINS: dict[str, tuple[str, ...]] = {m.suivant.code: (m.code,) for m in RECENTS} | {
    "2026-03": ("2026-02", "2025"),
    "2026-08": ("2026-07", "2026-S1"),
}
Dire = Callable[[str], None]


def construire(donnees: Path, dire: Dire = lambda _: None) -> list[Compte]:
    """Build the demonstration in this data folder, unless it is already there, whole and up to date.

    Django must be set up with that folder. An interrupted build is erased and begun again.

    Raises:
        ErreurPupitre: production settings, or a folder that holds something else than a demonstration.
    """
    if Path(settings.CONFIGURATION.donnees) != donnees.resolve():
        raise ValueError(f"settings point to {settings.CONFIGURATION.donnees}, not to {donnees}")
    donnees.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    if _est_complete(donnees):
        return list(COMPTES)
    chantier, ancienne = _chantier(donnees), _ancienne(donnees)
    chantier.write_text("Construction de la démonstration en cours.\n", encoding="utf-8")
    if ancienne:
        _effacer(donnees)
    _batir(donnees, dire)
    _conclure(donnees)
    chantier.unlink()
    return list(COMPTES)


def marque(donnees: Path) -> Path:
    """The file written last; it also says which accounts to offer."""
    return donnees / "demonstration-construite.json"


def _chantier(donnees: Path) -> Path:
    return donnees / "demonstration.en-cours"


def _est_complete(donnees: Path) -> bool:
    from pupitre.territoires.models import Conseil

    try:
        lue = json.loads(marque(donnees).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    version = lue.get("version") if isinstance(lue, dict) else None
    return version == VERSION and Conseil.objects.filter(slug=SLUG).exists()


def _ancienne(donnees: Path) -> bool:
    """True when an unfinished or older demonstration is to be erased first.

    Raises:
        ErreurPupitre: production settings, or data that does not come from a demonstration.
    """
    from pupitre.acces.models import Utilisateur
    from pupitre.territoires.models import Conseil

    if settings.CONFIGURATION.mode is Mode.PRODUCTION:
        raise ErreurPupitre(
            "La démonstration n’est pas construite.",
            "Cette installation est réglée en production.",
            "Choisissez un autre dossier de données (PUPITRE_DONNEES) et le mode « demonstration ».",
        )
    ancienne = marque(donnees).exists() or _chantier(donnees).exists()
    # The database may be on a server, and have nothing to do with what the folder says.
    etrangere = Conseil.objects.filter(fictif=False).exists()
    if etrangere or (not ancienne and (Conseil.objects.exists() or Utilisateur.objects.exists())):
        raise ErreurPupitre(
            "La démonstration n’est pas construite.",
            "La base contient déjà des données qui ne viennent pas d’elle.",
            "Choisissez un dossier de données vide (PUPITRE_DONNEES), sans DATABASE_URL.",
        )
    return ancienne


def _effacer(donnees: Path) -> None:
    marque(donnees).unlink(missing_ok=True)
    call_command("flush", verbosity=0, interactive=False)
    annexes = [donnees / nom for nom in ("adresses", "conventions", "bulletins", "remises")]
    if isinstance(entrepot := settings.CONFIGURATION.entrepot, Path):
        annexes.append(entrepot)
    # At an address nothing is erased: the new files have other names, and the old ones are swept.
    for dossier in (settings.CONFIGURATION.recus, *annexes):
        shutil.rmtree(dossier, ignore_errors=True)


def _batir(donnees: Path, dire: Dire) -> None:
    from pupitre.territoires import services as territoires
    from pupitre.territoires.decoupages import importer_decoupage

    dire("Communes de 2026…")
    territoires.charger_reference()
    with tempfile.TemporaryDirectory(prefix="pupitre-demonstration-") as temporaire:
        atelier = Path(temporaire)
        with horloge.figee(DEBUT):
            conseil = territoires.creer_conseil(
                nature="cispd",
                nom="Plaine centrale",
                slug=SLUG,
                communes=[v.code for v in VILLES],
                depuis=DEPUIS,
                fictif=True,
            )
            contours = atelier / "secteurs_fictifs.geojson"
            ecrire_decoupage(contours)
            importer_decoupage(
                conseil=conseil,
                fichier=contours,
                nom="Secteurs de la démonstration",
                debut=DEPUIS,
                origine=ATTRIBUTION,
                champ_code="code",
                champ_nom="nom",
                fictif=True,
            )
            organisations = _creer_organisations(conseil)
            debutant = territoires.creer_conseil_du_code(code=DEBUTANT, depuis=DEPUIS, fictif=True)
            auteurs = _creer_comptes(conseil, debutant, organisations)
            sources = _creer_sources(conseil, organisations)
            conventions.creer(conseil, organisations, sources, auteurs["coordination"])
            vie.lister(conseil)
            annee.importer_les_adresses(conseil, auteurs)
        dire("Fichiers des partenaires…")
        envois = _ecrire(atelier, donnees)
        vie.raconter(conseil, auteurs)
        dire(f"Une année\u202f: {len(envois)} fichiers reçus, bulletins, demandes, relances…")
        chronologie = Chronologie()
        _recevoir(chronologie, envois, sources, auteurs)
        vie.echanger(chronologie, conseil, sources, auteurs)
        vie.questionner(chronologie, conseil, auteurs)
        annee.noter(chronologie, conseil, sources, auteurs)
        chronologie.vivre()
        annuaire.peupler(conseil)
        formations.creer(conseil, auteurs)
        dire("Trois ans de séances, de décisions, de comptes rendus…")
        seances.tenir(conseil, auteurs)
        comptes_rendus.rediger(conseil, auteurs)


def _creer_organisations(conseil) -> dict:
    from pupitre.acces.models import Organisation

    organisations = {}
    for p in plan.PARTENAIRES:
        organisation = Organisation.objects.create(nom=p.nom, nature=p.nature, fictive=p.fictif)
        organisation.conseils.add(conseil)
        organisations[p.nom] = organisation
    return organisations


def _creer_comptes(conseil, debutant, organisations: dict) -> dict:
    from pupitre.acces import services as acces
    from pupitre.acces.droits import Role
    from pupitre.territoires.models import Commune, Departement

    utilisateurs = {}
    for c in COMPTES:
        utilisateur = acces.creer_compte(
            email=c.email, prenom=c.prenom, nom=c.nom, password=c.mot_de_passe, fonction=c.fonction
        )
        portee: dict = {"conseil": debutant if c.debutant else conseil}
        if c.role is Role.PREFECTURE:
            portee = {"departement": Departement.objects.get(code="94")}
        elif c.role is Role.ADMINISTRATEUR:
            portee = {}
        elif c.organisation:
            portee["organisation"] = organisations[c.organisation]
        elif c.commune:
            portee["commune"] = Commune.objects.get(code=c.commune)
        acces.habiliter(utilisateur=utilisateur, role=c.role, **portee)
        utilisateurs[c.email.split("@")[0]] = utilisateur
    return utilisateurs


def _creer_sources(conseil, organisations: dict) -> dict:
    from pupitre.observatoire.collecte import services as observatoire

    return {
        s.code: observatoire.creer_source(
            conseil=conseil,
            organisation=organisations[s.partenaire],
            code=s.code,
            nom=s.nom,
            format=s.format,
            description=s.description.to_dict() if s.description else None,
            territoires=s.territoires,
            frequence=s.frequence,
            producteur=s.producteur,
            millesime=s.millesime,
            ruptures=s.ruptures,
            fictive=s.fictive,
            modele=s.modele,
        )
        for s in plan.sources()
    }


def _ecrire(atelier: Path, donnees: Path) -> list[Envoi]:
    """Fictitious files in the workshop, real ones as the project holds them, the late one kept aside."""
    from pupitre.cli.demonstration.partenaires import ecrire_tout
    from pupitre.cli.demonstration.partenaires.bailleurs import ecrire_retardataire

    a_deposer = donnees / DOSSIER_A_DEPOSER
    a_deposer.mkdir(exist_ok=True)
    ecrire_retardataire(a_deposer)
    reels = [
        Envoi("police-4001-annuel", DONNEES / plan.ETAT4001_REEL, DEBUT, 0),
        Envoi("ssmsi-departemental", DONNEES / plan.SSMSI_REEL, date(2024, 7, 8), 0),
    ]
    return sorted([*reels, *ecrire_tout(atelier)], key=lambda e: (e.recu_le, e.source, e.nom))


def _recevoir(chronologie: Chronologie, envois: Sequence[Envoi], sources: dict, auteurs: dict) -> None:
    """Each file is read on its day; those of a fortnight are published together, then the bulletin is written."""
    conseil = next(iter(sources.values())).conseil
    for (mois, moitie), lot in groupby(envois, key=lambda e: (f"{e.recu_le:%Y-%m}", e.recu_le.day > 15)):
        a_publier: list = []
        dernier = DEBUT
        for envoi in lot:
            chronologie.noter(
                envoi.recu_le, lambda e=envoi, p=a_publier: _lire(e, sources[e.source], p, auteurs)
            )
            dernier = envoi.recu_le
        chronologie.noter(dernier, lambda p=a_publier: _publier(p, auteurs))
        for periode in () if moitie else BULLETINS.get(mois, ()):
            chronologie.noter(
                dernier + timedelta(days=2), lambda p=periode: vie.diffuser(conseil, p, auteurs)
            )


def _lire(envoi: Envoi, source, a_publier: list, auteurs: dict) -> None:
    from pupitre.observatoire.collecte import services as observatoire

    livraison = observatoire.importer(source=source, fichier=envoi.fichier, auteur=auteurs["assistance"])
    if envoi.sort is Sort.REJETER:
        observatoire.rejeter(livraison=livraison, auteur=auteurs["assistance"], raison=envoi.raison)
    if envoi.sort is Sort.PUBLIER:
        a_publier.append(livraison)


def _publier(livraisons: list, auteurs: dict) -> None:
    from pupitre.observatoire.collecte import services as observatoire

    if livraisons:
        observatoire.publier_ensemble(livraisons=livraisons, auteur=auteurs["coordination"])


def _conclure(donnees: Path) -> None:
    contenu = {
        "version": VERSION,
        "conseil": SLUG,
        "comptes": [{**asdict(c), "libelle_role": c.libelle_role} for c in COMPTES],
    }
    partiel = marque(donnees).with_suffix(".partiel")
    partiel.write_text(json.dumps(contenu, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(partiel, marque(donnees))
