"""One id for each request: the caller's own where it is well-formed, else a new one; in every answer's `X-Request-Id` and every problem."""

import secrets
from contextvars import ContextVar

from starlette.types import Scope

HEADER = b"x-request-id"
LONGEST = 128
SIGNS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
current: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that is being answered; each request runs in its own context."""


def taken_over(scope: Scope) -> str:
    """The caller's id, of up to 128 letters, digits, `-`, `_` and `.`; another one where there is none."""
    for key, value in scope["headers"]:
        if key == HEADER and 0 < len(value) <= LONGEST and SIGNS.issuperset(value):
            return bytes(value).decode()
    return secrets.token_hex(16)
