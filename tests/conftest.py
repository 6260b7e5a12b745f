import csv
import json
import os
import random
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import servers
from browser import chromium
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from model.artefact import SHIPPED
from model.classifier import ScamAdClassifier
from model.normalise import Normaliser
from model.tables import Tables
from serve.app import create_app
from serve.settings import Settings

settings.register_profile("here", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(scope="session")
def classifier() -> ScamAdClassifier:
    return ScamAdClassifier.load()


@pytest.fixture(scope="session")
def normaliser() -> Normaliser:
    words = frozenset({"salary", "telegram", "cambodia", "visa", "casino", "passport"})
    return Normaliser(Tables.load(SHIPPED / "normaliser.npz"), words)


@pytest.fixture(scope="session")
def public_data() -> Path:
    folder = os.environ.get("LUREWATCH_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("public data: LUREWATCH_DATA is not set to a folder")
    return Path(folder)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a service without keys."""
    with servers.running(create_app(Settings(state=tmp_path_factory.mktemp("state")))) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[servers.Redis]:
    with servers.redis_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings with an empty database of each kind."""
    if request.param == "sqlite":
        return Settings(state=tmp_path / "100% state")
    server: servers.Postgres = request.getfixturevalue("postgres")
    server.sql("DROP TABLE IF EXISTS feedback, alembic_version")
    return Settings(state=tmp_path, database_url=server.url)


LURED = "free flight no experience telegram visa paid urgent typist crypto bonus hostel passport agent leave today easy chat".split()
PLAIN = (
    "shift kitchen nurse rota pension interview references warehouse driver licence accounts payroll training school canteen garden".split()
)
BOTH = "salary work team hours company week office start join contract full time people service north south street manager care".split()


def made_text(rng: random.Random, label: int) -> str:
    """Forty words of which some tell the label; no two texts are near-duplicates."""
    words = rng.choices(LURED if label else PLAIN, k=12) + rng.choices(LURED + PLAIN, k=10) + rng.choices(BOTH, k=18)
    rng.shuffle(words)
    return " ".join(words)


@pytest.fixture(scope="session")
def made_ads() -> Callable[..., list[dict[str, object]]]:
    """Makes ads with the columns ad_id, title, description, town, fraudulent; one in three is a lure."""

    def make(n: int, seed: int = 0) -> list[dict[str, object]]:
        rng = random.Random(seed)  # noqa: S311 - nothing secret
        return [
            {
                "ad_id": f"{seed}-{rng.getrandbits(40):x}",
                "title": " ".join(rng.choices(BOTH, k=3)),
                "description": made_text(rng, int(i % 3 == 0)),
                "town": rng.choice(["Leeds", "Bath", "York"]),
                "fraudulent": int(i % 3 == 0),
            }
            for i in range(n)
        ]

    return make


@pytest.fixture(scope="session")
def write_csv() -> Callable[[Path, list[dict[str, object]]], Path]:
    """Writes rows as CSV."""

    def write(path: Path, rows: list[dict[str, object]]) -> Path:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""Threads that wait for one another by spinning take minutes where the cores are shared."""
QUICK = "corpus = 'pairs'\nfolds = 2\n[search]\nC = [0.3]\n"
FEEDBACK = [
    {
        "id": "f1",
        "label": 1,
        "lure_type": "compound",
        "text": "Typist in Thailand, free flight, no experience, write on Telegram today",
        "board": "b",
    },
    {"id": "f2", "label": 0, "title": "Night nurse", "description": "Ward four, three nights a week, two references", "written_at": 1000},
    {"id": "f3", "label": 1, "description": "Ward five, three nights a week, two references please", "reviewer": "m1"},
    {"id": "f4", "label": 0, "description": "Ward five, three nights a week, two references please", "reviewer": "m2"},
]


@pytest.fixture(scope="session")
def retraining() -> list[list[str]]:
    """The commands of docs/retraining.md, as words; `promote` is not among them."""
    text = (Path(__file__).parent.parent / "docs" / "retraining.md").read_text(encoding="utf-8")
    return [shlex.split(line) for part in text.split("```sh\n")[1:] for line in part.split("```")[0].splitlines()]


@pytest.fixture(scope="session")
def retrained(
    tmp_path_factory: pytest.TempPathFactory,
    made_ads: Callable[..., list[dict[str, object]]],
    write_csv: Callable[[Path, list[dict[str, object]]], Path],
    retraining: list[list[str]],
) -> Path:
    """A folder in which the first command of docs/retraining.md has run, with a small search and feedback; its words go to train.log."""
    folder = tmp_path_factory.mktemp("kit")
    write_csv(folder / "ads.csv", made_ads(180))
    write_csv(folder / "later.csv", made_ads(90, 1))
    (folder / "quick.toml").write_text(QUICK, encoding="utf-8")
    write_pairs(folder / "pairs")
    (folder / "feedback.jsonl").write_text("".join(json.dumps(line) + "\n" for line in FEEDBACK), encoding="utf-8")
    done = lurewatch(folder, *retraining[0][1:], *QUICKLY)
    (folder / "train.log").write_text(done.stderr, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return folder


def write_pairs(folder: Path) -> None:
    """One written pair in ten, and one in ten of the texts that are no ads."""
    folder.mkdir()
    for path in sorted((Path(__file__).parent.parent / "seeds" / "corpus").glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        names = [json.loads(line)["pair"] or json.loads(line)["id"] for line in lines]
        kept = set(sorted(set(names))[::10])
        (folder / path.name).write_text("".join(line for line, name in zip(lines, names, strict=True) if name in kept), encoding="utf-8")


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of one written pair in ten."""
    folder = tmp_path_factory.mktemp("written") / "pairs"
    write_pairs(folder)
    return folder


QUICKLY = ["--config", "quick.toml", "--feedback", "feedback.jsonl", "--jobs", "1"]


def lurewatch(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, without public data."""
    environment = {name: value for name, value in os.environ.items() if name != "LUREWATCH_DATA"} | ONE_THREAD
    return subprocess.run(
        [sys.executable, "-m", "model.cli", *words], capture_output=True, text=True, cwd=folder, check=False, env=environment
    )


@pytest.fixture(scope="session")
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command in a folder, without public data."""
    return lurewatch
