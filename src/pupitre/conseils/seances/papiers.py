"""What the papers of a séance say, and their files."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from pupitre.annuaire.models import Personne
from pupitre.conseils.models import Convocation, ModeleDeDocument, PointOrdreDuJour, Seance
from pupitre.conseils.seances import modeles, reglages
from pupitre.conseils.seances.agenda import horaires
from pupitre.documents import convocation as imprimes
from pupitre.documents.ecrits import rendre
from pupitre.documents.tableaux import Table
from pupitre.socle import horloge
from pupitre.socle.texte import INSECABLE, JOURS, date_longue

FORMATS = ("pdf", "docx", "odt")


def duree_en_mots(minutes: int) -> str:
    """ "1 h 30", "45 min"."""
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste}{INSECABLE}min"
    return f"{heures}{INSECABLE}h{INSECABLE}{reste:02}" if reste else f"{heures}{INSECABLE}h"


def quand(seance: Seance) -> str:
    """ "le mardi 24 novembre 2026 à 14 h"."""
    if seance.debut is None:
        return "à une date à fixer"
    local = timezone.localtime(seance.debut)
    return f"le {JOURS[local.weekday()]} {date_longue(local.date())} à {horloge.heure(local)}"


def points_retenus(seance: Seance) -> list[PointOrdreDuJour]:
    return list(
        PointOrdreDuJour.objects.filter(seance=seance, retenu=True)
        .select_related("rapporteur")
        .prefetch_related("pieces")
        .order_by("rang", "cree_le")
    )


def imprimer(seance: Seance) -> imprimes.SeanceImprimee:
    conseil = seance.formation.conseil
    regle = reglages.reglage(conseil)
    points = points_retenus(seance)
    debuts = horaires(seance, [p.duree for p in points]).debuts
    return imprimes.SeanceImprimee(
        emetteur=str(conseil),
        formation=str(seance.formation),
        objet=seance.objet,
        quand=quand(seance),
        lieu=seance.lieu,
        duree=duree_en_mots(seance.duree),
        points=tuple(
            imprimes.PointImprime(
                p.titre,
                str(p.rapporteur or ""),
                p.duree,
                debut,
                p.presentation,
                tuple(piece.nom for piece in p.pieces.all()),
            )
            for p, debut in zip(points, debuts, strict=True)
        ),
        jour=horloge.aujourdhui(),
        signataire=regle.signataire,
        qualite=regle.qualite or "La présidence du conseil",
        fictif=conseil.fictif or seance.fictive,
    )


def _appel(personne: Personne) -> str:
    return f"{personne.get_civilite_display()}," if personne.civilite else "Madame, Monsieur,"


def lignes_d_adresse(convocation: Convocation) -> tuple[str, ...]:
    personne = convocation.personne
    civilite = f"{personne.get_civilite_display()} " if personne.civilite else ""
    lignes = (
        f"{civilite}{personne}",
        convocation.qualite,
        str(convocation.organisation or ""),
        *personne.adresse.splitlines(),
    )
    return tuple(li.strip() for li in lignes if li.strip())


def lettre(
    convocation: Convocation, seance: imprimes.SeanceImprimee, contact: str
) -> imprimes.ConvocationImprimee:
    return imprimes.ConvocationImprimee(
        seance=seance,
        destinataire=lignes_d_adresse(convocation),
        appel=_appel(convocation.personne),
        au_titre_de=convocation.qualite,
        repondre=(
            "Merci de faire savoir si vous serez présent, suppléé ou excusé"
            + (f", par le lien de votre courriel ou à **{contact}**." if contact else ".")
        ),
    )


def lettres(seance: Seance, convocations: Sequence[Convocation]) -> list[imprimes.ConvocationImprimee]:
    imprimee = imprimer(seance)
    contact = reglages.reglage(seance.formation.conseil).repondre_a
    return [lettre(c, imprimee, contact) for c in convocations]


def convoques(seance: Seance):
    return (
        Convocation.objects.filter(seance=seance)
        .select_related("personne", "organisation", "membre__suppleant")
        .order_by("personne__nom", "personne__prenom")
    )


def convocations_pdf(seance: Seance, convocations: Sequence[Convocation]) -> bytes:
    """All in one file, one letter after the other. At least one."""
    return imprimes.rendre_convocations(lettres(seance, convocations))


def convocations_separees(seance: Seance, convocations: Sequence[Convocation]) -> list[bytes]:
    """One PDF each, in the same order."""
    return imprimes.rendre_convocations_separees(lettres(seance, convocations)) if convocations else []


def convocation(convocation_: Convocation, format: str) -> bytes:
    """One letter. The council's own DOCX when it has one. Raises KeyError on another format."""
    seance = convocation_.seance
    (faits,) = lettres(seance, [convocation_])
    if format == "pdf":
        return imprimes.rendre_convocations([faits])
    propre = modeles.en_vigueur(seance.formation.conseil, ModeleDeDocument.Genre.CONVOCATION)
    if format == "docx" and propre is not None:
        return modeles.remplir(propre, modeles.champs_de_convocation(faits))
    return rendre(imprimes.ecrit_de_convocation(faits), format)


def ordre_du_jour(seance: Seance, format: str) -> bytes:
    """Raises KeyError on another format."""
    imprimee = imprimer(seance)
    propre = modeles.en_vigueur(seance.formation.conseil, ModeleDeDocument.Genre.ORDRE_DU_JOUR)
    if format == "docx" and propre is not None:
        return modeles.remplir(propre, modeles.champs_de_seance(imprimee))
    return rendre(imprimes.ecrit_de_l_ordre_du_jour(imprimee), format)


def emargement_pdf(seance: Seance) -> bytes:
    lignes = []
    for c in convoques(seance):
        qualite = ", ".join(t for t in (c.qualite, str(c.organisation or "")) if t)
        reponse = c.get_reponse_display() if c.repondu_le else ""
        if c.suppleant:
            reponse = f"suppléé par {c.suppleant}"
        lignes.append(imprimes.LigneEmargement(str(c.personne), qualite, reponse))
    return imprimes.rendre_emargement(imprimes.Emargement(imprimer(seance), tuple(lignes)))


def etiquettes_pdf(seance: Seance) -> bytes:
    """Only those whose card has a postal address."""
    adresses = [lignes_d_adresse(c) for c in convoques(seance) if c.personne.adresse.strip()]
    conseil = seance.formation.conseil
    return imprimes.rendre_etiquettes(
        adresses, f"Étiquettes, {seance.formation}", str(conseil), horloge.aujourdhui()
    )


def table_des_convocations(seance: Seance) -> Table:
    """The postal list and the answers: for a mail merge or a telephone."""
    conseil = seance.formation.conseil
    return Table(
        titre=f"Convocations, {seance}",
        entetes=(
            "Civilité", "Prénom", "Nom", "Qualité", "Organisation", "Courriel", "Adresse", "Envoyée le",
            "Par courrier", "Réponse", "Suppléé par",
        ),
        lignes=tuple(
            (
                c.personne.get_civilite_display() if c.personne.civilite else "",
                c.personne.prenom,
                c.personne.nom,
                c.qualite,
                str(c.organisation or ""),
                c.personne.email,
                ", ".join(c.personne.adresse.splitlines()),
                timezone.localdate(c.envoyee_le) if c.envoyee_le else None,
                c.par_courrier,
                c.get_reponse_display(),
                c.suppleant,
            )
            for c in convoques(seance)
        ),
        lecture=(("Avertissement", "Données fictives"),) if conseil.fictif else (),
    )  # fmt: skip
