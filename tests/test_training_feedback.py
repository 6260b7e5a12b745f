"""Moderators' verdicts as `lurewatch feedback export` writes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from model.advert import FIELDS
from training.feedback import Feedback, read
from training.files import SourceError
from training.options import feedback_entry
from training.sources import source_of

AD = "Typist in Thailand, free flight, no experience, write on Telegram today, passport is kept by the company"


def told(tmp_path: Path, *lines: dict[str, Any]) -> Feedback:
    path = tmp_path / "feedback.jsonl"
    path.write_text("".join(json.dumps({"id": f"f{i}", **line}) + "\n" for i, line in enumerate(lines)), encoding="utf-8")
    return read(source_of(feedback_entry(path)), path)


def exported(**change: Any) -> dict[str, Any]:
    """A line with the keys of `serve.feedback_export`."""
    empty = dict.fromkeys(FIELDS, "")
    return {"ad_id": "7", "label": 1, "lure_type": "compound", "language": "en", "board": "b", "written_at": 1000, **empty, **change}


def test_an_exported_line_becomes_a_row(tmp_path: Path) -> None:
    row = told(tmp_path, exported(description=AD)).read.rows[0]
    assert (row.label, row.lure_type, row.language, row.board, row.written_at) == (1, "compound", "en", "b", 1000)
    assert row.advert.parts == (("text", AD),)
    assert row.quality == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "line",
    [{"label": "lure", "text": AD, "created_at": "1970-01-01T00:16:40+00:00"}, {"label": 1, "posting": {"title": AD}, "written_at": 1000}],
)
def test_other_shapes_are_read_too(tmp_path: Path, line: dict[str, Any]) -> None:
    row = told(tmp_path, line).read.rows[0]
    assert (row.label, row.written_at) == (1, 1000)


def test_more_agreement_is_more_trust_and_one_row(tmp_path: Path) -> None:
    found = told(tmp_path, *(exported(description=AD, reviewer=f"m{i}", written_at=1000 + i) for i in range(3)))
    assert [(row.id, row.quality) for row in found.read.rows] == [("feedback:f2", 4 / 5)]
    assert found.agreement == {"verdicts": 3, "ads": 1, "judged_more_than_once": 1, "contradicted": 0, "first": 1000, "last": 1002}


def test_a_reviewer_may_change_their_mind_others_contradict(tmp_path: Path) -> None:
    changed = told(
        tmp_path, exported(description=AD, reviewer="m", label=0, lure_type=""), exported(description=AD, reviewer="m", written_at=2000)
    )
    assert [row.label for row in changed.read.rows] == [1]
    both = told(tmp_path, exported(description=AD, reviewer="m"), exported(description=AD, reviewer="n", label=0, lure_type=""))
    assert not both.read.rows
    assert [r["label"] for r in both.contradictions[0].as_dict()["rows"]] == [1, 0]


def test_what_cannot_be_learnt_from_is_named(tmp_path: Path) -> None:
    bad = [
        exported(),
        exported(description=AD, label=5),
        exported(description=AD, lure_type="nonsense"),
        exported(description=AD, written_at="then"),
    ]
    found = told(tmp_path, exported(description=AD), *bad)
    assert [(f.row, f.column) for f in found.read.faults] == [(2, "text"), (3, "label"), (4, "lure_type"), (5, "written_at")]
    with pytest.raises(SourceError, match="only ads with consent"):
        told(tmp_path, exported())
    with pytest.raises(SourceError, match="stands twice"):
        told(tmp_path, exported(description=AD, id="x"), exported(description=AD, id="x"))
