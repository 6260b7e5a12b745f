"""The training configuration, typed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from model.errors import LurewatchError


class ConfigError(LurewatchError):
    """The configuration lacks a key or has one of a wrong type."""

    kind = "invalid_config"


@dataclass(frozen=True)
class Config:
    """See `training/config.toml` for the meaning of every key."""

    seed: int
    folds: int
    test_share: int
    split: str
    fewest_groups: int
    smallest_weight: float
    search: Mapping[str, list[float]]
    weights: Mapping[str, float]
    policy: Mapping[str, float]

    @classmethod
    def load(cls, path: Path | None = None) -> "Config":
        """Read a file, the shipped one by default. Raises ConfigError."""
        path = path or Path(str(files("training") / "config.toml"))
        try:
            return cls(**tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, TypeError, OSError) as e:
            raise ConfigError(f"{path}: {e}. Compare it with training/config.toml.", str(path)) from e

    def as_dict(self) -> dict[str, Any]:
        """For the manifest."""
        return {**self.__dict__}
