"""What docs/api.md shows runs, as it stands, against the service."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from serve.problems import STATUSES

DOCS = Path(__file__).parent.parent / "docs"
ADDRESS = "http://127.0.0.1:8000"
RUNNERS = {"sh": ("sh", "curl"), "python": (sys.executable,), "javascript": ("node",)}
SUFFIXES = {"sh": ".sh", "python": ".py", "javascript": ".mjs"}


def examples() -> list[tuple[str, str]]:
    """Language and text of every example."""
    parts = (DOCS / "api.md").read_text(encoding="utf-8").split("```")[1::2]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


@pytest.mark.parametrize(("language", "text"), examples())
def test_examples_run(language: str, text: str, address: str, tmp_path: Path) -> None:
    for program in RUNNERS[language]:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    assert ADDRESS in text
    path = tmp_path / f"example{SUFFIXES[language]}"
    path.write_text(text.replace(ADDRESS, address), encoding="utf-8")
    done = subprocess.run([RUNNERS[language][0], str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.strip()
    if language == "sh":
        assert all(isinstance(json.loads(line), dict) for line in done.stdout.splitlines())


def test_each_language_has_an_example_of_one_and_of_many() -> None:
    for language in RUNNERS:
        paths = {path for own, text in examples() if own == language for path in ("/v1/score", "/v1/score/batch") if ADDRESS + path in text}
        assert paths == {"/v1/score", "/v1/score/batch"}


@pytest.mark.parametrize("kind", [*STATUSES, "invalid_json", "invalid_request", "invalid_advert", "unknown_format", "our_fault"])
def test_every_kind_of_problem_is_told(kind: str) -> None:
    assert f'<a id="{kind}"></a>`{kind}` | {STATUSES.get(kind, "")}' in (DOCS / "problems.md").read_text(encoding="utf-8")
