"""Gathers contributions into the few phrases a person would underline; what is too faint to show is summed under a name, never dropped."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.cues import LURE_OF, NAMES
from model.lures import LURES
from model.reading import Reading
from model.scorer import Run, Scores
from model.stream import Places
from model.tables import Tables
from model.verdict import Other, Span
from model.weights import Weights

LEARNT, WORDING, FAINT = "learnt phrase", "wording that the encoder knows", "learnt wording too faint to show"
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
    for run in scores.runs:
        join_run(marks[run.advert], run, tokens)
    for advert, mark in learnt_marks(reading, scores, tokens):
        marks[advert].append(mark)
    spans = spans_of(reading, tables, [mark for found in marks for mark in found])
    out: list[tuple[tuple[Span, ...], tuple[Other, ...]]] = []
    at = 0
    for found, total in zip(marks, scores.total.tolist(), strict=True):
        own = sorted(spans[at : at + len(found)], key=telling)
        at += len(found)
        rest = total - math.fsum([span.contribution for span in own])
        out.append((tuple(own), (Other(FAINT, rest),) if rest else ()))
    return out


def telling(span: Span) -> tuple[float, str, int, int, str]:
    """Order of spans: the largest contribution first, whatever its sign, then by place."""
    return -abs(span.contribution), span.field, span.start, span.end, span.cue


def cue_marks(reading: Reading, scores: Scores, tokens: Weights, adverts: int) -> list[list[Mark]]:
    """Marks of all cues; those of one lure that touch become one. They take the learnt weight of their tokens with them."""
    marks: list[list[Mark]] = [[] for _ in range(adverts)]
    latest: dict[tuple[int, str], tuple[Mark, float]] = {}
    cues = reading.cues
    columns = (cues.advert.tolist(), cues.cue.tolist(), cues.first.tolist(), cues.last.tolist(), scores.cues.tolist())
    for advert, cue, first, last, value in zip(*columns, strict=True):
        lure, name = LURE_OF[cue], NAMES[cue]
        mark, best = latest.get((advert, lure or name), (None, 0.0))
        if mark is None or first > mark.last:
            mark, best = Mark(first, last, lure, name, value), value
            marks[advert].append(mark)
        else:
            mark.last, mark.contribution = max(mark.last, last), mark.contribution + value
            mark.cue, best = (name, value) if value > best else (mark.cue, best)
        latest[advert, lure or name] = (mark, best)
    for found in marks:
        take_tokens(found, tokens)
    return marks


def take_tokens(marks: list[Mark], tokens: Weights) -> None:
    """Let each mark have the learnt weight of its tokens, the weightiest mark first; what is taken is zero afterwards."""
    for mark in sorted(marks, key=lambda m: -abs(m.contribution)):
        part = slice(mark.first, mark.last + 1)
        mark.contribution += math.fsum(tokens[part].tolist())
        tokens[part] = 0.0


def join_run(marks: list[Mark], run: Run, tokens: Weights) -> None:
    """Let a run of one lure lengthen the marks of that lure which it meets, or stand as a mark of its own where it meets none."""
    met = [m for m in marks if m.lure == LURES[run.lure] and m.first <= run.last and run.first <= m.last]
    mark = met[0] if met else Mark(run.first, run.last, LURES[run.lure], WORDING, 0.0)
    for other in met[1:]:
        mark.first, mark.last = min(mark.first, other.first), max(mark.last, other.last)
        mark.contribution += other.contribution
        marks.remove(other)
    mark.first, mark.last = min(mark.first, run.first), max(mark.last, run.last)
    part = slice(mark.first, mark.last + 1)
    mark.contribution += math.fsum(tokens[part].tolist())
    tokens[part] = 0.0
    if not met:
        marks.append(mark)


def learnt_marks(reading: Reading, scores: Scores, tokens: Weights) -> Iterator[tuple[int, Mark]]:
    """The strongest runs of tokens that pull the same way, for each advert."""
    n = reading.normalised
    first, last = same_runs(tokens, n.tokens.field)
    sums = np.add.reduceat(np.append(tokens, 0.0), np.stack([first, last + 1], axis=1).ravel())[::2] if len(first) else tokens[:0]
    width = n.tokens.last[last] - n.tokens.first[first] + 1
    fine = (np.abs(sums) >= FAINTEST_SPAN) & ((last > first) | (width >= SHORTEST_WORD))
    first, last, sums = first[fine], last[fine], sums[fine]
    advert = n.sheet.adverts[n.tokens.field[first]]
    order = np.lexsort((first, -np.abs(sums), advert))
    rank = np.arange(len(order)) - np.searchsorted(advert[order], advert[order])
    chosen = order[rank < MOST_LEARNT]
    for whose, f, k, value in zip(
        advert[chosen].tolist(), first[chosen].tolist(), last[chosen].tolist(), sums[chosen].tolist(), strict=True
    ):
        yield whose, Mark(f, k, lure_of_run(scores, slice(f, k + 1)) if value > 0 else None, LEARNT, value)


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
    lures, weights = scores.lure[part], scores.tokens[part]
    if not (lures >= 0).any():
        return None
    sums = np.bincount(lures[lures >= 0], weights[lures >= 0], len(LURES))
    best = int(sums.argmax())
    return LURES[best] if sums[best] >= 0.5 * weights.sum() else None


def spans_of(reading: Reading, tables: Tables, marks: Sequence[Mark]) -> list[Span]:
    """Marks in the callers' own texts; marks that combine with the last character belong to it."""
    n = reading.normalised
    if not marks:
        return []
    first = n.tokens.first[[m.first for m in marks]]
    last = n.tokens.last[[m.last for m in marks]]
    fields = n.tokens.field[[m.first for m in marks]]
    after = tables.mark.take(tables.rows(n.sheet.codes[np.minimum(n.chars.start[last] + 1, len(n.sheet.codes) - 1)]))
    offsets = n.sheet.starts[fields].tolist()
    out = []
    for m, start, k, field, offset, more in zip(
        marks, n.chars.start[first].tolist(), last.tolist(), fields.tolist(), offsets, after.tolist(), strict=True
    ):
        end = n.chars.past_marks(k, n.sheet, tables) if more else n.chars.end(k)
        lure, text = m.lure if m.contribution > 0 else None, n.sheet.texts[field][start - offset : end - offset]
        out.append(Span(n.sheet.names[field], start - offset, end - offset, text, lure, m.cue, m.contribution))
    return out
