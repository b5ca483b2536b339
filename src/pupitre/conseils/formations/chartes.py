"""The charter: who is bound to sign, who has, who is asked by a personal link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, LienActe
from pupitre.annuaire.models import Personne
from pupitre.conseils.formations import textes
from pupitre.conseils.formations.textes import TexteRefuse
from pupitre.conseils.models import Formation, Membre, SignatureCharte, TexteConseil
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import date_longue, enumeration
from pupitre.territoires.models import Conseil

ACTE = "charte"
JOURS = 60


@dataclass(frozen=True, slots=True)
class Signataire:
    """Somebody bound to sign: why, and where it stands. `lien`: a link sent, still open."""

    personne: Personne
    formations: tuple[str, ...]
    signature: SignatureCharte | None
    lien: LienActe | None


def en_vigueur(conseil: Conseil, jour: date | None = None) -> TexteConseil | None:
    return textes.en_vigueur(conseil, TexteConseil.Genre.CHARTE, jour or horloge.aujourdhui())


def signataires(charte: TexteConseil | None) -> frozenset[int]:
    """Primary keys of those who have signed that version."""
    if charte is None:
        return frozenset()
    return frozenset(charte.signatures.values_list("personne", flat=True))


def formations_couvertes(charte: TexteConseil, jour: date):
    """Those named by the charter; all those under confidentiality when it names none."""
    vivantes = Formation.objects.as_of(jour).filter(
        conseil=charte.conseil_id, regime=Formation.Regime.SOUS_CHARTE
    )
    nommees = charte.formations.all()
    return vivantes.filter(pk__in=nommees.values("pk")) if nommees.exists() else vivantes


def suivre(charte: TexteConseil, jour: date | None = None) -> list[Signataire]:
    """Members and deputies of the formations that it covers, those who have not signed first."""
    jour = jour or horloge.aujourdhui()
    sieges = (
        Membre.objects.as_of(jour)
        .filter(formation__in=formations_couvertes(charte, jour))
        .select_related("personne", "suppleant", "formation")
    )
    personnes: dict[int, Personne] = {}
    ou: dict[int, list[str]] = {}
    for siege in sieges:
        for personne in filter(None, (siege.personne, siege.suppleant)):
            personnes[personne.pk] = personne
            ou.setdefault(personne.pk, []).append(siege.formation.nom)
    signees = {s.personne_id: s for s in charte.signatures.all()}
    ouverts = _liens_ouverts(charte)
    lignes = [
        Signataire(p, tuple(dict.fromkeys(ou[pk])), signees.get(pk), ouverts.get(_objet(charte, p)))
        for pk, p in personnes.items()
    ]
    return sorted(lignes, key=lambda s: (s.signature is not None, s.personne.nom, s.personne.prenom))


def _liens_ouverts(charte: TexteConseil) -> dict[str, LienActe]:
    liens = LienActe.objects.filter(
        acte=ACTE,
        objet__startswith=f"{charte.pk}:",
        conseil=charte.conseil_id,
        revoque_le__isnull=True,
        expire_le__gt=horloge.maintenant(),
    ).order_by("pk")
    return {lien.objet: lien for lien in liens}


def _objet(charte: TexteConseil, personne: Personne) -> str:
    return f"{charte.pk}:{personne.pk}"


def du_lien(lien: LienActe) -> tuple[TexteConseil, Personne] | None:
    """The charter and the person that a link is for; None when one of them is gone."""
    texte, _, personne = lien.objet.partition(":")
    charte = TexteConseil.objects.filter(
        pk=int(texte), conseil=lien.conseil_id, genre=TexteConseil.Genre.CHARTE
    ).first()
    qui = Personne.objects.filter(pk=int(personne or 0), conseil=lien.conseil_id).first()
    return (charte, qui) if charte and qui else None


@transaction.atomic
def signer(
    *,
    charte: TexteConseil,
    personne: Personne,
    le: date | None = None,
    lien: LienActe | None = None,
    auteur=None,
) -> SignatureCharte:
    """By link (`lien`) or as read on the signed paper (`le`, `auteur`).

    Raises:
        TexteRefuse: the charter is not adopted, the person has signed or is not of the council, the day is not
            between the adoption and today. LienRefuse.
    """
    _signable(charte, personne, le)
    if lien is not None:
        actes.accomplir(lien, f"charte, version {charte.version}")
    jour = timezone.make_aware(datetime.combine(le, time(12))) if le else horloge.maintenant()
    signature = SignatureCharte.objects.create(
        texte=charte, personne=personne, signee_le=jour, par_lien=lien is not None, saisie_par=auteur
    )
    actes.retirer_tous(acte=ACTE, objet=_objet(charte, personne))
    return signature


def _signable(charte: TexteConseil, personne: Personne, le: date | None) -> None:
    aujourdhui = horloge.aujourdhui()
    if charte.genre != TexteConseil.Genre.CHARTE or charte.adopte_le is None:
        raise TexteRefuse(
            "La signature n’est pas enregistrée.", "Cette charte n’est pas adoptée.", "Adoptez-la d’abord."
        )
    if personne.conseil_id != charte.conseil_id:
        raise TexteRefuse(
            "La signature n’est pas enregistrée.",
            "Cette personne n’est pas dans l’annuaire du conseil.",
            "Choisissez une personne de l’annuaire.",
        )
    if le is not None and not charte.adopte_le <= le <= aujourdhui:
        raise TexteRefuse(
            "La signature n’est pas enregistrée.",
            f"Le jour doit être entre l’adoption, le {date_longue(charte.adopte_le)}, et aujourd’hui.",
            "Vérifiez la date portée sur le papier.",
        )
    if charte.signatures.filter(personne=personne).exists():
        raise TexteRefuse(
            f"{personne} a déjà signé cette version.",
            "Une signature suffit.",
            "Il n’y a rien d’autre à faire.",
        )


@transaction.atomic
def inviter(
    *, charte: TexteConseil, personnes: Iterable[Personne], auteur=None
) -> tuple[int, list[Personne]]:
    """Write to each person a link to read and sign. Once a day at most to the same person.

    Returns:
        How many letters leave, and those who have no address.
    """
    sans_adresse, ecrites = [], 0
    formations = {s.personne.pk: s.formations for s in suivre(charte)}
    for personne in personnes:
        if not personne.email:
            sans_adresse.append(personne)
            continue
        ecrites += _ecrire(charte, personne, formations.get(personne.pk, ()), auteur)
    return ecrites, sans_adresse


def _ecrire(charte: TexteConseil, personne: Personne, formations: tuple[str, ...], auteur) -> int:
    from pupitre.socle.courriel.envoi import deja_poste

    cle = f"charte:{charte.pk}:{personne.pk}:{horloge.aujourdhui():%Y%m%d}"
    if deja_poste(cle, personne.email):
        return 0
    actes.retirer_tous(acte=ACTE, objet=_objet(charte, personne))
    lien = actes.creer(
        acte=ACTE,
        objet=_objet(charte, personne),
        conseil=charte.conseil,
        nom=str(personne),
        email=personne.email,
        jours=JOURS,
        auteur=auteur,
    )
    ou = enumeration([f"«\u202f{f}\u202f»" for f in formations])
    lettre = Lettre(
        objet=f"Charte déontologique du {charte.conseil}\u202f: votre signature",
        paragraphes=(
            f"Vous siégez dans {ou}." if ou else f"Vous participez aux travaux du {charte.conseil}.",
            "Des situations individuelles peuvent y être évoquées, entre signataires de la charte déontologique "
            "seulement. Lisez-la, puis signez-la\u202f: deux minutes suffisent, sans compte ni mot de passe.",
        ),
        bouton=Bouton(
            "Lire et signer la charte", adresse_complete(reverse("charte-signer", args=[actes.jeton(lien)]))
        ),
        pied=f"Ce lien est personnel et vaut {JOURS} jours. Vous pouvez aussi demander à signer sur papier.",
    )
    _, nouvelle = poster(
        lettre,
        cle=cle,
        destinataire=personne.email,
        nom=str(personne),
        categorie="charte",
        perimetre=charte.conseil.slug,
        expediteur=str(charte.conseil),
        repondre_a=_coordination(charte.conseil),
    )
    return int(nouvelle)


def _coordination(conseil: Conseil) -> str:
    active = (
        Habilitation.objects.actives()
        .filter(conseil=conseil, role=Role.COORDINATEUR)
        .select_related("utilisateur")
        .first()
    )
    return active.utilisateur.email if active else ""
