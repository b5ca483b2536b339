"""The table of execution: what was decided, who answers for it, where it stands, and how much is done in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from pupitre.acces.models import Organisation
from pupitre.annuaire.models import Personne
from pupitre.conseils.decisions import selectors
from pupitre.conseils.etats import DECISIONS_OUVERTES, EtatDecision
from pupitre.conseils.models import Decision, EvenementDecision, Formation
from pupitre.conseils.thematiques import nom_du_theme
from pupitre.socle import horloge
from pupitre.socle.recherche import Question, debute
from pupitre.socle.texte import pluriel

# the least number of settled decisions of which a share means something
BASE_MINIMALE = 10
AGES = (
    ("", "Tout âge"),
    ("90", "Depuis plus de trois mois"),
    ("180", "Depuis plus de six mois"),
    ("365", "Depuis plus d’un an"),
)
SITUATIONS = (
    ("", "En cours"),
    ("retard", "En retard"),
    ("sans_responsable", "Sans responsable"),
    ("sans_echeance", "Sans échéance"),
    *((e.value, str(e.label).capitalize()) for e in EtatDecision),
    ("toutes", "Toutes"),
)
TRIS = (("", "Échéance"), ("numero", "Numéro"), ("responsable", "Responsable"))


@dataclass(frozen=True, slots=True)
class Filtre:
    """What a person asks of the table; unknown values are dropped by `lire`."""

    situation: str = ""
    formation: str = ""
    responsable: str = ""
    organisation: str = ""
    theme: str = ""
    age: str = ""
    seance: str = ""
    texte: str = ""
    tri: str = ""

    @classmethod
    def lire(cls, question: Mapping[str, str]) -> Filtre:
        def parmi(nom: str, choix: Iterable[tuple[str, str]]) -> str:
            valeur = question.get(nom, "")
            return valeur if valeur in dict(choix) else ""

        def numero(nom: str) -> str:
            valeur = question.get(nom, "")
            return valeur if valeur.isdecimal() and len(valeur) < 10 else ""

        situation = "retard" if question.get("retard") else parmi("situation", SITUATIONS)
        return cls(
            situation=situation,
            formation=question.get("formation", "")[:80],
            responsable=numero("responsable"),
            organisation=numero("organisation"),
            theme=question.get("theme", "")[:40],
            age=parmi("age", AGES),
            seance=numero("seance"),
            texte=question.get("texte", "")[:120].strip(),
            tri=parmi("tri", TRIS),
        )

    def appliquer(self, decisions: QuerySet[Decision], jour: date) -> QuerySet[Decision]:
        garde = Q()
        if self.formation:
            garde &= Q(formation__slug=self.formation)
        if self.responsable:
            garde &= Q(responsable=int(self.responsable))
        if self.organisation:
            garde &= Q(organisation=int(self.organisation))
        if self.seance:
            garde &= Q(seance=int(self.seance))
        if self.theme:
            garde &= Q(theme=self.theme)
        for mot in Question.lire(self.texte).mots:
            garde &= debute("cle", mot)
        if self.age:
            garde &= Q(prise_le__lte=date.fromordinal(jour.toordinal() - int(self.age)))
        return self._trier(self._situer(decisions.filter(garde), jour))

    def _situer(self, decisions: QuerySet[Decision], jour: date) -> QuerySet[Decision]:
        if self.situation == "toutes" or (self.seance and not self.situation):
            return decisions
        if self.situation == "retard":
            return selectors.en_retard(decisions, jour)
        if self.situation == "sans_responsable":
            return selectors.ouvertes(decisions).filter(responsable=None, organisation=None)
        if self.situation == "sans_echeance":
            return selectors.ouvertes(decisions).filter(echeance=None)
        if self.situation:
            return decisions.filter(etat=self.situation)
        return selectors.ouvertes(decisions)

    def _trier(self, decisions: QuerySet[Decision]) -> QuerySet[Decision]:
        if self.tri == "numero":
            return decisions.order_by("-annee", "-rang")
        if self.tri == "responsable":
            return decisions.order_by("responsable__nom", "organisation__nom", "echeance", "pk")
        return selectors.par_urgence(decisions)


@dataclass(frozen=True, slots=True)
class Ligne:
    decision: Decision
    etat: str
    libelle: str
    theme: str
    a_qui: str
    retard: int
    age: int
    dernier: str = ""

    @property
    def phrase(self) -> str:
        if self.retard:
            return f"en retard de {pluriel(self.retard, 'jour')}"
        return self.libelle


def lignes(decisions: Iterable[Decision], jour: date | None = None) -> list[Ligne]:
    """Three queries whatever their number; `dernier`: what was last said of each."""
    jour = jour or horloge.aujourdhui()
    lues = list(decisions)
    dits: dict[int, str] = {}
    derniers = (
        EvenementDecision.objects.filter(decision__in=[d.pk for d in lues])
        .exclude(texte="")
        .order_by("pk")
        .values_list("decision", "texte")
    )
    for cle, texte in derniers:
        dits[cle] = texte
    return [
        Ligne(
            decision=d,
            etat=d.etat,
            libelle=str(EtatDecision(d.etat).label),
            theme=nom_du_theme(d.theme),
            a_qui=a_qui(d),
            retard=retard(d, jour),
            age=(jour - d.prise_le).days,
            dernier=dits.get(d.pk, ""),
        )
        for d in lues
    ]


def a_qui(decision: Decision) -> str:
    noms = [str(n) for n in (decision.responsable, decision.organisation) if n]
    return ", ".join(noms) or "à désigner"


def retard(decision: Decision, jour: date) -> int:
    """Days past the deadline of an open decision, 0 otherwise."""
    if decision.etat not in DECISIONS_OUVERTES or decision.echeance is None:
        return 0
    return max(0, (jour - decision.echeance).days)


@dataclass(frozen=True, slots=True)
class Bilan:
    """Counts of what one sees. `part`: percent done by their first deadline, None when too few to say."""

    ouvertes: int
    retard: int
    faites: int
    abandonnees: int
    a_temps: int
    base: int

    @property
    def part(self) -> int | None:
        return round(100 * self.a_temps / self.base) if self.base >= BASE_MINIMALE else None

    @property
    def phrase(self) -> str:
        if not self.base:
            return "Aucune décision n’est encore arrivée à son échéance."
        sur = f"{pluriel(self.a_temps, 'décision faite')} à temps, sur {self.base} dont l’échéance est passée"
        if self.part is None:
            return f"{sur}\u202f: trop peu pour en tirer une part."
        return f"{sur}, soit {self.part}\u202f%. L’échéance est celle qui a été fixée en séance."


def bilan(decisions: QuerySet[Decision], jour: date | None = None) -> Bilan:
    """Abandoned decisions do not count in the share; a moved deadline does not improve it."""
    jour = jour or horloge.aujourdhui()
    # one that is done is dated by the event that last said so
    a_temps = Q(etat=EtatDecision.FAITE, close_jour__lte=F("premiere_echeance"))
    echue = Q(premiere_echeance__isnull=False) & ~Q(etat=EtatDecision.ABANDONNEE)
    par_etat = (
        decisions.order_by()
        .annotate(close_jour=TruncDate("etat_le"))
        .values("etat")
        .annotate(
            n=Count("pk"),
            retards=Count("pk", filter=Q(echeance__lt=jour)),
            base=Count("pk", filter=echue & (Q(premiere_echeance__lt=jour) | a_temps)),
            a_temps=Count("pk", filter=echue & a_temps),
        )
    )
    comptes = {ligne["etat"]: ligne for ligne in par_etat}

    def combien(quoi: str, etats: Iterable[str]) -> int:
        return sum(comptes[e][quoi] for e in etats if e in comptes)

    return Bilan(
        ouvertes=combien("n", DECISIONS_OUVERTES),
        retard=combien("retards", DECISIONS_OUVERTES),
        faites=combien("n", (EtatDecision.FAITE,)),
        abandonnees=combien("n", (EtatDecision.ABANDONNEE,)),
        a_temps=combien("a_temps", comptes),
        base=combien("base", comptes),
    )


def choix(decisions: QuerySet[Decision]) -> dict[str, list[tuple[str, str]]]:
    """What each list of the filters offers: only what these decisions hold."""
    nues = decisions.order_by()

    def presents(modele, champ: str):
        # read once and made distinct, not looked for again for each row of the other table
        return modele.objects.filter(pk__in=nues.values(champ).distinct())

    formations = presents(Formation, "formation").order_by("nom")
    personnes = presents(Personne, "responsable").order_by("nom", "prenom")
    organisations = presents(Organisation, "organisation").order_by("nom")
    themes = sorted({t for t in nues.values_list("theme", flat=True).distinct() if t})
    return {
        "formation": [(f.slug, f.nom) for f in formations],
        "responsable": [(str(p.pk), str(p)) for p in personnes],
        "organisation": [(str(o.pk), o.nom) for o in organisations],
        "theme": [(t, nom_du_theme(t)) for t in themes],
    }


def par_responsable(decisions: QuerySet[Decision], jour: date | None = None) -> list[dict]:
    """Open decisions and late ones by owner, the most late first."""
    jour = jour or horloge.aujourdhui()
    return list(
        selectors.ouvertes(decisions)
        .order_by()
        .values("responsable", "responsable__prenom", "responsable__nom", "organisation__nom")
        .annotate(n=Count("pk"), retards=Count("pk", filter=Q(echeance__lt=jour)))
        .order_by("-retards", "-n", "responsable__nom")[:20]
    )
