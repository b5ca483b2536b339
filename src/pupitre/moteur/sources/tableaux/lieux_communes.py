"""The commune of each row: by the saved answers, a code, or its name within its département."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.erreurs import Lieu
from pupitre.moteur.observations import LibelleInconnu
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.fichiers.feuille import coder, en_textes
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.communes import CommunesConnues
from pupitre.moteur.sources.lecture.lieux import Commune, comparables, lire_commune
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.tableau import Lus, Tableau, lire_valeurs

_SEPARATEUR = "\x1f"
CITES = 5


def lire_communes(
    tableau: Tableau,
    description: Description,
    journal: Journal,
    *,
    completer: bool,
    connues: CommunesConnues | None,
) -> tuple[Lus | None, tuple[LibelleInconnu, ...]]:
    """Values are pairs (INSEE code or "", label as written).

    Without a reference, a label that the description does not know stops the file. With one, it is left without a
    commune and listed with what it may mean.
    """
    lecteur = _Lecteur(tableau, description, journal, connues)
    colonne = lecteur.colonne()
    lus = lire_valeurs(
        tableau,
        Role.COMMUNE,
        lecteur.lire,
        lecteur.refuser,
        completer=completer,
        journal=journal,
        colonne=colonne,
    )
    if lus is None:
        return None, ()
    return lus, lecteur.inconnus(lus)


class _Lecteur:
    def __init__(
        self, tableau: Tableau, description: Description, journal: Journal, connues: CommunesConnues | None
    ) -> None:
        self.tableau, self.journal, self.connues = tableau, journal, connues
        self.dites = comparables(description.communes)
        self._zero_dit = False
        self._sans_code: dict[tuple[str, str], LibelleInconnu] = {}

    def colonne(self) -> pa.Array | None:
        """Labels, each followed by its département when the table has such a column."""
        ecrites = self.tableau.colonne(Role.COMMUNE)
        if ecrites is None or self.connues is None or Role.DEPARTEMENT not in self.tableau.roles:
            return ecrites
        return pc.binary_join_element_wise(
            en_textes(ecrites), _departements(self.tableau, self.connues, self.journal), _SEPARATEUR
        )

    def lire(self, ecrit: str) -> tuple[str, str] | None:
        texte, _, departement = ecrit.partition(_SEPARATEUR)
        if not texte.strip():
            return None
        commune = lire_commune(texte, self.dites, departement)
        self._dire_zero(texte, commune)
        libelle = nettoyer(texte)
        if commune.code or commune.dite:
            return commune.code, libelle
        if self.connues is not None:
            return self._reconnaitre(self.connues, ecrit, libelle, departement)
        if self.dites:
            return None
        self.journal.avertir(
            "commune_inconnue",
            f"La commune «\u202f{libelle[:60]}\u202f» n’est pas reconnue.",
            **self.tableau.feuille.lieu(None, self.tableau.roles[Role.COMMUNE]),
        )
        return "", libelle

    def _reconnaitre(
        self, connues: CommunesConnues, ecrit: str, libelle: str, departement: str
    ) -> tuple[str, str]:
        trouvee = connues.reconnaitre(libelle, departement)
        if not trouvee.code:
            self._sans_code[(libelle, departement)] = LibelleInconnu(
                "commune",
                libelle,
                0,
                departement,
                tuple((c.code, c.nom) for c in trouvee.candidats),
                Lieu(),
            )
        # Homonyms of two départements are two labels.
        return trouvee.code, libelle if trouvee.code or not departement else f"{libelle} ({departement})"

    def refuser(self, ecrit: str, ligne: int, fois: int) -> None:
        texte = ecrit.partition(_SEPARATEUR)[0]
        if not texte.strip():
            return
        self.journal.bloquante(
            "commune_inconnue",
            f"La commune «\u202f{nettoyer(texte)[:60]}\u202f» n’est pas connue ({fois} lignes).",
            **self.tableau.feuille.lieu(ligne, self.tableau.roles[Role.COMMUNE]),
        )

    def _dire_zero(self, texte: str, commune: Commune) -> None:
        if commune.zero_perdu and not self._zero_dit:
            self._zero_dit = True
            self.journal.avertir(
                "zero_perdu",
                f"Des codes de commune ont perdu leur premier zéro\u202f: "
                f"«\u202f{texte}\u202f» est lu «\u202f{commune.code}\u202f».",
                **self.tableau.feuille.lieu(None, self.tableau.roles[Role.COMMUNE]),
            )

    def inconnus(self, lus: Lus) -> tuple[LibelleInconnu, ...]:
        """Labels without a commune, with how many rows bear each and the first of them."""
        if not self._sans_code:
            return ()
        trouves = []
        for (libelle, departement), inconnu in self._sans_code.items():
            ecrit = f"{libelle} ({departement})" if departement else libelle
            rangees = np.flatnonzero(lus.rangs == lus.valeurs.index(("", ecrit)))
            if not len(rangees):
                continue
            lieu = self.tableau.feuille.lieu(
                int(self.tableau.lignes[rangees[0]]), self.tableau.roles[Role.COMMUNE]
            )
            trouves.append(
                LibelleInconnu(
                    inconnu.genre, libelle, len(rangees), departement, inconnu.candidats, Lieu(**lieu)
                )
            )
        self._dire(trouves, len(lus.valeurs))
        return tuple(trouves)

    def _dire(self, inconnus: list[LibelleInconnu], tous: int) -> None:
        noms = ", ".join(f"«\u202f{i.libelle[:40]}\u202f»" for i in inconnus[:CITES])
        suite = "…" if len(inconnus) > CITES else ""
        part = 100 * (tous - len(inconnus)) / max(tous, 1)
        self.journal.avertir(
            "communes_a_reconnaitre",
            f"{_en_clair(tous - len(inconnus))} communes sur {_en_clair(tous)} sont reconnues "
            f"({part:.1f}".replace(".", ",")
            + f"\u202f%)\u202f; {len(inconnus)} libellés ne le sont pas\u202f: {noms}{suite}",
            feuille=inconnus[0].lieu.feuille,
            ligne=inconnus[0].lieu.ligne,
            colonne=inconnus[0].lieu.colonne,
        )


def _en_clair(n: int) -> str:
    return f"{n:,}".replace(",", "\u202f")


def _departements(tableau: Tableau, connues: CommunesConnues, journal: Journal) -> pa.Array:
    """Code of each row's département: the last one that the column names, going down."""
    rang = tableau.roles[Role.DEPARTEMENT]
    dictionnaire, bruts = coder(tableau.feuille.colonnes[rang])
    ecrits = dictionnaire.to_pylist()
    codes = [connues.departement(t) if t and t.strip() else "" for t in ecrits]
    nomme = np.array([*(bool(c) for c in codes), False], dtype=bool)
    places: npt.NDArray[np.int64] = np.where(nomme[bruts], np.arange(len(bruts)), -1)
    places[: tableau.entete + 1] = -1
    np.maximum.accumulate(places, out=places)
    portes = np.where(places >= 0, bruts[np.maximum(places, 0)], len(codes))
    _dire_les_reports(
        tableau, rang, nomme[bruts], [t for t, c in zip(ecrits, codes, strict=True) if not c], journal
    )
    return pa.array([*codes, ""], pa.string()).take(pa.array(portes[tableau.lignes]))


def _dire_les_reports(
    tableau: Tableau, rang: int, nommes: npt.NDArray[np.bool_], autres: list[str], journal: Journal
) -> None:
    reports = int(np.count_nonzero(~nommes[tableau.lignes]))
    if not reports:
        return
    hors = [nettoyer(t) for t in autres if t and t.strip()]
    suite = (
        f" {len(hors)} textes de cette colonne n’en nomment pas («\u202f{hors[0][:30]}\u202f»)\u202f: "
        "ils sont laissés."
        if hors
        else ""
    )
    journal.informer(
        "valeurs_reportees",
        f"Le département, écrit une fois, vaut pour les {_en_clair(reports)} lignes qui le suivent.{suite}",
        **tableau.feuille.lieu(int(tableau.lignes[0]), rang),
    )
