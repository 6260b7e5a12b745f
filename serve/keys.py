"""API keys: how they are made, and the file that keeps them. Only their digests are kept.

A key is 32 random bytes. SHA-256 is the right hash for it: nobody can try 2^256 keys, so the slowness and the salt that
passwords need would buy nothing and would cost every request. The same digest is what a key is looked up by.
"""

import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from model.errors import LurewatchError

SCORE, FEEDBACK, METRICS, ADMIN = SCOPES = ("score", "feedback", "metrics", "admin")
"""Judging and what is about it; writing feedback, and reading or deleting one's own; reading counts; everything, and all feedback."""
FORMAT, BEGINNING = 1, "lurewatch_"
"""Of the key file; of every key, so that scanners for secrets know one."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class KeyFileError(LurewatchError):
    """The key file cannot be read or written, or does not hold what is asked for."""

    kind = "invalid_keys"


@dataclass(frozen=True)
class Key:
    """digest: SHA-256 of the key in hexadecimal. made, ends: seconds since 1970; from `ends` on it is refused, None for never."""

    name: str
    digest: str
    scopes: tuple[str, ...]
    made: int
    ends: int | None = None

    def may(self, scope: str) -> bool:
        """Does it carry the scope."""
        return scope in self.scopes or ADMIN in self.scopes

    def ended(self, now: float) -> bool:
        """Is its time over."""
        return self.ends is not None and now >= self.ends


def digest_of(secret: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(secret).hexdigest()


def new_key(name: str, scopes: Sequence[str]) -> tuple[Key, str]:
    """A key and the secret that is told once. Raises KeyFileError on a name or scope that cannot be."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise KeyFileError(f"scopes are {', '.join(SCOPES)}, found {', '.join(unknown) or 'none'}.", "scopes")
    if not NAME.fullmatch(name):
        raise KeyFileError(f"a key's name is 1 to 64 letters, digits, dots, dashes or underscores, found {name!r}.", "name")
    secret = BEGINNING + secrets.token_urlsafe(32)
    return Key(name, digest_of(secret.encode()), tuple(sorted(set(scopes), key=SCOPES.index)), int(time.time())), secret


def read(path: Path) -> tuple[Key, ...]:
    """The keys of a file, none where it is not there. Raises KeyFileError where it is malformed."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["format"] != FORMAT:
            raise ValueError(f"format {kept['format']!r}, expected {FORMAT}")
        return tuple(Key(**{**entry, "scopes": tuple(entry["scopes"])}) for entry in kept["keys"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise KeyFileError(f"cannot read the key file {path}: {e}. `lurewatch keys` writes it; do not edit it by hand.", str(path)) from e


class KeyFile:
    """Changes to a key file: each is written whole, beside it, and put in its place; who reads meanwhile sees the old or the new."""

    def __init__(self, path: Path) -> None:
        self._path, self._beside = path, path.with_name(path.name + ".new")

    def __enter__(self) -> "KeyFile":
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
        except FileExistsError as e:
            raise KeyFileError(f"{self._beside} is there: another change is under way. If none is, delete it.", str(self._beside)) from e
        except OSError as e:
            raise KeyFileError(f"cannot write {self._beside}: {e.strerror}. Set LUREWATCH_STATE or LUREWATCH_KEYS.") from e
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._beside.unlink(missing_ok=True)

    def add(self, name: str, scopes: Sequence[str]) -> str:
        """A new key; its secret. Raises KeyFileError where the name is taken."""
        kept = read(self._path)
        if any(key.name == name for key in kept):
            raise KeyFileError(f"there is a key {name!r}; `lurewatch keys rotate {name}` gives it a new secret.", "name")
        key, secret = new_key(name, scopes)
        self._write((*kept, key))
        return secret

    def rotate(self, name: str, grace: int) -> str:
        """A new secret for a name, with its scopes; the present one is taken for `grace` seconds more, older ones no longer."""
        kept = read(self._path)
        present = self._newest(kept, name)
        key, secret = new_key(name, present.scopes)
        ends = (replace(present, ends=key.made + grace),) if grace else ()
        self._write((*(other for other in kept if other.name != name), *ends, key))
        return secret

    def revoke(self, name: str) -> None:
        """No secret of this name is taken any more."""
        kept = read(self._path)
        self._newest(kept, name)
        self._write(tuple(key for key in kept if key.name != name))

    def _newest(self, kept: Sequence[Key], name: str) -> Key:
        of_name = [key for key in kept if key.name == name]
        if not of_name:
            raise KeyFileError(f"no key {name!r} in {self._path}; `lurewatch keys list` tells those that there are.", "name")
        return of_name[-1]

    def _write(self, keys: Sequence[Key]) -> None:
        json.dump({"format": FORMAT, "keys": [asdict(key) for key in keys]}, self._file, indent=1)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._beside.replace(self._path)
