"""The OpenAPI document: wire models of bodies that we read ourselves, and problems in place of the framework's own errors."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from serve.schemas import AdvertIn, BatchRequest, Problem, ScoreRequest
from serve.verdicts import BatchOut, VerdictOut

REQUESTS = (ScoreRequest, AdvertIn, BatchRequest)
ANSWERS = (VerdictOut, BatchOut, Problem)
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
STOCK = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Give the app this document; it is made once, when it is first asked for."""
    make = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = corrected(make())
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the way that FastAPI documents


def corrected(document: dict[str, Any]) -> dict[str, Any]:
    """The document with all wire models and with every error as a problem."""
    schemas = {**document.get("components", {}).get("schemas", {}), **schema("#/components/schemas/")}
    document.setdefault("components", {})["schemas"] = {name: schemas[name] for name in sorted(schemas) if name not in STOCK}
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status.isdigit() and int(status) >= 400:
                    answer["content"] = PROBLEM
    return document


def schema(place: str = "#/$defs/") -> dict[str, Any]:
    """JSON Schemas of all wire models by name. place: where references look for them."""
    template = place + "{model}"
    _, asked = models_json_schema([(model, "validation") for model in REQUESTS], ref_template=template)
    _, told = models_json_schema([(model, "serialization") for model in ANSWERS], ref_template=template)
    return {**asked["$defs"], **told["$defs"]}
