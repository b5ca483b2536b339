"""What the screen in the room sends: twice, late, from two laptops; and who may."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pupitre.acces.droits import Role
from pupitre.conseils.models import Convocation, Decision, NoteSeance
from pupitre.conseils.seances import selectors as seances
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.tenue import selectors, services
from tests.conseils.fabrique_seances import formation, personne, point, seance_a_preparer
from tests.fabriques import entrer, utilisateur

pytestmark = pytest.mark.django_db
A, B = uuid4(), uuid4()


@pytest.fixture
def ouverte(conseil):
    seance = seance_a_preparer(conseil, membres=3)
    point(seance)
    services.ouvrir(seance=seance)
    return seance


def noter(seance, cle, texte, version=0, onglet=A):
    return services.noter(
        seance=seance, cle=cle, point=seance.points.get().pk, texte=texte, version=version, onglet=onglet
    )


def test_opening_calls_the_members_of_that_day_and_twice_is_once(ouverte):
    services.ouvrir(seance=ouverte)
    assert [e.etat for e in ouverte.evenements.all()] == ["preparation", "ouverte"]
    assert ouverte.convocations.count() == 3


def test_a_text_sent_twice_is_kept_once_and_a_lost_answer_is_no_conflict(ouverte):
    cle = uuid4()
    assert noter(ouverte, cle, "Bonjour").note.version == 1
    assert noter(ouverte, cle, "Bonjour").note.version == 1
    # the page never heard of version 1 and went on typing
    suite = noter(ouverte, cle, "Bonjour à tous", version=0)
    assert (suite.en_double, suite.note.version) == (False, 2)
    assert NoteSeance.objects.count() == 1


def test_two_laptops_lose_nothing(ouverte):
    cle = uuid4()
    noter(ouverte, cle, "De la première", onglet=A)
    seconde = noter(ouverte, cle, "De la seconde", version=0, onglet=B)
    assert seconde.en_double
    assert noter(ouverte, cle, "De la seconde, suite", version=0, onglet=B).note == seconde.note
    assert {n.texte for n in NoteSeance.objects.all()} == {"De la première", "De la seconde, suite"}


@given(
    st.lists(
        st.tuples(st.sampled_from([A, B]), st.text("abc", min_size=1, max_size=4), st.booleans()), max_size=8
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_the_last_text_of_each_is_kept(ouverte, frappes):
    """Each page types on its own text; an answer heard (True) or lost gives the version it believes in."""
    cle, crues, derniers, cles = uuid4(), {A: 0, B: 0}, {}, {A: None, B: None}
    for onglet, texte, entendue in frappes:
        entier = f"{onglet}{texte}"
        notee = services.noter(
            seance=ouverte,
            cle=cles[onglet] or cle,
            point=None,
            texte=entier,
            version=crues[onglet],
            onglet=onglet,
        )
        derniers[onglet] = entier
        if entendue:
            crues[onglet], cles[onglet] = notee.note.version, notee.note.pk
    gardes = set(NoteSeance.objects.filter(seance=ouverte).values_list("texte", flat=True))
    assert set(derniers.values()) <= gardes


def test_presences_deputies_and_somebody_more(ouverte, conseil):
    appel = ouverte.convocations.first()
    services.pointer(seance=ouverte, convocation=appel.pk, present=True, suppleant="  Inès \n Roy ")
    venue = personne(conseil, "Venue")
    services.accueillir(seance=ouverte, personne=venue)
    services.accueillir(seance=ouverte, personne=venue)
    services.clore(seance=ouverte)
    services.clore(seance=ouverte)
    r = selectors.recit(ouverte)
    assert {c.personne.nom for c in r.presents} == {appel.personne.nom, "Venue"}
    assert len(r.excuses) == 2
    assert Convocation.objects.get(pk=appel.pk).suppleant == "Inès Roy"
    assert r.ouverte_le <= r.close_le


def test_who_leaves_later_stays_among_those_of_that_day(ouverte):
    siege = ouverte.formation.membres.first()
    services.pointer(
        seance=ouverte, convocation=ouverte.convocations.get(personne=siege.personne).pk, present=True
    )
    services.clore(seance=ouverte)
    siege.fin = seances.jour_de(ouverte) + timedelta(days=1)
    siege.save()
    assert siege.personne in {c.personne for c in selectors.recit(ouverte).presents}


def test_nothing_enters_a_seance_that_is_not_open_nor_one_of_the_neighbour(ouverte, conseil, voisin):
    with pytest.raises(GesteRefuse, match="autre conseil"):
        services.accueillir(seance=ouverte, personne=personne(voisin, "Ailleurs"))
    autre = seance_a_preparer(conseil, formation=formation(conseil, "restreinte", "Restreinte"), membres=0)
    with pytest.raises(GesteRefuse, match="en préparation"):
        services.noter(seance=autre, cle=uuid4(), point=None, texte="x", version=0, onglet=A)
    services.ouvrir(seance=autre)
    with pytest.raises(GesteRefuse, match="plus à l’ordre du jour"):
        services.noter(
            seance=autre, cle=uuid4(), point=ouverte.points.get().pk, texte="x", version=0, onglet=A
        )
    with pytest.raises(GesteRefuse, match="pas sur la liste"):
        services.pointer(seance=autre, convocation=ouverte.convocations.first().pk, present=True)
    cle = uuid4()
    noter(ouverte, cle, "ici")
    with pytest.raises(GesteRefuse, match="autre séance"):
        services.noter(seance=autre, cle=cle, point=None, texte="là", version=1, onglet=A)
    with pytest.raises(GesteRefuse, match="dépasse"):
        noter(ouverte, uuid4(), "a" * 20_001)


def _saisir(client, conseil, seance, json=True, **champs):
    entetes = {"Accept": "application/json"} if json else {}
    return client.post(reverse("seance-saisir", args=[conseil.slug, seance.pk]), champs, headers=entetes)


def test_the_screen_answers_scripts_and_people(ouverte, conseil, voisin, django_assert_max_num_queries):
    client = entrer(Client(SERVER_NAME="localhost"), utilisateur(Role.COORDINATEUR, conseil))
    with django_assert_max_num_queries(22):
        page = client.get(reverse("seance-tenue", args=[conseil.slug, ouverte.pk]))
    assert "Bilan de l’été" in page.content.decode()
    p, saisie = str(ouverte.points.get().pk), str(uuid4())
    cle = str(uuid4())
    note = {"quoi": "note", "cle": cle, "point": p, "texte": "Dit", "version": 0, "onglet": str(A)}
    assert _saisir(client, conseil, ouverte, **note).json()["version"] == 1
    decision = {
        "quoi": "decision",
        "saisie": saisie,
        "point": p,
        "texte": "Réparer",
        "echeance": "2026-12-31",
    }
    assert [_saisir(client, conseil, ouverte, **decision).json()["fait"] for _ in range(2)] == [True, True]
    assert Decision.objects.get().point_id == ouverte.points.get().pk
    assert _saisir(client, conseil, ouverte, json=False, **note).status_code == 302
    for mauvais in (
        {"quoi": "rien"},
        note | {"cle": "x"},
        note | {"version": "-1"},
        decision | {"saisie": str(uuid4()), "echeance": "hier"},
        decision | {"saisie": str(uuid4()), "texte": ""},
        {"quoi": "presence", "convocation": "0"},
    ):
        reponse = _saisir(client, conseil, ouverte, **mauvais)
        assert reponse.status_code == 422, mauvais
        assert reponse.json()["message"]
    voisine = entrer(Client(SERVER_NAME="localhost"), utilisateur(Role.COORDINATEUR, voisin))
    assert _saisir(voisine, conseil, ouverte, **note).status_code == 404
    assert _saisir(voisine, voisin, ouverte, **note).status_code == 404
    maire = entrer(Client(SERVER_NAME="localhost"), utilisateur(Role.MAIRE_MEMBRE, conseil))
    assert _saisir(maire, conseil, ouverte, **note).status_code == 403
