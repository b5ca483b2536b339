"""Reading the territory: seasons and trend, comparisons, notes, followed figures, saved views, comments."""

from __future__ import annotations

import math
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pupitre.acces.droits import Role
from pupitre.acces.models import Organisation
from pupitre.moteur.resultats import Absent, Audience
from pupitre.observatoire.chiffres import (
    annotations,
    comparaisons,
    indicateurs_suivis,
    reperes,
    saisons,
    vues,
)
from pupitre.observatoire.chiffres.comparaisons import DemandeComparaison
from pupitre.observatoire.chiffres.indicateurs_suivis import Choisi
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.chiffres.saisons import DemandeSaison
from pupitre.observatoire.chiffres.tableau import Demande, composer
from pupitre.observatoire.chiffres.tendances import SANS_TENDANCE
from pupitre.observatoire.collecte import services
from pupitre.observatoire.models import Repere, Vue
from tests.fabriques import utilisateur
from tests.observatoire import fabrique
from tests.observatoire.fabrique import partout

LIVRE = "halls.inc:occupation_hall"


def des_mois(premier: int, combien: int) -> list[str]:
    return [f"{premier + i // 12}-{i % 12 + 1:02d}" for i in range(combien)]


def saisonnier(rang: int) -> int:
    """Forty facts a month and commune, a third more in summer than in winter."""
    return round(40 + 12 * math.sin(2 * math.pi * (rang - 3) / 12) + (rang * 7) % 5 - 2)


@pytest.fixture
def cinq_ans(source, fichier):
    valeurs = {m: partout(saisonnier(i)) for i, m in enumerate(des_mois(2022, 58))}
    services.importer(source=source, fichier=fichier(valeurs), publier=True)
    return source


def lire_saisons(conseil, audience=Audience.INTERNE, **demande):
    return saisons.composer(conseil=conseil, audience=audience, demande=DemandeSaison(**demande))


def test_une_annee_ordinaire_et_sa_tendance(conseil, cinq_ans):
    vu = lire_saisons(conseil)
    assert vu.annees == ("2022", "2023", "2024", "2025", "2026")
    juillet = vu.lignes[6]
    assert juillet.mois == "Juillet"
    assert juillet.indice > 120
    assert juillet.lecture == "ordinaire"
    assert "Aucun mois de 2026 ne sort de l’ordinaire." in vu.figure.phrase
    assert "pas d’évolution significative de la tendance" in vu.tendance.phrase
    assert "g-courbe" in vu.tendance.svg
    assert vu.tendance.phrase in vu.tendance.resume
    assert [c.cle for c in vu.calendriers] == ["civile", "scolaire"]
    scolaire = lire_saisons(conseil, calendrier="scolaire")
    assert scolaire.lignes[0].mois == "Septembre"
    assert scolaire.annees[-1] == "2026-2027"
    assert len(vu.table.lignes) == 12


def test_une_hausse_se_dit_sous_la_saison(conseil, source, fichier):
    montee = {m: partout(saisonnier(i) + max(0, i - 46) * 3) for i, m in enumerate(des_mois(2022, 58))}
    services.importer(source=source, fichier=fichier(montee), publier=True)
    vu = lire_saisons(conseil)
    assert "la tendance monte" in vu.tendance.phrase
    assert "hausse significative" in vu.tendance.phrase
    assert any(li.sens == "hausse" for li in vu.lignes)


def test_trop_court_pour_une_tendance(conseil, source, fichier):
    services.importer(
        source=source, fichier=fichier({m: partout(20) for m in des_mois(2024, 34)}), publier=True
    )
    vu = lire_saisons(conseil)
    assert vu.tendance is None
    assert SANS_TENDANCE in vu.notes


def test_pas_de_tendance_a_travers_une_valeur_qui_manque(conseil, source, fichier):
    """What the partner does not say is neither zero nor drawn through."""
    valeurs = {m: partout(30) for m in des_mois(2022, 58)}
    valeurs["2026-01"] |= {"Limeil-Brévannes": "n.d."}
    services.importer(source=source, fichier=fichier(valeurs), publier=True)
    limeil = lire_saisons(conseil, territoire=f"commune:{fabrique.CODES['Limeil-Brévannes']}")
    assert isinstance(limeil.lignes[0].valeurs[-1], Absent)
    assert limeil.tendance is None
    assert lire_saisons(conseil, territoire=f"commune:{fabrique.CODES['Créteil']}").tendance is not None


def test_les_communes_du_conseil_entre_elles(conseil, cinq_ans):
    vu = comparaisons.composer(conseil=conseil, audience=Audience.INTERNE, demande=DemandeComparaison())
    assert not vu.publiee
    assert {li.libelle for li in vu.lignes} >= {"Créteil", "Alfortville", "Limeil-Brévannes"}
    assert vu.manque_communal
    assert len(vu.table.lignes) >= 3


def test_un_repere_parait_sur_les_series_qu_il_concerne(conseil, cinq_ans):
    limeil, creteil = (fabrique.CODES[n] for n in ("Limeil-Brévannes", "Créteil"))
    reperes.ecrire(
        conseil=conseil, jour=date(2026, 3, 2), texte="Ouverture du chantier", perimetre=f"commune:{limeil}"
    )

    def notes(territoire: str) -> str:
        vu = composer(
            conseil=conseil,
            audience=Audience.PARTENAIRE,
            demande=Demande(source="halls", territoire=territoire),
        )
        return vu.principal.serie.notes + vu.principal.serie.svg + vu.principal.serie.resume

    assert notes("conseil").count("Ouverture du chantier") >= 3
    assert "Ouverture du chantier" in notes(f"commune:{limeil}")
    assert "Ouverture du chantier" not in notes(f"commune:{creteil}")


def test_un_repere_corrige_laisse_sa_trace_et_ne_nomme_personne(conseil, cinq_ans):
    premier = reperes.ecrire(conseil=conseil, jour=date(2026, 3, 2), texte="Ouverture du chantier")
    second = reperes.ecrire(
        conseil=conseil, jour=date(2026, 3, 9), texte="Début du chantier", remplace=premier
    )
    assert [r.pk for r in reperes.en_vigueur(conseil)] == [second.pk]
    assert reperes.historique(conseil).count() == 2
    with pytest.raises(reperes.RepereRefuse, match="n’est plus sur les graphiques"):
        reperes.retirer(repere=premier)
    with pytest.raises(reperes.RepereRefuse):
        reperes.ecrire(
            conseil=conseil, jour=date(2026, 3, 9), texte="Kevin Durand, né le 3/4/2009, interpellé"
        )
    assert Repere.objects.count() == 2


def test_huit_indicateurs_au_plus_et_dans_l_ordre(conseil, cinq_ans):
    lecteur = Lecteur.ouvrir(conseil, Audience.INTERNE)
    (figure, *_), (limeil, *_) = (
        [cle for _, options in indicateurs_suivis.offre(lecteur) for cle, _ in options],
        [f"commune:{fabrique.CODES['Limeil-Brévannes']}"],
    )
    choix = [Choisi(figure, limeil), Choisi(figure, "conseil")]
    indicateurs_suivis.choisir(lecteur=lecteur, choix=choix)
    vu = composer(conseil=conseil, audience=Audience.PARTENAIRE, demande=Demande())
    assert vu.suivi
    assert [c.perimetre for c in vu.chiffres] == [
        "Limeil-Brévannes",
        "Alfortville, Créteil et Limeil-Brévannes",
    ]
    for trop in (
        [Choisi(figure, "conseil")] * 2,
        [Choisi(figure, "conseil")] * 9,
        [Choisi("x.y", "conseil")],
    ):
        with pytest.raises(indicateurs_suivis.ChoixRefuse):
            indicateurs_suivis.choisir(lecteur=lecteur, choix=trop)
    assert len(indicateurs_suivis.choisis(conseil)) == 2
    indicateurs_suivis.choisir(lecteur=lecteur, choix=[])
    assert not composer(conseil=conseil, audience=Audience.PARTENAIRE, demande=Demande()).suivi


def test_une_vue_est_a_soi_ou_a_l_equipe(conseil, autre, cinq_ans):
    coordination, assistance = (utilisateur(r, conseil) for r in (Role.COORDINATEUR, Role.ASSISTANT))
    maire = utilisateur(Role.MAIRE_MEMBRE, conseil)
    choix = {"territoire": "conseil", "periode": "2026-03", "inconnu": "x"}
    commun = {"conseil": conseil, "ecran": Vue.Ecran.TABLEAU, "choix": choix}
    seule = vues.enregistrer(auteur=coordination, nom="La mienne", **commun)
    partagee = vues.enregistrer(
        auteur=coordination, nom="À tous", partagee=True, derniere_periode=False, **commun
    )
    assert seule.choix == {"territoire": "conseil"}
    assert partagee.choix == {"territoire": "conseil", "periode": "2026-03"}
    assert list(vues.visibles(assistance, conseil)) == [partagee]
    assert not vues.visibles(maire, conseil).exists()
    assert not vues.visibles(utilisateur(Role.COORDINATEUR, autre), conseil).exists()
    with pytest.raises(vues.VueRefusee, match="Seule l’équipe"):
        vues.enregistrer(auteur=maire, nom="La mienne", partagee=True, **commun)
    with pytest.raises(ValidationError):
        vues.enregistrer(auteur=coordination, nom="La mienne", **commun)


def test_un_commentaire_ne_survit_pas_aux_chiffres_qu_il_explique(conseil, cinq_ans, fichier):
    def principal(audience):
        vu = composer(conseil=conseil, audience=audience, demande=Demande(source="halls"))
        return vu.principal

    avant = principal(Audience.INTERNE)
    annotations.ecrire(
        conseil=conseil, cle=avant.cle, texte="Un gardien de plus depuis mars.", calcule=avant.calcule
    )
    assert principal(Audience.INTERNE).annotation.texte == "Un gardien de plus depuis mars."
    assert principal(Audience.PARTENAIRE).annotation is None, "not shown to all"
    annotations.ecrire(
        conseil=conseil, cle=avant.cle, texte="Un gardien de plus.", calcule=avant.calcule, montre=True
    )
    assert principal(Audience.PARTENAIRE).annotation.texte == "Un gardien de plus."
    corrige = {m: partout(90) for m in des_mois(2022, 58)[-1:]}
    services.importer(source=cinq_ans, fichier=fichier(corrige, "corrige.csv"), publier=True)
    assert principal(Audience.INTERNE).annotation.perime
    assert principal(Audience.PARTENAIRE).annotation is None
    with pytest.raises(annotations.CommentaireRefuse, match="signes"):
        annotations.ecrire(conseil=conseil, cle=avant.cle, texte="mot " * 200, calcule="")


def test_un_theme_ne_melange_ni_sources_ni_unites(conseil, cinq_ans, fichier):
    transport = fabrique.source(
        conseil,
        code="bus",
        nom="Incidents du réseau",
        organisation=fabrique.organisation(conseil, "STRAV", Organisation.Nature.TRANSPORTEUR),
    )
    services.importer(
        source=transport,
        fichier=fichier({m: partout(5) for m in des_mois(2025, 22)}, "bus.csv"),
        publier=True,
    )
    tous = composer(conseil=conseil, audience=Audience.INTERNE, demande=Demande())
    theme = next(c.cle for c in tous.themes if c.cle)
    vu = composer(conseil=conseil, audience=Audience.INTERNE, demande=Demande(theme=theme))
    assert len(vu.blocs) == 2
    for bloc in vu.blocs:
        assert len({(c.source, c.unite_compte) for c in bloc.chiffres}) == 1
