"""What the database keeps is in UTC: its `.date()` is a day behind between midnight and two in Paris."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from django.template import Context, Template

import pupitre
from pupitre.socle import horloge

RACINE = Path(pupitre.__file__).parent


def test_le_jour_d_un_instant_est_celui_de_paris():
    assert horloge.jour_de(datetime(2026, 11, 23, 23, 10, tzinfo=UTC)) == date(2026, 11, 24)


def test_un_instant_montre_dans_une_page_a_le_jour_de_paris():
    minuit_passe = datetime(2026, 11, 23, 23, 10, tzinfo=UTC)
    montre = Template("{{ i|date_longue }}, {{ i|date_courte }}, {{ i|instant_court }}").render(
        Context({"i": minuit_passe})
    )
    assert montre.replace("\u00a0", " ") == "24 novembre 2026, 24 nov. 2026, 24 nov. 2026, 0 h 10"


def test_personne_ne_prend_le_jour_d_un_instant_sans_passer_par_l_horloge():
    fautes = [
        f"{chemin.relative_to(RACINE)}:{rang}"
        for chemin in RACINE.rglob("*.py")
        if "moteur" not in chemin.parts
        for rang, ligne in enumerate(chemin.read_text("utf-8").splitlines(), 1)
        if re.search(r"\.date\(\)", ligne) and not re.search(r"local\.date\(\)|strptime", ligne)
    ]
    assert fautes == []
