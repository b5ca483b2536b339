"""The columnar store: sealed deliveries, yearly compaction, monthly cube, manifest. It holds no state file."""

from pupitre.moteur.entrepot.depot import Entrepot
from pupitre.moteur.entrepot.manifeste import Fichier, Manifeste, Scelle
from pupitre.moteur.moteurs.duckdb import Connexion, Reglages, partagee

__all__ = ["Connexion", "Entrepot", "Fichier", "Manifeste", "Reglages", "Scelle", "partagee"]
