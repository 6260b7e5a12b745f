"""Adds header fields to answers, for the middleware that stand around every route."""

from collections.abc import Iterable

from starlette.types import Message, Send

Field = tuple[bytes, bytes]


def adding(send: Send, fields: Iterable[Field]) -> Send:
    """Send an answer with these fields too, but for those that it says something of itself. Names are lower case."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            held = message.get("headers", ())
            own = {name for name, _ in held}
            message["headers"] = [*held, *(field for field in fields if field[0] not in own)]
        await send(message)

    return sent
