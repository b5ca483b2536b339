"""Reading either base of the SSMSI into observations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.nomenclatures import ssmsi
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.observations import Granularite, PrecisionLieu, Releve
from pupitre.moteur.sources.description import Description
from pupitre.moteur.sources.fichiers import limites, refus
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.comptes import Etat, lire_comptes
from pupitre.moteur.sources.lecture.fabrique import Codes, reunir, table
from pupitre.moteur.sources.lecture.textes import lire_compte, message_faute, nettoyer
from pupitre.moteur.sources.ssmsi.lots import ouvrir_base

DIFFUSE = frozenset({"diff", "diffuse", "oui", "true", "1", ""})
NON_DIFFUSE = frozenset({"ndiff", "non diffuse", "nd", "non", "false", "0"})
CODE_COMMUNE = re.compile(r"(?:\d{5}|2[AB]\d{3})\Z")
CODE_DEPARTEMENT = re.compile(r"(?:\d{2}|97\d|98\d|2[AB])\Z")
Rangs = npt.NDArray[np.int32]


def lire_base(fichier: Path, niveau: str, description: Description | None) -> Releve:
    """Reads a base of that `niveau` ("communal" or "departemental"); see the two formats."""
    journal = Journal()
    source = ouvrir_base(fichier, journal)
    if source.entete.niveau != niveau:
        raise FichierRefuse(
            f"Cette base du SSMSI n’est pas au niveau {niveau.replace('departemental', 'départemental')}.",
            "Ses colonnes sont celles de l’autre niveau.",
            "Choisissez l’autre format, ou laissez Pupitre le reconnaître.",
        )
    gardees = frozenset(description.communes_gardees) if description else frozenset()
    lecteur = _Lecteur(niveau, gardees, journal)
    tables: list[pa.Table] = []
    ligne = source.premiere_ligne
    for lot in source.lots:
        tables.append(lecteur.lire(lot, ligne))
        ligne += len(next(iter(lot.values())))
        if sum(t.num_rows for t in tables) > limites.OBSERVATIONS_MAX:
            raise refus.bombe("La base contient trop de lignes pour être gardée entière.")
    observations = reunir(tables)
    lecteur.signaler_doublons(observations)
    annees = sorted({d.year for d in observations["debut"].unique().to_pylist()})
    millesime = f"{annees[0]}–{annees[-1]}" if annees else ""
    if source.entete.geographie:
        millesime = f"{millesime} (géographie {source.entete.geographie})".strip()
    return Releve(
        f"ssmsi_{niveau}",
        observations,
        lecteur.vides,
        journal.anomalies,
        "SSMSI",
        millesime,
        (),
        source.extrait,
    )


class _Lecteur:
    """Keeps what must be said once for the whole file."""

    def __init__(self, niveau: str, gardees: frozenset[str], journal: Journal) -> None:
        self.niveau = niveau
        self.gardees = gardees
        self.journal = journal
        self.vides = 0
        self._dits: set[tuple[str, str]] = set()

    def lire(self, lot: dict[str, pa.Array], premiere: int) -> pa.Table:
        """Observations of one block whose first row is line `premiere` of the file."""
        lignes = np.arange(len(lot["annee"]), dtype=np.int64) + premiere
        cle_lieu = "commune" if self.niveau == "communal" else "departement"
        if self.gardees:
            choix = pc.is_in(lot[cle_lieu], pa.array(sorted(self.gardees), pa.string()))
            lot = {nom: colonne.filter(choix) for nom, colonne in lot.items()}
            lignes = lignes[np.asarray(choix)]
        annee, annees = self._lire(lot["annee"], lignes, "annee", self._annee)
        nature, natures = self._lire(lot["indicateur"], lignes, "indicateur", self._nature)
        lieu, lieux = self._lire(lot[cle_lieu], lignes, cle_lieu, self._code)
        unite, unites = self._unites(lot, natures, nature, lignes)
        n, presents = self._nombres(lot, lignes)
        garder = presents & (annee >= 0) & (nature >= 0) & (lieu >= 0)
        masque = pa.array(garder)
        code = Codes(lieu[garder], lieux)
        return table(
            int(np.count_nonzero(garder)),
            nature=Codes(nature[garder], natures),
            debut=Codes(annee[garder], [date(int(a), 1, 1) for a in annees]),
            fin=Codes(annee[garder], [date(int(a), 12, 31) for a in annees]),
            granularite=Granularite.ANNEE.value,
            territoire=code,
            commune=code if self.niveau == "communal" else None,
            precision_lieu=(
                PrecisionLieu.COMMUNE if self.niveau == "communal" else PrecisionLieu.TERRITOIRE
            ).value,
            n=n.filter(masque),
            unite=Codes(unite[garder], unites),
            population=self._reels(lot, "population", masque),
            logements=self._reels(lot, "logements", masque),
        )

    def _lire(
        self, colonne: pa.Array, lignes: npt.NDArray[np.int64], nom: str, lire: Callable[[str], str]
    ) -> tuple[Rangs, list[str]]:
        """Positions (−1 where unreadable) and values; each distinct text is read and reported once."""
        encode = colonne.dictionary_encode()
        rangs = np.asarray(encode.indices.fill_null(-1), dtype=np.int64)
        valeurs: list[str] = []
        places: dict[str, int] = {}
        renvoi = np.full(len(encode.dictionary) + 1, -1, dtype=np.int32)
        for rang, texte in enumerate(encode.dictionary.to_pylist()):
            lu = lire(texte)
            if lu:
                renvoi[rang] = places.setdefault(lu, len(places))
            elif (nom, texte) not in self._dits:
                self._dits.add((nom, texte))
                touchees = np.flatnonzero(rangs == rang)
                self.journal.bloquante(
                    f"{nom}_inconnu" if nom == "indicateur" else f"{nom}_illisible",
                    f"«\u202f{nettoyer(texte)[:60]}\u202f» n’est pas connu ({len(touchees)} lignes dans ce bloc).",
                    ligne=int(lignes[touchees[0]]),
                    colonne=nom,
                )
        valeurs = list(places)
        manquantes = np.flatnonzero(rangs < 0)
        if len(manquantes) and (nom, "") not in self._dits:
            self._dits.add((nom, ""))
            self.journal.bloquante(
                f"{nom}_illisible",
                f"La colonne est vide sur {len(manquantes)} lignes de ce bloc.",
                ligne=int(lignes[manquantes[0]]),
                colonne=nom,
            )
        return renvoi[rangs], valeurs

    @staticmethod
    def _annee(texte: str) -> str:
        nu = texte.strip().removesuffix(".0")
        if re.fullmatch(r"\d\d", nu):
            return f"20{nu}"
        return nu if re.fullmatch(r"(?:19|20)\d\d", nu) else ""

    @staticmethod
    def _nature(texte: str) -> str:
        return ssmsi.code_du_libelle(texte) or ""

    def _code(self, texte: str) -> str:
        code = texte.strip().upper()
        forme, largeur = (CODE_COMMUNE, 5) if self.niveau == "communal" else (CODE_DEPARTEMENT, 2)
        if code.isdigit() and len(code) == largeur - 1:
            if ("zero", "") not in self._dits:
                self._dits.add(("zero", ""))
                self.journal.avertir(
                    "zero_perdu",
                    f"Des codes ont perdu leur premier zéro\u202f: «\u202f{code}\u202f» est lu «\u202f0{code}\u202f».",
                )
            code = "0" + code
        return code if forme.match(code) else ""

    def _unites(
        self, lot: dict[str, pa.Array], natures: list[str], nature: Rangs, lignes: npt.NDArray[np.int64]
    ) -> tuple[Rangs, list[str]]:
        attendues = [ssmsi.indicateurs()[c.split(":")[1]].unite for c in natures]
        if "unite" not in lot:
            return nature, attendues
        publiees = lot["unite"].dictionary_encode()
        textes = publiees.dictionary.to_pylist()
        rangs = np.asarray(publiees.indices.fill_null(-1), dtype=np.int64)
        valides = (nature >= 0) & (rangs >= 0)
        for code, rang in sorted(set(zip(nature[valides].tolist(), rangs[valides].tolist(), strict=True))):
            if cle(textes[rang]) == cle(attendues[code]) or (natures[code], textes[rang]) in self._dits:
                continue
            self._dits.add((natures[code], textes[rang]))
            place = int(np.flatnonzero((nature == code) & (rangs == rang))[0])
            self.journal.avertir(
                "unite_changee",
                f"«\u202f{ssmsi.indicateurs()[natures[code].split(':')[1]].libelle}\u202f» est compté ici en "
                f"«\u202f{textes[rang]}\u202f», et non en «\u202f{attendues[code]}\u202f».",
                ligne=int(lignes[place]),
                colonne="unite",
            )
        # The published unit wins: the file knows what it counts.
        connues = {cle(u): u for u in (i.unite for i in ssmsi.indicateurs().values())}
        finales = [connues.get(cle(t), nettoyer(t).lower()) for t in textes]
        melange = [*finales, *attendues]
        return np.where(rangs >= 0, rangs, len(finales) + nature).astype(np.int32), melange

    def _nombres(
        self, lot: dict[str, pa.Array], lignes: npt.NDArray[np.int64]
    ) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
        """Counts (null when withheld), and which rows make an observation."""
        comptes = lire_comptes(lot["nombre"])
        retenus = np.zeros(len(lignes), dtype=bool)
        diffuses = np.zeros(len(lignes), dtype=bool)
        if "diffusion" in lot:
            encode = lot["diffusion"].dictionary_encode()
            rangs = np.asarray(encode.indices.fill_null(-1), dtype=np.int64)
            mots = [cle(t) for t in encode.dictionary.to_pylist()]
            retenus = np.array([m in NON_DIFFUSE for m in mots] + [False])[rangs]
            diffuses = np.array([m in DIFFUSE and m != "" for m in mots] + [False])[rangs]
        fautes = np.flatnonzero((comptes.etat == Etat.FAUTE) & ~retenus)
        for place in fautes.tolist():
            texte = lot["nombre"][place].as_py()
            self.journal.bloquante(
                (faute := lire_compte(texte).faute),
                message_faute(faute, texte),
                ligne=int(lignes[place]),
                colonne="nombre",
            )
        # Said to be published and empty: a hole in the file, not a withheld figure.
        trous = diffuses & (comptes.etat == Etat.VIDE)
        self.vides += int(np.count_nonzero(trous))
        if trous.any() and ("trou", "") not in self._dits:
            self._dits.add(("trou", ""))
            self.journal.avertir(
                "valeur_absente",
                "Des lignes annoncées comme diffusées n’ont pas de nombre.",
                ligne=int(lignes[np.flatnonzero(trous)[0]]),
                colonne="nombre",
            )
        absents = retenus | (comptes.etat != Etat.NOMBRE)
        presents = ~trous
        presents[fautes] = False
        return pa.array(comptes.n, mask=absents), presents

    @staticmethod
    def _reels(lot: dict[str, pa.Array], nom: str, masque: pa.Array) -> pa.Array | None:
        if nom not in lot:
            return None
        textes = pc.replace_substring(lot[nom].filter(masque), ",", ".")
        bons = pc.match_substring_regex(textes, r"^\s*\d+(\.\d*)?([eE][+-]?\d+)?\s*$")
        return pc.utf8_trim_whitespace(pc.if_else(bons, textes, pa.scalar(None, pa.string()))).cast(
            pa.float64()
        )

    def signaler_doublons(self, observations: pa.Table) -> None:
        """One blocking anomaly per (indicator, year, territory) found twice."""
        noms: Sequence[str] = ("nature", "debut", "territoire")
        cles = np.zeros(observations.num_rows, dtype=np.int64)
        for nom in noms:
            encode = observations[nom].combine_chunks().dictionary_encode()
            cles = cles * (len(encode.dictionary) + 1) + np.asarray(encode.indices, dtype=np.int64)
        _, premiers, fois = np.unique(cles, return_index=True, return_counts=True)
        for place in premiers[fois > 1].tolist():
            o = observations.slice(place, 1).to_pylist()[0]
            self.journal.bloquante(
                "doublon",
                f"«\u202f{ssmsi.indicateurs()[o['nature'].split(':')[1]].libelle}\u202f», {o['debut'].year}, "
                f"{o['territoire']}\u202f: cette ligne est plusieurs fois dans le fichier.",
            )
