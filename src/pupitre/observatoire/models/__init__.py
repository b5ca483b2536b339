"""The records of the observatory, one file a subject."""

from pupitre.observatoire.models.adresses import AdresseDouteuse, AdresseReglee, ExtraitBan
from pupitre.observatoire.models.bulletins import Bulletin, EvenementBulletin
from pupitre.observatoire.models.catalogue import Catalogue
from pupitre.observatoire.models.conventions import Convention
from pupitre.observatoire.models.demandes import (
    DemandeDonnees,
    EvenementDemande,
    ReglageDemandes,
    ReglagePagePublique,
    RemiseDonnees,
    ReponseProprietaire,
    SourceDemandee,
)
from pupitre.observatoire.models.diagnostics import DemandeDiagnostic
from pupitre.observatoire.models.diffusion import Destinataire, Envoi, ReglageDiffusion
from pupitre.observatoire.models.faits_marquants import Contribution, FaitMarquant
from pupitre.observatoire.models.livraisons import (
    AnomalieLivraison,
    EvenementLivraison,
    Livraison,
    chemin_recu,
)
from pupitre.observatoire.models.relances import Relance, SuspensionRelances
from pupitre.observatoire.models.sources import FORMATS_OUVERTS, Frequence, Source

__all__ = [
    "FORMATS_OUVERTS",
    "AdresseDouteuse",
    "AdresseReglee",
    "AnomalieLivraison",
    "Bulletin",
    "Catalogue",
    "Contribution",
    "Convention",
    "DemandeDiagnostic",
    "DemandeDonnees",
    "Destinataire",
    "Envoi",
    "EvenementBulletin",
    "EvenementDemande",
    "EvenementLivraison",
    "ExtraitBan",
    "FaitMarquant",
    "Frequence",
    "Livraison",
    "ReglageDemandes",
    "ReglageDiffusion",
    "ReglagePagePublique",
    "Relance",
    "RemiseDonnees",
    "ReponseProprietaire",
    "Source",
    "SourceDemandee",
    "SuspensionRelances",
    "chemin_recu",
]
