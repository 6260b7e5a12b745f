"""The packages are this repository's, the version is one, and what the README shows runs."""

import importlib
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["model", "training", "serve", "seeds"])
def test_packages_come_from_this_repository(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__file__ is not None
    assert Path(module.__file__).parent == ROOT / name


def test_serving_loads_nothing_of_training() -> None:
    heavy = "sklearn pandas torch transformers datasets scipy".split()
    program = f"import sys, serve.app; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def readme_commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = [part.split("```")[0] for part in text.split("```sh\n")[1:]]
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("lurewatch ") and not line.startswith(("lurewatch serve", "lurewatch train"))]


@pytest.mark.parametrize("line", readme_commands())
def test_readme_commands_run(line: str, tmp_path: Path) -> None:
    (tmp_path / "ads.jsonl").write_text('{"id": 1, "text": "Shop assistant, Leeds"}\n', encoding="utf-8")
    words = shlex.split(line)
    done = subprocess.run([sys.executable, "-m", "model.cli", *words[1:]], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr


def test_figures_in_the_readme_are_those_of_the_report() -> None:
    from training.card import BEGIN, END, main_table  # noqa: PLC0415

    metrics = json.loads((ROOT / "reports" / "metrics.json").read_text(encoding="utf-8"))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert main_table(metrics) in text.split(BEGIN)[1].split(END)[0]


def test_no_registry_or_machine_path_is_committed() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text
        assert "--hash=sha256:" in text
