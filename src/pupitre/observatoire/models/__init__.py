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
from pupitre.observatoire.models.doleances import Doleance, MoisDoleances, SuiteDoleance, natures_de_doleance
from pupitre.observatoire.models.faits_marquants import Contribution, FaitMarquant, PointHebdomadaire
from pupitre.observatoire.models.gabarits import Gabarit, Retrait
from pupitre.observatoire.models.livraisons import (
    AnomalieLivraison,
    EvenementLivraison,
    Livraison,
    chemin_recu,
)
from pupitre.observatoire.models.relances import Relance, SuspensionRelances
from pupitre.observatoire.models.reperes import (
    SUIVIS_MAX,
    BaseDeComparaison,
    CommentaireChiffre,
    IndicateurSuivi,
    Repere,
    Vue,
)
from pupitre.observatoire.models.sources import FORMATS_OUVERTS, Frequence, Source

__all__ = [
    "FORMATS_OUVERTS",
    "SUIVIS_MAX",
    "AdresseDouteuse",
    "AdresseReglee",
    "AnomalieLivraison",
    "BaseDeComparaison",
    "Bulletin",
    "Catalogue",
    "CommentaireChiffre",
    "Contribution",
    "Convention",
    "DemandeDiagnostic",
    "DemandeDonnees",
    "Destinataire",
    "Doleance",
    "Envoi",
    "EvenementBulletin",
    "EvenementDemande",
    "EvenementLivraison",
    "ExtraitBan",
    "FaitMarquant",
    "Frequence",
    "Gabarit",
    "IndicateurSuivi",
    "Livraison",
    "MoisDoleances",
    "PointHebdomadaire",
    "ReglageDemandes",
    "ReglageDiffusion",
    "ReglagePagePublique",
    "Relance",
    "RemiseDonnees",
    "Repere",
    "ReponseProprietaire",
    "Retrait",
    "Source",
    "SourceDemandee",
    "SuiteDoleance",
    "SuspensionRelances",
    "Vue",
    "chemin_recu",
    "natures_de_doleance",
]
