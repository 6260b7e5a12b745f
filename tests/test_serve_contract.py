"""The OpenAPI document is kept: schemathesis makes requests from it, sound and broken, and holds the answers against it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from servers import running

from model.artefact import SHIPPED
from serve.app import create_app
from serve.settings import Settings

OPERATIONS = (
    "POST /v1/score",
    "POST /v1/score/batch",
    "GET /v1/model",
    "GET /v1/schema",
    "GET /v1/lures",
    "POST /v1/feedback",
    "GET /v1/feedback/{feedback_id}",
    "DELETE /v1/feedback/{feedback_id}",
    "GET /livez",
    "GET /readyz",
    "GET /metrics",
)


ACCEPTED = ["2xx", "304", "404", "409", "413", "415", "422"]
"""What sound requests get: 422 where a text has no words, a job fits no format, or thresholds fall; a schema cannot say that."""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Of a service with both tiers where the full one is shipped, so that no 503 is due."""
    tier = "auto" if (SHIPPED / "encoder").is_dir() else "fast"
    app = create_app(Settings(state=tmp_path_factory.mktemp("state"), rate="1000000/minute", tier=tier))
    config = SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}})
    with running(app) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json", config=config)


def test_all_operations_are_tried(document: Any) -> None:
    assert {result.ok().label for result in document.get_all_operations()} == set(OPERATIONS)


BARE = ("GET /v1/model", "GET /v1/schema", "GET /livez", "GET /readyz", "GET /metrics")
"""Take nothing, so there is nothing to break."""
SOUND = [pytest.param(name, GenerationMode.POSITIVE, id=f"{name} sound") for name in OPERATIONS]
BROKEN = [pytest.param(name, GenerationMode.NEGATIVE, id=f"{name} broken") for name in OPERATIONS if name not in BARE]


@pytest.mark.parametrize(("name", "mode"), SOUND + BROKEN)
def test_every_answer_is_documented(name: str, mode: GenerationMode, document: Any) -> None:
    operation = next(result.ok() for result in document.get_all_operations() if result.ok().label == name)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        case.call_and_validate()

    check()
