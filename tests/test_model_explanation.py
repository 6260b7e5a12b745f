"""Marks reach over their clause, and no further; the weightiest has the tokens, and what no mark holds is told apart."""

import numpy as np
import pytest

from model.advert import Advert
from model.cues import NUMBER, PLACED, Cues
from model.explanation import FAINT, LEARNT, Explained, Explainer
from model.lures import LURE_TYPES, LURES
from model.ngrams import TokenHashes
from model.normalise import Normaliser
from model.reading import Reading
from model.scorer import Scores

WORDS, CHARACTERS = 4, 16
"""As in native/marks.c."""
LURE, OTHER_LURE, CONTEXT = "all_expenses_paid/1", "urgency/1", "context:asking"
Marked = dict[str, tuple[str, float]]
"""Cue and weight by the word on which it stands."""


def explained(normaliser: Normaliser, advert: Advert, marked: Marked, weights: dict[str, float] | None = None) -> Explained:
    """Of an advert in which words carry cues, and learnt weights."""
    n = normaliser([advert])
    words = [n.token_text(i) for i in range(len(n.tokens.first))]
    at = sorted((words.index(word), NUMBER[cue], weight) for word, (cue, weight) in marked.items())
    tokens, shares = np.array([(weights or {}).get(word, 0.0) for word in words]), np.array([weight for *_, weight in at])
    reading = Reading(n, TokenHashes.of(n), Cues(np.array([[cue, 0, i, i] for i, cue, _ in at], np.int32)))
    lure = np.full(len(words), LURES.index("urgency"), np.int8)
    held, types = np.zeros((1, len(PLACED)), np.bool_), np.zeros((1, len(LURE_TYPES)))
    scores = Scores(tokens, lure, shares, np.array([tokens.sum() + shares.sum()]), np.zeros(1), np.zeros(1), held, types)
    return Explainer(normaliser.tables)(reading, scores, 1)[0]


def told(normaliser: Normaliser, advert: Advert | str, mark: str, against: str = "", held: str = "") -> str:
    """The widened mark of one word, as the text that it covers."""
    marked = {mark: (LURE, 1.0), **({held: (CONTEXT, 0.1)} if held else {})}
    advert = Advert.from_text(advert) if isinstance(advert, str) else advert
    spans, _ = explained(normaliser, advert, marked, {against: -1.0})
    return next(span.text for span in spans if span.cue == LURE)


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
    assert told(normaliser, text, "机") == "甲" * CHARACTERS + "机" + "乙" * CHARACTERS


def test_fields_are_not_crossed(normaliser: Normaliser) -> None:
    assert told(normaliser, Advert((("title", "free"), ("description", "flight"))), "flight") == "flight"


def test_the_weightiest_mark_has_the_tokens_that_two_hold(normaliser: Normaliser) -> None:
    marked = {"free": (LURE, 1.0), "now": (OTHER_LURE, 2.0)}
    spans, other = explained(normaliser, Advert.from_text("free flight now"), marked, {"flight": 0.5})
    assert [(span.cue, span.text, span.contribution) for span in spans] == [(OTHER_LURE, "flight now", 2.5), (LURE, "free flight", 1.0)]
    assert other == ()


def test_the_strongest_runs_that_no_mark_holds_are_told_and_the_rest_is_named(normaliser: Normaliser) -> None:
    words = [f"word{chr(97 + i)}" for i in range(12)]
    weights = {word: 0.3 + 0.1 * i for i, word in enumerate(words)} | {"faint": 0.05, "no": 5.0}
    spans, other = explained(normaliser, Advert.from_text(" and ".join([*words, "faint", "no"])), {}, weights)
    assert [span.text for span in spans] == words[:3:-1]
    assert {(span.cue, span.lure) for span in spans} == {(LEARNT, "urgency")}
    assert [o.cue for o in other] == [FAINT]
    assert other[0].contribution == pytest.approx(sum(weights.values()) - sum(span.contribution for span in spans))


def test_equals_are_told_by_the_name_of_their_field_then_by_place(normaliser: Normaliser) -> None:
    advert = Advert((("title", "alpha. beta"), ("description", "gamma")))
    marked = dict.fromkeys(("alpha", "beta", "gamma"), (LURE, 1.0))
    spans, _ = explained(normaliser, advert, marked)
    assert [span.text for span in spans] == ["gamma", "alpha", "beta"]


def test_what_speaks_for_no_scam_is_told_without_its_lure(normaliser: Normaliser) -> None:
    spans, _ = explained(normaliser, Advert.from_text("free flight"), {"free": (LURE, -1.0)})
    assert [(span.text, span.lure, span.cue) for span in spans] == [("free", None, LURE)]
