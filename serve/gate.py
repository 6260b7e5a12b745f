"""Who may call what, and how often: one look-up of a key and one count before a request reaches its route."""

from dataclasses import dataclass
from ipaddress import ip_network

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.fields import give
from serve.keyring import Keyring
from serve.keys import ADMIN, FEEDBACK, METRICS, SCORE, Key
from serve.problems import problem
from serve.quota import Grant, Quota

PUBLIC = frozenset({"/livez", "/readyz", "/openapi.json", "/docs"})
"""Paths that need no key and count for nothing; every other path needs a scope, so that a new one is never open by oversight."""
PAGES = ("/campaign", "/poster", "/quiz", "/learn", "/static/")
"""Beginnings of the paths of the page for people, beside `/`: no key, but counted by address. It is there only if settings say so."""
NEEDED = (("/v1/feedback", FEEDBACK), ("/metrics", METRICS))
"""Beginnings of paths and the scope that they need; all others need `score`."""
CHALLENGE = 'Bearer realm="lurewatch"'


@dataclass(frozen=True)
class Caller:
    """name: of the key; empty without keys. admin: may it read and delete what others wrote."""

    name: str
    admin: bool


STRANGER = Caller("", admin=False)


class Gate:
    """ASGI middleware. 401 without a valid key, 403 without the scope, 429 over the limit. keyring: None where callers need no key.

    Leaves the Caller in the request's scope under `caller`, and tells the limits in every answer.
    """

    def __init__(self, app: ASGIApp, keyring: Keyring | None, quota: Quota) -> None:
        self._app, self._keyring, self._quota = app, keyring, quota

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or say what is missing. Who has no valid key is not counted."""
        if scope["type"] != "http" or scope["path"] in PUBLIC:
            await self._app(scope, receive, send)
            return
        keyring = None if is_page(scope["path"]) else self._keyring
        secret = bearer(scope) if keyring else None
        key = keyring.find(secret) if keyring and secret else None
        if keyring and key is None:
            await no_key(secret)(scope, receive, send)
            return
        granted = await self._quota.take("key:" + key.name if key else address_of(scope))
        scope["caller"] = Caller(key.name, key.may(ADMIN)) if key else STRANGER
        give(scope, self._quota.headers(granted))
        await (self._refusal(scope["path"], key, granted) or self._app)(scope, receive, send)

    def _refusal(self, path: str, key: Key | None, granted: Grant) -> JSONResponse | None:
        """429, 403 or nothing."""
        if not granted.allowed:
            return too_many(granted, self._quota)
        needed = scope_for(path)
        return no_scope(key.name, needed) if key and not key.may(needed) else None


def is_page(path: str) -> bool:
    """Whether this is a path of the page for people."""
    return path == "/" or path.startswith(PAGES)


def bearer(scope: Scope) -> bytes | None:
    """The secret of `Authorization: Bearer`; None where there is no such header."""
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, secret = given.partition(b" ")
    return secret.strip() if scheme.lower() == b"bearer" else None


def scope_for(path: str) -> str:
    """The scope that a path needs."""
    return next((needs for beginning, needs in NEEDED if path.startswith(beginning)), SCORE)


def address_of(scope: Scope) -> str:
    """The client's address; of IPv6 the network of 64 bits, which is what one customer gets."""
    host = scope["client"][0] if scope.get("client") else "local"
    return str(ip_network((host, 64), strict=False)) if ":" in host else host


def no_key(secret: bytes | None) -> JSONResponse:
    """401."""
    found = "no key was sent" if secret is None else "the key is not one that is taken here"
    challenge = CHALLENGE if secret is None else CHALLENGE + ', error="invalid_token"'
    detail = f"{found}; send `Authorization: Bearer KEY`, with a key made by `lurewatch keys add`."
    return problem(401, "unauthorized", detail, headers={"WWW-Authenticate": challenge})


def no_scope(name: str, needed: str) -> JSONResponse:
    """403."""
    detail = f"the key {name!r} does not carry the scope {needed!r} that this path needs; ask who runs the service for one that does."
    challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{needed}"'
    return problem(403, "forbidden", detail, headers={"WWW-Authenticate": challenge})


def too_many(granted: Grant, quota: Quota) -> JSONResponse:
    """429."""
    detail = f"more than {quota.rate.amount:,} requests in {quota.rate.get_expiry():,} s; try again in {granted.reset} s."
    return problem(429, "too_many_requests", detail, headers={"Retry-After": str(granted.reset)})
