"""Writes: a formation, its seats from one day to another, the council's own settings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils.text import slugify

from pupitre.annuaire.models import Fonction, Personne
from pupitre.conseils.models import Formation, Membre, ReglageConseil
from pupitre.droit.composition import Siege
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Commune, Conseil
from pupitre.territoires.services import creer_conseil_du_code

# Days during which somebody is new.
NOUVEAU = 90


class FormationRefusee(ErreurPupitre):
    """A formation or a seat that does not hold together."""


@transaction.atomic
def enregistrer(*, formation: Formation, communes: Iterable[Commune] = ()) -> Formation:
    """Keep a formation, new or changed; its address never changes once given.

    Raises:
        FormationRefusee: a second plenary or restricted formation at the same time. ValidationError.
    """
    Conseil.objects.select_for_update(of=("self",)).get(pk=formation.conseil_id)
    if formation.nature in (Formation.Nature.PLENIERE, Formation.Nature.RESTREINTE):
        autre = _memes(formation).exclude(pk=formation.pk).first()
        if autre is not None:
            raise FormationRefusee(
                f"Le conseil a déjà une {Formation.Nature(formation.nature).label}.",
                f"«\u202f{autre.nom}\u202f» l’est depuis le {date_longue(autre.debut)}.",
                "Modifiez-la, ou donnez-lui d’abord une date de fin.",
            )
    if not formation.slug:
        formation.slug = _slug_libre(formation)
    formation.full_clean()
    formation.save()
    formation.communes.set(communes)
    return formation


def _memes(formation: Formation):
    meme = Formation.objects.filter(conseil=formation.conseil_id, nature=formation.nature)
    if formation.fin is not None:
        meme = meme.filter(debut__lte=formation.fin)
    return meme.exclude(fin__lt=formation.debut)


def _slug_libre(formation: Formation) -> str:
    base = slugify(formation.nom)[:70] or "formation"
    pris = set(Formation.objects.filter(conseil=formation.conseil_id).values_list("slug", flat=True))
    n, slug = 1, base
    while slug in pris:
        n += 1
        slug = f"{base}-{n}"
    return slug


@transaction.atomic
def clore(*, formation: Formation, le: date) -> Formation:
    """`le`: its last day. The seats still held end with it; nothing is erased."""
    formation.fin = le
    formation.full_clean()
    formation.save(update_fields=["fin"])
    formation.membres.filter(fin__isnull=True, debut__lte=le).update(fin=le)
    return formation


@transaction.atomic
def asseoir(
    *,
    formation: Formation,
    personne: Personne,
    titre: str,
    debut: date,
    organisation=None,
    qualite: str = "",
    siege: Siege | None = None,
    suppleant: Personne | None = None,
    coordination: bool = False,
) -> Membre:
    """Give a seat from that day on.

    Args:
        organisation, qualite: those of the function held on that day when left out.
        siege: the seat by law that this person fills, with its text.
    Raises:
        FormationRefusee: a stranger to the council, a merged card, somebody already seated, a day when the
            formation does not exist. ValidationError.
    """
    Formation.objects.select_for_update(of=("self",)).get(pk=formation.pk)
    _asseyable(formation, personne, debut)
    if suppleant is not None:
        _du_conseil(formation, suppleant)
    fonction = fonction_principale(personne, debut)
    membre = Membre(
        formation=formation,
        personne=personne,
        titre=titre,
        debut=debut,
        organisation=organisation or (fonction.organisation if fonction else None),
        qualite=qualite or (fonction.intitule if fonction else ""),
        siege=siege.cle if siege else "",
        reference=siege.reference[:200] if siege else "",
        suppleant=suppleant,
        coordination=coordination,
    )
    membre.full_clean()
    membre.save()
    return membre


def fonction_principale(personne: Personne, jour: date) -> Fonction | None:
    """The function held on that day, the latest begun if several."""
    return (
        personne.fonctions.as_of(jour)
        .filter(conseil=personne.conseil_id)
        .select_related("organisation")
        .order_by("-debut", "-pk")
        .first()
    )


def _asseyable(formation: Formation, personne: Personne, debut: date) -> None:
    _du_conseil(formation, personne)
    if debut < formation.debut or (formation.fin and debut > formation.fin):
        raise FormationRefusee(
            f"{personne} n’a pas été ajouté.",
            f"La formation existe {_periode(formation)}.",
            "Vérifiez la date.",
        )
    tenu = formation.membres.filter(personne=personne).exclude(fin__lt=debut).first()
    if tenu is not None:
        raise FormationRefusee(
            f"{personne} n’a pas été ajouté.",
            f"Cette personne siège déjà {_periode(tenu)}.",
            "Mettez fin à ce siège, ou choisissez une date postérieure.",
        )


def _du_conseil(formation: Formation, personne: Personne) -> None:
    if personne.conseil_id != formation.conseil_id or personne.fusionnee_dans_id is not None:
        raise FormationRefusee(
            f"{personne} n’a pas été ajouté.",
            "Sa fiche n’est pas dans l’annuaire de ce conseil, ou elle a été fusionnée avec une autre.",
            "Choisissez une personne de l’annuaire.",
        )


def _periode(objet) -> str:
    depuis = f"depuis le {date_longue(objet.debut)}"
    return f"du {date_longue(objet.debut)} au {date_longue(objet.fin)}" if objet.fin else depuis


@transaction.atomic
def modifier(
    *, membre: Membre, titre: str, qualite: str, organisation, suppleant: Personne | None, coordination: bool
) -> Membre:
    """What is said of a seat; who holds it and since when does not change: end it and give another."""
    if suppleant is not None:
        _du_conseil(membre.formation, suppleant)
        if suppleant.pk == membre.personne_id:
            raise FormationRefusee(
                "Le suppléant n’a pas été enregistré.",
                "Une personne ne se supplée pas elle-même.",
                "Choisissez quelqu’un d’autre, ou laissez vide.",
            )
    membre.titre, membre.qualite, membre.organisation = titre, qualite, organisation
    membre.suppleant, membre.coordination = suppleant, coordination
    membre.full_clean()
    membre.save()
    return membre


@transaction.atomic
def accueillir(*, membre: Membre, le: date) -> int:
    """The newcomer was welcomed: for every seat that they hold, once. How many seats.

    Raises:
        FormationRefusee: before the seat begins.
    """
    if le < membre.debut:
        raise FormationRefusee(
            "L’accueil n’est pas noté.",
            f"Le siège de {membre.personne} commence le {date_longue(membre.debut)}.",
            "Choisissez ce jour-là, ou un jour plus récent.",
        )
    siens = Membre.objects.filter(
        formation__conseil=membre.formation.conseil_id, personne=membre.personne_id, debut__lte=le
    )
    return siens.filter(accueilli_le__isnull=True).update(accueilli_le=le)


@transaction.atomic
def finir(*, membre: Membre, le: date) -> Membre:
    """`le`: the last day. The past keeps the person.

    Raises:
        FormationRefusee: already ended, or before it began.
    """
    membre = Membre.objects.select_for_update(of=("self",)).select_related("personne").get(pk=membre.pk)
    if membre.fin is not None and membre.fin <= le:
        raise FormationRefusee(
            f"Le siège de {membre.personne} n’a pas changé.",
            f"Il a déjà pris fin le {date_longue(membre.fin)}.",
            "Vérifiez la date.",
        )
    if le < membre.debut:
        raise FormationRefusee(
            f"Le siège de {membre.personne} n’a pas changé.",
            f"Il commence le {date_longue(membre.debut)}.",
            "Choisissez une date postérieure, ou le même jour pour corriger une erreur.",
        )
    membre.fin = le
    membre.save(update_fields=["fin"])
    return membre


@transaction.atomic
def installer(
    *,
    pleniere: Formation,
    siege: Siege,
    remplaces: Iterable[Membre],
    personne: Personne,
    debut: date,
    titre: str,
    suppleant: Personne | None = None,
) -> Membre:
    """Fill a seat by law from that day; those `remplaces` leave it on the eve.

    Somebody who sits already in the plenary, under another title, keeps one seat: this one.

    Raises:
        FormationRefusee, ValidationError.
    """
    deja = pleniere.membres.as_of(debut).filter(personne=personne).first()
    quittent = {m.pk: m for m in remplaces if deja is None or m.pk != deja.pk}
    if deja is not None and deja.debut == debut:
        for ancien in quittent.values():
            finir(membre=ancien, le=_veille(ancien, debut))
        return _qualifier(deja, siege, titre, suppleant)
    if deja is not None:
        quittent[deja.pk] = deja
    for ancien in quittent.values():
        finir(membre=ancien, le=_veille(ancien, debut))
    return asseoir(
        formation=pleniere,
        personne=personne,
        titre=titre,
        debut=debut,
        siege=siege,
        suppleant=suppleant,
    )


def _qualifier(membre: Membre, siege: Siege, titre: str, suppleant: Personne | None) -> Membre:
    """The seat begun on that very day was this one: nothing of the past changes."""
    membre.siege, membre.reference, membre.titre = siege.cle, siege.reference[:200], titre
    membre.suppleant = suppleant or membre.suppleant
    membre.full_clean()
    membre.save()
    return membre


def _veille(membre: Membre, jour: date) -> date:
    veille = jour - timedelta(days=1)
    if veille < membre.debut:
        raise FormationRefusee(
            f"{membre.personne} n’a pas quitté ce siège.",
            f"Son siège commence le {date_longue(membre.debut)}.",
            "Choisissez une date postérieure pour le suivant.",
        )
    return veille


@transaction.atomic
def ouvrir(*, code: str, nom: str = "", depuis: date) -> Conseil:
    """A CLSPD or a CISPD with its communes and its plenary formation, ready for its coordinator.

    Args:
        code: INSEE code of a commune, SIREN of an EPCI or EPT.
    Raises:
        TerritoireRefuse: unknown code. FormationRefusee: the same council exists.
    """
    conseil = creer_conseil_du_code(code=code, nom=nom, depuis=depuis)
    memes = {c.pk for c in conseil.communes_as_of(depuis)}
    for autre in Conseil.objects.filter(nature=conseil.nature).exclude(pk=conseil.pk):
        if memes and {c.pk for c in autre.communes_as_of(depuis)} == memes:
            raise FormationRefusee(
                "Le conseil n’a pas été créé.",
                f"«\u202f{autre}\u202f» réunit déjà ces communes.",
                "Habilitez la personne sur ce conseil.",
            )
    enregistrer(
        formation=Formation(
            conseil=conseil,
            nature=Formation.Nature.PLENIERE,
            nom="Formation plénière",
            rythme_mois=12,
            debut=depuis,
        )
    )
    return conseil


@transaction.atomic
def regler(*, conseil: Conseil, departement_de_droit: bool, departement_raison: str = "") -> ReglageConseil:
    reglage, _ = ReglageConseil.objects.update_or_create(
        conseil=conseil,
        defaults={"departement_de_droit": departement_de_droit, "departement_raison": departement_raison},
    )
    return reglage
