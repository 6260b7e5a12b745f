"""Do the marked phrases agree with an analyst's underlining, and does the score hang on them?"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from model.advert import Advert
from model.classifier import Options, ScamAdClassifier
from model.verdict import Verdict
from training.rows import Row, Underline

REMOVED = 3


def span_figures(classifier: ScamAdClassifier, scams: Sequence[Row], seed: int, options: Options | None = None) -> dict[str, Any]:
    """Word-level F1 of spans with a lure against the underlining, share of shared words with the right lure, and the deletion test."""
    verdicts = list(classifier.judge_many([row.advert for row in scams], options))
    counts = np.array([agreement(row, verdict) for row, verdict in zip(scams, verdicts, strict=True)])
    both, ours, theirs, right = counts.sum(axis=0).tolist()
    precision, recall = both / max(ours, 1), both / max(theirs, 1)
    rng = np.random.default_rng(seed)
    beats = [
        deletion(lambda a: classifier.judge(a, options).log_odds, row, verdict, rng) for row, verdict in zip(scams, verdicts, strict=True)
    ]
    told = [b for b in beats if b is not None]
    return {
        "scams": len(scams),
        "token_f1": 2 * precision * recall / max(precision + recall, 1e-12),
        "token_precision": precision,
        "token_recall": recall,
        "lure_right_on_shared_tokens": right / max(both, 1),
        "deletion_beats_random": float(np.mean(told)) if told else 0.0,
        "deletion_scams": len(told),
    }


def words(text: str) -> list[tuple[int, int]]:
    """Places of words; single characters where a script has no spaces. Letters and digits only."""
    out: list[tuple[int, int]] = []
    start = None
    for i, c in enumerate(text + " "):
        if c.isalnum() or (
            start is not None and not c.isspace() and not c.isascii() and c.isprintable() and not c.isalnum() and is_mark(c)
        ):
            if start is not None and dense(c):
                out.append((start, i))
                start = i
            start = i if start is None else start
        elif start is not None:
            out.append((start, i))
            start = None
    return out


def dense(c: str) -> bool:
    """A letter of a script without spaces."""
    return (
        "\u0e00" <= c <= "\u0eff"
        or "\u1000" <= c <= "\u109f"
        or "\u1780" <= c <= "\u17ff"
        or "\u3040" <= c <= "\u9fff"
        or "\uac00" <= c <= "\ud7a3"
    )


def is_mark(c: str) -> bool:
    """A combining mark, which belongs to its word."""
    return "\u0900" <= c <= "\u0dff" or "\u064b" <= c <= "\u065f" or "\u0300" <= c <= "\u036f"


def agreement(row: Row, verdict: Verdict) -> tuple[int, int, int, int]:
    """Words marked by both, by us, by the analyst, and by both with the same lure."""
    both = ours = theirs = right = 0
    for name, text in row.advert.parts:
        mine = [Underline(s.field, s.start, s.end, s.lure) for s in verdict.spans if s.field == name and s.lure]
        told = [u for u in row.underlines if u.field == name]
        for start, end in words(text):
            a = {u.lure for u in mine if u.start < end and u.end > start}
            b = {u.lure for u in told if u.start < end and u.end > start}
            ours, theirs = ours + bool(a), theirs + bool(b)
            both, right = both + bool(a and b), right + bool(a & b)
    return both, ours, theirs, right


def deletion(log_odds: Callable[[Advert], float], row: Row, verdict: Verdict, rng: np.random.Generator) -> bool | None:
    """Whether the log-odds fall more when the three strongest spans go than when as many stretches of the same lengths go at random."""
    top = [s for s in verdict.spans if s.contribution > 0][:REMOVED]
    if not top:
        return None
    chosen = [(s.field, s.start, s.end) for s in top]
    texts = dict(row.advert.parts)
    drawn = [(f, a, a + e - s) for f, s, e in chosen for a in [int(rng.integers(0, max(1, len(texts[f]) - (e - s) + 1)))]]
    ours, random = (log_odds(without(row, places)) for places in (chosen, drawn))
    return ours < random


def without(row: Row, places: Sequence[tuple[str, int, int]]) -> Advert:
    """The advert with these stretches blanked."""
    parts = []
    for name, text in row.advert.parts:
        for field, start, end in places:
            if field == name:
                text = text[:start] + " " * (end - start) + text[end:]  # noqa: PLW2901 - cut again and again
        parts.append((name, text or " "))
    return Advert(tuple(parts))
