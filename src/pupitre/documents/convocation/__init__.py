"""The papers of a séance: letters, the sheet to sign, labels for envelopes."""

from pupitre.documents.convocation.faits import (
    ConvocationImprimee,
    Emargement,
    LigneEmargement,
    PointImprime,
    SeanceImprimee,
)
from pupitre.documents.convocation.lettre import ecrit_de_convocation, ecrit_de_l_ordre_du_jour
from pupitre.documents.convocation.rendu import (
    rendre_convocations,
    rendre_convocations_separees,
    rendre_emargement,
    rendre_etiquettes,
)

__all__ = [
    "ConvocationImprimee",
    "Emargement",
    "LigneEmargement",
    "PointImprime",
    "SeanceImprimee",
    "ecrit_de_convocation",
    "ecrit_de_l_ordre_du_jour",
    "rendre_convocations",
    "rendre_convocations_separees",
    "rendre_emargement",
    "rendre_etiquettes",
]
