"""Reads YAML seed files so that every mapping knows its file and line; faults are told with both."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from model.errors import SeedError

UNSOURCED = "unsourced"


class Numbered(yaml.SafeLoader):
    """Safe YAML whose mappings carry the line they begin on under the key `__line__`."""


def numbered(loader: Numbered, node: yaml.MappingNode) -> dict[str, Any]:
    """A mapping with its line. Raises SeedError where a key stands twice."""
    pairs = [(loader.construct_object(k), v) for k, v in node.value]
    keys = [k for k, _ in pairs]
    twice = next((k for k in keys if keys.count(k) > 1), None)
    if twice is not None:
        raise SeedError(f"key {twice!r} stands twice; keep one.", f"line {node.start_mark.line + 1}")
    mapping = {k: loader.construct_object(v, deep=True) for k, v in pairs}
    return {**mapping, "__line__": node.start_mark.line + 1}


Numbered.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, numbered)


def load(path: Path) -> dict[str, Any]:
    """The mapping in a seed file. Raises SeedError where it is no YAML mapping."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Numbered)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as e:
        raise SeedError(f"not readable as YAML: {e}; mend the file.", path.name) from e
    if not isinstance(data, dict):
        raise SeedError("a seed file must be a mapping at its top.", path.name)
    return data


def items(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Keys and values without the line mark."""
    return ((k, v) for k, v in data.items() if k != "__line__")


def bare(value: Any) -> Any:
    """The value without line marks, all the way down."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in items(value)}
    return [bare(v) for v in value] if isinstance(value, list) else value


def need(entry: Mapping[str, Any], place: str, **types: type) -> None:
    """Check that keys are there with the right type and not empty. Raises SeedError naming the key."""
    for key, kind in types.items():
        value = entry.get(key)
        if not isinstance(value, kind) or value in ("", [], {}):
            raise SeedError(f"{key} must be a non-empty {kind.__name__}, found {value!r}; write it.", place)


def need_source(source: str, known: Mapping[str, Any], place: str) -> None:
    """Check that a fact's source is known or said to be missing. Raises SeedError naming it."""
    if source != UNSOURCED and source not in known:
        raise SeedError(f"unknown source {source!r}; add it to sources.yaml or write {UNSOURCED}.", place)
