"""The sources of annex 6, ready to be declared: who sends what, at what rhythm, in which columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from pupitre.acces.models import Organisation
from pupitre.moteur import nomenclatures
from pupitre.observatoire.models import Frequence

N, F = Organisation.Nature, Frequence


class Forme(StrEnum):
    """What the file looks like, and so which empty file is offered to the partner."""

    PUBLIEE = "publiee"  # published by the State: nothing to fill in
    INDEX = "index"  # the 107 index of the état 4001, one column per month
    COMPTES = "comptes"  # one row per period, place and nature, with a number
    FAITS = "faits"  # one row per fact, with its day and place
    FAITS_MARQUANTS = "faits_marquants"  # told, not counted: entered or imported on their own page
    SAISIE = "saisie"  # entered in Pupitre by the mayors' offices


@dataclass(frozen=True, slots=True)
class Colonne:
    titre: str
    sens: str
    exemple: str = ""


@dataclass(frozen=True, slots=True)
class SourcePrete:
    """One kind of source.

    Attributes:
        organisation: name proposed for the partner; empty when it must be named (which landlord?).
        plusieurs: several partners may each send one (landlords, carriers, town halls).
        lieu: title of the column that says where, finer than the commune; empty when there is none.
        suites: what was done about each incident is asked too.
        familles: codes of the natures that it counts, of headings, or names of nomenclatures.
        autres_natures: other kinds of organisations that may send it.
        ouverte: published under an open licence.
    """

    code: str
    nom: str
    nature: str
    format: str
    frequence: str
    explication: str
    forme: Forme
    organisation: str = ""
    producteur: str = ""
    plusieurs: bool = False
    lieu: str = ""
    suites: bool = False
    familles: tuple[str, ...] = ()
    ouverte: bool = False
    autres_natures: tuple[str, ...] = field(default=())

    @property
    def natures(self) -> tuple[nomenclatures.Nature, ...]:
        return _natures(self.familles)

    @property
    def rythme(self) -> str:
        return str(F(self.frequence).label)

    @property
    def natures_des_suites(self) -> tuple[nomenclatures.Nature, ...]:
        return _natures(("inc:suites",)) if self.suites else ()

    @property
    def deposable(self) -> bool:
        return self.forme not in (Forme.FAITS_MARQUANTS, Forme.SAISIE)

    @property
    def a_remplir(self) -> bool:
        """An empty file may be given to the partner."""
        return self.forme not in (Forme.PUBLIEE, Forme.SAISIE)

    @property
    def partenaires(self) -> tuple[str, ...]:
        """Kinds of organisations that may send it."""
        return (self.nature, *self.autres_natures)

    @property
    def colonnes(self) -> tuple[Colonne, ...]:
        return _COLONNES[self.forme](self)


@lru_cache
def _natures(familles: tuple[str, ...]) -> tuple[nomenclatures.Nature, ...]:
    """Natures counted under these codes; a heading, or a nomenclature, stands for what is under it."""
    toutes = {n.code: n for n in nomenclatures.natures()}

    def sous(code: str) -> bool:
        while code:
            if code in familles:
                return True
            code = toutes[code].parent if code in toutes else ""
        return False

    return tuple(n for n in toutes.values() if n.mesurable and (n.nomenclature in familles or sous(n.code)))


_PERIODES = {
    F.SEMAINE: Colonne("Semaine", "La semaine comptée.", "2026-S45"),
    F.MOIS: Colonne("Mois", "Le mois compté.", "octobre 2026"),
    F.TRIMESTRE: Colonne("Trimestre", "Le trimestre compté.", "2026-T3"),
    F.ANNEE: Colonne("Année", "L’année comptée.", "2026"),
    F.ANNEE_SCOLAIRE: Colonne("Année scolaire", "De septembre à août, non l’année civile.", "2025-2026"),
}
_COMMUNE = Colonne("Commune", "Une commune du conseil.", "Créteil")
_SECTEUR = Colonne("Secteur", "Le secteur, s’il est connu.", "Mont-Mesly")
_SUITE = Colonne(
    "Suite donnée", "Ce qui a été fait\u202f: compté à part, jamais avec eux.", "Plaintes déposées"
)


def _comptes(s: SourcePrete) -> tuple[Colonne, ...]:
    lieu = (Colonne(s.lieu, "Plus précis que la commune, si vous le suivez ainsi."),) if s.lieu else ()
    suite = (_SUITE,) if s.suites else ()
    nature = Colonne("Nature", "L’une des natures ci-dessous.", s.natures[0].libelle)
    nombre = Colonne("Nombre", "Un entier\u202f; zéro s’écrit 0, une case vide ne compte pas.", "4")
    secteur = (_SECTEUR,) if s.frequence in (F.MOIS, F.TRIMESTRE) and s.nature != N.POLICE else ()
    return (_PERIODES[F(s.frequence)], _COMMUNE, *secteur, *lieu, nature, *suite, nombre)


def _faits(s: SourcePrete) -> tuple[Colonne, ...]:
    suite = (_SUITE,) if s.suites else ()
    return (
        Colonne("Date", "Le jour du fait.", "03/10/2026"),
        Colonne("Heure", "Si elle est connue.", "22:30"),
        _COMMUNE,
        _SECTEUR,
        Colonne("Adresse", "Le lieu du fait, jamais celle d’une personne.", "place de l’Église"),
        Colonne("Nature", "L’une des natures ci-dessous.", s.natures[0].libelle),
        *suite,
    )


def _index(s: SourcePrete) -> tuple[Colonne, ...]:
    return (
        Colonne("Index", "De 1 à 107.", "27"),
        Colonne("Libellé", "Celui de l’état 4001.", "Cambriolages de locaux d’habitations principales"),
        Colonne("Un mois par colonne", "Les faits constatés du mois.", "12"),
    )


def _marquants(s: SourcePrete) -> tuple[Colonne, ...]:
    return (
        Colonne("Date", "Le jour du fait.", "03/11/2026"),
        _COMMUNE,
        _SECTEUR,
        Colonne("Fait", "En une phrase, sans désigner personne.", "Deux véhicules brûlés sur un parking."),
        Colonne("Commentaire", "Ce qui a été fait, ou ce qui se répète.", "Troisième fois en dix jours."),
    )


def _aucune(s: SourcePrete) -> tuple[Colonne, ...]:
    return ()


_COLONNES = {
    Forme.PUBLIEE: _aucune,
    Forme.SAISIE: _aucune,
    Forme.INDEX: _index,
    Forme.COMPTES: _comptes,
    Forme.FAITS: _faits,
    Forme.FAITS_MARQUANTS: _marquants,
}

PRETES: tuple[SourcePrete, ...] = (
    SourcePrete(
        "etat-4001-mensuel",
        "État 4001 mensuel",
        N.POLICE,
        "etat4001_mensuel",
        F.MOIS,
        "Le tableau mensuel de la circonscription\u202f: index par mois, ou index par commune.",
        Forme.INDEX,
        "Police nationale",
        "Police nationale",
        familles=("4001",),
    ),
    SourcePrete(
        "police-affinees",
        "Statistiques affinées",
        N.POLICE,
        "comptages",
        F.MOIS,
        "Différends conjugaux et familiaux, délinquance des mineurs, violences routières, conduites sous addiction.",
        Forme.COMPTES,
        "Police nationale",
        familles=(
            "pn:differends_familiaux",
            "pn:mineurs_mis_en_cause",
            "pn:violences_routieres",
            "pn:conduite_addiction",
        ),
    ),
    SourcePrete(
        "police-faits-localises",
        "Faits localisés",
        N.POLICE,
        "faits",
        F.MOIS,
        "Les faits d’un ou de quelques index avec leur jour, leur heure et leur lieu, pour lire les secteurs et les "
        "heures.",
        Forme.FAITS,
        "Police nationale",
        familles=("4001:27", "4001:28", "4001:35", "4001:36", "4001:37", "4001:38", "4001:43"),
        autres_natures=(N.GENDARMERIE,),
    ),
    SourcePrete(
        "police-faits-marquants",
        "Faits marquants, point hebdomadaire",
        N.POLICE,
        "",
        F.SEMAINE,
        "Faits qui se répètent ou particulièrement graves. Ils se lisent un par un et ne se comptent pas\u202f: ils se "
        "saisissent ou s’importent sur leur propre page.",
        Forme.FAITS_MARQUANTS,
        "Police nationale",
        autres_natures=(N.GENDARMERIE, N.MAIRIE),
    ),
    SourcePrete(
        "gendarmerie-4001-mensuel",
        "État 4001 mensuel de la gendarmerie",
        N.GENDARMERIE,
        "etat4001_mensuel",
        F.MOIS,
        "Le même tableau, par brigade ou par compagnie\u202f: une feuille pour chacune, son nom en titre.",
        Forme.INDEX,
        producteur="Gendarmerie nationale",
        plusieurs=True,
        familles=("4001",),
    ),
    SourcePrete(
        "education-signalements",
        "Signalements des établissements",
        N.EDUCATION,
        "comptages",
        F.ANNEE_SCOLAIRE,
        "L’état statistique des signalements, arrêté sur l’année scolaire et non sur l’année civile.",
        Forme.COMPTES,
        "Éducation nationale",
        lieu="Niveau",
        familles=("inc:education",),
    ),
    SourcePrete(
        "justice-annuelle",
        "Statistiques annuelles du tribunal judiciaire",
        N.JUSTICE,
        "comptages",
        F.ANNEE,
        "Affaires poursuivables et réponses données\u202f: poursuites, alternatives, classements.",
        Forme.COMPTES,
        "Tribunal judiciaire",
        familles=(
            "inc:affaires_poursuivables", "inc:poursuites", "inc:classements_sans_suite", "inc:composition_penale",
            "inc:rappel_loi", "inc:mediation_penale", "inc:tig_prononce",
        ),
    ),
    SourcePrete(
        "correspondants-parquet",
        "Activité des correspondants du parquet",
        N.JUSTICE,
        "comptages",
        F.ANNEE,
        "Combien de fois les maires et les partenaires les ont saisis, et combien de réponses leur sont revenues.",
        Forme.COMPTES,
        "Parquet",
        familles=("inc:visite_correspondant_parquet", "inc:retour_parquet"),
    ),
    SourcePrete(
        "pjj-bilan",
        "Bilan de la protection judiciaire de la jeunesse",
        N.PJJ,
        "comptages",
        F.ANNEE,
        "Prises en charge, mesures de réparation, opérations citoyenneté et leurs participants.",
        Forme.COMPTES,
        "PJJ",
        familles=(
            "inc:mineurs_suivis_pjj", "inc:mesure_educative", "inc:reparation_penale", "inc:operation_citoyennete",
            "inc:journee_citoyennete",
        ),
    ),
    SourcePrete(
        "transporteur-incidents",
        "Incidents dans les transports et suites données",
        N.TRANSPORTEUR,
        "comptages",
        F.MOIS,
        "Les nombres du mois, par nature et par commune, avec la suite donnée.",
        Forme.COMPTES,
        plusieurs=True,
        lieu="Ligne",
        suites=True,
        familles=("inc:transports",),
    ),
    SourcePrete(
        "transporteur-faits",
        "Liste des incidents dans les transports",
        N.TRANSPORTEUR,
        "faits",
        F.MOIS,
        "Chaque incident contre les personnes ou le matériel, avec son jour, son heure, son lieu et sa suite.",
        Forme.FAITS,
        plusieurs=True,
        suites=True,
        familles=("inc:transports",),
    ),
    SourcePrete(
        "bailleur-incidents",
        "Incidents dans les résidences",
        N.BAILLEUR,
        "comptages",
        F.MOIS,
        "Occupations de hall, violences contre les gardiens, troubles de jouissance, par résidence ou par secteur.",
        Forme.COMPTES,
        plusieurs=True,
        lieu="Résidence",
        suites=True,
        familles=("inc:bailleurs",),
    ),
    SourcePrete(
        "police-municipale",
        "Main courante de la police municipale",
        N.MAIRIE,
        "faits",
        F.MOIS,
        "L’export de la main courante\u202f: une ligne par intervention. Les récits et les noms ne sont pas lus.",
        Forme.FAITS,
        plusieurs=True,
        suites=True,
        familles=("inc:police_municipale",),
    ),
    SourcePrete(
        "acteurs-sociaux",
        "Activité des acteurs sociaux",
        N.MAIRIE,
        "comptages",
        F.TRIMESTRE,
        "Médiation, prévention spécialisée, réussite éducative, accès au droit, aide aux victimes\u202f: des nombres, "
        "jamais des personnes.",
        Forme.COMPTES,
        plusieurs=True,
        familles=("inc:mediation",),
        autres_natures=(N.ASSOCIATION, N.DEPARTEMENT),
    ),
    SourcePrete(
        "doleances-importees",
        "Doléances des habitants, relevé d’une mairie",
        N.MAIRIE,
        "comptages",
        F.MOIS,
        "Le relevé que tient le cabinet d’un maire, par secteur et par nature.",
        Forme.COMPTES,
        plusieurs=True,
        familles=("inc:doleances",),
    ),
    SourcePrete(
        "doleances-saisies",
        "Doléances saisies en mairie",
        N.MAIRIE,
        "comptages",
        F.LIBRE,
        "Les cabinets des maires les saisissent ici, en deux minutes\u202f; chaque mois clos est versé.",
        Forme.SAISIE,
        "Mairies du conseil",
        familles=("inc:doleances",),
    ),
    SourcePrete(
        "etat-4001-annuel",
        "État 4001 par service, annuel",
        N.ETAT,
        "etat4001_services",
        F.ANNEE,
        "Le classeur publié chaque année\u202f: 107 index par circonscription de police et compagnie de gendarmerie.",
        Forme.PUBLIEE,
        "Ministère de l’Intérieur",
        "Ministère de l’Intérieur",
        familles=("4001",),
        ouverte=True,
    ),
    SourcePrete(
        "ssmsi-communal",
        "SSMSI, base communale",
        N.ETAT,
        "ssmsi_communal",
        F.ANNEE,
        "La base communale des principaux indicateurs, telle que publiée (csv, csv.gz ou parquet).",
        Forme.PUBLIEE,
        "Service statistique ministériel de la sécurité intérieure",
        "SSMSI",
        familles=("ssmsi",),
        ouverte=True,
    ),
    SourcePrete(
        "ssmsi-departemental",
        "SSMSI, base départementale",
        N.ETAT,
        "ssmsi_departemental",
        F.ANNEE,
        "Les mêmes indicateurs par département, pour situer le conseil.",
        Forme.PUBLIEE,
        "Service statistique ministériel de la sécurité intérieure",
        "SSMSI",
        familles=("ssmsi",),
        ouverte=True,
    ),
    SourcePrete(
        "effectifs-police-municipale",
        "Effectifs des polices municipales",
        N.ETAT,
        "comptages",
        F.ANNEE,
        "Le tableau publié des policiers municipaux, agents de surveillance et gardes champêtres, par commune.",
        Forme.PUBLIEE,
        "Ministère de l’Intérieur",
        "Ministère de l’Intérieur",
        familles=("eff",),
        ouverte=True,
    ),
)  # fmt: skip
