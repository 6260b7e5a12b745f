"""Writes the OpenAPI document's schemas as TypeScript: `make types` puts them into docs/lurewatch.d.ts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from serve.app import create_app
from serve.settings import Settings

TARGET = Path("docs/lurewatch.d.ts")
HEAD = "// What the scoring API is sent and answers (docs/api.md). Made by `make types` from the OpenAPI document; do not edit.\n"
NAMES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
Schema = Mapping[str, Any]


def declarations(schemas: Mapping[str, Schema]) -> str:
    """One exported type for each named schema."""
    return HEAD + "".join(f"\n{comment(schema)}export type {name} = {written(schema)};\n" for name, schema in schemas.items())


def written(schema: Schema, indent: str = "") -> str:
    """One schema as a type; what is not known is `unknown`, never `any`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema or "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(written(part, indent) for part in schema[several]))
    kind = schema.get("type")
    if kind == "array":
        return f"Array<{written(schema.get('items', {}), indent)}>"
    return members(schema, indent) if kind == "object" else NAMES.get(str(kind), "unknown")


def members(schema: Schema, indent: str) -> str:
    """An object: its own members, or values of one type under any name."""
    if "properties" not in schema:
        values = schema.get("additionalProperties", True)
        return f"Record<string, {written(values, indent) if isinstance(values, Mapping) else 'unknown'}>"
    inner, needed = indent + "  ", schema.get("required", ())
    lines = [
        f"{comment(held, inner)}{inner}{key(name)}{'' if name in needed else '?'}: {written(held, inner)};"
        for name, held in schema["properties"].items()
    ]
    return "{\n" + "\n".join(lines) + f"\n{indent}}}"


def key(name: str) -> str:
    """A member's name, quoted where it must be."""
    return name if name.isidentifier() else json.dumps(name)


def comment(schema: Schema, indent: str = "") -> str:
    """The description, if there is one."""
    words = " ".join(str(schema.get("description", "")).split()).replace("*/", "* /")
    return f"{indent}/** {words} */\n" if words else ""


def text() -> str:
    """The whole file."""
    return declarations(create_app(Settings()).openapi()["components"]["schemas"])


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
