"""Letters to partners that have not delivered: the referent first, then the coordination."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.collecte import calendrier
from pupitre.observatoire.collecte.calendrier import EN_RETARD, Case, Ligne
from pupitre.observatoire.collecte.conventions import Droits, droits_des_sources
from pupitre.observatoire.models import Relance, Source, SuspensionRelances
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import date_longue, enumeration, pluriel
from pupitre.territoires.models import Conseil

DEPOT = "depot"
JOURS_DEPOT = 45
RYTHME, MAXIMUM = 7, 3
# Between the day due and the first letter: most files come the day after.
COURTOISIE = 3
# Beyond the last three periods, a letter would be noise: the calendar shows the hole.
PERIODES_RELANCEES = 3


class RelanceRefusee(ErreurPupitre):
    """Nobody to write to, or nothing is late."""


@dataclass(frozen=True, slots=True)
class Manque:
    """A period that has not come. `rang`: of the letter about it."""

    debut: date
    libelle: str
    echeance: date
    rang: int


@dataclass(frozen=True, slots=True)
class Due:
    """One letter to be written about one source; it names all the periods that are to be named that day."""

    source: Source
    vers: str
    manques: tuple[Manque, ...]

    @property
    def periodes(self) -> str:
        return enumeration([m.libelle for m in self.manques])

    @property
    def cle(self) -> str:
        return f"relance:{self.source.pk}:{self.vers}:" + ",".join(
            f"{m.debut}.{m.rang}" for m in self.manques
        )


@dataclass(frozen=True, slots=True)
class _Faite:
    rang: int
    le: date
    vers: str


def dues(jour: date, conseil: Conseil | None = None) -> Iterator[Due]:
    """What is to be written on that day and has not been."""
    conseils = [conseil] if conseil is not None else Conseil.objects.filter(sources__isnull=False).distinct()
    for c in conseils:
        sources = list(Source.objects.filter(conseil=c).select_related("organisation", "conseil"))
        droits = droits_des_sources(sources, jour)
        faites = _faites(sources)
        suspendues = set(
            SuspensionRelances.objects.filter(source__in=sources, jusqu_au__gte=jour).values_list(
                "source", "debut"
            )
        )
        for volet in calendrier.lire(c, sources, jour):
            for ligne in volet.lignes:
                if (ligne.source.pk, None) not in suspendues:
                    cases = [x for x in en_retard(ligne) if (ligne.source.pk, x.debut) not in suspendues]
                    yield from _de_la_source(ligne.source, cases, droits[ligne.source.code], faites, jour)


def _faites(sources: list[Source]) -> dict[tuple[int, date], list[_Faite]]:
    faites: dict[tuple[int, date], list[_Faite]] = {}
    lues = Relance.objects.filter(source__in=sources).order_by("rang")
    for source, debut, rang, le, vers in lues.values_list("source", "debut", "rang", "le", "vers"):
        faites.setdefault((source, debut), []).append(_Faite(rang, le, vers))
    return faites


def en_retard(ligne: Ligne) -> list[Case]:
    """The periods late of which one may still speak, oldest first."""
    return [c for c in ligne.cases[-1 - PERIODES_RELANCEES :] if c.due and c.etat in EN_RETARD]


def _de_la_source(
    source: Source, cases: list[Case], droits: Droits, faites: dict, jour: date
) -> Iterator[Due]:
    par_destinataire: dict[str, list[Manque]] = {}
    for case in cases:
        deja = faites.get((source.pk, case.debut), [])
        vers = _prochaine(case, deja, droits, jour)
        if vers:
            manque = Manque(case.debut, case.libelle, case.echeance, _rang(deja))
            par_destinataire.setdefault(vers, []).append(manque)
    for vers, manques in par_destinataire.items():
        yield Due(source, vers, tuple(manques))


def _rang(deja: list[_Faite]) -> int:
    return max((f.rang for f in deja), default=0) + 1


def _prochaine(case: Case, deja: list[_Faite], droits: Droits, jour: date) -> str:
    """To whom the next letter about that period goes on that day; empty when none is to be written."""
    rythme = max(1, min((c.rythme for c in droits.conventions), default=RYTHME))
    maximum = max((c.relances_max for c in droits.conventions), default=MAXIMUM)
    if any(f.vers == Relance.Vers.COORDINATION for f in deja):
        return ""  # the coordination knows: it is no longer a matter of letters
    possible = (
        max(f.le for f in deja) + timedelta(days=rythme)
        if deja
        else case.echeance + timedelta(days=COURTOISIE)
    )
    if jour < possible:
        return ""
    if referent_de(droits) is None or len(deja) >= maximum:
        return Relance.Vers.COORDINATION
    return Relance.Vers.REFERENT


def referent_de(droits: Droits) -> tuple[str, str] | None:
    return next(((c.referent, c.referent_email) for c in droits.conventions if c.referent_email), None)


def relancer(jour: date) -> int:
    """Write what is due on that day; asked again, nothing more is written. How many letters."""
    return sum(_ecrire(due, jour) for due in list(dues(jour)))


@transaction.atomic
def _ecrire(due: Due, jour: date, auteur=None) -> int:
    """The letter and its trace, together or not at all. Another process that has just done it leaves nothing."""
    Source.objects.select_for_update(of=("self",)).get(pk=due.source.pk)
    deja = set(Relance.objects.filter(source=due.source).values_list("debut", "rang"))
    if any((m.debut, m.rang) in deja for m in due.manques):
        return 0
    referent = referent_de(droits_des_sources([due.source], jour)[due.source.code])
    equipe = coordination(due.source.conseil)
    au_referent = due.vers == Relance.Vers.REFERENT and referent is not None
    premiere = ("", "", None)
    qui = [referent] if au_referent else equipe
    for nom, email in qui:
        lettre = _au_referent(due, nom, email) if au_referent else _a_la_coordination(due)
        courriel, _ = poster(
            lettre,
            cle=due.cle,
            destinataire=email,
            nom=nom,
            categorie="relance",
            perimetre=due.source.conseil.slug,
            expediteur=str(due.source.conseil),
            repondre_a=equipe[0][1] if au_referent and equipe else "",
        )
        premiere = premiere if premiere[2] else (nom, email, courriel)
    nom, email, courriel = premiere
    for m in due.manques:
        Relance.objects.create(
            source=due.source, debut=m.debut, rang=m.rang, vers=due.vers, nom=nom, email=email, le=jour,
            courriel=courriel, demandee_par=auteur,
        )  # fmt: skip
    return len(qui)


def coordination(conseil: Conseil) -> list[tuple[str, str]]:
    actives = Habilitation.objects.actives().filter(conseil=conseil, role=Role.COORDINATEUR)
    return [(str(h.utilisateur), h.utilisateur.email) for h in actives.select_related("utilisateur")]


def adresse_de_depot(source: Source, nom: str, email: str, auteur=None) -> str:
    """A new deposit link for that source, as it is written in a letter."""
    lien = actes.creer(
        acte=DEPOT,
        objet=source.pk,
        conseil=source.conseil,
        nom=nom or str(source.organisation),
        email=email,
        jours=JOURS_DEPOT,
        gestes_max=0,
        auteur=auteur,
    )
    return adresse_complete(reverse("depot", args=[actes.jeton(lien)]))


def _au_referent(due: Due, nom: str, email: str) -> Lettre:
    plusieurs = len(due.manques) > 1
    attendu = (
        "Ces fichiers étaient attendus pour le " + enumeration([date_longue(m.echeance) for m in due.manques])
        if plusieurs
        else f"Le fichier était attendu pour le {date_longue(due.manques[0].echeance)}"
    )
    return Lettre(
        objet=f"{due.source.nom}\u202f: {due.periodes}",
        paragraphes=(
            f"L’observatoire du {due.source.conseil} n’a pas encore reçu «\u202f{due.source.nom}\u202f» "
            f"pour {due.periodes}. {attendu}.",
            "Vous pouvez le déposer tel quel, sans compte ni mot de passe. Si un obstacle le retarde, répondez à "
            "ce message\u202f: nous en tiendrons compte."
            if not plusieurs
            else "Vous pouvez les déposer tels quels, l’un après l’autre, sans compte ni mot de passe. Si un obstacle "
            "les retarde, répondez à ce message\u202f: nous en tiendrons compte.",
        ),
        bouton=Bouton("Déposer le fichier", adresse_de_depot(due.source, nom, email)),
        pied="Vous êtes le référent désigné par la convention entre votre organisation et le conseil. "
        "Si le fichier vient de partir, ne tenez pas compte de ce message.",
    )


def _a_la_coordination(due: Due) -> Lettre:
    suivi = reverse("source-suivi", args=[due.source.conseil.slug, due.source.code])
    ecrites = max(m.rang for m in due.manques) - 1
    return Lettre(
        objet=f"{due.source.organisation} n’a pas livré {due.periodes}",
        paragraphes=(
            f"«\u202f{due.source.nom}\u202f» était attendue pour le "
            f"{enumeration([date_longue(m.echeance) for m in due.manques])}. "
            + (
                f"{pluriel(ecrites, 'relance')} au référent, sans réponse\u202f: un appel débloque souvent tout."
                if ecrites
                else "Aucun référent n’est désigné\u202f: personne n’a pu être relancé. Complétez la convention, ou "
                "envoyez un lien de dépôt."
            ),
            "Pupitre n’écrira plus au sujet de cette période.",
        ),
        bouton=Bouton("Voir et relancer", adresse_complete(suivi)),
        pied="Vous recevez ce message parce que vous coordonnez ce conseil.",
    )


@dataclass(frozen=True, slots=True)
class Racontee:
    """A reminder as the page of the source tells it."""

    relance: Relance
    periode: str


def historique(source: Source, limite: int = 36) -> list[Racontee]:
    faites = source.relances.select_related("courriel", "demandee_par")[:limite]
    return [Racontee(r, calendrier.nommer(r.debut, source.frequence)) for r in faites]


def relancer_maintenant(*, source: Source, auteur=None) -> Relance:
    """A letter to the referent about what is late, outside the agreed rhythm.

    Raises:
        RelanceRefusee: nothing is late, no referent, or a letter left today already.
    """
    jour = horloge.aujourdhui()
    droits = droits_des_sources([source], jour)[source.code]
    cases = [
        c for v in calendrier.lire(source.conseil, [source], jour) for li in v.lignes for c in en_retard(li)
    ]
    if not cases:
        raise _refus("Rien n’est en retard pour cette source.", "Vérifiez le calendrier.")
    if referent_de(droits) is None:
        raise _refus(
            "Aucune convention en vigueur ne désigne de référent avec son adresse.",
            "Complétez la convention du partenaire, ou envoyez un lien de dépôt.",
        )
    faites = _faites([source])
    if any(f.le == jour for c in cases for f in faites.get((source.pk, c.debut), [])):
        raise _refus("Une relance est déjà partie aujourd’hui.", "Attendez la réponse, ou téléphonez.")
    manques = tuple(
        Manque(c.debut, c.libelle, c.echeance, _rang(faites.get((source.pk, c.debut), []))) for c in cases
    )
    _ecrire(Due(source, Relance.Vers.REFERENT, manques), jour, auteur)
    return Relance.objects.get(source=source, debut=manques[-1].debut, rang=manques[-1].rang)


def _refus(pourquoi: str, que_faire: str) -> RelanceRefusee:
    return RelanceRefusee("Aucune relance n’est partie.", pourquoi, que_faire)


@transaction.atomic
def suspendre(
    *, source: Source, jusqu_au: date, raison: str, debut: date | None = None, auteur=None
) -> SuspensionRelances:
    """
    Args:
        debut: first day of the one period that it bears on; None for all.

    Raises:
        RelanceRefusee: no reason, or a day that has passed.
    """
    if not raison.strip() or jusqu_au <= horloge.aujourdhui():
        raise RelanceRefusee(
            "Les relances ne sont pas suspendues.",
            "Il manque une raison, ou la date est passée.",
            "Dites pourquoi, et jusqu’à quand (par exemple\u202f: référent absent jusqu’au 15).",
        )
    return SuspensionRelances.objects.create(
        source=source, debut=debut, jusqu_au=jusqu_au, raison=raison.strip()[:240], auteur=auteur
    )


@dataclass(frozen=True, slots=True)
class Delai:
    """A delay granted, as the page of the source tells it. `periode`: empty for all of them."""

    jusqu_au: date
    raison: str
    periode: str
    en_cours: bool


def suspensions(source: Source, limite: int = 6) -> list[Delai]:
    jour = horloge.aujourdhui()
    return [
        Delai(
            s.jusqu_au,
            s.raison,
            calendrier.nommer(s.debut, source.frequence) if s.debut else "",
            s.jusqu_au >= jour,
        )
        for s in source.suspensions.all()[:limite]
    ]


@transaction.atomic
def reprendre(*, source: Source) -> None:
    hier = horloge.aujourdhui() - timedelta(days=1)
    SuspensionRelances.objects.filter(source=source, jusqu_au__gt=hier).update(jusqu_au=hier)
