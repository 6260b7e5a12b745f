"""How well explanations of the fast tier tell what its score hangs on, and what an analyst would underline: ours beside others."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.classifier import ScamAdClassifier
from training.data import Scores
from training.folder import Kept
from training.metrics import interval
from training.rows import Row
from training.spans import words
from training.split import bucket

SHARES = (0.01, 0.05, 0.1, 0.2, 0.5)
"""Of words that are taken away or kept (DeYoung et al. 2020, ERASER)."""
GREETING = "Hello. "
"""What is put before an ad to see whether its explanation stays; one word."""
STABLE = 0.1
NAMES = (
    "token_f1",
    "comprehensiveness",
    "sufficiency",
    "stability",
    *(f"comprehensiveness_{share:.0%}" for share in SHARES),
    *(f"sufficiency_{share:.0%}" for share in SHARES),
    *(f"log_odds_without_{share:.0%}" for share in SHARES),
    "log_odds_whole",
    "seconds",
)
"""Columns of what `explained` gives."""


@dataclass(frozen=True)
class Case:
    """One scam as plain text. underlined: of each word, whether the analyst underlined it."""

    text: str
    underlined: NDArray[np.bool_]
    classifier: ScamAdClassifier

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """Places of the words."""
        return words(self.text)

    def log_odds(self, texts: Sequence[str]) -> Scores:
        """Of texts, blank ones too."""
        return np.array(self.classifier.log_odds([Advert((("text", text or " "),)) for text in texts]))

    def without(self, gone: NDArray[np.intp]) -> str:
        """The text with these words blanked."""
        letters = list(self.text)
        for start, end in (self.words[i] for i in gone.tolist()):
            letters[start:end] = " " * (end - start)
        return "".join(letters)


Explainer = Callable[[Case, int], Scores]
"""Weight of each word of a case, from a seed."""


def spans(case: Case, seed: int) -> Scores:
    """What the verdict itself says: each span's contribution, shared by its words."""
    out = np.zeros(len(case.words))
    for span in case.classifier.judge(Advert.from_text(case.text)).spans:
        inside = [i for i, (start, end) in enumerate(case.words) if start < span.end and end > span.start]
        out[inside] += span.contribution / max(1, len(inside))
    return out


def leave_one_out(case: Case, seed: int) -> Scores:
    """How far the log-odds fall without each word."""
    texts = [case.without(np.array([i])) for i in range(len(case.words))]
    return float(case.log_odds([case.text])[0]) - case.log_odds(texts)


def lime(samples: int, case: Case, seed: int) -> Scores:
    """LIME (Ribeiro et al. 2016) over the same words, each place a feature of its own."""
    from lime.lime_text import LimeTextExplainer  # noqa: PLC0415 - a dependency for developing

    def split(text: str) -> list[str]:
        return [text[start:end] for start, end in words(text)]

    def judged(texts: Sequence[str]) -> Scores:
        p = 1 / (1 + np.exp(-case.log_odds(texts)))
        return np.stack([1 - p, p], axis=1)

    explainer = LimeTextExplainer(split_expression=split, bow=False, mask_string=" ", random_state=seed)
    told = explainer.explain_instance(case.text, judged, num_features=len(case.words), num_samples=samples)
    out = np.zeros(len(case.words))
    for place, weight in told.as_map()[1]:
        out[place] = weight
    return out


def at_random(case: Case, seed: int) -> Scores:
    """Any order."""
    return np.random.default_rng([seed, len(case.text)]).random(len(case.words))


def explainers(samples: int) -> Mapping[str, Explainer]:
    """All, by name."""
    return {"lurewatch_spans": spans, "leave_one_out": leave_one_out, "lime": partial(lime, samples), "random": at_random}


def cases(classifier: ScamAdClassifier, scams: Sequence[Row], most: int) -> list[Case]:
    """Underlined scams of one text, at most so many, drawn by the hash of their id."""
    whole = [row for row in scams if row.underlines and len(row.advert.parts) == 1]
    out = []
    for row in sorted(whole, key=lambda row: bucket(row.id, 1 << 60, "explained"))[:most]:
        text = row.advert.parts[0][1]
        told = [any(u.start < end and u.end > start for u in row.underlines) for start, end in words(text)]
        out.append(Case(text, np.array(told, np.bool_), classifier))
    return out


def explained(case: Case, explain: Explainer) -> list[float]:
    """One value for each of NAMES."""
    began = time.perf_counter()
    weights = explain(case, 0)
    seconds = time.perf_counter() - began
    order = np.argsort(-weights, kind="stable")
    tops = [order[: max(1, round(share * len(order)))] for share in SHARES]
    texts = [case.text, *(case.without(top) for top in tops), *(case.without(np.setdiff1d(order, top)) for top in tops)]
    log_odds = case.log_odds(texts)
    p = 1 / (1 + np.exp(-log_odds))
    missing, left = p[0] - p[1 : 1 + len(tops)], p[0] - p[1 + len(tops) :]
    fixed = [agreement(order, case.underlined), float(missing.mean()), float(left.mean()), stability(case, explain, order)]
    return [*fixed, *missing.tolist(), *left.tolist(), *log_odds[1 : 1 + len(tops)].tolist(), float(log_odds[0]), seconds]


def agreement(order: NDArray[np.intp], underlined: NDArray[np.bool_]) -> float:
    """F1 of as many words as the analyst underlined, strongest first; precision and recall are then one."""
    size = int(underlined.sum())
    return float(underlined[order[:size]].mean()) if size else float("nan")


def stability(case: Case, explain: Explainer, order: NDArray[np.intp]) -> float:
    """Share of the strongest tenth of words that stays when the ad is explained again, after a greeting and with another seed (Jaccard)."""
    greeted = Case(GREETING + case.text, np.append(False, case.underlined), case.classifier)
    again = np.argsort(-explain(greeted, 1), kind="stable") - 1
    size = max(1, round(STABLE * len(order)))
    one, other = set(order[:size].tolist()), set(again[again >= 0][:size].tolist())
    return len(one & other) / len(one | other)


def explanation_figures(told: Sequence[Case], samples: int, kept: Kept, seed: int) -> tuple[dict[str, Any], dict[str, float]]:
    """Means over the ads with bootstrap intervals, and the seconds an ad of each explainer, which a clock told."""
    out: dict[str, Any] = {"ads": len(told), "lime_samples": samples, "explainers": {}}
    seconds: dict[str, float] = {}
    for name, explain in explainers(samples).items():
        table = kept.array(f"explanations-{name}", lambda explain=explain: np.array([explained(case, explain) for case in told]))  # type: ignore[misc]
        figures: dict[str, Any] = {}
        for column, values in zip(NAMES, table.T, strict=True):
            values = values[np.isfinite(values)]  # noqa: PLW2901 - ads without words underlined
            figures[column] = {"value": float(values.mean()), "interval_95": list(interval(values, seed))}
        seconds[name] = figures.pop("seconds")["value"]
        out["explainers"][name] = figures
    return out, seconds
