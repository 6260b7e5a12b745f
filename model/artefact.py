"""The artefact on disk: a known folder of JSON and arrays. Every digest is checked before use; nothing in it is code."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.calibration import Calibration
from model.errors import ArtefactError
from model.genre import Genre
from model.knowledge import Knowledge
from model.policy import Thresholds
from model.tables import Tables
from model.weights import Learnt

FORMAT = 4
SHIPPED = Path(__file__).parent / "artefact"
NORMALISER, KNOWLEDGE, FINDER, WEIGHTS, TABLE, MANIFEST = (
    "normaliser.npz",
    "knowledge.json",
    "phrases.npz",
    "weights.npz",
    "table.tsv",
    "manifest.json",
)
FILES = (NORMALISER, KNOWLEDGE, FINDER, WEIGHTS, TABLE)


@dataclass(frozen=True)
class Artefact:
    """All that serving needs. digest: sha256 of the manifest, which holds the sha256 of every file."""

    tables: Tables
    knowledge: Knowledge
    learnt: Learnt
    calibration: Calibration
    thresholds: Thresholds
    manifest: Mapping[str, Any]
    digest: str

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> "Artefact":
        """Check and read an artefact. Raises ArtefactError naming the file that is missing, altered or of another format."""
        manifest, digest = read_manifest(folder)
        for name in FILES:
            check_file(folder, name, manifest)
        with np.load(folder / WEIGHTS, allow_pickle=False) as data:
            arrays = {name: data[name] for name in ("hashes", "phrase", "lure", "cue", "types", "pieces", "piece")}
            genre = Genre(data["genre"], data["genre_cue"], **manifest["genre"])
        learnt = Learnt(**arrays, baseline=float(manifest["baseline"]), genre=genre)
        return cls(
            tables=Tables.load(folder / NORMALISER),
            knowledge=Knowledge.load(folder / KNOWLEDGE, folder / FINDER),
            learnt=learnt,
            calibration=Calibration(**manifest["calibration"]),
            thresholds=Thresholds(**manifest["thresholds"]),
            manifest=manifest,
            digest=digest,
        )

    @property
    def identity(self) -> dict[str, str]:
        """Name, version and digest of the model, as they stand in every verdict."""
        return {"name": str(self.manifest["name"]), "version": str(self.manifest["version"]), "sha256": self.digest}


def read_manifest(folder: Path) -> tuple[dict[str, Any], str]:
    """The manifest and its digest. Raises ArtefactError."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ArtefactError(f"no {MANIFEST} in {folder}; give the folder of an artefact, or make one with `lurewatch train`.", MANIFEST)
    data = path.read_bytes()
    try:
        manifest = json.loads(data)
        found = manifest["format"]
    except (ValueError, KeyError, TypeError) as e:
        raise ArtefactError(f"{MANIFEST} in {folder} is no manifest; make the artefact again with `lurewatch train`.", MANIFEST) from e
    if found != FORMAT:
        raise ArtefactError(
            f"artefact has format {found!r}, this release reads {FORMAT}; make it again with `lurewatch train`.",
            MANIFEST,
        )
    return manifest, hashlib.sha256(data).hexdigest()


def check_file(folder: Path, name: str, manifest: Mapping[str, Any]) -> None:
    """Check that a file is there and unaltered. Raises ArtefactError naming it."""
    wanted = manifest.get("files", {}).get(name)
    path = folder / name
    if wanted is None or not path.is_file():
        raise ArtefactError(f"{name} is missing from the artefact in {folder}; copy the whole folder again.", name)
    if sha256(path) != wanted:
        raise ArtefactError(
            f"{name} in {folder} is not the file that the manifest names (its sha256 differs); copy the whole folder again.", name
        )


def sha256(path: Path) -> str:
    """Digest of a file, hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder: Path, manifest: Mapping[str, Any], files: Sequence[str] = FILES) -> None:
    """Write the manifest with the digests of the files as they are."""
    digests = {name: sha256(folder / name) for name in files}
    text = json.dumps({**manifest, "format": FORMAT, "files": digests}, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
