"""Style sheet, scripts and icon under a path that carries the digest of them all, so that browsers may keep them for ever."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import HTTPException, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"
PREFIX = "/static"


@dataclass(frozen=True)
class Assets:
    """Contents by name, and one digest: scripts import each other by relative names, so one change is a change of all."""

    contents: Mapping[str, bytes]
    digest: str

    @classmethod
    def load(cls) -> "Assets":
        """All files of the folder, in memory."""
        contents = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
        digest = hashlib.sha256(b"\0".join(name.encode() + b"\0" + body for name, body in contents.items()))
        return cls(contents, digest.hexdigest()[:16])

    def path(self, name: str) -> str:
        """Where a file is served. Raises KeyError where there is none of that name."""
        if name not in self.contents:
            raise KeyError(name)
        return f"{PREFIX}/{self.digest}/{name}"

    def answer(self, digest: str, name: str) -> Response:
        """One file. Raises HTTPException 404 for another name or an old digest."""
        if digest != self.digest or name not in self.contents:
            raise HTTPException(404, "no such file; load the page again.")
        headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
        return Response(self.contents[name], media_type=TYPES[Path(name).suffix], headers=headers)
