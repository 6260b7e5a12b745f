"""Settings of the service, from the environment. Read once, passed on; nothing global."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.artefact import SHIPPED
from model.calibration import DEFAULT_PRIOR, checked_prior
from model.classifier import FAST, TIERS
from model.errors import OptionError

PREFIX = "LUREWATCH_"


@dataclass(frozen=True)
class Settings:
    """artefact: folder of the model. prior: share of scams assumed where a caller names none. largest_body: bytes of one request.

    tier: answers where a caller names none; unless it is `fast`, the encoder is loaded. threads: that run the encoder; queue: ads that may
    wait for them.
    """

    artefact: Path = SHIPPED
    prior: float = DEFAULT_PRIOR
    largest_body: int = 5_000_000
    tier: str = FAST
    threads: int = 1
    queue: int = 32

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read LUREWATCH_ARTEFACT, _PRIOR, _LARGEST_BODY, _TIER, _THREADS and _QUEUE. Raises OptionError naming the variable."""
        given = {name: environment[PREFIX + name.upper()] for name in cls.__dataclass_fields__ if PREFIX + name.upper() in environment}
        try:
            return cls(
                artefact=Path(given.get("artefact", SHIPPED)),
                prior=checked_prior(float(given.get("prior", DEFAULT_PRIOR))),
                tier=checked_tier(given.get("tier", FAST)),
                **{name: positive(name, given[name]) for name in ("largest_body", "threads", "queue") if name in given},
            )
        except ValueError as e:
            raise OptionError(f"a setting {PREFIX}... is no number: {e}.", PREFIX) from e


def checked_tier(tier: str) -> str:
    """A known tier. Raises OptionError."""
    if tier not in TIERS:
        raise OptionError(f"{PREFIX}TIER must be one of {', '.join(TIERS)}, found {tier!r}.", f"{PREFIX}TIER")
    return tier


def positive(name: str, given: str) -> int:
    """A whole number of at least one. Raises OptionError naming the variable."""
    if not given.isascii() or not given.isdigit() or int(given) < 1:
        raise OptionError(f"{PREFIX}{name.upper()} must be a whole number of at least 1, found {given!r}.", f"{PREFIX}{name.upper()}")
    return int(given)
