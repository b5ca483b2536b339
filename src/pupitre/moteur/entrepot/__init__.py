"""The columnar store: sealed deliveries, yearly compaction, monthly cube, manifest. It holds no state file."""

from pupitre.moteur.entrepot.connexion import Connexion, Reglages, partagee
from pupitre.moteur.entrepot.depot import Entrepot
from pupitre.moteur.entrepot.manifeste import Fichier, Manifeste, Scelle

__all__ = ["Connexion", "Entrepot", "Fichier", "Manifeste", "Reglages", "Scelle", "partagee"]
