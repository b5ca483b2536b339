"""Roles and rights: the one table that says which role may do what."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    COORDINATEUR = "coordinateur", "coordonnateur ou coordonnatrice"
    ASSISTANT = "assistant", "assistant ou assistante"
    PRESIDENT = "president", "président ou présidente"
    ELU_DELEGUE = "elu_delegue", "élu délégué ou élue déléguée"
    MAIRE_MEMBRE = "maire_membre", "maire membre"
    DGS = "dgs", "directeur ou directrice général des services"
    PARTENAIRE = "partenaire", "partenaire"
    PREFECTURE = "prefecture", "préfecture"
    PARQUET = "parquet", "parquet"
    ADMINISTRATEUR = "administrateur", "administrateur technique"


class Droit(models.TextChoices):
    """`libellé`: how a refusal names what was attempted."""

    VOIR_CHIFFRES = "voir_chiffres", "consulter le tableau de bord"
    TENIR_LECTURE = (
        "tenir_lecture",
        "poser des repères, choisir les indicateurs suivis et commenter les chiffres",
    )
    VOIR_PROVENANCE = "voir_provenance", "consulter les livraisons et leurs fichiers"
    DEPOSER = "deposer", "déposer un fichier"
    PUBLIER = "publier", "publier ou rejeter une livraison"
    LIRE_BULLETIN = "lire_bulletin", "lire les bulletins publiés"
    ECRIRE_BULLETIN = "ecrire_bulletin", "écrire et publier un bulletin"
    VISER_BULLETIN = "viser_bulletin", "donner le visa de la présidence"
    VOIR_FAITS_MARQUANTS = "voir_faits_marquants", "consulter les faits marquants"
    DEMANDER_DIAGNOSTIC = "demander_diagnostic", "demander un diagnostic"
    VOIR_DEMANDES = "voir_demandes", "consulter les demandes de données"
    DEMANDER_DONNEES = "demander_donnees", "demander des données"
    INSTRUIRE_DEMANDE = "instruire_demande", "instruire une demande de données"
    VISER_DEMANDE = "viser_demande", "viser la remise de données"
    VOIR_REGISTRE = "voir_registre", "consulter le registre des demandes de données"
    SAISIR_DOLEANCE = "saisir_doleance", "saisir les doléances d’une commune"
    REGLER_CONSEIL = "regler_conseil", "régler les communes, les secteurs et les sources"
    VOIR_COURRIELS = "voir_courriels", "consulter les courriels envoyés"
    VOIR_ANNUAIRE = "voir_annuaire", "consulter l’annuaire"
    VOIR_NUMEROS_PRIVES = "voir_numeros_prives", "voir les numéros privés de l’annuaire"
    TENIR_ANNUAIRE = "tenir_annuaire", "tenir l’annuaire"
    VOIR_CONSEIL = "voir_conseil", "consulter les formations, les séances et les décisions"
    TENIR_CONSEIL = "tenir_conseil", "préparer et tenir les séances, suivre les décisions"
    LIRE_DOSSIER = "lire_dossier", "lire le dossier de séance"
    VALIDER_COMPTE_RENDU = "valider_compte_rendu", "valider un compte rendu"
    VOIR_TERRITOIRE = "voir_territoire", "consulter les communes et les secteurs"
    ADMINISTRER = "administrer", "administrer les comptes"


_EQUIPE = {Role.COORDINATEUR, Role.ASSISTANT}
_ELUS = {Role.PRESIDENT, Role.ELU_DELEGUE, Role.MAIRE_MEMBRE, Role.DGS}

DROITS: dict[Droit, frozenset[Role]] = {
    Droit.VOIR_CHIFFRES: frozenset(_EQUIPE | _ELUS),
    Droit.TENIR_LECTURE: frozenset(_EQUIPE),
    Droit.VOIR_PROVENANCE: frozenset(_EQUIPE | {Role.PARTENAIRE}),
    Droit.DEPOSER: frozenset(_EQUIPE | {Role.PARTENAIRE}),
    Droit.PUBLIER: frozenset(_EQUIPE),
    Droit.LIRE_BULLETIN: frozenset(_EQUIPE | _ELUS | {Role.PREFECTURE, Role.PARQUET}),
    Droit.ECRIRE_BULLETIN: frozenset(_EQUIPE),
    Droit.VISER_BULLETIN: frozenset({Role.PRESIDENT}),
    Droit.VOIR_FAITS_MARQUANTS: frozenset(_EQUIPE | _ELUS),
    Droit.DEMANDER_DIAGNOSTIC: frozenset(_EQUIPE | _ELUS),
    Droit.VOIR_DEMANDES: frozenset(_EQUIPE | {Role.PRESIDENT, Role.PARTENAIRE}),
    Droit.DEMANDER_DONNEES: frozenset({Role.PARTENAIRE}),
    Droit.INSTRUIRE_DEMANDE: frozenset(_EQUIPE),
    Droit.VISER_DEMANDE: frozenset({Role.PRESIDENT}),
    Droit.VOIR_REGISTRE: frozenset(_EQUIPE | {Role.PRESIDENT}),
    Droit.SAISIR_DOLEANCE: frozenset(_EQUIPE | {Role.MAIRE_MEMBRE, Role.DGS, Role.ELU_DELEGUE}),
    Droit.REGLER_CONSEIL: frozenset({Role.COORDINATEUR}),
    Droit.VOIR_COURRIELS: frozenset(_EQUIPE),
    Droit.VOIR_ANNUAIRE: frozenset(_EQUIPE | _ELUS),
    Droit.VOIR_NUMEROS_PRIVES: frozenset(_EQUIPE | {Role.PRESIDENT}),
    Droit.TENIR_ANNUAIRE: frozenset(_EQUIPE),
    Droit.VOIR_CONSEIL: frozenset(_EQUIPE | _ELUS | {Role.PARTENAIRE, Role.PREFECTURE, Role.PARQUET}),
    Droit.TENIR_CONSEIL: frozenset(_EQUIPE),
    Droit.LIRE_DOSSIER: frozenset(_EQUIPE | _ELUS),
    Droit.VALIDER_COMPTE_RENDU: frozenset({Role.PRESIDENT}),
    Droit.VOIR_TERRITOIRE: frozenset(_EQUIPE | _ELUS | {Role.PARTENAIRE, Role.PREFECTURE, Role.PARQUET}),
    Droit.ADMINISTRER: frozenset({Role.ADMINISTRATEUR}),
}
