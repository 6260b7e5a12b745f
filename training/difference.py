"""Two models on the same rows: what changed in figures, and which ads changed level, because of which spans."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from model.classifier import Options
from model.policy import LEVELS
from model.verdict import Verdict
from training.judging import Model
from training.rows import Row, adverts
from training.scorecard import LESS_IS_BETTER, Judged, draws, interval_of, measures, sizes

MOST_REASONS = 8
"""Of one ad, strongest first."""
LONGEST_PHRASE = 60


def difference(first: Judged, second: Judged, seed: int) -> dict[str, Any]:
    """Every figure of both and what it gained, paired: both are measured on the same draws of families."""
    before, after = measures(first), measures(second)
    drawn = [(measures(first, weight), measures(second, weight)) for weight in draws(first.rows, seed)]
    out = {}
    for name in before:
        interval = interval_of([b[name] - a[name] for a, b in drawn])
        out[name] = {
            "a": before[name],
            "b": after[name],
            "gain": after[name] - before[name],
            "interval_95": interval,
            "says": says(name, interval),
        }
    return {**sizes(first), "figures": out}


def says(name: str, interval: Sequence[float]) -> str:
    """What the interval of a gain says."""
    low, high = interval if name not in LESS_IS_BETTER else (-interval[1], -interval[0])
    return "better" if low > 0 else "worse" if high < 0 else "not told apart"


def by_slice(first: Judged, second: Judged, by: str) -> dict[str, Any]:
    """Figures of both for every language or board; no intervals, the slices are small."""
    values = np.array([getattr(row, by) for row in first.rows])
    out = {}
    for value in sorted(set(values.tolist())):
        a, b = (judged.take(values == value) for judged in (first, second))
        before, after = measures(a), measures(b)
        out[value] = {**sizes(a), "figures": {name: {"a": before[name], "b": after[name]} for name in before}}
    return out


def changes(first: Judged, second: Judged, models: tuple[Model, Model]) -> list[dict[str, Any]]:
    """The ads whose level changed, the largest change of log-odds first, each with the spans that did it."""
    at = np.flatnonzero(first.levels != second.levels).tolist()
    at.sort(key=lambda i: (-abs(second.log_odds[i] - first.log_odds[i]), first.rows[i].id))
    rows = [first.rows[i] for i in at]
    pairs = zip(*(judged_by(model, rows) for model in models), strict=True)
    return [change(row, *pair) for row, pair in zip(rows, pairs, strict=True)]


def judged_by(model: Model, rows: Sequence[Row]) -> Iterator[Verdict]:
    """Verdicts, in order."""
    return model.classifier.judge_many(adverts(rows), Options(tier=model.tier))


def change(row: Row, before: Verdict, after: Verdict) -> dict[str, Any]:
    """One ad. The reasons, the rest and the baseline add up to the change of its log-odds."""
    old, new = contributions(before), contributions(after)
    gains = {key: new.get(key, 0.0) - old.get(key, 0.0) for key in old.keys() | new.keys()}
    reasons = sorted(((key, gain) for key, gain in gains.items() if gain), key=lambda item: (-abs(item[1]), item[0]))[:MOST_REASONS]
    baseline, whole = after.baseline - before.baseline, after.log_odds - before.log_odds
    return {
        "id": row.id,
        "label": row.label,
        "language": row.language,
        "board": row.board,
        "level": {"a": before.level, "b": after.level},
        "right": {"a": is_right(row, before.level), "b": is_right(row, after.level)},
        "log_odds": {"a": before.log_odds, "b": after.log_odds},
        "why": [
            {"cue": cue, "lure": lure or None, "phrase": phrase, "in": presence(key, old, new), "gain": gain}
            for key, gain in reasons
            for cue, lure, phrase in [key]
        ],
        "baseline": baseline,
        "rest": whole - baseline - math.fsum(gain for _, gain in reasons),
    }


def contributions(verdict: Verdict) -> dict[tuple[str, str, str], float]:
    """What each cue and phrase of a verdict adds, by cue, lure and words."""
    out: dict[tuple[str, str, str], float] = defaultdict(float)
    for span in verdict.spans:
        out[span.cue, span.lure or "", " ".join(span.text.casefold().split())[:LONGEST_PHRASE]] += span.contribution
    for other in verdict.other:
        out[other.cue, "", ""] += other.contribution
    return dict(out)


def presence(key: tuple[str, str, str], old: dict[tuple[str, str, str], float], new: dict[tuple[str, str, str], float]) -> str:
    """Where the span was found."""
    return "both" if key in old and key in new else "b" if key in new else "a"


def is_right(row: Row, level: str) -> bool:
    """Whether a lure is flagged, or an honest ad is not."""
    return (LEVELS.index(level) > 0) == bool(row.label)
