"""The training configuration, typed."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from model.errors import LurewatchError

MERGED = ("search", "weights", "policy")
"""Tables of which a configuration may name some keys alone."""
RESERVED = ("corpus", "emscad", "boards", "emscad_rewritten", "id_posters")
"""Names of what training knows; those of a caller's sources are others."""


class ConfigError(LurewatchError):
    """The configuration lacks a key or has one of a wrong type."""

    kind = "invalid_config"


@dataclass(frozen=True)
class Config:
    """See `training/config.toml` and docs/retraining.md for the meaning of every key. corpus: empty for the shipped one."""

    seed: int
    folds: int
    test_share: int
    split: str
    fewest_groups: int
    smallest_weight: float
    piece_share: float
    search: Mapping[str, list[float]]
    weights: Mapping[str, float]
    policy: Mapping[str, float]
    bars: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    corpus: str = ""

    @classmethod
    def load(cls, path: Path | None = None) -> "Config":
        """Read a file, the shipped one by default; what it leaves out is as in the shipped one. Raises ConfigError."""
        shipped = Path(str(files("training") / "config.toml"))
        path = path or shipped
        try:
            base, own = (tomllib.loads(p.read_text(encoding="utf-8")) for p in (shipped, path))
            sources = tuple(placed(entry, path.parent) for entry in own.pop("sources", ()))
            if "corpus" in own:
                own["corpus"] = str((path.parent / own["corpus"]).resolve())
            merged = {name: {**base[name], **own.get(name, {})} for name in MERGED}
            return checked(cls(**{**base, **own, **merged}, sources=sources), path)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, AttributeError, OSError) as e:
            raise ConfigError(f"{path}: {e}. Compare it with training/config.toml.", str(path)) from e

    def as_dict(self) -> dict[str, Any]:
        """For the manifest: without the bars, which say nothing of what was learnt, and without the places of files."""
        out = asdict(self)
        del out["bars"]
        out["sources"] = [{**entry, "path": Path(entry["path"]).name} if entry.get("path") else dict(entry) for entry in self.sources]
        out["corpus"] = Path(self.corpus).name
        return {name: value for name, value in out.items() if value or name not in ("sources", "corpus")}


def placed(entry: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A source whose path is looked for beside the configuration that names it."""
    return {**entry, "path": str((folder / entry["path"]).resolve())} if "path" in entry else dict(entry)


def checked(config: Config, path: Path) -> Config:
    """Types and ranges. Raises ConfigError naming the key."""
    fault = next((fault for find in (whole_numbers, amounts, searches, bars, names) for fault in find(config)), None)
    if fault:
        raise ConfigError(f"{path}: {fault[1]}", fault[0])
    return config


Faults = Iterator[tuple[str, str]]
"""Keys and what is wrong with them."""


def whole_numbers(config: Config) -> Faults:
    """Keys that count."""
    for name, least in {"seed": 0, "folds": 2, "test_share": 2, "fewest_groups": 1}.items():
        value = getattr(config, name)
        if type(value) is not int or value < least:
            yield name, f"{name} must be a whole number of at least {least}, found {value!r}."


def amounts(config: Config) -> Faults:
    """Weights and shares."""
    for part in ("weights", "policy"):
        for name, value in getattr(config, part).items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                yield f"{part}.{name}", f"{part}.{name} must be a number of at least 0, found {value!r}."


def searches(config: Config) -> Faults:
    """Values to try."""
    for name, values in config.search.items():
        if not isinstance(values, list) or not values or not all(isinstance(v, int | float) and v > 0 for v in values):
            yield f"search.{name}", f"search.{name} must be a list of numbers above 0, found {values!r}."


def bars(config: Config) -> Faults:
    """What a run must have."""
    for name, bar in config.bars.items():
        if not isinstance(bar, Mapping) or not bar or not set(bar) <= {"least", "most"}:
            yield f"bars.{name}", f"bars.{name!r} must be {{ least = ... }} or {{ most = ... }}, found {bar!r}."


def names(config: Config) -> Faults:
    """Of sources."""
    found = [entry.get("name") for entry in config.sources]
    for name in found:
        if not isinstance(name, str) or name in RESERVED or found.count(name) > 1:
            yield "sources", f"every source needs a name of its own, none of {', '.join(RESERVED)}; found {name!r}."
