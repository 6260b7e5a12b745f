"""Fingerprints of texts: the same letters and digits give the same number, whatever the case, spaces and marks between them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.artefact import check_file
from training.rows import Row

Prints = NDArray[np.uint64]
FILE = "rows.npz"
"""Beside the manifest, which holds its digest: `learnt`, what weights and thresholds come from, and `test`, what is only reported on."""
SHORTEST = 40
"""Letters and digits below which a text stands for no one ad ("Accountant, Phnom Penh")."""


def fingerprint(advert: Advert) -> int:
    """64 bits of the advert's letters and digits; 0 where there are too few to tell it from others."""
    text = "".join(c for _, part in advert.parts for c in part.casefold() if c.isalnum())
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest()[:8], "big") if len(text) >= SHORTEST else 0


def of(rows: Sequence[Row]) -> Prints:
    """One number a row, in order."""
    return np.array([fingerprint(row.advert) for row in rows], np.uint64)


def write(folder: Path, learnt: Prints, test: Prints) -> None:
    """Leave both sets beside an artefact."""
    np.savez(folder / FILE, learnt=np.unique(learnt[learnt > 0]), test=np.unique(test[test > 0]))


def load(folder: Path, manifest: dict[str, object]) -> tuple[Prints, Prints] | None:
    """What a model learnt from and was reported on; None where nothing tells. Raises ArtefactError on an altered file."""
    if FILE not in manifest.get("files", {}):  # type: ignore[operator]  # a manifest's files are a mapping
        return None
    check_file(folder, FILE, manifest)
    with np.load(folder / FILE, allow_pickle=False) as data:
        return data["learnt"], data["test"]
