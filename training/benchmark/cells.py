"""Cells and tables of the report."""

from collections.abc import Callable, Mapping
from typing import Any

from training.benchmark.contenders import CONTENDERS
from training.card import at, percent, table

Told = Mapping[str, Any]


METRICS = {
    "average_precision": "average precision",
    "f1_at_validation_threshold": "F1 at validation threshold",
    "recall_at_1pct_false_alarms": "recall at 1 % false alarms",
    "ece": "ECE",
    "brier": "Brier",
}


RARE = {
    "average_precision": "average precision",
    "precision_at_60pct_found": "precision where 60 % are found",
    "precision_in_top_1%": "precision, top 1 % reviewed",
    "found_in_top_1%": "found, top 1 % reviewed",
    "precision_in_top_5%": "precision, top 5 % reviewed",
    "found_in_top_5%": "found, top 5 % reviewed",
}


def cell(told: Told | None, digits: int = 3) -> str:
    """A figure with its interval."""
    if not told:
        return "-"
    value = f"{told['value']:.{digits}f}"
    low, high = told.get("interval_95", (None, None))
    return value if low is None else f"{value} ({low:.{digits}f} to {high:.{digits}f})"


def share(told: Told | None) -> str:
    """A share with its interval, in per cent."""
    if not told:
        return "-"
    low, high = told.get("interval_95", (None, None))
    return percent(told["value"]) if low is None else f"{percent(told['value'])} ({100 * low:.1f} to {100 * high:.1f})"


def title(name: str) -> str:
    """Of a contender."""
    return CONTENDERS[name].title


def by_contender(told: Told, columns: Mapping[str, str], show: Callable[[Told | None], str] = cell) -> str:
    """A table with a line for each contender. columns: figure (a path with dots) and its head."""
    rows = [[title(name), *(show(at(figures, *path.split("."))) for path in columns)] for name, figures in told.items()]
    return table(["", *columns.values()], rows)
