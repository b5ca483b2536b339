"""The draft of a convention, its terms filled in, for the two parties to finish and sign."""

from __future__ import annotations

from pupitre.documents.ecrits import ACompleter, Ecrit, Liste, Paragraphe, Signature, Titre, rendre
from pupitre.observatoire.models import Convention
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue


def projet(convention: Convention, format: str) -> bytes:
    """The file. Raises KeyError on an unknown format."""
    return rendre(ecrire(convention), format)


def ecrire(convention: Convention) -> Ecrit:
    c = convention
    duree = f"du {date_longue(c.debut)} " + (f"au {date_longue(c.fin)}" if c.fin else "sans terme fixé")
    pour = c.libelles_destinataires or ["l’équipe de l’observatoire seule"]
    return Ecrit(
        titre="Convention de partage de données",
        sous_titre=f"{c.conseil} et {c.organisation}",
        surtitre="Projet",
        emetteur=str(c.conseil),
        jour=horloge.aujourdhui(),
        fictif=c.conseil.fictif,
        blocs=(
            Titre(1, "Article 1. Objet"),
            Paragraphe(
                f"{c.organisation} transmet à l’observatoire du {c.conseil} les données désignées ci-dessous, pour la "
                "connaissance de la délinquance et des incivilités sur le territoire du conseil."
            ),
            Liste(tuple(f"{s.nom}, {s.get_frequence_display()}" for s in c.sources.all())),
            Titre(1, "Article 2. Transmission"),
            Paragraphe(
                f"Les données d’une période sont transmises dans les {c.delai} jours qui la suivent, par dépôt sur un "
                "lien personnel, par l’espace du partenaire ou par un fichier remis au conseil. Elles ne "
                "désignent aucune personne."
            ),
            Paragraphe(
                f"Référent\u202f: {c.referent or 'à désigner'}. {c.referent_email} {c.referent_telephone}"
            ),
            Titre(1, "Article 3. Qui lit, et pour quel usage"),
            Liste(tuple(pour)),
            Liste(tuple(c.libelles_usages) or ("aucun usage hors de l’équipe",)),
            Paragraphe(
                "Hors de l’équipe, aucun nombre de moins de cinq faits par secteur n’est montré, ni aucune valeur qui "
                "permettrait de le retrouver. Toute demande d’un autre partenaire est soumise à l’accord du "
                "propriétaire."
            ),
            Titre(1, "Article 4. Réserves"),
            Paragraphe(c.reserves) if c.reserves else ACompleter("Les réserves à écrire avec les chiffres."),
            Titre(1, "Article 5. Durée"),
            Paragraphe(f"La présente convention vaut {duree}. Elle peut être dénoncée par écrit."),
            Signature("Pour le conseil", "", ""),
            Signature(f"Pour {c.organisation}", "", ""),
        ),
    )
