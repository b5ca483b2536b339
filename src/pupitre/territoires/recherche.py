"""Finding a commune as people type it: by name, code or postcode, without accents, with mistakes."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Commune, Millesime

SEUIL = 72
_CODE = re.compile(r"\d[0-9AB]\d{3}")
_DEPARTEMENT = re.compile(r"\d[0-9ab]|9[78]\d")


@dataclass(frozen=True, slots=True)
class Trouvee:
    """`score`: 100 for a code or the exact name, 90 and above for a beginning, less for a likeness."""

    code: str
    nom: str
    departement: str
    population: int | None
    codes_postaux: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Index:
    version: object
    communes: tuple[Trouvee, ...]
    cles: tuple[str, ...]
    par_code: dict[str, int]
    par_code_postal: dict[str, tuple[int, ...]]


# Immutable once built, hence safe after a fork; each process rebuilds when another vintage is loaded.
_courant: _Index | None = None
_verrou = threading.Lock()


def chercher(texte: str, limite: int = 12) -> list[Trouvee]:
    """Best matches first: by score, then by population."""
    index = _index()
    cle = cle_de_recherche(texte)
    if not cle:
        return []
    scores = _par_code(index, cle) or _par_nom(index, cle)
    ordre = sorted(
        scores, key=lambda i: (-scores[i], -(index.communes[i].population or 0), index.communes[i].code)
    )
    return [_avec_score(index.communes[i], scores[i]) for i in ordre[:limite]]


def _par_code(index: _Index, cle: str) -> dict[int, float]:
    brut = cle.replace(" ", "").upper()
    if not brut[:1].isdigit():
        return {}
    scores: dict[int, float] = dict.fromkeys(index.par_code_postal.get(brut, ()), 99.0)
    if _CODE.fullmatch(brut) and brut in index.par_code:
        scores[index.par_code[brut]] = 100.0
    if not scores and brut.isdigit() and 2 <= len(brut) < 5:
        for i, commune in enumerate(index.communes):
            if commune.code.startswith(brut) or any(p.startswith(brut) for p in commune.codes_postaux):
                scores[i] = 90.0
    return scores


def _par_nom(index: _Index, cle: str) -> dict[int, float]:
    *mots, dernier = cle.split(" ")
    if mots and _DEPARTEMENT.fullmatch(dernier):
        trouvees = _par_nom_seul(index, " ".join(mots))
        du_departement = {
            i: s for i, s in trouvees.items() if index.communes[i].departement.lower() == dernier
        }
        if du_departement or trouvees:
            return du_departement or trouvees
    return _par_nom_seul(index, cle)


def _par_nom_seul(index: _Index, cle: str) -> dict[int, float]:
    scores: dict[int, float] = {}
    for i, nom in enumerate(index.cles):
        if nom == cle:
            scores[i] = 100.0
        elif nom.startswith(cle):
            scores[i] = 95.0
        elif f" {cle}" in nom:
            scores[i] = 90.0
    if len(cle) < 3:
        return scores
    proches = np.maximum(
        process.cdist([cle], index.cles, scorer=fuzz.ratio, score_cutoff=SEUIL, dtype=np.float32)[0],
        process.cdist([cle], index.cles, scorer=fuzz.token_sort_ratio, score_cutoff=SEUIL, dtype=np.float32)[
            0
        ],
    )
    for i in np.flatnonzero(proches):
        scores.setdefault(int(i), 0.89 * float(proches[i]))
    return scores


def _avec_score(commune: Trouvee, score: float) -> Trouvee:
    return Trouvee(
        commune.code,
        commune.nom,
        commune.departement,
        commune.population,
        commune.codes_postaux,
        round(score, 1),
    )


def _index() -> _Index:
    global _courant
    millesime = Millesime.objects.first()
    version = (millesime.annee, millesime.empreinte, millesime.charge_le) if millesime else None
    index = _courant
    if version is not None and index is not None and index.version == version:
        return index
    with _verrou:
        if version is None or _courant is None or _courant.version != version:
            _courant = _construire(version, millesime)
        return _courant


def _construire(version: object, millesime: Millesime | None) -> _Index:
    lignes = Commune.objects.order_by("code")
    if millesime is not None:
        lignes = lignes.filter(millesime=millesime.annee)
    communes, cles = [], []
    par_code_postal: dict[str, list[int]] = {}
    champs = ("code", "nom", "cle", "departement_id", "population", "codes_postaux")
    for i, (code, nom, cle, departement, population, codes_postaux) in enumerate(lignes.values_list(*champs)):
        postaux = tuple(codes_postaux.split())
        communes.append(Trouvee(code, nom, departement, population, postaux, 0.0))
        cles.append(cle or cle_de_recherche(nom))
        for postal in postaux:
            par_code_postal.setdefault(postal, []).append(i)
    return _Index(
        version=version,
        communes=tuple(communes),
        cles=tuple(cles),
        par_code={c.code: i for i, c in enumerate(communes)},
        par_code_postal={p: tuple(rangs) for p, rangs in par_code_postal.items()},
    )
