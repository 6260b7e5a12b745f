"""The written corpus keeps its own rules, and malformed lines are told with file and line."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from model.errors import SeedError
from model.lures import LURE_TYPES
from training import corpus, drafts

GOOD: dict[str, Any] = {
    "id": "xx-1-scam", "pair": "xx-1", "text": "free flight", "lang": "xx", "country": "ID", "format": "sms", "label": 1,
    "lure_type": "compound", "difficulty": "plain", "spans": [{"field": "text", "start": 0, "end": 11, "lure": "all_expenses_paid"}],
}  # fmt: skip


def test_size_and_mix() -> None:
    rows = corpus.read()
    scams = [row for row in rows if row.label]
    languages = Counter(row.language for row in scams)
    assert len(scams) >= 1200
    assert languages["en"] >= 250
    assert len(languages) == 25
    assert min(languages.values()) >= 20
    assert {row.lure_type for row in scams} == set(LURE_TYPES)
    assert sum(row.group == row.id for row in rows) >= 150


def test_no_two_texts_share_eight_words() -> None:
    seen: dict[str, str] = {}
    for row in corpus.read():
        words = [w for _, text in row.advert.parts for w in text.lower().split() if len(w) > 1]  # letters set apart are no words
        for i in range(len(words) - 7):
            gram = " ".join(words[i : i + 8])
            assert seen.setdefault(gram, row.id) == row.id, (row.id, seen[gram], gram)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "poster"}, "unknown format 'poster'"),
        ({"lure_type": "romance"}, "unknown lure_type"),
        ({"difficulty": "hard"}, "unknown difficulty"),
        ({"spans": []}, "a scam needs spans"),
        ({"spans": [{"field": "text", "start": 0, "end": 99, "lure": "urgency"}]}, "outside its field"),
        ({"spans": [{"field": "text", "start": 0, "end": 4, "lure": "gift"}]}, "unknown lure"),
        ({"text": ""}, "empty"),
        ({"colour": "red"}, "keys must be"),
    ],
)
def test_malformed_lines_are_told_with_their_place(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    (tmp_path / "xx.jsonl").write_text(json.dumps({**GOOD, **change}) + "\n", encoding="utf-8")
    with pytest.raises(SeedError, match=words) as e:
        corpus.read(tmp_path)
    assert e.value.field == "xx.jsonl:1"


def test_pairs_must_be_whole_and_ids_single(tmp_path: Path) -> None:
    (tmp_path / "xx.jsonl").write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
    with pytest.raises(SeedError, match="one scam and one twin"):
        corpus.read(tmp_path)
    (tmp_path / "xx.jsonl").write_text((json.dumps(GOOD) + "\n") * 2, encoding="utf-8")
    with pytest.raises(SeedError, match="stands twice"):
        corpus.read(tmp_path)


def test_drafts_become_lines_with_exact_spans(tmp_path: Path) -> None:
    head = "=== xx-1 scam country=ID format=posting type=task difficulty=plain\n"
    text = "@title <<task_work|Like>> it\n@description\nEarn <<pay_too_good|a lot>>\nnow\n"
    (tmp_path / "d.txt").write_text(head + text + "=== xx-1 twin country=ID format=posting\n@title Cook\n", encoding="utf-8")
    assert drafts.write([tmp_path / "d.txt"], tmp_path) == {"xx": 2}
    rows = corpus.read(tmp_path)
    marked = [dict(row.advert.parts)[u.field][u.start : u.end] for row in rows for u in row.underlines]
    assert marked == ["Like", "a lot"]
