"""What goes in and out, as OpenAPI says it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema


class Attendue(Schema):
    periode: str = Field(description="La période, en clair.")
    debut: date = Field(description="Son premier jour.")
    echeance: date = Field(description="Le jour où elle doit être là.")
    etat: str = Field(
        description="avant, attendue, retard, manquante, a_publier, publiee, renvoyee ou corrigee."
    )


class SourceDite(Schema):
    code: str
    nom: str
    rythme: str
    format: str
    attendues: list[Attendue] = Field(
        description="Ce qui n’est pas encore reçu, de la plus ancienne à la plus récente."
    )


class Sources(Schema):
    conseil: str
    organisation: str
    sources: list[SourceDite]


class Constat(Schema):
    gravite: str = Field(description="bloquante, avertissement ou information.")
    code: str
    message: str
    feuille: str
    ligne: int | None
    colonne: str


class Comprise(Schema):
    observations: int = Field(description="Observations lues.")
    retenues: int = Field(description="Celles qui concernent le conseil.")
    periode: str
    natures: list[str]
    unites: list[str]


class LivraisonDite(Schema):
    id: UUID
    source: str
    fichier: str
    sha256: str
    taille: int
    recue_le: datetime
    etat: str = Field(description="recue, lue, controlee, publiee, rejetee ou remplacee.")
    etat_en_clair: str
    comprise: Comprise | None = Field(description="Absent tant que le fichier n’est pas lu.")
    refus: str = Field(description="Pourquoi elle est rejetée ; vide sinon.")
    remplacee_par: UUID | None
    anomalies: list[Constat] = Field(description="Les 500 premières.")
    nombre_d_anomalies: int


class Recue(Schema):
    id: UUID
    etat: str
    adresse: str = Field(description="Où suivre sa lecture.")


class SourceCitee(Schema):
    source: str
    libelle: str
    producteur: str
    millesime: str
    donnees_fictives: bool
    reserves: str
    fichiers: list[dict]


class ColonneDite(Schema):
    cle: str
    libelle: str
    nature: str
    unite: str


class Chiffres(Schema):
    titre: str
    unite: str
    perimetre: str
    periode: str
    debut: date
    fin: date
    sources: list[SourceCitee]
    methode: str
    ruptures: list[dict]
    retenus: list[str] = Field(description="Ce qui n’est pas montré, et pourquoi.")
    colonnes: list[ColonneDite]
    lignes: list[dict] = Field(
        description="Une case sans chiffre est un objet {absent, raison}, jamais zéro ni vide."
    )


class Erreur(Schema):
    quoi: str
    pourquoi: str
    que_faire: str
    feuille: str | None = None
    ligne: int | None = None
    colonne: str | None = None


class Refusee(Schema):
    erreur: Erreur
    livraison: UUID | None = Field(None, description="La livraison déjà reçue, si le même fichier l’a été.")
