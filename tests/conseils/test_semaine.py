"""« Ma semaine »: what is asked of whom and when, what comes back, the letter of Monday."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import JetonApi, LienActe
from pupitre.conseils import attentes
from pupitre.conseils.comptes_rendus import circuit, redaction
from pupitre.conseils.decisions import services as decisions
from pupitre.conseils.formations import services as formations
from pupitre.conseils.models import Convocation, Membre, Remarque
from pupitre.conseils.seances import convocations, dates, propositions
from pupitre.conseils.seances import services as seances
from pupitre.conseils.semaine import lettre, lignes, nouvelles
from pupitre.conseils.semaine.selectors import lire
from pupitre.conseils.tenue import services as tenue
from pupitre.socle import devoirs, horloge
from pupitre.socle.courriel.modele import Courriel
from pupitre.socle.gestes import Geste, attendus, classer, resume
from pupitre.socle.lecture_seule import lecture_seule
from tests.conseils.fabrique_seances import (
    compte_rendu_diffuse,
    dans,
    formation,
    membre,
    personne,
    point,
    seance_a_preparer,
    seance_tenue,
)
from tests.fabriques import utilisateur
from tests.observatoire.fabrique import organisation

pytestmark = pytest.mark.django_db
JOUR = timedelta(days=1)
MERCREDI = date(2026, 11, 25)


def titres(compte, conseil) -> list[str]:
    return [g.titre for g in attentes.gestes(compte, conseil)]


@pytest.fixture
def coordination(conseil):
    return utilisateur(Role.COORDINATEUR, conseil)


def _geste(titre="x", **champs) -> Geste:
    return Geste("coche", titre, "", "", "", "", "accueil", {}, **champs)


def test_le_temps_range_et_resume():
    gestes = [
        _geste("dimanche", pour=date(2026, 11, 29)),
        _geste("sans jour"),
        _geste("lundi", pour=date(2026, 11, 30)),
        _geste("hier", pour=date(2026, 11, 24), en_retard=True),
        _geste("avant-hier", pour=date(2026, 11, 23), en_retard=True),
    ]
    temps = classer(gestes, MERCREDI)
    assert [(t.titre, [g.titre for g in t.gestes]) for t in temps] == [
        ("En retard", ["avant-hier", "hier"]),
        ("Cette semaine", ["dimanche", "sans jour"]),
        ("Ensuite", ["lundi"]),
    ]
    assert resume(temps) == "Quatre gestes attendent, deux sont en retard. Rien d’autre ne presse."
    assert resume(classer(gestes[1:2], MERCREDI)) == "Un geste attend. Rien d’autre ne presse."
    assert resume(classer(gestes[2:3], MERCREDI)) == "Rien ne presse cette semaine."


def test_une_seance_demande_un_geste_a_la_fois_et_en_son_temps(conseil, coordination):
    seance = seance_a_preparer(conseil, debut=dans(60))
    assert not [t for t in titres(coordination, conseil) if "ordre du jour" in t], "trop tôt"
    seances.modifier(seance=seance, objet="", debut=dans(20), duree=120, lieu="Mairie")
    [ecrire] = [g for g in attentes.gestes(coordination, conseil) if "ordre du jour" in g.titre]
    assert (ecrire.en_retard, ecrire.pour) == (False, horloge.aujourdhui() + 5 * JOUR)
    point(seance)
    [convoquer] = [g for g in attentes.gestes(coordination, conseil) if g.titre.startswith("Convoquer")]
    assert convoquer.adresse_nom == "seance-convocations"
    with horloge.figee(horloge.aujourdhui() + 6 * JOUR):
        [tard] = [g for g in attentes.gestes(coordination, conseil) if g.titre.startswith("Convoquer")]
        assert tard.en_retard
        assert tard.quand.startswith("délai passé")
    convocations.dresser(seance=seance)
    convocations.envoyer(seance=seance)
    apres = titres(coordination, conseil)
    assert not [t for t in apres if t.startswith("Convoquer") or "réponses attendues" in t], (
        "dans vingt jours"
    )
    with horloge.figee(horloge.aujourdhui() + 12 * JOUR):
        assert [t for t in titres(coordination, conseil) if t.startswith("3\u00a0réponses attendues")]
    propositions.proposer(seance=seance, titre="Éclairage", propose_par="Un bailleur")
    assert [t for t in titres(coordination, conseil) if t.startswith("Répondre à 1\u00a0point proposé")]


def test_la_liste_de_preparation_est_une_ligne_par_seance(conseil, coordination):
    seance = seance_a_preparer(conseil, debut=dans(8))
    [geste] = [g for g in attentes.gestes(coordination, conseil) if g.titre.startswith("Préparer")]
    assert geste.en_retard
    assert geste.pourquoi.startswith("Réserver la salle")
    assert "de plus" in geste.pourquoi
    for preparatif in seance.preparatifs.all():
        preparatif.fait_le = horloge.maintenant()
        preparatif.save()
    assert not [t for t in titres(coordination, conseil) if t.startswith("Préparer")]


def test_une_seance_sans_date_et_une_seance_passee(conseil, coordination):
    pleniere = formation(conseil)
    sans_date = seances.creer(formation=pleniere)
    [geste] = [g for g in attentes.gestes(coordination, conseil) if g.titre.startswith("Fixer")]
    assert (geste.adresse_nom, geste.arguments["seance"]) == ("seance-dates", str(sans_date.pk))
    seances.modifier(seance=sans_date, objet="", debut=dans(-2), duree=60, lieu="")
    [geste] = [g for g in attentes.gestes(coordination, conseil) if g.titre.startswith("A-t-elle")]
    assert geste.en_retard
    tenue.ouvrir(seance=sans_date)
    assert [t for t in titres(coordination, conseil) if t.startswith("Clore la séance")]
    tenue.clore(seance=sans_date)
    assert not [t for t in titres(coordination, conseil) if "Clore" in t or "A-t-elle" in t]


def test_le_compte_rendu_pas_a_pas(conseil, coordination):
    presidence = utilisateur(Role.PRESIDENT, conseil)
    pleniere = formation(conseil)
    membre(pleniere, personne(conseil, "Durand"))
    seance = seance_tenue(conseil, pleniere)

    def celui(compte) -> str:
        [titre] = [t for t in titres(compte, conseil) if "ompte rendu" in t] or [""]
        return titre.partition("\u202f:")[0]

    assert celui(coordination) == "Rédiger le compte rendu"
    with horloge.figee(horloge.aujourdhui() + 10 * JOUR):
        [geste] = [g for g in attentes.gestes(coordination, conseil) if g.titre.startswith("Rédiger")]
        assert geste.en_retard
    ecrit = redaction.dresser(seance=seance)
    assert celui(coordination) == "Terminer le compte rendu"
    circuit.soumettre(compte_rendu=ecrit)
    assert (celui(coordination), celui(presidence)) == ("", "Valider le compte rendu")
    with horloge.figee(horloge.aujourdhui() + 8 * JOUR):
        assert celui(coordination) == "Validation attendue"
    circuit.renvoyer(compte_rendu=ecrit, remarque="Le port prend une majuscule.", nom="La présidente")
    [repris] = [g for g in attentes.gestes(coordination, conseil) if g.titre.startswith("Reprendre")]
    assert "Le port prend une majuscule." in repris.pourquoi
    assert celui(presidence) == ""
    circuit.soumettre(compte_rendu=ecrit)
    circuit.valider(compte_rendu=ecrit, nom="La présidente")
    assert celui(coordination) == "Diffuser le compte rendu"
    circuit.diffuser(compte_rendu=ecrit)
    assert celui(coordination) == ""
    Remarque.objects.create(compte_rendu=ecrit, personne=seance.convocations.get().personne, texte="Non.")
    assert celui(coordination) == "Répondre à 1\u00a0remarque"


def test_les_decisions_en_retard_ne_remplissent_pas_la_page(conseil, coordination):
    pleniere = formation(conseil)
    for n in range(5):
        decisions.prendre(
            formation=pleniere, texte=f"Décision {n}", echeance=horloge.aujourdhui() - (n + 1) * JOUR
        )
    decisions.prendre(formation=pleniere, texte="À venir", echeance=horloge.aujourdhui())
    vus = [g for g in attentes.gestes(coordination, conseil) if g.adresse_nom in ("decision", "decisions")]
    assert [g.titre.partition(" ")[0] for g in vus] == ["Décision"] * 3 + [
        "2\u00a0autres",
        "6\u00a0décisions",
    ]
    assert vus[0].titre.endswith("Décision 4"), "la plus ancienne d’abord"
    assert (vus[3].question, vus[4].question) == ("situation=retard", "situation=sans_responsable")


def test_la_semaine_de_l_equipe_se_lit_en_un_nombre_fixe_de_requetes(
    conseil, coordination, django_assert_max_num_queries
):
    pleniere = formation(conseil)
    for n in range(20):
        qui = personne(conseil, f"Membre {n}")
        membre(pleniere, qui)
        d = decisions.prendre(
            formation=pleniere, texte="Poser", responsable=qui, echeance=horloge.aujourdhui() - JOUR
        )
        decisions.suivre(decision=d, etat="bloquee", texte="Le devis manque", nom="Services")
        seances.creer(formation=pleniere, debut=dans(20 + n))
    with lecture_seule(), django_assert_max_num_queries(45):
        semaine = lire(coordination, conseil)
        assert (len(semaine.gestes) > 20, len(semaine.nouvelles), semaine.territoire.chiffres) == (
            True,
            8,
            (),
        )


def test_qui_porte_une_decision_est_le_seul_a_qui_elle_est_demandee(conseil):
    pleniere = formation(conseil)
    bailleur = organisation(conseil)
    porteur = utilisateur(Role.PARTENAIRE, conseil, organisation=bailleur)
    a_cote = utilisateur(
        Role.PARTENAIRE, conseil, organisation=organisation(conseil, "STRAV", "transporteur")
    )
    decisions.prendre(
        formation=pleniere,
        texte="Changer la porte",
        organisation=bailleur,
        echeance=horloge.aujourdhui() + 10 * JOUR,
    )
    decisions.prendre(
        formation=pleniere,
        texte="Plus tard",
        organisation=bailleur,
        echeance=horloge.aujourdhui() + 20 * JOUR,
    )
    [demandee] = titres(porteur, conseil)
    assert demandee.startswith("Dire où en est la décision")
    assert titres(a_cote, conseil) == []


def test_les_nouveaux_membres_sont_accueillis_une_fois_pour_tous_leurs_sieges(conseil, coordination):
    qui = personne(conseil, "Diallo", "Fatou")
    sieges = [
        membre(f, qui, debut=horloge.aujourdhui() - 10 * JOUR)
        for f in (formation(conseil), formation(conseil, "restreinte", "Restreinte"))
    ]
    ancien = membre(formation(conseil, "veille", "Veille"), personne(conseil, "Ancien"))
    assert [t for t in titres(coordination, conseil) if t.startswith("Accueillir")] == [
        "Accueillir Fatou Diallo"
    ]
    assert formations.accueillir(membre=sieges[0], le=horloge.aujourdhui()) == 2
    assert not [t for t in titres(coordination, conseil) if t.startswith("Accueillir")]
    with pytest.raises(formations.FormationRefusee, match="commence le"):
        formations.accueillir(membre=sieges[0], le=sieges[0].debut - JOUR)
    ancien.refresh_from_db()
    assert ancien.accueilli_le is None


def test_une_formation_boiteuse_se_dit_et_plusieurs_se_comptent(conseil, coordination):
    for n in range(5):
        formation(conseil, "thematique", f"Groupe {n}", objectifs="x")
    vus = [t for t in titres(coordination, conseil) if t.startswith("Groupe") or "constats" in t]
    assert len(vus) == 4
    assert vus[-1].endswith("autres constats sur les formations")


def test_l_invitation_attend_sur_la_page_de_qui_est_appele(conseil, client):
    seance = seance_a_preparer(conseil, debut=dans(20))
    compte = utilisateur(Role.MAIRE_MEMBRE, conseil)
    voisin_de_table = utilisateur(Role.MAIRE_MEMBRE, conseil, email="autre@exemple.fr")
    fiche = Membre.objects.first().personne
    fiche.utilisateur = compte
    fiche.save()
    point(seance)
    convocations.dresser(seance=seance)
    assert titres(compte, conseil) == [], "la convocation n’est pas partie"
    convocations.envoyer(seance=seance)
    [attendu] = titres(compte, conseil)
    assert attendu.startswith("Serez-vous là")
    assert titres(voisin_de_table, conseil) == []
    convocations.repondre(convocation=fiche.convocations.get(), reponse=Convocation.Reponse.PRESENT)
    assert titres(compte, conseil) == []


def test_les_dates_proposees_s_ouvrent_par_le_lien_de_la_personne(conseil):
    seance = seance_a_preparer(conseil, debut=None)
    compte = utilisateur(Role.DGS, conseil)
    fiche, autre = (m.personne for m in Membre.objects.all()[:2])
    fiche.utilisateur = compte
    fiche.save()
    dates.proposer(seance=seance, debuts=[dans(30), dans(31)])
    [geste] = attentes.gestes(compte, conseil)
    lien = actes.lire(dates.DISPONIBILITES, geste.arguments["lien"])
    assert lien.objet == f"{seance.pk}:{fiche.pk}"
    proposees = {d.pk: "oui" for d in seance.dates_proposees.all()}
    dates.repondre(seance=seance, personne=autre, reponses=proposees, lien=_lien(seance, autre))
    assert len(attentes.gestes(compte, conseil)) == 1
    dates.repondre(seance=seance, personne=fiche, reponses=proposees, lien=lien)
    assert attentes.gestes(compte, conseil) == []


def _lien(seance, qui) -> LienActe:
    return LienActe.objects.get(acte=dates.DISPONIBILITES, objet=f"{seance.pk}:{qui.pk}")


def test_les_droits_et_les_jetons_qui_finissent(conseil, coordination):
    partant = utilisateur(Role.ASSISTANT, conseil)
    partant.habilitations.update(fin=horloge.aujourdhui() + 20 * JOUR)
    for n, jours in enumerate((10, 31, -1)):
        JetonApi.objects.create(
            conseil=conseil,
            organisation=organisation(conseil),
            libelle=f"Jeton {n}",
            prefixe=str(n),
            empreinte=str(n),
            expire_le=horloge.aujourdhui() + jours * JOUR,
        )
    vus = {g.titre for g in attendus(coordination, conseil) if g.adresse_nom in ("habilites", "jetons")}
    assert vus == {f"L’accès de {partant} prend fin", "Le jeton « Jeton 0 » expire"}
    assert not {g.adresse_nom for g in attendus(partant, conseil)} & {"habilites", "jetons"}


@pytest.mark.parametrize("role", list(Role))
def test_le_meme_role_a_cote_ne_recoit_rien_d_ici(conseil, voisin, role):
    """Everything that waits here, of each kind, for the neighbour who holds the same role: nothing."""
    seance_a_preparer(conseil, debut=dans(9))
    compte_rendu_diffuse(seance_tenue(conseil, conseil.formations.get()))
    decisions.prendre(formation=conseil.formations.get(), texte="x", echeance=horloge.aujourdhui() - JOUR)
    assert attentes.gestes(utilisateur(Role.COORDINATEUR, conseil), conseil)
    assert attendus(utilisateur(role, voisin), conseil) == []


def test_ce_que_les_autres_ont_dit_revient_et_pas_ce_que_l_equipe_a_note(conseil, coordination):
    pleniere = formation(conseil)
    membre(pleniere, personne(conseil, "Durand"))
    d = decisions.prendre(formation=pleniere, texte="Poser l’éclairage", auteur=coordination)
    decisions.suivre(decision=d, etat="en_partie", texte="Noté par l’équipe", auteur=coordination)
    assert nouvelles.pour_l_equipe(coordination, conseil) == []
    decisions.suivre(decision=d, etat="faite", texte="Les mâts sont posés.", nom="Services techniques")
    compte_rendu_diffuse(seance_tenue(conseil, pleniere))
    vues = {(n.qui, n.quoi.partition("\u202f:")[0]) for n in nouvelles.pour_l_equipe(coordination, conseil)}
    assert ("Services techniques", f"décision {d.numero} faite") in vues
    assert any(quoi.startswith("remarque sur le compte rendu") for _, quoi in vues)
    with horloge.figee(horloge.aujourdhui() + 8 * JOUR):
        assert nouvelles.pour_l_equipe(coordination, conseil) == []


def test_les_cinq_lignes_d_un_maire(conseil):
    maire = utilisateur(Role.MAIRE_MEMBRE, conseil)
    pleniere = formation(conseil)
    decisions.prendre(formation=pleniere, texte="x", echeance=horloge.aujourdhui() - JOUR)
    decisions.prendre(formation=pleniere, texte="y")
    lues = {li.titre: li.phrase for li in lire(maire, conseil).lignes}
    assert lues == {
        "Vous attend": "Rien n’attend votre réponse ni votre signature.",
        "Prochaine séance": "Aucune n’est fixée.",
        "Décisions": "2\u00a0décisions en cours, dont une en retard.",
        "Le territoire": "Aucun chiffre n’est encore publié.",
        "Bulletin": "Aucun n’est encore publié.",
    }
    seances.creer(formation=pleniere, debut=dans(10), lieu="Salle du conseil")
    [prochaine] = [li for li in lire(maire, conseil).lignes if li.titre == "Prochaine séance"]
    assert prochaine.phrase.startswith("Plénière, le ")
    assert prochaine.phrase.endswith("à 14\u00a0h, Salle du conseil.")


@pytest.mark.parametrize(
    ("sens", "phrase"),
    [
        (
            ["stable", "stable"],
            "En octobre 2026, pas d’évolution significative parmi les deux chiffres arrivés.",
        ),
        (["stable", "absent"], "En octobre 2026, pas d’évolution significative du chiffre arrivé."),
        (["absent", "absent"], "Pour octobre 2026, aucun des chiffres suivis n’est arrivé."),
        (
            ["hausse", "baisse", "stable"],
            "En octobre 2026, au-delà du hasard\u202f: vols 0 en hausse et vols 1 (Créteil) en baisse. "
            "Rien d’autre ne se distingue.",
        ),
    ],
)
def test_la_phrase_du_territoire(sens, phrase):
    from types import SimpleNamespace

    vus = tuple(
        SimpleNamespace(nom=f"Vols {i}", sens=s, lieu="Créteil" * (i % 2)) for i, s in enumerate(sens)
    )
    tableau = SimpleNamespace(chiffres=vus, periode=SimpleNamespace(libelle="octobre 2026"))
    assert lignes.phrase_du_territoire(tableau) == phrase


def a(jour: date, heure: int):
    return horloge.figee(timezone.make_aware(datetime(jour.year, jour.month, jour.day, heure)))


LUNDI = date(2026, 11, 23)


@pytest.fixture
def chargee(conseil, coordination):
    """A coordination that has a late decision, a mayor who has nothing to do."""
    decisions.prendre(formation=formation(conseil), texte="Éclairage du square", echeance=date(2026, 11, 1))
    utilisateur(Role.MAIRE_MEMBRE, conseil)
    return conseil


def test_la_lettre_part_le_lundi_une_fois_a_qui_a_quelque_chose_a_faire(chargee, coordination):
    with a(LUNDI - JOUR, 12):
        assert lettre.envoyer(LUNDI - JOUR) == 0
    with a(LUNDI, 5):
        assert lettre.envoyer(LUNDI) == 0, "personne n’est levé"
    with a(LUNDI, 6):
        assert lettre.envoyer(LUNDI) == 1
        assert lettre.envoyer(LUNDI) == 0
    with a(LUNDI + JOUR, 9):
        assert lettre.envoyer(LUNDI + JOUR) == 0, "déjà écrite lundi"
    [ecrite] = Courriel.objects.filter(categorie="semaine")
    assert ecrite.destinataire == coordination.email
    assert ecrite.objet.startswith("Votre semaine du 23\u00a0novembre\u202f: ")
    assert "en retard" in ecrite.objet
    assert "Éclairage du square" in ecrite.texte
    assert "/conseils/plaine-centrale/" in ecrite.texte
    with a(LUNDI + 7 * JOUR, 8):
        assert lettre.envoyer(LUNDI + 7 * JOUR) == 1


def test_le_mardi_rattrape_un_lundi_manque(chargee):
    with a(LUNDI + JOUR, 9):
        assert lettre.envoyer(LUNDI + JOUR) == 1


def test_la_lettre_s_arrete_par_elle_meme_et_reprend(chargee, coordination):
    with a(LUNDI, 8):
        lettre.envoyer(LUNDI)
        [adresse] = {c.arret for c in Courriel.objects.filter(categorie="semaine")}
        chemin = adresse[adresse.index("/a/") :]
        messagerie = Client(enforce_csrf_checks=True)
        assert messagerie.get(chemin).status_code == 200
        coordination.refresh_from_db()
        assert coordination.semaine_par_courriel, "ouvrir le lien n’arrête rien"
        # what a mail reader posts, without a cookie
        assert messagerie.post(chemin, {"List-Unsubscribe": "One-Click"}).status_code == 200
        coordination.refresh_from_db()
        assert not coordination.semaine_par_courriel
    with a(LUNDI + 7 * JOUR, 8):
        assert lettre.envoyer(LUNDI + 7 * JOUR) == 0
        messagerie.post(chemin, {"geste": "reprendre"})
        assert lettre.envoyer(LUNDI + 7 * JOUR) == 1
    assert LienActe.objects.filter(acte=lettre.ARRET).count() == 1


def test_le_lien_d_arret_d_un_autre_conseil_n_arrete_rien(chargee, coordination, voisin):
    lien = actes.creer(acte=lettre.ARRET, objet=coordination.pk, conseil=voisin, nom="X", jours=7)
    assert Client().post(f"/a/{actes.jeton(lien)}/semaine/").status_code == 404
    coordination.refresh_from_db()
    assert coordination.semaine_par_courriel


def test_la_lettre_est_un_devoir_et_un_compte_ferme_n_en_recoit_pas(chargee, coordination):
    assert "semaine" in {d.code for d in devoirs.tous()}
    coordination.is_active = False
    coordination.save()
    with a(LUNDI, 8):
        assert lettre.envoyer(LUNDI) == 0
