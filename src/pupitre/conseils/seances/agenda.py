"""The agenda as one text that several people may edit: saved whole, compared field by field.

A person edits from a `base`, which is what he was shown. Who saves over a version that he has not seen is shown what
differs between his text and the one that is kept, and chooses for each difference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pupitre.conseils.models import PointOrdreDuJour, Seance
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.passages import exiger_preparable
from pupitre.socle import horloge

MIEN, LEUR, DEUX = "mien", "leur", "deux"
POINTS_MAX = 40


@dataclass(frozen=True, slots=True)
class Ligne:
    """One item as edited. `rapporteur`: primary key as text, empty when none."""

    id: str
    titre: str = ""
    theme: str = ""
    rapporteur: str = ""
    duree: int = 10
    presentation: str = ""


Agenda = tuple[Ligne, ...]
CHAMPS = {
    "titre": "Titre",
    "theme": "Thème",
    "rapporteur": "Rapporteur",
    "duree": "Durée",
    "presentation": "Présentation",
}
_CUMULABLES = frozenset({"titre", "presentation"})


@dataclass(frozen=True, slots=True)
class Ecart:
    """One difference. `propose`: the side that changed since the base; `conflit`: both did."""

    cle: str
    point: str
    champ: str
    mien: str
    leur: str
    propose: str
    conflit: bool
    cumulable: bool = False


class VersionDepassee(Exception):
    """Somebody saved meanwhile: what differs, and the version that is kept now."""

    def __init__(self, ecarts: Sequence[Ecart], version: int) -> None:
        super().__init__("agenda changed meanwhile")
        self.ecarts = tuple(ecarts)
        self.version = version


def lire(seance: Seance) -> Agenda:
    """What is kept: accepted items in order."""
    return tuple(
        Ligne(str(p.pk), p.titre, p.theme, str(p.rapporteur_id or ""), p.duree, p.presentation)
        for p in PointOrdreDuJour.objects.filter(seance=seance, retenu=True).order_by("rang", "cree_le")
    )


def en_texte(agenda: Agenda) -> str:
    return json.dumps([asdict(li) for li in agenda], ensure_ascii=False)


def depuis_texte(texte: str) -> Agenda:
    """What a page sent back. Raises ValueError on anything else than an agenda."""
    brut = json.loads(texte)
    if not isinstance(brut, list) or len(brut) > POINTS_MAX:
        raise ValueError("not an agenda")
    noms = {f.name for f in fields(Ligne)}
    lignes = []
    for b in brut:
        if not isinstance(b, dict) or set(b) != noms or isinstance(b["duree"], bool):
            raise ValueError("not an agenda line")
        if not isinstance(b["duree"], int) or any(not isinstance(b[n], str) for n in noms - {"duree"}):
            raise ValueError("not an agenda line")
        UUID(b["id"])
        lignes.append(Ligne(**b))
    return tuple(lignes)


def difference(
    base: Agenda, mienne: Agenda, leur: Agenda, noms: Mapping[str, str] | None = None
) -> list[Ecart]:
    """What differs between mine and theirs, in the order of the items.

    Args:
        noms: how values are shown (people and themes, by code).
    """
    b, m, t = ({li.id: li for li in a} for a in (base, mienne, leur))
    ecarts = []
    for cle in [*t, *(c for c in m if c not in t)]:
        if cle in m and cle in t:
            ecarts += _champs(b.get(cle), m[cle], t[cle], noms or {})
        elif cle in m:
            ecarts.append(_presence(cle, m[cle], b.get(cle), ici=True))
        else:
            ecarts.append(_presence(cle, t[cle], b.get(cle), ici=False))
    communs_m, communs_t = [c for c in m if c in t], [c for c in t if c in m]
    if communs_m != communs_t:
        ecarts.append(_ordre(base, mienne, leur, communs_m, communs_t))
    return ecarts


def _champs(base: Ligne | None, mienne: Ligne, leur: Ligne, noms: Mapping[str, str]) -> list[Ecart]:
    ecarts = []
    for champ, libelle in CHAMPS.items():
        mien, sien = getattr(mienne, champ), getattr(leur, champ)
        if mien == sien:
            continue
        depart = getattr(base, champ) if base else None
        ecarts.append(
            Ecart(
                f"{mienne.id}.{champ}",
                leur.titre or mienne.titre,
                libelle,
                _dire(champ, mien, noms),
                _dire(champ, sien, noms),
                LEUR if mien == depart else MIEN,
                depart not in (mien, sien),
                champ in _CUMULABLES,
            )
        )
    return ecarts


def _dire(champ: str, valeur, noms: Mapping[str, str]) -> str:
    if champ == "duree":
        return f"{valeur}\u00a0min"
    return noms.get(f"{champ}:{valeur}", str(valeur)) or "(vide)"


def _presence(cle: str, ligne: Ligne, base: Ligne | None, *, ici: bool) -> Ecart:
    """An item on one side only: added there, or removed on the other."""
    present = f"gardé, {ligne.duree}\u00a0min"
    mien, leur = (present, "absent") if ici else ("absent", present)
    if base is None:  # new: whoever added it wants it
        return Ecart(f"{cle}.presence", ligne.titre, "Point", mien, leur, MIEN if ici else LEUR, False)
    change = ligne != base
    retire_par = LEUR if ici else MIEN
    garde_par = MIEN if ici else LEUR
    return Ecart(
        f"{cle}.presence", ligne.titre, "Point", mien, leur, garde_par if change else retire_par, change
    )


def _ordre(base: Agenda, mienne: Agenda, leur: Agenda, m: list[str], t: list[str]) -> Ecart:
    depart = [li.id for li in base if li.id in set(m)]
    titres = {li.id: li.titre for li in (*mienne, *leur)}
    return Ecart(
        "ordre",
        "Ordre du jour",
        "Ordre des points",
        " · ".join(titres[c] for c in m),
        " · ".join(titres[c] for c in t),
        LEUR if m == depart else MIEN,
        depart not in (m, t),
    )


def fusionner(base: Agenda, mienne: Agenda, leur: Agenda, choix: Mapping[str, str]) -> Agenda:
    """One agenda out of two. A difference without a choice takes the side that is proposed."""
    voulu = {e.cle: choix.get(e.cle, e.propose) for e in difference(base, mienne, leur)}
    m, t = ({li.id: li for li in a} for a in (mienne, leur))
    gardes = {c for c in (*m, *t) if _garde(c, c in m, c in t, voulu)}
    premier, second = (mienne, leur) if voulu.get("ordre") == MIEN else (leur, mienne)
    ordre = [li.id for li in premier if li.id in gardes]
    ordre += [li.id for li in second if li.id in gardes and li.id not in ordre]
    return tuple(_ligne(c, m.get(c), t.get(c), voulu) for c in ordre)


def _garde(cle: str, ici: bool, la: bool, voulu: Mapping[str, str]) -> bool:
    if ici and la:
        return True
    cote = voulu[f"{cle}.presence"]
    return cote == DEUX or cote == (MIEN if ici else LEUR)


def _ligne(cle: str, mienne: Ligne | None, leur: Ligne | None, voulu: Mapping[str, str]) -> Ligne:
    if mienne is None or leur is None:
        ligne = mienne or leur
        assert ligne is not None
        return ligne
    pris = {}
    for champ in CHAMPS:
        cote = voulu.get(f"{cle}.{champ}", LEUR)
        mien, sien = getattr(mienne, champ), getattr(leur, champ)
        if cote == DEUX and champ in _CUMULABLES:
            pris[champ] = f"{sien}\n{mien}" if champ == "presentation" else f"{sien} / {mien}"[:200]
        else:
            pris[champ] = mien if cote == MIEN else sien
    return replace(leur, **pris)


@transaction.atomic
def enregistrer(
    *, seance: Seance, version: int, base: Agenda, agenda: Agenda, noms: Mapping[str, str] | None = None
) -> int:
    """Keep the whole agenda; the new version.

    Raises:
        VersionDepassee: somebody saved since `version`, and it is not the same text.
        GesteRefuse: the séance is not prepared any more, or an item has no title.
        ValidationError: what the record needs.
    """
    tenue = Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    exiger_preparable(tenue)
    _relire(agenda)
    gardee = lire(tenue)
    if gardee == agenda:
        return tenue.version
    if tenue.version != version:
        ecarts = difference(base, agenda, gardee, noms)
        raise VersionDepassee(ecarts, tenue.version)
    _ecrire(tenue, agenda)
    tenue.version += 1
    tenue.save(update_fields=["version"])
    return tenue.version


def _relire(agenda: Agenda) -> None:
    sans = [i for i, li in enumerate(agenda, 1) if not li.titre.strip()]
    if sans:
        raise GesteRefuse(
            f"Le point {sans[0]} n’a pas de titre.",
            "Les membres liront l’ordre du jour dans leur convocation.",
            "Donnez-lui un titre, ou retirez-le.",
        )
    if len(agenda) > POINTS_MAX:
        raise GesteRefuse(
            f"L’ordre du jour a {len(agenda)} points.",
            f"Une séance en tient {POINTS_MAX} au plus.",
            "Reportez-en à une prochaine séance.",
        )


def _ecrire(seance: Seance, agenda: Agenda) -> None:
    connus = {str(p.pk): p for p in PointOrdreDuJour.objects.filter(seance=seance)}
    ailleurs = PointOrdreDuJour.objects.filter(pk__in=[li.id for li in agenda]).exclude(seance=seance)
    if ailleurs.exists():
        raise GesteRefuse(
            "L’ordre du jour n’est pas enregistré.",
            "Un de ses points appartient à une autre séance.",
            "Rouvrez l’ordre du jour.",
        )
    for rang, ligne in enumerate(agenda, 1):
        point = connus.pop(ligne.id, None) or PointOrdreDuJour(pk=UUID(ligne.id), seance=seance)
        point.rang, point.titre, point.theme = rang, ligne.titre.strip(), ligne.theme
        point.duree, point.presentation = ligne.duree, ligne.presentation.strip()
        point.rapporteur_id = int(ligne.rapporteur) if ligne.rapporteur else None
        point.retenu = True
        point.full_clean(validate_unique=False)
        point.save()
    PointOrdreDuJour.objects.filter(pk__in=[p.pk for p in connus.values() if p.retenu]).delete()


@dataclass(frozen=True, slots=True)
class Horaires:
    """When each item begins and the séance ends, as text; `minutes` is the sum."""

    minutes: int
    debuts: tuple[str, ...]
    fin: str
    depasse: int


def horaires(seance: Seance, durees: Sequence[int]) -> Horaires:
    total = sum(durees)
    if seance.debut is None:
        return Horaires(total, ("",) * len(durees), "", max(0, total - seance.duree))
    instant, debuts = timezone.localtime(seance.debut), []
    for minutes in durees:
        debuts.append(horloge.heure(instant))
        instant += timedelta(minutes=minutes)
    return Horaires(total, tuple(debuts), horloge.heure(instant), max(0, total - seance.duree))
