"""The keys that a running service takes. Changes to the key file hold within a second, without a restart."""

import hmac
import logging
import time
from pathlib import Path

from serve.keys import Key, KeyFileError, digest_of, read

LOOK_EVERY = 1.0
"""Seconds between looks at the key file."""
LOG = logging.getLogger("lurewatch")


class Keyring:
    """Belongs to one event loop. Raises KeyFileError at the start where the file is malformed or holds no key."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen, self._keys = stamp(path), by_digest(path)
        self._look_at = time.monotonic() + LOOK_EVERY
        if not self._keys:
            raise KeyFileError(f"the key file {path} holds no key; add one with `lurewatch keys add NAME`.", str(path))

    def find(self, secret: bytes) -> Key | None:
        """The key of a secret: one digest, one look-up, one comparison in constant time. None where it is not taken."""
        if time.monotonic() >= self._look_at:
            self._look()
        digest = digest_of(secret)
        key = self._keys.get(digest)
        if key is None or not hmac.compare_digest(key.digest, digest) or key.ended(time.time()):
            return None
        return key

    def _look(self) -> None:
        """Read the file again where it changed. A file that is gone takes all keys with it; a malformed one changes nothing."""
        self._look_at = time.monotonic() + LOOK_EVERY
        seen = stamp(self._path)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._keys = by_digest(self._path)
            LOG.info("keys read again: %d", len(self._keys))
        except KeyFileError as e:
            LOG.error("keys stay as they were: %s", e.message)


def by_digest(path: Path) -> dict[str, Key]:
    """The keys of a file by their digest."""
    return {key.digest: key for key in read(path)}


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever the file is put in place anew; None where it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
