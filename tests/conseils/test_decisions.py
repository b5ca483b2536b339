"""Numbers, owners, reports, reminders; what opens the next agenda; who sees what."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import LienActe
from pupitre.conseils.decisions import execution, rappels, selectors, services
from pupitre.conseils.decisions.erreurs import DecisionRefusee
from pupitre.conseils.etats import EtatDecision
from pupitre.conseils.models import Decision
from pupitre.conseils.seances import services as seances
from pupitre.documents.ecrits import FORMATS
from pupitre.socle import horloge
from pupitre.socle.courriel.modele import Courriel
from tests.conseils.fabrique_seances import a_paris, dans, formation, membre, personne
from tests.fabriques import entrer, utilisateur
from tests.observatoire.fabrique import organisation

pytestmark = pytest.mark.django_db
JOUR = timedelta(days=1)


@pytest.fixture
def pleniere(conseil):
    return formation(conseil)


@pytest.fixture
def camille(conseil):
    return personne(conseil, "Roy", "Camille")


def prise(pleniere, texte="Poser l’éclairage du square", **champs) -> Decision:
    cle = services.prendre(formation=pleniere, texte=texte, **champs).pk
    return selectors.avec_liens(Decision.objects.all()).get(pk=cle)


def test_numbers_follow_each_other_in_the_year_of_the_seance(pleniere):
    cette_annee = horloge.aujourdhui().year
    de_l_an_passe = seances.creer(formation=pleniere, debut=a_paris(cette_annee - 1, 12, 30, 14))
    assert prise(pleniere, seance=de_l_an_passe).numero == f"{cette_annee - 1}-01"
    assert [prise(pleniere).numero for _ in range(2)] == [f"{cette_annee}-01", f"{cette_annee}-02"]


def test_sent_twice_it_is_kept_once_and_not_in_the_neighbour(pleniere, voisin):
    saisie = uuid4()
    assert prise(pleniere, saisie=saisie) == prise(pleniere, saisie=saisie)
    assert Decision.objects.count() == 1
    with pytest.raises(DecisionRefusee, match="saisie"):
        services.prendre(formation=formation(voisin), texte="x", saisie=saisie)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_leave_no_gap(pleniere):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite writes one at a time: nothing to prove here")
    fautes = []

    def noter():
        try:
            services.prendre(formation=pleniere, texte="Ensemble")
        except Exception as erreur:
            fautes.append(erreur)
        finally:
            connections.close_all()

    fils = [threading.Thread(target=noter) for _ in range(10)]
    for f in fils:
        f.start()
    for f in fils:
        f.join()
    assert not fautes
    assert sorted(Decision.objects.values_list("rang", flat=True)) == list(range(1, 11))


def test_nothing_of_elsewhere_enters(pleniere, voisin, conseil):
    ailleurs = personne(voisin, "Ailleurs")
    with pytest.raises(DecisionRefusee, match="autre conseil"):
        services.prendre(formation=pleniere, texte="x", responsable=ailleurs)
    autre = seances.creer(formation=formation(conseil, "restreinte", "Restreinte"), debut=dans(3))
    with pytest.raises(DecisionRefusee, match="autre formation"):
        services.prendre(formation=pleniere, texte="x", seance=autre)
    with pytest.raises(ValidationError):
        services.prendre(formation=pleniere, texte="   ")
    assert not Decision.objects.exists()


def test_its_life_is_told_and_what_does_not_follow_is_refused(pleniere, camille):
    d = prise(pleniere, responsable=camille, echeance=horloge.aujourdhui() + 10 * JOUR)
    with pytest.raises(DecisionRefusee, match="ce qui bloque"):
        services.suivre(decision=d, etat=EtatDecision.BLOQUEE, texte=" ")
    services.suivre(decision=d, etat=EtatDecision.BLOQUEE, texte="Le devis manque", nom="Camille Roy")
    services.suivre(decision=d, etat=EtatDecision.FAITE)
    with pytest.raises(DecisionRefusee, match="ne peut pas devenir"):
        services.suivre(decision=d, etat=EtatDecision.A_FAIRE)
    with pytest.raises(DecisionRefusee, match="ne se modifie plus"):
        services.modifier(decision=d, texte="Autre", responsable=None, organisation=None, echeance=None)
    services.suivre(decision=d, etat=EtatDecision.EN_PARTIE, texte="Une lampe sur deux")
    assert [e.etat for e in d.evenements.order_by("pk")] == ["a_faire", "bloquee", "faite", "en_partie"]


def test_a_moved_deadline_stays_in_its_history_and_does_not_improve_the_share(pleniere, camille):
    limite = horloge.aujourdhui() - 5 * JOUR
    d = prise(pleniere, responsable=camille, echeance=limite, le=horloge.aujourdhui() - 40 * JOUR)
    services.modifier(
        decision=d,
        texte=d.texte,
        responsable=camille,
        organisation=None,
        echeance=horloge.aujourdhui() + 30 * JOUR,
    )
    services.suivre(decision=d, etat=EtatDecision.FAITE)
    assert "Échéance" in d.evenements.order_by("pk")[1].texte
    b = execution.bilan(selectors.avec_liens(Decision.objects.all()))
    assert (b.faites, b.a_temps, b.base, b.part) == (1, 0, 1, None)
    assert "trop peu" in b.phrase


def test_the_deadline_set_when_it_was_taken_is_that_of_its_first_event(pleniere, camille):
    limite = horloge.aujourdhui() + 20 * JOUR
    datee, sans = prise(pleniere, echeance=limite), prise(pleniere)
    for d in (datee, sans):
        services.suivre(
            decision=d, etat=EtatDecision.BLOQUEE, texte="Le devis manque", echeance=limite + 9 * JOUR
        )
        services.modifier(
            decision=d, texte="Autre", responsable=camille, organisation=None, echeance=limite + 40 * JOUR
        )
    for d, premiere in ((datee, limite), (sans, None)):
        d.refresh_from_db()
        assert d.premiere_echeance == d.evenements.order_by("pk")[0].echeance == premiere
        assert d.echeance == limite + 40 * JOUR


def test_one_abandoned_or_without_a_first_deadline_has_no_part_in_the_share(pleniere, camille):
    hier = horloge.aujourdhui() - JOUR
    avant = hier - 30 * JOUR
    services.suivre(
        decision=prise(pleniere, echeance=hier, le=avant), etat=EtatDecision.ABANDONNEE, texte="Sans objet"
    )
    services.suivre(decision=prise(pleniere, le=avant), etat=EtatDecision.FAITE)
    # done, said again to be only partly so, then done: its day is the last one
    reprise = prise(pleniere, echeance=horloge.aujourdhui(), le=avant)
    for etat in (EtatDecision.FAITE, EtatDecision.EN_PARTIE, EtatDecision.FAITE):
        services.suivre(decision=reprise, etat=etat)
    b = execution.bilan(selectors.avec_liens(Decision.objects.all()))
    assert (b.ouvertes, b.faites, b.abandonnees, b.a_temps, b.base) == (0, 2, 1, 1, 1)


def test_the_share_says_its_base(pleniere):
    avant = horloge.aujourdhui() - 40 * JOUR
    for i in range(10):
        d = prise(pleniere, echeance=horloge.aujourdhui() + (3 if i < 7 else -3) * JOUR, le=avant)
        if i < 7:
            services.suivre(decision=d, etat=EtatDecision.FAITE)
    b = execution.bilan(selectors.avec_liens(Decision.objects.all()))
    assert (b.ouvertes, b.retard, b.part) == (3, 3, 70)
    assert "sur 10" in b.phrase


def test_what_is_open_opens_the_next_agenda(pleniere):
    assert not seances.creer(formation=pleniere, debut=dans(5)).points.exists()
    d = prise(pleniere)
    assert [p.titre for p in seances.creer(formation=pleniere, debut=dans(6)).points.all()] == [
        "Suivi des décisions"
    ]
    services.suivre(decision=d, etat=EtatDecision.FAITE)
    assert not seances.creer(formation=pleniere, debut=dans(7)).points.exists()


def test_reminders_come_before_and_after_and_never_twice(conseil, pleniere, camille):
    limite = horloge.aujourdhui() + 20 * JOUR
    d = prise(pleniere, responsable=camille, echeance=limite)
    prise(pleniere, "Ouvrir la permanence", responsable=camille, echeance=limite)
    recus = {}
    for n in range(90):
        with horloge.figee(horloge.aujourdhui() + n * JOUR):
            if rappels.rappeler(horloge.aujourdhui()):
                recus[(horloge.aujourdhui() - limite).days] = Courriel.objects.latest("pk")
    assert list(recus) == [-7, 1, 15, 29]
    assert "2\u00a0décisions" in recus[-7].objet
    assert "dont 2 en retard" in recus[1].objet
    services.modifier(
        decision=d, texte=d.texte, responsable=camille, organisation=None, echeance=limite + 100 * JOUR
    )
    with horloge.figee(limite + 95 * JOUR):
        assert rappels.rappeler(horloge.aujourdhui()) == 1, "a new deadline starts again"


def test_the_owner_reports_by_link_and_only_on_what_is_theirs(conseil, pleniere, camille):
    d = prise(pleniere, responsable=camille)
    autre = prise(pleniere, "Confiée à un autre", responsable=personne(conseil, "Autre"))
    rappels.demander(conseil=conseil, responsable=camille)
    assert rappels.demander(conseil=conseil, responsable=camille) is False
    adresse = rappels.adresse(conseil, camille)
    navigateur = Client(SERVER_NAME="localhost")
    page = navigateur.get(adresse)
    assert d.numero in page.content.decode()
    assert autre.texte not in page.content.decode()
    assert navigateur.post(adresse, {"decision": autre.pk, "etat": "faite"}).status_code == 422
    sans_raison = navigateur.post(adresse, {"decision": d.pk, "etat": "bloquee"})
    assert sans_raison.status_code == 422
    assert "ce qui bloque" in sans_raison.content.decode()
    assert navigateur.post(adresse, {"decision": d.pk, "etat": "abandonnee"}).status_code == 422
    assert navigateur.post(adresse, {"decision": d.pk, "etat": "faite"}).status_code == 200
    assert services.etat_de(autre) == "a_faire"
    assert (services.etat_de(d), d.evenements.latest("pk").nom) == ("faite", "Camille Roy")
    lien = LienActe.objects.get(acte=rappels.SUIVI)
    assert lien.usages.filter(genre="fait").get().detail.startswith(d.numero)
    actes.retirer(lien)
    assert navigateur.get(adresse).status_code == 410


def test_without_an_address_the_question_is_refused_with_what_to_do(conseil, pleniere):
    muette = personne(conseil, "Muette", email="")
    prise(pleniere, responsable=muette, echeance=horloge.aujourdhui())
    with pytest.raises(DecisionRefusee, match="adresse électronique"):
        rappels.demander(conseil=conseil, responsable=muette)
    assert rappels.rappeler(horloge.aujourdhui()) == 0


def test_a_partner_sees_its_own_and_those_of_where_it_sits(conseil):
    bailleur, police = organisation(conseil), organisation(conseil, "Commissariat", "police")
    pleniere, groupe = formation(conseil), formation(conseil, "thematique", "Jeunesse")
    membre(groupe, personne(conseil, "Siège"), bailleur)
    a_lui = services.prendre(formation=pleniere, texte="À lui", organisation=bailleur)
    du_groupe = services.prendre(formation=groupe, texte="Du groupe")
    services.prendre(formation=pleniere, texte="À la police", organisation=police)

    def vues(role, **portee):
        return set(selectors.decisions_visibles(utilisateur(role, conseil, **portee), conseil))

    assert vues(Role.PARTENAIRE, organisation=bailleur) == {a_lui, du_groupe}
    assert len(vues(Role.COORDINATEUR)) == len(vues(Role.MAIRE_MEMBRE)) == 3
    assert {d.formation for d in vues(Role.PARQUET)} == {pleniere}


def test_the_neighbour_is_told_nothing(conseil, voisin, pleniere):
    d = prise(pleniere)
    entree = entrer(Client(SERVER_NAME="localhost"), utilisateur(Role.COORDINATEUR, voisin))
    assert entree.get(reverse("decision", args=[conseil.slug, d.pk])).status_code == 404
    assert entree.get(reverse("decision", args=[voisin.slug, d.pk])).status_code == 404
    assert d.numero not in entree.get(reverse("decisions", args=[voisin.slug])).content.decode()


def test_the_table_is_sorted_filtered_and_taken_away(
    conseil, pleniere, camille, django_assert_max_num_queries
):
    for i in range(30):
        prise(
            pleniere,
            f"Décision d’été {i}",
            responsable=camille if i % 2 else None,
            echeance=horloge.aujourdhui() + (i - 15) * JOUR,
        )
    entree = entrer(Client(SERVER_NAME="localhost"), utilisateur(Role.COORDINATEUR, conseil))
    racine = reverse("decisions", args=[conseil.slug])
    with django_assert_max_num_queries(14):
        page = entree.get(racine).content.decode()
    assert "30\u00a0décisions" in page
    assert "dont 15 en retard" in page
    assert "15\u00a0décisions" in entree.get(racine, {"retard": "1"}).content.decode()
    assert "15\u00a0décisions" in entree.get(racine, {"responsable": camille.pk}).content.decode()
    assert (
        "1\u00a0décision<"
        in entree.get(racine, {"texte": f"ETE {horloge.aujourdhui().year}-18"}).content.decode()
    )
    assert entree.get(racine, {"age": "'); --", "seance": "x", "situation": "?"}).status_code == 200
    for format in ("csv", "xlsx", *FORMATS):
        reponse = entree.get(reverse("decisions-export", args=[conseil.slug, format]))
        assert reponse.status_code == 200, format
        assert len(reponse.content) > 500
    assert entree.get(reverse("decisions-export", args=[conseil.slug, "exe"])).status_code == 404


def test_reading_does_not_let_write(conseil, pleniere):
    d = prise(pleniere)
    entree = entrer(Client(SERVER_NAME="localhost"), utilisateur(Role.MAIRE_MEMBRE, conseil))
    adresse = reverse("decision", args=[conseil.slug, d.pk])
    assert "Enregistrer" not in entree.get(adresse).content.decode()
    refusee = entree.post(adresse, {"etat": "faite"})
    assert refusee.status_code == 403
    assert "qui porte la décision" in refusee.content.decode()
    assert services.etat_de(d) == "a_faire"


def test_the_owner_reports_from_an_account_and_a_neighbour_does_not(conseil, pleniere, camille):
    bailleur, strav = organisation(conseil), organisation(conseil, "STRAV", "transporteur")
    d = prise(pleniere, organisation=bailleur)
    membre(pleniere, camille, strav)
    adresse = reverse("decision", args=[conseil.slug, d.pk])
    voisin = entrer(
        Client(SERVER_NAME="localhost"), utilisateur(Role.PARTENAIRE, conseil, organisation=strav)
    )
    assert voisin.get(adresse).status_code == 200, "its formation's decisions are read"
    assert voisin.post(adresse, {"etat": "faite"}).status_code == 403
    assert services.etat_de(d) == "a_faire"
    porteur = entrer(
        Client(SERVER_NAME="localhost"), utilisateur(Role.PARTENAIRE, conseil, organisation=bailleur)
    )
    assert 'value="abandonnee"' not in porteur.get(adresse).content.decode()
    assert porteur.post(adresse, {"etat": "abandonnee", "texte": "x"}).status_code == 422
    assert porteur.post(adresse, {"etat": "faite"}).status_code == 302
    assert services.etat_de(d) == "faite"
