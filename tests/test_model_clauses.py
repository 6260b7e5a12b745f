"""Marks reach over their clause, and no further."""

import numpy as np
import pytest

from model.advert import Advert
from model.clauses import CHARACTERS, WORDS, widened
from model.normalise import Normaliser


def told(normaliser: Normaliser, text: str, mark: str, against: str = "", held: str = "") -> str:
    """The widened mark of one word, as the words that it covers."""
    n = normaliser([Advert.from_text(text)])
    words = [n.token_text(i) for i in range(len(n.tokens.first))]
    tokens, taken = np.zeros(len(words)), np.zeros(len(words), np.bool_)
    tokens[[i for i, w in enumerate(words) if w == against]] = -1.0
    taken[[i for i, w in enumerate(words) if w == held]] = True
    at = np.array([words.index(mark)], np.int32)
    first, last = widened(at, at, taken, tokens, n, normaliser.tables)
    return " ".join(words[first[0] : last[0] + 1])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("we pay. your flight is paid by us, come", "your flight is paid by us"),
        ("flight\npaid", "flight"),
        ("see ✈️ flight ✅ paid", "flight"),
        ("it is so that our flight goes out to far away", "is so that our flight goes out to far"),
        ("flight", "flight"),
        ("<p>free flight</p><p>room</p>", "free flight"),
    ],
)
def test_a_mark_reaches_over_its_clause(normaliser: Normaliser, text: str, wanted: str) -> None:
    assert told(normaliser, text, "flight") == wanted
    assert wanted.split().index("flight") <= WORDS


def test_words_that_speak_against_or_are_held_stop_it(normaliser: Normaliser) -> None:
    assert told(normaliser, "no fee your flight is paid", "flight", against="your", held="paid") == "flight is"


def test_scripts_without_spaces_count_characters(normaliser: Normaliser) -> None:
    text = "甲" * 30 + "机" + "乙" * 30
    assert told(normaliser, text, "机").replace(" ", "") == "甲" * CHARACTERS + "机" + "乙" * CHARACTERS


def test_fields_are_not_crossed(normaliser: Normaliser) -> None:
    n = normaliser([Advert((("title", "free"), ("description", "flight")))])
    at = np.array([1], np.int32)
    assert widened(at, at, np.zeros(2, np.bool_), np.zeros(2), n, normaliser.tables) == ([1], [1])
