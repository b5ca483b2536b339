"""Extracts of the BAN and addresses of a delivery, put into words and tables for the screens."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.observatoire.collecte.adresses import etat_des_communes
from pupitre.observatoire.collecte.placement import BilanAdresses
from pupitre.observatoire.etats import OUVERTES
from pupitre.observatoire.models import AdresseReglee, Livraison
from pupitre.observatoire.selectors import etat_de
from pupitre.socle.texte import nombre, pluriel, pourcent
from pupitre.territoires.models import Conseil

PRECISIONS = {"numero": "au numéro", "lieu": "au lieu", "voie": "à la voie"}
_LIGNES = (
    ("numero", "Trouvés au numéro", "au point de l’adresse"),
    ("lieu", "Trouvés au lieu", "un lieu nommé, ou l’angle de deux voies"),
    ("voie", "Trouvés à la voie", "un repère dans la rue\u202f: le numéro manque ou n’est pas connu"),
    ("secteur", "Au secteur seulement", "sans point\u202f: le secteur est sûr, l’endroit ne l’est pas"),
    ("sans_lieu", "Laissés sans lieu", "vous l’avez décidé"),
    ("dehors", "Hors du conseil", "vous l’avez décidé\u202f; ils ne sont pas publiés"),
    ("douteuse", "Douteux", "plusieurs endroits possibles, ou une écriture trop lointaine"),
    ("introuvable", "Introuvables", "aucune voie ni aucun lieu de ce nom"),
    ("sans_ban", "Non cherchés", "le conseil n’a pas d’extrait de la BAN"),
    ("sans_adresse", "Sans adresse", "la case est vide"),
)


@dataclass(frozen=True, slots=True)
class AdressesEnClair:
    """`lignes`: what, how many facts, what it means. `a_regler`: distinct addresses that wait for an answer."""

    phrase: str
    lignes: tuple[tuple[str, int, str], ...]
    a_regler: int
    a_appliquer: int
    ouverte: bool


def adresses_en_clair(livraison: Livraison) -> AdressesEnClair | None:
    """None when the file has no address, or is not read yet."""
    contenu = livraison.lecture.get("adresses")
    if not contenu:
        return None
    bilan = BilanAdresses.from_dict(contenu)
    if not bilan.adresses:
        return None
    part = pourcent(100 * bilan.trouvees / bilan.adresses)
    lignes = tuple((titre, getattr(bilan, c), sens) for c, titre, sens in _LIGNES if getattr(bilan, c))
    ouverte = etat_de(livraison) in OUVERTES
    return AdressesEnClair(
        f"{part} des {pluriel(bilan.adresses, 'fait')} qui ont une adresse sont situés, au secteur au moins.",
        lignes,
        livraison.adresses_douteuses.count() if ouverte else 0,
        reponses_a_appliquer(livraison) if ouverte else 0,
        ouverte,
    )


def reponses_a_appliquer(livraison: Livraison) -> int:
    """Answers given since the file was last read."""
    lue = livraison.evenements.order_by("-pk").values_list("le", flat=True).first()
    reponses = AdresseReglee.objects.filter(livraison=livraison)
    return (reponses.filter(regle_le__gt=lue) if lue else reponses).count()


def table_des_extraits(conseil: Conseil):
    """One row a commune, as it leaves (CSV, XLSX)."""
    from pupitre.documents.tableaux import Table

    lignes = []
    for commune, adresses, lieux in etat_des_communes(conseil):
        lignes.append(
            (
                commune.code,
                commune.nom,
                adresses.lignes if adresses else None,
                adresses.noms if adresses else None,
                adresses.a_jour_au if adresses else None,
                adresses.nom_fichier if adresses else "",
                adresses.sha256 if adresses else "",
                lieux.lignes if lieux else None,
                lieux.a_jour_au if lieux else None,
            )
        )
    return Table(
        titre=f"Adresses connues, {conseil}",
        entetes=(
            "Code INSEE",
            "Commune",
            "Adresses",
            "Voies",
            "À jour au",
            "Fichier",
            "Empreinte SHA-256",
            "Lieux nommés",
            "Lieux à jour au",
        ),
        lignes=tuple(lignes),
        lecture=(("Source", "Base Adresse Nationale, Licence Ouverte 2.0"),),
    )


def apres_import(importe) -> str:
    """What an import kept, in one sentence or two."""
    communes = ", ".join(f"{e.commune} ({nombre(e.lignes)})" for e in importe.extraits)
    suite = []
    if importe.absentes:
        suite.append(f"Le fichier ne dit rien de {', '.join(c.nom for c in importe.absentes)}.")
    if importe.sans_point:
        suite.append(f"{pluriel(importe.sans_point, 'ligne')} sans coordonnées laissées de côté.")
    return " ".join([f"Importé\u202f: {communes}.", *suite])
