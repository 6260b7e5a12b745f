"""Settings of the service, from the environment. Read once, passed on; nothing global."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from limits import parse

from model.artefact import SHIPPED
from model.calibration import DEFAULT_PRIOR, checked_prior
from model.classifier import FAST, TIERS
from model.errors import OptionError
from serve.logs import FORMS, PLAIN

PREFIX = "LUREWATCH_"
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
REDIS = ("redis://", "rediss://", "redis+unix://")
STATE, KEY_FILE, FEEDBACK_FILE = Path("~/.local/state/lurewatch"), "keys.json", "feedback.db"
"""Folder that holds what the service keeps, unless told otherwise; names of the key file and of the database in it."""


@dataclass(frozen=True)
class Settings:
    """artefact: folder of the model. prior: share of scams assumed where a caller names none. largest_body: bytes of one request.

    tier: answers where a caller names none; unless it is `fast`, the encoder is loaded. threads: that run the encoder; queue: ads that may
    wait for them. state: folder of key file and feedback. keys: the key file; None where there is none, then callers need no key. open: may
    others than this machine call without a key. rate: requests of one caller, as `6000/minute`. redis_url: counts them for all processes
    together. time_limit: seconds until an answer begins. origins: of pages that browsers may let call. database_url: holds feedback
    instead of the state folder. feedback_days: how long it is kept. page: whether the page for people is there, which needs no key; where
    nobody said, only if callers need none either. log: `json`, `plain`, or `off` for no lines on requests.
    """

    artefact: Path = SHIPPED
    prior: float = DEFAULT_PRIOR
    largest_body: int = 5_000_000
    tier: str = FAST
    threads: int = 1
    queue: int = 32
    state: Path = STATE
    keys: Path | None = None
    open: bool = False
    rate: str = "6000/minute"
    redis_url: str | None = field(default=None, repr=False)
    time_limit: int = 30
    origins: tuple[str, ...] = ()
    database_url: str | None = field(default=None, repr=False)
    feedback_days: int = 365
    page: bool | None = None
    log: str = PLAIN

    @property
    def shows_page(self) -> bool:
        """Whether the page for people is there."""
        return self.keys is None if self.page is None else self.page

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read LUREWATCH_ARTEFACT, _PRIOR and so on. Raises OptionError naming the variable. A key file in the state folder is taken."""
        given = {name: PREFIX + name.upper() for name in READERS if environment.get(PREFIX + name.upper())}
        read = {name: READERS[name](variable, environment[variable]) for name, variable in given.items()}
        keys = key_file(path(PREFIX + "STATE", str(read.get("state", STATE))))
        return cls(**{"keys": keys if keys.exists() else None, **read})

    def summary(self) -> dict[str, Any]:
        """All settings as they are; of addresses, which may hold passwords, only that there are any."""
        shown = {f.name: getattr(self, f.name) if f.repr else "given" for f in fields(self) if getattr(self, f.name) is not None}
        return {name: str(value) if isinstance(value, Path) else value for name, value in shown.items()}


def feedback_file(state: Path) -> Path:
    """Where a state folder holds its feedback."""
    return state.expanduser() / FEEDBACK_FILE


def key_file(state: Path) -> Path:
    """Where a state folder holds its keys."""
    return state.expanduser() / KEY_FILE


def refuse(variable: str, expected: str, found: object) -> OptionError:
    """What to raise where a variable holds something else."""
    return OptionError(f"{variable} must be {expected}, found {found!r}.", variable)


def share(variable: str, given: str) -> float:
    """A prior."""
    try:
        return checked_prior(float(given))
    except ValueError as e:
        raise OptionError(f"{variable} is no number: {e}.", variable) from e


def positive(variable: str, given: str) -> int:
    """A whole number of at least one."""
    if not given.isascii() or not given.isdigit() or int(given) < 1:
        raise refuse(variable, "a whole number of at least 1", given)
    return int(given)


def path(variable: str, given: str) -> Path:
    """A file or folder; `~` is the home folder."""
    try:
        return Path(given).expanduser()
    except RuntimeError as e:
        raise refuse(variable, "a path without ~, as there is no home folder here", given) from e


def one_of(*known: str) -> Callable[[str, str], str]:
    """Reads one of a few words."""

    def read(variable: str, given: str) -> str:
        if given not in known:
            raise refuse(variable, f"one of {', '.join(known)}", given)
        return given

    return read


def address(*beginnings: str) -> Callable[[str, str], str]:
    """Reads an address that begins in one of these ways. The address is never repeated: it may hold a password."""

    def read(variable: str, given: str) -> str:
        if not given.startswith(beginnings):
            raise refuse(variable, f"an address that begins with {' or '.join(beginnings)}", given.partition(":")[0] + ":...")
        return given

    return read


def rate(variable: str, given: str) -> str:
    """So many requests in so long."""
    try:
        parse(given)
    except ValueError as e:
        raise refuse(variable, "a rate such as 100/second, 6000/minute or 10 per 2 hours", given) from e
    return given


def origins(variable: str, given: str) -> tuple[str, ...]:
    """Origins between commas, each scheme and host, with neither path nor star."""
    named = tuple(part.strip() for part in given.split(","))
    for origin in named:
        scheme, _, host = origin.partition("://")
        if scheme not in ("http", "https") or not host or set(host) & set("/*?# "):
            raise refuse(variable, "origins such as https://board.example, comma between them", origin)
    return named


READERS: Mapping[str, Callable[[str, str], Any]] = {
    "artefact": path,
    "prior": share,
    "largest_body": positive,
    "tier": one_of(*TIERS),
    "threads": positive,
    "queue": positive,
    "state": path,
    "keys": path,
    "open": lambda variable, given: one_of("0", "1")(variable, given) == "1",
    "rate": rate,
    "redis_url": address(*REDIS),
    "time_limit": positive,
    "origins": origins,
    "database_url": address(*DATABASES),
    "feedback_days": positive,
    "page": lambda variable, given: one_of("0", "1")(variable, given) == "1",
    "log": one_of(*FORMS),
}
"""Setting -> what reads its variable and raises OptionError naming it."""
