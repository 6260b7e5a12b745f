"""The benchmark's stocks, and that the docs tell what was measured."""

import json
from pathlib import Path

import pytest

from training.bench_growth import made_up
from training.bench_report import BEGIN, DOCS, END, rate_of_a_core, tables
from training.synthetic import texts, write

pq = pytest.importorskip("pyarrow.parquet")
ROOT = Path(__file__).parent.parent


def test_no_text_stands_twice_and_all_have_their_length(tmp_path: Path) -> None:
    write(tmp_path / "ads.parquet", 5000, 700)
    table = pq.read_table(tmp_path / "ads.parquet")
    found = table.column("text").to_pylist()
    assert len(set(found)) == len(found) == 5000
    assert {len(text) for text in found} == {700}
    assert table.column("id").to_pylist() == [str(i) for i in range(5000)]
    assert list(texts(20, 700)) == found[:20]


def test_made_up_phrases_differ() -> None:
    found = made_up(20_000)
    assert len(set(found)) == 20_000


def test_the_docs_tell_what_was_measured() -> None:
    if not (ROOT / "reports" / "bench.json").is_file():
        pytest.skip("nothing was measured yet: make bench on an idle machine")
    told = json.loads((ROOT / "reports" / "bench.json").read_text(encoding="utf-8"))
    text = (ROOT / DOCS).read_text(encoding="utf-8")
    assert tables(told) in text.split(BEGIN)[1].split(END)[0]


def test_costs_follow_the_largest_stock() -> None:
    runs = {f"fast, 2 cores, {ads} ads": {"ads": ads, "ads_per_s": rate} for ads, rate in ((10_000, 4000.0), (100_000, 6000.0))}
    assert rate_of_a_core({"runs": runs}) == 3000
    assert rate_of_a_core({"runs": {}}) is None
