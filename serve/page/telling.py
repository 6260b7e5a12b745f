"""A verdict as it is told to people: in the reader's language, whatever the language of the ad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.advice import Adviser
from model.verdict import LureReason, Verdict
from serve.page.languages import Words
from serve.page.pieces import Mark, Piece, drawable, pieces_of, tricks_of

WORDING = "wording"
"""Stands for phrases that count but belong to no lure."""
FAINTEST = 0.1
FEW = 2
"""Least log-odds of a phrase without a lure that is marked."""


@dataclass(frozen=True)
class Reason:
    """Why phrases are marked. number: as it stands at the marks, from 1. phrases: their wording, each once."""

    number: int
    lure: str
    title: str
    why: str
    questions: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """One verdict. without: wording of the counterfactual's phrases, and the level's name without them; None where there is none.

    tricks: disguised stretches, each once, with the code points of those that are short.
    """

    text: str
    language: str
    level: str
    probability: float
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    reasons: tuple[Reason, ...]
    without: tuple[tuple[str, ...], str] | None
    tricks: tuple[tuple[str, tuple[str, ...]], ...]
    steps: tuple[Mapping[str, str], ...]

    def shortened(self, most: int, reasons: int) -> list[Piece]:
        """The pieces of about the first `most` code points, with marks of the first `reasons` reasons alone."""
        out: list[Piece] = []
        left = most
        for piece in self.pieces:
            text = piece.text if piece.marks else piece.text[: max(left, 0)]
            marks, ends = (tuple(n for n in numbers if n <= reasons) for numbers in (piece.marks, piece.ends))
            out += [Piece(text, marks, ends, piece.trick)] if left > 0 else []
            left -= len(piece.text)
        return out

    @property
    def titles(self) -> list[str]:
        """Titles of the lures, most telling first."""
        return [reason.title for reason in self.reasons if reason.lure != WORDING]


def told(verdict: Verdict, text: str, words: Words, adviser: Adviser) -> Told:
    """The verdict on plain text `text`, in the language of `words`."""
    reasons = reasons_of(verdict, words, adviser)
    marks = marks_of(verdict, text, reasons)
    counter = verdict.counterfactual
    tricks = tricks_of(verdict.normalised)
    likeliest = verdict.lure_types[0][0] if verdict.lure_types else None
    return Told(
        text=text,
        language=verdict.language,
        level=verdict.level,
        probability=verdict.probability,
        pieces=tuple(pieces_of(text, marks, tricks)),
        marks=tuple(marks),
        reasons=tuple(reasons),
        without=(quoted(verdict, counter.spans), words[f"level_{counter.level}"]) if counter else None,
        tricks=tuple((word, codes_of(word)) for word in dict.fromkeys(text[start:end] for start, end in tricks)),
        steps=adviser.steps(words.language, verdict.level, likeliest),
    )


def reasons_of(verdict: Verdict, words: Words, adviser: Adviser) -> list[Reason]:
    """The lures, most telling first, and last what is marked without a lure."""
    lures = [
        reason(number, adviser.reason(found.lure, words.language, found.contribution, found.spans), quoted(verdict, found.spans))
        for number, found in enumerate(verdict.lures, 1)
    ]
    bare = [i for i, span in enumerate(verdict.spans) if span.lure is None and span.contribution >= FAINTEST]
    if bare:
        lures.append(Reason(len(lures) + 1, WORDING, words["wording"], words["wording_why"], (), quoted(verdict, bare)))
    return lures


def reason(number: int, found: LureReason, phrases: tuple[str, ...]) -> Reason:
    """One lure."""
    return Reason(number, found.lure, found.title, found.why, found.questions, phrases)


def codes_of(word: str) -> tuple[str, ...]:
    """Code points of a disguise of few characters; of a whole word none, it speaks for itself."""
    return tuple(f"U+{ord(c):04X}" for c in word) if len(word) <= FEW else ()


def quoted(verdict: Verdict, spans: Sequence[int]) -> tuple[str, ...]:
    """Wording of spans, each once, blanks as one space."""
    return tuple(dict.fromkeys(" ".join(verdict.spans[i].text.split()) for i in spans))


def marks_of(verdict: Verdict, text: str, reasons: Sequence[Reason]) -> list[Mark]:
    """Every span that has a reason, as it can be drawn."""
    numbers = {reason.lure: reason.number for reason in reasons}
    shown = (span for span in verdict.spans if span.lure or span.contribution >= FAINTEST)
    marks = (Mark(span.start, span.end, numbers[span.lure or WORDING]) for span in shown)
    return [drawable(text, mark) for mark in marks]
