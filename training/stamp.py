"""What a run was made of: configuration, data and code, so that only the same run goes on, and another is refused by name."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from model.artefact import sha256
from model.errors import LurewatchError
from model.version import __version__
from training import corpus, sources
from training.config import Config

FILE = "stamp.json"
CODE = (("model", ("*.py", "native/*.py", "native/*.c", "native/*.h")), ("training", ("*.py",)), ("seeds", ("**/*.yaml", "corpus/*.jsonl")))


class RunError(LurewatchError):
    """A run folder cannot be gone on with."""

    kind = "other_run"


@dataclass(frozen=True)
class Stamp:
    """Digests by name. config: every key; data: every file that is read; code: every file of model, training and seeds."""

    config: Mapping[str, Any]
    data: Mapping[str, str]
    code: Mapping[str, str]

    @classmethod
    def of(cls, config: Config, data_folder: Path | None, report: str = "usual") -> "Stamp":
        """As things stand now. report: how much is measured."""
        public = sources.listed() if data_folder else []
        own = [sources.source_of(entry) for entry in config.sources]
        paths = [(s.name, data_folder / s.path) for s in public if s.path and data_folder] + [(s.name, Path(s.path)) for s in own if s.path]
        data = {name: sha256(path) for name, path in paths if path.is_file()}
        data |= {source.name: f"hub {source.hub}" for source in [*public, *own] if source.name not in data and source.hub}
        if config.corpus:
            data["corpus"] = corpus.fingerprint(corpus.read(Path(config.corpus)))
        return cls({**json.loads(json.dumps(config.as_dict())), "report": report}, data, {"version": __version__, **dict(code())})

    @classmethod
    def load(cls, folder: Path) -> "Stamp":
        """Of a run folder. Raises RunError where it has none that can be read."""
        try:
            return cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as e:
            raise RunError(
                f"{folder} has no {FILE} that can be read: it was made by an older release or by something else. Train into another --out.",
                str(folder),
            ) from e

    def write(self, folder: Path) -> None:
        """Leave it in a run folder."""
        (folder / FILE).write_text(json.dumps(self.__dict__, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")

    def check(self, folder: Path) -> None:
        """That the run in a folder is of the same stuff. Raises RunError naming what changed."""
        kept = Stamp.load(folder)
        changed = [
            f"{part} {name} {how}"
            for part in ("config", "data", "code")
            for name, how in differences(getattr(kept, part), getattr(self, part))
        ]
        if changed:
            more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
            raise RunError(
                f"the run in {folder} cannot go on: {'; '.join(changed[:5])}{more}. Put back what changed, or train into another --out.",
                str(folder),
            )


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names whose values differ, with how."""
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield name, "is gone"
        elif name not in old:
            yield name, "is new"
        elif old[name] != new[name]:
            short = all(len(str(value)) <= 20 for value in (old[name], new[name]))
            yield name, f"was {old[name]}, is {new[name]}" if short else "changed"


def code() -> Iterator[tuple[str, str]]:
    """Name and digest of every file that a run's bytes depend on."""
    for package, patterns in CODE:
        folder = Path(str(files(package)))
        for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
            yield f"{package}/{path.relative_to(folder).as_posix()}", hashlib.sha256(path.read_bytes()).hexdigest()
