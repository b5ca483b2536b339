"""A plenary of 60 members, its papers generated and queued; the council's pages with ten years of life."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from benchmarks._installation import installation  # noqa: E402

MEMBRES = 60


def main() -> None:
    with installation() as donnees:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        mesurer(donnees)


def duree(geste: Callable[[], object]) -> float:
    depart = time.perf_counter()
    geste()
    return time.perf_counter() - depart


def mesurer(donnees: Path) -> None:
    from tests.conseils import fabrique_seances as fabrique
    from tests.fabriques import construire

    from pupitre.conseils.seances import convocations, papiers
    from pupitre.socle.courriel.modele import Courriel

    (donnees / "statiques").mkdir(exist_ok=True)
    (donnees / "monde").mkdir()
    conseil = construire(donnees / "monde").conseil
    reunie = fabrique.formation(conseil, nom="Plénière de soixante")
    seance = fabrique.seance_a_preparer(conseil, membres=MEMBRES, formation=reunie)
    for rang in range(1, 11):
        fabrique.point(seance, f"Point {rang}", rang=rang)
    convocations.dresser(seance=seance)
    appels = list(papiers.convoques(seance))
    papiers.convocations_pdf(seance, appels[:1])

    separees = duree(lambda: papiers.convocations_separees(seance, appels))
    print(f"{MEMBRES} convocations PDF, un fichier chacune : {separees:.2f} s (but ≤ 2 s)")
    print(
        f"{MEMBRES} convocations PDF en un fichier : "
        f"{duree(lambda: papiers.convocations_pdf(seance, appels)):.2f} s"
    )

    def tout() -> None:
        convocations.envoyer(seance=seance)
        papiers.ordre_du_jour(seance, "pdf")
        papiers.emargement_pdf(seance)
        papiers.etiquettes_pdf(seance)

    lettres = Courriel.objects.filter(categorie="convocation")
    avant = lettres.count()
    passe = duree(tout)
    ecrits = lettres.count() - avant
    assert ecrits == MEMBRES
    print(
        f"plénière de {MEMBRES} membres, PDF, ICS, liens et {ecrits} courriels en file, ordre du jour, "
        f"feuille de présence, étiquettes : {passe:.2f} s (but ≤ 5 s)"
    )
    pages(conseil)


def pages(conseil) -> None:
    from django.test import Client
    from django.urls import reverse
    from tests.conseils import fabrique_dix_ans
    from tests.fabriques import entrer, utilisateur
    from tests.observatoire.fabrique import organisation

    from pupitre.acces.droits import Role
    from pupitre.conseils.models import CompteRendu, Decision, Formation, Seance

    fabrique_dix_ans.vivre(conseil, [organisation(conseil), organisation(conseil, "STRAV", "transporteur")])
    seance = Seance.objects.filter(formation__slug="dix-ans-1").latest("debut")
    adresses = [
        ("accueil_conseil", ()),
        ("seances", ()),
        ("seances-calendrier", ()),
        ("seance", (seance.pk,)),
        ("seance-agenda", (seance.pk,)),
        ("seance-convocations", (seance.pk,)),
        ("seance-dates", (seance.pk,)),
        ("seance-tenue", (seance.pk,)),
        ("decisions", ()),
        ("decision", (Decision.objects.latest("pk").pk,)),
        ("comptes-rendus", ()),
        ("compte-rendu", (CompteRendu.objects.latest("pk").pk,)),
        ("formations", ()),
        ("formation", (Formation.objects.latest("pk").pk,)),
        ("annuaire", ()),
        ("annuaire-mouvements", ()),
    ]
    compte = ", ".join(
        f"{n} {nom}"
        for n, nom in (
            (Seance.objects.count(), "séances"),
            (Decision.objects.count(), "décisions"),
            (conseil.personnes.count(), "personnes"),
        )
    )
    print(f"pages à chaud, avec {compte} (but ≤ 100 ms) :")
    for role in (Role.COORDINATEUR, Role.MAIRE_MEMBRE):
        client = entrer(Client(), utilisateur(role, conseil))
        for nom, reste in adresses:
            chemin = reverse(nom, args=[conseil.slug, *reste])
            if client.get(chemin).status_code != 200:
                continue
            temps = statistics.median(duree(partial(client.get, chemin)) for _ in range(7))
            print(f"  {role}, {nom} : {1000 * temps:.0f} ms")


if __name__ == "__main__":
    main()
