"""gzip in and out: bodies are inflated piece by piece, never further than the limit; answers are compressed for callers who take it."""

import zlib

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.limits import LargestBody
from serve.problems import problem

GZIP, WINDOW, PIECE = b"gzip", 31, 65_536
"""The one coding; zlib's name for its largest window with gzip's header; most bytes that are inflated at once."""
SMALLEST, LEVEL = 1024, 5


class Compression:
    """ASGI middleware: reads `Content-Encoding: gzip` (415 for any other), at most `limit` inflated bytes, and answers in gzip if asked."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._plain, self._limit = app, limit
        self._packed = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as if nothing were compressed."""
        if scope["type"] != "http":
            await self._plain(scope, receive, send)
            return
        headers = dict(scope["headers"])
        app = self._packed if GZIP in headers.get(b"accept-encoding", b"") else self._plain
        coding = headers.get(b"content-encoding", b"identity").strip().lower()
        if coding == GZIP:
            kept = [(key, value) for key, value in scope["headers"] if key not in (b"content-encoding", b"content-length")]
            await LargestBody(app, self._limit)({**scope, "headers": kept}, Inflated(receive), send)
        elif coding == b"identity":
            await app(scope, receive, send)
        else:
            detail = "the body has a content coding that we do not read; send it as it is or with `Content-Encoding: gzip`."
            await problem(415, "unsupported_encoding", detail, headers={"Accept-Encoding": "gzip"})(scope, receive, send)


class Inflated:
    """Receives a gzip body as pieces of what it holds. Raises HTTPException 400 where it is no whole gzip stream."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._inflater = receive, zlib.decompressobj(WINDOW)
        self._packed, self._more = b"", True

    async def __call__(self) -> Message:
        """The next piece, of at most PIECE bytes; after the last one whatever else comes, which is that the caller has gone."""
        if self._inflater.eof and not self._more:
            return await self._receive()
        while self._more and not self._packed:
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            self._packed, self._more = message.get("body", b""), message.get("more_body", False)
        piece = self._piece()
        return {"type": "http.request", "body": piece, "more_body": self._more or not self._inflater.eof}

    def _piece(self) -> bytes:
        """Inflate some of what has come."""
        try:
            piece = self._inflater.decompress(self._packed, PIECE)
        except zlib.error as e:
            raise HTTPException(400, "the body is not gzip, though its Content-Encoding says so.") from e
        self._packed = self._inflater.unconsumed_tail
        if self._inflater.unused_data or not (self._more or self._packed or piece or self._inflater.eof):
            raise HTTPException(400, "the body is not one whole gzip stream: it ends too early, or something follows it.")
        return piece
