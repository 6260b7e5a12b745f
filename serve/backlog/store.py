"""A folder, here or in an object store, in which a file stands whole or not at all."""

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fsspec import AbstractFileSystem, url_to_fs
from fsspec.implementations.local import LocalFileSystem

from model.errors import LurewatchError

LOCK = ".lock"


class StoreError(LurewatchError):
    """Nothing more can be written there."""

    kind = "store"


@dataclass(frozen=True)
class Store:
    """A folder. root: its path as its file system knows it."""

    fs: AbstractFileSystem
    root: str

    @classmethod
    def of(cls, address: str) -> "Store":
        """A path, or the address of a folder in an object store (`s3://`, `gs://`). Raises StoreError where no package knows it."""
        try:
            return cls(*url_to_fs(address))
        except (ImportError, ValueError) as e:
            raise StoreError(f"cannot reach {address}: {e}") from e

    @property
    def local(self) -> bool:
        """Whether it is a folder of this machine (or one mounted here)."""
        return isinstance(self.fs, LocalFileSystem)

    def put(self, name: str, data: Iterable[bytes]) -> None:
        """Write a file: at once, and on a local disk so that it outlasts a loss of power. Raises StoreError where it cannot be written."""
        try:
            if self.local:
                put_file(Path(self.root, name), data)
            else:
                self.fs.pipe_file(f"{self.root}/{name}", b"".join(data))
        except OSError as e:
            raise StoreError(f"cannot write {self.root}/{name}: {e.strerror or e}. {remedy(e)}") from e

    def read(self, name: str) -> bytes:
        """A file's bytes. Raises FileNotFoundError."""
        return bytes(self.fs.cat_file(f"{self.root}/{name}"))

    def names(self, folder: str = "") -> list[str]:
        """Names of the files that stand in a folder of it, sorted, without those being written."""
        where = f"{self.root}/{folder}" if folder else self.root
        self.fs.invalidate_cache()
        if not self.fs.isdir(where):
            return []
        names = (entry["name"].rsplit("/", 1)[-1] for entry in self.fs.ls(where, detail=True) if entry["type"] == "file")
        return sorted(name for name in names if not name.startswith("."))

    def remove(self, folder: str) -> None:
        """Remove a folder of it, if it is there, and what a stopped run left half-written."""
        if self.fs.isdir(f"{self.root}/{folder}"):
            self.fs.rm(f"{self.root}/{folder}", recursive=True)
        if self.local:
            for path in Path(self.root).glob(".*.part"):
                path.unlink(missing_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs out of a local folder. Raises StoreError where one is at work there, or the folder cannot be made."""
        if not self.local:
            yield
            return
        try:
            Path(self.root).mkdir(parents=True, exist_ok=True)
            file = Path(self.root, LOCK).open("wb")  # noqa: SIM115 - closed below; only opening may be refused
        except OSError as e:
            raise StoreError(f"cannot write to {self.root}: {e.strerror}. {remedy(e)}") from e
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as e:
                raise StoreError(f"another run is at work in {self.root}; wait for it, or give another folder.") from e
            yield
            Path(self.root, LOCK).unlink(missing_ok=True)


def put_file(path: Path, data: Iterable[bytes]) -> None:
    """Write beside the place, bring it to the disk, then put it in place; what could not be finished is taken away."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with half.open("wb") as file:
            file.writelines(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remedy(e: OSError) -> str:
    """What to do next."""
    if e.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: make room and give the same command again; it goes on where it stopped."
    return "Mend that and give the same command again; it goes on where it stopped."
