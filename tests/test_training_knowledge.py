"""Every seed hits and misses what it says, and a malformed one stops the run with file, line and what to do."""

from pathlib import Path

import pytest

from model.artefact import SHIPPED
from model.errors import SeedError
from model.lures import LURES
from model.normalise import Normaliser
from model.tables import Tables
from training import knowledge

ENTRY = '  - lure: urgency\n    strength: 1\n    say: "{say}"\n    source: {source}\n    hit: "{hit}"\n    miss: "{miss}"\n'


@pytest.fixture(scope="module")
def plain() -> Normaliser:
    return Normaliser(Tables.load(SHIPPED / "normaliser.npz"))


def test_all_seeds_hold(plain: Normaliser) -> None:
    texts, arrays = knowledge.compile_seeds(plain)
    assert {lure for _, lure, *_ in texts["entries"] if lure} == set(LURES)
    assert len(arrays["entry"]) >= len(texts["entries"])


def test_every_language_has_what_english_has(plain: Normaliser) -> None:
    texts, _ = knowledge.compile_seeds(plain)
    english = texts["texts"]["en"]
    for language, told in texts["texts"].items():
        assert told["language"] == language
        assert set(told["lures"]) == set(LURES)
        assert [step["id"] for step in told["steps"]] == [step["id"] for step in english["steps"]]
        assert set(told) == set(english)


def test_every_source_that_is_named_is_known(plain: Normaliser) -> None:
    texts, _ = knowledge.compile_seeds(plain)
    named = {source for lure in texts["lures"].values() for source in lure["sources"]}
    named |= {fact["source"] for lure in texts["lures"].values() for fact in lure["facts"]}
    assert named <= set(texts["sources"])
    assert {"a000", "a001", "a002", "a003", "a004"} <= named


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (ENTRY.format(say="leave today", source="unsourced", hit="Leave today!", miss="Leave it."), None),
        (ENTRY.format(say="leave today", source="unsourced", hit="Stay.", miss="Leave it."), "does not hit"),
        (ENTRY.format(say="leave", source="unsourced", hit="Leave today!", miss="Leave it."), "hits its own miss"),
        (ENTRY.format(say="leave (today", source="unsourced", hit="Leave today!", miss="-"), "lacks a closing"),
        (ENTRY.format(say="leave today", source="r999", hit="Leave today!", miss="-"), "unknown source"),
        (ENTRY.format(say="leave today", source="unsourced", hit="", miss="-"), "hit must be"),
        (ENTRY.format(say="leave today", source="unsourced", hit="Leave today!", miss="-").replace("urgency", "hurry"), "unknown lure"),
        (
            ENTRY.format(say="leave today", source="unsourced", hit="Leave today!", miss="-").replace("strength: 1", "strength: 9"),
            "strength must",
        ),
        (ENTRY.format(say="!!", source="unsourced", hit="Leave today!", miss="-"), "nothing left"),
        ("  - {say: x, source: unsourced, hit: x, miss: y}\n", "either lure or context"),
        ("  - {lure: urgency, lure: urgency}\n", "stands twice"),
        ("  - [\n", "not readable"),
    ],
)
def test_malformed_entries_are_told(plain: Normaliser, tmp_path: Path, entry: str, words: str | None) -> None:
    for name in ("lures.yaml", "places.yaml", "sources.yaml"):
        (tmp_path / name).write_text((knowledge.seeds_folder() / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "phrases").mkdir()
    (tmp_path / "advice").mkdir()
    (tmp_path / "phrases" / "xx.yaml").write_text(f"language: xx\nphrases:\n{entry}", encoding="utf-8")
    if words is None:
        assert knowledge.compile_seeds(plain, tmp_path)
        return
    with pytest.raises(SeedError, match=words) as e:
        knowledge.compile_seeds(plain, tmp_path)
    assert e.value.field is not None
