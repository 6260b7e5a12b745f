"""Whole verdicts of the shipped model on a few ads, written down: another machine or Python must give the same.

After a new model is promoted, `make golden` writes them again; read what changed before it is committed. `LEVELS` holds for any model.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from model.advert import Advert
from model.classifier import ScamAdClassifier

FOLDER = Path(__file__).parent / "golden"
ADS, VERDICTS = (
    [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()] for name in ("ads.jsonl", "verdicts.jsonl")
)
LEVELS = {
    "plain-en": {"warning"},
    "html-posting-en": {"warning"},
    "disguised-en": {"caution", "warning"},
    "mule-es": {"caution", "warning"},
    "compound-zh": {"warning"},
    "compound-id": {"warning"},
    "compound-ar": {"caution", "warning"},
    "task-hi": {"caution", "warning"},
    "compound-th": {"caution", "warning"},
    "honest-en": {"none"},
    "honest-abroad-en": {"none", "caution"},
    "honest-de": {"none"},
    "warning-en": {"none", "caution"},
}


def alike(a: Any, b: Any) -> bool:
    """Whether two JSON values are the same, numbers to 1e-9."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) < 1e-9
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(alike, a, b))
    return bool(a == b)


@pytest.mark.parametrize(("ad", "written"), zip(ADS, VERDICTS, strict=True), ids=[ad["id"] for ad in ADS])
def test_a_verdict_is_as_written_down(classifier: ScamAdClassifier, ad: dict[str, Any], written: dict[str, Any]) -> None:
    verdict = classifier.judge(Advert.from_record(ad)).as_dict(ad["id"])
    assert alike(json.loads(json.dumps(verdict)), written)


@pytest.mark.parametrize("ad", [ad for ad in ADS if ad["id"] in LEVELS], ids=lambda ad: ad["id"])
def test_a_clear_case_has_its_level(classifier: ScamAdClassifier, ad: dict[str, Any]) -> None:
    assert classifier.judge(Advert.from_record(ad)).level in LEVELS[ad["id"]]
