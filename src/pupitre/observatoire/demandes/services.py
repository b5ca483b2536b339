"""Writes of data requests: each is one transaction, recorded as an event; letters leave after commit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from pupitre.acces import actes
from pupitre.acces.models import Organisation, Utilisateur
from pupitre.documents import tableaux
from pupitre.documents.ecrits import Ecrit, rendre
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.demandes import analyse, chiffres, lettres, selectors
from pupitre.observatoire.demandes.analyse import Reserve
from pupitre.observatoire.demandes.autorisations import reserves_de, sans_accord, transmissible
from pupitre.observatoire.demandes.etats import TRANSITIONS, EtatDemande
from pupitre.observatoire.models import (
    DemandeDonnees,
    EvenementDemande,
    ReglageDemandes,
    RemiseDonnees,
    ReponseProprietaire,
    Source,
    SourceDemandee,
)
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue, enumeration
from pupitre.territoires.models import Conseil

RESERVES_MAX = 800
FORMATS = ("pdf", "xlsx", "csv")


class DemandeRefusee(ErreurPupitre):
    """The gesture does not fit where the request stands."""


@dataclass(frozen=True, slots=True)
class Contenu:
    """What is asked. `sources`: the source and the natures asked of it, none meaning all."""

    sources: Mapping[Source, Sequence[str]]
    perimetre: str
    debut: date
    fin: date
    usage: str
    lecteurs: str
    jusqu_au: date


@transaction.atomic
def deposer(
    *, conseil: Conseil, organisation: Organisation, auteur: Utilisateur, contenu: Contenu
) -> DemandeDonnees:
    """Record a request. What its convention forbids is refused at once; what is the asker's own is delivered.

    Raises:
        RienARemettre: only the asker's own sources are asked, and they have nothing published.
    """
    jour = horloge.aujourdhui()
    Conseil.objects.select_for_update(of=("self",)).get(pk=conseil.pk)
    rang = DemandeDonnees.objects.filter(conseil=conseil, annee=jour.year).aggregate(n=Max("rang"))["n"] or 0
    demande = DemandeDonnees(
        conseil=conseil,
        annee=jour.year,
        rang=rang + 1,
        organisation=organisation,
        demandeur=auteur,
        demandeur_nom=str(auteur),
        perimetre=contenu.perimetre,
        debut=contenu.debut,
        fin=contenu.fin,
        usage=contenu.usage.strip(),
        lecteurs=contenu.lecteurs.strip(),
        jusqu_au=contenu.jusqu_au,
        cree_le=horloge.maintenant(),
    )
    demande.full_clean()
    demande.save()
    for source, natures in contenu.sources.items():
        verdict = transmissible(source, organisation, jour)
        SourceDemandee.objects.create(
            demande=demande,
            source=source,
            natures=list(natures),
            refus="" if verdict else verdict.raison,
        )
    _noter(demande, EtatDemande.DEPOSEE, auteur=auteur)
    permises = [li for li in demande.lignes.select_related("source") if not li.refus]
    if not permises:
        raisons = dict.fromkeys(demande.lignes.values_list("refus", flat=True))
        _refuser(demande, " ".join(raisons), nom="Convention")
    elif all(sans_accord(li.source, organisation) for li in permises):
        _figer(demande, auteur=auteur)
        _remettre(demande, nom="Remise sans accord à demander", raison="Données propres ou publiques.")
    else:
        lettres.a_l_equipe(demande)
    return demande


@transaction.atomic
def completer(
    *, demande: DemandeDonnees, auteur: Utilisateur, debut: date, fin: date, perimetre: str, precisions: str
) -> None:
    """The team narrows or explains what is asked, before the owner reads it. What changed is written down."""
    _verrouiller(demande)
    avant = {"debut": demande.debut, "fin": demande.fin, "perimetre": demande.perimetre}
    demande.debut, demande.fin, demande.perimetre = debut, fin, perimetre
    demande.precisions = precisions.strip()
    demande.full_clean()
    demande.save(update_fields=["debut", "fin", "perimetre", "precisions"])
    changes = {k: [str(v), str(getattr(demande, k))] for k, v in avant.items() if v != getattr(demande, k)}
    _noter(
        demande,
        EtatDemande.DEPOSEE,
        auteur=auteur,
        raison="La demande est complétée par l’équipe.",
        details={"changes": changes} if changes else {},
    )


@transaction.atomic
def transmettre(*, demande: DemandeDonnees, auteur: Utilisateur) -> None:
    """Ask each owner for its answer, by a personal link.

    Raises:
        DemandeRefusee: an owner can be written to by nobody.
    """
    _verrouiller(demande)
    proprietaires = selectors.proprietaires(demande)
    muets = [o for o in proprietaires if not lettres.contacts(demande, o)]
    if muets:
        raise DemandeRefusee(
            f"Personne ne peut répondre pour {enumeration([str(o) for o in muets])}.",
            "Ni sa convention ni un compte ouvert ne donnent d’adresse à qui écrire.",
            "Nommez un référent dans sa convention, ou faites ouvrir un compte à ce partenaire.",
        )
    _noter(
        demande,
        EtatDemande.ACCORD,
        auteur=auteur,
        details={"proprietaires": [str(o) for o in proprietaires]},
    )
    for organisation in proprietaires:
        lettres.au_proprietaire(demande, organisation)


@transaction.atomic
def repondre(
    *,
    demande: DemandeDonnees,
    organisation: Organisation,
    sens: str,
    texte: str,
    nom: str,
    auteur: Utilisateur | None = None,
    par_lien: bool = False,
) -> ReponseProprietaire:
    """An owner's answer. The last one awaited sends the request to the team, or closes it when all say no.

    Raises:
        DemandeRefusee: the request no longer waits for that answer.
    """
    _verrouiller(demande)
    etat = selectors.etat_de(demande)
    if etat != EtatDemande.ACCORD or organisation not in selectors.proprietaires_attendus(demande):
        raise DemandeRefusee(
            "Cette réponse n’est plus attendue.",
            "Elle a déjà été donnée, ou la demande est close.",
            "Écrivez à la coordination du conseil si votre réponse change.",
        )
    reponse = ReponseProprietaire(
        demande=demande,
        organisation=organisation,
        sens=sens,
        texte=texte.strip() if sens != ReponseProprietaire.Sens.OUI else "",
        nom=nom,
        par_lien=par_lien,
    )
    reponse.full_clean()
    reponse.save()
    actes.retirer_tous(acte=lettres.REPONSE, objet=lettres.objet_de_reponse(demande, organisation))
    _noter(
        demande,
        EtatDemande.ACCORD,
        auteur=auteur,
        nom=nom,
        raison=f"{organisation}\u202f: {reponse.get_sens_display()}",
        details={"organisation": str(organisation), "reponse": sens, "texte": reponse.texte},
    )
    if not selectors.proprietaires_attendus(demande):
        if selectors.lignes_retenues(demande):
            _noter(demande, EtatDemande.A_PREPARER, raison="Toutes les réponses sont arrivées.")
        else:
            motifs = " ".join(
                f"{r.organisation}\u202f: {r.texte}" for r in selectors.reponses(demande).values()
            )
            _refuser(demande, f"Le propriétaire des données ne souhaite pas les transmettre. {motifs}")
    return reponse


@transaction.atomic
def preparer(*, demande: DemandeDonnees, auteur: Utilisateur, commentaire: str = "") -> RemiseDonnees:
    """Freeze the data and the analysis, and submit them to the president's visa.

    Raises:
        RienARemettre: nothing published answers the request.
        DemandeRefusee: there is no president to sign.
    """
    from pupitre.acces.droits import Role

    _verrouiller(demande)
    if not selectors.comptes_de(Role.PRESIDENT, demande.conseil):
        raise DemandeRefusee(
            "Personne ne peut donner le visa.",
            "Aucun compte n’a le rôle de président ou de présidente dans ce conseil.",
            "Faites ouvrir ce compte par l’administrateur technique.",
        )
    remise = _figer(demande, auteur=auteur, commentaire=commentaire)
    _noter(demande, EtatDemande.VISA, auteur=auteur, details={"version": remise.version})
    lettres.a_la_presidence(demande, remise)
    return remise


@transaction.atomic
def viser(*, demande: DemandeDonnees, nom: str, auteur: Utilisateur | None = None) -> RemiseDonnees:
    """The president signs: what was frozen is delivered, and copied to the owners."""
    _verrouiller(demande)
    _exiger(demande, EtatDemande.VISA)
    actes.retirer_tous(acte=lettres.VISA, objet=demande.pk)
    return _remettre(demande, nom=nom, auteur=auteur, raison="Visa donné.")


@transaction.atomic
def renvoyer(*, demande: DemandeDonnees, nom: str, raison: str, auteur: Utilisateur | None = None) -> None:
    """The president sends it back to the team with a remark."""
    _verrouiller(demande)
    _exiger(demande, EtatDemande.VISA)
    actes.retirer_tous(acte=lettres.VISA, objet=demande.pk)
    _noter(demande, EtatDemande.A_PREPARER, auteur=auteur, nom=nom, raison=raison.strip())


@transaction.atomic
def refuser(*, demande: DemandeDonnees, auteur: Utilisateur, raison: str) -> None:
    _verrouiller(demande)
    _refuser(demande, raison.strip(), auteur=auteur)


@transaction.atomic
def retirer(*, demande: DemandeDonnees, auteur: Utilisateur) -> None:
    _verrouiller(demande)
    _fermer_les_liens(demande)
    _noter(demande, EtatDemande.RETIREE, auteur=auteur)


@transaction.atomic
def relancer(*, demande: DemandeDonnees) -> int:
    """Write again, with a new link, to those who have not answered. How many letters left.

    Raises:
        DemandeRefusee: nobody is waited for any more.
    """
    _verrouiller(demande)
    etat = selectors.etat_de(demande)
    marque = f"main-{horloge.maintenant():%Y%m%d%H%M}"
    if etat == EtatDemande.ACCORD:
        attendus = selectors.proprietaires_attendus(demande)
        return sum(lettres.au_proprietaire(demande, o, rang=marque) for o in attendus)
    remise = selectors.derniere_remise(demande)
    if etat == EtatDemande.VISA and remise is not None:
        return lettres.a_la_presidence(demande, remise, rang=marque)
    raise _depassee(demande)


@transaction.atomic
def regler(*, conseil: Conseil, **delais: int) -> ReglageDemandes:
    reglage = selectors.reglage(conseil)
    for nom, jours in delais.items():
        setattr(reglage, nom, jours)
    reglage.full_clean()
    reglage.save()
    return reglage


def composer(
    demande: DemandeDonnees, commentaire: str = ""
) -> tuple[Ecrit, chiffres.Tirage, tuple[Reserve, ...]]:
    """The analysis as it would be frozen now.

    Raises:
        RienARemettre: nothing published answers the request.
    """
    jour = horloge.aujourdhui()
    lignes, fermees = [], []
    for ligne in selectors.lignes_retenues(demande):
        # A convention may have ended since the request was made.
        verdict = transmissible(ligne.source, demande.organisation, jour)
        if verdict:
            lignes.append(ligne)
        else:
            fermees.append(f"{ligne.source.organisation}, {ligne.source}\u202f: {verdict.raison}")
    fermees += [
        f"{r.organisation}\u202f: le propriétaire des données n’a pas donné son accord."
        for r in selectors.reponses(demande).values()
        if r.sens == ReponseProprietaire.Sens.NON
    ]
    tirage = chiffres.tirer(demande, lignes, fermees)
    reserves = _reserves(demande, lignes)
    return (
        analyse.rediger(demande, tirage, reserves, jour=jour, commentaire=commentaire),
        tirage,
        reserves,
    )


def apercu(demande: DemandeDonnees) -> bytes:
    """The PDF of `composer`. Raises RienARemettre likewise."""
    ecrit, _, _ = composer(demande)
    return rendre(ecrit, "pdf")


def _reserves(demande: DemandeDonnees, lignes: Sequence[SourceDemandee]) -> tuple[Reserve, ...]:
    """What owners answered, then what their conventions always ask to be written."""
    jour = horloge.aujourdhui()
    reserves = [
        Reserve(str(r.organisation), r.texte)
        for r in selectors.reponses(demande).values()
        if r.sens == ReponseProprietaire.Sens.RESERVES
    ]
    for ligne in lignes:
        if texte := reserves_de(ligne.source, jour):
            reserves.append(Reserve(str(ligne.source.organisation), texte))
    return tuple(dict.fromkeys(reserves))


def _figer(demande: DemandeDonnees, *, auteur: Utilisateur, commentaire: str = "") -> RemiseDonnees:
    ecrit, tirage, reserves = composer(demande, commentaire)
    version = (demande.remises.aggregate(n=Max("version"))["n"] or 0) + 1
    avant = analyse.entete(demande, tirage, reserves)
    contenus = {
        "pdf": rendre(ecrit, "pdf"),
        "xlsx": tableaux.vers_xlsx(*tirage.resultats, avant=avant),
        "csv": tableaux.vers_csv(*tirage.resultats, avant=avant),
    }
    return RemiseDonnees.objects.create(
        demande=demande,
        version=version,
        commentaire=commentaire.strip(),
        analyse=ecrit.to_dict(),
        version_catalogue=tirage.lecteur.etat.version,
        pieces=[_garder(demande, version, f, contenus[f]) for f in FORMATS],
    )


def _garder(demande: DemandeDonnees, version: int, format: str, contenu: bytes) -> dict:
    """Written aside, on disk, then renamed. An aborted transaction leaves a file that no row names."""
    relatif = Path("remises") / demande.conseil.slug / f"{demande.reference}-{demande.pk}-v{version}.{format}"
    chemin = Path(settings.CONFIGURATION.donnees) / relatif
    chemin.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    partiel = chemin.with_suffix(f".{format}.partiel")
    with partiel.open("wb") as sortie:
        sortie.write(contenu)
        sortie.flush()
        os.fsync(sortie.fileno())
    os.replace(partiel, chemin)
    return {
        "format": format,
        "chemin": str(relatif),
        "sha256": hashlib.sha256(contenu).hexdigest(),
        "taille": len(contenu),
    }


def _remettre(
    demande: DemandeDonnees, *, nom: str, raison: str, auteur: Utilisateur | None = None
) -> RemiseDonnees:
    remise = selectors.derniere_remise(demande)
    if remise is None:
        raise DemandeRefusee(
            "Rien n’est préparé.",
            "Aucune donnée n’a été figée pour cette demande.",
            "Préparez d’abord la remise.",
        )
    remise.remise_le = horloge.maintenant()
    remise.expire_le = lettres.expiration(demande)
    remise.save(update_fields=["remise_le", "expire_le"])
    _noter(
        demande,
        EtatDemande.REMISE,
        auteur=auteur,
        nom=nom,
        raison=raison,
        details={"version": remise.version, "pieces": {p["format"]: p["sha256"] for p in remise.pieces}},
    )
    lettres.de_remise(demande, remise)
    return remise


def _refuser(
    demande: DemandeDonnees, raison: str, *, auteur: Utilisateur | None = None, nom: str = ""
) -> None:
    _fermer_les_liens(demande)
    _noter(demande, EtatDemande.REFUSEE, auteur=auteur, nom=nom, raison=raison)
    lettres.de_refus(demande, raison)


def _fermer_les_liens(demande: DemandeDonnees) -> None:
    actes.retirer_tous(acte=lettres.VISA, objet=demande.pk)
    for organisation in selectors.proprietaires(demande):
        actes.retirer_tous(acte=lettres.REPONSE, objet=lettres.objet_de_reponse(demande, organisation))


def _verrouiller(demande: DemandeDonnees) -> None:
    DemandeDonnees.objects.select_for_update(of=("self",)).get(pk=demande.pk)


def _exiger(demande: DemandeDonnees, etat: EtatDemande) -> None:
    if selectors.etat_de(demande) != etat:
        raise _depassee(demande)


def _depassee(demande: DemandeDonnees) -> DemandeRefusee:
    dernier = demande.evenements.order_by("-pk").first()
    return DemandeRefusee(
        f"La demande {demande.reference} a changé entre-temps.",
        f"Elle est «\u202f{dernier.get_etat_display()}\u202f» depuis le {date_longue(horloge.jour_de(dernier.le))}."
        if dernier
        else "Elle n’est pas enregistrée.",
        "Relisez-la avant de refaire ce geste.",
    )


def _noter(
    demande: DemandeDonnees,
    etat: EtatDemande,
    *,
    auteur: Utilisateur | None = None,
    nom: str = "",
    raison: str = "",
    details: dict | None = None,
) -> EvenementDemande:
    """
    Raises:
        DemandeRefusee: the transition is not declared: somebody else moved the request first.
    """
    actuel = selectors.etat_de(demande)
    if etat not in TRANSITIONS[EtatDemande(actuel) if actuel else None]:
        raise _depassee(demande)
    return EvenementDemande.objects.create(
        demande=demande,
        etat=etat,
        auteur=auteur,
        nom=nom or (str(auteur) if auteur else ""),
        raison=raison,
        details=details or {},
    )
