"""Measures on small tables whose answers are known, and what the report leaves in a checkout."""

import json
from pathlib import Path

import numpy as np
import pytest

from model.advert import Advert
from training import shortcuts
from training.card import BEGIN, END, main_table, put_into
from training.disguises import TRICKS
from training.metrics import average_precision, best_f1, calibration_error, found_at, interval, roc_auc
from training.report import publish
from training.rows import Row
from training.spans import words

METRICS = Path(__file__).parent.parent / "reports" / "metrics.json"


def test_measures_on_known_tables() -> None:
    labels, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    assert roc_auc(labels, scores) == 0.75
    assert found_at(scores[2:], scores[:2], 0.5) == 1.0
    assert average_precision(labels, np.array([0.0, 0.1, 0.2, 0.3])) == 1.0
    assert best_f1(labels, np.array([0.0, 0.1, 0.2, 0.3])) == pytest.approx(1.0)
    assert calibration_error(np.array([0, 1] * 50), np.full(100, 0.5), bins=1) == 0.0
    low, high = interval(np.array([0.0, 1.0] * 50), 1)
    assert low < 0.5 < high


def test_rarer_fraud_lowers_precision() -> None:
    labels, scores = np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1])
    assert average_precision(labels, scores, 0.01) < average_precision(labels, scores, 0.5)


@pytest.mark.parametrize(
    ("text", "wanted"), [("no experience!", ["no", "experience"]), ("高薪 job", ["高", "薪", "job"]), ("काम करो", ["काम", "करो"])]
)
def test_words_for_agreement(text: str, wanted: list[str]) -> None:
    assert [text[a:b] for a, b in words(text)] == wanted


def test_tricks_change_the_text() -> None:
    text = "customer service abroad salary hotel office"
    assert all(trick(text) != text for trick in TRICKS.values())


def test_shortcuts_are_found_where_they_are() -> None:
    def row(i: int, label: int, text: str) -> Row:
        return Row(f"{i}-{label}", Advert.from_text(text), label, f"p{i}", "corpus", "corpus:xx", "xx", format="sms")

    rows = [row(i, label, "win " * 3 if label else "work on some days") for i in range(30) for label in (0, 1)]
    found = shortcuts.figures(rows, 1)
    assert found["single_words_naive_bayes_auc"] > 0.95
    assert found["surface_auc"] > 0.95


def test_figures_are_put_between_the_marks(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"before\n{BEGIN}\nstale figures\n{END}\nafter\n", encoding="utf-8")
    publish(METRICS, tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert main_table(json.loads(METRICS.read_text(encoding="utf-8"))) in text
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "stale figures" not in text
    with pytest.raises(ValueError, match="unpack"):
        put_into(unmarked(tmp_path), "x")


def unmarked(folder: Path) -> Path:
    (folder / "empty.md").write_text("no marks", encoding="utf-8")
    return folder / "empty.md"
