"""A request from its deposit to its delivery, through real figures and real files."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest

from pupitre.acces.droits import Role
from pupitre.acces.models import LienActe
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.collecte import services as collecte
from pupitre.observatoire.demandes import chiffres, lettres, rappels, registre, selectors, services
from pupitre.observatoire.demandes.etats import TRANSITIONS, EtatDemande
from pupitre.observatoire.models import DemandeDonnees
from pupitre.socle import horloge
from pupitre.socle.courriel.modele import Courriel
from tests.documents import texte_pdf
from tests.fabriques import utilisateur
from tests.observatoire import fabrique, fabrique_demandes

JOUR = date(2026, 11, 20)
RESERVE = "Les chiffres de mars sont provisoires\u202f; ne pas les publier."


@pytest.fixture
def scene(conseil, source, fichier):
    """A landlord's figures since 2025, its account, a president, a team, and a carrier that asks."""
    mois = {f"{a}-{m:02}": fabrique.partout(4 + m) for a in (2025, 2026) for m in range(1, 13)}
    mois = {m: v for m, v in mois.items() if m <= "2026-10"}
    collecte.importer(source=source, fichier=fichier(mois), publier=True)
    qui, compte = fabrique_demandes.demandeur(conseil)
    return {
        "conseil": conseil,
        "source": source,
        "organisation": qui,
        "demandeur": compte,
        "equipe": utilisateur(Role.COORDINATEUR, conseil, email="coordination@exemple.fr"),
        "presidence": utilisateur(Role.PRESIDENT, conseil, email="presidence@exemple.fr"),
        "bailleur": utilisateur(
            Role.PARTENAIRE, conseil, organisation=source.organisation, email="bailleur@exemple.fr"
        ),
    }


def _deposer(scene, **autres):
    with horloge.figee(JOUR):
        return services.deposer(
            conseil=scene["conseil"],
            organisation=autres.pop("organisation", scene["organisation"]),
            auteur=scene["demandeur"],
            contenu=fabrique_demandes.contenu(*autres.pop("sources", (scene["source"],)), **autres),
        )


def _transmise(scene):
    demande = _deposer(scene)
    services.transmettre(demande=demande, auteur=scene["equipe"])
    return demande


def _au_visa(scene, sens="reserves", texte=RESERVE, commentaire=""):
    demande = _transmise(scene)
    services.repondre(
        demande=demande,
        organisation=scene["source"].organisation,
        sens=sens,
        texte=texte,
        nom="Inès Fontaine",
    )
    services.preparer(demande=demande, auteur=scene["equipe"], commentaire=commentaire)
    return demande


def _lettres(motif: str = "") -> list[Courriel]:
    return list(Courriel.objects.filter(cle__contains=motif).order_by("pk"))


def test_de_la_demande_a_la_remise_sous_reserves(scene):
    demande = _deposer(scene)
    assert demande.reference == "D-2026-001"
    assert selectors.etat_de(demande) == EtatDemande.DEPOSEE
    assert [c.destinataire for c in _lettres("equipe")] == ["coordination@exemple.fr"]

    services.transmettre(demande=demande, auteur=scene["equipe"])
    assert [c.destinataire for c in _lettres("proprietaire")] == ["bailleur@exemple.fr"]
    assert fabrique_demandes.USAGE in _lettres("proprietaire")[0].texte

    proprietaire = scene["source"].organisation
    services.repondre(
        demande=demande, organisation=proprietaire, sens="reserves", texte=RESERVE, nom="Inès Fontaine"
    )
    assert selectors.etat_de(demande) == EtatDemande.A_PREPARER

    remise = services.preparer(demande=demande, auteur=scene["equipe"], commentaire="Une hausse d’automne.")
    assert selectors.etat_de(demande) == EtatDemande.VISA
    assert remise.remise_le is None
    assert [c.destinataire for c in _lettres("visa")] == ["presidence@exemple.fr"]
    assert not _lettres("-remise-")

    services.viser(demande=demande, nom="Marianne Delaunay", auteur=scene["presidence"])
    assert selectors.etat_de(demande) == EtatDemande.REMISE
    remise.refresh_from_db()
    assert remise.remise_le is not None
    assert [c.destinataire for c in _lettres("-remise-")] == [scene["demandeur"].email]
    assert [c.destinataire for c in _lettres("-copie-")] == ["bailleur@exemple.fr"]
    assert all("ne pas les publier" in c.texte for c in _lettres("-remise-") + _lettres("-copie-"))


def test_les_fichiers_sont_figes_et_portent_les_reserves_partout(scene):
    demande = _au_visa(scene, commentaire="Une hausse d’automne.\n\nÀ revoir au printemps.")
    remise = selectors.derniere_remise(demande)
    contenus = {f: remise.chemin(f).read_bytes() for f in ("pdf", "xlsx", "csv")}
    for piece in remise.pieces:
        assert hashlib.sha256(contenus[piece["format"]]).hexdigest() == piece["sha256"]
    pages = texte_pdf.texte(contenus["pdf"])
    assert len(pages) >= 2
    assert all("ne pas les publier" in " ".join(p.split()) for p in pages)
    entier = " ".join(" ".join(pages).split())
    for attendu in ("Une hausse d’automne.", "À revoir au printemps.", "Méthode", "D-2026-001", "incident"):
        assert attendu.lower() in entier.lower(), attendu
    classeur = openpyxl.load_workbook(BytesIO(contenus["xlsx"]))
    premiere = classeur.worksheets[0]
    assert premiere.title == "À lire d’abord"
    textes = {(r[0].value, r[1].value) for r in premiere.iter_rows(max_col=2)}
    assert any(k == "Réserves" and "ne pas les publier" in v for k, v in textes)
    assert ("Utilisation prévue", fabrique_demandes.USAGE) in textes
    assert contenus["csv"].decode("utf-8-sig").startswith("Demande;D-2026-001")
    assert "ne pas les publier" in contenus["csv"].decode()


def test_une_demande_d_un_semestre_ne_fait_pas_dire_qu_un_fichier_manque(scene):
    """The year before was delivered: it was not asked for, and that is what is written."""
    demande = _deposer(scene, debut=date(2026, 1, 1), fin=date(2026, 6, 30))
    services.transmettre(demande=demande, auteur=scene["equipe"])
    services.repondre(
        demande=demande, organisation=scene["source"].organisation, sens="oui", texte="", nom="Inès"
    )
    remise = services.preparer(demande=demande, auteur=scene["equipe"])
    entier = " ".join(" ".join(texte_pdf.texte(remise.chemin("pdf").read_bytes())).split())
    assert "La demande ne porte pas sur juin 2025" in entier
    assert "30 incidents en juin 2026" in entier
    assert "tous connus" not in entier
    assert "2025\u202f: non livré" not in entier


def test_les_chiffres_remis_sont_ceux_qu_un_partenaire_lit(scene):
    demande = _au_visa(scene)
    [volet] = chiffres.tirer(demande, selectors.lignes_retenues(demande)).volets
    assert all(r.audience is Audience.PARTENAIRE for r in volet.resultats)
    [ligne] = volet.par_nature.dicts()
    assert ligne["p0"] == 3 * 5  # janvier 2025, trois communes
    assert ligne[f"p{len(volet.jours) - 1}"] == 3 * 13  # septembre 2026, le dernier mois demandé
    assert volet.jours[-1] == date(2026, 9, 1)
    assert [li["libelle"] for li in volet.par_commune.dicts()] == [
        "Alfortville",
        "Créteil",
        "Limeil-Brévannes",
    ]
    classeur = openpyxl.load_workbook(BytesIO(selectors.derniere_remise(demande).chemin("xlsx").read_bytes()))
    assert classeur.worksheets[1].cell(2, 2).value == 15


def test_ce_qui_est_vise_est_ce_qui_part_meme_si_les_chiffres_changent(scene, fichier):
    demande = _au_visa(scene)
    avant = selectors.derniere_remise(demande).chemin("xlsx").read_bytes()
    corrige = {f"{a}-{m:02}": fabrique.partout(99) for a in (2025, 2026) for m in range(1, 13)}
    corrige = {m: v for m, v in corrige.items() if m <= "2026-10"}
    collecte.importer(source=scene["source"], fichier=fichier(corrige, "corrige.csv"), publier=True)
    services.viser(demande=demande, nom="Marianne Delaunay")
    assert selectors.derniere_remise(demande).chemin("xlsx").read_bytes() == avant


def test_la_presidence_renvoie_puis_une_autre_version_est_visee(scene):
    demande = _au_visa(scene)
    services.renvoyer(demande=demande, nom="Marianne Delaunay", raison="Dites l’effet de l’été.")
    assert selectors.etat_de(demande) == EtatDemande.A_PREPARER
    assert not LienActe.objects.filter(acte=lettres.VISA, revoque_le__isnull=True).exists()
    deuxieme = services.preparer(demande=demande, auteur=scene["equipe"], commentaire="L’été compte peu.")
    assert deuxieme.version == 2
    services.viser(demande=demande, nom="Marianne Delaunay")
    deuxieme.refresh_from_db()
    assert deuxieme.remise_le is not None
    assert demande.remises.get(version=1).remise_le is None


def test_le_proprietaire_refuse_et_le_demandeur_sait_pourquoi(scene):
    demande = _transmise(scene)
    services.repondre(
        demande=demande,
        organisation=scene["source"].organisation,
        sens="non",
        texte="Une enquête est en cours.",
        nom="Inès Fontaine",
    )
    assert selectors.etat_de(demande) == EtatDemande.REFUSEE
    assert "Une enquête est en cours." in _lettres("refus")[0].texte
    assert not demande.remises.exists()


def test_un_proprietaire_sur_deux_refuse_et_ses_chiffres_ne_partent_pas(scene, fichier):
    conseil = scene["conseil"]
    autre = fabrique.organisation(conseil, "Domaxis")
    seconde = fabrique.source(conseil, "caves", "Intrusions en cave", organisation=autre)
    collecte.importer(
        source=seconde, fichier=fichier({"2026-09": fabrique.partout(6)}, "c.csv"), publier=True
    )
    utilisateur(Role.PARTENAIRE, conseil, organisation=autre, email="domaxis@exemple.fr")
    demande = _deposer(scene, sources=(scene["source"], seconde))
    services.transmettre(demande=demande, auteur=scene["equipe"])
    assert {c.destinataire for c in _lettres("proprietaire")} == {"bailleur@exemple.fr", "domaxis@exemple.fr"}
    services.repondre(demande=demande, organisation=autre, sens="non", texte="Trop tôt.", nom="Léa Roy")
    assert selectors.etat_de(demande) == EtatDemande.ACCORD
    services.repondre(
        demande=demande, organisation=scene["source"].organisation, sens="oui", texte="", nom="Inès Fontaine"
    )
    services.preparer(demande=demande, auteur=scene["equipe"])
    services.viser(demande=demande, nom="Marianne Delaunay")
    texte = selectors.derniere_remise(demande).chemin("csv").read_text("utf-8-sig")
    assert "Occupations de hall" in texte
    assert "Non remis;Domaxis\u202f: le propriétaire des données n’a pas donné son accord." in texte
    assert "Intrusions en cave" not in texte
    assert [c.destinataire for c in _lettres("-copie-")] == ["bailleur@exemple.fr"]


def test_ses_propres_donnees_se_remettent_sans_accord_ni_visa_et_s_inscrivent(scene):
    demande = _deposer(scene, organisation=scene["source"].organisation)
    assert selectors.etat_de(demande) == EtatDemande.REMISE
    assert not demande.reponses.exists()
    assert not _lettres("proprietaire")
    assert not _lettres("visa")
    [ligne] = registre.lignes(scene["conseil"])
    assert ligne.etat == EtatDemande.REMISE
    assert len(ligne.empreintes.split()) == 3


def test_rien_a_remettre_se_dit_et_n_enregistre_rien(scene):
    with pytest.raises(chiffres.RienARemettre, match="Aucun chiffre ne répond"):
        _deposer(
            scene,
            organisation=scene["source"].organisation,
            debut=date(2019, 1, 1),
            fin=date(2019, 1, 15),
        )
    assert not DemandeDonnees.objects.exists()


def test_un_geste_fait_deux_fois_ou_trop_tard_est_refuse(scene):
    demande = _transmise(scene)
    proprietaire = scene["source"].organisation
    with pytest.raises(services.DemandeRefusee):
        services.viser(demande=demande, nom="Marianne Delaunay")
    with pytest.raises(services.DemandeRefusee):
        services.transmettre(demande=_avec_etat(demande, EtatDemande.RETIREE, scene), auteur=scene["equipe"])
    with pytest.raises(services.DemandeRefusee):
        services.repondre(demande=demande, organisation=proprietaire, sens="oui", texte="", nom="Inès")
    assert not demande.reponses.exists()


def _avec_etat(demande, etat, scene):
    services.retirer(demande=demande, auteur=scene["demandeur"])
    assert selectors.etat_de(demande) == etat
    return demande


def test_un_proprietaire_que_personne_ne_represente_arrete_la_transmission(scene):
    scene["bailleur"].habilitations.update(fin=date(2024, 1, 2))
    demande = _deposer(scene)
    with pytest.raises(services.DemandeRefusee, match="Personne ne peut répondre pour Créteil Habitat"):
        services.transmettre(demande=demande, auteur=scene["equipe"])
    assert selectors.etat_de(demande) == EtatDemande.DEPOSEE


def test_les_rappels_partent_au_rythme_dit_et_une_seule_fois(scene):
    with horloge.figee(JOUR):
        demande = _deposer(scene)
        services.transmettre(demande=demande, auteur=scene["equipe"])
    assert rappels.rappeler(JOUR + timedelta(days=10)) == 0
    assert rappels.rappeler(JOUR + timedelta(days=11)) == 1
    assert rappels.rappeler(JOUR + timedelta(days=11)) == 0
    assert rappels.rappeler(JOUR + timedelta(days=15)) == 0
    assert rappels.rappeler(JOUR + timedelta(days=16)) == 1
    assert "Rappel" in _lettres("proprietaire")[-1].objet
    # each letter holds a link of its own; those that were not sent do not stay
    assert LienActe.objects.filter(acte=lettres.REPONSE).count() == 3
    assert rappels.rappeler(JOUR + timedelta(days=300)) == 1
    assert rappels.rappeler(JOUR + timedelta(days=400)) == 0


def test_la_presidence_est_rappelee_selon_le_reglage_du_conseil(scene):
    services.regler(conseil=scene["conseil"], delai_president=2, rappel=3)
    with horloge.figee(JOUR):
        _au_visa(scene)
    assert rappels.rappeler(JOUR + timedelta(days=2)) == 0
    assert rappels.rappeler(JOUR + timedelta(days=3)) == 1
    assert rappels.rappeler(JOUR + timedelta(days=5)) == 0
    assert rappels.rappeler(JOUR + timedelta(days=6)) == 1


def test_le_registre_dit_les_delais_et_s_exporte(scene):
    demande = _au_visa(scene)
    with horloge.figee(JOUR + timedelta(days=12)):
        services.viser(demande=demande, nom="Marianne Delaunay")
        [ligne] = registre.lignes(scene["conseil"])
        table = registre.table(scene["conseil"])
    assert (ligne.jours, ligne.close) == (12, JOUR + timedelta(days=12))
    assert registre.delai_moyen([ligne]) == 12
    assert "oui, avec des réserves" in ligne.reponses
    assert table.lignes[0][0] == "D-2026-001"
    assert registre.lignes(scene["conseil"], annee=2025) == []
    assert registre.lignes(scene["conseil"], etat="refusee") == []


def test_les_transitions_vont_toutes_quelque_part():
    atteints = {EtatDemande.DEPOSEE}
    for _ in TRANSITIONS:
        atteints |= {v for e in atteints for v in TRANSITIONS[e]}
    assert atteints == set(EtatDemande)


def test_le_lecteur_reste_celui_d_un_partenaire(scene, monkeypatch):
    """What leaves never goes through the team's own eyes."""
    vues = []
    ouvrir = Lecteur.ouvrir.__func__
    monkeypatch.setattr(
        Lecteur,
        "ouvrir",
        classmethod(
            lambda cls, c, audience, *a, **k: vues.append(audience) or ouvrir(cls, c, audience, *a, **k)
        ),
    )
    _au_visa(scene)
    assert set(vues) == {Audience.PARTENAIRE}
