"""Dates, proposals, the mayor's file, the council's own DOCX."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from pupitre.conseils.models import Decision, EvenementDecision, ModeleDeDocument
from pupitre.conseils.seances import dates, dossier, modeles, papiers, propositions
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.documents.ecrits import Grille
from pupitre.moteur.resultats import Audience
from pupitre.socle.courriel.modele import Courriel
from tests.conseils.fabrique_seances import dans, point, seance_a_preparer

pytestmark = pytest.mark.django_db


def test_la_date_la_plus_suivie_est_proposee_puis_choisie(conseil):
    seance = seance_a_preparer(conseil, membres=3, debut=None)
    assert dates.proposer(seance=seance, debuts=[dans(30), dans(37)]) == 3
    premiere, seconde = seance.dates_proposees.all()
    a, b, _ = (m.personne for m in seance.formation.membres.all())
    dates.repondre(seance=seance, personne=a, reponses={premiere.pk: "non", seconde.pk: "oui"})
    dates.repondre(seance=seance, personne=b, reponses={premiere.pk: "oui", seconde.pk: "peut_etre"})
    tableau = dates.tableau(seance)
    assert [b[1:] for b in tableau.bilans] == [(1, 0, 1), (1, 1, 0)]
    assert tableau.meilleure == seconde
    assert [li.a_repondu for li in tableau.lignes] == [True, True, False]
    assert dates.choisir(date=seconde).debut == seconde.debut
    assert not dates.LienActe.objects.filter(acte=dates.DISPONIBILITES, revoque_le__isnull=True).exists()


def test_la_date_d_une_autre_seance_n_est_pas_repondue(conseil):
    seance = seance_a_preparer(conseil, membres=1, debut=None)
    autre = seance_a_preparer(conseil, membres=0, debut=None, formation=seance.formation)
    dates.proposer(seance=autre, debuts=[dans(30)])
    with pytest.raises(GesteRefuse):
        dates.repondre(
            seance=seance,
            personne=seance.formation.membres.get().personne,
            reponses={autre.dates_proposees.get().pk: "oui"},
        )


def test_un_point_propose_attend_puis_entre_ou_est_refuse_avec_sa_raison(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    point(seance)
    propose = propositions.proposer(
        seance=seance, titre="Éclairage", propose_par="C. Petit", propose_email="c@exemple.fr"
    )
    assert [p.titre for p in papiers.points_retenus(seance)] == ["Bilan de l’été"]
    with pytest.raises(GesteRefuse, match="raison"):
        propositions.trancher(point=propose, retenu=False)
    propositions.trancher(point=propose, retenu=True)
    seance.refresh_from_db()
    assert [p.titre for p in papiers.points_retenus(seance)] == ["Bilan de l’été", "Éclairage"]
    assert seance.version == 2
    assert "ordre du jour" in Courriel.objects.get(destinataire="c@exemple.fr").texte
    with pytest.raises(GesteRefuse, match="déjà"):
        propositions.trancher(point=propose, retenu=False, raison="trop tard")


def test_aucune_situation_individuelle_n_est_proposee_en_pleniere(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    with pytest.raises(GesteRefuse):
        propositions.proposer(
            seance=seance, titre="Situation de M. Kevin Durand, né le 12/03/2008", propose_par="C. Petit"
        )
    assert not propositions.en_attente(seance).exists()


def test_le_dossier_a_les_decisions_du_theme_et_leur_etat(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    traite = point(seance, theme="cambriolages", elements="- Remercier\n- Annoncer", actions="Porte-à-porte")
    for rang, theme in ((1, "cambriolages"), (2, "autres")):
        d = Decision.objects.create(
            conseil=conseil,
            annee=2026,
            rang=rang,
            texte=f"Décision {theme}",
            formation=seance.formation,
            theme=theme,
        )
        EvenementDecision.objects.create(decision=d, etat="bloquee")
    traite.refresh_from_db()
    assert [(d.texte, d.etat) for d in dossier.decisions(traite)] == [("Décision cambriolages", "bloquée")]
    ecrit = dossier.ecrit(seance)
    (grille,) = [b for b in ecrit.blocs if isinstance(b, Grille)]
    assert grille.lignes[0][0] == "2026-01"
    assert dossier.document(seance, "pdf").startswith(b"%PDF-")


def test_les_chiffres_figes_sont_ceux_que_lit_un_partenaire_et_ne_bougent_plus(conseil, monkeypatch):
    vues = []

    def composer(*, conseil, audience, demande, detail):
        from pupitre.observatoire.chiffres.tableau import Tableau

        vues.append((audience, demande.theme, detail))
        return Tableau(choix={"theme": demande.theme})

    monkeypatch.setattr(dossier.tableau, "composer", composer)
    seance = seance_a_preparer(conseil, membres=0)
    traite = point(seance, theme="cambriolages")
    assert dossier.figer(point=traite) == 0
    assert vues == [(Audience.PARTENAIRE, "cambriolages", False)]
    traite.refresh_from_db()
    assert date.fromisoformat(traite.chiffres["jour"])


def _docx(*lignes: str) -> bytes:
    document, sortie = docx.Document(), io.BytesIO()
    for ligne in lignes:
        document.add_paragraph(ligne)
    document.save(sortie)
    return sortie.getvalue()


def test_le_modele_du_conseil_remplace_celui_par_defaut(conseil):
    seance = seance_a_preparer(conseil, membres=0)
    point(seance, "R&D <tranquillité>")
    modeles.deposer(
        conseil=conseil,
        genre=ModeleDeDocument.Genre.ORDRE_DU_JOUR,
        contenu=_docx(
            "{{ conseil }} se réunit {{ quand }}", "{%p for p in points %}", "{{ p.titre }}", "{%p endfor %}"
        ),
        nom="odj.docx",
    )
    lu = docx.Document(io.BytesIO(papiers.ordre_du_jour(seance, "docx")))
    textes = [p.text for p in lu.paragraphs]
    assert textes[0] == f"{conseil} se réunit {papiers.quand(seance)}"
    assert "R&D <tranquillité>" in textes
    modeles.retirer(conseil=conseil, genre=ModeleDeDocument.Genre.ORDRE_DU_JOUR)
    assert modeles.en_vigueur(conseil, ModeleDeDocument.Genre.ORDRE_DU_JOUR) is None


@pytest.mark.parametrize(
    "contenu",
    [
        b"pas un document",
        _docx("{{ mot_de_passe }}"),
        _docx("{{ conseil"),
        _docx("{{ conseil.__class__.__mro__ }}"),
        _docx("{{ 9 / 0 }}"),
    ],
    ids=["autre chose", "champ inconnu", "mal écrit", "hors du bac à sable", "impossible"],
)
def test_un_modele_qui_ne_peut_pas_servir_est_refuse_au_depot(conseil, contenu):
    with pytest.raises(GesteRefuse):
        modeles.deposer(conseil=conseil, genre="ordre_du_jour", contenu=contenu, nom="m.docx")
    assert not ModeleDeDocument.objects.exists()


@pytest.mark.parametrize("genre", ModeleDeDocument.Genre.values)
def test_le_document_de_depart_est_un_modele_qui_convient(conseil, genre):
    garde = modeles.deposer(conseil=conseil, genre=genre, contenu=modeles.de_depart(genre), nom="depart.docx")
    assert modeles.en_vigueur(conseil, genre) == garde
