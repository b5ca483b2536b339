"""What a search finds of the council's work. Each shelf is cut by the selector that its pages use.

The minutes that are searched are those that were checked and validated, of formations that evoke no personal case:
under charter, a text that may speak of somebody is not to be found by typing his name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils.http import urlencode

from pupitre.acces.droits import Droit
from pupitre.acces.models import Organisation
from pupitre.acces.policies import peut
from pupitre.annuaire.models import Personne
from pupitre.conseils.comptes_rendus.selectors import comptes_rendus_visibles
from pupitre.conseils.decisions import execution
from pupitre.conseils.decisions.selectors import decisions_visibles
from pupitre.conseils.etats import EtatCompteRendu, EtatDecision, EtatSeance
from pupitre.conseils.formations import textes
from pupitre.conseils.formations.themes import libelle
from pupitre.conseils.models import (
    CompteRendu,
    Formation,
    PieceSeance,
    PointOrdreDuJour,
    Seance,
    TexteConseil,
)
from pupitre.conseils.seances.selectors import seances_visibles
from pupitre.conseils.selectors import formations_visibles
from pupitre.conseils.thematiques import nom_du_theme, themes
from pupitre.socle import horloge
from pupitre.socle.recherche import (
    TEXTE,
    TEXTE_DEBUT,
    Element,
    Genre,
    Lot,
    Mot,
    Question,
    Rayon,
    RayonEnBase,
    RayonEnMemoire,
    Trouvaille,
    cle,
    debute,
    extrait,
    peser,
    porte,
    reunir,
)
from pupitre.socle.texte import FINE, date_longue, pluriel
from pupitre.territoires.models import Conseil

FORMATIONS = Genre("formations", "formation", "formations")
SEANCES = Genre("seances", "séance", "séances")
DECISIONS = Genre("decisions", "décision", "décisions")
COMPTES_RENDUS = Genre("comptes-rendus", "compte rendu", "comptes rendus")
PIECES = Genre("pieces", "pièce de séance", "pièces de séance")
TEXTES = Genre("textes", "texte du conseil", "textes du conseil")
THEMES = Genre("themes", "thème", "thèmes")
_CHERCHES = (EtatCompteRendu.VALIDE, EtatCompteRendu.DIFFUSE, EtatCompteRendu.VERROUILLE)
_TONS = {
    EtatSeance.CONVOQUEE: "accent",
    EtatSeance.OUVERTE: "veille",
    EtatSeance.TENUE: "bien",
    EtatSeance.ANNULEE: "alerte",
    EtatDecision.A_FAIRE: "accent",
    EtatDecision.EN_PARTIE: "veille",
    EtatDecision.BLOQUEE: "alerte",
    EtatDecision.FAITE: "bien",
    EtatCompteRendu.VALIDE: "accent",
    EtatCompteRendu.DIFFUSE: "accent",
    EtatCompteRendu.VERROUILLE: "bien",
}
_POINTS_MONTRES = 2


def rayons(utilisateur, conseil: Conseil) -> list[Rayon]:
    if not peut(utilisateur, Droit.VOIR_CONSEIL, conseil):
        return []
    mots = _Noms(conseil)
    return [
        RayonEnMemoire(FORMATIONS, lambda: _formations(utilisateur, conseil), nom=True),
        _Seances(utilisateur, conseil, mots).rayon(),
        _Decisions(utilisateur, conseil, mots).rayon(),
        _ComptesRendus(utilisateur, conseil, mots).rayon(),
        _Pieces(utilisateur, conseil).rayon(),
        RayonEnMemoire(TEXTES, lambda: _textes(utilisateur, conseil)),
        _Themes(utilisateur, conseil),
    ]


@dataclass
class _Noms:
    """What séances and decisions are tied to, and which is named rather than written in them."""

    conseil: Conseil

    @cached_property
    def _formations(self) -> list[tuple[int, str]]:
        lues = Formation.objects.filter(conseil=self.conseil).order_by()
        return [(pk, cle(nom)) for pk, nom in lues.values_list("pk", "nom")]

    @cached_property
    def _organisations(self) -> list[tuple[int, str]]:
        lues = Organisation.objects.filter(conseils=self.conseil).order_by()
        return [(pk, cle(nom)) for pk, nom in lues.values_list("pk", "nom")]

    def parmi(self, champ: str, mot: Mot) -> Q:
        """`champ` leads to a formation, an organisation (by key) or a theme whose name holds that word."""
        trouves: dict[str, list[Any]] = {
            "formation": [pk for pk, nom in self._formations if porte(nom, mot)],
            "organisation": [pk for pk, nom in self._organisations if porte(nom, mot)],
            "theme": [code for code, nom in themes() if code and porte(cle(nom), mot)],
        }
        valeurs = trouves[champ.rpartition("__")[2]]
        return Q(**{f"{champ}__in": valeurs}) if valeurs else Q()


def _formations(utilisateur, conseil: Conseil) -> list[Element]:
    jour = horloge.aujourdhui()
    lues = formations_visibles(utilisateur, conseil).prefetch_related("communes")
    return [_formation(f, close=f.fin is not None and f.fin < jour) for f in lues]


def _formation(formation: Formation, *, close: bool) -> Element:
    nature, theme = str(formation.get_nature_display()), libelle(formation.theme)
    communes = ", ".join(c.nom for c in formation.communes.all())
    morceaux = (nature, theme, communes, f"pilote{FINE}: {formation.pilote}" if formation.pilote else "")
    return Element(
        Trouvaille(
            "formation",
            {"formation": formation.pk},
            formation.nom,
            ", ".join(m for m in morceaux if m),
            etat="close" if close else "",
        ),
        titre=cle(formation.nom),
        texte=cle(
            f"{nature} {theme} {communes} {formation.secteurs} {formation.feuille_de_route} {formation.objectifs}"
        ),
        corps=formation.objectifs,
    )


@dataclass
class _Seances:
    utilisateur: Any
    conseil: Conseil
    noms: _Noms

    def rayon(self) -> Rayon:
        visibles = seances_visibles(self.utilisateur, self.conseil)
        return RayonEnBase(
            SEANCES,
            visibles.order_by("-debut", "-pk"),
            self._habiller,
            lies=self._lies,
            textes=lambda objets: (reunir(objets), reunir(self._points(objets))),
        )

    def _points(self, seances):
        return PointOrdreDuJour.objects.filter(seance__in=seances.order_by().values("pk"), retenu=True)

    def _lies(self, mot: Mot) -> Q:
        du_conseil = PointOrdreDuJour.objects.filter(seance__formation__conseil=self.conseil, retenu=True)
        points = du_conseil.filter(debute("cle", mot) | self.noms.parmi("theme", mot)).order_by()
        return self.noms.parmi("formation", mot) | Q(pk__in=points.values("seance"))

    def _habiller(self, cles: list[int], question: Question) -> dict[int, Trouvaille]:
        seances = seances_visibles(self.utilisateur, self.conseil).filter(pk__in=cles)
        points: dict[int, list[str]] = {}
        lus = PointOrdreDuJour.objects.filter(seance__in=cles, retenu=True).order_by("rang", "cree_le")
        for seance, titre, texte, code in lus.values_list("seance", "titre", "cle", "theme"):
            theme = nom_du_theme(code)
            if any(porte(cle(theme), m) for m in question.mots):
                points.setdefault(seance, []).append(f"{titre} ({theme})")
            elif any(porte(texte, m) for m in question.mots):
                points.setdefault(seance, []).append(titre)
        return {s.pk: self._ligne(s, points.get(s.pk, [])) for s in seances}

    def _ligne(self, seance: Seance, points: list[str]) -> Trouvaille:
        quand = "date à fixer"
        if seance.debut:
            quand = f"{date_longue(horloge.jour_de(seance.debut))} à {horloge.heure(seance.debut)}"
        formation = str(seance.formation) if seance.objet else ""
        a_l_ordre_du_jour = f"{FINE}; ".join(points[:_POINTS_MONTRES])
        return Trouvaille(
            "seance",
            {"seance": seance.pk},
            seance.objet or str(seance.formation),
            ", ".join(t for t in (formation, quand, seance.lieu) if t),
            extrait=f"À l’ordre du jour{FINE}: {a_l_ordre_du_jour}" if points else "",
            etat=str(EtatSeance(seance.etat).label),
            ton=_TONS.get(EtatSeance(seance.etat), ""),
        )


@dataclass
class _Decisions:
    utilisateur: Any
    conseil: Conseil
    noms: _Noms

    def rayon(self) -> Rayon:
        visibles = decisions_visibles(self.utilisateur, self.conseil)
        responsables = Personne.objects.filter(pk__in=visibles.order_by().values("responsable"))
        return RayonEnBase(
            DECISIONS,
            visibles.order_by("-annee", "-rang"),
            self._habiller,
            lies=self._lies,
            textes=lambda objets: (reunir(objets), reunir(responsables)),
        )

    def _lies(self, mot: Mot) -> Q:
        gens = Personne.objects.filter(debute("cle", mot, marges=False), conseil=self.conseil).order_by()
        liens = Q(responsable__in=gens.values("pk"))
        for champ in ("organisation", "theme", "formation"):
            liens |= self.noms.parmi(champ, mot)
        return liens

    def _habiller(self, cles: list[int], question: Question) -> dict[int, Trouvaille]:
        lues = decisions_visibles(self.utilisateur, self.conseil).filter(pk__in=cles)
        return {ligne.decision.pk: self._ligne(ligne, question) for ligne in execution.lignes(lues)}

    def _ligne(self, ligne: execution.Ligne, question: Question) -> Trouvaille:
        decision = ligne.decision
        echeance = f"échéance le {date_longue(decision.echeance)}" if decision.echeance else "sans échéance"
        return Trouvaille(
            "decision",
            {"decision": decision.pk},
            decision.numero,
            f"{ligne.a_qui}, {echeance}. {decision.formation}, {date_longue(decision.prise_le)}"
            + (f", {ligne.theme}" if ligne.theme else ""),
            extrait=extrait(decision.texte, question.formes),
            etat=ligne.phrase,
            ton="alerte" if ligne.retard else _TONS.get(EtatDecision(ligne.etat), ""),
        )


@dataclass
class _ComptesRendus:
    utilisateur: Any
    conseil: Conseil
    noms: _Noms

    def _cherches(self):
        return comptes_rendus_visibles(self.utilisateur, self.conseil).filter(
            etat__in=_CHERCHES, seance__formation__regime=Formation.Regime.SANS_NOMINATIF
        )

    def rayon(self) -> Rayon:
        return RayonEnBase(
            COMPTES_RENDUS,
            self._cherches().order_by("-seance__debut", "-version"),
            self._habiller,
            lambda mot, cles: peser(cles[1], mot) or peser(cles[0], mot, TEXTE, TEXTE_DEBUT),
            cles=("cle", "seance__cle"),
            lies=lambda mot: self.noms.parmi("seance__formation", mot),
        )

    def _habiller(self, cles: list[int], question: Question) -> dict[int, Trouvaille]:
        return {c.pk: self._ligne(c, question) for c in self._cherches().filter(pk__in=cles)}

    def _ligne(self, compte_rendu: CompteRendu, question: Question) -> Trouvaille:
        textes_ = [t for p in compte_rendu.contenu["points"] for t in (p["titre"], p["texte"]) if t]
        porteurs = [t for t in textes_ if any(porte(cle(t), m) for m in question.mots)]
        numero = f" n°{FINE}{compte_rendu.numero}" if compte_rendu.numero else ""
        version = f", version {compte_rendu.version}" if compte_rendu.version > 1 else ""
        return Trouvaille(
            "compte-rendu",
            {"compte_rendu": compte_rendu.pk},
            f"Compte rendu{numero}, {compte_rendu.contenu['titre']}",
            f"{compte_rendu.contenu['formation']}, {compte_rendu.contenu['quand']}{version}",
            extrait=extrait(" ".join(porteurs), question.formes) if porteurs else "",
            etat=str(EtatCompteRendu(compte_rendu.etat).label),
            ton=_TONS.get(EtatCompteRendu(compte_rendu.etat), ""),
        )


@dataclass
class _Pieces:
    utilisateur: Any
    conseil: Conseil

    def rayon(self) -> Rayon:
        visibles = seances_visibles(self.utilisateur, self.conseil).order_by().values("pk")
        return RayonEnBase(
            PIECES,
            PieceSeance.objects.filter(seance__in=visibles).order_by("-seance__debut", "nom"),
            lambda cles, question: self._habiller(cles),
        )

    def _habiller(self, cles: list[int]) -> dict[int, Trouvaille]:
        lues = PieceSeance.objects.filter(pk__in=cles).select_related("seance__formation")
        return {
            p.pk: Trouvaille(
                "seance-piece-fichier", {"seance": p.seance_id, "piece": p.pk}, p.nom, str(p.seance)
            )
            for p in lues
        }


def _textes(utilisateur, conseil: Conseil) -> list[Element]:
    equipe = bool(peut(utilisateur, Droit.TENIR_CONSEIL, conseil))
    return [_texte(t) for t in textes.textes_visibles(conseil, equipe=equipe).prefetch_related(None)]


def _texte(texte: TexteConseil) -> Element:
    adopte = f"adopté le {date_longue(texte.adopte_le)}" if texte.adopte_le else "en cours d’écriture"
    return Element(
        Trouvaille("texte", {"texte": texte.pk}, str(texte).capitalize(), adopte),
        titre=cle(str(texte)),
        texte=cle(texte.corps),
        corps=texte.corps,
    )


@dataclass
class _Themes:
    """Those that a decision bears: each opens the table of execution. They are counted only when one is named."""

    utilisateur: Any
    conseil: Conseil
    genre: Genre = THEMES

    def trouver(self, question: Question, limite: int, depuis: int = 0) -> Lot:
        cherches = [m for m in question.mots if not self.genre.nomme_par(m)]
        nommes = {c: nom for c, nom in themes() if c and all(porte(cle(nom), m) for m in cherches)}
        if not nommes:
            return Lot(self.genre)
        visibles = decisions_visibles(self.utilisateur, self.conseil).order_by().filter(theme__in=nommes)
        comptes = visibles.values_list("theme").annotate(n=Count("pk"))
        lignes = [Element(self._ligne(c, nommes[c], n), cle(nommes[c])) for c, n in comptes]
        return RayonEnMemoire(self.genre, lambda: lignes, nom=True).trouver(question, limite, depuis)

    def _ligne(self, code: str, nom: str, n: int) -> Trouvaille:
        requete = urlencode({"theme": code, "situation": "toutes"})
        return Trouvaille("decisions", {}, nom, pluriel(n, "décision"), requete=requete)

    def lexique(self) -> list[str]:
        return [cle(nom) for code, nom in themes() if code]
