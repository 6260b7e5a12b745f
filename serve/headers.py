"""Header fields that keep browsers from doing more with an answer than showing it."""

from starlette.types import Scope

from serve.fields import Field

NOTHING = b"default-src 'none'; frame-ancestors 'none'"
DOCS = (
    b"default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    b"img-src data: https://fastapi.tiangolo.com; connect-src 'self'; frame-ancestors 'none'"
)
"""What the page of API documentation that the framework brings loads."""
ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
TLS_ONLY = (b"strict-transport-security", b"max-age=63072000")
"""Two years; sent over TLS alone, as RFC 6797 has it."""
OVER_TLS = (*ALWAYS, TLS_ONLY)


def security_headers(scope: Scope) -> list[Field]:
    """The fields of an answer. What it says of these fields itself is left as it is; all others may load nothing."""
    return [
        *(OVER_TLS if scope.get("scheme") == "https" else ALWAYS),
        (b"content-security-policy", DOCS if scope["path"] == "/docs" else NOTHING),
    ]
