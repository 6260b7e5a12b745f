"""What a run is: its model, inputs and options, written before the first shard, so that a run that goes on is the same one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.artefact import read_manifest
from model.classifier import FAST
from model.errors import LurewatchError
from model.full import FOLDER
from serve.backlog.inputs import Input
from serve.backlog.shards import Work
from serve.backlog.store import Store

MANIFEST, FORMAT = "manifest.json", 1
REMEDY = "Give what it began with to go on, or another folder to begin anew."


class ChangedError(LurewatchError):
    """A run cannot go on, because its model, inputs or options are not those it began with."""

    kind = "changed"


@dataclass(frozen=True)
class Plan:
    """One run. size: rows of a shard."""

    work: Work
    inputs: Sequence[Input]
    size: int

    def as_dict(self) -> dict[str, Any]:
        """The part of the manifest that must not change while the run goes on."""
        work = self.work
        options = {
            "tier": work.options.tier,
            "prior": work.options.prior,
            "thresholds": work.options.thresholds,
            "columns": dict(work.columns.given),
            "format": work.form,
            "shard_rows": self.size,
            "cluster": work.grouped,
        }
        return {"format": FORMAT, "model": digests(work), "options": options, "inputs": [one.as_dict() for one in self.inputs]}

    def begin(self, store: Store) -> dict[str, Any]:
        """The manifest as it stands, written if there is none. Raises ChangedError where another run's stands there."""
        if MANIFEST in (names := store.names()):
            told: dict[str, Any] = json.loads(store.read(MANIFEST))
            check(told, self.as_dict(), store.root)
            return told
        if names:
            raise ChangedError(f"{store.root} holds {names[0]} and no {MANIFEST}; give an empty folder.")
        self.write(store, {"complete": False})
        return {"complete": False}

    def write(self, store: Store, found: Mapping[str, Any]) -> None:
        """Write the manifest with what was found so far."""
        store.put(MANIFEST, [json.dumps({**self.as_dict(), **found}, indent=1, ensure_ascii=False).encode() + b"\n"])


def digests(work: Work) -> dict[str, str]:
    """sha256 of the manifest of each part of the model that the tier uses. Raises ArtefactError."""
    folders = {"fast": work.artefact} if work.options.tier == FAST else {"fast": work.artefact, "full": work.artefact / FOLDER}
    return {name: read_manifest(Path(folder))[1] for name, folder in folders.items()}


def check(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Compare a run with the one that began. Raises ChangedError naming the first difference."""
    new = json.loads(json.dumps(new))
    for part in ("format", "model", "options"):
        if old.get(part) != new[part]:
            raise ChangedError(f"the run in {folder} began with {part} {told(old.get(part))}, now it is {told(new[part])}. {REMEDY}")
    before, now = ({one["path"]: one for one in side["inputs"]} for side in (old, new))
    for path in {**before, **now}:
        if path not in now or path not in before:
            raise ChangedError(f"{path} {'is gone' if path in before else 'is new'} since the run in {folder} began. {REMEDY}")
        if before[path] != now[path]:
            raise ChangedError(f"{path} has changed since the run in {folder} began. {REMEDY}")
    if list(before) != list(now):
        raise ChangedError(f"the inputs stand in another order than when the run in {folder} began. {REMEDY}")


def told(part: object) -> str:
    """A part of the manifest on one line."""
    return json.dumps(part, ensure_ascii=False)[:200]
