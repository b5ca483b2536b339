"""The directory of the demonstration: some eighty invented people, those who left, those who came, what is vacant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DOMAINE = "plaine-centrale.example"
DEPUIS = date(2022, 9, 1)
_PRENOMS = (
    "Camille", "Karim", "Sylvie", "Antoine", "Fatou", "Laurent", "Nora", "Philippe", "Leïla", "Bruno",
    "Anaïs", "Mehdi", "Isabelle", "Yann", "Aminata", "Gilles", "Chloé", "Rachid", "Martine", "Étienne",
    "Sarah", "Vincent", "Awa", "Thierry", "Élodie", "Mourad", "Cécile", "Damien", "Inès", "Pascal",
    "Maud", "Ousmane", "Véronique", "Hugo", "Salima", "Fabrice", "Lucie", "Hakim", "Béatrice", "Romain",
    "Djamila",
)  # fmt: skip
_NOMS = (
    "Lefort", "Benali", "Rousselin", "Carpentier", "Diallo", "Vasseur", "Haddad", "Noël", "Mansouri", "Leclère",
    "Tessier", "Ouali", "Perrin", "Le Goff", "Traoré", "Marchal", "Delmas", "Cherif", "Aubert", "Gauthier",
    "Besnard", "Pelletier", "Cissé", "Guérin", "Fournier", "Saïdi", "Blanchet", "Meunier", "Baptista", "Jacquet",
    "Roussel", "Konaté", "Dumas", "Lacombe", "Belaïd", "Chevalier", "Maillard", "Zerrouki",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Poste:
    """`vacant`: since when nobody holds it. `successions`: the days on which the holder changed.

    `titulaire`: an account of the demonstration holds it today (its local part). `supplee`: the post above it.
    """

    intitule: str
    qualite: str = ""
    service: str = ""
    vacant: date | None = None
    successions: tuple[date, ...] = ()
    titulaire: str = ""
    supplee: bool = False


def _p(intitule: str, qualite: str = "", **champs) -> Poste:
    return Poste(intitule, qualite, **champs)


_MAIRIE = (
    _p("directeur ou directrice de cabinet", successions=(date(2026, 3, 30),)),
    _p("responsable de la police municipale", service="Police municipale"),
    _p("responsable du service jeunesse", service="Jeunesse", successions=(date(2025, 9, 1),)),
)
_POSTES: dict[str, tuple[Poste, ...]] = {
    "Ville de Créteil": (_p("maire", "maire"), _p("premier adjoint", supplee=True), *_MAIRIE),
    "Ville d’Alfortville": (
        _p("maire", "maire", titulaire="maire"),
        _p("adjointe à la prévention", supplee=True),
        _p("directrice générale des services", titulaire="dgs"),
        *_MAIRIE,
    ),
    "Ville de Limeil-Brévannes": (
        _p("maire", "maire", successions=(date(2026, 3, 29),)),
        _p("adjoint à la sécurité", supplee=True),
        *_MAIRIE,
    ),
    "Plaine centrale du Val-de-Marne": (
        _p("présidente", "president-epci", titulaire="presidence"),
        _p("adjoint délégué à la tranquillité publique", "elu-delegue", titulaire="elu"),
        _p("coordonnatrice du CISPD", "coordonnateur", titulaire="coordination"),
        _p("assistant de la coordonnatrice", titulaire="assistance"),
    ),
    "Préfecture du Val-de-Marne": (
        _p("préfet ou préfète", "prefet", successions=(date(2024, 2, 12),)),
        _p("directeur ou directrice de cabinet", supplee=True, successions=(date(2026, 1, 15),)),
        _p("chargé de mission au bureau de la prévention", titulaire="prefecture", service="Bureau de la prévention"),
        _p("délégué ou déléguée du préfet", vacant=date(2026, 6, 1)),
    ),
    "Parquet de Créteil": (
        _p("procureur ou procureure de la République", "procureur", successions=(date(2025, 9, 1),)),
        _p("vice-procureur, section des mineurs", supplee=True, successions=(date(2026, 1, 5),)),
        _p("secrétaire générale du parquet", titulaire="parquet"),
    ),
    "Tribunal judiciaire de Créteil": (
        _p("président ou présidente du tribunal"),
        _p("juge des enfants coordonnateur", successions=(date(2025, 9, 1),)),
    ),
    "SPIP du Val-de-Marne": (_p("directeur ou directrice du service"), _p("référent travail d’intérêt général")),
    "PJJ du Val-de-Marne": (
        _p("directeur territorial ou directrice territoriale", successions=(date(2026, 2, 1),)),
        _p("responsable de l’unité de milieu ouvert", supplee=True),
    ),
    "Police nationale": (
        _p("commissaire, chef de district", "chef-police", titulaire="police"),
        _p("chef de la circonscription de Créteil", supplee=True, successions=(date(2024, 9, 1), date(2026, 9, 1))),
        _p("délégué à la cohésion police-population"),
        _p("intervenant social en commissariat", vacant=date(2026, 9, 15)),
    ),
    "DSDEN du Val-de-Marne": (
        _p("directeur académique ou directrice académique", successions=(date(2025, 2, 1),)),
        _p("proviseur vie scolaire", supplee=True),
        _p("référent violence en milieu scolaire", vacant=date(2026, 7, 10)),
    ),
    "Conseil départemental du Val-de-Marne": (
        _p("président ou présidente", "president-departement"),
        _p("vice-président délégué à la prévention", supplee=True),
        _p("responsable de la prévention spécialisée"),
    ),
    "Créteil Habitat": (
        _p("chargée de tranquillité", titulaire="bailleur"),
        _p("directeur ou directrice de la proximité", successions=(date(2026, 4, 1),)),
    ),
    "OGIF": (_p("responsable d’agence"),),
    "France Habitation": (_p("responsable d’agence", successions=(date(2025, 5, 1),)),),
    "RATP": (_p("correspondant ou correspondante sûreté"),),
    "STRAV": (_p("directeur ou directrice d’exploitation"),),
    "Mission locale des Bords de Marne": (_p("directeur ou directrice"),),
    "Caisse d’allocations familiales du Val-de-Marne": (_p("conseiller technique jeunesse et parentalité"),),
    "CCAS d’Alfortville": (_p("directeur ou directrice"),),
    "Espace Rencontre, prévention spécialisée": (
        _p("chef ou cheffe de service"), _p("éducateur ou éducatrice référente"),
    ),
    "Médiation Plaine": (_p("responsable de l’équipe de médiation", vacant=date(2026, 10, 1)),),
    "Association d’aide aux victimes du Val-de-Marne": (_p("juriste référente"),),
    "Union des commerçants de la Plaine": (_p("président ou présidente"),),
}  # fmt: skip
_NATURES = {
    "Plaine centrale du Val-de-Marne": "intercommunalite",
    "Préfecture du Val-de-Marne": "prefecture",
    "Parquet de Créteil": "parquet",
    "SPIP du Val-de-Marne": "spip",
    "Conseil départemental du Val-de-Marne": "departement",
    "Mission locale des Bords de Marne": "mission_locale",
    "Caisse d’allocations familiales du Val-de-Marne": "caf",
    "CCAS d’Alfortville": "ccas",
    "Espace Rencontre, prévention spécialisée": "prevention",
    "Médiation Plaine": "mediation",
    "Association d’aide aux victimes du Val-de-Marne": "victimes",
    "Union des commerçants de la Plaine": "commercants",
}
# Second hats: who holds the first post of one organisation also holds that one in another.
_CHAPEAUX = (
    ("Espace Rencontre, prévention spécialisée", "Médiation Plaine", "administrateur ou administratrice"),
    ("Mission locale des Bords de Marne", "Union des commerçants de la Plaine", "membre du bureau"),
    ("CCAS d’Alfortville", "Ville d’Alfortville", "référent ou référente égalité"),
)


class _EtatCivil:
    """Invented people, one after the other, always in the same order and never twice the same."""

    def __init__(self, conseil):
        self.conseil, self.rang = conseil, 0

    def suivante(self):
        from pupitre.annuaire.models import Personne
        from pupitre.socle.texte import cle_de_recherche

        i, self.rang = self.rang, self.rang + 1
        prenom, nom = _PRENOMS[i % len(_PRENOMS)], _NOMS[(i * 7 + i // len(_NOMS)) % len(_NOMS)]
        adresse = cle_de_recherche(f"{prenom} {nom}").replace(" ", ".")
        return Personne.objects.create(
            conseil=self.conseil,
            prenom=prenom,
            nom=nom,
            email=f"{adresse}@{DOMAINE}" if i % 9 else "",
            telephone=f"01 99 00 {i // 100:02} {i % 100:02}",
            telephone_prive=f"06 39 98 {i // 100:02} {i % 100:02}" if i % 5 == 0 else "",
            verifiee_le=date(2026, 1 + i % 10, 1 + i % 27) if i % 4 else None,
            fictive=True,
        )


def peupler(conseil) -> int:
    """Fill the directory of that council; accounts that exist hold their own post. Gives how many cards.

    Called again, it does nothing: the cards are there.
    """
    from django.db import transaction

    from pupitre.annuaire.models import Personne

    if conseil.personnes.filter(fictive=True).exists():
        return 0
    with transaction.atomic():
        etat_civil, tetes = _EtatCivil(conseil), {}
        for nom, postes in _POSTES.items():
            tetes[nom] = _tenir(conseil, nom, postes, etat_civil)
        _coiffer(conseil, tetes)
        _ranger(conseil)
        _reseaux(conseil, etat_civil)
    return Personne.objects.filter(conseil=conseil).count()


def _organisation(conseil, nom: str):
    from pupitre.acces.models import Organisation

    trouvee = conseil.organisations.filter(nom=nom).first()
    if trouvee is None:
        nature = _NATURES.get(nom, Organisation.Nature.AUTRE)
        trouvee = Organisation.objects.create(nom=nom, nature=nature, fictive=True)
        trouvee.conseils.add(conseil)
    return trouvee


def _tenir(conseil, nom: str, postes: tuple[Poste, ...], etat_civil: _EtatCivil):
    """Each post with its holders one after the other. Gives the card of the first post's holder."""
    from pupitre.annuaire.fonctions import quitter, remplacer
    from pupitre.annuaire.models import Fonction, Service

    organisation, tete = _organisation(conseil, nom), None
    for poste in postes:
        service = None
        if poste.service:
            service, _ = Service.objects.get_or_create(organisation=organisation, nom=poste.service)
        tenue = Fonction.objects.create(
            conseil=conseil,
            personne=_titulaire(conseil, poste.titulaire) or etat_civil.suivante(),
            organisation=organisation,
            service=service,
            intitule=poste.intitule,
            qualite=poste.qualite,
            suppleant_de=tete if poste.supplee else None,
            debut=DEPUIS,
        )
        for jour in poste.successions:
            tenue = remplacer(fonction=tenue, personne=etat_civil.suivante(), depuis=jour)
        if poste.vacant:
            tenue = quitter(fonction=tenue, depuis=poste.vacant) or tenue
        tete = tete or tenue
    return tete.personne


def _titulaire(conseil, local: str):
    """The card of an account, made if it is not there; None when the account is not either."""
    from pupitre.acces.models import Utilisateur
    from pupitre.annuaire.models import Personne

    compte = Utilisateur.objects.filter(email=f"{local}@{DOMAINE}").first() if local else None
    if compte is None:
        return None
    return Personne.objects.get_or_create(
        conseil=conseil,
        utilisateur=compte,
        defaults={
            "prenom": compte.prenom,
            "nom": compte.nom,
            "email": compte.email,
            "verifiee_le": date(2026, 10, 1),
            "fictive": True,
        },
    )[0]


def _coiffer(conseil, tetes: dict) -> None:
    from pupitre.annuaire.models import Fonction

    for premier, second, intitule in _CHAPEAUX:
        if tetes[premier] is not None:
            Fonction.objects.create(
                conseil=conseil,
                personne=tetes[premier],
                organisation=_organisation(conseil, second),
                intitule=intitule,
                debut=date(2024, 1, 8),
            )


def _ranger(conseil) -> None:
    from pupitre.annuaire.models import ListeDePersonnes
    from pupitre.annuaire.selectors import du_conseil
    from pupitre.annuaire.services import etiqueter, ranger

    def chez(*natures: str) -> list[int]:
        de_la = {"fonctions__organisation__nature__in": natures, "fonctions__fin__isnull": True}
        return list(du_conseil(conseil).filter(**de_la).distinct().values_list("pk", flat=True))

    etiqueter(conseil=conseil, personnes=chez("parquet", "tribunal", "justice", "pjj", "spip"), nom="justice")
    etiqueter(conseil=conseil, personnes=chez("bailleur"), nom="bailleurs")
    etiqueter(conseil=conseil, personnes=chez("prevention", "mediation", "education"), nom="jeunesse")
    voeux = ListeDePersonnes.objects.create(conseil=conseil, nom="Invités à la plénière annuelle")
    ranger(conseil=conseil, personnes=du_conseil(conseil).values_list("pk", flat=True)[:40], liste=voeux)


def _reseaux(conseil, etat_civil: _EtatCivil) -> None:
    from pupitre.annuaire.models import Fonction, Reseau

    for nom, genre, ou in (
        ("Coordonnateurs du Val-de-Marne", "coordonnateurs", ("CLSPD de Villeneuve", "CLSPD de Choisy")),
        ("Conseils voisins", "voisins", ("CLSPD de Maisons-Alfort", "CLSPD de Bonneuil")),
    ):
        reseau = Reseau.objects.create(conseil=conseil, nom=nom, genre=genre, animateur="données fictives")
        for voisin in ou:
            personne = etat_civil.suivante()
            Fonction.objects.create(
                conseil=conseil,
                personne=personne,
                organisation=_organisation(conseil, voisin),
                intitule="coordonnateur ou coordonnatrice",
                debut=DEPUIS,
            )
            reseau.personnes.add(personne)
