"""Pieces of marked text: nothing lost, nothing moved, however marks overlap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.page.pieces import LONGEST_CLUSTER, Mark, drawable, pieces_of, tricks_of

TEXT = "free flight 🛫 to Bangkok"


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], [(TEXT, (), ())]),
        ([(0, 4, 1)], [("free", (1,), (1,)), (" flight 🛫 to Bangkok", (), ())]),
        ([(0, 11, 1), (5, 13, 2)], [("free ", (1,), ()), ("flight", (1, 2), (1,)), (" 🛫", (2,), (2,)), (" to Bangkok", (), ())]),
        ([(0, 24, 1), (5, 11, 2)], [("free ", (1,), ()), ("flight", (1, 2), (2,)), (" 🛫 to Bangkok", (1,), (1,))]),
        ([(0, 4, 1), (0, 4, 2)], [("free", (1, 2), (1, 2)), (" flight 🛫 to Bangkok", (), ())]),
        ([(0, 4, 1), (4, 11, 1)], [("free flight", (1,), (1,)), (" 🛫 to Bangkok", (), ())]),
    ],
    ids=["none", "one", "overlap", "nested", "the same place", "of one reason, touching"],
)
def test_marks_cut_the_text(marks: list[tuple[int, int, int]], expected: list[tuple[str, tuple[int, ...], tuple[int, ...]]]) -> None:
    pieces = pieces_of(TEXT, [Mark(*mark) for mark in marks])
    assert [(p.text, p.marks, p.ends) for p in pieces] == expected


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(1, 12), st.integers(1, 5)), max_size=12),
)
def test_pieces_are_the_text_and_every_mark_covers_its_place(text: str, raw: list[tuple[int, int, int]]) -> None:
    marks = [Mark(start, min(start + size, len(text)), number) for start, size, number in raw if start < len(text)]
    pieces = pieces_of(text, marks)
    assert "".join(p.text for p in pieces) == text
    drawn = [set(piece.marks) for piece in pieces for _ in piece.text]
    assert drawn == [{m.number for m in marks if m.start <= at < m.end} for at in range(len(text))]


def test_hidden_characters_are_named() -> None:
    notes = [{"field": "text", "start": 1, "end": 2, "kind": "invisible"}, {"field": "text", "start": 4, "end": 9, "kind": "entity"}]
    (_, hidden, _) = pieces_of("a\u200bb &amp;", [], tricks_of(notes))
    assert hidden.trick
    assert hidden.unseen == ["U+200B"]


def test_an_ad_of_tricks_alone_stays_small() -> None:
    notes = [{"start": i, "end": i + 1, "kind": "confusable"} for i in range(0, 100_000, 2)]
    assert len(pieces_of("x" * 100_000, [], tricks_of(notes))) < 1000


@pytest.mark.parametrize(
    ("text", "mark", "grown"),
    [
        ("free flight", (0, 4), (0, 4)),
        ("ညကန့်", (2, 3), (2, 5)),
        ("ညကန့်", (3, 4), (2, 5)),
        ("ក្មេង", (0, 1), (0, 4)),
        ("a" + "\u0301" * 50, (0, 1), (0, 1 + LONGEST_CLUSTER)),
    ],
)
def test_marks_never_cut_a_letter(text: str, mark: tuple[int, int], grown: tuple[int, int]) -> None:
    assert drawable(text, Mark(*mark, 1)) == Mark(*grown, 1)
