"""What every page has, read on the pages themselves: one title, one h1, one main, names, no inline code."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from pupitre.acces.droits import DROITS, Role
from tests.fabriques import entrer, utilisateur
from tests.web.adresses import toutes, vider

_VIDES = {"meta", "link", "input", "br", "hr", "img", "source", "wbr", "col"}
_NOMMES = {"input", "select", "textarea"}

_LISTES = {"ul", "ol", "menu"}


class Page(HTMLParser):
    """Collects what the rules below look at; `fautes` holds what is wrong with the nesting."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.balises: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.titres: list[int] = []
        self.textes: dict[str, str] = {}
        self.fautes: list[str] = []
        self._pile: list[tuple[str, dict[str, str]]] = []
        self.feed(source)
        self.fautes += [f"<{nom}> n’est pas fermé" for nom, _ in self._pile]

    def handle_starttag(self, nom, attrs):
        attributs = {k: v or "" for k, v in attrs}
        repetes = [k for k, n in Counter(k for k, _ in attrs).items() if n > 1]
        self.fautes += [f"<{nom}> répète {k}" for k in repetes]
        parent = self._pile[-1][0] if self._pile else ""
        if (nom == "li") != (parent in _LISTES) and nom not in {"script", "template"}:
            self.fautes.append(f"<{nom}> dans <{parent}>")
        dessin = any(n == "svg" for n, _ in self._pile)
        if not dessin:  # a drawing has its own <title>
            self.balises[nom] += 1
        self.elements.append((nom, attributs))
        if "id" in attributs:
            self.ids[attributs["id"]] += 1
        if re.fullmatch("h[1-6]", nom):
            self.titres.append(int(nom[1]))
        if nom in _NOMMES and any(n == "label" for n, _ in self._pile):
            attributs["_dans_label"] = "oui"
        if nom not in _VIDES:
            self._pile.append((nom, attributs))

    def handle_startendtag(self, nom, attrs):
        self.elements.append((nom, {k: v or "" for k, v in attrs}))
        self.balises[nom] += 1

    def handle_endtag(self, nom):
        if nom in _VIDES:
            return
        if not self._pile or self._pile[-1][0] != nom:
            self.fautes.append(f"</{nom}> ferme {self._pile[-1][0] if self._pile else 'rien'}")
            while self._pile and self._pile[-1][0] != nom:
                self._pile.pop()
        if self._pile:
            self._pile.pop()

    def handle_data(self, texte):
        for nom in {n for n, _ in self._pile} & {"title", "h1"}:
            if not any(n == "svg" for n, _ in self._pile):
                self.textes[nom] = self.textes.get(nom, "") + texte


def fautes(source: str) -> list[str]:
    page = Page(source)
    trouvees = list(page.fautes)
    for nom in ("title", "h1", "main"):
        if page.balises[nom] != 1:
            trouvees.append(f"{page.balises[nom]} <{nom}>")
    for nom in ("title", "h1"):
        if not page.textes.get(nom, "").strip():
            trouvees.append(f"<{nom}> vide")
    if dict(page.elements[0][1]).get("lang") != "fr":
        trouvees.append("la langue n’est pas dite")
    trouvees += [f"id « {i} » répété" for i, n in page.ids.items() if n > 1]
    for avant, apres in zip(page.titres, page.titres[1:], strict=False):
        if apres > avant + 1:
            trouvees.append(f"h{avant} suivi de h{apres}")
    for_ = {a["for"] for nom, a in page.elements if nom == "label" and "for" in a}
    for nom, a in page.elements:
        trouvees += [f"<{nom}> porte {k}" for k in a if k == "style" or k.startswith("on")]
        if nom == "script" and "src" not in a:
            trouvees.append("un script écrit dans la page")
        if nom == "style":
            trouvees.append("un style écrit dans la page")
        if nom in _NOMMES and a.get("type") not in {"hidden", "submit"}:
            nomme = "_dans_label" in a or a.get("id") in for_ or "aria-label" in a or "aria-labelledby" in a
            if not nomme:
                trouvees.append(f"<{nom} name={a.get('name')}> sans étiquette")
        if nom == "th" and "scope" not in a:
            trouvees.append("un <th> sans scope")
        for cle in ("aria-labelledby", "aria-describedby", "aria-controls", "popovertarget"):
            trouvees += [f"{cle} → #{i} absent" for i in a.get(cle, "").split() if not page.ids[i]]
        if nom == "a" and a.get("href", "").startswith("#") and not page.ids[a["href"][1:]]:
            trouvees.append(f"lien vers {a['href']}, absent")
        if nom == "form" and a.get("method", "get").lower() == "get" and "action" in a and not a["action"]:
            trouvees.append("action vide")
    return trouvees


def _html(reponse) -> str | None:
    if reponse.status_code in {204, 302, 405} or not reponse.headers.get("Content-Type", "").startswith(
        "text/html"
    ):
        return None
    return reponse.content.decode()


@pytest.mark.une_fois
@pytest.mark.parametrize(
    "role", [Role.COORDINATEUR, Role.PARTENAIRE, Role.PRESIDENT, Role.PREFECTURE, Role.ADMINISTRATEUR]
)
def test_chaque_page_est_bien_faite(monde, client, role):
    entrer(client, utilisateur(role, monde.conseil))
    lues, trouvees = 0, {}
    for adresse in toutes():
        reponse = client.get(adresse.chemin(monde.parametres))
        page = _html(reponse)
        vider(reponse)
        if page is None or not page.lstrip().lower().startswith("<!doctype"):
            continue
        lues += 1
        if f := fautes(page):
            trouvees[adresse.nom] = f
    assert not trouvees
    assert lues > 8, DROITS


def test_les_pages_ouvertes_et_les_refus_sont_bien_faits(monde, client):
    pages = [
        client.get("/connexion/"),
        client.post("/connexion/", {"username": "x"}),
        client.get("/accessibilite/"),
        client.get("/rien-ici/"),
        client.get("/premier-acces/abc/def/"),
        client.get("/premier-acces/{qui}/{jeton}/".format(**monde.parametres)),
    ]
    entrer(client, utilisateur(Role.PRESIDENT, monde.conseil))
    pages += [client.get("/administration/comptes/"), client.get("/rien-ici/")]
    assert {p.status_code for p in pages} == {200, 403, 404, 410} | ({302} & {p.status_code for p in pages})
    for page in pages:
        if page.status_code != 302:
            assert not fautes(page.content.decode())


@pytest.mark.parametrize(
    ("source", "attendue"),
    [
        ("<main><h1>a</h1></main>", "0 <title>"),
        ("<ul><p>a</p></ul>", "<p> dans <ul>"),
        ("<div><li>a</li></div>", "<li> dans <div>"),
        ('<main><h1>a</h1><input name="q"></main>', "sans étiquette"),
        ("<main><h1>a</h1><h3>b</h3></main>", "h1 suivi de h3"),
        ('<main><h1>a</h1><p style="color:red">b</p></main>', "porte style"),
        ("<main><h1>a</h1><script>1</script></main>", "un script écrit"),
        ('<main><h1>a</h1><p id="x"></p><p id="x"></p></main>', "répété"),
        ('<main><h1>a</h1><p aria-labelledby="y"></p></main>', "absent"),
        ("<main><h1>a</h1><div></main>", "ferme"),
    ],
)
def test_les_regles_voient_ce_qu_elles_cherchent(source, attendue):
    assert any(attendue in f for f in fautes(f'<html lang="fr">{source}</html>'))
