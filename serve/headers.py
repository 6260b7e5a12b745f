"""Header fields that keep browsers from doing more with an answer than showing it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    """ASGI middleware. A page's own Content-Security-Policy is left as it is; all other answers may load nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the fields to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = [*ALWAYS, TLS_ONLY] if scope.get("scheme") == "https" else [*ALWAYS]
        policy = DOCS if scope["path"] == "/docs" else NOTHING

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = any(name.lower() == b"content-security-policy" for name, _ in message["headers"])
                message["headers"] = [*message["headers"], *added, *([] if own else [(b"content-security-policy", policy)])]
            await send(message)

        await self._app(scope, receive, dressed)
