"""A model on a caller's labelled file: rows that the model has seen are refused, since its thresholds were chosen on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.artefact import read_manifest
from model.classifier import FAST, ScamAdClassifier
from training import corpus, fingerprints, sources
from training.audit import AuditError, one_class, raise_for
from training.duplicates import with_groups
from training.rows import Row, adverts
from training.scorecard import Judged
from training.sources import Read, Source

CORPUS = Source("corpus", "annotated", {"column": "label"}, {"column": "lang"})


@dataclass(frozen=True)
class Model:
    """A loaded artefact and the tier that is measured."""

    folder: Path
    classifier: ScamAdClassifier
    tier: str = FAST

    @classmethod
    def load(cls, folder: Path, tier: str) -> "Model":
        """Raises ArtefactError."""
        return cls(folder, ScamAdClassifier.load(folder, tier), tier)

    def judge(self, rows: Sequence[Row]) -> Judged:
        """Log-odds of the rows, with the tier's own thresholds."""
        full = self.classifier.full
        thresholds = full.thresholds if self.tier != FAST and full else self.classifier.artefact.thresholds
        return Judged(rows, np.array(self.classifier.log_odds(adverts(rows), self.tier)), thresholds)


def labelled(source: Source | None) -> Read:
    """The caller's rows, near-duplicates grouped; without a source the written corpus. Raises SourceError and AuditError."""
    if source is None:
        rows = corpus.read()
        return Read(CORPUS, tuple(rows), (), corpus.fingerprint(rows))
    read = sources.read(source, Path())
    sources.check_share(read)
    raise_for(one_class(source, np.array([row.label for row in read.rows], np.int64)))
    rows, _ = with_groups(read.rows, [])
    return Read(source, tuple(rows), read.faults, read.fingerprint)


def unseen(rows: Sequence[Row], folders: Sequence[Path], leave_out: bool) -> tuple[list[Row], dict[str, Any]]:
    """The rows that none of the models learnt from, and how many were left out (None: an older artefact does not tell).

    Raises AuditError where there are such rows and they are not to be left out.
    """
    prints, seen = fingerprints.of(rows), np.zeros(len(rows), np.bool_)
    told = [fingerprints.load(folder, read_manifest(folder)[0]) for folder in folders]
    for known in told:
        seen |= np.isin(prints, known[0]) if known else False
    if seen.any() and not leave_out:
        first = rows[int(np.flatnonzero(seen)[0])].id
        raise AuditError(
            f"refused. [a threshold chosen on test] the model's weights and thresholds come from {seen.sum():,} of {len(rows):,} rows, "
            f"{first} for one; figures on them would say nothing. Give other rows, or add --leave-out-seen to measure on the rest.",
            "a threshold chosen on test",
        )
    rest = [row for row, s in zip(rows, seen.tolist(), strict=True) if not s]
    if not rest:
        raise AuditError("all rows were learnt from; give rows that the model has not seen.", "a threshold chosen on test")
    return rest, {"left_out": None if None in told else int(seen.sum())}
