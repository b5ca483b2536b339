"""The page that explains the API, and its description for programs: one is written from the other."""

from __future__ import annotations

from django.urls import reverse

from pupitre.api.routes import api


def test_la_page_dit_chaque_appel_de_la_description(db, client):
    schema = client.get(reverse("api-openapi")).json()
    page = client.get(reverse("api")).content.decode()
    assert schema["openapi"].startswith("3.")
    assert len(schema["paths"]) == len(
        [m for m in api.urls[0] if (m.name or "").startswith("api-") and m.name != "api-root"]
    )
    for chemin, methodes in schema["paths"].items():
        for methode, operation in methodes.items():
            assert f"{methode.upper()} {chemin}" in page
            assert operation["security"], chemin
            assert "401" in operation["responses"]


def test_rien_ne_vient_d_un_autre_site(db, client):
    page = client.get(reverse("api"))
    assert "cdn" not in page.content.decode()
    assert "default-src 'self'" in page["Content-Security-Policy"]
