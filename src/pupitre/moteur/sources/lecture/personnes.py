"""Columns that would name persons: nothing nominative enters the engine."""

from __future__ import annotations

import re

from pupitre.moteur.nomenclatures.libelles import cle

# « nom » alone or of someone; never « nom de la commune », « nom du quartier », « nombre ».
NOMINATIVE = re.compile(
    r"(?:nom|noms|prenom|prenoms|nom et prenom|nom prenom|nom usuel|nom de naissance|patronyme|identite)\Z"
    r"|(?:nom|prenom|identite|adresse|telephone|tel|coordonnees)s? (?:de |du |de la |des |de l')?"
    r"(?:victime|auteur|plaignant|temoin|requerant|mis en cause|locataire|gardien|eleve|mineur|declarant|demandeur)s?\b"
    r"|(?:tel|telephone|portable|mail|e-mail|email|courriel|adresse mail|adresse e-mail|adresse electronique)\b"
    r"|(?:date|lieu) de naissance\b|ne\(e\) le\b|ne le\b|n° ?(?:de )?securite sociale|nir\Z"
    r"|immatriculation|plaque\b|n° ?allocataire"
)


def est_nominative(entete: str) -> bool:
    """True for a header that announces names, addresses of persons, telephones, birth dates, plates."""
    return NOMINATIVE.match(cle(entete)) is not None
