"""The store of feedback in both databases, real ones: kept once, exported, purged."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from serve.database import engine_of, url_of
from serve.desk import DAY, Desk
from serve.entries import ConflictError, Entry, StoreDownError
from serve.migrating import migrate
from serve.settings import Settings
from serve.store import Store
from serve.tables import TABLES

ROOT = Path(__file__).parent.parent
HOSTILE = "nul \0 tag <b>, \U0001f4b0 bidi \u202e, quote ' \" ; DROP TABLE feedback"


def entry(number: int, **more: Any) -> Entry:
    plain = Entry(f"{number:032x}", 1_000 + number, "board", f"key-{number}", "d", "ad", "lure", None, None, None, None)
    return replace(plain, **more)


@pytest.fixture
def store(database: Settings) -> Iterator[Store]:
    with closing(Store(url_of(database))) as made:
        yield made


def test_the_migrations_make_the_tables_that_the_code_knows(database: Settings) -> None:
    database.state.mkdir(exist_ok=True)
    engine = engine_of(url_of(database))
    migrate(engine)
    migrate(engine)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), TABLES) == []
    engine.dispose()


def test_processes_that_start_at_once_make_the_tables_once(database: Settings) -> None:
    program = "from serve.settings import Settings; from serve.store import Store; from serve.database import url_of; import sys, pathlib; \
store = Store(url_of(Settings(state=pathlib.Path(sys.argv[1]), database_url=sys.argv[2] or None))); print(len(list(store.entries())))"
    words = [sys.executable, "-c", program, str(database.state), database.database_url or ""]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) for _ in range(3)]
    assert [(p.communicate()[0], p.returncode) for p in started] == [(b"0\n", 0)] * 3


def test_a_store_keeps_gives_deletes_and_purges(store: Store) -> None:
    kept = [store.add(entry(n, advert=json.dumps({"text": HOSTILE}))) for n in range(5)]
    assert list(store.entries()) == kept
    assert store.get(kept[0].feedback_id, "board") == store.get(kept[0].feedback_id, None) == kept[0]
    assert store.get(kept[0].feedback_id, "other") is None
    assert not store.delete(kept[0].feedback_id, "other")
    assert store.delete(kept[0].feedback_id, "board")
    assert not store.delete(kept[0].feedback_id, "board")
    assert store.purge(kept[3].written_at) == 2
    assert list(store.entries()) == kept[3:]


def test_pages_lose_and_repeat_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve.store.PAGE", 3)
    for n in range(10):
        store.add(entry(n, written_at=n // 4))
    assert [e.feedback_id for e in store.entries()] == [f"{n:032x}" for n in range(10)]


def test_the_same_key_keeps_one_entry_however_many_send_it(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda n: store.add(entry(n, idempotency_key="same")), range(16)))
    assert len({e.feedback_id for e in kept}) == len(list(store.entries())) == 1
    with pytest.raises(ConflictError):
        store.add(entry(99, idempotency_key="same", digest="other"))
    assert store.add(entry(99, idempotency_key="same", written_by="other")).feedback_id == entry(99).feedback_id
    assert len({store.add(entry(n, idempotency_key=None)).feedback_id for n in (100, 101)}) == 2


def adding(number: int) -> Callable[[Store], Entry]:
    return lambda store: store.add(entry(number))


def test_work_that_was_taken_is_finished_before_the_service_stops(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)

    async def run() -> None:
        desk = Desk(settings)
        async with desk.lifespan():
            tasks = [asyncio.create_task(desk.run(adding(n))) for n in range(20)]
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert len(list(Store(url_of(settings)).entries())) == 20


def test_a_database_of_a_newer_version_is_left_alone(database: Settings, store: Store) -> None:
    store.add(entry(1))
    with engine_of(url_of(database)).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of 2100'")
    with closing(Store(url_of(database))) as older, pytest.raises(StoreDownError):
        older.add(entry(2))


def source_in_the_manual() -> str:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    return next(part for part in text.split("```yaml\n")[1:] if "feedback.jsonl" in part).split("```")[0]


def test_an_export_is_a_source_for_training(tmp_path: Path) -> None:
    sources = pytest.importorskip("training.sources", reason="training's packages are not installed")
    with closing(Store(url_of(Settings(state=tmp_path)))) as store:
        store.add(
            entry(1, ad_id="a", label="lure", lure_type="task", language="en", advert=json.dumps({"text": "Like videos, earn 50 a day"}))
        )
        store.add(entry(2, ad_id="b", label="honest", advert=json.dumps({"posting": {"title": "Cook", "description": HOSTILE}})))
        store.add(entry(3, ad_id="c", label="lure"))
    words = [sys.executable, "-m", "model.cli", "feedback", "export", "feedback.jsonl"]
    environment = {**os.environ, "LUREWATCH_STATE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env=environment, check=True)
    assert "3 lines, 2 of them with the ad" in done.stdout
    (tmp_path / "sources.yaml").write_text("sources:\n" + source_in_the_manual(), encoding="utf-8")
    read = sources.read(sources.listed(tmp_path / "sources.yaml")[0], tmp_path)
    assert [(r.label, r.language, r.board, dict(r.advert.parts)) for r in read.rows] == [
        (1, "en", "board", {"description": "Like videos, earn 50 a day"}),
        (0, "und", "board", {"title": "Cook", "description": HOSTILE}),
    ]
    assert [r.group.rpartition(":")[2] for r in read.rows] == ["a", "b"]
    assert sum(read.refused.values()) == 1
    assert yaml.safe_load(source_in_the_manual())[0]["kind"] == "annotated"


def test_purge_on_the_command_line(tmp_path: Path) -> None:
    with closing(Store(url_of(Settings(state=tmp_path)))) as store:
        store.add(entry(1, written_at=int(time.time()) - 3 * DAY))
        environment = {**os.environ, "LUREWATCH_STATE": str(tmp_path), "PYTHONPATH": str(ROOT)}
        for days, words, code in (("4", "0 deleted", 0), ("2", "1 deleted", 0), ("0", "at least 1", 2)):
            command = [sys.executable, "-m", "model.cli", "feedback", "purge", "--days", days]
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            assert words in done.stdout + done.stderr
            assert done.returncode == code
        assert list(store.entries()) == []
