"""The agenda at a secret address: what calendar programs read of it, and when it gives nothing any more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from pupitre.acces.droits import Role
from pupitre.acces.models import Organisation
from pupitre.conseils import abonnements
from pupitre.conseils.abonnements import AgendaRefuse, Raison
from pupitre.conseils.decisions import services as decisions
from pupitre.conseils.models import AbonnementAgenda, Formation
from pupitre.conseils.seances import calendrier, convocations, services
from pupitre.documents.rendezvous import JourEntier, agenda
from pupitre.socle import horloge
from tests.annuaire.fabrique import organisation
from tests.conseils import fabrique_seances as fabrique
from tests.fabriques import utilisateur

P = AbonnementAgenda.Portee


def _abonner(qui, conseil, portee=P.VISIBLES, **champs) -> tuple[AbonnementAgenda, str]:
    abonnement = AbonnementAgenda(
        utilisateur=qui, conseil=conseil, libelle="Téléphone", portee=portee, **champs
    )
    return abonnement, abonnements.creer(abonnement=abonnement)


def _lu(secret: str) -> Calendar:
    return Calendar.from_ical(abonnements.lire(secret))


def _par_uid(secret: str) -> dict[str, object]:
    return {str(e["uid"]): e for e in _lu(secret).walk("VEVENT")}


@pytest.fixture
def coordination(conseil):
    return utilisateur(Role.COORDINATEUR, conseil)


@pytest.fixture
def convoquee(conseil):
    """A plenary of three members, called."""
    seance = fabrique.seance_a_preparer(conseil)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    return seance


def test_l_entete_que_lisent_outlook_et_thunderbird(conseil, coordination, convoquee):
    _, secret = _abonner(coordination, conseil)
    lu = _lu(secret)
    assert (lu["method"], lu["version"], str(lu["x-wr-calname"])) == ("PUBLISH", "2.0", f"Séances, {conseil}")
    assert (lu["refresh-interval"].dt, str(lu["x-published-ttl"])) == (timedelta(hours=4), "PT4H")
    assert lu["refresh-interval"].params["VALUE"] == "DURATION"
    assert [str(z["tzid"]) for z in lu.walk("VTIMEZONE")] == ["Europe/Paris"]


def test_la_meme_identite_que_la_convocation_et_personne_de_nomme(conseil, coordination, convoquee):
    _, secret = _abonner(coordination, conseil)
    invitation = Calendar.from_ical(calendrier.invitation_de(convoquee.convocations.first()))
    (recue,) = invitation.walk("VEVENT")
    (publiee,) = _lu(secret).walk("VEVENT")
    for champ in ("uid", "sequence", "summary", "location"):
        assert publiee[champ] == recue[champ]
    assert publiee["dtstart"].dt == recue["dtstart"].dt
    assert publiee["dtstart"].params["TZID"] == "Europe/Paris"
    assert "attendee" in recue
    assert "attendee" not in publiee
    assert b"Membre0" not in abonnements.lire(secret)


def test_une_seance_se_prepare_est_convoquee_deplacee_annulee(conseil, coordination):
    seance = fabrique.seance_a_preparer(conseil)
    _, secret = _abonner(coordination, conseil)
    uid = calendrier.uid(seance)

    def vue():
        return _par_uid(secret)[uid]

    assert (vue()["status"], vue()["sequence"]) == ("TENTATIVE", 0)
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    assert vue()["status"] == "CONFIRMED"
    ailleurs = seance.debut + timedelta(days=7)
    services.modifier(seance=seance, objet=seance.objet, debut=ailleurs, duree=seance.duree, lieu=seance.lieu)
    assert (vue()["sequence"], vue()["dtstart"].dt) == (1, ailleurs)
    services.annuler(seance=seance, raison="Élections.")
    assert (vue()["status"], vue()["sequence"]) == ("CANCELLED", 2)


@pytest.mark.parametrize(
    ("jour", "utc"), [(date(2027, 3, 27), 13), (date(2027, 3, 28), 12), (date(2027, 10, 31), 13)]
)
def test_quatorze_heures_reste_quatorze_heures_au_changement_d_heure(conseil, coordination, jour, utc):
    fabrique.seance_a_preparer(conseil, debut=fabrique.a_paris(jour.year, jour.month, jour.day, 14))
    _, secret = _abonner(coordination, conseil)
    (evenement,) = _lu(secret).walk("VEVENT")
    debut = evenement["dtstart"].dt
    assert (debut.hour, debut.astimezone(UTC).hour) == (14, utc)


def test_les_longues_lignes_sont_pliees_sans_couper_un_accent(conseil, coordination):
    objet = (
        "Éclairage, tranquillité et médiation aux abords de la résidence des Tilleuls, été comme hiver " * 2
    )
    fabrique.seance_a_preparer(conseil, objet=objet.strip())
    _, secret = _abonner(coordination, conseil)
    brut = abonnements.lire(secret)
    assert max(len(ligne) for ligne in brut.split(b"\r\n")) <= 75
    assert b"\r\n " in brut
    assert b"\n" not in brut.replace(b"\r\n", b"")
    (evenement,) = _lu(secret).walk("VEVENT")
    assert str(evenement["summary"]).endswith(objet.strip())


def test_mes_convocations_et_rien_d_autre(conseil, coordination, convoquee):
    appelee = convoquee.convocations.first().personne
    appelee.utilisateur = coordination
    appelee.save()
    autre = services.creer(
        formation=fabrique.formation(conseil, "thematique", "Groupe"), debut=fabrique.dans(20)
    )
    _, siennes = _abonner(coordination, conseil, P.CONVOCATIONS)
    _, toutes = _abonner(coordination, conseil, P.VISIBLES)
    assert set(_par_uid(siennes)) == {calendrier.uid(convoquee)}
    assert set(_par_uid(toutes)) == {calendrier.uid(convoquee), calendrier.uid(autre)}


def test_les_echeances_sont_des_jours_entiers_tant_que_ce_n_est_pas_fait(conseil, coordination, convoquee):
    moi = convoquee.convocations.first().personne
    moi.utilisateur = coordination
    moi.save()
    limite = horloge.aujourdhui() + timedelta(days=30)
    mienne, _autre = (
        decisions.prendre(
            formation=convoquee.formation, texte="Poser l’éclairage", responsable=r, echeance=limite
        )
        for r in (moi, convoquee.convocations.last().personne)
    )
    _, avec = _abonner(coordination, conseil)
    _, sans = _abonner(coordination, conseil, echeances=False)
    uid = f"decision-{mienne.pk}.{conseil.slug}@pupitre.invalid"
    evenement = _par_uid(avec)[uid]
    assert (evenement["dtstart"].dt, evenement["dtend"].dt) == (limite, limite + timedelta(days=1))
    assert evenement["transp"] == "TRANSPARENT"
    assert str(evenement["description"]) == "Poser l’éclairage"
    assert [u for u in _par_uid(avec) if u.startswith("decision")] == [uid]
    assert not [u for u in _par_uid(sans) if u.startswith("decision")]
    decisions.suivre(decision=mienne, etat="faite")
    assert uid not in _par_uid(avec)


def test_sous_charte_le_texte_d_une_decision_reste_dans_pupitre(conseil, coordination):
    groupe = fabrique.formation(conseil, "veille", "Cellule de veille", regime=Formation.Regime.SOUS_CHARTE)
    moi = fabrique.personne(conseil, "Martin", utilisateur=coordination)
    decisions.prendre(
        formation=groupe, texte="Recevoir la famille", responsable=moi, echeance=horloge.aujourdhui()
    )
    _, secret = _abonner(coordination, conseil)
    assert b"Recevoir" not in abonnements.lire(secret)
    assert "Échéance".encode() in abonnements.lire(secret)


def test_un_partenaire_n_a_que_ce_qui_lui_est_ouvert(conseil):
    bailleur = organisation(conseil, "Bailleur", Organisation.Nature.BAILLEUR)
    compte = utilisateur(Role.PARTENAIRE, conseil, organisation=bailleur)
    pleniere = fabrique.formation(conseil)
    fabrique.membre(pleniere, fabrique.personne(conseil, "Référente"), bailleur)
    appelee = services.creer(formation=pleniere, debut=fabrique.dans(30))
    convocations.dresser(seance=appelee)
    for portee in P:
        _, secret = _abonner(compte, conseil, portee)
        assert not _par_uid(secret), "convoked by nobody yet"
    convocations.envoyer(seance=appelee)
    services.creer(formation=pleniere, debut=fabrique.dans(60))
    for portee in P:
        _, secret = _abonner(compte, conseil, portee)
        assert set(_par_uid(secret)) == {calendrier.uid(appelee)}


def test_le_secret_du_voisin_ne_donne_que_chez_le_voisin(conseil, voisin, coordination, convoquee):
    ailleurs = utilisateur(Role.COORDINATEUR, voisin)
    _, secret = _abonner(ailleurs, voisin)
    assert not _par_uid(secret)
    assert voisin.nom in str(_lu(secret)["x-wr-calname"])


@pytest.mark.parametrize("fin", ["retrait", "compte", "habilitation", "renouvelle"])
def test_l_adresse_s_eteint(conseil, coordination, convoquee, fin):
    abonnement, secret = _abonner(coordination, conseil)
    temoin = _abonner(utilisateur(Role.COORDINATEUR, conseil), conseil)[1]
    assert _par_uid(secret)
    attendue = Raison.FERME
    if fin == "retrait":
        abonnements.retirer(abonnement=abonnement)
        attendue = Raison.RETIRE
    elif fin == "renouvelle":
        nouveau = abonnements.renouveler(abonnement=abonnement)
        assert _par_uid(nouveau)
        attendue = Raison.INCONNU
    elif fin == "compte":
        coordination.is_active = False
        coordination.save()
    else:
        coordination.habilitations.update(fin=horloge.aujourdhui() - timedelta(days=1))
    with pytest.raises(AgendaRefuse) as refus:
        abonnements.lire(secret)
    assert refus.value.raison == attendue
    assert _par_uid(temoin)


def test_une_seule_lettre_fausse_ne_donne_rien(conseil, coordination):
    _, secret = _abonner(coordination, conseil)
    for faux in (secret[:-1], f"{secret[:-1]}{'a' if secret[-1] != 'a' else 'b'}", "", secret.upper()):
        with pytest.raises(AgendaRefuse) as refus:
            abonnements.lire(faux)
        assert refus.value.raison == Raison.INCONNU


def test_seule_l_empreinte_est_gardee_et_l_usage_date(conseil, coordination):
    abonnement, secret = _abonner(coordination, conseil)
    ligne = AbonnementAgenda.objects.filter(pk=abonnement.pk).values_list().get()
    assert secret not in map(str, ligne)
    instant = datetime(2026, 11, 23, 8, tzinfo=UTC)
    with horloge.figee(instant):
        abonnements.lire(secret)
    abonnement.refresh_from_db()
    assert (abonnement.dernier_usage, abonnement.appels) == (instant, 1)


def test_trop_souvent_dans_l_heure_puis_a_nouveau(conseil, coordination, monkeypatch):
    monkeypatch.setattr(abonnements, "PAR_HEURE", 2)
    _, secret = _abonner(coordination, conseil)
    instant = datetime(2026, 11, 23, 8, 10, tzinfo=UTC)
    with horloge.figee(instant):
        abonnements.lire(secret)
        abonnements.lire(secret)
        with pytest.raises(AgendaRefuse) as refus:
            abonnements.lire(secret)
        assert refus.value.raison == Raison.TROP
    with horloge.figee(instant + timedelta(hours=1)):
        assert abonnements.lire(secret)


def test_dix_adresses_au_plus(conseil, coordination):
    for _ in range(abonnements.MAX):
        _abonner(coordination, conseil)
    with pytest.raises(abonnements.AbonnementImpossible):
        _abonner(coordination, conseil)
    assert abonnements.de(coordination, conseil).count() == abonnements.MAX


def test_les_memes_octets_tant_que_rien_ne_change(conseil, coordination, convoquee):
    _, secret = _abonner(coordination, conseil)
    with horloge.figee(horloge.maintenant() + timedelta(minutes=5)):
        plus_tard = abonnements.lire(secret)
    assert abonnements.lire(secret) == plus_tard


def test_un_an_en_arriere_et_pas_plus(conseil, coordination):
    pleniere = fabrique.formation(conseil)
    recente, ancienne = (services.creer(formation=pleniere, debut=fabrique.dans(-j)) for j in (300, 500))
    _, secret = _abonner(coordination, conseil)
    assert set(_par_uid(secret)) == {calendrier.uid(recente)}
    assert calendrier.uid(ancienne) != calendrier.uid(recente)


def test_un_nombre_fixe_de_requetes(conseil, coordination, django_assert_num_queries):
    pleniere = fabrique.formation(conseil)
    moi = fabrique.personne(conseil, "Martin", utilisateur=coordination)
    _, secret = _abonner(coordination, conseil)
    for tours in range(2):
        for i in range(1 + 4 * tours):
            services.creer(formation=pleniere, debut=fabrique.dans(30 + i))
            decisions.prendre(
                formation=pleniere, texte="Agir", responsable=moi, echeance=horloge.aujourdhui()
            )
        with django_assert_num_queries(6):
            abonnements.lire(secret)


def test_un_agenda_sans_rien_s_ouvre_aussi():
    lu = Calendar.from_ical(agenda("Rien", [], [JourEntier("a", "b", date(2026, 1, 1), datetime.now(UTC))]))
    assert [str(e["uid"]) for e in lu.walk("VEVENT")] == ["a"]
    assert not Calendar.from_ical(agenda("Rien", [])).walk("VEVENT")
