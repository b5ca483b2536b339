"""What is understood of a search, what a word may mean, what is marked: without any database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pupitre.socle.recherche import (
    Element,
    Genre,
    Lexique,
    Lot,
    Question,
    RayonEnMemoire,
    Trouvaille,
    cle,
    corriger,
    extrait,
    marquer,
    repondre,
)


def _formes(saisie: str) -> list[tuple[str, ...]]:
    return [m.formes for m in Question.lire(saisie).mots]


@pytest.mark.parametrize(
    ("saisie", "formes"),
    [
        ("Éclairage", [("eclairage",)]),
        ("l’éclairage du square", [("eclairage",), ("square",)]),
        ("caméras", [("camera",)]),
        ("bus de nuit", [("bus",), ("nuit",)]),
        ("2026-31", [("2026 31 ", "2026 031 ")]),
        ("décision 2026-5", [("2026 5 ", "2026 05 ", "2026 005 "), ("decision",)]),
        ("12/03/2026", [("12 03 2026 ",)]),
        ("2026-03-12", [("12 03 2026 ",)]),
        ("1.3.2026", [("01 03 2026 ",)]),
        ("+33 1 49 80 12 34", [("0149801234",)]),
        ("01.49.80.12.34", [("0149801234",)]),
        ("Saint-Étienne", [("st",), ("etienne",)]),
        ("de la", [("de",), ("la",)]),
        ("hall hall", [("hall",)]),
        ("a", []),
        ("  ’ ", []),
    ],
)
def test_ce_qui_est_compris(saisie, formes):
    assert _formes(saisie) == formes


@given(st.text(max_size=300))
def test_tout_se_lit_et_rien_ne_deborde(saisie):
    question = Question.lire(saisie)
    assert len(question.mots) <= 8
    assert len(question.saisie) <= 120
    assert all(m.formes and all(f.strip() for f in m.formes) for m in question.mots)
    assert len(extrait(saisie, question.formes, 80)) <= 90


@given(st.text(max_size=200), st.lists(st.text(alphabet="abcdefé", min_size=1, max_size=4), max_size=3))
def test_marquer_ne_perd_ni_n_ajoute_rien(texte, mots):
    import unicodedata

    morceaux = marquer(texte, [cle(m) for m in mots])
    assert "".join(t for t, _ in morceaux) == unicodedata.normalize("NFC", texte)


def test_les_mots_cherches_sont_marques_avec_leurs_accents():
    assert marquer("L’éclairage des éclaireurs", ("eclair",)) == [
        ("L’", False), ("éclairage", True), (" des ", False), ("éclaireurs", True),
    ]  # fmt: skip
    assert marquer("Décision 2026-31", ("2026 31 ",)) == [
        ("Décision ", False), ("2026", True), ("-", False), ("31", True),
    ]  # fmt: skip


def test_l_extrait_entoure_le_mot():
    texte = "Début. " + "rien à dire " * 60 + "la caméra du parking " + "et la suite " * 60
    lu = extrait(texte, ("parking",))
    assert lu.startswith("… ")
    assert lu.endswith(" …")
    assert "caméra du parking" in lu
    assert len(lu) <= 230
    assert extrait("Court.", ("parking",)) == "Court."


@pytest.mark.parametrize(
    ("saisie", "attendues"),
    [
        ("eclairagz", [("eclairage",)]),
        ("ecalirage", [("eclairage",)]),
        ("residense", [("residence",)]),
        ("hal", [("hal",)]),
        ("gare zzzzzz", [("gare",), ("zzzzzz",)]),
    ],
)
def test_seul_un_mot_inconnu_est_corrige(saisie, attendues):
    lexique = Lexique.lire([cle(t) for t in ("éclairage du square", "la gare", "résidence", "hall")])
    assert [m.formes for m in corriger(Question.lire(saisie), lexique).mots] == attendues


def _rayon(genre: str, *titres: str, nom: bool = False) -> RayonEnMemoire:
    return RayonEnMemoire(
        Genre(genre, genre, f"{genre}s"),
        lambda: [Element(Trouvaille(genre, {}, t), cle(t)) for t in titres],
        nom=nom,
    )


def _titres(lot: Lot) -> list[str]:
    return [t.titre for t in lot.trouvailles]


def test_le_meilleur_genre_d_abord_et_le_meilleur_dans_chaque_genre():
    rayons = [_rayon("note", "Éclairages et bancs", "Un éclairage"), _rayon("lieu", "Éclairage", nom=True)]
    reponse = repondre(Question.lire("eclairage"), rayons, limite=5)
    assert [lot.genre.cle for lot in reponse.lots] == ["lieu", "note"]
    assert _titres(reponse.lots[1]) == ["Un éclairage", "Éclairages et bancs"]
    assert reponse.total == 3
    assert not reponse.corrigee


def test_un_mot_mal_ecrit_est_dit_corrige_comme_il_est_ecrit():
    reponse = repondre(
        Question.lire("eclairagz squar"), [_rayon("note", "Éclairage du square, éclairage")], limite=5
    )
    assert reponse.corrigee
    assert reponse.dite == "éclairage squar"
    assert reponse.lots[0].trouvailles[0].formes == ("eclairage", "squar")


def test_des_mots_jamais_ensemble_se_cherchent_seuls():
    rayons = [_rayon("note", "Éclairage du square", "La gare")]
    reponse = repondre(Question.lire("gare éclairage zorglub"), rayons, limite=5)
    assert reponse.total == 0
    assert reponse.connus == ("gare", "eclairage")


def test_le_mot_qui_dit_le_genre_n_y_est_pas_cherche():
    rayons = [_rayon("note", "Éclairage"), _rayon("lieu", "Éclairage")]
    reponse = repondre(Question.lire("note éclairage"), rayons, limite=5)
    assert [lot.genre.cle for lot in reponse.lots] == ["note"]


def test_la_suite_d_un_genre():
    rayons = [_rayon("note", *(f"Note {i:02}" for i in range(12)))]
    reponse = repondre(Question.lire("note 0"), rayons, limite=4, genre="note", depuis=4)
    assert _titres(reponse.lots[0]) == ["Note 04", "Note 05", "Note 06", "Note 07"]
    assert reponse.total == 10
