import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import servers
from hypothesis import HealthCheck, settings

from model.artefact import SHIPPED
from model.classifier import ScamAdClassifier
from model.normalise import Normaliser
from model.tables import Tables
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
