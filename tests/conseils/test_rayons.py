"""What each person finds of a council's work, and what nobody finds: drafts, texts under charter, what is next door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pupitre.acces.droits import Role
from pupitre.acces.models import Organisation
from pupitre.conseils import rayons
from pupitre.conseils.comptes_rendus import circuit, redaction
from pupitre.conseils.decisions.services import modifier, prendre
from pupitre.conseils.models import Decision, Formation, PointOrdreDuJour, Seance
from pupitre.conseils.seances import convocations, pieces, services
from pupitre.socle import horloge
from pupitre.socle.recherche import Question, Reponse, repondre
from tests.annuaire.fabrique import organisation
from tests.conseils import fabrique_seances as fabrique
from tests.fabriques import utilisateur


def chercher(qui, conseil, q: str) -> Reponse:
    return repondre(Question.lire(q), rayons.rayons(qui, conseil), limite=20)


def trouves(qui, conseil, q: str) -> dict[str, list[str]]:
    """Titles by kind; nothing that is only close."""
    reponse = chercher(qui, conseil, q)
    assert not reponse.corrigee, reponse.dite
    return {lot.genre.cle: [t.titre for t in lot.trouvailles] for lot in reponse.lots}


@pytest.fixture
def coordination(conseil):
    return utilisateur(Role.COORDINATEUR, conseil)


@pytest.fixture
def pleniere(conseil):
    return fabrique.formation(conseil)


def _compte_rendu(formation, texte="Le bailleur présente les travaux du hall.", etats=("soumis", "valide")):
    ecrit = redaction.dresser(seance=fabrique.seance_tenue(formation.conseil, formation))
    redaction.ecrire(compte_rendu=ecrit, textes=[texte, *(p["texte"] for p in ecrit.contenu["points"][1:])])
    for etat in etats:
        redaction.passer(ecrit, etat)
    return ecrit


@pytest.mark.parametrize("q", ["2026-31", "n° 2026-31", "décision 2026 - 31", "2026–31"])
def test_un_numero_trouve_sa_decision_et_elle_seule(conseil, coordination, pleniere, q):
    for _ in range(3):
        prendre(formation=pleniere, texte="Agir en 2026 le 31")
    Decision.objects.filter(rang=2).update(annee=2026, rang=31)
    Decision.objects.filter(rang=3).update(annee=2026, rang=310)
    for decision in Decision.objects.all():
        decision.save()
    assert trouves(coordination, conseil, q)["decisions"] == ["2026-31"]


@pytest.mark.parametrize(
    "q",
    ["éclairage", "ECLAIRAGE", "eclair", "verdun éclairage", "éclairages", "dubois square", "bailleur éclairage",
     "plénière éclairage", "décision éclairage"],
)  # fmt: skip
def test_une_decision_par_ses_mots_son_responsable_ou_sa_formation(conseil, coordination, pleniere, q):
    bailleur = organisation(conseil, "Bailleur de la plaine", Organisation.Nature.BAILLEUR)
    prendre(
        formation=pleniere,
        texte="Poser l’éclairage du square Verdun",
        responsable=fabrique.personne(conseil, "Dubois"),
        organisation=bailleur,
    )
    prendre(formation=pleniere, texte="Signer la convention")
    assert len(trouves(coordination, conseil, q)["decisions"]) == 1


def test_un_numero_n_est_pas_le_jour_d_une_seance(conseil, coordination, pleniere):
    services.creer(formation=pleniere, objet="Bilan 2026", debut=fabrique.a_paris(2026, 5, 11, 9))
    assert chercher(coordination, conseil, "2026-11").total == 0


def test_une_decision_corrigee_se_trouve_par_son_nouveau_texte(conseil, coordination, pleniere):
    d = prendre(formation=pleniere, texte="Poser un banc")
    modifier(decision=d, texte="Poser un portique", responsable=None, organisation=None, echeance=None)
    assert trouves(coordination, conseil, "portique") == {"decisions": [d.numero]}
    assert chercher(coordination, conseil, "banc").total == 0


@pytest.mark.parametrize(
    "q",
    ["12 mars 2026", "mars 2026", "12/03/2026", "2026-03-12", "jeudi mars", "fêtes", "tranquillité port",
     "groupe nuisances", "bilan automne mars"],
)  # fmt: skip
def test_une_seance_par_sa_date_son_lieu_son_objet_ses_points(conseil, coordination, q):
    groupe = fabrique.formation(conseil, "thematique", "Groupe nuisances")
    seance = services.creer(
        formation=groupe,
        objet="Bilan d’automne",
        debut=fabrique.a_paris(2026, 3, 12, 9),
        lieu="Salle des fêtes",
    )
    fabrique.point(seance, "Tranquillité du quartier du port")
    ailleurs = fabrique.formation(conseil)
    services.creer(formation=ailleurs, debut=fabrique.a_paris(2027, 5, 4, 9))
    assert trouves(coordination, conseil, q)["seances"] == ["Bilan d’automne"]


def test_une_seance_apres_minuit_est_du_jour_de_paris(conseil, coordination, pleniere):
    services.creer(formation=pleniere, debut=fabrique.a_paris(2026, 7, 1, 0))
    assert trouves(coordination, conseil, "01/07/2026")["seances"] == ["Plénière"]
    assert chercher(coordination, conseil, "30/06/2026").total == 0


def test_un_point_seulement_propose_n_est_pas_cherche(conseil, coordination, pleniere):
    seance = services.creer(formation=pleniere)
    fabrique.point(seance, "Rodéos sur le quai", retenu=None)
    assert chercher(coordination, conseil, "rodéos").total == 0


def test_les_pieces_et_les_textes(conseil, coordination, pleniere):
    seance = services.creer(formation=pleniere)
    pieces.joindre(seance=seance, contenu=b"%PDF-1.7", nom="Diagnostic_gare-2026.pdf")
    assert trouves(coordination, conseil, "diagnostic gare") == {"pieces": ["Diagnostic_gare-2026.pdf"]}


def test_un_theme_ouvre_les_decisions_qui_le_portent(conseil, coordination, pleniere):
    prendre(formation=pleniere, texte="Agir", theme="tranquillite")
    (theme,) = [
        t
        for lot in chercher(coordination, conseil, "tranquillité").lots
        for t in lot.trouvailles
        if t.requete
    ]
    assert theme.requete == "theme=tranquillite&situation=toutes"
    assert "1" in theme.precision


@pytest.mark.parametrize("etats", [(), ("soumis",)])
def test_un_compte_rendu_ne_se_cherche_qu_une_fois_valide(conseil, coordination, pleniere, etats):
    """The check for what looks like a personal case comes before the validation: drafts are not searched at all."""
    ecrit = _compte_rendu(pleniere, "Le bailleur parle du portillon.", etats)
    president = utilisateur(Role.PRESIDENT, conseil)
    for qui in (coordination, president):
        assert "comptes-rendus" not in trouves(qui, conseil, "portillon")
    for etat in ("soumis", "valide")[len(etats) :]:
        redaction.passer(ecrit, etat)
    assert len(trouves(coordination, conseil, "portillon")["comptes-rendus"]) == 1


def test_sous_charte_le_texte_ne_se_cherche_pas(conseil, coordination):
    """Nobody finds a person by typing a name in what a group said of him, not even who reads those minutes."""
    veille = fabrique.formation(conseil, "veille", "Cellule de veille", regime=Formation.Regime.SOUS_CHARTE)
    ecrit = _compte_rendu(veille, "La situation de Kevin Durand est évoquée.")
    assert ecrit in circuit_lisible(coordination, conseil)
    assert chercher(coordination, conseil, "durand").total == 0
    pleniere = _compte_rendu(fabrique.formation(conseil), "Monsieur Durand, du bailleur, répond.")
    assert pleniere in circuit_lisible(coordination, conseil)
    assert len(trouves(coordination, conseil, "durand")["comptes-rendus"]) == 1


def circuit_lisible(qui, conseil):
    from pupitre.conseils.comptes_rendus.selectors import comptes_rendus_visibles

    return comptes_rendus_visibles(qui, conseil)


def test_ce_qu_une_version_corrige_ne_se_cherche_plus(conseil, coordination, pleniere):
    premier = _compte_rendu(pleniere, "Le trafic du hall Mozart.")
    circuit.diffuser(compte_rendu=premier)
    circuit.verrouiller(compte_rendu=premier)
    second = redaction.corriger(compte_rendu=premier, motif="Une erreur de lieu")
    textes = ["Le trafic du hall Chopin.", *(p["texte"] for p in second.contenu["points"][1:])]
    redaction.ecrire(compte_rendu=second, textes=textes)
    for etat in ("soumis", "valide"):
        redaction.passer(second, etat)
    circuit.diffuser(compte_rendu=second)
    circuit.verrouiller(compte_rendu=second)
    assert chercher(coordination, conseil, "mozart").total == 0
    assert len(trouves(coordination, conseil, "chopin")["comptes-rendus"]) == 1
    assert trouves(coordination, conseil, second.__class__.objects.get(pk=second.pk).numero)["comptes-rendus"]


def test_un_partenaire_ne_trouve_que_ce_qu_il_voit_ni_plus_ni_par_le_compte(conseil, coordination, pleniere):
    bailleur = organisation(conseil, "Bailleur", Organisation.Nature.BAILLEUR)
    compte = utilisateur(Role.PARTENAIRE, conseil, organisation=bailleur)
    fabrique.membre(pleniere, fabrique.personne(conseil, "Référente"), bailleur)
    groupe = fabrique.formation(conseil, "thematique", "Groupe éclairage")
    fabrique.membre(groupe, fabrique.personne(conseil, "Autre"))
    for formation in (pleniere, groupe):
        seance = services.creer(formation=formation, debut=fabrique.dans(30), objet="Éclairage")
        fabrique.point(seance, "Éclairage du parking")
        pieces.joindre(seance=seance, contenu=b"%PDF-1.7", nom="eclairage.pdf")
        prendre(formation=formation, texte="Poser l’éclairage", seance=seance)
        convocations.dresser(seance=seance)
        convocations.envoyer(seance=seance)
        _compte_rendu(formation, "L’éclairage est posé.")
    tout, sien = (chercher(qui, conseil, "éclairage") for qui in (coordination, compte))
    assert {lot.genre.cle: lot.total for lot in tout.lots} == {
        "formations": 1, "seances": 3, "decisions": 3, "pieces": 2, "comptes-rendus": 2,
    }  # fmt: skip
    assert {lot.genre.cle: lot.total for lot in sien.lots} == {
        "seances": 1, "decisions": 1, "pieces": 1, "comptes-rendus": 1,
    }  # fmt: skip
    assert "Groupe" not in " ".join(f"{t.titre} {t.precision}" for lot in sien.lots for t in lot.trouvailles)


def test_une_correction_ne_revele_pas_un_mot_que_l_on_ne_voit_pas(conseil, coordination, pleniere):
    bailleur = organisation(conseil, "Bailleur", Organisation.Nature.BAILLEUR)
    compte = utilisateur(Role.PARTENAIRE, conseil, organisation=bailleur)
    groupe = fabrique.formation(conseil, "thematique", "Groupe nuisances")
    prendre(formation=groupe, texte="Poser des barrières anti-rodéos")
    assert chercher(coordination, conseil, "bariere").dite == "barrières"
    muette = chercher(compte, conseil, "bariere rodeo")
    assert (muette.total, muette.dite, muette.connus) == (0, "", ())
    prendre(formation=pleniere, texte="Poser des barrières", organisation=bailleur)
    assert chercher(compte, conseil, "bariere").dite == "barrières"


def test_le_voisin_ne_trouve_rien(conseil, voisin, coordination):
    fabrique.seance_complete(conseil, organisation(conseil))
    ailleurs = utilisateur(Role.COORDINATEUR, voisin)
    assert chercher(coordination, conseil, "éclairage").total
    assert chercher(ailleurs, voisin, "éclairage").total == 0
    assert rayons.rayons(ailleurs, conseil) == []


def test_un_mot_inconnu_ne_ferme_pas_la_porte_aux_autres(conseil, coordination, pleniere):
    prendre(formation=pleniere, texte="Poser l’éclairage")
    reponse = chercher(coordination, conseil, "éclairage zorglub")
    assert (reponse.total, reponse.connus) == (0, ("eclairage",))


def test_une_cle_suit_ce_qu_elle_resume_meme_ecrite_en_nombre(conseil, pleniere):
    seance = services.creer(formation=pleniere, objet="Rentrée")
    seance.objet = "Noël"
    seance.save(update_fields=["objet"])
    assert Seance.objects.get(pk=seance.pk).cle == " noel "
    (point,) = PointOrdreDuJour.objects.bulk_create(
        [PointOrdreDuJour(seance=seance, rang=1, titre="Été à Créteil")]
    )
    assert PointOrdreDuJour.objects.get(pk=point.pk).cle == " ete a creteil "


def test_l_etat_et_le_retard_sont_dits(conseil, coordination, pleniere):
    hier = horloge.aujourdhui() - timedelta(days=1)
    prendre(formation=pleniere, texte="Poser l’éclairage", echeance=hier)
    (lot,) = chercher(coordination, conseil, "éclairage").lots
    (t,) = lot.trouvailles
    assert (t.etat, t.ton) == ("en retard de 1\u00a0jour", "alerte")
    assert t.extrait == "Poser l’éclairage"
