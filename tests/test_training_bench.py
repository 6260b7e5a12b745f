"""The benchmark's stocks, and that the docs tell what was measured."""

import json
from pathlib import Path

import pytest

from training.bench_growth import made_up
from training.bench_report import BEGIN, DOCS, END, publish, rate_of_a_core, tables
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


def test_figures_become_tables_and_plots(tmp_path: Path) -> None:
    run = {"ads": 1000, "ads_per_s": 500.0, "memory_mb": 300, "load_before": 0.2, "seconds": 2.0}
    growth = {"lengths": {"500": 80.0, "1000": 160.0}, "phrases": {"1000": 90.0}, "datasketch_us_per_ad": 900.0, "load_before": 0.1}
    told = {"machine": {"processor": "any", "cores": 2}, "runs": {"fast, 2 cores, 1000 ads": run}, "growth": growth}
    publish(told, tmp_path)
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8")) == told
    assert (tmp_path / "bench.png").read_bytes().startswith(b"\x89PNG")
    assert "| on demand | 0.05 $ | 111 | 5.56 $ |" in tables(told)


def test_costs_follow_the_largest_stock() -> None:
    runs = {f"fast, 2 cores, {ads} ads": {"ads": ads, "ads_per_s": rate} for ads, rate in ((10_000, 4000.0), (100_000, 6000.0))}
    assert rate_of_a_core({"runs": runs}) == 3000
    assert rate_of_a_core({"runs": {}}) is None
