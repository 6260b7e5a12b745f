"""Reads YAML of the seeds, with the parser in C where it is built."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(str(files("seeds")))
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What a file of ours holds."""
    return yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - both loaders are the safe one
