"""Letters of a data request: to whom, with which personal link, written once for one reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import Organisation
from pupitre.observatoire.demandes import selectors
from pupitre.observatoire.demandes.autorisations import referents_de
from pupitre.observatoire.models import DemandeDonnees, RemiseDonnees, ReponseProprietaire
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import date_longue, enumeration, typographier

REPONSE = "reponse-proprietaire"
VISA = "visa-demande"
REMISE = "remise-donnees"
# A link lives longer than its delay, so that the third reminder still opens something.
JOURS_DU_LIEN = 45
_PIED = "Vous recevez ce message parce que vous prenez part à l’observatoire du conseil."


@dataclass(frozen=True, slots=True)
class Destinataire:
    nom: str
    email: str


def objet_de_reponse(demande: DemandeDonnees, organisation: Organisation) -> str:
    """What an owner's link bears on: `lire_objet_de_reponse` is its inverse."""
    return f"{demande.pk}:{organisation.pk}"


def lire_objet_de_reponse(objet: str) -> tuple[int, int]:
    demande, _, organisation = objet.partition(":")
    return int(demande), int(organisation)


def contacts(demande: DemandeDonnees, organisation: Organisation) -> list[Destinataire]:
    """The referents that its conventions name for what is asked, else the accounts of that organisation."""
    sources = [
        li.source
        for li in demande.lignes.filter(refus="").select_related("source")
        if li.source.organisation_id == organisation.pk
    ]
    trouves = {
        email.lower(): Destinataire(nom, email) for nom, email in referents_de(sources, horloge.aujourdhui())
    }
    if not trouves:
        for compte in selectors.comptes_de(Role.PARTENAIRE, demande.conseil, organisation):
            trouves[compte.email.lower()] = Destinataire(str(compte), compte.email)
    return list(trouves.values())


def resume(demande: DemandeDonnees) -> tuple[str, ...]:
    """What is asked, in lines: the same in every letter and on every page opened by a link."""
    lignes = [
        f"Demandeur\u202f: {demande.organisation} ({demande.demandeur_nom})",
        *(
            f"Données\u202f: {li.source.nom} ({li.source.organisation})"
            for li in demande.lignes.filter(refus="").select_related("source__organisation")
        ),
        f"Période\u202f: du {date_longue(demande.debut)} au {date_longue(demande.fin)}",
        f"Utilisation prévue\u202f: {demande.usage}",
        f"Qui les lira\u202f: {demande.lecteurs}",
        f"Utilisées jusqu’au {date_longue(demande.jusqu_au)}",
    ]
    if demande.precisions:
        lignes.append(f"Précisions de l’équipe\u202f: {demande.precisions}")
    return tuple(typographier(" ".join(li.split())) for li in lignes)


def a_l_equipe(demande: DemandeDonnees) -> None:
    for compte in selectors.comptes_de(Role.COORDINATEUR, demande.conseil):
        _poster(
            demande,
            "equipe",
            Destinataire(str(compte), compte.email),
            Lettre(
                objet=f"Demande de données {demande.reference}\u202f: {demande.organisation}",
                paragraphes=("Une demande de données attend d’être instruite.",),
                lignes=resume(demande),
                bouton=Bouton("Voir la demande", adresse_complete(_fiche(demande))),
                pied=_PIED,
            ),
        )


def au_proprietaire(demande: DemandeDonnees, organisation: Organisation, *, rang: int | str = 0) -> int:
    """Ask an owner for its answer; `rang` numbers the reminders (0: not one). How many letters leave."""
    objet = objet_de_reponse(demande, organisation)
    delai = selectors.reglage(demande.conseil).delai_proprietaire
    ouverture = (
        f"{demande.organisation} souhaite recevoir, par l’observatoire du {demande.conseil}, des chiffres tirés de "
        "vos données. Ils ne lui seront remis qu’avec votre accord, et après le visa de la présidence du conseil."
    )
    rappel = "Nous n’avons pas encore reçu votre réponse à cette demande." if rang else ""
    return sum(
        _avec_lien(
            demande,
            f"proprietaire-{organisation.pk}-{rang}",
            contact,
            acte=REPONSE,
            objet=objet,
            page="reponse-proprietaire",
            lettre=Lettre(
                objet=f"{_rappel(rang)}{demande.organisation} demande vos données ({demande.reference})",
                paragraphes=tuple(p for p in (rappel, ouverture) if p),
                lignes=resume(demande),
                suite=(
                    f"Vous pouvez dire oui, oui avec des réserves, ou non. Une réponse sous {delai} jours nous "
                    "aiderait. Vos réserves seront écrites sur chaque page de ce qui sera remis, et vous en "
                    "recevrez copie.",
                ),
                pied=_PIED,
            ),
            libelle="Répondre à la demande",
        )
        for contact in contacts(demande, organisation)
    )


def a_la_presidence(demande: DemandeDonnees, remise: RemiseDonnees, *, rang: int | str = 0) -> int:
    accords = enumeration([str(o) for o in selectors.proprietaires_consentants(demande)])
    return sum(
        _avec_lien(
            demande,
            f"visa-{remise.version}-{rang}",
            Destinataire(str(compte), compte.email),
            acte=VISA,
            objet=str(demande.pk),
            page="visa-demande",
            lettre=Lettre(
                objet=f"{_rappel(rang)}Votre visa pour la remise de données {demande.reference}",
                paragraphes=(
                    f"Des chiffres de l’observatoire sont prêts à être remis à {demande.organisation}, sous votre "
                    f"couvert. Accord donné par {accords}."
                    if accords
                    else f"Des chiffres de l’observatoire sont prêts à être remis à {demande.organisation}, sous "
                    "votre couvert.",
                ),
                lignes=resume(demande),
                suite=("La page montre l’analyse et les réserves telles qu’elles partiront.",),
                pied=_PIED,
            ),
            libelle="Lire et viser",
        )
        for compte in selectors.comptes_de(Role.PRESIDENT, demande.conseil)
    )


def de_remise(demande: DemandeDonnees, remise: RemiseDonnees) -> None:
    """To the one who asked, and a copy to each owner who consented."""
    if demande.demandeur is not None:
        _lettre_de_remise(
            demande,
            remise,
            "remise",
            Destinataire(str(demande.demandeur), demande.demandeur.email),
            f"Les données que vous avez demandées ({demande.reference})",
            "Les données et leur analyse sont prêtes. Elles ne servent qu’à l’utilisation que vous avez écrite\u202f; "
            "toute autre utilisation demande un nouvel accord.",
        )
    for organisation in selectors.proprietaires_consentants(demande):
        for contact in contacts(demande, organisation):
            _lettre_de_remise(
                demande,
                remise,
                f"copie-{organisation.pk}",
                contact,
                f"Copie de ce qui est remis à {demande.organisation} ({demande.reference})",
                f"Voici la copie de ce que l’observatoire remet à {demande.organisation}, comme vous l’avez permis.",
            )


def _lettre_de_remise(demande, remise, motif: str, a: Destinataire, objet: str, debut: str) -> None:
    reserves = tuple(
        f"Réserves de {r.organisation}\u202f: {r.texte}"
        for r in selectors.reponses(demande).values()
        if r.sens == ReponseProprietaire.Sens.RESERVES
    )
    _avec_lien(
        demande,
        f"{motif}-{remise.version}",
        a,
        acte=REMISE,
        objet=str(remise.pk),
        page="remise-donnees",
        lettre=Lettre(
            objet=objet,
            paragraphes=(debut,),
            lignes=(*resume(demande), *(typographier(" ".join(r.split())) for r in reserves)),
            suite=(f"Le lien s’ouvre jusqu’au {date_longue(horloge.jour_de(remise.expire_le))}.",)
            if remise.expire_le
            else (),
            pied=_PIED,
        ),
        libelle="Télécharger les données et l’analyse",
        gestes_max=0,
        jours=selectors.reglage(demande.conseil).jours_lien,
    )


def de_refus(demande: DemandeDonnees, raison: str) -> None:
    if demande.demandeur is None:
        return
    _poster(
        demande,
        "refus",
        Destinataire(str(demande.demandeur), demande.demandeur.email),
        Lettre(
            objet=f"Votre demande de données {demande.reference} n’est pas acceptée",
            paragraphes=(
                f"Votre demande du {date_longue(horloge.jour_de(demande.cree_le))} n’a pas pu être acceptée.",
                typographier(" ".join(raison.split())),
            ),
            suite=("La coordination du conseil peut vous en dire plus\u202f: répondez à ce message.",),
            bouton=Bouton("Voir la demande", adresse_complete(_fiche(demande))),
            pied=_PIED,
        ),
    )


def _rappel(rang: int | str) -> str:
    return "Rappel\u202f: " if rang else ""


def _fiche(demande: DemandeDonnees) -> str:
    return reverse("demande", args=[demande.conseil.slug, demande.pk])


def _cle(demande: DemandeDonnees, motif: str) -> str:
    return f"demande-{demande.pk}-{motif}"


def _avec_lien(
    demande: DemandeDonnees,
    motif: str,
    a: Destinataire,
    *,
    acte: str,
    objet: str,
    page: str,
    lettre: Lettre,
    libelle: str,
    gestes_max: int = 1,
    jours: int = JOURS_DU_LIEN,
) -> int:
    lien = actes.creer(
        acte=acte,
        objet=objet,
        conseil=demande.conseil,
        nom=a.nom,
        email=a.email,
        jours=jours,
        gestes_max=gestes_max,
    )
    adresse = adresse_complete(reverse(page, args=[actes.jeton(lien)]))
    bouton = Bouton(libelle, adresse)
    nouvelle = _poster(
        demande,
        motif,
        a,
        Lettre(lettre.objet, lettre.paragraphes, bouton, lettre.lignes, lettre.suite, lettre.pied),
    )
    if not nouvelle:
        lien.delete()  # the former letter's link is the one that was received
    return nouvelle


def _poster(demande: DemandeDonnees, motif: str, a: Destinataire, lettre: Lettre) -> int:
    coordination = selectors.comptes_de(Role.COORDINATEUR, demande.conseil)
    _, nouvelle = poster(
        lettre,
        cle=_cle(demande, motif),
        destinataire=a.email,
        nom=a.nom,
        categorie="demande-de-donnees",
        perimetre=demande.conseil.slug,
        expediteur=str(demande.conseil),
        repondre_a=coordination[0].email if coordination else "",
    )
    return int(nouvelle)


def expiration(demande: DemandeDonnees):
    return horloge.maintenant() + timedelta(days=selectors.reglage(demande.conseil).jours_lien)
