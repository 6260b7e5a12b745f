"""Everything that a run learns from, read, audited and grouped; what was left out is kept by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from training import corpus, feedback, sources
from training.audit import audit, audit_split, audit_together
from training.config import Config
from training.contradictions import Contradiction, same_text
from training.duplicates import leakage, with_groups
from training.files import Fault
from training.progress import Progress
from training.rows import Row
from training.sources import Read, Source

COMPARED = frozenset(["corpus", "emscad"])
"""Known sources among which near-duplicates of added rows are looked for; boards are too many, the same text is found there too."""


@dataclass(frozen=True)
class Intake:
    """rows: to learn from and to report on; stress: only measured; faults: by source; agreement: of moderators, by source."""

    rows: Sequence[Row]
    stress: Sequence[Row]
    fingerprints: Mapping[str, Any]
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    contradictions: Sequence[Contradiction] = ()
    agreement: Mapping[str, Any] = field(default_factory=dict)


def take_in(config: Config, data_folder: Path | None, progress: Progress) -> Intake:
    """Read the caller's sources, the public ones where there is a folder, and the corpus. Raises SourceError and AuditError."""
    reads, contradictions, agreement = own_sources(config, progress)
    written = corpus.read(Path(config.corpus) if config.corpus else None)
    fingerprints: dict[str, Any] = {"corpus": {"rows": len(written), "sha256": corpus.fingerprint(written), "refused": {}}}
    known, stress = list(written), list[Row]()
    public = [sources.read(source, data_folder) for source in sources.listed()] if data_folder else []
    for read in [*public, *reads]:
        fingerprints[read.source.name] = {"rows": len(read.rows), "sha256": read.fingerprint, "refused": read.refused}
        progress(f"read {len(read.rows):,} rows of {read.source.name}, refused {len(read.faults)} {read.refused or ''}")
    progress(
        f"read {len(written):,} rows of the written corpus"
        + ("" if data_folder else f"; {sources.ENVIRONMENT} is not set, so public data is left out")
    )
    for read in public:
        (stress if is_stress(read.source) else known).extend(read.rows)
    stress += [row for read in reads if is_stress(read.source) for row in read.rows]
    added = [row for read in reads if not is_stress(read.source) for row in read.rows]
    added, known, against = joined(added, known, config, progress) if added else (added, known, [])
    quiet = {read.source.name for read in reads if read.source.kind == "honest"}
    added = [replace(row, source="boards") if row.source in quiet else row for row in added]
    faults = {read.source.name: read.faults for read in [*public, *reads] if read.faults}
    return Intake([*known, *added], stress, fingerprints, faults, [*contradictions, *against], agreement)


def own_sources(config: Config, progress: Progress) -> tuple[list[Read], list[Contradiction], dict[str, Any]]:
    """Read and audit the sources of the configuration. Raises SourceError and AuditError."""
    reads, contradictions, agreement = list[Read](), list[Contradiction](), dict[str, Any]()
    for source in map(sources.source_of, config.sources):
        if source.kind == "feedback":
            told = feedback.read(source, Path(source.path or ""))
            reads.append(told.read)
            contradictions += told.contradictions
            agreement[source.name] = told.agreement
            progress(f"{source.name}: {told.agreement['ads']:,} ads judged, {told.agreement['contradicted']:,} contradicted and left out")
            continue
        read = sources.read(source, Path())
        sources.check_share(read)
        if source.kind == "annotated":
            audit(read)
            lures = sum(row.label for row in read.rows)
            progress(f"{source.name}: {lures:,} of {len(read.rows):,} rows are lures: a class prior of {lures / len(read.rows):.2%}")
        reads.append(read)
    audit_together(reads)
    return reads, contradictions, agreement


def joined(added: list[Row], known: list[Row], config: Config, progress: Progress) -> tuple[list[Row], list[Row], list[Contradiction]]:
    """Added rows in groups, without those that others contradict; known rows tied to their twins. Raises AuditError."""
    added, contradictions = same_text(added, known)
    if contradictions:
        progress(f"{len(contradictions):,} texts carry both labels; their added rows are left out, see contradictions.jsonl")
    progress(f"looking for near-duplicates among {len(added):,} rows")
    compared = [row.source in COMPARED for row in known]
    added, near = with_groups(added, [row for row, c in zip(known, compared, strict=True) if c])
    tied = iter(near)
    known = [next(tied) if c else row for row, c in zip(known, compared, strict=True)]
    audit_split([*known, *added])
    for name in sorted({row.source for row in added}):
        progress(f"{name}: {leakage([row for row in added if row.source == name], config.test_share)}")
    return added, known, contradictions


def is_stress(source: Source) -> bool:
    """Whether a source is only measured."""
    return source.kind == "stress" or source.weight == 0


def prior_of(rows: Sequence[Row]) -> dict[str, float]:
    """Share of lures in each source that holds any."""
    names = np.array([row.source for row in rows])
    labels = np.array([row.label for row in rows])
    return {name: float(labels[names == name].mean()) for name in sorted(set(names.tolist())) if labels[names == name].any()}
