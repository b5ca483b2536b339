"""What the benchmarks print goes to the page between its marks, and nowhere else."""

from outils.bench import FIN, PAGE, marque, modules, reporter

VIDE = f"# Titre\n\n{marque('a')}\nancien\n{FIN}\n\ntexte\n\n{marque('b')}\nautre\n{FIN}\n"


def test_only_what_is_between_its_marks_changes():
    page = reporter(VIDE, "a", "Mesure :\n\n| x | y |\n|---|---:|\n| 1 | 2 |\n\n\n\n- but : tenu\n")
    assert "ancien" not in page
    assert "Mesure :\n\n| x | y |\n|---|---:|\n| 1 | 2 |\n\n- but : tenu\n" in page
    assert page.endswith(f"\n\ntexte\n\n{marque('b')}\nautre\n{FIN}\n")
    assert reporter(page, "b", "autre") != page
    assert reporter(page, "c", "perdu") == page


def test_lone_sentences_become_a_list_and_printing_twice_changes_nothing():
    page = reporter(VIDE, "a", "un rapport \\1 de 2\n\nun autre\n")
    assert "\n- un rapport \\1 de 2\n- un autre\n" in page
    assert reporter(page, "a", "un rapport \\1 de 2\n\nun autre\n") == page


def test_the_page_has_a_place_for_what_it_speaks_about_only():
    page = PAGE.read_text("utf-8")
    marques = [
        li.removeprefix("<!-- mesure : ").removesuffix(" -->")
        for li in page.splitlines()
        if "<!-- mesure :" in li
    ]
    assert set(marques) <= {*modules(), "machine"}
    assert len(marques) == len(set(marques)) == page.count(FIN)
