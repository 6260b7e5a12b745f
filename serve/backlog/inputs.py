"""The files that a run reads: found by path, folder or glob, each with a fingerprint that tells whether it has changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from fsspec import AbstractFileSystem, url_to_fs
from fsspec.implementations.local import LocalFileSystem

from model.errors import LurewatchError

KINDS = {".parquet": "parquet", ".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".arrow": "arrow"}
PACKED = {".gz": "gzip", ".zst": "zstd"}
GLOB = frozenset("*?[")
MAGIC, BLOCK = b"PAR1", 1 << 20
FOOTER, CONTENT, VERSION = "parquet footer", "content", "object version"
"""What a digest is of: the footer of a Parquet file (it holds the place, size and bounds of everything in it), all bytes of another local
file, or what an object store tells of the object's version."""


class InputError(LurewatchError):
    """A file cannot be read, or no further than some row."""

    kind = "unreadable"


@dataclass(frozen=True)
class Input:
    """One file. path: as given or found. kind: of KINDS. packed: how it is compressed. size: bytes. digest: sha256 of what digest_of names.

    trouble: why it cannot be read at all; it is then named in `errors.jsonl` and the others are done.
    """

    path: str
    kind: str
    packed: str | None
    size: int = 0
    digest: str = ""
    digest_of: str = CONTENT
    trouble: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return asdict(self)

    def open(self) -> BinaryIO:
        """Its bytes as they are stored. Raises OSError."""
        fs, path = url_to_fs(self.path)
        file: BinaryIO = fs.open(path, "rb")
        return file


def inputs_of(given: Sequence[str], out: str) -> list[Input]:
    """All files that paths, folders and globs name, each once, in the order given and sorted within. Raises InputError.

    out: the folder that is written to, which must lie apart. Where no file at all can be read, that is an error too.
    """
    paths = list(dict.fromkeys(path for one in given for path in found(one)))
    if any(path.startswith(out + "/") for path in paths) or any(out.startswith(url_to_fs(one)[1] + "/") for one in given):
        raise InputError(f"{out} and what is read lie within one another; give another folder for the verdicts.")
    inputs = [fingerprinted(path) for path in paths]
    if all(one.trouble for one in inputs):
        raise InputError(f"nothing to read: {inputs[0].path}: {inputs[0].trouble}" if inputs else f"no ads in {', '.join(given)}.")
    return inputs


def found(given: str) -> list[str]:
    """The files of a folder whose names tell their kind; the matches of a glob; else the path itself. Raises InputError."""
    try:
        fs, path = url_to_fs(given)
        names = files_of(fs, path)
    except (ImportError, ValueError) as e:
        raise InputError(f"cannot reach {given}: {e}") from e
    return sorted(names if isinstance(fs, LocalFileSystem) else map(fs.unstrip_protocol, names))


def files_of(fs: AbstractFileSystem, path: str) -> list[str]:
    """As `found`, named as the file system does."""
    if fs.isdir(path):
        return [name for name in fs.find(path) if kind_of(name)[0] and not hidden(name[len(path) :])]
    return list(fs.glob(path)) if GLOB & set(path) and not fs.exists(path) else [path]


def hidden(path: str) -> bool:
    """Whether a file, or a folder above it, is marked as not being data."""
    return any(part.startswith((".", "_")) for part in path.split("/"))


def kind_of(path: str) -> tuple[str, str | None]:
    """Kind and compression by the name; an empty kind where it is not known."""
    packed = next((name for end, name in PACKED.items() if path.endswith(end)), None)
    bare = path[: path.rindex(".")] if packed else path
    return next((kind for end, kind in KINDS.items() if bare.endswith(end)), ""), packed


def fingerprinted(path: str) -> Input:
    """A file with its size and digest, or with what is wrong with it."""
    kind, packed = kind_of(path)
    if not kind:
        return Input(path, kind, packed, trouble=f"the name does not tell a known kind; rename it to end in one of {', '.join(KINDS)}.")
    fs, name = url_to_fs(path)
    try:
        with fs.open(name, "rb") as file:
            size = file.seek(0, 2)
            digest, of = digest_of(fs, name, file, kind)
    except OSError as e:
        return Input(path, kind, packed, trouble=f"it cannot be opened ({e.strerror or type(e).__name__}).")
    except InputError as e:
        return Input(path, kind, packed, trouble=e.message)
    return Input(path, kind, packed, size, digest, of)


def digest_of(fs: AbstractFileSystem, name: str, file: BinaryIO, kind: str) -> tuple[str, str]:
    """Digest, and what it is of. Raises InputError where a Parquet file has no footer."""
    if kind == "parquet":
        return hashlib.sha256(footer(file)).hexdigest(), FOOTER
    if not isinstance(fs, LocalFileSystem):
        return hashlib.sha256(str(fs.ukey(name)).encode()).hexdigest(), VERSION
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest(), CONTENT


def footer(file: BinaryIO) -> bytes:
    """The footer of a Parquet file. Raises InputError where there is none: the file ends early or is of another kind."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little") + 8
    if tail[4:] != MAGIC or length > size:
        raise InputError("it has no Parquet footer: it ends early or is of another kind; copy or write it again.")
    file.seek(size - length)
    return file.read(length)
