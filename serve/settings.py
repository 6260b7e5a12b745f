"""Settings of the service, from the environment. Read once, passed on; nothing global."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.artefact import SHIPPED
from model.calibration import DEFAULT_PRIOR, checked_prior
from model.errors import OptionError

PREFIX = "LUREWATCH_"


@dataclass(frozen=True)
class Settings:
    """artefact: folder of the model. prior: share of scams assumed where a caller names none. largest_body: bytes of one request."""

    artefact: Path = SHIPPED
    prior: float = DEFAULT_PRIOR
    largest_body: int = 4_000_000

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read LUREWATCH_ARTEFACT, LUREWATCH_PRIOR and LUREWATCH_LARGEST_BODY. Raises OptionError naming the variable."""
        given = {name: environment[PREFIX + name.upper()] for name in cls.__dataclass_fields__ if PREFIX + name.upper() in environment}
        try:
            return cls(
                artefact=Path(given.get("artefact", SHIPPED)),
                prior=checked_prior(float(given.get("prior", DEFAULT_PRIOR))),
                largest_body=int(given.get("largest_body", cls.largest_body)),
            )
        except ValueError as e:
            raise OptionError(f"a setting {PREFIX}... is no number: {e}.", PREFIX) from e
