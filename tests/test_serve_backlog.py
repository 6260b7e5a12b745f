"""`lurewatch batch`: files in, shards of verdicts out."""

import csv
import gzip
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from model.advert import MAX_CHARACTERS, Advert
from model.classifier import Options, ScamAdClassifier
from model.cli import main

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra batch)")
pq = pytest.importorskip("pyarrow.parquet")

CORPUS = Path(__file__).parent.parent / "seeds" / "corpus"
Stock = list[dict[str, Any]]


def texts(languages: Sequence[str] = ("en", "id", "zh", "ar")) -> list[str]:
    lines = [line for name in languages for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:12]]
    return [str(record["text"]) for record in map(json.loads, lines) if "text" in record]


@pytest.fixture(scope="module")
def stock() -> Stock:
    return [{"id": f"ad {i}", "text": text} for i, text in enumerate(texts())]


def write_csv(stock: Stock, delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(stock[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(stock)
    return out.getvalue().encode("utf-8-sig")


def write_jsonl(stock: Stock) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=i % 2 == 0) + "\n\n" for i, row in enumerate(stock)).encode()


def write_parquet(stock: Stock) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(stock), out, row_group_size=7)
    return out.getvalue()


def write_arrow(stock: Stock, opener: Callable[..., Any]) -> bytes:
    out, table = io.BytesIO(), pa.Table.from_pylist(stock)
    with opener(out, table.schema) as writer:
        writer.write_table(table, 9)
    return out.getvalue()


FORMATS: dict[str, Callable[[Stock], bytes]] = {
    "ads.csv": write_csv,
    "ads.tsv": lambda stock: write_csv(stock, "\t"),
    "ads.csv.gz": lambda stock: gzip.compress(write_csv(stock)),
    "ads.jsonl": write_jsonl,
    "ads.ndjson.gz": lambda stock: gzip.compress(write_jsonl(stock)),
    "ads.jsonl.zst": lambda stock: bytes(pa.compress(write_jsonl(stock), codec="zstd", asbytes=True)),
    "ads.parquet": write_parquet,
    "ads.arrow": lambda stock: write_arrow(stock, pa.ipc.new_stream),
    "file.arrow": lambda stock: write_arrow(stock, pa.ipc.new_file),
}


def verdicts(out: Path) -> Stock:
    rows: Stock = []
    for path in sorted(out.glob("part-*")):
        data = path.read_bytes()
        rows += pq.read_table(io.BytesIO(data)).to_pylist() if path.suffix == ".parquet" else [json.loads(x) for x in data.splitlines()]
    return rows


def errors(out: Path) -> Stock:
    return [json.loads(line) for line in (out / "errors.jsonl").read_bytes().splitlines()]


def manifest(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "manifest.json").read_bytes())
    return told


def tree(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def batch(*words: str | Path) -> int:
    return main(["batch", *map(str, words), "--workers", "1"])


@pytest.fixture(scope="module")
def judged(stock: Stock, classifier: ScamAdClassifier) -> Stock:
    answers = classifier.judge_many([Advert.from_text(row["text"]) for row in stock], Options(prior=0.02))
    return [verdict.as_dict(row["id"]) for row, verdict in zip(stock, answers, strict=True)]


TOLD = ("id", "level", "probability", "log_odds", "language", "spans", "baseline", "other", "lure_types")


@pytest.fixture(scope="module", params=["parquet", "jsonl"])
def every_format(request: Any, stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "in").mkdir()
    for name, write in FORMATS.items():
        (folder / "in" / name).write_bytes(write(stock))
    assert batch(folder / "in", folder / "out", "--prior", "0.02", "--format", request.param, "--shard-rows", "10") == 0
    return folder / "out"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_verdicts_of_the_classifier(name: str, every_format: Path, stock: Stock, judged: Stock) -> None:
    rows = [row for row in verdicts(every_format) if Path(row["file"]).name == name]
    assert [{key: row[key] for key in TOLD} for row in rows] == [{key: one[key] for key in TOLD} for one in judged]
    lures = [[(reason["lure"], reason["contribution"], reason["spans"]) for reason in one["lures"]] for one in judged]
    assert [[(reason["lure"], reason["contribution"], list(reason["spans"])) for reason in row["lures"]] for row in rows] == lures
    assert {row["model"] for row in rows} == {judged[0]["model"]["sha256"]}
    assert len([one for one in manifest(every_format)["shards"] if Path(one["file"]).name == name]) == math.ceil(len(stock) / 10)


def test_rows_add_up_and_tell_where_they_come_from(stock: Stock, tmp_path: Path) -> None:
    (tmp_path / "ads.jsonl").write_bytes(write_jsonl(stock))
    assert batch(tmp_path / "ads.jsonl", tmp_path / "out") == 0
    rows = verdicts(tmp_path / "out")
    assert [row["row"] for row in rows] == [2 * i + 1 for i in range(len(stock))]
    assert {row["file"] for row in rows} == {str(tmp_path / "ads.jsonl")}
    for row, given in zip(rows, stock, strict=True):
        parts = [*row["spans"], *row["other"]]
        assert row["log_odds"] == pytest.approx(row["baseline"] + math.fsum(part["contribution"] for part in parts), abs=1e-9)
        assert all(given["text"][span["start"] : span["end"]] == span["text"] for span in row["spans"])


def test_folders_globs_and_many_files_are_read_in_order(stock: Stock, tmp_path: Path) -> None:
    (tmp_path / "in" / "b").mkdir(parents=True)
    (tmp_path / "in" / "_later").mkdir()
    for name in ("a.csv", "b/c.parquet", "notes.txt", "_later/x.csv", ".hidden.csv"):
        (tmp_path / "in" / name).write_bytes(write_parquet(stock[:3]) if name.endswith("parquet") else write_csv(stock[:2]))
    (tmp_path / "z1.csv").write_bytes(write_csv(stock[:1]))
    (tmp_path / "z2.csv").write_bytes(write_csv(stock[:1]))
    assert batch(tmp_path / "z*.csv", tmp_path / "in", tmp_path / "z1.csv", tmp_path / "out") == 0
    names = [Path(one["path"]).name for one in manifest(tmp_path / "out")["inputs"]]
    assert names == ["z1.csv", "z2.csv", "a.csv", "c.parquet"]
    assert manifest(tmp_path / "out")["summary"]["rows"] == 7


def test_a_saved_dataset_is_read(stock: Stock, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed (extra training)")
    datasets.Dataset.from_list(stock).save_to_disk(str(tmp_path / "saved"))
    assert batch(tmp_path / "saved", tmp_path / "out") == 0
    assert [row["id"] for row in verdicts(tmp_path / "out")] == [row["id"] for row in stock]


COLUMNS: list[tuple[list[str], Mapping[str, object], Mapping[str, str]]] = [
    ([], {"title": "Cook", "description": "Hot meals in Leeds"}, {"title": "Cook", "description": "Hot meals in Leeds"}),
    ([], {"text": "Hot meals", "title": "Cook"}, {"text": "Hot meals"}),
    (["text=body"], {"body": "Hot meals", "text": "other", "title": "Cook"}, {"text": "Hot meals"}),
    (["title=job", "description=body", "id=key"], {"key": 7, "job": "Cook", "body": "Meals"}, {"title": "Cook", "description": "Meals"}),
    (["title=title"], {"title": "Cook", "text": "other", "description": "x"}, {"title": "Cook"}),
]


@pytest.mark.parametrize("name", ["ads.parquet", "ads.csv", "ads.jsonl"])
@pytest.mark.parametrize(("asked", "row", "wanted"), COLUMNS)
def test_columns_are_mapped(
    name: str, asked: list[str], row: Mapping[str, object], wanted: Mapping[str, str], tmp_path: Path, classifier: ScamAdClassifier
) -> None:
    (tmp_path / name).write_bytes(FORMATS[name]([dict(row)]))
    words = [word for pair in asked for word in ("--column", pair)]
    assert batch(tmp_path / name, tmp_path / "out", *words) == 0
    (got,) = verdicts(tmp_path / "out")
    assert got["log_odds"] == classifier.judge(Advert(tuple(wanted.items()))).log_odds
    assert got["id"] == ("7" if "key" in row else None)


def test_postings_are_read_as_by_score(tmp_path: Path, classifier: ScamAdClassifier) -> None:
    (tmp_path / "ads.jsonl").write_text('{"id": 1, "posting": {"title": "Cook", "description": null, "salary": "90 a day"}}\n')
    assert batch(tmp_path / "ads.jsonl", tmp_path / "out") == 0
    assert verdicts(tmp_path / "out")[0]["log_odds"] == classifier.judge(Advert((("title", "Cook"), ("salary", "90 a day")))).log_odds


GOOD = b'{"id": "good", "text": "Shop assistant in Leeds"}\n'
BAD: list[tuple[str, bytes, int, list[tuple[int | None, str]]]] = [
    ("no-json.jsonl", GOOD + b"not json\n" + GOOD, 2, [(2, "not JSON")]),
    ("ends.jsonl", GOOD + b'{"id": "cut", "text": "Sho', 1, [(2, "not JSON")]),
    ("list.jsonl", b"[1]\n" + GOOD, 1, [(1, "expected an object")]),
    ("number.jsonl", b'{"text": 5}\n{"id": [1], "text": "a"}\n' + GOOD, 1, [(1, "must be text"), (2, "id must be")]),
    ("empty.jsonl", b'{"id": 1, "text": " "}\n{"id": 2}\n' + GOOD, 1, [(1, "empty"), (2, "no text")]),
    ("long.jsonl", b'{"id": 1, "text": "' + b"x" * (MAX_CHARACTERS + 1) + b'"}\n' + GOOD, 1, [(1, "200,000")]),
    ("latin.jsonl", b'{"text": "caf\xe9"}\n' + GOOD, 1, [(1, "not UTF-8")]),
    ("wide.jsonl", GOOD.decode().encode("utf-16"), 0, [(None, "UTF-16")]),
    ("surrogate.jsonl", b'{"id": "\\ud800", "text": "no experience \\ud800 free flight, Telegram \\udfff only"}\n', 1, []),
    ("cut.jsonl.gz", gzip.compress(GOOD * 3)[:-8], 3, [(None, "ends early")]),
    ("garbage.jsonl.gz", b"nothing of the kind", 0, [(None, "damaged")]),
    ("cut.jsonl.zst", bytes(pa.compress(GOOD * 3, codec="zstd", asbytes=True))[:-3], 0, [(None, "damaged")]),
    ("width.csv", b"id,text\n1,Cook in Leeds\n2,a,b\n3,Baker\n4\n", 2, [(2, "3 cells"), (4, "1 cells")]),
    ("quote.csv", b'id,text\n1,Cook\n2,"Baker in', 1, [(None, "inside a quoted cell")]),
    ("latin.csv", b"id,text\n1,caf\xe9\n2,Cook\n", 1, [(1, "not UTF-8")]),
    ("wide.csv", "id,text\n1,Cook\n".encode("utf-16"), 0, [(None, "UTF-16")]),
    ("columns.csv", b"key,body\n1,Cook\n", 0, [(None, "no column is named")]),
    ("nothing.csv", b"", 0, [(None, "no column is named")]),
    ("types.parquet", b"", 0, [(None, "holds int64, text is expected")]),
    ("bytes.parquet", b"", 2, [(2, "not UTF-8")]),
    ("cut.parquet", write_parquet([{"text": "Cook"}])[:-20], 0, [(None, "no Parquet footer")]),
    ("unknown.xlsx", b"PK", 0, [(None, "known kind")]),
    ("cut.arrow", FORMATS["ads.arrow"]([{"text": "Cook in Leeds " * 99}] * 20)[:-3000], 9, [(None, "ends early")]),
]


def bad_bytes(name: str, data: bytes) -> bytes:
    if name == "types.parquet":
        return write_parquet([{"id": 1, "text": 5}])
    if name == "bytes.parquet":
        column = pa.StringArray.from_buffers(3, *pa.array([b"Cook", b"caf\xe9", b"Baker"], pa.binary()).buffers()[1:])
        out = io.BytesIO()
        pq.write_table(pa.table({"text": column}), out)
        return out.getvalue()
    return data


@pytest.fixture(scope="module")
def bad_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    for name, data, _, _ in BAD:
        (folder / name).write_bytes(bad_bytes(name, data))
    paths = [folder / name for name, _, _, _ in BAD]
    assert batch(*paths, folder / "gone.jsonl", folder / "out") == 3
    return folder


@pytest.mark.parametrize(("name", "data", "good", "wanted"), BAD, ids=[case[0] for case in BAD])
def test_what_cannot_be_judged_is_named_and_the_rest_is_done(
    name: str, data: bytes, good: int, wanted: list[tuple[int | None, str]], bad_run: Path
) -> None:
    path = str(bad_run / name)
    found = [one for one in errors(bad_run / "out") if one["file"] == path]
    assert [one["row"] for one in found] == [row for row, _ in wanted]
    for one, (_, message) in zip(found, wanted, strict=True):
        assert message in one["reason"]
    assert len([row for row in verdicts(bad_run / "out") if row["file"] == path]) == good


def test_counts_add_up(bad_run: Path) -> None:
    summary, found = manifest(bad_run / "out")["summary"], errors(bad_run / "out")
    assert summary["judged"] == len(verdicts(bad_run / "out")) == sum(summary["levels"].values()) == sum(good for _, _, good, _ in BAD)
    assert summary["rows"] == summary["judged"] + summary["refused"]
    assert summary["refused"] == len([one for one in found if one["row"] is not None])
    assert summary["troubles"] == len([one for one in found if one["row"] is None])
    assert found[-1]["file"] == str(bad_run / "gone.jsonl")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["gone.jsonl", "out"], "nothing to read"),
        (["*.nothing", "out"], "no ads in"),
        ([".", "out"], "lie within one another"),
        (["fine.jsonl", "out", "--column", "body=text"], "--column takes FIELD=COLUMN"),
        (["fine.jsonl", "out", "--shard-rows", "0"], "--shard-rows must be at least 1"),
        (["fine.jsonl", "out", "--prior", "2"], "prior must be a share"),
        (["fine.jsonl", "out", "--artefact", "nowhere"], "no manifest.json"),
        (["fine.jsonl", "taken"], "give an empty folder"),
        (["fine.jsonl", "fine.jsonl"], "cannot write"),
        (["strange://x", "out"], "cannot reach strange://x"),
    ],
)
def test_wrong_use_is_told(words: list[str], message: str, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fine.jsonl").write_bytes(GOOD)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "my.txt").write_text("mine")
    monkeypatch.chdir(tmp_path)
    assert main(["batch", *words, "--workers", "1"]) == 2
    assert message in capsys.readouterr().err


def test_a_run_that_is_complete_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "ads.jsonl").write_bytes(GOOD * 3)
    assert batch(tmp_path / "ads.jsonl", tmp_path / "out") == 0
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    assert batch(tmp_path / "ads.jsonl", tmp_path / "out") == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before


CHANGES: list[tuple[str, list[str], str]] = [
    ("ads.jsonl", [], "ads.jsonl has changed"),
    ("more.jsonl", [], "more.jsonl is new"),
    ("", ["--prior", "0.5"], 'began with options {"tier": "fast", "prior": 0.01'),
    ("", ["--format", "jsonl"], "began with options"),
    ("", ["--cluster"], "began with options"),
]


@pytest.mark.parametrize(("changed", "words", "message"), CHANGES)
def test_what_has_changed_is_refused_by_name(changed: str, words: list[str], message: str, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ads.jsonl").write_bytes(GOOD * 3)
    assert batch(tmp_path / "in", tmp_path / "out") == 0
    if changed:
        (tmp_path / "in" / changed).write_bytes(GOOD + GOOD.replace(b"Leeds", b"Derby") + GOOD)
    assert batch(tmp_path / "in", tmp_path / "out", *words) == 2
    assert message in capsys.readouterr().err


def test_another_model_is_refused(tmp_path: Path, capsys: Any) -> None:
    from model.artefact import FILES, SHIPPED, write_manifest  # noqa: PLC0415

    (tmp_path / "ads.jsonl").write_bytes(GOOD)
    other = tmp_path / "other"
    other.mkdir()
    for name in FILES:
        (other / name).write_bytes((SHIPPED / name).read_bytes())
    write_manifest(other, {**json.loads((SHIPPED / "manifest.json").read_bytes()), "version": "0.0.1"})
    assert batch(tmp_path / "ads.jsonl", tmp_path / "out") == 0
    assert batch(tmp_path / "ads.jsonl", tmp_path / "out", "--artefact", other) == 2
    assert "began with model" in capsys.readouterr().err


def test_two_processes_give_the_bytes_of_one(stock: Stock, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "ads.parquet").write_bytes(write_parquet(stock))
    words = [str(tmp_path / "ads.parquet"), "--shard-rows", "5"]
    assert main(["batch", *words, str(tmp_path / "one"), "--workers", "1"]) == 0
    assert main(["batch", *words, str(tmp_path / "two"), "--workers", "2"]) == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert capsys.readouterr().err.count("\n") == 2


def test_an_object_store_gets_the_same(stock: Stock, tmp_path: Path) -> None:
    import fsspec  # noqa: PLC0415

    store = fsspec.filesystem("memory")
    store.pipe_file("/board/ads/one.parquet", write_parquet(stock))
    store.pipe_file("/board/ads/two.csv.gz", gzip.compress(write_csv(stock)))
    assert batch("memory://board/ads", "memory://verdicts", "--shard-rows", "20", "--cluster") == 0
    names = [name.rsplit("/", 1)[-1] for name in store.find("/verdicts")]
    parts = [pq.read_table(io.BytesIO(store.cat_file(f"/verdicts/{name}"))) for name in names if name.startswith("part-")]
    assert sum(part.num_rows for part in parts) == 2 * len(stock)
    assert sorted(set(names) - {name for name in names if name.startswith("part-")}) == ["errors.jsonl", "manifest.json"]
    assert [one["digest_of"] for one in json.loads(store.cat_file("/verdicts/manifest.json"))["inputs"]] == [
        "parquet footer",
        "object version",
    ]
