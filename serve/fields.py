"""Header fields that the layers around the routes give to every answer, in one list that goes with the request."""

from collections.abc import Iterable

from starlette.types import Message, Scope

Field = tuple[bytes, bytes]
FIELDS = "lurewatch.fields"
"""In the scope: the list."""


def give(scope: Scope, fields: Iterable[Field]) -> None:
    """Have the answer carry these fields, too. Names are lower case."""
    scope[FIELDS].extend(fields)


def add(message: Message, fields: Iterable[Field]) -> None:
    """Add fields to the beginning of an answer, but for those that it says something of itself."""
    held = message.get("headers", ())
    own = {name for name, _ in held}
    message["headers"] = [*held, *[field for field in fields if field[0] not in own]]
