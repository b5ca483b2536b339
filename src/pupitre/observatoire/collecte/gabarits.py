"""How a partner's files are read: proposed, corrected, remembered, and compared with the next file.

`Source.description` is what the next file is read with. Nothing changes it but `enregistrer`, which keeps every
version with its author and its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.observations import Anomalie, Gravite
from pupitre.moteur.sources import Classeur, Description
from pupitre.moteur.sources.comptages import choisir_feuille, regler
from pupitre.moteur.sources.fichiers.feuille import Feuille
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.lieux import SANS_COMMUNE
from pupitre.moteur.sources.tableaux import gabarits as comparaison
from pupitre.moteur.sources.tableaux.gabarits import Anterieur, Ecart
from pupitre.moteur.sources.tableaux.proposition import proposer
from pupitre.moteur.sources.tableaux.tableau import ligne_entete
from pupitre.observatoire.collecte.journal import PublicationRefusee
from pupitre.observatoire.collecte.reglages import reglages
from pupitre.observatoire.models import Gabarit, Livraison, Source
from pupitre.socle import horloge
from pupitre.socle.texte import enumeration, guillemets

Motif = Gabarit.Motif
# Answers to a label, beside a code.
EXCLURE, AUCUNE = "exclure", "aucune"
_CHAMPS = {"nature": "natures", "commune": "communes", "secteur": "secteurs"}


@dataclass(frozen=True, slots=True)
class Choix:
    """The description that a file is read with.

    Attributes:
        version: of the gabarit that it is, 0 when it is not one yet.
        a_retenir: motif under which it becomes the gabarit once published; "" when it already is.
        anomalies: what a person must know of it; a blocking one asks for a confirmation.
    """

    description: Description
    titres: tuple[str, ...]
    version: int = 0
    a_retenir: str = ""
    anomalies: tuple[Anomalie, ...] = ()


@transaction.atomic
def enregistrer(
    *,
    source: Source,
    description: Description | Mapping,
    motif: str,
    format: str | None = None,
    auteur=None,
    origine: Livraison | None = None,
    entetes: Sequence[str] = (),
    confirme: bool = True,
) -> Gabarit:
    """The source's files are read that way from now on. A version that says the same is not repeated."""
    brute = description.to_dict() if isinstance(description, Description) else dict(description)
    Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    dernier = courant(source)
    source.description = brute
    source.format = format or source.format
    source.save(update_fields=["description", "format"])
    maintenant = horloge.maintenant() if confirme else None
    if dernier is not None and (dernier.description, dernier.format) == (brute, source.format):
        if confirme and dernier.confirme_le is None:
            dernier.confirme_le, dernier.confirme_par = maintenant, auteur
        dernier.entetes = list(entetes) or dernier.entetes
        dernier.save()
        return dernier
    return Gabarit.objects.create(
        source=source,
        version=(dernier.version if dernier else 0) + 1,
        format=source.format,
        description=brute,
        entetes=list(entetes) or (dernier.entetes if dernier else []),
        motif=motif,
        origine=origine,
        cree_par=auteur,
        confirme_le=maintenant,
        confirme_par=auteur if confirme else None,
    )


def courant(source: Source) -> Gabarit | None:
    return source.gabarits.order_by("-version").first()


def choisir(livraison: Livraison, classeur: Classeur) -> Choix:
    """The gabarit when it fits the file; else what is proposed, and what changed."""
    source = livraison.source
    if not source.description:
        return _premier(livraison, classeur)
    gardee = Description.from_dict(source.description)
    dernier = courant(source)
    connus = dernier.entetes if dernier else []
    version = dernier.version if dernier else 0
    classeur = regler(classeur, gardee)
    try:
        feuille = choisir_feuille(classeur, gardee, Journal())
    except FichierRefuse as refus:
        return _autre_tableau(livraison, classeur, gardee, str(refus.quoi))
    ecart = comparaison.comparer(feuille, gardee, connus)
    if ecart.convient:
        description = comparaison.adapter(gardee, ecart.renommes) if ecart.renommes else gardee
        return Choix(
            description,
            _titres(feuille, description),
            version=0 if ecart.renommes else version,
            a_retenir=Motif.TITRES if ecart.renommes else "",
            anomalies=_dire(ecart),
        )
    absents = f"{enumeration([guillemets(t) for t in ecart.disparus])} ne s’y trouve plus."
    if len(ecart.disparus) > 1:
        absents = f"{enumeration([guillemets(t) for t in ecart.disparus])} ne s’y trouvent plus."
    return _autre_tableau(livraison, classeur, gardee, absents, ecart)


def _premier(livraison: Livraison, classeur: Classeur) -> Choix:
    """The first file of a source: what it says itself, and what the partner's other files meant."""
    proposee = proposer(classeur, livraison.nom)
    feuille, entete = _ou(classeur, proposee)
    inspiree = comparaison.inspirer(proposee, feuille, entete, anterieurs(livraison.source))
    d_apres = (
        f" Les colonnes {enumeration([guillemets(t) for t in inspiree.repris])} sont lues comme dans "
        f"{guillemets(inspiree.nom)}."
        if inspiree.repris
        else ""
    )
    anomalie = Anomalie(
        "description_proposee",
        Gravite.AVERTISSEMENT,
        "Le rôle des colonnes a été deviné sur ce premier fichier." + d_apres,
    )
    return Choix(
        inspiree.description,
        _titres(feuille, inspiree.description),
        a_retenir=Motif.PROPOSE,
        anomalies=(anomalie,),
    )


def _autre_tableau(
    livraison: Livraison, classeur: Classeur, gardee: Description, pourquoi: str, ecart: Ecart | None = None
) -> Choix:
    """The gabarit does not fit: another reading is proposed, that somebody must confirm."""
    proposee = proposer(classeur, livraison.nom)
    feuille, entete = _ou(classeur, proposee)
    inspiree = comparaison.inspirer(
        proposee, feuille, entete, [Anterieur(livraison.source.nom, gardee), *anterieurs(livraison.source)]
    )
    description = replace(
        inspiree.description,
        natures=gardee.natures,
        communes=gardee.communes,
        secteurs=gardee.secteurs,
        lignes_exclues=gardee.lignes_exclues,
    )
    nouveaux = ecart.nouveaux if ecart else ()
    suite = f" Titres nouveaux\u202f: {enumeration([guillemets(t) for t in nouveaux])}." if nouveaux else ""
    anomalie = Anomalie(
        "colonnes_changees",
        Gravite.BLOQUANTE,
        f"Le partenaire a changé son tableau\u202f: {pourquoi}{suite} Une autre lecture est proposée.",
    )
    return Choix(description, _titres(feuille, description), a_retenir=Motif.COLONNES, anomalies=(anomalie,))


def _dire(ecart: Ecart) -> tuple[Anomalie, ...]:
    dites = []
    if ecart.renommes:
        paires = enumeration([f"{guillemets(a)} s’appelle {guillemets(n)}" for a, n in ecart.renommes])
        dites.append(
            Anomalie(
                "colonnes_renommees",
                Gravite.AVERTISSEMENT,
                f"Des colonnes ont changé de titre et sont suivies\u202f: {paires}. Le gabarit le retiendra à la "
                "publication.",
            )
        )
    if ecart.nouveaux:
        dites.append(
            Anomalie(
                "colonnes_nouvelles",
                Gravite.INFORMATION,
                f"Colonnes nouvelles, qui ne sont pas lues\u202f: "
                f"{enumeration([guillemets(t) for t in ecart.nouveaux])}.",
            )
        )
    return tuple(dites)


def _ou(classeur: Classeur, description: Description) -> tuple[Feuille, int]:
    feuille = choisir_feuille(classeur, description, Journal())
    return feuille, ligne_entete(feuille, description)


def _titres(feuille: Feuille, description: Description) -> tuple[str, ...]:
    entete = ligne_entete(feuille, description)
    return tuple(dict.fromkeys(comparaison.titres_de(feuille, entete).values()))


def anterieurs(source: Source) -> list[Anterieur]:
    """Descriptions of the other sources: those of the same partner first, then those of the council."""
    autres = (
        Source.objects.filter(conseil=source.conseil)
        .exclude(pk=source.pk)
        .exclude(description={})
        .select_related("organisation")
    )
    ranges = sorted(autres, key=lambda s: (s.organisation_id != source.organisation_id, s.nom))
    return [Anterieur(s.nom, Description.from_dict(s.description)) for s in ranges]


def retenir_la_lecture(*, livraison: Livraison, auteur=None) -> None:
    """At publication: what the file was read with is the gabarit, and somebody has confirmed it."""
    lue = livraison.lecture.get("description")
    if not lue or livraison.source.format not in _DECRITS:
        return
    source = Source.objects.get(pk=livraison.source_id)
    dernier = courant(source)
    if dernier is not None and livraison.lecture.get("gabarit") not in (0, dernier.version, None):
        return  # the source has been described otherwise since: this reading is no longer the rule
    enregistrer(
        source=source,
        description=lue,
        motif=livraison.lecture.get("a_retenir") or Motif.PROPOSE,
        auteur=auteur,
        origine=livraison,
        entetes=livraison.lecture.get("titres", ()),
    )
    livraison.source.description = source.description
    # The same file, deposited again, would be read the same way: it is still a duplicate.
    livraison.lecture["reglages"] = reglages(source)
    livraison.save(update_fields=["lecture"])


_DECRITS = frozenset({"comptages", "faits"})


@transaction.atomic
def retenir(*, livraison: Livraison, reponses: Mapping[tuple[str, str], str], auteur=None) -> Gabarit:
    """Remember what labels mean, for this file and the next ones.

    Args:
        reponses: (kind, label) → code, `EXCLURE` to set its rows aside, `AUCUNE` when it is no commune, "" to forget.
    Raises:
        PublicationRefusee: the source's files are not read by a description.
    """
    source = Source.objects.select_for_update(of=("self",)).get(pk=livraison.source_id)
    brute = livraison.lecture.get("description") or source.description
    if not brute:
        raise PublicationRefusee(
            "Les libellés de ce format ne se rapprochent pas.",
            "Il est le même pour tous les partenaires.",
            "Signalez au partenaire ce qui n’est pas reconnu.",
        )
    description = avec_reponses(Description.from_dict(brute), reponses)
    dernier = courant(source)
    if dernier is not None and _se_poursuit(dernier, livraison, auteur):
        # Twenty labels settled one after the other are one version.
        dernier.description = description.to_dict()
        dernier.save(update_fields=["description"])
        source.description = dernier.description
        source.save(update_fields=["description"])
        gabarit = dernier
    else:
        gabarit = enregistrer(
            source=source,
            description=description,
            motif=Motif.LIBELLES,
            auteur=auteur,
            origine=livraison,
            entetes=livraison.lecture.get("titres", ()),
        )
    livraison.source.description = source.description
    return gabarit


def _se_poursuit(dernier: Gabarit, livraison: Livraison, auteur) -> bool:
    return (
        dernier.motif == Motif.LIBELLES
        and dernier.origine_id == livraison.pk
        and dernier.cree_par_id == (auteur.pk if auteur else None)
    )


def avec_reponses(description: Description, reponses: Mapping[tuple[str, str], str]) -> Description:
    champs = {genre: dict(getattr(description, champ)) for genre, champ in _CHAMPS.items()}
    exclues = {cle(t): t for t in description.lignes_exclues}
    for (genre, libelle), reponse in reponses.items():
        connus = champs[genre]
        for ancien in [t for t in connus if cle(t) == cle(libelle)]:
            del connus[ancien]
        exclues.pop(cle(libelle), None)
        if reponse == EXCLURE:
            exclues[cle(libelle)] = libelle
        elif reponse == AUCUNE:
            connus[libelle] = SANS_COMMUNE
        elif reponse:
            connus[libelle] = reponse
    return replace(
        description,
        **{_CHAMPS[genre]: connus for genre, connus in champs.items()},
        lignes_exclues=tuple(exclues.values()),
    )


@dataclass(frozen=True, slots=True)
class Souvenir:
    """One label remembered. `code`: what it means; `EXCLURE`, `AUCUNE` as in `retenir`."""

    genre: str
    libelle: str
    code: str
    par: str
    le: datetime
    version: int


def memoire(source: Source) -> list[Souvenir]:
    """Labels that the source's gabarit knows by hand, each with who said so and when, read from its versions."""
    versions = list(source.gabarits.select_related("cree_par").order_by("version"))
    connus: dict[tuple[str, str], Souvenir] = {}
    for gabarit in versions:
        presents = _libelles(gabarit.description)
        connus = {k: s for k, s in connus.items() if k in presents and presents[k][1] == s.code}
        for k, (libelle, code) in presents.items():
            if k not in connus:
                qui = str(gabarit.cree_par) if gabarit.cree_par else ""
                connus[k] = Souvenir(k[0], libelle, code, qui, gabarit.cree_le, gabarit.version)
    return sorted(connus.values(), key=lambda s: (s.genre, cle(s.libelle)))


def _libelles(brute: Mapping) -> dict[tuple[str, str], tuple[str, str]]:
    trouves = {}
    for genre, champ in _CHAMPS.items():
        for libelle, code in brute.get(champ, {}).items():
            if cle(libelle) != cle(code):
                lu = AUCUNE if genre == "commune" and code == SANS_COMMUNE else code
                trouves[(genre, cle(libelle))] = (libelle, lu)
    for libelle in brute.get("lignes_exclues", ()):
        trouves[("ligne", cle(libelle))] = (libelle, EXCLURE)
    return trouves


def versions(source: Source):
    """Every version, the last first."""
    return source.gabarits.select_related("cree_par", "confirme_par", "origine").order_by("-version")


@transaction.atomic
def reprendre(*, gabarit: Gabarit, auteur=None) -> Gabarit:
    """Read the next files as an earlier version did; it becomes a new one."""
    return enregistrer(
        source=gabarit.source,
        description=gabarit.description,
        format=gabarit.format,
        motif=Motif.REPRIS,
        auteur=auteur,
        entetes=gabarit.entetes,
    )


@transaction.atomic
def oublier(*, source: Source, genre: str, libelle: str, auteur=None) -> Gabarit | None:
    """Undo one match: the label will be asked again on the next file. Deliveries published keep their figures.

    None when it was not remembered.
    """
    if not any((s.genre, cle(s.libelle)) == (genre, cle(libelle)) for s in memoire(source)):
        return None
    genre = "nature" if genre == "ligne" else genre
    description = avec_reponses(Description.from_dict(source.description), {(genre, libelle): ""})
    return enregistrer(source=source, description=description, motif=Motif.LIBELLES, auteur=auteur)


__all__ = [
    "AUCUNE",
    "EXCLURE",
    "Choix",
    "Motif",
    "Souvenir",
    "anterieurs",
    "choisir",
    "courant",
    "enregistrer",
    "memoire",
    "oublier",
    "reprendre",
    "retenir",
    "retenir_la_lecture",
    "versions",
]
