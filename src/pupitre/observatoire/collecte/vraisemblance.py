"""Is what a file says plausible? Dates to come, months missing, counts out of line with their own past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur import nomenclatures
from pupitre.moteur.mesures.calendrier import Pas, suivante
from pupitre.moteur.observations import Anomalie, Granularite, Gravite
from pupitre.moteur.sources.fichiers.debord import par_lots
from pupitre.moteur.statistiques import Prediction, hors_de_prediction
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.models import Source
from pupitre.socle import horloge
from pupitre.socle.texte import MOIS, date_longue, enumeration, guillemets, mois_annee, nombre, pluriel

DITES = 20
CITES = 6
# Same months of the years before, or else the months just before.
ANNEES_MIN, MOIS_MIN, MOIS_LUS = 3, 6, 12
# Beyond, the series of a national base are not the council's to check.
SERIES_MAX = 5000
_DATEES = pa.array([Granularite.JOUR, Granularite.SEMAINE])
_MENSUELLES = pa.array([Granularite.JOUR, Granularite.MOIS])
_DE_SERIE = ["granularite", "nature", "commune", "territoire", "debut", "n"]
Cle = tuple[str, str]  # nature, place
Series = dict[Cle, dict[date, int]]


def controler(table: pa.Table, source: Source) -> list[Anomalie]:
    """Findings on a table of observations kept for the council."""
    if not table.num_rows:
        return []
    return [
        *_a_venir(table),
        *_inachevees(table),
        *_mois_manquants(table, source),
        *_lieux_manquants(table),
        *_surprises(table, source),
    ]


def _a_venir(table: pa.Table) -> list[Anomalie]:
    aujourdhui = horloge.aujourdhui()
    jour = pa.scalar(aujourdhui, pa.date32())
    n = sum(pc.sum(pc.greater(lot["debut"], jour)).as_py() or 0 for lot in par_lots(table))
    if not n:
        return []
    derniere = pc.max(table["debut"]).as_py()
    return [
        Anomalie(
            "dates_a_venir",
            Gravite.BLOQUANTE,
            f"{pluriel(n, 'observation')} {'portent' if n > 1 else 'porte'} une date à venir, jusqu’au "
            f"{date_longue(derniere)}.",
        )
    ]


def _inachevees(table: pa.Table) -> list[Anomalie]:
    """A count said of a period that is not over: it will grow."""
    aujourdhui = horloge.aujourdhui()
    jour = pa.scalar(aujourdhui, pa.date32())
    comptes = _comptes(table, "debut", "fin")
    lignes = comptes.filter(
        pc.and_(pc.less_equal(comptes["debut"], jour), pc.greater_equal(comptes["fin"], jour))
    )
    if not lignes.num_rows:
        return []
    fin = pc.max(lignes["fin"]).as_py()
    return [
        Anomalie(
            "periode_inachevee",
            Gravite.AVERTISSEMENT,
            f"{pluriel(lignes.num_rows, 'nombre')} {'portent' if lignes.num_rows > 1 else 'porte'} sur une période "
            f"qui se termine le {date_longue(fin)}\u202f: elle n’est pas finie.",
        )
    ]


def _mois_manquants(table: pa.Table, source: Source) -> list[Anomalie]:
    """Months that nothing speaks about, inside the file or since the last one published."""
    mois = _mois(table)
    if not mois:
        return []
    profil = catalogue.etat_visible(source.conseil).profils.get(source.code)
    connus = set(profil.periodes) if profil and profil.granularite is Granularite.MOIS else set()
    avant = max((m for m in connus if m < min(mois)), default=None)
    depart = suivante(avant, Pas.MOIS) if avant else min(mois)
    manquants, courant = [], depart
    while courant < max(mois):
        if courant not in mois and courant not in connus:
            manquants.append(courant)
        courant = suivante(courant, Pas.MOIS)
    if not manquants:
        return []
    noms = enumeration([mois_annee(m) for m in manquants[:CITES]]) + ("…" if len(manquants) > CITES else "")
    n = len(manquants)
    return [
        Anomalie(
            "mois_manquants",
            Gravite.AVERTISSEMENT,
            f"{nombre(n)} mois {'manquent' if n > 1 else 'manque'}\u202f: {noms}.",
        )
    ]


def _mois(table: pa.Table) -> set[date]:
    """Months about which something is said; empty when the table is not monthly nor dated."""
    mois: set[date] = set()
    for lot in par_lots(table.select(["granularite", "debut"])):
        debuts = lot["debut"].filter(pc.is_in(lot["granularite"], _MENSUELLES))
        mois.update(pc.unique(_premiers(debuts)).to_pylist())
    return mois


def _lieux_manquants(table: pa.Table) -> list[Anomalie]:
    """Places that some periods of the file name and others do not: silence is not zero."""
    comptes = _comptes(table, "debut", "granularite", "territoire", "commune", "secteur")
    if not comptes.num_rows:
        return []
    lieu = pc.coalesce(comptes["territoire"], comptes["commune"], comptes["secteur"], pa.scalar(""))
    couples = pa.table({"d": comptes["debut"], "g": comptes["granularite"], "l": lieu}).group_by(
        ["d", "g", "l"]
    )
    par_periode: dict[tuple[str, date], set[str]] = defaultdict(set)
    for ligne in couples.aggregate([]).to_pylist():
        par_periode[(ligne["g"], ligne["d"])].add(ligne["l"])
    attendus = {g: set[str]() for g, _ in par_periode}
    for (g, _), lieux in par_periode.items():
        attendus[g] |= lieux
    trous = [
        (periode, sorted(attendus[g] - lieux))
        for (g, periode), lieux in sorted(par_periode.items(), key=lambda p: p[0][1])
        if attendus[g] - lieux
    ]
    if not trous or len(trous) == len(par_periode) > 3:
        return []  # places come and go in every period: it is the way of this partner
    periode, absents = trous[0]
    noms = enumeration([guillemets(a) for a in absents[:CITES]]) + ("…" if len(absents) > CITES else "")
    autres = f" Cela vaut pour {pluriel(len(trous), 'période')}." if len(trous) > 1 else ""
    return [
        Anomalie(
            "lieux_manquants",
            Gravite.AVERTISSEMENT,
            f"Rien n’est dit de {noms} en {mois_annee(periode)}, alors que d’autres périodes du fichier en "
            f"parlent.{autres}",
        )
    ]


@dataclass(frozen=True, slots=True)
class _Surprise:
    nature: str
    lieu: str
    mois: date
    valeur: int
    prediction: Prediction
    memes_mois: bool


def _surprises(table: pa.Table, source: Source) -> list[Anomalie]:
    """Months outside the prediction interval of their own series."""
    nouvelles = _series(table)
    if not nouvelles or len(nouvelles) > SERIES_MAX:
        return []
    en_faits = Granularite.JOUR in pc.unique(table["granularite"]).to_pylist()
    passees, couverts = _passe(source, en_faits)
    if not passees:
        return []
    trouvees = _hors_intervalle(nouvelles, passees, couverts if en_faits else frozenset())
    noms = _noms(source)
    dites = [_dire(s, noms) for s in trouvees[:DITES]]
    if len(trouvees) > DITES:
        dites.append(
            Anomalie(
                "valeurs_inattendues",
                Gravite.AVERTISSEMENT,
                f"{nombre(len(trouvees) - DITES)} autres nombres sortent aussi de ce que leur passé annonçait.",
            )
        )
    return dites


def _series(table: pa.Table) -> Series:
    """Monthly sums by nature and place; a series with a withheld month has no value for it."""
    sommes = [_sommer(lot) for lot in par_lots(table.select(_DE_SERIE))]
    if not sommes:
        return {}
    series: Series = defaultdict(dict)
    for ligne in _regrouper(pa.concat_tables(sommes)).to_pylist():
        if ligne["n"] is not None:
            series[(ligne["nature"], ligne["lieu"])][ligne["mois"]] = ligne["n"]
    return series


def _sommer(table: pa.Table) -> pa.Table:
    lignes = table.filter(pc.is_in(table["granularite"], _MENSUELLES))
    lieu = pc.coalesce(lignes["commune"], lignes["territoire"], pa.scalar(""))
    mois = _premiers(lignes["debut"])
    nature = lignes["nature"].cast(pa.string())
    return _regrouper(pa.table({"nature": nature, "lieu": lieu, "mois": mois, "n": lignes["n"]}))


def _regrouper(sommes: pa.Table) -> pa.Table:
    """One row per series and month, without a value where one of those it sums has none."""
    groupes = sommes.group_by(["nature", "lieu", "mois"])
    faites = groupes.aggregate([("n", "sum", pc.ScalarAggregateOptions(skip_nulls=False))])
    return faites.rename_columns({"n_sum": "n"}).select(["nature", "lieu", "mois", "n"])


def _premiers(debuts: pa.ChunkedArray) -> pa.ChunkedArray:
    """First day of the month of each."""
    return pc.cast(pc.floor_temporal(debuts, unit="month"), pa.date32())


def _comptes(table: pa.Table, *colonnes: str) -> pa.Table:
    """These columns of the rows that are not dated facts."""
    return pa.concat_tables(
        lot.filter(pc.invert(pc.is_in(lot["granularite"], _DATEES))).select(list(colonnes))
        for lot in par_lots(table.select(list(dict.fromkeys(["granularite", *colonnes]))))
    )


def _passe(source: Source, en_faits: bool) -> tuple[Series, frozenset[date]]:
    """What is published of the source, and the months that it covers."""
    etat = catalogue.etat_visible(source.conseil)
    profil = etat.profils.get(source.code)
    if profil is None or profil.granularite is not Granularite.MOIS or profil.en_faits is not en_faits:
        return {}, frozenset()
    cube = catalogue.entrepot().cube(etat.manifeste)
    return _series(cube.filter(cube.source == source.code).to_pyarrow()), frozenset(profil.periodes)


def _hors_intervalle(nouvelles: Series, passees: Series, zeros: frozenset[date]) -> list[_Surprise]:
    """`zeros`: months where a silent series is a true zero (dated facts)."""
    cellules: list[tuple[Cle, date, int]] = []
    mois_dits = {m for serie in nouvelles.values() for m in serie}
    for cle in sorted({*nouvelles, *(passees if zeros else ())}):
        dits = nouvelles.get(cle, {})
        cellules += [(cle, m, dits.get(m, 0)) for m in sorted(mois_dits) if m in dits or zeros]
    candidats = []
    for cle, mois, valeur in cellules:
        passe, memes = _meme_passe(passees.get(cle, {}), mois, zeros, mois_dits)
        if passe:
            candidats.append((cle, mois, valeur, passe, memes))
    gardes = hors_de_prediction([(valeur, passe) for _, _, valeur, passe, _ in candidats])
    return [
        _Surprise(*candidats[rang][0], *candidats[rang][1:3], prediction, candidats[rang][4])
        for rang, prediction in gardes
    ]


def _meme_passe(
    serie: Mapping[date, int], mois: date, zeros: Iterable[date], exclus: set[date]
) -> tuple[list[int], bool]:
    """Former values to predict from, and whether they are those of the same month."""
    connus = {m: serie.get(m, 0) for m in zeros} if zeros else dict(serie)
    connus = {m: n for m, n in connus.items() if m < mois and m not in exclus}
    memes = [n for m, n in connus.items() if m.month == mois.month]
    if len(memes) >= ANNEES_MIN:
        return memes, True
    proches = [connus[m] for m in sorted(connus, reverse=True)[:MOIS_LUS]]
    return (proches, False) if len(proches) >= MOIS_MIN else ([], False)


def _noms(source: Source) -> dict[str, str]:
    return {c.code: c.nom for c in source.conseil.communes_as_of()}


def _dire(s: _Surprise, noms: Mapping[str, str]) -> Anomalie:
    p = s.prediction
    ou = f", {noms.get(s.lieu, s.lieu)}" if s.lieu else ""
    d_apres = (
        f"les {p.n} mois de {MOIS[s.mois.month - 1]} précédents"
        if s.memes_mois
        else f"les {p.n} mois connus avant lui"
    )
    try:
        libelle = nomenclatures.nature(s.nature).libelle
    except KeyError:
        libelle = s.nature
    return Anomalie(
        "valeurs_inattendues",
        Gravite.AVERTISSEMENT,
        f"{libelle}{ou}, {mois_annee(s.mois)}\u202f: {nombre(s.valeur)}. D’après {d_apres}, on attendait entre "
        f"{nombre(p.bas)} et {nombre(p.haut)}.",
    )
