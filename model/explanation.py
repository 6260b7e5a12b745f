"""Gathers contributions into the few phrases a person would underline; what is too faint to show is summed under a name, never dropped.

Marks of one lure that touch become one. Where the fast tier judges alone, a mark that speaks for a lure reaches over its clause: an analyst
underlines what is offered, not just the two words that were known. The weightiest mark has the learnt weight of its tokens; of what no mark
holds, the strongest runs of tokens that pull the same way are told. All this is done in `native/marks.c`.
"""

import math

import numpy as np

from model.advert import Advert
from model.cues import LURE_NUMBER, PLACED
from model.lures import LURES
from model.native import kernel
from model.native.arrays import Page
from model.reading import Reading
from model.scorer import Scores
from model.stream import Places, Sheet
from model.tables import Tables
from model.verdict import Other, Span

LEARNT, WORDING, FAINT = "learnt phrase", "wording that the encoder knows", "learnt wording too faint to show"
NOTHING = 1e-12
"""What rounding leaves."""
CUES = (*PLACED, LEARNT, WORDING)
CUE_NAMES = np.array([sorted(CUES).index(name) for name in CUES], np.int32)
"""Names of cues by their numbers in the kernel, and the place of each among all in order."""
LURE_NAMES = (*LURES, None)
"""By number; the last, which is -1 too, is for none."""
Explained = tuple[tuple[Span, ...], tuple[Other, ...]]


def explain(reading: Reading, scores: Scores, tables: Tables, adverts: int) -> list[Explained]:
    """Spans and other contributions of every advert of a batch, most telling first; their sum is the advert's total."""
    sheet, spans = reading.normalised.sheet, [list[Span]() for _ in range(adverts)]
    runs = np.array(scores.runs, np.int32).reshape(-1, 4)
    found = kernel.find_spans(page_of(reading, tables), (reading.cues.rows, scores.cues), runs, (scores.tokens, scores.lure), adverts)
    for contribution, advert, field, start, end, lure, cue in found:
        text = sheet.texts[field][start:end]
        spans[advert].append(Span(sheet.names[field], start, end, text, LURE_NAMES[lure], CUES[cue], contribution))
    return [(tuple(own), rest_of(own, total)) for own, total in zip(spans, scores.total.tolist(), strict=True)]


def rest_of(spans: list[Span], total: float) -> tuple[Other, ...]:
    """What is left of an advert's total beside its spans."""
    rest = total - math.fsum([span.contribution for span in spans])
    return (Other(FAINT, rest),) if abs(rest) > NOTHING else ()


def page_of(reading: Reading, tables: Tables) -> Page:
    """Where tokens stand in the callers' own texts, as the kernel takes it."""
    n, text = reading.normalised, reading.hashes.text
    wide = np.array(sorted(n.chars.wide.items()), np.int32).reshape(-1, 2)
    return Page.of(
        text=text,
        start=n.chars.start,
        sheet=n.sheet.codes,
        starts=n.sheet.starts,
        adverts=n.sheet.adverts,
        names=order_of_names(n.sheet),
        wide=wide,
        kinds=tables.kind,
        marks=tables.mark,
        lure_of=LURE_NUMBER,
        cue_names=CUE_NAMES,
        length=len(n.sheet.codes),
        wides=len(wide),
        cues=len(PLACED),
        lures=len(LURES),
    )


def order_of_names(sheet: Sheet) -> Places:
    """Of every field the place of its name among all names in order."""
    place = {name: i for i, name in enumerate(sorted(set(sheet.names)))}
    return np.array([place[name] for name in sheet.names], np.int32)


def placed(advert: Advert, found: Explained) -> Explained:
    """Spans that stand in the caller's own text; what composed parts contribute has no place there and is named after its part."""
    if not advert.composed:
        return found
    spans, other = found
    named = tuple(Other(f"{span.cue} in {span.field}", span.contribution) for span in spans if span.field in advert.composed)
    return tuple(span for span in spans if span.field not in advert.composed), (*named, *other)
