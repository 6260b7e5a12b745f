"""The command line as a caller uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from model.advert import MAX_CHARACTERS

ROOT = Path(__file__).parent.parent


def lurewatch(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "model.cli", *words], input=given, capture_output=True, check=False, env=environment)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_text_file_and_standard_input_give_the_same(tmp_path: Path) -> None:
    text = "Typist wanted in Thailand, no experience, free flight, write on Telegram"
    (tmp_path / "ad.txt").write_text(text, encoding="utf-8")
    answers = [
        lurewatch("score", "--json", text),
        lurewatch("score", "--json", str(tmp_path / "ad.txt")),
        lurewatch("score", "--json", "-", given=text.encode()),
    ]
    assert [a.returncode for a in answers] == [0, 0, 0]
    verdicts = [json.loads(a.stdout) for a in answers]
    assert verdicts[0] == verdicts[1] == verdicts[2]
    assert verdicts[0]["level"] in ("caution", "warning")


def test_the_readable_verdict_names_phrases_and_the_reminder() -> None:
    done = lurewatch("score", "Typist wanted in Thailand, no experience, free flight, write on Telegram")
    out = done.stdout.decode()
    assert done.returncode == 0
    assert "no experience" in out
    assert "A low score is not a clearance" in out


def test_many_lines_in_order_with_bad_ones_answered(tmp_path: Path) -> None:
    lines = [
        b'{"id": "a", "text": "Shop assistant in Leeds"}',
        b"not json",
        b'{"id": "b", "text": ""}',
        b'{"id": 3, "text": 5}',
        b'{"id": "c", "text": "' + b"x" * (MAX_CHARACTERS + 1) + b'"}',
        b'{"id": "d", "text": "\xff\xfe"}',
        b'{"id": "e", "posting": {"title": "Cook", "description": "Kitchen in Leeds"}}',
        b'{"id": "f", "text": "a \\u0000 b \\ud800 c"}',
        b"",
        b'{"id": "g", "text": "' + b"y" * 1_000_000 + b'"}',
        b'{"id": "h", "text": "last"}',
        b"[" * 100_000,
        b'"x"' + b" " * 5_000_000,
        b'{"id": "i", "text": "after a line of five megabytes"}',
    ]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))
    done = lurewatch("score", "--jsonl", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"), "--prior", "0.02")
    answers = lines_of(tmp_path / "out.jsonl")
    assert done.returncode == 3
    assert [a["id"] for a in answers] == ["a", None, "b", 3, "c", None, "e", "f", "g", "h", None, None, "i"]
    assert ["error" in a for a in answers] == [False, True, True, True, True, True, False, False, True, False, True, True, False]
    assert answers[0]["prior"] == 0.02
    assert answers[4]["error"]["kind"] == "advert_too_large"
    assert answers[4]["error"]["field"] == "text"
    assert "200,000" in answers[4]["error"]["message"]
    assert b"12" not in done.stdout


def test_good_lines_end_with_code_zero(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "a job"}\n', encoding="utf-8")
    done = lurewatch("score", "--jsonl", str(tmp_path / "in.jsonl"))
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == 1


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["score"], 2, "either one ad"),
        (["score", "a", "--jsonl", "b"], 2, "either one ad"),
        (["score", ""], 2, "empty"),
        (["score", "a", "--prior", "2"], 2, "prior must be a share"),
        (["score", "a", "--prior", "x"], 2, "invalid float"),
        (["score", "a", "--artefact", "/nowhere"], 2, "no manifest.json"),
        (["score", "--jsonl", "/nowhere.jsonl"], 2, "cannot read"),
        (["nonsense"], 2, "invalid choice"),
        ([], 2, "usage"),
    ],
)
def test_wrong_use_is_told(words: list[str], code: int, message: str) -> None:
    done = lurewatch(*words)
    assert done.returncode == code
    assert message in (done.stderr + done.stdout).decode()


def test_undecodable_input_is_told() -> None:
    done = lurewatch("score", "-", given=b"caf\xe9")
    assert done.returncode == 2
    assert b"byte 3 is not UTF-8" in done.stderr


@pytest.mark.parametrize("command", ["score", "lures", "serve", "batch", "keys", "feedback", "train", "evaluate", "promote"])
def test_every_help_shows_an_example(command: str) -> None:
    done = lurewatch(command, "--help")
    assert done.returncode == 0
    assert b"example" in done.stdout


def test_lures_are_listed() -> None:
    done = lurewatch("lures")
    assert done.returncode == 0
    assert b"all_expenses_paid" in done.stdout
