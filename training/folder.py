"""A run's folder: written beside its place and moved there when it is whole; what was reckoned before a stop is not reckoned again."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray

from model.errors import LurewatchError
from training.stamp import RunError, Stamp

KEPT = "kept"
"""Folder of an unfinished run for what took long."""
RESULT = "result.joblib"
"""What a finished run keeps for the full tier to go on from; only ever read from one's own run folder, after its stamp."""


@dataclass(frozen=True)
class Kept:
    """Things that were reckoned, by name; without a folder nothing is kept."""

    folder: Path | None = None

    def array(self, name: str, make: Callable[[], NDArray[np.float64]]) -> NDArray[np.float64]:
        """The array of that name, made and kept where it is not there."""
        if self.folder is None:
            return make()
        path = self.folder / f"{name}.npy"
        if path.is_file():
            return np.asarray(np.load(path, allow_pickle=False), np.float64)
        made = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npy")
        np.save(part, made)
        part.replace(path)
        return made

    def read(self, name: str) -> NDArray[np.float64]:
        """The array of that name. Raises FileNotFoundError where it is not there."""
        return np.asarray(np.load((self.folder or Path()) / f"{name}.npy", allow_pickle=False), np.float64)

    def has(self, name: str) -> bool:
        """Whether the array of that name is there."""
        return self.folder is not None and (self.folder / f"{name}.npy").is_file()


NOTHING_KEPT = Kept()


def finished(out: Path, stamp: Stamp) -> bool:
    """Whether the run in `out` is whole and of the same stuff. Raises RunError where something else is there."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return False
    if not out.is_dir():
        raise RunError(f"{out} is a file; give a folder that is not there yet as --out.", str(out))
    stamp.check(out)
    return True


def result_of(out: Path) -> Any:
    """The result of a finished run whose stamp was checked. Raises RunError where it cannot be read."""
    try:
        return joblib.load(out / RESULT)
    except (OSError, AttributeError, ImportError, ValueError, EOFError, TypeError) as e:
        raise RunError(f"{out / RESULT} cannot be read ({type(e).__name__}); train again into another --out.", RESULT) from e


@contextmanager
def building(out: Path, stamp: Stamp, progress: Callable[[str], None]) -> Iterator[Path]:
    """The folder to write into; becomes `out` when the block ends well. A stop leaves it to be gone on with, a refusal leaves nothing.

    Raises RunError where an unfinished run is of other stuff.
    """
    part = out.with_name(f"{out.name}.partial")
    resumed = part.is_dir()
    if resumed:
        stamp.check(part)
        progress(f"going on with {part}")
    else:
        part.mkdir(parents=True)
        stamp.write(part)
    try:
        yield part
    except LurewatchError:
        if not resumed:
            shutil.rmtree(part)
        raise
    shutil.rmtree(part / KEPT, ignore_errors=True)
    if out.is_dir():
        out.rmdir()
    part.rename(out)
