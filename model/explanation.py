"""Gathers contributions into the few phrases a person would underline; what is too faint to show is summed under a name, never dropped."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.cues import LURE_OF, NAMES
from model.lures import LURES
from model.reading import Reading
from model.scorer import Scores
from model.stream import Places
from model.tables import Tables
from model.verdict import Other, Span
from model.weights import Weights

LEARNT, FAINT = "learnt phrase", "learnt wording too faint to show"
FAINTEST_TOKEN, FAINTEST_SPAN, MOST_LEARNT, SHORTEST_WORD = 0.04, 0.25, 8, 5


@dataclass(slots=True)
class Mark:
    """Tokens [first, last] that carry one lure or one cue."""

    first: int
    last: int
    lure: str | None
    cue: str
    contribution: float


def explain(reading: Reading, scores: Scores, tables: Tables, adverts: int) -> list[tuple[tuple[Span, ...], tuple[Other, ...]]]:
    """Spans and other contributions of every advert of a batch, most telling first; their sum is the advert's total."""
    tokens = scores.tokens.copy()
    marks = cue_marks(reading, scores, tokens, adverts)
    for advert, mark in learnt_marks(reading, scores, tokens):
        marks[advert].append(mark)
    return [told(reading, tables, marks[advert], float(scores.total[advert])) for advert in range(adverts)]


def told(reading: Reading, tables: Tables, marks: list[Mark], total: float) -> tuple[tuple[Span, ...], tuple[Other, ...]]:
    """Spans of the marks, and the rest of the total."""
    spans = [span_of(reading, tables, mark) for mark in marks]
    spans.sort(key=lambda s: (-abs(s.contribution), s.field, s.start, s.end, s.cue))
    rest = total - math.fsum(span.contribution for span in spans)
    return tuple(spans), (Other(FAINT, rest),) if rest else ()


def cue_marks(reading: Reading, scores: Scores, tokens: Weights, adverts: int) -> list[list[Mark]]:
    """Marks of all cues; those of one lure that touch become one. They take the learnt weight of their tokens with them."""
    marks: list[list[Mark]] = [[] for _ in range(adverts)]
    latest: dict[tuple[int, str], Mark] = {}
    best: dict[int, float] = defaultdict(float)
    cues = reading.cues
    for advert, cue, first, last, value in zip(cues.advert.tolist(), cues.cue.tolist(), cues.first.tolist(), cues.last.tolist(), scores.cues.tolist(), strict=True):
        lure = LURE_OF[cue]
        mark = latest.get((advert, lure or NAMES[cue]))
        if mark is None or first > mark.last:
            mark = Mark(first, last, lure, NAMES[cue], value)
            latest[advert, lure or NAMES[cue]] = mark
            marks[advert].append(mark)
            best[id(mark)] = value
            continue
        mark.last = max(mark.last, last)
        mark.contribution += value
        if value > best[id(mark)]:
            mark.cue, best[id(mark)] = NAMES[cue], value
    for found in marks:
        for mark in sorted(found, key=lambda m: -abs(m.contribution)):
            part = slice(mark.first, mark.last + 1)
            mark.contribution += float(tokens[part].sum())
            tokens[part] = 0.0
    return marks


def learnt_marks(reading: Reading, scores: Scores, tokens: Weights) -> Iterator[tuple[int, Mark]]:
    """The strongest runs of tokens that pull the same way, for each advert."""
    n = reading.normalised
    if not len(tokens):
        return
    sign = np.where(tokens > FAINTEST_TOKEN, 1, np.where(tokens < -FAINTEST_TOKEN, -1, 0))
    first, last = same_runs(sign, n.tokens.field)
    cumulated = np.concatenate([[0.0], np.cumsum(tokens)])
    sums = cumulated[last + 1] - cumulated[first]
    width = n.tokens.last[last] - n.tokens.first[first] + 1
    fine = (np.abs(sums) >= FAINTEST_SPAN) & ((last > first) | (width >= SHORTEST_WORD))
    first, last, sums = first[fine], last[fine], sums[fine]
    advert = n.sheet.adverts[n.tokens.field[first]]
    order = np.lexsort((first, -np.abs(sums), advert))
    rank = np.arange(len(order)) - np.searchsorted(advert[order], advert[order])
    for i in order[rank < MOST_LEARNT].tolist():
        part = slice(int(first[i]), int(last[i]) + 1)
        value = math.fsum(tokens[part].tolist())
        yield int(advert[i]), Mark(int(first[i]), int(last[i]), lure_of_run(scores, part) if value > 0 else None, LEARNT, value)


def same_runs(sign: Places, field: Places) -> tuple[Places, Places]:
    """First and last index of runs of one sign, not zero, within one field."""
    if not sign.any():
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    cut = np.flatnonzero((sign[1:] != sign[:-1]) | (field[1:] != field[:-1])) + 1
    first = np.concatenate([[0], cut])
    last = np.concatenate([cut - 1, [len(sign) - 1]])
    keep = sign[first] != 0
    return first[keep], last[keep]


def lure_of_run(scores: Scores, part: slice) -> str | None:
    """The lure with which most of the run's weight was learnt; None where that is less than half of it."""
    lures, weights = scores.lure[part], scores.tokens[part]
    if not (lures >= 0).any():
        return None
    sums = np.bincount(lures[lures >= 0], weights[lures >= 0], len(LURES))
    best = int(sums.argmax())
    return LURES[best] if sums[best] >= 0.5 * weights.sum() else None


def span_of(reading: Reading, tables: Tables, mark: Mark) -> Span:
    """A mark in the caller's own text; marks that combine with the last character belong to it."""
    n = reading.normalised
    start, end = int(n.chars.start[n.tokens.first[mark.first]]), int(n.chars.end[n.tokens.last[mark.last]])
    field = int(n.tokens.field[mark.first])
    while tables.mark[min(int(n.sheet.codes[end]), len(tables.mark) - 1)]:
        end += 1
    offset = int(n.sheet.starts[field])
    text = n.sheet.texts[field][start - offset : end - offset]
    lure = mark.lure if mark.contribution > 0 else None
    return Span(n.sheet.names[field], start - offset, end - offset, text, lure, mark.cue, mark.contribution)
