"""Header fields that keep browsers from doing more with an answer than showing it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from serve.fields import adding

NOTHING = b"default-src 'none'; frame-ancestors 'none'"
DOCS = (
    b"default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    b"img-src data: https://fastapi.tiangolo.com; connect-src 'self'; frame-ancestors 'none'"
)
"""What the page of API documentation that the framework brings loads."""
ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
TLS_ONLY = (b"strict-transport-security", b"max-age=63072000")
"""Two years; sent over TLS alone, as RFC 6797 has it."""


class SecurityHeaders:
    """ASGI middleware. What an answer says of these fields itself is left as it is; all others may load nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the fields to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        tls = (TLS_ONLY,) if scope.get("scheme") == "https" else ()
        fields = (*ALWAYS, (b"content-security-policy", DOCS if scope["path"] == "/docs" else NOTHING), *tls)
        await self._app(scope, receive, adding(send, fields))
