"""What the OpenAPI document says of bodies that are read by content type: schemas and an example of each format."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from serve import inputs
from serve.adapters import indeed, jobposting, page
from serve.schemas import BATCH_EXAMPLES, EXAMPLES, TEXT, Query

STRING = {"type": "string"}
NAMES = ("text", "posting", "jobposting", "greenhouse", "lever", "ashby")
BATCH_NAMES = ("adverts", "feed")


def one_body() -> dict[str, Any]:
    """The body of `/v1/score`."""
    return body({inputs.JSON: of("ScoreRequest", NAMES, EXAMPLES), inputs.TEXT: written(TEXT)})


def batch_body() -> dict[str, Any]:
    """The body of `/v1/score/batch`."""
    lines = "".join(f"{orjson.dumps({'id': i, 'text': TEXT}).decode()}\n" for i in (1, 2))
    return body({inputs.JSON: of("BatchRequest", BATCH_NAMES, BATCH_EXAMPLES), inputs.LINES[0]: written(lines)})


def body(own: Mapping[str, Any]) -> dict[str, Any]:
    """A required body of our own kinds, or a board's document."""
    json_ld = {"schema": {"type": ["object", "array"]}, "example": jobposting.EXAMPLE}
    documents = {inputs.JSON_LD: json_ld, inputs.XML[0]: written(indeed.EXAMPLE), inputs.HTML: written(page.EXAMPLE)}
    return {"required": True, "content": {**own, **documents}}


def of(model: str, names: Sequence[str], examples: Sequence[Any]) -> dict[str, Any]:
    """A JSON body of a wire model, with named examples."""
    named = {name: {"value": value} for name, value in zip(names, examples, strict=True)}
    return {"schema": {"$ref": f"#/components/schemas/{model}"}, "examples": named}


def written(example: str) -> dict[str, Any]:
    """A body that is a text."""
    return {"schema": STRING, "example": example}


def batch_answers() -> dict[str, Any]:
    """The other form of a batch's answer: lines of JSON."""
    return {"content": {inputs.LINES[0]: {"schema": {"$ref": "#/components/schemas/ResultOut"}}}, "description": "results, in order"}


def query_parameters(model: type[Query]) -> list[dict[str, Any]]:
    """The choices of a query."""
    properties = model.model_json_schema()["properties"]
    return [
        {"name": name, "in": "query", "required": False, "description": told.pop("description"), "schema": told["anyOf"][0]}
        for name, told in properties.items()
    ]
