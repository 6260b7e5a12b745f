"""Interface texts, names and bodies: every language has them all, and no body is shown without a source."""

from string import Formatter

import pytest

from serve.page.bodies import DOES, Bodies
from serve.page.examples import Examples
from serve.page.languages import Languages, region
from serve.page.seedfiles import FOLDER, read_yaml

LANGUAGES = Languages.load()
ENGLISH = LANGUAGES.words("en")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_languages_are_those_of_the_advice() -> None:
    assert set(LANGUAGES.names) == {path.stem for path in (FOLDER / "advice").glob("*.yaml")}
    assert len(LANGUAGES.names) == 25


@pytest.mark.parametrize("language", sorted(LANGUAGES.names))
def test_every_language_says_everything(language: str) -> None:
    words = LANGUAGES.words(language)
    assert list(words.texts) == list(ENGLISH.texts)
    assert set(words.countries) == set(Bodies.load().by_country)
    for key, text in words.texts.items():
        assert text.strip() == text != ""
        assert fields(text) == fields(ENGLISH[key]), key
    own = [key for key, text in words.texts.items() if text == ENGLISH[key]]
    assert language == "en" or len(own) <= 4, own


def test_only_sourced_bodies_are_shown() -> None:
    known = read_yaml(FOLDER / "sources.yaml")["sources"]
    for country, bodies in Bodies.load().by_country.items():
        assert len(country) == 2
        for body in bodies:
            assert body.source in known
            assert body.does in DOES
            assert body.name


@pytest.mark.parametrize(
    ("asked", "accepted", "language", "country"),
    [
        (None, "", "en", ""),
        (None, "id-ID,id;q=0.9,en;q=0.8", "id", "ID"),
        (None, "xx,en-GB;q=0.5,sw-KE;q=0.9", "sw", "KE"),
        (None, "fil-PH", "tl", "PH"),
        (None, "zh-Hant-TW", "zh", "TW"),
        ("ar", "id-ID", "ar", "ID"),
        ("<script>", "ur", "ur", ""),
        (None, ";;;,,q=9;q=x,de" * 500, "en", ""),
    ],
)
def test_the_browser_chooses(asked: str | None, accepted: str, language: str, country: str) -> None:
    assert LANGUAGES.chosen(asked, accepted) == language
    assert region(accepted) == country


@pytest.mark.parametrize("language", sorted(LANGUAGES.names))
def test_examples_show_their_lure(language: str) -> None:
    shelf = Examples(LANGUAGES.showpieces).of(language)
    assert len(shelf.by_lure) >= 15
    for shown in shelf.by_lure.values():
        for example in shown:
            assert "".join(piece.text for piece in example.pieces) == example.text
            assert any(1 in piece.marks for piece in example.pieces)
    assert shelf.showpiece
