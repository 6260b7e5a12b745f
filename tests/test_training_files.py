"""Bad files are named with the row, the line or the column."""

import json
from pathlib import Path

import pytest

from training.files import SourceError, records_of
from training.sources import Read, Source, check_share, read

HEAD = "id,body,fraud\n"


def source(**change: object) -> Source:
    made = {
        "name": "mine",
        "kind": "annotated",
        "label": {"column": "fraud"},
        "language": {"value": "en"},
        "path": "ads.csv",
        "join": ("body",),
    }
    return Source(**{**made, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("ads.csv", b"", "is empty"),
        ("ads.csv", HEAD.encode(), "has no rows"),
        ("ads.csv", b"id,text,fraud\n1,Cook,0\n", "no column 'body'; it has id, text, fraud"),
        ("ads.csv", HEAD.encode() + b"1,Cook,0\n2,Caf\xe9,1\n", r"line 3: byte 6 \(0xe9\) is not UTF-8"),
        ("ads.csv", "\ufeffid,body,fraud\n".encode("utf-16"), "is UTF-16"),
        ("ads.csv", HEAD.encode() + b"1,Cook,0\n2,Cook,0,9\n", "row 2 .*: 4 cells, the head has 3"),
        ("ads.csv", HEAD.encode() + b'1,"Cook,0\n', "quotation mark left open"),
        ("ads.csv", b"id,id,body,fraud\n1,1,Cook,0\n", "two columns 'id'"),
        ("ads.csv", HEAD.encode() + b"7,Cook,0\n8,Typist,1\n7,Nurse,0\n", "id '7' stands in rows 1 and 3, column 'id'"),
        ("ads.jsonl", b'{"id": 1, "body": "Cook", "fraud": 0}\n{"id": 2,\n', "line 2: no JSON"),
        ("ads.jsonl", b"[1]\n", "line 1: expected an object, found list"),
        ("ads.parquet", b"PAR1 not really", "ads.parquet cannot be read"),
        ("ads.txt", b"Cook", "cannot read"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=message):
        read(source(path=name), tmp_path)


def found(tmp_path: Path, rows: str) -> Read:
    (tmp_path / "ads.csv").write_text(HEAD + rows, encoding="utf-8")
    return read(source(), tmp_path)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [("2,,1", "body", "empty"), ("2,Typist,maybe", "fraud", "found 'maybe'"), (f"2,{'x' * 10_000_000},1", "body", "found 10,000,000")],
    ids=["empty", "label", "ten megabytes"],
)
def test_a_bad_row_is_left_out_by_row_and_column(tmp_path: Path, row: str, column: str, reason: str) -> None:
    told = found(tmp_path, f"1,Cook,0\n{row}\n3,Nurse,0\n")
    assert [r.id for r in told.rows] == ["mine:1", "mine:3"]
    assert [(f.row, f.column) for f in told.faults] == [(2, column)]
    assert reason in told.faults[0].reason


def test_too_many_bad_rows_are_a_bad_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"2 of 3 rows cannot be used\. row 1, column fraud"):
        check_share(found(tmp_path, "1,Cook,low\n2,Nurse,high\n3,Typist,1\n"))


@pytest.mark.parametrize(("written", "label"), [("0", 0), ("1", 1), ("f", 0), ("TRUE", 1), ("1.0", 1), ("honest", 0), (" lure ", 1)])
def test_labels_may_be_written_in_many_ways(tmp_path: Path, written: str, label: int) -> None:
    assert found(tmp_path, f"1,Cook,{written}\n").rows[0].label == label


def test_all_formats_hold_the_same(tmp_path: Path) -> None:
    import pandas as pd  # noqa: PLC0415 - only here

    rows = [{"id": str(i), "body": f'Cook "{i}",\nLeeds', "fraud": i % 2} for i in range(3)]
    pd.DataFrame(rows).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame(rows).to_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    prints = {read(source(path=name), tmp_path).fingerprint for name in ("a.csv", "a.parquet", "a.jsonl")}
    assert len(prints) == 1


def test_columns_that_come_late_are_columns(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n\n{"a": 2, "b": 3}\n', encoding="utf-8")
    assert list(records_of(tmp_path / "a.jsonl")) == [{"a": 1}, {"a": 2, "b": 3}]


def test_errors_never_show_an_ad(tmp_path: Path) -> None:
    (tmp_path / "ads.csv").write_text(HEAD + "1,Cook,Typist wanted in a far town with a free flight\n", encoding="utf-8")
    assert read(source(), tmp_path).faults[0].reason == "label is neither 0 nor 1; found a text of 46 characters"
