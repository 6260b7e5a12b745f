"""Levels from probabilities. No weight and no wording here."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from model.errors import OptionError

LEVELS = ("none", "caution", "warning")


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which on the level is `caution` or `warning`; 0 < caution <= warning < 1."""

    caution: float
    warning: float

    @cached_property
    def told(self) -> Mapping[str, float]:
        """As verdicts tell them."""
        return {"caution": self.caution, "warning": self.warning}

    def level(self, probability: float) -> str:
        """`none`, `caution` or `warning`."""
        return LEVELS[(probability >= self.caution) + (probability >= self.warning)]

    def overridden(self, wanted: Mapping[str, float]) -> "Thresholds":
        """These with the caller's own values. Raises OptionError on unknown names or values out of order."""
        if not wanted:
            return self
        unknown = sorted(set(wanted) - {"caution", "warning"})
        if unknown:
            raise OptionError(f"thresholds has an unknown name {unknown[0]!r}; known are caution and warning.", "thresholds")
        caution, warning = float(wanted.get("caution", self.caution)), float(wanted.get("warning", self.warning))
        if not 0 < caution <= warning < 1:
            raise OptionError(
                f"thresholds must satisfy 0 < caution <= warning < 1, found caution {caution} and warning {warning}.", "thresholds"
            )
        return Thresholds(caution, warning)
