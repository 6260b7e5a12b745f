"""Gathers contributions into the few phrases a person would underline; what is too faint to show is summed under a name, never dropped."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.clauses import widened
from model.cues import LURE_OF, NAMES
from model.lures import LURES
from model.reading import Reading
from model.scorer import Run, Scores
from model.stream import Places
from model.tables import Tables
from model.verdict import Other, Span
from model.weights import Weights

LEARNT, WORDING, FAINT = "learnt phrase", "wording that the encoder knows", "learnt wording too faint to show"
NOTHING = 1e-12
"""What rounding leaves."""
FAINTEST_TOKEN, FAINTEST_SPAN, MOST_LEARNT, SHORTEST_WORD = 0.04, 0.25, 8, 5
FAINTEST_RUN = 0.05
"""Least that a run of the encoder must contribute to be shown."""


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
    marks = cue_marks(reading, scores)
    marks = joined_runs(marks, scores.runs) if scores.runs else marks
    if not scores.runs:
        widen(marks, tokens, reading, tables)
    take_tokens(marks, tokens)
    marks = [m for m in marks if m.cue != WORDING or abs(m.contribution) >= FAINTEST_RUN]
    marks += learnt_marks(reading, scores, tokens)
    spans: list[list[Span]] = [[] for _ in range(adverts)]
    for advert, span in spans_of(reading, tables, marks):
        spans[advert].append(span)
    out: list[tuple[tuple[Span, ...], tuple[Other, ...]]] = []
    for own, total in zip(spans, scores.total.tolist(), strict=True):
        own.sort(key=telling)
        rest = total - math.fsum([span.contribution for span in own])
        out.append((tuple(own), (Other(FAINT, rest),) if abs(rest) > NOTHING else ()))
    return out


def placed(advert: Advert, found: tuple[tuple[Span, ...], tuple[Other, ...]]) -> tuple[tuple[Span, ...], tuple[Other, ...]]:
    """Spans that stand in the caller's own text; what composed parts contribute has no place there and is named after its part."""
    if not advert.composed:
        return found
    spans, other = found
    named = tuple(Other(f"{span.cue} in {span.field}", span.contribution) for span in spans if span.field in advert.composed)
    return tuple(span for span in spans if span.field not in advert.composed), (*named, *other)


def telling(span: Span) -> tuple[float, str, int, int, str]:
    """Order of spans: the largest contribution first, whatever its sign, then by place."""
    return -abs(span.contribution), span.field, span.start, span.end, span.cue


def cue_marks(reading: Reading, scores: Scores) -> list[Mark]:
    """Marks of all cues; those of one lure that touch become one."""
    marks: list[Mark] = []
    latest: dict[tuple[int, str], tuple[Mark, float]] = {}
    cues = reading.cues
    columns = (cues.advert.tolist(), cues.cue.tolist(), cues.first.tolist(), cues.last.tolist(), scores.cues.tolist())
    for advert, cue, first, last, value in zip(*columns, strict=True):
        lure, name = LURE_OF[cue], NAMES[cue]
        mark, best = latest.get((advert, lure or name), (None, 0.0))
        if mark is None or first > mark.last:
            mark, best = Mark(first, last, lure, name, value), value
            marks.append(mark)
        else:
            mark.last, mark.contribution = max(mark.last, last), mark.contribution + value
            mark.cue, best = (name, value) if value > best else (mark.cue, best)
        latest[advert, lure or name] = (mark, best)
    return marks


def widen(marks: Sequence[Mark], tokens: Weights, reading: Reading, tables: Tables) -> None:
    """Let marks that speak for a lure reach over their clause. The encoder's runs do so by themselves."""
    held = np.zeros(len(tokens), np.bool_)
    for mark in marks:
        held[mark.first : mark.last + 1] = True
    chosen = [mark for mark in marks if mark.lure and mark.contribution > 0]
    first, last = (np.array(places, np.int32) for places in ([m.first for m in chosen], [m.last for m in chosen]))
    for mark, *places in zip(chosen, *widened(first, last, held, tokens, reading.normalised, tables), strict=True):
        mark.first, mark.last = places


def take_tokens(marks: list[Mark], tokens: Weights) -> None:
    """Let each mark have the learnt weight of its tokens, the weightiest mark first; what is taken is zero afterwards."""
    order = sorted(range(len(marks)), key=lambda i: -abs(marks[i].contribution))[::-1]
    first, last = (np.array(places, np.intp) for places in ([marks[i].first for i in order], [marks[i].last for i in order]))
    size = last - first + 1
    whose = np.repeat(np.array(order, np.intp), size)
    at = np.repeat(last + 1 - np.cumsum(size), size) + np.arange(len(whose))
    owner = np.full(len(tokens), -1, np.intp)
    owner[at] = whose  # the weightiest is written last
    taken = np.flatnonzero(owner >= 0)
    for mark, weight in zip(marks, np.bincount(owner[taken], tokens[taken], len(marks)).tolist(), strict=True):
        mark.contribution += weight
    tokens[taken] = 0.0


def joined_runs(marks: list[Mark], runs: Sequence[Run]) -> list[Mark]:
    """Marks and the encoder's runs, in reading order; those of one lure that overlap become one."""
    told = [Mark(run.first, run.last, LURES[run.lure], WORDING, 0.0) for run in runs]
    out: list[Mark] = []
    latest: dict[str | None, Mark] = {}
    for mark in sorted([*marks, *told], key=lambda m: m.first):
        before = latest.get(mark.lure) if mark.lure else None
        if before and mark.first <= before.last:
            before.last, before.contribution = max(before.last, mark.last), before.contribution + mark.contribution
            before.cue = mark.cue if before.cue == WORDING else before.cue
        else:
            latest[mark.lure] = mark
            out.append(mark)
    return out


def learnt_marks(reading: Reading, scores: Scores, tokens: Weights) -> Iterator[Mark]:
    """The strongest runs of tokens that pull the same way, for each advert."""
    n = reading.normalised
    first, last = same_runs(tokens, n.tokens.field)
    sums = np.add.reduceat(np.append(tokens, 0.0), np.stack([first, last + 1], axis=1).ravel())[::2] if len(first) else tokens[:0]
    width = n.tokens.last.take(last) - n.tokens.first.take(first) + 1
    fine = np.flatnonzero((np.abs(sums) >= FAINTEST_SPAN) & ((last > first) | (width >= SHORTEST_WORD)))
    first, last, sums = first[fine], last[fine], sums[fine]
    advert = n.sheet.adverts[n.tokens.field[first]]
    order = np.lexsort((first, -np.abs(sums), advert))
    rank = np.arange(len(order)) - np.searchsorted(advert[order], advert[order])
    chosen = order[rank < MOST_LEARNT]
    for f, k, value in zip(first[chosen].tolist(), last[chosen].tolist(), sums[chosen].tolist(), strict=True):
        yield Mark(f, k, lure_of_run(scores, slice(f, k + 1)) if value > 0 else None, LEARNT, value)


def same_runs(tokens: Weights, field: Places) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last index of runs of tokens of one sign, none too faint, within one field."""
    strong = np.flatnonzero(np.abs(tokens) > FAINTEST_TOKEN)
    if not len(strong):
        return strong, strong
    positive, fields = tokens[strong] > 0, field[strong]
    cut = (np.diff(strong) > 1) | (positive[1:] != positive[:-1]) | (fields[1:] != fields[:-1])
    return strong[np.append(True, cut)], strong[np.append(cut, True)]


def lure_of_run(scores: Scores, part: slice) -> str | None:
    """The lure with which most of the run's weight was learnt; None where that is less than half of it."""
    lures, weights = scores.lure[part].tolist(), scores.tokens[part].tolist()
    sums: dict[int, float] = defaultdict(float)
    for lure, weight in zip(lures, weights, strict=True):
        sums[lure] += weight
    total, _ = sum(sums.values()), sums.pop(-1, 0.0)
    best = max(sums, key=lambda lure: (sums[lure], -lure), default=-1)
    return LURES[best] if sums and sums[best] >= 0.5 * total else None


def spans_of(reading: Reading, tables: Tables, marks: Sequence[Mark]) -> Iterator[tuple[int, Span]]:
    """Advert and span of each mark, in the callers' own texts; marks that combine with the last character belong to it."""
    n = reading.normalised
    token, final = (np.array(places, np.intp) for places in ([m.first for m in marks], [m.last for m in marks]))
    first, last, field = n.tokens.first.take(token), n.tokens.last.take(final), n.tokens.field.take(token)
    start, edge = n.chars.start.take(first), n.chars.start.take(last)
    more = tables.mark.take(tables.rows(n.sheet.codes.take(edge + 1, mode="clip")))
    offset, wide = n.sheet.starts.take(field), n.chars.wide
    columns = (start - offset, edge + 1 - offset, last, field, n.sheet.adverts.take(field), offset, more)
    for m, begin, past, k, f, advert, at, marked in zip(marks, *(column.tolist() for column in columns), strict=True):
        end = n.chars.past_marks(k, n.sheet, tables) - at if marked else wide.get(past + at - 1, past + at) - at
        lure, text = m.lure if m.contribution > 0 else None, n.sheet.texts[f][begin:end]
        yield advert, Span(n.sheet.names[f], begin, end, text, lure, m.cue, m.contribution)
