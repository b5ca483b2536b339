"""What séances ask for: to date, to write, to call, to hold; and, of each person called, an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import Count, F, Min, Q

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Convocation, DateProposee, Preparatif, Seance
from pupitre.conseils.seances import reglages
from pupitre.conseils.seances.dates import DISPONIBILITES
from pupitre.conseils.seances.selectors import a_venir, appels_de, compter, jour_de, seances_visibles
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.texte import date_longue, enumeration, pluriel
from pupitre.territoires.models import Conseil

# Days before the last day for the convocations from which one is asked to think of them.
CONVOQUER_DES, PREPARER_DES, REPONSES_DES = 21, 7, 10
_E = EtatSeance


def nom(seance: Seance) -> str:
    """ "Comité restreint du 3 décembre 2026"."""
    titre = seance.objet or str(seance.formation)
    return f"{titre} du {date_longue(jour_de(seance))}" if seance.debut else f"{titre}, date à fixer"


def gestes_equipe(conseil: Conseil) -> list[Geste]:
    """In three queries, whatever the number of séances."""
    jour = horloge.aujourdhui()
    vivantes = list(
        Seance.objects.filter(formation__conseil=conseil)
        .filter(etat__in=(_E.EN_PREPARATION, _E.CONVOQUEE, _E.OUVERTE))
        .select_related("formation")
        .annotate(
            n_points=Count("points", filter=Q(points__retenu=True), distinct=True),
            n_proposes=Count("points", filter=Q(points__retenu__isnull=True), distinct=True),
            n_dates=Count("dates_proposees", distinct=True),
            n_attendues=Count(
                "convocations",
                filter=Q(convocations__envoyee_le__isnull=False, convocations__reponse="attendue"),
                distinct=True,
            ),
        )
        .order_by("debut")
    )
    delais = reglages.delais(conseil)
    gestes = []
    for seance in vivantes:
        seance.formation.conseil = conseil
        passee = seance.debut is not None and jour_de(seance) < jour
        gestes += [*(_passee(seance) if passee else _a_preparer(seance, delais(seance.formation), jour))]
    return [*gestes, *_preparatifs(conseil, [s for s in vivantes if s.etat != _E.OUVERTE], jour)]


def _geste(seance: Seance, picto: str, titre: str, pourquoi: str, bouton: str, page: str, **reste) -> Geste:
    return Geste(
        picto=picto,
        titre=titre,
        pourquoi=pourquoi,
        bouton=bouton,
        adresse_nom=page,
        arguments={"conseil": seance.formation.conseil.slug, "seance": str(seance.pk)},
        **{"quand": "", "ton": ""} | reste,
    )


def _passee(seance: Seance) -> Iterator[Geste]:
    ouverte = seance.etat == _E.OUVERTE
    yield _geste(
        seance,
        "calendrier",
        f"Clore la séance\u202f: {nom(seance)}" if ouverte else f"A-t-elle eu lieu\u202f? {nom(seance)}",
        "Elle est restée ouverte\u202f: qui n’est pas coché présent sera noté absent."
        if ouverte
        else "Ouvrez-la pour noter les présences et ce qui s’y est dit, ou annulez-la.",
        "Ouvrir l’écran de séance",
        "seance-tenue",
        quand="la date est passée",
        ton="alerte",
        en_retard=True,
        pour=jour_de(seance),
    )


def _a_preparer(seance: Seance, delai: int, jour: date) -> Iterator[Geste]:
    if seance.debut is None:
        yield _geste(
            seance,
            "calendrier",
            f"Fixer la date\u202f: {seance.objet or seance.formation}",
            f"{pluriel(seance.n_dates, 'date proposée', 'dates proposées')}, à comparer."
            if seance.n_dates
            else "Aucune date n’est encore proposée aux membres.",
            "Voir les dates",
            "seance-dates",
        )
        return
    if seance.etat == _E.EN_PREPARATION:
        yield from _a_convoquer(seance, jour_de(seance) - timedelta(days=delai), jour)
    if seance.n_proposes:
        yield _geste(
            seance,
            "question",
            f"Répondre à {pluriel(seance.n_proposes, 'point proposé', 'points proposés')}\u202f: {nom(seance)}",
            "Des partenaires demandent que ce soit à l’ordre du jour. Ils recevront votre réponse.",
            "Trancher",
            "seance-agenda",
            ton="veille",
            pour=jour_de(seance),
        )
    if seance.n_attendues and (jour_de(seance) - jour).days <= REPONSES_DES:
        yield _geste(
            seance,
            "comptes",
            f"{pluriel(seance.n_attendues, 'réponse attendue', 'réponses attendues')}\u202f: {nom(seance)}",
            "Un rappel part de lui-même\u202f; un appel aide souvent.",
            "Suivre les réponses",
            "seance-convocations",
            quand=_dans(jour_de(seance), jour),
            ton="veille",
            pour=jour_de(seance),
        )


def _a_convoquer(seance: Seance, limite: date, jour: date) -> Iterator[Geste]:
    """One gesture at a time: the agenda first, then the letters."""
    if (limite - jour).days > CONVOQUER_DES:
        return
    vide = not seance.n_points
    yield _geste(
        seance,
        "calendrier",
        f"{'Écrire l’ordre du jour' if vide else 'Convoquer'}\u202f: {nom(seance)}",
        "Il est vide\u202f: les convocations l’attendent."
        if vide
        else f"{pluriel(seance.n_points, 'point')} à l’ordre du jour. Les convocations partent quand vous le dites.",
        "Écrire" if vide else "Relire et convoquer",
        "seance-agenda" if vide else "seance-convocations",
        quand=f"délai passé depuis le {date_longue(limite)}"
        if limite < jour
        else f"avant le {date_longue(limite)}",
        ton="alerte" if limite < jour else "veille",
        en_retard=limite < jour,
        pour=limite,
    )


def _preparatifs(conseil: Conseil, seances: list[Seance], jour: date) -> Iterator[Geste]:
    """One line a séance, for all that its checklist asks by the end of the week."""
    par_seance: dict[int, list[Preparatif]] = {}
    lus = Preparatif.objects.filter(
        seance__in=[s.pk for s in seances],
        fait_le__isnull=True,
        echeance__lte=jour + timedelta(days=PREPARER_DES),
    )
    for preparatif in lus:
        par_seance.setdefault(preparatif.seance_id, []).append(preparatif)
    for seance in seances:
        siens = par_seance.get(seance.pk)
        if not siens or (seance.debut and jour_de(seance) < jour):
            continue
        premier = min(p.echeance for p in siens)
        yield _geste(
            seance,
            "coche",
            f"Préparer\u202f: {nom(seance)}",
            f"{_majuscule(enumeration([_minuscule(p.libelle) for p in siens[:3]]))}"
            f"{f', et {len(siens) - 3} de plus' if len(siens) > 3 else ''}.",
            "Voir la liste",
            "seance",
            quand=f"depuis le {date_longue(premier)}"
            if premier < jour
            else f"avant le {date_longue(premier)}",
            ton="alerte" if premier < jour else "",
            en_retard=premier < jour,
            pour=premier,
        )


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


def _dans(jour: date, aujourdhui: date) -> str:
    reste = (jour - aujourdhui).days
    return {0: "aujourd’hui", 1: "demain"}.get(reste, f"dans {reste} jours")


def gestes_personnels(utilisateur, conseil: Conseil, fiches: Sequence[int]) -> list[Geste]:
    """The invitations and the questions about dates that somebody with an account has not answered.

    `fiches`: cards of that account.
    """
    if not fiches:
        return []
    jour = horloge.aujourdhui()
    attendus = appels_de(utilisateur, conseil).filter(
        envoyee_le__isnull=False, reponse=Convocation.Reponse.ATTENDUE
    )
    gestes = []
    for appel in attendus:
        appel.seance.formation.conseil = conseil
        gestes.append(
            _geste(
                appel.seance,
                "calendrier",
                f"Serez-vous là\u202f? {nom(appel.seance)}",
                f"{appel.seance.lieu or 'Lieu à venir'}. Présent, suppléé ou excusé\u202f: une réponse suffit.",
                "Répondre",
                "seance",
                quand=_dans(jour_de(appel.seance), jour),
                ton="veille",
                pour=jour_de(appel.seance),
            )
        )
    return [*gestes, *_dates_a_donner(conseil, fiches)]


def _dates_a_donner(conseil: Conseil, personnes: Sequence[int]) -> Iterator[Geste]:
    """Through the person's own link: the page is the one that they received by e-mail."""
    sans_reponse = list(
        DateProposee.objects.filter(
            seance__formation__conseil=conseil, seance__debut__isnull=True, debut__gt=horloge.maintenant()
        )
        .exclude(disponibilites__personne__in=personnes)
        .values("seance", "seance__objet", "seance__formation__nom")
        .annotate(n=Count("pk"), premiere=Min("debut"))
        .order_by("premiere")
    )
    liens = {
        int(lien.objet.partition(":")[0]): lien
        for lien in LienActe.objects.filter(
            acte=DISPONIBILITES,
            objet__in=[f"{s['seance']}:{p}" for s in sans_reponse for p in personnes],
            conseil=conseil,
            revoque_le__isnull=True,
            expire_le__gt=horloge.maintenant(),
        )
    }
    for s in sans_reponse:
        lien = liens.get(s["seance"])
        if lien is not None:
            yield Geste(
                "calendrier",
                f"Vos disponibilités\u202f: {s['seance__objet'] or s['seance__formation__nom']}",
                f"{pluriel(s['n'], 'date proposée', 'dates proposées')}, à partir du "
                f"{date_longue(horloge.jour_de(s['premiere']))}.",
                "",
                "veille",
                "Répondre",
                "disponibilites",
                {"lien": actes.jeton(lien)},
            )


def prochaines(utilisateur, conseil: Conseil, nombre: int = 5) -> list[Seance]:
    """The next ones that the person sees, each with `appel`: theirs, if they are called."""
    datees_d_abord = a_venir(seances_visibles(utilisateur, conseil)).order_by(F("debut").asc(nulls_last=True))
    lues = compter(datees_d_abord[:nombre])
    siens = {a.seance_id: a for a in appels_de(utilisateur, conseil)}
    for seance in lues:
        seance.appel = siens.get(seance.pk)
    return lues
