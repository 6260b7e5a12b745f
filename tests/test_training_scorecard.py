"""Figures on tables whose answers are known; gains are paired; what explains a change adds up."""

from collections.abc import Callable

import numpy as np
import pytest

from model.advert import Advert
from model.classifier import ScamAdClassifier
from model.policy import Thresholds
from training.difference import change, difference, says
from training.rows import Row
from training.scorecard import Judged, measures, scorecard, weighted_ece, weighted_quantile

THRESHOLDS = Thresholds(0.01, 0.1)


def judged(labels: list[int], log_odds: list[float], groups: list[str] | None = None) -> Judged:
    groups = groups or [str(i) for i in range(len(labels))]
    rows = [
        Row(f"r{i}", Advert.from_text("x"), n, g, "own", "own", "en" if i % 2 else "de")
        for i, (n, g) in enumerate(zip(labels, groups, strict=True))
    ]
    return Judged(rows, np.array(log_odds), THRESHOLDS)


def test_measures_on_a_known_table() -> None:
    found = measures(judged([0, 0, 1, 1], [-3.0, 1.0, 0.5, 4.0]))
    assert found["roc_auc"] == 0.75
    assert found["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert found["found_at_1pct"] == 0.5
    assert (found["caution_found"], found["caution_false_alarms"], found["caution_precision"]) == (1.0, 0.5, 2 / 3)
    assert (found["warning_found"], found["warning_precision"], found["warning_f1"]) == (0.5, 1.0, 2 / 3)


def test_weights_count_like_copies() -> None:
    labels, scores, counts = [0, 1, 0, 1, 0, 1], [-2.0, -1.0, 0.3, 0.4, 1.0, 2.0], [2, 1, 3, 1, 1, 2]
    copied = judged(
        [n for n, c in zip(labels, counts, strict=True) for _ in range(c)],
        [s for s, c in zip(scores, counts, strict=True) for _ in range(c)],
    )
    weighted = measures(judged(labels, scores), np.array(counts, np.float64))
    for name, value in measures(copied).items():
        if name != "ece_15_bins":
            assert weighted[name] == pytest.approx(value), name


def test_calibration_error_and_quantile() -> None:
    assert weighted_ece(np.array([0, 1] * 150), np.full(300, 0.5), np.ones(300)) < 0.06
    assert weighted_ece(np.array([0] * 300), np.full(300, 0.5), np.ones(300)) == pytest.approx(0.5)
    assert weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 8.0]), 0.5) == 2.0


def test_intervals_hold_the_value_and_narrow_with_families() -> None:
    rng = np.random.default_rng(0)
    labels = (rng.random(400) < 0.3).astype(int).tolist()
    scores = (np.array(labels) + rng.normal(size=400)).tolist()
    apart = scorecard(judged(labels, scores), 1)
    together = scorecard(judged(labels, scores, [str(i // 20) for i in range(400)]), 1)
    low, high = apart["figures"]["roc_auc"]["interval_95"]
    assert low < apart["figures"]["roc_auc"]["value"] < high
    assert (apart["families"], together["families"]) == (400, 20)
    assert set(apart["language"]) == {"de", "en"}


def test_a_gain_is_paired() -> None:
    rng = np.random.default_rng(0)
    labels = [i % 3 == 0 for i in range(300)]
    scores = np.array(labels) + rng.normal(size=300)
    same = difference(judged([int(n) for n in labels], scores.tolist()), judged([int(n) for n in labels], scores.tolist()), 0)
    assert all(v["gain"] == 0 and v["interval_95"] == [0, 0] and v["says"] == "not told apart" for v in same["figures"].values())
    better = difference(
        judged([int(n) for n in labels], scores.tolist()), judged([int(n) for n in labels], (scores + 2 * np.array(labels)).tolist()), 0
    )
    assert better["figures"]["roc_auc"]["says"] == "better"
    assert better["figures"]["brier"]["says"] != "worse"


@pytest.mark.parametrize(
    ("name", "interval", "wanted"),
    [
        ("roc_auc", [0.1, 0.2], "better"),
        ("roc_auc", [-0.2, -0.1], "worse"),
        ("brier", [-0.2, -0.1], "better"),
        ("brier", [0.1, 0.2], "worse"),
        ("brier", [-0.1, 0.1], "not told apart"),
    ],
)
def test_what_an_interval_says(name: str, interval: list[float], wanted: str) -> None:
    assert says(name, interval) == wanted


def test_reasons_baseline_and_rest_add_up(classifier: ScamAdClassifier, made_ads: Callable[..., list[dict[str, object]]]) -> None:
    calm, lured = (
        Advert.from_text(text) for text in ("Cook in Leeds, send references", "Typist in Thailand, free flight, write on Telegram today")
    )
    row = Row("r", lured, 1, "r", "own", "own", "en")
    told = change(row, classifier.judge(calm), classifier.judge(lured))
    total = told["baseline"] + told["rest"] + sum(why["gain"] for why in told["why"])
    assert total == pytest.approx(told["log_odds"]["b"] - told["log_odds"]["a"], abs=1e-9)
    assert told["right"] == {"a": False, "b": True}
    assert any(why["in"] == "b" and why["lure"] for why in told["why"])
