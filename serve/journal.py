"""Lines of the log on requests, written together for all that were answered in one turn of the event loop."""

import asyncio
import logging
import time
from typing import Any

LOG = logging.getLogger("lurewatch.requests")


class Journal:
    """Belongs to one app."""

    def __init__(self) -> None:
        self._lines: list[tuple[float, dict[str, Any]]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def note(self, told: dict[str, Any]) -> None:
        """Write this, too, before the loop waits again. Call it where a loop runs."""
        self._lines.append((time.time(), told))
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.call_soon(self._write)

    def _write(self) -> None:
        """One record for all; `serve.logs` makes a line of each."""
        lines, self._lines, self._loop = self._lines, [], None
        LOG.info("request", extra={"each": lines})
