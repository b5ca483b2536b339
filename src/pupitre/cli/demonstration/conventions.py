"""What each partner of the demonstration has agreed to. One has signed nothing, one gives to the State only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pupitre.cli.demonstration.comptes import DOMAINE

DEPUIS = date(2023, 10, 1)
TOUS = ("elus", "partenaires", "etat")
COURANTS = ("tableau", "bulletin", "etude", "transmission")


@dataclass(frozen=True, slots=True)
class ConventionPrevue:
    """`referent`: name and address, invented. An organisation that is not named here has signed nothing."""

    partenaire: str
    objet: str
    referent: str
    destinataires: tuple[str, ...] = TOUS
    usages: tuple[str, ...] = COURANTS
    reserves: str = ""
    fin: date | None = None
    delai: int = 20
    signataires: str = ""

    @property
    def adresse(self) -> str:
        return (
            f"referent.{''.join(c for c in self.partenaire.lower() if c.isascii() and c.isalpha())}@{DOMAINE}"
        )


# « Des démarches sont engagées » with France Habitation: it delivers, and its figures stay with the team.
CONVENTIONS = (
    ConventionPrevue(
        "Police nationale",
        "Partage des statistiques de la délinquance",
        "Commandante Claire Roussel",
        reserves="Chiffres de travail de la circonscription, non consolidés\u202f: seuls ceux du ministère font foi.",
        signataires="Le chef de district, la présidente du CISPD",
    ),
    ConventionPrevue(
        "DSDEN du Val-de-Marne",
        "Signalements des établissements",
        "Paul Estrade",
        reserves="Aucun établissement n’est nommé.",
        delai=45,
    ),
    ConventionPrevue(
        "Tribunal judiciaire de Créteil", "Statistiques annuelles du parquet", "Sophie Garnier", delai=90
    ),
    ConventionPrevue(
        "PJJ du Val-de-Marne",
        "Bilans annuels",
        "Aline Mercier",
        destinataires=("etat",),
        usages=("etude", "transmission"),
        delai=90,
    ),
    ConventionPrevue("RATP", "Incidents dans les bus", "Bruno Salvi", reserves="Lignes de bus seulement."),
    ConventionPrevue("STRAV", "Incidents dans les bus", "Denis Caron", fin=date(2026, 12, 31)),
    ConventionPrevue(
        "Créteil Habitat",
        "Tranquillité dans les résidences",
        "Inès Fontaine",
        reserves="Parc géré par Créteil Habitat seulement\u202f; les faits signalés ne sont pas tous constatés.",
        fin=date(2028, 9, 30),
    ),
    ConventionPrevue("OGIF", "Tranquillité dans les résidences", "Rachid Amrani"),
    ConventionPrevue("Ville de Créteil", "Prévention, sécurité et doléances", "Élise Fabre"),
    ConventionPrevue("Ville d’Alfortville", "Prévention, sécurité et doléances", "Mathieu Lenoir"),
    ConventionPrevue("Ville de Limeil-Brévannes", "Main courante et doléances", "Sandra Pinto"),
)


def creer(conseil, organisations: dict, sources: dict, auteur=None) -> None:
    """Each covers every source of its partner; what the State publishes needs none."""
    from pupitre.observatoire.collecte import conventions
    from pupitre.observatoire.models import Convention

    for c in CONVENTIONS:
        organisation = organisations[c.partenaire]
        conventions.enregistrer(
            convention=Convention(
                conseil=conseil,
                organisation=organisation,
                objet=c.objet,
                signataires=c.signataires,
                referent=c.referent,
                referent_email=c.adresse,
                destinataires=list(c.destinataires),
                usages=list(c.usages),
                reserves=c.reserves,
                debut=DEPUIS,
                fin=c.fin,
                delai=c.delai,
            ),
            sources=[s for s in sources.values() if s.organisation_id == organisation.pk],
            auteur=auteur,
        )
