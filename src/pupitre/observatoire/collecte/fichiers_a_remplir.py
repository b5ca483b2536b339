"""The empty file that a partner without a tool of its own fills in; it is read back without any setting."""

from __future__ import annotations

from datetime import date

from pupitre.documents.a_remplir import TableVide, vers_csv, vers_xlsx
from pupitre.moteur import nomenclatures
from pupitre.observatoire.collecte.sources_pretes import Forme, SourcePrete
from pupitre.socle import horloge
from pupitre.socle.texte import mois_annee
from pupitre.territoires.models import Conseil

FEUILLE = "À remplir"


def ecrire(modele: SourcePrete, conseil: Conseil, format: str) -> bytes:
    """Raises KeyError on another format than csv and xlsx, or when nothing is to be filled in."""
    if not modele.a_remplir:
        raise KeyError(modele.code)
    return {"csv": vers_csv, "xlsx": vers_xlsx}[format](table(modele, conseil))


def table(modele: SourcePrete, conseil: Conseil) -> TableVide:
    if modele.forme is Forme.INDEX:
        return _index()
    communes = [c.nom for c in conseil.communes_as_of()]
    titres = tuple((c.titre, c.sens) for c in modele.colonnes)
    natures = [n.libelle for n in modele.natures]
    choix = {
        "Commune": communes,
        "Secteur": _secteurs(conseil),
        "Nature": natures,
        "Suite donnée": [n.libelle for n in modele.natures_des_suites],
    }
    noms = {t for t, _ in titres}
    return TableVide(
        FEUILLE,
        titres,
        listes={t: c for t, c in choix.items() if t in noms and c},
        dates=frozenset({"Date"} & noms),
        nombres=frozenset({"Nombre"} & noms),
    )


def _index() -> TableVide:
    """The 107 index, one column per month of the year under way; those that the ministry leaves out are left out."""
    an = horloge.aujourdhui().year
    mois = [mois_annee(date(an, m, 1)).capitalize() for m in range(1, 13)]
    titres = (
        ("Index", "De 1 à 107."),
        ("Libellé", "Celui de l’état 4001."),
        *((m, "Les faits constatés du mois.") for m in mois),
    )
    lignes = tuple(
        (int(n.code.removeprefix("4001:")), n.libelle)
        for n in nomenclatures.natures("4001:")
        if n.mesurable and n.code.removeprefix("4001:").isdigit()
    )
    return TableVide(FEUILLE, titres, lignes, nombres=frozenset(mois))


def _secteurs(conseil: Conseil) -> list[str]:
    decoupage = conseil.decoupages.as_of(horloge.aujourdhui()).first()
    return list(decoupage.secteurs.order_by("nom").values_list("nom", flat=True)) if decoupage else []
