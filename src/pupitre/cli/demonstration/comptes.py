"""The accounts of the demonstration, one for each way of using the software. All persons are invented."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.acces.droits import Role

DOMAINE = "plaine-centrale.example"
MOT_DE_PASSE = "Plaine-Centrale-2026"


@dataclass(frozen=True, slots=True)
class Compte:
    """`email`: the address with which one signs in. `organisation`: for a partner only.

    `commune`: INSEE code of the commune for which the person speaks.
    `debutant`: of the second council, empty, where one begins from the first file.
    """

    email: str
    prenom: str
    nom: str
    fonction: str
    role: Role
    organisation: str = ""
    commune: str = ""
    mot_de_passe: str = MOT_DE_PASSE
    debutant: bool = False

    @property
    def libelle_role(self) -> str:
        if self.debutant:
            return f"{self.role.label} d’un conseil qui débute (Arras)"
        return f"{self.role.label}, {self.organisation}" if self.organisation else str(self.role.label)

    def __str__(self) -> str:
        return f"{self.email}  {self.mot_de_passe}  {self.libelle_role}"


def _compte(
    identifiant: str,
    prenom: str,
    nom: str,
    fonction: str,
    role: Role,
    organisation: str = "",
    commune: str = "",
) -> Compte:
    return Compte(f"{identifiant}@{DOMAINE}", prenom, nom, fonction, role, organisation, commune)


COMPTES = (
    _compte("coordination", "Hélène", "Marchand", "coordonnatrice du CISPD", Role.COORDINATEUR),
    _compte("assistance", "Samir", "Belkacem", "assistant de la coordonnatrice", Role.ASSISTANT),
    _compte("presidence", "Marianne", "Delaunay", "présidente du CISPD", Role.PRESIDENT),
    _compte("elu", "Thomas", "Ribeiro", "adjoint délégué à la tranquillité publique", Role.ELU_DELEGUE),
    _compte("maire", "Olivier", "Castaing", "maire d’Alfortville", Role.MAIRE_MEMBRE, commune="94002"),
    _compte("dgs", "Nadia", "Perrot", "directrice générale des services", Role.DGS, commune="94002"),
    _compte(
        "police",
        "Frédéric",
        "Lemoine",
        "commissaire, chef de district",
        Role.PARTENAIRE,
        "Police nationale",
    ),
    _compte("bailleur", "Inès", "Fontaine", "chargée de tranquillité", Role.PARTENAIRE, "Créteil Habitat"),
    _compte("prefecture", "Julien", "Aubry", "bureau de la prévention", Role.PREFECTURE),
    _compte("parquet", "Sophie", "Garnier", "secrétaire générale du parquet", Role.PARQUET),
    Compte(
        f"coordination.arras@{DOMAINE}",
        "Claire",
        "Vasseur",
        "coordonnatrice du CLSPD d’Arras",
        Role.COORDINATEUR,
        debutant=True,
    ),
    _compte("technique", "Karim", "Duval", "administrateur technique", Role.ADMINISTRATEUR),
)
