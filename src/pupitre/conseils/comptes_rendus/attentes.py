"""What the minutes ask for: of the team to write and send, of the president to validate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.conseils.etats import EtatCompteRendu, EtatSeance
from pupitre.conseils.models import CompteRendu, EvenementCompteRendu, Remarque, Seance
from pupitre.conseils.seances.attentes import nom
from pupitre.conseils.seances.selectors import jour_de
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.texte import date_longue, pluriel
from pupitre.territoires.models import Conseil

# Minutes are read while people still remember: a week to write, another before it is late.
REDIGER_EN, TARD_APRES = 8, 15
# What was held before the tool was there is not owed any minutes.
MEMOIRE = 120
ATTENTE_VALIDATION = 7
_E = EtatCompteRendu


def gestes_equipe(conseil: Conseil) -> list[Geste]:
    return [*_a_rediger(conseil), *(g for lu in _commentes(conseil) if (g := _de_l_equipe(conseil, *lu)))]


def gestes_personnels(utilisateur, conseil: Conseil, fiches: Sequence[int]) -> list[Geste]:
    """For the president."""
    if not peut(utilisateur, Droit.VALIDER_COMPTE_RENDU, conseil):
        return []
    return [
        _geste(
            conseil,
            c,
            f"Valider le compte rendu\u202f: {nom(c.seance)}",
            "Il part aux membres quand vous l’aurez validé.",
            "Lire et valider",
            quand=f"demandé le {date_longue(c.etat_le)}",
            ton="veille",
        )
        for c in _ouverts(conseil).filter(etat=_E.SOUMIS)
    ]


def _a_rediger(conseil: Conseil) -> Iterator[Geste]:
    jour = horloge.aujourdhui()
    tenues = Seance.objects.filter(
        formation__conseil=conseil,
        etat=EtatSeance.TENUE,
        debut__gte=horloge.debut_du(jour - timedelta(days=MEMOIRE)),
        comptes_rendus=None,
    ).select_related("formation")
    for seance in tenues.order_by("debut"):
        depuis = (jour - jour_de(seance)).days
        yield Geste(
            "document",
            f"Rédiger le compte rendu\u202f: {nom(seance)}",
            "Les notes, les présences et les décisions y sont déjà\u202f: il reste à relire.",
            f"tenue il y a {pluriel(depuis, 'jour')}" if depuis else "tenue aujourd’hui",
            "alerte" if depuis > TARD_APRES else "veille",
            "Commencer",
            "seance",
            {"conseil": conseil.slug, "seance": str(seance.pk)},
            en_retard=depuis > TARD_APRES,
            pour=jour_de(seance) + timedelta(days=REDIGER_EN),
        )


def _ouverts(conseil: Conseil):
    """Those that are not locked yet."""
    return (
        CompteRendu.objects.filter(
            seance__formation__conseil=conseil, etat__in=(_E.BROUILLON, _E.SOUMIS, _E.VALIDE, _E.DIFFUSE)
        )
        .select_related("seance__formation")
        .defer("contenu", "cle")
        .order_by("seance__debut")
    )


def _commentes(conseil: Conseil) -> list[tuple[CompteRendu, EvenementCompteRendu, int]]:
    """Each with its last event and how many remarks have no answer; three queries at most."""
    ouverts = list(_ouverts(conseil))
    derniers = {
        e.compte_rendu_id: e
        for e in EvenementCompteRendu.objects.filter(compte_rendu__in=[c.pk for c in ouverts]).order_by("pk")
    }
    attendent = Counter(
        Remarque.objects.filter(
            compte_rendu__in=[c.pk for c in ouverts if c.etat == _E.DIFFUSE], retenue__isnull=True
        ).values_list("compte_rendu", flat=True)
    )
    return [(c, derniers[c.pk], attendent[c.pk]) for c in ouverts]


def _de_l_equipe(
    conseil: Conseil, c: CompteRendu, dernier: EvenementCompteRendu, sans_reponse: int
) -> Geste | None:
    lequel = nom(c.seance)
    depuis = f"depuis le {date_longue(c.etat_le)}"
    if c.etat == _E.BROUILLON and dernier.raison:
        pourquoi = f"Renvoyé par {dernier.nom}\u202f: «\u202f{dernier.raison[:160]}\u202f»"
        return _geste(
            conseil, c, f"Reprendre le compte rendu\u202f: {lequel}", pourquoi, "Reprendre", depuis, "alerte"
        )
    if c.etat == _E.BROUILLON:
        pourquoi = "Il est commencé\u202f: reste à le soumettre à la présidence."
        return _geste(
            conseil, c, f"Terminer le compte rendu\u202f: {lequel}", pourquoi, "Continuer", depuis, ""
        )
    if c.etat == _E.VALIDE:
        pourquoi = f"Validé par {dernier.nom or 'la présidence'}."
        return _geste(
            conseil, c, f"Diffuser le compte rendu\u202f: {lequel}", pourquoi, "Diffuser", depuis, "veille"
        )
    if c.etat == _E.DIFFUSE and sans_reponse:
        titre = f"Répondre à {pluriel(sans_reponse, 'remarque')}\u202f: compte rendu, {lequel}"
        pourquoi = "Sans réponse, le compte rendu ne peut pas être verrouillé."
        return _geste(
            conseil,
            c,
            titre,
            pourquoi,
            "Répondre",
            f"avant le {date_longue(c.remarques_jusqu_au)}",
            "veille",
            pour=c.remarques_jusqu_au,
        )
    if c.etat == _E.SOUMIS and (horloge.aujourdhui() - horloge.jour_de(c.etat_le)).days > ATTENTE_VALIDATION:
        pourquoi = "La présidence a reçu un lien\u202f: un appel suffit parfois."
        return _geste(
            conseil, c, f"Validation attendue\u202f: compte rendu, {lequel}", pourquoi, "Voir", depuis, ""
        )
    return None


def _geste(
    conseil: Conseil, c: CompteRendu, titre: str, pourquoi: str, bouton: str, quand: str, ton: str, pour=None
) -> Geste:
    arguments = {"conseil": conseil.slug, "compte_rendu": str(c.pk)}
    return Geste("document", titre, pourquoi, quand, ton, bouton, "compte-rendu", arguments, pour=pour)
