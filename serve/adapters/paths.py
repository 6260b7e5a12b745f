"""Finds the texts of a job by path, and says where each one stands: `hiringOrganization.name`, `lists[1].content`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Found = tuple[str, Any]
"""Where a value stands, and the value."""
References = Mapping[str, Found]
"""What a JSON-LD `{"@id": ...}` refers to, by id."""
NONE: References = {}


def texts(job: object, path: str, at: str = "", references: References = NONE) -> Iterator[tuple[str, str]]:
    """Every text under the first of the alternatives that holds any (`description|descriptionPlain`), with its place."""
    for alternative in path.split("|"):
        found = [(place, value) for place, value in values(job, alternative, at, references) if isinstance(value, str) and value.strip()]
        if found:
            yield from found
            return


def values(job: object, path: str, at: str = "", references: References = NONE) -> Iterator[Found]:
    """Every value at a path, with its place. Keys are parted by dots; `a,b` takes both; lists on the way are gone through."""
    yield from walked((at, job), path.split("."), references)


def walked(found: Found, steps: Sequence[str], references: References) -> Iterator[Found]:
    """Go on from a value; lists, references and JSON-LD's `{"@value": text}` are seen through."""
    at, value = found
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from walked((f"{at}[{i}]", item), steps, references)
    elif not steps:
        yield (under(at, "@value"), value["@value"]) if isinstance(value, Mapping) and "@value" in value else found
    elif isinstance(value, Mapping):
        at, value = referred(found, references)
        for key in steps[0].split(","):
            if key in value:
                yield from walked((under(at, key), value[key]), steps[1:], references)


def referred(found: Found, references: References) -> Found:
    """The node that `{"@id": ...}` alone stands for, where the document has it."""
    value = found[1]
    name = value.get("@id") if len(value) == 1 else None
    return references.get(name, found) if isinstance(name, str) else found


def under(at: str, key: str) -> str:
    """The place of a key of the object at a place, or of what stands at a further path there."""
    return f"{at}{key}" if not at or key.startswith("[") else f"{at}.{key}"


def pointer(path: str) -> str:
    """A path as a JSON pointer (RFC 6901): `lists[1].content` is `/lists/1/content`."""
    return "/" + path.replace("[", "/").replace("]", "").replace(".", "/").lstrip("/") if path else ""
