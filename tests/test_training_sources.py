from pathlib import Path

import pytest

from training.files import SourceError
from training.sources import Source, listed, read


def source(**change: object) -> Source:
    made = {"name": "mine", "kind": "annotated", "licence": "", "label": {"column": "fraud"}, "language": {"value": "en"}, "weight": 1.0}
    return Source(**{**made, "path": "ads.csv", "join": ("body",), **change})  # type: ignore[arg-type]


def test_rows_are_typed_and_bad_ones_counted_by_reason(tmp_path: Path) -> None:
    (tmp_path / "ads.csv").write_text("body,fraud\nCook in Leeds,0\n,1\nEasy money,1\nTwo,7\n", encoding="utf-8")
    found = read(source(), tmp_path)
    assert [(row.label, dict(row.advert.parts)["text"]) for row in found.rows] == [(0, "Cook in Leeds"), (1, "Easy money")]
    assert sum(found.refused.values()) == 2
    assert any("empty" in reason for reason in found.refused)
    assert any("neither 0 nor 1" in reason for reason in found.refused)
    assert found.fingerprint == read(source(), tmp_path).fingerprint


def test_posting_columns_and_groups(tmp_path: Path) -> None:
    (tmp_path / "ads.jsonl").write_text('{"t": "Cook", "d": "Kitchen", "g": "x", "id": "7", "c": "Acme"}\n', encoding="utf-8")
    found = read(
        source(path="ads.jsonl", join=(), columns={"title": "t", "description": "d"}, group="g", employer="c", label={"value": 0}), tmp_path
    )
    row = found.rows[0]
    assert row.advert.parts == (("title", "Cook"), ("description", "Kitchen"))
    assert (row.id, row.group, row.employer) == ("mine:7", "mine:x", "Acme")


def test_missing_files_and_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="LUREWATCH_DATA"):
        read(source(), tmp_path)
    (tmp_path / "ads.csv").write_text("text,fraud\na,1\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no column 'body'; it has text, fraud"):
        read(source(), tmp_path)


def test_an_entry_with_an_unknown_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("sources:\n  - {name: a, colour: red}\n", encoding="utf-8")
    with pytest.raises(SourceError, match="'a'"):
        listed(tmp_path / "s.yaml")


def test_all_listed_sources_are_read_whole(public_data: Path) -> None:
    for entry in listed():
        found = read(entry, public_data)
        assert found.rows
        assert not found.refused
