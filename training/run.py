"""One training run, from sources to a folder with artefact, pipeline, table, figures and card."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray

from model import artefact
from model.artefact import Artefact
from model.knowledge import Knowledge
from model.normalise import Normaliser
from model.reading import Reader
from model.tables import Tables
from model.version import __version__
from training import corpus, export, knowledge, sources
from training import tables as character_tables
from training.config import Config
from training.features import ReadAdverts
from training.fit import QUIET, Data, Fitted, fit, refit
from training.privacy import banned
from training.rows import Row, adverts
from training.seen import without_borrowed
from training.split import bucket, families

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Material:
    """Everything read, ready to learn from. stress: rows that are only measured."""

    step: ReadAdverts
    data: Data
    stress: Sequence[Row]
    fingerprints: Mapping[str, Any]


def gather(config: Config, data_folder: Path | None, out: Path, progress: Progress) -> Material:
    """Make tables and knowledge in `out`, read all sources and the corpus. Without a data folder the corpus alone is read, and said so."""
    out.mkdir(parents=True, exist_ok=True)
    character_tables.write(out / artefact.NORMALISER)
    tables = Tables.load(out / artefact.NORMALISER)
    knowledge.write(*knowledge.compile_seeds(Normaliser(tables)), out / artefact.KNOWLEDGE, out / artefact.FINDER)
    step = ReadAdverts(tables, Knowledge.load(out / artefact.KNOWLEDGE, out / artefact.FINDER))
    rows, stress, fingerprints = list(corpus.read()), [], {}  # type: ignore[var-annotated]
    fingerprints["corpus"] = {"rows": len(rows), "sha256": corpus.fingerprint(rows), "refused": {}}
    for source in sources.listed() if data_folder else ():
        read = sources.read(source, data_folder)  # type: ignore[arg-type]  # the loop is empty without a folder
        fingerprints[source.name] = {"rows": len(read.rows), "sha256": read.fingerprint, "refused": dict(read.refused)}
        progress(f"read {len(read.rows):,} rows of {source.name}, refused {sum(read.refused.values())} {dict(read.refused) or ''}")
        (stress if source.kind == "stress" or source.weight == 0 else rows).extend(read.rows)
    progress(
        f"read {fingerprints['corpus']['rows']:,} rows of the written corpus"
        + ("" if data_folder else f"; {sources.ENVIRONMENT} is not set, so public data is left out")
    )
    speaking = [row.advert for row in rows if row.source != QUIET]
    in_view = np.array([row.source == "corpus" for row in rows]) & ~test_mask(rows, config)
    found = without_borrowed(rows, step.transform(adverts(rows)), step, in_view)
    return Material(step, Data.of(rows, found, banned(speaking, step), config), stress, fingerprints)


def test_mask(rows: Sequence[Row], config: Config) -> NDArray[np.bool_]:
    """Rows that are only reported on: one family in so many, by a hash of its name."""
    return np.array([bucket(name, config.test_share, config.split) == 0 for name in families(rows)])


def write_artefact(material: Material, fitted: Fitted, config: Config, folder: Path, made: Path) -> Artefact:
    """Write a whole artefact and load it back. `made` holds tables and knowledge."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (artefact.NORMALISER, artefact.KNOWLEDGE, artefact.FINDER):
        if folder != made:
            shutil.copyfile(made / name, folder / name)
    reader = Reader(material.step.tables, material.step.knowledge)
    learnt = export.learnt(fitted, material.data, reader)
    export.write_phrases(learnt, folder / artefact.WEIGHTS)
    export.write_table(learnt, [row for row in material.data.rows if row.source != QUIET], reader, folder / artefact.TABLE)
    artefact.write_manifest(
        folder,
        {
            "name": "lurewatch",
            "version": __version__,
            "baseline": learnt.baseline,
            "calibration": {"slope": fitted.calibration.slope, "intercept": fitted.calibration.intercept},
            "thresholds": {"caution": fitted.thresholds.caution, "warning": fitted.thresholds.warning},
            "board_deciles": export.board_deciles(fitted, material.data),
            "phrases": len(learnt.hashes),
            "seeds": material.step.knowledge.digest,
            "data": dict(material.fingerprints),
            "config": config.as_dict(),
            "chosen": dict(fitted.chosen),
            "unicode": material.step.tables.unicode_version,
        },
    )
    return Artefact.load(folder)


@dataclass(frozen=True)
class Result:
    """A run. inside: rows that the reported model learnt from; the others are only reported on. The shipped model learnt from all."""

    material: Material
    inside: NDArray[np.bool_]
    fitted: Fitted
    reported: Artefact
    shipped: Artefact


def train(config: Config, data_folder: Path | None, out: Path, jobs: int, progress: Progress) -> Result:
    """Search on the training families, then learn the shipped model with the chosen setting on all."""
    made = out / "artefact"
    material = gather(config, data_folder, made, progress)
    inside = ~test_mask(material.data.rows, config)
    learning = replace(material, data=material.data.take(np.flatnonzero(inside)))
    fitted = fit(learning.data, config, jobs, progress)
    reported = write_artefact(learning, fitted, config, out / "reported", made)
    progress("learning the shipped model on all rows")
    final = refit(material.data, fitted, config)
    shipped = write_artefact(material, final, config, made, made)
    steps = {"read": material.step, "pipeline": final.pipeline, "calibration": final.calibration}
    joblib.dump(steps, out / "pipeline.joblib", compress=3)
    progress(f"wrote {made} ({shipped.manifest['phrases']:,} phrases) and {out / 'pipeline.joblib'}")
    return Result(material, inside, fitted, reported, shipped)
