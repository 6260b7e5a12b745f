"""Gathers contributions into the few phrases a person would underline; what is too faint to show is summed under a name, never dropped.

Marks of one lure that touch become one. Where the fast tier judges alone, a mark that speaks for a lure reaches over its clause: an analyst
underlines what is offered, not just the two words that were known. The weightiest mark has the learnt weight of its tokens; of what no mark
holds, the strongest runs of tokens that pull the same way are told. All this is done in `native/marks.c`.
"""

import math
from collections.abc import Iterator

import numpy as np

from model.advert import Advert
from model.cues import LURE_NUMBER, PLACED
from model.genre import REPORT
from model.lures import LURES
from model.native import kernel
from model.native.arrays import Known
from model.reading import Reading
from model.scorer import Run, Scores
from model.stream import Places, Sheet
from model.tables import Tables
from model.verdict import Other, Span

LEARNT, WORDING, FAINT = "learnt phrase", "wording that the encoder knows", "too faint to show"
NOTHING = 1e-12
"""What rounding leaves."""
CUES = (*PLACED, LEARNT, WORDING)
CUE_NAMES = np.array([sorted(CUES).index(name) for name in CUES], np.int32)
"""Names of cues by their numbers in the kernel, and the place of each among all in order."""
LURE_NAMES = (*LURES, None)
"""By number; the last, which is -1 too, is for none."""
NO_WIDE = np.empty((0, 2), np.int32)
Explained = tuple[tuple[Span, ...], tuple[Other, ...]]


class Explainer:
    """Immutable once made; threads may share it."""

    def __init__(self, tables: Tables) -> None:
        sizes = {"cues": len(PLACED), "lures": len(LURES)}
        self._known = Known.of(kinds=tables.kind, marks=tables.mark, lure_of=LURE_NUMBER, cue_names=CUE_NAMES, **sizes)

    def __call__(self, reading: Reading, scores: Scores, adverts: int) -> list[Explained]:
        """Spans and other contributions of every advert of a batch, most telling first; their sum is the advert's total."""
        found: list[list[Span]] = [[] for _ in range(adverts)]
        sheet, span_of = reading.normalised.sheet, tuple.__new__
        for contribution, advert, field, start, end, lure, cue in self._rows(reading, scores):
            text = sheet.texts[field][start:end]
            found[advert].append(span_of(Span, (sheet.names[field], start, end, text, LURE_NAMES[lure], CUES[cue], contribution)))
        sums = zip(found, scores.total.tolist(), scores.held_back.tolist(), strict=True)
        return [(tuple(spans), rest_of(spans, total, less)) for spans, total, less in sums]

    def _rows(self, reading: Reading, scores: Scores) -> Iterator[kernel.SpanRow]:
        """Spans as places and numbers."""
        n, sheet = reading.normalised, reading.normalised.sheet
        wide = np.array(sorted(n.chars.wide.items()), np.int32) if n.chars.wide else NO_WIDE
        runs = None if scores.runs is None else np.array(scores.runs, np.int32).reshape(-1, len(Run._fields))
        written = kernel.Written(n.chars.start, sheet.codes, sheet.starts, sheet.adverts, names_of(sheet), wide)
        scored = (scores.tokens, scores.lure)
        return kernel.find_spans(reading.hashes.text, self._known, written, (reading.cues.rows, scores.cues), runs, scored)


def names_of(sheet: Sheet) -> Places:
    """Of every field the place of its name among all names in order."""
    place = {name: i for i, name in enumerate(sorted(set(sheet.names)))}
    return np.array([place[name] for name in sheet.names], np.int32)


def rest_of(spans: list[Span], total: float, less: float) -> tuple[Other, ...]:
    """What is left of an advert's total beside its spans. less: how much of it is held back."""
    rest = total + less - math.fsum([span.contribution for span in spans])
    told = (Other(FAINT, rest),) if abs(rest) > NOTHING else ()
    return (Other(REPORT, -less), *told) if less else told


def placed(advert: Advert, found: Explained) -> Explained:
    """Spans that stand in the caller's own text; what composed parts contribute has no place there and is named after its part."""
    if not advert.composed:
        return found
    spans, other = found
    named = tuple(Other(f"{span.cue} in {span.field}", span.contribution) for span in spans if span.field in advert.composed)
    return tuple(span for span in spans if span.field not in advert.composed), (*named, *other)
