"""The life of a delivery: received, read, checked, published or rejected, replaced."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pupitre.moteur.sources import Description, Role
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte import controles, renvoi, services
from pupitre.observatoire.devoirs import relire_les_oubliees
from pupitre.observatoire.etats import Etat, TransitionInterdite, verifier
from pupitre.observatoire.models import EvenementLivraison, Livraison
from pupitre.observatoire.tasks import lire_livraison
from pupitre.socle import horloge
from pupitre.socle.reprises import ABANDON
from tests.observatoire import fabrique
from tests.observatoire.fabrique import partout
from tests.socle.ouvrier import travailler
from tests.territoires.fabrique import CRETEIL


def etats(livraison) -> list[str]:
    return list(livraison.evenements.values_list("etat", flat=True))


def total(conseil, source) -> int | None:
    """What the store shows of a source: the sum of every published observation."""
    etat = catalogue.etat_visible(conseil)
    table = catalogue.entrepot().cube(etat.manifeste)
    return table.filter(table.source == source.code).n.sum().to_pyarrow().as_py()


def test_un_fichier_arrive_est_lu_et_attend(source, fichier):
    livraison = services.importer(source=source, fichier=fichier({"2026-09": partout(4)}))
    assert etats(livraison) == [Etat.RECUE, Etat.LUE, Etat.CONTROLEE]
    assert livraison.lecture["retenues"] == 3
    assert livraison.lecture["total"] == 12
    assert livraison.fichier.read_bytes() == fabrique.comptages({"2026-09": partout(4)})
    assert catalogue.etat_visible(source.conseil).version == 0


def test_rien_n_est_visible_avant_la_publication(source, fichier):
    livraison = services.importer(source=source, fichier=fichier({"2026-09": partout(4)}))
    services.publier(livraison=livraison)
    assert etats(livraison)[-1] == Etat.PUBLIEE
    assert total(source.conseil, source) == 12
    profil = catalogue.etat_visible(source.conseil).profils["halls"]
    assert [c.fichier for c in profil.citees(*[profil.periodes[0]] * 2)] == ["incidents.csv"]


def test_le_meme_fichier_deux_fois(source, fichier):
    chemin = fichier({"2026-09": partout(4)})
    premiere = services.importer(source=source, fichier=chemin, publier=True)
    with pytest.raises(services.DepotRefuse) as refus:
        services.deposer(source=source, fichier=chemin, nom="autre_nom.csv")
    assert "identique" in refus.value.pourquoi
    assert list(Livraison.objects.all()) == [premiere]
    assert total(source.conseil, source) == 12
    gardes = list(premiere.fichier.parent.iterdir())
    assert gardes == [premiere.fichier]


def test_le_meme_contenu_dans_un_autre_conseil_n_est_pas_un_doublon(source, autre, fichier):
    chemin = fichier({"2026-09": partout(4)})
    services.deposer(source=source, fichier=chemin)
    voisine = fabrique.source(autre)
    assert services.deposer(source=voisine, fichier=chemin).source == voisine


def test_un_fichier_rejete_peut_revenir(source, fichier):
    chemin = fichier({"2026-09": partout(4)})
    livraison = services.importer(source=source, fichier=chemin)
    services.rejeter(livraison=livraison, raison="Le mois n’est pas le bon.")
    assert etats(livraison)[-1] == Etat.REJETEE
    services.importer(source=source, fichier=chemin, publier=True)
    assert total(source.conseil, source) == 12


def test_un_rejet_dit_pourquoi(source, fichier):
    livraison = services.importer(source=source, fichier=fichier({"2026-09": partout(4)}))
    with pytest.raises(services.PublicationRefusee):
        services.rejeter(livraison=livraison, raison="   ")
    assert etats(livraison)[-1] == Etat.CONTROLEE


def test_une_correction_remplace_et_ne_s_ajoute_pas(source, fichier):
    ancienne = services.importer(source=source, fichier=fichier({"2026-09": partout(4)}), publier=True)
    nouvelle = services.importer(
        source=source, fichier=fichier({"2026-09": partout(5), "2026-10": partout(1)}), publier=True
    )
    ancienne.refresh_from_db()
    assert ancienne.remplacee_par == nouvelle
    assert etats(ancienne)[-1] == Etat.REMPLACEE
    assert total(source.conseil, source) == 18
    assert ancienne.fichier.is_file()


def test_une_correction_partielle_ne_prend_que_ce_qu_elle_redit(source, fichier):
    ancienne = services.importer(
        source=source, fichier=fichier({"2026-08": partout(2), "2026-09": partout(4)}), publier=True
    )
    seconde = services.importer(source=source, fichier=fichier({"2026-09": partout(5)}, "corrige.csv"))
    services.publier(livraison=seconde)
    assert total(source.conseil, source) == 3 * 2 + 3 * 5
    assert etats(ancienne)[-2:] == [Etat.PUBLIEE, Etat.PUBLIEE]
    dernier = ancienne.evenements.last()
    assert "Corrigée en partie par «\u202fcorrige.csv\u202f»" in dernier.raison
    ancienne.refresh_from_db()
    assert ancienne.remplacee_par is None
    assert [r.par for r in ancienne.retraits.all()] == [seconde]
    profil = catalogue.etat_visible(source.conseil).profils["halls"]
    assert [str(p) for p in profil.periodes] == ["2026-08-01", "2026-09-01"]


def test_de_correction_en_correction_rien_n_est_compte_deux_fois(source, fichier):
    """The former delivery ends replaced when nothing of it is left; each month is said by one delivery only."""
    lot = [
        services.importer(source=source, fichier=fichier(mois, f"{i}.csv"), publier=True)
        for i, mois in enumerate(
            (
                {"2026-07": partout(1), "2026-08": partout(2), "2026-09": partout(4)},
                {"2026-08": partout(10), "2026-09": partout(20)},
                {"2026-09": partout(300), "2026-10": partout(400)},
                {"2026-07": partout(5000)},
            )
        )
    ]
    assert total(source.conseil, source) == 3 * (5000 + 10 + 300 + 400)
    for livraison in lot:
        livraison.refresh_from_db()
    assert [etats(li)[-1] for li in lot] == [Etat.REMPLACEE, Etat.PUBLIEE, Etat.PUBLIEE, Etat.PUBLIEE]
    assert lot[0].remplacee_par == lot[3]
    # A whole file again takes the place of the three at once.
    tout = {f"2026-{m:02d}": partout(1) for m in (7, 8, 9, 10)}
    services.importer(source=source, fichier=fichier(tout, "tout.csv"), publier=True)
    assert total(source.conseil, source) == 12


def test_une_commune_corrigee_laisse_les_autres(source, fichier):
    services.importer(source=source, fichier=fichier({"2026-09": partout(4)}), publier=True)
    services.importer(
        source=source, fichier=fichier({"2026-09": {"Créteil": 9}}, "creteil.csv"), publier=True
    )
    assert total(source.conseil, source) == 9 + 4 + 4


def test_un_fichier_par_semaine_ne_prend_pas_tout_le_mois(conseil, tmp_path):
    description = Description(
        format="faits", roles={"Jour": Role.DATE, "Quoi": Role.NATURE}, commune_fixe=CRETEIL
    )
    source = fabrique.source(conseil, format="faits", description=description.to_dict(), frequence="semaine")
    for rang, jours in enumerate((("05/10/2026", "07/10/2026"), ("12/10/2026",), ("06/10/2026",))):
        chemin = tmp_path / f"semaine{rang}.csv"
        chemin.write_text("Jour;Quoi\n" + "".join(f"{j};Occupations de hall\n" for j in jours))
        services.importer(source=source, fichier=chemin, publier=True)
    assert total(conseil, source) == 2  # the third file says the first week again


def test_deux_sources_ne_se_remplacent_jamais(source, fichier):
    autre = fabrique.source(source.conseil, code="gardiens", organisation=source.organisation)
    services.importer(source=source, fichier=fichier({"2026-09": partout(4)}), publier=True)
    services.importer(source=autre, fichier=fichier({"2026-09": partout(7)}), publier=True)
    assert total(source.conseil, source) == 12
    assert total(source.conseil, autre) == 21


def test_plusieurs_livraisons_en_un_seul_etat(source, fichier):
    lot = [
        services.importer(source=source, fichier=fichier({f"2026-0{m}": partout(m)}, f"{m}.csv"))
        for m in (7, 8, 9)
    ]
    services.publier_ensemble(livraisons=lot)
    assert catalogue.version_de(source.conseil) == 1
    assert total(source.conseil, source) == 3 * (7 + 8 + 9)


def test_une_anomalie_bloquante_empeche_la_publication(source, tmp_path):
    chemin = tmp_path / "negatif.csv"
    chemin.write_bytes(
        fabrique.comptages({"2026-09": {"Créteil": -3, "Alfortville": 2, "Limeil-Brévannes": 1}})
    )
    livraison = services.importer(source=source, fichier=chemin)
    bloquantes = livraison.anomalies.filter(gravite="bloquante")
    assert bloquantes.exists()
    assert bloquantes[0].ligne == 2
    with pytest.raises(services.PublicationRefusee):
        services.publier(livraison=livraison)
    assert catalogue.version_de(source.conseil) == 0


def test_le_fichier_d_un_autre_conseil(source, fichier):
    livraison = services.importer(source=source, fichier=fichier({"2026-09": {"Maisons-Alfort": 9}}))
    assert livraison.anomalies.filter(code="communes_hors_conseil", gravite="bloquante").exists()
    with pytest.raises(services.PublicationRefusee):
        services.publier(livraison=livraison)


def test_un_fichier_rejete_ne_dit_pas_avoir_change_quoi_que_ce_soit(source, fichier):
    premiere = services.importer(source=source, fichier=fichier({"2026-08": partout(4)}), publier=True)
    seconde = services.importer(source=source, fichier=fichier({"2026-08": partout(9)}))
    assert len(renvoi.changements(seconde).cellules) == 3
    services.rejeter(livraison=seconde, auteur=None, raison="Formule cassée.")
    assert renvoi.changements(seconde) is None
    assert renvoi.changements(premiere) is None


def test_une_commune_absente_est_signalee(source, fichier):
    livraison = services.importer(source=source, fichier=fichier({"2026-09": {"Créteil": 9}}))
    anomalie = livraison.anomalies.get(code="communes_absentes")
    assert "rien d’Alfortville et de Limeil-Brévannes" in anomalie.message


def test_une_commune_dont_le_partenaire_n_a_jamais_parle_n_est_pas_reclamee(source, fichier):
    """A landlord of Créteil is not asked each month about Alfortville; of what it used to count, it is."""
    premiere = services.importer(
        source=source, fichier=fichier({"2026-08": {"Créteil": 9, "Alfortville": 4}})
    )
    services.publier(livraison=premiere)
    seconde = services.importer(source=source, fichier=fichier({"2026-09": {"Créteil": 8, "Alfortville": 5}}))
    assert not seconde.anomalies.filter(code="communes_absentes").exists()
    troisieme = services.importer(source=source, fichier=fichier({"2026-09": {"Créteil": 8}}))
    assert "rien d’Alfortville, dont les précédents parlaient" in (
        troisieme.anomalies.get(code="communes_absentes").message
    )


def test_un_fichier_qui_ne_porte_que_sur_sa_commune_ne_doit_rien_des_autres(source):
    communes = {"94028": "Créteil", "94002": "Alfortville"}
    assert controles.communes_attendues(source, communes, "94028") == {"94028"}
    assert controles.communes_attendues(source, communes) == set(communes)


@pytest.mark.parametrize(
    ("contenu", "nom"),
    [
        (b"", "vide.csv"),
        (b"%PDF-1.7 pas un tableau", "rapport.pdf"),
        (b"PK\x03\x04 tronque", "tronque.xlsx"),
        (b"a;b\x00c\n1;2", "nul.csv"),
    ],
)
def test_un_fichier_illisible_est_rejete_avec_sa_raison(source, tmp_path, contenu, nom):
    chemin = tmp_path / nom
    chemin.write_bytes(contenu)
    livraison = services.importer(source=source, fichier=chemin)
    dernier = livraison.evenements.last()
    assert dernier.etat == Etat.REJETEE
    assert all(dernier.details[cle] for cle in ("quoi", "pourquoi", "que_faire"))
    assert livraison.fichier.read_bytes() == contenu
    with pytest.raises(services.PublicationRefusee):
        services.publier(livraison=livraison)


def test_on_ne_publie_pas_deux_fois(source, fichier):
    livraison = services.importer(source=source, fichier=fichier({"2026-09": partout(4)}), publier=True)
    with pytest.raises(services.PublicationRefusee):
        services.publier(livraison=livraison)
    assert catalogue.version_de(source.conseil) == 1


def test_une_publication_concurrente_est_recomposee(source, fichier, monkeypatch):
    """Between the compaction and the transaction somebody else publishes: nothing of theirs is lost."""
    autre = fabrique.source(source.conseil, code="gardiens", organisation=source.organisation)
    pressee = services.importer(source=autre, fichier=fichier({"2026-09": partout(7)}))
    livraison = services.importer(source=source, fichier=fichier({"2026-09": partout(4)}))
    compacter, appels = catalogue.compacter, []

    def doubler(*arguments):
        resultat = compacter(*arguments)
        appels.append(1)
        if len(appels) == 1:
            services.publier(livraison=pressee)
        return resultat

    monkeypatch.setattr(catalogue, "compacter", doubler)
    services.publier(livraison=livraison)
    assert len(appels) == 3
    assert total(source.conseil, source) == 12
    assert total(source.conseil, autre) == 21
    assert catalogue.version_de(source.conseil) == 2


def test_les_transitions_declarees_sont_les_seules():
    verifier(None, Etat.RECUE)
    for depuis, vers in [
        (None, Etat.PUBLIEE),
        (Etat.RECUE, Etat.PUBLIEE),
        (Etat.PUBLIEE, Etat.REJETEE),
        (Etat.REJETEE, Etat.PUBLIEE),
        (Etat.REMPLACEE, Etat.PUBLIEE),
    ]:
        with pytest.raises(TransitionInterdite):
            verifier(depuis, vers)


def test_les_evenements_ne_s_effacent_pas(source, fichier):
    livraison = services.importer(source=source, fichier=fichier({"2026-09": partout(4)}), publier=True)
    assert EvenementLivraison.objects.filter(livraison=livraison).count() == 4
    services.importer(source=source, fichier=fichier({"2026-09": partout(6)}, "b.csv"), publier=True)
    assert etats(livraison) == [Etat.RECUE, Etat.LUE, Etat.CONTROLEE, Etat.PUBLIEE, Etat.REMPLACEE]


def test_un_fichier_publie_mal_lu_se_relit_et_remplace(source, fichier):
    """The settings of reading changed: the same file is another delivery, which takes the place of the first."""
    chemin = fichier({"2026-09": {"Créteil": 4, "Alfortville": 5}})
    premiere = services.importer(source=source, fichier=chemin, publier=True)
    source.territoires = ["Créteil"]
    source.save()
    seconde = services.importer(source=source, fichier=chemin, publier=True)
    premiere.refresh_from_db()
    assert premiere.remplacee_par == seconde
    assert total(source.conseil, source) == 4
    with pytest.raises(services.DepotRefuse):
        services.deposer(source=source, fichier=chemin)


def test_les_restes_d_une_publication_tuee_sont_balayes(source, fichier):
    import os
    import time

    livraison = services.importer(source=source, fichier=fichier({"2026-09": partout(4)}), publier=True)
    racine = catalogue.entrepot().racine
    reste = racine / "annees" / source.conseil.slug / "2026-abandonne.parquet"
    recent = reste.with_name("2026-en-cours.parquet")
    for orphelin in (reste, recent):
        orphelin.write_bytes(b"rien")
    vieux = time.time() - 2 * catalogue.AGE_DES_ORPHELINS.total_seconds()
    for chemin in racine.rglob("*.parquet"):
        if chemin != recent:
            os.utime(chemin, (vieux, vieux))
    assert catalogue.balayer() == 1
    assert not reste.exists()
    assert recent.exists()
    assert total(source.conseil, source) == 12
    assert (racine / livraison.lecture["scelle"]["chemin"]).is_file()


def test_une_livraison_recue_que_personne_ne_lit_est_remise_en_file_une_fois(source, fichier, settings):
    """The process died after the deposit, before the reading was asked for."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    oubliee = services.deposer(source=source, fichier=fichier({"2026-09": partout(4)}))
    services.importer(source=source, fichier=fichier({"2026-10": partout(5)}))
    assert relire_les_oubliees(horloge.aujourdhui()) == 0, "trop tôt"
    with horloge.figee(horloge.maintenant() + ABANDON + timedelta(minutes=1)):
        assert [relire_les_oubliees(horloge.aujourdhui()) for _ in range(2)] == [1, 0]
    travailler()
    assert etats(oubliee) == [Etat.RECUE, Etat.LUE, Etat.CONTROLEE]
    lire_livraison.call(str(oubliee.pk))
    assert etats(oubliee) == [Etat.RECUE, Etat.LUE, Etat.CONTROLEE], "lue une fois"
