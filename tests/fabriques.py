"""Accounts and a small world: two neighbouring councils, one of which holds one object of each kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.apps import apps

from pupitre.acces import actes, jetons, liens
from pupitre.acces.droits import Role
from pupitre.acces.models import COMMUNAUX, Habilitation, JetonApi, LienActe, Organisation, Utilisateur
from pupitre.acces.services import creer_compte, habiliter
from pupitre.conseils import abonnements
from pupitre.conseils.models import AbonnementAgenda, CompteRendu, Seance
from pupitre.observatoire.chiffres import reperes
from pupitre.observatoire.collecte import conventions, doleances, services
from pupitre.observatoire.diffusion import circuit, editions
from pupitre.observatoire.models import Bulletin, DemandeDonnees, Doleance, Livraison, Source
from pupitre.socle import horloge
from pupitre.socle.courriel import Lettre
from pupitre.socle.courriel.envoi import poster
from pupitre.socle.courriel.modele import Courriel
from pupitre.territoires import decoupages
from pupitre.territoires.models import Commune, Conseil, ContoursRecus, Decoupage, Departement
from tests.annuaire import fabrique as annuaire
from tests.conseils import fabrique_formations as formations
from tests.conseils import fabrique_seances as seances
from tests.instantane import partir_de
from tests.observatoire import fabrique as observatoire
from tests.observatoire import fabrique_demandes as demandes
from tests.observatoire import fabrique_diffusion as diffusion
from tests.territoires import fabrique as territoires

MOT_DE_PASSE = "quatre mots faciles à retenir"
DEPUIS = date(2024, 1, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def utilisateur(
    role: Role | None = None,
    conseil: Conseil | None = None,
    *,
    organisation: Organisation | None = None,
    departement: Departement | None = None,
    commune: Commune | None = None,
    email: str | None = None,
    prenom: str = "Camille",
    nom: str = "Martin",
    password: str | None = MOT_DE_PASSE,
) -> Utilisateur:
    """An account, with one habilitation if a role is given; what the role is not bound to is left out.

    A mayor, an elected official or a DGS speaks for the first commune of the council unless another is given.
    """
    adresse = email or f"{role or 'personne'}{Utilisateur.objects.count()}@exemple.fr"
    compte = creer_compte(email=adresse, prenom=prenom, nom=nom, password=password)
    if role is not None:
        lie = {"conseil": conseil, "organisation": None, "departement": None}
        if role == Role.PARTENAIRE:
            lie["organisation"] = organisation or organisation_de(conseil)
        elif role == Role.PREFECTURE:
            lie = {
                "conseil": None,
                "departement": departement or conseil.adhesions.first().commune.departement,
            }
        elif role == Role.ADMINISTRATEUR:
            lie = {}
        elif role in COMMUNAUX:
            lie["commune"] = conseil.communes_as_of()[0] if commune is None else commune
        habiliter(utilisateur=compte, role=role, debut=DEPUIS, **lie)
    return compte


def organisation_de(conseil: Conseil) -> Organisation:
    return conseil.organisations.first() or observatoire.organisation(conseil)


def entrer(client, compte: Utilisateur):
    client.force_login(compte, backend=BACKEND)
    return client


# For each gesture that a personal link allows, the object of `Monde` on which a test makes one.
OBJETS_DES_LIENS: dict[str, Callable[[Monde], object]] = {}


@dataclass
class Monde:
    """`conseil` holds one object of each kind; `voisin`, in another département, holds none of them."""

    conseil: Conseil
    voisin: Conseil
    source: Source
    publiee: Livraison
    a_publier: Livraison
    bulletin: Bulletin
    decoupage: Decoupage
    recus: ContoursRecus
    compte: Utilisateur
    habilitation: Habilitation
    lien_d_ailleurs: str
    courriel: Courriel
    lien_de_depot: LienActe
    jeton_api: JetonApi
    demande: DemandeDonnees
    seance: Seance

    def lien(self, acte: str) -> str:
        """The token of a fresh link for that gesture, on the object of this world."""
        objet = OBJETS_DES_LIENS[acte](self) if acte in OBJETS_DES_LIENS else 0
        return actes.jeton(
            actes.creer(acte=acte, objet=objet, conseil=self.conseil, nom="Dominique Morel", jours=7)
        )

    @cached_property
    def compte_rendu(self) -> CompteRendu:
        return CompteRendu.objects.get(seance__formation__conseil=self.conseil)

    @cached_property
    def parametres(self) -> dict[str, Any]:
        """One value for each parameter that an address may have."""
        qui, jeton = liens.ecrire(self.compte)
        return {
            "conseil": self.conseil.slug,
            "commune": territoires.LIMEIL,
            "decoupage": self.decoupage.pk,
            "recus": self.recus.pk,
            "livraison": self.a_publier.pk,
            "code": self.source.code,
            "pk": self.bulletin.pk,
            "table": "serie",
            "liste": "communes",
            "format": "csv",
            "compte": self.compte.pk,
            "habilitation": self.habilitation.pk,
            "qui": qui,
            "jeton": jeton,
            "lien": self.lien_d_ailleurs,
            "courriel": self.courriel.pk,
            "personnel": self.lien_de_depot.pk,
            "jeton_api": self.jeton_api.pk,
            "convention": self.source.conventions.get().pk,
            "demande": self.demande.pk,
            "modele": "police-affinees",
            "doleance": self.conseil.doleances.get().pk,
            "conseil_public": self.conseil.slug,
            "fichier": "pdf",
            "envoi": self.bulletin.envois.get().pk,
            "destinataire": self.conseil.destinataires.get().pk,
            "fait": self.conseil.faits_marquants.get().pk,
            "contribution": self.conseil.contributions.get().pk,
            "diagnostic": self.conseil.demandes_diagnostic.get().pk,
            "douteuse": self.a_publier.adresses_douteuses.get().pk,
            "reglee": self.a_publier.adresses_reglees.get().pk,
            "repere": self.conseil.reperes.get().pk,
            **formations.parametres(self.conseil),
            "seance": self.seance.pk,
            "point": self.seance.points.get().pk,
            "preparatif": self.seance.preparatifs.first().pk,
            "piece": self.seance.pieces.get().pk,
            "convocation": self.seance.convocations.get().pk,
            "date": self.seance.dates_proposees.get().pk,
            "decision": self.seance.decisions.get().pk,
            "compte_rendu": self.compte_rendu.pk,
            "remarque": self.compte_rendu.remarques.get().pk,
            "personne": self.conseil.personnes.get(prenom="Dominique").pk,
            "etiquette": self.conseil.etiquettes.get().pk,
            "fonction": self.conseil.fonctions.get().pk,
            "organisation": self.source.organisation_id,
            "recu": self.conseil.carnets_recus.get().pk,
            "fusion": self.conseil.personnes.get(prenom="Dominique").fusions.get().pk,
            "campagne": self.conseil.campagnes_de_fiches.get().pk,
            "demande_de_fiche": self.conseil.campagnes_de_fiches.get().demandes.get().pk,
            "secret": "adresse-inconnue",
            "abonnement": self.compte.abonnements_agenda.get().pk,
            "liste_de_personnes": self.conseil.listes_de_personnes.get().pk,
            "reseau": self.conseil.reseaux.get().pk,
        }


def monde(dossier: Path, settings) -> Monde:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=dossier / "donnees")
    settings.MEDIA_ROOT = settings.CONFIGURATION.recus
    return partir_de(construire, dossier)


def construire(dossier: Path) -> Monde:
    territoires.charger_petite_reference(dossier)
    conseil = territoires.plaine_centrale()
    voisin = territoires.creer_conseil(
        nature="clspd", nom="L’Abergement-Clémenciat", communes=["01001"], depuis=territoires.DEPUIS
    )
    source = observatoire.source(conseil)
    conventions.enregistrer(
        convention=source.conventions.get(), sources=[source], fichier=b"%PDF-1.7", nom="convention.pdf"
    )
    mois = {f"2026-{m:02}": observatoire.partout(m) for m in range(1, 10)}
    publiee = services.importer(source=source, fichier=_fichier(dossier, mois), publier=True)
    a_publier = services.importer(
        source=source, fichier=_fichier(dossier, {"2026-10": observatoire.partout(7)}, "octobre.csv")
    )
    a_publier.adresses_douteuses.create(empreinte="a" * 64, texte="le boulodrome", lignes=2)
    a_publier.adresses_reglees.create(source=source, empreinte="b" * 64, decision="sans_lieu")
    bulletin = editions.preparer_periode(conseil=conseil, periode="2026-09")
    circuit.publier(bulletin=bulletin, auteur=None)
    diffusion.peupler(bulletin)
    doleances.enregistrer(
        doleance=Doleance(
            conseil=conseil,
            commune=conseil.communes_as_of()[0],
            recue_le=date(2026, 10, 6),
            nature="inc:doleance_bruit",
            texte="Deux-roues le vendredi soir",
        )
    )
    reperes.ecrire(conseil=conseil, jour=date(2026, 3, 2), texte="Ouverture du chantier")
    formations.peupler(conseil, organisation=source.organisation)
    annuaire.peupler(conseil, source.organisation)
    decoupage = _contours(dossier, conseil, "Quartiers", date(2024, 1, 1))
    compte = utilisateur(Role.ELU_DELEGUE, conseil, email="cible@exemple.fr")
    abonnements.creer(abonnement=AbonnementAgenda(utilisateur=compte, conseil=conseil, libelle="Téléphone"))
    return Monde(
        conseil=conseil,
        voisin=voisin,
        source=source,
        publiee=publiee,
        a_publier=a_publier,
        bulletin=bulletin,
        decoupage=decoupages.confirmer(recus=decoupage),
        recus=_contours(dossier, conseil, "Quartiers revus", date(2026, 1, 1)),
        compte=compte,
        habilitation=compte.habilitations.get(),
        courriel=poster(
            Lettre("Un essai", ("Bonjour.",)),
            cle="essai",
            destinataire="referent@exemple.fr",
            categorie="essai",
            perimetre=conseil.slug,
        )[0],
        lien_de_depot=actes.creer(
            acte="depot", objet=source.pk, conseil=conseil, nom="Dominique Morel", jours=7, gestes_max=0
        ),
        jeton_api=jetons.creer(
            conseil=conseil,
            organisation=source.organisation,
            libelle="Export mensuel",
            expire_le=horloge.aujourdhui() + timedelta(days=90),
        )[0],
        lien_d_ailleurs=actes.jeton(
            actes.creer(acte="aucun", objet=0, conseil=conseil, nom="Dominique Morel", jours=7)
        ),
        demande=demandes.deja_remise(source, page_publique=True),
        seance=seances.seance_complete(conseil, source.organisation),
    )


def _fichier(dossier: Path, mois: dict, nom: str = "incidents.csv") -> Path:
    chemin = dossier / nom
    chemin.write_bytes(observatoire.comptages(mois))
    return chemin


def _contours(dossier: Path, conseil: Conseil, nom: str, debut: date) -> ContoursRecus:
    chemin = dossier / f"{debut}.geojson"
    chemin.write_text(json.dumps(_CARRE), encoding="utf-8")
    with chemin.open("rb") as fichier:
        return decoupages.recevoir_contours(
            conseil=conseil, fichier=fichier, nom_fichier=chemin.name, nom=nom, debut=debut, origine="Essai"
        )


_CARRE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "CEN", "nom": "Centre"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[2.44, 48.78], [2.46, 48.78], [2.46, 48.79], [2.44, 48.79], [2.44, 48.78]]],
            },
        }
    ],
}


OBJETS_DES_LIENS |= {
    "depot": lambda monde: monde.source.pk,
    "fiche": lambda monde: monde.conseil.campagnes_de_fiches.get().demandes.get().pk,
    "visa": lambda monde: monde.conseil.bulletins.get(publie_le__isnull=True).pk,
    "lecture": lambda monde: monde.bulletin.envois.get().pk,
    "reponse-proprietaire": lambda monde: f"{monde.demande.pk}:{monde.source.organisation_id}",
    "charte": lambda monde: formations.objet_de_charte(monde.conseil),
    "visa-demande": lambda monde: monde.demande.pk,
    "disponibilites": lambda monde: f"{monde.seance.pk}:{monde.seance.convocations.get().personne_id}",
    "proposer-point": lambda monde: f"{monde.seance.pk}:{monde.seance.convocations.get().personne_id}",
    "suivi-decisions": lambda monde: monde.seance.decisions.get().responsable_id,
    "validation-compte-rendu": lambda monde: monde.compte_rendu.pk,
    "remarque": lambda monde: f"{monde.compte_rendu.pk}:{monde.compte_rendu.remarques.get().personne_id}",
    "reponse-convocation": lambda monde: monde.seance.convocations.get().pk,
    "semaine-arret": lambda monde: monde.compte.pk,
    "remise-donnees": lambda monde: monde.demande.remises.get().pk,
}


def empreinte() -> dict[str, list]:
    """Every row of every table that Pupitre owns: what must not change when one only reads or is refused."""
    modeles = [m for m in apps.get_models() if m.__module__.startswith("pupitre.")]
    return {m._meta.label: list(m.objects.order_by("pk").values_list()) for m in modeles}
