"""The demonstration's council: a plenary, a restricted formation, six groups, three years of turn-over.

All persons are invented. Cards that the directory already holds are taken as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pupitre.socle import horloge
from pupitre.socle.texte import cle_de_recherche

DEPUIS = date(2023, 9, 1)
CHARTE = date(2024, 1, 16)
REGLEMENT = date(2023, 12, 5)
ARRETE = date(2025, 1, 7)
RELEVE = date(2025, 9, 1)  # the day when a commissaire and a landlord's referent were replaced
_ASSOCIATIVES = ("association", "victimes")


@dataclass(frozen=True, slots=True)
class Qui:
    """`compte`: the beginning of the address of the account that the card is linked to."""

    cle: str
    civilite: str
    prenom: str
    nom: str
    intitule: str
    organisation: str
    nature: str
    qualite: str = ""
    compte: str = ""
    depuis: date = DEPUIS
    jusqu_au: date | None = None


_VEILLE_RELEVE = date(2025, 8, 31)
PERSONNES = (
    Qui("presidente", "mme", "Marianne", "Delaunay", "Présidente", "Plaine centrale", "mairie",
        "president-epci", "presidence"),
    Qui("coordo", "mme", "Hélène", "Marchand", "Coordonnatrice du CISPD", "Plaine centrale", "mairie",
        compte="coordination"),
    Qui("elu", "m", "Thomas", "Ribeiro", "Adjoint à la tranquillité publique", "Mairie de Créteil", "mairie",
        compte="elu"),
    Qui("maire_alfortville", "m", "Olivier", "Castaing", "Maire d’Alfortville", "Mairie d’Alfortville", "mairie",
        "maire", "maire"),
    Qui("maire_creteil", "mme", "Sylvie", "Armand", "Maire de Créteil", "Mairie de Créteil", "mairie", "maire"),
    Qui("prefete", "mme", "Catherine", "Vidal", "Préfète", "Préfecture du Val-de-Marne", "etat", "prefet"),
    Qui("bureau", "m", "Julien", "Aubry", "Bureau de la prévention", "Préfecture du Val-de-Marne", "etat",
        compte="prefecture"),
    Qui("procureur", "m", "Étienne", "Morvan", "Procureur de la République", "Parquet de Créteil", "justice",
        "procureur"),
    Qui("parquet", "mme", "Sophie", "Garnier", "Secrétaire générale du parquet", "Parquet de Créteil", "justice",
        compte="parquet"),
    Qui("spip", "mme", "Aurélie", "Tessier", "Directrice adjointe", "SPIP du Val-de-Marne", "justice"),
    Qui("commissaire_avant", "m", "Bernard", "Keller", "Commissaire, chef de district", "Police nationale",
        "police", jusqu_au=_VEILLE_RELEVE),
    Qui("commissaire", "m", "Frédéric", "Lemoine", "Commissaire, chef de district", "Police nationale", "police",
        compte="police", depuis=RELEVE),
    Qui("adjointe_police", "mme", "Leïla", "Bensaïd", "Commandante, adjointe", "Police nationale", "police"),
    Qui("bailleur_avant", "m", "Yann", "Cadiou", "Responsable de secteur", "Créteil Habitat", "bailleur",
        jusqu_au=_VEILLE_RELEVE),
    Qui("bailleur", "mme", "Inès", "Fontaine", "Chargée de tranquillité", "Créteil Habitat", "bailleur",
        compte="bailleur", depuis=RELEVE),
    Qui("dsden", "mme", "Florence", "Noël", "Conseillère technique", "DSDEN du Val-de-Marne", "education"),
    Qui("principal", "m", "Hugo", "Lambert", "Principal de collège", "DSDEN du Val-de-Marne", "education"),
    Qui("pjj", "m", "Malik", "Haddad", "Directeur territorial adjoint", "PJJ du Val-de-Marne", "pjj"),
    Qui("departement", "mme", "Claire", "Josse", "Cheffe de service", "Conseil départemental du Val-de-Marne",
        "departement"),
    Qui("transport", "m", "Gilles", "Ferrand", "Responsable sûreté", "Transports de la plaine", "transporteur"),
    Qui("victimes", "mme", "Odile", "Sarre", "Directrice", "Aide aux victimes 94", "victimes"),
    Qui("mediation", "m", "Ibrahim", "Sow", "Chef d’équipe", "Médiation Plaine", "association"),
    Qui("jeunesse", "mme", "Lucie", "Perrin", "Directrice jeunesse", "Mairie d’Alfortville", "mairie"),
    Qui("police_mun", "m", "Patrick", "Vasseur", "Chef de la police municipale", "Mairie de Créteil", "mairie"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Groupe:
    nature: str
    nom: str
    membres: str
    pilote: str = ""
    theme: str = ""
    objectifs: str = ""
    feuille_de_route: str = ""
    rythme: int | None = None
    charte: bool = False
    communes: tuple[str, ...] = ()


_LOI = "presidente maire_alfortville maire_creteil prefete procureur"
_FORCES = "commissaire_avant commissaire"
_BAILLEURS = "bailleur_avant bailleur"
GROUPES = (
    Groupe(
        "pleniere", "Formation plénière",
        f"coordo elu bureau spip {_FORCES} {_BAILLEURS} dsden pjj departement transport victimes mediation jeunesse",
        objectifs="Arrêter les orientations du conseil et rendre compte de l’année.", rythme=12,
    ),
    Groupe(
        "restreinte", "Formation restreinte",
        f"presidente coordo maire_alfortville maire_creteil bureau parquet {_FORCES} dsden elu",
        objectifs="Décider chaque mois du travail commun et suivre les décisions.", rythme=1,
    ),
    Groupe(
        "thematique", "Halls et parties communes",
        f"coordo elu adjointe_police {_BAILLEURS} mediation police_mun",
        "elu", "bailleurs",
        "Faire baisser d’un quart les occupations de hall signalées en deux ans.",
        "Tranquillité dans l’habitat", 2,
    ),
    Groupe(
        "thematique", "Violences intrafamiliales",
        "coordo parquet adjointe_police victimes departement jeunesse",
        "victimes", "violences-intrafamiliales",
        "Que chaque victime reçue par un partenaire soit orientée sous huit jours.",
        "Protection des victimes", 2, charte=True,
    ),
    Groupe(
        "thematique", "Décrochage et jeunesse",
        "coordo dsden principal pjj mediation jeunesse",
        "dsden", "jeunesse", "Repérer et raccrocher les collégiens exclus.", "Prévention auprès des jeunes", 3,
        charte=True,
    ),
    Groupe(
        "thematique", "Transports du soir",
        "coordo transport elu police_mun",
        "transport", "transports", "Réduire les incidents sur les trois lignes de soirée.",
        "Tranquillité dans l’espace public", 3,
    ),
    Groupe(
        "territoriale", "Alfortville sud",
        f"coordo maire_alfortville jeunesse mediation {_FORCES} {_BAILLEURS}",
        "", "tranquillite-publique", "Suivre les lieux où les plaintes se répètent.", "", 2, communes=("94002",),
    ),
    Groupe(
        "veille", "Cellule de veille",
        "coordo adjointe_police police_mun parquet pjj",
        "coordo", "", "Traiter chaque quinzaine les situations signalées.", "Réponse aux situations individuelles",
        1, charte=True,
    ),
)  # fmt: skip


def creer(conseil, auteurs) -> None:
    """Give the council its formations.

    Args:
        auteurs: accounts of the demonstration by the beginning of their address.
    """
    fiches = {q.cle: _fiche(conseil, q, auteurs) for q in PERSONNES}
    formations = [_formation(conseil, g, fiches) for g in GROUPES]
    _membres_de_droit(conseil, formations[0])
    _textes(conseil, [f for f in formations if f.regime == "sous_charte"], auteurs["coordination"])


def _fiche(conseil, q: Qui, auteurs):
    from pupitre.annuaire.models import Fonction, Personne

    fiche = Personne.objects.vivantes().filter(conseil=conseil, nom=q.nom, prenom=q.prenom).first()
    if fiche is None:
        compte = auteurs.get(q.compte)
        fiche = Personne.objects.create(
            conseil=conseil,
            civilite=q.civilite,
            prenom=q.prenom,
            nom=q.nom,
            cle=cle_de_recherche(f"{q.prenom} {q.nom}"),
            email=compte.email if compte else _adresse(q),
            utilisateur=compte,
            fictive=True,
        )
    if not fiche.fonctions.exists():
        Fonction.objects.create(
            conseil=conseil,
            personne=fiche,
            organisation=_organisation(conseil, q),
            intitule=q.intitule,
            qualite=q.qualite,
            debut=q.depuis,
            fin=q.jusqu_au,
        )
    return fiche


def _adresse(q: Qui) -> str:
    from django.utils.text import slugify

    return f"{slugify(q.prenom)}.{slugify(q.nom)}@plaine-centrale.example"


def _organisation(conseil, q: Qui):
    from pupitre.acces.models import Organisation

    trouvee = conseil.organisations.filter(nom=q.organisation).first()
    if trouvee is None:
        trouvee = Organisation.objects.create(nom=q.organisation, nature=q.nature, fictive=True)
        trouvee.conseils.add(conseil)
    return trouvee


def _formation(conseil, g: Groupe, fiches):
    from pupitre.conseils.formations import services
    from pupitre.conseils.models import Formation
    from pupitre.territoires.models import Commune

    with horloge.figee(DEPUIS):
        formation = services.enregistrer(
            formation=Formation(
                conseil=conseil,
                nature=g.nature,
                nom=g.nom,
                theme=g.theme,
                objectifs=g.objectifs,
                feuille_de_route=g.feuille_de_route,
                pilote=fiches.get(g.pilote),
                rythme_mois=g.rythme,
                regime="sous_charte" if g.charte else "sans_nominatif",
                debut=DEPUIS,
            ),
            communes=Commune.objects.filter(code__in=g.communes),
        )
    par_cle = {q.cle: q for q in PERSONNES}
    for cle in g.membres.split():
        q = par_cle[cle]
        membre = services.asseoir(
            formation=formation,
            personne=fiches[cle],
            titre="qualifie" if q.nature in _ASSOCIATIVES else "designe",
            debut=max(q.depuis, DEPUIS),
            coordination=cle == "coordo",
        )
        if q.jusqu_au is not None:
            services.finir(membre=membre, le=q.jusqu_au)
    return formation


def _membres_de_droit(conseil, pleniere) -> None:
    """Whoever holds a function that the law names takes its seat; Limeil-Brévannes stays vacant."""
    from pupitre.conseils.formations import composition, services

    for ligne in composition.composer(conseil, DEPUIS).lignes:
        if ligne.siege.collectif:
            _representants(pleniere, ligne.siege)
        elif ligne.pressenti is not None:
            services.installer(
                pleniere=pleniere,
                siege=ligne.siege,
                remplaces=(),
                personne=ligne.pressenti,
                debut=DEPUIS,
                titre="droit",
            )


_DESIGNES = {
    "services-etat": ("police", "etat", "education", "pjj", "justice"),
    "organismes": (*_ASSOCIATIVES, "bailleur", "transporteur"),
}


def _representants(pleniere, siege) -> None:
    from pupitre.conseils.formations import services

    designes = pleniere.membres.filter(siege="", organisation__nature__in=_DESIGNES[siege.cle])
    for membre in designes.select_related("personne"):
        services.installer(
            pleniere=pleniere,
            siege=siege,
            remplaces=(),
            personne=membre.personne,
            debut=membre.debut,
            titre="designe",
        )


def _textes(conseil, nominatives, auteur) -> None:
    from pupitre.conseils.formations import chartes, composition, ecrits, textes
    from pupitre.conseils.models import TexteConseil

    remplis = {
        "[nombre]": "quinze",
        "[rythme]": "chaque mois",
        "[service et adresse]": "la coordination du conseil",
    }
    for genre, le in ((TexteConseil.Genre.REGLEMENT, REGLEMENT), (TexteConseil.Genre.CHARTE, CHARTE)):
        corps = textes.modele(genre)
        for lacune, dit in remplis.items():
            corps = corps.replace(lacune, dit)
        texte = textes.commencer(conseil=conseil, genre=genre, corps=corps)
        if genre == TexteConseil.Genre.CHARTE:
            textes.ecrire(texte=texte, corps=corps, expire_le=date(2027, 1, 16), formations=nominatives)
        textes.adopter(texte=texte, le=le)
    with horloge.figee(ARRETE):
        arrete = ecrits.preparer_arrete(composition=composition.composer(conseil, ARRETE))
        textes.adopter(texte=arrete, le=ARRETE)
    charte = chartes.en_vigueur(conseil, CHARTE)
    for attendu in chartes.suivre(charte, CHARTE):
        # one signature is still awaited, so that the screen shows what to do
        if attendu.personne.nom != "Haddad":
            chartes.signer(charte=charte, personne=attendu.personne, le=CHARTE, auteur=auteur)
