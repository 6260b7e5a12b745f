"""Near-duplicates across a stock: what is grouped, what is not, and how widely a text is told to be spread."""

import io
import json
import random
from pathlib import Path

import numpy as np
import pytest

from model.advert import Advert
from model.classifier import ScamAdClassifier
from model.cli import main

pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra batch)")
import pyarrow.parquet as pq

from serve.backlog.groups import grouped, heads, join, led
from serve.backlog.sketches import Sketcher, read
from serve.backlog.store import Store

CORPUS = Path(__file__).parent.parent / "seeds" / "corpus"
CITIES = "Leeds Derby York Hull Bath Ely Truro Ripon Wells Luton".split()


def texts(language: str, count: int) -> list[str]:
    lines = (CORPUS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(record["text"]) for record in map(json.loads, lines) if "text" in record][:count]


@pytest.fixture(scope="module")
def sketcher(classifier: ScamAdClassifier) -> Sketcher:
    return Sketcher(classifier.artefact)


def heads_of(sketcher: Sketcher, adverts: list[Advert]) -> list[int]:
    found = read(sketcher(adverts))
    return [int(head) for head in heads(found["keys"].T.astype(np.uint64), found["bins"].astype(np.uint8))]


LONG = texts("en", 3)
ALIKE: list[tuple[str, str]] = [
    (LONG[0], LONG[0]),
    (LONG[0], LONG[0].upper()),
    (LONG[0], LONG[0] + "\nRef 99120"),
    (LONG[0], LONG[0].replace("e", "\u0435")),
    (LONG[1] + " call 0771", LONG[1] + " call 0998"),
    ("Shop assistant in Leeds, weekends", "Shop assistant in Leeds, weekends!"),
    (texts("zh", 1)[0], texts("zh", 1)[0] + "。"),
]
APART: list[tuple[str, str]] = [
    (LONG[0], LONG[1]),
    ("Cook", "Cook"),
    ("Shop assistant in Leeds, weekends", "Night porter at a hotel in York"),
    (texts("zh", 2)[0], texts("zh", 2)[1]),
]


@pytest.mark.parametrize(("a", "b"), ALIKE)
def test_copies_are_grouped(a: str, b: str, sketcher: Sketcher) -> None:
    assert heads_of(sketcher, [Advert.from_text("Baker for our oven in Bath"), Advert.from_text(a), Advert.from_text(b)]) == [0, 1, 1]


@pytest.mark.parametrize(("a", "b"), APART)
def test_others_are_not(a: str, b: str, sketcher: Sketcher) -> None:
    assert heads_of(sketcher, [Advert.from_text(a), Advert.from_text(b)]) == [0, 1]


@pytest.mark.parametrize(("share", "least", "most"), [(0.95, 0.99, 1.0), (0.5, 0.0, 0.6), (0.2, 0.0, 0.0)])
def test_the_estimate_follows_the_share_of_runs_in_common(share: float, least: float, most: float, sketcher: Sketcher) -> None:
    rng = random.Random(5)  # noqa: S311 - texts, not secrets
    found = []
    for _ in range(60):
        words = ["".join(rng.choices("bcdfghjklmnp", k=7)) for _ in range(400)]
        cut = round(len(words) * 2 * share / (1 + share))
        other = words[:cut] + ["".join(rng.choices("bcdfghjklmnp", k=7)) for _ in range(len(words) - cut)]
        head = heads_of(sketcher, [Advert.from_text(" ".join(words)), Advert.from_text(" ".join(other))])
        found.append(head == [0, 0])
    assert least <= sum(found) / len(found) <= most


def test_a_sketch_does_not_depend_on_neighbours(sketcher: Sketcher) -> None:
    adverts = [Advert.from_text(text) for text in texts("en", 20)]
    together = read(sketcher(adverts))["keys"]
    assert (together == np.concatenate([read(sketcher([advert]))["keys"] for advert in adverts])).all()
    assert read(sketcher([]))["keys"].shape == (0, 16)


def test_joining_is_that_of_a_plain_union() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        a, b = rng.integers(0, 60, (2, 40))
        head = np.arange(60, dtype=np.int64)
        join(head, a, b)
        plain = list(range(60))
        for x, y in zip(a.tolist(), b.tolist(), strict=True):
            low, high = sorted((plain[x], plain[y]))
            plain = [low if p == high else p for p in plain]
        assert led(head, head).tolist() == plain


def test_the_same_text_in_many_cities_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": city, "title": "Data typist", "description": LONG[0], "location": f"{city} ", "company": "Acme"} for city in CITIES]
    rows += [{**rows[0], "id": "again", "location": "LEEDS", "company": "Other"}]
    rows += [{"id": str(i), "description": text, "location": "Leeds"} for i, text in enumerate(texts("id", 5))]
    (tmp_path / "ads.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "broken\n", encoding="utf-8")
    for form in ("parquet", "jsonl"):
        out = tmp_path / form
        words = [str(tmp_path / "ads.jsonl"), str(out), "--cluster", "--shard-rows", "4", "--format", form, "--workers", "1"]
        assert main(["batch", *words]) == 3
        assert "1 of them name 5 places or more" in capsys.readouterr().err
        data = [path.read_bytes() for path in sorted(out.glob("part-*"))]
        found = [
            row
            for part in data
            for row in (map(json.loads, part.splitlines()) if form == "jsonl" else pq.read_table(io.BytesIO(part)).to_pylist())
        ]
        assert [row["group"] for row in found] == [{"id": 0, "ads": 11, "places": 10, "companies": 2}] * 11 + [None] * 5
        told = json.loads((out / "manifest.json").read_bytes())["summary"]["duplicates"]
        assert told == {"groups": 1, "ads_in_groups": 11, "largest": 11, "spread": 1}
        assert sorted(path.name for path in out.iterdir() if not path.name.startswith("part-")) == ["errors.jsonl", "manifest.json"]


def test_groups_reach_across_shards(sketcher: Sketcher, tmp_path: Path) -> None:
    store = Store.of(str(tmp_path))
    for name, text in (("a", LONG[0]), ("b", LONG[1]), ("c", LONG[0])):
        store.put(name, [sketcher([Advert.from_text(text)] * 3)])
    groups = grouped(store, ["a", "b", "c"], [3, 3, 3])
    assert groups.head.tolist() == [0, 0, 0, 3, 3, 3, 0, 0, 0]
    assert groups.ads.tolist() == [6, 6, 6, 3, 3, 3, 6, 6, 6]
    assert groups.places.tolist() == [0] * 9
