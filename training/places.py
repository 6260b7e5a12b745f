"""Reads `seeds/places.yaml`: places and groups that reports name, how they are written, and what is known of them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from model.errors import SeedError
from training.seedfiles import UNSOURCED, bare, items, load, need, need_source

KINDS = ("country", "region", "zone", "town", "compound", "crossing", "group")


def places(folder: Path, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All places, each checked, each with the line it stands on. Raises SeedError with file and line."""
    found: list[dict[str, Any]] = load(folder / "places.yaml")["places"]
    for entry in found:
        place = where(entry)
        need(entry, place, id=str, kind=str, title=str, names=dict, sources=list)
        if entry.get("within", found[0]["id"]) not in {other.get("id") for other in found}:
            raise SeedError(f"within names no place: {entry['within']!r}; write the id of a place.", place)
        check_values(entry, place)
        for source in (*entry["sources"], *(fact["source"] for fact in facts(entry, place))):
            need_source(source, known, place)
    return found


def where(entry: Mapping[str, Any]) -> str:
    """File and line."""
    return f"places.yaml:{entry['__line__']}"


def check_values(entry: Mapping[str, Any], place: str) -> None:
    """Check kind and strength. Raises SeedError."""
    if entry["kind"] not in KINDS:
        raise SeedError(f"unknown kind {entry['kind']!r}; known are {', '.join(KINDS)}.", place)
    if entry.get("strength", 1) not in (1, 2, 3):
        raise SeedError(f"strength must be 1, 2 or 3 or left out, found {entry['strength']!r}.", place)
    if entry["kind"] == "group" and "strength" in entry:
        raise SeedError("a group is information alone; leave its strength out.", place)


def facts(entry: Mapping[str, Any], place: str) -> list[dict[str, Any]]:
    """What is known of a place. Raises SeedError where a text or source is missing."""
    told: list[dict[str, Any]] = entry.get("facts", [])
    for fact in told:
        need(fact, place, text=str, source=str)
    return told


def spellings(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Language and spelling of every name that may be looked for."""
    return ((language, name) for language, names in items(entry["names"]) for name in names)


def shown(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What people are told of places: facts that have a source, each with the place's title."""
    told = ((entry["title"], fact) for entry in entries for fact in facts(entry, where(entry)))
    return [{"place": title, **bare(fact)} for title, fact in told if fact["source"] != UNSOURCED]
