"""A request as one person may read it: what is asked, where it stands, who has answered, what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pupitre.acces.droits import Droit
from pupitre.acces.models import Organisation
from pupitre.acces.policies import peut
from pupitre.moteur import nomenclatures
from pupitre.observatoire.demandes import policies, selectors
from pupitre.observatoire.demandes.autorisations import sans_accord
from pupitre.observatoire.demandes.chiffres import periode_en_clair
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.demandes.offre import territoires
from pupitre.observatoire.demandes.rappels import attend_depuis, prochain_rappel
from pupitre.observatoire.models import DemandeDonnees, EvenementDemande, RemiseDonnees, SourceDemandee


@dataclass(frozen=True)
class LigneDemandee:
    ligne: SourceDemandee
    natures: tuple[str, ...]
    libre: bool


@dataclass(frozen=True)
class ReponseLue:
    """`sens` empty while the owner has not answered."""

    organisation: Organisation
    sens: str
    libelle: str
    texte: str
    nom: str
    le: object = None


@dataclass(frozen=True)
class Dossier:
    demande: DemandeDonnees
    etat: EtatDemande
    etapes: tuple[EvenementDemande, ...]
    histoire: tuple[EvenementDemande, ...]
    lignes: tuple[LigneDemandee, ...]
    reponses: tuple[ReponseLue, ...]
    territoire: str
    periode: str
    depuis: date | None
    echeance: date | None
    rappel: date | None
    remise: RemiseDonnees | None
    refus: str
    remarque: str
    a_repondre: tuple[Organisation, ...]
    instruire: bool
    refuser: bool
    relancer: bool
    preparer: bool
    viser: bool
    retirer: bool
    telecharger: bool


def ouvrir(utilisateur, demande: DemandeDonnees) -> Dossier:
    """Everything the page shows to that person, and only that."""
    equipe = bool(peut(utilisateur, Droit.VOIR_REGISTRE, demande.conseil))
    demandeur = demande.organisation in policies.organisations_de(utilisateur, demande.conseil)
    miennes = {o.pk for o in policies.organisations_de(utilisateur, demande.conseil)}
    evenements = tuple(demande.evenements.select_related("auteur"))
    etat = EtatDemande(evenements[-1].etat)
    ouverte = etat in (EtatDemande.DEPOSEE, EtatDemande.ACCORD, EtatDemande.A_PREPARER, EtatDemande.VISA)
    depuis = attend_depuis(demande, etat) if ouverte else None
    return Dossier(
        demande=demande,
        etat=etat,
        etapes=_etapes(evenements),
        histoire=evenements if equipe else (),
        lignes=tuple(_ligne(demande, li) for li in _lignes(demande, equipe or demandeur, miennes)),
        reponses=tuple(r for r in _reponses(demande) if equipe or demandeur or r.organisation.pk in miennes),
        territoire=dict(territoires(demande.conseil)).get(demande.perimetre, demande.perimetre),
        periode=periode_en_clair(demande.debut, demande.fin),
        depuis=depuis,
        echeance=selectors.echeance(demande, etat, depuis) if depuis else None,
        rappel=prochain_rappel(demande, etat) if equipe and depuis else None,
        remise=selectors.derniere_remise(demande),
        refus=evenements[-1].raison if etat == EtatDemande.REFUSEE else "",
        remarque=_remarque(evenements) if equipe and etat == EtatDemande.A_PREPARER else "",
        a_repondre=tuple(policies.proprietaires_pour(utilisateur, demande))
        if policies.peut_repondre(utilisateur, demande)
        else (),
        instruire=bool(policies.peut_instruire(utilisateur, demande)),
        refuser=bool(policies.peut_refuser(utilisateur, demande)),
        relancer=bool(policies.peut_relancer(utilisateur, demande)),
        preparer=bool(policies.peut_preparer(utilisateur, demande)),
        viser=bool(policies.peut_viser(utilisateur, demande)),
        retirer=bool(policies.peut_retirer(utilisateur, demande)),
        telecharger=bool(policies.peut_telecharger(utilisateur, demande)),
    )


def _lignes(demande: DemandeDonnees, toutes: bool, miennes: set[int]) -> list[SourceDemandee]:
    lignes = demande.lignes.select_related("source__organisation")
    return [li for li in lignes if toutes or li.source.organisation_id in miennes]


def _ligne(demande: DemandeDonnees, ligne: SourceDemandee) -> LigneDemandee:
    noms = []
    for code in ligne.natures:
        try:
            noms.append(nomenclatures.nature(code).libelle)
        except KeyError:
            noms.append(code)
    return LigneDemandee(ligne, tuple(noms), sans_accord(ligne.source, demande.organisation))


def _reponses(demande: DemandeDonnees) -> list[ReponseLue]:
    donnees = selectors.reponses(demande)
    lues = []
    for organisation in selectors.proprietaires(demande):
        r = donnees.get(organisation.pk)
        lues.append(
            ReponseLue(organisation, r.sens, r.get_sens_display(), r.texte, r.nom, r.le)
            if r
            else ReponseLue(organisation, "", "", "", "")
        )
    return lues


def _etapes(evenements: tuple[EvenementDemande, ...]) -> tuple[EvenementDemande, ...]:
    """The states it went through: what happened within one is told by the history."""
    etapes = []
    for evenement in evenements:
        if not etapes or etapes[-1].etat != evenement.etat:
            etapes.append(evenement)
    return tuple(etapes)


def _remarque(evenements: tuple[EvenementDemande, ...]) -> str:
    """What the president wrote when sending it back."""
    if len(evenements) > 1 and evenements[-2].etat == EtatDemande.VISA:
        return evenements[-1].raison
    return ""
