"""One figure of one file, by the same measures and the same exit as on screen, without any database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pupitre.cli import choix
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.observations import Granularite, Gravite, Releve, jour_de_fin
from pupitre.moteur.resultats import (
    Audience,
    Colonne,
    Contexte,
    LivraisonCitee,
    Nature,
    Periode,
    Provenance,
    Resultat,
    Valeur,
)
from pupitre.socle.texte import date_longue

if TYPE_CHECKING:
    import pyarrow as pa

    from pupitre.moteur.mesures import Case, Pas
    from pupitre.moteur.secret import Derivee
    from pupitre.moteur.selection import Selection

SOURCE = "fichier"
_METHODE = "somme des comptes du fichier\u202f; intervalle exact de Garwood à 95\u202f%"


@dataclass(frozen=True, slots=True)
class Demande:
    """What is asked, in the words of the command line."""

    natures: str
    territoire: str | None
    periode: str


def mesurer(releve: Releve, fichier: Path, demande: Demande) -> Resultat:
    """The figure: columns n, bas, haut of one row.

    Raises:
        MesureRefusee: blocking anomalies, unlike units, nothing in the file for this request.
        DemandeRefusee: a word that designates nothing.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from pupitre.moteur.mesures.calendrier import case
    from pupitre.moteur.secret import Comptes, sortir

    _refuser_bloquee(releve)
    codes = choix.natures(demande.natures)
    periode, pas = choix.periode(demande.periode)
    table = releve.observations
    retenues = table.filter(pc.is_in(table["nature"], pa.array(codes, pa.string())))
    _refuser_addition(codes, retenues)
    lieu = choix.territoire(demande.territoire, sorted(pc.unique(_lieux(retenues)).to_pylist()))
    retenues = retenues.filter(pc.equal(_lieux(retenues), lieu))
    selection = _selection(codes, retenues, periode, pas)
    delivrees = _etendues(table.filter(pc.equal(table["granularite"], str(selection.granularite))))
    voulue = case(periode.debut, periode.fin, delivrees)
    if not voulue.complete:
        raise _non_livree(periode, delivrees)
    brute = _somme(retenues, selection, voulue)
    contexte = Contexte(
        titre=" + ".join(libelle_nature(code) for code in codes),
        unite=selection.unite or "",
        perimetre=lieu,
        periode=periode,
        provenance=(_provenance(releve, fichier),),
        methode=_METHODE,
    )
    return sortir(
        brute,
        contexte=contexte,
        colonnes=(
            Colonne("n", contexte.titre, Nature.ENTIER, contexte.unite),
            Colonne("bas", "borne basse", Nature.DECIMAL, contexte.unite),
            Colonne("haut", "borne haute", Nature.DECIMAL, contexte.unite),
        ),
        audience=Audience.INTERNE,
        selection=selection,
        comptes=Comptes({"n": (periode.debut, periode.fin)}),
        derivees=(_borne("bas", 0), _borne("haut", 1)),
    )


def libelle_nature(code: str) -> str:
    from pupitre.moteur import nomenclatures

    try:
        return nomenclatures.nature(code).libelle
    except KeyError:
        return code


def _borne(cle: str, indice: int) -> Derivee:
    from pupitre.moteur.secret import Derivee
    from pupitre.moteur.statistiques import garwood

    def calcul(lignes: Sequence[Mapping[str, Valeur]]) -> list[Valeur]:
        return [garwood(n).intervalle[indice] if isinstance(n := li["n"], int) else None for li in lignes]

    return Derivee(cle, ("n",), calcul)


def _refuser_bloquee(releve: Releve) -> None:
    bloquante = next((a for a in releve.anomalies if a.gravite is Gravite.BLOQUANTE), None)
    if bloquante is not None:
        raise MesureRefusee(
            "Aucun chiffre ne sera tiré de ce fichier en l’état.",
            f"Une anomalie empêche de s’y fier\u202f: {bloquante.message}",
            "Corrigez le fichier avec le partenaire\u202f; «\u202fpupitre lire\u202f» donne toutes les anomalies.",
            bloquante.lieu,
        )


def _refuser_addition(codes: Sequence[str], retenues: pa.Table) -> None:
    import pyarrow.compute as pc

    from pupitre.moteur import nomenclatures

    presentes = set(pc.unique(retenues["nature"]).to_pylist())
    absentes = [c for c in codes if c not in presentes]
    connues = {n.code for n in nomenclatures.natures()}
    # The nomenclature speaks first: it knows the reason. A partner's own nature is known to its file alone.
    if all(c in connues for c in codes) or any(c not in connues | presentes for c in codes):
        nomenclatures.unite_commune(codes)
    if absentes:
        raise MesureRefusee(
            f"«\u202f{libelle_nature(absentes[0])}\u202f» ({absentes[0]}) n’est pas dans ce fichier.",
            "Le fichier ne compte pas cette nature de faits.",
            "Lancez «\u202fpupitre lire FICHIER\u202f» pour voir celles qu’il contient.",
        )


def _non_livree(periode: Periode, delivrees: Sequence[tuple[date, date]]) -> MesureRefusee:
    debut, fin = min(d for d, _ in delivrees), max(f for _, f in delivrees)
    return MesureRefusee(
        f"Ce fichier ne couvre pas toute la période «\u202f{periode.libelle}\u202f».",
        f"Il va du {date_longue(debut)} au {date_longue(fin)}, peut-être avec des manques.",
        "Choisissez une période que le fichier couvre («\u202fpupitre lire FICHIER\u202f» les donne).",
    )


def _lieux(table: pa.Table) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.coalesce(table["territoire"], table["secteur"], table["commune"], pa.scalar("non précisé"))


def _selection(codes: Sequence[str], retenues: pa.Table, periode: Periode, pas: Pas) -> Selection:
    """One unit and one granularity: the one of the step itself when the file has it, otherwise finer."""
    from pupitre.moteur.inventaire import Contenu, resoudre
    from pupitre.moteur.selection import Selection

    groupes = retenues.group_by(["unite", "granularite", "nature"]).aggregate(
        [("debut", "min"), ("fin", "max"), ("n", "count"), ("n", "sum")]
    )
    contenus = [
        Contenu(
            source=SOURCE,
            unite=g["unite"],
            granularite=Granularite(g["granularite"]),
            nature=g["nature"],
            debut=g["debut_min"],
            fin=g["fin_max"],
            n_lignes=g["n_count"],
            n_null=0,
        )
        for g in groupes.to_pylist()
    ]
    meme = next((c.granularite for c in contenus if str(c.granularite) == str(pas)), None)
    demande = Selection(
        source=SOURCE, natures=tuple(codes), debut=periode.debut, fin=periode.fin, granularite=meme
    )
    return resoudre(demande, contenus, pas)


def _etendues(table: pa.Table) -> list[tuple[date, date]]:
    """Days that the file speaks about. Dated events cover whole months: a day without any is a zero."""
    import pyarrow.compute as pc

    if not table.num_rows:
        return []
    if table["granularite"][0].as_py() == Granularite.JOUR:
        debut, fin = pc.min(table["debut"]).as_py(), pc.max(table["fin"]).as_py()
        return [(debut.replace(day=1), jour_de_fin(fin.replace(day=1), Granularite.MOIS))]
    paires = table.group_by(["debut", "fin"]).aggregate([])
    return list(zip(paires["debut"].to_pylist(), paires["fin"].to_pylist(), strict=True))


def _somme(retenues: pa.Table, selection: Selection, case: Case) -> pa.Table:
    import ibis
    import pyarrow as pa

    from pupitre.moteur.mesures import periodes
    from pupitre.moteur.mesures.schema import agreger

    observations = retenues
    for rang, (nom, valeur) in enumerate((("conseil", ""), ("source", SOURCE), ("livraison", ""))):
        observations = observations.add_column(rang, nom, pa.repeat(valeur, retenues.num_rows))
    cube = agreger(ibis.memtable(observations))
    return periodes(cube, selection, (("n", case),)).to_pyarrow()


def _provenance(releve: Releve, fichier: Path) -> Provenance:
    with fichier.open("rb") as flux:
        empreinte = hashlib.file_digest(flux, "sha256").hexdigest()
    recu = date.fromtimestamp(fichier.stat().st_mtime)
    return Provenance(
        source=SOURCE,
        libelle=releve.format,
        producteur=releve.producteur,
        millesime=releve.millesime,
        fictif=False,
        livraisons=(LivraisonCitee("", fichier.name, empreinte, recu),),
    )
